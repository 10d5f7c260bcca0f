"""Implausible spreads: a SEM that stands where an SD should, or the other way round.

A SEM is an SD over sqrt(n), so that one taken for the other puts the coefficient of variation (SD / mean) sqrt(n)
times too low or too high. A study is doubted where its coefficient is far from the median of the others, farther than
they are from each other, and nearer after the factor is undone; where an effect is larger than animal studies find; or
where the SDs of its two groups differ by about sqrt(n). These are reasons to look at the paper, not proofs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from scipy import stats

from littermate.literature.effect_sizes import NoEffectError, TwoArms

__all__ = ["HUGE", "doubts"]

HUGE = 5.0
"""A standardised difference above this is hardly ever seen in animals."""
_OTHERS = 4
"""So many other studies are needed to know what is usual."""
_LEAST_SPREAD = 0.3
_UNLIKELY = 0.002
"""SDs of two groups that differ so by chance less often than this are doubted."""


def doubts(studies: Sequence[TwoArms | None]) -> list[tuple[str, ...]]:
    """Return what is doubtful about the SDs of every study, in sentences.

    Examples
    --------
    >>> usual = [TwoArms(n1=9, mean1=100, sd1=sd, n2=9, mean2=120, sd2=sd) for sd in (28, 30, 33, 35, 38)]
    >>> print(doubts([*usual, TwoArms(n1=9, mean1=100, sd1=11, n2=9, mean2=120, sd2=11)])[5][0])
    its SDs are small (10 % of the mean, others 30 %) and would be usual as SEMs: is the column right?
    """
    variation = [None if one is None else _log_variation(one) for one in studies]
    return [
        () if one is None else (*_against_others(one, place, variation), *_by_itself(one))
        for place, one in enumerate(studies)
    ]


def _log_variation(study: TwoArms) -> float | None:
    """Return the mean logarithm of the groups' coefficients of variation; `None` where they have none."""
    if min(study.sd1, study.sd2) <= 0 or study.mean1 * study.mean2 <= 0:
        return None
    return (math.log(study.sd1 / abs(study.mean1)) + math.log(study.sd2 / abs(study.mean2))) / 2


def _against_others(study: TwoArms, place: int, variation: Sequence[float | None]) -> tuple[str, ...]:
    own = variation[place]
    others = [one for row, one in enumerate(variation) if row != place and one is not None]
    if own is None or len(others) < _OTHERS:
        return ()
    usual = median(others)
    spread = max(_LEAST_SPREAD, 1.4826 * median(abs(one - usual) for one in others))
    step = math.log(study.n1 * study.n2) / 4
    away, factor = own - usual, -step if study.spread == "SEM" else step
    far = abs(away) > max(2 * spread, 0.75 * step) and (away < 0) == (factor > 0)
    if not far or abs(away + factor) >= abs(away):
        return ()
    here, there = (f"{100 * math.exp(one):.0f} %" for one in (own, usual))
    if study.spread == "SEM":
        return (f"its SEMs are large ({here} of the mean as SDs, others {there}) and would be usual as SDs: is the"
                " column right?",)  # fmt: skip
    return (f"its SDs are small ({here} of the mean, others {there}) and would be usual as SEMs: is the column right?",)


def _by_itself(study: TwoArms) -> tuple[str, ...]:
    said = []
    try:
        g, _ = study.effect("SMD")
    except NoEffectError:
        return ()
    if abs(g) > HUGE and study.spread == "SD":
        root = (study.n1 * study.n2) ** 0.25
        said.append(
            f"g = {g:.1f} is larger than animal studies find; with SEMs taken for SDs it would be {g / root:.1f}"
        )
    elif abs(g) > HUGE:
        said.append(f"g = {g:.1f} is larger than animal studies find")
    if min(study.sd1, study.sd2) > 0:
        ratio = max(study.sd1 / study.sd2, study.sd2 / study.sd1)
        root = (study.n1 * study.n2) ** 0.25
        if _by_chance(study) < _UNLIKELY and 0.75 * root < ratio < 1.35 * root:
            said.append(f"the SDs of its groups differ {ratio:.1f}-fold, about sqrt(n): is one of them a SEM?")
    return tuple(said)


def _by_chance(study: TwoArms) -> float:
    """Return the two-sided P of the F test of equal variances."""
    f, df1, df2 = (study.sd1 / study.sd2) ** 2, study.n1 - 1, study.n2 - 1
    return float(2 * min(stats.f.sf(f, df1, df2), stats.f.cdf(f, df1, df2)))
