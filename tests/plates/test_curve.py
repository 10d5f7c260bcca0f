"""The 4PL and 5PL references are R's drc on ryegrass root lengths (../shared/oracles/drc_ryegrass.*)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from littermate.errors import PlateError, UsageError
from littermate.plates.curve import fit_curve, with_range
from littermate.plates.curve_models import MODELS

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"
DOSES = np.array([0, 15.6, 31.2, 62.5, 125, 250, 500, 1000.0])


def logistic(x, a=0.06, b=1.2, c=300.0, d=3.2, g=1.0):
    return d + (a - d) / (1 + (np.asarray(x) / c) ** b) ** g


@pytest.fixture(scope="module")
def ryegrass():
    if not (ORACLES / "drc_ryegrass.csv").is_file():
        pytest.skip("../shared/oracles is not on this machine")
    table = np.genfromtxt(ORACLES / "drc_ryegrass.csv", delimiter=",", skip_header=1)
    return table[:, 1], table[:, 0], json.loads((ORACLES / "drc_ryegrass.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("model", "name"), [("4pl", "LL4"), ("5pl", "LL5")])
def test_ryegrass_reaches_the_sum_of_squares_of_drc(ryegrass, model, name):
    x, y, case = ryegrass
    curve = fit_curve(x, y, model=model)
    assert curve.residual_sd**2 * curve.df <= case["expected"][name]["rss"] * (1 + 1e-9)


def test_ryegrass_4pl_parameters(ryegrass):
    x, y, case = ryegrass
    terms = {row["term"][0]: row["Estimate"] for row in case["expected"]["LL4"]["coef"]}
    found = dict(fit_curve(x, y, model="4pl").parameters)
    expected = {"a": terms["d"], "b": terms["b"], "c": terms["e"], "d": terms["c"]}
    assert found == pytest.approx(expected, rel=case["tolerance"]["rel"])


@pytest.mark.parametrize("model", ["4pl", "5pl"])
def test_ryegrass_is_the_optimum_to_1e_6(ryegrass, model):
    """The residuals are at right angles to the gradient, and another optimiser, without it, comes to the same place."""
    x, y, _ = ryegrass
    found = fit_curve(x, y, model=model)
    p = np.array([value for _, value in found.parameters])
    gradient = MODELS[model].gradient(x, p) * p
    residual = y - found.signal(x)
    assert np.abs(gradient.T @ residual).max() < 1e-6 * np.linalg.norm(gradient) * np.linalg.norm(residual)
    if model == "4pl":
        other, _ = optimize.curve_fit(logistic, x, y, p * 1.05, ftol=1e-15, xtol=1e-15, gtol=1e-15, maxfev=10_000)
        assert p == pytest.approx(other, rel=1e-6)


@pytest.mark.parametrize("weights", ["none", "1/y", "1/y2"])
@pytest.mark.parametrize(
    ("model", "truth"),
    [
        ("linear", (0.1, 0.001)),
        ("quadratic", (0.09, 1.1e-3, -1e-7)),
        ("4pl", (0.06, 1.2, 300.0, 3.2)),
        ("5pl", (0.06, 1.2, 300.0, 3.2, 0.6)),
    ],
)
def test_exact_data_give_the_true_parameters(model, truth, weights):
    signals = MODELS[model].signal(DOSES, np.array(truth))
    curve = fit_curve(DOSES, signals, model=model, weights=weights)
    assert [value for _, value in curve.parameters] == pytest.approx(truth, rel=1e-6)
    assert curve.r_squared == pytest.approx(1, abs=1e-12)
    assert curve.concentration(float(curve.signal(77.0))).value == pytest.approx(77, rel=1e-6)


def test_quadratic_on_exact_data_to_1e_9_and_by_the_rising_root():
    x = np.array([0, 125, 250, 500, 750, 1000, 1500, 2000.0])
    y = 0.09 + 1.1e-3 * x - 2.2e-7 * x**2
    curve = fit_curve(x, y, model="quadratic")
    for truth in (125.0, 333.0, 1000.0, 1999.0, 2000.0):
        signal = 0.09 + 1.1e-3 * truth - 2.2e-7 * truth**2
        assert curve.concentration(signal).value == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize("model", ["linear", "quadratic", "4pl", "5pl"])
def test_gradient_and_slope_are_those_of_the_formula(model):
    p = np.array([0.1, 1.3, 0.004] if model == "quadratic" else [0.1, 1.3, 40.0, 2.5, 0.7])
    p = p[: len(MODELS[model].parameters)]
    x, step = np.array([3.0, 40.0, 300.0]), 1e-6
    for index, column in enumerate(MODELS[model].gradient(x, p).T):
        h = np.zeros_like(p)
        h[index] = step * p[index]
        numeric = (MODELS[model].signal(x, p + h) - MODELS[model].signal(x, p - h)) / (2 * h[index])
        assert column == pytest.approx(numeric, rel=1e-6, abs=1e-12)
    numeric = (MODELS[model].signal(x * (1 + step), p) - MODELS[model].signal(x * (1 - step), p)) / (2 * step * x)
    assert MODELS[model].slope(x, p) == pytest.approx(numeric, rel=1e-6)


def test_a_falling_curve_is_read_as_well():
    curve = fit_curve(DOSES, logistic(DOSES, a=3.2, d=0.06), model="4pl")
    assert curve.concentration(float(logistic(200.0, a=3.2, d=0.06))).value == pytest.approx(200, rel=1e-6)
    assert curve.concentration(3.19).reason == "below the lowest usable standard (15.6)"
    parabola = fit_curve([0, 1, 2, 3, 4], [10, 9, 7.8, 6.4, 4.8], model="quadratic")
    assert parabola.concentration(7.8).value == pytest.approx(2)


def test_out_of_range_has_a_reason_and_no_number():
    curve = fit_curve(DOSES, logistic(DOSES), model="4pl")
    for concentration, word in ((15.0, "below"), (1001.0, "above"), (1e9, "above")):
        found = curve.concentration(float(logistic(concentration)))
        assert found.value is None and found.ci is None and word in found.reason
    assert curve.concentration(float(logistic(1000))).value == pytest.approx(1000)


def test_back_calculation_beyond_the_asymptote_is_none():
    curve = fit_curve(DOSES, logistic(DOSES), model="4pl")
    assert curve.back_calculate(3.3) is None and curve.back_calculate(0.01) is None


def test_interval_of_a_straight_line():
    """Worked by hand: x 0, 1, 2, 3; residuals +-0.1 give s = 0.2 / sqrt(2) = 0.1414; Fieller's first-order form."""
    x, y = [0.0, 1.0, 2.0, 3.0], [0.1, 0.9, 1.9, 3.1]
    curve = fit_curve(x, y, model="linear")
    parameters = dict(curve.parameters)
    assert (parameters["a"], parameters["b"]) == (pytest.approx(0), pytest.approx(1))
    assert curve.residual_sd == pytest.approx(math.sqrt(0.04 / 2))
    found = curve.concentration(2.0, wells=2)
    error = math.sqrt(0.02) * math.sqrt(1 / 2 + 1 / 4 + (2 - 1.5) ** 2 / 5)
    assert found.ci == pytest.approx((2 - 4.302652729749 * error, 2 + 4.302652729749 * error))


