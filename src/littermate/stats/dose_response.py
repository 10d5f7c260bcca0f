"""Dose response: log-logistic and Weibull curves with effective doses.

`fit_dose_response` finds the curve of least squares without being asked for a start: the plateaus are solved for at
every point of a grid over slope, position and asymmetry, and the best of the grid are refined. Effective doses have
three 95 % intervals: by the delta method on the dose and on its logarithm, with Student's t (Ritz et al. 2015, *PLoS
ONE* 10:e0146021), and by the profile likelihood (Bates and Watts 1988, chapter 6), which may be open.

An effective dose is withheld where the data show no effect of the dose, or do not determine the curve.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from littermate.errors import AnalysisError, Complaint, TableError, UsageError
from littermate.model.dose_response import CurveParameter, DoseResponse, EffectiveDose, FTest, OpenInterval
from littermate.stats.dose_curves import FORMS, Form, log_effective_dose
from littermate.stats.nonlinear import NonlinearFit, Problem, descend, solve_from
from littermate.stats.table import Table

__all__ = ["PERCENTS", "f_test", "fit_dose_response", "require_doses"]

Floats = NDArray[np.float64]

PERCENTS = (10.0, 50.0, 90.0)
_SLOPES = (0.4, 0.8, 1.5, 3.0, 6.0)
_ASYMMETRIES = (-1.5, 0.0, 1.5)
_POSITIONS, _REFINED = 12, 5
_FARTHEST = math.log(1e4)
_LINE = 120


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fitted:
    """A form fitted to doses and values."""

    form: Form
    dose: Floats
    y: Floats
    fit: NonlinearFit

    @property
    def reach(self) -> float:
        return float(stats.t.ppf(0.975, self.fit.df))


def fit_dose_response(
    table: Table, drug: str, *, model: str = "ll4", percents: Sequence[float] = PERCENTS, alpha: float = 0.05
) -> DoseResponse:
    """Fit a curve to the outcome over the doses of one drug.

    Parameters
    ----------
    table
        One row an animal; the doses are its covariate `drug`. Rows without outcome or dose are left out and named.
    drug
        Name of the covariate.
    model
        ``"ll3"``, ``"ll4"``, ``"ll5"`` or ``"w14"``, see `littermate.stats.dose_curves`.
    percents
        Of the effect, for the effective doses.
    alpha
        Above this P of the test for any effect of the dose, effective doses are withheld.

    Raises
    ------
    UsageError
        If the model is unknown, or a percent is not between 0 and 100.
    TableError
        If a dose is negative.
    AnalysisError
        If there are fewer doses than parameters, or the outcome does not vary.

    Examples
    --------
    >>> doses = [0, 0, 1, 1, 3, 3, 10, 10, 30, 30]
    >>> values = [100, 104, 93, 91, 76, 74, 51, 49, 26, 24]
    >>> units = [f"K{row}" for row in range(10)]
    >>> table = Table(outcome="immobility", values=values, factors={}, units=units, covariates={"ketamine": doses})
    >>> found = fit_dose_response(table, "ketamine", model="ll3")
    >>> round(found.effective_dose(50).estimate, 1)
    9.3
    """
    _require_call(model, percents)
    complete = table.complete()
    dose, y = complete.covariates[drug], complete.values + table.shift
    require_doses(complete, drug)
    _require_points(dose, y, FORMS[model], drug)
    fitted = _Fitted(form=FORMS[model], dose=dose, y=y, fit=_least_squares(FORMS[model], dose, y))
    no_effect = _no_effect(fitted)
    found = DoseResponse(
        outcome=table.outcome,
        drug=drug,
        model=model,
        formula=fitted.form.formula,
        n=len(y),
        df=fitted.fit.df,
        parameters=tuple(_parameters(fitted)),
        covariance=_natural_covariance(fitted),
        rss=fitted.fit.rss,
        residual_sd=fitted.fit.residual_sd,
        log_likelihood=_log_likelihood(fitted.fit.rss, len(y)),
        aic=2 * (len(fitted.form.free) + 1) - 2 * _log_likelihood(fitted.fit.rss, len(y)),
        no_effect=no_effect,
        no_effect_chi2=_no_effect_chi2(fitted),
        lack_of_fit=_lack_of_fit(fitted),
        effective_doses=tuple(_effective_dose(fitted, percent, no_effect.p <= alpha) for percent in percents),
        points=tuple(zip(complete.units, dose.tolist(), y.tolist(), strict=True)),
        line=tuple(_line(fitted)),
        at_control=float(fitted.form.response(np.zeros(1), fitted.fit.estimates)[0]),
        missing=table.missing,
    )
    return replace(found, notes=tuple(_notes(found, fitted, alpha)))


def require_doses(table: Table, *drugs: str) -> None:
    """Refuse negative doses, by the animal.

    Raises
    ------
    TableError
        All at once.
    """
    complaints = [
        Complaint(expected="a dose of 0 or more", found=f"{given:g}", do="correct it", where=f"{drug} of {unit}")
        for drug in drugs
        for unit, given in zip(table.units, table.covariates[drug], strict=True)
        if given < 0
    ]
    if complaints:
        raise TableError.of(complaints)


def _require_call(model: str, percents: Sequence[float]) -> None:
    if model not in FORMS:
        raise UsageError(expected=f"one of the models {', '.join(FORMS)}", found=model, do="choose one")
    if wrong := [percent for percent in percents if not 0 < percent < 100]:
        raise UsageError(expected="percents between 0 and 100", found=f"{wrong[0]:g}", do="ask for ED50, say")


def _require_points(dose: Floats, y: Floats, form: Form, drug: str) -> None:
    count, needed = len(np.unique(dose)), len(form.free)
    complaints = []
    if count < needed:
        found = f"{count} ({', '.join(f'{one:g}' for one in np.unique(dose))})"
        do = "test more doses, or fit a model of fewer parameters (ll3 has 3)"
        complaints.append(
            Complaint(
                expected=f"{needed} or more doses of {drug} for the {needed} parameters of {form.name}",
                found=found,
                do=do,
            )
        )
    if len(y) and np.ptp(y) == 0:
        do = "check the measurement: there is nothing to explain"
        complaints.append(Complaint(expected="values that differ", found=f"{y[0]:g} for every unit", do=do))
    if complaints:
        raise AnalysisError.of(complaints)
    if len(y) <= needed:
        raise AnalysisError(
            expected=f"more than {needed} units, so that the curve can be judged", found=f"{len(y)}", do="measure more"
        )


def _least_squares(form: Form, dose: Floats, y: Floats) -> NonlinearFit:
    starts = sorted(_starts(form, dose, y), key=lambda one: one[0])[:_REFINED]
    problem = Problem(
        residuals=lambda theta: y - form.response(dose, theta), jacobian=lambda theta: -form.jacobian(dose, theta)
    )
    fit = solve_from(problem, [theta for _, theta in starts], len(y), observed=True)
    return _lower_below_upper(form, fit)


def _starts(form: Form, dose: Floats, y: Floats) -> Iterator[tuple[float, Floats]]:
    """Yield (sum of squares, parameters) over a grid, the plateaus solved for; c stands below d."""
    given = np.log(dose[dose > 0])
    positions = np.linspace(given.min() - 1, given.max() + 1, _POSITIONS)
    asymmetries = _ASYMMETRIES if 4 in form.free else (0.0,)
    for slope, sign, position, asymmetry in itertools.product(_SLOPES, (1, -1), positions, asymmetries):
        full = np.array([sign * slope, 0.0, 1.0, position, asymmetry])
        share = form.response(dose, full[list(form.free)])
        design = np.column_stack([1 - share, share] if 1 in form.free else [share])
        plateaus = np.linalg.lstsq(design, y, rcond=None)[0]
        full[3 - len(plateaus) : 3] = plateaus
        if full[1] <= full[2] or 1 not in form.free:
            yield float(np.sum((y - design @ plateaus) ** 2)), full[list(form.free)]


def _lower_below_upper(form: Form, fit: NonlinearFit) -> NonlinearFit:
    """Write a symmetric curve with c below d: (b, c, d) and (-b, d, c) are one curve."""
    if form.name != "ll4" or fit.estimates[1] <= fit.estimates[2]:
        return fit
    turn = np.array([[-1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.float64)
    covariance = turn @ fit.covariance @ turn.T if fit.determined else fit.covariance
    return replace(fit, estimates=turn @ fit.estimates, covariance=covariance)


def _scale(fitted: _Fitted) -> Floats:
    """Return what turns (b, c, d, log e, log f) into errors of (b, c, d, e, f)."""
    full = fitted.form.spread(fitted.fit.estimates)
    return np.array([1.0, 1.0, 1.0, math.exp(full[3]), math.exp(full[4])])[list(fitted.form.free)]


def _parameters(fitted: _Fitted) -> Iterator[CurveParameter]:
    scale = _scale(fitted)
    values = np.where(np.array(fitted.form.free) >= 3, scale, fitted.fit.estimates)
    for name, value, se in zip(fitted.form.names, values.tolist(), (scale * fitted.fit.se).tolist(), strict=True):
        known = math.isfinite(se)
        ci = (value - fitted.reach * se, value + fitted.reach * se)
        yield CurveParameter(name=name, estimate=value, se=se if known else None, ci95=ci if known else None)


def _natural_covariance(fitted: _Fitted) -> tuple[tuple[float, ...], ...]:
    if not fitted.fit.determined:
        return ()
    scale = _scale(fitted)
    return tuple(map(tuple, (fitted.fit.covariance * np.outer(scale, scale)).tolist()))


def _log_likelihood(rss: float, n: int) -> float:
    return -n / 2 * (math.log(2 * math.pi * rss / n) + 1) if rss > 0 else math.inf


def _no_effect(fitted: _Fitted) -> FTest:
    total = float(np.sum((fitted.y - fitted.y.mean()) ** 2))
    df = len(fitted.form.free) - 1
    return f_test(f"one mean for all doses, or the {fitted.form.name} curve?", total, df, fitted.fit.rss, fitted.fit.df)


def _no_effect_chi2(fitted: _Fitted) -> tuple[float, int, float]:
    n, df = len(fitted.y), len(fitted.form.free) - 1
    total = float(np.sum((fitted.y - fitted.y.mean()) ** 2))
    chi2 = 2 * (_log_likelihood(fitted.fit.rss, n) - _log_likelihood(total, n))
    return chi2, df, float(stats.chi2.sf(chi2, df))


def _lack_of_fit(fitted: _Fitted) -> FTest | None:
    _, place, count = np.unique(fitted.dose, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=fitted.y) / count
    pure, df_pure = float(np.sum((fitted.y - means[place]) ** 2)), len(fitted.y) - len(count)
    df = len(count) - len(fitted.form.free)
    if df < 1 or df_pure < 1 or pure == 0:
        return None
    return f_test("does the curve miss the doses' means?", fitted.fit.rss, df, pure, df_pure)


def f_test(asks: str, rss_small: float, df: int, rss: float, df_error: int) -> FTest:
    """Compare a smaller model's sum of squares with a larger one's, which has `df` parameters more."""
    f = max(rss_small - rss, 0.0) / df / (rss / df_error) if rss > 0 else math.inf
    return FTest(asks=asks, f=f, df=df, df_error=df_error, p=float(stats.f.sf(f, df, df_error)))


def _effective_dose(fitted: _Fitted, percent: float, shown: bool) -> EffectiveDose:
    nothing = EffectiveDose(
        percent=percent, estimate=None, se=None, ci_delta=None, ci_log=None, ci_profile=(None, None), extrapolated=False
    )
    if not shown:
        return replace(nothing, reason="withheld: no effect of the dose is shown")
    place, gradient = log_effective_dose(fitted.form, fitted.fit.estimates, percent)
    if not fitted.fit.determined or abs(place) > 500:
        return replace(nothing, reason="withheld: these doses do not determine the curve")
    dose, se_log = math.exp(place), math.sqrt(float(gradient @ fitted.fit.covariance @ gradient))
    se, reach = dose * se_log, fitted.reach
    profile = _profile(fitted, percent, place, se_log)
    given = fitted.dose[fitted.dose > 0]
    outside = _outside(dose, float(given.min()), float(given.max()))
    is_open = "" if None not in profile else "these doses leave its interval open"
    return EffectiveDose(
        percent=percent,
        estimate=dose,
        se=se,
        ci_delta=(dose - reach * se, dose + reach * se),
        ci_log=(dose * math.exp(-reach * se_log), dose * math.exp(min(reach * se_log, 300.0))),
        ci_profile=profile,
        extrapolated=bool(outside),
        reason="; ".join(filter(None, (outside, is_open))),
    )


def _outside(dose: float, lowest: float, highest: float) -> str:
    if dose > highest:
        return f"extrapolated: above the highest dose tested ({highest:g})"
    return f"extrapolated: below the lowest dose tested ({lowest:g})" if dose < lowest else ""


def _profile(fitted: _Fitted, percent: float, middle: float, step: float) -> OpenInterval:
    """Return the doses at which the sum of squares has grown by t^2 s^2; open where it never does."""
    low, high = (_profile_limit(fitted, percent, middle, sign * step / 2) for sign in (-1, 1))
    return (None if low is None else math.exp(low)), (None if high is None else math.exp(high))


def _profile_limit(fitted: _Fitted, percent: float, middle: float, step: float) -> float | None:
    excess = _excess(fitted, percent)
    inner, outer = middle, middle + step
    while excess(outer) < 0:
        step *= 1.5
        inner, outer = outer, outer + step
        if abs(outer - middle) > _FARTHEST:
            return None
    return float(optimize.brentq(excess, inner, outer, xtol=1e-8))


def _excess(fitted: _Fitted, percent: float) -> Callable[[float], float]:
    """Return by how much the sum of squares exceeds its limit where the log of the effective dose is held.

    Each place starts from the parameters found at the place nearest to it.
    """
    form, fit = fitted.form, fitted.fit
    at_e = form.free.index(3)
    others = [place for place in range(len(form.free)) if place != at_e]
    limit = fit.rss + fitted.reach**2 * fit.residual_sd**2
    seen = {log_effective_dose(form, fit.estimates, percent)[0]: (fit.rss, fit.estimates[others])}

    def whole(rest: Floats, place: float) -> tuple[Floats, Floats]:
        """Return all parameters, and the derivatives of log e by the others."""
        theta = np.zeros(len(rest) + 1)
        theta[others] = rest
        log_dose, gradient = log_effective_dose(form, theta, percent)
        theta[at_e] = place - log_dose
        return theta, -gradient[others]

    def excess(place: float) -> float:
        def jacobian(rest: Floats) -> Floats:
            theta, by_rest = whole(rest, place)
            full = form.jacobian(fitted.dose, theta)
            return -(full[:, others] + np.outer(full[:, at_e], by_rest))

        problem = Problem(
            residuals=lambda rest: fitted.y - form.response(fitted.dose, whole(rest, place)[0]), jacobian=jacobian
        )
        if place not in seen:
            found = descend(problem, seen[min(seen, key=lambda other: abs(other - place))][1])
            seen[place] = problem.rss(found), found
        return seen[place][0] - limit

    return excess


def _line(fitted: _Fitted) -> Iterator[tuple[float, float, float | None, float | None]]:
    given = fitted.dose[fitted.dose > 0]
    dose = np.geomspace(given.min(), given.max(), _LINE)
    y = fitted.form.response(dose, fitted.fit.estimates)
    if not fitted.fit.determined:
        yield from ((x, value, None, None) for x, value in zip(dose.tolist(), y.tolist(), strict=True))
        return
    jacobian = fitted.form.jacobian(dose, fitted.fit.estimates)
    half = fitted.reach * np.sqrt(np.einsum("ij,jk,ik->i", jacobian, fitted.fit.covariance, jacobian))
    yield from zip(dose.tolist(), y.tolist(), (y - half).tolist(), (y + half).tolist(), strict=True)


def _notes(found: DoseResponse, fitted: _Fitted, alpha: float) -> Iterator[str]:
    if found.missing:
        yield f"Left out because a value is missing: {', '.join(found.missing)}."
    if not np.any(fitted.dose == 0):
        yield (
            f"There is no control (dose 0) among the doses of {found.drug}: effects are counted from a plateau that"
            " no animal stands on."
        )
    if found.no_effect.p > alpha:
        yield (
            f"No effect of {found.drug} on {found.outcome} is shown (P = {found.no_effect.p:.3g}): effective doses are"
            " withheld. That is not a proof of no effect."
        )
    elif not fitted.fit.determined:
        yield "The doses do not determine every parameter of the curve: there are no intervals and no effective doses."
    if found.no_effect.p <= alpha and _is_step(found, fitted):
        yield (
            "No dose has between 10 and 90 % of the effect: the curve steps between two doses. Its slope is not known,"
            " and of its ED50 only that it lies between them."
        )
    if found.lack_of_fit is None:
        yield "Whether the curve fits cannot be tested: too few doses, or no replicates at them."
    elif found.lack_of_fit.p < alpha:
        yield (
            f"The curve misses the doses' means (lack of fit, P = {found.lack_of_fit.p:.3g}): look at the figure; the"
            " answer may not rise or fall steadily."
        )
    if plateau := _bare_plateau(found, fitted):
        yield plateau


def _is_step(found: DoseResponse, fitted: _Fitted) -> bool:
    """Say whether every dose stands on a plateau."""
    full = fitted.form.spread(fitted.fit.estimates)
    y = fitted.form.response(np.unique(fitted.dose), fitted.fit.estimates)
    share = (y - full[1]) / (full[2] - full[1])
    return bool(np.all((share < 0.1) | (share > 0.9)) and np.any(share < 0.1) and np.any(share > 0.9))


def _bare_plateau(found: DoseResponse, fitted: _Fitted) -> str:
    """Say where the far plateau lies beyond what any dose reached."""
    theta = fitted.fit.estimates
    reached = abs(float(fitted.form.response(fitted.dose.max(keepdims=True), theta)[0]) - found.at_control)
    full = fitted.form.spread(theta)
    share = reached / abs(full[2] - full[1]) if full[2] != full[1] else 1.0
    if share > 0.8:
        return ""
    return (
        f"The highest dose reaches {100 * share:.0f} % of the effect the curve supposes: the far plateau is a guess,"
        " and with it every effective dose."
    )
