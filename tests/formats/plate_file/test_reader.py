import importlib.util
import zipfile

import openpyxl
import pytest

from littermate.errors import PlateError
from littermate.formats.plate_file import read_plate_file

LAYOUT = "well,role,content,concentration\nA1,standard,S,10\nA2,sample,X,\n"


def workbook(path, rows, title="Plate A"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    path.with_name(f"{path.stem}.layout.csv").write_text(LAYOUT, encoding="utf-8")
    return path


def test_a_grid_in_a_workbook(tmp_path):
    path = workbook(tmp_path / "grid.xlsx", [[None, 1, 2], ["A", 0.5, "OVRFLW"], ["B", 0.25, None]])
    (plate,) = read_plate_file(path, kind="bca")
    assert (plate.format, plate.name) == ("plain grid", "Plate A")
    told = [(well.name, well.absorbance, well.reason) for well in plate.wells]
    assert told == [("A1", 0.5, ""), ("A2", None, "overflow"), ("B1", 0.25, ""), ("B2", None, "empty")]


def test_a_table_in_a_workbook(tmp_path):
    path = workbook(tmp_path / "table.xlsx", [["Sample", "OD_1", "Conc"], ["S1", 1.5, 100], ["X", "0.5", None]])
    (plate,) = read_plate_file(path, kind="elisa")
    assert [(well.role, well.absorbance) for well in plate.wells] == [("standard", 1.5), ("sample", 0.5)]


def test_the_name_of_the_file_says_nothing_about_its_format(tmp_path):
    path = workbook(tmp_path / "grid.xlsx", [[None, 1, 2], ["A", 0.5, 0.25]]).rename(tmp_path / "grid.csv")
    assert read_plate_file(path, kind="bca")[0].format == "plain grid"


@pytest.mark.parametrize("rows", [[[1]] * 5_001, [[1] * 501]])
def test_a_workbook_larger_than_any_export_is_refused(tmp_path, rows):
    with pytest.raises(PlateError, match="a larger one"):
        read_plate_file(workbook(tmp_path / "large.xlsx", rows), kind="bca")


def test_signals_that_cannot_be_are_refused(tmp_path):
    for cell in ("1e300", "1e10", "nan1"):
        path = workbook(tmp_path / "grid.xlsx", [[None, 1, 2], ["A", cell, 0.25]])
        with pytest.raises(PlateError, match="plausible number"):
            read_plate_file(path, kind="bca")


def test_an_unknown_file_is_refused_and_the_extra_is_named_where_it_is_absent(tmp_path, monkeypatch):
    path = tmp_path / "unknown.txt"
    path.write_text("some words\nand more\n", encoding="utf-8")
    with pytest.raises(PlateError, match=r"unknown\.txt"):
        read_plate_file(path, kind="bca")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PlateError, match=r"littermate\[allotropy\]"):
        read_plate_file(path, kind="bca")


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 21_000_000)
    with pytest.raises(PlateError, match=r"bomb\.xlsx"):
        read_plate_file(path, kind="bca")


def test_encodings_and_line_ends_give_the_same_plate(tmp_path):
    text = "Sample\tOD_1\tConc (µg/ml)\t\r\nS1\t0,9\t100\t\rX\t*0,356*\t\t\n"
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        (plate,) = read_plate_file(path, kind="bca")
        assert plate.unit == "ug/ml"
        assert [(well.absorbance, well.reason) for well in plate.wells] == [(0.9, ""), (None, "masked")]
