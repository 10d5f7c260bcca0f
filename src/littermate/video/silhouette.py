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

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Scenery", "SilhouetteRules", "body_mask", "find_scenery"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]

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

    def contrast_picture(self, picture: Picture) -> Floats:
        """Return the contrast picture of a (height, width) frame: 0 water, about 1 animal."""
        return _contrast(picture, self.background, self.sign) * np.float32(1.0 / self.contrast)


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
    ordered = np.sort(stack, axis=0)
    guesses = [guess for sign in (1, -1) if (guess := _guess(stack, ordered, sign, rules)) is not None]
    if not guesses:
        return None
    scenery, _ = max(guesses, key=lambda guess: guess[1])
    return scenery


def body_mask(contrast: Floats, level: float, near: Mask | None = None) -> tuple[Mask, NDArray[np.int32]] | None:
    """Return the animal's silhouette in a contrast picture and its box ``(x, y, width, height)``.

    The body is the largest connected piece, or the one that meets `near` (where the animal was) best. Pieces within a
    twentieth of the body's length belong to it (a limb cut off by the waterline). `None` where there is no piece.
    """
    seeds = (contrast > level).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seeds, connectivity=8)
    if count < 2:
        return None
    weights = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    if near is not None:
        weights += 2.0 * np.bincount(labels[near > 0].ravel(), minlength=count)
    weights[0] = 0
    main = int(np.argmax(weights))
    if count == 2:
        return seeds, stats[1, :4]
    return _with_near_pieces(labels, stats, main)


def _with_near_pieces(labels: NDArray[np.int32], stats: NDArray[np.int32], main: int) -> tuple[Mask, NDArray[np.int32]]:
    height, width = labels.shape
    x, y, wide, high, _ = stats[main].tolist()
    reach = max(1, round(0.05 * max(wide, high)))
    x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), min(width, x + wide + reach), min(height, y + high + reach)
    body = (labels[y0:y1, x0:x1] == main).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    touched = np.unique(labels[y0:y1, x0:x1][cv2.dilate(body, kernel) > 0])
    touched = touched[(touched != 0) & (stats[touched, cv2.CC_STAT_AREA] <= stats[main, cv2.CC_STAT_AREA])]
    mask = np.isin(labels, touched).astype(np.uint8) if len(touched) > 1 else (labels == main).astype(np.uint8)
    tops, ends = stats[touched, :2], stats[touched, :2] + stats[touched, 2:4]
    corner = tops.min(axis=0)
    return mask, np.concatenate([corner, ends.max(axis=0) - corner]).astype(np.int32)


def _contrast(picture: Picture, background: Floats, sign: int) -> Floats:
    """Return ``sign * (background - picture)`` less its median over the picture."""
    difference = cv2.subtract(background, picture, dtype=cv2.CV_32F)
    if sign < 0:
        difference = -difference
    return np.asarray(difference - np.median(difference[::4, ::4]), dtype=np.float32)


def _guess(stack: Picture, ordered: Picture, sign: int, rules: SilhouetteRules) -> tuple[Scenery, float] | None:
    """Take one sign for granted, and return the scenery and how well the frames bear it out (their edge part)."""
    background = _first_background(ordered, sign)
    contrasts = [_contrast(picture, background, sign) for picture in stack]
    level = _split(contrasts, rules.min_contrast)
    if level is None:
        return None
    masks = [_clear_mask(contrast, level) for contrast in contrasts]
    if not any(mask.any() for mask in masks):
        return None
    background = _refined(stack, ordered[len(ordered) // 2], masks, background)
    contrasts = [_contrast(picture, background, sign) for picture in stack]
    return _judge(stack, contrasts, background, sign, rules, masks)


def _first_background(ordered: Picture, sign: int) -> Floats:
    """Take the light (dark) tail of each pixel; mend the core that a nearly still animal never left."""
    n = len(ordered)
    usual, other = (round(0.9 * (n - 1)), round(0.1 * (n - 1)))
    light, dark = ordered[usual if sign > 0 else other], ordered[other if sign > 0 else usual]
    change = cv2.absdiff(light, dark)
    moved = (change > max(12.0, 0.35 * float(np.quantile(change, 0.999)))).astype(np.uint8)
    core = _enclosed(cv2.morphologyEx(moved, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))) & (moved == 0)
    if core.any():
        animal, water = float(np.median(dark[moved > 0])), float(np.median(light[moved > 0]))
        core &= np.abs(light.astype(np.float32) - animal) < np.abs(light.astype(np.float32) - water)
    background = light
    if core.any():
        hole = cv2.dilate(core.astype(np.uint8), _EDGE_RING, iterations=2)
        background = np.asarray(cv2.inpaint(light, hole, 3, cv2.INPAINT_TELEA), dtype=np.uint8)
    return np.asarray(background, dtype=np.float32)


def _enclosed(mask: Mask) -> NDArray[np.bool_]:
    """Return the mask with its holes filled."""
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] != 2)


