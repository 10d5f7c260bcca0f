"""Marginal means (least-squares means): what the model says of a level, the other factors averaged.

Other factors count each level alike (Searle, Speed and Milliken 1980, *Am Stat* 34:216), or in proportion to the units
that have it; blocks are averaged in the same way, covariates stand at their means.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import special

from littermate.model.comparison import MarginalMean
from littermate.stats.fitted_model import Averaging, FittedModel

__all__ = ["Held", "all_marginal_means", "level_combinations", "marginal_means"]

Held = tuple[tuple[str, str], ...]


def marginal_means(
    model: FittedModel, factors: Sequence[str], *, averaging: Averaging = "equal", level: float = 0.95
) -> tuple[MarginalMean, ...]:
    """Return the marginal mean of every combination of levels of some factors.

    Parameters
    ----------
    model
        From `fit_model`.
    factors
        One for the means of its levels, all for the cells.
    averaging
        Weights of the levels averaged over: ``"equal"`` or ``"proportional"``.
    level
        Of the intervals.

    Raises
    ------
    UsageError
        If the model has no such factor.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [9, 11, 5, 7, 10, 12, 7, 9], "a": list("00110011"), "b": list("00001111")})
    >>> [(one.levels, round(one.mean, 6)) for one in marginal_means(fit_model(frame, "y ~ a * b"), ["a"])]
    [((('a', '0'),), 10.5), ((('a', '1'),), 7.0)]
    """
    return _means(model, level_combinations(model, factors), averaging, level)


def all_marginal_means(model: FittedModel, *, level: float = 0.95) -> tuple[MarginalMean, ...]:
    """Return the marginal means of every term of the model that is made of factors under study."""
    terms = [term for term in model.design.columns if set(term) <= set(model.factors)]
    held = itertools.chain.from_iterable(level_combinations(model, term) for term in terms)
    return _means(model, list(held), "equal", level)


def level_combinations(model: FittedModel, factors: Sequence[str]) -> list[Held]:
    """Return all combinations of levels of some factors, the last factor fastest, as (factor, level) pairs."""
    model.grid.require_factors(factors)
    levels = itertools.product(*(model.grid.levels[name] for name in factors))
    return [tuple(zip(factors, held, strict=True)) for held in levels]


def _means(model: FittedModel, held: Sequence[Held], averaging: Averaging, level: float) -> tuple[MarginalMean, ...]:
    return tuple(_each(model, held, averaging, level))


def _each(model: FittedModel, held: Sequence[Held], averaging: Averaging, level: float) -> Iterator[MarginalMean]:
    answers = model.answer(np.array([model.grid.average(dict(pairs), averaging) for pairs in held]))
    errors = answers.lengths * model.sigma
    reach = errors * special.stdtrit(model.df, (1 + level) / 2)
    for place, pairs in enumerate(held):
        there = bool(answers.estimable[place])
        mean, se, by = (float(of[place]) for of in (answers.values, errors, reach))
        yield MarginalMean(
            levels=pairs,
            mean=mean if there else None,
            se=se if there else None,
            df=model.df,
            interval=(mean - by, mean + by) if there else None,
            level=level,
            weights=averaging,
        )
