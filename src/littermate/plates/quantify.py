"""Quantify: one plate into its curve, its standards and its samples; what BCA and ELISA share.

A sample's concentration is that of the undiluted sample. The half of a sample to which standard was added is a result
of its own, marked `spiked`.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.errors import PlateError
from littermate.model.plate import Plate, SampleResult, StandardResult
from littermate.plates.curve import Curve, CurveFault, Interpolation, fit_curve, with_range
from littermate.plates.layout import Replicates, group_wells
from littermate.plates.parallelism import Parallelism, combined_samples, parallelism
from littermate.plates.rules import PlateRules
from littermate.plates.standards import (
    fit_points,
    passing_fault,
    standard_results,
    standard_warnings,
    usable_range,
)

__all__ = ["PlateResult", "quantify"]

_RISING = ("bca",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateResult:
    """What was computed from one plate, and by which rules.

    Parameters
    ----------
    plate, rules
        What was quantified, and how.
    curve, faults
        The fitted curve, and what is wrong with it.
    standards, samples
        Each as it was on the plate: a sample's dilutions and its spiked half are samples of their own.
    parallelism
        Of the samples that were measured at several dilutions.
    combined
        One result for each unspiked sample, by the rule for dilutions.
    warnings
        Other sentences for a reader.
    blank
        The signal that was subtracted from every well (0 where none was).
    """

    plate: Plate
    curve: Curve
    faults: tuple[CurveFault, ...]
    standards: tuple[StandardResult, ...]
    samples: tuple[SampleResult, ...]
    parallelism: tuple[Parallelism, ...]
    combined: tuple[SampleResult, ...]
    warnings: tuple[str, ...]
    blank: float
    rules: PlateRules

    @property
    def verdict(self) -> str:
        """``"bad"`` where a fault of the curve is critical, ``"doubtful"`` where it has another one, or ``"good"``."""
        if any(fault.critical for fault in self.faults):
            return "bad"
        return "doubtful" if self.faults else "good"


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
    known = standard_results(standards, curve, rules)
    curve = with_range(curve, *usable_range(known), unit=plate.unit)
    faults = (
        *curve.faults(r_squared_limit=rules.r_squared_limit, rises=plate.kind in _RISING),
        *passing_fault(known, rules),
    )
    found = _sample_results(samples, curve, faults, rules)
    judged = parallelism(found, rules=rules)
    return PlateResult(
        plate=plate,
        curve=curve,
        faults=faults,
        standards=known,
        samples=found,
        parallelism=judged,
        combined=combined_samples(found, judged, rules=rules),
        warnings=(
            *blank_words,
            *standard_warnings(known, curve, rules),
            *_well_warnings([*standards, *samples], rules),
        ),
        blank=blank,
        rules=rules,
    )


def _blank(plate: Plate, rules: PlateRules) -> tuple[float, list[str]]:
    """Return the signal to subtract, and a warning where it is not the blank wells'."""
    if rules.blank == "none":
        return 0.0, []
    blanks = [signal for group in group_wells(plate, ["blank"]) for signal in group.signals]
    if blanks:
        return statistics.fmean(blanks), []
    zeros = [group for group in group_wells(plate, ["standard"]) if group.concentration == 0]
    signals = [signal for group in zeros for signal in group.signals]
    if signals:
        return statistics.fmean(signals), []
    return 0.0, ["no blank was subtracted: the plate has neither blank wells nor a zero standard with a signal"]


def _fit(plate: Plate, standards: Sequence[Replicates], rules: PlateRules) -> Curve:
    """Fit the curve to the standards that have a signal."""
    points = fit_points(standards, rules)
    concentrations, signals, wells = zip(*points, strict=True) if points else ((), (), ())
    try:
        return fit_curve(concentrations, signals, model=rules.curve, weights=rules.weights, wells=wells)
    except PlateError as fault:
        raise _of_plate(fault, plate) from fault


def _of_plate(fault: PlateError, plate: Plate) -> PlateError:
    """Say on which plate it was."""
    where = f"{plate.path or 'plate'}: {plate.name}"
    return PlateError.of(dataclasses.replace(complaint, where=where) for complaint in fault.complaints)


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


def _sample_results(
    samples: Sequence[Replicates], curve: Curve, faults: Sequence[CurveFault], rules: PlateRules
) -> tuple[SampleResult, ...]:
    """Read every sample; where the curve is one from which nothing can be read, say so instead."""
    withheld = next((f"no number from this curve: {fault.words}" for fault in faults if fault.withholds), "")
    well_sd = _well_sd(samples, curve)
    return tuple(_sample_result(group, _read(group, curve, well_sd, withheld, rules), curve.unit) for group in samples)


def _read(group: Replicates, curve: Curve, well_sd: float, withheld: str, rules: PlateRules) -> Interpolation:
    if group.signal is None:
        return Interpolation(value=None, reason=f"no usable signal: {group.lost}")
    if withheld:
        return Interpolation(value=None, reason=withheld)
    return curve.concentration(
        group.signal,
        wells=len(group.signals),
        level=rules.ci_level,
        well_sd=well_sd,
        ci_method=rules.ci_method,
    )


def _sample_result(group: Replicates, found: Interpolation, unit: str) -> SampleResult:
    fold = group.dilution
    low, high = (None if limit is None else limit * fold for limit in found.ci or (None, None))
    return SampleResult(
        name=group.name,
        wells=tuple(well.name for well in group.wells),
        signal=group.signal,
        concentration=None if found.value is None else found.value * fold,
        unit=unit,
        ci=None if found.ci is None else (low, high),
        in_range=found.value is not None,
        cv_percent=group.cv_percent,
        dilution=fold,
        reason=found.reason,
        spiked=group.wells[0].role == "spiked",
        ci_reason=found.ci_reason,
    )