def _split(contrasts: Sequence[Floats], least: float) -> float | None:
    """Return the grey-level contrast between water and animal (Otsu over what is above the noise)."""
    values = np.concatenate([contrast[::2, ::2].ravel() for contrast in contrasts])
    sd = 1.4826 * float(np.median(np.abs(values)))
    strong = values[values > max(0.5 * least, 4 * sd)]
    if len(strong) < 5 * len(contrasts):
        return None
    scaled = np.clip(strong, 0, 255).astype(np.uint8).reshape(1, -1)
    threshold, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    typical = float(np.median(strong[strong > threshold])) if np.any(strong > threshold) else float(threshold)
    return max(0.45 * typical, 0.5 * least)


def _clear_mask(contrast: Floats, level: float) -> Mask:
    found = body_mask(contrast, level)
    return np.zeros(contrast.shape, np.uint8) if found is None else _enclosed(found[0]).astype(np.uint8)


def _refined(stack: Picture, middle: Picture, masks: Sequence[Mask], background: Floats) -> Floats:
    """Return each pixel's median over the frames in which the animal, with a margin, was elsewhere."""
    kernel = np.ones((7, 7), np.uint8)
    hidden = np.stack([cv2.dilate(mask, kernel) for mask in masks]).reshape(len(stack), -1) > 0
    touched = np.flatnonzero(hidden.any(axis=0))
    seen = stack.reshape(len(stack), -1)[:, touched].astype(np.float32)
    seen[hidden[:, touched]] = np.nan
    enough = np.sum(np.isfinite(seen), axis=0) >= max(3, len(stack) // 12)
    refined = middle.astype(np.float32).ravel()
    refined[touched] = background.ravel()[touched]
    refined[touched[enough]] = np.nanmedian(seen[:, enough], axis=0)
    return refined.reshape(background.shape)


def _judge(
    stack: Picture,
    contrasts: Sequence[Floats],
    background: Floats,
    sign: int,
    rules: SilhouetteRules,
    masks: Sequence[Mask],
) -> tuple[Scenery, float] | None:
    """Measure contrast, noise, area and edge with the refined background, and refuse what is no animal."""
    typical = float(np.median(np.concatenate([c[m > 0] for c, m in zip(contrasts, masks, strict=True) if m.any()])))
    if typical < rules.min_contrast:
        return None
    masks = [_clear_mask(contrast, rules.body_level * typical) for contrast in contrasts]
    areas = np.array([int(mask.sum()) for mask in masks], dtype=np.float64)
    size = background.size
    whole = (areas > rules.min_area * size) & (areas < rules.max_area * size)
    if np.mean(whole) < rules.min_found:
        return None
    area = float(np.median(areas[whole]))
    whole &= (areas > area / 3) & (areas < area * 3)
    noise = _noise(contrasts, masks, typical)
    edges = [_edge_part(p, m, sign, typical) for p, m, ok in zip(stack, masks, whole, strict=True) if ok]
    edge = float(np.median(edges)) if edges else 0.0
    halo = _halo(contrasts, masks, rules.body_level * typical, 0.2 * typical)
    steady = np.mean(whole) >= rules.min_found and float(np.median(noise)) * rules.min_contrast_sd < 1
    if not steady or edge < rules.min_edge or halo > rules.max_halo:
        return None
    return Scenery(background=background, sign=sign, contrast=typical, noise=noise, area_px=area), edge


def _noise(contrasts: Sequence[Floats], masks: Sequence[Mask], typical: float) -> Floats:
    """Return each pixel's SD over the frames without the animal, as a part of the contrast, smoothed a little."""
    total, square, count = (np.zeros(contrasts[0].shape, np.float32) for _ in range(3))
    kernel = np.ones((9, 9), np.uint8)
    for contrast, mask in zip(contrasts, masks, strict=True):
        free = (cv2.dilate(mask, kernel) == 0).astype(np.float32)
        total += contrast * free
        square += contrast * contrast * free
        count += free
    many = np.maximum(count, 1)
    sd = np.sqrt(np.maximum(square / many - (total / many) ** 2, 0)) / typical
    usual = float(np.median(sd[count > 3])) if np.any(count > 3) else 0.0
    sd = np.where(count > 3, sd, usual).astype(np.float32)
    return np.asarray(cv2.blur(sd, (5, 5)), dtype=np.float32)


def _halo(contrasts: Sequence[Floats], masks: Sequence[Mask], level: float, faint: float) -> float:
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
