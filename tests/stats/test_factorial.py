"""The analysis of variance gives R's numbers, and refuses in words what the data cannot answer."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.group import Point
from littermate.model.plan import Plan
from littermate.stats.factorial import anova_table, fit, fit_formula
from littermate.stats.table import Table


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_table_is_that_of_r(case: dict[str, Any], kind: int) -> None:
    analysis = fit_formula(case["frame"], case["formula"], type=kind, reference_levels=case["levels"])
    *lines, residual = case[f"type{kind}"]
    assert [effect.term for effect in analysis.effects] == [line["term"] for line in lines]
    for effect, line in zip(analysis.effects, lines, strict=True):
        assert (effect.df, effect.df_error) == (line["df"], residual["df"])
        assert effect.ss == pytest.approx(line["ss"], rel=1e-9)
        assert effect.f == pytest.approx(line["f"], rel=1e-9)
        assert effect.p == pytest.approx(line["p"], rel=1e-8)
    assert analysis.ss_error == pytest.approx(residual["ss"], rel=1e-9)


def test_worked_by_eye(frame: pd.DataFrame) -> None:
    analysis = fit_formula(frame, "y ~ magnesium * ketamine", unit="s")
    assert {effect.term: round(effect.ss, 9) for effect in analysis.effects} == {
        "magnesium": 2.0,
        "ketamine": 32.0,
        "magnesium:ketamine": 0.0,
    }
    assert (analysis.n, analysis.df_error, analysis.unit) == (8, 4, "s")
    assert analysis.ss_error == pytest.approx(8)
    assert analysis.effect("ketamine").partial_eta_squared == pytest.approx(32 / 40)
    assert [(group.n, group.mean, group.sem) for group in analysis.groups] == [
        (2, 10.0, pytest.approx(1)),
        (2, 6.0, pytest.approx(1)),
        (2, 11.0, pytest.approx(1)),
        (2, 7.0, pytest.approx(1)),
    ]
    cell = (("magnesium", "control"), ("ketamine", "saline"))
    assert analysis.points[0] == Point(unit="K0", levels=cell, value=9.0)
    assert analysis.plan.formula == "y ~ magnesium * ketamine"


def test_groups_stand_in_the_order_of_the_design_whatever_that_of_the_rows(frame: pd.DataFrame) -> None:
    levels = {"magnesium": ("control", "mg"), "ketamine": ("saline", "ketamine")}
    shuffled = fit_formula(frame.sample(frac=1, random_state=3), "y ~ magnesium * ketamine", reference_levels=levels)
    ordered = fit_formula(frame, "y ~ magnesium * ketamine")
    assert shuffled.groups == ordered.groups
    assert shuffled.effect("ketamine").f == pytest.approx(ordered.effect("ketamine").f, rel=1e-12)


def test_plan_and_formula_agree(frame: pd.DataFrame) -> None:
    table = Table(
        outcome="y",
        values=tuple(frame["y"]),
        units=tuple(frame["animal"]),
        factors={name: tuple(frame[name]) for name in ("magnesium", "ketamine")},
    )
    plan = Plan(outcome="y", factors=("magnesium", "ketamine"))
    assert fit(table, plan, unit="") == fit_formula(frame, "y ~ magnesium * ketamine")


def test_additive_model_says_its_formula(frame: pd.DataFrame) -> None:
    analysis = fit_formula(frame, "y ~ magnesium + ketamine")
    assert (analysis.plan.formula, analysis.df_error) == ("y ~ magnesium + ketamine", 5)


def test_units_without_outcome_are_left_out_and_named(frame: pd.DataFrame) -> None:
    more = pd.concat([frame, frame.iloc[[0]].assign(y=None, animal="K9")], ignore_index=True)
    analysis = fit_formula(more, "y ~ magnesium * ketamine")
    assert (analysis.n, analysis.missing) == (8, ("K9",))
    assert "K9" in analysis.notes[0]


def test_large_offsets_cost_no_digits(frame: pd.DataFrame) -> None:
    formula = "y ~ magnesium * ketamine"
    far = frame.assign(y=[f"{1_000_000_000_000 + y}.4" for y in frame["y"]])
    assert fit_formula(far, formula).effect("ketamine").f == pytest.approx(16, rel=1e-13)
    assert fit_formula(far, formula).groups[0].mean == pytest.approx(1e12 + 10.4, rel=1e-15)


def test_tiny_units_cost_no_digits(frame: pd.DataFrame) -> None:
    tiny = frame.assign(y=frame["y"] * 1e-12)
    assert fit_formula(tiny, "y ~ magnesium * ketamine").effect("ketamine").f == pytest.approx(16, rel=1e-12)


def test_confounded_term_drops_out_of_type_1_only() -> None:
    frame = pd.DataFrame(
        {"y": [1, 2, 4, 3, 5, 9, 2, 7], "block": list("xyyxxyyx"), "a": list("00110011"), "b": list("01010101")}
    )
    analysis = fit_formula(frame, "y ~ block + a * b", type=1)
    assert [effect.term for effect in analysis.effects] == ["block", "a", "b"]
    assert "a:b" in analysis.notes[-1]
    with pytest.raises(AnalysisError, match="confounded"):
        fit_formula(frame, "y ~ block + a * b", type=3)


def test_bare_table() -> None:
    rows = anova_table([1.0, 2, 3, 5, 6, 7], {"a": "xxxyyy"}, ("a",), 2)
    assert (rows.effects[0].f, rows.df_error) == (pytest.approx(24), 4)


def test_empty_cell_is_named(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="no unit with magnesium = mg, ketamine = ketamine"):
        fit_formula(frame.iloc[:6], "y ~ magnesium * ketamine")


def test_level_of_the_design_without_units_is_named(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="no unit with ketamine = high"):
        fit_formula(frame, "y ~ ketamine", reference_levels={"ketamine": ("saline", "ketamine", "high")})


def test_label_outside_the_design_is_named(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="found:    ketamine"):
        fit_formula(frame, "y ~ ketamine", reference_levels={"ketamine": ("saline", "15 mg/kg")})


def test_replicates_are_not_animals(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="average the repeated measurements"):
        fit_formula(pd.concat([frame, frame]), "y ~ magnesium * ketamine")


def test_one_animal_a_cell_leaves_no_error(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="4 units and 4 parameters leave 0"):
        fit_formula(frame.iloc[::2], "y ~ magnesium * ketamine")


def test_several_faults_are_said_at_once(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError) as caught:
        fit_formula(frame.assign(y=3, magnesium="mg"), "y ~ magnesium * ketamine")
    assert len(caught.value.complaints) == 2


def test_outcome_that_names_the_group_is_refused(frame: pd.DataFrame) -> None:
    exact = frame.assign(y=np.where(frame["ketamine"] == "saline", 0.1, 0.3))
    with pytest.raises(AnalysisError, match="fits every unit exactly"):
        fit_formula(exact, "y ~ magnesium * ketamine")


def test_no_outcome_at_all(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="values of y"):
        fit_formula(frame.assign(y=None), "y ~ ketamine")


def test_constant_covariate_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="covariate that varies"):
        fit_formula(frame.assign(weight=30.1), "y ~ number(weight) + ketamine")


@pytest.mark.parametrize("option", [{"type": 4}, {"alpha": 0.0}, {"alpha": 5}])
def test_options_that_cannot_be_meant(frame: pd.DataFrame, option: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        fit_formula(frame, "y ~ ketamine", **option)
