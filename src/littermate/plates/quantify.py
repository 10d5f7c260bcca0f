"""Quantify: one plate into its curve, its standards and its samples; what BCA and ELISA share.

A sample's concentration is that of the undiluted sample. The half of a sample to which standard was added is a result
of its own, marked `spiked`.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.errors import PlateError
from littermate.model.plate import Plate, SampleResult, StandardResult
from littermate.plates.curve import Curve, fit_curve, with_range
from littermate.plates.layout import Replicates, group_wells
from littermate.plates.rules import PlateRules

__all__ = ["PlateResult", "quantify"]

_REVERSAL_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateResult:
    """What was computed from one plate, and by which rules.

    `blank` is the signal that was subtracted from every well (0 where none was); `warnings` are sentences.
    """

    plate: Plate
    curve: Curve
    standards: tuple[StandardResult, ...]
    samples: tuple[SampleResult, ...]
    warnings: tuple[str, ...]
    blank: float
    rules: PlateRules


def quantify(plate: Plate, *, rules: PlateRules) -> PlateResult:
    """Fit the plate's standard curve and read its samples from it.

    Raises
    ------
    PlateError
        If the plate has too few standards with a signal for the curve.
    """
    blank, blank_words = _blank(plate, rules)
    standards = group_wells(plate, ["standard"], offset=blank)
    samples = group_wells(plate, ["sample", "spiked"], offset=blank)
    curve = _fit(plate, standards, rules)
    results = tuple(_standard_result(group, curve) for group in standards)
    curve = _narrowed(curve, results, plate.unit, rules)
    warnings = [
        *blank_words,
        *curve.faults(r_squared_limit=rules.r_squared_limit),
        *_standard_warnings(results, curve, rules),
        *_reversals(results, curve),
        *_well_warnings([*standards, *samples], rules),
    ]
    well_sd = _well_sd(samples, curve)
    return PlateResult(
        plate=plate,
        curve=curve,
        standards=results,
        samples=tuple(_sample_result(group, curve, well_sd, rules) for group in samples),
        warnings=tuple(warnings),
        blank=blank,
        rules=rules,
    )


def _blank(plate: Plate, rules: PlateRules) -> tuple[float, list[str]]:
    """Return the signal to subtract, and a warning where it is not the blank wells'."""
    if rules.blank == "none":
        return 0.0, []
    wells = [well for well in plate.wells if well.role == "blank" and well.absorbance is not None]
    if wells:
        return statistics.fmean(well.absorbance for well in wells if well.absorbance is not None), []
    zeros = [group for group in group_wells(plate, ["standard"]) if group.concentration == 0]
    signals = [signal for group in zeros for signal in group.signals]
    if signals:
        return statistics.fmean(signals), []
    return 0.0, ["no blank was subtracted: the plate has neither blank wells nor a zero standard with a signal"]


def _fit(plate: Plate, standards: Sequence[Replicates], rules: PlateRules) -> Curve:
    """Fit the curve to the standards that have a signal."""
    points: list[tuple[float, float, int]] = []
    for group in standards:
        if group.concentration is None or group.signal is None:
            continue
        if rules.fit_to == "means":
            points.append((group.concentration, group.signal, len(group.signals)))
        else:
            points.extend((group.concentration, signal, 1) for signal in group.signals)
    concentrations, signals, wells = zip(*points, strict=True) if points else ((), (), ())
    try:
        return fit_curve(concentrations, signals, model=rules.curve, weights=rules.weights, wells=wells)
    except PlateError as fault:
        raise _of_plate(fault, plate) from fault


def _of_plate(fault: PlateError, plate: Plate) -> PlateError:
    """Say on which plate it was."""
    where = f"{plate.path or 'plate'}: {plate.name}"
    return PlateError.of(dataclasses.replace(complaint, where=where) for complaint in fault.complaints)


def _standard_result(group: Replicates, curve: Curve) -> StandardResult:
    known = group.concentration if group.concentration is not None else 0.0
    back = None if group.signal is None else curve.back_calculate(group.signal)
    percent = 100 * back / known if back is not None and known > 0 else None
    return StandardResult(
        name=group.name,
        concentration=known,
        signal=group.signal,
        back_calculated=back,
        recovery_percent=percent,
        cv_percent=group.cv_percent,
        reason=_standard_reason(group, back, known),
    )


