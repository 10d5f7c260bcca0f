"""Sampling: a recording read once, kept as small pictures on an even time grid, for one arena or several.

Grid time k is ``t0_s + k * step_s`` on the recording's clock. The picture at a grid time is blended from the frames
before and after it by their timestamps, so that nothing depends on the frame rate. A grid time has no trustworthy
picture (`usable` false) where one of the two frames is corrupt, or they lie further apart than `max_interval_s`.
A grid time within a fiftieth of a frame interval of a frame takes that frame as it is. After the recording's last frame
its picture is held for one median frame interval, the time it was shown.

Only frames from which a grid time takes its picture have their pixels touched, and frames outside the trial are not
decoded (the reader seeks). Pictures are cut to the arena, shrunk by a whole factor until the longer side is at most
`long_side_px`, and brought to the 16..235 range of grey levels. They are kept in a temporary file, so that memory grows
with neither the picture nor the recording.

A box is ``(x, y, width, height)`` in whole pixels of the recording.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError, VideoError
from littermate.model.recording import Recording
from littermate.video.frames import Frame, FrameReader, studio_range

__all__ = ["Box", "Grid", "SampledVideo", "sample_video", "shrunk"]

_SAME_TIME_S = 1e-6
_SAME_FRAME = 0.02

Box = tuple[int, int, int, int]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """When to sample, and how small: see the module."""

    step_s: float
    t0_s: float = 0.0
    duration_s: float | None = None
    long_side_px: int = 320
    max_interval_s: float = 0.25

    @property
    def count(self) -> int | None:
        """Number of grid times, both ends included, or `None` where the recording's end decides."""
        return None if self.duration_s is None else int(self.duration_s / self.step_s + 1e-6) + 1

    @property
    def first_s(self) -> float:
        """Time from which frames are needed."""
        return max(0.0, self.t0_s - self.max_interval_s)

    @property
    def stop_s(self) -> float | None:
        """Time from which frames are no longer needed, or `None` where the recording's end decides."""
        if self.count is None:
            return None
        return self.t0_s + (self.count - 1) * self.step_s + self.max_interval_s + 2 * _SAME_TIME_S


@dataclass(slots=True, kw_only=True, eq=False)
class SampledVideo:
    """Small pictures of one arena on the grid, to be read as often as needed; a context manager that frees them.

    Parameters
    ----------
    size
        (height, width) of the small pictures.
    scale
        Pixels of the recording along one pixel of a small picture.
    arena_px
        The box of the recording that the small pictures show.
    usable
        Whether the picture at each grid time can be trusted.
    """

    size: tuple[int, int]
    scale: int
    arena_px: Box
    usable: list[bool] = field(default_factory=list)
    _store: IO[bytes] = field(default_factory=lambda: _new_store())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def __len__(self) -> int:
        return len(self.usable)

    def keep(self, picture: Picture, *, usable: bool) -> None:
        """Append the picture at the next grid time.

        Raises
        ------
        VideoError
            If there is no room for it.
        """
        rest = np.ascontiguousarray(picture).reshape(-1).data
        try:
            self._store.seek(len(self) * len(rest))
            while len(rest):
                rest = rest[self._store.write(rest) :]
        except OSError as fault:
            raise VideoError(
                expected="room for the small pictures of a recording in the folder for temporary files",
                found=f"{fault.strerror} in {tempfile.gettempdir()} after {len(self)} pictures",
                do="make room there, or set TMPDIR to a folder that has some",
                where=tempfile.gettempdir(),
            ) from fault
        self.usable.append(usable)

    def picture(self, k: int) -> Picture:
        """Return the (height, width) uint8 picture at grid time k."""
        bytes_each = self.size[0] * self.size[1]
        self._store.seek(k * bytes_each)
        return np.frombuffer(self._store.read(bytes_each), np.uint8).reshape(self.size)


def _new_store() -> IO[bytes]:
    return tempfile.TemporaryFile(buffering=0)


def sample_video(
    path: str | Path,
    grid: Grid,
    arenas_px: Sequence[Box | None] = (None,),
    *,
    on_frame: Callable[[Frame], None] | None = None,
) -> tuple[tuple[SampledVideo, ...], Recording]:
    """Decode the trial once and keep the pictures of each arena on the grid.

    Parameters
    ----------
    path
        The recording.
    grid
        When to sample, and how small.
    arenas_px
        The arenas; `None` for the whole picture.
    on_frame
        Called with every decoded frame.

    Raises
    ------
    VideoError
        As `FrameReader`.
    UsageError
        If t0 is not in the recording, or an arena not in the picture.
    """
    reader = FrameReader(path, start_s=grid.first_s, stop_s=grid.stop_s)
    with ExitStack() as on_fault:
        sampler: _Sampler | None = None
        for frame in reader:
            if sampler is None:
                videos = [_empty_video(frame.luma.shape, arena, grid, str(path)) for arena in arenas_px]
                sampler = _Sampler(grid, [on_fault.enter_context(video) for video in videos])
            sampler.take(frame)
            if on_frame is not None:
                on_frame(frame)
        recording = reader.recording
        if sampler is None or grid.t0_s >= recording.duration_s:
            raise _no_such_time(grid.t0_s, recording.duration_s, str(path))
        sampler.finish(recording)
        on_fault.pop_all()
    return tuple(sampler.videos), recording


