"""Parallelism: whether a sample's dilutions say the same, and the one value that may be made of them.

Dilutions of one sample, each multiplied back, should give one concentration. Where they do not, something in the sample
disturbs the assay (or the dilutions were not what they were said to be), and no mean of them is the sample's
concentration. Two signs are looked at: their coefficient of variation (ICH M10, 2022: at most 30 %), and
with three dilutions or more a trend, by the F test of the slope of the logarithm of the concentration on the logarithm
of the dilution.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.model.plate import SampleResult
from littermate.plates.rules import PlateRules

__all__ = ["Parallelism", "combined_samples", "parallelism"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallelism:
    """A sample that was measured at several dilutions.

    Parameters
    ----------
    sample
        Its name.
    dilutions, concentrations
        Of its parts in range, each concentration multiplied back.
    out_of_range
        Dilutions that gave no concentration.
    cv_percent
        Of the concentrations; `None` with fewer than two.
    slope, p
        Of the logarithm of the concentration on that of the dilution (0 if parallel), with three or more.
    parallel
        Whether they agree; `None` where fewer than two are in range.
    reason
        Why they do not agree, or why that cannot be told.
    """

    sample: str
    dilutions: tuple[float, ...]
    concentrations: tuple[float, ...]
    out_of_range: tuple[float, ...]
    cv_percent: float | None
    slope: float | None
    p: float | None
    parallel: bool | None
    reason: str = ""


def parallelism(samples: Sequence[SampleResult], *, rules: PlateRules) -> tuple[Parallelism, ...]:
    """Judge every unspiked sample that was measured at more than one dilution, in the order of the plate.

    Examples
    --------
    >>> parts = [SampleResult(name="X", wells=("A1",), signal=1.0, concentration=c, unit="pg/mL", ci=None,
    ...                       in_range=True, cv_percent=None, dilution=d) for d, c in ((2.0, 100.0), (4.0, 190.0))]
    >>> found, = parallelism(parts, rules=PlateRules())
    >>> found.parallel, found.reason
    (False, 'its dilutions do not agree: CV 44 %, limit 30 %')
    """
    return tuple(_judged(name, parts, rules) for name, parts in _by_name(samples).items() if len(parts) > 1)


def _by_name(samples: Sequence[SampleResult]) -> dict[str, list[SampleResult]]:
    groups: dict[str, list[SampleResult]] = {}
    for sample in samples:
        if not sample.spiked:
            groups.setdefault(sample.name, []).append(sample)
    return groups


def _judged(name: str, parts: Sequence[SampleResult], rules: PlateRules) -> Parallelism:
    inside = sorted((part.dilution, part.concentration) for part in parts if part.concentration is not None)
    folds, found = [fold for fold, _ in inside], [concentration for _, concentration in inside]
    cv = 100 * statistics.stdev(found) / statistics.fmean(found) if len(found) > 1 and min(found) > 0 else None
    slope, p = _trend(folds, found)
    reason = _disagreement(cv, slope, p, rules)
    if cv is None:
        reason = f"{len(found)} of {len(parts)} dilutions in range: they cannot be compared"
    return Parallelism(
        sample=name,
        dilutions=tuple(folds),
        concentrations=tuple(found),
        out_of_range=tuple(part.dilution for part in parts if part.concentration is None),
        cv_percent=cv,
        slope=slope,
        p=p,
        parallel=None if cv is None else not reason,
        reason=reason,
    )


def _trend(folds: Sequence[float], found: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the slope on the two logarithms and the p of its F test (one degree of freedom: that of t squared)."""
    if len(set(folds)) < 3 or min(found) <= 0:
        return None, None
    x, y = np.log(folds), np.log(found)
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    residual = float(np.sum((y - y.mean() - slope * x) ** 2))
    if residual <= 1e-24:
        return slope, 1.0 if abs(slope) < 1e-9 else 0.0
    f = slope**2 * float(x @ x) / (residual / (len(x) - 2))
    return slope, float(stats.f.sf(f, 1, len(x) - 2))


def _disagreement(cv: float | None, slope: float | None, p: float | None, rules: PlateRules) -> str:
    if cv is not None and cv > rules.parallel_cv_percent:
        return f"its dilutions do not agree: CV {cv:.0f} %, limit {rules.parallel_cv_percent:g} %"
    if p is not None and slope is not None and p < rules.parallel_level and _matters(slope):
        return f"its concentration changes with the dilution: slope {slope:+.2f} on the logarithms, p = {p:.2g}"
    return ""


def _matters(slope: float) -> bool:
    """Whether doubling the dilution changes the concentration by a twentieth: less is below what pipettes can do."""
    return abs(2**slope - 1) > 0.05


def combined_samples(
    samples: Sequence[SampleResult], judged: Sequence[Parallelism], *, rules: PlateRules
) -> tuple[SampleResult, ...]:
    """Return one result for every unspiked sample, by the rule for dilutions; without a value where they disagree.

    A combined result is in no single dilution: its wells are all wells, its signal and interval are `None` unless one
    dilution was chosen.
    """
    by_name = {one.sample: one for one in judged}
    groups = _by_name(samples)
    return tuple(
        parts[0] if len(parts) == 1 else _combined(parts, by_name[name], rules) for name, parts in groups.items()
    )


def _combined(parts: Sequence[SampleResult], judged: Parallelism, rules: PlateRules) -> SampleResult:
    inside = sorted((part for part in parts if part.concentration is not None), key=lambda part: part.dilution)
    if not inside:
        return parts[0]
    if judged.parallel is not False and (len(inside) == 1 or rules.dilutions == "least diluted"):
        return inside[0]
    mean = math.fsum(judged.concentrations) / len(judged.concentrations)
    return SampleResult(
        name=judged.sample,
        wells=tuple(well for part in parts for well in part.wells),
        signal=None,
        concentration=mean if judged.parallel else None,
        unit=parts[0].unit,
        ci=None,
        in_range=True,
        cv_percent=judged.cv_percent,
        dilution=1.0,
        reason="" if judged.parallel else judged.reason,
    )
