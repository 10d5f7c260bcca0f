"""Steady: whether camera and arena stayed as they were, from looks spread over a recording.

What is compared is the *structure* of a look: the picture less its own local mean, so that light that drifts, steps
or flickers changes it little, clipped so that no bright spot outweighs the rest. The reference is the median of the
third of the recording that changed least. Shifts are in pixels of the look, positive to the right and down.

A shift is fitted to the edges of the reference by robust least squares (Lucas and Kanade 1981, with Tukey's weights):
an animal, a hand or a ripple departs from the many edges that agree, and is given no weight. It starts at none, and
where that does not fit, at the peak of the phase correlation.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.ranks import middle

__all__ = ["Alignment", "Reference", "alike_unmoved", "aligned", "changed_blocks", "find_reference", "structure"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

_LOCAL = 15
_CLIP, _EVEN_CLIP = 24.0, 8.0
_LEAST_EDGE, _USUAL_EDGE = 2.0, 4.0
_MARGIN = 4
_TUKEY = 4.685
_STEPS = 8
_BLOCK, _WINDOW = 10, 13
_SAME, _DOUBTFUL = 0.97, 0.8
_TILES = (5, 4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """The scene at rest.

    Parameters
    ----------
    picture : (height, width) uint8
        Median of the calmest third of the looks.
    structure : (height, width) float32
        Its structure.
    weights : (height, width) float32
        How much each pixel counts: its edge, less where the scene itself is restless.
    right, down : (height, width) float32
        Gradients of the structure.
    """

    picture: Picture
    structure: Floats
    weights: Floats
    right: Floats
    down: Floats

    @property
    def edges_px(self) -> int:
        """How many pixels have an edge that a shift could be read from."""
        return int(np.count_nonzero(self.weights))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How one look lies on the reference.

    `shift_px` is (right, down); `alike` and `alike_unmoved` are the correlations of the structures, 1 for the same
    scene and about 0 for another one, after and before the shift is taken back. `agreeing` is the part of the
    picture's 5 x 4 tiles with edges that fit better after it: the whole scene moves with the camera, an animal alone
    moves a few.
    """

    shift_px: tuple[float, float]
    alike: float
    alike_unmoved: float
    agreeing: float = 0.0

    @property
    def length_px(self) -> float:
        """Length of the shift."""
        return float(np.hypot(*self.shift_px))


def structure(picture: Picture, *, clip: float = _EVEN_CLIP) -> Floats:
    """Return a (height, width) picture less its local mean, clipped: what the light does not change."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0).astype(np.float32)
    return np.asarray(np.clip(smooth - cv2.blur(smooth, (_LOCAL, _LOCAL)), -clip, clip), dtype=np.float32)


def find_reference(pictures: Picture) -> Reference:
    """Return the scene at rest from (n, height, width) looks in the order of their times."""
    parts = np.array_split(np.arange(len(pictures)), 3 if len(pictures) >= 9 else 1)
    medians = [_median(pictures[part]) for part in parts]
    restless = [_spread(pictures[part], median) for part, median in zip(parts, medians, strict=True)]
    calmest = int(np.argmin([float(np.mean(one)) for one in restless]))
    scene = structure(medians[calmest])
    right, down = (cv2.Sobel(scene, cv2.CV_32F, *axis, ksize=3, scale=0.125) for axis in ((1, 0), (0, 1)))
    edge = cv2.magnitude(right, down)
    usual = max(1.0, float(np.median(restless[calmest])))
    weights = np.where(edge > _LEAST_EDGE, np.minimum(edge, _USUAL_EDGE), 0) / (
        1 + (restless[calmest] / (3 * usual)) ** 2
    )
    weights[:_MARGIN], weights[-_MARGIN:], weights[:, :_MARGIN], weights[:, -_MARGIN:] = 0, 0, 0, 0
    return Reference(
        picture=medians[calmest],
        structure=scene,
        weights=weights.astype(np.float32),
        right=right,
        down=down,
    )


def _median(pictures: Picture) -> Picture:
    return middle(pictures)


def _spread(pictures: Picture, median: Picture) -> Floats:
    """Return each pixel's typical departure from the median, in structure: light that drifts is no restlessness."""
    scene = structure(median)
    departures = [np.abs(structure(picture) - scene) for picture in pictures[::2]]
    return np.asarray(np.mean(departures, axis=0), dtype=np.float32)


def aligned(picture: Picture, reference: Reference, *, doubtful: float = _DOUBTFUL) -> Alignment:
    """Return how a look lies on the reference; where the first fit is less alike than `doubtful`, others are tried."""
    scene = structure(picture)
    unmoved = _alike(scene, reference, (0.0, 0.0))
    found = (0.0, 0.0) if unmoved > _SAME else _fit(scene, reference, (0.0, 0.0))
    alike = _alike(scene, reference, found)
    if max(alike, unmoved) < doubtful:
        for guess in _peaks(scene, reference):
            other = _fit(scene, reference, guess)
            if (better := _alike(scene, reference, other)) > max(alike, unmoved):
                found, alike = other, better
    if alike <= unmoved:
        return Alignment(shift_px=(0.0, 0.0), alike=unmoved, alike_unmoved=unmoved)
    agreeing = _agreeing(scene, reference, found)
    return Alignment(shift_px=found, alike=alike, alike_unmoved=unmoved, agreeing=agreeing)


