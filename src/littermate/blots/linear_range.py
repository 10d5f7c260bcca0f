"""Linear range: between which volumes a band's volume is in proportion to what was loaded, from a dilution series.

A ratio of two bands compares animals only where both double as the load doubles. A dilution series of one sample on the
membrane shows where that is so. The linear range is the longest run of neighbouring amounts whose volumes (means, where
an amount is on several lanes) all lie near one line through 0; a line that misses 0 can fit well and still give ratios
that depend on the load, so its intercept is told beside it, and the slope of log volume on log amount, which is 1 where
volume is in proportion to amount (Janes 2015, Sci Signal 8: rs2; Butler et al. 2019, BioMed Res Int: 5214821).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.blots.rules import LoadingRules
from littermate.errors import DataError, UsageError

__all__ = ["OUTSIDE_RANGE", "Dilution", "LinearRange", "linear_range", "read_dilution_series"]

OUTSIDE_RANGE = "outside the linear range"
_NEAR_ONE = 0.1
_FAR_FROM_ONE = 0.2

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dilution:
    """One amount of the series: its mean volume, how far that is off the line through 0, and whether it is in range."""

    amount: float
    volume: float
    lanes: int
    residual_percent: float | None
    in_range: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearRange:
    """What a dilution series says of one image.

    Parameters
    ----------
    dilutions
        The amounts, from the least.
    volumes
        The lowest and the highest volume of the linear range; `None` where there is no range.
    per_amount
        Volume an amount of 1 on the line through 0 of the range, each amount weighing the same by its relative error.
    intercept, intercept_ci95, slope, r_squared
        The straight line of volume on amount, over the range (over all amounts where there is none), weighted by
        1 / volume squared.
    log_slope, log_slope_ci95
        Of log volume on log amount, over the same amounts.
    proportional
        Whether there is a range and the slope of the logarithms there is 1: it is within 0.1, or within 0.2 and its
        interval holds 1. (The interval of three amounts is so wide that it alone says nothing.)
    """

    dilutions: tuple[Dilution, ...]
    volumes: Interval | None
    per_amount: float | None
    intercept: float
    intercept_ci95: Interval
    slope: float
    r_squared: float
    log_slope: float
    log_slope_ci95: Interval
    proportional: bool

    @property
    def amounts(self) -> Interval | None:
        """The least and the greatest amount in range."""
        inside = [one.amount for one in self.dilutions if one.in_range]
        return (inside[0], inside[-1]) if inside else None

    def holds(self, volume: float) -> bool:
        """Whether a volume lies in the linear range; never, where there is none."""
        return self.volumes is not None and self.volumes[0] <= volume <= self.volumes[1]


def linear_range(
    amounts: Sequence[float], volumes: Sequence[float], *, rules: LoadingRules | None = None
) -> LinearRange:
    """Find the linear range of a dilution series.

    Parameters
    ----------
    amounts
        What each lane of the series holds, relative to any one amount; above 0.
    volumes
        Its volume.
    rules
        How near to the line through 0, and how many amounts at least.

    Raises
    ------
    DataError
        If there are fewer than three amounts, or fewer than three of them have a volume above 0.
    UsageError
        If amounts and volumes do not go together, or an amount is not above 0.

    Examples
    --------
    >>> found = linear_range([0.125, 0.25, 0.5, 1, 2], [12.5, 25, 50, 100, 120])
    >>> found.amounts, found.volumes, found.proportional
    ((0.125, 1.0), (12.5, 100.0), True)
    >>> found.holds(110)
    False
    """
    rules = rules or LoadingRules()
    at, mean, lanes = _levels(amounts, volumes)
    start, stop = _longest_run(at, mean, rules)
    per_amount = _per_amount(at[start:stop], mean[start:stop]) if stop > start else None
    fitted = slice(start, stop) if stop > start else mean > 0
    line = _weighted_line(at[fitted], mean[fitted])
    log_slope, log_ci = _log_slope(at[fitted], mean[fitted])
    off = abs(log_slope - 1)
    straight = off <= _NEAR_ONE or (off <= _FAR_FROM_ONE and log_ci[0] <= 1 <= log_ci[1])
    return LinearRange(
        dilutions=tuple(_dilutions(at, mean, lanes, (start, stop), per_amount)),
        volumes=(float(mean[start:stop].min()), float(mean[start:stop].max())) if stop > start else None,
        per_amount=per_amount,
        intercept=line.intercept,
        intercept_ci95=line.intercept_ci95,
        slope=line.slope,
        r_squared=line.r_squared,
        log_slope=log_slope,
        log_slope_ci95=log_ci,
        proportional=stop > start and straight,
    )


def read_dilution_series(text: str) -> tuple[tuple[int, float], ...]:
    """Read which lanes hold which amount of the series: ``"3:1,4:0.5,5:0.25"``.

    Raises
    ------
    UsageError
        If it is not written like that, a lane stands twice, or an amount is not above 0.

    Examples
    --------
    >>> read_dilution_series("3:1, 4:0.5")
    ((3, 1.0), (4, 0.5))
    """
    series: dict[int, float] = {}
    for pair in text.split(","):
        lane, colon, amount = (word.strip() for word in pair.partition(":"))
        if not (colon and lane.isdigit() and int(lane) > 0 and _is_amount(amount)) or int(lane) in series:
            raise UsageError(
                expected="lanes, each once, with the relative amount on them, as 3:1,4:0.5,5:0.25",
                found=pair or "nothing",
                do="correct --dilution-series",
            )
        series[int(lane)] = float(amount)
    return tuple(series.items())


def _is_amount(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False


def _levels(
    amounts: Sequence[float], volumes: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the amounts that there are, from the least, the mean volume of each, and its number of lanes."""
    each, values = np.asarray(amounts, np.float64), np.asarray(volumes, np.float64)
    if each.shape != values.shape or not (np.isfinite(each).all() and (each > 0).all()):
        raise UsageError(
            expected="an amount above 0 for every volume",
            found=f"{each.size} amounts and {values.size} volumes",
            do="correct the dilution series",
        )
    at, place, lanes = np.unique(each, return_inverse=True, return_counts=True)
    mean = np.bincount(place, weights=values) / lanes if each.size else values
    if np.count_nonzero(mean > 0) < 3:
        raise DataError(
            expected="three amounts or more with a band above background",
            found=f"{at.size} amounts, {np.count_nonzero(mean > 0)} of them with a volume above 0",
            do="load more dilutions, or leave the dilution series out",
        )
    return at, mean, lanes


