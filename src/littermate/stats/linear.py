"""Linear models of factors and covariates, by orthogonal projection.

Factors are coded sum-to-zero; an interaction's columns are the products of its factors' columns; covariates are
centred and scaled to unit length. The outcome is centred before anything else. The sum of squares of a term is the
squared length of the outcome's projection on the part of the term's columns that is orthogonal to other terms:

======  =========================================================
type    the other terms
======  =========================================================
I       those before it
II      all that do not contain it
III     all
======  =========================================================

No sum of squares is a difference of two large numbers, and every projection is done twice (Kahan's "twice is enough";
Giraud et al. 2005, *Numer Math* 101:87), so digits are lost only where the data have lost them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.stats.formula import Term
from littermate.stats.table import Floats, Table

__all__ = ["Design", "Projection", "build_design", "coded", "project", "sum_to_zero", "sums_of_squares", "times"]

_ALIASED = 1e-8
"""A column is no news where less than this part of its length is orthogonal to the columns before it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The columns of a model.

    Parameters
    ----------
    y
        The centred outcome, shape (n,).
    columns
        Columns of each term, shape (n, df of the term); the intercept is not among them.
    levels
        Each factor's levels, the reference first.
    codes
        Each factor's level numbers, shape (n,).
    """

    y: Floats
    columns: Mapping[Term, Floats]
    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, np.ndarray]

    @property
    def intercept(self) -> Floats:
        """The intercept's column, of unit length."""
        n = len(self.y)
        return np.full((n, 1), n**-0.5)

    def matrix(self) -> Floats:
        """The whole design matrix, a column of ones first."""
        return np.hstack([np.ones((len(self.y), 1)), *self.columns.values()])


def sum_to_zero(count: int) -> Floats:
    """Return the sum-to-zero coding of `count` levels, shape (count, count - 1).

    Examples
    --------
    >>> sum_to_zero(3).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]
    """
    coding: Floats = np.vstack([np.eye(count - 1), -np.ones((1, count - 1))])
    return coding


def build_design(table: Table, terms: Sequence[Term], levels: Mapping[str, tuple[str, ...]]) -> Design:
    """Build the columns of the terms; `table` must be complete."""
    names = dict.fromkeys(name for term in terms for name in term)
    pieces: dict[str, Floats] = {}
    codes = {}
    for name in names:
        if name in table.covariates:
            pieces[name] = _standardised(table.covariates[name], name)
        else:
            place = {level: index for index, level in enumerate(levels[name])}
            codes[name] = np.array([place[label] for label in table.factors[name]])
            pieces[name] = sum_to_zero(len(levels[name]))[codes[name]]
    columns = {term: _product([pieces[name] for name in term]) for term in terms}
    y = table.values - table.values.mean()
    return Design(y=y - y.mean(), columns=columns, levels={name: levels[name] for name in codes}, codes=codes)


def coded(design: Design, codes: Mapping[str, np.ndarray]) -> Floats:
    """Return rows of the design matrix for given level numbers, covariates at their means."""
    pieces = {name: sum_to_zero(len(design.levels[name]))[of] for name, of in codes.items()}
    count = len(next(iter(codes.values())))
    rows = [np.ones((count, 1))]
    for term, columns in design.columns.items():
        known = all(name in pieces for name in term)
        rows.append(_product(pieces[name] for name in term) if known else np.zeros((count, columns.shape[1])))
    return np.hstack(rows)


def _standardised(values: Floats, name: str) -> Floats:
    centred = values - values.mean()
    length = float(np.linalg.norm(centred))
    if length <= 1e-12 * float(np.abs(values).max()):
        raise AnalysisError(
            expected=f"a covariate that varies between units: {name}", found="one value only", do="leave it out"
        )
    column: Floats = (centred / length)[:, None]
    return column


def times(columns: Floats, by: Floats) -> Floats:
    """Return the products of all columns of one term with those of another, shape (n, products)."""
    return _product((columns, by))


def _product(pieces: Iterable[Floats]) -> Floats:
    first, *others = pieces
    for piece in others:
        first = (first[:, :, None] * piece[:, None, :]).reshape(len(first), -1)
    return first


def _new_directions(basis: Floats, columns: Floats) -> Floats:
    """Return orthonormal directions that the columns add to an orthonormal basis."""
    lengths = np.linalg.norm(columns, axis=0)
    rest = columns / np.where(lengths > 0, lengths, 1.0)
    for _ in range(2):
        rest = rest - basis @ (basis.T @ rest)
    q, r, _ = linalg.qr(rest, mode="economic", pivoting=True)
    rank = int(np.sum(np.abs(np.diag(r)) > _ALIASED))
    directions = q[:, :rank]
    return np.asarray(np.linalg.qr(directions - basis @ (basis.T @ directions))[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """What the whole model leaves: residuals, their degrees of freedom and sum of squares."""

    residuals: Floats
    df_error: int
    ss_error: float


def project(design: Design) -> Projection:
    """Fit the whole model."""
    basis = _basis(design, design.columns)
    residuals = design.y
    for _ in range(2):
        residuals = residuals - basis @ (basis.T @ residuals)
    df_error = len(design.y) - basis.shape[1]
    return Projection(residuals=residuals, df_error=df_error, ss_error=float(residuals @ residuals))


def _basis(design: Design, terms: Iterable[Term]) -> Floats:
    basis = design.intercept
    for term in terms:
        basis = np.hstack([basis, _new_directions(basis, design.columns[term])])
    return basis


def sums_of_squares(design: Design, *, type: int = 3) -> dict[Term, tuple[int, float]]:  # noqa: A002
    """Return the degrees of freedom and the sum of squares of each term.

    A term of type I that adds nothing to those before it is left out, as in R, and so is an interaction of type II. A
    term of type I or II has the degrees of freedom that the others leave it: fewer than its own where cells have no
    units.

    Raises
    ------
    UsageError
        If the type is not 1, 2 or 3.
    AnalysisError
        If nothing of a main effect of type II, or not all of a term of type III, can be told apart from the others.
    """
    if type not in (1, 2, 3):
        raise UsageError(expected="sums of squares of type 1, 2 or 3", found=f"{type}", do="choose one of them")
    if type == 1:
        return _in_turn(design)
    found, complaints = {}, []
    for term, columns in design.columns.items():
        others = [other for other in design.columns if other != term and (type == 3 or not set(term) < set(other))]
        directions = _new_directions(_basis(design, others), columns)
        df = directions.shape[1]
        if df:
            found[term] = (df, _squared(directions.T @ design.y))
        if df < columns.shape[1] and (type == 3 or (len(term) == 1 and not df)):
            complaints.append(_aliased(":".join(term)))
    if complaints:
        raise AnalysisError.of(complaints)
    return found


def _in_turn(design: Design) -> dict[Term, tuple[int, float]]:
    basis, found = design.intercept, {}
    for term, columns in design.columns.items():
        directions = _new_directions(basis, columns)
        if directions.shape[1]:
            found[term] = (directions.shape[1], _squared(directions.T @ design.y))
        basis = np.hstack([basis, directions])
    return found


def _squared(vector: Floats) -> float:
    return float(vector @ vector)


def _aliased(term: str) -> Complaint:
    return Complaint(
        expected="terms that the design can tell apart",
        found=f"{term} is confounded with the other terms: they explain it, in whole or in part",
        do=f"leave {term} out, or ask for type I sums of squares, which drop what adds nothing",
    )
