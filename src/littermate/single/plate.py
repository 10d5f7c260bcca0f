"""Plate: one plate-reader file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from matplotlib.figure import Figure

from littermate.files import written_whole
from littermate.formats.plate_file import read_plate_file
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.plate import Plate, SampleResult
from littermate.model.rules import RuleSet
from littermate.plates.bca import quantify_bca
from littermate.plates.elisa import quantify_elisa
from littermate.plates.loading import loading_table
from littermate.plates.quantify import PlateResult
from littermate.plates.recovery import Recovery, recovery
from littermate.plates.rules import BcaRules, ElisaRules
from littermate.plates.rules import rule_set as plate_rules
from littermate.report.plate_figure import draw_plate

__all__ = ["PlateTrial", "measure_plate", "picture_of_plate", "write_loading_table"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlateTrial:
    """One plate: its curve and concentrations, percent recoveries, the rules, and what was noticed."""

    result: PlateResult
    recovery: tuple[Recovery, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]

    def readings(self) -> dict[str, tuple[tuple[str, ...], tuple[Reading, ...]]]:
        """Return each sample's wells and readings: its concentration, and its recovery where it was spiked."""
        recovered = {one.sample: one for one in self.recovery}
        return {
            one.name: (one.wells, tuple(_plate_readings(one, recovered.get(one.name))))
            for one in self.result.samples
            if not one.spiked
        }


def _plate_readings(sample: SampleResult, recovered: Recovery | None) -> Iterator[Reading]:
    unit = sample.unit.replace("/", "_").replace("µ", "u").lower()
    yield Reading(
        measure=f"concentration_{unit}",
        value=sample.concentration,
        unit=sample.unit,
        reason=sample.reason,
        flags=() if sample.in_range else ("out of range",),
    )
    if recovered is not None:
        flags = () if recovered.flag in ("", "missing") else (f"recovery {recovered.flag}",)
        yield Reading(
            measure="recovery_percent", value=recovered.percent, unit="%", reason=recovered.reason, flags=flags
        )


def measure_plate(
    path: str | Path,
    *,
    kind: str,
    curve: str | None = None,
    layout: str | Path | None = None,
    read: str | None = None,
) -> tuple[PlateTrial, ...]:
    """Read the plates of a file, fit their standard curves, and read their samples from them.

    Parameters
    ----------
    path
        A plate reader's file; see `littermate.formats.plate_file`.
    kind
        ``"bca"`` or ``"elisa"``.
    curve
        ``"linear"``, ``"quadratic"``, ``"4pl"`` or ``"5pl"``; the kind's own where `None`.
    layout
        What is in each well, instead of what the file says; the companion ``<stem>.layout.csv`` where `None`.
    read
        Which of the file's reads, where several were measured.

    Raises
    ------
    PlateError
        If the file cannot be understood, or has too few standards.
    """
    plates = read_plate_file(path, kind=kind, layout=layout, read=read)
    rules = BcaRules() if kind == "bca" else ElisaRules()
    if curve is not None:
        rules = replace(rules, curve=curve)
    return tuple(_measured_plate(plate, rules) for plate in plates)


def _measured_plate(plate: Plate, rules: BcaRules | ElisaRules) -> PlateTrial:
    result = quantify_bca(plate, rules=rules) if plate.kind == "bca" else quantify_elisa(plate, rules=rules)
    findings = tuple(
        Finding(id="plate-quality", importance="warning", message=word, about=plate.name) for word in result.warnings
    )
    findings += tuple(
        Finding(id="plate-reading", importance="note", message=word, about=plate.name) for word in plate.notes
    )
    return PlateTrial(result=result, recovery=recovery(result), rules=plate_rules(rules), findings=findings)


def write_loading_table(path: Path, trial: PlateTrial, *, protein_ug: float, volume_ul: float) -> None:
    """Write the gel's loading table of a BCA plate as CSV."""
    rows = loading_table(trial.result.samples, protein_ug=protein_ug, volume_ul=volume_ul)
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sample", "protein_ug", "ug_per_ul", "sample_ul", "buffer_ul", "total_ul", "flags", "reason"])
        for row in rows:
            flags = "; ".join(row.flags)
            amounts = (row.concentration_ug_ul, row.sample_ul, row.buffer_ul, row.total_ul)
            writer.writerow([row.sample, protein_ug, *amounts, flags, row.reason])


def picture_of_plate(trial: PlateTrial) -> Figure:
    """Draw the standard curve with its standards and samples."""
    result = trial.result
    return draw_plate(
        standards=result.standards,
        samples=result.samples,
        line=result.curve.line(),
        unit=result.plate.unit,
        title=result.plate.name,
        note=f"{result.curve.model}, R² = {result.curve.r_squared:.4f}",
        logarithmic=result.curve.model in ("4pl", "5pl"),
        within_percent=result.rules.standard_within_percent,
    )
