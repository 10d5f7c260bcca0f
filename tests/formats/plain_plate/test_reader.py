"""Golden files: the JSON beside each CSV was compared with it by eye, cell by cell."""

import json
from pathlib import Path

import pytest

from littermate.errors import PlateError, UsageError
from littermate.formats.plain_plate import read_plates

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "plates"
LAYOUT = "well,role,content,concentration,dilution\nA1,standard,S,100,\n"
GRID = "," + ",".join(str(column) for column in range(1, 13)) + "\n" + "".join(
    f"{letter}{',0.5' * 12}\n" for letter in "ABCDEFGH"
)  # fmt: skip


def told(plate):
    return [
        [well.name, well.absorbance, well.reason, well.role, well.content, well.concentration, well.dilution]
        for well in plate.wells
        if well.role != "empty" or plate.name != "grid"
    ]


def refusal(path, **options):
    with pytest.raises(PlateError) as caught:
        read_plates(path, kind="bca", **options)
    return str(caught.value)


def write(folder, text, name="plate.csv", layout=None):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if layout is not None:
        path.with_name(f"{path.stem}.layout.csv").write_text(layout, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["grid", "wells", "samples"])
def test_golden(name):
    (plate,) = read_plates(GOLDEN / f"{name}.csv", kind="elisa", unit="ug/mL")
    assert told(plate) == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert plate.name == name and plate.kind == "elisa" and plate.unit == "ug/mL" and len(plate.sha256) == 64


def test_wells_without_a_layout_line_are_empty_and_keep_their_signal(tmp_path):
    (plate,) = read_plates(write(tmp_path, GRID, layout=LAYOUT), kind="bca")
    assert len(plate.wells) == 96
    assert (plate.wells[1].role, plate.wells[1].absorbance) == ("empty", 0.5)


def test_the_unit_is_the_headers_or_that_of_the_kind():
    assert read_plates(GOLDEN / "wells.csv", kind="elisa")[0].unit == "ug/mL"
    assert read_plates(GOLDEN / "samples.csv", kind="elisa")[0].unit == "pg/mL"
    assert "ug/mL in the header" in refusal(GOLDEN / "wells.csv", unit="mg/mL")


def test_several_grids_are_several_plates():
    one, two = read_plates(GOLDEN / "two-grids.csv", kind="bca", layout=GOLDEN / "grid.layout.csv")
    assert (one.name, two.name) == ("Plate one", "Plate two")
    assert [plate.wells[5 * 12].absorbance for plate in (one, two)] == [0.441, 0.541]


def test_a_layout_may_name_the_plate(tmp_path):
    text = f"one\n{GRID}two\n{GRID}"
    layout = "plate,well,role,content,concentration\none,A1,standard,S,1\ntwo,A1,standard,S,2\n"
    one, two = read_plates(write(tmp_path, text, layout=layout), kind="bca")
    assert (one.wells[0].concentration, two.wells[0].concentration) == (1, 2)


def test_decimal_commas_in_a_grid(tmp_path):
    text = GRID.replace(",", ";").replace("0.5", "0,5")
    (plate,) = read_plates(write(tmp_path, text, layout=LAYOUT), kind="bca")
    assert {well.absorbance for well in plate.wells} == {0.5}


def test_a_grid_without_a_layout_says_which_file_is_wanted(tmp_path):
    assert "plate.layout.csv" in refusal(write(tmp_path, GRID))


