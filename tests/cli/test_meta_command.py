"""littermate meta: keys, words, pictures, refusals."""

import json
from pathlib import Path

import pytest

from littermate.cli.main import main
from littermate.simulate.literature import write_literature

PNG = b"\x89PNG"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_literature(tmp_path / "earlier.csv", 8, seed=1)


def test_the_keys(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forest, funnel = tmp_path / "forest.png", tmp_path / "funnel.png"
    code, out, _ = run(capsys, "meta", table, "--method", "DL", "--test", "knha", "--subgroup", "species",
                       "--moderator", "dose_mg_kg", "--figure", forest, "--funnel", funnel, "--json")  # fmt: skip
    found = json.loads(out)
    assert code == 0 and found["rules"]["hash"]
    assert (found["k"], found["measure"], found["method"], found["test"], found["df"]) == (8, "SMD", "DL", "knha", 7)
    assert found["ci"][0] < found["estimate"] < found["ci"][1] and found["estimate_ratio"] is None
    assert {"tau2", "i2", "q", "prediction_interval", "prediction_interval_t", "common"} <= set(found)
    assert sum(one["weight"] for one in found["studies"]) == pytest.approx(100)
    assert found["studies"][0]["source"] == "means and SDs" and found["studies"][0]["columns"]["species"] == "mouse"
    assert [one["group"] for one in found["subgroups"]["groups"]] == ["mouse", "rat"]
    assert [one["name"] for one in found["regression"]["coefficients"]] == ["intercept", "dose_mg_kg"]
    assert [len(found[key]) for key in ("asymmetry", "trim_and_fill", "leave_one_out", "cumulative")] == [3, 2, 8, 8]
    assert forest.read_bytes().startswith(PNG) and funnel.read_bytes().startswith(PNG)


def test_ratios_are_also_given_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("study,tpos,tneg,cpos,cneg\nA,5,5,10,10\nB,2,8,3,12\n", encoding="utf-8")
    _, out, _ = run(capsys, "meta", path, "--json")
    found = json.loads(out)
    assert (found["estimate"], found["estimate_ratio"]) == (pytest.approx(0, abs=1e-12), pytest.approx(1))


def test_in_words(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "meta", table, "--subgroup", "species", "--moderator", "dose_mg_kg")
    assert code == 0
    for words in ("Simulated study 8", "REML", "common effect", "by species", "meta-regression", "Egger", "Rules"):
        assert words in out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--method", "XX"), 2, "REML"),
        (("--test", "f"), 2, "knha"),
        (("--measure", "XX"), 2, "SMD"),
        (("--level", "0.95e4"), 2, "level"),
        (("--moderator", "colour"), 1, "species"),
        (("--aggregate", "7"), 2, "correlation"),
        (("--figure", "forest.txt"), 2, ".png"),
    ],
)
def test_refusals(
    words: tuple[str, ...], code: int, said: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _, err = run(capsys, "meta", table, *words)
    assert found == code and said in err


def test_one_study_says_nothing_of_what_several_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.csv"
    path.write_text("study,n1,mean1,sd1,n2,mean2,sd2\nA,8,12,3,8,16,3\n", encoding="utf-8")
    code, out, _ = run(capsys, "meta", path)
    (reml,) = [line for line in out.splitlines() if line.startswith("REML")]
    assert (code, reml.split()[-3:]) == (0, ["–", "–", "–"])
    assert "heterogeneity\nnot known from one study\n" in out


def test_what_a_row_lacks_is_named_by_its_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "earlier.csv"
    head = "study,n_treatment,mean_treatment,sd_treatment,n_control,mean_control,sd_control"
    path.write_text(f"{head}\nKim,8,12,3,8,16,3\nKim,8,11,3,8,16,3\nLee,,12,3,8,16,3\n", encoding="utf-8")
    code, _, err = run(capsys, "meta", path)
    said = " ".join(err.split())
    assert code == 0
    assert "nothing stands under n_treatment. meta-left-out" in said
    assert "1 study has several effects (Kim: 2)" in said
