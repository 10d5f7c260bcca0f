"""The bench sheet says what to inject and nothing else."""

import csv
from pathlib import Path

import pytest

from littermate.errors import UsageError
from littermate.model.allocation import Allocation, Tag
from littermate.model.injection import Injection
from littermate.model.protocol import Step
from littermate.model.treatment import Dose, Treatment
from littermate.model.weighing import Weighing
from littermate.planning.codes import make_tags
from littermate.planning.dosing import plan_injections
from littermate.planning.draw import Draw
from littermate.planning.sheets import GIVEN_COLUMNS, injection_sheet, write_sheet

DAY = 86_400.0
SCHEDULE = (
    Step(name="magnesium injections", treats="magnesium", repeat=14, every_s=DAY),
    Step(name="ketamine injection", treats="ketamine", after="magnesium injections", delay_s=DAY),
)
TREATMENTS = (
    Treatment(factor="magnesium", level="saline", substance="0.9 % saline", route="i.p.", volume_ml_kg=10),
    Treatment(
        factor="magnesium",
        level="magnesium",
        substance="magnesium hydroaspartate",
        needs_dose=True,
        route="i.p.",
        volume_ml_kg=10,
    ),
    Treatment(factor="ketamine", level="saline", substance="0.9 % saline", route="i.p.", volume_ml_kg=10),
    Treatment(
        factor="ketamine",
        level="ketamine",
        substance="ketamine",
        dose=Dose(size=15, unit="mg/kg"),
        route="i.p.",
        volume_ml_kg=10,
    ),
)


@pytest.fixture
def tags(key: Allocation) -> tuple[Tag, ...]:
    return make_tags(key, rng=Draw(1, "codes"))


@pytest.fixture
def planned(tags: tuple[Tag, ...]) -> tuple[Injection, ...]:
    weighings = [Weighing(animal=tag.animal, day=None, weight_g=30.4) for tag in tags]
    return plan_injections(tags, TREATMENTS, SCHEDULE, weighings=weighings)


def test_fifteen_injections_of_every_animal(tags: tuple[Tag, ...], planned: tuple[Injection, ...]) -> None:
    rows = injection_sheet(planned)
    assert len(rows) == 15 * 32
    assert rows[0] == {
        "day": "1",
        "hour": "0",
        "due": "",
        "injection": "1",
        "animal": "M01",
        "vial": dict(tags[0].vials)["magnesium"],
        "weight_g": "30.4",
        "weighed": "",
        "volume_ml": "0.3",
        "rounding_percent": "-1.3",
        "route": "i.p.",
        "side": tags[0].level("injection side"),
        "remark": "",
    } | dict.fromkeys(GIVEN_COLUMNS, "")
    assert (rows[-1]["day"], rows[-1]["vial"]) == ("15", dict(tags[-1].vials)["ketamine"])


def test_bench_sheet_names_no_drug_no_group_no_code(tags: tuple[Tag, ...], planned: tuple[Injection, ...]) -> None:
    text = str(injection_sheet(planned)).casefold()
    assert not any(word in text for word in ("ketamine", "magnesium", "saline", "mg/kg"))
    assert not any(tag.code.casefold() in text for tag in tags)


def test_routes_that_differ_within_a_factor_are_not_shown(tags: tuple[Tag, ...]) -> None:
    oral = Treatment(factor="ketamine", level="ketamine", substance="ketamine", route="oral")
    rows = injection_sheet(plan_injections(tags, (*TREATMENTS[:3], oral), SCHEDULE))
    assert {row["route"] for row in rows if row["day"] == "15"} == {""}


def test_sheet_is_a_csv_file(tmp_path: Path, planned: tuple[Injection, ...]) -> None:
    rows = injection_sheet(planned)
    write_sheet(tmp_path / "bench.csv", rows)
    with (tmp_path / "bench.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(csv.DictReader(file)) == rows
    with pytest.raises(UsageError, match="one row or more"):
        write_sheet(tmp_path / "empty.csv", [])
    assert not (tmp_path / "empty.csv").exists()
