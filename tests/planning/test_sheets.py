"""The bench sheet says what to inject and nothing else; the vial key says the rest."""

import csv
from pathlib import Path

import pytest

from littermate.errors import ProtocolError, UsageError
from littermate.model.allocation import Allocation, Tag
from littermate.model.protocol import Step
from littermate.model.treatment import Dose, Treatment
from littermate.planning.codes import make_tags
from littermate.planning.draw import Draw
from littermate.planning.sheets import injection_sheet, vial_key, write_sheet

DAY = 86_400.0
SCHEDULE = (
    Step(name="magnesium injections", treats="magnesium", repeat=14, every_s=DAY),
    Step(name="ketamine injection", treats="ketamine", after="magnesium injections", delay_s=DAY),
)
TREATMENTS = (
    Treatment(factor="magnesium", level="saline", substance="0.9 % saline", route="i.p."),
    Treatment(
        factor="magnesium", level="magnesium", substance="magnesium hydroaspartate", needs_dose=True, route="i.p."
    ),
    Treatment(factor="ketamine", level="saline", substance="0.9 % saline", route="i.p."),
    Treatment(
        factor="ketamine", level="ketamine", substance="ketamine", dose=Dose(size=15, unit="mg/kg"), route="i.p."
    ),
)


@pytest.fixture
def tags(key: Allocation) -> tuple[Tag, ...]:
    return make_tags(key, rng=Draw(1, "codes"))


def test_fifteen_injections_of_every_animal(tags: tuple[Tag, ...]) -> None:
    rows = injection_sheet(tags, TREATMENTS, SCHEDULE)
    assert len(rows) == 15 * 32
    assert rows[0] == {
        "day": "1",
        "hour": "0",
        "injection": "1",
        "animal": "M01",
        "vial": dict(tags[0].vials)["magnesium"],
        "route": "i.p.",
        "side": tags[0].level("injection side"),
    }
    assert (rows[-1]["day"], rows[-1]["vial"]) == ("15", dict(tags[-1].vials)["ketamine"])


def test_bench_sheet_names_no_drug_no_group_no_code(tags: tuple[Tag, ...]) -> None:
    text = str(injection_sheet(tags, TREATMENTS, SCHEDULE)).casefold()
    assert not any(word in text for word in ("ketamine", "magnesium", "saline", "mg/kg"))
    assert not any(tag.code.casefold() in text for tag in tags)


def test_routes_that_differ_within_a_factor_are_not_shown(tags: tuple[Tag, ...]) -> None:
    oral = Treatment(factor="ketamine", level="ketamine", substance="ketamine", route="oral")
    rows = injection_sheet(tags, (*TREATMENTS[:3], oral), SCHEDULE)
    assert {row["route"] for row in rows if row["day"] == "15"} == {""}


def test_vial_key_says_what_is_in_each_vial(key: Allocation, tags: tuple[Tag, ...]) -> None:
    rows = vial_key(key, tags, TREATMENTS)
    assert len(rows) == 64 and [row["vial"] for row in rows] == sorted(row["vial"] for row in rows)
    for row in rows:
        cell = dict(zip(key.factors, key.cell_of(row["animal"]), strict=True))
        assert row["level"] == cell[row["factor"]]
    assert {row["dose"] for row in rows if row["substance"] == "magnesium hydroaspartate"} == {"to be filled in"}
    assert {row["dose"] for row in rows if row["substance"] == "ketamine"} == {"15 mg/kg"}
    assert {row["dose"] for row in rows if row["level"] == "saline"} == {""}


def test_level_without_treatment(key: Allocation, tags: tuple[Tag, ...]) -> None:
    with pytest.raises(ProtocolError, match="none for ketamine = saline"):
        vial_key(key, tags, (*TREATMENTS[:2], TREATMENTS[3]))


def test_sheet_is_a_csv_file(tmp_path: Path, tags: tuple[Tag, ...]) -> None:
    rows = injection_sheet(tags, TREATMENTS, SCHEDULE)
    write_sheet(tmp_path / "bench.csv", rows)
    with (tmp_path / "bench.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(csv.DictReader(file)) == rows
    with pytest.raises(UsageError, match="one row or more"):
        write_sheet(tmp_path / "empty.csv", [])
    assert not (tmp_path / "empty.csv").exists()
