"""Background: the scene without its animal, from pictures spread over the trial.

Pictures are taken evenly over the trial, and of those that show nothing new since the last one taken, none but the
first is kept: a long sleep counts little. A pixel's background is the level that it shows most on the side away from
the animal: for an animal darker than the floor the upper part of the pixel's values, for a brighter one the lower part,
for a patched one (`"mixed"`) the middle. So an animal that stays in one place for nearly all of the trial does not
enter it; the floor under one that never leaves its place cannot be known, and `moves` says so.

The light may change over the trial: every picture is brought to the light of the others by a gain that varies linearly
over the picture, fitted to the medians of its cells (`light_planes`).

Whether the animal is ``"dark"``, ``"bright"`` or ``"mixed"`` is decided from the data: against the per-pixel median, a
moving animal departs to its own side now here, now there, while the ghost it leaves where it slept stays in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.kept import KeptPictures

__all__ = ["Background", "light_planes", "make_background", "relit"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]

_BLACK = 16
_LOOKED_AT, _MOST, _FEWEST = 512, 64, 16
_SIDE_SHARE = 0.05
_MIXED = 0.2
_MOVES = 0.03
_CELLS = 4
_SPARSE = 4
_SAME_LIGHT = 0.01
_NEW_LEVELS, _NEW_PX = 5, 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """A scene without its animal.

    Parameters
    ----------
    picture : (height, width) uint8
    polarity
        ``"dark"``, ``"bright"`` or ``"mixed"``: the animal against the floor.
    noise
        Standard deviation of a pixel in a picture, in grey levels.
    samples : (n, height, width) uint8
        The pictures it was made of, evenly lit, at most 64.
    numbers : (n,) int
        Which of the kept pictures these are.
    moves
        Whether enough pictures show something new: where not, nothing tells a still animal from the floor.
    """

    picture: Picture
    polarity: str
    noise: float
    samples: Picture
    numbers: NDArray[np.int64]
    moves: bool


def make_background(kept: KeptPictures, trusted: NDArray[np.bool_]) -> Background:
    """Return the background of the kept pictures.

    Parameters
    ----------
    kept
        The trial's pictures.
    trusted : (n,) bool
        Which of them the decoder vouches for; the others are left out.
    """
    numbers, moves = _telling(kept, np.flatnonzero(trusted))
    if not len(numbers):
        blank = np.zeros((1, *kept.part.small_size), np.uint8)
        return Background(picture=blank[0], polarity="dark", noise=0.0, samples=blank[:0], numbers=numbers, moves=False)
    samples = _evenly_lit(kept.pictures(numbers))
    noise = _noise(samples)
    polarity = _polarity(samples, noise)
    if polarity == "mixed":
        picture = np.asarray(np.median(samples[:: -(-len(samples) // 33)], axis=0), dtype=np.uint8)
    else:
        picture = _upper_level(samples, noise) if polarity == "dark" else 255 - _upper_level(255 - samples, noise)
    return Background(picture=picture, polarity=polarity, noise=noise, samples=samples, numbers=numbers, moves=moves)


def _telling(kept: KeptPictures, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], bool]:
    """Return which pictures to use: of evenly spread ones those that show something new, and if these are enough."""
    spread = numbers[np.linspace(0, len(numbers) - 1, min(_LOOKED_AT, len(numbers))).astype(int)]
    height, width = kept.part.small_size
    size = max(1, width // _NEW_PX), max(1, height // _NEW_PX)
    thumbs = np.empty((len(spread), size[1] * size[0]), np.int16)
    for row, number in enumerate(spread.tolist()):
        thumbs[row] = cv2.resize(kept.picture(number), size, interpolation=cv2.INTER_AREA).ravel()
    thumbs -= np.median(thumbs, axis=1).astype(np.int16)[:, None]
    new = _new_ones(thumbs)
    enough = len(new) >= _FEWEST // 2
    chosen = spread[new] if enough else spread
    most = _MOST if enough else _FEWEST
    return chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).astype(int)], enough


def _new_ones(thumbs: NDArray[np.int16]) -> list[int]:
    """Return those that differ in some place from the last one returned by more than noise and drifting light do."""
    new = [0] if len(thumbs) else []
    for row in range(1, len(thumbs)):
        if np.abs(thumbs[row] - thumbs[new[-1]]).max() > _NEW_LEVELS:
            new.append(row)
    return new


def light_planes(pictures: Picture, base: Picture) -> Floats:
    """Return the gain of each picture over the base, (n, 3): in the middle, and its slopes per half width and height.

    The gain is fitted to the medians of the ratios in 4 x 4 cells, cells that do not fit (an animal) counting little.
    """
    medians, valid = _cell_medians(pictures, base)
    middles = (np.arange(_CELLS) + 0.5) / _CELLS * 2 - 1
    y, x = np.meshgrid(middles, middles, indexing="ij")
    design = np.column_stack([np.ones(_CELLS**2), x.ravel(), y.ravel()])
    weights = valid * np.ones_like(medians)
    planes = np.tile([1.0, 0.0, 0.0], (len(pictures), 1))
    if np.count_nonzero(valid) < _CELLS**2 // 2:
        return planes
    planes[:, 0] = np.median(medians[:, valid], axis=1)
    for _ in range(4):
        away = np.abs(medians - planes @ design.T)
        weights = valid / (1 + (away / 0.02) ** 2)
        normal = np.einsum("nc,ca,cb->nab", weights, design, design) + 1e-6 * np.eye(3)
        planes = np.linalg.solve(normal, ((weights * medians) @ design)[..., None])[..., 0]
    return np.asarray(planes, dtype=np.float64)


def _cell_medians(pictures: Picture, base: Picture) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the (n, 16) medians of picture / base over black, and which of the 16 are bright enough to tell."""
    height, width = base.shape
    tall, wide = height // _CELLS // _SPARSE, width // _CELLS // _SPARSE
    part = np.s_[..., : tall * _CELLS * _SPARSE : _SPARSE, : wide * _CELLS * _SPARSE : _SPARSE]

    def cells(stack: Picture) -> NDArray[np.float32]:
        parts = stack[part].reshape(-1, _CELLS, tall, _CELLS, wide).transpose(0, 1, 3, 2, 4)
        return parts.reshape(-1, _CELLS**2, tall * wide).astype(np.float32) - _BLACK

    if not tall * wide:
        return np.ones((len(pictures), _CELLS**2)), np.zeros(_CELLS**2, bool)
    below = cells(base)
    valid = np.median(below[0], axis=1) > 12
    return np.median(cells(pictures) / np.maximum(below, 4), axis=2).astype(np.float64), valid


