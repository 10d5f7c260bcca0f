"""`video check`: the keys of the contract, one page in words, a contact sheet, and an exit code."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from littermate.cli.video_commands import register
from littermate.simulate.field_scene import FieldScene, write_field
from littermate.simulate.wander import wander

app = typer.Typer()
register(app)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["video", "check", *map(str, words)])


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("check") / "mouse.mp4"
    scene = FieldScene(width=160, height=120, fps=10)
    write_field(path, wander(duration_s=12, size_cm=48, seed=5), scene=scene, seed=5)
    return path


@pytest.fixture
def cut(tmp_path: Path, good: Path) -> Path:
    path = tmp_path / "cut.mp4"
    path.write_bytes(good.read_bytes()[:3000])
    return path


def test_a_sound_file_as_json(good: Path) -> None:
    result = run(good, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {"littermate", "rules", "findings", "recording", "usable", "t0_proposed_s"} <= set(found)
    keys = {"path", "sha256", "codec", "width", "height", "frames_decoded", "frames_header", "duration_s"}
    assert keys | {"fps_median", "variable_frame_rate", "corrupt_frames", "gaps"} <= set(found["recording"])
    assert (found["recording"]["frames_decoded"], found["usable"], found["t0_proposed_s"]) == (120, True, 0.0)
    assert found["findings"] == []
    assert found["rules"]["hash"]


def test_a_broken_file_has_its_page_and_fails(cut: Path) -> None:
    result = run(cut, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["recording"], found["usable"], found["t0_proposed_s"]) == (None, False, None)
    assert {"expected", "found", "do"} <= set(found["error"])
    assert [one["id"] for one in found["findings"]] == ["unreadable"]


def test_of_several_files_every_one_is_checked(good: Path, cut: Path) -> None:
    result = run(good, cut, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(one["path"], one["usable"]) for one in found["files"]] == [(str(good), True), (str(cut), False)]


def test_in_words_and_as_a_picture(good: Path, cut: Path, tmp_path: Path) -> None:
    assert run(good, "--figure", tmp_path / "check.png").exit_code == 0
    assert (tmp_path / "check.png").read_bytes().startswith(b"\x89PNG")
    assert run(cut, "--figure", tmp_path / "cut.svg").exit_code == 1
    assert b"<svg" in (tmp_path / "cut.svg").read_bytes()


def test_a_planned_length_is_compared(good: Path) -> None:
    assert run(good, "--duration", "12").exit_code == 0
    result = run(good, "--duration", "360", "--json")
    assert result.exit_code == 1
    assert [one["id"] for one in json.loads(result.stdout)["findings"]] == ["cut-short"]
