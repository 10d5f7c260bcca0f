"""Real plates (../shared/data/plates). Gen5's own linear fits are checked in benchmarks/validation/plates.py."""

from pathlib import Path

import pytest

from littermate.formats.plain_plate import read_plates
from littermate.plates.elisa import quantify_elisa
from littermate.plates.rules import ElisaRules

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


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Ab40", {"a": "0.09488513", "c": "307.798", "b": "1.948053", "d": "4.61912"}),
        ("Ab42", {"a": "0.05489", "c": "1513", "b": "1.335", "d": "13.16"}),
        ("total_tau", {"a": "0.03666", "c": "2889", "b": "1.027", "d": "6.972"}),
    ],
)
def test_the_publication_s_own_curve_by_its_choices(name, printed):
    """Its script prints these: unweighted 4PL of the triplicates' means less the mean blank, by R's nls."""
    rules = ElisaRules(weights="none", fit_to="means", blank="subtract")
    plate = read_plates(ELISA / f"240319_ELISA_{name}.csv", kind="elisa")[0]
    found = dict(quantify_elisa(plate, rules=rules).curve.parameters)
    for key, text in printed.items():
        last_digit = 10.0 ** -len(text.partition(".")[2])
        assert abs(found[key] - float(text)) <= last_digit, key
