"""Strata: which animals are dealt among themselves, by the columns of animals.csv.

An animal is known by its place in the table that is given. A `Part` is dealt by itself: its strata get every group as
evenly as they divide, and whole strata (cages) come to the groups of the factors that are given to cages.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.model.animal import Animal
from littermate.model.design import Design

__all__ = ["COLUMNS", "WEIGHT", "Part", "Stratum", "parts_of", "split", "value_of"]

COLUMNS = ("cage", "sex", "strain", "birth")
WEIGHT = "weight"

Stratum = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Animals that are dealt by themselves.

    Parameters
    ----------
    classes
        The strata, those of one size together: those of a class change places where there are several whole plots.
    cells
        Shape (whole plots, split plots): the number of the design's cell that a stratum of a whole plot gives to an
        animal of a split plot. One whole plot where no factor is given to cages.
    """

    classes: tuple[tuple[Stratum, ...], ...]
    cells: NDArray[np.int_]


def value_of(animal: Animal, column: str) -> str:
    """Return what a column says of an animal, in words; ``""`` where it says nothing or there is no column.

    Examples
    --------
    >>> value_of(Animal(id="M1", sex="f"), "sex"), value_of(Animal(id="M1"), "birth"), value_of(Animal(id="M1"), "")
    ('f', '', '')
    """
    value = getattr(animal, column) if column else None
    return "" if value is None else str(value)


def split(places: Iterable[int], key: Callable[[int], str]) -> dict[str, list[int]]:
    """Put places together that have the same key, sorted by it."""
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[key(place)].append(place)
    return dict(sorted(found.items()))


def parts_of(animals: Sequence[Animal], design: Design) -> tuple[Part, ...]:
    """Return the parts of a design that deals its animals (`scheme.kind` complete or stratified)."""
    blocks = split(range(len(animals)), lambda place: value_of(animals[place], design.block))
    if design.given_to_cages:
        cages = [split(block, lambda place: animals[place].cage) for block in blocks.values()]
        return tuple(Part(classes=_by_size(one.values()), cells=_split_plots(design)) for one in cages)
    strata = blocks.values() if design.scheme.kind == "complete" else _strata(animals, design)
    return (Part(classes=_by_size(strata), cells=np.arange(len(design.cells))[None, :]),)


def _by_size(strata: Iterable[Sequence[int]]) -> tuple[tuple[Stratum, ...], ...]:
    found = [tuple(stratum) for stratum in strata]
    return tuple(tuple(one for one in found if len(one) == size) for size in sorted(set(map(len, found))))


def _split_plots(design: Design) -> NDArray[np.int_]:
    """Number the cells by the levels given to cages (rows) and those given to animals (columns)."""
    number = {cell: place for place, cell in enumerate(design.cells)}
    given = [factor in design.given_to_cages for factor in design.factors]
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for cell in design.cells:
        rows[tuple(itertools.compress(cell, given))].append(number[cell])
    return np.array(list(rows.values()))


def _strata(animals: Sequence[Animal], design: Design) -> list[list[int]]:
    """Cut the animals by the scheme's columns, weights last: a class of weight is one among its like."""
    words = [column for column in design.scheme.by if column != WEIGHT]
    strata = split(range(len(animals)), lambda place: "\0".join(value_of(animals[place], word) for word in words))
    if WEIGHT not in design.scheme.by:
        return list(strata.values())
    classes = design.scheme.weight_classes
    return [part for stratum in strata.values() for part in _weight_classes(animals, stratum, classes)]


def _weight_classes(animals: Sequence[Animal], stratum: Sequence[int], classes: int) -> list[list[int]]:
    """Cut a stratum in classes of like number, the lightest first; equal weights stand in the order of their ids."""
    order = sorted(stratum, key=lambda place: (animals[place].weight_g or 0.0, animals[place].id))
    cuts = [len(order) * number // classes for number in range(classes + 1)]
    return [order[start:stop] for start, stop in itertools.pairwise(cuts) if stop > start]
