"""Dose-response curves against drc (the reference case beside the repository) and R (reference/dose.R)."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, TableError, UsageError
from littermate.stats.dose_curves import FORMS
from littermate.stats.dose_response import fit_dose_response
from littermate.stats.table import Table

HERE = Path(__file__).parent
R = json.loads((HERE / "reference" / "dose.json").read_text(encoding="utf-8"))
DOSES = (0, 1, 3, 10, 30, 100)


def _validation() -> ModuleType:
    path = HERE.parents[1] / "benchmarks" / "validation" / "dose.py"
    spec = importlib.util.spec_from_file_location("littermate_validation_dose_curves", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


validation = _validation()


def table_of(dose: Any, y: Any) -> Table:
    units = [f"K{row}" for row in range(len(y))]
    return Table(outcome="immobility", values=y, factors={}, units=units, covariates={"ketamine": dose})


def noisy(means: Any, *, n: int = 6, sd: float = 3.0, seed: int = 1) -> np.ndarray:
    return np.repeat(means, n) + np.random.default_rng(seed).standard_normal(len(means) * n) * sd


@pytest.mark.skipif(not validation.ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
@pytest.mark.parametrize("theirs", ["LL3", "LL4", "W14"])
def test_drc(theirs: str) -> None:
    table, expected = validation.drc_case()
    found = fit_dose_response(table, "conc", model=validation.DRC[theirs])
    apart = validation.worst(validation.drc_pairs(found, expected[theirs]))
    assert max(apart.values()) < 1e-4, apart
    assert found.rss <= expected[theirs]["rss"]
    rows = np.array([list(row.values()) for row in expected[theirs]["vcov"]])
    assert np.array(found.covariance) == pytest.approx(rows, abs=1e-4)


@pytest.mark.skipif(not validation.ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
def test_drc_on_the_log_scale_and_its_test_of_no_effect() -> None:
    table, expected = validation.drc_case()
    found = fit_dose_response(table, "conc")
    for one, line in zip(found.effective_doses, expected["LL4_logED"]["ed_fls"], strict=True):
        assert one.ci_log == pytest.approx((line["Lower"], line["Upper"]), rel=1e-4)
    chi2, df, _ = found.no_effect_chi2
    assert chi2 == pytest.approx(expected["noEffect"]["Chi-square test"], rel=1e-8)
    assert df == expected["noEffect"]["Df"]


@pytest.mark.skipif(not validation.ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
def test_the_five_parameter_optimum_is_lower_than_drcs() -> None:
    table, expected = validation.drc_case()
    found = fit_dose_response(table, "conc", model="ll5", percents=(50,))
    assert found.rss < expected["LL5"]["rss"] - 1e-7
    for parameter, line in zip(found.parameters, expected["LL5"]["coef"], strict=True):
        assert parameter.estimate == pytest.approx(line["Estimate"], rel=1e-3)


def test_nls_of_r_its_profile_and_its_hessian() -> None:
    one = R["one"]
    found = fit_dose_response(table_of(one["dose"], one["y"]), "ketamine")
    b, c, d, e = (parameter.estimate for parameter in found.parameters)
    assert (b, c, d, np.log(e)) == pytest.approx(tuple(one["coef"].values()), rel=1e-6)
    assert found.rss == pytest.approx(one["rss"], rel=1e-10)
    half = found.effective_dose(50)
    assert half.ci_log == pytest.approx(tuple(one["ed50_log"]), rel=1e-4)
    assert half.ci_profile == pytest.approx(tuple(one["ed50_profile"]), rel=1e-3)
    assert found.effective_dose(10).estimate == pytest.approx(one["ed10"], rel=1e-6)


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_jacobians(form: Any) -> None:
    dose = np.array([0.0, 0.5, 2.0, 9.0, 40.0])
    theta = np.array([1.3, 0.2, 5.0, 1.1, 0.4])[list(form.free)]
    exact = form.jacobian(dose, theta)
    for place in range(len(theta)):
        step = np.zeros(len(theta))
        step[place] = 1e-6
        slope = (form.response(dose, theta + step) - form.response(dose, theta - step)) / 2e-6
        assert exact[:, place] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("rising", [False, True])
def test_an_effect_is_counted_from_the_control(rising: bool) -> None:
    share = 1 / (1 + np.array(DOSES) / 10)
    means = 20 + 100 * (1 - share if rising else share)
    found = fit_dose_response(table_of(np.repeat(DOSES, 6), noisy(means)), "ketamine")
    low, half, high = (one.estimate for one in found.effective_doses)
    assert low < half < high
    assert half == pytest.approx(10, rel=0.25)
    assert found.at_control == pytest.approx(means[0], abs=4)
    assert found.parameters[0].estimate * (1 if rising else -1) < 0


def test_outcomes_a_million_million_times_as_large_give_the_same_doses() -> None:
    y = noisy(100 / (1 + np.array(DOSES) / 10))
    plain, large = (fit_dose_response(table_of(np.repeat(DOSES, 6), y * size), "ketamine") for size in (1, 1e12))
    for one, other in zip(plain.effective_doses, large.effective_doses, strict=True):
        assert other.estimate == pytest.approx(one.estimate, rel=1e-7)


def test_without_an_effect_there_is_no_ed50() -> None:
    found = fit_dose_response(table_of(np.repeat(DOSES, 6), noisy([100.0] * 6)), "ketamine", percents=(50,))
    half = found.effective_dose(50)
    assert half.estimate is None and half.ci_profile == (None, None)
    assert half.reason == "withheld: no effect of the dose is shown"
    assert any("not a proof of no effect" in note for note in found.notes)


def test_a_step_between_two_doses_is_said() -> None:
    found = fit_dose_response(
        table_of(np.repeat(DOSES, 6), noisy([100, 100, 100, 20, 20, 20])), "ketamine", percents=(50,)
    )
    low, high = found.effective_dose(50).ci_profile
    assert (low is None or low < 3.5) and (high is None or high > 9)
    assert any("steps between two doses" in note for note in found.notes)


def test_an_ed50_beyond_the_doses_is_open_and_said() -> None:
    means = 100 / (1 + np.array(DOSES) / 400)
    found = fit_dose_response(table_of(np.repeat(DOSES, 6), noisy(means, sd=1.0)), "ketamine")
    ninety = found.effective_dose(90)
    assert ninety.ci_profile[1] is None
    assert ninety.extrapolated and "above the highest dose tested (100)" in ninety.reason
    assert any("far plateau is a guess" in note for note in found.notes)


def test_an_answer_that_turns_back_is_said() -> None:
    found = fit_dose_response(
        table_of(np.repeat(DOSES, 6), noisy([100, 60, 40, 40, 70, 105])), "ketamine", percents=(50,)
    )
    assert found.lack_of_fit is not None and found.lack_of_fit.p < 0.001
    assert any("may not rise or fall steadily" in note for note in found.notes)


def test_without_replicates_or_control_it_is_said() -> None:
    doses = (1, 3, 10, 30, 100, 300)
    found = fit_dose_response(table_of(doses, noisy(100 / (1 + np.array(doses) / 10), n=1)), "ketamine")
    assert found.lack_of_fit is None
    assert any("no replicates" in note for note in found.notes)
    assert any("no control" in note for note in found.notes)


def test_missing_outcomes_are_named() -> None:
    y = noisy(100 / (1 + np.array(DOSES) / 10))
    y[3] = np.nan
    found = fit_dose_response(table_of(np.repeat(DOSES, 6), y), "ketamine")
    assert found.missing == ("K3",) and found.n == 35


def test_refusals() -> None:
    with pytest.raises(AnalysisError, match="4 or more doses"):
        fit_dose_response(table_of([0, 0, 1, 1, 3, 3], [9, 8, 5, 6, 2, 3]), "ketamine")
    with pytest.raises(AnalysisError, match="values that differ"):
        fit_dose_response(table_of(DOSES, [5.0] * 6), "ketamine")
    with pytest.raises(AnalysisError, match="more than 4 units"):
        fit_dose_response(table_of(DOSES[:4], [9, 8, 5, 2]), "ketamine")
    with pytest.raises(TableError, match="0 or more"):
        fit_dose_response(table_of([0, -1, 3, 10, 30, 100], [9, 8, 5, 2, 1, 1]), "ketamine")
    with pytest.raises(UsageError, match="one of the models"):
        fit_dose_response(table_of(DOSES, [9, 8, 5, 2, 1, 1]), "ketamine", model="5pl")
    with pytest.raises(UsageError, match="between 0 and 100"):
        fit_dose_response(table_of(DOSES, [9, 8, 5, 2, 1, 1]), "ketamine", percents=(100,))
