"""Silhouette: which pixels are the animal, decided from the recording itself.

The *contrast picture* of a frame is ``sign * (background - frame)``, minus its own median (light that changes for the
whole picture), divided by the animal's typical contrast: 0 for water, about 1 for the animal, at any exposure. The
sign (dark animal before light, or light before dark) is the one under which the foreground is one compact body with
an edge all around it *in the single frame*; places that the animal merely left have no such edge.

The background is the median of each pixel over the times when the animal was elsewhere. Where the animal never left,
the picture around it is used instead. A place without a body of steady size and clear contrast has no animal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.ranks import ordered

__all__ = ["LightMeter", "Scenery", "SilhouetteRules", "bodies_in", "body_mask", "find_scenery", "hull", "step_noise"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]
Outline = NDArray[np.int32]
Box = tuple[int, int, int, int]

_SPARSE = 4
_LIGHT_SAMPLES = 1200
_DOUBLED_ZERO = 2 * 255
_LEAST_STRONG = 1.25
_LEAST_OUTLINE = 2
_SPLIT_PART = 0.45
_HELD_PART = 0.35
_LONGEST = 5.0
_CANDIDATES = 6
_CLEARLY_LONGER = 4
_EDGE_RING = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilhouetteRules:
    """When something in the picture counts as the animal.

    Parameters
    ----------
    body_level
        Contrast, as a part of the animal's own, from which a pixel belongs to its silhouette.
    min_contrast
        Least contrast of the animal, in grey levels.
    min_contrast_sd
        Least contrast as a multiple of the water's own variation.
    min_area, max_area
        Least and greatest silhouette as parts of the picture (or of the arena).
    min_edge
        Least part of the outline that has an edge in the single frame.
    max_halo
        Greatest area of in-between contrast (between 0.2 and `body_level`) around the body, as a part of the body's:
        an animal has a sharp outline, a patch of ripples fades into the water.
    min_found
        Least part of the sampled frames that must show a body.
    """

    body_level: float = 0.45
    min_contrast: float = 20.0
    min_contrast_sd: float = 5.0
    min_area: float = 0.002
    max_area: float = 0.4
    min_edge: float = 0.6
    max_halo: float = 0.5
    min_found: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenery:
    """What is needed to see the animal in one frame of this recording.

    Parameters
    ----------
    background : (height, width) float32
        The scene without the animal, grey levels.
    sign
        1 for a dark animal, -1 for a light one.
    contrast
        The animal's typical contrast in grey levels.
    noise : (height, width) float32
        Standard deviation of the scene without the animal, as a part of `contrast`.
    area_px
        Median area of the silhouette.
    """

    background: Floats
    sign: int
    contrast: float
    noise: Floats
    area_px: float


def find_scenery(pictures: Sequence[Picture], rules: SilhouetteRules) -> Scenery | None:
    """Find background, sign, contrast and noise from frames spread over the recording; `None`: no animal.

    Parameters
    ----------
    pictures : sequence of (height, width) uint8
        Some tens of frames.
    rules
        When something counts as the animal.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> empty = [rng.normal(150, 3, (48, 64)).astype(np.uint8) for _ in range(20)]
    >>> find_scenery(empty, SilhouetteRules()) is None
    True
    """
    stack = np.stack(pictures)
    ranked = ordered(stack)
    guesses = [guess for sign in (1, -1) if (guess := _guess(stack, ranked, sign, rules)) is not None]
    if not guesses:
        return None
    scenery, _ = max(guesses, key=lambda guess: guess[1])
    return scenery


def bodies_in(pictures: Sequence[Picture], rules: SilhouetteRules) -> tuple[Floats, list[list[Box]]]:
    """Find all bodies, however many, in frames spread over a recording, and the background.

    Parameters
    ----------
    pictures : sequence of (height, width) uint8
        Some tens of frames.
    rules
        When something counts as an animal; `max_halo`, `min_found` and `min_contrast_sd` are not asked.

    Returns
    -------
    (height, width) float32
        The scene without animals, grey levels.
    list of list of (x, y, width, height)
        The boxes of the bodies in each picture.

    Examples
    --------
    >>> pictures = [np.full((40, 60), 150, np.uint8) for _ in range(8)]
    >>> for k, picture in enumerate(pictures):
    ...     picture[10:20, 5 * k : 5 * k + 10] = picture[25:35, 50 - 5 * k : 60 - 5 * k] = 40
    >>> bodies_in(pictures, SilhouetteRules())[1][1]
    [(5, 10, 10, 10), (45, 25, 10, 10)]
    """
    stack = np.stack(pictures)
    ranked = ordered(stack)
    guesses = [_bodies(stack, ranked, sign, rules) for sign in (1, -1)]
    return max(guesses, key=lambda guess: sum(map(len, guess[1])))


def _bodies(stack: Picture, ordered: Picture, sign: int, rules: SilhouetteRules) -> tuple[Floats, list[list[Box]]]:
    background = _first_background(ordered, sign)
    contrasts = _contrasts(stack, background, sign)
    level = _split(contrasts, rules.min_contrast)
    if level is None or level / _SPLIT_PART < rules.min_contrast:
        return background, [[] for _ in stack]
    pairs = zip(stack, contrasts, strict=True)
    return background, [_sharp_bodies(picture, contrast, level, sign, rules) for picture, contrast in pairs]


def _sharp_bodies(picture: Picture, contrast: Floats, level: float, sign: int, rules: SilhouetteRules) -> list[Box]:
    """Return the boxes of the pieces that are large enough and have an edge all around, from left to right."""
    outlines, _ = cv2.findContours((contrast > level).view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    large = [o for o in outlines if rules.min_area <= (cv2.contourArea(o) + len(o)) / contrast.size <= rules.max_area]
    whole = (0, 0, contrast.shape[1], contrast.shape[0])
    typical = level / _SPLIT_PART
    sharp = [o for o in large if _edge_part(picture, _filled([o], whole), sign, typical) >= rules.min_edge]
    return sorted(tuple(cv2.boundingRect(outline)) for outline in sharp)


def step_noise(pairs: Sequence[tuple[Picture, Picture]], scenery: Scenery, body_level: float) -> Floats:
    """Return how much the scene without the animal varies from one picture to the next, at each pixel.

    Unlike `Scenery.noise`, slow changes of the light do not count.

    Parameters
    ----------
    pairs : sequence of two (height, width) uint8
        Pictures one step apart, spread over the recording.
    scenery
        Of the recording.
    body_level
        Contrast from which a pixel belongs to the silhouette.

    Returns
    -------
    (height, width) float32
        Standard deviation as a part of the animal's contrast: that of the differences over the root of 2.
    """
    first, second = (
        _contrasts(np.stack(pictures), scenery.background, scenery.sign) for pictures in zip(*pairs, strict=True)
    )
    masks = [_clear_mask(contrast, body_level * scenery.contrast) for contrast in first]
    return _noise(second - first, masks, scenery.contrast * float(np.sqrt(2)))


class LightMeter:
    """Measures by how much the light of the whole picture differs from the background's: median(background - picture).

    Taken on about 1200 pixels of an even grid, to a fraction of a grey level; an animal is too small to move it.

    Examples
    --------
    >>> LightMeter(np.full((48, 64), 100, np.float32)).shift(np.full((48, 64), 90, np.uint8))
    10.0
    """

    def __init__(self, background: Floats) -> None:
        self._every = max(1, int(np.sqrt(background.size / _LIGHT_SAMPLES)))
        part = background[:: self._every, :: self._every]
        self._doubled = np.rint(2 * part).astype(np.int16) + np.int16(_DOUBLED_ZERO)

    def shift(self, picture: Picture) -> float:
        """Return the median difference in grey levels, interpolated within half a grey level."""
        part = picture[:: self._every, :: self._every]
        doubled = self._doubled - part
        doubled -= part
        counts = np.bincount(doubled.ravel())
        reached = counts.cumsum()
        half = 0.5 * doubled.size
        k = int(np.searchsorted(reached, half))
        inside = (half - (reached[k] - counts[k])) / counts[k]
        return float(k - _DOUBLED_ZERO - 0.5 + inside) / 2


def body_mask(contrast: Floats, level: float, near: Mask | None = None) -> tuple[Mask, Box] | None:
    """Return the animal's silhouette in a contrast picture, holes filled, and its box ``(x, y, width, height)``.

    The silhouette is as large as its box. The body is the largest connected piece, or the one that meets `near` (where
    the animal was; as large as `contrast`) best. Pieces within a twentieth of the body's length belong to it (a limb
    cut off by the waterline). `None` where there is no piece.

    Examples
    --------
    >>> contrast = np.zeros((20, 30), np.float32)
    >>> contrast[5:9, 10:16] = 1
    >>> mask, box = body_mask(contrast, 0.5)
    >>> box, int(mask.sum())
    ((10, 5, 6, 4), 24)
    """
    seeds = (contrast > level).view(np.uint8)
    outlines, _ = cv2.findContours(seeds, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    pieces = sorted((outline for outline in outlines if len(outline) > _LEAST_OUTLINE), key=len, reverse=True)
    if not pieces:
        return None
    pieces = _main_first(pieces, near)
    boxes: list[Box] = [tuple(cv2.boundingRect(piece)) for piece in pieces]
    chosen = [0, *_near_first(pieces, boxes)]
    box = hull([boxes[k] for k in chosen])
    return _filled([pieces[k] for k in chosen], box), box


def hull(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around boxes ``(x, y, width, height)``.

    Examples
    --------
    >>> hull([(0, 0, 2, 2), (5, 1, 1, 4)])
    (0, 0, 6, 5)
    """
    if len(boxes) == 1:
        return boxes[0]
    lefts, tops, widths, heights = zip(*boxes, strict=True)
    x, y = min(lefts), min(tops)
    right, bottom = max(map(add, lefts, widths)), max(map(add, tops, heights))
    return x, y, right - x, bottom - y


