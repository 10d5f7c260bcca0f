"""Damage: which pictures of a stream can be trusted, kept packet by packet while it is decoded.

Decoders conceal damage and go on. It shows in three ways: the decoder raises, it writes errors to its log (counted,
never printed), or it marks the picture as corrupt. From a damaged packet on, every picture decoded before the next
keyframe is built on it and is not trusted either. Bytes that turn into other valid bytes are seen by no decoder (HEVC
and VP9 have no check of their own); those remain for a look at the picture. The count of errors is the process's, so
files are to be read in parallel by processes, not by threads.
"""

from __future__ import annotations

from collections import deque

import av
import av.logging

__all__ = ["Damage"]

_RECENT = 64
_HARMLESS = (
    "unable to decode APP fields",
    "mmco: unref short failure",
    "co located POCs unavailable",
    "number of reference frames",
    "SEI type",
)


class Damage:
    """Follows packets in the order of decoding and says which times hold untrustworthy pictures.

    Parameters
    ----------
    entry
        Time of the keyframe at which decoding starts, in ticks; what is shown before it is not judged.
    """

    __slots__ = ("_entry", "_errors", "_recent", "_spoilt", "bad")

    def __init__(self, entry: int | None = None) -> None:
        self._entry = entry
        self._spoilt = False
        self._recent: deque[tuple[int, bool]] = deque(maxlen=_RECENT)
        self.bad: set[int] = set()
        self._errors = av.logging.get_last_error()[0]

    def sent(self, pts: int, is_key: bool) -> None:
        """Note a packet that goes to the decoder."""
        self._recent.append((pts, is_key))
        if is_key:
            self._spoilt = False
        elif self._spoilt:
            self.bad.add(pts)

    def complained(self) -> bool:
        """Tell whether the decoder wrote an error that means damage since this was last asked."""
        count, last = av.logging.get_last_error()
        if count == self._errors:
            return False
        self._errors = count
        return last is None or not any(words in last[2] for words in _HARMLESS)

    def spoil(self, pts: int) -> None:
        """Mistrust the picture of one packet and all that were built on it since."""
        if self._entry is not None and pts < self._entry:
            return
        self.bad.add(pts)
        self._spoilt = True
        after = False
        for other, is_key in self._recent:
            if after and is_key:
                self._spoilt = False
                return
            if after:
                self.bad.add(other)
            after = after or other == pts
