"""Make the golden workbook, in the style of Magellan's Excel export."""

from pathlib import Path

import openpyxl

ROWS = [
    ["Well positions", "Layout", "Label1", "Label2", "Concentration", "Dilution"],
    ["", "", "0s", "0s", "", ""],
    ["", "", "24.8 °C", "25.1 °C", "", ""],
    ["A1", "ST1_1", 1.25, 0.05, 100, None],
    ["A2", "ST1_2", 1.5, 0.05, 100, None],
    ["B1", "ST2_1", 0.75, 0.05, 50, None],
    ["B2", "ST2_2", "OVER", 0.05, 50, None],
    ["C1", "BL1_1", 0.125, 0.05, None, None],
    ["C2", "SM1_1", 0.5, 0.05, None, 10],
    ["D1", "SM1_2", "*0.625*", 0.05, None, 10],
    ["Date of measurement: 2026-03-04/Time of measurement: 10:00:00"],
    ["Measurement wavelength: 450 nm"],
    ["Measurement wavelength: 570 nm"],
]

if __name__ == "__main__":
    book = openpyxl.Workbook()
    book.active.title = "Magellan Sheet 1"
    for row in ROWS:
        book.active.append(row)
    book.save(Path(__file__).with_name("elisa.xlsx"))
