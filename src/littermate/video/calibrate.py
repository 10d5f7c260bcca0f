"""Calibrate: where the floor of an open field is in the picture.

The floor is the smallest four-sided area with a step of brightness along most of each side that holds (nearly) all
places where the animal was seen. Lines drawn on the floor are thin and are filtered out first; the upper rim of the
walls also makes a four-sided area, but a larger one. The corners are where straight lines, fitted to the steps with
sub-pixel precision, meet. Where no such area is convincing there is no answer, rather than a wrong one.

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
_BOW = 0.008
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
    for bow in (0.0, _BOW):
        quads = [quad for quad in _quads(_Steps(small, bow)) if _holds(quad.corners, visited)]
        for quad in _smallest_first(quads):
            corners = (quad.corners + 0.5) * shrink - 0.5
            found = _refined(background, corners, quad.sides[0].sign, reach=(2.0 + bow * _WORK_PX) * shrink)
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

    def __init__(self, small: NDArray[np.uint8], bow: float) -> None:
        smooth = cv2.GaussianBlur(small, (0, 0), 1.2).astype(np.float32)
        self.upright = _peaks(smooth)
        self.level = _peaks(smooth.T)
        self.height, self.width = small.shape
        wide = np.ones((1, 2 * round(bow * max(small.shape)) + 1), np.uint8)
        self.bowed = {
            (upright, sign): cv2.dilate(peaks.astype(np.uint8), wide).astype(bool)
            for upright, by_sign in ((True, self.upright), (False, self.level))
            for sign, peaks in by_sign.items()
        }

    def sides(self, *, upright: bool) -> list[_Side]:
        """Return the longest straight steps of one direction."""
        return _long_lines(self.upright if upright else self.level)

    def share(self, side: _Side, start: float, stop: float, *, upright: bool) -> float:
        """Return on what share of its length between `start` and `stop` a side has its step."""
        peaks = self.bowed[upright, side.sign]
        along = np.arange(max(0, int(np.ceil(start))), min(len(peaks), int(stop) + 1))
        if len(along) < 8:
            return 0.0
        across = np.rint(side.a + side.b * along).astype(int)
        inside = (across >= 0) & (across < peaks.shape[1])
        return float(peaks[along[inside], across[inside]].sum() / len(along))


def _peaks(smooth: NDArray[np.float32]) -> dict[int, NDArray[np.bool_]]:
    """Find, in each row, the local maxima of the gradient along the row, by sign, a pixel wide to either side."""
    slope = np.zeros_like(smooth)
    slope[:, 1:-1] = (smooth[:, 2:] - smooth[:, :-2]) / 2
    found = {}
    for sign in (1, -1):
        rise = sign * slope
        top = np.zeros(rise.shape, np.uint8)
        middle = rise[:, 1:-1]
        top[:, 1:-1] = (middle >= rise[:, :-2]) & (middle > rise[:, 2:]) & (middle > _MIN_STEP / 2)
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
    found = []
    for (left, right), (top, bottom) in itertools.product(columns, rows):
        quad = _quad(steps, (left, right, top, bottom))
        if quad is not None:
            found.append(quad)
    return found


def _pairs(sides: list[_Side], *, along: float, least: float) -> list[tuple[_Side, _Side]]:
    """Return the pairs of sides of which the second lies well beyond the first, with floor between them."""
    return [
        (first, second)
        for first, second in itertools.permutations(sides, 2)
        if second.a - first.a + (second.b - first.b) * along > least and first.sign == -second.sign
    ]


def _quad(steps: _Steps, sides: tuple[_Side, _Side, _Side, _Side]) -> _Quad | None:
    left, right, top, bottom = sides
    if left.sign != top.sign:
        return None
    corners = np.array([_meet(left, top), _meet(right, top), _meet(right, bottom), _meet(left, bottom)])
    limits = np.array([steps.width, steps.height])
    if np.any(corners < -0.02 * limits) or np.any(corners > 1.02 * limits):
        return None
    (ul, ur, lr, ll), area = corners, float(cv2.contourArea(corners.astype(np.float32)))
    if area < _MIN_AREA * steps.width * steps.height:
        return None
    support = []
    for side, start, stop, upright in (
        (left, ul[1], ll[1], True),
        (right, ur[1], lr[1], True),
        (top, ul[0], ur[0], False),
        (bottom, ll[0], lr[0], False),
    ):
        support.append(steps.share(side, start, stop, upright=upright))
        if support[-1] < _MIN_SUPPORT:
            return None
    return _Quad(sides=sides, corners=corners, area=area, support=float(np.mean(support)))


def _meet(upright: _Side, level: _Side) -> tuple[float, float]:
    """Return where an upright and a level line meet."""
    x = (upright.a + upright.b * level.a) / (1 - upright.b * level.b)
    return x, level.a + level.b * x


def _holds(corners: Floats, visited: Floats | None) -> bool:
    if visited is None or not len(visited):
        return True
    contour = corners.astype(np.float32)
    slack = 0.04 * float(np.sqrt(cv2.contourArea(contour)))
    inside = [cv2.pointPolygonTest(contour, (float(x), float(y)), True) > -slack for x, y in visited]
    return float(np.mean(inside)) >= _HOLDS


def _refined(background: NDArray[np.uint8], corners: Floats, sign: int, *, reach: float) -> Corners | None:
    """Fit a line to the sub-pixel places of each side's step, and return where the lines meet.

    `sign` is +1 for a floor brighter than its surroundings. The second round looks near the lines of the first.
    """
    smooth = cv2.GaussianBlur(background, (0, 0), 1.0).astype(np.float32)
    for nearer in (1.0, 0.6):
        lines = [_side_line(smooth, corners[k], corners[(k + 1) % 4], sign, nearer * reach) for k in range(4)]
        if any(line is None for line in lines):
            return None
        met = np.array([np.cross(lines[k - 1], lines[k]) for k in range(4)])  # type: ignore[arg-type]
        corners = met[:, :2] / met[:, 2:]
    ul, ur, lr, ll = ((float(x), float(y)) for x, y in corners)
    return ul, ur, lr, ll


def _side_line(smooth: NDArray[np.float32], first: Floats, second: Floats, sign: int, reach: float) -> Floats | None:
    return _fitted(_step_points(smooth, first, second, sign, reach))


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
