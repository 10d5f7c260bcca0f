"""EarlierStudies: this study's effect on one outcome, placed among those of studies before it.

Effects are Hedges' g. This study's is the difference that its planned analysis estimates, divided by the residual SD of
that analysis.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.finding import Finding
from littermate.model.meta_analysis import MetaAnalysis
from littermate.model.study_effect import StudyEffect

__all__ = ["EarlierStudies", "LiteraturePlan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteraturePlan:
    """Which effect of this study stands among earlier ones.

    Parameters
    ----------
    outcome, factor, level
        The effect: `level` of the factor against its control, on the outcome.
    direction
        ``"higher is worse"`` or ``"higher is better"`` of the outcome; ``""`` where it is that of the table.
    table
        The file of earlier studies, in the study folder.
    """

    outcome: str
    factor: str
    level: str
    direction: str = ""
    table: str = "literature.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierStudies:
    """Earlier studies pooled, alone and together with this one.

    Parameters
    ----------
    plan
        Which effect it is.
    sha256
        Of the table.
    alone
        The earlier studies.
    own, together
        This study's effect, and all pooled with it; `None` where it has no g, with the `reason`.
    findings
        What a reader must know of the table.
    """

    plan: LiteraturePlan
    sha256: str
    alone: MetaAnalysis
    own: StudyEffect | None
    together: MetaAnalysis | None
    reason: str = ""
    findings: tuple[Finding, ...] = ()
