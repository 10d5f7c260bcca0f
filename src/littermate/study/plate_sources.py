"""Plate sources: the wells of a sample in words: absorbances, dilution, the curve, the concentration and the recovery.

The plates are read again, which takes a moment and shows that the numbers on record are what the files give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from littermate.errors import DataError
from littermate.model.measurement import Measurement, Reading
from littermate.model.plate import SampleResult, Well
from littermate.report.numbers import significant
from littermate.report.trail import TrailSource, TrailTable
from littermate.single.plate import PlateTrial, measure_plate
from littermate.store.raw_files import PlateFile
from littermate.study.blot_sources import again
from littermate.study.picturing import plate_stem
from littermate.study.plating import plate_plan
from littermate.study.record import StudyRecord

__all__ = ["WellsKey", "plate_sources"]

WellsKey = tuple[str, str]
"""Hash of the plate-reader file and code of the animal."""

Recorded = Mapping[tuple[str, str], Measurement]
_HEAD = ("well", "holds", "absorbance", "dilution", "added", "note")


def plate_sources(study: StudyRecord, recorded: Recorded) -> Iterator[tuple[WellsKey, TrailSource]]:
    """Describe every animal's wells on every plate; `recorded` are the measurements by outcome and code."""
    codes = study.names
    for file in study.database.plate_files():
        try:
            settings = dict(plate_plan(study, file).settings)
            plates = measure_plate(study.folder.root / file.path, kind=file.kind, settings=settings)
        except DataError as fault:
            yield from _unread(study, file, f"{fault.complaints[0].expected}, found {fault.complaints[0].found}")
            continue
        for number, plate in enumerate(plates):
            readings = plate.readings()
            for sample in plate.result.combined:
                code = codes.get(sample.name.lower())
                if code is not None:
                    yield (
                        (file.sha256, code),
                        _source(study, file, (number, plate), (code, sample, readings[sample.name][1]), recorded),
                    )


def _unread(study: StudyRecord, file: PlateFile, trouble: str) -> Iterator[tuple[WellsKey, TrailSource]]:
    """Describe what is left of a file that cannot be read any more."""
    facts = (("file", file.path), ("SHA-256", file.sha256), ("wells", f"not read again: {trouble}"))
    source = TrailSource(
        id=f"plate {file.sha256}", kind="wells", title=f"{file.kind.upper()}, {file.region}", facts=facts,
        pictures=(plate_stem(file.sha256),),
    )  # fmt: skip
    for tag in study.tags:
        yield (file.sha256, tag.code), source


def _source(
    study: StudyRecord,
    file: PlateFile,
    plate: tuple[int, PlateTrial],
    of: tuple[str, SampleResult, tuple[Reading, ...]],
    recorded: Recorded,
) -> TrailSource:
    (number, trial), (code, sample, readings) = plate, of
    wells = [well for well in trial.result.plate.wells if well.content == sample.name]
    changed = trial.result.plate.sha256 not in ("", file.sha256)
    return TrailSource(
        id=f"wells {number} {file.sha256[:12]} {code}",
        kind="wells",
        title=f"{file.kind.upper()}, {file.region}, {code}: wells {', '.join(well.name for well in wells)}",
        facts=(
            ("animal's code", code),
            ("file", f"{file.path}, plate {trial.result.plate.name}, read as {trial.result.plate.format}"),
            ("SHA-256", f"{file.sha256}{', but the file has changed since' if changed else ''}"),
            *_curve_facts(trial),
            *_sample_facts(trial, sample),
            *_again(study, file, code, readings, recorded),
        ),
        tables=(_well_table(wells, trial.result.plate.unit),),
        pictures=(plate_stem(file.sha256),),
    )


def _curve_facts(trial: PlateTrial) -> Iterator[tuple[str, str]]:
    curve, unit = trial.result.curve, trial.result.plate.unit
    values = ", ".join(f"{name} = {significant(value, 6)}" for name, value in curve.parameters)
    yield "standard curve", f"{curve.formula}; {values}; weights {curve.weights}; R² {curve.r_squared:.5f}"
    if curve.lloq is not None and curve.uloq is not None:
        yield "range of the curve", f"{curve.lloq:g} to {curve.uloq:g} {unit}; the curve is {trial.result.verdict}"
    if trial.result.blank:
        yield "blank", f"{significant(trial.result.blank)} was taken off every well"


def _sample_facts(trial: PlateTrial, sample: SampleResult) -> Iterator[tuple[str, str]]:
    value = sample.reason if sample.concentration is None else f"{significant(sample.concentration, 6)} {sample.unit}"
    low, high = sample.ci or (None, None)
    interval = f", 95 % CI {significant(low)} to {significant(high)}" if sample.ci else ""
    yield "concentration", f"{value}{interval}, of the undiluted sample (dilution {sample.dilution:g})"
    if sample.signal is not None:
        cv = "" if sample.cv_percent is None else f", CV {sample.cv_percent:.1f} %"
        yield "signal above blank", f"{significant(sample.signal)}{cv}"
    for one in trial.recovery:
        if one.sample == sample.name:
            percent = one.reason if one.percent is None else f"{one.percent:.1f} %"
            yield "recovery", f"{percent} of {significant(one.added)} {one.unit} added"


def _again(
    study: StudyRecord, file: PlateFile, code: str, readings: tuple[Reading, ...], recorded: Recorded
) -> Iterator[tuple[str, str]]:
    """Set what is read now beside what is on record, of every outcome that this file gave."""
    now = {reading.measure: reading.value for reading in readings}
    for outcome in study.protocol.outcomes:
        was = recorded.get((outcome.name, code))
        mine = outcome.assay == file.kind and outcome.region == file.region and outcome.measure in now
        if mine and was is not None and was.source.sha256 == file.sha256:
            yield f"{outcome.name}, read again for this report", again(was.value, now[outcome.measure])


def _well_table(wells: list[Well], unit: str) -> TrailTable:
    rows = tuple(
        (
            well.name,
            well.role,
            "–" if well.absorbance is None else f"{well.absorbance:g}",
            f"{well.dilution:g}",
            "" if well.concentration is None else f"{well.concentration:g} {unit}",
            well.excluded or well.reason,
        )
        for well in wells
    )
    return TrailTable(caption="Wells", head=_HEAD, rows=rows)
