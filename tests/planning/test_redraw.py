"""Redraws follow the law of `allocate`, keep every constraint, and are counted exactly."""

import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from littermate.errors import ProtocolError, UsageError
from littermate.model.animal import Animal
from littermate.model.design import Design, Factor, Scheme
from littermate.planning.allocate import allocate
from littermate.planning.balance import weight_gaps
from littermate.planning.redraw import all_allocations, how_many, redraw

DRAWS = 500
A = Factor(name="a", levels=("no", "yes"))
B = Factor(name="b", levels=("no", "yes"))
DIET = Factor(name="a", levels=("no", "yes"), given_to="cage")
THREE = Factor(name="c", levels=("x", "y", "z"))


def design(per_group: int, *factors: Factor, block: str = "", **scheme: object) -> Design:
    names = tuple(factor.name for factor in factors)
    return Design(factors=factors, per_group=per_group, stages=names, block=block, scheme=Scheme(**scheme))  # type: ignore[arg-type]


def herd(*cages: int) -> list[Animal]:
    """Animals in cages of these sizes; every other cage is of females; weights differ."""
    cage = [number for number, size in enumerate(cages) for _ in range(size)]
    return [
        Animal(id=f"M{k:02}", sex="fm"[one % 2], cage=str(one), weight_g=20 + k * 5 % 13) for k, one in enumerate(cage)
    ]


SMALL: dict[str, tuple[list[Animal], Design]] = {
    "complete": (herd(4), design(1, A, B)),
    "blocked": (herd(4, 2), design(3, A, block="cage")),
    "cages": (herd(2, 2, 2, 2), design(2, DIET, B)),
    "cages that do not divide": (herd(3, 3, 1, 1), design(2, DIET, B)),
    "stratified": (herd(3, 1, 2), design(3, A, kind="stratified", by=("cage",))),
    "strata that leave over two numbers": (herd(2, 1, 3), design(2, THREE, kind="stratified", by=("cage",))),
    "minimised": (herd(3, 3), design(3, A, kind="minimised", by=("sex", "weight"))),
    "limited": (herd(6), design(3, A, weight_limit=0.7)),
}


def drawn_one_by_one(animals: Sequence[Animal], scheme: Design) -> Counter[tuple[int, ...]]:
    keys = (allocate(animals, scheme, seed=seed) for seed in range(DRAWS))
    return Counter(tuple(scheme.cells.index(one.cell) for one in key.assignments) for key in keys)


@pytest.mark.parametrize("name", SMALL)
def test_redraws_follow_the_law_of_the_allocation(name: str) -> None:
    """Chi-squared of 500 allocations against 5,000 redraws, allocation by allocation."""
    animals, scheme = SMALL[name]
    once = drawn_one_by_one(animals, scheme)
    often = Counter(map(tuple, redraw(animals, scheme, count=10 * DRAWS, seed=1).tolist()))
    assert set(once) <= set(often)
    common = [one for one in often if once[one] + often[one] > 20]
    table = np.array([[count[one] for one in common] for count in (once, often)])
    rare = [[count.total() - row.sum()] for count, row in zip((once, often), table, strict=True)]
    table = np.hstack([table, rare]) if any(map(any, rare)) else table
    assert chi2_contingency(table).pvalue > 0.001


