"""Standards: what the curve makes of each of them, which of them may end the range, and what is to be said of them."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

from scipy import stats

from littermate.model.plate import StandardResult, StandardWell, Well
from littermate.plates.curve import Curve, CurveFault
from littermate.plates.layout import Replicates
from littermate.plates.rules import PlateRules

__all__ = ["fit_points", "passing_fault", "standard_results", "standard_warnings", "usable_range"]

_REVERSAL_SHARE = 0.02


def fit_points(standards: Sequence[Replicates], rules: PlateRules) -> list[tuple[float, float, float]]:
    """Return (concentration, signal, wells) of every point to which the curve is fitted.

    Means that count once each get the harmonic mean of their numbers of wells, so that the curve's `residual_sd` is
    that of a single well however the standards were averaged.
    """
    known = [(group.concentration, group) for group in standards if group.concentration is not None and group.signals]
    if rules.fit_to == "wells":
        return [(concentration, signal, 1.0) for concentration, group in known for signal in group.signals]
    counts = [float(len(group.signals)) for _, group in known]
    if rules.fit_to == "means" and counts:
        counts = [statistics.harmonic_mean(counts)] * len(counts)
    return [
        (concentration, statistics.fmean(group.signals), count)
        for (concentration, group), count in zip(known, counts, strict=True)
    ]


def standard_results(standards: Sequence[Replicates], curve: Curve, rules: PlateRules) -> tuple[StandardResult, ...]:
    """Calculate every standard back."""
    points = fit_points(standards, rules)
    limit = _outlier_limit(curve, len(points), rules.outlier_level)
    counts = {concentration: wells for concentration, _, wells in points}
    return tuple(_result(group, curve, limit, counts, rules) for group in standards)


def _outlier_limit(curve: Curve, points: int, level: float) -> float:
    if curve.df < 2 or level == 0:
        return float("inf")
    return float(stats.t.isf(level / (2 * points), curve.df - 1))


def _result(
    group: Replicates, curve: Curve, limit: float, counts: dict[float, float], rules: PlateRules
) -> StandardResult:
    known = group.concentration if group.concentration is not None else 0.0
    back = None if group.signal is None else curve.back_calculate(group.signal)
    percent = _percent(back, known)
    single = rules.fit_to == "wells"
    wells = tuple(_well(well, group, curve, limit if single else None) for well in group.wells)
    off = None
    if not single and group.signal is not None:
        off = curve.studentised(known, group.signal, wells=counts[known])
    spread, lost = _back_cv(wells, known)
    return StandardResult(
        name=group.name,
        concentration=known,
        signal=group.signal,
        back_calculated=back,
        recovery_percent=percent,
        cv_percent=group.cv_percent,
        reason=_reason(group, back, known),
        back_cv_percent=spread,
        studentised=off,
        outlier=any(well.outlier for well in wells) or (off is not None and abs(off) > limit),
        usable=not lost
        and percent is not None
        and abs(percent - 100) <= rules.standard_within_percent
        and (spread is None or spread <= rules.standard_cv_percent),
        wells=wells,
    )


def _percent(back: float | None, known: float) -> float | None:
    return 100 * back / known if back is not None and known > 0 else None


def _well(well: Well, group: Replicates, curve: Curve, limit: float | None) -> StandardWell:
    """Describe one well; `limit` is that of a studentised residual, `None` where single wells were not fitted."""
    known = group.concentration if group.concentration is not None else 0.0
    signal = None if well.absorbance is None else well.absorbance - group.offset
    back = None if signal is None else curve.back_calculate(signal)
    fitted = limit is not None and not well.excluded and signal is not None and bool(group.signals)
    off = curve.studentised(known, signal) if fitted and signal is not None else None
    return StandardWell(
        name=well.name,
        signal=signal,
        back_calculated=back,
        recovery_percent=_percent(back, known),
        studentised=off,
        outlier=off is not None and limit is not None and abs(off) > limit,
        reason=well.reason,
        excluded=well.excluded,
    )


def _back_cv(wells: Sequence[StandardWell], known: float) -> tuple[float | None, bool]:
    """Return the CV of what the wells come back as (percent), and whether a well comes back as nothing at all."""
    used = [well for well in wells if not well.excluded and well.signal is not None]
    back = [well.back_calculated for well in used if well.back_calculated is not None]
    if known == 0 or len(used) < 2:
        return None, False
    if len(back) < len(used):
        return None, True
    return 100 * statistics.stdev(back) / statistics.fmean(back), False


def _reason(group: Replicates, back: float | None, known: float) -> str:
    if group.signal is None:
        return group.lost
    if back is not None:
        return ""
    return (
        "its signal lies beyond the curve's at zero" if known == 0 else "no concentration on the curve has this signal"
    )


def usable_range(standards: Sequence[StandardResult]) -> tuple[float | None, float | None]:
    """Return the lowest and the highest standard that may end the range, or nothing where there are not two."""
    usable = [standard.concentration for standard in standards if standard.usable]
    return (min(usable), max(usable)) if len(set(usable)) > 1 else (None, None)


def passing_fault(standards: Sequence[StandardResult], rules: PlateRules) -> tuple[CurveFault, ...]:
    """Say where too few of the standards above zero that have a signal come back near their true concentration."""
    above = [standard for standard in standards if standard.concentration > 0 and standard.signal is not None]
    passing = sum(standard.usable for standard in above)
    if not above or 100 * passing >= rules.standards_passing_percent * len(above):
        return ()
    words = f"only {passing} of {len(above)} standards come back near their true concentration"
    return (CurveFault(words=words),)


def standard_warnings(standards: Sequence[StandardResult], curve: Curve, rules: PlateRules) -> list[str]:
    """Say what a reader must know of the standards."""
    words = [word for standard in standards for word in _words(standard, curve, rules)]
    return [*words, *_reversals(standards)]


def _words(standard: StandardResult, curve: Curve, rules: PlateRules) -> list[str]:
    label = f"standard {standard.name} ({standard.concentration:g} {curve.unit})"
    left_out = [f"{label}: well {well.name} was left out: {well.excluded}" for well in standard.wells if well.excluded]
    if standard.signal is None:
        return [*left_out, f"{label} has no signal ({standard.reason})"]
    outliers = [f"{label}: well {well.name} {_off(well.studentised)}" for well in standard.wells if well.outlier]
    if standard.outlier and not outliers:
        outliers = [
            f"{label} lies off the curve (studentised residual {standard.studentised:.1f}); it was not left out"
        ]
    return [*left_out, *outliers, *_far_off(standard, label, curve, rules)]


def _off(studentised: float | None) -> str:
    size = 0.0 if studentised is None else studentised
    return f"lies off the curve (studentised residual {size:.1f}); it was not left out"


def _far_off(standard: StandardResult, label: str, curve: Curve, rules: PlateRules) -> list[str]:
    if standard.concentration == 0:
        return []
    ends = curve.lloq is None or curve.uloq is None or not curve.lloq < standard.concentration < curve.uloq
    percent = standard.recovery_percent
    if percent is not None and standard.usable and (ends or abs(percent - 100) <= rules.inner_within_percent):
        return []
    if percent is not None and abs(percent - 100) <= rules.standard_within_percent and not standard.usable:
        spread = standard.back_cv_percent
        found = "a well comes back as nothing" if spread is None else f"its wells come back with a CV of {spread:.0f} %"
        return [f"{label}: {found}{_place(standard, curve)}"]
    found = f"{percent:.0f} %" if percent is not None else "nothing"
    return [f"{label} comes back as {found} of its true concentration{_place(standard, curve)}"]


def _place(standard: StandardResult, curve: Curve) -> str:
    if curve.lloq is None or curve.uloq is None:
        return ""
    inside = curve.lloq < standard.concentration < curve.uloq
    return ", inside the range" if inside else ", and bounds the range no longer"


def _reversals(standards: Sequence[StandardResult]) -> list[str]:
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
