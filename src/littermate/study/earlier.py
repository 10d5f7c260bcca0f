"""Earlier: this study's effects placed among those of earlier studies, where the protocol names a table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from littermate.errors import TableError
from littermate.files import sha256_of
from littermate.literature.effect_sizes import Given
from littermate.literature.effect_table import EffectTable, read_effects
from littermate.literature.synthesis import Asked, findings_of, synthesise
from littermate.model.analysis import Analysis
from littermate.model.earlier_studies import EarlierStudies, LiteraturePlan
from littermate.model.effect import Difference
from littermate.model.finding import Finding
from littermate.model.study_effect import FAVOURS, StudyEffect
from littermate.stats.table import read_table
from littermate.study.record import StudyRecord

__all__ = ["OWN", "earlier_studies", "noticed_in_literature"]

OWN = "This study"


def earlier_studies(study: StudyRecord, analyses: Sequence[Analysis]) -> tuple[EarlierStudies, ...]:
    """Place this study's effects among earlier ones.

    Raises
    ------
    TableError
        If a table of earlier studies is not there, or has faults.
    """
    planned = {one.plan.outcome: one for one in analyses}
    return tuple(_placed(study, plan, planned[plan.outcome]) for plan in study.protocol.literature)


def _placed(study: StudyRecord, plan: LiteraturePlan, analysis: Analysis) -> EarlierStudies:
    table = _table(study, plan)
    alone = synthesise(table, Asked())
    own, reason = _own_effect(plan, analysis)
    if own is not None and _is_opposite(plan, table):
        own = replace(own, yi=-own.yi, flags=("sign turned, as in the table the other direction is better",))
    together = None if own is None else synthesise(replace(table, effects=(*table.effects, own)), Asked())
    return EarlierStudies(
        plan=plan,
        sha256=sha256_of(study.folder.root / plan.table),
        alone=alone,
        own=own,
        together=together,
        reason=reason,
        findings=findings_of(alone),
    )


def noticed_in_literature(study: StudyRecord) -> tuple[Finding, ...]:
    """Return what keeps a table of earlier studies from being read: better known before the report than at it."""
    faults = {}
    for plan in study.protocol.literature:
        try:
            _table(study, plan)
        except TableError as fault:
            faults[plan.table] = fault
    return tuple(
        Finding(id="earlier-studies", importance="warning", message=one.in_a_line, about=table)
        for table, fault in faults.items()
        for one in fault.complaints
    )


def _table(study: StudyRecord, plan: LiteraturePlan) -> EffectTable:
    path = study.folder.root / plan.table
    if not path.is_file():
        raise TableError(
            expected="the table of earlier studies that [[literature]] in study.toml names",
            found="no such file",
            do="put it there; docs/meta.md says which columns it has",
            where=str(path),
        )
    return read_effects(read_table(path), measure="SMD")


def _is_opposite(plan: LiteraturePlan, table: EffectTable) -> bool:
    """Return whether a high value of this study's outcome means the opposite of what it does in the table."""
    return table.favours is not None and plan.direction != "" and FAVOURS[plan.direction] != table.favours


def _own_effect(plan: LiteraturePlan, analysis: Analysis) -> tuple[StudyEffect | None, str]:
    """Return this study's effect, or why it has none."""
    difference = _difference(plan, analysis)
    if difference is None:
        return None, f"its analysis estimates no difference of {plan.level} on {plan.factor}"
    if analysis.plan.scale:
        return None, f"it is analysed on the scale {analysis.plan.scale}, and earlier studies are not"
    if difference.hedges_g is None:
        return None, "its mixed model has several standard deviations, and none to divide by"
    n1, n2 = (_animals(analysis, plan.factor, level) for level in (difference.level, difference.reference))
    yi, vi = Given(yi=difference.hedges_g, vi=None, n1=n1, n2=n2).effect("SMD")
    source = f"planned analysis, {analysis.plan.formula}"
    return StudyEffect(study=OWN, cluster=OWN, yi=yi, vi=vi, n_treatment=n1, n_control=n2, source=source), ""


def _difference(plan: LiteraturePlan, analysis: Analysis) -> Difference | None:
    return next(
        (
            one
            for one in analysis.differences
            if (one.factor, one.level) == (plan.factor, plan.level) and not one.within
        ),
        None,
    )


def _animals(analysis: Analysis, factor: str, level: str) -> int:
    return sum(group.n for group in analysis.groups if dict(group.levels)[factor] == level)
