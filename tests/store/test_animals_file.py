"""animals.csv: every fault at once, at its line."""

from datetime import date
from pathlib import Path

import pytest

from littermate.errors import FileError, ProtocolError
from littermate.store.animals_file import read_animals


def written(folder: Path, text: str) -> Path:
    path = folder / "animals.csv"
    path.write_text(text, encoding="utf-8")
    return path


def complaints(folder: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(ProtocolError) as caught:
        read_animals(written(folder, text))
    return [(one.where.removeprefix("animals.csv, "), one.found) for one in caught.value.complaints]


def test_all_columns(tmp_path: Path) -> None:
    (animal,) = read_animals(
        written(tmp_path, "cage,id,sex,strain,birth,weight_g\nC1,M01,male,CD1,2026-03-01, 31.5 \n")
    )
    assert (animal.id, animal.cage, animal.birth, animal.weight_g) == ("M01", "C1", date(2026, 3, 1), 31.5)


def test_every_fault_at_once(tmp_path: Path) -> None:
    text = (
        "id,sex,wieght_g,weight_g,birth\nM1,m,,-3,\nM1,m,,31,01.03.2026\n\n,m,,31,\nM4,m,,heavy,2026-02-30\n"
        'M5,m,,"31,5",\nM6,m,,31,5,\nM7,m,,nan,\n'
    )
    assert complaints(tmp_path, text) == [
        ("line 1", "'wieght_g'"),
        ("line 2", "'-3'"),
        ("line 3", "'M1' again, first on line 2"),
        ("line 3", "'01.03.2026'"),
        ("line 5", "an empty one"),
        ("line 6", "'2026-02-30'"),
        ("line 6", "'heavy'"),
        ("line 7", "'31,5'"),
        ("line 8", "'5'"),
        ("line 9", "'nan'"),
    ]


def test_a_row_with_a_decimal_comma_too_many(tmp_path: Path) -> None:
    assert complaints(tmp_path, "id,weight_g\nM1,31,5\n") == [("line 2", "3: M1, 31, 5")]


def test_semicolons_of_a_spreadsheet(tmp_path: Path) -> None:
    assert [one.weight_g for one in read_animals(written(tmp_path, "\ufeffid;weight_g\r\nM1;31.5\r\n"))] == [31.5]
    assert complaints(tmp_path, "id;weight_g\nM1;31,5\n") == [("line 2", "'31,5'")]


def test_no_id_column(tmp_path: Path) -> None:
    assert complaints(tmp_path, "animal,sex\nM1,m\n") == [("line 1", "'animal'"), ("line 1", "animal, sex")]


def test_no_animals(tmp_path: Path) -> None:
    assert complaints(tmp_path, "id,sex\n") == [("line 1", "no row")]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_animals(tmp_path / "animals.csv")
