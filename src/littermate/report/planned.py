"""Planned: every planned analysis beside the one that was performed, and when it was planned.

What was planned is what the journal's entry of the allocation states; a study that was allocated by a version that did
not state it is compared with study.toml as it is, and the hash of that file at the allocation says whether it changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.journal import Entry
from littermate.model.outcome import Outcome
from littermate.model.stated_plan import PlanChange, StatedPlan, changes_of, state_plan, stated_in, stated_plans
from littermate.report.content import ReportContent
from littermate.report.numbers import degrees

__all__ = ["PlanOrigin", "PlannedView", "plan_origin", "planned_rows", "planned_views"]

Cell = str | float | int | None

_NOT_PRINTED = ("model", "primary", "smallest effect")
_WORDS = {"type": "type {} sums of squares", "alpha": "alpha {}", "outliers": "outliers left out by {}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrigin:
    """When the analyses were planned.

    Parameters
    ----------
    entry
        The journal's entry of the allocation; `None` where there is none.
    stated
        Whether it states the plans.
    sha256, sha256_now
        Hashes of study.toml then and now; empty where they are not known.
    """

    entry: Entry | None
    stated: bool
    sha256: str
    sha256_now: str

    @property
    def unchanged(self) -> bool | None:
        """Whether study.toml is the file it was; `None` where that cannot be told."""
        return self.sha256 == self.sha256_now if self.sha256 and self.sha256_now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedView:
    """One outcome: what was planned and what was performed.

    Parameters
    ----------
    outcome
        Its name.
    primary
        Whether it is the primary one.
    planned, performed
        The plans; `None` where nothing was.
    analysis
        What was performed.
    n_planned
        Animals of the design.
    changes
        How the performed plan differs from the planned one.
    """

    outcome: str
    primary: bool
    planned: StatedPlan | None
    performed: StatedPlan | None
    analysis: Analysis | None
    n_planned: int
    changes: tuple[PlanChange, ...] = ()

    @property
    def state(self) -> str:
        """``"as planned"``, ``"changed"``, ``"not performed"``, ``"not planned"`` or ``"no analysis"``."""
        if self.performed is None:
            return "not performed" if self.planned else "no analysis"
        if self.planned is None:
            return "not planned"
        return "changed" if self.changes else "as planned"

    @property
    def details(self) -> tuple[str, ...]:
        """What is said beside the model of the planned analysis, or of the performed one where none was planned."""
        plan = self.planned or self.performed
        says = () if plan is None else plan.says
        return tuple(
            _WORDS.get(aspect, f"{aspect}: {{}}").format(text) for aspect, text in says if aspect not in _NOT_PRINTED
        )

    @property
    def df_error(self) -> str:
        """Degrees of freedom of the error, as printed; those of a mixed model from the smallest to the largest."""
        found = sorted({degrees(one.df_error) for one in self.analysis.effects}, key=float) if self.analysis else []
        return " to ".join(dict.fromkeys((found[0], found[-1]))) if found else ""


def plan_origin(content: ReportContent) -> PlanOrigin:
    """Find when the analyses were planned."""
    entry = next((one for one in content.entries if one.what == "allocate"), None)
    words = json.loads(entry.arguments or "{}") if entry else {}
    return PlanOrigin(
        entry=entry,
        stated=entry is not None and stated_in(entry) is not None,
        sha256=str(words.get("protocol_sha256", "")),
        sha256_now=content.protocol_sha256,
    )


def planned_views(content: ReportContent) -> tuple[PlannedView, ...]:
    """Set planned and performed side by side: one view an outcome, those of the protocol first."""
    entry = plan_origin(content).entry
    stated = (stated_in(entry) if entry else None) or stated_plans(content.protocol)
    planned = {one.outcome: one for one in stated}
    performed = {one.plan.outcome: one for one in content.analyses}
    known = {one.name: one for one in content.protocol.outcomes}
    return tuple(
        _view(content, known.get(name), name, planned.get(name), performed.get(name))
        for name in dict.fromkeys((*known, *planned, *performed))
    )


def _view(
    content: ReportContent, outcome: Outcome | None, name: str, planned: StatedPlan | None, analysis: Analysis | None
) -> PlannedView:
    performed = state_plan(analysis.plan, content.protocol) if analysis else None
    return PlannedView(
        outcome=name,
        primary=outcome is not None and outcome.primary,
        planned=planned,
        performed=performed,
        analysis=analysis,
        n_planned=content.protocol.design.n_total,
        changes=changes_of([planned], [performed]) if planned and performed else (),
    )


def planned_rows(views: Iterable[PlannedView]) -> list[list[Cell]]:
    """List every aspect of every plan as planned and as performed, under a head."""
    rows: list[list[Cell]] = [["outcome", "state", "aspect", "planned", "performed", "same"]]
    for view in views:
        was, now = (dict(plan.says) if plan else {} for plan in (view.planned, view.performed))
        for aspect in dict.fromkeys((*was, *now)):
            before, after = was.get(aspect, ""), now.get(aspect, "")
            same = "yes" if before == after else "no"
            rows.append([view.outcome, view.state, aspect, before, after, same])
        if view.analysis:
            n, m = view.n_planned, view.analysis.n
            rows.append([view.outcome, view.state, "animals", n, m, "yes" if n == m else "no"])
            rows.append([view.outcome, view.state, "error degrees of freedom", None, view.df_error, ""])
    return rows
