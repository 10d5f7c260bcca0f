"""Exports of analyses: what the files hold; and what R and PSPP make of them, where they are installed."""

import csv
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pandas as pd
import pytest

from littermate.errors import UsageError
from littermate.formats.analysis_export import PROGRAMS, write_export
from littermate.formats.analysis_export.dataset import build_dataset
from littermate.model.analysis import Analysis
from littermate.model.plan import Plan
from littermate.stats.factorial import fit, fit_formula
from littermate.stats.reading import read_plan
from littermate.stats.table import Table
from littermate.stats.whole import analyse

MODELS = [
    ("y ~ magnesium * ketamine", 3),
    ("y ~ magnesium * ketamine", 2),
    ("y ~ ketamine * magnesium", 1),
    ("y ~ membrane + magnesium * ketamine", 3),
    ("y ~ number(weight) + magnesium * ketamine", 3),
    ("y ~ magnesium + ketamine", 2),
    ("y ~ dose", 3),
]


@pytest.fixture
def frame() -> pd.DataFrame:
    """An unbalanced 2 x 2 on two membranes, with a third factor of three levels and a weight."""
    random = np.random.default_rng(20260411)
    table = pd.DataFrame(
        {
            "animal": [f"K'{row}" for row in range(29)],
            "magnesium": ["saline"] * 15 + ["magnesium 1:2"] * 14,
            "ketamine": (["saline"] * 7 + ["ketamine"] * 8) + (["saline"] * 8 + ["ketamine"] * 6),
            "membrane": ["1", "2"] * 14 + ["1"],
            "dose": ["0", "5", "15"] * 9 + ["0", "5"],
            "weight": random.normal(30, 3, 29).round(2),
        }
    )
    table["y"] = 140 - 20 * (table["ketamine"] == "ketamine") + random.normal(0, 15, 29)
    return table


