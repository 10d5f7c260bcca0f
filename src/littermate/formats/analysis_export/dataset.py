"""Dataset: the units of several analyses as one table, one row a unit, under names that every program takes.

A factor has one column. A block or a covariate has one column where all analyses agree on it, and one an outcome where
they do not (a sample lies on one membrane for one target and on another for the next).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.group import Point

__all__ = ["Column", "Dataset", "Model", "build_dataset"]

_LONGEST = 60
"""Characters of a name: SPSS takes 64."""

_KEPT = (
    *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
    *("if", "else", "for", "while", "function", "repeat", "in", "true", "false", "null", "next", "break", "inf", "nan"),
)
"""Words of SPSS and R that cannot be names."""

Cells = dict[str, str | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, what it stands for, its levels (none for a number), and a cell for each unit it has."""

    name: str
    label: str
    levels: tuple[str, ...]
    cells: Mapping[str, str | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One analysis in the dataset's names: its outcome and its terms, each a tuple of columns."""

    analysis: Analysis
    outcome: Column
    columns: Mapping[str, Column]
    terms: tuple[tuple[str, ...], ...]

    @property
    def factors(self) -> tuple[Column, ...]:
        """The columns of groups: blocks and factors, in the order of the terms."""
        return tuple(column for column in self._used if column.levels)

    @property
    def covariates(self) -> tuple[Column, ...]:
        """The columns of numbers."""
        return tuple(column for column in self._used if not column.levels)

    @property
    def _used(self) -> tuple[Column, ...]:
        return tuple({name: self.columns[name] for term in self.terms for name in term}.values())

    def names(self, term: tuple[str, ...]) -> tuple[str, ...]:
        """Return the column names of a term."""
        return tuple(self.columns[name].name for name in term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The units, the columns in their order, and a model an analysis."""

    units: tuple[str, ...]
    columns: tuple[Column, ...]
    models: tuple[Model, ...]


def build_dataset(analyses: Sequence[Analysis]) -> Dataset:
    """Put the units of all analyses into one table.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> point = Point(unit="K1", value=140.0, levels=(("ketamine", "saline"),))
    >>> plan = Plan(outcome="time in centre", factors=("ketamine",))
    >>> analysis = Analysis(plan=plan, unit="s", n=1, effects=(), df_error=0, ss_error=0.0, groups=(), differences=(),
    ...                     assumptions=(), points=(point,))
    >>> [column.name for column in build_dataset([analysis]).columns]
    ['ketamine', 'time_in_centre']
    """
    units = tuple(dict.fromkeys(point.unit for one in analyses for point in one.points))
    namer = _Namer()
    order = _level_order(analyses)
    shared = {label: _column(namer, label, cells, order.get(label, ())) for label, cells in _beside(analyses).items()}
    models, columns = [], list(shared.values())
    for one in analyses:
        own = dict(_own(namer, one, shared, order))
        words = f"{one.plan.outcome} ({one.unit})" if one.unit else one.plan.outcome
        outcome = Column(
            name=namer.name(one.plan.outcome),
            label=words,
            levels=(),
            cells={point.unit: point.value for point in one.points},
        )
        terms = tuple(tuple(effect.term.split(":")) for effect in one.effects)
        models.append(Model(analysis=one, outcome=outcome, columns={**shared, **own}, terms=terms))
        columns += [*own.values(), outcome]
    return Dataset(units=units, columns=tuple(columns), models=tuple(models))


def _beside(analyses: Iterable[Analysis]) -> dict[str, Cells]:
    """Return the cells of everything that explains, where no two analyses differ on it."""
    merged: dict[str, Cells] = {}
    torn = set()
    for one in analyses:
        for point in one.points:
            for name, cell in _given(point):
                if merged.setdefault(name, {}).setdefault(point.unit, cell) != cell:
                    torn.add(name)
    return {name: cells for name, cells in merged.items() if name not in torn}


def _given(point: Point) -> Iterable[tuple[str, str | float]]:
    return (*point.levels, *point.blocks, *point.covariates)


def _level_order(analyses: Iterable[Analysis]) -> dict[str, tuple[str, ...]]:
    """Return the levels of every factor, the reference first."""
    order: dict[str, tuple[str, ...]] = {}
    for one in analyses:
        for factor in one.plan.factors:
            order[factor] = tuple(dict.fromkeys((*order.get(factor, ()), *one.levels(factor))))
    return order


def _own(
    namer: _Namer, analysis: Analysis, shared: Mapping[str, Column], order: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[str, Column]]:
    """Give the columns that are this analysis's alone."""
    cells: dict[str, Cells] = {}
    for point in analysis.points:
        for name, cell in _given(point):
            if name not in shared:
                cells.setdefault(name, {})[point.unit] = cell
    for name, given in cells.items():
        yield name, _column(namer, f"{name} of {analysis.plan.outcome}", given, order.get(name, ()))


def _column(namer: _Namer, label: str, cells: Cells, order: tuple[str, ...]) -> Column:
    """Make a column; levels without an order (of a block) stand as they first occur."""
    found = dict.fromkeys(cell for cell in cells.values() if isinstance(cell, str))
    levels = tuple(level for level in dict.fromkeys((*order, *found)) if level in found)
    return Column(name=namer.name(label), label=label, levels=levels, cells=cells)


class _Namer:
    """Gives every label a name of its own, and none that a program keeps for itself; capitals tell no names apart."""

    def __init__(self) -> None:
        self._taken = {"unit", *_KEPT}

    def name(self, label: str) -> str:
        plain = re.sub(r"\W+", "_", label, flags=re.ASCII).strip("_")[:_LONGEST]
        if not plain[:1].isalpha():
            plain = f"v_{plain}".rstrip("_")
        name, number = plain, 2
        while name.lower() in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._taken.add(name.lower())
        return name
