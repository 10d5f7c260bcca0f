"""Scoring: files become measurements, blind. What is saved is saved trial by trial, membrane by membrane."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from littermate.errors import Complaint, DataError, ProtocolError, StageError, UsageError
from littermate.files import written_whole
from littermate.model.measurement import Measurement, Reading, Source
from littermate.model.outcome import Outcome
from littermate.model.protocol import AssayPlan, Protocol
from littermate.model.trial import Trial
from littermate.run.executor import SILENT_S, run_all
from littermate.run.progress import Tally
from littermate.single.blot import BlotPairJob, BlotPairResult, measure_pair
from littermate.single.picture import as_png
from littermate.single.plate import PlateTrial, measure_plate, picture_of_plate, write_loading_table
from littermate.single.trial import TrialJob, TrialResult, score_trials, trial_rules
from littermate.store import manifests
from littermate.store.raw_files import BlotImage, PlateFile
from littermate.store.tracks import write_motion, write_track
from littermate.study.intake import add_blots, add_plates
from littermate.study.record import StudyRecord

__all__ = ["quantify", "read_plates", "require_assays", "score"]

PROTEIN_UG, VOLUME_UL = 30.0, 30.0


def score(study: StudyRecord, assay: str, *, workers: int | None = None) -> tuple[Measurement, ...]:
    """Do what `Study.score` says."""
    study.require_open("score")
    plan = study.assay(assay)
    trials = study.database.trials(plan.name)
    if not trials:
        raise StageError(
            expected=f"recordings of {plan.name}", found="none", do="add them first: littermate add-recordings"
        )
    jobs = {_job(study, trial, plan): trial for trial in trials}
    stale = [job for job, trial in jobs.items() if not _current(study, trial, trial_rules(job).hash)]
    saved: list[Measurement] = []
    groups = _by_file(stale)
    tally = Tally(study.progress, f"scoring {plan.name} (s)", {group: _length_s(group) for group in groups})
    for group, results in run_all(
        score_trials, groups, workers=workers, timeout_s=None if workers == 1 else SILENT_S, on_sign=tally.sign
    ):
        for job, result in zip(group, results, strict=True):
            saved.extend(_save_trial(study, jobs[job], result))
        tally.finish(group)
    return tuple(saved)


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
    """Refuse kinds of assays that nothing can score, and settings that their assay does not know.

    Raises
    ------
    ProtocolError
        All complaints at once.
    """
    complaints: list[Complaint] = []
    for plan in protocol.assays:
        job = TrialJob(kind=plan.kind, path="", window_s=plan.window_s, size_cm=plan.size_cm, settings=plan.settings)
        try:
            trial_rules(job)
        except UsageError as fault:
            complaints.extend(replace(one, where=f"study.toml, assay {plan.name}") for one in fault.complaints)
    if complaints:
        raise ProtocolError.of(complaints)


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


def _current(study: StudyRecord, trial: Trial, rules_hash: str) -> bool:
    outcomes = {outcome.name for outcome in study.protocol.outcomes if outcome.assay == trial.assay}
    done = {
        measurement.outcome
        for measurement in study.measurements
        if measurement.code == trial.code
        and measurement.source.sha256 == trial.sha256
        and measurement.source.place.startswith(_placed(trial))
        and measurement.rules_hash == rules_hash
    }
    return bool(outcomes) and outcomes <= done


def _placed(trial: Trial) -> str:
    """Return the words that say where and when a trial is on its recording; a trial placed anew is scored anew."""
    places = (("arena", trial.arena_px), ("corners", trial.corners_px))
    words = [f"{name} {given}" for name, given in places if given is not None]
    return "; ".join([f"trial {trial.id}, t0 = {trial.t0_s!r} s", *words, ""])


def _save_trial(study: StudyRecord, trial: Trial, result: TrialResult) -> tuple[Measurement, ...]:
    """Save one scored trial: trace and picture to files, the rest in one transaction."""
    stem = study.folder.tracks / trial.id
    if result.motion is not None:
        write_motion(stem.with_suffix(".parquet"), result.motion, trial=trial.id, rules_hash=result.rules.hash)
    if result.track is not None and result.arena is not None:
        xy_cm = result.arena.to_cm(result.track.xy_px)
        write_track(stem.with_suffix(".parquet"), result.track, xy_cm, trial=trial.id, rules_hash=result.rules.hash)
    with written_whole(stem.with_suffix(".png")) as part:
        part.write_bytes(result.picture)
    source = Source(kind="recording", sha256=trial.sha256, place=_placed(trial) + result.place)
    _require_measures(study, trial.assay, {reading.measure for reading in result.readings})
    doubts = tuple(one.id for one in result.findings if one.importance in ("critical", "warning"))
    readings = tuple(replace(reading, flags=(*reading.flags, *doubts)) for reading in result.readings)
    measurements = _measured(study, trial.assay, "", trial.code, readings, source, result.rules.hash)
    words = {"trial": trial.id, "assay": trial.assay, "rules": result.rules.hash, "sha256": trial.sha256}
    with study.database.writing(study.who, "score", words) as write:
        write.rules(result.rules)
        write.measurements(measurements)
        write.bouts(trial.id, result.bouts)
    return measurements


def _require_measures(study: StudyRecord, assay: str, measures: set[str]) -> None:
    """Refuse an outcome that asks for a measure its assay does not give: it would never be filled in."""
    unknown = [one for one in study.protocol.outcomes if one.assay == assay and one.measure not in measures]
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


def _measured(
    study: StudyRecord, assay: str, region: str, code: str, readings: Iterable[Reading], source: Source, rules_hash: str
) -> tuple[Measurement, ...]:
    """Give readings to the outcomes of the protocol that ask for them: the waist of the hourglass."""
    by_measure = {reading.measure: reading for reading in readings}
    return tuple(
        _measurement(outcome, code, by_measure[outcome.measure], source, rules_hash)
        for outcome in study.protocol.outcomes
        if (outcome.assay, outcome.region) == (assay, region) and outcome.measure in by_measure
    )


def quantify(study: StudyRecord, target: str, *, relative_to: str) -> tuple[Measurement, ...]:
    """Do what `Study.quantify` says."""
    study.require_open("quantify")
    if (study.folder.blots / "lanes.csv").is_file():
        add_blots(study, study.folder.blots)
    pairs = _pairs(study.database.blot_images(), target, relative_to)
    saved: list[Measurement] = []
    jobs = {_blot_job(study, image, control): image for image, control in pairs}
    for done, (job, result) in enumerate(run_all(measure_pair, list(jobs)), 1):
        saved.extend(_save_blot(study, jobs[job], result))
        study.progress(f"quantifying {target}", done, len(jobs))
    return tuple(saved)


def _blot_job(study: StudyRecord, image: BlotImage, control: BlotImage) -> BlotPairJob:
    return BlotPairJob(
        target=str(study.folder.root / image.path),
        control=str(study.folder.root / control.path),
        measure=f"{image.target}/{control.target}",
        lanes=max(lane for lane, _ in image.lanes),
        inter_blot=tuple(lane for lane, code in image.lanes if code == manifests.CONTROL),
        skip=tuple(lane for lane, code in image.lanes if code in manifests.NO_SAMPLE),
        title=f"{image.target} / {control.target}, {image.region}, membrane {image.membrane}",
    )


def _save_blot(study: StudyRecord, image: BlotImage, result: BlotPairResult) -> tuple[Measurement, ...]:
    """Save one membrane: every sample lane's ratio, and the picture with its lanes and bands."""
    known = {tag.code for tag in study.tags}
    measurements = [
        replace(measurement, block=image.membrane)
        for lane, code in image.lanes
        if code in known
        for measurement in _measured(
            study,
            "blot",
            image.region,
            code,
            (result.readings[lane],),
            Source(kind="blot", sha256=image.sha256, place=f"{image.path}, lane {lane}"),
            result.rules.hash,
        )
    ]
    with written_whole(study.folder.tracks / f"blot-{image.sha256[:12]}.png") as part:
        part.write_bytes(result.picture)
    words = {"image": image.path, "sha256": image.sha256, "rules": result.rules.hash}
    with study.database.writing(study.who, "quantify", words) as write:
        write.rules(result.rules)
        write.measurements(measurements)
    return tuple(measurements)