def _main_first(pieces: list[Outline], near: Mask | None) -> list[Outline]:
    """Put the main piece first; only pieces with a long outline are considered."""
    if len(pieces) == 1 or len(pieces[0]) > _CLEARLY_LONGER * len(pieces[1]):
        return pieces
    sizes = [cv2.contourArea(piece) + len(piece) for piece in pieces[:_CANDIDATES]]
    main = int(np.argmax(sizes))
    if near is not None and len(sizes) > 1 and 3 * sorted(sizes)[-2] > sizes[main]:
        meets = [_meeting(piece, near) for piece in pieces[:_CANDIDATES]]
        main = int(np.argmax([size + 2.0 * meet for size, meet in zip(sizes, meets, strict=True)]))
    return [pieces[main], *pieces[:main], *pieces[main + 1 :]]


def _meeting(piece: Outline, near: Mask) -> int:
    x, y, wide, high = cv2.boundingRect(piece)
    return cv2.countNonZero(_filled([piece], (x, y, wide, high)) & near[y : y + high, x : x + wide])


def _near_first(pieces: Sequence[Outline], boxes: Sequence[Box]) -> list[int]:
    """Return the numbers of the pieces that are near the first one."""
    if len(pieces) == 1:
        return []
    x, y, wide, high = boxes[0]
    reach = max(1, round(0.05 * max(wide, high)))
    beside = [
        k
        for k, (u, v, w, h) in enumerate(boxes[1:], start=1)
        if u - reach < x + wide and x - reach < u + w and v - reach < y + high and y - reach < v + h
    ]
    if not beside:
        return []
    frame = (x - 2 * reach, y - 2 * reach, wide + 4 * reach, high + 4 * reach)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    around = cv2.dilate(_filled(pieces[:1], frame), kernel)
    return [k for k in beside if _touches(pieces[k], around, frame)]


