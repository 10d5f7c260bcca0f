"""Additivity of a 2 x 2: is the effect of two treatments together the sum of their effects?

"Sum" depends on the scale. On the **raw** scale differences from the control add up, and the interaction is a
difference of differences. On the **log** scale ratios to the control multiply, and the interaction is a ratio of
ratios. Two effects that add up on one scale do not on the other, so both stand side by side, from the same factorial
model.

Two more expectations, from the cells' means with the model's pooled error (delta method): **Bliss**, the parts left of
the way from the control to the full effect multiply (with a full effect of 0 it is the log scale's question, asked of
arithmetic means), and **HSA**, the better of the two alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from littermate.errors import AnalysisError
from littermate.model.analysis import Analysis
from littermate.model.combination import Additivity, ScaleOfAdditivity
from littermate.model.effect import Difference
from littermate.model.plan import Plan
from littermate.stats.factorial import fit
from littermate.stats.results import t_test
from littermate.stats.table import Table

__all__ = ["fit_additivity"]

Floats = NDArray[np.float64]

_NULLS = {"raw": 0.0, "log": 1.0, "Bliss": 1.0, "HSA": 0.0}
_MEASURES = {
    "raw": "difference of differences",
    "log": "ratio of ratios of geometric means",
    "Bliss": "ratio of the part left to its expectation",
    "HSA": "difference from the better one alone",
}


def fit_additivity(
    table: Table,
    factors: tuple[str, str],
    *,
    full_effect: float | None = None,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
    alpha: float = 0.05,
) -> Additivity:
    """Ask for additivity on several scales.

    Parameters
    ----------
    table
        One row an animal, with two factors of two levels each.
    factors
        Their names.
    full_effect
        The outcome at full effect, for Bliss: where not given 0 if the treatments lower the outcome and it is never
        negative; there is no Bliss otherwise.
    reference_levels
        The levels of each factor, the control's first; as they first occur where not given.
    alpha
        For what is called shown in the words.

    Raises
    ------
    AnalysisError
        If a factor has not two levels, a cell is empty, or the model cannot be fitted.

    Examples
    --------
    >>> table = Table(
    ...     outcome="immobility", values=(200, 204, 100, 104, 150, 154, 50, 54), units="ABCDEFGH",
    ...     factors={"ketamine": list("nnyynnyy"), "magnesium": list("nnnnyyyy")},
    ... )
    >>> found = fit_additivity(table, ("ketamine", "magnesium"))
    >>> round(found.scale("raw").estimate, 9), round(found.scale("log").estimate, 3), found.scale("log").p < 0.05
    (0.0, 0.677, True)
    """
    plan = Plan(outcome=table.outcome, factors=factors, alpha=alpha)
    analysis = fit(table, plan, unit="", reference_levels=reference_levels)
    if len(analysis.groups) != 4 or any(
        len({dict(one.levels)[name] for one in analysis.groups}) != 2 for name in factors
    ):
        raise AnalysisError(
            expected="two factors of two levels each",
            found=f"{len(analysis.groups)} groups of {' and '.join(factors)}",
            do="fit numbers of doses as a matrix or a mixture",
        )
    scales = (
        _raw(analysis),
        _log(table, plan, reference_levels),
        _bliss(analysis, table, full_effect),
        _hsa(analysis),
    )
    return Additivity(
        outcome=table.outcome,
        factors=factors,
        n=analysis.n,
        df=_df(analysis),
        groups=analysis.groups,
        scales=scales,
        says=tuple(_says(scales, _falls(analysis), alpha)),
        missing=analysis.missing,
        notes=analysis.notes,
    )


def _df(analysis: Analysis) -> int:
    return int(_interaction(analysis).df)


def _interaction(analysis: Analysis) -> Difference:
    return next(one for one in analysis.differences if ":" in one.factor)


def _means(analysis: Analysis) -> Floats:
    """Return the means of control, second alone, first alone, both: the order of the groups."""
    return np.array([group.mean for group in analysis.groups])


def _falls(analysis: Analysis) -> bool:
    """Say whether the treatments lower the outcome."""
    means = _means(analysis)
    return bool(means[1:].mean() < means[0])


def _raw(analysis: Analysis) -> ScaleOfAdditivity:
    found = _interaction(analysis)
    control, second, first, _ = _means(analysis)
    return ScaleOfAdditivity(
        scale="raw",
        measure=_MEASURES["raw"],
        null=_NULLS["raw"],
        estimate=found.estimate,
        ci95=found.ci95,
        p=found.p,
        expected=float(first + second - control),
    )


def _log(table: Table, plan: Plan, reference_levels: Mapping[str, Sequence[str]] | None) -> ScaleOfAdditivity:
    values = table.values + table.shift
    if np.nanmin(values) <= 0:
        worst = table.units[int(np.nanargmin(values))]
        return _without("log", f"no logarithm of {np.nanmin(values):g} ({worst})")
    logged = Table(outcome=table.outcome, values=np.log(values), factors=table.factors, units=table.units)
    analysis = fit(logged, plan, unit="", reference_levels=reference_levels)
    found = _interaction(analysis)
    control, second, first, _ = _means(analysis)
    return ScaleOfAdditivity(
        scale="log",
        measure=_MEASURES["log"],
        null=_NULLS["log"],
        estimate=math.exp(found.estimate),
        ci95=(math.exp(found.ci95[0]), math.exp(found.ci95[1])),
        p=found.p,
        expected=math.exp(first + second - control),
    )


def _bliss(analysis: Analysis, table: Table, full_effect: float | None) -> ScaleOfAdditivity:
    means = _means(analysis)
    full = full_effect
    if full is None and _falls(analysis) and np.nanmin(table.values + table.shift) >= 0:
        full = 0.0
    if full is None:
        return _without("Bliss", "the outcome's value at full effect is not known: say it (--full-effect)")
    left = (means - full) / (means[0] - full) if means[0] != full else np.full(4, np.nan)
    if not np.all(left > 0):
        return _without("Bliss", f"a mean is at or beyond the full effect ({full:g})")
    signs = np.array([1, -1, -1, 1])
    log_ratio = float(signs @ np.log(left))
    test = t_test(log_ratio, _se(analysis, signs / (means - full)), _df(analysis))
    return ScaleOfAdditivity(
        scale="Bliss",
        measure=f"{_MEASURES['Bliss']} (full effect at {full:g})",
        null=_NULLS["Bliss"],
        estimate=math.exp(log_ratio),
        ci95=(math.exp(test.ci95[0]), math.exp(test.ci95[1])),
        p=test.p,
        expected=float(full + (means[0] - full) * left[1] * left[2]),
    )


def _hsa(analysis: Analysis) -> ScaleOfAdditivity:
    means = _means(analysis)
    better = int(np.argmin(means[1:3]) if _falls(analysis) else np.argmax(means[1:3])) + 1
    weights = np.zeros(4)
    weights[[3, better]] = 1, -1
    test = t_test(float(weights @ means), _se(analysis, weights), _df(analysis))
    return ScaleOfAdditivity(
        scale="HSA",
        measure=_MEASURES["HSA"],
        null=_NULLS["HSA"],
        estimate=test.estimate,
        ci95=test.ci95,
        p=test.p,
        expected=float(means[better]),
    )


def _without(scale: str, reason: str) -> ScaleOfAdditivity:
    return ScaleOfAdditivity(scale=scale, measure=_MEASURES[scale], null=_NULLS[scale], reason=reason)


def _se(analysis: Analysis, weights: Floats) -> float:
    return analysis.residual_sd * math.sqrt(
        sum(w**2 / group.n for w, group in zip(weights, analysis.groups, strict=True))
    )


def _says(scales: Sequence[ScaleOfAdditivity], falls: bool, alpha: float) -> Iterator[str]:
    raw, log, bliss, hsa = scales
    yield _scale_says(raw, "the sum of both differences", falls, alpha)
    yield _scale_says(log, "the product of both ratios", falls, alpha)
    yield _scale_says(bliss, "Bliss independence", falls, alpha)
    yield _scale_says(hsa, "the better one alone", falls, alpha)
    if raw.p is not None and log.p is not None and (raw.p < alpha) != (log.p < alpha):
        yield (
            "Raw and log scale disagree: whether there is an interaction depends on what is meant by adding up. The"
            " scale that the plan named counts."
        )


def _scale_says(one: ScaleOfAdditivity, what: str, falls: bool, alpha: float) -> str:
    if one.p is None or one.ci95 is None or one.estimate is None:
        return f"{one.scale}: not judged, {one.reason}."
    more = (one.estimate < one.null) == falls
    shown = "no departure is shown (which is not a proof that there is none)"
    if one.p < alpha:
        shown = f"the effect of both together is {'more' if more else 'less'} than {what}"
    return (
        f"{one.scale}: {one.measure} {one.estimate:.4g} [{one.ci95[0]:.4g}, {one.ci95[1]:.4g}], additive {one.null:g},"
        f" P = {one.p:.3g}: {shown}."
    )
