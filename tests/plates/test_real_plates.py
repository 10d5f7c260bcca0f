"""Real plates (../shared/data/plates). Gen5's own linear fits are checked in benchmarks/validation/plates.py."""

from pathlib import Path

import pytest

from littermate.formats.plain_plate import read_plates
from littermate.plates.elisa import quantify_elisa

ELISA = Path(__file__).parents[2].parent / "shared" / "data" / "plates" / "elisa"
pytestmark = pytest.mark.skipif(not ELISA.is_dir(), reason="../shared/data/plates is not on this machine")


def result(name):
    return quantify_elisa(read_plates(ELISA / f"240319_ELISA_{name}.csv", kind="elisa")[0])


def test_an_overflowed_top_standard_lowers_the_range():
    found = result("Ab42")
    assert (found.curve.lloq, found.curve.uloq) == (15.63, 500)
    assert "Std_1 OD_1 not available" in found.standards[0].reason
    assert all(abs(s.recovery_percent - 100) < 5 for s in found.standards[1:7])


def test_low_samples_are_below_the_range_and_the_others_are_not():
    found = result("Ab42")
    low = {sample.name for sample in found.samples if not sample.in_range}
    assert low == {"TS_1", "TS_2", "TS_3", "TS_7", "TS_8", "TS_9"}


def test_wells_that_differ_are_pointed_out():
    assert any("Std_1: wells differ" in words for words in result("Ab40").warnings)
    assert any("TS_9: wells differ" in words for words in result("total_tau").warnings)
