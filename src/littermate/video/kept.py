"""Kept: one part of every picture of a recording, made small, to be looked at after the one decode pass.

A part is halved (each pixel the mean of 2 x 2) until it has at most `_MOST_PX` pixels; grey levels are those of
`frames.studio_range`. Of pictures that are halved twice or more, only every second row is read, which halves the
traffic to memory that the shrinking costs: a pixel is then the mean of two rows of four, half a row above the middle.
`Part.to_whole` and `Part.to_small` map px of the small and of the whole picture on each other.

Pictures are kept in memory up to 64 MB and in a temporary file beyond, so that memory grows with neither the picture
nor the recording. An hour at 640 x 480 and 30 frames a second takes 2 GB of the folder for temporary files.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from typing import IO, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.frames import studio_range

__all__ = ["BLOCK", "KeptPictures", "Part"]

Picture = NDArray[np.uint8]

BLOCK = 64
_MOST_PX = 60_000
_IN_MEMORY_BYTES = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An upright box of the picture in px, and how often it is halved.

    Examples
    --------
    >>> Part.whole((480, 640))
    Part(left=0, top=0, width=640, height=480, halvings=2)
    >>> Part.whole((480, 640)).small_size
    (120, 160)
    """

    left: int
    top: int
    width: int
    height: int
    halvings: int

    @classmethod
    def whole(cls, size: tuple[int, int]) -> Self:
        """Return the whole of a picture of (height, width)."""
        return cls.of(0, 0, size[1], size[0])

    @classmethod
    def of(cls, left: int, top: int, width: int, height: int) -> Self:
        """Return a box, cut to a size that can be halved often enough."""
        halvings = 0
        while (width >> halvings) * (height >> halvings) > _MOST_PX:
            halvings += 1
        width, height = (side >> halvings << halvings for side in (width, height))
        return cls(left=left, top=top, width=width, height=height, halvings=halvings)

    @property
    def scale(self) -> int:
        """Pixels of the recording along one pixel of a small picture."""
        return 1 << self.halvings

    @property
    def small_size(self) -> tuple[int, int]:
        """(height, width) of the small pictures."""
        return self.height >> self.halvings, self.width >> self.halvings

    def small(self, luma: Picture, into: Picture) -> None:
        """Make the part of one picture small."""
        picture = luma[self.top : self.top + self.height, self.left : self.left + self.width]
        if not self.halvings:
            into[:] = picture
        elif self.halvings == 1:
            cv2.resize(picture, into.shape[::-1], dst=into, interpolation=cv2.INTER_AREA)
        else:
            self._quartered(picture, into)

    def _quartered(self, picture: Picture, into: Picture) -> None:
        """Halve every second row twice, in both directions and then along the rows; then halve on."""
        half = cv2.resize(picture[::2], (self.width >> 1, self.height >> 2), interpolation=cv2.INTER_AREA)
        pairs = half.view(np.uint16)
        second = pairs >> 8
        pairs &= 255
        pairs += second
        pairs >>= 1
        if self.halvings == 2:
            into[:] = pairs
            return
        quarter = pairs.astype(np.uint8)
        for step in range(3, self.halvings + 1):
            quarter = cv2.resize(quarter, (self.width >> step, self.height >> step), interpolation=cv2.INTER_AREA)
        into[:] = quarter

    @property
    def _origin(self) -> tuple[float, float]:
        return self.left, self.top - 0.5 * (self.halvings > 1)

    def to_small(self, xy_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map px of the whole frame to px of the small picture."""
        return np.asarray((xy_px - self._origin + 0.5) / self.scale - 0.5, dtype=np.float64)

    def to_whole(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map px of the small picture to px of the whole frame."""
        return np.asarray((xy + 0.5) * self.scale - 0.5 + self._origin, dtype=np.float64)


@dataclass(slots=True, eq=False)
class KeptPictures:
    """The small pictures of one part, in order; a context manager that frees them."""

    part: Part
    _count: int = 0
    _filling: Picture = field(init=False)
    _blocks: list[Picture] = field(default_factory=list)
    _file: IO[bytes] | None = None

    def __post_init__(self) -> None:
        self._filling = np.empty((BLOCK, *self.part.small_size), np.uint8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._blocks.clear()
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return self._count

    def keep(self, luma: Picture, *, full_range: bool) -> None:
        """Append one picture."""
        into = self._filling[self._count % BLOCK]
        self.part.small(luma, into)
        if full_range:
            into[:] = studio_range(into, full_range)
        self._count += 1
        if self._count % BLOCK == 0:
            self._put_away()

    def _put_away(self) -> None:
        if (len(self._blocks) + 1) * self._filling.nbytes <= _IN_MEMORY_BYTES:
            self._blocks.append(self._filling)
            self._filling = np.empty_like(self._filling)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by __exit__
        self._file.seek(0, 2)
        self._file.write(self._filling.data)

    @property
    def blocks(self) -> int:
        """Number of blocks of `BLOCK` pictures, the last one perhaps shorter."""
        return -(-self._count // BLOCK)

    def block(self, number: int) -> Picture:
        """Return the (n, height, width) pictures from ``number * BLOCK`` on."""
        if number < len(self._blocks):
            return self._blocks[number]
        if number == self._count // BLOCK:
            return self._filling[: self._count % BLOCK]
        return self._from_file((number - len(self._blocks)) * BLOCK, BLOCK)

    def picture(self, number: int) -> Picture:
        """Return one picture, (height, width)."""
        first = len(self._blocks) * BLOCK
        if first <= number < self._count // BLOCK * BLOCK:
            return self._from_file(number - first, 1).reshape(self.part.small_size)
        return np.asarray(self.block(number // BLOCK)[number % BLOCK], dtype=np.uint8)

    def pictures(self, numbers: NDArray[np.int64]) -> Picture:
        """Return chosen pictures, (n, height, width)."""
        chosen = np.empty((len(numbers), *self.part.small_size), np.uint8)
        for row, number in enumerate(numbers.tolist()):
            chosen[row] = self.picture(number)
        return chosen

    def _from_file(self, first: int, count: int) -> Picture:
        assert self._file is not None
        found = np.empty((count, *self.part.small_size), np.uint8)
        self._file.seek(first * found[0].nbytes)
        self._file.readinto(found.data)  # type: ignore[attr-defined]
        return found
