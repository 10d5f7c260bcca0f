"""Checks of assumptions and robust forms against the reference cases beside the repository (R, car, lmtest)."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

ALLOWED = {"Shapiro": 1e-6}
"""Largest relative difference; 1e-9 for kinds not named."""

pytestmark = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "oracles").is_dir(), reason="the reference cases (../shared/oracles) are not here"
)


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    path = ROOT / "benchmarks" / "validation" / "robust.py"
    spec = importlib.util.spec_from_file_location("littermate_validation_robust", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["unbal2x2", "toothgrowth", "warpbreaks", "plantgrowth", "rm_oneway"])
def test_case(validation: ModuleType, name: str) -> None:
    (case,) = [one for one in validation.CASES if one.__name__ == name]
    for kind, apart in validation.worst(case).items():
        assert apart <= ALLOWED.get(kind, 1e-9), kind
