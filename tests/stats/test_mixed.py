"""Mixed models are those of lme4, lmerTest, pbkrtest and emmeans (reference/mixed.R made the references)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from littermate.errors import AnalysisError, LittermateError, UsageError
from littermate.model.mixed_model import MixedModel
from littermate.model.plan import Plan
from littermate.stats.mixed import fit_mixed, fit_mixed_plan
from littermate.stats.table import Table

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "reference" / "mixed.json").read_text(encoding="utf-8")
)["cases"]


def fitted(name: str, kind: int = 3) -> MixedModel:
    return fit_mixed(pd.DataFrame(CASES[name]["data"]), CASES[name]["formula"], type=kind)


@pytest.fixture(scope="module", params=CASES)
def both(request: pytest.FixtureRequest) -> tuple[MixedModel, dict[str, Any]]:
    return fitted(request.param), CASES[request.param]


def test_likelihoods(both: tuple[MixedModel, dict[str, Any]]) -> None:
    model, case = both
    assert model.log_likelihood == pytest.approx(case["reml"], rel=1e-8)
    assert model.ml_log_likelihood == pytest.approx(case["ml"], rel=1e-8)


def test_variances(both: tuple[MixedModel, dict[str, Any]]) -> None:
    model, case = both
    names = {"Residual": "residual", "cage:litter": "litter:cage"}
    for line in case["varcomp"]:
        ours = model.component(names.get(line["grp"], line["grp"]))
        assert ours.variance == pytest.approx(line["vcov"], rel=1e-5, abs=1e-12)
    assert bool(model.singular) == case["singular"]


@pytest.mark.parametrize("kind", ["kr", "satt"])
def test_f_tests(both: tuple[MixedModel, dict[str, Any]], kind: str) -> None:
    model, case = both
    found = {one.term: one for one in (model.effects if kind == "kr" else model.satterthwaite)}
    for line in case[kind]:
        ours = found[line["term"]]
        assert ours.df == line["NumDF"]
        assert (ours.df_error, ours.f) == pytest.approx((line["DenDF"], line["F value"]), rel=1e-5)
        assert ours.p == pytest.approx(line["Pr(>F)"], rel=2e-5)


@pytest.mark.parametrize("name", ["unbalanced_cages", "covariate"])
@pytest.mark.parametrize("kind", [1, 2])
def test_types_one_and_two(name: str, kind: int) -> None:
    model = fitted(name, kind)
    for method, tests in (("kr", model.effects), ("satt", model.satterthwaite)):
        for ours, line in zip(tests, CASES[name][f"{method}{kind}"], strict=True):
            assert (ours.df_error, ours.f) == pytest.approx((line["DenDF"], line["F value"]), rel=1e-5)


@pytest.mark.parametrize("kind", ["kr", "satt"])
def test_coefficients(both: tuple[MixedModel, dict[str, Any]], kind: str) -> None:
    model, case = both
    found = {one.name: one for one in (model.coefficients if kind == "kr" else model.satterthwaite_coefficients)}
    for line in case[f"fixed_{kind}"]:
        name = line["term"]
        if name not in found:
            continue
        ours = found[name]
        assert ours.estimate == pytest.approx(line["Estimate"], rel=1e-6, abs=1e-9)
        assert (ours.se, ours.df) == pytest.approx((line["Std. Error"], line["df"]), rel=1e-5)


def test_differences(both: tuple[MixedModel, dict[str, Any]]) -> None:
    model, case = both
    compared = 0
    for line in case["simple"]:
        second, first = line["contrast"].split(" - ")
        first, second = (one.removeprefix("dose") for one in (first, second))
        held = {k: v for k, v in line.items() if k in ("diet", "bin", "group")}
        for ours in model.differences:
            if (ours.level, ours.reference, dict(ours.within)) == (first, second, held):
                assert -ours.estimate == pytest.approx(line["estimate"], rel=1e-6)
                assert (ours.se, ours.df) == pytest.approx((line["SE"], line["df"]), rel=1e-5)
                assert ours.p == pytest.approx(line["p.value"], rel=2e-5)
                compared += 1
    assert compared >= 2


def test_likelihood_ratio_of_the_random_factors(both: tuple[MixedModel, dict[str, Any]]) -> None:
    model, case = both
    for line in case["ranova"][1:]:
        name = line["term"].removeprefix("(1 | ").removesuffix(")").replace("cage:litter", "litter:cage")
        ours = model.component(name)
        assert ours.chi2 == pytest.approx(line["LRT"], rel=1e-6, abs=1e-7)
        if line["LRT"] > 1e-6:
            assert ours.p == pytest.approx(line["Pr(>Chisq)"] / 2, rel=1e-5)


def cages() -> pd.DataFrame:
    """Eight cages of two; a diet a cage, a drug within the cage."""
    noise = np.random.default_rng(5).normal(size=16)
    number = np.arange(16)
    return pd.DataFrame(
        {
            "animal": [f"K{one}" for one in number],
            "cage": [f"C{one // 2}" for one in number],
            "diet": np.where(number < 8, "control", "mg"),
            "drug": np.where(number % 2, "ketamine", "saline"),
            "y": (100 + 3 * np.sin(number // 2 * 2.0) - 5 * (number % 2) + noise).round(3),
        }
    )


FORMULA = "y ~ diet * drug + (1 | cage)"


def test_whole_cages_are_said_to_count_once() -> None:
    model = fit_mixed(cages(), FORMULA)
    assert model.notes == (
        "diet: the same for all rows of one cage, so each cage counts once, not each row; a model that counts rows"
        " (12 degrees of freedom) would be pseudoreplication.",
    )
    assert (model.effect("diet").df_error, model.effect("drug").df_error) == pytest.approx((6, 6))
    assert {one.df_error for one in model.naive} == {12}
    assert model.singular == ()


def test_a_boundary_fit_is_said_and_satterthwaite_jumps() -> None:
    model = fitted("boundary")
    assert model.singular == ("cage",)
    assert model.component("cage").variance == 0
    assert (model.component("cage").chi2, model.component("cage").p) == (0, 0.5)
    assert "Singular fit: the variance of cage is estimated as 0" in " ".join(model.notes)
    assert model.satterthwaite[0].df_error == pytest.approx(model.naive[0].df_error)
    assert model.effects[0].df_error < 7


def test_shares_add_up() -> None:
    model = fitted("nested")
    assert [one.group for one in model.components] == ["litter", "litter:cage", "residual"]
    assert sum(one.share for one in model.components) == pytest.approx(1)
    assert model.plan.formula == "y ~ diet * drug + (1 | litter) + (1 | litter:cage)"


def test_a_table_and_a_plan_say_the_same_as_a_frame() -> None:
    frame = cages()
    table = Table(
        outcome="y",
        values=frame["y"].to_numpy(),
        units=frame["animal"],
        factors={name: frame[name] for name in ("diet", "drug", "cage")},
    )
    model = fit_mixed_plan(table, Plan(outcome="y", factors=("diet", "drug"), random=("cage",)), unit="s")
    assert model.effects == fit_mixed(frame, FORMULA).effects
    assert (model.unit, model.plan.formula) == ("s", "y ~ diet * drug + (1 | cage)")


def test_repeated_animals_are_fine_where_they_are_stated() -> None:
    frame = cages()
    table = Table(outcome="y", values=frame["y"].to_numpy(), units=frame["cage"], factors={"drug": frame["drug"]})
    plan = Plan(outcome="y", factors=("drug",), random=("animal",))
    assert fit_mixed_plan(table, plan, unit="").component("animal").levels == 8


def test_missing_values_are_left_out_and_named() -> None:
    frame = cages()
    frame.loc[3, "y"] = np.nan
    model = fit_mixed(frame, FORMULA)
    assert (model.n, model.missing) == (15, ("K3",))
    assert model.notes[0] == "Left out because a value is missing: K3."


def test_scale_and_place_of_the_outcome_do_not_matter() -> None:
    plain = fit_mixed(cages(), FORMULA)
    large = fit_mixed(cages().assign(y=cages()["y"] * 1e12), FORMULA)
    far = fit_mixed(cages().assign(y=[f"1000000000{value:07.3f}" for value in cages()["y"]]), FORMULA)
    for one, other, third in zip(plain.effects, large.effects, far.effects, strict=True):
        assert (other.f, other.df_error) == pytest.approx((one.f, one.df_error), rel=1e-9)
        assert (third.f, third.df_error) == pytest.approx((one.f, one.df_error), rel=1e-9)
    assert large.component("cage").sd == pytest.approx(plain.component("cage").sd * 1e12, rel=1e-9)
    assert large.coefficients[0].estimate == pytest.approx(plain.coefficients[0].estimate * 1e12)


def test_an_outcome_without_residual_variance_is_refused() -> None:
    frame = cages().assign(y=lambda rows: rows["cage"].str[1].astype(float) ** 2)
    with pytest.raises(AnalysisError, match="no residual variance beside that of the groups"):
        fit_mixed(frame, FORMULA)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"cage": "C1"}, FORMULA, "two or more groups of cage"),
    ({"cage": [f"C{one}" for one in range(16)]}, FORMULA, "16 groups in 16 rows"),
    ({"cage": ["C1"] * 8 + ["C2"] * 8}, FORMULA, "cage is confounded with the fixed effects"),
    (
        {"diet": [f"D{one // 2}" for one in range(16)]},
        "y ~ diet + drug + (1 | cage)",
        "cage is confounded with the fixed effects",
    ),
    ({}, "y ~ cage * drug + (1 | cage)", "cage as both"),
    ({"rack": [f"R{one // 2}" for one in range(16)]}, f"{FORMULA} + (1 | rack)", "cage and rack make the same groups"),
    ({}, "y ~ drug + (1 | litter)", "litter"),
    ({}, "y ~ diet * drug", "a random intercept"),
    ({"y": 3.0}, FORMULA, "3 for every unit"),
    ({"y": [float(one % 2) for one in range(16)]}, FORMULA, "the model fits every unit exactly"),
    ({"y": [np.inf, *range(15)]}, FORMULA, "a finite number"),
    ({"drug": "saline"}, FORMULA, "two or more levels of drug"),
    ({"drug": ["saline"] * 8 + ["ketamine", "saline"] * 4}, FORMULA, "diet = control, drug = ketamine"),
    ({"animal": ["K1", "K1", *(f"K{one}" for one in range(2, 16))]}, FORMULA, "two or more rows for K1"),
    ({"heavy": [2.0 * (one < 8) for one in range(16)]}, "y ~ number(heavy) + diet + (1 | cage)", "confounded with"),
    ({"heavy": 30.0}, "y ~ number(heavy) + diet + (1 | cage)", "a covariate that varies"),
    ({"cage": ["", *(f"C{one // 2}" for one in range(1, 16))]}, FORMULA, "column cage"),
    ({}, "y ~ diet + (1 | cage/drug) + (1 | drug) + (1 | y) + (1 | animal)", "4 random factors at most"),
]


@pytest.mark.parametrize(("columns", "formula", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_bad_input_is_refused_in_words(columns: dict[str, Any], formula: str, words: str) -> None:
    with pytest.raises(LittermateError) as caught:
        fit_mixed(cages().assign(**columns), formula)
    assert words in str(caught.value)


def test_a_type_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="type 1, 2 or 3"):
        fit_mixed(cages(), FORMULA, type=4)
