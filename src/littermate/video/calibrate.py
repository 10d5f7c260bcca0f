"""Calibrate: where the floor of an open field is in the picture.

The floor is the smallest four-sided area with a step of brightness along most of each side that holds (nearly) all
places where the animal was seen. Lines drawn on the floor are thin and are filtered out first; the upper rim of the
walls also makes a four-sided area, but a larger one. The corners are where straight lines, fitted to the steps with
sub-pixel precision, meet; where a wide-angle lens bows all four sides, parabolas in place of lines. Where no such area
is convincing there is no answer, rather than a wrong one.

Corners are in px, in the order upper left, upper right, lower right, lower left.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Corners", "find_floor", "whole_picture"]

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
Floats = NDArray[np.float64]

_WORK_PX = 400
_MIN_STEP = 2.5
_LEAN = 0.22
_CANDIDATES = 14
_MIN_SUPPORT = 0.7
_MIN_AREA = 0.08
_HOLDS = 0.95
_BOW = 0.012
_MOST_BOW = 0.04
_BOWED = 0.004
_CLEAR_STEP = 8.0
_SAME = 0.05
_STRAIGHT = 0.005
_MIN_CONTRAST = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A straight step of brightness: ``x = a + b y`` for an upright one, ``y = a + b x`` for a level one.

    `sign` is +1 where it gets brighter to the right (or downwards).
    """

    a: float
    b: float
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Quad:
    """A candidate: left, right, top and bottom side, its (4, 2) corners, its area and its sides' mean support."""

    sides: tuple[_Side, _Side, _Side, _Side]
    corners: Floats
    area: float
    support: float


def whole_picture(width: int, height: int) -> Corners:
    """Return the corners of the picture itself, the fallback that must be named in every result.

    Examples
    --------
    >>> whole_picture(640, 480)
    ((-0.5, -0.5), (639.5, -0.5), (639.5, 479.5), (-0.5, 479.5))
    """
    right, bottom = width - 0.5, height - 0.5
    return (-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)


