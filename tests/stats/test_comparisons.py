"""Marginal means and families of contrasts are those of R (reference/comparisons.R)."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from littermate.errors import UsageError
from littermate.model.comparison import Comparisons, MarginalMean
from littermate.stats.comparisons import (
    How,
    against_control,
    pairwise,
    planned_contrasts,
    polynomial_contrasts,
    simple_effects,
)
from littermate.stats.factorial import fit_formula, fit_model
from littermate.stats.fitted_model import FittedModel
from littermate.stats.marginal_means import marginal_means

HERE = Path(__file__).parent / "reference"
R = json.loads((HERE / "comparisons.json").read_text(encoding="utf-8"))


def made(name: str, formula: str | None = None, **options: Any) -> FittedModel:
    case = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame(case["data"])
    return fit_model(frame, formula or case["formula"], reference_levels=case["levels"], **options)


@pytest.fixture(scope="module")
def blocks() -> FittedModel:
    return made("three_by_two_in_blocks")


@pytest.fixture(scope="module")
def two_by_two() -> FittedModel:
    return made("two_by_two")


def same_means(ours: tuple[MarginalMean, ...], lines: list[dict[str, float]]) -> None:
    assert [(one.mean, one.se) for one in ours] == [pytest.approx((r["mean"], r["se"]), rel=1e-9) for r in lines]
    assert [one.interval for one in ours] == [pytest.approx((r["low"], r["high"]), rel=1e-9) for r in lines]


def same_family(ours: Comparisons, lines: list[dict[str, Any]]) -> None:
    assert [row.label for row in ours.rows] == [line["label"] for line in lines]
    for row, line in zip(ours.rows, lines, strict=True):
        assert (row.estimate, row.se) == pytest.approx((line["estimate"], line["se"]), rel=1e-9)
        # R's qtukey stops its search at about 1e-8 of the reach of an interval.
        reach = (line["high"] - line["low"]) / 2
        assert row.interval == pytest.approx((line["low"], line["high"]), abs=2e-8 * reach)
        # R's ptukey is 1 minus a sum: right to about 1e-11.
        assert row.p_adjusted == pytest.approx(line["p"], rel=1e-8, abs=1e-11)


def test_means_average_blocks_and_factors(blocks: FittedModel) -> None:
    same_means(marginal_means(blocks, ["diet"]), R["blocks"]["diet"])
    same_means(marginal_means(blocks, ["diet", "ketamine"]), R["blocks"]["cells"])
    same_means(marginal_means(blocks, ["diet"], averaging="proportional"), R["blocks"]["proportional"])


def test_means_stand_at_the_mean_of_the_covariate() -> None:
    ours = marginal_means(made("covariate"), ["magnesium", "ketamine"])
    by_ketamine_first = sorted(ours, key=lambda one: dict(one.levels)["magnesium"])
    same_means(tuple(by_ketamine_first), R["covariate"]["cells"])


@pytest.mark.parametrize("adjust", ["tukey", "holm", "sidak"])
def test_pairs(blocks: FittedModel, adjust: str) -> None:
    same_family(pairwise(blocks, ["diet"], how=How(adjust=adjust))[0], R["blocks"][adjust])


def test_trends(blocks: FittedModel) -> None:
    same_family(polynomial_contrasts(blocks, "diet"), R["blocks"]["trends"])


def test_dunnett_with_a_covariate_is_mvtnorm_s_within_its_error() -> None:
    (family,) = against_control(made("covariate"), ["ketamine", "magnesium"])
    ours = {row.label: row for row in family.rows}
    labels = ("ketamine:control", "saline:mg", "ketamine:mg")
    for label, t, p in zip(labels, R["covariate"]["dunnett_t"], R["covariate"]["dunnett_p_by_mvtnorm"], strict=True):
        row = ours[f"{label} - saline:control"]
        assert row.t == pytest.approx(t, rel=1e-9)
        assert row.p_adjusted == pytest.approx(p, abs=1e-5)
    assert family.adjust_words == "Dunnett (the largest t of the family)"


def test_what_an_empty_cell_takes_away_is_named() -> None:
    model = made("additive", "y ~ a * b", type=2)
    family, other = pairwise(model, ["b"], within=["a"])
    same_family(family, R["empty_cell"]["tukey_at_a1"])
    assert (len(other.rows), other.not_estimable) == (1, ("b1 - b3", "b2 - b3"))
    assert [one.mean is None for one in marginal_means(model, ["a"])] == [False, True]


def test_table_of_type_2_with_an_empty_cell_is_that_of_car() -> None:
    case = json.loads((HERE / "additive.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame(case["data"])
    analysis = fit_formula(frame, "y ~ a * b", type=2, reference_levels=case["levels"])
    assert [effect.df for effect in analysis.effects] == R["empty_cell"]["df"][:3]
    assert [effect.ss for effect in analysis.effects] == pytest.approx(R["empty_cell"]["ss"][:3], rel=1e-9)
    assert [effect.p for effect in analysis.effects] == pytest.approx(R["empty_cell"]["p"], rel=1e-8)
    assert "No unit with a = a2, b = b3" in analysis.notes[0]
    assert "a2 - a1 (a, over b)" in analysis.not_estimable


def test_words_and_weights_say_the_same(two_by_two: FittedModel) -> None:
    words = "(ketamine - saline at magnesium = mg) - (ketamine - saline at magnesium = control)"
    table = {"mg:ketamine": 1, "mg:saline": -1, "control:ketamine": -1, "control:saline": 1}
    family = planned_contrasts(two_by_two, {"words": words, "table": table}, how=How(adjust="bonferroni"))
    said, weighed = family.rows
    assert said.estimate == pytest.approx(weighed.estimate)
    assert said.p_adjusted == pytest.approx(min(2 * said.p, 1))
    interaction = next(one for one in fit_interaction().differences if one.factor == "magnesium:ketamine")
    assert (said.estimate, said.p) == pytest.approx((interaction.estimate, interaction.p))


def fit_interaction() -> Any:
    case = json.loads((HERE / "two_by_two.json").read_text(encoding="utf-8"))
    return fit_formula(pd.DataFrame(case["data"]), case["formula"], reference_levels=case["levels"])


def test_simple_effects_are_one_family(two_by_two: FittedModel) -> None:
    family = simple_effects(two_by_two, how=How(adjust="holm"))
    assert [row.label for row in family.rows] == [
        "mg - control at ketamine = saline",
        "mg - control at ketamine = ketamine",
        "ketamine - saline at magnesium = control",
        "ketamine - saline at magnesium = mg",
    ]
    assert min(row.p_adjusted / row.p for row in family.rows) >= 1


def test_one_side(two_by_two: FittedModel) -> None:
    (family,) = against_control(two_by_two, ["ketamine"], how=How(adjust="dunnett", side="less"))
    (row,) = family.rows
    assert row.p_adjusted == pytest.approx(row.p)
    assert row.interval[0] == float("-inf")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ketamine", "sum of 1"),
        ("ketamine - ketamine", "different means"),
        ("ketamine - salin", "where a level should stand"),
        ("(ketamine - saline", "not closed"),
        ("ketamine - saline at magnesium = high", "where a level should stand"),
        ("ketamine - saline at saline = mg", "no factor"),
        ("ketamine:saline - mg", "two levels of ketamine at once"),
        ("ketamine - saline saline", "where the contrast should end"),
        ("(ketamine + saline) / 0 - mg", "no number"),
    ],
)
def test_words_that_cannot_be_meant(two_by_two: FittedModel, words: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        planned_contrasts(two_by_two, [words])


@pytest.mark.parametrize("options", [{"adjust": "duncan"}, {"side": "left"}, {"level": 95}])
def test_options_that_cannot_be_meant(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        How(**options)


def test_tukey_is_for_all_pairs(two_by_two: FittedModel) -> None:
    with pytest.raises(UsageError, match="all pairs"):
        simple_effects(two_by_two, how=How(adjust="tukey"))
    with pytest.raises(UsageError, match="two-sided"):
        How(adjust="tukey", side="greater")
