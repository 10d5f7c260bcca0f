"""Losses: the power that is left when units are lost at random, as the mean over what may be left.

Every unit is lost with the same probability, whatever its group and its outcome, so the number left in a cell is
binomial. Where the possible outcomes are few all are gone through; else they are drawn at random with a seed, and the
power of each is exact. An outcome without a unit in some cell, or without error degrees of freedom, finds nothing.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from littermate.errors import UsageError
from littermate.model.power import CellPlan, LossPower
from littermate.stats.hypotheses import Floats
from littermate.stats.power import Question

__all__ = ["power_with_losses"]

_ALL, _DRAWN = 100_000, 20_000
"""Up to so many outcomes all are gone through; else so many are drawn."""


def power_with_losses(plan: CellPlan, question: Question, rate: float, *, seed: int = 1) -> LossPower:
    """Return the power for an effect when each unit is lost with probability `rate`.

    Parameters
    ----------
    plan
        Its sizes are those begun with.
    question
        What is to be found; not equivalence.
    rate
        From 0 to below 1.
    seed
        Of the outcomes drawn, where they are too many to go through.

    Raises
    ------
    UsageError
        If the rate is no such share, or the question is of equivalence.

    Examples
    --------
    >>> from littermate.stats.hypotheses import effects_of
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> found = power_with_losses(CellPlan.even(levels, 8), Question(hypothesis=effects_of(levels)[0]), 0.1)
    >>> round(found.power, 3), found.standard_error
    (0.725, None)
    """
    if not 0 <= rate < 1:
        raise UsageError(expected="a share of units lost, from 0 to below 1", found=f"{rate}", do="10% or 0.1")
    if question.within is not None:
        raise UsageError(expected="an effect to find", found="a question of equivalence", do="simulate the losses")
    every = math.prod(size + 1 for size in plan.sizes) <= _ALL
    left, weight = _all_outcomes(plan, rate) if every else _drawn_outcomes(plan, rate, seed)
    powers = _powers(left, plan, question)
    mean = float(weight @ powers)
    return LossPower(
        term=question.hypothesis.term,
        rate=rate,
        started=plan.n_per_group,
        n_total=plan.n_total,
        power=mean,
        method=(
            "exact: mean over all binomial losses"
            if every
            else f"mean of the exact power over {_DRAWN} binomial losses drawn with seed {seed}"
        ),
        standard_error=None if every else float(np.std(powers, ddof=1)) / math.sqrt(_DRAWN),
    )


def _all_outcomes(plan: CellPlan, rate: float) -> tuple[Floats, Floats]:
    """Return every number left, shape (outcomes, cells), and its probability."""
    left = np.array(list(itertools.product(*(range(size + 1) for size in plan.sizes))), dtype=np.float64)
    return left, np.prod(stats.binom.pmf(left, np.array(plan.sizes), 1 - rate), axis=1)


def _drawn_outcomes(plan: CellPlan, rate: float, seed: int) -> tuple[Floats, Floats]:
    shape = (_DRAWN, len(plan.sizes))
    left = np.random.default_rng(seed).binomial(plan.sizes, 1 - rate, shape).astype(np.float64)
    return left, np.full(_DRAWN, 1 / _DRAWN)


def _powers(left: Floats, plan: CellPlan, question: Question) -> Floats:
    """Return the power of each outcome; outcomes that are alike are worked out once."""
    hypothesis = question.hypothesis
    df_error = left.sum(axis=1) - left.shape[1] - plan.df_taken
    usable = (left > 0).all(axis=1) & (df_error >= 1)
    contrasts = hypothesis.contrasts
    spread = np.einsum("rc,oc,sc->ors", contrasts, 1 / left[usable], contrasts)
    value = contrasts @ hypothesis.means
    found = (np.linalg.solve(spread, np.broadcast_to(value[:, None], (len(spread), value.size, 1)))[..., 0]) @ value
    keys = np.column_stack([df_error[usable], np.round(found / (1 - plan.explained), 11)])
    different, which = np.unique(keys, axis=0, return_inverse=True)
    powers = np.zeros(len(left))
    powers[usable] = _f_powers(different, hypothesis.df, question.alpha)[which.ravel()]
    return powers


def _f_powers(cases: Floats, df: int, alpha: float) -> Floats:
    """Return the power of each (error degrees of freedom, noncentrality)."""
    critical = stats.f.isf(alpha, df, cases[:, 0])
    powers = stats.ncf.sf(critical, df, cases[:, 0], cases[:, 1])
    return np.asarray(np.where(cases[:, 1] == 0, alpha, powers), dtype=np.float64)
