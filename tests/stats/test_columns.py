"""The columns of a formula: what is a factor, what a covariate, what is wrong."""

from pathlib import Path

import pandas as pd
import pytest

from littermate.errors import TableError
from littermate.stats.columns import select_columns
from littermate.stats.factorial import fit_formula
from littermate.stats.formula import parse_formula
from littermate.stats.table import read_table


def test_unknown_column_names_those_there_are(frame: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="y, magnesium, ketamine, animal") as caught:
        select_columns(frame, parse_formula("immobility ~ Ketamine"))
    assert [complaint.found for complaint in caught.value.complaints] == ["immobility", "Ketamine"]


@pytest.mark.parametrize("cell", ["NaN", "inf", "-Infinity", "dead", "12,5", "1e", "1 2"])
def test_a_cell_that_is_no_number_is_named_by_line_and_column(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'y,a\n1,x\n"{cell}",x\n', encoding="utf-8")
    with pytest.raises(TableError, match="line 3, column y"):
        select_columns(read_table(path), parse_formula("y ~ a"))


def test_a_decimal_comma_gets_advice() -> None:
    with pytest.raises(TableError, match=r"write 12\.5, not 12,5"):
        select_columns(pd.DataFrame({"y": ["12,5"], "a": ["x"]}), parse_formula("y ~ a"))


def test_missing_label_matters_only_where_there_is_an_outcome() -> None:
    frame = pd.DataFrame({"y": [1, None, 3], "a": ["x", None, "z"]})
    assert select_columns(frame, parse_formula("y ~ a")).table.missing == ("row 1",)
    with pytest.raises(TableError, match="row 2, column a"):
        select_columns(frame.assign(a=["x", "x", ""]), parse_formula("y ~ a"))


@pytest.mark.parametrize("labels", [["Saline", "saline"], ["1", "1.0"]])
def test_one_level_written_in_two_ways(labels: list[str]) -> None:
    with pytest.raises(TableError, match="one way"):
        select_columns(pd.DataFrame({"y": [1, 2], "a": labels}), parse_formula("y ~ factor(a)"))


def test_numbers_that_repeat_are_groups_and_others_covariates() -> None:
    frame = pd.DataFrame({"y": [1, 2, 3, 4], "block": [2, 1, 1, 2], "weight": [30.5, 31, 29, 28], "a": list("xzxz")})
    found = select_columns(frame, parse_formula("y ~ block + weight + a"))
    assert (found.levels, list(found.table.covariates)) == ({"block": ("1", "2"), "a": ("x", "z")}, ["weight"])
    assert [note.split()[0] for note in found.notes] == ["block", "weight"]
    marked = select_columns(frame, parse_formula("y ~ number(block) + factor(weight) + a"))
    assert (list(marked.levels), list(marked.table.covariates), marked.notes) == (["weight", "a"], ["block"], ())


def test_order_of_levels() -> None:
    frame = pd.DataFrame({"y": [1, 2, 3], "dose": ["10", "0", "2.5"], "drug": ["saline", "ketamine", "mk"]})
    found = select_columns(frame, parse_formula("y ~ dose * drug"))
    assert found.levels == {"dose": ("0", "2.5", "10"), "drug": ("saline", "ketamine", "mk")}
    sorted_by_hand = frame.assign(drug=pd.Categorical(frame["drug"], ["mk", "saline", "ketamine", "none"]))
    assert select_columns(sorted_by_hand, parse_formula("y ~ drug")).levels["drug"] == ("mk", "saline", "ketamine")


def test_units_are_found_by_the_name_of_their_column(frame: pd.DataFrame) -> None:
    assert select_columns(frame, parse_formula("y ~ ketamine")).table.units[0] == "K0"
    renamed = frame.rename(columns={"animal": "dam"})
    assert select_columns(renamed, parse_formula("y ~ ketamine")).table.units[0] == "row 0"
    assert select_columns(renamed, parse_formula("y ~ ketamine"), unit_column="dam").table.units[0] == "K0"


def test_notes_reach_the_analysis(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("y;a\n1,5;x\n2;x\n3,1;z\n4;z\n;z\n", encoding="utf-8")
    notes = fit_formula(read_table(path), "y ~ a").notes
    assert notes == ("The commas in y were read as decimal points.", "Left out because a value is missing: line 6.")
