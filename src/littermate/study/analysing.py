"""Analysing: below the waist: checks, planned analyses, and all that a report is written from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from littermate.checks.facts import StudyFacts
from littermate.checks.registry import meanings, run_checks
from littermate.errors import DataError, StageError, UsageError
from littermate.files import sha256_of
from littermate.model.analysis import Analysis
from littermate.model.balance import GroupBalance
from littermate.model.comparison import AdjustedFamily
from littermate.model.design import Design
from littermate.model.finding import Finding, most_important_first
from littermate.model.key_press import PRESS_KEY
from littermate.model.measurement import Measurement
from littermate.model.plan import Plan
from littermate.model.power import EffectPower
from littermate.planning.balance import balance_table
from littermate.report.content import ReportContent, TruthRow
from littermate.report.deviations import dosing_sentences
from littermate.report.wording import term_label
from littermate.single.power import planning_sentences
from littermate.stats import whole
from littermate.stats.allocations import Allocations
from littermate.stats.multiplicity import adjust_family
from littermate.stats.power import smallest_detectable
from littermate.stats.table import Table
from littermate.stats.whole import Beside
from littermate.store.statements_file import read_statements
from littermate.study import agreeing
from littermate.study.blotting import control_volumes, noticed_on_membranes
from littermate.study.dosing import deviations_of, doses_received, injections_of, with_dosing
from littermate.study.earlier import earlier_studies, noticed_in_literature
from littermate.study.group_pictures import group_pictures
from littermate.study.picturing import pictures_of
from littermate.study.planned_table import planned_table, reference_levels
from littermate.study.plating import noticed_on_plates
from littermate.study.reallocating import scheme_allocations
from littermate.study.record import StudyRecord
from littermate.study.sealing import drawn_from
from littermate.study.trailing import trails_of
from littermate.study.trial_sources import read_traces
from littermate.version import __version__

REDRAWN_WITH = 1
"""The seed of the randomisation test; not the allocation's, which is a secret until it is opened."""

WEIGHT = "weight"
"""The covariate that every animal has, and every plan is tried with."""

__all__ = [
    "analyse",
    "analyse_if_possible",
    "analyse_values",
    "digest",
    "find_faults",
    "report_content",
    "what_it_can_find",
]


def find_faults(study: StudyRecord, analyses: Sequence[Analysis] = ()) -> tuple[Finding, ...]:
    """Run every rule of good practice, also on what was analysed; the most important findings first."""
    allocation = study.database.allocation()
    codes = {tag.animal: tag.code for tag in study.tags}
    cells = () if allocation is None else tuple((codes[one.animal], one.cell) for one in allocation.assignments)
    files = study.database.recordings()
    facts = StudyFacts(
        protocol=study.protocol,
        animals=study.animals,
        tags=study.tags,
        trials=study.trials,
        recordings=tuple(file.recording for file in files),
        measurements=study.measurements,
        exclusions=study.database.exclusions(),
        entries=study.database.entries(but=PRESS_KEY),
        hand_scored=tuple(agreeing.hand_scored(study)),
        repeats=tuple(agreeing.repeats_of(study)),
        scored_clips=tuple(agreeing.scored_clips(study)),
        controls=control_volumes(study) if allocation else (),
        protocol_sha256=sha256_of(study.folder.protocol_path),
        unblinded=allocation is not None,
        cells=cells,
        analyses=tuple(analyses),
        detectable=_detectable(study) if allocation else (),
    )
    facts = with_dosing(study, facts)
    of_recordings = (finding for file in files for finding in file.findings)
    noticed = (*of_recordings, *noticed_on_membranes(study), *noticed_on_plates(study), *noticed_in_literature(study))
    return most_important_first((*run_checks(facts), *noticed))


def analyse(study: StudyRecord, *, beside: bool = True) -> tuple[Analysis, ...]:
    """Fit every planned analysis to the measurements that are not excluded; `beside`: with what is said beside it."""
    measured = study.measurements
    analyses = []
    for plan in study.protocol.plans:
        every = [one for one in measured if one.outcome == plan.outcome]
        excluded = {one.code for one in study.database.exclusions() if one.outcome in ("", plan.outcome)}
        rows = [one for one in every if one.code not in excluded]
        if not rows:
            raise StageError(
                expected=f"measurements of {plan.outcome}",
                found="none",
                do=f"score or quantify {study.protocol.outcome(plan.outcome).assay} first",
            )
        wanted = _beside(study, plan, every if len(every) > len(rows) else ()) if beside else None
        analyses.append(_fitted(study, plan, _table(study, plan, rows), wanted))
    return tuple(analyses)


def analyse_if_possible(study: StudyRecord) -> tuple[Analysis, ...]:
    """Fit every planned analysis; nothing while the study is blind, or where the data cannot answer a plan."""
    try:
        return analyse(study) if study.stage == "unblinded" else ()
    except (DataError, UsageError):
        return ()


def _table(study: StudyRecord, plan: Plan, rows: Iterable[Measurement]) -> Table:
    measured = tuple(rows)
    blocks = {one.code: one.block for one in measured}
    return planned_table(study, plan, {one.code: one.value for one in measured}, blocks)


