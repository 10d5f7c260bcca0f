"""Feasible: whether these animals can be allocated by this design, and if not, everything that stands in the way."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from littermate.errors import Complaint
from littermate.model.animal import Animal
from littermate.model.design import Design
from littermate.planning.strata import COLUMNS, WEIGHT, split, value_of

__all__ = ["what_is_wrong"]


def what_is_wrong(animals: Sequence[Animal], design: Design) -> list[Complaint]:
    """Return every complaint; none where the animals fill the design."""
    return [
        *_wrong_animals(animals),
        *_wrong_count(animals, design),
        *_wrong_balances(design),
        *_wrong_columns(animals, design),
        *_wrong_blocks(animals, design),
        *_wrong_cages(animals, design),
    ]


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


def _wrong_columns(animals: Sequence[Animal], design: Design) -> Iterator[Complaint]:
    """Complain of a column that is none, and of animals about which a column that is needed says nothing."""
    needed = {design.block: "the block", **dict.fromkeys(design.scheme.by, "named in by")}
    if design.scheme.weight_limit is not None:
        needed[WEIGHT] = "under a weight_limit"
    if design.given_to_cages:
        needed["cage"] = "what a factor is given to"
    needed.pop("", None)
    for column, why in needed.items():
        allowed = COLUMNS if column == design.block else (*COLUMNS, WEIGHT)
        if column not in allowed:
            yield Complaint(
                expected=f"{why}: one of the columns {', '.join(allowed)}",
                found=column,
                do="correct it in study.toml",
            )
        elif without := [animal.id for animal in animals if not _says(animal, column)]:
            yield Complaint(
                expected=f"a {column} for every animal, because it is {why}",
                found=f"none for {', '.join(without)}",
                do="fill it in in animals.csv",
            )


def _says(animal: Animal, column: str) -> bool:
    if column == WEIGHT:
        return animal.weight_g is not None and math.isfinite(animal.weight_g)
    return value_of(animal, column) != ""


def _wrong_blocks(animals: Sequence[Animal], design: Design) -> Iterator[Complaint]:
    """Complain of each block that does not divide."""
    if design.block not in COLUMNS:
        return
    groups = len(design.cells)
    for block, places in split(range(len(animals)), lambda place: value_of(animals[place], design.block)).items():
        if block and len(places) % groups:
            yield Complaint(
                expected=f"a multiple of {groups} animals, to fill {_count(groups, 'group')} evenly",
                found=_count(len(places), "animal"),
                do=f"change the animals of this {design.block}, or allocate without block",
                where=f"{design.block} {block}",
            )


def _wrong_cages(animals: Sequence[Animal], design: Design) -> Iterator[Complaint]:
    """Complain of cages that do not divide over the groups given to cages, and of those that lie in two blocks."""
    given = design.given_to_cages
    if not given or design.block not in ("", *COLUMNS) or not all(animal.cage for animal in animals):
        return
    plots = math.prod(len(factor.levels) for factor in given)
    cages = split(range(len(animals)), lambda place: animals[place].cage)
    found: Counter[tuple[str, int]] = Counter()
    for cage, places in cages.items():
        blocks = sorted({value_of(animals[place], design.block) for place in places})
        found[blocks[0], len(places)] += 1
        if len(blocks) > 1:
            yield Complaint(
                expected=f"one {design.block} in a cage, because cages are dealt whole inside each {design.block}",
                found=", ".join(blocks),
                do="change the block, or give the factor to animals",
                where=f"cage {cage}",
            )
    names = " and ".join(factor.name for factor in given)
    for (block, size), count in sorted(found.items()):
        if count % plots:
            yield Complaint(
                expected=f"a multiple of {plots} cages of {_count(size, 'animal')}, to give {names} to whole cages",
                found=_count(count, "cage"),
                do="house the animals so that cages of one size divide, or give the factor to animals",
                where=f"{design.block} {block}" if design.block else "",
            )
