"""Minimum effective dose against multcomp's step-down and the multivariate t of mvtnorm (reference/dose.R)."""

import json
from pathlib import Path
from typing import Any

import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.stats.effective_dose import minimum_effective_dose
from littermate.stats.table import Table
from littermate.stats.williams import smoothed_means, williams_p

R = json.loads((Path(__file__).parent / "reference" / "dose.json").read_text(encoding="utf-8"))


def table_of(dose: Any, y: Any) -> Table:
    units = [f"K{row}" for row in range(len(y))]
    return Table(outcome="immobility", values=y, factors={}, units=units, covariates={"ketamine": dose})


def three_a_dose(*means: float) -> Table:
    doses = (0, 3, 10, 30, 100)[: len(means)]
    y = [mean + apart for mean in means for apart in (-2, 0, 2)]
    return table_of([dose for dose in doses for _ in range(3)], y)


@pytest.mark.parametrize(("direction", "side"), [("two-sided", "two.sided"), ("down", "less")])
def test_step_down_dunnett(direction: str, side: str) -> None:
    one = R["one"]
    found = minimum_effective_dose(table_of(one["dose"], one["y"]), "ketamine", direction=direction)
    ours = [group.p for group in found.groups[1:]]
    assert ours == pytest.approx(R["dunnett"][side], abs=1e-6)


def test_williams_p() -> None:
    case = R["williams"]
    ours = [williams_p(t, case["sizes"], case["df"]) for t in case["t"]]
    assert ours == pytest.approx(case["p"], abs=3e-6)


@pytest.mark.parametrize(("k", "critical"), [(1, 1.645), (2, 1.716), (3, 1.739), (4, 1.750), (5, 1.756)])
def test_williams_printed_table(k: int, critical: float) -> None:
    """Williams 1971, table 1: alpha .05, infinite degrees of freedom, equal groups."""
    assert williams_p(critical, (8,) * (k + 1), 10**6) == pytest.approx(0.05, abs=6e-5)


def test_smoothing_weighs_by_size() -> None:
    assert smoothed_means([2, 1], [1, 3]).tolist() == [1.25, 1.25]
    assert smoothed_means([1, 2, 3], [5, 1, 9]).tolist() == [1, 2, 3]


def test_the_lowest_dose_with_all_higher_ones() -> None:
    found = minimum_effective_dose(three_a_dose(100, 99, 98, 60, 40), "ketamine")
    assert (found.dose, found.highest_without) == (30, 10)
    assert "10 is not shown to differ" in found.says


def test_williams_finds_a_trend_that_dunnett_misses() -> None:
    table = three_a_dose(100, 97.6, 97.2, 96.4)
    dunnett, williams = (
        minimum_effective_dose(table, "ketamine", method=m, direction="down") for m in ("Dunnett", "Williams")
    )
    assert williams.groups[-1].p is not None and dunnett.groups[-1].p is not None
    assert williams.groups[-1].p < dunnett.groups[-1].p


def test_no_effective_dose_is_no_proof() -> None:
    found = minimum_effective_dose(three_a_dose(100, 101, 99, 100), "ketamine")
    assert found.dose is None and found.highest_without == 30
    assert "not a proof of no effect" in found.says


def test_an_answer_that_turns_back() -> None:
    up_again = minimum_effective_dose(three_a_dose(100, 60, 60, 100), "ketamine")
    assert up_again.dose is None and "turns back" in up_again.says
    beyond = minimum_effective_dose(three_a_dose(100, 60, 60, 140), "ketamine")
    assert "no dose is minimal" in beyond.says


def test_another_control() -> None:
    table = table_of([1, 1, 1, 5, 5, 5], [10, 12, 11, 30, 31, 29])
    assert minimum_effective_dose(table, "ketamine", control=1.0).dose == 5
    with pytest.raises(AnalysisError, match="a control group at dose 0"):
        minimum_effective_dose(table, "ketamine")


def test_refusals() -> None:
    with pytest.raises(AnalysisError, match="several animals a dose"):
        minimum_effective_dose(table_of([0, 1, 3], [9, 8, 5]), "ketamine")
    with pytest.raises(AnalysisError, match="without spread"):
        minimum_effective_dose(table_of([0, 0, 0, 1, 1, 1], [9, 9, 9, 5, 5, 5]), "ketamine")
    with pytest.raises(UsageError, match="one of Dunnett, Williams"):
        minimum_effective_dose(three_a_dose(1, 2), "ketamine", method="Tukey", direction="sideways")
