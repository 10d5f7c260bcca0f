"""Other ways in which the groups could have been drawn."""

import math
from collections import Counter

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.stats.allocations import Restriction, reallocate
from littermate.stats.table import Table

DIET = Plan(outcome="y", factors=("diet",))


def table(**factors: str) -> Table:
    n = len(next(iter(factors.values())))
    return Table(outcome="y", values=range(n), units=[f"K{k}" for k in range(n)], factors=factors)


@pytest.mark.parametrize(
    ("diet", "within", "ways"),
    [
        ("aabb", {}, 6),
        ("aaabbc", {}, 60),
        ("aabbab", {"cage": "111122"}, 12),
        ("abab", {"sex": "mmff", "cage": "1212"}, 1),
        ("abca", {"cage": "1122"}, 4),
    ],
)
def test_every_allocation_stands_there_once(diet: str, within: dict[str, str], ways: int) -> None:
    (found,) = reallocate(table(diet=diet), DIET, seed=1, restriction=Restriction(within=within))
    rows = {tuple(row) for row in found.cells.tolist()}
    assert found.exhaustive and found.seed is None
    assert len(found.cells) == len(rows) == ways
    strata = list(zip(*within.values(), strict=True)) or [()] * len(diet)
    made = {tuple(sorted(zip(strata, row, strict=True))) for row in rows}
    assert len(made) == 1


def test_many_are_drawn_and_keep_to_their_blocks() -> None:
    diet, cage = "aabb" * 8, "1" * 16 + "2" * 16
    (found,) = reallocate(table(diet=diet), DIET, seed=5, count=300, restriction=Restriction(within={"cage": cage}))
    assert not found.exhaustive and found.seed == 5
    assert found.cells.shape == (300, 32)
    assert set(found.cells[:, :16].sum(axis=1)) == set(found.cells[:, 16:].sum(axis=1)) == {8}


def test_each_unit_comes_to_each_cell_equally_often() -> None:
    (found,) = reallocate(table(diet="abcd" * 6), DIET, seed=2, count=20_000)
    shares = np.array([(found.cells == cell).mean(axis=0) for cell in range(4)])
    assert np.abs(shares - 0.25).max() < 4.5 * math.sqrt(0.25 * 0.75 / 20_000)


def test_pairs_of_units_are_drawn_together_as_often_as_chance_says() -> None:
    (found,) = reallocate(table(diet="ab" * 10), DIET, seed=2, count=20_000)
    together = Counter((found.cells[:, 3] == found.cells[:, 17]).tolist())[True] / 20_000
    assert together == pytest.approx(9 / 19, abs=4 * 0.5 / math.sqrt(20_000))


def test_a_seed_gives_the_same_for_ever() -> None:
    (found,) = reallocate(table(diet="ab" * 10), DIET, seed=20260411, count=2)
    assert ["".join(map(str, row)) for row in found.cells.tolist()] == ["10110010000111111000", "00101001011111100010"]


def test_two_factors_are_numbered_with_the_last_fastest() -> None:
    plan = Plan(outcome="y", factors=("diet", "drug"))
    (found,) = reallocate(table(diet="aabb", drug="xyxy"), plan, seed=1)
    assert [0, 1, 2, 3] in found.cells.tolist()
    assert len(found.cells) == 24


def test_whole_cages_and_the_animals_in_them() -> None:
    units = table(drug="xyxyxyxy", diet="aaaabbbb")
    plan = Plan(outcome="y", factors=("drug", "diet"))
    diet, drug = reallocate(units, plan, seed=1, restriction=Restriction(clusters={"cage": "11223344"}))
    assert (diet.factors, drug.factors) == (("diet",), ("drug",))
    assert (len(diet.cells), len(drug.cells)) == (6, 16)
    assert np.all(diet.cells[:, ::2] == diet.cells[:, 1::2])
    assert "units of cage" in diet.scheme and "within each cage" in drug.scheme


def test_cages_all_of_one_factor_have_no_second_draw() -> None:
    (found,) = reallocate(table(diet="aabb"), DIET, seed=1, restriction=Restriction(clusters={"cage": "1122"}))
    assert found.factors == ("diet",)
    assert found.cells.tolist() == [[0, 0, 1, 1], [1, 1, 0, 0]]


@pytest.mark.parametrize(("seed", "count"), [(-1, 10), (True, 10), (1.5, 10), (1, 0)])
def test_numbers_that_cannot_be_meant(seed: int, count: int) -> None:
    with pytest.raises(UsageError):
        reallocate(table(diet="ab"), DIET, seed=seed, count=count)


@pytest.mark.parametrize(
    ("restriction", "words"),
    [
        (Restriction(within={"cage": "12"}), "2 in cage"),
        (Restriction(clusters={"cage": "1212"}), "same throughout every cage"),
        (Restriction(clusters={"cage": "1122", "rack": "1111"}), "cage, rack"),
        (Restriction(within={"room": "1211"}, clusters={"cage": "1122"}), "lies in two"),
    ],
)
def test_a_restriction_that_does_not_fit(restriction: Restriction, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        reallocate(table(diet="aabb"), DIET, seed=1, restriction=restriction)


def test_a_level_that_the_plan_does_not_have() -> None:
    with pytest.raises(AnalysisError, match="the levels a, c of diet"):
        reallocate(table(diet="ab"), DIET, seed=1, reference_levels={"diet": ("a", "c")})


def test_a_level_of_a_unit_without_outcome_that_no_other_has() -> None:
    units = Table(outcome="y", values=(1, 2, None), units="123", factors={"diet": "abc"})
    with pytest.raises(AnalysisError, match="diet of 3"):
        reallocate(units, DIET, seed=1)
