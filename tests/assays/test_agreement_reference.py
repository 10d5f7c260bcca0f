"""Agreement and repeatability against R; agreement_reference.R beside this file made the tables and the figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from littermate.assays.agreement import bland_altman, icc_absolute, kappa
from littermate.assays.repeatability import drift_of, repeat_error

REFERENCE = json.loads((Path(__file__).parent / "agreement_reference.json").read_text(encoding="utf-8"))
PAIRS = REFERENCE["bland_altman"]


def close(expected):
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", REFERENCE["icc"])
def test_icc_and_its_interval(name: str) -> None:
    one = REFERENCE["icc"][name]
    result = icc_absolute(one["scores"])
    assert result is not None
    assert (result.value, *result.ci95) == close((one["value"], one["lower"], one["upper"]))
    assert result.ci95[0] <= result.value <= result.ci95[1]


@pytest.mark.parametrize("name", PAIRS)
def test_bland_altman_and_its_intervals(name: str) -> None:
    one = PAIRS[name]
    result = bland_altman(one["first"], one["second"])
    for figure, expected in one["limits"].items():
        assert getattr(result, figure) == close(expected), figure


@pytest.mark.parametrize("name", PAIRS)
def test_repeats_by_one_scorer(name: str) -> None:
    one, expected = PAIRS[name], PAIRS[name]["repeats"]
    result = repeat_error(one["first"], one["second"])
    assert result is not None
    assert (result.sd, *result.sd_ci95) == close((expected["within"], *expected["within_ci95"]))
    assert (result.coefficient, *result.coefficient_ci95) == close(
        (expected["coefficient"], *expected["coefficient_ci95"])
    )


@pytest.mark.parametrize("name", PAIRS)
def test_drift_along_positions(name: str) -> None:
    one, expected = PAIRS[name], PAIRS[name]["repeats"]
    result = drift_of(one["first"], one["second"], positions=expected["position"])
    assert result.mean == close(one["limits"]["bias"])
    assert result.ci95 == close(tuple(one["limits"]["bias_ci95"]))
    assert result.slope == (None if expected["slope"] is None else close(expected["slope"]))
    assert result.slope_ci95 == (None if expected["slope"] is None else close(tuple(expected["slope_ci95"])))


@pytest.mark.parametrize("name", REFERENCE["kappa"])
def test_kappa_weighted_by_time(name: str) -> None:
    one = REFERENCE["kappa"][name]
    assert kappa(one["first"], one["second"], one["weight"]) == close(one["kappa"])
    repeated = np.repeat(np.arange(len(one["weight"])), one["weight"])
    first, second = (np.asarray(one[which])[repeated] for which in ("first", "second"))
    assert kappa(first, second) == close(one["kappa"])


def test_what_was_published() -> None:
    """Shrout & Fleiss 1979, table 4; Bland & Altman 1986: twice the SD of repeats; Cohen 1968."""
    assert round(REFERENCE["icc"]["shrout_fleiss"]["value"], 2) == 0.29
    assert round(REFERENCE["kappa"]["cohen"]["kappa"], 3) == 0.492
    wright, mini = (repeat_error(PAIRS[name]["first"], PAIRS[name]["second"]) for name in ("wright", "mini"))
    assert wright is not None and mini is not None
    assert [2 * round(np.sqrt(2) * one.sd, 1) for one in (wright, mini)] == [43.2, 56.4]  # twice the rounded SD
