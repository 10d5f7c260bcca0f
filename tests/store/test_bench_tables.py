"""Weights and filled-in sheets: what can be meant is read, and everything else is refused with its line."""

from datetime import date, datetime
from pathlib import Path

import pytest

from littermate.errors import TableError
from littermate.model.administration import UNPLANNED, Administration
from littermate.model.injection import Injection
from littermate.model.species import species_named
from littermate.model.weighing import Weighing
from littermate.store.bench_tables import Bench, read_given, read_weights

DUE = datetime(2026, 4, 11, 9)
BENCH = Bench(
    animals=("M01", "M02"),
    injections=[
        Injection(number=1, day=1, hour=0, animal=animal, vial=vial, side=side, due=DUE, volume_ml=0.3)
        for animal, vial, side in (("M01", "CDF346", "left"), ("M02", "GHJ679", "right"))
    ],
    starts={"M01": DUE, "M02": DUE},
    species=species_named("mouse"),
    now=datetime(2026, 4, 12, 12),
)


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_weights_by_date_and_by_day_of_the_study(tmp_path: Path) -> None:
    found = read_weights(written(tmp_path, "date,animal,weight_g\n2026-04-11,M01,31.5\n2,m02,28\n"), BENCH)
    assert found == (
        Weighing(animal="M01", day=date(2026, 4, 11), weight_g=31.5),
        Weighing(animal="M02", day=date(2026, 4, 12), weight_g=28.0),
    )


def test_a_table_with_semicolons(tmp_path: Path) -> None:
    (one,) = read_weights(written(tmp_path, "animal;day;weight_g\nM01;1;31.5\n"), BENCH)
    assert one == Weighing(animal="M01", day=date(2026, 4, 11), weight_g=31.5)


@pytest.mark.parametrize(
    ("row", "expected", "found"),
    [
        ("M01,1,0", "above 0 g", "0"),
        ("M01,1,300", "the weight of a mouse, 1 to 100 g", "300 g"),
        ("M01,1,-3", "grams such as 31.5", "-3"),
        ("M01,1,nan", "grams such as 31.5", "nan"),
        ("M01,1,", "grams such as 31.5", "nothing"),
        ('M01,1,"31,5"', "grams such as 31.5", "31,5"),
        ("M01,1,31,5", "3 fields", "4"),
        ("M09,1,31", "an animal of this study", "M09"),
        (",1,31", "an animal of this study", "nothing"),
        ("M01,11.04.2026,31", "a date such as 2026-04-11", "11.04.2026"),
        ("M01,2026-02-30,31", "a date that there is", "2026-02-30"),
        ("M01,2026-04-13,31", "a day until today, 2026-04-12", "2026-04-13"),
        ("M01,,31", "a date such as", "nothing"),
        ("M01,1,30\nM01,2026-04-11,31", "each animal once a day", "M01 on 2026-04-11 again"),
    ],
)
def test_a_weight_that_cannot_be_meant(tmp_path: Path, row: str, expected: str, found: str) -> None:
    with pytest.raises(TableError) as caught:
        read_weights(written(tmp_path, f"animal,day,weight_g\n{row}\n"), BENCH)
    (complaint,) = caught.value.complaints
    assert expected in complaint.expected
    assert found in complaint.found
    assert complaint.where.endswith(f"line {2 + row.count(chr(10))}")


def test_a_day_of_a_study_without_a_start(tmp_path: Path) -> None:
    undated = Bench(animals=("M01",), injections=(), starts={}, species=None, now=BENCH.now)
    with pytest.raises(TableError, match="littermate sheets --start"):
        read_weights(written(tmp_path, "animal,day,weight_g\nM01,1,31\n"), undated)


HEAD = "injection,animal,given_at,given_ml,given_vial,given_side,by,note\n"


def given(folder: Path, *rows: str) -> tuple[Administration, ...]:
    return read_given(written(folder, HEAD + "\n".join(rows) + "\n"), BENCH)


