"""Calibrate, from recordings and a person's table to a calibration file and back."""

import csv
import json
import tomllib

import numpy as np
import pytest
import typer

from littermate.assays.forced_swim import ForcedSwimRules
from littermate.cli import calibrate_command
from littermate.errors import DataError, FileError, UsageError
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.single.calibration_file import read_calibration

SCENE = SwimScene(width=200, height=160, fps=12.0, rearing=0.0)
LENGTH_S, ANIMALS = 20.0, 6
HEAD = ("video", "animal", "behaviour", "start_s", "stop_s", "scored_from_s", "scored_to_s")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make six short recordings, and the scores of a person whose keys are up to some tenths of a second off."""
    folder = tmp_path_factory.mktemp("calibration")
    rng = np.random.default_rng(11)
    with (folder / "scores.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for number in range(ANIMALS):
            bouts = draw_bouts(
                immobile_fraction=0.2 + 0.1 * number, duration_s=LENGTH_S, window_s=(2, LENGTH_S), seed=number
            )
            write_swim(folder / f"clip{number}.mp4", bouts, scene=SCENE, duration_s=LENGTH_S, seed=number)
            for bout in bouts:
                start, stop = np.array([bout.start_s, bout.stop_s]) + rng.normal(0, 0.15, 2)
                table.writerow((f"clip{number}", f"m{number}", "Floating", max(0, start), stop, 2, LENGTH_S))
    return folder


def run(*words: object) -> None:
    app = typer.Typer()
    calibrate_command.register(app)
    app(["--immobile", "floating", *map(str, words)], standalone_mode=False)


def test_from_recordings_to_a_calibration_file(folder, capsys) -> None:
    out, figure = folder / "cal.toml", folder / "cal.png"
    run(folder / "scores.csv", "--videos", folder, "--out", out, "--figure", figure, "--json")
    content = json.loads(capsys.readouterr().out)
    immobility = content["immobility"]
    assert (content["animals"], content["left_out"], len(content["recordings"])) == (ANIMALS, [], ANIMALS)
    assert (content["calibrated"], immobility["reasons"]) == (True, [])
    assert immobility["agreement"]["kappa"] > 0.6 and immobility["auc"] > 0.9
    assert [one["trial"] for one in immobility["trials"]] == [f"clip{k}" for k in range(ANIMALS)]
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert tomllib.loads(out.read_text())["rules_hash_120_360"] == content["rules"]["hash"]

    saved = read_calibration(out)
    rules = saved.rules()
    assert saved.calibrated
    assert (rules.immobile_below, rules.mobile_above) == tuple(immobility["thresholds"].values())
    assert rules.calibration.startswith("calibrated on 6 animals, held-out kappa 0.")
    assert rules.climbing is None and rules.gap_s == ForcedSwimRules().gap_s
    with pytest.raises(UsageError, match="climbing"):
        saved.rules(three_way=True)

    for before, after in (("gap_s = 0.5", "gap_s = 0.7"), ("calibrated = true", "calibrated = false")):
        (folder / "changed.toml").write_text(out.read_text().replace(before, after, 1))
        with pytest.raises(FileError, match="changed afterwards"):
            read_calibration(folder / "changed.toml")


def test_too_few_or_other_recordings_are_refused(folder, capsys) -> None:
    rows = (folder / "scores.csv").read_text().splitlines()
    few = folder / "few.csv"
    few.write_text("\n".join(row for row in rows if row.startswith(("video", "clip0", "clip1"))))
    with pytest.raises(DataError, match="3 animals or more"):
        run(few, "--videos", folder)
    few.write_text("\n".join((rows[0], "clip9,m9,Floating,1,2,0,9", "nobody.mp4,m1,Floating,1,2,0,9")))
    with pytest.raises(FileError) as fault:
        run(few, "--videos", folder)
    assert [complaint.where for complaint in fault.value.complaints] == ["clip9", "nobody.mp4"]
    with pytest.raises(FileError, match="folder of recordings"):
        run(few, "--videos", folder / "nowhere")


def test_files_that_are_no_calibration(tmp_path) -> None:
    path = tmp_path / "cal.toml"
    for text in (
        "format = 1\n",
        "format = 2\n",
        "= broken",
        "format = 1\nrules = 3\n",
        "format = 1\nclimbing = 3\n[rules]\ngap_s = 'x'\n",
    ):
        path.write_text(text)
        with pytest.raises(FileError, match="littermate calibrate again"):
            read_calibration(path)
    with pytest.raises(FileError, match="no such file"):
        read_calibration(tmp_path / "none.toml")