def _touches(piece: Outline, mask: Mask, frame: Box) -> bool:
    points = piece[:, 0] - np.array(frame[:2])
    inside = ((points >= 0) & (points < frame[2:])).all(axis=1)
    return bool(mask[points[inside, 1], points[inside, 0]].any())


def _filled(pieces: Sequence[Outline], box: Box) -> Mask:
    """Draw pieces into a mask as large as the box; what lies outside is cut off."""
    mask = np.zeros((box[3], box[2]), np.uint8)
    cv2.drawContours(mask, pieces, -1, 1, cv2.FILLED, offset=(-box[0], -box[1]))
    return mask


def _contrasts(stack: Picture, background: Floats, sign: int) -> Floats:
    """Return ``sign * (background - picture)`` less its median, for each picture."""
    contrasts, light = np.empty(stack.shape, np.float32), LightMeter(background)
    for picture, contrast in zip(stack, contrasts, strict=True):
        cv2.subtract(background, picture, dst=contrast, dtype=cv2.CV_32F)
        contrast -= light.shift(picture)
        if sign < 0:
            np.negative(contrast, out=contrast)
    return contrasts


def _guess(stack: Picture, ordered: Picture, sign: int, rules: SilhouetteRules) -> tuple[Scenery, float] | None:
    """Take one sign for granted, and return the scenery and how well the frames bear it out (their edge part)."""
    background = _first_background(ordered, sign)
    contrasts = _contrasts(stack, background, sign)
    level = _split(contrasts, rules.min_contrast)
    if level is None:
        return None
    masks = [_clear_mask(contrast, level) for contrast in contrasts]
    if not any(mask.any() for mask in masks):
        return None
    background = _refined(stack, ordered[len(ordered) // 2], masks, background)
    contrasts = _contrasts(stack, background, sign)
    return _judge(stack, contrasts, background, sign, rules, masks)


def _first_background(ordered: Picture, sign: int) -> Floats:
    """Take the light (dark) tail of each pixel; mend the core that a nearly still animal never left."""
    n = len(ordered)
    usual, other = (round(0.9 * (n - 1)), round(0.1 * (n - 1)))
    light, dark = ordered[usual if sign > 0 else other], ordered[other if sign > 0 else usual]
    change = cv2.absdiff(light, dark)
    moved = (change > max(12.0, 0.35 * float(np.quantile(change, 0.999)))).astype(np.uint8)
    core = _core(light, dark, moved)
    background = light
    if core.any():
        hole = cv2.dilate(core.astype(np.uint8), _EDGE_RING, iterations=2)
        background = np.asarray(cv2.inpaint(light, hole, 3, cv2.INPAINT_TELEA), dtype=np.uint8)
    return np.asarray(background, dtype=np.float32)


def _core(light: Picture, dark: Picture, moved: Mask) -> NDArray[np.bool_]:
    """Return where an animal that hardly left its place always was: inside what moved, and of the animal's grey.

    Inside is what changes enclose; or, where much of their convex hull has the animal's grey, that hull. The hull of a
    waterline is too long for an animal.
    """
    if not moved.any():
        return np.zeros(moved.shape, dtype=bool)
    animal, water = float(np.median(dark[moved > 0])), float(np.median(light[moved > 0]))
    like = np.abs(light.astype(np.float32) - animal) < np.abs(light.astype(np.float32) - water)
    inside = _enclosed(cv2.morphologyEx(moved, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    points, around = cv2.findNonZero(moved), np.zeros(moved.shape, np.uint8)
    cv2.fillConvexPoly(around, cv2.convexHull(points), 1)
    held = np.count_nonzero(like & (around > 0)) >= _HELD_PART * np.count_nonzero(around)
    _, sides, _ = cv2.minAreaRect(points)
    if held and max(sides) <= _LONGEST * min(sides):
        inside |= around > 0
    return np.asarray(inside & like & (moved == 0))


def _enclosed(mask: Mask) -> NDArray[np.bool_]:
    """Return the mask with its holes filled."""
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] != 2)


def _split(contrasts: Floats, least: float) -> float | None:
    """Return the grey-level contrast between water and animal (Otsu over what is above the noise)."""
    values = contrasts[:, ::_SPARSE, ::_SPARSE].ravel()
    sd = 1.4826 * float(np.median(np.abs(values)))
    strong = values[values > max(0.5 * least, 4 * sd)]
    if len(strong) < _LEAST_STRONG * len(contrasts):
        return None
    scaled = np.clip(strong, 0, 255).astype(np.uint8).reshape(1, -1)
    threshold, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    typical = float(np.median(strong[strong > threshold])) if np.any(strong > threshold) else float(threshold)
    return max(_SPLIT_PART * typical, 0.5 * least)


def _clear_mask(contrast: Floats, level: float) -> Mask:
    found, whole = body_mask(contrast, level), np.zeros(contrast.shape, np.uint8)
    if found is not None:
        x, y, width, height = found[1]
        whole[y : y + height, x : x + width] = found[0]
    return whole


def _refined(stack: Picture, middle: Picture, masks: Sequence[Mask], background: Floats) -> Floats:
    """Return each pixel's median over the frames in which the animal, with a margin, was elsewhere."""
    kernel = np.ones((7, 7), np.uint8)
    hidden = np.stack([cv2.dilate(mask, kernel) for mask in masks])
    free = len(stack) - hidden.sum(axis=0, dtype=np.int64)
    last = ordered(np.where(hidden > 0, np.uint8(255), stack))
    low, high = (
        np.take_along_axis(last, k[None] // 2, axis=0)[0]
        for k in (np.maximum(free - 1, 0), free.clip(0, len(stack) - 1))
    )
    refined = 0.5 * (low.astype(np.float32) + high.astype(np.float32))
    refined = np.where(free >= max(3, len(stack) // 12), refined, background)
    return np.where(free == len(stack), middle, refined).astype(np.float32)


def _judge(
    stack: Picture,
    contrasts: Floats,
    background: Floats,
    sign: int,
    rules: SilhouetteRules,
    masks: Sequence[Mask],
) -> tuple[Scenery, float] | None:
    """Measure contrast, noise, area and edge with the refined background, and refuse what is no animal."""
    typical = float(np.median(np.concatenate([c[m > 0] for c, m in zip(contrasts, masks, strict=True)])))
    if typical < rules.min_contrast:
        return None
    masks = [_clear_mask(contrast, rules.body_level * typical) for contrast in contrasts]
    areas = np.array([cv2.countNonZero(mask) for mask in masks], dtype=np.float64)
    whole = (areas > rules.min_area * background.size) & (areas < rules.max_area * background.size)
    if np.mean(whole) < rules.min_found:
        return None
    area = float(np.median(areas[whole]))
    whole &= (areas > area / 3) & (areas < area * 3)
    edges = [_edge_part(p, m, sign, typical) for p, m, ok in zip(stack, masks, whole, strict=True) if ok]
    edge = float(np.median(edges)) if edges else 0.0
    if np.mean(whole) < rules.min_found or edge < rules.min_edge:
        return None
    noise = _noise(contrasts, masks, typical)
    clear = float(np.median(noise)) * rules.min_contrast_sd < 1
    if not clear or _halo(contrasts, masks, rules.body_level * typical, 0.2 * typical) > rules.max_halo:
        return None
    return Scenery(background=background, sign=sign, contrast=typical, noise=noise, area_px=area), edge


def _noise(contrasts: Floats, masks: Sequence[Mask], typical: float) -> Floats:
    """Return each pixel's SD over the frames without the animal, as a part of the contrast, smoothed a little."""
    total, square, count = (np.zeros(contrasts.shape[1:], np.float32) for _ in range(3))
    kernel = np.ones((9, 9), np.uint8)
    for contrast, mask in zip(contrasts, masks, strict=True):
        free = 1 - cv2.dilate(mask, kernel)
        cv2.accumulate(contrast, total, free)
        cv2.accumulateSquare(contrast, square, free)
        cv2.accumulate(free, count)
    many = np.maximum(count, 1)
    sd = np.sqrt(np.maximum(square / many - (total / many) ** 2, 0)) / typical
    usual = float(np.median(sd[count > 3])) if np.any(count > 3) else 0.0
    sd = np.where(count > 3, sd, usual).astype(np.float32)
    return np.asarray(cv2.blur(sd, (5, 5)), dtype=np.float32)


def _halo(contrasts: Floats, masks: Sequence[Mask], level: float, faint: float) -> float:
    """Return the area of in-between contrast around the body over the body's area, the median over the frames."""
    parts = []
    for contrast, mask in zip(contrasts, masks, strict=True):
        if mask.any():
            x, y, wide, high = cv2.boundingRect(mask)
            near = contrast[max(0, y - 3) : y + high + 3, max(0, x - 3) : x + wide + 3]
            parts.append(np.count_nonzero((near > faint) & (near <= level)) / np.count_nonzero(mask))
    return float(np.median(parts))


def _edge_part(picture: Picture, mask: Mask, sign: int, typical: float) -> float:
    """Return which part of the outline is an edge in the frame itself: the inside against the outside."""
    x, y, wide, high = cv2.boundingRect(mask)
    rows, columns = slice(max(0, y - 4), y + high + 4), slice(max(0, x - 4), x + wide + 4)
    body, grey = mask[rows, columns], -sign * picture[rows, columns].astype(np.float32)
    near = np.ones((5, 5), np.uint8)
    inside = cv2.dilate(np.where(body > 0, grey, np.float32(-1e3)), near)
    outside = cv2.erode(np.where(body > 0, np.float32(1e3), grey), near)
    rim = (body - cv2.erode(body, _EDGE_RING)) > 0
    return float(np.mean((inside - outside)[rim] > 0.5 * typical)) if rim.any() else 0.0
