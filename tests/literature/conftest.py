"""What R metafor says (reference/metafor.json, made by reference/metafor.R), and its data sets as tables of text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from littermate.literature.effect_table import EffectTable, read_effects

REFERENCE = Path(__file__).parent / "reference" / "metafor.json"


@pytest.fixture(scope="session")
def metafor() -> dict[str, Any]:
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def read(metafor: dict[str, Any]) -> Callable[..., EffectTable]:
    def read_set(name: str, measure: str = "") -> EffectTable:
        return read_effects(pd.DataFrame(metafor["data"][name]).astype(str), measure=measure)

    return read_set


@pytest.fixture
def rows() -> Callable[..., pd.DataFrame]:
    """Make a table of text of a header and lines, as it is read from a file."""

    def make(header: str, *lines: str) -> pd.DataFrame:
        cells = [[cell.strip() for cell in line.split(",")] for line in lines]
        return pd.DataFrame(cells, columns=header.split(","), index=range(2, 2 + len(lines)), dtype=str)

    return make
