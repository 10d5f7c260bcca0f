"""Two one-sided tests."""

import pandas as pd
import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.model.analysis import Difference
from littermate.stats.equivalence import tost
from littermate.stats.factorial import fit_formula

SALINE, KETAMINE = [10.0, 12, 11, 9, 13, 11], [11.0, 10, 12, 13, 10, 12]


@pytest.fixture
def difference() -> Difference:
    frame = pd.DataFrame({"y": SALINE + KETAMINE, "ketamine": ["saline"] * 6 + ["ketamine"] * 6})
    return fit_formula(frame, "y ~ ketamine").differences[0]


def test_it_is_two_t_tests(difference: Difference) -> None:
    found = tost(difference, 2.0)
    lower = stats.ttest_ind([y + 2 for y in KETAMINE], SALINE, alternative="greater")
    upper = stats.ttest_ind([y - 2 for y in KETAMINE], SALINE, alternative="less")
    assert (found.p_lower, found.p_upper) == pytest.approx((lower.pvalue, upper.pvalue))
    assert found.p == max(found.p_lower, found.p_upper)


def test_words_follow_the_interval(difference: Difference) -> None:
    reach = max(map(abs, tost(difference, 1.0).interval))
    assert tost(difference, reach * 1.001).says == "equivalent"
    assert tost(difference, reach * 0.999).says == "not shown"


@pytest.mark.parametrize(("smallest", "alpha"), [(0.0, 0.05), (-1.0, 0.05), (float("nan"), 0.05), (1.0, 0.6)])
def test_bounds_that_cannot_be_meant(difference: Difference, smallest: float, alpha: float) -> None:
    with pytest.raises(UsageError):
        tost(difference, smallest, alpha)
