"""Balance: each group by its name once the key is open; before that, one line a column and nothing of a group."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.model.balance import ColumnBalance
from littermate.model.design import Design, Factor
from littermate.planning.allocate import allocate
from littermate.planning.balance import balance_table, column_balance, expected_balance, weight_gaps
from littermate.planning.redraw import redraw

DRUG = Factor(name="drug", levels=("a", "b"))


def test_each_group_has_its_line() -> None:
    animals = [
        Animal(id="1", sex="m", weight_g=30.0, cage="1", birth=date(2026, 3, 1)),
        Animal(id="2", sex="f", weight_g=34.0, cage="1", birth=date(2026, 3, 5)),
        Animal(id="3", sex="m"),
    ]
    cells = {"1": ("a",), "2": ("a",), "3": ("b",)}
    key = Allocation(
        factors=("drug",),
        assignments=tuple(Assignment(animal=animal, cell=cell) for animal, cell in cells.items()),
        balanced=(),
        seed=1,
        scheme="",
    )
    first, second = balance_table(animals, key)
    assert (first.n, first.weight_mean_g, first.sexes) == (2, 32.0, (("f", 1), ("m", 1)))
    assert (first.age_mean_d, first.cages, second.age_mean_d, second.cages) == (2.0, 1, None, 0)
    assert first.weight_sd_g == pytest.approx(8**0.5)
    assert (second.n, second.weighed, second.weight_mean_g, second.weight_sd_g) == (1, 0, None, None)


def halves(animals: list[Animal], *, to_cages: bool = False) -> tuple[ColumnBalance, ...]:
    """Give the first half one level, the second the other."""
    factor = dataclasses.replace(DRUG, given_to="cage") if to_cages else DRUG
    half = len(animals) // 2
    key = Allocation(
        factors=("drug",),
        assignments=tuple(
            Assignment(animal=animal.id, cell=(DRUG.levels[k // half],)) for k, animal in enumerate(animals)
        ),
        balanced=(),
        seed=1,
        scheme="",
        design=Design(factors=(factor,), per_group=half, stages=("drug",)),
    )
    return column_balance(animals, key)


def test_a_difference_is_in_sd_of_all_animals() -> None:
    """Weights 1, 3 | 2, 6: means 2 and 4, SD of all four 2.16."""
    weight, _ = halves([Animal(id=str(k), weight_g=w) for k, w in enumerate((1.0, 3.0, 2.0, 6.0))])
    assert weight.means == (2.0, 4.0)
    assert weight.largest_difference == pytest.approx(2 / np.std([1, 3, 2, 6], ddof=1), rel=1e-12)


def test_means_stand_in_order_of_size_whatever_the_group() -> None:
    up, down = (
        [Animal(id=str(k), weight_g=w) for k, w in enumerate(ws)] for ws in ((1.0, 2.0, 3.0, 4.0), (4.0, 3.0, 2.0, 1.0))
    )
    assert halves(up) == halves(down)


def test_age_sex_strain_and_cage_have_their_lines() -> None:
    animals = [
        Animal(id=str(k), sex="fffm"[k], strain="CD1", cage="1122"[k], birth=date(2026, 3, 1 + k)) for k in range(4)
    ]
    _, birth, sex, cage = halves(animals)
    assert (birth.column, birth.means, birth.unit) == ("birth", (0.5, 2.5), "days after the first")
    assert (sex.column, sex.largest_difference) == ("sex", pytest.approx(0.5 / 0.5))  # shares 1 and 1/2, SD 1/2
    assert (cage.column, cage.largest_difference, cage.means) == ("cage", pytest.approx(1 / 3**-0.5), ())
    assert [one.column for one in halves(animals, to_cages=True)] == ["weight", "birth", "sex"]


def test_what_is_missing_is_said() -> None:
    animals = [Animal(id=str(k), weight_g=w, cage=str(k)) for k, w in enumerate((1.0, 3.0, None, None))]
    weight, birth = halves(animals)
    assert (weight.largest_difference, weight.means, weight.remark) == (None, (), "2 of 4 missing")
    assert (birth.largest_difference, birth.remark) == (None, "4 of 4 missing")


def test_cages_too_small_to_be_even_have_no_number(founding: Design) -> None:
    animals = [Animal(id=str(k), weight_g=30.0, cage=str(k // 2)) for k in range(32)]
    cage = column_balance(animals, allocate(animals, founding, seed=1))[-1]
    assert (cage.column, cage.largest_difference, cage.remark) == (
        "cage",
        None,
        "fewer animals of each cage than groups",
    )


def test_a_weight_gap_is_that_of_the_table(mice: list[Animal], founding: Design) -> None:
    key = allocate(mice, founding, seed=1)
    row = np.array([[founding.cells.index(one.cell) for one in key.assignments]])
    (weight, *_) = column_balance(mice, key)
    assert weight_gaps(mice, founding, row)[0] == pytest.approx(weight.largest_difference, abs=1e-9)


def test_what_a_scheme_gives_is_told_without_a_draw(mice: list[Animal], founding: Design) -> None:
    """Four groups of 8: the range of four means, each of SD 1/sqrt(8), is near 2.06 / sqrt(8) = 0.73 on average."""
    weight, _, cage = expected_balance(mice, founding, redraw(mice, founding, count=2000, seed=1))
    assert (weight.column, cage.column) == ("weight", "cage")
    assert weight.median is not None and weight.p95 is not None
    assert 0.6 < weight.median < 0.85 < weight.p95
