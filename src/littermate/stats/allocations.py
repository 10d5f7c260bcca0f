"""Allocations: other ways in which the groups could have been drawn.

`Allocations` is what a randomisation test looks at. A study makes them with the scheme that it was allocated by;
`reallocate` makes them from plain columns, for a table without a study:

==============================  ===========================================================================
what was done                   what is re-drawn
==============================  ===========================================================================
complete, or nested two-stage   the cells of all units (stages of equal parts give every such draw the same
                                chance)
within blocks or strata         the cells of the units of each block
cages (`clusters`)              the factors that are the same throughout every cage, by whole cages; the
                                others among the units of each cage
==============================  ===========================================================================

Where that can be done in `ENUMERATED` ways or fewer all of them are listed, else `count` are drawn: every unit gets a
key of 64 raw bits of PCG64 with its block in front and its cell behind, and the keys are sorted. Raw bits never change
with numpy's version (NEP 19). About 40 bits are chance, so that equal keys are out of the question.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.plan import Plan
from littermate.stats.answerable import Levels, ordered_levels
from littermate.stats.table import Table

__all__ = ["ENUMERATED", "Allocations", "Restriction", "Whole", "cell_numbers", "reallocate"]

ENUMERATED = 100_000
"""Up to so many allocations are all looked at."""

Whole = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Allocations:
    """Allocations that could have been made.

    Parameters
    ----------
    cells
        Shape (count, n): the cell of every unit of the table, those with a missing outcome too. A cell is its number
        in the product of the factors' levels, the last factor running fastest.
    scheme
        In words, how they were drawn.
    seed
        What gives them again; `None` where there was none.
    exhaustive
        Whether they are all that can be made, the one that was made among them.
    factors
        The factors that are re-drawn in them; the others are held as they were. Empty for all. Where cages are given
        one factor and their animals another, each of the two has `Allocations` of its own.
    """

    cells: Whole
    scheme: str
    seed: int | None = None
    exhaustive: bool = False
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What a draw kept to, as columns of one label a unit.

    Parameters
    ----------
    within
        Blocks or strata, by name; of several, each combination is a stratum.
    clusters
        The units that were drawn together, by name: one column, or none.
    """

    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    clusters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def cell_numbers(table: Table, levels: Levels, *, only: Sequence[str] | None = None) -> Whole:
    """Return each unit's number in the product of the levels, the last factor running fastest.

    With `only`, the other factors count as at their first level.

    Raises
    ------
    AnalysisError
        If a unit has a level that is not among them.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 2), units=("K1", "K2"), factors={"a": ("x", "y"), "b": ("v", "u")})
    >>> cell_numbers(table, {"a": ("x", "y"), "b": ("u", "v")}).tolist()
    [1, 2]
    """
    numbers: Whole = np.zeros(len(table.units), dtype=int)
    complaints = []
    for name, labels in levels.items():
        counts = only is None or name in only
        place = {label: at if counts else 0 for at, label in enumerate(labels)}
        complaints += [
            Complaint(expected=f"one of {', '.join(labels)}", found=label, do="correct it", where=f"{name} of {unit}")
            for unit, label in zip(table.units, table.factors[name], strict=True)
            if label not in place
        ]
        numbers = numbers * len(labels) + np.array([place.get(label, 0) for label in table.factors[name]], dtype=int)
    if complaints:
        raise AnalysisError.of(complaints)
    return numbers


