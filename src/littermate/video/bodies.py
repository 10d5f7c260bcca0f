"""Bodies: what in the looks of a recording is an animal, and how many there are.

The background and the animal's contrast are those of `silhouette.find_scenery`, which also sees an animal that hardly
moves. Where it finds none, the background is the median of the looks, and a body is what departs from it, all dark or
all light, compact, and clearly above the noise. Areas and places are in pixels of the look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.ranks import middle, ordered
from littermate.video.silhouette import SilhouetteRules, find_scenery

__all__ = ["Bodies", "Cast", "bodies_in", "count_bodies", "evenly_lit", "find_cast", "light_removed", "separate_arenas"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_LEAST_CONTRAST = 18.0
_LEVEL = 0.45
_TILES = (4, 3)
_BLACK = 16.0
_FREE_PART, _SEEN_PART = 0.85, 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cast:
    """What is needed to see the animal in one look.

    Parameters
    ----------
    background : (height, width) float32
        The scene without the animal.
    sign
        1 for a dark animal, -1 for a light one.
    contrast
        Its contrast in grey levels.
    area_px
        Its usual area.
    noise
        Standard deviation of a pixel of the scene, in grey levels.
    """

    background: Floats
    sign: int
    contrast: float
    area_px: float
    noise: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bodies:
    """The bodies in one look: their areas, centres (x, y), and a label picture (0: none, k + 1: body k)."""

    areas_px: NDArray[np.int64]
    centres_px: NDArray[np.float64]
    labels: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.areas_px)


def find_cast(pictures: Picture, *, most: int = 30) -> Cast | None:
    """Find the animal in (n, height, width) looks of one steady scene; `None`: there is none.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> find_cast(rng.normal(150, 3, (20, 48, 64)).astype(np.uint8)) is None
    True
    """
    some = pictures[np.unique(np.linspace(0, len(pictures) - 1, most).round().astype(int))]
    median = middle(some).astype(np.float32)
    noise = max(0.5, 1.4826 * float(np.median(np.abs(some[:, ::3, ::3] - median[::3, ::3]))))
    scenery = find_scenery(list(some), SilhouetteRules(min_area=0.0008))
    if scenery is None:
        return _moving_cast(some, noise)
    return Cast(
        background=scenery.background,
        sign=scenery.sign,
        contrast=scenery.contrast,
        area_px=scenery.area_px,
        noise=noise,
    )


def _moving_cast(pictures: Picture, noise: float) -> Cast | None:
    """Find an animal by what departs, to its own side, from the level that each pixel has most of the time there."""
    ranked = ordered(pictures)
    casts = []
    for sign in (1, -1):
        part = _FREE_PART if sign > 0 else 1 - _FREE_PART
        background = ranked[round(part * (len(ranked) - 1))].astype(np.float32)
        if (cast := _measured_cast(pictures, background, sign, noise)) is not None:
            casts.append(cast)
    return max(casts, key=lambda cast: cast.contrast, default=None)


def _measured_cast(pictures: Picture, background: Floats, sign: int, noise: float) -> Cast | None:
    """Measure contrast and area on the bodies of one sign, first by the least contrast, then by their own."""
    cast = Cast(background=background, sign=sign, contrast=0.0, area_px=0.0, noise=noise)
    level = max(_LEAST_CONTRAST, 6 * noise)
    for _ in range(2):
        cast = replace(cast, contrast=level / _LEVEL)
        found = [count_bodies(picture, cast) for picture in pictures]
        areas = [int(one.areas_px.max()) for one in found if one.count]
        if len(areas) < _SEEN_PART * len(pictures):
            return None
        inside = [
            np.abs(light_removed(picture, background)[one.labels > 0])
            for picture, one in zip(pictures, found, strict=True)
        ]
        level = max(level, _LEVEL * float(np.quantile(np.concatenate(inside), 0.7)))
    return replace(cast, area_px=float(np.median(areas))) if _steady(areas) else None


def _steady(areas: Sequence[int]) -> bool:
    middle = float(np.median(areas))
    return float(np.mean([middle / 2.5 < area < 2.5 * middle for area in areas])) > 0.7


def light_removed(picture: Picture, background: Floats) -> Floats:
    """Return the difference to the background, the changes of the light taken out.

    The picture is scaled to the background's median above black, then the medians of the difference over 4 x 3 tiles
    are taken away, so that uneven changes go, too.
    """
    height, width = background.shape
    gain = _gain(picture, background)
    difference = cv2.addWeighted(picture.astype(np.float32), gain, background, -1.0, (1 - gain) * _BLACK)
    sparse = difference[:: max(1, height // 24), :: max(1, width // 32)]
    across, down = _TILES
    high, wide = sparse.shape[0] // down, sparse.shape[1] // across
    tiles = sparse[: down * high, : across * wide].reshape(down, high, across, wide).swapaxes(1, 2)
    tiles = np.partition(tiles.reshape(down, across, -1), high * wide // 2, axis=-1)
    light = np.ascontiguousarray(tiles[:, :, high * wide // 2])
    return np.asarray(difference - cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR))


def evenly_lit(picture: Picture, background: Picture | Floats) -> Picture:
    """Return a look scaled to the background's median above black, as if the light had stayed the same."""
    gain = _gain(picture, background)
    return np.asarray(cv2.convertScaleAbs(picture, alpha=gain, beta=(1 - gain) * _BLACK), dtype=np.uint8)


