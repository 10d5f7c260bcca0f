"""Scoring: recordings become measurements, blind. What is saved is saved trial by trial.

A trial is scored again where the newest measurements *by the method* are not of its file, its placement and the rules
of today. Corrections by a person are passed over when that is asked, so that a corrected trial is not scored again and
its correction stays the newest. A trial placed anew, or new rules, are another matter: the correction was of other
bouts. Such a trial is scored anew, its entry in the journal says whose correction no longer counts, and the correction
stays in the history of the measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from littermate.assays.ethogram import ethogram_of
from littermate.errors import Complaint, ProtocolError, StageError, UsageError
from littermate.files import written_whole
from littermate.model.bout import Ethogram
from littermate.model.measurement import CORRECTED, Measurement, Reading, Source
from littermate.model.outcome import Outcome
from littermate.model.outline import AnalysedPlace
from littermate.model.placement import Placement
from littermate.model.protocol import AssayPlan, Protocol
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.run.executor import SILENT_S, run_all
from littermate.run.progress import Tally
from littermate.single.trial import TrialJob, TrialResult, outlines_of, score_trials, trial_rules
from littermate.store.tracks import write_motion, write_track
from littermate.study.record import StudyRecord

__all__ = [
    "CURRENT",
    "NOT_SCORED",
    "STALE",
    "as_measurements",
    "measurement_of",
    "newest_by_method",
    "placed",
    "require_assays",
    "score",
    "scored_states",
    "trial_job",
    "with_thresholds",
]

CURRENT, STALE, NOT_SCORED = "current", "stale", "not scored"


def score(study: StudyRecord, assay: str, *, workers: int | None = None) -> tuple[Measurement, ...]:
    """Do what `Study.score` says."""
    study.require_open("score")
    plan = with_thresholds(study, study.assay(assay))
    trials = study.database.trials(plan.name)
    if not trials:
        raise StageError(
            expected=f"recordings of {plan.name}", found="none", do="add them first: littermate add-recordings"
        )
    if _only_by_hand(study, plan.name):
        return ()
    states = scored_states(study, plan.name, trials)
    jobs = {_job(study, trial, plan): trial for trial in trials if states[trial.id] != CURRENT}
    saved: list[Measurement] = []
    groups = _by_file(jobs)
    tally = Tally(study.progress, f"scoring {plan.name} (s)", {group: _length_s(group) for group in groups})
    for group, results in run_all(
        score_trials, groups, workers=workers, timeout_s=None if workers == 1 else SILENT_S, on_sign=tally.sign
    ):
        for job, result in zip(group, results, strict=True):
            saved.extend(_save_trial(study, jobs[job], job, result))
        tally.finish(group)
    return tuple(saved)


def by_program(study: StudyRecord, assay: str) -> tuple[Outcome, ...]:
    """Return the outcomes of an assay that the program fills in."""
    return tuple(one for one in study.protocol.outcomes if one.assay == assay and one.scored_by == "program")


def _only_by_hand(study: StudyRecord, assay: str) -> bool:
    """Whether nothing is to be read from the videos of an assay: every outcome of it is a person's."""
    asked = any(one.assay == assay for one in study.protocol.outcomes)
    return asked and not by_program(study, assay)


def _length_s(group: Sequence[TrialJob]) -> float:
    """Return how many seconds of its recording the trials of one file go through."""
    return max(job.t0_s + job.window_s[1] for job in group)


def _by_file(jobs: Iterable[TrialJob]) -> list[tuple[TrialJob, ...]]:
    """Put the trials of one recording (several beakers in one picture) together: it is read once."""
    groups: dict[str, list[TrialJob]] = {}
    for job in jobs:
        groups.setdefault(job.path, []).append(job)
    return [tuple(group) for group in groups.values()]


