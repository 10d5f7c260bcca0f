"""Power against the reference case beside the repository (mpmath, R), and against R for other designs."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
ORACLE = ROOT.parent / "shared" / "oracles" / "power_2x2.json"
ALLOWED = {
    "power, exact": 1e-12,
    "power, R": 2e-9,
    "smallest effect, R": 1e-8,
    "noncentrality, R": 1e-12,
    "df": 0,
    "n per cell": 0,
}
"""Largest absolute difference; R's own noncentral F is off by up to 1e-9."""


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    path = ROOT / "benchmarks" / "validation" / "power.py"
    spec = importlib.util.spec_from_file_location("littermate_validation_power", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not ORACLE.is_file(), reason="the reference cases (../shared/oracles) are not here")
def test_2x2(validation: ModuleType) -> None:
    found = validation.worst(validation.power_2x2())
    assert set(found) == {"power, exact", "power, R", "n per cell", "smallest effect, R"}
    assert {kind: apart for kind, apart in found.items() if apart > ALLOWED[kind]} == {}


def test_other_designs(validation: ModuleType) -> None:
    found = validation.worst(validation.other_designs())
    assert set(found) == {"df", "noncentrality, R", "power, R"}
    assert {kind: apart for kind, apart in found.items() if apart > ALLOWED[kind]} == {}


def test_section(validation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "power_2x2", lambda: iter([("n per cell", 8.0, 8.0)]))
    monkeypatch.setattr(validation, "simulated", lambda: iter(["| 3x2 | 3 effects | 1.0 |"]))
    assert validation.section().count("\n| ") == 5
