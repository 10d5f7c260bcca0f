"""Allocate: animals to groups, at random and with exact sizes, so that the seed gives the same groups again.

The schemes
-----------
The animals are sorted by id first, so the order of animals.csv does not matter. Then, by the design's scheme:

*complete*: in each block (all animals, where there is none), stage by stage in the design's order, every group made so
far is put in random order and dealt in equal parts to the levels of that stage's factor: first magnesium over all
animals, then ketamine within each. Each block gives every group the same number of animals.

*complete, with factors given to cages* (split-plot): in each block, the cages of one size are put in random order and
dealt in equal parts to the levels given to cages; then the animals of each cage to the levels given to animals, as
evenly as they divide.

*stratified*: in each stratum the animals are dealt to the groups, as evenly as they divide.

*minimised*: see `minimise`.

What does not divide goes round: the levels that come once more in a stratum or a cage are taken in turn, in random
order, over the strata in random order, so that the groups have their exact size. With a `weight_limit` all of this is
done again, until the groups' mean weights are near enough.

Each balance (injection side, start corner, membrane) is spread within every group in the same way: each level equally
often, and what does not divide goes round over the groups. Balances are drawn independently of each other.

All randomness is that of `draw`: one stream for each factor and block, one for each balance.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from littermate.errors import ProtocolError
from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.model.design import Balance, Cell, Design
from littermate.planning.balance import weight_gaps
from littermate.planning.draw import Draw
from littermate.planning.feasible import what_is_wrong
from littermate.planning.minimise import minimised
from littermate.planning.scheme import in_words
from littermate.planning.strata import Part, parts_of, split, value_of

__all__ = ["TRIES", "allocate"]

TRIES = 1_000
"""How often a design with a `weight_limit` is drawn before it is refused."""

Group = TypeVar("Group")
Level = TypeVar("Level")


def allocate(animals: Sequence[Animal], design: Design, *, seed: int) -> Allocation:
    """Allocate the animals to the design's groups.

    Parameters
    ----------
    animals
        All animals of the study; their order does not matter for the result.
    design
        Factors, sizes, stages, block, scheme and balances.
    seed
        A whole number, 0 or more; choose it before the animals are known, and write it down.

    Returns
    -------
    Allocation
        Assignments in the order of `animals`.

    Raises
    ------
    ProtocolError
        If the animals cannot fill the design's groups: too few, too many, an animal twice, a block or cages that do
        not divide, a column that is empty. All complaints at once. If no draw was as even as its `weight_limit`.
    UsageError
        If the seed is not a whole number, 0 or more.

    Examples
    --------
    >>> from littermate.model.design import Factor
    >>> diet = Factor(name="diet", levels=("control", "deficient", "supplemented"))
    >>> design = Design(factors=(diet,), per_group=2, stages=("diet",))
    >>> key = allocate([Animal(id=f"M{k}") for k in range(1, 7)], design, seed=7)
    >>> sorted(assignment.cell[0] for assignment in key.assignments)
    ['control', 'control', 'deficient', 'deficient', 'supplemented', 'supplemented']
    """
    if complaints := what_is_wrong(animals, design):
        raise ProtocolError.of(complaints)
    cells = _even_enough(sorted(animals, key=lambda animal: animal.id), design, seed)
    levels = {balance.name: _spread(balance, cells, design, seed=seed) for balance in design.balances}
    return Allocation(
        factors=tuple(factor.name for factor in design.factors),
        assignments=tuple(Assignment(animal=animal.id, cell=cells[animal.id]) for animal in animals),
        balanced=tuple((animal.id, name, level[animal.id]) for animal in animals for name, level in levels.items()),
        seed=seed,
        scheme=in_words(design, seed),
        design=design,
        animals=tuple(animals),
    )


def _even_enough(animals: Sequence[Animal], design: Design, seed: int) -> dict[str, Cell]:
    """Draw until the groups weigh as nearly the same as the scheme asks for."""
    limit = design.scheme.weight_limit
    for number in range(TRIES):
        again = (f"draw {number + 1}",) if number else ()
        numbers = _drawn(animals, design, seed, again)
        if limit is None or weight_gaps(animals, design, np.array([numbers]))[0] <= limit:
            return {animal.id: design.cells[number] for animal, number in zip(animals, numbers, strict=True)}
    raise ProtocolError(
        expected=f"groups whose mean weights differ by {limit:g} SD at most",
        found=f"none in {TRIES:,} draws",
        do="raise weight_limit, or stratify or minimise by weight",
    )


def _drawn(animals: Sequence[Animal], design: Design, seed: int, again: tuple[str, ...]) -> list[int]:
    """Return each animal's cell number, drawn once; `again` names the streams of a draw that is not the first."""
    if design.scheme.kind == "minimised":
        return minimised(animals, design, Draw(seed, "minimised", *again))
    if design.scheme.kind == "complete" and not design.given_to_cages:
        return _staged_in_blocks(animals, design, seed, again)
    draw = Draw(seed, design.scheme.kind, *again)
    cells = {place: cell for part in parts_of(animals, design) for place, cell in _dealt(part, draw).items()}
    return [cells[place] for place in range(len(animals))]