def _in_both(weights: Floats, shift: tuple[float, float]) -> Floats:
    """Return the weights of what can be seen before and after a shift."""
    right, down = (int(np.ceil(abs(one))) + (_MARGIN if one else 0) for one in shift)
    if not right and not down:
        return weights
    both = np.zeros_like(weights)
    inner = np.s_[down : weights.shape[0] - down, right : weights.shape[1] - right]
    both[inner] = weights[inner]
    return both


def _agreeing(scene: Floats, reference: Reference, shift: tuple[float, float]) -> float:
    """Return the part of the tiles with edges whose misfit falls by a fifth or more."""
    weights, back = _in_both(reference.weights, shift), _shifted(scene, shift)
    before, after, edges = (
        cv2.resize(picture, _TILES, interpolation=cv2.INTER_AREA)
        for picture in (
            weights * np.abs(scene - reference.structure),
            weights * np.abs(back - reference.structure),
            weights,
        )
    )
    tiles = edges > 0.1 * float(edges.max())
    return float(np.mean((after < 0.8 * before)[tiles])) if np.count_nonzero(tiles) >= 3 else 0.0


def _peaks(scene: Floats, reference: Reference, count: int = 4) -> list[tuple[float, float]]:
    """Return the shifts at the highest peaks of the cross-correlation with the reference's edges."""
    target = np.fft.rfft2(np.sign(reference.structure) * reference.weights)
    match = np.fft.irfft2(np.fft.rfft2(scene) * np.conj(target), s=scene.shape)
    height, width = scene.shape
    match = np.roll(match, (height // 2, width // 2), axis=(0, 1)).astype(np.float32)
    match[: height // 4], match[-height // 4 :], match[:, : width // 4], match[:, -width // 4 :] = 0, 0, 0, 0
    found = []
    for _ in range(count):
        _, _, _, (x, y) = cv2.minMaxLoc(match)
        found.append((float(x - width // 2), float(y - height // 2)))
        match[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4] = -np.inf
    return found


def alike_unmoved(picture: Picture, reference: Reference) -> float:
    """Return the correlation of a look's structure with the reference's, where it lies."""
    return _alike(structure(picture), reference, (0.0, 0.0))


def _alike(scene: Floats, reference: Reference, shift: tuple[float, float]) -> float:
    """Return the correlation of two structures over the reference's edges, a shift taken back."""
    weights, scene = _in_both(reference.weights, shift), _shifted(scene, shift)
    cross = float(np.sum(weights * scene * reference.structure))
    own = float(np.sum(weights * scene * scene)) * float(np.sum(weights * reference.structure**2))
    return cross / np.sqrt(own) if own > 0 else 0.0


def _shifted(scene: Floats, shift: tuple[float, float]) -> Floats:
    """Take a shift back."""
    if shift == (0.0, 0.0):
        return scene
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (scene.shape[1], scene.shape[0])
    return np.asarray(cv2.warpAffine(scene, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _fit(scene: Floats, reference: Reference, shift: tuple[float, float]) -> tuple[float, float]:
    """Fit the shift of a structure from a first guess."""
    on = reference.weights > 0
    if np.count_nonzero(on) < 20:
        return shift
    gradients = np.column_stack([reference.right[on], reference.down[on]]).astype(np.float64)
    target, own = reference.structure[on], reference.weights[on]
    at = np.array(shift)
    reach = 0.25 * min(scene.shape)
    for _ in range(_STEPS):
        seen = _shifted(scene, (float(at[0]), float(at[1])))[on]
        gain = float(np.clip(np.sum(own * seen * target) / max(1e-9, np.sum(own * seen * seen)), 0.3, 3.0))
        error = gain * seen - target
        weights = own * _tukey(error)
        normal = (gradients * weights[:, None]).T @ gradients
        normal += np.eye(2) * 1e-3 * np.trace(normal)
        step = np.linalg.solve(normal, (gradients * weights[:, None]).T @ error)
        at -= np.clip(step, -2, 2)
        if np.hypot(*step) < 0.02 or np.hypot(*at) > reach:
            break
    return (float(at[0]), float(at[1])) if np.hypot(*at) <= reach else (0.0, 0.0)


def _tukey(error: Floats) -> Floats:
    scale = _TUKEY * max(1.0, 1.4826 * float(np.median(np.abs(error))))
    return np.asarray(np.where(np.abs(error) < scale, (1 - (error / scale) ** 2) ** 2, 0.0), dtype=np.float32)


def changed_blocks(before: Picture, after: Picture, *, least: float = 5.0, alike: float = 0.5) -> NDArray[np.bool_]:
    """Return the blocks of 10 x 10 px that show something else after than before, as a (rows, columns) mask.

    A block has changed where either picture has structure in it (of `least` grey levels), and the two correlate by
    less than `alike`. A change of light, even an uneven one, leaves the correlation as it is.
    """
    one, two = structure(before, clip=_CLIP), structure(after, clip=_CLIP)
    size = (_WINDOW, _WINDOW)
    cross, first, second = (cv2.blur(product, size) for product in (one * two, one * one, two * two))
    strong = np.maximum(first, second) > least**2
    differs = cross < alike * np.sqrt(first * second) + 1e-6
    alone = np.minimum(first, second) < 0.1 * np.maximum(first, second)
    changed = strong & (differs | alone)
    return np.asarray(changed[_BLOCK // 2 :: _BLOCK, _BLOCK // 2 :: _BLOCK])
