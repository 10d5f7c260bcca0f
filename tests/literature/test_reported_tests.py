"""statcheck's own test suite, the founding study's text, and the lists of printings, as docs/validation.md has them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
ORACLES = ROOT.parent / "shared" / "oracles"

needs_oracles = pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")


@pytest.fixture(scope="module")
def validation() -> ModuleType:
    path = ROOT / "benchmarks" / "validation" / "reported_tests.py"
    spec = importlib.util.spec_from_file_location("littermate_validation_reported_tests", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@needs_oracles
def test_statchecks_suite_holds_but_for_what_is_different_on_purpose(validation: ModuleType) -> None:
    total, failed = validation.failures()
    assert total == 369
    assert sorted(case.id for case, _ in failed) == sorted(validation.DIFFERENT_ON_PURPOSE)


@needs_oracles
def test_every_test_statcheck_returned_is_read_and_judged_alike(validation: ModuleType) -> None:
    done = validation.agreement()
    assert done["theirs"] == done["found"] == done["verdicts"] == 334
    assert done["apart"] < 1e-10


@needs_oracles
def test_the_founding_studys_thirteen(validation: ModuleType) -> None:
    for line, done in validation.paper():
        expected = line["at_reported_df"]
        assert done is not None
        assert done.p_computed == pytest.approx(expected["p_recomputed"], rel=1e-10)
        assert (done.p_low, done.p_high) == pytest.approx((expected["p_low"], expected["p_high"]), rel=1e-10)
        assert (done.consistent, done.decision_error) == (expected["consistent"], expected["decision_error"])


def test_ways_of_printing(validation: ModuleType) -> None:
    assert len(validation.printings()) >= 900
    assert validation.misread() == []


def test_what_looks_like_a_test_and_is_none(validation: ModuleType) -> None:
    assert len(validation.no_tests()) >= 290
    assert validation.mistaken() == []


def test_ways_of_setting_in_markup_and_tables(validation: ModuleType) -> None:
    assert len(validation.settings()) >= 45
    assert validation.misread_settings() == []


def test_nothing_wrong_is_made_of_what_is_not_read(validation: ModuleType) -> None:
    assert validation.unread()
    assert validation.read_by_halves() == []


def test_ways_of_printing_combined(validation: ModuleType) -> None:
    texts = list(validation.combinations())[::3]
    assert len(texts) >= 800
    assert [text for text, expected in texts if validation.words_of(text) != [expected]] == []