def relit(picture: Picture, plane: Floats) -> Picture:
    """Return a picture as it looks under a light brighter by a plane of gains."""
    if abs(plane[0] - 1) + abs(plane[1]) + abs(plane[2]) < _SAME_LIGHT:
        return picture
    height, width = picture.shape
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    gain = np.float32(plane[0]) + np.float32(plane[1]) * x + np.float32(plane[2]) * y[:, None]
    lit = (picture.astype(np.float32) - _BLACK) * gain + (_BLACK + 0.5)
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)


def _evenly_lit(samples: Picture) -> Picture:
    """Bring all pictures to the light of the middle ones."""
    base = np.asarray(np.median(samples[:: -(-len(samples) // 9)], axis=0), dtype=np.uint8)
    planes = light_planes(samples, base)
    for sample, plane in zip(samples, planes, strict=True):
        gain = max(0.2, plane[0])
        sample[:] = relit(sample, np.array([1 / gain, -plane[1] / gain**2, -plane[2] / gain**2]))
    return samples


def _noise(samples: Picture) -> float:
    """Return the SD of a pixel from picture to picture, by the median absolute deviation."""
    sparse = samples[:, 1::5, 1::5].astype(np.float32)
    return float(1.4826 * np.median(np.abs(sparse - np.median(sparse, axis=0))))


def _upper_level(samples: Picture, noise: float) -> Picture:
    """Return the mean of each pixel's values that lie near its upper quantile: the level seen on that side."""
    nearest = max(6, round(4 * noise))
    least = cv2.subtract(_from_top(samples, 1 + round(_SIDE_SHARE * (len(samples) - 1))), (float(nearest),) * 4)
    sums, counts = np.zeros(samples.shape[1:], np.float32), np.zeros(samples.shape[1:], np.float32)
    for sample in samples:
        near = cv2.compare(sample, least, cv2.CMP_GE)
        cv2.accumulate(sample, sums, mask=near)
        cv2.accumulate(cv2.threshold(near, 0, 1, cv2.THRESH_BINARY)[1], counts)
    return np.asarray(np.rint(sums / counts), dtype=np.uint8)


def _from_top(samples: Picture, rank: int) -> Picture:
    """Return each pixel's rank-th largest value."""
    top = [np.zeros(samples.shape[1:], np.uint8) for _ in range(rank)]
    for sample in samples:
        for level, held in enumerate(top):
            top[level] = cv2.max(held, sample)
            sample = cv2.min(held, sample)
    return top[-1]


def _polarity(samples: Picture, noise: float) -> str:
    """Tell the animal's side: the one that departs more, of those whose departures move about; or both."""
    sparse = samples[:, 1::3, 1::3].astype(np.int16)
    away, floor = sparse - np.median(sparse, axis=0).astype(np.int16), max(12, round(6 * noise))
    sides = [np.maximum(each - floor, 0).astype(np.float32) for each in (-away, away)]
    dark, bright = (float(side.sum()) for side in sides)
    moving = [_moves_about(side) for side in sides]
    if all(moving) and min(dark, bright) > _MIXED * max(dark, bright):
        return "mixed"
    if moving[0] != moving[1]:
        return "dark" if moving[0] else "bright"
    return "bright" if bright > dark else "dark"


def _moves_about(departures: NDArray[np.float32]) -> bool:
    """Return whether the middle of what departs moves; a ghost, where the animal slept, stays in its place."""
    _, height, width = departures.shape
    total = departures.sum(axis=(1, 2))
    strong = total > 0.2 * total.max(initial=1)
    if np.count_nonzero(strong) < 3:
        return False
    x = departures.sum(axis=1)[strong] @ np.arange(width) / total[strong]
    y = departures.sum(axis=2)[strong] @ np.arange(height) / total[strong]
    return bool(np.hypot(x.std(), y.std()) > _MOVES * np.hypot(width, height))
