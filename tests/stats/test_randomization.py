"""Randomisation tests: exact ones against counting in whole numbers, drawn ones against models fitted one by one."""

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.model.randomization import Randomization
from littermate.stats.allocations import Allocations, Restriction, cell_numbers, reallocate
from littermate.stats.columns import select_columns
from littermate.stats.factorial import fit
from littermate.stats.formula import parse_formula
from littermate.stats.linear import build_design, project, sums_of_squares
from littermate.stats.randomization import Method, randomization_test
from littermate.stats.table import Floats, Table, read_table

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"
ONE = Plan(outcome="y", factors=("diet",))
TWO = Plan(outcome="y", factors=("a", "b"))
Y = (12, 15, 11, 15, 18, 13, 16, 15, 11, 19)


def redrawn(
    values: Sequence[float | None] | Floats,
    plan: Plan,
    restriction: Restriction | None = None,
    method: Method = "freedman-lane",
    **factors: Sequence[str],
) -> Randomization:
    table = Table(outcome="y", values=values, units=[f"K{k}" for k in range(len(values))], factors=factors)
    made = reallocate(table, plan, seed=1, count=200, restriction=restriction)
    return randomization_test(table, fit(table, plan, unit=""), made, method=method)


def test_two_groups_against_counting_in_whole_numbers() -> None:
    found = redrawn(Y, ONE, diet="abababbaab").effect("diet")

    def apart(group: Sequence[int]) -> int:
        return abs(2 * sum(Y[k] for k in group) - sum(Y))

    made = apart([k for k, label in enumerate("abababbaab") if label == "a"])
    assert found.b == sum(apart(group) >= made for group in itertools.combinations(range(10), 5))
    assert (found.count, found.exact, found.seed, found.mc_se) == (252, True, None, 0)
    assert found.p == found.b / 252
    largest = max(apart(group) for group in itertools.combinations(range(10), 5))
    assert found.smallest_p == sum(apart(g) == largest for g in itertools.combinations(range(10), 5)) / 252


def test_blocks_against_counting_in_whole_numbers() -> None:
    y, diet, cage = (3, 7, 5, 5, 14, 10, 12, 9, 1, 2, 5, 4), "abababbaabba", "1" * 4 + "2" * 4 + "3" * 4
    plan = Plan(outcome="y", factors=("diet",), blocks=("cage",))
    found = redrawn(y, plan, Restriction(within={"cage": cage}), diet=diet, cage=cage).effect("diet")

    def apart(sums: Sequence[int]) -> int:
        return abs(2 * sum(sums) - sum(y))

    blocks = [[y[k] + y[m] for k, m in itertools.combinations(range(at, at + 4), 2)] for at in (0, 4, 8)]
    made = apart([value for value, label in zip(y, diet, strict=True) if label == "a"])
    assert found.b == sum(apart(sums) >= made for sums in itertools.product(*blocks))
    assert found.count == 6**3


def test_all_effects_of_a_2x2_against_counting_in_whole_numbers() -> None:
    y = (3, 9, 4, 7, 7, 5, 2, 9)
    found = redrawn(y, TWO, method="sharp", a="xxxxyyyy", b="uuvvuuvv")
    signs = {"a": (1, 1, -1, -1), "b": (1, -1, 1, -1), "a:b": (1, -1, -1, 1)}

    def part(cells: Sequence[int], term: str) -> tuple[int, int]:
        """Return 4 n SS and 4 n SS error."""
        sums = [sum(value for value, cell in zip(y, cells, strict=True) if cell == own) for own in range(4)]
        effect = sum(sign * own for sign, own in zip(signs[term], sums, strict=True)) ** 2
        return effect, 8 * sum(value**2 for value in y) - 4 * sum(own**2 for own in sums)

    orders = set(itertools.permutations((0, 0, 1, 1, 2, 2, 3, 3)))
    for term in signs:
        ss, error = part((0, 0, 1, 1, 2, 2, 3, 3), term)
        larger = sum(own * error >= ss * left for own, left in (part(order, term) for order in orders))
        assert (found.effect(term).b, found.effect(term).count) == (larger, 2520)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_ties_count_whatever_the_scale(scale: float) -> None:
    plain, scaled = (redrawn(np.array(Y) * by + 0.1 * by, ONE, diet="abababbaab") for by in (1.0, scale))
    assert plain.effect("diet").b == scaled.effect("diet").b


@pytest.fixture
def uneven() -> Table:
    rng = np.random.default_rng(4)
    a, b = [*"xxxxxxxyyyyyyyy"], [*"uuuvvvvuuvvwwww"]
    b[0] = b[3] = "w"
    return Table(
        outcome="y",
        values=rng.normal(size=15) + 3 * (np.array(a) == "x") + 2 * (np.array(b) == "v"),
        units=[f"K{k}" for k in range(15)],
        factors={"a": a, "b": b, "cage": [*"123123123123123"]},
        covariates={"weight": rng.normal(30, 2, 15)},
    )