def _standard_reason(group: Replicates, back: float | None, known: float) -> str:
    if group.signal is None:
        return group.lost
    if known == 0:
        return "" if back is not None else "its signal lies beyond the curve's at zero"
    return "" if back is not None else "no concentration on the curve has this signal"


def _narrowed(curve: Curve, standards: Sequence[StandardResult], unit: str, rules: PlateRules) -> Curve:
    """Return the curve with the range between the outermost standards that come back near their true value."""
    usable = [standard.concentration for standard in standards if _comes_back(standard, rules)]
    low, high = (min(usable), max(usable)) if len(set(usable)) > 1 else (None, None)
    return with_range(curve, low, high, unit=unit)


def _comes_back(standard: StandardResult, rules: PlateRules) -> bool:
    percent = standard.recovery_percent
    return percent is not None and abs(percent - 100) <= rules.standard_within_percent


def _standard_warnings(standards: Sequence[StandardResult], curve: Curve, rules: PlateRules) -> list[str]:
    words = []
    for standard in standards:
        label = f"standard {standard.name} ({standard.concentration:g} {curve.unit})"
        if standard.signal is None:
            words.append(f"{label} has no signal ({standard.reason})")
        elif standard.concentration > 0 and not _comes_back(standard, rules):
            found = f"{standard.recovery_percent:.0f} %" if standard.recovery_percent is not None else "nothing"
            words.append(f"{label} comes back as {found} of its true concentration{_place(standard, curve)}")
    return words


def _place(standard: StandardResult, curve: Curve) -> str:
    if curve.lloq is None or curve.uloq is None:
        return ""
    inside = curve.lloq < standard.concentration < curve.uloq
    return ", inside the range" if inside else ", and bounds the range no longer"


def _reversals(standards: Sequence[StandardResult], curve: Curve) -> list[str]:
    """Warn where neighbouring standards run against the curve, by more than a fiftieth of the curve's span."""
    present = sorted((s.concentration, s.signal, s.name) for s in standards if s.signal is not None)
    if len(present) < 2:
        return []
    direction = 1 if present[-1][1] >= present[0][1] else -1
    span = abs(present[-1][1] - present[0][1])
    return [
        f"standards {low[2]} and {high[2]} run against the curve: the signal goes from {low[1]:.4g} to {high[1]:.4g}"
        for low, high in itertools.pairwise(present)
        if (low[1] - high[1]) * direction > _REVERSAL_SHARE * span
    ]


def _well_warnings(groups: Sequence[Replicates], rules: PlateRules) -> list[str]:
    words = []
    for group in groups:
        label = f"{group.wells[0].role} {group.name}"
        if group.lost and group.wells[0].role != "standard":
            words.append(f"{label}: {group.lost}")
        if group.cv_percent is not None and group.cv_percent > rules.cv_limit_percent:
            words.append(f"{label}: wells differ, coefficient of variation {group.cv_percent:.0f} %")
    return words


def _well_sd(samples: Sequence[Replicates], curve: Curve) -> float:
    """Return the spread of a single well of weight 1 between replicates, pooled over the samples; 0 without any."""
    spreads = [
        (len(group.signals) - 1, curve.weight(group.signal) * statistics.variance(group.signals))
        for group in samples
        if group.signal is not None and len(group.signals) > 1 and (group.signal > 0 or curve.weights == "none")
    ]
    df = sum(count for count, _ in spreads)
    return math.sqrt(sum(count * variance for count, variance in spreads) / df) if df else 0.0


def _sample_result(group: Replicates, curve: Curve, well_sd: float, rules: PlateRules) -> SampleResult:
    value, ci, reason = None, None, f"no usable signal: {group.lost}"
    if group.signal is not None:
        wells = len(group.signals)
        found = curve.concentration(group.signal, wells=wells, level=rules.ci_level, well_sd=well_sd)
        value, ci, reason = found.value, found.ci, found.reason
    fold = group.dilution
    return SampleResult(
        name=group.name,
        wells=tuple(well.name for well in group.wells),
        signal=group.signal,
        concentration=None if value is None else value * fold,
        unit=curve.unit,
        ci=None if ci is None else (ci[0] * fold, ci[1] * fold),
        in_range=value is not None,
        cv_percent=group.cv_percent,
        dilution=fold,
        reason=reason,
        spiked=group.wells[0].role == "spiked",
    )
