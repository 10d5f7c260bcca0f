"""Trials of one recording are read in one pass, and each is scored as if it were alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from littermate.errors import UsageError
from littermate.simulate.plus_maze_scene import PlusMazeScene, explore, write_plus_maze
from littermate.single.trial import TrialJob, assay_window, draw_trials, score_trial, trial_rules

SCENE = PlusMazeScene(width=160, height=160)


@pytest.fixture
def job(tmp_path: Path) -> TrialJob:
    write_plus_maze(tmp_path / "a.mp4", explore(duration_s=6, seed=4, scene=SCENE), scene=SCENE, seed=4)
    return TrialJob(kind="elevated plus maze", path=str(tmp_path / "a.mp4"), window_s=(0, 6), corners_px=SCENE.ends_px)


def test_several_places_are_read_once_and_given_in_order(job: TrialJob) -> None:
    a, b, c, d = SCENE.ends_px
    turned, frames = replace(job, corners_px=(b, c, d, a)), []
    drawn = draw_trials([job, turned], on_frame=lambda frame: frames.append(frame.t_s))
    assert len(frames) == 6 * 15
    first, second = ({one.measure: one.value for one in result.readings} for result, _ in drawn)
    assert first["open_entries"] == second["closed_entries"]
    assert first["open_arms_time_s"] == pytest.approx(second["closed_arms_time_s"], abs=0.1)
    assert first == {one.measure: one.value for one in score_trial(job).readings}


def test_the_rules_told_beforehand_are_those_of_the_result(job: TrialJob) -> None:
    for one in (job, replace(job, settings=(("hysteresis_cm", 2.0),)), replace(job, size_cm=60.0)):
        assert trial_rules(one).hash == score_trial(one).rules.hash


def test_the_picture_is_a_png(job: TrialJob) -> None:
    assert score_trial(job).picture.startswith(b"\x89PNG")


def test_an_unknown_kind_is_refused(job: TrialJob) -> None:
    for refuse in (score_trial, trial_rules):
        with pytest.raises(UsageError, match="tail suspension"):
            refuse(replace(job, kind="tea party"))


def test_windows_are_the_assays_own() -> None:
    assert assay_window("forced swim") == (120, 360)
    assert (assay_window("tail suspension"), assay_window("elevated plus maze")) == ((0, 360), (0, 300))
