"""The methods of what was measured, in sentences: assays, who scored and how alike, blots, plates, outcomes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from littermate.model.outcome import Outcome
from littermate.model.protocol import AssayPlan, BlotPlan, PlatePlan
from littermate.model.rules import RuleSet
from littermate.model.scorer_agreement import AgreementSummary, MeasureRow
from littermate.report.blinding import entries_about
from littermate.report.content import ReportContent
from littermate.report.numbers import interval, number
from littermate.report.wording import assay_label, listed, mentions, sentence, times, with_unit

__all__ = ["assay_sentences", "lab_sentences", "outcome_texts", "rules_in_use", "scorer_sentences"]


def assay_sentences(content: ReportContent) -> tuple[str, ...]:
    """Write each behavioural test and by which rules it was counted."""
    return tuple(
        f"{_assay_text(assay)}{_counted_by(content, assay.name)}{_person(content, assay)}"
        for assay in content.protocol.assays
    )


def _assay_text(assay: AssayPlan) -> str:
    start, stop = assay.window_s
    arena = f", on a floor of {assay.size_cm:g} × {assay.size_cm:g} cm" if assay.size_cm else ""
    arena += f" divided into {assay.grid} × {assay.grid} equal squares" if assay.size_cm else ""
    name = f"{assay.name} ({assay.kind})" if assay.name != assay.kind else assay.name
    return sentence(
        f"{name}: {times(assay.duration_s)}{arena}; scored from {start:g} s to {stop:g} s after the start of the trial"
    )


def rules_in_use(content: ReportContent, source: str) -> tuple[RuleSet, ...]:
    """Return the rule sets by which the outcomes of an assay, of blots or of plates were counted."""
    names = {one.name for one in content.protocol.outcomes if one.assay == source}
    hashes = {one.rules_hash for one in content.measurements if one.outcome in names}
    return tuple(rules for rules in content.rules if rules.hash in hashes)


def _counted_by(content: ReportContent, source: str) -> str:
    versions = sorted({entry.version for entry in content.entries if entry.version})
    rules = [f"{one.name}, {one.hash}" for one in rules_in_use(content, source)]
    by = f" by Littermate {listed(versions)}" if versions else ""
    return f" Counted{by}, rule set {listed(rules)} (in full under Rules)." if rules else ""


def _person(content: ReportContent, assay: AssayPlan) -> str:
    """Name the outcomes that are a person's, and what people scored."""
    names = [one.name for one in content.protocol.outcomes if one.assay == assay.name and one.scored_by == "person"]
    if not names:
        return ""
    meant = "; ".join(f"{one.name}: {one.definition}" for one in assay.behaviours if one.definition)
    return f" Scored by hand: {listed(names)}{f' ({meant})' if meant else ''}."


def scorer_sentences(content: ReportContent) -> Iterator[str]:
    """Say who scored by hand, and how alike people, the program and repeats are."""
    people = list(dict.fromkeys(entry.who for entry in entries_about(content, "press key")))
    if people:
        yield f"Clips were scored by hand by {listed(people)}, each under a code of its own and in random order."
    elif content.protocol.assays:
        yield "Nobody scored by hand: there is no agreement of people to report."
    yield from map(_agreement, content.agreements)


def _agreement(one: AgreementSummary) -> str:
    trials = f"{one.trials} trial{'s' * (one.trials != 1)}"
    sides = f"{one.first} twice, unannounced" if one.repeats else f"{one.first} and {one.second}"
    figures = "; ".join(_figure(row) for row in one.rows if row.value is not None)
    return f"{one.assay[:1].upper()}{one.assay[1:]}, {one.behaviour}, {sides}, on {trials}: {figures or 'none'}."


def _figure(row: MeasureRow) -> str:
    limits = "" if row.ci95 is None else f", 95 % CI {interval(row.ci95)}"
    return f"{row.name} {with_unit(number(row.value), row.unit)}{limits}"


def lab_sentences(content: ReportContent) -> tuple[str, ...]:
    """Write blots and plates, by which rules they were read, and to which assay a recovery belongs."""
    blots = [_blot_text(blot) for blot in content.protocol.blots]
    if blots and not any(mentions(heading, ("blot", "antibod")) for heading, _ in content.protocol.facts):
        blots.append("Antibodies, gel and membrane are not on record.")
    plates = [_plate_text(plate) for plate in content.protocol.plates]
    kinds = dict.fromkeys(plate.kind for plate in content.protocol.plates)
    return (
        *blots,
        *filter(None, [_counted_by(content, "blot").strip()] if blots else []),
        *plates,
        *filter(None, (_counted_by(content, kind).strip() for kind in kinds)),
        *_recoveries(content),
    )


def _blot_text(blot: BlotPlan) -> str:
    return f"{blot.target} relative to {blot.relative_to} by Western blot, in {listed(blot.regions)}."


def _plate_text(plate: PlatePlan) -> str:
    where = f" for {listed(plate.regions)}" if plate.regions else ""
    spike = (
        f"; one half of each sample was spiked with {plate.spike:g} {plate.unit} for percent recovery, which belongs to"
        f" the {plate.kind.upper()} and not to a densitometry"
        if plate.spike is not None
        else ""
    )
    load = f", for {plate.load_ug:g} ug protein in {plate.volume_ul:g} uL a lane" if plate.kind == "bca" else ""
    return f"{plate.kind.upper()} in {plate.unit}{where}{load}{spike}."


def _recoveries(content: ReportContent) -> Iterator[str]:
    for outcome in content.protocol.outcomes:
        values = [one.value for one in content.measurements if one.outcome == outcome.name and one.value is not None]
        if outcome.measure == "recovery_percent" and len(values) > 1:
            mean, sd = number(statistics.mean(values), 1), number(statistics.stdev(values), 1)
            yield sentence(f"{outcome.name}, {outcome.assay.upper()}: {mean} ± {sd} % (mean ± SD, n = {len(values)})")


def outcome_texts(content: ReportContent) -> tuple[str, ...]:
    """Write every outcome with its rank, where it comes from, its unit and its smallest effect of interest."""
    return tuple(map(_outcome_text, content.protocol.outcomes))


def _outcome_text(outcome: Outcome) -> str:
    rank = "primary" if outcome.primary else "secondary"
    least = "; no smallest effect of interest stated"
    if outcome.smallest_effect is not None:
        least = f"; smallest effect of interest {with_unit(f'{outcome.smallest_effect:g}', outcome.unit)}"
    region = f", {outcome.region}" if outcome.region and outcome.region not in outcome.name else ""
    return sentence(
        f"{outcome.name} ({rank}; {assay_label(outcome.assay)}{region}; {outcome.unit or 'no unit'}{least})"
    )
