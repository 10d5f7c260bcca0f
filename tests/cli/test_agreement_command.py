"""Agreement and hand scores from the command line."""

import csv
import json
from pathlib import Path

import pytest
from tests.cli.test_study_commands import run

from littermate.formats.scored_bouts import read_scored_bouts
from littermate.study import Study

ASSAY = "forced swim"


def test_what_can_be_compared(hand_scored: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("agreement", ASSAY, "--study", hand_scored.folder.root) == 0
    assert "program" in capsys.readouterr().out
    assert run("agreement", ASSAY, "--json", "--study", hand_scored.folder.root) == 0
    said = json.loads(capsys.readouterr().out)
    assert {"littermate", "rules", "findings", "assay", "comparisons"} <= set(said)
    assert said["comparisons"][0]["trials"] == 8


def test_raw_numbers(hand_scored: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, figure = hand_scored.folder.root, tmp_path / "agreement.svg"
    pair = ("--first", "ada", "--second", "bo")
    assert run("agreement", ASSAY, *pair, "--json", "--figure", figure, "--study", folder) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["agreement"]["bias"] == pytest.approx(-10)
    assert len(said["agreement"]["icc_ci95"]) == 2
    assert said["rules"]["name"] == "hand scoring" and said["repeatability"] is None
    assert {"trial", "first_percent", "second_percent", "kappa"} <= set(said["trials"][0])
    assert figure.read_text(encoding="utf-8").startswith("<?xml")
    assert run("agreement", ASSAY, "--first", "ada", "--second", "ada", "--json", "--study", folder) == 0
    assert json.loads(capsys.readouterr().out)["repeatability"]["drift"] == pytest.approx(10)
    assert run("agreement", ASSAY, *pair, "--study", folder) == 0
    assert "ICC(2,1)" in capsys.readouterr().out
    assert run("agreement", ASSAY, "--first", "ada", "--study", folder) == 2


def test_hand_scores_as_a_table(hand_scored: Study, tmp_path: Path) -> None:
    table, folder = tmp_path / "bouts.csv", hand_scored.folder.root
    assert run("hand-scores", ASSAY, "--scorer", "bo", "--out", table, "--study", folder) == 0
    trials = read_scored_bouts(table)
    assert {one.video for one in trials} == {trial.id for trial in hand_scored.trials}
    assert {one.scorer for one in trials} == {"bo"}
    first = min(trials, key=lambda one: one.video)
    assert first.scored_s == ((2.0, 12.0),)
    (afloat,) = [bout for bout in first.bouts if bout.behaviour == "immobile"]
    assert (afloat.start_s, afloat.stop_s) == pytest.approx((3, 9))
    assert run("hand-scores", ASSAY, "--out", table, "--study", folder) == 0
    with table.open(encoding="utf-8") as file:
        assert {row["scorer"] for row in csv.DictReader(file)} == {"ada", "bo"}
    assert run("hand-scores", "open field", "--out", table, "--study", folder) == 1