def test_a_mean_of_n_wells_counts_n_fold():
    x, wells = [0.0, 1.0, 2.0, 3.0], [1, 3, 2, 1]
    y = [0.1, 0.9, 1.9, 3.1]
    means = fit_curve(x, y, model="linear", wells=wells)
    single = fit_curve(np.repeat(x, wells), np.repeat(y, wells), model="linear")
    assert [value for _, value in means.parameters] == pytest.approx([value for _, value in single.parameters])


def test_coverage_of_the_interval_is_about_95_percent():
    random = np.random.default_rng(8)
    x = np.repeat(DOSES, 2)
    inside = 0
    for _ in range(300):
        curve = fit_curve(x, logistic(x) * (1 + 0.03 * random.standard_normal(16)), model="4pl", weights="1/y2")
        mean = float(np.mean(logistic(140.0) * (1 + 0.03 * random.standard_normal(2))))
        low, high = curve.concentration(mean, wells=2).ci
        inside += low < 140 < high
    assert 275 <= inside <= 295  # 285 +- 2.6 binomial standard deviations


def test_as_many_points_as_parameters_gives_no_interval_and_says_so():
    curve = fit_curve([1, 2, 3, 4], logistic([1, 2, 3, 4], c=2.0), model="4pl")
    assert curve.residual_sd is None and curve.concentration(float(curve.signal(2.5))).ci is None
    assert any("cannot be judged" in fault.words for fault in curve.faults())


def test_a_bad_curve_is_called_bad():
    noise = fit_curve([0, 1, 2, 3, 4], [0.5, 0.1, 0.9, 0.2, 0.8], model="linear")
    assert "fits badly" in noise.faults()[0].words
    hook = fit_curve([0, 1, 2, 3, 4], [0, 0.75, 1.0, 0.75, 0.0], model="quadratic")
    assert any("turns round" in fault.words and fault.withholds for fault in hook.faults())
    assert "turns round" in hook.concentration(0.8).reason
    line = fit_curve(DOSES, 0.1 + 0.001 * DOSES, model="4pl")
    assert any("guess" in fault.words or "determine" in fault.words for fault in line.faults())
    assert "no usable range" in with_range(line, None, None, unit="x").concentration(0.5).reason


def test_flat_signals_do_not_crash():
    curve = fit_curve(DOSES, np.full(8, 0.5), model="4pl")
    assert curve.faults()


def test_refusals():
    with pytest.raises(UsageError, match="one signal a concentration"):
        fit_curve([0, 1, 2], [1, 2], model="linear")
    with pytest.raises(UsageError) as caught:
        fit_curve([0, 1, 2], [1, 2, 3], model="cubic", weights="1/x")
    assert len(caught.value.complaints) == 2
    with pytest.raises(PlateError, match="at least 4 standards"):
        fit_curve([0, 1, 1, 2], [1, 2, 2, 3], model="4pl")
    with pytest.raises(PlateError, match="above zero for weights"):
        fit_curve([0, 1, 2], [0, 2, 3], model="linear", weights="1/y2")
    with pytest.raises(PlateError, match="finite"):
        fit_curve([0, 1, 2], [1, math.nan, 3], model="linear")


def test_line_spans_the_usable_range():
    x, y = with_range(fit_curve(DOSES, logistic(DOSES), model="4pl"), 31.2, 500, unit="pg/mL").line(3)
    assert x == pytest.approx([31.2, math.sqrt(31.2 * 500), 500])
    assert y == pytest.approx(logistic(x))
