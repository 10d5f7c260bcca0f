"""Differences of means are those of the model in R, and worked by eye."""

from typing import Any

import pandas as pd
import pytest

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.stats.factorial import fit_formula

MEANT = {
    "two_by_two": {
        "magnesium": ("magnesium", "mg", ()),
        "ketamine": ("ketamine", "ketamine", ()),
        "ketamine_at_mg": ("ketamine", "ketamine", (("magnesium", "mg"),)),
        "interaction": ("magnesium:ketamine", "mg:ketamine", ()),
    },
    "three_by_two_in_blocks": {
        "deficient": ("diet", "deficient", ()),
        "supplemented_at_ketamine": ("diet", "supplemented", (("ketamine", "ketamine"),)),
    },
    "three_factors": {
        "a": ("a", "a2", ()),
        "ab": ("a:b", "a2:b2", ()),
        "a_at_b2_c3": ("a", "a2", (("b", "b2"), ("c", "c3"))),
    },
    "covariate": {"ketamine": ("ketamine", "ketamine", ())},
    "additive": {"a": ("a", "a2", ()), "b3": ("b", "b3", ())},
}


def find(analysis: Analysis, factor: str, level: str, within: tuple[tuple[str, str], ...]) -> Difference:
    found = [d for d in analysis.differences if (d.factor, d.level, d.within) == (factor, level, within)]
    assert len(found) == 1
    return found[0]


def test_differences_are_those_of_r(case: dict[str, Any]) -> None:
    analysis = fit_formula(case["frame"], case["formula"], reference_levels=case["levels"])
    for name, line in case["differences"].items():
        ours = find(analysis, *MEANT[case["name"]][name])
        assert ours.estimate == pytest.approx(line["estimate"], rel=1e-9)
        assert ours.se == pytest.approx(line["se"], rel=1e-9)
        assert ours.p == pytest.approx(line["p"], rel=1e-8)
        assert ours.ci95 == pytest.approx((line["low"], line["high"]), rel=1e-8)


def test_worked_by_eye(frame: pd.DataFrame) -> None:
    analysis = fit_formula(frame, "y ~ magnesium * ketamine")
    main, both = find(analysis, "ketamine", "ketamine", ()), find(analysis, "magnesium:ketamine", "mg:ketamine", ())
    assert (main.estimate, main.se, main.t) == (pytest.approx(-4), pytest.approx(1), pytest.approx(-4))
    assert (both.estimate, both.se) == (pytest.approx(0, abs=1e-12), pytest.approx(2))
    assert main.label == "ketamine - saline (ketamine, over magnesium)"
    assert (main.reference, main.df) == ("saline", 4)
    assert main.hedges_g == pytest.approx(-4 / 2**0.5 * 0.797884560802865)  # J(4) = sqrt(2 / pi)


def test_every_level_stands_against_the_reference(frame: pd.DataFrame) -> None:
    three = frame.assign(dose=[0, 0, 5, 5, 10, 10, 10, 10])
    labels = [difference.label for difference in fit_formula(three, "y ~ dose").differences]
    assert labels == ["5 - 0 (dose)", "10 - 0 (dose)"]


def test_no_simple_effects_without_interaction(frame: pd.DataFrame) -> None:
    analysis = fit_formula(frame, "y ~ magnesium + ketamine")
    assert [difference.within for difference in analysis.differences] == [(), ()]
