"""littermate dose: what is asked is told by the columns; keys, words, pictures, refusals."""

import json
from pathlib import Path

import pytest

from littermate.cli.main import main
from littermate.simulate.dose import DoseTruth, doses_alone, doses_crossed, doses_mixed, write_doses

PNG = b"\x89PNG"
TRUTH = DoseTruth()
BOTH = "immobility ~ ketamine * magnesium"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return write_doses(tmp_path / "one.csv", doses_alone((0, 1, 3, 10, 30, 100)), truth=TRUTH, n=6, seed=1)


def test_one_drug(one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure = tmp_path / "one.png"
    code, out, _ = run(capsys, "dose", one, "immobility ~ ketamine", "--percent", "50", "--interval", "profile",
                       "--figure", figure, "--json")  # fmt: skip
    found = json.loads(out)
    assert code == 0 and found["kind"] == "curve" and found["rules"]["hash"]
    (half,) = found["curve"]["effective_doses"]
    assert half["estimate"] == pytest.approx(10, rel=0.3)
    assert half["ci"] == half["ci_profile"] and half["ci"][0] < 10 < half["ci"][1]
    assert [one["method"] for one in found["effective"]] == ["Dunnett", "Williams"]
    assert found["effective"][0]["dose"] == pytest.approx(3)
    assert figure.read_bytes().startswith(PNG)


def test_one_drug_in_words(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "dose", one, "immobility ~ ketamine", "--percent", "50")
    assert code == 0
    assert "ED50" in out and "The minimum effective dose of ketamine is 3" in out and "Rules" in out


@pytest.mark.parametrize(
    ("pairs", "options", "kind", "keys"),
    [
        (doses_mixed(TRUTH), ("--percent", "50"), "mixture", {"indices", "isoboles", "additive_ed50", "says"}),
        (doses_crossed((0, 3, 10, 30), (0, 30, 100)), (), "matrix", {"surfaces", "direction", "says"}),
        (doses_crossed((0, 5), (0, 50)), (), "additivity", {"scales", "groups", "says"}),
        (doses_crossed((0, 5), (0, 50)), ("--surface",), "matrix", {"surfaces"}),
    ],
)
def test_two_drugs(
    pairs: tuple[tuple[float, float], ...],
    options: tuple[str, ...],
    kind: str,
    keys: set[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = write_doses(tmp_path / "two.csv", pairs, truth=TRUTH, n=6, seed=1)
    figure = tmp_path / "two.svg"
    code, out, _ = run(capsys, "dose", table, BOTH, *options, "--figure", figure, "--json")
    found = json.loads(out)
    assert code == 0 and found["kind"] == kind and keys <= set(found)
    assert b"<svg" in figure.read_bytes()
    code, out, _ = run(capsys, "dose", table, BOTH, *options)
    assert code == 0 and found["says"][0].split(":")[0] in out


def test_the_planted_synergy_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = write_doses(tmp_path / "mixed.csv", doses_mixed(TRUTH), truth=TRUTH, n=8, seed=1)
    _, out, _ = run(capsys, "dose", table, BOTH, "--percent", "50", "--json")
    (index,) = json.loads(out)["indices"]
    assert index["ci95"][0] < TRUTH.index < index["ci95"][1] < 1


def test_three_doses_still_have_a_minimum_effective_dose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = write_doses(tmp_path / "three.csv", doses_alone((0, 3, 30)), truth=TRUTH, n=6, seed=1)
    code, out, err = run(capsys, "dose", table, "immobility ~ ketamine")
    assert code == 0 and "The minimum effective dose of ketamine is" in out
    assert "4 or more doses" in err.replace("\n", " ")


@pytest.mark.parametrize(
    ("body", "formula", "options", "code", "said"),
    [
        ("dose,y\n0 mg,3\n1 mg,2\n", "y ~ dose", (), 1, "doses as numbers in dose"),
        ("dose,y\n0,3\n-1,2\n", "y ~ dose", (), 1, "0 or more"),
        ("dose,y\n0,3\n0,3\n1,3\n1,3\n", "y ~ dose", (), 1, "values that differ"),
        ("dose,y\n0,3\n1,2\n", "y ~ dosis", (), 1, "dosis"),
        ("dose,y\n0,3\n1,2\n", "y ~ dose", ("--interval", "fieller"), 2, "delta, log, profile"),
        ("dose,y\n0,3\n1,2\n", "y ~ dose", ("--percent", "half"), 2, "numbers and commas"),
        ("a,b,c,y\n0,0,0,3\n", "y ~ a * b * c", (), 2, "one column of doses, or two"),
        ("a,b,y\nn,n,1\nm,n,2\no,m,2\n", "y ~ a * b", (), 1, "or two levels"),
    ],
)
def test_refusals(
    body: str, formula: str, options: tuple[str, ...], code: int, said: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    table = tmp_path / "bad.csv"
    table.write_text(body, encoding="utf-8")
    found, _, err = run(capsys, "dose", table, formula, *options)
    assert found == code
    assert said in err
