"""Golden files, made by hand in the style of SoftMax Pro: absorbance 0.1 a row and 0.01 a column."""

from pathlib import Path

import pytest

from littermate.errors import PlateError
from littermate.formats.plate_file import read_plate_file

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "plates" / "softmax"


def wells(plate):
    return {well.name: well for well in plate.wells}


def test_groups_say_what_is_in_each_well():
    (plate,) = read_plate_file(GOLDEN / "elisa.txt", kind="elisa")
    found = wells(plate)
    assert (plate.format, plate.name, plate.read, plate.unit) == ("SoftMax Pro", "Plate1", "450", "ng/mL")
    assert [(found[name].content, found[name].concentration) for name in ("A1", "B2")] == [("St01", 100), ("St02", 50)]
    assert (found["F2"].role, found["F2"].absorbance) == ("blank", 0.61)
    assert [(found[name].content, found[name].dilution) for name in ("C2", "D1")] == [("Un01", 2), ("Un02", 1)]
    assert found["E12"].role == "empty"


def test_every_well_without_a_number_keeps_its_reason():
    (plate,) = read_plate_file(GOLDEN / "elisa.txt", kind="elisa")
    reasons = {well.name: well.reason for well in plate.wells if well.absorbance is None and well.reason != "empty"}
    assert reasons == {"A2": "overflow", "B3": "masked", "C3": "overflow", "D1": "masked", "H1": "not read"}


def test_what_was_not_read_is_told():
    (plate,) = read_plate_file(GOLDEN / "elisa.txt", kind="elisa")
    assert any("Kinetics: a kinetic read" in note for note in plate.notes)
    assert "lines 33-38: formulas and summaries of groups, not read" in plate.notes
    assert any("read 'reduced' (computed by the reader)" in note for note in plate.notes)


def test_one_column_a_well_and_two_plates_of_one_name(tmp_path):
    layout = tmp_path / "layout.csv"
    layout.write_text("plate,well,role,content\nPlate1,A1,sample,X\nPlate1 (2),B3,sample,Y\n", encoding="utf-8")
    one, two = read_plate_file(GOLDEN / "two-plates.txt", kind="elisa", layout=layout, read="450")
    assert [well.absorbance for well in one.wells] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert (two.name, wells(two)["B3"].absorbance, wells(two)["B3"].content) == ("Plate1 (2)", 1.2, "Y")


def test_without_groups_or_layout_the_layout_is_asked_for():
    with pytest.raises(PlateError, match=r"two-plates\.layout\.csv"):
        read_plate_file(GOLDEN / "two-plates.txt", kind="elisa", read="450")


def test_only_kinetic_plates_are_refused(tmp_path):
    text = (GOLDEN / "elisa.txt").read_text(encoding="utf-16").replace("\tEndpoint\t", "\tKinetic\t")
    path = tmp_path / "kinetic.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlateError, match="a kinetic read"):
        read_plate_file(path, kind="elisa")


def test_a_missing_row_and_a_missing_end_are_complained_of(tmp_path):
    lines = (GOLDEN / "elisa.txt").read_text(encoding="utf-16").splitlines()
    path = tmp_path / "cut.txt"
    path.write_text("\n".join(lines[:8] + lines[9:]), encoding="utf-8")
    with pytest.raises(PlateError, match="8 rows of the plate"):
        read_plate_file(path, kind="elisa")
    path.write_text("\n".join(lines[:12]), encoding="utf-8")
    with pytest.raises(PlateError, match="~End"):
        read_plate_file(path, kind="elisa")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/plates is not on this machine")
def test_real_exports(tmp_path):
    layout = tmp_path / "layout.csv"
    layout.write_text("well,role,content\nA2,sample,X\n", encoding="utf-8")
    (plate,) = read_plate_file(SHARED / "abs_endpoint_plates.txt", kind="bca", layout=layout, read="426 (1)")
    found = wells(plate)
    assert [found[name].absorbance for name in ("A1", "A2", "H12")] == [0.01, 0.02, 0.96]
    assert (found["B1"].absorbance, found["B1"].reason) == (None, "not available")
    assert any("decimal commas and points" in note for note in plate.notes)
    with pytest.raises(PlateError, match="21 reads"):
        read_plate_file(SHARED / "partial_plate.txt", kind="bca", layout=layout)
    (partial,) = read_plate_file(SHARED / "partial_plate.txt", kind="bca", layout=layout, read="527")
    assert (len(partial.wells), wells(partial)["P16"].absorbance) == (256, 0.0426)
