"""`littermate audit`: a table, JSON with the keys of the contract, and a page."""

import json
from pathlib import Path

import pytest

from littermate.cli.main import main

FOUNDING = Path(__file__).parents[1] / "formats" / "paper" / "founding.txt"
KEYS = {"text", "sentence", "statistic", "df1", "df2", "value", "p_relation", "p_reported", "p_computed", "consistent"}


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", *map(str, words)])
    return int(stopped.value.code or 0)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FOUNDING, "--design", "2x2", "--n", "32") == 0
    said = capsys.readouterr().out
    assert "13 printed tests: 6 consistent, 7 inconsistent, 0 decision errors" in said
    assert "F(1,32) = 0.08, P = 0.90" in said
    assert "28 error degrees of freedom" in said
    assert said.count("  inconsistent") == 7


def test_one_test_of_two_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(
        "Twenty-four rats (n=12 per group) ran. Weight differed (t(22) = 0.80, P = 0.03).", encoding="utf-8"
    )
    assert run(paper, "--design", "2", "--n", "24") == 0
    said = capsys.readouterr().out
    assert "1 printed test: 0 consistent, 0 inconsistent, 1 decision error" in said
    assert "2 groups, 24 animals, 22 error degrees of freedom (given)" in said
    assert "\nall " not in said


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FOUNDING, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["tests"]) == 13
    assert found["tests"][0].keys() >= KEYS | {"decision_error"}
    assert found["tests"][0]["p_computed"] == pytest.approx(0.029860991931496654, rel=1e-10)
    assert found["tests"][0]["sentence"] == "Immobility was lower after ketamine, F(1,30) = 5.2, P = 0.031."
    assert {"littermate", "rules", "findings", "df_inference", "designs", "paper"} <= found.keys()
    assert found["findings"][0]["sentences"]
    assert found["rules"]["hash"]


def test_the_page_is_written(tmp_path: Path) -> None:
    assert run(FOUNDING, "--html", tmp_path / "audit.html") == 0
    assert (tmp_path / "audit.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_page_never_takes_the_place_of_the_paper(tmp_path: Path) -> None:
    paper = tmp_path / "paper.html"
    paper.write_text("<p>It was so, F(1,30) = 5.2, P = 0.031.</p>", encoding="utf-8")
    assert run(paper, "--html", paper) == 2
    assert "It was so" in paper.read_text(encoding="utf-8")


def test_a_paper_without_tests_says_so_and_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    essay = tmp_path / "essay.txt"
    essay.write_text("Mice were kept.", encoding="utf-8")
    assert run(essay) == 0
    assert "no printed test was found" in capsys.readouterr().out


def test_a_file_that_is_no_paper_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    assert run(empty, "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["found"] == "an empty file"


@pytest.mark.parametrize("words", [("--design", "two"), ("--alpha", "2"), ("--tails", "three"), ("--html", "page.pdf")])
def test_a_wrong_call(words: tuple[str, str]) -> None:
    assert run(FOUNDING, *words) == 2
