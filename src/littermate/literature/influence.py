"""Influence: the pooled effect without each study, and as it was after each year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from littermate.literature.moderators import arrays
from littermate.literature.pooling import Pooling, pool
from littermate.model.meta_analysis import PooledStudies
from littermate.model.study_effect import StudyEffect

__all__ = ["cumulative", "leave_one_out"]


def leave_one_out(effects: Sequence[StudyEffect], how: Pooling) -> tuple[tuple[str, PooledStudies], ...]:
    """Return pairs (study, pooled effect without it); none where there is one study."""
    whole = arrays(effects)
    rows = np.arange(len(effects))
    if len(effects) < 2:
        return ()
    return tuple((one.study, pool(whole.take(rows != row), how)) for row, one in enumerate(effects))


def cumulative(effects: Sequence[StudyEffect], how: Pooling) -> tuple[tuple[float, PooledStudies], ...]:
    """Return pairs (year, pooled effect of all studies until then); none where a study's year is not known."""
    years = [one.year for one in effects if one.year is not None]
    if len(years) < len(effects):
        return ()
    return tuple(
        (year, pool(arrays([one for one in effects if one.year is not None and one.year <= year]), how))
        for year in sorted(set(years))
    )