def read_plates(study: StudyRecord) -> tuple[Measurement, ...]:
    """Do what `Study.read_plates` says."""
    study.require_open("read plates")
    if (study.folder.plates / "plates.csv").is_file():
        add_plates(study, study.folder.plates)
    files = study.database.plate_files()
    if not files:
        raise StageError(expected="plates", found="none", do="add them first: littermate add-plates")
    saved: list[Measurement] = []
    for done, file in enumerate(files, 1):
        for result in measure_plate(study.folder.root / file.path, kind=file.kind):
            saved.extend(_save_plate(study, file, result))
        study.progress("reading plates", done, len(files))
    return tuple(saved)


def _save_plate(study: StudyRecord, file: PlateFile, result: PlateTrial) -> tuple[Measurement, ...]:
    names = study.names
    samples = result.readings()
    strangers = sorted(sample for sample in samples if sample.lower() not in names)
    if len(strangers) == len(samples):
        raise DataError(
            expected="samples named by the animals' codes or ids",
            found=", ".join(strangers) or "no sample",
            do="correct the layout of the plate",
            where=file.path,
        )
    measurements = tuple(
        measurement
        for sample, (wells, readings) in samples.items()
        if sample not in strangers
        for measurement in _measured(
            study,
            file.kind,
            file.region,
            names[sample.lower()],
            readings,
            Source(kind="plate", sha256=file.sha256, place=f"{file.path}, wells {', '.join(wells)}"),
            result.rules.hash,
        )
    )
    with written_whole(study.folder.tracks / f"plate-{file.sha256[:12]}.png") as part:
        part.write_bytes(as_png(picture_of_plate(result)))
    if file.kind == "bca":
        sheet = study.sheets / f"loading-{Path(file.path).stem}.csv"
        write_loading_table(sheet, result, protein_ug=PROTEIN_UG, volume_ul=VOLUME_UL)
    words = {"file": file.path, "sha256": file.sha256, "rules": result.rules.hash, "not of this study": strangers}
    with study.database.writing(study.who, "read plate", words) as write:
        write.rules(result.rules)
        write.measurements(measurements)
    return measurements


def _measurement(outcome: Outcome, code: str, reading: Reading, source: Source, rules_hash: str) -> Measurement:
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


def _pairs(images: Sequence[BlotImage], target: str, control: str) -> list[tuple[BlotImage, BlotImage]]:
    """Put each image of the target together with that of its loading control on the same membrane."""
    controls = {(image.region, image.membrane): image for image in images if image.target == control}
    targets = [image for image in images if image.target == target]
    lonely = [image for image in targets if (image.region, image.membrane) not in controls]
    if not targets or lonely:
        found = ", ".join(f"{image.region}, membrane {image.membrane}: no {control}" for image in lonely)
        raise StageError(
            expected=f"blots of {target}, each with {control} on the same membrane",
            found=found or f"no blot of {target}",
            do="list both images in blots/lanes.csv",
        )
    return [(image, controls[image.region, image.membrane]) for image in targets]
