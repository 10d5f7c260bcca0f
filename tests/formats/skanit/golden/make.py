"""Make the golden workbook, in the style of SkanIt's Excel export."""

from pathlib import Path

import openpyxl

MEASURED = [
    ["Measurement results"],
    ["elisa.skax"],
    ["3/4/2026 10:00:00 AM"],
    [" "],
    ["Absorbance 1"],
    ["Wavelength: 450 nm"],
    [" "],
    ["Plate 1"],
    [" "],
    ["Abs", 1, 2, 3],
    ["A", 1.25, 1.5, 0.5],
    ["B", 0.75, 0.875, 0.625],
    ["C", None, "Sat", "NaN"],
]
SUBTRACTED = [["Blank Subtraction 1"], ["Wavelength: 450 nm"], ["Plate 1"], ["Blank subtracted", 1, 2], ["A", 1.1, 1.2]]
LAYOUT = [
    ["Name", "Plate 1"],
    ["Plate template", "96-well plate"],
    [],
    [None, 1, 2, 3],
    ["A", "Std0001", "Std0001", "Un0001"],
    [None, "Group 1", "Group 1", "Group 1"],
    [None, "1 microg/ml", "1 microg/ml", "1:2"],
    ["B", "Std0002", "Std0002", "Un0001"],
    [None, "Group 1", "Group 1", "Group 1"],
    [None, "0.5 microg/ml", "0.5 microg/ml", "1:2"],
    ["C", "Blank1", "Blank1", "Un0002"],
]
SHEETS = {
    "Absorbance 1_01": MEASURED,
    "Blank Subtraction 1_02": SUBTRACTED,
    "General information": [["General information"], ["", "Report generated with", "SkanIt Software 7.0"]],
    "Layout definitions": LAYOUT,
}

if __name__ == "__main__":
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(Path(__file__).with_name("elisa.xlsx"))