def program(name: str) -> str:
    """Return where a program is; skip where it is not, unless the run must have it."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("LITTERMATE_REQUIRE_PROGRAMS"):
            pytest.fail(f"no {name}, though LITTERMATE_REQUIRE_PROGRAMS asks for it")
        pytest.skip(f"{name} is not installed")
    return found


def run(*words: str, folder: Path) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_r_finds_the_same_tables(frame: pd.DataFrame, tmp_path: Path) -> None:
    rscript = program("Rscript")
    analyses = [fit_formula(frame, formula, type=type_) for formula, type_ in MODELS]
    write_export(analyses, "r", tmp_path)
    run(rscript, "--vanilla", "analysis.R", folder=tmp_path)
    found = pd.read_csv(tmp_path / "anova.csv")
    effects = [effect for analysis in analyses for effect in analysis.effects]
    assert len(found) == len(effects)
    for name in ("df", "df_error", "ss", "f", "p"):
        assert found[name].tolist() == pytest.approx([getattr(effect, name) for effect in effects], rel=1e-9)
    assert found["apart"].max() < 1e-9


def test_pspp_finds_the_same_tables(frame: pd.DataFrame, tmp_path: Path) -> None:
    pspp = program("pspp")
    analyses = [fit_formula(frame, formula, type=type_) for formula, type_ in MODELS if "weight" not in formula]
    write_export(analyses, "spss", tmp_path)
    run(pspp, "-o", "found.csv", "analysis.sps", folder=tmp_path)
    lines = list(csv.reader((tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()))
    names = {"magnesium", "ketamine", "membrane", "dose"}
    tests = [line for line in lines if len(line) == 6 and line[0] and set(line[0].replace(" × ", " ").split()) <= names]
    effects = [effect for analysis in analyses for effect in analysis.effects]
    assert len(tests) == len(effects)
    for line, effect in zip(tests, effects, strict=True):
        assert line[0].replace(" × ", ":") == effect.term
        assert [float(line[1]), float(line[2])] == [pytest.approx(effect.ss, abs=0.0051), effect.df]
        assert [float(line[4]), float(line[5])] == [
            pytest.approx(effect.f, abs=0.0051),
            pytest.approx(effect.p, abs=0.00051),
        ]


def test_a_covariate_is_said_to_be_more_than_pspp_takes(frame: pd.DataFrame, tmp_path: Path) -> None:
    (path,) = write_export([fit_formula(frame, "y ~ number(weight) + ketamine")], "spss", tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "GLM y BY ketamine WITH weight" in text
    assert "runs in SPSS only" in text


def test_prism_has_a_subcolumn_an_animal(frame: pd.DataFrame, tmp_path: Path) -> None:
    analysis = fit_formula(frame, "y ~ magnesium * ketamine")
    file, read_me = write_export([analysis], "prism", tmp_path)
    table = Xml.parse(file).find("Table")
    assert table is not None and table.attrib["TableType"] == "TwoWay" and table.attrib["Replicates"] == "8"
    assert [d.text for d in table.iterfind("RowTitlesColumn/Subcolumn/d")] == ["saline", "magnesium 1:2"]
    columns = {column.findtext("Title"): column for column in table.iterfind("YColumn")}
    cells = [d.text for d in columns["ketamine"].iterfind("Subcolumn/d")]
    rows = [cells[row::2] for row in (0, 1)]
    assert [float(cell) for cell in rows[0] if cell] == frame["y"][7:15].tolist()
    assert [float(cell) for cell in rows[1] if cell] == frame["y"][23:].tolist()
    assert "ketamine: F(1, 25)" in read_me.read_text(encoding="utf-8")


def test_prism_lists_one_factor_down_its_columns(frame: pd.DataFrame, tmp_path: Path) -> None:
    file, _ = write_export([fit_formula(frame, "y ~ dose")], "prism", tmp_path)
    columns = list(Xml.parse(file).iterfind("Table/YColumn"))
    assert [len(list(column.iterfind("Subcolumn/d"))) for column in columns] == [10, 10, 9]


def test_jasp_gets_the_data_and_a_call(frame: pd.DataFrame, tmp_path: Path) -> None:
    data, syntax = write_export([fit_formula(frame, "y ~ magnesium * ketamine", type=2)], "jasp", tmp_path)
    rows = csv.DictReader(data.read_text(encoding="utf-8").splitlines())
    assert [float(row["y"]) for row in rows] == frame["y"].tolist()
    text = syntax.read_text(encoding="utf-8")
    assert 'fixedFactors = list("magnesium", "ketamine")' in text
    assert 'sumOfSquares = "type2"' in text


def on_membranes(outcome: str, labels: str, values: list[float]) -> Analysis:
    table = Table(
        outcome=outcome,
        values=values,
        units=[f"K{row}" for row in range(6)],
        factors={"ketamine": ["no", "no", "no", "yes", "yes", "yes"], "membrane": list(labels)},
    )
    return fit(table, Plan(outcome=outcome, factors=("ketamine",), blocks=("membrane",)), unit="ratio")


def test_a_block_that_differs_between_outcomes_has_a_column_for_each() -> None:
    one = on_membranes("hippocampal BDNF", "121212", [1, 2, 4, 3, 5, 7])
    other = on_membranes("all", "112212", [1, 2, 4, 3, 5, 7])
    dataset = build_dataset([one, other])
    assert [column.name for column in dataset.columns] == [
        *("ketamine", "membrane_of_hippocampal_BDNF", "hippocampal_BDNF", "membrane_of_all", "all_2"),
    ]
    assert [[column.name for column in model.factors] for model in dataset.models] == [
        ["membrane_of_hippocampal_BDNF", "ketamine"],
        ["membrane_of_all", "ketamine"],
    ]


def test_what_cannot_be_exported_is_said(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="r, spss, prism, jasp"):
        write_export([fit_formula(frame, "y ~ dose")], "excel", tmp_path)
    for name in PROGRAMS:
        with pytest.raises(UsageError, match="none"):
            write_export([], name, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_mixed_model_is_named_and_not_exported(frame: pd.DataFrame, tmp_path: Path) -> None:
    caged = frame.assign(cage=[str(row // 2) for row in range(29)])
    read = read_plan(caged, "y ~ ketamine + (1 | cage)")
    mixed = analyse(read.table, read.plan, reference_levels=read.levels)
    *_, said = write_export([fit_formula(frame, "y ~ dose"), mixed], "r", tmp_path)
    assert said.name == "not-exported.txt"
    assert "y ~ ketamine + (1 | cage)" in said.read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="mixed models only"):
        write_export([mixed], "jasp", tmp_path / "jasp")
