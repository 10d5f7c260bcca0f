"""Weights, sheets and the log on the command line."""

import json
from pathlib import Path

import pytest
from tests.cli.test_study_commands import run

from littermate.study import Study


def test_from_the_scales_to_the_deviations(small_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--study", small_study.folder.root)
    assert run("weigh", "--animal", "M01", "--weight", "30.4", *folder) == 1
    assert run("allocate", *folder) == 0
    assert run("weigh", "--animal", "M01", "--weight", "30.4", "--date", "2026-04-11", *folder) == 0
    assert run("sheets", "--start", "2026-04-11 09:00", "--day", 1, *folder) == 0
    assert (small_study.sheets / "injections-day-01.html").is_file()
    one = ("--animal", "M01", "--injection", 1, "--by", "ada")
    capsys.readouterr()
    assert run("give", *one, "--at", "11:05", "--volume", "ok", *folder) == 0
    assert "by 2 h 5 min, " in capsys.readouterr().out
    assert run("deviations", *folder) == 0
    assert "late" in capsys.readouterr().out
    assert run("deviations", "--json", *folder) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["planned"], said["given"], said["deviations"][0]["kind"]) == (120, 1, "late")
    assert said["real_doses"] is None


@pytest.mark.parametrize(
    "words",
    [
        ("weigh",),
        ("weigh", "weights.csv", "--animal", "M01"),
        ("weigh", "--animal", "M01", "--weight", "31,5"),
        ("give", "--animal", "M01", "--injection", "1", "--at", "9.05", "--volume", "0.3"),
        ("sheets", "--start", "11.04.2026"),
        ("sheets", "--animals", "M01"),
        ("sheets", "--day", "99"),
    ],
)
def test_a_wrong_call_is_refused(allocated: Path, words: tuple[str, ...]) -> None:
    assert run(*words, "--study", allocated) == 2


@pytest.fixture(scope="module")
def allocated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        folder = tmp_path_factory.mktemp("allocated") / "pilot"
        assert run("new", folder) == 0
        assert run("allocate", "--study", folder) == 0
    return folder
