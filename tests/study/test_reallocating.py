"""The allocations that a study's own scheme could have made."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.errors import AnalysisError
from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.design import Design, Factor
from littermate.model.plan import Plan
from littermate.planning.allocate import allocate
from littermate.stats.allocations import cell_numbers
from littermate.stats.factorial import fit
from littermate.stats.randomization import randomization_test
from littermate.stats.table import Table
from littermate.study.reallocating import scheme_allocations

DIET = Factor(name="diet", levels=("control", "deficient"))
DRUG = Factor(name="drug", levels=("saline", "ketamine"))


def key(*factors: Factor, animals: int, in_cages_of: int) -> Allocation:
    mice = [Animal(id=f"M{k:02}", cage=str(k // in_cages_of)) for k in range(animals)]
    per_group = animals // 2 ** len(factors)
    design = Design(factors=factors, per_group=per_group, stages=tuple(factor.name for factor in factors))
    return allocate(mice, design, seed=7)


def table_of(allocation: Allocation, analysed: list[str]) -> Table:
    cells = [allocation.cell_of(animal) for animal in analysed]
    factors = {name: [cell[at] for cell in cells] for at, name in enumerate(allocation.factors)}
    values = np.random.default_rng(1).normal(size=len(analysed))
    return Table(outcome="y", values=values, units=analysed, factors=factors)


def test_few_are_all_listed_and_the_one_that_was_made_is_among_them() -> None:
    allocation = key(DIET, animals=8, in_cages_of=8)
    analysed = ["M05", "M00", "M01", "M02", "M04", "M07", "M03"]
    plan = Plan(outcome="y", factors=("diet",))
    (found,) = scheme_allocations(allocation, plan, analysed, seed=1)
    assert found.exhaustive and found.seed is None and found.cells.shape == (70, 7)
    table = table_of(allocation, analysed)
    test = randomization_test(table, fit(table, plan, unit=""), [found], reference_levels={"diet": DIET.levels})
    assert test.effect("diet").count == 70


def test_cells_are_numbered_by_the_plan() -> None:
    allocation = key(DIET, DRUG, animals=8, in_cages_of=8)
    analysed = [animal.id for animal in allocation.animals]
    plan = Plan(outcome="y", factors=("drug", "diet"))
    (found,) = scheme_allocations(allocation, plan, analysed, seed=1)
    made = cell_numbers(table_of(allocation, analysed), {"drug": DRUG.levels, "diet": DIET.levels})
    assert made.tolist() in found.cells.tolist()
    (one,) = scheme_allocations(allocation, replace(plan, factors=("drug",)), analysed, seed=1)
    assert np.array_equal(one.cells, found.cells // 2)


def test_many_are_drawn_and_cages_stay_whole() -> None:
    allocation = key(replace(DIET, given_to="cage"), DRUG, animals=32, in_cages_of=4)
    analysed = [animal.id for animal in allocation.animals]
    plan = Plan(outcome="y", factors=("diet", "drug"))
    cages, animals = scheme_allocations(allocation, plan, analysed, seed=3, count=50)
    assert (cages.factors, animals.factors) == (("diet",), ("drug",))
    assert (cages.seed, cages.exhaustive, cages.cells.shape) == (3, False, (50, 32))
    diets = (cages.cells // 2).reshape(50, 8, 4)
    assert np.all(diets == diets[:, :, :1])


def test_a_key_without_its_design() -> None:
    allocation = replace(key(DIET, animals=8, in_cages_of=8), design=None)
    with pytest.raises(AnalysisError, match="earlier version"):
        scheme_allocations(allocation, Plan(outcome="y", factors=("diet",)), ["M00"], seed=1)