def _gain(picture: Picture, background: Picture | Floats) -> float:
    above, own = (max(4.0, float(np.median(one[::4, ::4])) - _BLACK) for one in (background, picture))
    return float(np.clip(above / own, 0.4, 2.5))


def count_bodies(picture: Picture, cast: Cast) -> Bodies:
    """Return the bodies in a look: pieces of the animal's contrast and, where that is known, of about its size.

    Pieces closer to each other than about a third of a body's width are one body, cut by a cable or the waterline.
    """
    return bodies_in(light_removed(picture, cast.background), cast)


def bodies_in(difference: Floats, cast: Cast) -> Bodies:
    """Return the bodies in the difference of a look to the background, as `light_removed` gives it."""
    contrast = -cast.sign * difference
    level = max(_LEVEL * cast.contrast, 5 * cast.noise)
    mask = (contrast > level).astype(np.uint8)
    least = max(9.0, 0.35 * cast.area_px)
    reach = max(1, round(0.15 * np.sqrt(max(cast.area_px, 40.0))))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, joined = cv2.connectedComponents(cv2.dilate(mask, kernel), connectivity=8)
    labels = np.where(mask > 0, joined, 0)
    areas = np.bincount(labels.ravel(), minlength=count)[1:count]
    return _kept(labels, areas, contrast, least, cast)


def _kept(labels: NDArray[np.int32], areas: NDArray[np.int64], contrast: Floats, least: float, cast: Cast) -> Bodies:
    most = 3.5 * cast.area_px if cast.area_px else 0.2 * labels.size
    kept, centres = [], []
    for label in (np.flatnonzero((areas >= least) & (areas <= most)) + 1).tolist():
        mask = (labels == label).astype(np.uint8)
        x, y, wide, high = cv2.boundingRect(mask)
        rows, columns = np.nonzero(mask[y : y + high, x : x + wide])
        inside = contrast[y : y + high, x : x + wide][rows, columns]
        if len(rows) > 0.25 * wide * high and np.count_nonzero(inside > 0.6 * cast.contrast) > 0.5 * len(rows):
            kept.append(label)
            centres.append((x + float(columns.mean()), y + float(rows.mean())))
    names = np.zeros(len(areas) + 1, np.int32)
    names[kept] = np.arange(1, len(kept) + 1)
    return Bodies(
        areas_px=areas[np.array(kept, int) - 1],
        centres_px=np.array(centres, dtype=np.float64).reshape(-1, 2),
        labels=names[labels],
    )


def separate_arenas(found: Sequence[Bodies], area_px: float) -> bool:
    """Return whether several bodies stay apart, each in its own part of the picture: one animal to an arena.

    Bodies above each other in one part are an animal and its mirror image in the water.
    """
    length = float(np.sqrt(area_px))
    reach = max(1, round(0.3 * np.sqrt(area_px)))
    trodden = np.any([one.labels > 0 for one in found], axis=0).astype(np.uint8)
    trodden = cv2.dilate(trodden, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    _, places = cv2.connectedComponents(trodden, connectivity=8)
    shared = []
    for one in (one for one in found if one.count > 1):
        columns, rows = one.centres_px.round().astype(int).T
        homes = places[rows.clip(0, places.shape[0] - 1), columns.clip(0, places.shape[1] - 1)]
        beside = np.abs(columns[:, None] - columns) > 1.5 * length
        shared.append(bool(np.any(beside & (homes[:, None] == homes))) or len(np.unique(homes)) < 2)
    return bool(shared) and float(np.mean(shared)) < 0.1
