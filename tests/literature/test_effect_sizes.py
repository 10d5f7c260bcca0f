"""Effects of what was printed: worked out by hand, each way giving what the others give."""

import math

import pytest

from littermate.literature.effect_sizes import Counts, Given, NoEffectError, Standardised, TwoArms
from littermate.model.hedges import hedges_correction

ARMS = TwoArms(n1=8, mean1=12.0, sd1=2.0, n2=8, mean2=10.0, sd2=2.0)
J = hedges_correction(14)


def test_means() -> None:
    g, variance = ARMS.effect("SMD")
    assert (g, variance) == (pytest.approx(J), pytest.approx(1 / 4 + J**2 / 32))
    assert ARMS.effect("MD") == (2.0, 1.0)
    assert ARMS.effect("ROM") == (pytest.approx(math.log(1.2)), pytest.approx((1 / 36 + 1 / 25) / 8))


def test_t_and_d_are_the_same_effect() -> None:
    of_t = Standardised.of_t(2.0, 8, 8).effect("SMD")
    assert of_t == pytest.approx(ARMS.effect("SMD"))
    assert Standardised(d=1.0, df=14, n1=8, n2=8).effect("SMD") == pytest.approx(of_t)
    assert Standardised.of_t(2.0, 8, 8, df=28).effect("SMD")[0] == pytest.approx(hedges_correction(28))
    assert Given(yi=J, vi=None, n1=8, n2=8).effect("SMD") == pytest.approx(of_t)


def test_counts() -> None:
    counts = Counts(a=2, b=6, c=4, d=4)
    assert counts.effect("RR") == (pytest.approx(math.log(0.5)), pytest.approx(1 / 2 - 1 / 8 + 1 / 4 - 1 / 8))
    assert counts.effect("OR") == (pytest.approx(math.log(1 / 3)), pytest.approx(1 / 2 + 1 / 6 + 1 / 4 + 1 / 4))


def test_a_half_is_added_only_where_a_count_is_zero() -> None:
    assert Counts(a=0, b=8, c=4, d=4).effect("OR")[0] == pytest.approx(math.log(0.5 * 4.5 / (8.5 * 4.5)))


def test_a_shared_control_is_divided() -> None:
    assert ARMS.sharing(2).n2 == 4
    assert ARMS.sharing(2).effect("MD")[1] == pytest.approx(0.5 + 1.0)
    assert Counts(a=2, b=6, c=4, d=4).sharing(2).n2 == 4
    assert Given(yi=1.0, vi=0.5).sharing(2).vi == 0.5


@pytest.mark.parametrize(
    ("evidence", "measure", "reason"),
    [
        (TwoArms(n1=8, mean1=1, sd1=0, n2=8, mean2=2, sd2=0), "SMD", "SDs of both groups are 0"),
        (TwoArms(n1=8, mean1=-1, sd1=1, n2=8, mean2=2, sd2=1), "ROM", "means above 0"),
        (Standardised(d=1, df=1, n1=2, n2=1), "SMD", "too small"),
        (Counts(a=0, b=0, c=1, d=3), "RR", "no animals"),
        (Given(yi=1, vi=0), "given", "variance is 0"),
    ],
)
def test_what_has_no_effect_says_why(evidence: TwoArms | Counts | Given, measure: str, reason: str) -> None:
    with pytest.raises(NoEffectError, match=reason):
        evidence.effect(measure)
