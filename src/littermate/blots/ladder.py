"""Ladder: molecular weights from the bands of one lane.

The ladder's bands and its weights are matched from the top down; where there are more of one than of the other, by the
one choice that lies best on a smooth course of the logarithm of the weight over the row, if it is clearly the best.
Between neighbouring ladder bands the logarithm is interpolated in a straight line, or read off a parabola through all.
Above the first and below the last one there is no weight, never an extrapolated one.

Rows are those of the ladder's lane: the smile is taken off, as the rows of bands that run through neighbouring lanes
show it (a parabola across the blot). With fewer than four lanes that share bands nothing is taken off.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from littermate.errors import ImageError, UsageError
from littermate.model.blot import Band, Lane

__all__ = ["LADDER_FITS", "Ladder", "read_ladder", "weigh_bands"]

LADDER_FITS = ("point to point", "quadratic")
_MOST_CHOICES = 20_000
_ON_BAND_PX = 1.0
_FEWEST = 3
_CLOSE = 0.12
_CLEARER = 1.5
_LEAST_ERROR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The lane of a ladder, its weights from the top down, and their rows where they were given."""

    lane: int
    kda: tuple[float, ...]
    rows: tuple[float, ...] | None = None


def read_ladder(text: str) -> Ladder:
    """Read ``"LANE:KDA,KDA,..."``, the weights from the top of the gel down, or ``"LANE:KDA@ROW,KDA@ROW,..."``.

    Raises
    ------
    UsageError
        If the text is not of that form, the weights do not fall, or the rows do not rise.

    Examples
    --------
    >>> read_ladder("1:250,100,50,15").kda
    (250.0, 100.0, 50.0, 15.0)
    >>> read_ladder("1:250@45,150@80").rows
    (45.0, 80.0)
    """
    lane, _, parts = text.partition(":")
    pairs = [part.split("@") for part in parts.split(",")]
    try:
        number, kda = int(lane), tuple(float(pair[0]) for pair in pairs)
        rows = tuple(float(pair[1]) for pair in pairs) if all(len(pair) == 2 for pair in pairs) else None
    except ValueError:
        number, kda, rows = 0, (), None
    plain = rows is not None or all(len(pair) == 1 for pair in pairs)
    falls = all(math.inf > upper > lower > 0 for upper, lower in itertools.pairwise(kda))
    rises = rows is None or all(upper < lower < math.inf for upper, lower in itertools.pairwise(rows))
    if number < 1 or len(kda) < 2 or not (plain and falls and rises):
        raise UsageError(
            expected="a ladder as LANE:KDA,KDA,... with falling weights, such as 1:250,100,50,15 or 1:250@45,100@80",
            found=repr(text),
            do="write the lane of the ladder and its weights from the top down, with the row of each or of none",
        )
    return Ladder(lane=number, kda=kda, rows=rows)