def relabelled(table: Table, cells: Sequence[int], y: Floats) -> Table:
    labels = [(one, other) for one in "xy" for other in "wuv"]
    a, b = zip(*(labels[cell] for cell in cells), strict=True)
    factors = {**table.factors, "a": a, "b": b}
    return Table(outcome="y", values=y, units=table.units, factors=factors, covariates=table.covariates)


def every_f(table: Table, plan: Plan, terms: Sequence[tuple[str, ...]]) -> dict[str, float]:
    levels = {"a": ("x", "y"), "b": ("w", "u", "v"), "cage": ("1", "2", "3")}
    design = build_design(table, terms, levels)
    error = project(design)
    scale = error.ss_error / error.df_error
    return {":".join(term): ss / df / scale for term, (df, ss) in sums_of_squares(design, type=plan.type).items()}


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_re_drawn_models_are_those_fitted_one_by_one(uneven: Table, kind: int) -> None:
    plan = replace(TWO, blocks=("cage",), covariates=("weight",), type=kind)
    terms = [("cage",), ("weight",), ("a",), ("b",), ("a", "b")]
    analysis = fit(uneven, plan, unit="")
    (made,) = reallocate(uneven, plan, seed=3, count=24)
    found = randomization_test(uneven, analysis, [made], method="sharp")
    fitted = [every_f(relabelled(uneven, row, uneven.values), plan, terms) for row in made.cells.tolist()]
    assert [effect.term for effect in found.effects] == ["a", "b", "a:b"]
    for effect in found.effects:
        assert effect.b == sum(one[effect.term] >= effect.f for one in fitted)
        assert effect.p == (effect.b + 1) / 25
        assert effect.mc_se == pytest.approx(math.sqrt(effect.p * (1 - effect.p) / 24))


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_freedman_lane_is_what_they_wrote(uneven: Table, kind: int) -> None:
    """Permuted residuals are added to what the model without the effect fits, and the design stays as it is."""
    plan = replace(TWO, type=kind)
    terms = [("a",), ("b",), ("a", "b")]
    orders = np.random.default_rng(8).permuted(np.tile(np.arange(15), (24, 1)), axis=1)
    levels = {"a": ("x", "y"), "b": ("w", "u", "v")}
    own = cell_numbers(uneven, levels)
    cells = np.empty_like(orders)
    np.put_along_axis(cells, orders, np.tile(own, (24, 1)), axis=1)
    found = randomization_test(uneven, fit(uneven, plan, unit=""), [Allocations(cells=cells, scheme="")])
    design = build_design(uneven, terms, levels)
    for term in terms:
        others = {other: columns for other, columns in design.columns.items() if other != term}
        residuals = project(replace(design, columns=others)).residuals
        fitted = uneven.values - residuals
        larger = [every_f(relabelled(uneven, own.tolist(), fitted + residuals[order]), plan, terms) for order in orders]
        effect = found.effect(":".join(term))
        assert effect.b == sum(one[effect.term] >= effect.f for one in larger)


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
def test_r_of_the_reference_case() -> None:
    chosen = select_columns(
        read_table(ORACLES / "permutation_2x2_fl.csv"), parse_formula("immobility ~ ketamine * magnesium")
    )
    plan = Plan(outcome="immobility", factors=("ketamine", "magnesium"))
    made = reallocate(chosen.table, plan, seed=1, count=20_000)
    found = randomization_test(chosen.table, fit(chosen.table, plan, unit="s"), made)
    expected = json.loads((ORACLES / "permutation_2x2_fl.json").read_text(encoding="utf-8"))["expected"]
    for term, name in {"ketamine": "ketamine", "magnesium": "magnesium", "ketamine:magnesium": "interaction"}.items():
        ours, theirs = found.effect(term), expected[name]
        assert ours.f == pytest.approx(theirs["F"], rel=1e-9)
        assert abs(ours.p - theirs["p"]) < 4 * math.hypot(ours.mc_se, theirs["mc_se"])


def test_a_unit_without_outcome_is_re_drawn_and_left_out() -> None:
    values = (*Y[:9], None)
    found = redrawn(values, ONE, diet="abababbaab").effect("diet")
    sums = [sum(Y[k] for k in group if k < 9) for group in itertools.combinations(range(10), 5)]
    sizes = [sum(k < 9 for k in group) for group in itertools.combinations(range(10), 5)]
    parts = [(9 * s - n * sum(Y[:9])) ** 2 for s, n in zip(sums, sizes, strict=True)]
    made = (9 * (Y[0] + Y[2] + Y[4] + Y[7] + Y[8]) - 5 * sum(Y[:9])) ** 2
    assert found.b == sum(part >= made for part in parts)
    assert found.count == 252


