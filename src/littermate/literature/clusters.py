"""Clusters: several effects of one study, which are not independent of each other.

They may be combined into one effect first, given how strongly they are correlated: with V the covariance of a study's
effects (the same correlation for all pairs), the combined effect is the weighted mean with weights V^-1 1, its variance
1 / (1' V^-1 1) (the rule of metafor's `aggregate`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from littermate.errors import AnalysisError, UsageError
from littermate.model.study_effect import StudyEffect

__all__ = ["aggregate", "several_effects"]


def several_effects(effects: Sequence[StudyEffect]) -> dict[str, int]:
    """Return how many effects each study has that has several.

    Examples
    --------
    >>> pair = [StudyEffect(study=name, cluster="Smith 2010", yi=0.5, vi=0.1) for name in "ab"]
    >>> several_effects(pair)
    {'Smith 2010': 2}
    """
    members = _members(effects)
    return {name: len(of) for name, of in members.items() if len(of) > 1}


def _members(effects: Sequence[StudyEffect]) -> dict[str, list[StudyEffect]]:
    members: dict[str, list[StudyEffect]] = {}
    for one in effects:
        members.setdefault(one.cluster, []).append(one)
    return members


def aggregate(effects: Sequence[StudyEffect], correlation: float) -> tuple[StudyEffect, ...]:
    """Return one effect a study.

    Parameters
    ----------
    effects
        In any order; the studies keep the order of their first effects.
    correlation
        Of the effects of one study.

    Raises
    ------
    UsageError
        If the correlation is not between -1 and 1.
    AnalysisError
        If no effects can be correlated so.

    Examples
    --------
    >>> pair = [StudyEffect(study=name, cluster="Smith 2010", yi=y, vi=0.1) for name, y in (("a", 0.4), ("b", 0.6))]
    >>> (one,) = aggregate(pair, 0.5)
    >>> one.study, round(one.yi, 6), round(one.vi, 6)
    ('Smith 2010', 0.5, 0.075)
    """
    if not -1 < correlation < 1:
        raise UsageError(
            expected="a correlation between -1 and 1", found=f"{correlation:g}", do="0.5 is a common assumption"
        )
    return tuple(_combined(name, of, correlation) for name, of in _members(effects).items())


def _combined(name: str, effects: Sequence[StudyEffect], correlation: float) -> StudyEffect:
    if len(effects) == 1:
        return effects[0]
    errors = np.array([one.se for one in effects])
    correlations = np.full((len(errors), len(errors)), correlation)
    np.fill_diagonal(correlations, 1.0)
    if np.linalg.eigvalsh(correlations)[0] <= 0:
        raise AnalysisError(
            expected="a correlation that the effects of a study can have",
            found=f"{correlation:g} among {len(errors)} effects of {name}",
            do="choose a larger one",
        )
    weights = np.linalg.solve(correlations * np.outer(errors, errors), np.ones(len(errors)))
    return StudyEffect(
        study=name,
        cluster=name,
        yi=float(weights @ [one.yi for one in effects] / weights.sum()),
        vi=float(1 / weights.sum()),
        source=f"{len(effects)} effects combined",
        columns=_shared_columns(effects),
        year=effects[0].year,
        flags=tuple(dict.fromkeys(flag for one in effects for flag in one.flags)),
    )


def _shared_columns(effects: Sequence[StudyEffect]) -> tuple[tuple[str, str], ...]:
    """Return the entries that all effects of a study have alike; the others are not known of the whole."""
    others = [dict(one.columns) for one in effects[1:]]
    return tuple((name, text if all(one[name] == text for one in others) else "") for name, text in effects[0].columns)
