"""A study is dosed: weights in, sheets out, what was given kept and compared; blind until it is unblinded."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from littermate.errors import StageError, TableError, UsageError
from littermate.model.allocation import Allocation
from littermate.model.measurement import Measurement, Source
from littermate.model.rules import RuleSet
from littermate.study import Study, create_study, open_study

START = datetime(2026, 4, 11, 9)
OPEN = '"to be filled in"'
PASSPHRASE = "correct horse"
SECRET = ("ketamine", "magnesium", "saline", "mg/kg", "mg/ml")


@pytest.fixture(scope="module")
def dosed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        folder = create_study(tmp_path_factory.mktemp("dosed") / "pilot").folder
        text = folder.protocol_path.read_text(encoding="utf-8")
        for old, new in (("per_group = 8", "per_group = 2"), ("animals = 32", "animals = 8"), (OPEN, '"30 mg/kg"')):
            text = text.replace(old, new, 1)
        folder.protocol_path.write_text(text, encoding="utf-8")
        head, *rows = folder.animals_path.read_text(encoding="utf-8").splitlines()[:9]
        weighed = [row.replace(",,,", f",,{30 + k},", 1) for k, row in enumerate(rows)]
        folder.animals_path.write_text("\n".join([head, *weighed]) + "\n", encoding="utf-8")
        study = open_study(folder.root, who="ada", passphrase=PASSPHRASE)
        study.allocate(seed=1)
        study.start(START)
    return folder.root


@pytest.fixture
def dosed(dosed_template: Path, tmp_path: Path) -> Study:
    """Eight mice of 30 to 37 g, allocated, with magnesium at 30 mg/kg and a start."""
    shutil.copytree(dosed_template, tmp_path / "pilot")
    return open_study(tmp_path / "pilot", who="ada", passphrase=PASSPHRASE)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def filled_in(study: Study, day: int, changes: dict[str, dict[str, str]]) -> Path:
    """Write a day's sheet, fill it in as planned (an hour alone is of that day), and change some animals' lines."""
    path, *_ = study.write_sheets(day=day)
    rows = read(path)
    for row in rows:
        row |= {"given_at": "09:10", "given_ml": "ok"} | changes.get(row["animal"], {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def unblinded(study: Study) -> Allocation:
    """Give the study a measurement, so that it can be locked and unblinded."""
    rules = RuleSet(name="swim", parameters=(), words=())
    source = Source(kind="recording", sha256="0" * 64, place="")
    one = Measurement(
        outcome="immobility", code=study.tags[0].code, value=1.0, unit="s", source=source, rules_hash=rules.hash
    )
    with study.database.writing("ada", "score", {}) as write:
        write.rules(rules)
        write.measurements([one])
    study.lock()
    return study.unblind(because="scored")


def findings(study: Study, beginning: str = "injection") -> dict[str, str]:
    return {f"{one.id} {one.about}": one.message for one in study.check() if one.id.startswith(beginning)}


def test_sheets_say_what_to_do_and_give_no_group_away(dosed: Study) -> None:
    for path in (*dosed.write_sheets(), *dosed.write_sheets(day=15)):
        text = path.read_text(encoding="utf-8").casefold()
        assert all(tag.animal.casefold() in text for tag in dosed.tags)
        assert not [word for word in SECRET if word in text], path.name
        assert not [tag.code for tag in dosed.tags if tag.code.casefold() in text], path.name
    with pytest.raises(UsageError, match="on days 1 to 15"):
        dosed.write_sheets(day=16)


def test_the_volume_follows_the_weight_of_the_day(dosed: Study, tmp_path: Path) -> None:
    table = tmp_path / "weights.csv"
    table.write_text("animal,day,weight_g\nM01,3,33.3\nM02,3,31\n", encoding="utf-8")
    assert len(dosed.weigh(table)) == 2
    assert dosed.weigh(table) == ()
    volumes = {one.day: one.volume_ml for one in dosed.injections if one.animal == "M01"}
    assert (volumes[2], volumes[3], volumes[15]) == (0.30, 0.33, 0.33)
    with pytest.raises(UsageError, match="reason"):
        dosed.weigh({"animal": "M01", "day": "3", "weight_g": "32"})
    dosed.weigh({"animal": "M01", "day": "3", "weight_g": "32"}, because="read wrongly")
    assert {one.weight_g for one in dosed.database.weighings()} == {31.0, 32.0}
    with pytest.raises(UsageError, match="1 to 100 g"):
        dosed.weigh({"animal": "M01", "day": "4", "weight_g": "300"})


def test_what_was_given_otherwise_is_found(dosed: Study) -> None:
    other = dict(dosed.tags[7].vials)["magnesium"]
    path = filled_in(
        dosed,
        1,
        {
            "M02": {"given_at": "10:30"},
            "M03": {"given_ml": "0.2"},
            "M04": {"given_vial": other},
            "M05": {"given_ml": "0", "note": "escaped"},
            "M06": {"given_side": {"left": "right", "right": "left"}[dosed.tags[5].level("injection side") or ""]},
            "M07": {"given_at": "", "given_ml": ""},
        },
    )
    assert len(dosed.give(path)) == 7
    assert open_study(dosed.folder.root, who="bo").give(f"sheets/{path.name}") == ()
    found = [(one.kind, one.animal) for one in dosed.deviations if one.injection == 1]
    assert found == [
        ("late", "M02"),
        ("wrong volume", "M03"),
        ("vial of another animal", "M04"),
        ("missed", "M05"),
        ("wrong side", "M06"),
        ("not logged", "M07"),
    ]
    said = findings(dosed)
    assert said["injection-missed injection 1 (day 1)"].startswith("missed: M05; not logged: M07")
    assert "the vial of M08" in said["injection-wrong-vial M04, injection 1 (day 1)"]
    assert {"injection-untimely M02, injection 1 (day 1)", "injection-volume M03, injection 1 (day 1)"} <= said.keys()
    dosed.exclude("M07", because="died")
    assert "M07" not in findings(dosed)["injection-missed injection 1 (day 1)"]


def test_a_correction_is_a_new_entry_with_a_reason(dosed: Study) -> None:
    row = {"injection": "1", "animal": "M01", "given_at": "09:10", "given_ml": "0.9"}
    dosed.give(row)
    with pytest.raises(UsageError, match="1 that were said otherwise, the first of M01"):
        dosed.give(row | {"given_ml": "0.3"})
    dosed.give(row | {"given_ml": "0.3"}, because="a slip of the pen")
    assert [one.volume_ml for one in dosed.administrations] == [0.3]
    last = dosed.database.entries()[-1]
    assert (last.what, json.loads(last.arguments)["because"]) == ("give", "a slip of the pen")
    assert len([entry for entry in dosed.database.entries() if entry.what == "give"]) == 2
    assert [one.by for one in dosed.administrations] == ["ada"]
    dosed.verify()


def test_the_journal_names_no_drug(dosed: Study) -> None:
    dosed.give(filled_in(dosed, 1, {}))
    dosed.weigh({"animal": "M01", "day": "1", "weight_g": "30"})
    public = [entry for entry in dosed.database.entries() if entry.what not in ("new", "allocate")]
    assert {entry.what for entry in public} == {"start", "give", "weigh"}
    assert not [word for word in SECRET for entry in public if word in entry.arguments.casefold()]


def test_what_was_written_down_stays(dosed: Study) -> None:
    dosed.give({"injection": "1", "animal": "M01", "given_ml": "0"})
    dosed.weigh({"animal": "M01", "day": "1", "weight_g": "30"})
    with closing(sqlite3.connect(dosed.folder.database_path)) as connection:
        for statement in ("DELETE FROM administration", "UPDATE weighing SET weight_g = 20"):
            with pytest.raises(sqlite3.IntegrityError, match="is append-only"):
                connection.execute(statement)


def test_a_batch_that_starts_later(dosed: Study) -> None:
    dosed.start(START + timedelta(days=7), animals=["M08"])
    due = {one.animal: one.due for one in dosed.injections if one.number == 1}
    assert (due["M01"], due["M08"]) == (START, START + timedelta(days=7))
    with pytest.raises(UsageError, match="M99"):
        dosed.start(START, animals=["M99"])


def test_the_custodian_is_told_what_to_prepare(dosed: Study) -> None:
    """Of eight mice of 30 to 37 g: each level's vials hold 14 (or 1) injections and a fifth more."""
    vials = read(dosed.vial_key())
    recipe = dosed.folder.root / "custodian-only" / "preparation.csv"
    rows = {(row["factor"], row["level"]): row for row in read(recipe)}
    magnesium = rows["magnesium", "magnesium"]
    mine = [row for row in vials if row["level"] == "magnesium"]
    total_ml = sum(0.01 * (29 + int(row["animal"][1:])) for row in mine) * 14 * 1.2
    assert float(magnesium["total_ml"]) == pytest.approx(total_ml, rel=1e-3)
    assert float(magnesium["weigh_mg"]) == pytest.approx(3 * total_ml, rel=1e-3)
    assert (rows["ketamine", "ketamine"]["concentration_mg_ml"], rows["ketamine", "saline"]["weigh_mg"]) == ("1.5", "")
    assert recipe.stat().st_mode & 0o077 == 0


