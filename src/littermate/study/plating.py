"""Plating: plate-reader files to measurements: protein with its loading table, analytes, and analytes per mg.

Protein assays are read before ELISAs, so that an ELISA can be given per mg of the protein of its own lysate. Everything
is known by the animals' codes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from littermate.errors import DataError, StageError, TableError
from littermate.files import written_whole
from littermate.model.finding import Finding
from littermate.model.measurement import Measurement, Reading, Source
from littermate.model.plate import SampleResult
from littermate.model.protocol import PlatePlan
from littermate.plates.loading import Lanes
from littermate.plates.normalise import TissueAmount
from littermate.single.picture import as_png
from littermate.single.plate import (
    PlateTrial,
    measure_plate,
    normalised_reading,
    picture_of_plate,
    write_loading_table,
)
from littermate.store import manifests
from littermate.store.raw_files import PlateFile
from littermate.study.intake import add_plates
from littermate.study.record import StudyRecord
from littermate.study.scoring import as_measurements

__all__ = ["noticed_on_plates", "plate_plan", "read_plates"]

Place = tuple[str, str]


@dataclass(slots=True)
class _Lysates:
    """What is known of every lysate, by (code, region)."""

    tissue: Mapping[Place, TissueAmount]
    protein: dict[Place, tuple[SampleResult, str]] = field(default_factory=dict)


def read_plates(study: StudyRecord) -> tuple[Measurement, ...]:
    """Do what `Study.read_plates` says."""
    study.require_open("read plates")
    if (study.folder.plates / "plates.csv").is_file():
        add_plates(study, study.folder.plates)
    files = sorted(study.database.plate_files(), key=lambda file: file.kind != "bca")
    if not files:
        raise StageError(expected="plates", found="none", do="add them first: littermate add-plates")
    lysates = _Lysates(tissue=_tissue(study))
    saved: list[Measurement] = []
    for done, file in enumerate(files, 1):
        plan = plate_plan(study, file)
        settings = dict(plan.settings)
        for trial in measure_plate(study.folder.root / file.path, kind=file.kind, settings=settings):
            saved.extend(_save_plate(study, file, plan, trial, lysates))
        study.progress("reading plates", done, len(files))
    return tuple(saved)


def plate_plan(study: StudyRecord, file: PlateFile) -> PlatePlan:
    """Return what study.toml says of plates of this kind and region; the defaults where it says nothing."""
    of_kind = [plan for plan in study.protocol.plates if plan.kind == file.kind]
    here = [plan for plan in of_kind if file.region in plan.regions]
    return next(iter([*here, *of_kind]), PlatePlan(kind=file.kind, unit="", regions=()))


def _tissue(study: StudyRecord) -> dict[Place, TissueAmount]:
    """Read plates/tissue.csv, where there is one."""
    path = study.folder.plates / "tissue.csv"
    if not path.is_file():
        return {}
    rows = manifests.read_tissue(path, study.names)
    regions = {region for plan in study.protocol.plates for region in plan.regions}
    if unknown := sorted({row.region for row in rows} - regions):
        raise TableError(
            expected=f"regions of the plates in study.toml: {', '.join(sorted(regions))}",
            found=", ".join(unknown),
            do="correct the table",
            where=str(path),
        )
    return {(row.code, row.region): TissueAmount(tissue_mg=row.tissue_mg, lysate_ml=row.lysate_ml) for row in rows}


def _save_plate(
    study: StudyRecord, file: PlateFile, plan: PlatePlan, trial: PlateTrial, lysates: _Lysates
) -> tuple[Measurement, ...]:
    strangers = _strangers(study, file, trial)
    measurements = tuple(_measurements(study, file, plan, trial, lysates))
    with written_whole(study.folder.tracks / f"plate-{file.sha256[:12]}.png") as part:
        part.write_bytes(as_png(picture_of_plate(trial), dpi=200))
    if file.kind == "bca":
        _write_sheets(study, file, plan, trial)
    words: dict[str, object] = {"file": file.path, "sha256": file.sha256, "rules": trial.rules.hash}
    words |= {"not of this study": strangers, "plate": trial.result.plate.name, "findings": _finding_words(trial)}
    with study.database.writing(study.who, "read plate", words) as write:
        write.rules(trial.rules)
        write.measurements(measurements)
    return measurements


def _finding_words(trial: PlateTrial) -> list[list[str]]:
    """Write what was noticed of a plate as the journal keeps it."""
    return [[one.id, one.importance, one.message] for one in trial.findings]


def noticed_on_plates(study: StudyRecord) -> tuple[Finding, ...]:
    """Return what was noticed when each plate was read last: the journal has it.

    How a file was read is told by the command that reads it; a recovery that is an outcome is told by its check.
    """
    newest: dict[tuple[str, str], tuple[Finding, ...]] = {}
    for entry in study.database.entries("read plate"):
        words = json.loads(entry.arguments)
        newest[words["sha256"], words.get("plate", "")] = tuple(
            Finding(id=name, importance=importance, message=message, about=words["file"])
            for name, importance, message in words.get("findings", [])
        )
    told = {"plate-reading"}
    if any(one.measure.startswith("recovery") for one in study.protocol.outcomes):
        told.add("plate-recovery")
    return tuple(one for found in newest.values() for one in found if one.id not in told)


def _strangers(study: StudyRecord, file: PlateFile, trial: PlateTrial) -> list[str]:
    """Return samples that are no animals of the study; refuse a plate that has nothing else."""
    samples = {sample.name for sample in trial.result.combined}
    strangers = sorted(sample for sample in samples if sample.lower() not in study.names)
    if len(strangers) == len(samples):
        raise DataError(
            expected="samples named by the animals' codes or ids",
            found=", ".join(strangers) or "no sample",
            do="correct the layout of the plate",
            where=file.path,
        )
    return strangers


def _measurements(
    study: StudyRecord, file: PlateFile, plan: PlatePlan, trial: PlateTrial, lysates: _Lysates
) -> Iterator[Measurement]:
    samples = {sample.name: sample for sample in trial.result.combined}
    for name, (wells, readings) in trial.readings().items():
        code = study.names.get(name.lower())
        if code is None:
            continue
        place = f"{file.path}, wells {', '.join(wells)}"
        if file.kind == "bca":
            lysates.protein[code, file.region] = samples[name], place
        source = Source(kind="plate", sha256=file.sha256, place=place)
        yield from as_measurements(study, file.kind, file.region, code, readings, source, trial.rules.hash)
        for reading, words in _per_mg(plan, trial, samples[name], (code, file.region), lysates):
            said = replace(source, place=f"{place}; {words}")
            yield from as_measurements(study, file.kind, file.region, code, [reading], said, trial.rules.hash)


def _per_mg(
    plan: PlatePlan, trial: PlateTrial, sample: SampleResult, lysate: Place, lysates: _Lysates
) -> Iterable[tuple[Reading, str]]:
    """Give the analyte per mg of what study.toml asks for, and in words what it was divided by."""
    amount = lysates.tissue.get(lysate)
    protein, where = lysates.protein.get(lysate, (None, "no protein assay"))
    words = {
        "tissue": "tissue.csv" if amount is None else f"{amount.tissue_mg} mg tissue in {amount.lysate_ml} mL",
        "protein": f"protein from {where}",
    }
    return [(normalised_reading(trial, sample, to, tissue=amount, protein=protein), words[to]) for to in plan.normalise]


def _write_sheets(study: StudyRecord, file: PlateFile, plan: PlatePlan, trial: PlateTrial) -> None:
    """Write the loading table for programs and for the printer."""
    lanes = Lanes(protein_ug=plan.load_ug, volume_ul=plan.volume_ul, well_ul=plan.well_ul, dye_ul=plan.dye_ul)
    for ending in ("csv", "html"):
        write_loading_table(study.sheets / f"loading-{Path(file.path).stem}.{ending}", trial, lanes)
