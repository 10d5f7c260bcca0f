"""littermate power: the keys of the contract, words for people, and one clear error."""

import json
from pathlib import Path

import pytest

from littermate.cli.main import main

TABLE = "magnesium,ketamine,mean\nno,no,120\nno,yes,100\nyes,no,118\nyes,yes,60\n"


class Run:
    """Run the command, and give its exit code, output and JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> int:
        with pytest.raises(SystemExit) as stop:
            main(["power", *(str(word) for word in words)])
        self.out, self.err = self._capsys.readouterr()
        return int(stop.value.code or 0)

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def test_an_interaction(run: Run) -> None:
    assert run("2x2", "--n", 8, "--effect", "1.0", "--term", "interaction", "--json") == 0
    found = run.json
    assert found["power"] == pytest.approx(0.27667654371246864, abs=1e-8)
    assert (found["n_per_group"], found["n_total"], found["effect"], found["alpha"]) == (8, 32, 1.0, 0.05)
    assert found["method"] == "exact: noncentral F"
    assert found["effects"][0]["measure"] == "difference of differences"
    assert [one["id"] for one in found["findings"]] == ["low-power"]
    assert "difference of differences" in found["rules"]["words"][0]


def test_the_number_needed(run: Run) -> None:
    assert run("2x2", "--power", "0.8", "--d", 1, "--json") == 0
    assert [one["n_per_group"] for one in run.json["effects"]] == [9, 9, 32, 17, 17]
    assert run("2x2", "--power", "0.8", "--d", 1, "--term", "A", "--attrition", "10%", "--json") == 0
    assert [one["started"] for one in run.json["attrition"]] == [9, 10]


def test_what_a_design_can_see(run: Run, tmp_path: Path) -> None:
    assert run("magnesium:2", "ketamine:2", "--n", 8, "--curve", tmp_path / "power.png") == 0
    words = " ".join(run.out.split())
    assert "d = 1.03 for a main effect, a difference of differences of 2.05 SD for the interaction" in words
    assert "An interaction of 1 SD is found 28 % of the time" in words
    assert (tmp_path / "power.png").read_bytes().startswith(b"\x89PNG")


def test_means_from_a_table_and_from_the_line(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "means.csv"
    table.write_text(TABLE, encoding="utf-8")
    assert run("--means", table, "--sd", 40, "--n", 8, "--json") == 0
    from_table = run.json
    assert from_table["design"] == {"magnesium": 2, "ketamine": 2}
    assert run("2x2", "--means", "120,100,118,60", "--sd", 40, "--n", 8, "--json") == 0
    assert [one["power"] for one in run.json["effects"]] == [one["power"] for one in from_table["effects"]]


def test_a_simulation_with_all_that_has_no_formula(run: Run) -> None:
    words = ("--simulate", 200, "--seed", 3, "--sd", "30,30,60,60", "--bounds", "0,240", "--cage", 4, "--icc", 0.3)
    more = ("--treat", "cage", "--attrition", "5%", "--skew", 1)
    assert run("2x2", "--n", 16, "--means", "150,140,130,60", *words, *more, "--json") == 0
    assert all(one["standard_error"] > 0 for one in run.json["effects"])
    assert run.json["method"] == "simulation: F test, 200 experiments, seed 3"
    assert run("2x2", "--n", 8, "--d", 1, "--test", "randomisation", "--simulate", 20, "--term", "main", "--json") == 0
    assert "randomisation test of 999 allocations" in run.json["method"]


def test_losses_of_an_equivalence_are_simulated(run: Run) -> None:
    words = ("--n", 20, "--equivalence", 1, "--attrition", "0.1", "--term", "A", "--simulate", 500, "--seed", 1)
    assert run("2", *words, "--json") == 0
    assert run.json["method"].startswith("simulation: two one-sided tests within 1.0 SD")


def test_a_name_with_colons_is_printed_as_it_is(run: Run) -> None:
    assert run("2x2x2", "--n", 8, "--d", 1, "--term", "A:B:C") == 0
    assert run.out.count("A:B:C") >= 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("2x2",),
        ("2y2", "--n", "8"),
        ("2x1", "--n", "8"),
        ("2x2", "--n", "1"),
        ("2x2", "--n", "8.5"),
        ("2x2", "--n", "8,8"),
        ("2x2", "--n", "8", "--d", "nan"),
        ("2x2", "--n", "8", "--d", "1e9"),
        ("2x2", "--n", "8", "--d", "0,5"),
        ("999x999", "--n", "8"),
        ("a:b:2", "--n", "8"),
        ("2x2", "--n", "8", "--d", "1", "--f", "0.25"),
        ("2x2", "--n", "8", "--f", "nan"),
        ("2x2", "--n", "8", "--term", "dose"),
        ("2x2", "--n", "8", "--term", "A", "--contrast", "1,-1,0,0"),
        ("2x2", "--n", "8", "--contrast", "1,1,0,0"),
        ("2x2", "--n", "8", "--power", "1.2"),
        ("2x2", "--d", "0"),
        ("2x2", "--n", "8", "--d", "1", "--attrition", "100%"),
        ("2x2", "--n", "8", "--d", "1", "--attrition", "some"),
        ("2x2", "--n", "8", "--d", "20", "--sd", "40"),
        ("2x2", "--n", "8", "--means", "1,2,3,4"),
        ("2x2", "--n", "8", "--means", "1,2,3,4", "--sd", "1,2"),
        ("2x2", "--n", "8", "--means", "1,2,3", "--sd", "1"),
        ("2x2", "--n", "8", "--d", "1", "--bounds", "0,240"),
        ("2x2", "--n", "8", "--d", "1", "--cage", "3", "--treat", "cage"),
        ("2x2", "--n", "8", "--d", "1", "--simulate", "0"),
        ("2x2", "--n", "8", "--d", "1", "--simulate", "10", "--curve", "power.png"),
        ("2x2", "--n", "8", "--curve", "power.xyz"),
        ("2x2", "--n", "2", "--covariates", "4"),
    ],
)
def test_wrong_calls(run: Run, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*words, "--json") == 2
    assert all(run.json["error"][key] for key in ("expected", "found", "do"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", [TABLE + "no,no,3\n", TABLE[:-12], TABLE.replace("118", "x"), TABLE.replace("mean", "value")]
)
def test_tables_that_are_no_means(run: Run, text: str, tmp_path: Path) -> None:
    table = tmp_path / "means.csv"
    table.write_text(text, encoding="utf-8")
    assert run("--means", table, "--sd", 40, "--n", 8, "--json") == 1
    assert "means.csv" in json.dumps(run.json["error"])


def test_a_table_of_another_design(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "means.csv"
    table.write_text(TABLE, encoding="utf-8")
    assert run("3x2", "--means", table, "--sd", 40, "--n", 8, "--json") == 2
