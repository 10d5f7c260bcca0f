"""Intake: recordings, blots and plates come in. Raw files are never changed, and are known by their SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from littermate.errors import Complaint, DataError
from littermate.files import sha256_of
from littermate.model.placement import Box, Corners
from littermate.model.protocol import AssayPlan
from littermate.model.trial import Trial
from littermate.planning.codes import trial_id
from littermate.run.executor import SILENT_S, run_all
from littermate.run.progress import Tally
from littermate.single.recording import CheckedRecording, try_recording
from littermate.store import manifests
from littermate.store.raw_files import BlotImage, PlateFile, RecordingFile
from littermate.study.record import StudyRecord

__all__ = ["add_blots", "add_plates", "add_recordings"]


def add_recordings(study: StudyRecord, path: str | Path, *, assay: str) -> tuple[Trial, ...]:
    """Register the recordings of an assay; see `Study.add_recordings`."""
    study.require_open("add recordings")
    plan = study.assay(assay)
    rows = manifests.read_recordings(_raw_folder(study, path, assay), study.names)
    checked = _checked(study, rows, plan)
    known = {(trial.code, trial.sha256) for trial in study.trials if trial.assay == plan.name}
    rows = tuple(row for row in rows if (row.code, checked[row.path].recording.sha256) not in known)
    _refuse_shared(study, rows, {path: one.recording.sha256 for path, one in checked.items()})
    files = {path: _kept_file(study, checked[path]) for path in {row.path: None for row in rows}}
    trials = _new_trials(study, plan, rows, files)
    if trials:
        words = {"assay": plan.name, "files": len(files), "trials": len(trials)}
        with study.database.writing(study.who, "add recordings", words) as write:
            write.recordings(files.values())
            write.trials(trials)
    return trials


def _new_trials(
    study: StudyRecord, plan: AssayPlan, rows: Sequence[manifests.RecordingRow], files: Mapping[Path, RecordingFile]
) -> tuple[Trial, ...]:
    taken = {trial.id for trial in study.trials}
    trials = []
    for row in rows:
        taken.add(name := trial_id(taken=taken))
        recording = files[row.path].recording
        trials.append(
            Trial(
                id=name,
                code=row.code,
                assay=plan.name,
                recording=recording.path,
                sha256=recording.sha256,
                t0_s=row.t0_s,
                arena_px=row.arena_px,
                corners_px=row.corners_px,
            )
        )
    return tuple(trials)


def _checked(
    study: StudyRecord, rows: Sequence[manifests.RecordingRow], plan: AssayPlan
) -> dict[Path, CheckedRecording]:
    """Decode each file once and look at it before anyone scores it; all complaints at once."""
    checked: dict[Path, CheckedRecording] = {}
    complaints: list[Complaint] = []
    jobs = [(path, plan.duration_s) for path in dict.fromkeys(str(row.path) for row in rows)]
    tally = Tally(study.progress, "reading recordings (s)", dict.fromkeys(jobs, plan.duration_s))
    for job, outcome in run_all(try_recording, jobs, timeout_s=SILENT_S, on_sign=tally.sign):
        tally.finish(job)
        if isinstance(outcome, DataError):
            complaints.extend(outcome.complaints)
        else:
            checked[Path(job[0])] = outcome
    if complaints:
        raise DataError.of(complaints)
    return checked


def _kept_file(study: StudyRecord, checked: CheckedRecording) -> RecordingFile:
    """Bring a file into the study folder, and name it by its path there."""
    path = study.kept(Path(checked.recording.path), "recordings")
    return RecordingFile(
        recording=replace(checked.recording, path=path),
        findings=tuple(replace(finding, about=path) for finding in checked.findings),
    )


def _refuse_shared(study: StudyRecord, rows: Sequence[manifests.RecordingRow], hashes: Mapping[Path, str]) -> None:
    """Refuse a file that stands for several animals, unless each has a place of its own in the picture."""
    owners: dict[str, list[tuple[str, Box | Corners | None]]] = {}
    for trial in study.trials:
        owners.setdefault(trial.sha256, []).append((trial.code, trial.corners_px or trial.arena_px))
    complaints = []
    for row in rows:
        mine = (row.code, row.corners_px or row.arena_px)
        others = [one for one in owners.setdefault(hashes[row.path], []) if one[0] != row.code]
        if any(place is None or mine[1] in (None, place) for _, place in others):
            complaints.append(
                Complaint(
                    expected="a recording of its own for every animal, or an arena of its own in one recording",
                    found=f"the same bytes for {others[0][0]} and {row.code}",
                    do="find out which animal it is of; for several beakers in one picture give each its arena in"
                    " recordings.csv",
                    where=str(row.path),
                )
            )
        owners[hashes[row.path]].append(mine)
    if complaints:
        raise DataError.of(complaints)


def _raw_folder(study: StudyRecord, path: str | Path, assay: str) -> Path:
    folder = study.inside(path)
    own = folder / assay.replace(" ", "-")
    return own if own.is_dir() else folder


def add_blots(study: StudyRecord, path: str | Path = "blots") -> int:
    """Register the blot images that lanes.csv in a folder lists; return how many are new."""
    study.require_open("add blots")
    tables = manifests.read_lanes(study.inside(path) / "lanes.csv", study.names)
    images = [
        BlotImage(
            path=study.kept(table.path, "blots"),
            sha256=sha256_of(table.path),
            target=table.target,
            region=table.region,
            membrane=table.membrane,
            lanes=table.lanes,
        )
        for table in tables
    ]
    known = {(image.sha256, image.target): image for image in study.database.blot_images()}
    _refuse_other_lanes(images, known)
    new = [image for image in images if (image.sha256, image.target) not in known]
    if new:
        with study.database.writing(study.who, "add blots", {"images": len(new)}) as write:
            write.blot_images(new)
    return len(new)


def _refuse_other_lanes(images: Iterable[BlotImage], known: Mapping[tuple[str, str], BlotImage]) -> None:
    """Refuse a lanes.csv that says otherwise of an image than when it was registered: it would not be followed."""
    complaints = []
    for image in images:
        before = known.get((image.sha256, image.target), image)
        was, now = ({**dict(one.lanes), 0: f"{one.region}, membrane {one.membrane}"} for one in (before, image))
        lanes = [lane for lane in sorted({*was, *now}) if was.get(lane) != now.get(lane)]
        complaints += [
            Complaint(
                expected=f"{was.get(lane, 'nothing')}, as the image was registered",
                found=now.get(lane, "nothing"),
                do="put lanes.csv back; an image that was registered wrongly needs a new study folder",
                where=f"{image.path}, {image.target}" + (f", lane {lane}" if lane else ""),
            )
            for lane in lanes
        ]
    if complaints:
        raise DataError.of(complaints)


def add_plates(study: StudyRecord, path: str | Path = "plates") -> int:
    """Register the plate-reader files that plates.csv in a folder lists; return how many are new."""
    study.require_open("add plates")
    rows = manifests.read_plates(study.inside(path) / "plates.csv")
    files = [
        PlateFile(path=study.kept(row.path, "plates"), sha256=sha256_of(row.path), kind=row.kind, region=row.region)
        for row in rows
    ]
    known = {file.sha256 for file in study.database.plate_files()}
    new = [file for file in files if file.sha256 not in known]
    if new:
        with study.database.writing(study.who, "add plates", {"files": len(new)}) as write:
            write.plate_files(new)
    return len(new)
