"""The golden workbook is made by golden/make.py."""

from pathlib import Path

from littermate.formats.plate_file import read_plate_file

GOLDEN = Path(__file__).parent / "golden" / "elisa.xlsx"


def test_golden():
    (plate,) = read_plate_file(GOLDEN, kind="elisa")
    assert (plate.format, plate.name, plate.read, plate.unit) == ("SkanIt", "Plate 1", "450", "ug/mL")
    told = [(well.name, well.absorbance, well.role, well.content, well.concentration) for well in plate.wells]
    assert told == [
        ("A1", 1.25, "standard", "Std0001", 1),
        ("A2", 1.5, "standard", "Std0001", 1),
        ("A3", 0.5, "sample", "Un0001", None),
        ("B1", 0.75, "standard", "Std0002", 0.5),
        ("B2", 0.875, "standard", "Std0002", 0.5),
        ("B3", 0.625, "sample", "Un0001", None),
        ("C1", None, "blank", "Blank1", None),
        ("C2", None, "blank", "Blank1", None),
        ("C3", None, "sample", "Un0002", None),
    ]
    assert [well.reason for well in plate.wells[6:]] == ["empty", "overflow", "not available"]
    assert (plate.wells[2].dilution, plate.wells[8].dilution) == (2, 1)


def test_computed_sheets_are_told():
    (plate,) = read_plate_file(GOLDEN, kind="elisa")
    assert any("Blank Subtraction 1_02" in note and "not a measured read" in note for note in plate.notes)
