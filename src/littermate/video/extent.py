"""Extent: how many bytes a recording's container says it has, against how many there are.

A file that was cut off while recording or copying keeps headers that speak of bytes beyond its end. This is seen
without demuxing, and also where the container states no duration.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

__all__ = ["ends_early", "is_open_ended"]

_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_TRANSPORT_PACKETS = ((188, 0), (192, 4), (204, 0))
_HEAD_BYTES = 65_536
_MOST_BOXES = 1_000_000


def ends_early(path: Path, container: str) -> bool:
    """Tell whether a file ends before the last byte that its container speaks of.

    Parameters
    ----------
    path
        The file.
    container
        FFmpeg's name of its format; of one that says nothing about bytes, nothing is said.
    """
    there = path.stat().st_size
    with path.open("rb") as file:
        if container.startswith("mov"):
            return _boxes(file, there)[0]
        if container == "gif":
            return not _gif_ends(file)
        head = file.read(_HEAD_BYTES)
        if container == "mpegts":
            return _ends_in_a_packet(file, head, there)
    if container == "avi":
        return int.from_bytes(head[4:8], "little") + 8 > there + 1
    if container == "asf":
        return _asf_bytes(head) > there
    return False


def is_open_ended(path: Path, container: str) -> bool:
    """Tell whether an MP4 was written in fragments without a last word: a lost end leaves no trace in it."""
    if not container.startswith("mov"):
        return False
    with path.open("rb") as file:
        kinds = _boxes(file, path.stat().st_size)[1]
    return b"moof" in kinds and b"mfra" not in kinds


def _boxes(file: BinaryIO, there: int) -> tuple[bool, set[bytes]]:
    """Walk over the outermost boxes of an MP4: whether the last one is incomplete, and which kinds there are."""
    at, kinds = 0, set()
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        kinds.add(head[4:8])
        if size < 8:
            break
        at += size
    return at > there, kinds


def _asf_bytes(head: bytes) -> int:
    """Return the file size that the header of a WMV states; 0 where it does not."""
    at = head.find(_ASF_FILE_PROPERTIES)
    return int.from_bytes(head[at + 40 : at + 48], "little") if at >= 0 else 0


def _gif_ends(file: BinaryIO) -> bool:
    """Walk over the blocks of a GIF and tell whether they lead to its trailer."""
    head = file.read(13)
    _skip_palette(file, head[10])
    while True:
        kind = file.read(1)
        if kind == b"!":
            file.read(1)
        elif kind == b",":
            _skip_palette(file, (file.read(9) or b"\0")[-1])
            file.read(1)
        else:
            return kind == b";"
        while length := file.read(1):
            if length == b"\0":
                break
            file.seek(length[0], 1)


def _skip_palette(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)


def _ends_in_a_packet(file: BinaryIO, head: bytes, there: int) -> bool:
    """Tell whether a transport stream ends inside one of its packets, or in something else."""
    form = next(((n, at) for n, at in _TRANSPORT_PACKETS if head[at : at + 3 * n : n] == b"GGG"), None)
    if form is None:
        return False
    size, at = form
    file.seek(there - size + at)
    return there % size != 0 or file.read(1) != b"G"
