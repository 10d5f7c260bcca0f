"""`littermate trial`: any assay from one file, with the keys of the contract."""

import json
from pathlib import Path

import pytest
import typer

from littermate.cli.assay_command import register
from littermate.errors import UsageError
from littermate.simulate.plus_maze_scene import PlusMazeScene, explore, write_plus_maze

SCENE = PlusMazeScene(width=160, height=160)
ENDS = ",".join(f"{value:.2f}" for point in SCENE.ends_px for value in point)


@pytest.fixture(scope="module")
def maze_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("maze") / "mouse.mp4"
    write_plus_maze(path, explore(duration_s=10, seed=4, scene=SCENE), scene=SCENE, seed=4)
    return path


def run(*words: object) -> None:
    app = typer.Typer()
    register(app)
    app([str(word) for word in words], standalone_mode=False)


def test_a_plus_maze(maze_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure, overlay = tmp_path / "a.svg", tmp_path / "a.mp4"
    words = ["--assay", "elevated plus maze", "--window", "0,10", "--corners", ENDS, "--set", "hysteresis_cm=1"]
    run(maze_file, *words, "--figure", figure, "--overlay", overlay, "--json")
    printed = json.loads(capsys.readouterr().out)
    assert {"littermate", "rules", "findings", "recording", "trials"} <= set(printed)
    (trial,) = printed["trials"]
    assert trial["assay"] == "elevated plus maze" and trial["window_s"] == [0, 10]
    assert trial["scorable_s"] + trial["missing_s"] == pytest.approx(10)
    by_name = {one["measure"]: one for one in trial["readings"]}
    assert by_name["open_entries"]["value"] == trial["open_entries"]
    assert set(by_name["open_entries"]) == {"measure", "value", "unit", "reason", "flags"}
    assert "by more than 1 cm" in " ".join(printed["rules"]["words"])
    assert figure.read_text(encoding="utf-8").startswith("<?xml") and overlay.stat().st_size > 1000


def test_a_table_for_people(maze_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(maze_file, "--assay", "elevated plus maze", "--window", "0,20", "--corners", ENDS)
    shown = capsys.readouterr()
    assert "open_entries" in shown.out and "cut short" in shown.out
    assert "does not cover" in shown.err


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (("--assay", "tea party"), "elevated plus maze, forced swim, open field, tail suspension"),
        (("--assay", "elevated plus maze"), "outer ends"),
        (("--assay", "elevated plus maze", "--corners", "1,2,3"), "8 numbers"),
        (("--assay", "tail suspension", "--set", "colour=1"), "immobile_below"),
        (("--assay", "tail suspension", "--set", "colour"), "name=value"),
        (("--assay", "tail suspension", "--window", "5,5"), "start before stop"),
    ],
)
def test_wrong_calls_say_what_is_right(maze_file: Path, words: tuple[str, ...], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        run(maze_file, *words)
