"""Agreement measures: of paired numbers, of paired labels, and of two lists of bouts.

Conventions. Differences are *second minus first*. A figure that these data cannot give is `None`, never 0. Sources are
named in `littermate.assays.agreement`, which puts the measures together for trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from littermate.errors import DataError, UsageError

__all__ = [
    "BlandAltman",
    "Icc",
    "bland_altman",
    "bout_f1",
    "icc_absolute",
    "kappa",
    "matched_bouts",
    "matthews",
    "pearson",
]

_LIMIT_SD = 1.96

Floats = NDArray[np.float64]
Intervals = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlandAltman:
    """Bias and 95 % limits of agreement, second minus first, with 95 % confidence intervals.

    `n` counts pairs and `animals` the independent ones among them. `sd` is that of a single trial's difference.
    """

    n: int
    animals: int
    bias: float
    bias_ci95: tuple[float, float]
    sd: float
    lower: float
    lower_ci95: tuple[float, float]
    upper: float
    upper_ci95: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Icc:
    """ICC(2,1), absolute agreement of single scores, with its 95 % interval; of `n` targets and `raters`."""

    value: float
    ci95: tuple[float, float]
    n: int
    raters: int


def bland_altman(first: ArrayLike, second: ArrayLike, *, animals: Sequence[str] | None = None) -> BlandAltman:
    """Return bias and 95 % limits of agreement of paired numbers.

    With several pairs of one animal, its part of the variance and that between its pairs are estimated apart (one-way
    analysis of variance) and added up; the bias is the mean of the animals' means; intervals count animals.

    Parameters
    ----------
    first, second : (n,) float
        The pairs.
    animals
        Whose each pair is; each its own by default.

    Raises
    ------
    DataError
        With fewer than two animals, or lists of unlike length.

    Examples
    --------
    >>> result = bland_altman([10, 20, 30, 40], [11, 19, 31, 41])
    >>> round(result.bias, 2), round(result.sd, 2), round(result.upper, 2)
    (0.5, 1.0, 2.46)
    """
    difference = _paired(second, first)
    names = np.asarray(animals if animals is not None else range(len(difference)))
    groups = [difference[names == name] for name in dict.fromkeys(names.tolist())]
    if len(groups) < 2:
        raise DataError(expected="pairs of two animals or more", found=f"{len(groups)}", do="score more animals")
    means = np.array([group.mean() for group in groups])
    bias, sd, count = float(means.mean()), _difference_sd(groups, means), len(groups)
    t = float(stats.t.ppf(0.975, count - 1))
    about_bias = t * float(means.std(ddof=1)) / np.sqrt(count)
    about_limit = t * sd * np.sqrt(1 / count + _LIMIT_SD**2 / (2 * (count - 1)))
    lower, upper = bias - _LIMIT_SD * sd, bias + _LIMIT_SD * sd
    return BlandAltman(
        n=len(difference),
        animals=count,
        bias=bias,
        bias_ci95=_around(bias, about_bias),
        sd=sd,
        lower=lower,
        lower_ci95=_around(lower, about_limit),
        upper=upper,
        upper_ci95=_around(upper, about_limit),
    )


def icc_absolute(scores: ArrayLike) -> Icc | None:
    """Return ICC(2,1): two-way random effects, absolute agreement, single scores.

    Where raters differ more than trials do it is negative, with few trials even below -1; it is given as it comes.

    Parameters
    ----------
    scores : (n, k) float
        `n` targets (trials) scored by each of `k` raters.

    Returns
    -------
    Icc or None
        `None` where no target differs from another for any rater.

    Raises
    ------
    DataError
        With fewer than two targets or raters, or a missing score.

    Examples
    --------
    The table of Shrout & Fleiss (1979), whose ICC(2,1) is 0.29 with an interval of 0.02 to 0.76:

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> result = icc_absolute(table)
    >>> round(result.value, 2), round(result.ci95[0], 2), round(result.ci95[1], 2)
    (0.29, 0.02, 0.76)
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.all(np.isfinite(table)):
        raise DataError(
            expected="a full table of two or more targets by two or more raters",
            found=f"shape {table.shape}, {int(np.sum(~np.isfinite(table)))} missing",
            do="leave out targets that not everyone scored",
        )
    rows, columns, rest = _mean_squares(table)
    n, k = table.shape
    whole = rows + (k - 1) * rest + k * (columns - rest) / n
    if not (whole > 0 and rows + rest > 0):
        return None
    value = float((rows - rest) / whole)
    return Icc(value=value, ci95=_icc_interval(value, rows, columns, rest, n=n, k=k), n=n, raters=k)


