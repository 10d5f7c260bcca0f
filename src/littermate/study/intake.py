"""Intake: recordings, blots and plates come in. Raw files are never changed, and are known by their SHA-256."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from littermate.errors import Complaint, DataError
from littermate.files import sha256_of
from littermate.model.trial import Trial
from littermate.planning.codes import trial_id
from littermate.run.executor import run_all
from littermate.single.trial import try_recording
from littermate.store import manifests
from littermate.store.raw_files import BlotImage, PlateFile
from littermate.study.record import StudyRecord

__all__ = ["add_blots", "add_plates", "add_recordings"]


def add_recordings(study: StudyRecord, path: str | Path, *, assay: str) -> tuple[Trial, ...]:
    """Register the recordings of an assay; see `Study.add_recordings`."""
    study.require_open("add recordings")
    plan = study.assay(assay)
    rows = manifests.read_recordings(_raw_folder(study, path, assay), study.names)
    known = {(trial.code, trial.sha256) for trial in study.trials if trial.assay == plan.name}
    hashes = _hashes(study, rows)
    rows = tuple(row for row in rows if (row.code, hashes[row.path]) not in known)
    _refuse_seen(study, rows, hashes)
    taken = {trial.id for trial in study.trials}
    trials = []
    for row in rows:
        taken.add(name := trial_id(taken=taken))
        trials.append(
            Trial(
                id=name,
                code=row.code,
                assay=plan.name,
                recording=study.kept(row.path, "recordings"),
                sha256=hashes[row.path],
                t0_s=row.t0_s,
                arena_px=row.arena_px,
            )
        )
    if trials:
        with study.database.writing(study.who, "add recordings", {"assay": plan.name, "files": len(trials)}) as write:
            write.trials(trials)
    return tuple(trials)


def _hashes(study: StudyRecord, rows: Sequence[manifests.RecordingRow]) -> dict[Path, str]:
    """Decode each recording once, and return its hash; all complaints at once."""
    hashes: dict[Path, str] = {}
    complaints: list[Complaint] = []
    paths = [str(row.path) for row in rows]
    for done, (path, outcome) in enumerate(run_all(try_recording, paths), 1):
        study.progress("reading recordings", done, len(paths))
        if isinstance(outcome, DataError):
            complaints.extend(outcome.complaints)
        else:
            hashes[Path(path)] = outcome.sha256
    if complaints:
        raise DataError.of(complaints)
    return hashes


def _refuse_seen(study: StudyRecord, rows: Sequence[manifests.RecordingRow], hashes: dict[Path, str]) -> None:
    """Refuse a file that already stands for another animal."""
    owners = {trial.sha256: trial.code for trial in study.trials}
    complaints = []
    for row in rows:
        other = owners.setdefault(hashes[row.path], row.code)
        if other != row.code:
            complaints.append(
                Complaint(
                    expected="a recording of its own for every animal",
                    found=f"the same bytes for {other} and {row.code}",
                    do="find out which animal it is of",
                    where=str(row.path),
                )
            )
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
    known = {image.sha256 for image in study.database.blot_images()}
    new = [image for image in images if image.sha256 not in known]
    if new:
        with study.database.writing(study.who, "add blots", {"images": len(new)}) as write:
            write.blot_images(new)
    return len(new)


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
