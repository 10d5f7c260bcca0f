"""H.264 units: what a packet is made of, and what a sequence says of its pictures, without decoding.

A packet in an MP4 is a row of *units*, each behind four bytes of its length; the lower five bits of a unit's first byte
are its type (ITU-T H.264, 7.3 and table 7-1). `sequences` are those that describe a sequence (type 7, the SPS); from
them comes whether every picture is coded as a whole frame, or some may be coded as fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["KEY_UNIT", "PICTURE_UNITS", "SEQUENCE_UNIT", "codes_whole_frames", "sequences", "units"]

KEY_UNIT, SEQUENCE_UNIT = 5, 7
#: Slices, and the sets of parameters they need. Everything else is remarks (dates, names) or other layers.
PICTURE_UNITS = frozenset({1, 2, 3, 4, KEY_UNIT, SEQUENCE_UNIT, 8})
_WITH_CHROMA = frozenset({44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244})


def units(packet: bytes) -> Iterator[tuple[int, bytes]]:
    r"""Yield (type, bytes) of each unit of a packet of an MP4.

    Examples
    --------
    >>> list(units(bytes([0, 0, 0, 2, 0x67, 9, 0, 0, 0, 1, 0x65])))
    [(7, b'g\t'), (5, b'e')]
    """
    place = 0
    while place + 4 < len(packet):
        stop = place + 4 + int.from_bytes(packet[place : place + 4], "big")
        yield packet[place + 4] & 31, packet[place + 4 : stop]
        place = stop


def sequences(head: bytes) -> list[bytes]:
    r"""Return the sequence units in the head of an MP4's track (its ``avcC`` box).

    Examples
    --------
    >>> sequences(bytes([1, 100, 0, 11, 0xFF, 0xE1, 0, 3, 0x67, 100, 0, 0]))
    [b'gd\x00']
    """
    found, place = [], 6
    for _ in range(head[5] & 31 if len(head) > 5 else 0):
        length = int.from_bytes(head[place : place + 2], "big")
        found.append(head[place + 2 : place + 2 + length])
        place += 2 + length
    return found


def codes_whole_frames(sequence: bytes) -> bool:
    """Tell whether a sequence unit says that every picture is a whole frame (``frame_mbs_only_flag``), never fields.

    Examples
    --------
    >>> codes_whole_frames(bytes.fromhex("67 64 00 0b ac d9 42 84 7e 58 40 00 00 03 00 40 00 00 0c 83 c5 0a 65 80"))
    True
    """
    bits = _Bits(sequence[1:].replace(b"\0\0\3", b"\0\0"))
    profile = bits.take(8)
    bits.take(16)
    bits.code()
    if profile in _WITH_CHROMA:
        _skip_chroma(bits)
    bits.code()
    _skip_order(bits)
    bits.code()
    bits.take(1)
    bits.code()
    bits.code()
    return bits.take(1) == 1


@dataclass(slots=True)
class _Bits:
    """Reads bits, and past the end zeros."""

    data: bytes
    place: int = field(default=0, init=False)

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            byte = self.data[self.place >> 3] if self.place >> 3 < len(self.data) else 0
            value = value << 1 | byte >> (7 - (self.place & 7)) & 1
            self.place += 1
        return value

    def code(self) -> int:
        """Read an Exp-Golomb code (9.1)."""
        zeros = 0
        while zeros < 32 and not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        value = self.code()
        return (value + 1) // 2 if value % 2 else -value // 2


def _skip_chroma(bits: _Bits) -> None:
    """Pass over chroma format, depths and scaling lists."""
    chroma = bits.code()
    if chroma == 3:
        bits.take(1)
    bits.code()
    bits.code()
    bits.take(1)
    if bits.take(1):
        for number in range(12 if chroma == 3 else 8):
            if bits.take(1):
                _skip_list(bits, 16 if number < 6 else 64)


def _skip_list(bits: _Bits, size: int) -> None:
    last = after = 8
    for _ in range(size):
        if after:
            after = (last + bits.signed()) % 256
        last = after or last


def _skip_order(bits: _Bits) -> None:
    """Pass over how pictures are put in order."""
    kind = bits.code()
    if kind == 0:
        bits.code()
    elif kind == 1:
        bits.take(1)
        bits.code()
        bits.code()
        for _ in range(min(bits.code(), 255)):
            bits.code()