def test_every_complaint_about_grid_and_layout_comes_at_once(tmp_path):
    grid = GRID.replace("B,0.5", "B,0.5x").replace("H,", "J,")
    layout = LAYOUT + "A1,sample,X,,\nQ9,sample,X,,\nB1,smple,X,,\nB2,standard,S,,\nB3,sample,,,\nB4,sample,X,,0.5\n"
    words = refusal(write(tmp_path, grid, layout=layout))
    for part in ("'0.5x'", "row H", "A1 again", "'Q9'", "smple", "concentration of a standard", "no content", "'0.5'"):
        assert part in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GRID.replace("0.5", "0,5"), "decimal commas"),
        ("A,B,C\n1,2,3\n", "a grid"),
        ("Well,OD\nA1,0.5\n", "no column role"),
        ("Sample,OD_1,Conc\nStd_1,0.5,\n", "concentration of a standard"),
        ("Sample,OD_1,Conc\nX,0.5,\nX,0.6,\n", "X again"),
        ("Sample;OD_1;Conc\nS;0.5;100\nT;0,7;\n", "one decimal mark"),
        ('Sample,OD_1,Conc\nS,3,"1,000"\n', "part thousands"),
        (b"PK\x03\x04 workbook", "workbook"),
        (b"a\0b", "binary"),
        (b"\n\n,,\n", "blank lines"),
        (b"", "an empty file"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, text, words):
    assert words in refusal(write(tmp_path, text, layout=LAYOUT))


def test_layout_wells_outside_the_plate(tmp_path):
    assert "P20" in refusal(write(tmp_path, GRID, layout=LAYOUT + "P20,sample,X,,\n"))


def test_a_list_of_wells_takes_no_layout(tmp_path):
    assert "leave the layout out" in refusal(GOLDEN / "wells.csv", layout=GOLDEN / "grid.layout.csv")


def test_unknown_kind_and_missing_file(tmp_path):
    with pytest.raises(UsageError):
        read_plates(GOLDEN / "wells.csv", kind="lowry")
    assert "no such file" in refusal(tmp_path / "none.csv")


def test_a_partial_plate_lacks_wells(tmp_path):
    text = ",3,4\nB,0.5,0.6\nD,0.7,N/A\n"
    (plate,) = read_plates(write(tmp_path, text, layout="well,role,content\nB3,sample,X\n"), kind="bca")
    assert [(well.name, well.absorbance) for well in plate.wells] == [
        ("B3", 0.5),
        ("B4", 0.6),
        ("D3", 0.7),
        ("D4", None),
    ]


def test_plates_of_24_48_and_384_wells(tmp_path):
    for rows, columns in ((4, 6), (6, 8), (16, 24)):
        head = "," + ",".join(str(column + 1) for column in range(columns))
        lines = [f"{'ABCDEFGHIJKLMNOP'[row]}{',0.5' * columns}" for row in range(rows)]
        path = write(tmp_path, "\n".join([head, *lines]), layout="well,role,content\nA1,sample,X\n")
        assert len(read_plates(path, kind="bca")[0].wells) == rows * columns


def test_lines_beside_the_grid_are_told(tmp_path):
    (plate,) = read_plates(write(tmp_path, GRID + "notes,below\n", layout=LAYOUT), kind="bca")
    assert "line 10: no part of a grid, not read" in plate.notes


def test_grids_of_one_name_are_kept_apart(tmp_path):
    one, two = read_plates(write(tmp_path, f"P\n{GRID}P\n{GRID}", layout=LAYOUT), kind="bca")
    assert (one.name, two.name) == ("P", "P (2)")
    assert any("several plates named P" in note for note in two.notes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/plates is not on this machine")
@pytest.mark.parametrize("folder", ["gen5", "softmax"])
def test_a_readers_own_export_is_not_taken_for_a_plain_file(folder):
    for path in sorted((SHARED / folder).glob("*.txt")):
        assert "a plate reader's own export" in refusal(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/plates is not on this machine")
def test_real_elisa_table():
    (plate,) = read_plates(SHARED / "elisa" / "240319_ELISA_Ab42.csv", kind="elisa")
    assert len(plate.wells) == 72
    assert [well.reason for well in plate.wells[:3]] == ["not available"] * 3
    assert [sum(well.role == role for well in plate.wells) for role in ("standard", "sample", "blank")] == [24, 36, 12]
