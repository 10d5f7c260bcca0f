"""Golden files, made by hand in the style of Gen5's exports: absorbance 0.1 + 0.001 a ug/mL, samples 0.5 and up."""

from pathlib import Path

import pytest

from littermate.errors import PlateError
from littermate.formats.plate_file import read_plate_file

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "plates" / "gen5"


def wells(plate):
    return {well.name: well for well in plate.wells}


def test_the_layout_says_what_is_in_each_well():
    plate, _ = read_plate_file(GOLDEN / "bca.txt", kind="bca")
    found = wells(plate)
    assert (plate.format, plate.name, plate.read, len(found)) == ("Gen5", "Plate 1", "562", 96)
    assert (found["A1"].role, found["A1"].concentration, found["A1"].absorbance) == ("standard", 2000, 2.1)
    assert (found["H2"].role, found["H2"].absorbance) == ("blank", 0.1)
    assert (found["C7"].role, found["C7"].content, found["C7"].dilution) == ("sample", "M13 hip", 5)


def test_every_well_without_a_number_keeps_its_reason():
    plate, second = read_plate_file(GOLDEN / "bca.txt", kind="bca")
    reasons = {well.name: well.reason for well in plate.wells if well.absorbance is None}
    assert reasons == {"B5": "masked", "C6": "overflow", "D7": "not available"}
    assert wells(second)["C3"].reason == "out of the reader's range"


def test_plates_of_one_name_are_kept_apart_and_a_partial_plate_has_its_own_wells():
    _, second = read_plate_file(GOLDEN / "bca.txt", kind="bca")
    assert second.name == "Plate 1 (2)"
    assert list(wells(second)) == ["A1", "A2", "A3", "C1", "C2", "C3"]
    assert any("several plates named Plate 1" in note for note in second.notes)


def test_what_gen5_computed_is_told_from_what_it_read():
    plate, _ = read_plate_file(GOLDEN / "bca.txt", kind="bca")
    printed = dict(plate.printed)
    assert (printed["B1"], "A1" in printed, "B5" in printed) == (401, False, False)
    assert any("'Blank 562' (computed by the reader)" in note for note in plate.notes)
    assert any("not read" in note and note.startswith("lines 9-22") for note in plate.notes)


def test_several_reads_are_not_chosen_silently():
    path = GOLDEN / "two-reads.txt"
    with pytest.raises(PlateError, match="2 reads: '450', '570'"):
        read_plate_file(path, kind="elisa")
    (plate,) = read_plate_file(path, kind="elisa", read="450")
    assert [well.absorbance for well in plate.wells] == [1.2, 0.65, 0.8]
    with pytest.raises(PlateError, match="read 600"):
        read_plate_file(path, kind="elisa", read="600")


def test_a_layout_goes_before_the_files_own(tmp_path):
    layout = tmp_path / "other.csv"
    layout.write_text("well,role,content,concentration\nA1,standard,S,7\nA3,sample,X,\n", encoding="utf-8")
    (plate,) = read_plate_file(GOLDEN / "two-reads.txt", kind="elisa", read="450", layout=layout)
    assert [(well.role, well.concentration) for well in plate.wells] == [
        ("standard", 7),
        ("empty", None),
        ("sample", None),
    ]
    assert "the layout other.csv was used instead of the file's own" in plate.notes


def test_a_kinetic_read_is_refused(tmp_path):
    path = tmp_path / "kinetic.txt"
    head = "Software Version\t3\nPlate Number\tP\nReader Type:\tX\n\n562\n\nTime\tT° 562\tA1\tA2\n"
    path.write_text(head + "0:00:00\t37\t0.1\t0.2\n", encoding="utf-8")
    with pytest.raises(PlateError, match="kinetic"):
        read_plate_file(path, kind="bca")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/plates is not on this machine")
def test_real_exports():
    (lowry,) = read_plate_file(SHARED / "Lowry_Protein_Assay_no_results_matrix.txt", kind="bca")
    assert wells(lowry)["H3"].reason == "masked"
    assert [wells(lowry)[name].concentration for name in ("A1", "A2", "B6")] == [0, 10, 200]
    (mock,) = read_plate_file(SHARED / "endpoint_stdcurve_singleplate.txt", kind="bca")
    found = wells(mock)
    assert (found["B4"].content, found["B4"].dilution, found["B4"].absorbance) == ("SPL1", 2, 0.999)
    assert (found["H1"].role, dict(mock.printed)["H12"]) == ("blank", 115.184)
    (fluorescence,) = read_plate_file(SHARED / "Fluorescamine_Protein_Quantitation_no_results_matrix.txt", kind="bca")
    assert sum(well.absorbance for well in fluorescence.wells) == 2802340