def require_assays(protocol: Protocol) -> None:
    """Refuse kinds of assays that nothing can score, settings their assay does not know, impossible behaviours.

    Raises
    ------
    ProtocolError
        All complaints at once.
    """
    complaints: list[Complaint] = []
    for plan in protocol.assays:
        for check in (_rules_of, _ethogram_of):
            try:
                check(plan)
            except (UsageError, ProtocolError) as fault:
                complaints.extend(replace(one, where=f"study.toml, assay {plan.name}") for one in fault.complaints)
    if complaints:
        raise ProtocolError.of(complaints)


def _rules_of(plan: AssayPlan) -> RuleSet:
    job = TrialJob(kind=plan.kind, path="", window_s=plan.window_s, size_cm=plan.size_cm, settings=plan.settings)
    return trial_rules(job)


def _ethogram_of(plan: AssayPlan) -> Ethogram:
    return ethogram_of(plan.kind, plan.behaviours)


def with_thresholds(study: StudyRecord, plan: AssayPlan) -> AssayPlan:
    """Return an assay's plan with the fitted thresholds that are in use, which stand in place of its own settings."""
    fitted = study.database.thresholds(plan.name)
    settings = dict(plan.settings) | dict(() if fitted is None else fitted.settings)
    return replace(plan, settings=tuple(sorted(settings.items())))


def trial_job(study: StudyRecord, trial: Trial) -> TrialJob:
    """Return how a trial would be scored now."""
    return _job(study, trial, with_thresholds(study, study.assay(trial.assay)))


def _job(study: StudyRecord, trial: Trial, plan: AssayPlan) -> TrialJob:
    return TrialJob(
        kind=plan.kind,
        path=str(study.folder.root / trial.recording),
        window_s=plan.window_s,
        t0_s=trial.t0_s,
        arena_px=trial.arena_px,
        corners_px=trial.corners_px,
        size_cm=plan.size_cm,
        grid=plan.grid,
        settings=plan.settings,
        title=trial.id,
    )


def scored_states(study: StudyRecord, assay: str, trials: Iterable[Trial]) -> dict[str, str]:
    """Return for each of these trials of an assay, by its id, whether it is `CURRENT`, `STALE` or `NOT_SCORED`.

    A trial is stale where its file, its placement or the rules are others than those of the newest measurements that
    the method made of it.
    """
    outcomes = {outcome.name for outcome in by_program(study, assay)}
    of_animal: dict[str, list[Measurement]] = {}
    for measurement in study.database.measured(outcomes):
        of_animal.setdefault(measurement.code, []).append(measurement)
    plan = with_thresholds(study, study.assay(assay))
    return {
        trial.id: _state(_job(study, trial, plan), trial, outcomes, of_animal.get(trial.code, ())) for trial in trials
    }


def _state(job: TrialJob, trial: Trial, outcomes: set[str], measured: Sequence[Measurement]) -> str:
    mine = newest_by_method(trial, measured).values()
    if not mine:
        return NOT_SCORED
    rules_hash = trial_rules(job).hash
    done = {
        one.outcome
        for one in mine
        if one.source.sha256 == trial.sha256
        and one.source.place.startswith(placed(trial))
        and one.rules_hash == rules_hash
    }
    return CURRENT if outcomes <= done else STALE


def newest_by_method(trial: Trial, history: Iterable[Measurement]) -> dict[str, Measurement]:
    """Return the newest measurement of each outcome that was made of a trial without a person's correction.

    Parameters
    ----------
    trial
        Wherever it was placed at the time.
    history
        All measurements of the outcomes, the oldest first.
    """
    mine = f"{_trial_words(trial)},"
    return {
        one.outcome: one
        for one in history
        if one.code == trial.code and CORRECTED not in one.flags and one.source.place.startswith(mine)
    }


def placed(trial: Trial) -> str:
    """Return the words that say where and when a trial is on its recording; a trial placed anew is scored anew."""
    places = (("arena", trial.arena_px), ("corners", trial.corners_px))
    words = [f"{name} {given}" for name, given in places if given is not None]
    return "; ".join([f"{_trial_words(trial)}, t0 = {trial.t0_s!r} s", *words, ""])


