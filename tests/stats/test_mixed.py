"""Mixed models are those of lme4, lmerTest, pbkrtest and emmeans (reference/mixed.R made the references)."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from littermate.model.mixed_model import MixedModel
from littermate.stats.mixed import fit_mixed

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "reference" / "mixed.json").read_text(encoding="utf-8")
)["cases"]


def fitted(name: str, type: int = 3) -> MixedModel:
    frame = pd.DataFrame(CASES[name]["data"])
    if "dose" in frame:
        frame = frame.astype({"dose": pd.CategoricalDtype(["0", "5", "10"])})
    return fit_mixed(frame, CASES[name]["formula"], type=type)


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
@pytest.mark.parametrize("type", [1, 2])
def test_types_one_and_two(name: str, type: int) -> None:
    model = fitted(name, type)
    for kind, tests in (("kr", model.effects), ("satt", model.satterthwaite)):
        for ours, line in zip(tests, CASES[name][f"{kind}{type}"], strict=True):
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
