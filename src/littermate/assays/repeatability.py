"""Repeatability: how well one scorer agrees with themselves when trials come back.

Conventions. Pairs are *(first, repeat)* of the same trials by one scorer, each trial of equal weight. Differences are
*repeat minus first*, of totals in percent of the time scored both times, so that all figures here are points of that
percentage. A figure that these pairs cannot give is `None`, never 0.

The within-scorer SD is that of one scoring about the mean of many by the same scorer: ``sqrt(mean(d ** 2) / 2)``, which
is the residual SD of an analysis of variance by trial, with as many degrees of freedom as pairs (Bland & Altman 1996,
*BMJ* 312:1654 and 313:106). A drift is part of it. The coefficient of repeatability, ``1.96 * sqrt(2)`` times as much,
is what two scorings of one trial differ by less than in 95 % of trials (Bland & Altman 1986, *Lancet* 327:307; 1999,
*Stat Methods Med Res* 8:135). Both intervals are those of a variance, by chi squared, for normal errors.

Drift is the mean difference. Its interval counts animals, as that of the bias does (see `agreement`); the slope, by
least squares on a position (the number of the repeat in the scorer's list, or the days between), counts trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from littermate.assays.agreement import Agreement, PairedScores, agreement, bland_altman
from littermate.errors import DataError

__all__ = ["Drift", "RepeatError", "Repeatability", "drift_of", "repeat_error", "repeatability"]

_FEWEST_FOR_SPREAD, _FEWEST_FOR_SLOPE = 2, 3
_COEFFICIENT = 1.96 * np.sqrt(2)

Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatError:
    """Within-scorer SD and coefficient of repeatability of `n` pairs, with 95 % intervals."""

    n: int
    sd: float
    sd_ci95: Interval
    coefficient: float
    coefficient_ci95: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Mean of repeat minus first, and how it changes with the position.

    Parameters
    ----------
    mean
        The mean of the animals' means.
    ci95
        Its 95 % interval; `None` with fewer than two animals.
    slope, slope_ci95
        Change for one unit of position; `None` without positions that differ, or with fewer than three pairs.
    """

    mean: float
    ci95: Interval | None
    slope: float | None
    slope_ci95: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """How well one scorer's repeats agree with the first scorings.

    Parameters
    ----------
    behaviour
        The one that was compared with everything else.
    error
        In points of % time; `None` with fewer than two pairs, of which one difference cannot tell drift from error.
    drift
        In points of % time.
    agreement
        The measures that any two scorings have: kappa, ICC, limits, bouts.
    """

    behaviour: str
    error: RepeatError | None
    drift: Drift
    agreement: Agreement


def repeatability(
    pairs: Sequence[PairedScores],
    behaviour: str = "immobile",
    *,
    positions: Sequence[float] | None = None,
    bin_s: float = 1.0,
) -> Repeatability:
    """Compare one scorer's repeats with the first scorings of the same trials.

    Parameters
    ----------
    pairs
        Each trial, first scoring and repeat.
    behaviour
        The behaviour; all others together are its opposite.
    positions
        Where each repeat stood in the order of scoring, or when it was scored; of any unit.
    bin_s
        Bins of kappa.

    Raises
    ------
    DataError
        If there is no pair, one without scored time, or not one position a pair.

    Examples
    --------
    >>> from littermate.model.bout import ScoredBout
    >>> def pair(animal, first_s, repeat_s):
    ...     one, two = ((ScoredBout(behaviour="immobile", start_s=0.0, stop_s=stop, scorer="a"),)
    ...                 for stop in (first_s, repeat_s))
    ...     return PairedScores(name=animal, animal=animal, scored_s=((0.0, 100.0),), first=one, second=two)
    >>> result = repeatability([pair("m1", 40, 44), pair("m2", 60, 60)])
    >>> round(result.error.sd, 6), round(result.error.coefficient, 3), result.drift.mean
    (2.0, 5.544, 2.0)
    >>> one = repeatability([pair("m1", 40, 44)])
    >>> one.error, one.drift.mean, one.drift.ci95, round(one.agreement.kappa, 3)
    (None, 4.0, None, 0.918)
    """
    result = agreement(pairs, behaviour=behaviour, bin_s=bin_s)
    first = [one.first_percent for one in result.trials]
    repeat = [one.second_percent for one in result.trials]
    animals = [one.animal for one in result.trials]
    return Repeatability(
        behaviour=behaviour,
        error=repeat_error(first, repeat),
        drift=drift_of(first, repeat, animals=animals, positions=positions),
        agreement=result,
    )


