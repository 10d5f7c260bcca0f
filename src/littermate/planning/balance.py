"""Balance: what chance did to weight, age, sex and cage; looked at before the allocation is sealed.

A difference here is chance by construction, so there is no test: a P value would answer a question nobody has. What is
told is the largest standardised difference: that between the two groups that differ most, in SD of all animals.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.balance import ColumnBalance, ExpectedBalance, GroupBalance
from littermate.model.design import Cell, Design
from littermate.planning.strata import value_of

__all__ = ["balance_table", "column_balance", "expected_balance", "weight_gaps"]

Numbers = NDArray[np.float64]
Rows = NDArray[np.int_]

_ROUNDED = 9


def weight_gaps(animals: Sequence[Animal], design: Design, rows: Rows) -> Numbers:
    """Return the largest difference between two groups' mean weights, in SD of all animals, for each row.

    Parameters
    ----------
    animals
        All weighed.
    rows
        Shape (draws, animals): cell numbers.

    Returns
    -------
    ndarray
        Shape (draws,), rounded to 9 decimals, so that it is the same on every platform; 0 where all weigh the same.
    """
    weights = np.array([animal.weight_g for animal in animals], dtype=float)
    return _gaps(weights, rows, len(design.cells)).round(_ROUNDED)


def column_balance(animals: Sequence[Animal], allocation: Allocation) -> tuple[ColumnBalance, ...]:
    """Say how evenly each column lies over the groups, without a group or an animal in it.

    Columns in which all animals are the same are left out, and so are animals that were not allocated.

    Examples
    --------
    >>> from littermate.model.allocation import Assignment
    >>> from littermate.model.design import Factor
    >>> animals = [Animal(id=f"M{k}", weight_g=30.0 + k) for k in range(4)]
    >>> drug = Factor(name="drug", levels=("saline", "ketamine"))
    >>> key = Allocation(
    ...     factors=("drug",),
    ...     assignments=tuple(Assignment(animal=f"M{k}", cell=(drug.levels[k // 2],)) for k in range(4)),
    ...     balanced=(),
    ...     seed=1,
    ...     scheme="",
    ...     design=Design(factors=(drug,), per_group=2, stages=("drug",)),
    ... )
    >>> weight, _ = column_balance(animals, key)
    >>> weight.column, round(weight.largest_difference, 2), weight.means
    ('weight', 1.55, (30.5, 32.5))
    """
    cell_of = {one.animal: one.cell for one in allocation.assignments}
    cells = sorted(set(cell_of.values()))
    allocated = [animal for animal in animals if animal.id in cell_of]
    row = np.array([[cells.index(cell_of[animal.id]) for animal in allocated]])
    columns = _columns(allocated, allocation.design, len(cells))
    return tuple(_of_one_draw(column, row, len(cells)) for column in columns)


def _of_one_draw(column: _Column, row: Rows, groups: int) -> ColumnBalance:
    (gap,) = column.gaps(row, groups)
    means = _means(column.values[0], row, groups)[0] if column.unit else np.array([])
    known = bool(np.isfinite(gap))
    return ColumnBalance(
        column=column.name,
        largest_difference=float(gap) if known else None,
        means=tuple(sorted(means.tolist())) if known else (),
        unit=column.unit,
        remark=column.remark if known or column.remark else f"a group has no animal with a {column.name}",
    )


def expected_balance(animals: Sequence[Animal], design: Design, rows: Rows) -> tuple[ExpectedBalance, ...]:
    """Say how evenly a scheme lays each column over the groups.

    Parameters
    ----------
    rows
        Shape (draws, animals): cell numbers of many draws, as `redraw` gives them.
    """
    return tuple(_of_many(column, rows, len(design.cells)) for column in _columns(animals, design, len(design.cells)))


def _of_many(column: _Column, rows: Rows, groups: int) -> ExpectedBalance:
    gaps = column.gaps(rows, groups)
    known = gaps[np.isfinite(gaps)]
    median, p95 = np.quantile(known, (0.5, 0.95)).tolist() if known.size else (None, None)
    return ExpectedBalance(column=column.name, median=median, p95=p95, remark=column.remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column as numbers: `values` has one array of one number an animal, or one of 0 and 1 for each word."""

    name: str
    values: tuple[Numbers, ...]
    unit: str
    remark: str

    def gaps(self, rows: Rows, groups: int) -> Numbers:
        """Return the largest difference of each row; NaN where it is not known."""
        if not self.values:
            return np.full(len(rows), np.nan)
        largest: Numbers = np.stack([_gaps(values, rows, groups) for values in self.values]).max(axis=0)
        return largest


def _columns(animals: Sequence[Animal], design: Design | None, groups: int) -> Iterator[_Column]:
    """Yield the columns in which the animals differ, and that of a number which nobody filled in.

    The cage is none of them where whole cages are given a level.
    """
    births = [animal.birth.toordinal() if animal.birth else None for animal in animals]
    first = min((birth for birth in births if birth is not None), default=0)
    days = [None if birth is None else birth - first for birth in births]
    yield from _numbers("weight", "g", [animal.weight_g for animal in animals])
    yield from _numbers("birth", "days after the first", days)
    to_cages = design is not None and bool(design.given_to_cages)
    for name in ("sex", "strain") if to_cages else ("sex", "strain", "cage"):
        yield from _words(name, [value_of(animal, name) for animal in animals], groups)


def _numbers(name: str, unit: str, found: Sequence[float | None]) -> Iterator[_Column]:
    values = np.array(found, dtype=float)
    known = values[~np.isnan(values)]
    missing = _missing(len(values) - len(known), len(values))
    if not known.size:
        yield _Column(name=name, values=(), unit="", remark=missing)
    elif np.ptp(known) > 0:
        yield _Column(name=name, values=(values,), unit=unit, remark=missing)


def _words(name: str, found: Sequence[str], groups: int) -> Iterator[_Column]:
    """A word with fewer animals than there are groups cannot be even, and is left out; so are words of one animal."""
    counts = Counter(word for word in found if word)
    if len(counts) < 2 or max(counts.values()) < 2:
        return
    common = [word for word in sorted(counts) if counts[word] >= groups]
    values = [np.array([float(one == word) if one else np.nan for one in found]) for word in common]
    missing = _missing(found.count(""), len(found))
    remark = missing if common else f"fewer animals of each {name} than groups"
    yield _Column(name=name, values=tuple(values), unit="", remark=remark)


def _missing(missing: int, count: int) -> str:
    return f"{missing} of {count} missing" if missing else ""


def _gaps(values: Numbers, rows: Rows, groups: int) -> Numbers:
    """Return the largest difference of group means in SD of all; NaN where a group has no value."""
    sd = float(np.nanstd(values, ddof=1)) or 1.0
    means = _means(values, rows, groups)
    gaps: Numbers = (means.max(axis=1) - means.min(axis=1)) / sd
    return gaps


def _means(values: Numbers, rows: Rows, groups: int) -> Numbers:
    """Return each group's mean of what is known, shape (draws, groups); NaN where nothing is."""
    known = ~np.isnan(values)
    numbers = np.where(known, values, 0.0)
    members = [rows == group for group in range(groups)]
    sums = np.stack([one @ numbers for one in members], axis=1)
    counts = np.stack([one @ known.astype(float) for one in members], axis=1)
    means = np.full_like(sums, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def balance_table(animals: Sequence[Animal], allocation: Allocation) -> tuple[GroupBalance, ...]:
    """Describe every group by its name, groups sorted by their levels; for the time after unblinding.

    Examples
    --------
    >>> from littermate.model.allocation import Assignment
    >>> pair = [Animal(id="M1", sex="m", weight_g=30.0), Animal(id="M2", sex="f", weight_g=28.0)]
    >>> key = Allocation(
    ...     factors=("drug",),
    ...     assignments=tuple(Assignment(animal=animal.id, cell=("saline",)) for animal in pair),
    ...     balanced=(),
    ...     seed=1,
    ...     scheme="",
    ... )
    >>> (group,) = balance_table(pair, key)
    >>> group.weight_mean_g, group.sexes
    (29.0, (('f', 1), ('m', 1)))
    """
    cell_of = {assignment.animal: assignment.cell for assignment in allocation.assignments}
    youngest = max((animal.birth.toordinal() for animal in animals if animal.birth), default=0)
    return tuple(
        _group(cell, [animal for animal in animals if cell_of[animal.id] == cell], youngest)
        for cell in sorted(set(cell_of.values()))
    )


def _group(cell: Cell, members: Sequence[Animal], youngest: int) -> GroupBalance:
    weights = [animal.weight_g for animal in members if animal.weight_g is not None]
    ages = [youngest - animal.birth.toordinal() for animal in members if animal.birth is not None]
    return GroupBalance(
        cell=cell,
        n=len(members),
        weighed=len(weights),
        weight_mean_g=statistics.fmean(weights) if weights else None,
        weight_sd_g=statistics.stdev(weights) if len(weights) > 1 else None,
        age_mean_d=statistics.fmean(ages) if ages else None,
        sexes=tuple(sorted(Counter(animal.sex for animal in members).items())),
        cages=len({animal.cage for animal in members if animal.cage}),
    )
