"""Families of contrasts of a fitted model's means, adjusted for each other.

=================== ===========================================================================================
adjust              P and intervals
=================== ===========================================================================================
``"tukey"``         all pairs: the studentized range; exact where all means have one standard error, a little
                    conservative otherwise (Kramer 1956; Hayter 1984, *Ann Stat* 12:61)
``"dunnett"``       the largest t of the family with its own correlations: exact (`dunnett`), for comparisons with
                    a control or any other family
``"dunnett-step"``  the same, stepping down
``"scheffe"``       any contrast whatever of these means (Scheffe 1953, *Biometrika* 40:87)
all of              ``"none"``, ``"holm"``, ``"sidak"``, ``"bonferroni"``, ``"fdr"`` ...
`multiplicity`
=================== ===========================================================================================

Intervals are simultaneous where the method has such intervals; a method that steps is given those of its single step
(Holm, Hochberg, Hommel: Bonferroni; Holm-Sidak: Sidak; Dunnett's steps: Dunnett). Those of ``"none"``, ``"fdr"`` and
``"by"`` hold one at a time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from littermate.errors import UsageError
from littermate.model.comparison import Comparison, Comparisons
from littermate.model.interval import Interval
from littermate.stats.contrast_words import contrast_weights, table_weights
from littermate.stats.dunnett import MaxT, Side, single_step, step_down
from littermate.stats.fitted_model import FittedModel
from littermate.stats.marginal_means import Held, level_combinations
from littermate.stats.multiplicity import METHOD_WORDS, adjust, interval_words, tail_of
from littermate.stats.studentized_range import range_critical, range_p
from littermate.stats.table import Floats

__all__ = ["How", "against_control", "pairwise", "planned_contrasts", "polynomial_contrasts", "simple_effects"]

_TWO_SIDED_ONLY = ("tukey", "scheffe")
_WORDS = {
    "tukey": "Tukey-Kramer",
    "dunnett": "Dunnett (the largest t of the family)",
    "dunnett-step": "Dunnett, stepping down",
    "scheffe": "Scheffe",
    **METHOD_WORDS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a family is tested: the adjustment, the side, the level of the intervals.

    Raises
    ------
    UsageError
        If there is no such adjustment or side, or the level is no probability.
    """

    adjust: str = "none"
    side: Side = "two-sided"
    level: float = 0.95

    def __post_init__(self) -> None:
        known = {"an adjustment": (self.adjust, tuple(_WORDS)), "a side": (self.side, ("two-sided", "greater", "less"))}
        for what, (given, choices) in known.items():
            if given not in choices:
                raise UsageError(expected=f"{what}: {', '.join(choices)}", found=str(given), do="choose one of them")
        if self.side != "two-sided" and self.adjust in _TWO_SIDED_ONLY:
            do = "compare with a control by Dunnett, or by Holm"
            raise UsageError(expected=f"two-sided tests for {self.adjust}", found=self.side, do=do)
        if not 0.5 < self.level < 1:
            raise UsageError(expected="a level between 0.5 and 1", found=f"{self.level:g}", do="0.95 is usual")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Family:
    """Contrasts before they are estimated."""

    words: str
    labels: Sequence[str]
    questions: Floats
    means: int = 0
    """Of how many means these are all pairs; 0 where they are not."""


def pairwise(
    model: FittedModel, factors: Sequence[str], *, within: Sequence[str] = (), how: How | None = None
) -> tuple[Comparisons, ...]:
    """Compare all pairs of marginal means or cells.

    Parameters
    ----------
    model
        From `fit_model`.
    factors
        One for its levels, several for their cells.
    within
        Factors whose levels are held: one family for each combination.
    how
        Tukey where it is not given.

    Raises
    ------
    UsageError
        If the model has no such factor, or a factor is both compared and held.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7, 2, 4, 6], "diet": list("aaabbbccc")})
    >>> (family,) = pairwise(fit_model(frame, "y ~ diet"), ["diet"])
    >>> [(row.label, round(row.estimate, 6), round(row.p_adjusted, 3)) for row in family.rows]
    [('a - b', -4.0, 0.031), ('a - c', -2.0, 0.269), ('b - c', 2.0, 0.269)]
    """
    families = []
    for held in _held(model, factors, within):
        means = [(*pairs, *held) for pairs in level_combinations(model, factors)]
        pairs = [(one, other) for one, other in itertools.combinations(means, 2)]
        families.append(_differences(model, f"all pairs of {':'.join(factors)}{_at(held)}", pairs, held, len(means)))
    return tuple(_tested(model, family, how or How(adjust="tukey")) for family in families)


