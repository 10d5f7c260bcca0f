"""Whether a covariate has the same slope in every group, as an analysis of covariance takes for granted."""

from __future__ import annotations

import dataclasses

from scipy import special

from littermate.errors import AnalysisError, UsageError
from littermate.model.analysis import Assumption
from littermate.stats.fitted_model import FittedModel
from littermate.stats.linear import project, times

__all__ = ["equal_slopes"]


def equal_slopes(model: FittedModel, *, alpha: float = 0.05) -> Assumption:
    """Test the products of the covariates with all terms of the factors under study, together.

    Parameters
    ----------
    model
        From `fit_model`, with a covariate.
    alpha
        Where the words change.

    Raises
    ------
    UsageError
        If the model has no covariate.
    AnalysisError
        If there are too few units to tell the slopes apart.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [1, 2, 4, 4, 6, 9], "w": [1.0, 2, 4, 2, 3, 5], "a": list("xxxzzz")})
    >>> round(equal_slopes(fit_model(frame, "y ~ number(w) + a")).p, 2)
    0.04
    """
    design = model.design
    covariates = [term for term in design.columns if not set(term) <= set(design.levels)]
    if not covariates:
        raise UsageError(expected="a model with a covariate", found="factors only", do="name the covariate")
    terms = [term for term in design.columns if set(term) <= set(model.factors)]
    products = {(*term, *by): times(design.columns[term], design.columns[by]) for term in terms for by in covariates}
    wider = project(dataclasses.replace(design, columns={**design.columns, **products}))
    df = model.df - wider.df_error
    if df < 1 or wider.df_error < 1:
        raise AnalysisError(
            expected="more units than slopes and means",
            found=f"{len(design.y)} units leave {wider.df_error} degrees of freedom",
            do="look at the slopes in a figure",
        )
    f = (model.fitted.ss_error - wider.ss_error) / df / (wider.ss_error / wider.df_error)
    p = float(special.fdtrc(df, wider.df_error, f))
    names = ", ".join(":".join(term) for term in covariates)
    test = f"F({df}, {wider.df_error}) = {f:.2f}, P {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    says = f"No difference between the groups in the slope of {names} was detected ({test})."
    if p < alpha:
        says = (
            f"The slope of {names} differs between the groups ({test}): a difference of means depends on where it is"
            " taken. Report the groups' slopes; the planned analysis holds at the mean of the covariate only."
        )
    return Assumption(name=f"equal slopes of {names}", statistic=f, p=p, says=says)
