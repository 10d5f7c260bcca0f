"""Each way of giving something else than the sheet says is named, and what comes near is not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from littermate.model.administration import UNPLANNED, Administration
from littermate.model.injection import Injection
from littermate.model.species import VolumeLimit
from littermate.model.weighing import Weighing
from littermate.planning.departures import find_deviations

DUE = datetime(2026, 4, 11, 9)
PLANNED = Injection(
    number=1,
    day=1,
    hour=0,
    animal="M01",
    vial="CDF346",
    route="i.p.",
    side="left",
    due=DUE,
    within_s=3600,
    weighing=Weighing(animal="M01", day=None, weight_g=30),
    exact_ml=0.3,
    volume_ml=0.3,
)
LATER = replace(PLANNED, number=2, day=2, vial="GHJ679", due=DUE + timedelta(days=1))
OTHER = replace(PLANNED, animal="M02", vial="KMN347")
GIVEN = Administration(animal="M01", injection=1, vial="CDF346", at=DUE, volume_ml=0.3, side="left")
LIMITS = {"i.p.": VolumeLimit(route="i.p.", ml_per_kg=10)}


def kinds(*log: Administration, now: datetime | None = DUE, gone: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = find_deviations([PLANNED, OTHER, LATER], log, now=now, limits=LIMITS, gone=gone)
    return [(one.kind, one.animal) for one in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"volume_ml": 0.31}, []),
        ({"volume_ml": 0.28}, ["wrong volume"]),
        ({"volume_ml": 0.6}, ["wrong volume", "over the limit"]),
        ({"at": DUE + timedelta(minutes=60)}, []),
        ({"at": DUE + timedelta(minutes=61)}, ["late"]),
        ({"at": DUE - timedelta(minutes=61)}, ["early"]),
        ({"side": "right"}, ["wrong side"]),
        ({"vial": "GHJ679"}, ["wrong vial"]),
        ({"vial": "KMN347"}, ["vial of another animal"]),
        ({"volume_ml": None, "at": None, "vial": "", "note": "escaped"}, ["missed"]),
        ({"volume_ml": 0.0}, ["missed"]),
    ],
)
def test_one_change_is_one_deviation(change: dict[str, Any], expected: list[str]) -> None:
    assert kinds(replace(GIVEN, **change)) == [(kind, "M01") for kind in expected]


def test_the_words_say_by_how_much() -> None:
    late = replace(GIVEN, at=DUE + timedelta(minutes=90), volume_ml=0.6)
    found = {one.kind: one.words for one in find_deviations([PLANNED], [late], now=DUE, limits=LIMITS)}
    assert found["late"] == "by 1 h 30 min, 2026-04-11 10:30 instead of 2026-04-11 09:00"
    assert found["wrong volume"] == "0.6 mL instead of 0.3 mL (+100%)"
    assert found["over the limit"].startswith("0.6 mL is 20.0 mL/kg i.p.; limit 10 mL/kg")


def test_what_is_not_in_the_log_is_missing_once_its_time_has_passed() -> None:
    assert kinds(GIVEN, now=DUE + timedelta(minutes=60)) == []
    assert kinds(GIVEN, now=DUE + timedelta(minutes=61)) == [("not logged", "M02")]
    assert kinds(GIVEN, now=None) == [("not logged", "M02"), ("not logged", "M01")]
    assert kinds(GIVEN, now=None, gone=("M02",)) == [("not logged", "M01")]


def test_food_is_not_expected_in_the_log() -> None:
    chow = replace(PLANNED, route="oral", volume_ml=None)
    assert find_deviations([chow], [], now=None) == ()


def test_without_a_start_nothing_is_late() -> None:
    undated = replace(PLANNED, due=None)
    assert find_deviations([undated], [], now=datetime.max) == ()
    assert find_deviations([undated], [replace(GIVEN, at=datetime(2030, 1, 1))], now=datetime.max) == ()
    assert [one.words for one in find_deviations([undated], [], now=None)] == ["not in the log"]


def test_the_last_word_on_an_injection_counts() -> None:
    assert kinds(replace(GIVEN, volume_ml=0.9), GIVEN) == []


def test_an_injection_that_is_not_on_the_sheet() -> None:
    extra = replace(GIVEN, injection=UNPLANNED)
    assert kinds(GIVEN, extra, replace(extra, at=DUE + timedelta(hours=1))) == [("unplanned", "M01")] * 2
