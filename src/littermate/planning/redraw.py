"""Redraw: the allocations that a scheme could have given, for the test that re-randomises by the scheme actually used.

Every row is a fresh allocation with the blocks, strata, cages, weights and limit of the one that was used: it follows
the law of `allocate` (a test compares the two), but is drawn by numpy's Generator, many at once. The same seed gives
the same rows with the same version of numpy; nothing that is kept may depend on it.

Cells are numbers: places in `Design.cells`. Columns are the animals in the order given.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from littermate.errors import ProtocolError, UsageError
from littermate.model.animal import Animal
from littermate.model.design import Design
from littermate.planning.balance import weight_gaps
from littermate.planning.feasible import what_is_wrong
from littermate.planning.minimise import minimised_often
from littermate.planning.strata import Part, Stratum, parts_of

__all__ = ["MOST", "all_allocations", "how_many", "redraw"]

MOST = 100_000
"""How many allocations are listed at most."""

_BATCH = 10_000
_BARREN = 10

Rows = NDArray[np.int_]


def redraw(animals: Sequence[Animal], design: Design, *, count: int, seed: int) -> Rows:
    """Draw many allocations by a design's scheme.

    Parameters
    ----------
    animals, design
        As they were at the allocation: `Allocation.animals` and `Allocation.design`.
    count
        Allocations to draw, 1 or more.
    seed
        A whole number, 0 or more; not the allocation's.

    Returns
    -------
    ndarray of int
        Shape (count, animals): each animal's cell, as its place in ``design.cells``.

    Raises
    ------
    ProtocolError
        If the animals cannot fill the design, or no draw in 100,000 keeps its `weight_limit`.
    UsageError
        If `count` or `seed` is out of range.

    Examples
    --------
    >>> from littermate.model.design import Factor
    >>> drug = Factor(name="drug", levels=("saline", "ketamine"))
    >>> mice = [Animal(id=f"M{k}") for k in range(4)]
    >>> rows = redraw(mice, Design(factors=(drug,), per_group=2, stages=("drug",)), count=1000, seed=1)
    >>> rows.shape, sorted(set(rows.sum(axis=1).tolist()))
    ((1000, 4), [2])
    """
    if count < 1 or seed < 0:
        expected = "a count of 1 or more, a seed of 0 or more"
        raise UsageError(expected=expected, found=f"{count}, {seed}", do="correct it")
    _require_feasible(animals, design)
    rng = np.random.default_rng(seed)
    if design.scheme.weight_limit is None:
        return _drawn(animals, design, rng, count)
    found: list[Rows] = []
    for number in itertools.count(1):
        found.append(_even_enough(animals, design, _drawn(animals, design, rng, _BATCH)))
        if sum(map(len, found)) >= count:
            return np.concatenate(found)[:count]
        if number == _BARREN and not any(map(len, found)):
            break
    raise ProtocolError(
        expected=f"allocations whose groups' mean weights differ by {design.scheme.weight_limit:g} SD at most",
        found=f"none in {_BARREN * _BATCH:,} draws",
        do="give the animals and the design as they were at the allocation",
    )


def how_many(animals: Sequence[Animal], design: Design) -> int | None:
    """Count the allocations that a scheme can give, where each is as likely as any other.

    Returns
    -------
    int or None
        Exact. `None` where they are not equally likely (minimised; strata that leave over different numbers, or more
        than one and less than all but one), or under a `weight_limit` where there are too many to be looked at.

    Raises
    ------
    ProtocolError
        If the animals cannot fill the design.

    Examples
    --------
    >>> from littermate.model.design import Factor
    >>> drug = Factor(name="drug", levels=("saline", "ketamine"))
    >>> mice = [Animal(id=f"M{k}", cage=str(k // 2)) for k in range(8)]
    >>> complete = Design(factors=(drug,), per_group=4, stages=("drug",))
    >>> blocked = Design(factors=(drug,), per_group=4, stages=("drug",), block="cage")
    >>> how_many(mice, complete), how_many(mice, blocked)
    (70, 16)
    """
    _require_feasible(animals, design)
    count = _count(animals, design)
    if design.scheme.weight_limit is None or count is None:
        return count
    return len(all_allocations(animals, design)) if count <= MOST else None


def all_allocations(animals: Sequence[Animal], design: Design) -> Rows:
    """List every allocation that a scheme can give, each once; they are equally likely.

    Returns
    -------
    ndarray of int
        Shape (allocations, animals), as `redraw`.

    Raises
    ------
    ProtocolError
        If the animals cannot fill the design.
    UsageError
        If they are not equally likely, or more than `MOST`.
    """
    _require_feasible(animals, design)
    count = _count(animals, design)
    if count is None or count > MOST:
        raise UsageError(
            expected=f"allocations that are equally likely, {MOST:,} at most",
            found="allocations that are not equally likely" if count is None else f"{count:,}",
            do="draw some of them (redraw)",
        )
    rows = np.empty((count, len(animals)), dtype=np.int_)
    every = itertools.product(*(_every_deal(part) for part in parts_of(animals, design)))
    for row, deals in zip(rows, every, strict=True):
        for deal in deals:
            row[list(deal)] = list(deal.values())
    return _even_enough(animals, design, rows)


def _require_feasible(animals: Sequence[Animal], design: Design) -> None:
    if complaints := what_is_wrong(animals, design):
        raise ProtocolError.of(complaints)


def _even_enough(animals: Sequence[Animal], design: Design, rows: Rows) -> Rows:
    limit = design.scheme.weight_limit
    return rows if limit is None else rows[weight_gaps(animals, design, rows) <= limit]


def _drawn(animals: Sequence[Animal], design: Design, rng: np.random.Generator, count: int) -> Rows:
    if design.scheme.kind == "minimised":
        return minimised_often(animals, design, rng, count)
    rows = np.empty((count, len(animals)), dtype=np.int_)
    for part in parts_of(animals, design):
        _deal(part, rng, rows)
    return rows


def _deal(part: Part, rng: np.random.Generator, rows: Rows) -> None:
    """Deal a part in every row: the content of its strata, then which stratum of a class has which content."""
    for strata, content in zip(part.classes, _contents(part, rng, len(rows)), strict=True):
        rng.permuted(content, axis=2, out=content)
        if len(part.cells) > 1:
            order = np.argsort(rng.random(content.shape[:2]), axis=1)
            content = np.take_along_axis(content, order[:, :, None], axis=1)
        rows[:, np.concatenate(strata)] = content.reshape(len(rows), -1)


def _contents(part: Part, rng: np.random.Generator, count: int) -> list[Rows]:
    """Return each class's cells before they are shuffled, shape (count, strata, animals of a stratum)."""
    plots, width = part.cells.shape
    contents = [np.empty((count, len(strata), len(strata[0])), dtype=np.int_) for strata in part.classes]
    for plot, cells in enumerate(part.cells):
        slots = [one[:, place] for one in contents for place in range(plot, one.shape[1], plots)]
        lefts = [slot.shape[1] % width for slot in slots]
        for slot, extra in zip(slots, _left_over(lefts, width, rng, count), strict=True):
            even = slot.shape[1] - extra.shape[1]
            slot[:, :even] = np.tile(cells, even // width)
            slot[:, even:] = cells[extra]
    return contents


def _left_over(lefts: Sequence[int], width: int, rng: np.random.Generator, count: int) -> list[Rows]:
    """Return which levels come once more in each stratum: in turn, in random order, over strata in random order."""
    if not any(lefts):
        return [np.empty((count, 0), dtype=np.int_)] * len(lefts)
    levels = rng.permuted(np.tile(np.arange(width), (count, 1)), axis=1)
    order = rng.permuted(np.tile(np.arange(len(lefts)), (count, 1)), axis=1)
    in_turn = np.array(lefts)[order]
    starts = np.empty_like(order)
    np.put_along_axis(starts, order, np.cumsum(in_turn, axis=1) - in_turn, axis=1)
    turns = [(starts[:, [number]] + np.arange(left)) % width for number, left in enumerate(lefts)]
    return [np.take_along_axis(levels, turn, axis=1) for turn in turns]


def _count(animals: Sequence[Animal], design: Design) -> int | None:
    """Count the allocations without regard to a limit."""
    if design.scheme.kind == "minimised":
        return None
    counts = [_count_part(part) for part in parts_of(animals, design)]
    known = [count for count in counts if count is not None]
    return math.prod(known) if len(known) == len(counts) else None


def _count_part(part: Part) -> int | None:
    plots, width = part.cells.shape
    sizes = [len(strata[0]) for strata in part.classes for _ in range(len(strata) // plots)]
    over = [size % width for size in sizes if size % width]
    if not (set(over) <= {1} or set(over) <= {width - 1}):
        return None
    of_cages = math.prod(_orders([len(strata) // plots] * plots) for strata in part.classes)
    of_rounds = _orders([len(over) // width] * width)
    of_animals = math.prod(_orders([(size + turn) // width for turn in range(width)]) for size in sizes)
    return int(of_cages * (of_rounds * of_animals) ** plots)


def _orders(counts: Sequence[int]) -> int:
    """Count the orders of things of which so many are alike."""
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


def _every_deal(part: Part) -> Iterator[dict[int, int]]:
    """Yield every way to deal a part, as place of the animal -> cell."""
    plots = range(len(part.cells))
    strata = [stratum for of_one_size in part.classes for stratum in of_one_size]
    given = (_every_order([*plots] * (len(of_one_size) // len(plots))) for of_one_size in part.classes)
    for owners in itertools.product(*given):
        owner = list(itertools.chain.from_iterable(owners))
        of_plot = [[stratum for stratum, number in zip(strata, owner, strict=True) if number == plot] for plot in plots]
        spreads = (_every_spread(of_plot[plot], part.cells[plot].tolist()) for plot in plots)
        for deal in itertools.product(*spreads):
            yield {place: cell for spread in deal for place, cell in spread.items()}


def _every_spread(strata: Sequence[Stratum], cells: Sequence[int]) -> Iterator[dict[int, int]]:
    """Yield every way to spread cells over the animals of strata that leave over none, or one, or all but one."""
    over = [stratum for stratum in strata if len(stratum) % len(cells)]
    for singles in _every_order([*cells] * (len(over) // len(cells))):
        single = dict(zip(over, singles, strict=True))
        contents = (_every_order(_content(stratum, cells, single.get(stratum))) for stratum in strata)
        for orders in itertools.product(*contents):
            yield dict(zip(itertools.chain.from_iterable(strata), itertools.chain.from_iterable(orders), strict=True))


def _content(stratum: Stratum, cells: Sequence[int], single: int | None) -> list[int]:
    """Return a stratum's cells; of what it leaves over, `single` is the one that is there, or that is not."""
    times, left = divmod(len(stratum), len(cells))
    extra = [single] if left == 1 else [cell for cell in cells if left and cell != single]
    return [*cells] * times + [cell for cell in extra if cell is not None]


def _every_order(things: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield every order of things of which some are alike, each once."""
    if not things:
        yield ()
    for first in sorted(set(things)):
        rest = list(things)
        rest.remove(first)
        for order in _every_order(rest):
            yield (first, *order)
