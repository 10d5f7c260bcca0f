"""Plate: one plate-reader file."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.formats.plate_file import read_plate_file
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.plate import Plate, SampleResult
from littermate.model.rules import RuleSet
from littermate.plates.bca import quantify_bca
from littermate.plates.elisa import quantify_elisa
from littermate.plates.excluding import without_wells
from littermate.plates.loading import Lanes, LoadingRow, loading_table
from littermate.plates.normalise import TissueAmount, per_protein, per_tissue
from littermate.plates.quantify import PlateResult
from littermate.plates.recovery import Recovery, recovery
from littermate.plates.rules import BcaRules, ElisaRules, PlateRules, rules_with
from littermate.plates.rules import rule_set as plate_rules
from littermate.report.loading_sheet import loading_sheet
from littermate.units import parse_quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PlateTrial",
    "lanes_of",
    "loading_json",
    "measure_plate",
    "normalised_reading",
    "picture_of_plate",
    "write_loading_table",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateTrial:
    """One plate: its curve and concentrations, percent recoveries, the rules, and what was noticed."""

    result: PlateResult
    recovery: tuple[Recovery, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]

    def flags_of(self, sample: SampleResult) -> tuple[str, ...]:
        """Return what a reader must know of a sample's concentration."""
        judged = {one.sample: one for one in self.result.parallelism}.get(sample.name)
        found = (
            (not sample.in_range, "out of range"),
            (sample.concentration is not None and self.result.verdict != "good", f"{self.result.verdict} curve"),
            (judged is not None and judged.parallel is False, "dilutions disagree"),
        )
        return tuple(flag for true, flag in found if true)

    def readings(self) -> dict[str, tuple[tuple[str, ...], tuple[Reading, ...]]]:
        """Return each sample's wells and readings: its concentration, and its recovery where it was spiked."""
        recovered = {one.sample: one for one in self.recovery}
        return {
            one.name: (one.wells, tuple(_plate_readings(self, one, recovered.get(one.name))))
            for one in self.result.combined
        }


def _plate_readings(trial: PlateTrial, sample: SampleResult, recovered: Recovery | None) -> Iterator[Reading]:
    unit = sample.unit.replace("/", "_").replace("µ", "u").lower()
    yield Reading(
        measure=f"concentration_{unit}",
        value=sample.concentration,
        unit=sample.unit,
        reason=sample.reason,
        flags=trial.flags_of(sample),
    )
    if recovered is not None:
        flags = () if recovered.flag in ("", "missing") else (f"recovery {recovered.flag}",)
        yield Reading(
            measure="recovery_percent", value=recovered.percent, unit="%", reason=recovered.reason, flags=flags
        )


def normalised_reading(
    trial: PlateTrial, sample: SampleResult, to: str, *, tissue: TissueAmount | None, protein: SampleResult | None
) -> Reading:
    """Return a sample's analyte per mg of `to` (``"tissue"`` or ``"protein"``)."""
    found = per_tissue(sample, tissue) if to == "tissue" else per_protein(sample, protein)
    flags = trial.flags_of(sample)
    return Reading(
        measure=f"concentration_pg_mg_{to}", value=found.value, unit=f"pg/mg {to}", reason=found.reason, flags=flags
    )


def measure_plate(
    path: str | Path,
    *,
    kind: str,
    layout: str | Path | None = None,
    read: str | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
    exclude: Mapping[str, str] = MappingProxyType({}),
) -> tuple[PlateTrial, ...]:
    """Read the plates of a file, fit their standard curves, and read their samples from them.

    Parameters
    ----------
    path
        A plate reader's file; see `littermate.formats.plate_file`.
    kind
        ``"bca"`` or ``"elisa"``.
    layout
        What is in each well, instead of what the file says; the companion ``<stem>.layout.csv`` where `None`.
    read
        Which of the file's reads, where several were measured.
    settings
        Other rules than the kind's own, by the names of `littermate.plates.rules.PlateRules`.
    exclude
        Why a person leaves a well out, by the well (``"A1"``, or ``"Plate 2 A1"`` where the file has several plates).

    Raises
    ------
    PlateError
        If the file cannot be understood, or has too few standards.
    UsageError
        If a setting is unknown or impossible, or a well that is left out is not on the plate or has no reason.
    """
    plates = read_plate_file(path, kind=kind, layout=layout, read=read)
    rules = rules_with(BcaRules() if kind == "bca" else ElisaRules(), settings)
    return tuple(_measured_plate(plate, rules) for plate in without_wells(plates, exclude))


def _measured_plate(plate: Plate, rules: PlateRules) -> PlateTrial:
    result = quantify_bca(plate, rules=rules) if plate.kind == "bca" else quantify_elisa(plate, rules=rules)
    recovered = recovery(result)
    findings = tuple(_findings(result, recovered))
    return PlateTrial(result=result, recovery=recovered, rules=plate_rules(rules), findings=findings)