def kappa(first: ArrayLike, second: ArrayLike, weights: ArrayLike | None = None) -> float | None:
    """Return Cohen's kappa of two lists of labels, each pair weighing as much as `weights` says (its time).

    Labels may be of any number of kinds. `None` where both gave one and the same label throughout: chance would agree
    as well.

    Examples
    --------
    >>> a, b = [1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    >>> round(kappa(a, b), 6)
    0.4

    Three kinds, the nine cells of the table as weights (Cohen 1968, *Psychol Bull* 70:213, who prints .492):

    >>> round(kappa(list("aaabbbccc"), list("abcabcabc"), [44, 7, 9, 5, 20, 5, 1, 3, 6]), 3)
    0.492
    """
    one, two = np.asarray(first), np.asarray(second)
    weight = np.ones(len(one)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not len(one) == len(two) == len(weight) or not weight.sum() > 0:
        raise DataError(
            expected="two lists of labels and weights of one length",
            found=f"{len(one)}, {len(two)} and {len(weight)}",
            do="compare the same bins",
        )
    weight = weight / weight.sum()
    observed = float(weight[one == two].sum())
    labels = np.unique(np.concatenate([one, two]))
    chance = float(sum(weight[one == label].sum() * weight[two == label].sum() for label in labels))
    return None if chance >= 1 - 1e-12 else (observed - chance) / (1 - chance)


def matthews(table: ArrayLike) -> float | None:
    """Return the Matthews correlation of a 2 x 2 table ``[[both, second only], [first only, neither]]``.

    `None` where either scoring never, or always, has the behaviour.

    Examples
    --------
    >>> round(matthews([[20, 5], [10, 15]]), 4)
    0.4082
    """
    (both, second_only), (first_only, neither) = np.asarray(table, dtype=np.float64).tolist()
    product = (both + second_only) * (both + first_only) * (neither + second_only) * (neither + first_only)
    return float((both * neither - second_only * first_only) / np.sqrt(product)) if product > 0 else None


def matched_bouts(first: Intervals, second: Intervals, *, iou: float = 0.5) -> int:
    """Return how many bouts match one to one: intersection over union of at least `iou`, 0.5 or more.

    From 0.5 on a bout has no more than one partner but where two halves make up one whole; then either is one match.

    Examples
    --------
    >>> matched_bouts([(0, 4), (6, 8)], [(0, 3), (7, 10)])
    1
    """
    if not 0.5 <= iou <= 1:
        raise UsageError(expected="an intersection over union of 0.5 to 1", found=f"{iou}", do="correct it")
    taken: set[int] = set()
    for start, stop in first:
        for index, (begin, end) in enumerate(second):
            shared = min(stop, end) - max(start, begin)
            union = (stop - start) + (end - begin) - shared
            if index not in taken and shared > 0 and shared >= (iou - 1e-9) * union:
                taken.add(index)
                break
    return len(taken)


def bout_f1(first: Intervals, second: Intervals, *, iou: float = 0.5) -> float | None:
    """Return F1 of bouts matched one to one; `None` where neither has any.

    Examples
    --------
    >>> bout_f1([(0, 4), (6, 8)], [(0, 3), (7, 10)])
    0.5
    """
    count = len(first) + len(second)
    return 2 * matched_bouts(first, second, iou=iou) / count if count else None


def pearson(first: ArrayLike, second: ArrayLike) -> float | None:
    """Return Pearson's r; `None` with fewer than three pairs, or where one side does not vary.

    Examples
    --------
    >>> round(pearson([1, 2, 3], [2, 4, 6]), 6), pearson([1, 1, 1], [1, 2, 3])
    (1.0, None)
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    _paired(one, two)
    if len(one) < 3 or np.ptp(one) < 1e-9 or np.ptp(two) < 1e-9:
        return None
    return float(np.corrcoef(one, two)[0, 1])


def _paired(first: ArrayLike, second: ArrayLike) -> Floats:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1 or not np.all(np.isfinite(one + two)):
        raise DataError(
            expected="two lists of numbers of one length, none missing",
            found=f"shapes {one.shape} and {two.shape}",
            do="leave out trials that were not scored twice",
        )
    return one - two


def _difference_sd(groups: Sequence[Floats], means: Floats) -> float:
    """Return the SD of a single difference; between and within animals added up where an animal has several."""
    sizes = np.array([len(group) for group in groups])
    total, count = int(sizes.sum()), len(groups)
    if total == count:
        return float(means.std(ddof=1))
    grand = float(np.sum(sizes * means) / total)
    between = float(np.sum(sizes * (means - grand) ** 2)) / (count - 1)
    within = sum(float(np.sum((group - group.mean()) ** 2)) for group in groups) / (total - count)
    usual_size = (total - float(np.sum(sizes**2)) / total) / (count - 1)
    return float(np.sqrt(max(0.0, (between - within) / usual_size) + within))


def _around(value: float, half: float) -> tuple[float, float]:
    return float(value - half), float(value + half)


def _mean_squares(table: Floats) -> tuple[float, float, float]:
    """Return the mean squares of rows, columns and the rest of a two-way table without replicates."""
    n, k = table.shape
    rows, columns, grand = table.mean(axis=1), table.mean(axis=0), table.mean()
    rest = table - rows[:, None] - columns[None, :] + grand
    return (
        float(k * np.sum((rows - grand) ** 2) / (n - 1)),
        float(n * np.sum((columns - grand) ** 2) / (k - 1)),
        float(np.sum(rest**2) / ((n - 1) * (k - 1))),
    )


def _icc_interval(value: float, rows: float, columns: float, rest: float, *, n: int, k: int) -> tuple[float, float]:
    """Return the 95 % interval of ICC(2,1), degrees of freedom by Satterthwaite (McGraw & Wong 1996, table 7)."""
    if value >= 1 - 1e-12 or rest + columns <= 0:
        return 1.0, 1.0
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * columns) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    free = (a * columns + b * rest) ** 2 / spread
    high, low = stats.f.ppf(0.975, n - 1, free), stats.f.ppf(0.975, free, n - 1)
    error = k * columns + (k * n - k - n) * rest
    lower = n * (rows - high * rest) / (high * error + n * rows)
    upper = n * (low * rows - rest) / (error + n * low * rows)
    return float(lower), float(upper)
