"""The reference cases: what R says of made-up data (reference/make.R made them)."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

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
