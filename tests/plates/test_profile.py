"""The 4PL reference is base R's (references/profile_ci.R); a straight line's interval is Fieller's, in closed form."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from littermate.plates.curve import fit_curve

REFERENCE = Path(__file__).parent / "references" / "profile_ci.json"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_4pl_limits_are_those_of_r(place):
    case = json.loads(REFERENCE.read_text(encoding="utf-8"))
    row = case["limits"][place]
    found = fit_curve(case["x"], case["y"], model="4pl").concentration(row["signal"], wells=2, ci_method="profile")
    assert found.value == pytest.approx(row["value"], rel=1e-6)
    assert found.ci == pytest.approx((row["low"], row["high"]), rel=1e-7)


def fieller(x, y, signal, wells):
    """Fieller's limits of a straight line read backwards (Draper and Smith, Applied Regression Analysis, 3.2)."""
    n, mean = len(x), np.mean(x)
    sxx = np.sum((x - mean) ** 2)
    slope = np.sum((x - mean) * y) / sxx
    s2 = np.sum((y - np.mean(y) - slope * (x - mean)) ** 2) / (n - 2)
    t2 = stats.t.ppf(0.975, n - 2) ** 2
    d = signal - np.mean(y)
    a, b, c = slope**2 - t2 * s2 / sxx, -2 * slope * d, d**2 - t2 * s2 * (1 / wells + 1 / n)
    root = math.sqrt(b * b - 4 * a * c)
    return mean + (-b - root) / (2 * a), mean + (-b + root) / (2 * a)


def test_a_straight_line_gives_fiellers_limits():
    x, y = np.array([0.0, 1, 2, 3, 4]), np.array([0.1, 0.9, 1.9, 3.1, 3.9])
    found = fit_curve(x, y, model="linear").concentration(2.0, wells=2, ci_method="profile")
    assert found.ci == pytest.approx(fieller(x, y, 2.0, 2), rel=1e-8)


def test_limits_that_the_standards_leave_open_are_none_with_a_reason():
    """A slope that is hardly one: Fieller's set is not an interval."""
    curve = fit_curve([0, 1, 2, 3, 4], [1.0, 1.9, 0.8, 2.1, 1.6], model="linear")
    found = curve.concentration(1.5, ci_method="profile")
    assert found.value is not None and None in found.ci and "limit" in found.ci_reason
    plateau = fit_curve(
        [0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16],
        [0.05, 0.06, 0.9, 1.0, 1.5, 1.7, 1.9, 2.0, 2.0, 2.1, 2.02, 2.06],
        model="4pl",
    )
    high = plateau.concentration(float(plateau.signal(14.0)), ci_method="profile")
    assert high.ci[1] is None and high.ci[0] > 1 and high.ci_reason.startswith("no upper limit")


def test_exact_standards_fall_back_to_the_delta_method():
    curve = fit_curve([0, 1, 2, 4], [0, 1, 2, 4], model="linear")
    assert curve.concentration(3.0, ci_method="profile").ci == pytest.approx((3, 3), abs=1e-9)
