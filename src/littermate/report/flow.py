"""Where every animal went: allocated, excluded with the reason, analysed, outcome by outcome.

An animal allocated but absent from an analysis is there for one of three reasons: it was excluded, its value is
missing (with the reason that its measurement gives), or nobody measured it. No animal disappears without a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
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
    """One group, from allocation to analysis.

    Parameters
    ----------
    cell, allocated
        The group, and how many animals it was given.
    treated
        How many have every injection of the sheet in the log; `None` where there is no log.
    tested
        Pairs (assay, n): how many have a trial, a lane or a well of it.
    left_out
        Pairs (why, codes): who is not in every analysis.
    analysed
        Pairs (outcome, n).
    """

    cell: Cell
    allocated: int
    treated: int | None
    tested: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, tuple[str, ...]], ...]
    analysed: tuple[tuple[str, int], ...]


def animal_flow(content: ReportContent) -> tuple[GroupFlow, ...]:
    """Follow the animals of each group of the design, in its order."""
    losses = [loss for analysis in content.analyses for loss in losses_of(content, analysis)]
    return tuple(_group(content, cell, losses) for cell in content.protocol.design.cells)


def _group(content: ReportContent, cell: Cell, losses: Sequence[Loss]) -> GroupFlow:
    assigned = () if content.allocation is None else content.allocation.assignments
    animals = {one.animal for one in assigned if one.cell == cell}
    codes = {tag.code for tag in content.tags if tag.animal in animals}
    return GroupFlow(
        cell=cell,
        allocated=len(animals),
        treated=_treated(content, animals),
        tested=tuple((assay, len(codes & _seen(content, assay))) for assay in _assays(content)),
        left_out=_reasons(loss for loss in losses if loss.code in codes),
        analysed=tuple((a.plan.outcome, _count(content, a, cell)) for a in content.analyses),
    )


def _treated(content: ReportContent, animals: Set[str]) -> int | None:
    if not content.real_doses:
        return None
    lacking = {one.animal for one in content.deviations if one.kind in ("missed", "not logged")}
    return len(animals - lacking)


def _assays(content: ReportContent) -> tuple[str, ...]:
    return tuple(dict.fromkeys(outcome.assay for outcome in content.protocol.outcomes))


def _seen(content: ReportContent, assay: str) -> set[str]:
    """Return the codes that have a trial or a measurement of an assay."""
    outcomes = {outcome.name for outcome in content.protocol.outcomes if outcome.assay == assay}
    measured = {one.code for one in content.measurements if one.outcome in outcomes}
    return measured | {trial.code for trial in content.trials if trial.assay == assay}


def _reasons(losses: Iterable[Loss]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Gather losses by what happened, each with the outcomes that lack the animal."""
    outcomes: dict[tuple[str, str], list[str]] = {}
    for one in losses:
        outcomes.setdefault((one.code, one.because), []).append(one.outcome)
    reasons: dict[str, list[str]] = {}
    for (code, because), lacking in outcomes.items():
        reasons.setdefault(f"{because} ({listed(lacking)})", []).append(code)
    return tuple((because, tuple(codes)) for because, codes in reasons.items())


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
    """Say of how many animals an analysis is, and why the others are not in it."""
    if not losses:
        return (f"All {analysis.n} animals are in this analysis.",)
    reasons: dict[str, list[str]] = {}
    for one in losses:
        rule = "by a rule set beforehand: " if one.planned else ""
        reasons.setdefault(f"{rule}{one.because}", []).append(one.code)
    told = [f"{len(codes)} ({because.rstrip('.')}; {', '.join(codes)})" for because, codes in reasons.items()]
    return (f"Of {analysis.n + len(losses)} animals {analysis.n} are in this analysis; left out: {listed(told)}.",)
