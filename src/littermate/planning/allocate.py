"""Allocate: animals to groups, at random and with exact sizes, so that the seed gives the same groups again.

The scheme
----------
1. The animals are sorted by id (so the order of animals.csv does not matter) and split by the design's block.
2. In each block, stage by stage in the design's order, every group made so far is put in random order and dealt in
   equal parts to the levels of that stage's factor: first magnesium over all animals, then ketamine within each.
   Each block gives every group the same number of animals.
3. Each balance (injection side, start corner, membrane) is spread within every group: each level equally often, and
   where the count does not divide, the levels that come once more go round over the groups (taken in random order),
   so that the whole study is even too. Balances are drawn independently of each other.

All randomness is that of `draw`: one stream for each factor and block, one for each balance.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from littermate.errors import Complaint, ProtocolError
from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.model.design import Balance, Cell, Design
from littermate.planning.draw import Draw

__all__ = ["BLOCK_COLUMNS", "allocate"]

BLOCK_COLUMNS = ("cage", "sex", "strain", "birth")


def allocate(animals: Sequence[Animal], design: Design, *, seed: int) -> Allocation:
    """Allocate the animals to the design's groups.

    Parameters
    ----------
    animals
        All animals of the study; their order does not matter for the result.
    design
        Factors, sizes, stages, block and balances.
    seed
        A whole number, 0 or more; choose it before the animals are known, and write it down.

    Returns
    -------
    Allocation
        Assignments in the order of `animals`.

    Raises
    ------
    ProtocolError
        If the animals cannot fill the design's groups: too few, too many, an animal twice, a block that does not
        divide. All complaints at once.
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
    complaints = [*_wrong_animals(animals), *_wrong_count(animals, design), *_wrong_balances(design)]
    complaints += _wrong_blocks(animals, design)
    if complaints:
        raise ProtocolError.of(complaints)
    cells: dict[str, Cell] = {}
    for block, members in _blocks(animals, design).items():
        cells |= _staged(members, design, seed=seed, block=block)
    levels = {balance.name: _spread(balance, cells, design, seed=seed) for balance in design.balances}
    return Allocation(
        factors=tuple(factor.name for factor in design.factors),
        assignments=tuple(Assignment(animal=animal.id, cell=cells[animal.id]) for animal in animals),
        balanced=tuple((animal.id, name, level[animal.id]) for animal in animals for name, level in levels.items()),
        seed=seed,
        scheme=_in_words(design, seed),
    )


def _staged(members: Sequence[str], design: Design, *, seed: int, block: str) -> dict[str, Cell]:
    """Deal one block's animals to the cells, stage by stage."""
    groups: dict[tuple[str, ...], list[str]] = {(): sorted(members)}
    for stage in design.stages:
        draw = Draw(seed, "stage", stage, block)
        levels = design.factor(stage).levels
        groups = {(*group, level): part for group, ids in groups.items() for level, part in _deal(ids, levels, draw)}
    places = [design.stages.index(factor.name) for factor in design.factors]
    return {animal: tuple(group[place] for place in places) for group, ids in groups.items() for animal in ids}


def _deal(ids: Sequence[str], levels: Sequence[str], draw: Draw) -> Iterator[tuple[str, list[str]]]:
    """Put the animals in random order and cut them in equal parts, one a level."""
    order = draw.shuffled(ids)
    size = len(order) // len(levels)
    for number, level in enumerate(levels):
        yield level, sorted(order[number * size : (number + 1) * size])


def _spread(balance: Balance, cells: Mapping[str, Cell], design: Design, *, seed: int) -> dict[str, str]:
    """Spread a balance's levels over the animals of every cell."""
    draw = Draw(seed, "balance", balance.name)
    members: dict[Cell, list[str]] = defaultdict(list)
    for animal in sorted(cells):
        members[cells[animal]].append(animal)
    extra = itertools.cycle(draw.shuffled(balance.levels))
    spread: dict[str, str] = {}
    for cell in draw.shuffled(design.cells):
        times, left = divmod(len(members[cell]), len(balance.levels))
        levels = [*balance.levels * times, *itertools.islice(extra, left)]
        spread |= zip(members[cell], draw.shuffled(levels), strict=True)
    return spread