def _staged_in_blocks(animals: Sequence[Animal], design: Design, seed: int, again: tuple[str, ...]) -> list[int]:
    cells: dict[str, Cell] = {}
    blocks = split(range(len(animals)), lambda place: value_of(animals[place], design.block))
    for block, places in blocks.items():
        cells |= _staged([animals[place].id for place in places], design, seed, (block, *again))
    return [design.cells.index(cells[animal.id]) for animal in animals]


def _staged(members: Sequence[str], design: Design, seed: int, stream: tuple[str, ...]) -> dict[str, Cell]:
    """Deal one block's animals to the cells, stage by stage."""
    groups: dict[tuple[str, ...], list[str]] = {(): list(members)}
    for stage in design.stages:
        draw = Draw(seed, "stage", stage, *stream)
        levels = design.factor(stage).levels
        groups = {(*group, level): part for group, ids in groups.items() for level, part in _deal(ids, levels, draw)}
    places = [design.stages.index(factor.name) for factor in design.factors]
    return {animal: tuple(group[place] for place in places) for group, ids in groups.items() for animal in ids}


def _deal(ids: Sequence[str], levels: Sequence[str], draw: Draw) -> Iterator[tuple[str, list[str]]]:
    """Put the animals in random order and cut them in equal parts, one a level."""
    for level, part in zip(levels, _in_equal_parts(ids, len(levels), draw), strict=True):
        yield level, sorted(part)


def _in_equal_parts(things: Sequence[Group], parts: int, draw: Draw) -> list[list[Group]]:
    order, size = draw.shuffled(things), len(things) // parts
    return [order[number * size : (number + 1) * size] for number in range(parts)]


def _dealt(part: Part, draw: Draw) -> dict[int, int]:
    """Deal a part: its strata to the whole plots, then the animals of each stratum to the split plots."""
    plots = len(part.cells)
    dealt = [_in_equal_parts(strata, plots, draw) for strata in part.classes]
    cells: dict[int, int] = {}
    for number, row in enumerate(part.cells.tolist()):
        strata = [stratum for plot in dealt for stratum in plot[number]]
        cells |= _spread_evenly(strata, row, draw)
    return cells


def _spread_evenly(groups: Sequence[Sequence[Group]], levels: Sequence[Level], draw: Draw) -> dict[Group, Level]:
    """Spread levels over the members of every group as evenly as they divide; the rest goes round over the groups."""
    extra = itertools.cycle(draw.shuffled(levels))
    spread: dict[Group, Level] = {}
    for number in draw.shuffled(range(len(groups))):
        times, left = divmod(len(groups[number]), len(levels))
        content = [*list(levels) * times, *itertools.islice(extra, left)]
        spread |= zip(groups[number], draw.shuffled(content), strict=True)
    return spread


def _spread(balance: Balance, cells: Mapping[str, Cell], design: Design, *, seed: int) -> dict[str, str]:
    """Spread a balance's levels over the animals of every cell."""
    members: dict[Cell, list[str]] = defaultdict(list)
    for animal in sorted(cells):
        members[cells[animal]].append(animal)
    groups = [members[cell] for cell in design.cells]
    return _spread_evenly(groups, balance.levels, Draw(seed, "balance", balance.name))
