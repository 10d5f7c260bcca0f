"""The golden workbook is made by golden/make.py."""

from pathlib import Path

import pytest

from littermate.errors import PlateError
from littermate.formats.plate_file import read_plate_file

GOLDEN = Path(__file__).parent / "golden" / "elisa.xlsx"


def test_a_list_with_its_layout():
    (plate,) = read_plate_file(GOLDEN, kind="elisa", read="450")
    told = [(well.name, well.absorbance, well.role, well.content, well.concentration) for well in plate.wells]
    assert told == [
        ("A1", 1.25, "standard", "ST1", 100),
        ("A2", 1.5, "standard", "ST1", 100),
        ("B1", 0.75, "standard", "ST2", 50),
        ("B2", None, "standard", "ST2", 50),
        ("C1", 0.125, "blank", "BL1", None),
        ("C2", 0.5, "sample", "SM1", None),
        ("D1", None, "sample", "SM1", None),
    ]
    assert [well.reason for well in plate.wells if well.reason] == ["overflow", "masked"]
    assert (plate.format, plate.wells[5].dilution) == ("Magellan", 10)


def test_reads_are_named_by_the_wavelengths_below():
    with pytest.raises(PlateError, match="2 reads: '450', '570'"):
        read_plate_file(GOLDEN, kind="elisa")


def test_matrices_with_their_corner(tmp_path):
    path = tmp_path / "matrix.asc"
    path.write_text("Layout\n<>\t1\t2\nA\tST1_1\tSM1_1\n\nRaw data\n<>\t1\t2\nA\t0,5\t0,25\n", encoding="utf-8")
    with pytest.raises(PlateError, match="concentration of every standard"):
        read_plate_file(path, kind="elisa")
    path.write_text(path.read_text(encoding="utf-8").replace("ST1_1", "NC1_1"), encoding="utf-8")
    (plate,) = read_plate_file(path, kind="elisa")
    assert [(well.content, well.absorbance) for well in plate.wells] == [("NC1", 0.5), ("SM1", 0.25)]
