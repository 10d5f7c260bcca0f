"""Moderators: do studies differ by what they say of themselves? Subgroups and meta-regression.

A column whose every entry is a number is a numeric moderator; any other is a factor, coded by dummies against its
first level in alphabetical order, as R does. A study that leaves a moderator empty takes no part, and is named.

Levels of a subgroup are pooled one by one, each with its own variance between studies, and compared by the weighted
squares of the levels' estimates around their mean (Borenstein et al. 2009, *Introduction to Meta-Analysis*, chapter
19). The test with one variance for all levels is that of a meta-regression on the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.errors import Complaint, TableError
from littermate.literature.missing import is_missing
from littermate.literature.pooling import Fitted, Pooling, fit_effects, pool
from littermate.literature.weighted import Effects, Floats
from littermate.model.meta_analysis import MetaRegression, Subgroup, Subgroups
from littermate.model.study_effect import StudyEffect

__all__ = ["arrays", "by_subgroup", "regress"]


def arrays(effects: Sequence[StudyEffect]) -> Effects:
    """Return studies' effects as arrays, without moderators."""
    return Effects.alone(np.array([one.yi for one in effects]), np.array([one.vi for one in effects]))


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """The columns of a model: names, numbers of shape (k, p), and the places of the studies that take part."""

    names: tuple[str, ...]
    x: Floats
    rows: tuple[int, ...]


def regress(effects: Sequence[StudyEffect], moderators: Sequence[str], how: Pooling) -> MetaRegression:
    """Explain effects by columns of their table.

    Raises
    ------
    TableError
        If there is no such column.
    AnalysisError
        If the studies cannot tell the moderators apart.
    """
    design = _design(effects, moderators)
    kept = [effects[row] for row in design.rows]
    plain = arrays(kept)
    fitted = fit_effects(Effects(plain.y, plain.v, design.x), how)
    statistic, df, df_error, p = _all_moderators(fitted)
    return MetaRegression(
        moderators=tuple(moderators),
        k=len(kept),
        method=how.method,
        test=how.test,
        coefficients=tuple(fitted.coefficient(index, name) for index, name in enumerate(design.names)),
        heterogeneity=fitted.heterogeneity,
        qm=statistic,
        qm_df=df,
        qm_df_error=df_error,
        qm_p=p,
        r2=_explained(plain, fitted),
        unknown=_others(effects, design.rows),
    )


def _others(effects: Sequence[StudyEffect], rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(one.study for row, one in enumerate(effects) if row not in rows)


def _all_moderators(fitted: Fitted) -> tuple[float, int, int | None, float]:
    """Test all coefficients but the intercept: chi-squared, or F."""
    beta, covariance = fitted.fit.beta[1:], fitted.covariance[1:, 1:]
    squares, df = float(beta @ np.linalg.solve(covariance, beta)), len(beta)
    if fitted.df is None:
        return squares, df, None, float(stats.chi2.sf(squares, df))
    return squares / df, df, fitted.df, float(stats.f.sf(squares / df, df, fitted.df))


def _explained(plain: Effects, fitted: Fitted) -> float | None:
    """Return the percent of the variance between studies that is gone; `None` where there was none."""
    before = fit_effects(plain, fitted.how).heterogeneity.tau2
    return None if before == 0 else max(0.0, 100 * (before - fitted.heterogeneity.tau2) / before)


def _design(effects: Sequence[StudyEffect], moderators: Sequence[str]) -> _Design:
    entries = {name: _column(effects, name) for name in moderators}
    rows = tuple(row for row in range(len(effects)) if not any(is_missing(column[row]) for column in entries.values()))
    names, columns = ["intercept"], [np.ones(len(rows))]
    for name, column in entries.items():
        for label, values in _coded(name, [column[row] for row in rows]):
            names.append(label)
            columns.append(values)
    return _Design(tuple(names), np.column_stack(columns), rows)


def _coded(name: str, entries: Sequence[str]) -> list[tuple[str, Floats]]:
    """Return a column as numbers: itself, or a dummy for each level but the first."""
    try:
        return [(name, np.array([float(entry) for entry in entries]))]
    except ValueError:
        levels = sorted(set(entries))
    return [(f"{name}: {level}", np.array([float(entry == level) for entry in entries])) for level in levels[1:]]


def _column(effects: Sequence[StudyEffect], name: str) -> list[str]:
    """Return a column's entries; empty where a study has none."""
    known = list(dict.fromkeys(column for one in effects for column, _ in one.columns))
    if name not in known:
        raise TableError.of(
            [Complaint(expected=f"one of the columns {', '.join(known)}", found=name, do="correct the name")]
        )
    return [dict(one.columns).get(name, "") for one in effects]


def by_subgroup(effects: Sequence[StudyEffect], column: str, how: Pooling) -> Subgroups:
    """Pool effects by the levels of a column, and compare the levels.

    Raises
    ------
    TableError
        If there is no such column.
    """
    entries = _column(effects, column)
    levels = list(dict.fromkeys(entry for entry in entries if not is_missing(entry)))
    groups = tuple(_subgroup(effects, entries, level, how) for level in levels)
    between = _between(groups)
    common = None if between is None else _shared(effects, entries, how)
    return Subgroups(
        column=column,
        groups=groups,
        q=None if between is None else between[0],
        df=max(0, len(groups) - 1),
        p=None if between is None else between[1],
        q_common=None if common is None else common[0],
        p_common=None if common is None else common[1],
        unknown=_others(effects, [row for group in groups for row in group.members]),
    )


def _subgroup(effects: Sequence[StudyEffect], entries: Sequence[str], level: str, how: Pooling) -> Subgroup:
    members = tuple(row for row, entry in enumerate(entries) if entry == level)
    return Subgroup(level=level, members=members, pooled=pool(arrays([effects[row] for row in members]), how))


def _between(groups: Sequence[Subgroup]) -> tuple[float, float] | None:
    """Test between levels that each have a variance of their own; `None` where there is one level."""
    if len(groups) < 2:
        return None
    estimates = np.array([group.pooled.estimate for group in groups])
    weights = np.array([group.pooled.se for group in groups]) ** -2.0
    mean = weights @ estimates / weights.sum()
    q = float(weights @ (estimates - mean) ** 2)
    return q, float(stats.chi2.sf(q, len(groups) - 1))


def _shared(effects: Sequence[StudyEffect], entries: Sequence[str], how: Pooling) -> tuple[float, float] | None:
    """Test between levels that share one variance, numbers being levels here; `None` where too few studies remain."""
    rows = [row for row, entry in enumerate(entries) if not is_missing(entry)]
    levels = sorted({entries[row] for row in rows})
    dummies = [[float(entries[row] == level) for level in levels[1:]] for row in rows]
    plain = arrays([effects[row] for row in rows])
    if plain.k <= len(levels):
        return None
    x = np.column_stack([plain.x, np.array(dummies)])
    statistic, _, _, p = _all_moderators(fit_effects(Effects(plain.y, plain.v, x), how))
    return statistic, p
