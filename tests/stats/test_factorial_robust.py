"""Welch-James, the ANOVA-type statistic and aligned ranks are the formulas of their papers, as R computes them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.stats.aligned_ranks import aligned_ranks, check_alignment
from littermate.stats.ats import ats, relative_effects
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.table import Table
from littermate.stats.welch import welch_james, welch_t

Planned = Callable[..., PlannedModel]
CASES = {
    "two_by_two": ("magnesium", "ketamine"),
    "three_by_two": ("diet", "ketamine"),
    "three_factors": ("sex", "a", "b"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("welch_james", welch_james),
        ("ats", ats),
        ("rank_ats", lambda model: ats(model, on="ranks")),
        ("pseudo_ats", lambda model: ats(model, on="pseudo-ranks")),
        ("aligned_ranks", aligned_ranks),
    ],
)
def test_numbers_are_those_of_the_formulas(
    planned: Planned, robust: dict[str, Any], case: str, name: str, method: Any
) -> None:
    found = method(planned(case, *CASES[case]))
    expected = robust[case][name]
    assert [effect.term for effect in found.effects] == list(expected)
    for effect in found.effects:
        for key, value in expected[effect.term].items():
            assert getattr(effect, key) == pytest.approx(value, rel=1e-9), (effect.term, key)


def test_one_degree_of_freedom_is_welch(planned: Planned) -> None:
    """In two groups both statistics are the square of Welch's t, with its degrees of freedom."""
    model = planned("two_by_two", "ketamine")
    ketamine = np.array(model.table.factors["ketamine"]) == "ketamine"
    t = welch_t(model.table.values[ketamine], model.table.values[~ketamine])
    for found in (ats(model).effects[0], welch_james(model).effects[0]):
        assert (found.f, found.df_error, found.p) == pytest.approx((t.t**2, t.df, t.p), rel=1e-11)


def table(values: tuple[float, ...], cells: str, **more: Any) -> Table:
    return Table(outcome="y", values=values, factors={"a": cells, **more}, units=[str(k) for k in range(len(values))])


def test_complete_separation_by_eye() -> None:
    """Ranks 1 2 3 against 4 5 6: means 2 and 5, variances 1; F = 3^2 / (1/3 + 1/3)."""
    model = planned_model(table((1, 2, 3, 10, 20, 90), "xxxyyy"), Plan(outcome="y", factors=("a",)))
    assert ats(model, on="ranks").effects[0].f == pytest.approx(13.5)
    assert relative_effects(model) == {("x",): 0.25, ("y",): 0.75}


def test_equal_cells_rank_as_pseudo_ranks() -> None:
    model = planned_model(table((1, 5, 3, 5, 20, 90), "xxxyyy"), Plan(outcome="y", factors=("a",)))
    one, other = ats(model, on="ranks").effects[0], ats(model, on="pseudo-ranks").effects[0]
    assert (one.f, one.df_error) == pytest.approx((other.f, other.df_error), rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_alignment_takes_every_other_effect_out(planned: Planned, case: str) -> None:
    assert max(check.largest_other_f for check in check_alignment(planned(case, *CASES[case]))) < 1e-20


def test_alignment_in_equal_cells_sums_to_zero() -> None:
    values = (1.0, 5, 3, 5, 20, 90, 2, 4)
    model = planned_model(table(values, "xxxxyyyy", b="ppqqppqq"), Plan(outcome="y", factors=("a", "b")))
    assert [check.mean for check in check_alignment(model)] == pytest.approx([0, 0, 0], abs=1e-12)


def test_cells_too_small_are_named() -> None:
    model = planned_model(table((1, 2, 3, 5, 6), "xxxyz"), Plan(outcome="y", factors=("a",)))
    for method in (ats, welch_james):
        with pytest.raises(AnalysisError, match="found:    fewer: y; z"):
            method(model)


def test_a_constant_cell_stops_what_needs_its_variance() -> None:
    model = planned_model(table((1, 2, 3, 6, 6, 6), "xxxyyy"), Plan(outcome="y", factors=("a",)))
    assert ats(model).effects[0].df_error == pytest.approx(2)
    with pytest.raises(AnalysisError, match="one value only in y"):
        welch_james(model)


def test_ranks_tied_in_every_cell_are_refused() -> None:
    model = planned_model(table((1, 1, 2, 5, 5, 5, 5, 5), "xxxyyyzz"), Plan(outcome="y", factors=("a",)))
    assert ats(model, on="ranks").effects[0].p < 1


def test_blocks_are_refused(planned: Planned) -> None:
    with pytest.raises(AnalysisError, match="crossed factors only"):
        ats(planned("in_blocks", "diet", "ketamine", blocks=("membrane",)))


def test_unknown_scores(planned: Planned) -> None:
    with pytest.raises(UsageError, match="pseudo-ranks"):
        ats(planned("two_by_two", "magnesium"), on="logs")
