"""Minimise: one animal after the other, in random order, to the group that it makes most alike the others.

The rule
--------
Each animal has features: one for itself (so that sizes stay alike), one for each word of each column (sex: female),
and its weight in SD from the mean. A group's sums S of the features of its animals are kept, and the next animal, with
features f, makes the groups most alike in the group for which S . f is least: the sum over groups of S . S, which is
least where the groups are the same, then grows least. For columns of words this is the method of Pocock & Simon
(1975, Biometrics 31:103-115) with the sum of squares as the measure of imbalance; a weight enters as it is, not cut in
classes.

With the stated probability the animal comes to that group (one at random of several as good), otherwise to one of the
others. A group that has its number is left out. Features are whole numbers (in thousandths), so that ties are the same
on every platform.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from littermate.model.animal import Animal
from littermate.model.design import Design
from littermate.planning.draw import Draw
from littermate.planning.strata import WEIGHT, value_of

__all__ = ["minimised", "minimised_often"]

_ONE = 1000
_SHARES = 10**6

Integers = NDArray[np.int64]


def minimised(animals: Sequence[Animal], design: Design, draw: Draw) -> list[int]:
    """Return each animal's cell number, drawn once."""
    features = [[int(one) for one in row] for row in _features(animals, design.scheme.by)]
    sums = [[0] * len(features[0]) for _ in design.cells]
    room = [design.per_group] * len(design.cells)
    chance = _chance(design)
    cells = [0] * len(animals)
    for place in draw.shuffled(range(len(animals))):
        cell = _choose(sums, room, features[place], chance, draw)
        sums[cell] = [total + one for total, one in zip(sums[cell], features[place], strict=True)]
        room[cell] -= 1
        cells[place] = cell
    return cells


def _choose(sums: list[list[int]], room: list[int], features: list[int], chance: int, draw: Draw) -> int:
    """Return the cell of the next animal."""
    grows = {
        cell: sum(total * one for total, one in zip(sums[cell], features, strict=True))
        for cell, left in enumerate(room)
        if left
    }
    best = [cell for cell, growth in grows.items() if growth == min(grows.values())]
    others = [cell for cell in grows if cell not in best]
    pool = others if others and draw.randbelow(_SHARES) >= chance else best
    return pool[draw.randbelow(len(pool))]


def minimised_often(
    animals: Sequence[Animal], design: Design, rng: np.random.Generator, count: int
) -> NDArray[np.int_]:
    """Return cell numbers of many draws, shape (count, animals); the rule is that of `minimised`."""
    features = _features(animals, design.scheme.by)
    rows = np.arange(count)
    order = rng.permuted(np.tile(np.arange(len(animals)), (count, 1)), axis=1)
    sums = np.zeros((count, len(design.cells), features.shape[1]), dtype=np.int64)
    room = np.full((count, len(design.cells)), design.per_group)
    cells = np.empty((count, len(animals)), dtype=np.int_)
    for place in order.T:
        grows = np.einsum("rcf,rf->rc", sums, features[place])
        cell = _choose_often(grows, room > 0, _chance(design), rng)
        sums[rows, cell] += features[place]
        room[rows, cell] -= 1
        cells[rows, place] = cell
    return cells


def _choose_often(
    grows: Integers, is_open: NDArray[np.bool_], chance: int, rng: np.random.Generator
) -> NDArray[np.int_]:
    """Return the cell of each draw's next animal."""
    grows = np.where(is_open, grows, np.iinfo(np.int64).max)
    best = is_open & (grows == grows.min(axis=1, keepdims=True))
    others = is_open & ~best
    strays = others.any(axis=1) & (rng.integers(_SHARES, size=len(grows)) >= chance)
    pool = np.where(strays[:, None], others, best)
    chosen: NDArray[np.int_] = np.where(pool, rng.random(pool.shape), -1.0).argmax(axis=1)
    return chosen


def _chance(design: Design) -> int:
    return round(design.scheme.probability * _SHARES)


def _features(animals: Sequence[Animal], by: Sequence[str]) -> Integers:
    """Return the animals' features in thousandths, shape (animals, features)."""
    columns = [np.full(len(animals), _ONE)]
    for column in by:
        if column == WEIGHT:
            columns.append(_weights(animals))
        else:
            words = [value_of(animal, column) for animal in animals]
            columns += [np.array([_ONE * (word == one) for word in words]) for one in sorted(set(words))]
    return np.stack(columns, axis=1).astype(np.int64)


def _weights(animals: Sequence[Animal]) -> Integers:
    weights = [animal.weight_g or 0.0 for animal in animals]
    mean, sd = statistics.fmean(weights), statistics.pstdev(weights)
    return np.array([round(_ONE * (weight - mean) / sd) if sd else 0 for weight in weights])
