"""Repeated measures are those of afex and car (reference/repeated.R made the references)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from littermate.errors import AnalysisError, LittermateError, TableError, UsageError
from littermate.model.plan import Plan
from littermate.model.repeated_measures import RepeatedMeasures
from littermate.stats.mixed import fit_mixed
from littermate.stats.repeated import fit_repeated, fit_repeated_plan
from littermate.stats.table import Table

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "reference" / "repeated.json").read_text(encoding="utf-8")
)["cases"]


@pytest.fixture(scope="module", params=CASES)
def both(request: pytest.FixtureRequest) -> tuple[RepeatedMeasures, dict[str, Any]]:
    case = CASES[request.param]
    return fit_repeated(pd.DataFrame(case["data"]), case["formula"]), case


def test_table(both: tuple[RepeatedMeasures, dict[str, Any]]) -> None:
    found, case = both
    lines = [line for line in case["table"] if line["term"] != "(Intercept)"]
    assert [one.term for one in found.effects] == [line["term"] for line in lines]
    for ours, line in zip(found.effects, lines, strict=True):
        assert (ours.df, ours.df_error) == (line["num Df"], line["den Df"])
        assert (ours.ss, ours.ss_error, ours.f) == pytest.approx(
            (line["Sum Sq"], line["Error SS"], line["F value"]), rel=1e-9
        )
        assert ours.p == pytest.approx(line["Pr(>F)"], rel=1e-8)


def test_effect_sizes(both: tuple[RepeatedMeasures, dict[str, Any]]) -> None:
    found, case = both
    partial = case["pes"] if isinstance(case["pes"], list) else [case["pes"]]
    for ours, line, eta in zip(found.effects, case["none"], partial, strict=True):
        assert ours.generalized_eta_squared == pytest.approx(line["ges"], rel=1e-9)
        assert ours.partial_eta_squared == pytest.approx(eta, rel=1e-9)


def test_sphericity(both: tuple[RepeatedMeasures, dict[str, Any]]) -> None:
    found, case = both
    epsilons = {line["term"]: line for line in case.get("corrected", ()) if line["GG eps"] is not None}
    tests = {line["term"]: line for line in case.get("mauchly", ())}
    for name, line in epsilons.items():
        ours = found.effect(name).sphericity
        assert ours is not None
        assert (ours.epsilon_gg, ours.epsilon_hf) == pytest.approx((line["GG eps"], line["HF eps"]), rel=1e-9)
        assert (ours.p_gg, ours.p_hf) == pytest.approx((line["Pr(>F[GG])"], line["Pr(>F[HF])"]), rel=1e-8)
        assert ours.mauchly_w == pytest.approx(tests[name]["Test statistic"], rel=1e-9)
        assert ours.mauchly_p == pytest.approx(tests[name]["p-value"], rel=1e-8)
        assert found.effect(name).p_corrected == ours.p_gg


def test_two_levels_have_nothing_to_correct() -> None:
    case = CASES["two_between_two_regions"]
    found = fit_repeated(pd.DataFrame(case["data"]), case["formula"])
    assert {one.sphericity for one in found.effects} == {None}
    assert found.effect("region").p_corrected == found.effect("region").p


def test_more_levels_than_animals_leave_no_mauchly_test() -> None:
    case = CASES["few_animals"]
    sphericity = fit_repeated(pd.DataFrame(case["data"]), case["formula"]).effect("bin").sphericity
    assert sphericity is not None
    assert (sphericity.mauchly_w, sphericity.mauchly_p) == (None, None)
    assert 1 / 7 < sphericity.epsilon_gg < 1


def test_friedman() -> None:
    case = CASES["ties"]
    found = fit_repeated(pd.DataFrame(case["data"]), case["formula"]).friedman
    assert found is not None
    assert (found.statistic, found.df) == pytest.approx((case["friedman"]["statistic"], 2))
    assert found.p == pytest.approx(case["friedman"]["p.value"], rel=1e-9)


def bins() -> pd.DataFrame:
    """Eight animals of two groups in three bins."""
    noise = np.random.default_rng(3).normal(size=(8, 3))
    rows = [
        (f"K{animal}", "saline" if animal < 4 else "ketamine", at, round(20 + at + noise[animal, at - 1], 3))
        for animal in range(8)
        for at in (1, 2, 3)
    ]
    return pd.DataFrame(rows, columns=["animal", "group", "bin", "y"])


FORMULA = "y ~ group * bin + Error(animal/bin)"


def test_a_balanced_case_is_the_mixed_model() -> None:
    frame = bins()
    frame["y"] += 3.0 * (frame.index // 3 % 4)
    repeated = fit_repeated(frame, FORMULA)
    for effect in fit_mixed(frame, "y ~ group * bin + (1 | animal)").effects:
        same = repeated.effect(effect.term)
        assert (effect.f, effect.df_error) == pytest.approx((same.f, same.df_error))


def test_a_table_and_a_plan_say_the_same_as_a_frame() -> None:
    frame = bins()
    table = Table(
        outcome="y",
        values=frame["y"].to_numpy(),
        units=frame["animal"],
        factors={"group": frame["group"], "bin": frame["bin"].astype(str)},
    )
    plan = Plan(outcome="y", factors=("group", "bin"))
    assert fit_repeated_plan(table, plan, within=("bin",), unit="") == fit_repeated(frame, FORMULA)
    assert fit_repeated_plan(table, plan, within=("bin",), unit="").formula == FORMULA


def test_an_animal_with_a_missing_bin_is_left_out_and_named() -> None:
    frame = bins()
    frame.loc[4, "y"] = np.nan
    found = fit_repeated(frame.drop(index=[23]), FORMULA)
    assert (found.n, found.left_out) == (6, ("K1", "K7"))
    assert "K1 (2); K7 (3)" in found.notes[0]
    assert "(1 | animal)" in found.notes[1]


def test_a_far_and_a_large_outcome_lose_no_digits() -> None:
    frame = bins().astype({"bin": str})
    plain = fit_repeated(frame, FORMULA).effect("bin")
    far = fit_repeated(frame.assign(y=[f"1000000000{value:.3f}" for value in frame["y"]]), FORMULA).effect("bin")
    large = fit_repeated(frame.assign(y=frame["y"] * 1e12), FORMULA).effect("bin")
    assert (far.f, large.f) == pytest.approx((plain.f, plain.f), rel=1e-10)


def changed(**columns: Any) -> pd.DataFrame:
    return bins().assign(**columns)


REFUSED: list[tuple[pd.DataFrame, str, str]] = [
    (pd.concat([bins(), bins().iloc[[2]]]), FORMULA, "K0 at 3"),
    (changed(animal=["K0"] * 6 + list(bins()["animal"][6:])), FORMULA, "K0 at 1, K0 at 2, K0 at 3"),
    (changed(group=["ketamine", *bins()["group"][1:]]), FORMULA, "K0 (ketamine and saline)"),
    (changed(y=bins()["y"].where(bins()["bin"] != 2)), FORMULA, "no subject has one at 2"),
    (changed(y=5.0), FORMULA, "5 for every unit"),
    (changed(y=bins()["bin"]), FORMULA, "all alike on average"),
    (changed(y=bins()["bin"] + bins().index // 3 * 2.0), FORMULA, "all alike over bin"),
    (changed(group="saline"), FORMULA, "two or more levels of group"),
    (bins().drop(index=[0, 4, 8, 9, 13, 17, 18, 23]), FORMULA, "subjects measured at every level"),
    (bins().iloc[9:15], FORMULA, "2 or more error degrees of freedom"),
    (bins(), "y ~ group + bin + Error(animal/bin)", "group * bin"),
    (bins(), "y ~ group * bin", "an error stratum"),
    (bins(), "y ~ group + Error(animal/bin)", "group * bin"),
    (changed(animal=["", *bins()["animal"][1:]]), FORMULA, "column animal"),
    (changed(y=[np.inf, *bins()["y"][1:]]), FORMULA, "a finite number"),
    (bins(), "y ~ group * bin + Error(mouse/bin)", "mouse"),
]


@pytest.mark.parametrize(("frame", "formula", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_bad_input_is_refused_in_words(frame: pd.DataFrame, formula: str, words: str) -> None:
    with pytest.raises((AnalysisError, UsageError, TableError)) as caught:
        fit_repeated(frame, formula)
    assert words in str(caught.value)


def test_a_covariate_is_refused() -> None:
    table = Table(outcome="y", values=[1.0], units=["K1"], factors={"bin": ["1"]}, covariates={"weight": [30.0]})
    plan = Plan(outcome="y", factors=("bin",), covariates=("weight",))
    with pytest.raises(LittermateError, match="weight"):
        fit_repeated_plan(table, plan, within=("bin",), unit="s")
