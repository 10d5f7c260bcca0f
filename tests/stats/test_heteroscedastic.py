"""Robust covariances and their F tests are car's, for types II and III, with blocks and a covariate."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.stats.coefficients import KINDS, coefficients, named_coefficients
from littermate.stats.heteroscedastic import robust_anova, robust_intercept
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.robust_forms import ROBUST_FORMS, robust_form
from littermate.stats.table import Table

Planned = Callable[..., PlannedModel]
MODELS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "two_by_two": (("magnesium", "ketamine"), {}),
    "three_by_two": (("diet", "ketamine"), {}),
    "in_blocks": (("diet", "ketamine"), {"blocks": ("membrane",), "covariates": ("weight",)}),
    "three_factors": (("sex", "a", "b"), {}),
}


@pytest.mark.parametrize("case", MODELS)
@pytest.mark.parametrize("type", [2, 3])
def test_f_is_that_of_car(planned: Planned, robust: dict[str, Any], case: str, type: int) -> None:  # noqa: A002
    factors, more = MODELS[case]
    model = planned(case, *factors, type=type, **more)
    for kind in KINDS:
        found = robust_anova(model, kind=kind)
        for line in robust[case]["hc"][f"type{type}"][kind]:
            if line["term"] in ("Residuals", "(Intercept)"):
                continue
            effect = found.effect(line["term"])
            assert (effect.f, effect.p) == pytest.approx((line["f"], line["p"]), rel=1e-9)
            assert effect.df == line["df"]


@pytest.mark.parametrize("case", MODELS)
def test_covariance_is_that_of_car(planned: Planned, robust: dict[str, Any], case: str) -> None:
    factors, more = MODELS[case]
    expected = robust[case]["hc"]
    found = named_coefficients(planned(case, *factors, **more))
    places = [found.names.index(name) for name in expected["names"]]
    assert found.values[places] == pytest.approx(expected["coef"], rel=1e-9)
    size = np.abs(expected["vcov3"]).max()
    assert found.covariance[np.ix_(places, places)] / size == pytest.approx(
        np.array(expected["vcov3"]) / size, abs=1e-9
    )


def test_intercept_is_that_of_car(planned: Planned, robust: dict[str, Any]) -> None:
    expected = next(line for line in robust["in_blocks"]["hc"]["type3"]["hc3"] if line["term"] == "(Intercept)")
    factors, more = MODELS["in_blocks"]
    found = robust_intercept(planned("in_blocks", *factors, **more))
    assert (found.f, found.p) == pytest.approx((expected["f"], expected["p"]), rel=1e-9)


def test_far_and_large_outcomes_keep_their_digits(planned: Planned) -> None:
    model = planned("two_by_two", "magnesium", "ketamine")
    far = Table(
        outcome="y",
        values=1e12 * model.table.values,
        factors=model.table.factors,
        units=model.table.units,
    )
    ours = robust_anova(planned_model(far, model.plan, model.levels))
    assert [one.f for one in ours.effects] == pytest.approx([one.f for one in robust_anova(model).effects], rel=1e-12)


def alone() -> PlannedModel:
    table = Table(outcome="y", values=(1, 2, 3, 5, 6, 9, 4), factors={"a": "xxxyyyz"}, units="1234567")
    return planned_model(table, Plan(outcome="y", factors=("a",)))


def test_a_unit_alone_in_its_cell_is_refused_and_named() -> None:
    with pytest.raises(AnalysisError, match="leverage 1: 7"):
        robust_anova(alone())


def test_a_unit_alone_is_no_matter_to_hc0() -> None:
    assert coefficients(alone(), kind="hc0").covariance.shape == (3, 3)


def test_cells_of_one_value_have_no_robust_f() -> None:
    values = (1.0, 2, 3, 5, 5, 5, 8, 8, 8, 9, 9, 9)
    table = Table(outcome="y", values=values, factors={"a": "xxxyyyzzzwww"}, units=[str(k) for k in range(12)])
    with pytest.raises(AnalysisError, match="cells of one value"):
        robust_anova(planned_model(table, Plan(outcome="y", factors=("a",))))


def test_forms_have_names(planned: Planned) -> None:
    model = planned("two_by_two", "magnesium", "ketamine")
    terms = ["magnesium", "ketamine", "magnesium:ketamine"]
    assert all([one.term for one in form(model).effects] == terms for form in ROBUST_FORMS.values())
    assert robust_form(model, "hc2").method == "HC2"
    with pytest.raises(UsageError, match="rank-ats"):
        robust_form(model, "anova")


def test_what_cannot_be_meant(planned: Planned) -> None:
    with pytest.raises(UsageError, match="hc0, hc1"):
        robust_anova(planned("two_by_two", "magnesium", "ketamine"), kind="hc5")
    with pytest.raises(UsageError, match="type II or III"):
        robust_anova(planned("two_by_two", "magnesium", "ketamine", type=1))


def test_confounded_blocks_are_refused() -> None:
    table = Table(outcome="y", values=(1, 2, 3, 5, 6, 9), factors={"a": "xxxyyy", "m": "pppqqq"}, units="123456")
    model = planned_model(table, Plan(outcome="y", factors=("a",), blocks=("m",)))
    with pytest.raises(AnalysisError, match="tell apart"):
        robust_anova(model)