@pytest.mark.parametrize("name", SMALL)
def test_every_redraw_is_an_allocation_that_is_counted(name: str) -> None:
    """The list is complete and without repeats, each row is drawn, and as often as any other."""
    animals, scheme = SMALL[name]
    count = how_many(animals, scheme)
    if count is None:
        with pytest.raises(UsageError, match="not equally likely"):
            all_allocations(animals, scheme)
        return
    every = list(map(tuple, all_allocations(animals, scheme).tolist()))
    often = Counter(map(tuple, redraw(animals, scheme, count=400 * count, seed=2).tolist()))
    assert len(set(every)) == len(every) == count
    assert set(often) == set(every)
    assert all(300 < times < 500 for times in often.values())  # 400, SD 20


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("complete", 24),  # 4!
        ("blocked", 12),  # 6 in the cage of four, 2 in that of two
        ("cages", 96),  # 6 ways to give two of four cages a diet, 2 in each cage
        ("cages that do not divide", 144),
        ("stratified", 12),
        ("strata that leave over two numbers", None),
        ("minimised", None),
    ],
)
def test_how_many(name: str, count: int | None) -> None:
    """Of what does not divide.

    Cages of 3, 3, 1, 1: 2 x 2 ways to give the diets; in each diet either level comes twice in the cage of 3 (3 orders)
    and the single gets the other: 4 x 6 x 6. Strata of 3, 1, 2 in two groups: 2 x 3 orders, the single gets the other,
    and 2 orders.
    """
    assert how_many(*SMALL[name]) == count


def test_how_many_under_a_limit_is_what_keeps_it() -> None:
    animals, scheme = SMALL["limited"]
    rows = np.array([row for row in itertools.product((0, 1), repeat=6) if sum(row) == 3])
    assert how_many(animals, scheme) == (weight_gaps(animals, scheme, rows) <= 0.7).sum()


def test_too_many_are_counted_but_not_listed() -> None:
    animals = herd(32)
    assert how_many(animals, design(8, A, B)) == 99561092450391000  # 32! / 8!^4
    assert how_many(animals, design(8, A, B, weight_limit=1.0)) is None
    with pytest.raises(UsageError, match="100,000 at most"):
        all_allocations(animals, design(8, A, B))


BIG: dict[str, tuple[list[Animal], Design]] = {
    "nested": (herd(32), design(8, A, B)),
    "blocked": (herd(8, 8, 16), design(8, A, B, block="cage")),
    "stratified": (herd(*[3] * 8), design(6, A, B, kind="stratified", by=("cage",))),
    "cages": (herd(*[3] * 8), design(6, DIET, B)),
    "minimised": (herd(16, 16), design(8, A, B, kind="minimised", by=("sex", "weight"))),
    "limited": (herd(32), design(8, A, B, weight_limit=0.8)),
}


@pytest.mark.parametrize("name", BIG)
def test_every_row_keeps_what_the_scheme_promises(name: str) -> None:
    animals, scheme = BIG[name]
    rows = redraw(animals, scheme, count=500, seed=3)
    members = np.stack([rows == cell for cell in range(len(scheme.cells))], axis=2)
    assert (members.sum(axis=1) == scheme.per_group).all()
    cages = np.array([animal.cage for animal in animals])
    in_cages = [members[:, cages == cage].sum(axis=1) for cage in sorted(set(cages))]
    if name in ("blocked", "stratified"):
        assert all((np.ptp(counts, axis=1) <= 1).all() for counts in in_cages)
    if name == "cages":
        of_diets = [counts.reshape(-1, 2, 2) for counts in in_cages]
        assert all((counts.sum(axis=2).max(axis=1) == 3).all() for counts in of_diets)
        assert all((counts.max(axis=(1, 2)) == 2).all() for counts in of_diets)
    if name == "limited":
        assert (weight_gaps(animals, scheme, rows) <= 0.8).all()


def test_the_same_seed_gives_the_same_rows() -> None:
    animals, scheme = BIG["nested"]
    first, again, other = (redraw(animals, scheme, count=5, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_what_cannot_be_redrawn() -> None:
    animals, scheme = BIG["nested"]
    with pytest.raises(UsageError, match="a count of 1 or more"):
        redraw(animals, scheme, count=0, seed=1)
    with pytest.raises(ProtocolError, match="32 animals"):
        redraw(animals[:-1], scheme, count=1, seed=1)
    far = [Animal(id=f"M{k}", weight_g=10.0**k) for k in range(6)]
    with pytest.raises(ProtocolError, match="none in 100,000 draws"):
        redraw(far, design(3, A, weight_limit=0.01), count=1, seed=1)
