"""Coefficients of a planned model with their covariance, pooled or robust against unequal variances.

The covariance of least squares under unequal variances is ``X+ diag(w e^2) X+'``, with the residuals e, their leverages
h, n units and p parameters. The kinds differ in w (White 1980, *Econometrica* 48:817; MacKinnon and White 1985,
*J Econom* 29:305; Cribari-Neto 2004, *Comput Stat Data Anal* 45:215):

=====  ==================================
hc0    1
hc1    n / (n - p)
hc2    1 / (1 - h)
hc3    1 / (1 - h)^2
hc4    1 / (1 - h)^min(4, h n / p)
=====  ==================================

hc3 is the default: of these it keeps the size of a test best in small samples (Long and Ervin 2000,
*Am Stat* 54:217). Factors are coded sum-to-zero, so ``ketamine1`` is the first level's distance from the mean of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from littermate.errors import AnalysisError, UsageError
from littermate.stats.formula import Term
from littermate.stats.planned import PlannedModel
from littermate.stats.table import Floats

__all__ = ["KINDS", "Coefficients", "coefficients", "leverages", "named_coefficients"]

KINDS = ("hc0", "hc1", "hc2", "hc3", "hc4")
_WHOLE = 1 - 1e-10
"""A unit of this leverage is fitted exactly whatever its value: its residual is 0 and says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coefficients:
    """Coefficients, the intercept first.

    Parameters
    ----------
    names
        Shape (p,): ``"(Intercept)"``, ``"ketamine1"``, ``"ketamine1:magnesium1"``.
    values, covariance
        Shape (p,) and (p, p).
    places
        The columns of each term.
    df_error
        Error degrees of freedom of the model.
    """

    names: tuple[str, ...]
    values: Floats
    covariance: Floats
    places: Mapping[Term, slice]
    df_error: int

    def of(self, term: Term) -> tuple[Floats, Floats]:
        """Return a term's coefficients and their covariance."""
        at = self.places[term]
        return self.values[at], self.covariance[at, at]


def coefficients(model: PlannedModel, *, kind: str = "hc3") -> Coefficients:
    """Return the coefficients as the design has them: the outcome centred, covariates centred and of unit length.

    Parameters
    ----------
    kind
        One of `KINDS`, or ``"pooled"`` for the model's own covariance.

    Raises
    ------
    UsageError
        If the kind is unknown.
    AnalysisError
        If a column is a combination of others, or a unit has leverage 1 where the kind divides by 1 - h.
    """
    if kind not in (*KINDS, "pooled"):
        raise UsageError(expected=f"one of {', '.join(KINDS)}, pooled", found=kind, do="choose one of them")
    q, r = _decomposed(model)
    back = np.linalg.solve(r, q.T)
    fitted = model.fitted
    if kind == "pooled":
        covariance = back @ back.T * (fitted.ss_error / fitted.df_error)
    else:
        weighted = back * (_weights(model, np.sum(q**2, axis=1), kind) * fitted.residuals**2)
        covariance = weighted @ back.T
    return Coefficients(
        names=_names(model),
        values=back @ model.design.y,
        covariance=covariance,
        places=_places(model),
        df_error=fitted.df_error,
    )


def named_coefficients(model: PlannedModel, *, kind: str = "hc3") -> Coefficients:
    """Return the coefficients in the units of the data, as R's ``lm`` with ``contr.sum`` has them.

    Raises
    ------
    UsageError, AnalysisError
        As `coefficients`.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 5, 6, 7), factors={"a": "xxxyyy"}, units="123456")
    >>> found = named_coefficients(planned_model(table, Plan(outcome="y", factors=("a",))), kind="pooled")
    >>> found.names, found.values.round(9).tolist()
    (('(Intercept)', 'a1'), [4.0, -2.0])
    """
    found = coefficients(model, kind=kind)
    to_units = np.eye(len(found.names))
    for (name, *_), at in found.places.items():
        if name in model.table.covariates:
            column = model.table.covariates[name]
            length = float(np.linalg.norm(column - column.mean()))
            to_units[at, at] = 1 / length
            to_units[0, at] = -column.mean() / length
    values = to_units @ found.values
    values[0] += model.table.values.mean() + model.table.shift
    return replace(found, values=values, covariance=to_units @ found.covariance @ to_units.T)


def leverages(model: PlannedModel) -> Floats:
    """Return each unit's leverage: how far its own value draws its fitted value, 0 to 1."""
    q, _ = _decomposed(model)
    found: Floats = np.sum(q**2, axis=1)
    return found


def _decomposed(model: PlannedModel) -> tuple[Floats, Floats]:
    """Return Q and R of the design matrix."""
    q, r = np.linalg.qr(model.design.matrix())
    size = np.abs(np.diag(r))
    if size.min() <= 1e-8 * size.max():
        raise AnalysisError(
            expected="terms that the design can tell apart",
            found="a column that is a combination of the others",
            do="leave a block, a covariate or an interaction out",
        )
    return q, r


def _weights(model: PlannedModel, h: Floats, kind: str) -> Floats:
    n, p = len(h), len(h) - model.fitted.df_error
    if kind in ("hc0", "hc1"):
        return np.full(n, 1.0 if kind == "hc0" else n / (n - p))
    alone = [unit for unit, one in zip(model.table.units, h, strict=True) if one > _WHOLE]
    if alone:
        raise AnalysisError(
            expected="units that share their cell with others (leverage below 1)",
            found=f"leverage 1: {', '.join(alone[:5])}",
            do=f"use {kind} with two or more units in every cell; one unit alone tells nothing of its cell's spread",
        )
    power = {"hc2": 1.0, "hc3": 2.0}.get(kind, np.minimum(4.0, h * n / p))
    weights: Floats = (1 - h) ** -power
    return weights


def _places(model: PlannedModel) -> dict[Term, slice]:
    places, at = {}, 1
    for term, columns in model.design.columns.items():
        places[term] = slice(at, at + columns.shape[1])
        at += columns.shape[1]
    return places


def _names(model: PlannedModel) -> tuple[str, ...]:
    """Name columns as R does: the factor with the number of its column; the first factor's number turns slowest."""
    names = ["(Intercept)"]
    for term in model.design.columns:
        labels = [""]
        for factor in term:
            own = [factor]
            if factor in model.levels:
                own = [f"{factor}{number + 1}" for number in range(len(model.levels[factor]) - 1)]
            labels = [f"{before}:{one}" if before else one for before in labels for one in own]
        names += labels
    return tuple(names)
