"""Analysing: below the waist: checks, planned analyses, and all that a report is written from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from littermate.checks.facts import StudyFacts
from littermate.checks.registry import run_checks
from littermate.checks.rule import IMPORTANCES
from littermate.errors import StageError
from littermate.files import sha256_of
from littermate.model.analysis import Analysis
from littermate.model.balance import GroupBalance
from littermate.model.comparison import AdjustedFamily
from littermate.model.design import Design
from littermate.model.finding import Finding
from littermate.model.key_press import PRESS_KEY
from littermate.model.measurement import Measurement
from littermate.model.plan import Plan
from littermate.planning.balance import balance_table
from littermate.report.content import ReportContent, TruthRow
from littermate.report.deviations import dosing_sentences
from littermate.report.results import studied_effects
from littermate.report.wording import term_label
from littermate.single.power import planning_sentences
from littermate.stats import whole
from littermate.stats.allocations import Allocations
from littermate.stats.multiplicity import adjust_family
from littermate.stats.table import Table
from littermate.stats.whole import Beside
from littermate.store.statements_file import read_statements
from littermate.study import agreeing
from littermate.study.blotting import noticed_on_membranes
from littermate.study.dosing import deviations_of, doses_received, injections_of, with_dosing
from littermate.study.earlier import earlier_studies
from littermate.study.group_pictures import group_pictures
from littermate.study.picturing import pictures_of
from littermate.study.planned_table import planned_table, reference_levels
from littermate.study.reallocating import scheme_allocations
from littermate.study.record import StudyRecord
from littermate.study.sealing import drawn_from
from littermate.study.trailing import trails_of
from littermate.study.trial_sources import read_traces
from littermate.version import __version__

REDRAWN_WITH = 1
"""The seed of the randomisation test; not the allocation's, which is a secret until it is opened."""

__all__ = ["analyse", "analyse_values", "digest", "find_faults", "report_content", "what_it_can_find"]


def find_faults(study: StudyRecord) -> tuple[Finding, ...]:
    """Run every rule of good practice; the most important findings first."""
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
        protocol_sha256=sha256_of(study.folder.protocol_path),
        unblinded=allocation is not None,
        cells=cells,
    )
    facts = with_dosing(study, facts)
    noticed = (*(finding for file in files for finding in file.findings), *noticed_on_membranes(study))
    return tuple(sorted((*run_checks(facts), *noticed), key=lambda finding: IMPORTANCES.index(finding.importance)))


def analyse(study: StudyRecord, *, beside: bool = True) -> tuple[Analysis, ...]:
    """Fit every planned analysis to the measurements that are not excluded; `beside`: with what is said beside it."""
    measured = study.measurements
    analyses = []
    for plan in study.protocol.plans:
        excluded = {one.code for one in study.database.exclusions() if one.outcome in ("", plan.outcome)}
        rows = [one for one in measured if one.outcome == plan.outcome and one.code not in excluded]
        if not rows:
            raise StageError(
                expected=f"measurements of {plan.outcome}",
                found="none",
                do=f"score or quantify {study.protocol.outcome(plan.outcome).assay} first",
            )
        blocks = {one.code: one.block for one in rows}
        values = {one.code: one.value for one in rows}
        analyses.append(analyse_values(study, plan, values, blocks, beside=beside))
    return tuple(analyses)


def analyse_values(
    study: StudyRecord,
    plan: Plan,
    values: Mapping[str, float | None],
    blocks: Mapping[str, str],
    *,
    beside: bool = False,
) -> Analysis:
    """Fit a plan to values by code.

    Parameters
    ----------
    blocks
        Each code's level of the block it was measured in.
    beside
        Whether equivalence, re-randomisation and other analyses of the same animals are set beside it.

    Raises
    ------
    StageError
        If the study is still blind.
    AnalysisError
        If the data cannot answer the model.
    """
    table = planned_table(study, plan, values, blocks)
    unit, levels = study.protocol.outcome(plan.outcome).unit, reference_levels(study, plan)
    wanted = _beside(study, plan) if beside else None
    return whole.analyse(table, plan, unit=unit, beside=wanted, reference_levels=levels)


def _beside(study: StudyRecord, plan: Plan) -> Beside:
    animals = {tag.code: tag.animal for tag in study.tags}

    def redraw(table: Table) -> tuple[Allocations, ...]:
        analysed = [animals[code] for code in table.units]
        return scheme_allocations(study.allocation, plan, analysed, seed=REDRAWN_WITH)

    smallest_effect = study.protocol.outcome(plan.outcome).smallest_effect
    return Beside(smallest_effect=smallest_effect, redraw=redraw, sensitivity=True)


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
        findings=find_faults(study),
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
            for effect in studied_effects(one)
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
