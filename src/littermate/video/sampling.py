"""Sampling: a recording read once, kept as small pictures on an even time grid.

Grid time k is ``t0_s + k * step_s`` on the recording's clock. The picture at a grid time is blended from the frames
before and after it by their timestamps, so that nothing depends on the frame rate. A grid time has no trustworthy
picture (`usable` false) where one of the two frames is corrupt, or they lie further apart than `max_interval_s`.
A grid time within
a fiftieth of a frame interval of a frame takes that frame as it is. After the last frame its picture is held for one
median frame interval, the time it was shown.

Pictures are shrunk by a whole factor until the longer side is at most `long_side_px`. They are kept in memory up to
64 MB and in a temporary file beyond, so that memory grows with neither the picture nor the recording.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.recording import Recording
from littermate.video.frames import Frame, FrameReader

__all__ = ["Grid", "SampledVideo", "sample_video"]

_IN_MEMORY_BYTES = 64_000_000
_TOLD_EVERY_S = 1.0
_SAME_TIME_S = 1e-6
_SAME_FRAME = 0.02

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where and when to sample: see the module."""

    step_s: float
    t0_s: float = 0.0
    duration_s: float | None = None
    long_side_px: int = 320
    max_interval_s: float = 0.25
    arena_px: tuple[int, int, int, int] | None = None

    @property
    def count(self) -> int | None:
        """Number of grid times, both ends included, or `None` where the recording's end decides."""
        return None if self.duration_s is None else int(self.duration_s / self.step_s + 1e-6) + 1


@dataclass(slots=True, kw_only=True, eq=False)
class SampledVideo:
    """Small pictures on the grid, to be read as often as needed; a context manager that frees them.

    Parameters
    ----------
    size
        (height, width) of the small pictures.
    scale
        Pixels of the recording along one pixel of a small picture.
    usable
        Whether the picture at each grid time can be trusted.
    """

    size: tuple[int, int]
    scale: int
    usable: list[bool] = field(default_factory=list)
    _store: IO[bytes] = field(default_factory=lambda: _new_store())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def __len__(self) -> int:
        return len(self.usable)

    def keep(self, picture: Picture, *, usable: bool) -> None:
        """Append the picture at the next grid time."""
        self._store.write(np.ascontiguousarray(picture).data)
        self.usable.append(usable)

    def picture(self, k: int) -> Picture:
        """Return the (height, width) uint8 picture at grid time k."""
        bytes_each = self.size[0] * self.size[1]
        self._store.seek(k * bytes_each)
        return np.frombuffer(self._store.read(bytes_each), np.uint8).reshape(self.size)


def _new_store() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)


def sample_video(
    path: str | Path, grid: Grid, *, on_time: Callable[[float], None] | None = None
) -> tuple[SampledVideo, Recording]:
    """Decode a recording from end to end and keep its pictures on the grid.

    Raises
    ------
    VideoError
        As `FrameReader`.
    UsageError
        If t0 is not in the recording, or the arena not in the picture.
    """
    reader = FrameReader(path)
    sampler: _Sampler | None = None
    told = 0.0
    with ExitStack() as on_fault:
        for frame in reader:
            if sampler is None:
                sampler = _Sampler(frame.luma.shape, grid, str(path))
                on_fault.enter_context(sampler.video)
            sampler.take(frame)
            if on_time is not None and frame.t_s >= told + _TOLD_EVERY_S:
                told = frame.t_s
                on_time(told)
        recording = reader.recording
        assert sampler is not None
        sampler.finish(recording)
        on_fault.pop_all()
    return sampler.video, recording


class _Sampler:
    """Takes frames one by one and keeps what falls on the grid."""

    def __init__(self, shape: tuple[int, ...], grid: Grid, where: str) -> None:
        self._grid, self._where = grid, where
        self._part = _arena_slices(shape, grid.arena_px, where)
        height, width = (len(range(*part.indices(side))) for part, side in zip(self._part, shape, strict=True))
        scale = max(1, -(-max(height, width) // grid.long_side_px))
        self._size = (max(1, height // scale), max(1, width // scale))
        self.video = SampledVideo(size=self._size, scale=scale)
        self._last: tuple[float, Picture, bool] | None = None

    def take(self, frame: Frame) -> None:
        """Keep the pictures at the grid times up to this frame."""
        if self._full() or frame.t_s < self._grid.t0_s - self._grid.max_interval_s:
            return
        picture = self._shrink(frame.luma)
        while not self._full() and self._next_s() <= frame.t_s + _SAME_TIME_S:
            self._keep(self._next_s(), frame.t_s, picture, frame.trusted)
        self._last = (frame.t_s, picture, frame.trusted)

    def finish(self, recording: Recording) -> None:
        """Hold the last picture to the recording's end."""
        if self._grid.t0_s >= recording.duration_s:
            raise UsageError(
                expected=f"t0 within the recording's {recording.duration_s:.2f} s",
                found=f"{self._grid.t0_s:g} s",
                do="give the time at which the animal is in place",
                where=self._where,
            )
        if self._last is not None:
            _, picture, trusted = self._last
            trusted &= 1.0 / recording.fps_median <= self._grid.max_interval_s
            while not self._full() and self._next_s() <= recording.duration_s + _SAME_TIME_S:
                self.video.keep(picture, usable=trusted)

    def _next_s(self) -> float:
        return self._grid.t0_s + len(self.video) * self._grid.step_s

    def _full(self) -> bool:
        return self._grid.count is not None and len(self.video) >= self._grid.count

    def _keep(self, at_s: float, t_s: float, picture: Picture, trusted: bool) -> None:
        """Keep the picture at a grid time that lies after the last frame and not after this one."""
        if self._last is None:
            self.video.keep(picture, usable=trusted and t_s - at_s <= self._grid.max_interval_s)
            return
        last_s, last, last_trusted = self._last
        part = (at_s - last_s) / (t_s - last_s)
        near = t_s - last_s <= self._grid.max_interval_s
        if part > 1 - _SAME_FRAME:
            self.video.keep(picture, usable=trusted)
        elif part < _SAME_FRAME:
            self.video.keep(last, usable=last_trusted)
        else:
            blend = cv2.addWeighted(last, 1 - part, picture, part, 0)
            self.video.keep(np.asarray(blend, np.uint8), usable=near and trusted and last_trusted)

    def _shrink(self, luma: NDArray[np.uint8]) -> Picture:
        """Cut the arena out, shrink it by the whole factor and take the edge off the sensor's noise."""
        part, scale = luma[self._part], self.video.scale
        height, width = self._size
        if scale > 1:
            part = cv2.resize(part[: height * scale, : width * scale], (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(part, (3, 3), 0.8), dtype=np.uint8)


def _arena_slices(
    shape: tuple[int, ...], arena_px: tuple[int, int, int, int] | None, where: str
) -> tuple[slice, slice]:
    if arena_px is None:
        return slice(None), slice(None)
    x, y, width, height = arena_px
    if not (x >= 0 and y >= 0 and width >= 16 and height >= 16 and x + width <= shape[1] and y + height <= shape[0]):
        raise UsageError(
            expected=f"an arena x,y,width,height of 16 px or more a side in the {shape[1]} x {shape[0]} px picture",
            found=f"{arena_px}",
            do="correct the arena",
            where=where,
        )
    return slice(y, y + height), slice(x, x + width)
