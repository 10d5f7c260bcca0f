"""Body: what the animal of a recording looks like, learnt from the pictures that its background was made of.

The animal is what departs from the background to its side by more than a share of its own contrast; shadows and
reflections are weaker. A dark animal is compared with the floor as a share of the light there (grey levels above
black), so that it looks the same in bright and in dim places.

Lengths are in px of the small pictures. Length and breadth are the axes of the ellipse that has the spread of the
outline: 4 standard deviations along and across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.video.background import Background
from littermate.video.blobs import Blobs, Limits, find_blobs, largest_of_each

__all__ = ["Body", "learn_body"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]

_BLACK = 16
_LEAST_PX = 9
_LEAST_SHARE, _MOST_SHARE = 1 / 4000, 1 / 4
_INSIDE = 0.75
_WHOLE = 1.75


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """What an animal looks like.

    Parameters
    ----------
    darker, brighter
        Departure that counts: below the floor as a share of the light there, above it in grey levels; `None` where
        the animal has no such part.
    least
        Grey levels by which it must depart in any case.
    cap
        Grey levels beyond the limit at which a pixel is all animal.
    radius
        Of the opening that takes off the tail, in px.
    area, length, breadth
        Medians, in px.
    places : (n, 2) float
        Where it was seen.
    """

    darker: float | None
    brighter: float | None
    least: float
    cap: int
    radius: int
    area: float
    length: float
    breadth: float
    places: Floats

    def limits(self, background: Picture, floor: NDArray[np.bool_] | None = None) -> Limits:
        """Return the grey levels beyond which a pixel on the floor is the animal."""
        low, high = _limits(background, self.darker, self.brighter, self.least)
        if floor is not None:
            low = None if low is None else np.where(floor, low, 0).astype(np.uint8)
            high = None if high is None else np.where(floor, high, 255).astype(np.uint8)
        return Limits(low=low, high=high, cap=self.cap, radius=self.radius)


def learn_body(scene: Background, *, share: float, min_contrast: float, opening: float, min_seen: float) -> Body | None:
    """Learn the animal's looks from the background's pictures; `None` where there is no animal.

    Parameters
    ----------
    scene
        The background and its pictures.
    share
        A pixel is the animal's if it departs by this share of the animal's contrast ...
    min_contrast
        ... and by at least this many grey levels.
    opening
        Radius of the opening / half the breadth.
    min_seen
        The animal must be seen in this share of the pictures.
    """
    least = max(min_contrast, 6 * scene.noise)
    enough = max(2, min_seen * len(scene.samples))
    sides = (scene.polarity != "bright", scene.polarity != "dark")
    if len(scene.samples) < 2:
        return None
    low, high = _limits(scene.picture, 0.0 if sides[0] else None, 0.0 if sides[1] else None, least)
    blobs = _plausible(find_blobs(scene.samples, Limits(low=low, high=high, cap=200, radius=1)), scene.picture)
    if len(blobs) < enough:
        return None
    dark, bright = _contrasts(scene, blobs, sides, least)
    light = max(1.0, float(np.median(scene.picture)) - _BLACK)
    contrast = min(each for each in (dark and dark * light, bright) if each)
    draft = Body(
        darker=dark and share * dark,
        brighter=bright and share * bright,
        least=least,
        cap=max(2, round((_WHOLE - 1) * share * contrast)),
        radius=1,
        area=0.0,
        length=0.0,
        breadth=0.0,
        places=np.empty((0, 2)),
    )
    found = _plausible(find_blobs(scene.samples, draft.limits(scene.picture)), scene.picture)
    return _fleshed_out(draft, found, opening) if len(found) >= enough else None


def _limits(
    background: Picture, darker: float | None, brighter: float | None, least: float
) -> tuple[Picture | None, Picture | None]:
    level = background.astype(np.float32)
    low = None if darker is None else level - np.maximum(least, np.float32(darker) * (level - _BLACK))
    high = None if brighter is None else level + np.float32(max(least, brighter))
    return (
        None if low is None else np.clip(np.rint(low), 0, 255).astype(np.uint8),
        None if high is None else np.clip(np.rint(high), 0, 255).astype(np.uint8),
    )


def _plausible(blobs: Blobs, background: Picture) -> Blobs:
    """Return the largest blob of each picture, if it can be an animal."""
    size = np.pi * 4 * np.sqrt(np.maximum(np.prod(blobs.spread[:, :2], axis=1) - blobs.spread[:, 2] ** 2, 0))
    own = largest_of_each(blobs)
    least, most = max(_LEAST_PX, _LEAST_SHARE * background.size), _MOST_SHARE * background.size
    return blobs.rows(own[(size[own] >= least) & (size[own] <= most)])


def _contrasts(
    scene: Background, blobs: Blobs, sides: tuple[bool, bool], least: float
) -> tuple[float | None, float | None]:
    """Return the upper quartiles of how far an animal is below (a share of the light) and above (levels) the floor."""
    base = scene.picture.astype(np.int16)
    below: list[float] = []
    above: list[float] = []
    for number, xy, spread in zip(blobs.number.tolist(), blobs.xy, blobs.spread, strict=True):
        reach = 2 * np.sqrt(spread[:2]) + 1
        left, top = np.maximum(np.floor(xy - reach), 0).astype(int)
        right, bottom = np.ceil(xy + reach).astype(int) + 1
        own = np.s_[top:bottom, left:right]
        drop = base[own] - scene.samples[number][own]
        if np.any(drop > least):
            below.append(float(np.quantile((drop / np.maximum(base[own] - _BLACK, 8))[drop > least], _INSIDE)))
        if np.any(drop < -least):
            above.append(float(np.quantile(-drop[drop < -least], _INSIDE)))
    return (
        min(1.0, float(np.median(below))) if sides[0] and below else None,
        float(np.median(above)) if sides[1] and above else None,
    )


def _fleshed_out(draft: Body, found: Blobs, opening: float) -> Body:
    """Measure area, length and breadth."""
    xx, yy, xy = found.spread.T
    middle, half = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    breadth = 4 * float(np.median(np.sqrt(np.maximum(middle - half, 0))))
    return Body(
        darker=draft.darker,
        brighter=draft.brighter,
        least=draft.least,
        cap=draft.cap,
        radius=round(opening * breadth / 2),
        area=float(np.median(found.area)),
        length=4 * float(np.median(np.sqrt(middle + half))),
        breadth=max(1.0, breadth),
        places=found.xy,
    )