def against_control(
    model: FittedModel,
    factors: Sequence[str],
    *,
    control: Sequence[str] | None = None,
    within: Sequence[str] = (),
    how: How | None = None,
) -> tuple[Comparisons, ...]:
    """Compare all marginal means or cells with one of them.

    Parameters
    ----------
    model, factors, within
        As `pairwise`.
    control
        The control's level of each factor; the reference levels where it is not given.
    how
        Two-sided Dunnett where it is not given.

    Raises
    ------
    UsageError
        As `pairwise`, or if there is no such control.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7, 2, 4, 6], "diet": list("aaabbbccc")})
    >>> (family,) = against_control(fit_model(frame, "y ~ diet"), ["diet"])
    >>> [(row.label, round(row.estimate, 6), round(row.p_adjusted, 3)) for row in family.rows]
    [('b - a', 4.0, 0.024), ('c - a', 2.0, 0.221)]
    """
    model.grid.require_factors(factors)
    chosen = tuple(zip(factors, control or [model.grid.levels[name][0] for name in factors], strict=True))
    families = []
    for held in _held(model, factors, within):
        means = level_combinations(model, factors)
        if chosen not in means:
            raise UsageError(
                expected=f"a control among {', '.join(_name(pairs) for pairs in means)}",
                found=_name(chosen),
                do="name a level of each factor, in their order",
            )
        pairs = [((*pairs, *held), (*chosen, *held)) for pairs in means if pairs != chosen]
        words = f"{':'.join(factors)} against {_name(chosen)}{_at(held)}"
        families.append(_differences(model, words, pairs, held))
    return tuple(_tested(model, family, how or How(adjust="dunnett")) for family in families)


def simple_effects(model: FittedModel, *, how: How | None = None) -> Comparisons:
    """Compare all levels of each factor at each combination of levels of the other factors, as one family.

    Parameters
    ----------
    model
        From `fit_model`, with two or more factors under study.
    how
        Unadjusted where it is not given.

    Raises
    ------
    UsageError
        If the model has one factor only.
    """
    if len(model.factors) < 2:
        found = f"{', '.join(model.factors)} only"
        raise UsageError(expected="two or more factors", found=found, do="compare its levels pairwise")
    pairs: list[tuple[Held, Held]] = []
    for factor in model.factors:
        for held in _held(model, [factor], [name for name in model.factors if name != factor]):
            means = [(*one, *held) for one in level_combinations(model, [factor])]
            pairs += [(later, first) for first, later in itertools.combinations(means, 2)]
    labels = [f"{one[0][1]} - {other[0][1]}{_at(one[1:])}" for one, other in pairs]
    questions = np.array([_difference(model, one, other) for one, other in pairs])
    return _tested(model, _Family(words="all simple effects", labels=labels, questions=questions), how or How())


def planned_contrasts(
    model: FittedModel,
    contrasts: Iterable[str] | Mapping[str, str | Mapping[str, float]],
    *,
    factors: Sequence[str] | None = None,
    how: How | None = None,
) -> Comparisons:
    """Estimate contrasts that were planned, as one family.

    Parameters
    ----------
    model
        From `fit_model`.
    contrasts
        In words (see `contrast_words`), or by name: words, or a table of weights whose keys are levels or cells.
    factors
        Of the tables of weights; all factors under study where not given.
    how
        Unadjusted where it is not given.

    Raises
    ------
    UsageError
        If a contrast cannot be meant, or there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [1, 3, 4, 6, 2, 4, 9, 9], "a": list("xxzzxxzz"), "b": list("ccccdddd")})
    >>> family = planned_contrasts(fit_model(frame, "y ~ a * b"), ["z - x at b = d", "z:d - x:c"])
    >>> [(row.label, round(row.estimate, 6)) for row in family.rows]
    [('z - x at b = d', 6.0), ('z:d - x:c', 7.0)]
    """
    named = contrasts if isinstance(contrasts, Mapping) else {words: words for words in contrasts}
    if not named:
        raise UsageError(expected="one or more contrasts", found="none", do="write them into the plan")
    questions = [
        contrast_weights(given, model.grid)
        if isinstance(given, str)
        else table_weights(given, model.grid, factors or model.factors)
        for given in named.values()
    ]
    family = _Family(words="planned contrasts", labels=list(named), questions=np.array(questions))
    return _tested(model, family, how or How())