def reallocate(
    table: Table,
    plan: Plan,
    *,
    seed: int,
    count: int = 10_000,
    restriction: Restriction | None = None,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Allocations, ...]:
    """Re-draw the groups of a table's units.

    Parameters
    ----------
    table
        All units that were allocated, those with a missing outcome too.
    plan
        Its factors are what was drawn.
    seed, count
        A whole number, 0 or more; how many to draw where there are more than `ENUMERATED`.
    restriction
        What the draw kept to; nothing where it is `None`.
    reference_levels
        As in `fit`.

    Returns
    -------
    tuple of Allocations
        One, or with clusters one for the factors of whole clusters and one for those of the units in them.

    Raises
    ------
    UsageError
        If the seed or the count cannot be meant.
    AnalysisError
        If the restriction does not fit the table.

    Examples
    --------
    >>> table = Table(
    ...     outcome="y", values=range(6), units=[f"K{k}" for k in range(6)], factors={"diet": ("a", "b") * 3}
    ... )
    >>> (found,) = reallocate(table, Plan(outcome="y", factors=("diet",)), seed=1)
    >>> found.exhaustive, found.cells.shape, found.scheme
    (True, (20, 6), 'all 6 units at random, the sizes of the groups as they were')
    """
    _require_numbers(seed, count)
    restriction = restriction or Restriction()
    _require_lengths(table, restriction)
    levels = ordered_levels(table.complete(), [plan.factors], reference_levels or {})
    cells = cell_numbers(table, levels)
    draw = _Draw(count=count, seed=seed, strata=_codes(list(restriction.within.values()), len(cells)))
    inside = f" within each {' and '.join(restriction.within)}" if restriction.within else ""
    if not restriction.clusters:
        scheme = f"all {len(cells)} units at random{inside}, the sizes of the groups as they were"
        return (_arranged(cells, draw, scheme),)
    ((name, labels),) = restriction.clusters.items()
    clusters = _Clusters.of(name, _codes([labels], len(cells)))
    whole = tuple(factor for factor in levels if clusters.share(table.factors[factor]))
    _require_clusters(clusters, whole, draw.strata)
    among = _among_clusters(cell_numbers(table, levels, only=whole), clusters, draw, inside)
    inner = tuple(factor for factor in levels if factor not in whole)
    if not inner:
        return (replace(among, factors=whole),)
    each = _arranged(cells, replace(draw, strata=clusters.codes, stream=1), f"at random within each {name}")
    return replace(among, factors=whole), replace(each, factors=inner)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Draw:
    """How many to draw from which stream, and the stratum of each place."""

    count: int
    seed: int
    strata: Whole
    stream: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Clusters:
    """The cluster of each unit, and the first unit of each cluster."""

    name: str
    codes: Whole
    first: Whole

    @classmethod
    def of(cls, name: str, codes: Whole) -> _Clusters:
        return cls(name=name, codes=codes, first=np.unique(codes, return_index=True)[1])

    def share(self, labels: Sequence[str]) -> bool:
        """Whether all units of every cluster have the same label."""
        own = np.array(labels)
        return bool(np.all(own == own[self.first][self.codes]))


def _among_clusters(cells: Whole, clusters: _Clusters, draw: _Draw, inside: str) -> Allocations:
    first = clusters.first
    scheme = f"{len(first)} units of {clusters.name} at random, each whole{inside}"
    found = _arranged(cells[first], replace(draw, strata=draw.strata[first]), scheme)
    return replace(found, cells=found.cells[:, clusters.codes])


def _codes(columns: Sequence[Sequence[str]], n: int) -> Whole:
    """Number the combinations of labels as they first occur; one number for all where there is no column."""
    keys = list(zip(*columns, strict=True)) if columns else [()] * n
    place = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return np.array([place[key] for key in keys], dtype=int)


def _arranged(labels: Whole, draw: _Draw, scheme: str) -> Allocations:
    """Return arrangements of the labels within the strata: all where they are few, else drawn ones."""
    if _number_of_arrangements(labels, draw.strata) <= ENUMERATED:
        return Allocations(cells=_every_arrangement(labels, draw.strata), scheme=scheme, exhaustive=True)
    return Allocations(cells=_shuffled(labels, draw), scheme=scheme, seed=draw.seed)


def _number_of_arrangements(labels: Whole, strata: Whole) -> int:
    number = 1
    for stratum in np.unique(strata):
        own = Counter(labels[strata == stratum].tolist())
        number *= math.factorial(own.total()) // math.prod(map(math.factorial, own.values()))
    return number