def _longest_run(at: NDArray[np.float64], mean: NDArray[np.float64], rules: LoadingRules) -> tuple[int, int]:
    """Return the half-open run of most amounts near one line through 0, the nearest of equals; (0, 0) for none."""
    runs = [
        (stop - start, -float(worst), start, stop)
        for start in range(at.size)
        for stop in range(start + max(2, rules.min_dilutions), at.size + 1)
        if (worst := np.abs(_residuals(at[start:stop], mean[start:stop])).max()) <= rules.max_residual_percent
    ]
    return max(runs)[2:] if runs else (0, 0)


def _per_amount(at: NDArray[np.float64], mean: NDArray[np.float64]) -> float:
    return float(np.mean(mean / at))


def _residuals(at: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each volume is off the line through 0, in % of the line; endless where the line falls."""
    per_amount = _per_amount(at, mean)
    if per_amount <= 0:
        return np.full(at.shape, np.inf)
    return np.asarray(100 * (mean / (per_amount * at) - 1), np.float64)


def _dilutions(
    at: NDArray[np.float64],
    mean: NDArray[np.float64],
    lanes: NDArray[np.int64],
    run: tuple[int, int],
    per_amount: float | None,
) -> Iterator[Dilution]:
    for number, (amount, volume, count) in enumerate(zip(at.tolist(), mean.tolist(), lanes.tolist(), strict=True)):
        yield Dilution(
            amount=amount,
            volume=volume,
            lanes=count,
            residual_percent=None if per_amount is None else 100 * (volume / (per_amount * amount) - 1),
            in_range=run[0] <= number < run[1],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    slope: float
    intercept: float
    intercept_ci95: Interval
    r_squared: float


def _weighted_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> _Line:
    """Fit y on x, weighted by 1 / y squared: errors of volumes grow with the volumes."""
    from scipy import stats  # slow to import: only where there is a series

    weights = 1 / y**2
    terms = np.column_stack([np.ones_like(x), x])
    inverse = np.linalg.inv(terms.T @ (weights[:, None] * terms))
    intercept, slope = (inverse @ (terms.T @ (weights * y))).tolist()
    rest = y - intercept - slope * x
    df = x.size - 2
    variance = float(weights @ rest**2) / df
    half = float(stats.t.ppf(0.975, df)) * math.sqrt(variance * inverse[0, 0])
    middle = float(weights @ y / weights.sum())
    total = float(weights @ (y - middle) ** 2)
    return _Line(
        slope=slope,
        intercept=intercept,
        intercept_ci95=(intercept - half, intercept + half),
        r_squared=1 - float(weights @ rest**2) / total if total > 0 else 0.0,
    )


def _log_slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, Interval]:
    from scipy import stats

    fit = stats.linregress(np.log(x), np.log(y))
    half = float(stats.t.ppf(0.975, x.size - 2)) * float(fit.stderr)
    return float(fit.slope), (float(fit.slope) - half, float(fit.slope) + half)