def find_floor(background: NDArray[np.uint8], *, visited_px: Floats | None = None) -> Corners | None:
    """Return the floor's corners, or `None` where no convincing floor is seen.

    Parameters
    ----------
    background : (height, width) uint8
        The scene without its animal.
    visited_px : (n, 2) float
        Places where the animal was seen; 95 % of them must be on the floor.

    Examples
    --------
    >>> picture = np.full((240, 320), 60, np.uint8)
    >>> picture[40:200, 80:240] = 180
    >>> truth = [(79.5, 39.5), (239.5, 39.5), (239.5, 199.5), (79.5, 199.5)]
    >>> bool(np.abs(np.array(find_floor(picture)) - truth).max() < 0.5)
    True
    >>> find_floor(np.full((240, 320), 60, np.uint8)) is None
    True
    """
    shrink = -(-max(background.shape) // _WORK_PX)
    small = _shrunk(background, shrink)
    visited = None if visited_px is None else (visited_px + 0.5) / shrink - 0.5
    for bow, least in ((0.0, _MIN_STEP), (_BOW, _CLEAR_STEP)):
        quads = [quad for quad in _quads(_Steps(small, bow, least)) if _holds(quad.corners, visited)]
        for quad in _smallest_first(quads):
            corners = (quad.corners + 0.5) * shrink - 0.5
            reach = (2.0 + bow * _WORK_PX) * shrink
            found = _refined(background, corners, quad.sides[0].sign, reach=reach, bowed=bow > 0)
            if found is not None:
                return found
    return None


def _smallest_first(quads: list[_Quad]) -> Iterator[_Quad]:
    """Give the candidates by area, of those that nearly coincide only the one with the best support."""
    left = sorted(quads, key=lambda quad: quad.area)
    while left:
        near = [quad for quad in left if np.abs(quad.corners - left[0].corners).max() < _SAME * left[0].area ** 0.5]
        yield max(near, key=lambda quad: quad.support)
        left = [quad for quad in left if quad not in near]


def _shrunk(picture: NDArray[np.uint8], shrink: int) -> NDArray[np.uint8]:
    """Make the picture smaller by a whole factor and take thin lines out of it."""
    height, width = (side // shrink * shrink for side in picture.shape)
    small = cv2.resize(picture[:height, :width], (width // shrink, height // shrink), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(small, 2 * (max(small.shape) // 80) + 1), dtype=np.uint8)


class _Steps:
    """Where the picture has steps of brightness, by direction and sign, each (rows, columns) bool.

    `bow` is how far a bowed side (a wide-angle lens) may be from a straight one, as a share of the picture's side.
    """

    def __init__(self, small: NDArray[np.uint8], bow: float, least: float) -> None:
        smooth = cv2.GaussianBlur(small, (0, 0), 1.2).astype(np.float32)
        self.upright = _peaks(smooth, least)
        self.level = _peaks(smooth.T, least)
        self.height, self.width = small.shape
        wide = np.ones((1, 2 * round(bow * max(small.shape)) + 1), np.uint8)
        self.bowed = {
            (upright, sign): cv2.dilate(peaks.astype(np.uint8), wide).astype(bool)
            for upright, by_sign in ((True, self.upright), (False, self.level))
            for sign, peaks in by_sign.items()
        }

    def sides(self, *, upright: bool) -> list[_Side]:
        """Return the longest straight steps of one direction."""
        return _long_lines({sign: self.bowed[upright, sign] for sign in (1, -1)})

    def counted(self, sides: list[_Side], *, upright: bool) -> NDArray[np.int64]:
        """Return for each side, summed along it, how many of its places lie on a step: (sides, length + 1)."""
        counted = np.zeros((len(sides), (self.height if upright else self.width) + 1), np.int64)
        for row, side in enumerate(sides):
            peaks = self.bowed[upright, side.sign]
            along = np.arange(len(peaks))
            across = np.rint(side.a + side.b * along).astype(int)
            inside = (across >= 0) & (across < peaks.shape[1])
            counted[row, 1:][inside] = peaks[along[inside], across[inside]]
        return counted.cumsum(axis=1)


def _peaks(smooth: NDArray[np.float32], least: float) -> dict[int, NDArray[np.bool_]]:
    """Find, in each row, the local maxima of the gradient along the row, by sign, a pixel wide to either side."""
    slope = np.zeros_like(smooth)
    slope[:, 1:-1] = (smooth[:, 2:] - smooth[:, :-2]) / 2
    found = {}
    for sign in (1, -1):
        rise = sign * slope
        top = np.zeros(rise.shape, np.uint8)
        middle = rise[:, 1:-1]
        top[:, 1:-1] = (middle >= rise[:, :-2]) & (middle > rise[:, 2:]) & (middle > least / 2)
        found[sign] = cv2.dilate(top, np.ones((1, 3), np.uint8)).astype(bool)
    return found


def _long_lines(peaks: dict[int, NDArray[np.bool_]]) -> list[_Side]:
    """Return straight lines that lie on the most peaks, each with its sign, the best first."""
    found = []
    for sign, mask in peaks.items():
        rows, columns = np.nonzero(mask)
        height, width = mask.shape
        leans = np.arange(-_LEAN, _LEAN + 1e-9, 1.0 / height)
        counts = np.array(
            [np.bincount(_bins(columns, rows, lean, height, width), minlength=2 * width)[: 2 * width] for lean in leans]
        )
        found += [(count, _Side(a=a, b=b, sign=sign)) for count, a, b in _best(counts, leans, height, width)]
    found.sort(key=lambda each: -each[0])
    return [side for _, side in found[: 2 * _CANDIDATES]]


def _bins(
    columns: NDArray[np.int64], rows: NDArray[np.int64], lean: float, height: int, width: int
) -> NDArray[np.int64]:
    """Return where lines with this lean through each peak cross the middle row, shifted to be positive."""
    at_middle = np.rint(columns - lean * (rows - height / 2)).astype(int)
    return np.asarray(np.clip(at_middle + width // 2, 0, 2 * width - 1), dtype=np.int64)


def _best(counts: NDArray[np.int64], leans: Floats, height: int, width: int) -> list[tuple[int, float, float]]:
    """Pick the lines with the most peaks; lines that nearly coincide with a better one are left out."""
    left, best = counts.copy(), []
    reach = max(2, round(0.01 * width))
    for _ in range(_CANDIDATES):
        lean, at = np.unravel_index(int(left.argmax()), left.shape)
        count = int(left[lean, at])
        if count < 0.2 * height:
            break
        slope = float(leans[lean])
        best.append((count, float(at - width // 2) - slope * height / 2, slope))
        near = slice(max(0, lean - round(0.06 * height)), lean + round(0.06 * height) + 1)
        left[near, max(0, at - reach) : at + reach + 1] = 0
    return best


def _quads(steps: _Steps) -> list[_Quad]:
    """Return every four-sided area whose four sides are steps on most of their length."""
    upright, level = steps.sides(upright=True), steps.sides(upright=False)
    columns = _pairs(upright, along=steps.height / 2, least=0.2 * steps.width)
    rows = _pairs(level, along=steps.width / 2, least=0.2 * steps.height)
    if not len(columns) or not len(rows):
        return []
    meets = _meets(upright, level)
    (left, right), (top, bottom) = (
        columns.repeat(len(rows), axis=0).T,
        np.tile(rows, (len(columns), 1)).T,
    )
    corners = np.stack([meets[left, top], meets[right, top], meets[right, bottom], meets[left, bottom]], axis=1)
    steps_up, steps_level = steps.counted(upright, upright=True), steps.counted(level, upright=False)
    support = np.column_stack(
        [
            _share(steps_up, left, corners[:, 0, 1], corners[:, 3, 1]),
            _share(steps_up, right, corners[:, 1, 1], corners[:, 2, 1]),
            _share(steps_level, top, corners[:, 0, 0], corners[:, 1, 0]),
            _share(steps_level, bottom, corners[:, 3, 0], corners[:, 2, 0]),
        ]
    )
    limits, area = np.array([steps.width, steps.height]), _areas(corners)
    good = (support.min(axis=1) >= _MIN_SUPPORT) & (area >= _MIN_AREA * steps.width * steps.height)
    good &= np.all((corners >= -0.02 * limits) & (corners <= 1.02 * limits), axis=(1, 2))
    good &= np.array([side.sign for side in upright])[left] == np.array([side.sign for side in level])[top]
    return [
        _Quad(
            sides=(upright[left[k]], upright[right[k]], level[top[k]], level[bottom[k]]),
            corners=corners[k],
            area=float(area[k]),
            support=float(support[k].mean()),
        )
        for k in np.flatnonzero(good).tolist()
    ]


def _pairs(sides: list[_Side], *, along: float, least: float) -> NDArray[np.int64]:
    """Return the pairs (n, 2) of sides of which the second lies well beyond the first, with floor between them."""
    pairs = [
        (first, second)
        for first, second in itertools.permutations(range(len(sides)), 2)
        if sides[first].sign == -sides[second].sign
        and sides[second].a - sides[first].a + (sides[second].b - sides[first].b) * along > least
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _meets(upright: list[_Side], level: list[_Side]) -> Floats:
    """Return where each upright line meets each level one, (uprights, levels, 2)."""
    (a, b), (c, d) = (np.array([(side.a, side.b) for side in sides]).T for sides in (upright, level))
    x = (a[:, None] + b[:, None] * c) / (1 - b[:, None] * d)
    return np.stack([x, c + d * x], axis=2)


def _share(counted: NDArray[np.int64], line: NDArray[np.int64], start: Floats, stop: Floats) -> Floats:
    """Return on what share of its length between `start` and `stop` each line has its step."""
    last = counted.shape[1] - 1
    first = np.clip(np.ceil(start), 0, last).astype(int)
    end = np.clip(np.floor(stop) + 1, 0, last).astype(int)
    long = end - first
    return np.where(long < 8, 0.0, (counted[line, end] - counted[line, first]) / np.maximum(long, 1))


def _areas(corners: Floats) -> Floats:
    x, y = corners[..., 0], corners[..., 1]
    return np.asarray(
        0.5 * np.abs(np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1)), dtype=np.float64
    )


def _holds(corners: Floats, visited: Floats | None) -> bool:
    if visited is None or not len(visited):
        return True
    contour = corners.astype(np.float32)
    slack = 0.04 * float(np.sqrt(cv2.contourArea(contour)))
    inside = [cv2.pointPolygonTest(contour, (float(x), float(y)), True) > -slack for x, y in visited]
    return float(np.mean(inside)) >= _HOLDS


def _refined(background: NDArray[np.uint8], corners: Floats, sign: int, *, reach: float, bowed: bool) -> Corners | None:
    """Fit a line to the sub-pixel places of each side's step, and return where the lines meet.

    `sign` is +1 for a floor brighter than its surroundings. The second round looks near the lines of the first. Sides
    that are `bowed` by the lens, or prove to be, are fitted by parabolas, whose meeting points are the corners.
    """
    smooth = cv2.GaussianBlur(background, (0, 0), 1.0).astype(np.float32)
    for nearer in () if bowed else (1.0, 0.6):
        met = _lines_meet(_sides_points(smooth, corners, sign, nearer * reach))
        if met is None:
            return None
        corners = met
    bent = _parabolas_meet(smooth, corners, sign, max(reach, _MOST_BOW * float(np.ptp(corners, axis=0).min())))
    if bowed or bent is not None:
        if bent is None or not _plausible(bent, background.shape):
            return None
        corners = bent
    ul, ur, lr, ll = ((float(x), float(y)) for x, y in corners)
    return ul, ur, lr, ll


def _sides_points(smooth: NDArray[np.float32], corners: Floats, sign: int, reach: float) -> list[Floats]:
    return [_step_points(smooth, corners[k], corners[(k + 1) % 4], sign, reach) for k in range(4)]


def _lines_meet(sides: list[Floats]) -> Floats | None:
    lines = [_fitted(points) for points in sides]
    if any(line is None for line in lines):
        return None
    met = np.array([np.cross(lines[k - 1], lines[k]) for k in range(4)])  # type: ignore[arg-type]
    return np.asarray(met[:, :2] / met[:, 2:], dtype=np.float64)


def _parabolas_meet(smooth: NDArray[np.float32], corners: Floats, sign: int, reach: float) -> Floats | None:
    """Fit a parabola to each side and return where neighbours meet; `None` unless every side is bowed."""
    upright = (False, True, False, True)
    points = _sides_points(smooth, corners, sign, reach)
    curves = [_bent(each, upright=up) for each, up in zip(points, upright, strict=True)]
    lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    if any(curve is None or abs(curve[0]) * length / 4 < _BOWED for curve, length in zip(curves, lengths, strict=True)):
        return None
    met = corners.copy()
    for k in range(4):
        level, standing = (curves[k], curves[k - 1]) if k % 2 == 0 else (curves[k - 1], curves[k])
        x, y = met[k]
        for _ in range(20):
            x, y = np.polyval(standing, y), np.polyval(level, x)  # type: ignore[arg-type]
        met[k] = x, y
    return met


def _bent(points: Floats, *, upright: bool) -> Floats | None:
    """Fit y(x), of an upright side x(y), as a parabola to most of the points; `None` where they make none."""
    if len(points) < 24:
        return None
    along, across = points.T[::-1] if upright else points.T
    middle, near = float(np.median(across)), np.ones(len(points), bool)
    curve = np.array([0.0, 0.0, middle])
    for _ in range(8):
        curve = np.polyfit(along[near], across[near], 2)
        away = np.abs(across - np.polyval(curve, along))
        near = away <= max(1.5, 2.0 * float(np.median(away)))
        if near.mean() < _MIN_SUPPORT / 2:
            return None
    length = float(np.ptp(along))
    sagitta = abs(curve[0]) * length**2 / 4
    close = away <= max(1.5, _STRAIGHT * length)
    spread = np.ptp(along[close]) if close.any() else 0.0
    if close.mean() < _MIN_SUPPORT or spread < 0.9 * length or sagitta > _MOST_BOW * length:
        return None
    return np.asarray(curve, dtype=np.float64)


def _plausible(corners: Floats, shape: tuple[int, ...]) -> bool:
    """Return whether the corners lie in the picture and span a convex area."""
    sides = np.roll(corners, -1, axis=0) - corners
    turns = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    limits = np.array(shape[::-1])
    return bool(np.all(turns > 0) and np.all(corners > -0.02 * limits) and np.all(corners < 1.02 * limits))


def _step_points(smooth: NDArray[np.float32], first: Floats, second: Floats, sign: int, reach: float) -> Floats:
    """Return the (n, 2) places of the steepest step across one side, going clockwise: floor to the right of it."""
    length = float(np.hypot(*(second - first)))
    along = (second - first) / length
    inward = np.array([-along[1], along[0]])
    stations = first + np.outer(np.linspace(0.04, 0.96, max(24, int(length / 2))) * length, along)
    offsets = np.arange(-reach, reach + 0.01, 0.5)
    places = stations[:, None, :] + offsets[None, :, None] * inward
    grey = cv2.remap(
        smooth,
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    rise = sign * (grey[:, 2:] - grey[:, :-2])
    best = np.clip(rise.argmax(axis=1), 1, rise.shape[1] - 2)
    row = np.arange(len(best))
    before, at, after = rise[row, best - 1], rise[row, best], rise[row, best + 1]
    bend = before - 2 * at + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.where(bend < 0, bend, -1), 0.0)
    if np.median(sign * (grey[:, -1] - grey[:, 0])) < _MIN_CONTRAST:
        return np.empty((0, 2))
    steep = (at > _MIN_STEP / 4) & (np.abs(shift) <= 1)
    where = offsets[best + 1] + 0.5 * shift
    return np.asarray((stations + where[:, None] * inward)[steep], dtype=np.float64)


def _fitted(points: Floats) -> Floats | None:
    """Fit a line (a, b, c) with a x + b y + c = 0 to most of the points; `None` where they make no line."""
    if len(points) < 12:
        return None
    vx, vy, x, y = cv2.fitLine(points.astype(np.float32), cv2.DIST_WELSCH, 0, 1e-3, 1e-4).ravel().tolist()
    away = np.abs((points - [x, y]) @ [-vy, vx])
    length = float(np.hypot(*(points[-1] - points[0])))
    near = away <= max(1.5, 2.5 * float(np.median(away)))
    if near.mean() < 0.5 or np.quantile(away, 0.75) > max(1.5, _STRAIGHT * length):
        return None
    vx, vy, x, y = cv2.fitLine(points[near].astype(np.float32), cv2.DIST_L2, 0, 1e-3, 1e-4).ravel().tolist()
    return np.array([-vy, vx, vy * x - vx * y])
