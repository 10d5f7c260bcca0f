"""The optimum of 4PL and 5PL: by Newton's method in 50 digits, and against many starts on random plates."""

from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest

from littermate.plates.curve import fit_curve
from littermate.plates.curve_fit import refit
from littermate.plates.curve_models import MODELS

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"


def signal(x, p):
    bend = p[4] if len(p) == 5 else Decimal(1)
    power = (p[1] * (x / p[2]).ln()).exp() if x > 0 else Decimal(0)
    return p[3] + (p[0] - p[3]) * (-bend * (1 + power).ln()).exp()


def gradient(x, y, p):
    """Half the derivative of the sum of squares, by central differences that are exact to 30 digits."""
    total = [Decimal(0)] * len(p)
    for one, seen in zip(x, y, strict=True):
        off = signal(one, p) - seen
        for place in range(len(p)):
            step = abs(p[place]) * Decimal("1e-18")
            up = [*p[:place], p[place] + step, *p[place + 1 :]]
            down = [*p[:place], p[place] - step, *p[place + 1 :]]
            total[place] += off * (signal(one, up) - signal(one, down)) / (2 * step)
    return total


def newton(x, y, start):
    """Return the stationary point and the Hessian there."""
    x, y, p = ([Decimal(float(value)) for value in values] for values in (x, y, start))
    for _ in range(4):
        columns = []
        for place in range(len(p)):
            step = abs(p[place]) * Decimal("1e-9")
            up = [*p[:place], p[place] + step, *p[place + 1 :]]
            down = [*p[:place], p[place] - step, *p[place + 1 :]]
            columns.append(
                [(a - b) / (2 * step) for a, b in zip(gradient(x, y, up), gradient(x, y, down), strict=True)]
            )
        hessian = np.array(columns, dtype=float).T
        move = np.linalg.solve(hessian, [float(value) for value in gradient(x, y, p)])
        p = [value - Decimal(float(change)) for value, change in zip(p, move, strict=True)]
    return np.array([float(value) for value in p]), hessian


@pytest.mark.parametrize("model", ["4pl", "5pl"])
def test_ryegrass_is_the_stationary_point_in_50_digits(model):
    if not (ORACLES / "drc_ryegrass.csv").is_file():
        pytest.skip("../shared/oracles is not on this machine")
    y, x = np.genfromtxt(ORACLES / "drc_ryegrass.csv", delimiter=",", skip_header=1)[:, :2].T
    found = np.array([value for _, value in fit_curve(x, y, model=model).parameters])
    with localcontext() as digits:
        digits.prec = 50
        exact, hessian = newton(x, y, found)
    assert found == pytest.approx(exact, rel=1e-7)
    assert np.all(np.linalg.eigvalsh(hessian) > 0)
    if model == "4pl":  # another program, run to a tighter tolerance than drc's
        assert found == pytest.approx([7.79296177, 2.98222858, 3.05795589, 0.48140965], rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("model", ["4pl", "5pl"])
def test_no_start_finds_a_better_curve(model, seed):
    """Rising and falling plates of 8 standards in duplicate whose midpoint lies among the standards."""
    random = np.random.default_rng([seed, len(model)])
    x = np.repeat([0, *(1000 / 2.5 ** np.arange(7))], 2)
    ends = random.uniform(0.02, 0.2), random.uniform(1.5, 3.5)
    low, high = ends if seed % 2 else ends[::-1]
    truth = np.array([low, random.uniform(0.8, 2.5), random.uniform(30, 300), high, random.uniform(0.6, 1.6)])
    truth = truth[: len(MODELS[model].parameters)]
    y = MODELS[model].signal(x, truth) * (1 + 0.01 * random.standard_normal(16))
    weights = "1/y2" if seed % 3 else "none"
    curve = fit_curve(x, y, model=model, weights=weights)
    points = np.array(curve.points)
    best = float(np.sum(points[:, 2] * (y - curve.signal(x)) ** 2))
    for _ in range(5):
        start = truth * np.exp(0.4 * random.standard_normal(len(truth)))
        other, _ = refit(MODELS[model], start, x, y, points[:, 2])
        assert best <= other * (1 + 1e-9)