def _fitted(study: StudyRecord, plan: Plan, table: Table, beside: Beside | None) -> Analysis:
    unit, levels = study.protocol.outcome(plan.outcome).unit, reference_levels(study, plan)
    return whole.analyse(table, plan, unit=unit, beside=beside, reference_levels=levels)


def analyse_values(
    study: StudyRecord,
    plan: Plan,
    values: Mapping[str, float | None],
    blocks: Mapping[str, str],
) -> Analysis:
    """Fit a plan to values by code, without what is set beside it.

    Parameters
    ----------
    blocks
        Each code's level of the block it was measured in.

    Raises
    ------
    StageError
        If the study is still blind.
    AnalysisError
        If the data cannot answer the model.
    """
    return _fitted(study, plan, planned_table(study, plan, values, blocks), None)


def _beside(study: StudyRecord, plan: Plan, every: Sequence[Measurement]) -> Beside:
    """Ask for all that stands beside a plan; `every`: all its measurements, where some animals are excluded."""
    animals = {tag.code: tag.animal for tag in study.tags}
    weights = {one.id: one.weight_g for one in study.animals if one.weight_g is not None}

    def redraw(table: Table) -> tuple[Allocations, ...]:
        analysed = [animals[code] for code in table.units]
        return scheme_allocations(study.allocation, plan, analysed, seed=REDRAWN_WITH)

    smallest_effect = study.protocol.outcome(plan.outcome).smallest_effect
    columns = {WEIGHT: {code: weights[animal] for code, animal in animals.items() if animal in weights}}
    return Beside(
        smallest_effect=smallest_effect,
        redraw=redraw,
        sensitivity=True,
        excluded=_table(study, plan, every) if every else None,
        columns=columns if weights and not plan.covariates else {},
    )


def report_content(study: StudyRecord, analyses: Sequence[Analysis], truth: Sequence[TruthRow] = ()) -> ReportContent:
    """Gather everything a report is written from."""
    injections = injections_of(study)
    deviations = deviations_of(study, injections)
    traces = read_traces(study)
    trails, sources = trails_of(study, traces)
    return ReportContent(
        protocol=study.protocol,
        animals=study.animals,
        tags=study.tags,
        allocation=study.allocation,
        analyses=tuple(analyses),
        measurements=study.measurements,
        trials=study.trials,
        exclusions=study.database.exclusions(),
        findings=find_faults(study, analyses),
        entries=study.database.entries(),
        rules=study.database.rules(),
        pictures=(*group_pictures(study, traces), *pictures_of(study)),
        trails=trails,
        sources=sources,
        truth=tuple(truth),
        detectable=what_it_can_find(study.protocol.design),
        families=tuple(_families(study, analyses)),
        dosing=dosing_sentences(injections, study.database.administrations(), deviations),
        agreements=tuple(agreeing.agreements_of(study)),
        files=tuple(_files(study)),
        protocol_sha256=sha256_of(study.folder.protocol_path),
        statements=read_statements(study.folder.statements_path),
        deviations=deviations,
        earlier=earlier_studies(study, analyses),
        real_doses=doses_received(study) if injections else (),
        balance=_balance(study),
        meanings=tuple(meanings().items()),
        version=__version__,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def what_it_can_find(design: Design) -> tuple[str, ...]:
    """Say which effects a design of this size finds, from the design alone; nothing for one a group."""
    if design.per_group < 2:
        return ()
    return planning_sentences({factor.name: len(factor.levels) for factor in design.factors}, design.per_group)


def digest(measurements: Iterable[Measurement]) -> str:
    """Hash all values that are locked, so that the analysis can be shown to be of these."""
    rows = sorted((one.outcome, one.code, repr(one.value), one.rules_hash) for one in measurements)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _families(study: StudyRecord, analyses: Iterable[Analysis]) -> Iterator[tuple[str, AdjustedFamily]]:
    """Adjust the P of the plan's effects over the outcomes of every family that the protocol names."""
    for family in study.protocol.families:
        tests = {
            f"{one.plan.outcome}, {term_label(effect.term)}": effect.p
            for one in analyses
            if one.plan.family == family.name
            for effect in one.studied
        }
        if tests:
            yield family.name, adjust_family(tests, family.adjust)


def _files(study: StudyRecord) -> Iterator[tuple[str, str]]:
    """Give every raw file that came in, with its hash."""
    yield from ((one.recording.path, one.recording.sha256) for one in study.database.recordings())
    yield from ((one.path, one.sha256) for one in study.database.blot_images())
    yield from ((one.path, one.sha256) for one in study.database.plate_files())


def _balance(study: StudyRecord) -> tuple[GroupBalance, ...]:
    """Describe the groups before treatment, as they were when they were drawn."""
    animals, _ = drawn_from(study)
    return balance_table(animals, study.allocation)


def _detectable(study: StudyRecord) -> tuple[EffectPower, ...]:
    """Return the smallest effects that the design could have seen; a design of one animal a group has none."""
    design = study.protocol.design
    if design.per_group < 2:
        return ()
    return smallest_detectable({factor.name: len(factor.levels) for factor in design.factors}, design.per_group)
