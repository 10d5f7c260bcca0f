"""Allocation: exact sizes, the same again from the seed, even balances, and impossible designs refused in words."""

import dataclasses
from collections import Counter
from itertools import pairwise

import pytest

from littermate.errors import ProtocolError, UsageError
from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.design import Balance, Design, Factor
from littermate.planning.allocate import allocate

PINNED_CELLS = ["no yes", "no no", "yes yes", "yes yes", "no no", "yes no", "no yes", "yes no"]
PINNED_SIDES = "RRLRLLLR"


def two_by_two(per_group: int, **more: object) -> Design:
    factors = (Factor(name="a", levels=("no", "yes")), Factor(name="b", levels=("no", "yes")))
    return Design(factors=factors, per_group=per_group, stages=("a", "b"), **more)  # type: ignore[arg-type]


def herd(count: int, **more: str) -> list[Animal]:
    return [Animal(id=f"M{k}", **more) for k in range(count)]  # type: ignore[arg-type]


def test_groups_have_their_exact_size(key: Allocation, founding: Design) -> None:
    assert Counter(assignment.cell for assignment in key.assignments) == dict.fromkeys(founding.cells, 8)


def test_cells_are_in_the_order_of_the_factors_not_of_the_stages(mice: list[Animal], founding: Design) -> None:
    swapped = dataclasses.replace(founding, factors=founding.factors[::-1])
    first = allocate(mice, founding, seed=3)
    second = allocate(mice, swapped, seed=3)
    assert [a.cell[::-1] for a in second.assignments] == [a.cell for a in first.assignments]


def test_assignments_keep_the_order_of_the_table_and_do_not_depend_on_it(
    mice: list[Animal], founding: Design, key: Allocation
) -> None:
    backwards = allocate(mice[::-1], founding, seed=20260411)
    assert [a.animal for a in backwards.assignments] == [m.id for m in mice[::-1]]
    assert backwards.assignments[::-1] == key.assignments
    assert sorted(backwards.balanced) == sorted(key.balanced)


def test_seed_gives_the_same_allocation_on_every_platform() -> None:
    """Written down once from the scheme; a change here makes every old seed worthless."""
    key = allocate(herd(8), two_by_two(2, balances=(Balance(name="side", levels=("L", "R")),)), seed=20260411)
    assert [" ".join(a.cell) for a in key.assignments] == PINNED_CELLS
    assert "".join(level for _, _, level in key.balanced) == PINNED_SIDES
    other = allocate(herd(8), two_by_two(2), seed=20260412)
    assert other.assignments != key.assignments


def test_a_balance_more_leaves_the_groups_as_they_were(mice: list[Animal], founding: Design, key: Allocation) -> None:
    plain = dataclasses.replace(founding, balances=founding.balances[1:])
    again = allocate(mice, plain, seed=20260411)
    assert again.assignments == key.assignments
    assert again.balanced == tuple(one for one in key.balanced if one[1] != "injection side")


@pytest.mark.parametrize(("name", "each"), [("injection side", {4}), ("start corner", {2}), ("membrane", {2, 3})])
def test_balances_are_even_in_every_group(key: Allocation, name: str, each: set[int]) -> None:
    counts = Counter((key.cell_of(animal), level) for animal, one, level in key.balanced if one == name)
    assert set(counts.values()) == each


@pytest.mark.parametrize("seed", range(20))
def test_what_does_not_divide_is_even_over_the_whole_study(mice: list[Animal], founding: Design, seed: int) -> None:
    key = allocate(mice, founding, seed=seed)
    whole = Counter(level for _, name, level in key.balanced if name == "membrane")
    assert sorted(whole.values()) == [10, 11, 11]


def test_odd_groups_do_not_tie_the_side_to_a_factor() -> None:
    """With one animal a group, the second side falls on either level of b: over 200 seeds, on each often."""
    design = two_by_two(1, balances=(Balance(name="side", levels=("L", "R")),))
    tied = 0
    for seed in range(200):
        key = allocate(herd(4), design, seed=seed)
        tied += len({(key.cell_of(animal)[1], level) for animal, _, level in key.balanced}) == 2
    assert 40 < tied < 95  # one in three: 67, SD 7


