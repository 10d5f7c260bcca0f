"""The stages of a study on the command line."""

import json
from pathlib import Path

import pytest

from littermate.cli.main import main
from littermate.study import Study


def run(*words: object) -> int:
    try:
        main([str(word) for word in words])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    return 0


def test_new_says_that_the_dose_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", tmp_path / "pilot") == 0
    assert "magnesium hydroaspartate" in capsys.readouterr().err
    assert run("new", tmp_path / "diet", "--template", "ketamine-diet") == 0
    assert run("new", tmp_path / "pilot") == 1


def test_allocation_is_previewed_without_a_group(weighed_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--study", weighed_study.folder.root)
    assert run("allocate", "--preview", *folder) == 0
    assert "in 1,000 draws of this scheme" in capsys.readouterr().out
    assert run("allocate", "--preview", "--seed", 7, "--json", *folder) == 0
    (weight, *_) = json.loads(capsys.readouterr().out)["balance"]
    assert weight["column"] == "weight" and weight["means"] == sorted(weight["means"])
    assert run("allocate", "--seed", 7, "--json", *folder) == 0
    allocated = json.loads(capsys.readouterr().out)
    assert (allocated["animals"], allocated["balance"][0]) == (8, weight)
    assert run("allocate", "--preview", *folder) == 1


def test_from_allocation_to_journal(small_study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--study", small_study.folder.root)
    assert run("unblind", "--because", "curious", *folder) == 1
    assert run("allocate", "--seed", 7, *folder) == 0
    assert "no passphrase was given" in capsys.readouterr().err
    assert run("lock", *folder) == 1
    assert run("exclude", small_study.tags[0].animal, "--because", "rescued", *folder) == 0
    assert run("status", "--json", *folder) == 0
    capsys.readouterr()
    assert run("journal", "--verify", "--json", *folder) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    assert [entry["what"] for entry in entries] == ["new", "allocate", "exclude"]
    assert "7" not in str(entries[1]["arguments"].get("seed", ""))


def test_simulate_makes_a_study_ready_to_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the call is checked here: the files themselves are those of the demo."""
    seen = {}

    def fake(folder: Path, **options: object) -> tuple[object, tuple[()]]:
        seen.update(options, folder=folder)
        return type("Made", (), {"folder": type("Folder", (), {"root": folder})})(), ()

    monkeypatch.setattr("littermate.cli.demo_command.simulate_study", fake)
    assert run("simulate", tmp_path / "s", "--scale", "full", "--seed", 3) == 0
    assert (seen["scale"], seen["seed"], seen["template"]) == ("full", 3, "ketamine-magnesium")
