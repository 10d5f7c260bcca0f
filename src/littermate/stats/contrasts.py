"""Differences of means from a fitted model, all with its pooled error and unadjusted.

**Main effects**: each level against the reference, the other factors averaged with equal weights (estimated marginal
means). **Simple effects**: the same at each combination of levels of the factors it interacts with. **Interaction**
of two factors of two levels each: the difference of the two simple effects. Blocks are averaged, covariates stand at
their means.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.model.analysis import Difference
from littermate.stats.effect_size import hedges_g
from littermate.stats.linear import Design, Projection
from littermate.stats.table import Floats

__all__ = ["Question", "differences", "questions"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """One difference before it is estimated: its names and the weights of levels."""

    label: str
    factor: str
    level: str
    reference: str
    weights: Mapping[str, Floats]
    within: tuple[tuple[str, str], ...] = ()


def differences(design: Design, fitted: Projection, factors: Sequence[str]) -> tuple[Difference, ...]:
    """Estimate the main effects, simple effects and 2 x 2 interactions of the factors.

    What the data cannot estimate (a level that never meets another in a model without their interaction) is left out.
    """
    matrix = design.matrix()
    u, size, vt = np.linalg.svd(matrix, full_matrices=False)
    keep = size > size[0] * 1e-10
    inverse = (vt[keep].T / size[keep]) @ u[:, keep].T
    found = []
    for question in questions(design, factors):
        row = design.combination(question.weights)
        weights = row @ inverse
        if np.any(np.abs(row) > 1e-8) and np.allclose(weights @ matrix, row, rtol=0, atol=1e-8):
            found.append(_estimate(question, weights, design, fitted))
    return tuple(found)


def _estimate(question: Question, weights: Floats, design: Design, fitted: Projection) -> Difference:
    df = fitted.df_error
    length = float(np.linalg.norm(weights))
    estimate = float(weights @ design.y)
    se = length * (fitted.ss_error / df) ** 0.5
    t = estimate / se
    reach = float(stats.t.ppf(0.975, df)) * se
    g, g_interval = hedges_g(t, df, length)
    return Difference(
        label=question.label,
        factor=question.factor,
        level=question.level,
        reference=question.reference,
        within=question.within,
        estimate=estimate,
        se=se,
        df=df,
        ci95=(estimate - reach, estimate + reach),
        t=t,
        p=float(2 * stats.t.sf(abs(t), df)),
        hedges_g=g,
        hedges_g_ci95=g_interval,
    )


def questions(design: Design, factors: Sequence[str]) -> Iterator[Question]:
    """Ask for the main effects, the simple effects and the 2 x 2 interactions of the factors."""
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


def _against(design: Design, factor: str, level: str) -> Floats:
    """Return the weights of a level minus the reference."""
    return _at(design, factor, level) - _at(design, factor, design.levels[factor][0])


def _at(design: Design, factor: str, level: str) -> Floats:
    return np.array([float(name == level) for name in design.levels[factor]])


def _main(design: Design, factor: str, others: Sequence[str]) -> Iterator[Question]:
    reference, *levels = design.levels[factor]
    over = f", over {' and '.join(others)}" if others else ""
    for level in levels:
        yield Question(
            label=f"{level} - {reference} ({factor}{over})",
            factor=factor,
            level=level,
            reference=reference,
            weights={factor: _against(design, factor, level)},
        )


def _simple(design: Design, factor: str, partners: Sequence[str]) -> Iterator[Question]:
    if not partners:
        return
    reference, *levels = design.levels[factor]
    for held in itertools.product(*(design.levels[partner] for partner in partners)):
        within = tuple(zip(partners, held, strict=True))
        for level in levels:
            yield Question(
                label=f"{level} - {reference} ({factor}, at {' and '.join(f'{f} = {at}' for f, at in within)})",
                factor=factor,
                level=level,
                reference=reference,
                within=within,
                weights={factor: _against(design, factor, level)} | {f: _at(design, f, at) for f, at in within},
            )


def _interaction(design: Design, one: str, other: str) -> Question:
    (a0, a1), (b0, b1) = design.levels[one], design.levels[other]
    return Question(
        label=f"({a1} - {a0} at {other} = {b1}) - ({a1} - {a0} at {other} = {b0}) ({one}:{other})",
        factor=f"{one}:{other}",
        level=f"{a1}:{b1}",
        reference=f"{a0}:{b0}",
        weights={one: _against(design, one, a1), other: _against(design, other, b1)},
    )
