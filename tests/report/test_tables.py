import csv
import dataclasses
import json

from littermate.report.tables import analysis_json, anova_rows, measurement_rows, write_tables


def test_measurements_lead_back_and_missing_has_its_reason(content):
    head, *rows = measurement_rows(content)
    assert len(rows) == len(content.measurements)
    missing = [dict(zip(head, row, strict=True)) for row in rows if row[head.index("value")] is None]
    assert [row["reason"] for row in missing] == ["the recording ends at 201 s"]
    assert all(len(row[head.index("sha256")]) == 64 for row in rows)


def test_files_hold_raw_numbers(content, tmp_path):
    paths = {path.stem: path for path in write_tables(tmp_path, content)}
    assert set(paths) == {"measurements", "anova", "groups", "differences", "planned", "arrive", "truth"}
    with paths["anova"].open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert float(first["p"]) == content.analyses[0].effects[0].p


def test_each_anova_ends_with_its_residual_line(content):
    rows = [row for row in anova_rows(content.analyses[:1]) if row[3] == "residual"]
    assert [row[4] for row in rows] == [content.analyses[0].df_error]


def test_no_cell_is_a_formula_for_a_spreadsheet(content, tmp_path):
    outcome = dataclasses.replace(content.measurements[0], outcome="=1+1")
    write_tables(tmp_path, dataclasses.replace(content, measurements=(outcome,)))
    assert "'=1+1" in (tmp_path / "measurements.csv").read_text(encoding="utf-8")


def test_json_is_strict_and_raw(content):
    raw = json.loads(analysis_json(content), parse_constant=lambda name: 1 / 0)
    first = raw["analyses"][0]
    assert first["effects"][1]["p"] == content.analyses[0].effects[1].p
    assert first["formula"] == "immobility ~ magnesium * ketamine"