def test_a_filled_in_sheet(tmp_path: Path) -> None:
    """As planned; otherwise in every way; not given; not on the sheet; and a line that says nothing yet."""
    rows = (
        "1,M01,09:05,ok,,,ada,",
        "1,M02,2026-04-11 10:40,0.25,cdf346,Left,bo,bent needle",
        ",M02,2026-04-11T11:00:30,0.1,GHJ679,,,",
        "1,M01,,,,,,",
    )
    assert given(tmp_path, *rows) == (
        Administration(
            animal="M01",
            injection=1,
            vial="CDF346",
            at=datetime(2026, 4, 11, 9, 5),
            volume_ml=0.3,
            side="left",
            by="ada",
        ),
        Administration(
            animal="M02",
            injection=1,
            vial="CDF346",
            at=datetime(2026, 4, 11, 10, 40),
            volume_ml=0.25,
            side="left",
            by="bo",
            note="bent needle",
        ),
        Administration(animal="M02", injection=UNPLANNED, vial="GHJ679", at=datetime(2026, 4, 11, 11), volume_ml=0.1),
    )
    (missed,) = given(tmp_path, "1,M01,,0,,,,escaped")
    assert missed == Administration(animal="M01", injection=1, note="escaped")


@pytest.mark.parametrize(
    ("row", "expected", "found"),
    [
        ("1,M01,9.05,0.3,,,,", "given_at: a time such as", "9.05"),
        ("1,M01,9:05 am,0.3,,,,", "given_at: a time such as", "9:05 am"),
        ("1,M01,11/04/2026 09:05,0.3,,,,", "given_at: a time such as", "11/04/2026 09:05"),
        ("1,M01,2026-04-11,0.3,,,,", "given_at: a time such as", "2026-04-11"),
        ("1,M01,2026-04-11T09:05+02:00,0.3,,,,", "given_at: a time such as", "+02:00"),
        ("1,M01,25:05,0.3,,,,", "a time that there is", "25:05"),
        ("1,M01,,0.3,,,,", "given_at: a time such as", "nothing"),
        ("1,M01,2026-04-12 12:01,0.3,,,,", "a time until now", "12:01"),
        (",M01,09:05,0.3,CDF346,,,", "given_at: a time such as", "09:05"),
        ('1,M01,09:05,"0,3",,,,', "given_ml: a volume", "0,3"),
        ("1,M01,09:05,-0.3,,,,", "given_ml: a volume", "-0.3"),
        ("1,M01,09:05,,,,,", "given_ml: a volume", "nothing"),
        ("1,M01,,,,,,ill", "given_ml: a volume", "nothing"),
        (",M01,2026-04-11 09:05,ok,CDF346,,,", "a volume such as 0.30", "the sheet has no volume"),
        ("1,M01,09:05,0.3,XXX333,,,", "a vial of this study", "XXX333"),
        (",M01,2026-04-11 09:05,0.3,,,,", "a vial of this study", "nothing"),
        ("1,M01,09:05,0.3,,middle,,", "given_side: left or right", "middle"),
        ("2,M01,09:05,0.3,,,,", "an injection of M01 from 1 to 1", "2"),
        ("one,M01,09:05,0.3,,,,", "the injection's number", "one"),
        ("1,M09,09:05,0.3,,,,", "an animal of this study", "M09"),
        ("1,M01,09:05,0.3,,,,\n1,M01,09:06,0.3,,,,", "each injection once", "injection 1 of M01 again"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, row: str, expected: str, found: str) -> None:
    with pytest.raises(TableError) as caught:
        given(tmp_path, row)
    (complaint,) = caught.value.complaints
    assert expected in complaint.expected
    assert found in complaint.found


def test_all_faults_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        given(tmp_path, "1,M09,09:05,0.3,,,,", "1,M01,9.05,0.3,,,,", "1,M02,09:05,ok,,,,")
    assert [complaint.where[-6:] for complaint in caught.value.complaints] == ["line 2", "line 3"]
