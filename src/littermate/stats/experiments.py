"""Experiments: many simulated experiments of one design at once, and the tests that are made of them.

A row is an experiment, a column a unit; `present` says which units are left (all where it is `None`). A linear model
of cell means (and cages) is fitted to all rows by the normal equations: with the columns of 0 and 1 used here, and
outcomes near 0, they are as exact as a simulation can need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from littermate.stats.hypotheses import Floats, Hypothesis

__all__ = ["Fits", "cell_columns", "equivalence_shown", "f_found", "f_values", "fit_experiments", "welch_found"]

Booleans = NDArray[np.bool_]
_CONSTANT = 1e-13
"""Share of the sum of squares below which what is left is rounding, and not spread."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fits:
    """Fitted models, one an experiment.

    Parameters
    ----------
    means
        Shape (experiments, cells): the estimated cell means.
    inverse
        Shape (cells, cells), or (experiments, cells, cells) where units were lost: their covariance / error variance.
    variance
        Shape (experiments,): the error variance.
    df_error
        Shape (experiments,): its degrees of freedom.
    usable
        Shape (experiments,): whether the model can be fitted and leaves any spread. Others have no meaningful numbers.
    """

    means: Floats
    inverse: Floats
    variance: Floats
    df_error: Floats
    usable: Booleans


def cell_columns(cells: NDArray[np.intp], count: int) -> Floats:
    """Return the columns of a model of cell means: shape (units, count), 1 in the column of each unit's cell."""
    return np.eye(count)[cells]


def fit_experiments(outcomes: Floats, columns: Floats, cells: int, present: Booleans | None = None) -> Fits:
    """Fit one linear model to every experiment.

    Parameters
    ----------
    outcomes
        Shape (experiments, units).
    columns
        Shape (units, p): first one column a cell, then those of blocks.
    cells
        How many of the columns are cells.
    present
        Shape (experiments, units), or `None` where all units are there.
    """
    kept = outcomes if present is None else np.where(present, outcomes, 0.0)
    gram, n = _normal(columns, present)
    usable = np.linalg.eigvalsh(gram)[..., 0] > 1e-9
    inverse = np.linalg.inv(np.where(usable[..., None, None], gram, np.eye(len(gram.T))))
    sums = kept @ columns
    solved = sums @ inverse if inverse.ndim == 2 else np.einsum("ep,epq->eq", sums, inverse)
    error = np.einsum("eu,eu->e", kept, kept) - np.einsum("ep,ep->e", sums, solved)
    df_error = np.broadcast_to(n - columns.shape[1], len(outcomes)).astype(np.float64)
    usable = usable & (df_error >= 1) & (error > _CONSTANT * np.einsum("eu,eu->e", kept, kept))
    return Fits(
        means=solved[:, :cells],
        inverse=inverse[..., :cells, :cells],
        variance=np.maximum(error, 0.0) / np.where(usable, df_error, 1.0),
        df_error=df_error,
        usable=usable,
    )


def _normal(columns: Floats, present: Booleans | None) -> tuple[Floats, Floats]:
    """Return X'X of every experiment, or the one of all, and the units in it."""
    p = columns.shape[1]
    if present is None:
        return columns.T @ columns, np.asarray(float(len(columns)))
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), p * p)
    there = present.astype(np.float64)
    return (there @ products).reshape(-1, p, p), there.sum(axis=1)


def f_values(fits: Fits, hypothesis: Hypothesis) -> Floats:
    """Return the F of a hypothesis in every experiment."""
    contrasts = hypothesis.contrasts
    value = fits.means @ contrasts.T
    spread = contrasts @ fits.inverse @ contrasts.T
    if hypothesis.df == 1:
        ss = value[:, 0] ** 2 / spread[..., 0, 0]
    else:
        ss = np.einsum("er,...rs,es->e", value, np.linalg.inv(spread), value)
    return np.asarray(ss / hypothesis.df / np.where(fits.variance > 0, fits.variance, np.inf))


def f_found(fits: Fits, hypothesis: Hypothesis, alpha: float) -> Booleans:
    """Return in which experiments the F test finds the hypothesis's effect; none where the model cannot be fitted."""
    critical = _at_each(fits.df_error, lambda df: stats.f.isf(alpha, hypothesis.df, df))
    return np.asarray(fits.usable & (f_values(fits, hypothesis) > critical))


def equivalence_shown(fits: Fits, hypothesis: Hypothesis, alpha: float, within: float) -> Booleans:
    """Return in which experiments two one-sided tests show a difference to lie within the bounds (outcome's unit)."""
    row = hypothesis.contrasts[0]
    estimate = fits.means @ row
    se = np.sqrt(fits.variance * (row @ fits.inverse @ row))
    critical = _at_each(fits.df_error, lambda df: stats.t.isf(alpha, df))
    return np.asarray(fits.usable & (np.abs(estimate) + critical * se < within))


def _at_each(df_error: Floats, critical: Callable[[Floats], Floats]) -> Floats:
    """Work a critical value out once for each number of degrees of freedom."""
    different, which = np.unique(np.maximum(df_error, 1.0), return_inverse=True)
    return np.asarray(critical(different))[which]


def welch_found(
    outcomes: Floats, columns: Floats, hypothesis: Hypothesis, alpha: float, present: Booleans | None = None
) -> Booleans:
    """Return in which experiments a contrast is found with each cell's own variance.

    Degrees of freedom are Satterthwaite's (Welch 1947, *Biometrika* 34:28). A cell that counts in the contrast and has
    fewer than two units left makes the experiment find nothing.
    """
    there = np.ones_like(outcomes) if present is None else present.astype(np.float64)
    n = there @ columns
    sums, squares = (outcomes * there) @ columns, (outcomes**2 * there) @ columns
    counts = hypothesis.contrasts[0] != 0
    usable = (n[:, counts] >= 2).all(axis=1)
    n = np.where(n >= 2, n, np.inf)
    means = sums / n
    parts = hypothesis.contrasts[0] ** 2 * np.maximum(squares / n - means**2, 0.0) / (n - 1)
    variance = parts.sum(axis=1)
    usable &= variance > 0
    df = np.where(usable, variance, 1.0) ** 2 / np.where(usable, (parts**2 / (n - 1)).sum(axis=1), 1.0)
    t = np.abs(means @ hypothesis.contrasts[0]) / np.sqrt(np.where(usable, variance, np.inf))
    return np.asarray(usable & (t > stats.t.isf(alpha / 2, df)))
