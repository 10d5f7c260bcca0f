"""Two and more groups: Welch, Student, Games-Howell and the rank tests are R's."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from littermate.errors import AnalysisError
from littermate.stats.rank_tests import friedman, kruskal_wallis, mann_whitney
from littermate.stats.welch import games_howell, pairwise_welch, student_t, welch_anova, welch_t


@pytest.mark.parametrize(("name", "method"), [("welch", welch_t), ("student", student_t)])
def test_t_is_that_of_r(robust: dict[str, Any], name: str, method: Any) -> None:
    groups, expected = robust["groups"], robust["groups"][name]
    found = method(groups["x"], groups["y"])
    assert (found.t, found.df, found.p, found.se) == pytest.approx(
        (expected["statistic"], expected["df"], expected["p"], expected["se"]), rel=1e-9
    )
    assert found.ci95 == pytest.approx(expected["ci"], rel=1e-9)


def test_welch_anova_is_oneway_test(robust: dict[str, Any]) -> None:
    expected = robust["groups"]["one_way"]
    found = welch_anova({name: robust["groups"][name] for name in "xyz"})
    assert (found.f, found.df, found.df_error) == pytest.approx((expected["statistic"], *expected["df"]), rel=1e-9)
    assert found.p == pytest.approx(expected["p"], rel=1e-9)


def test_games_howell_is_that_of_r(robust: dict[str, Any]) -> None:
    """R's ptukey is 8e-8 from scipy's integral at these degrees of freedom; ours is scipy's."""
    found = games_howell({name: robust["groups"][name] for name in "xyz"})
    assert [f"{b}{a}" for b, a in found] == ["yx", "zx", "zy"]
    for (b, a), one in found.items():
        expected = robust["groups"]["games_howell"][f"{b}{a}"]
        assert (one.t, one.df) == pytest.approx((expected["t"], expected["df"]), rel=1e-9)
        assert one.p == pytest.approx(expected["p"], rel=2e-7)
        assert one.p == pytest.approx(stats.studentized_range.sf(abs(one.t) * 2**0.5, 3, one.df), rel=1e-10)
        assert one.ci95[1] - one.estimate == pytest.approx(expected["reach"], rel=1e-7)


def test_rank_tests_are_those_of_r(robust: dict[str, Any]) -> None:
    groups = robust["groups"]
    exact, tied = groups["wilcox"], groups["tied"]
    assert mann_whitney(groups["x"], groups["y"]) == pytest.approx((exact["statistic"], exact["p"]), rel=1e-9)
    result = tied["result"]
    assert mann_whitney(tied["a"], tied["b"]) == pytest.approx((result["statistic"], result["p"]), rel=1e-9)
    ours, expected = friedman(np.array(groups["friedman"]["data"])), groups["friedman"]
    assert (ours.statistic, ours.df, ours.p) == pytest.approx(
        (expected["statistic"], expected["df"], expected["p"]), rel=1e-9
    )


def test_kruskal_with_ties_is_that_of_r(robust: dict[str, Any]) -> None:
    expected = robust["two_by_two"]["kruskal"]
    groups: dict[str, list[float]] = {}
    for row in robust["two_by_two"]["data"]:
        groups.setdefault(row["magnesium"] + row["ketamine"], []).append(row["y"])
    found = kruskal_wallis(groups)
    assert (found.statistic, found.df, found.p) == pytest.approx(
        (expected["statistic"], expected["df"], expected["p"]), rel=1e-9
    )


@pytest.mark.parametrize("values", [[3.0], [3.0, float("nan")], []])
def test_groups_without_a_variance_are_refused(values: list[float]) -> None:
    for method in (welch_t, student_t):
        with pytest.raises(AnalysisError, match="two or more finite values in the first group"):
            method(values, [1.0, 2.0])


def test_constant_groups_are_refused() -> None:
    with pytest.raises(AnalysisError, match="one value only"):
        welch_t([2, 2], [3, 3])
    with pytest.raises(AnalysisError, match="one value only in b"):
        welch_anova({"a": [1, 2], "b": [3, 3]})
    with pytest.raises(AnalysisError, match="values that differ"):
        kruskal_wallis({"a": [1, 1], "b": [1]})
    with pytest.raises(AnalysisError, match="ties in every unit"):
        friedman(np.ones((3, 3)))


def test_one_group_is_no_comparison() -> None:
    for method in (welch_anova, kruskal_wallis):
        with pytest.raises(AnalysisError, match="two or more groups"):
            method({"a": [1, 2, 3]})
    assert pairwise_welch({"a": [1, 2, 3]}) == {}


def test_missing_values_are_refused() -> None:
    with pytest.raises(AnalysisError, match="NaN"):
        mann_whitney([1, float("nan")], [2, 3])
    with pytest.raises(AnalysisError, match="none in one"):
        mann_whitney([], [2, 3])
    with pytest.raises(AnalysisError, match="1 missing"):
        friedman(np.array([[1, np.nan], [1, 2]]))