def _every_arrangement(labels: Whole, strata: Whole) -> Whole:
    rows = np.empty((1, len(labels)), dtype=int)
    for stratum in np.unique(strata):
        at = np.flatnonzero(strata == stratum)
        own = _distinct_orders(labels[at])
        rows = np.repeat(rows, len(own), axis=0)
        rows[:, at] = np.tile(own, (len(rows) // len(own), 1))
    return rows


def _distinct_orders(labels: Whole) -> Whole:
    """Return every distinct order of labels, shape (orders, len(labels))."""
    kinds, sizes = np.unique(labels, return_counts=True)
    rows = np.full((1, len(labels)), kinds[-1])
    free = np.arange(len(labels))[None, :]
    for kind, size in zip(kinds[:-1], sizes[:-1], strict=True):
        width = free.shape[1]
        chosen = np.array(list(itertools.combinations(range(width), size)), dtype=int)
        taken = np.zeros((len(chosen), width), dtype=bool)
        np.put_along_axis(taken, chosen, True, axis=1)
        rows, places = np.repeat(rows, len(chosen), axis=0), np.repeat(free, len(chosen), axis=0)
        taken = np.tile(taken, (len(free), 1))
        np.put_along_axis(rows, places[taken].reshape(len(rows), size), kind, axis=1)
        free = places[~taken].reshape(len(rows), width - size)
    return rows


def _shuffled(labels: Whole, draw: _Draw) -> Whole:
    """Shuffle the labels within the strata."""
    label_bits, stratum_bits = (int(of.max()).bit_length() for of in (labels, draw.strata))
    places = np.argsort(draw.strata, kind="stable")
    front = draw.strata[places].astype(np.uint64) << np.uint64(64 - stratum_bits if stratum_bits else 0)
    behind = labels[places].astype(np.uint64)
    bits = np.random.PCG64(np.random.SeedSequence(entropy=draw.seed, spawn_key=(draw.stream,)))
    keys = bits.random_raw(draw.count * len(labels)).reshape(draw.count, -1)
    keys = (keys >> np.uint64(stratum_bits + label_bits)) << np.uint64(label_bits)
    keys |= front | behind
    keys.sort(axis=1)
    keys &= np.uint64(2**label_bits - 1)
    back = np.empty_like(places)
    back[places] = np.arange(len(places))
    cells: Whole = keys.astype(np.int16)[:, back]
    return cells


def _require_numbers(seed: int, count: int) -> None:
    complaints = []
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        do = "give, say, 20260411"
        complaints.append(Complaint(expected="a seed that is a whole number, 0 or more", found=repr(seed), do=do))
    if count < 1:
        complaints.append(Complaint(expected="1 or more allocations to draw", found=f"{count}", do="10000 is usual"))
    if complaints:
        raise UsageError.of(complaints)


def _require_lengths(table: Table, restriction: Restriction) -> None:
    n = len(table.units)
    complaints = [
        Complaint(expected=f"{n} labels, one a unit", found=f"{len(labels)} in {name}", do="give each unit one")
        for name, labels in (*restriction.within.items(), *restriction.clusters.items())
        if len(labels) != n
    ]
    if len(restriction.clusters) > 1:
        found = ", ".join(restriction.clusters)
        complaints.append(Complaint(expected="one column of clusters", found=found, do="name the one that was drawn"))
    if complaints:
        raise AnalysisError.of(complaints)


def _require_clusters(clusters: _Clusters, whole: Sequence[str], strata: Whole) -> None:
    name, complaints = clusters.name, []
    if not whole:
        complaints.append(
            Complaint(
                expected=f"a factor that is the same throughout every {name}",
                found="none",
                do=f"check the column {name}, or re-draw within {name} instead",
            )
        )
    if np.any(strata != strata[clusters.first][clusters.codes]):
        found, do = "one that lies in two", f"check {name} and the blocks"
        complaints.append(Complaint(expected=f"every {name} within one block", found=found, do=do))
    if complaints:
        raise AnalysisError.of(complaints)
