import pytest

from littermate.report.numbers import bounded, decimals_for, interval, number, p_text, significant


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.05, "p = .050"), (0.0004, "p = 4.0 × 10⁻⁴"), (1.0, "p > .999"), (0.0, "p < 10⁻³⁰⁰"), (0.9994, "p = .999")],
)
def test_p_is_printed_exactly(p, text):
    assert p_text(p) == text


def test_missing_is_never_a_number():
    assert number(None) == "missing"
    assert number(float("nan")) == "missing"
    assert significant(None) == "missing"


def test_minus_sign_and_zero():
    assert number(-2.5, 1) == "−2.5"
    assert number(-0.01, 1) == "0.0"
    assert bounded(-0.25, 2) == "−.25"
    assert significant(0.0) == "0"


def test_infinite_ends_of_an_interval_are_said():
    assert interval((float("-inf"), 3.0), 1) == "[−∞, 3.0]"


def test_decimals_follow_the_standard_error():
    assert [decimals_for(se) for se in (0.0012, 0.1, 9.9, 10.0, 5000.0, None, 0.0)] == [4, 2, 1, 0, 0, 2, 2]
