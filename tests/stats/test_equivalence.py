"""Two one-sided tests."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.model.equivalence import Equivalence
from littermate.stats.equivalence import equivalences, tost, tost_two_groups
from littermate.stats.factorial import fit_formula

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"
SALINE, KETAMINE = [10.0, 12, 11, 9, 13, 11], [11.0, 10, 12, 13, 10, 12]


@pytest.fixture
def analysis() -> Analysis:
    frame = pd.DataFrame({"y": SALINE + KETAMINE, "ketamine": ["saline"] * 6 + ["ketamine"] * 6})
    return fit_formula(frame, "y ~ ketamine")


@pytest.fixture
def difference(analysis: Analysis) -> Difference:
    return analysis.differences[0]


def test_it_is_two_t_tests(difference: Difference) -> None:
    found = tost(difference, 2.0)
    lower = stats.ttest_ind([y + 2 for y in KETAMINE], SALINE, alternative="greater")
    upper = stats.ttest_ind([y - 2 for y in KETAMINE], SALINE, alternative="less")
    assert (found.p_lower, found.p_upper) == pytest.approx((lower.pvalue, upper.pvalue))
    assert found.p == max(found.p_lower, found.p_upper)
    assert found.p_difference == pytest.approx(difference.p)


@pytest.mark.parametrize("welch", [True, False])
def test_two_groups_with_one_error_or_two(welch: bool) -> None:
    few = SALINE[:4]
    found = tost_two_groups(KETAMINE, few, 2.0, welch=welch)
    reference = stats.ttest_ind(KETAMINE, few, equal_var=not welch)
    assert found.df == pytest.approx(reference.df)
    assert found.p_difference == pytest.approx(reference.pvalue)
    assert found.interval == pytest.approx(tuple(reference.confidence_interval(0.9)))


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
@pytest.mark.parametrize("name", ["student_200", "welch_200", "student_d1", "welch_300"])
def test_r_of_the_reference_case(name: str) -> None:
    frame = pd.read_csv(ORACLES / "tost_2x2.csv")
    one, other = (frame.distance[frame.group == level] for level in ("ketamine", "saline"))
    line = json.loads((ORACLES / "tost_2x2.json").read_text(encoding="utf-8"))["expected"][name]
    in_sd = name == "student_d1"
    found = tost_two_groups(one, other, 1.0 if in_sd else line["bound"], in_sd=in_sd, welch=name.startswith("welch"))
    assert found.smallest_effect == pytest.approx(line["bound"], rel=1e-12)
    for value in ("t_lower", "p_lower", "t_upper", "p_upper", "df"):
        assert getattr(found, value) == pytest.approx(line[value], rel=1e-9), value
    assert found.p == pytest.approx(line["p_tost"], rel=1e-9)
    assert found.interval == pytest.approx(tuple(line["ci90"]), rel=1e-9)


def test_shown_where_the_interval_is_within(difference: Difference) -> None:
    reach = max(map(abs, tost(difference, 1.0).interval))
    assert tost(difference, reach * 1.001).within_bounds
    assert not tost(difference, reach * 0.999).within_bounds


def shifted(by: float, bound: float) -> Equivalence:
    return tost_two_groups([y + by for y in SALINE], SALINE, bound)


@pytest.mark.parametrize(
    ("by", "bound", "says"),
    [
        (0, 2, "equivalent"),
        (3, 6, "different but within bounds"),
        (3, 3, "different and not equivalent"),
        (1, 1, "not shown"),
    ],
)
def test_words_follow_both_tests(by: float, bound: float, says: str) -> None:
    found = shifted(by, bound)
    assert found.says == says
    low, high = stats.t.interval(0.95, found.df, found.estimate, found.se)
    assert (not low < 0 < high) == says.startswith("different")
    assert (-bound < found.interval[0] and found.interval[1] < bound) == found.within_bounds


def test_every_difference_of_an_analysis_with_the_alpha_of_its_plan(frame: pd.DataFrame) -> None:
    analysis = fit_formula(frame, "y ~ magnesium * ketamine", alpha=0.1)
    found = equivalences(analysis, 3.0)
    assert [one.label for one in found.tests] == [one.label for one in analysis.differences]
    assert {one.interval_level for one in found.tests} == {0.8}
    assert found.tests[-1].estimate == pytest.approx(0, abs=1e-12)
    assert found.tests[-1].says == "not shown"


def test_bounds_in_residual_sd(analysis: Analysis) -> None:
    found = equivalences(analysis, 1.5, in_sd=True)
    sd = math.sqrt((stats.tvar(SALINE) + stats.tvar(KETAMINE)) / 2)
    assert found.smallest_effect == pytest.approx(1.5 * sd)
    assert found.tests[0] == tost(analysis.differences[0], found.smallest_effect or 0)
    assert "1.5 residual SD" in found.note


def test_without_a_smallest_effect_it_is_said(analysis: Analysis) -> None:
    found = equivalences(analysis, None)
    assert found.tests == () and "states no smallest effect" in found.note


@pytest.mark.parametrize(
    ("smallest", "alpha"), [(0.0, 0.05), (-1.0, 0.05), (math.nan, 0.05), (math.inf, 0.05), (1.0, 0.6)]
)
def test_bounds_that_cannot_be_meant(difference: Difference, smallest: float, alpha: float) -> None:
    with pytest.raises(UsageError):
        tost(difference, smallest, alpha)


@pytest.mark.parametrize("groups", [([1.0], [1.0, 2]), ([1, math.nan], [1, 2]), ([3, 3], [4, 4])])
def test_groups_without_an_error(groups: tuple[list[float], list[float]]) -> None:
    with pytest.raises(AnalysisError):
        tost_two_groups(*groups, 1.0)
