"""JZS Bayes factors."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.stats.bayes_factor import ROBUSTNESS_R, bayes_factors, jzs, two_sample_units
from littermate.stats.factorial import fit_formula

MPMATH, R = (
    json.loads((Path(__file__).parent / "reference" / name).read_text(encoding="utf-8"))
    for name in ("jzs.json", "jzs_r.json")
)


@pytest.mark.parametrize("case", MPMATH["cases"], ids=lambda case: f"t{case['t']}-df{case['df']}-r{case['r']:.2f}")
def test_thirty_digits_of_mpmath(case: dict[str, Any]) -> None:
    found = jzs(case["t"], case["df"], case["units"], r=case["r"])
    assert found.log_bf10 == pytest.approx(case["log_bf10"], abs=1e-11)


@pytest.mark.parametrize(("t", "printed"), [(2.24, 1.02), (2.03, 1.56)])
def test_printed_by_rouder_and_others(t: float, printed: float) -> None:
    """The two experiments of 80 people that Rouder et al. 2009 work out, with r = 1."""
    assert jzs(t, 79, 80, r=1.0).bf01 == pytest.approx(printed, abs=0.005)


@pytest.mark.parametrize(
    "case", R["cases"], ids=lambda case: f"t{case['t']:.1f}-{case['n1']}-{case['n2']}-r{case['r']:.2f}"
)
def test_r(case: dict[str, Any]) -> None:
    """R's BayesFactor, one sample and two; the last case, its data `sleep`, it prints as 17.25888."""
    n1, n2 = case["n1"], case["n2"]
    df, units = (n1 + n2 - 2, two_sample_units(n1, n2)) if n2 else (n1 - 1, n1)
    assert jzs(case["t"], df, units, r=case["r"]).log_bf10 == pytest.approx(case["log_bf10"], abs=1e-8)


def test_two_groups_of_a_model_are_their_t_test() -> None:
    one, other = [10.0, 12, 11, 9, 13], [12.0, 10, 12, 14, 13, 12, 15]
    frame = pd.DataFrame({"y": one + other, "drug": ["saline"] * 5 + ["ketamine"] * 7})
    (found,) = bayes_factors(fit_formula(frame, "y ~ drug"))
    t = stats.ttest_ind(other, one).statistic
    assert found.n_effective == pytest.approx(two_sample_units(5, 7))
    assert found.log_bf10 == pytest.approx(jzs(t, 10, 35 / 12).log_bf10, rel=1e-10)


def test_effects_of_a_2x2(frame: pd.DataFrame) -> None:
    main, *_, interaction = bayes_factors(fit_formula(frame, "y ~ magnesium * ketamine"))
    assert main.n_effective == pytest.approx(two_sample_units(4, 4))
    assert interaction.n_effective == pytest.approx(0.5)
    assert (interaction.t, interaction.df) == (pytest.approx(0, abs=1e-12), 4)


def test_other_scales_stand_beside() -> None:
    found = jzs(1.2, 28, 8, r=0.9)
    assert found.robustness == tuple((r, jzs(1.2, 28, 8, r=r).log_bf10) for r in ROBUSTNESS_R)
    assert not jzs(0.1, 28, 8).robust and jzs(9, 28, 8).robust


@pytest.mark.parametrize(
    ("t", "units", "words"),
    [
        (0.5, 4, "anecdotal evidence for no effect"),
        (0.1, 16, "moderate evidence for no effect"),
        (0.1, 1000, "strong evidence for no effect"),
        (5, 16, "extreme evidence for an effect"),
    ],
)
def test_words_follow_the_number(t: float, units: float, words: str) -> None:
    assert jzs(t, 60, units).says == words


def test_a_t_beyond_all_measure() -> None:
    found = jzs(1e9, 500, 100)
    assert math.isfinite(found.log_bf10) and found.bf10 == math.inf and found.bf01 == 0
    assert found.says == "extreme evidence for an effect"


@pytest.mark.parametrize(("t", "df", "units", "r"), [(math.nan, 9, 10, 1), (1, 0, 10, 1), (1, 9, -1, 1), (1, 9, 10, 0)])
def test_numbers_that_cannot_be_meant(t: float, df: float, units: float, r: float) -> None:
    with pytest.raises(UsageError):
        jzs(t, df, units, r=r)