def polynomial_contrasts(
    model: FittedModel,
    factor: str,
    *,
    scores: Sequence[float] | None = None,
    degree: int | None = None,
    how: How | None = None,
) -> Comparisons:
    """Estimate the linear, quadratic ... trend over the levels of a factor.

    Parameters
    ----------
    model, how
        As `planned_contrasts`.
    factor
        Its levels in order.
    scores
        Where the levels lie (doses, their logs); equally spaced where not given.
    degree
        The highest trend; all, up to the third, where not given.

    Raises
    ------
    UsageError
        If there are not as many different scores as levels, or too few levels for the degree.
    """
    model.grid.require_factors([factor])
    levels = model.grid.levels[factor]
    at = np.arange(len(levels), dtype=float) if scores is None else np.asarray(scores, dtype=float)
    top = min(len(levels) - 1, 3) if degree is None else degree
    if len(set(at.tolist())) != len(levels) or not np.isfinite(at).all() or not 1 <= top < len(levels):
        raise UsageError(
            expected=f"{len(levels)} different scores, and a degree of 1 to {len(levels) - 1}",
            found=f"{at.tolist()}, degree {top}",
            do=f"give one score for each of {', '.join(levels)}",
        )
    each = np.array([model.grid.average({factor: level}) for level in levels])
    names = ("linear", "quadratic", "cubic", *(f"degree {n}" for n in range(4, top + 1)))[:top]
    family = _Family(words=f"trends over {factor}", labels=names, questions=_polynomials(at, top) @ each)
    return _tested(model, family, how or How())


def _polynomials(at: Floats, degree: int) -> Floats:
    """Return orthogonal polynomials at some points, shape (degree, points), in whole numbers where there are such."""
    powers = np.vander((at - at.mean()) / np.ptp(at), degree + 1, increasing=True)
    q, r = np.linalg.qr(powers)
    found = (q * np.sign(np.diag(r))).T[1:]
    return np.array([_whole(row) for row in found])


def _whole(row: Floats) -> Floats:
    smallest = np.abs(row[np.abs(row) > 1e-9]).min()
    for times in range(1, 21):
        scaled = row / smallest * times
        if np.abs(scaled - scaled.round()).max() < 1e-9:
            return np.asarray(scaled.round())
    return row


def _held(model: FittedModel, factors: Sequence[str], within: Sequence[str]) -> list[Held]:
    twice = [name for name in within if name in factors]
    if twice or not factors:
        found = f"{', '.join(twice)} on both sides" if twice else "no factor to compare"
        raise UsageError(expected="factors to compare, others to hold", found=found, do="name each on one side")
    return level_combinations(model, within)


def _at(held: Held) -> str:
    return f" at {' and '.join(f'{name} = {level}' for name, level in held)}" if held else ""


def _name(pairs: Held) -> str:
    return ":".join(level for _, level in pairs)


def _difference(model: FittedModel, one: Held, other: Held) -> Floats:
    return model.grid.average(dict(one)) - model.grid.average(dict(other))


def _differences(
    model: FittedModel, words: str, pairs: Sequence[tuple[Held, Held]], held: Held, means: int = 0
) -> _Family:
    """Return a family of differences; the levels held stand in the family's words, not in the labels."""
    kept = len(held)
    labels = [f"{_name(one[: len(one) - kept])} - {_name(other[: len(other) - kept])}" for one, other in pairs]
    questions = np.array([_difference(model, one, other) for one, other in pairs])
    return _Family(words=words, labels=labels, questions=questions, means=means)


