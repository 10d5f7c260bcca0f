from littermate.formats.plate_export.sheet import read_number, read_sheet, read_signal


def test_numbers_are_finite_numbers_only():
    words = ("1", "-0.5", ".5", "2.", "1e3", "nan", "inf", "1_0", "0x1", "")
    assert [read_number(word, ".") for word in words] == [1, -0.5, 0.5, 2, 1000, None, None, None, None, None]


def test_reasons():
    words = ("", "N/A", "OVRFLW", ">4.000", "Range?", "*0.356*", "****", "?????", "low")
    reasons = [read_signal(word, ".") for word in words]
    assert [found and found[1] for found in reasons] == [
        "empty",
        "not available",
        "overflow",
        "overflow",
        "out of the reader's range",
        "masked",
        "masked",
        "not available",
        None,
    ]
    assert all(found[0] is None for found in reasons if found)


def test_encodings_give_the_same_cells(tmp_path):
    text = "Sample,OD_1\nTête,0.5\n"
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(text, encoding=encoding)
        assert [row.cells for row in read_sheet(path).rows] == [("Sample", "OD_1"), ("Tête", "0.5")]


def test_lines_are_counted_with_blank_ones(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n\n1,2,3\n", encoding="utf-8")
    assert [row.line for row in read_sheet(path).rows] == [1, 3]