def shrunk(luma: Picture, scale: int, size: tuple[int, int]) -> Picture:
    """Return the picture shrunk by a whole factor to (height, width): means of `scale` x `scale` pixels.

    Halving is done first and as often as it goes: it is several times cheaper than any other factor.

    Examples
    --------
    >>> shrunk(np.array([[10, 20], [30, 40]], np.uint8), 2, (1, 1)).tolist()
    [[25]]
    """
    height, width = size
    luma = luma[: height * scale, : width * scale]
    while scale % 2 == 0:
        scale //= 2
        luma = _resized(luma, width * scale, height * scale)
    return luma if scale == 1 else _resized(luma, width, height)


def _resized(luma: Picture, width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


class _Sampler:
    """Takes frames one by one and keeps what falls on the grid.

    The frame before the newest is held until it is known whether a grid time needs it.
    """

    def __init__(self, grid: Grid, videos: Sequence[SampledVideo]) -> None:
        self._grid, self.videos = grid, videos
        self._count = 0
        self._last: _Shrinking | None = None

    def take(self, frame: Frame) -> None:
        """Keep the pictures at the grid times up to this frame."""
        if self._full() or frame.t_s < self._grid.t0_s - self._grid.max_interval_s:
            return
        now = _Shrinking(frame, self.videos)
        while not self._full() and self._next_s() <= frame.t_s + _SAME_TIME_S:
            self._keep_between(self._next_s(), now)
        self._last = now

    def finish(self, recording: Recording) -> None:
        """Hold the last picture for as long as it was shown; what then remains of the recording is missing."""
        if self._last is None:
            return
        shown_s = 1.0 / recording.fps_median
        if shown_s > self._grid.max_interval_s or self._last.t_s + 1.5 * shown_s < recording.duration_s:
            shown_s = _SAME_FRAME * self._grid.max_interval_s
        while not self._full() and self._next_s() <= recording.duration_s + _SAME_TIME_S:
            near = self._next_s() <= self._last.t_s + shown_s + _SAME_TIME_S
            self._keep(self._last.pictures(), usable=near and self._last.trusted)

    def _next_s(self) -> float:
        return self._grid.t0_s + self._count * self._grid.step_s

    def _full(self) -> bool:
        return self._grid.count is not None and self._count >= self._grid.count

    def _keep_between(self, at_s: float, now: _Shrinking) -> None:
        """Keep the pictures at a grid time that lies after the last frame and not after this one."""
        if self._last is None:
            self._keep(now.pictures(), usable=now.trusted and now.t_s - at_s <= self._grid.max_interval_s)
            return
        last, interval = self._last, now.t_s - self._last.t_s
        part = (at_s - last.t_s) / interval
        same = _SAME_FRAME * min(interval, self._grid.max_interval_s)
        if now.t_s - at_s < same:
            self._keep(now.pictures(), usable=now.trusted)
        elif at_s - last.t_s < same:
            self._keep(last.pictures(), usable=last.trusted)
        else:
            usable = interval <= self._grid.max_interval_s and now.trusted and last.trusted
            self._keep(_blended(last.pictures(), now.pictures(), part), usable=usable)

    def _keep(self, pictures: Sequence[Picture], *, usable: bool) -> None:
        for video, picture in zip(self.videos, pictures, strict=True):
            video.keep(picture, usable=usable)
        self._count += 1


class _Shrinking:
    """A frame whose small pictures are made when they are first asked for."""

    def __init__(self, frame: Frame, videos: Sequence[SampledVideo]) -> None:
        self.t_s, self.trusted = frame.t_s, frame.trusted
        self._frame, self._videos = frame, videos
        self._pictures: list[Picture] | None = None

    def pictures(self) -> list[Picture]:
        """Return one small picture an arena."""
        if self._pictures is None:
            self._pictures = [self._shrunk(video) for video in self._videos]
        return self._pictures

    def _shrunk(self, video: SampledVideo) -> Picture:
        x, y, width, height = video.arena_px
        part = self._frame.luma[y : y + height, x : x + width]
        return studio_range(shrunk(part, video.scale, video.size), self._frame.full_range)


def _blended(last: Sequence[Picture], now: Sequence[Picture], part: float) -> list[Picture]:
    pairs = zip(last, now, strict=True)
    return [np.asarray(cv2.addWeighted(a, 1 - part, b, part, 0), dtype=np.uint8) for a, b in pairs]


def _empty_video(shape: tuple[int, ...], arena_px: Box | None, grid: Grid, where: str) -> SampledVideo:
    box = arena_px if arena_px is not None else (0, 0, shape[1], shape[0])
    x, y, width, height = box
    least = 16 if arena_px is not None else 1
    inside = x >= 0 and y >= 0 and x + width <= shape[1] and y + height <= shape[0]
    if not (inside and width >= least and height >= least):
        raise UsageError(
            expected=f"an arena x,y,width,height of 16 px or more a side in the {shape[1]} x {shape[0]} px picture",
            found=f"{arena_px}",
            do="correct the arena",
            where=where,
        )
    scale = max(1, -(-max(height, width) // grid.long_side_px))
    return SampledVideo(size=(max(1, height // scale), max(1, width // scale)), scale=scale, arena_px=box)


def _no_such_time(t0_s: float, duration_s: float, where: str) -> UsageError:
    return UsageError(
        expected=f"t0 within the recording's {duration_s:.2f} s",
        found=f"{t0_s:g} s",
        do="give the time at which the animal is in place",
        where=where,
    )