def test_an_allocation_without_answer_counts_as_larger() -> None:
    table = Table(outcome="y", values=(1, 2, 4, 6, None), units="12345", factors={"diet": "aabbb"})
    rows = np.array([[0, 0, 1, 1, 1], [0, 1, 0, 1, 1], [1, 1, 1, 1, 0]])
    found = randomization_test(table, fit(table, ONE, unit=""), [Allocations(cells=rows, scheme="")])
    assert found.effect("diet").b == 2


def cages(method: Method = "freedman-lane") -> Randomization:
    y = np.random.default_rng(5).normal(size=16)
    restriction = Restriction(clusters={"cage": "1111222233334444"})
    return redrawn(y, TWO, restriction, method, a="xxxxxxxxyyyyyyyy", b="uuvv" * 4)


def test_cages_are_drawn_whole_for_their_factor_and_animals_within_them_for_the_others() -> None:
    found = cages()
    assert [(effect.term, effect.exact, effect.count) for effect in found.effects] == [
        ("a", True, 6),
        ("b", True, 1296),
        ("a:b", True, 1296),
    ]
    assert found.effect("a").smallest_p == pytest.approx(1 / 3)
    assert found.notes == ("a: the smallest P there can be is 0.33, so that these allocations cannot reach 0.05.",)


def test_a_factor_that_was_not_drawn_has_no_test() -> None:
    found = redrawn(
        np.random.default_rng(6).normal(size=12),
        TWO,
        Restriction(within={"a": "xxxxxxyyyyyy"}),
        a="xxxxxxyyyyyy",
        b="uuuvvv" * 2,
    )
    assert [effect.term for effect in found.effects] == ["b", "a:b"]
    assert found.notes == ("No unit changed its level, so that there is no randomisation test: a.",)


def test_blocks_of_one_are_refused() -> None:
    with pytest.raises(AnalysisError, match="nothing was drawn at random"):
        redrawn(Y, ONE, Restriction(within={"cage": "0123456789"}), diet="abababbaab")


ZEROS = np.zeros((2, 4), dtype=int)
BROKEN = [
    (Allocations(cells=ZEROS[:, :3], scheme=""), UsageError, "allocations of 4 units"),
    (Allocations(cells=ZEROS[:0], scheme=""), UsageError, "allocations of 4 units"),
    (Allocations(cells=ZEROS + 2, scheme=""), UsageError, "cells from 0 to 1"),
    (Allocations(cells=ZEROS, scheme="", factors=("drug",)), UsageError, "drug"),
    (Allocations(cells=ZEROS, scheme="", exhaustive=True), AnalysisError, "they are none of them"),
]


@pytest.mark.parametrize(("allocations", "fault", "words"), BROKEN)
def test_allocations_of_something_else(allocations: Allocations, fault: type[Exception], words: str) -> None:
    table = Table(outcome="y", values=(1, 2, 4, 6), units="1234", factors={"diet": "aabb"})
    with pytest.raises(fault, match=words):
        randomization_test(table, fit(table, ONE, unit=""), [allocations])


def test_a_model_whose_blocks_cannot_be_taken_off_first(uneven: Table) -> None:
    plan = replace(ONE, factors=("a",), terms=("a", "cage", "a:cage"))
    with pytest.raises(AnalysisError, match="only added"):
        randomization_test(uneven, fit(uneven, plan, unit=""), reallocate(uneven, plan, seed=1))
    plan = replace(ONE, factors=("a",), terms=("a", "weight"), type=1)
    with pytest.raises(AnalysisError, match="before the factors"):
        randomization_test(uneven, fit(uneven, plan, unit=""), reallocate(uneven, plan, seed=1))


def test_an_interaction_of_which_a_cell_is_empty_is_refused() -> None:
    with pytest.raises(AnalysisError, match="can tell apart"):
        redrawn(np.arange(10) % 7, replace(TWO, type=2), a="xxxxyyyyzz", b="uuvvuuvvuu")


def test_where_an_empty_cell_leaves_nothing_of_the_interaction_the_others_are_tested() -> None:
    found = redrawn(np.arange(8) % 5, replace(TWO, type=2), a="xxxxyyyy", b="uuvvuuuu")
    assert [effect.term for effect in found.effects] == ["a", "b"]


def test_no_such_method() -> None:
    with pytest.raises(UsageError, match="freedman-lane, sharp"):
        redrawn(Y, ONE, None, "manly", diet="abababbaab")  # type: ignore[arg-type]