def _tested(model: FittedModel, family: _Family, how: How) -> Comparisons:
    every = model.answer(family.questions)
    kept = [place for place, there in enumerate(every.estimable) if there]
    weights, values = every.weights[kept], every.values[kept]
    errors = np.linalg.norm(weights, axis=1) * model.sigma
    test = _test(weights, values / errors, family, model.df, how)
    reach = test.critical * errors
    rows = [
        Comparison(
            label=family.labels[place],
            estimate=float(values[row]),
            se=float(errors[row]),
            df=model.df,
            t=float(test.t[row]),
            p=float(test.p[row]),
            p_adjusted=float(test.adjusted[row]),
            interval=_interval(float(values[row]), float(reach[row]), how.side),
        )
        for row, place in enumerate(kept)
    ]
    return Comparisons(
        family=family.words,
        adjust=how.adjust,
        adjust_words=_WORDS[how.adjust] + test.caveat,
        side=how.side,
        rows=tuple(rows),
        level=how.level,
        critical=test.critical,
        interval_words=interval_words(how.adjust),
        not_estimable=tuple(label for place, label in enumerate(family.labels) if place not in kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Test:
    """Raw and adjusted P of some t, the reach of the intervals in SE, and what is to be said of how exact they are."""

    t: Floats
    p: Floats
    adjusted: Floats
    critical: float
    caveat: str = ""


def _test(weights: Floats, t: Floats, family: _Family, df: int, how: How) -> _Test:
    raw = np.array([_p(float(one), df, how.side) for one in t])
    alpha = 1 - how.level
    if not len(t):
        return _Test(t=t, p=raw, adjusted=raw, critical=math.nan)
    if how.adjust == "tukey":
        return _tukey(weights, t, raw, family, df, alpha)
    if how.adjust == "scheffe":
        rank = int(np.linalg.matrix_rank(weights))
        adjusted = special.fdtrc(rank, df, t**2 / rank)
        return _Test(t=t, p=raw, adjusted=adjusted, critical=(rank * special.fdtri(rank, df, 1 - alpha)) ** 0.5)
    if how.adjust.startswith("dunnett"):
        largest = MaxT(correlation=_correlation(weights), df=df, side=how.side)
        adjusted = (single_step if how.adjust == "dunnett" else step_down)(t, largest)
        caveat = "" if largest.digits > 4 else "; P to about 4 decimals"
        return _Test(t=t, p=raw, adjusted=adjusted, critical=largest.critical(alpha), caveat=caveat)
    sides = 2 if how.side == "two-sided" else 1
    critical = -float(special.stdtrit(df, tail_of(how.adjust, alpha, len(t)) / sides))
    return _Test(t=t, p=raw, adjusted=adjust(raw, how.adjust), critical=critical)


def _tukey(weights: Floats, t: Floats, raw: Floats, family: _Family, df: int, alpha: float) -> _Test:
    if not family.means:
        do = "choose holm, sidak or dunnett"
        raise UsageError(expected="all pairs of some means for tukey", found=family.words, do=do)
    groups, root = family.means, 2**0.5
    adjusted = np.array([range_p(abs(float(one)) * root, groups, df) for one in t])
    lengths = np.linalg.norm(weights, axis=1)
    alike = float(np.ptp(lengths)) < 1e-9 * float(lengths.max())
    caveat = "" if alike else "; standard errors differ, so it is a little conservative"
    return _Test(t=t, p=raw, adjusted=adjusted, critical=range_critical(alpha, groups, df) / root, caveat=caveat)


def _correlation(weights: Floats) -> Floats:
    unit = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    correlation: Floats = np.clip(unit @ unit.T, -1, 1)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _p(t: float, df: float, side: Side) -> float:
    if side == "two-sided":
        return float(2 * special.stdtr(df, -abs(t)))
    return float(special.stdtr(df, -t if side == "greater" else t))


def _interval(estimate: float, reach: float, side: Side) -> Interval:
    low = -math.inf if side == "less" else estimate - reach
    high = math.inf if side == "greater" else estimate + reach
    return low, high