def _blocks(animals: Sequence[Animal], design: Design) -> dict[str, list[str]]:
    """Return the ids of each block's animals; one block without a name where the design has none."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for animal in animals:
        blocks[_block_of(animal, design)].append(animal.id)
    return dict(sorted(blocks.items()))


def _block_of(animal: Animal, design: Design) -> str:
    value = getattr(animal, design.block) if design.block else ""
    return "" if value is None else str(value)


def _wrong_animals(animals: Sequence[Animal]) -> Iterator[Complaint]:
    """Complain of animals that stand in the table twice; M1 and "m1 " are the same animal to a reader."""
    written: dict[str, list[str]] = defaultdict(list)
    for animal in animals:
        written[animal.id.strip().casefold()].append(animal.id)
    for ids in written.values():
        if len(ids) > 1:
            yield Complaint(
                expected="each animal once",
                found=f"{len(ids)} rows: {', '.join(map(repr, ids))}",
                do="give every animal its own id in animals.csv",
                where=f"animal {ids[0]}",
            )


def _wrong_count(animals: Sequence[Animal], design: Design) -> Iterator[Complaint]:
    """Complain of a number of animals that is not that of the design."""
    groups, found = len(design.cells), len(animals)
    if found == design.n_total:
        return
    per_group, left = divmod(found, groups)
    fits = f"set per_group to {per_group}, or " if found and not left else ""
    gap = design.n_total - found
    change = f"add {gap}" if gap > 0 else f"take out {-gap}"
    yield Complaint(
        expected=f"{_count(design.n_total, 'animal')}: {_count(groups, 'group')} of {design.per_group}",
        found=f"{_count(found, 'animal')}" + (f", which do not make {groups} equal groups" if left else ""),
        do=f"{fits}{change} in animals.csv" if fits else f"{change} in animals.csv, or change per_group",
    )


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _wrong_balances(design: Design) -> Iterator[Complaint]:
    """Complain of balances without levels, with a level twice, or of one name."""
    names = [balance.name for balance in design.balances]
    for balance in design.balances:
        if not balance.levels or len(set(balance.levels)) < len(balance.levels) or names.count(balance.name) > 1:
            yield Complaint(
                expected="balances of different names, each with one or more different levels",
                found=f"{balance.name}: {', '.join(balance.levels) or 'no level'}",
                do="list each balance and each of its levels once",
                where=f"balance {balance.name}",
            )


def _wrong_blocks(animals: Sequence[Animal], design: Design) -> Iterator[Complaint]:
    """Complain of an unknown block column, of animals without a block, and of each block that does not divide."""
    if not design.block:
        return
    if design.block not in BLOCK_COLUMNS:
        yield Complaint(
            expected=f"a block that is one of the columns {', '.join(BLOCK_COLUMNS)}",
            found=design.block,
            do="correct block in study.toml",
        )
        return
    groups = len(design.cells)
    for block, ids in _blocks(animals, design).items():
        if not block:
            yield Complaint(
                expected=f"a {design.block} for every animal, because it is the block",
                found=f"none for {', '.join(ids)}",
                do="fill it in in animals.csv",
            )
        elif len(ids) % groups:
            yield Complaint(
                expected=f"a multiple of {groups} animals, to fill {_count(groups, 'group')} evenly",
                found=_count(len(ids), "animal"),
                do=f"change the animals of this {design.block}, or allocate without block",
                where=f"{design.block} {block}",
            )


def _in_words(design: Design, seed: int) -> str:
    """Say how the animals were allocated."""
    inside = f" inside each {design.block}" if design.block else ""
    stages = [f"{name} ({', '.join(design.factor(name).levels)})" for name in design.stages]
    steps = [f"{stages[0]} over all animals{inside}", *(f"{stage} within each group so far" for stage in stages[1:])]
    spread = [f"{balance.name} ({', '.join(balance.levels)})" for balance in design.balances]
    even = f"; spread evenly within each group, independently: {', '.join(spread)}" if spread else ""
    return (
        f"{design.n_total} animals at random, {design.per_group} a group: {', then '.join(steps)}{even}"
        f"; random order by Fisher-Yates on PCG64, seed {seed}"
    )
