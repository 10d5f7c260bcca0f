"""Aligned ranks: each effect of a factorial design tested on ranks from which all other effects were taken out first.

For an effect the outcome is **aligned**: the residual of the whole model plus the estimate of this effect alone
(Wobbrock, Findlater, Gergle and Higgins 2011, *Proc CHI*, 143), then ranked, and the planned model fitted to the
ranks, of which only this effect is read. Estimates are those of the fitted model, so that cells of unequal size align
exactly: on the aligned values every other effect has F = 0 (type III), which is the method's own check.

Ties and skew can make this test reject too often (Luepsen 2017, *Commun Stat Simul Comput* 46:6923); the rank ATS is
the safer companion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from littermate.model.robust import RobustAnova, RobustEffect
from littermate.stats.coefficients import coefficients
from littermate.stats.formula import Term
from littermate.stats.linear import Design, project, sums_of_squares
from littermate.stats.planned import PlannedModel
from littermate.stats.results import FTest, f_test
from littermate.stats.table import Floats

__all__ = ["AlignmentCheck", "align", "aligned_ranks", "check_alignment"]

_DIGITS = 10
"""Aligned values that agree to so many digits of the largest are ties: they differ by rounding only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentCheck:
    """How well the alignment for one effect worked.

    `mean` is that of the aligned values (0 in cells of one size), in standard deviations of the outcome;
    `largest_other_f` the largest F of another effect on them (0, type III).
    """

    term: str
    mean: float
    largest_other_f: float


def aligned_ranks(model: PlannedModel) -> RobustAnova:
    """Test every effect of the plan's factors on its aligned ranks; blocks and covariates stay in the model.

    Raises
    ------
    AnalysisError
        If a column of the model is a combination of others.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 5, 6, 90), factors={"a": "xxxyyy"}, units="123456")
    >>> effect = aligned_ranks(planned_model(table, Plan(outcome="y", factors=("a",)))).effect("a")
    >>> round(effect.f, 4), effect.df, effect.df_error
    (13.5, 1, 4.0)
    """
    effects = []
    for term in _factorial_terms(model):
        ranks = np.asarray(stats.rankdata(_without_rounding(align(model, term))))
        test = _tests(model, ranks)[term]
        effects.append(RobustEffect(term=":".join(term), f=test.f, df=test.df, df_error=test.df_error, p=test.p))
    words = "Each effect on the ranks of the outcome aligned for it (Wobbrock et al. 2011)."
    return RobustAnova(method="aligned ranks", words=words, effects=tuple(effects))


def align(model: PlannedModel, term: Term) -> Floats:
    """Return the residuals plus the estimate of one effect, shape (n,)."""
    values, _ = coefficients(model, kind="pooled").of(term)
    aligned: Floats = model.fitted.residuals + model.design.columns[term] @ values
    return aligned


def check_alignment(model: PlannedModel) -> tuple[AlignmentCheck, ...]:
    """Check the alignment for every effect: other effects must vanish.

    Raises
    ------
    AnalysisError
        As `aligned_ranks`.
    """
    checks = []
    for term in _factorial_terms(model):
        aligned = align(model, term)
        others = [test.f for other, test in _tests(model, aligned).items() if other != term]
        mean = float(aligned.mean() / model.design.y.std())
        checks.append(AlignmentCheck(term=":".join(term), mean=mean, largest_other_f=max(others, default=0.0)))
    return tuple(checks)


def _factorial_terms(model: PlannedModel) -> list[Term]:
    return [term for term in model.design.columns if set(term) <= set(model.plan.factors)]


def _without_rounding(values: Floats) -> Floats:
    return np.asarray(np.round(values / np.abs(values).max(), _DIGITS))


def _tests(model: PlannedModel, values: Floats) -> dict[Term, FTest]:
    """Fit the planned model to other values of the same units."""
    design: Design = replace(model.design, y=values - values.mean())
    fitted = project(design)
    error = fitted.ss_error / fitted.df_error
    found = sums_of_squares(design, type=model.plan.type)
    return {term: f_test(ss / df / error, df, fitted.df_error) for term, (df, ss) in found.items()}
