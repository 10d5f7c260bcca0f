"""Where every animal went: allocated, excluded with the reason, analysed, outcome by outcome.

An animal allocated but absent from an analysis is there for one of three reasons: it was excluded, its value is
missing (with the reason that its measurement gives), or nobody measured it. No animal disappears without a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.design import Cell
from littermate.report.content import ReportContent
from littermate.report.wording import listed

__all__ = ["GroupFlow", "Loss", "animal_flow", "losses_of", "losses_sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One animal that is not in an analysis: its code, its group, and why. An empty `outcome` means all of them."""

    outcome: str
    code: str
    cell: Cell | None
    because: str
    planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFlow:
    """One group: how many were allocated, and how many each analysis holds, as (outcome, n) pairs."""

    cell: Cell
    allocated: int
    analysed: tuple[tuple[str, int], ...]


def animal_flow(content: ReportContent) -> tuple[GroupFlow, ...]:
    """Count the animals of each group of the design, in its order."""
    cells = [] if content.allocation is None else [a.cell for a in content.allocation.assignments]
    return tuple(
        GroupFlow(
            cell=cell,
            allocated=cells.count(cell),
            analysed=tuple((a.plan.outcome, _count(content, a, cell)) for a in content.analyses),
        )
        for cell in content.protocol.design.cells
    )


def _count(content: ReportContent, analysis: Analysis, cell: Cell) -> int:
    """Count the animals of a full design cell, also where the model has only some of the factors."""
    return sum(content.cell_of(point.unit) == cell for point in analysis.points)


def losses_of(content: ReportContent, analysis: Analysis) -> tuple[Loss, ...]:
    """Say of every allocated animal that one analysis lacks, why it is not there."""
    present = {point.unit for point in analysis.points}
    return tuple(
        _loss(content, analysis.plan.outcome, tag.code)
        for tag in content.tags
        if tag.code not in present and (content.allocation is None or content.cell_of(tag.code) is not None)
    )


def _loss(content: ReportContent, outcome: str, code: str) -> Loss:
    because, planned = "nobody measured it", False
    for measurement in content.measurements:
        if (measurement.outcome, measurement.code) == (outcome, code):
            because = measurement.reason or "measured, but not in the analysis"
    for exclusion in content.exclusions:
        if exclusion.code == code and exclusion.outcome in ("", outcome):
            because, planned = exclusion.because, exclusion.planned
    return Loss(outcome=outcome, code=code, cell=content.cell_of(code), because=because, planned=planned)


def losses_sentences(analysis: Analysis, losses: Sequence[Loss]) -> tuple[str, ...]:
    """Say of how many animals an analysis is, and why the others are not in it; nothing where none is missing."""
    if not losses:
        return ()
    reasons: dict[str, list[str]] = {}
    for one in losses:
        rule = "by a rule set beforehand: " if one.planned else ""
        reasons.setdefault(f"{rule}{one.because}", []).append(one.code)
    told = [f"{len(codes)} ({because.rstrip('.')}; {', '.join(codes)})" for because, codes in reasons.items()]
    return (f"Of {analysis.n + len(losses)} animals {analysis.n} are in this analysis; left out: {listed(told)}.",)