def weigh_bands(lanes: Sequence[Lane], ladder: Ladder, *, fit: str = "point to point") -> tuple[Lane, ...]:
    """Give every band between the ladder's first and last one its molecular weight.

    Parameters
    ----------
    lanes
        With their bands.
    ladder
        Where the weights are.
    fit
        One of `LADDER_FITS`.

    Returns
    -------
    tuple of Lane
        A band above the first or below the last weight has none, and the flag ``"outside the ladder"``.

    Raises
    ------
    ImageError
        If the ladder's lane is not there, or its bands cannot be told by the weights.
    UsageError
        If the fit is unknown.
    """
    if fit not in LADDER_FITS:
        raise UsageError(expected="a ladder's fit: " + ", ".join(LADDER_FITS), found=repr(fit), do="choose one")
    lane = next((lane for lane in lanes if lane.index == ladder.lane), None)
    if lane is None:
        raise ImageError(
            expected=f"lane {ladder.lane}, the ladder", found=f"{len(lanes)} lanes", do="count lanes from the left"
        )
    rows, kda = (_snapped(lane, ladder.rows), ladder.kda) if ladder.rows is not None else _matched(lane, ladder.kda)
    curve = _Curve.of(np.array(rows), np.log(kda), fit)
    off = _smile(lanes, lane)
    return tuple(
        replace(one, bands=tuple(_weighed(band, band.row_px - by, curve) for band in one.bands))
        for one, by in zip(lanes, off, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Curve:
    """The logarithm of the weight over the row."""

    rows: NDArray[np.float64]
    logs: NDArray[np.float64]
    parabola: NDArray[np.float64] | None

    @classmethod
    def of(cls, rows: NDArray[np.float64], logs: NDArray[np.float64], fit: str) -> _Curve:
        if fit == "point to point":
            return cls(rows=rows, logs=logs, parabola=None)
        parabola = np.polyfit(rows, logs, 2) if rows.size >= _FEWEST else np.array([])
        if not parabola.size or np.polyval(np.polyder(parabola), rows[[0, -1]]).max() >= 0:
            raise ImageError(
                expected="three ladder bands or more, on a course that falls",
                found=f"{rows.size} bands, whose parabola {'rises' if parabola.size else 'is not known'}",
                do="interpolate from point to point",
            )
        return cls(rows=rows, logs=logs, parabola=parabola)

    def kda(self, row: float) -> float | None:
        if not self.rows[0] <= row <= self.rows[-1]:
            return None
        log = np.interp(row, self.rows, self.logs) if self.parabola is None else np.polyval(self.parabola, row)
        return float(np.exp(log))


def _weighed(band: Band, row: float, curve: _Curve) -> Band:
    kda = curve.kda(row)
    flags = band.flags if kda is not None else (*band.flags, "outside the ladder")
    return replace(band, mw_kda=kda, flags=flags)


def _snapped(lane: Lane, rows: Sequence[float]) -> tuple[float, ...]:
    """Return the rows a person read off, each drawn to the middle of the ladder's band that it lies on."""
    middles = np.array([band.row_px for band in lane.bands])
    snapped = []
    for row in rows:
        nearest = float(middles[np.argmin(np.abs(middles - row))]) if middles.size else row
        snapped.append(nearest if abs(nearest - row) <= _ON_BAND_PX else row)
    return tuple(snapped)


def _matched(lane: Lane, kda: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Match a ladder's bands and weights, of which one may be more than the other."""
    rows = tuple(sorted(band.row_px for band in lane.bands))
    if len(rows) == len(kda):
        return rows, kda
    fewer = min(len(rows), len(kda))
    if fewer < _FEWEST or math.comb(max(len(rows), len(kda)), fewer) > _MOST_CHOICES:
        raise _unmatched(lane, kda, "too few, or too many ways to match them")
    choices = [
        (_uneven(some, those), some, those)
        for some in itertools.combinations(rows, fewer)
        for those in itertools.combinations(kda, fewer)
    ]
    best, *others = sorted(choices)
    if best[0] > _CLOSE:
        raise _unmatched(lane, kda, f"no match within {_CLOSE:.0%} of a smooth course")
    if others and others[0][0] < _CLEARER * max(best[0], _LEAST_ERROR):
        raise _unmatched(lane, kda, "two matches that fit about as well")
    return best[1], best[2]


def _uneven(rows: Sequence[float], kda: Sequence[float]) -> float:
    """Return how far weights lie off a smooth course over the rows, as a share of a weight (root mean square)."""
    logs = np.log(kda)
    course = np.polyval(np.polyfit(rows, logs, 2 if len(rows) > _FEWEST + 1 else 1), rows)
    return float(np.sqrt(np.mean((logs - course) ** 2)))


def _unmatched(lane: Lane, kda: Sequence[float], why: str) -> ImageError:
    return ImageError(
        expected=f"{len(kda)} bands on lane {lane.index}, one a weight",
        found=f"{len(lane.bands)} bands: {why}" if lane.bands else "no band on it",
        do="list the weights that are to be seen (--figure shows the bands), or give their rows: 250@45,150@80",
    )


def _smile(lanes: Sequence[Lane], ladder: Lane) -> list[float]:
    """Return by how much each lane's bands lie below those of the ladder's lane, as the rows of bands show it."""
    linked: list[tuple[float, float]] = []
    along = 0.0
    for left, right in itertools.pairwise(lanes):
        steps = [] if ladder.index in (left.index, right.index) else _steps(left, right)
        if steps:
            linked += [] if linked and linked[-1][0] == left.centre_px else [(left.centre_px, along)]
            along += float(np.median(steps))
            linked.append((right.centre_px, along))
    if len(linked) < 4:
        return [0.0] * len(lanes)
    x, down = np.array(linked).T
    course = np.polynomial.Polynomial.fit(x, down, 2)
    return [float(course(lane.centre_px) - course(ladder.centre_px)) for lane in lanes]


def _steps(left: Lane, right: Lane) -> list[float]:
    """Return by how much the bands of the right lane lie below those of the left that are nearest, both ways."""
    steps = []
    for band in left.bands:
        other = min(right.bands, key=lambda one: abs(one.row_px - band.row_px), default=None)
        if other is None:
            continue
        back = min(left.bands, key=lambda one: abs(one.row_px - other.row_px))
        if back is band and abs(other.row_px - band.row_px) <= (band.fwhm_px or 0.0):
            steps.append(other.row_px - band.row_px)
    return steps
