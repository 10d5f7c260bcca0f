"""The reference cases: what R says of made-up data (reference/make.R made them)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from littermate.model.plan import Plan
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.table import Table

CASES = ("two_by_two", "three_by_two_in_blocks", "three_factors", "covariate", "additive")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    path = Path(__file__).parent / "reference" / f"{request.param}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found["name"], found["frame"] = request.param, pd.DataFrame(found["data"])
    return found


@pytest.fixture
def frame() -> pd.DataFrame:
    """2 x 2, two a cell, worked by eye: saline 10, ketamine 6, magnesium adds 1, no interaction, residuals -1 and 1."""
    rows = [
        (10 - 4 * (ketamine == "ketamine") + (magnesium == "mg") + noise, magnesium, ketamine)
        for magnesium in ("control", "mg")
        for ketamine in ("saline", "ketamine")
        for noise in (-1, 1)
    ]
    table = pd.DataFrame(rows, columns=["y", "magnesium", "ketamine"])
    table["animal"] = [f"K{row}" for row in range(8)]
    return table


@pytest.fixture(scope="session")
def robust() -> dict[str, Any]:
    """What R says of robust forms (reference/robust.R made it)."""
    path = Path(__file__).parent / "reference" / "robust.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def planned(robust: dict[str, Any]) -> Callable[..., PlannedModel]:
    """Fit a plan to one of the robust cases; levels stand as R has them."""

    def fitted(case: str, *factors: str, type: int = 3, **more: Any) -> PlannedModel:  # noqa: A002
        columns = pd.DataFrame(robust[case]["data"])
        table = Table(
            outcome="y",
            values=columns["y"].to_list(),
            units=[f"K{row}" for row in range(len(columns))],
            factors={name: columns[name] for name in (*factors, *more.get("blocks", ()))},
            covariates={name: columns[name] for name in more.get("covariates", ())},
        )
        levels = {"b": ("0", "5", "15"), "ketamine": ("saline", "ketamine")}
        levels |= {name: tuple(sorted(set(columns[name]))) for name in table.factors if name not in levels}
        return planned_model(table, Plan(outcome="y", factors=factors, type=type, **more), levels)

    return fitted
