"""Background: the scene without its animal, from pictures spread over the trial.

A pixel's background is the level that it shows most on the side away from the animal: for an animal darker than the
floor the upper part of the pixel's values, for a brighter one the lower part. So an animal that stays in one place for
up to nine tenths of the trial does not enter it; one that hardly leaves its place cannot be told from the floor.

Whether the animal is ``"dark"`` or ``"bright"`` is decided from the data: against the per-pixel median, a moving animal
departs to its own side over all the ground that it covers, while the ghost it leaves where it slept covers little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.model.recording import Recording
from littermate.video.frames import Frame, FrameReader

__all__ = ["Background", "light_offset", "sample_background"]

_MEMORY_BYTES = 64_000_000
_MOST, _FEWEST = 96, 24
_SIDE_QUANTILE = 0.95
_SPARSE = 8
_ROWS = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """A scene without its animal.

    Parameters
    ----------
    picture : (height, width) uint8
    polarity
        ``"dark"`` or ``"bright"``: the animal against the floor.
    noise
        Standard deviation of a pixel in a picture, in grey levels.
    samples : (n, height, width) uint8
        The pictures it was made of, at most 64 MB (24 pictures at least).
    recording
        What was found in the file.
    """

    picture: NDArray[np.uint8]
    polarity: str
    noise: float
    samples: NDArray[np.uint8]
    recording: Recording


def sample_background(
    path: str | Path,
    *,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    on_time: Callable[[float], None] | None = None,
) -> Background:
    """Read a recording once and return its background during the trial.

    Parameters
    ----------
    path
        The recording.
    t0_s, duration_s
        The trial's start in the recording and its length (to the end where `None`): a hand that puts the animal in
        place is left out.
    on_time
        Called with the recording's time that has been reached.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    """
    reader, spread = FrameReader(path), _Spread()
    stop_s = np.inf if duration_s is None else t0_s + duration_s
    for frame in reader:
        if frame.trusted and t0_s <= frame.t_s < stop_s:
            spread.offer(frame)
        if on_time is not None:
            on_time(frame.t_s)
    size = (reader.recording.height, reader.recording.width)
    return _from_samples(np.array(spread.kept or [np.zeros(size, np.uint8)]), reader.recording)


@dataclass(slots=True)
class _Spread:
    """Keeps pictures spread evenly over a stream of unknown length: when full, every second one is let go."""

    kept: list[NDArray[np.uint8]] = field(default_factory=list)
    every: int = 1
    seen: int = 0

    def offer(self, frame: Frame) -> None:
        if self.seen % self.every == 0:
            self.kept.append(frame.luma.copy())
            if len(self.kept) >= min(_MOST, max(_FEWEST, _MEMORY_BYTES // frame.luma.size)):
                self.kept = self.kept[::2]
                self.every *= 2
        self.seen += 1


def light_offset(picture: NDArray[np.uint8], background: NDArray[np.uint8]) -> int:
    """Return by how many grey levels a picture is brighter than the background as a whole (flicker, exposure)."""
    sparse = np.s_[_SPARSE // 2 :: _SPARSE, _SPARSE // 2 :: _SPARSE]
    return int(np.median(picture[sparse].astype(np.int16) - background[sparse]))


def _from_samples(samples: NDArray[np.uint8], recording: Recording) -> Background:
    samples = _evenly_lit(samples)
    shape = samples.shape[1:]
    picture, median, low, high = (np.empty(shape, np.uint8) for _ in range(4))
    dark, bright = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    noise = _noise(samples)
    for top in range(0, shape[0], _ROWS):
        rows = np.s_[top : top + _ROWS]
        values = np.sort(samples[:, rows].transpose(1, 2, 0), axis=2)
        last = values.shape[2] - 1
        median[rows] = values[:, :, last // 2]
        low[rows], high[rows] = values[:, :, 0], values[:, :, last]
        dark[rows], bright[rows] = _upper_level(values, noise), 255 - _upper_level(255 - values[:, :, ::-1], noise)
    polarity = _polarity(median, low, high, noise)
    picture = dark if polarity == "dark" else bright
    return Background(picture=picture, polarity=polarity, noise=noise, samples=samples, recording=recording)


def _evenly_lit(samples: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take out changes of the light that all pixels share."""
    middle = samples[len(samples) // 2]
    offsets = np.array([light_offset(sample, middle) for sample in samples])
    offsets -= int(np.median(offsets))
    for sample, offset in zip(samples, offsets.tolist(), strict=True):
        if abs(offset) > 1:
            cv2.add(sample, (-float(offset), 0.0, 0.0, 0.0), dst=sample)
    return samples


def _noise(samples: NDArray[np.uint8]) -> float:
    """Return the SD of a pixel from picture to picture, by the median absolute deviation."""
    sparse = samples[:, 1::5, 1::5].astype(np.float32)
    return float(1.4826 * np.median(np.abs(sparse - np.median(sparse, axis=0))))


def _upper_level(values: NDArray[np.uint8], noise: float) -> NDArray[np.uint8]:
    """Return the mean of the sorted values that lie near their upper quantile: the level seen on that side."""
    quantile = values[:, :, round(_SIDE_QUANTILE * (values.shape[2] - 1))].astype(np.int16)
    near = values >= (quantile - max(6, round(4 * noise)))[:, :, None]
    sums = np.where(near, values, 0).sum(axis=2, dtype=np.int32)
    return np.asarray(np.rint(sums / near.sum(axis=2)), dtype=np.uint8)


def _polarity(median: NDArray[np.uint8], low: NDArray[np.uint8], high: NDArray[np.uint8], noise: float) -> str:
    floor = max(12, round(6 * noise))
    darker, brighter = cv2.subtract(median, low), cv2.subtract(high, median)
    excess = [float(np.maximum(side.astype(np.int16) - floor, 0).sum()) for side in (darker, brighter)]
    return "bright" if excess[1] > excess[0] else "dark"