def _findings(result: PlateResult, recovered: tuple[Recovery, ...]) -> Iterator[Finding]:
    name = result.plate.name
    for word in result.plate.notes:
        yield Finding(id="plate-reading", importance="note", message=word, about=name)
    for fault in result.faults:
        importance = "critical" if fault.critical else "warning"
        yield Finding(id="plate-curve", importance=importance, message=fault.words, about=name)
    for word in result.warnings:
        yield Finding(id="plate-quality", importance="warning", message=word, about=name)
    for one in result.parallelism:
        if one.reason:
            importance = "warning" if one.parallel is False else "note"
            message = f"sample {one.sample}: {one.reason}"
            yield Finding(id="plate-dilutions", importance=importance, message=message, about=name)
    for spiked in recovered:
        if spiked.flag:
            found = "missing" if spiked.percent is None else f"{spiked.percent:.0f} %"
            message = f"sample {spiked.sample}: recovery {found} ({spiked.reason})"
            yield Finding(id="plate-recovery", importance="warning", message=message, about=name)
    if recovered and result.plate.kind == "bca":
        message = "spiked wells on a protein assay: their recovery is that of protein, not of an analyte"
        yield Finding(id="plate-spiked-protein", importance="warning", message=message, about=name)


def lanes_of(*, load: str, volume: str, well: str, dye: str) -> Lanes:
    """Read what every lane of a gel is to hold from text with units.

    Examples
    --------
    >>> lanes_of(load="40ug", volume="30 uL", well="40uL", dye="7.5uL").words
    '40 ug in 30 uL, of which 7.5 uL loading buffer, wells hold 40 uL'
    """
    return Lanes(
        protein_ug=parse_quantity(load, "ug"),
        volume_ul=parse_quantity(volume, "uL"),
        well_ul=parse_quantity(well, "uL"),
        dye_ul=parse_quantity(dye, "uL"),
    )


def loading_json(trial: PlateTrial, lanes: Lanes) -> list[dict[str, Any]]:
    """Return the loading table's rows as plain fields."""
    _require_protein(trial)
    return [dataclasses.asdict(row) for row in loading_table(trial.result.combined, lanes)]


def write_loading_table(path: Path, trial: PlateTrial, lanes: Lanes) -> None:
    """Write the gel's loading table of a BCA plate: as CSV, or as a page to print where the name ends in .html.

    Raises
    ------
    UsageError
        If the plate is not a protein assay.
    """
    _require_protein(trial)
    rows = loading_table(trial.result.combined, lanes)
    if path.suffix.lower() == ".html":
        text = _loading_page(trial, lanes, rows)
        with written_whole(path) as part:
            part.write_text(text, encoding="utf-8")
        return
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["sample", "protein_ug", "ug_per_ul", "sample_ul", "dye_ul", "buffer_ul", "total_ul", "flags", "reason"]
        )
        for row in rows:
            amounts = (row.concentration_ug_ul, row.sample_ul, row.dye_ul, row.buffer_ul, row.total_ul)
            writer.writerow([row.sample, lanes.protein_ug, *amounts, "; ".join(row.flags), row.reason])


def _require_protein(trial: PlateTrial) -> None:
    if trial.result.plate.kind != "bca":
        raise UsageError(
            expected="a protein assay (kind bca) for a loading table",
            found=trial.result.plate.kind,
            do="ask for it with the BCA plate",
            where=trial.result.plate.path,
        )


def _loading_page(trial: PlateTrial, lanes: Lanes, rows: Sequence[LoadingRow]) -> str:
    result = trial.result
    bad = [f"The standard curve is {result.verdict}: {fault.words}." for fault in result.faults]
    notes = [f"{lanes.words}. Protein by {result.curve.model} curve, R2 = {result.curve.r_squared:.4f}.", *bad]
    return loading_sheet(
        title=f"Loading table, {result.plate.name}",
        notes=notes,
        columns=(
            "protein, \u00b5g/\u00b5L",
            "sample, \u00b5L",
            "loading buffer, \u00b5L",
            "buffer, \u00b5L",
            "total, \u00b5L",
        ),
        rows=[
            (
                row.sample,
                (
                    _digits(row.concentration_ug_ul, 2),
                    _digits(row.sample_ul, 1),
                    _digits(row.dye_ul, 1),
                    _digits(row.buffer_ul, 1),
                    _digits(row.total_ul, 1),
                ),
                "; ".join((*row.flags, row.reason)).strip("; "),
            )
            for row in rows
        ],
    )


def _digits(amount: float | None, digits: int) -> str:
    return "\u2013" if amount is None else f"{amount:.{digits}f}"


def picture_of_plate(trial: PlateTrial) -> Figure:
    """Draw the standard curve with its standards and samples."""
    from littermate.report.plate_figure import draw_plate

    result = trial.result
    return draw_plate(
        standards=result.standards,
        samples=result.samples,
        line=result.curve.line(),
        unit=result.plate.unit,
        title=result.plate.name,
        note=f"{result.curve.model}, R² = {result.curve.r_squared:.4f}, {result.verdict} curve",
        logarithmic=result.curve.model in ("4pl", "5pl"),
        within_percent=result.rules.standard_within_percent,
    )