def test_real_doses_only_after_unblinding(dosed: Study) -> None:
    dosed.give(filled_in(dosed, 15, {"M02": {"given_ml": "0.62"}}))
    with pytest.raises(StageError, match="unblinded"):
        dosed.real_doses()
    key = unblinded(dosed)
    doses = {one.animal: one for one in dosed.real_doses()}
    assert [doses[tag.animal].level for tag in dosed.tags] == [key.cell_of(tag.animal)[1] for tag in dosed.tags]
    for number, tag in enumerate(dosed.tags, 1):
        dose = doses[tag.animal]
        expected = 0.0 if dose.level == "saline" else 30.0 if number == 2 else 15.0
        assert dose.mg_kg == pytest.approx(expected, rel=1e-6)
        assert dose.planned_mg_kg == (0.0 if dose.level == "saline" else 15.0)
    assert {one.injection for one in dosed.deviations if one.kind == "not logged"} == set(range(1, 15))


def test_a_study_without_volumes_still_has_its_sheet(small_study: Study) -> None:
    text = small_study.folder.protocol_path.read_text(encoding="utf-8")
    small_study.folder.protocol_path.write_text(text.replace('volume = "10 mL/kg"\n', ""), encoding="utf-8")
    study = open_study(small_study.folder.root, passphrase=PASSPHRASE)
    study.allocate(seed=1)
    sheet = (study.sheets / "injections.csv").read_text(encoding="utf-8")
    assert "no volume per body weight in study.toml" in sheet
    assert {"volume-missing ketamine", "volume-missing magnesium"} <= findings(study, "volume").keys()


def test_a_filled_in_sheet_with_faults_changes_nothing(dosed: Study) -> None:
    path = filled_in(dosed, 1, {"M02": {"given_at": "9.30"}, "M03": {"given_ml": "0,3"}})
    with pytest.raises(TableError) as caught:
        dosed.give(path)
    assert len(caught.value.complaints) == 2
    assert dosed.administrations == ()


def test_nothing_is_logged_before_the_allocation(small_study: Study) -> None:
    for step in (lambda: small_study.start(START), lambda: small_study.weigh({}), lambda: small_study.write_sheets()):
        with pytest.raises(StageError, match="allocate first"):
            step()