def test_balances_are_independent_of_each_other() -> None:
    """One group of four on two sides and two arms: the two agree wholly in 2 of 6 draws."""
    sides = tuple(Balance(name=name, levels=("1", "2")) for name in ("side", "arm"))
    design = Design(factors=(Factor(name="a", levels=("x", "y")),), per_group=4, stages=("a",), balances=sides)
    patterns = Counter()
    for seed in range(300):
        key = allocate(herd(8), design, seed=seed)
        level = {(animal, name): value for animal, name, value in key.balanced}
        members = [one.animal for one in key.assignments if one.cell == ("x",)]
        patterns[sum(level[animal, "side"] == level[animal, "arm"] for animal in members)] += 1
    assert set(patterns) == {0, 2, 4}
    assert 160 < patterns[2] < 240  # 4 in 6: 200, SD 8


def test_every_animal_comes_to_every_group_equally_often() -> None:
    """400 seeds, 4 groups: 100 times each, with an SD of 9."""
    cells = Counter(allocate(herd(8), two_by_two(2), seed=seed).cell_of("M0") for seed in range(400))
    assert all(65 < count < 135 for count in cells.values()) and len(cells) == 4


def test_blocks_are_filled_evenly(mice: list[Animal], founding: Design) -> None:
    key = allocate(mice, dataclasses.replace(founding, block="cage"), seed=1)
    cage = {animal.id: animal.cage for animal in mice}
    counts = Counter((cage[a.animal], a.cell) for a in key.assignments)
    assert set(counts.values()) == {4} and len(counts) == 8
    assert "inside each cage" in key.scheme


def test_three_levels_and_one_factor() -> None:
    diet = Factor(name="diet", levels=("control", "deficient", "supplemented"))
    key = allocate(herd(30), Design(factors=(diet,), per_group=10, stages=("diet",)), seed=1)
    assert Counter(a.cell for a in key.assignments) == {(level,): 10 for level in diet.levels}


def test_scheme_is_in_words(key: Allocation) -> None:
    assert "magnesium (saline, magnesium) over all animals, then ketamine" in key.scheme
    assert "seed 20260411" in key.scheme


def test_seven_animals_for_four_equal_groups() -> None:
    with pytest.raises(ProtocolError) as caught:
        allocate(herd(7), two_by_two(2), seed=1)
    (complaint,) = caught.value.complaints
    assert complaint.expected == "8 animals: 4 groups of 2"
    assert complaint.found == "7 animals, which do not make 4 equal groups"
    assert complaint.do == "add 1 in animals.csv, or change per_group"


def test_other_equal_groups_are_proposed() -> None:
    with pytest.raises(ProtocolError, match="set per_group to 3, or take out 4 in") as caught:
        allocate(herd(12), two_by_two(2), seed=1)
    assert len(caught.value.complaints) == 1


def test_no_animals() -> None:
    with pytest.raises(ProtocolError, match="no animals"):
        allocate([], two_by_two(2), seed=1)


def test_all_complaints_come_at_once() -> None:
    animals = [*herd(6, cage="1"), Animal(id="m0 ", cage="2")]
    design = two_by_two(2, block="cage", balances=(Balance(name="side", levels=("L", "L")),))
    with pytest.raises(ProtocolError) as caught:
        allocate(animals, design, seed=1)
    places = [complaint.where for complaint in caught.value.complaints]
    assert places == ["animal M0", "", "balance side", "cage 1", "cage 2"]


def test_animal_without_block() -> None:
    with pytest.raises(ProtocolError, match="none for M0, M1"):
        allocate(herd(8), two_by_two(2, block="cage"), seed=1)


def test_unknown_block_column() -> None:
    with pytest.raises(ProtocolError, match="cage, sex, strain, birth"):
        allocate(herd(8), two_by_two(2, block="litter"), seed=1)


def test_wrong_seed() -> None:
    with pytest.raises(UsageError, match="whole number"):
        allocate(herd(8), two_by_two(2), seed=-1)


def test_stages_make_every_split_even() -> None:
    """After the first stage half have magnesium; the second splits each half."""
    key = allocate(herd(8), two_by_two(2), seed=4)
    levels = sorted(a.cell for a in key.assignments)
    assert all(first <= second for first, second in pairwise(levels))
    assert Counter(cell[0] for cell in levels) == {"no": 4, "yes": 4}
