"""Differences of means from a fitted model, all with its pooled error and unadjusted.

**Main effects**: each level against the reference, the other factors averaged with equal weights (estimated marginal
means). **Simple effects**: the same at each combination of levels of the factors it interacts with. **Interaction**
of two factors of two levels each: the difference of the two simple effects. Blocks are averaged, covariates stand at
their means.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from littermate.model.analysis import Difference
from littermate.stats.effect_size import hedges_g
from littermate.stats.fitted_model import FittedModel
from littermate.stats.linear import Design

__all__ = ["differences"]

Held = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One difference before it is estimated: its names, and the levels of the means it adds and takes off."""

    label: str
    factor: str
    level: str
    reference: str
    means: tuple[tuple[int, Held], ...]
    within: Held = ()


def differences(model: FittedModel) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """Estimate the main effects, simple effects and 2 x 2 interactions of the factors under study.

    Returns
    -------
    found, not_estimable
        The differences, and the labels of those that the data cannot estimate: of a cell without units, or a level
        that never meets another.
    """
    questions = list(_questions(model.design, model.factors))
    weights = [sum(sign * model.grid.average(dict(held)) for sign, held in one.means) for one in questions]
    answers = model.answer(np.array(weights))
    lengths, reach = answers.lengths, float(special.stdtrit(model.df, 0.975))
    found, lost = [], []
    for place, question in enumerate(questions):
        if answers.estimable[place]:
            found.append(_estimate(question, float(answers.values[place]), float(lengths[place]), model, reach))
        else:
            lost.append(question.label)
    return tuple(found), tuple(lost)


def _estimate(question: _Question, estimate: float, length: float, model: FittedModel, reach: float) -> Difference:
    se = length * model.sigma
    t = estimate / se
    g, g_interval = hedges_g(t, model.df, length)
    return Difference(
        label=question.label,
        factor=question.factor,
        level=question.level,
        reference=question.reference,
        within=question.within,
        estimate=estimate,
        se=se,
        df=model.df,
        ci95=(estimate - reach * se, estimate + reach * se),
        t=t,
        p=float(2 * special.stdtr(model.df, -abs(t))),
        hedges_g=g,
        hedges_g_ci95=g_interval,
    )


def _questions(design: Design, factors: Sequence[str]) -> Iterator[_Question]:
    for factor in factors:
        yield from _main(design, factor, [other for other in factors if other != factor])
    for factor in factors:
        partners = [other for other in factors if other != factor and _meet(design, factor, other)]
        yield from _simple(design, factor, partners)
    for pair in itertools.combinations(factors, 2):
        if _meet(design, *pair) and all(len(design.levels[name]) == 2 for name in pair):
            yield _interaction(design, *pair)


def _meet(design: Design, one: str, other: str) -> bool:
    return any({one, other} <= set(term) for term in design.columns)


def _main(design: Design, factor: str, others: Sequence[str]) -> Iterator[_Question]:
    reference, *levels = design.levels[factor]
    over = f", over {' and '.join(others)}" if others else ""
    for level in levels:
        yield _Question(
            label=f"{level} - {reference} ({factor}{over})",
            factor=factor,
            level=level,
            reference=reference,
            means=((1, ((factor, level),)), (-1, ((factor, reference),))),
        )


def _simple(design: Design, factor: str, partners: Sequence[str]) -> Iterator[_Question]:
    if not partners:
        return
    reference, *levels = design.levels[factor]
    for held in itertools.product(*(design.levels[partner] for partner in partners)):
        within = tuple(zip(partners, held, strict=True))
        for level in levels:
            yield _Question(
                label=f"{level} - {reference} ({factor}, at {' and '.join(f'{f} = {at}' for f, at in within)})",
                factor=factor,
                level=level,
                reference=reference,
                within=within,
                means=((1, ((factor, level), *within)), (-1, ((factor, reference), *within))),
            )


def _interaction(design: Design, one: str, other: str) -> _Question:
    (a0, a1), (b0, b1) = design.levels[one], design.levels[other]
    return _Question(
        label=f"({a1} - {a0} at {other} = {b1}) - ({a1} - {a0} at {other} = {b0}) ({one}:{other})",
        factor=f"{one}:{other}",
        level=f"{a1}:{b1}",
        reference=f"{a0}:{b0}",
        means=tuple((1 if (a == a1) == (b == b1) else -1, ((one, a), (other, b))) for a in (a1, a0) for b in (b1, b0)),
    )
