"""A fitted model that answers questions about combinations of its cell means.

The **reference grid** has one cell for every combination of levels of all factors and blocks of the model; covariates
stand at their means. A question is a row of weights, one a cell: a marginal mean, a difference, any contrast. It is
answered by the weights that the least-squares estimate gives to each unit, so that estimates, standard errors and the
correlations among several questions come from one place. A question whose answer depends on how the model is written
down (a cell without units in a model with interaction) is **not estimable** and has no number.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from littermate.errors import Complaint, UsageError
from littermate.stats.linear import Design, Projection, coded
from littermate.stats.table import Floats

__all__ = ["Answers", "Averaging", "FittedModel", "ReferenceGrid", "fitted_model"]

Averaging = Literal["equal", "proportional"]

_ALIASED = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReferenceGrid:
    """All combinations of levels.

    Parameters
    ----------
    levels
        Each factor's levels, the reference first.
    codes
        Each cell's level numbers, shape (cells, factors).
    rows
        Each cell's row of the design matrix, shape (cells, columns).
    counts
        Units in each cell, shape (cells,).
    """

    levels: Mapping[str, tuple[str, ...]]
    codes: NDArray[np.intp]
    rows: Floats
    counts: NDArray[np.intp]

    def average(self, held: Mapping[str, str], averaging: Averaging = "equal") -> Floats:
        """Return the weights, shape (cells,) and of sum 1, of the mean of the cells with these levels.

        Parameters
        ----------
        held
            Level by factor.
        averaging
            ``"equal"``: these cells count alike. ``"proportional"``: as often as the levels that are averaged over
            occur together among all units.

        Raises
        ------
        UsageError
            If there is no such factor or level.
        """
        self._require(held)
        chosen = np.ones(len(self.codes), dtype=bool)
        for name, level in held.items():
            chosen &= self.codes[:, list(self.levels).index(name)] == self.levels[name].index(level)
        weights = chosen.astype(float)
        if averaging == "proportional":
            weights *= self._frequencies([place for place, name in enumerate(self.levels) if name not in held])
        return np.asarray(weights / weights.sum())

    def _frequencies(self, places: Sequence[int]) -> Floats:
        """Return how many units have the same levels of some factors as each cell."""
        same = (self.codes[:, None, places] == self.codes[None, :, places]).all(axis=2)
        return np.asarray(same @ self.counts, dtype=float)

    def require_factors(self, names: Iterable[str]) -> None:
        """Complain of factors that the model does not have."""
        complaints = [
            Complaint(expected=f"one of {', '.join(self.levels)}", found=name, do="correct it, or put it in the model")
            for name in names
            if name not in self.levels
        ]
        if complaints:
            raise UsageError.of(complaints)

    def _require(self, held: Mapping[str, str]) -> None:
        self.require_factors(held)
        complaints = [
            Complaint(
                expected=f"one of the levels {', '.join(self.levels[name])} of {name}", found=level, do="correct it"
            )
            for name, level in held.items()
            if level not in self.levels[name]
        ]
        if complaints:
            raise UsageError.of(complaints)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Estimates of m questions.

    Parameters
    ----------
    values
        Shape (m,).
    weights
        The weight of each unit, shape (m, n): the covariance of the estimates is ``weights @ weights.T`` times the
        error's variance.
    estimable
        Shape (m,): whether the data can answer; the other fields mean nothing where not.
    """

    values: Floats
    weights: Floats
    estimable: NDArray[np.bool_]

    @property
    def lengths(self) -> Floats:
        """Standard errors in error SDs, shape (m,)."""
        return np.asarray(np.linalg.norm(self.weights, axis=1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedModel:
    """A model fitted to one table.

    Parameters
    ----------
    factors
        The factors under study, in the plan's order; the grid has the blocks besides.
    design, fitted
        The columns, and what they leave.
    grid
        The reference grid.
    mean
        Of the outcome; the design's own outcome has it taken off.
    inverse
        The generalised inverse of the design matrix, shape (columns, n).
    reach
        Projects a row of the design matrix on those that the data can answer, shape (columns, columns).
    """

    factors: tuple[str, ...]
    design: Design
    fitted: Projection
    grid: ReferenceGrid
    mean: float
    inverse: Floats
    reach: Floats

    @property
    def df(self) -> int:
        """Degrees of freedom of the error."""
        return self.fitted.df_error

    @property
    def sigma(self) -> float:
        """The error's SD."""
        return float((self.fitted.ss_error / self.fitted.df_error) ** 0.5)

    def answer(self, questions: Floats) -> Answers:
        """Estimate combinations of cell means.

        Parameters
        ----------
        questions
            Weights of the grid's cells, shape (m, cells).
        """
        rows = questions @ self.grid.rows
        weights = rows @ self.inverse
        answered = np.abs(rows @ self.reach - rows).max(axis=1) < _ALIASED
        asked = np.abs(rows).max(axis=1) > _ALIASED
        values = weights @ self.design.y + questions.sum(axis=1) * self.mean
        return Answers(values=values, weights=weights, estimable=answered & asked)


def fitted_model(design: Design, fitted: Projection, factors: Sequence[str], mean: float) -> FittedModel:
    """Return a fitted model ready for questions."""
    u, size, vt = np.linalg.svd(design.matrix(), full_matrices=False)
    kept = size > size[0] * 1e-10
    return FittedModel(
        factors=tuple(factors),
        design=design,
        fitted=fitted,
        grid=_grid(design),
        mean=mean,
        inverse=(vt[kept].T / size[kept]) @ u[:, kept].T,
        reach=vt[kept].T @ vt[kept],
    )


def _grid(design: Design) -> ReferenceGrid:
    names = list(design.levels)
    sizes = [len(design.levels[name]) for name in names]
    codes = np.array(list(itertools.product(*(range(size) for size in sizes))), dtype=np.intp)
    units = np.ravel_multi_index([design.codes[name] for name in names], sizes)
    return ReferenceGrid(
        levels=design.levels,
        codes=codes,
        rows=coded(design, {name: codes[:, place] for place, name in enumerate(names)}),
        counts=np.bincount(units, minlength=len(codes)),
    )
