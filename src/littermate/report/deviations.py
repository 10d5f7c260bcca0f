"""Deviations: what was given otherwise than planned, and what of the study was not done as planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from littermate.model.administration import Administration
from littermate.model.deviation import DEVIATIONS, Deviation
from littermate.model.injection import Injection
from littermate.model.real_dose import RealDose
from littermate.report.blinding import arguments_of, entries_about, measured_after
from littermate.report.content import ReportContent
from littermate.report.wording import listed, moment

__all__ = ["PlanDeviation", "deviation_rows", "dosing_sentences", "plan_deviations", "real_dose_rows"]

Cell = str | float | int | None


def dosing_sentences(
    injections: Sequence[Injection], administrations: Iterable[Administration], deviations: Sequence[Deviation]
) -> tuple[str, ...]:
    """Say how many of the planned injections were given, and how many deviate in which way.

    Returns
    -------
    tuple of str
        Empty where nothing was to be injected.

    Examples
    --------
    >>> planned = [Injection(number=1, day=1, hour=0, animal=f"M0{k}", vial="CDF346") for k in (1, 2)]
    >>> log = [Administration(animal="M01", injection=1, vial="CDF346", volume_ml=0.3)]
    >>> missed = [Deviation(kind="missed", animal="M02", injection=1, day=1, words="not given")]
    >>> dosing_sentences(planned, log, missed)
    ('Of 2 planned injections 1 is in the log as given.', 'Deviations: 1 missed (M02).')
    """
    if not injections:
        return ()
    asked = {(one.animal, one.number) for one in injections}
    given = sum(one.given and (one.animal, one.injection) in asked for one in administrations)
    first = f"Of {len(injections)} planned injections {given} {'is' if given == 1 else 'are'} in the log as given."
    if not given:
        return (first,)
    if not deviations:
        return first, "No deviation from the injection sheet is in the log."
    return first, f"Deviations: {listed(_counted(deviations))}."


def _counted(deviations: Sequence[Deviation]) -> list[str]:
    counts = Counter(one.kind for one in deviations)
    animals = {kind: sorted({one.animal for one in deviations if one.kind == kind}) for kind in counts}
    return [f"{counts[kind]} {kind} ({', '.join(animals[kind])})" for kind in DEVIATIONS if kind in counts]


def deviation_rows(deviations: Iterable[Deviation]) -> list[list[Cell]]:
    """List every deviation under a head, for a table or a CSV file."""
    rows: list[list[Cell]] = [["kind", "animal", "injection", "day", "what"]]
    return rows + [[one.kind, one.animal, one.injection or None, one.day, one.words] for one in deviations]


def real_dose_rows(doses: Iterable[RealDose]) -> list[list[Cell]]:
    """List what every injection really brought under a head, raw numbers; only after unblinding."""
    rows: list[list[Cell]] = [
        ["animal", "injection", "factor", "level", "substance", "planned_mg_kg", "mg_kg", "reason"]
    ]
    for one in doses:
        vial: list[Cell] = [one.animal, one.injection or None, one.factor, one.level, one.substance]
        rows.append([*vial, one.planned_mg_kg, one.mg_kg, one.reason])
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDeviation:
    """One way in which the study was not done as planned: its kind, what happened, by whom and when."""

    kind: str
    words: str
    who: str = ""
    at: str = ""


def plan_deviations(content: ReportContent) -> tuple[PlanDeviation, ...]:
    """Return every deviation from the plan that the record shows, those of the injections as one line."""
    return (
        *_protocol_changed(content),
        *_given_otherwise(content),
        *_unplanned_exclusions(content),
        *_changed_late(content),
        *_not_analysed(content),
    )


def _protocol_changed(content: ReportContent) -> Iterator[PlanDeviation]:
    for entry in entries_about(content, "allocate"):
        sealed = arguments_of(entry).get("protocol_sha256", "")
        if sealed and content.protocol_sha256 and sealed != content.protocol_sha256:
            words = f"study.toml is not the one under which the groups were sealed (SHA-256 then {sealed})"
            yield PlanDeviation(kind="protocol changed", words=words)


def _given_otherwise(content: ReportContent) -> Iterator[PlanDeviation]:
    if content.deviations:
        yield PlanDeviation(
            kind="injections", words=f"given otherwise than planned: {listed(_counted(content.deviations))}"
        )


def _unplanned_exclusions(content: ReportContent) -> Iterator[PlanDeviation]:
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in content.exclusions:
        if not one.planned:
            reasons.setdefault((one.code, one.because), []).append(one.outcome or "every outcome")
    for (code, because), outcomes in reasons.items():
        words = f"{code} was left out of {listed(outcomes)} by no rule set beforehand: {because}"
        yield PlanDeviation(kind="unplanned exclusion", words=words)


def _changed_late(content: ReportContent) -> Iterator[PlanDeviation]:
    for entry in measured_after(content):
        words = f"{entry.what} after the unblinding, journal entry {entry.number}"
        yield PlanDeviation(kind="after unblinding", words=words, who=entry.who, at=moment(entry.at))


def _not_analysed(content: ReportContent) -> Iterator[PlanDeviation]:
    done = {one.plan.outcome for one in content.analyses}
    planned = {one.outcome for one in content.protocol.plans}
    for name in sorted(planned - done):
        yield PlanDeviation(kind="analysis left out", words=f"the planned analysis of {name} was not made")
    for name in sorted(done - planned):
        yield PlanDeviation(kind="analysis not planned", words=f"{name} was analysed without a plan")
