"""Tables are read as they are written, or refused in words."""

from pathlib import Path

import numpy as np
import pytest

from littermate.errors import TableError
from littermate.stats.table import Table, read_table


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "y,diet\n1.5,a\n2,b\n",
        "y;diet\r\n1.5;a\r\n\r\n2;b\r\n",
        "y\tdiet\n1.5\ta\n2\tb",
        "\ufeffy,diet\n 1.5 , a\n2,b\n,\n",
        'y;diet\n"1,5";a\n2;b',
        "y,diet\n1.5,a\n2,b\n".encode("utf-16"),
    ],
)
def test_spellings_of_one_table(tmp_path: Path, text: str | bytes) -> None:
    frame = read_table(write(tmp_path, text))
    assert frame.to_dict("list") == {"y": ["1.5", "2"], "diet": ["a", "b"]}


def test_decimal_commas_are_said_in_words(tmp_path: Path) -> None:
    frame = read_table(write(tmp_path, "y;diet\n1,5;a,b\n2;b\n"))
    assert list(frame["y"]) == ["1.5", "2"]
    assert frame.attrs["notes"] == ("The commas in y were read as decimal points.",)


def test_windows_letters(tmp_path: Path) -> None:
    assert list(read_table(write(tmp_path, "y,dose\n1,15 µg\n".encode("cp1252")))["dose"]) == ["15 µg"]


def test_the_index_is_the_line(tmp_path: Path) -> None:
    assert list(read_table(write(tmp_path, "y,a\n\n1,x\n2,z\n")).index) == [3, 4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("y,a\n", "rows below the header"),
        ("\n\n", "empty lines only"),
        ("y,a\n1,x,z\n2\n", "line 3"),
        ("y,y\n1,2\n", "columns of different names"),
        ("y,\n1,2\n", "a name for every column"),
        ('y,a\n1,"x\n', "check the quotes"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"y,a\n\x00\x00", "no text"),
        ("", "empty file"),
    ],
)
def test_faults_are_said(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read_table(write(tmp_path, text))


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file"):
        read_table(tmp_path / "none.csv")


def test_missing_is_left_out_and_named() -> None:
    table = Table(outcome="y", values=(1.0, None, 3.0), factors={"a": "xyx"}, units=("K1", "K2", "K3"))
    assert table.missing == ("K2",)
    assert table.complete().units == ("K1", "K3")
    assert table.complete().factors == {"a": ("x", "x")}


def test_a_missing_covariate_counts_too() -> None:
    table = Table(outcome="y", values=(1, 2), factors={}, units=("K1", "K2"), covariates={"weight": (None, 30)})
    assert table.missing == ("K1",)


def test_faults_of_a_table_are_said_at_once() -> None:
    with pytest.raises(TableError) as caught:
        Table(outcome="y", values=(1.0, np.inf), factors={"a": "xxx"}, units=("K1", "K2"))
    assert len(caught.value.complaints) == 2
    with pytest.raises(TableError, match="numbers in y"):
        Table(outcome="y", values=("many",), factors={}, units=("K1",))  # type: ignore[arg-type]