def repeat_error(first: ArrayLike, repeat: ArrayLike) -> RepeatError | None:
    """Return within-scorer SD and coefficient of repeatability; `None` with fewer than two pairs.

    Parameters
    ----------
    first, repeat : (n,) float
        The pairs, in any unit.

    Raises
    ------
    DataError
        With lists of unlike length, or a missing number.

    Examples
    --------
    >>> result = repeat_error([10, 20], [12, 18])
    >>> round(result.sd, 6), round(result.coefficient, 2)
    (1.414214, 3.92)
    """
    difference = _difference(first, repeat)
    n = len(difference)
    if n < _FEWEST_FOR_SPREAD:
        return None
    sd = float(np.sqrt(np.mean(difference**2) / 2))
    low, high = (float(sd * np.sqrt(n / stats.chi2.ppf(part, n))) for part in (0.975, 0.025))
    return RepeatError(
        n=n,
        sd=sd,
        sd_ci95=(low, high),
        coefficient=float(_COEFFICIENT * sd),
        coefficient_ci95=(float(_COEFFICIENT * low), float(_COEFFICIENT * high)),
    )


def drift_of(
    first: ArrayLike,
    repeat: ArrayLike,
    *,
    animals: Sequence[str] | None = None,
    positions: Sequence[float] | None = None,
) -> Drift:
    """Return the mean of repeat minus first, and its slope along positions.

    Parameters
    ----------
    first, repeat : (n,) float
        The pairs, in any unit.
    animals
        Whose each pair is; each its own by default.
    positions
        One a pair.

    Raises
    ------
    DataError
        Without a pair, with lists of unlike length, or with a missing number.

    Examples
    --------
    >>> drift = drift_of([10, 20, 30], [11, 22, 33], positions=[1, 2, 3])
    >>> round(drift.mean, 6), round(drift.slope, 6)
    (2.0, 1.0)
    """
    difference = _difference(first, repeat)
    names = list(animals) if animals is not None else [str(k) for k in range(len(difference))]
    slope, slope_ci95 = _slope(difference, positions)
    if len(set(names)) < 2:
        return Drift(mean=float(difference.mean()), ci95=None, slope=slope, slope_ci95=slope_ci95)
    totals = bland_altman(first, repeat, animals=names)
    return Drift(mean=totals.bias, ci95=totals.bias_ci95, slope=slope, slope_ci95=slope_ci95)


def _difference(first: ArrayLike, repeat: ArrayLike) -> Floats:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(repeat, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1 or not len(one) or not np.all(np.isfinite(two - one)):
        raise DataError(
            expected="first scores and repeats of one length, none missing",
            found=f"shapes {one.shape} and {two.shape}",
            do="leave out trials that were not scored again",
        )
    return two - one


def _slope(difference: Floats, positions: Sequence[float] | None) -> tuple[float | None, Interval | None]:
    """Return the least-squares slope and its 95 % interval."""
    if positions is None:
        return None, None
    place = np.asarray(positions, dtype=np.float64)
    if place.shape != difference.shape or not np.all(np.isfinite(place)):
        raise DataError(
            expected=f"{len(difference)} positions, one a pair",
            found=f"{place.size}, {int(np.sum(~np.isfinite(place)))} missing",
            do="say where each repeat stood, or leave positions out",
        )
    if len(place) < _FEWEST_FOR_SLOPE or np.ptp(place) == 0:
        return None, None
    centred = place - place.mean()
    spread = float(np.sum(centred**2))
    slope = float(np.sum(centred * difference) / spread)
    rest = difference - difference.mean() - slope * centred
    free = len(place) - 2
    half = float(stats.t.ppf(0.975, free) * np.sqrt(np.sum(rest**2) / free / spread))
    return slope, (slope - half, slope + half)
