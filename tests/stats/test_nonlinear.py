"""Nonlinear least squares: NIST's sets from both starts (reference/nist_nonlinear.py collected them), bad starts."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.stats.nonlinear import fit_nonlinear

PATH = Path(__file__).parents[2] / "benchmarks" / "validation" / "dose.py"


def _validation() -> ModuleType:
    spec = importlib.util.spec_from_file_location("littermate_validation_dose", PATH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


validation = _validation()
SETS = validation.nist_sets()


@pytest.mark.parametrize("start", validation.STARTS)
@pytest.mark.parametrize("name", SETS)
def test_nist(name: str, start: str) -> None:
    case = SETS[name]
    fit = validation.fit_set(name, case, start)
    assert fit.residual_sd == pytest.approx(case["resid_sd"], rel=3e-3 if name == "Lanczos1" else 1e-9)
    assert validation.digits(fit.estimates.tolist(), case["parameters"]) >= 6.5
    assert validation.digits(fit.se.tolist(), case["sd"]) >= (2.5 if name == "Lanczos1" else 6)


def line(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return p[0] + p[1] * x


def slopes(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones_like(x), x])


def test_a_weight_of_two_counts_as_two_points() -> None:
    twice = fit_nonlinear(line, slopes, [0, 1, 1, 2], [1, 3, 3, 4], [0, 0])
    weighted = fit_nonlinear(line, slopes, [0, 1, 2], [1, 3, 4], [0, 0], weights=[1, 2, 1])
    assert weighted.estimates == pytest.approx(twice.estimates)
    assert weighted.rss == pytest.approx(twice.rss)


def test_observed_information_of_a_line_is_the_jacobians() -> None:
    x, y = [0, 1, 2, 3], [1, 3, 4, 8]
    expected = fit_nonlinear(line, slopes, x, y, [0, 0])
    observed = fit_nonlinear(line, slopes, x, y, [0, 0], observed=True)
    assert observed.covariance == pytest.approx(expected.covariance, rel=1e-8)


def test_what_the_data_do_not_determine_has_no_error() -> None:
    fit = fit_nonlinear(
        lambda x, p: (p[0] + p[1]) * x, lambda x, p: np.column_stack([x, x]), [1, 2, 3], [2, 4.1, 6], [1, 2]
    )
    assert not fit.determined
    assert np.all(np.isinf(fit.se))


def test_refusals() -> None:
    with pytest.raises(UsageError, match="one x, y and weight a point"):
        fit_nonlinear(line, slopes, [1, 2], [1], [0, 0])
    with pytest.raises(UsageError, match="finite"):
        fit_nonlinear(line, slopes, [1, 2], [1, np.nan], [0, 0])
    with pytest.raises(AnalysisError, match="2 points or more"):
        fit_nonlinear(line, slopes, [1], [1], [0, 0])
    with pytest.raises(AnalysisError, match="a start at which the model has values"):
        fit_nonlinear(line, slopes, [1, 2, 3], [1, 2, 3], [np.inf, 0])