def _trial_words(trial: Trial) -> str:
    return f"trial {trial.id}"


def _save_trial(study: StudyRecord, trial: Trial, job: TrialJob, result: TrialResult) -> tuple[Measurement, ...]:
    """Save one scored trial: trace and picture to files, the rest in one transaction."""
    _save_trace(study.folder.tracks / trial.id, trial, job, result)
    source = Source(kind="recording", sha256=trial.sha256, place=placed(trial) + result.place)
    _require_measures(study, trial.assay, {reading.measure for reading in result.readings})
    doubts = tuple(one.id for one in result.findings if one.importance in ("critical", "warning"))
    readings = tuple(replace(reading, flags=(*reading.flags, *doubts)) for reading in result.readings)
    measurements = as_measurements(study, trial.assay, "", trial.code, readings, source, result.rules.hash)
    words: dict[str, object] = {"trial": trial.id, "assay": trial.assay, "rules": result.rules.hash}
    words["sha256"] = trial.sha256
    if replaced := _corrections(study, measurements):
        words["in place of"] = replaced
    with study.database.writing(study.who, "score", words) as write:
        write.rules(result.rules)
        write.measurements(measurements)
        write.bouts(trial.id, result.bouts)
    return measurements


def _corrections(study: StudyRecord, measurements: Iterable[Measurement]) -> list[str]:
    """Say which corrections by a person will no longer count once these measurements are written."""
    news = {(one.outcome, one.code) for one in measurements}
    return [
        f"{one.outcome}: {one.source.place.rpartition('; ')[2]}"
        for one in study.measurements
        if (one.outcome, one.code) in news and CORRECTED in one.flags
    ]


def _save_trace(stem: Path, trial: Trial, job: TrialJob, result: TrialResult) -> None:
    """Save the trace with the place it was made with, and its picture."""
    said = Placement(trial=trial.id, t0_s=trial.t0_s, arena_px=trial.arena_px, corners_px=trial.corners_px)
    place = AnalysedPlace(placement=said, outlines=outlines_of(job, result))
    path, rules_hash = stem.with_suffix(".parquet"), result.rules.hash
    if result.motion is not None:
        write_motion(path, result.motion, trial=trial.id, rules_hash=rules_hash, place=place)
    if result.track is not None and result.arena is not None:
        xy_cm = result.arena.to_cm(result.track.xy_px)
        write_track(path, result.track, xy_cm, trial=trial.id, rules_hash=rules_hash, place=place)
    with written_whole(stem.with_suffix(".png")) as part:
        part.write_bytes(result.picture)


def _require_measures(study: StudyRecord, assay: str, measures: set[str]) -> None:
    """Refuse an outcome that asks for a measure its assay does not give: it would never be filled in."""
    unknown = [one for one in by_program(study, assay) if one.measure not in measures]
    if unknown:
        raise ProtocolError.of(
            Complaint(
                expected=f"a measure of {assay}: {', '.join(sorted(measures))}",
                found=one.measure,
                do="correct the measure in study.toml",
                where=f"outcome {one.name}",
            )
            for one in unknown
        )


def as_measurements(
    study: StudyRecord, assay: str, region: str, code: str, readings: Iterable[Reading], source: Source, rules_hash: str
) -> tuple[Measurement, ...]:
    """Give readings to the outcomes of the protocol that ask for them: the waist of the hourglass."""
    by_measure = {reading.measure: reading for reading in readings}
    return tuple(
        measurement_of(outcome, code, by_measure[outcome.measure], source, rules_hash)
        for outcome in by_program(study, assay)
        if outcome.region == region and outcome.measure in by_measure
    )


def measurement_of(outcome: Outcome, code: str, reading: Reading, source: Source, rules_hash: str) -> Measurement:
    """Give a reading to an outcome of an animal."""
    return Measurement(
        outcome=outcome.name,
        code=code,
        value=reading.value,
        unit=outcome.unit,
        source=source,
        rules_hash=rules_hash,
        reason=reading.reason,
        flags=reading.flags,
    )
