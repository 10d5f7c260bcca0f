"""F tests of a planned model that stay valid where the groups' variances differ: Wald tests with a robust covariance.

F = b' V^-1 b / q of a term's q coefficients, on the model's error degrees of freedom. Type III takes the coefficients
of the whole model. Type II takes those that are left when every term that contains the term is 0: with V the covariance
of the term t and of its relatives r, b = b_t - V_tr V_rr^-1 b_r with covariance V_tt - V_tr V_rr^-1 V_rt, which is the
hypothesis that R's ``car::Anova(type = 2, white.adjust = )`` tests (Fox and Weisberg 2019, *An R Companion*, 5.3).
"""

from __future__ import annotations

import numpy as np

from littermate.errors import UsageError
from littermate.model.robust import RobustAnova, RobustEffect
from littermate.stats.coefficients import Coefficients, coefficients, named_coefficients
from littermate.stats.formula import Term
from littermate.stats.planned import PlannedModel
from littermate.stats.results import FTest, f_test
from littermate.stats.table import Floats

__all__ = ["robust_anova", "robust_intercept", "wald_f"]


def robust_anova(model: PlannedModel, *, kind: str = "hc3") -> RobustAnova:
    """Test every term of a planned model with a covariance that allows unequal variances.

    Parameters
    ----------
    kind
        ``"hc0"`` to ``"hc4"``; see `coefficients`.

    Raises
    ------
    UsageError
        If the kind is unknown, or the plan asks for type I, whose terms are not hypotheses on one set of coefficients.
    AnalysisError
        If a unit is alone in its cell.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 3, 6, 9), factors={"a": "xxxyyy"}, units="123456")
    >>> effect = robust_anova(planned_model(table, Plan(outcome="y", factors=("a",)))).effect("a")
    >>> round(effect.f, 4), effect.df, effect.df_error
    (3.2, 1, 4.0)
    """
    if model.plan.type == 1:
        raise UsageError(
            expected="type II or III sums of squares with a robust covariance", found="type I", do="use type II or III"
        )
    found = coefficients(model, kind=kind)
    effects = []
    for term in model.design.columns:
        values, covariance = found.of(term) if model.plan.type == 3 else _after_relatives(found, term)
        test = wald_f(values, covariance, found.df_error)
        effects.append(RobustEffect(term=":".join(term), f=test.f, df=test.df, df_error=test.df_error, p=test.p))
    words = (
        f"Wald F with the {kind.upper()} covariance, which allows each unit its own variance; type "
        f"{'II' if model.plan.type == 2 else 'III'} hypotheses (MacKinnon and White 1985; Long and Ervin 2000)."
    )
    return RobustAnova(method=kind.upper(), words=words, effects=tuple(effects))


def robust_intercept(model: PlannedModel, *, kind: str = "hc3") -> RobustEffect:
    """Test that the mean of all cells (at 0 of every covariate) is 0, as R prints it; seldom of interest."""
    found = named_coefficients(model, kind=kind)
    test = wald_f(found.values[:1], found.covariance[:1, :1], found.df_error)
    return RobustEffect(term="(Intercept)", f=test.f, df=test.df, df_error=test.df_error, p=test.p)


def wald_f(values: Floats, covariance: Floats, df_error: float) -> FTest:
    """Return the F test that all values are 0."""
    f = float(values @ np.linalg.solve(covariance, values)) / len(values)
    return f_test(f, len(values), df_error)


def _after_relatives(found: Coefficients, term: Term) -> tuple[Floats, Floats]:
    """Return a term's coefficients and covariance under the hypothesis that its relatives are 0."""
    own = np.arange(*found.places[term].indices(len(found.names)))
    relatives = [np.arange(at.start, at.stop) for other, at in found.places.items() if set(term) < set(other)]
    if not relatives:
        return found.of(term)
    rest = np.concatenate(relatives)
    crossed = found.covariance[np.ix_(own, rest)]
    carried = np.linalg.solve(found.covariance[np.ix_(rest, rest)], crossed.T).T
    values = found.values[own] - carried @ found.values[rest]
    return values, found.covariance[np.ix_(own, own)] - carried @ crossed.T
