"""Scenes of trials, an arena taken over to similar recordings, and where a trial was when it was analysed."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from littermate.errors import DataError, StageError, UsageError
from littermate.model.arena import Arena
from littermate.model.trial import Trial
from littermate.simulate.swim_scene import SwimScene, write_swim
from littermate.study import Study, open_study
from littermate.study.placing import PlacedTrial

PASSPHRASE = "correct horse"
SHIFT_PX = 9


@pytest.fixture(scope="module")
def registered(filmed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three open fields and two forced swims, registered, with their scenes; the rest is left out."""
    folder = tmp_path_factory.mktemp("placed") / "ketamine-magnesium"
    shutil.copytree(filmed_template, folder)
    study = open_study(folder, passphrase=PASSPHRASE)
    for assay, count in (("open field", 3), ("forced swim", 2)):
        for path in sorted((study.folder.recordings / assay.replace(" ", "-")).glob("*.mp4"))[count:]:
            path.unlink()
        study.add_recordings("recordings", assay=assay)
    for trial in study.trials:
        study.prepare_scene(trial)
    return folder


@pytest.fixture
def study(registered: Path, tmp_path: Path) -> Study:
    """A study of one's own."""
    folder = tmp_path / "ketamine-magnesium"
    shutil.copytree(registered, folder)
    return open_study(folder, passphrase=PASSPHRASE)


@pytest.fixture
def fields(study: Study) -> tuple[Trial, ...]:
    return study.database.trials("open field")


@pytest.fixture
def swims(study: Study) -> tuple[Trial, ...]:
    return study.database.trials("forced swim")


def without_scenes(study: Study) -> None:
    shutil.rmtree(study.folder.root / "cache")


def placed(study: Study, trial: Trial) -> PlacedTrial:
    (one,) = [one for one in study.placed_trials() if one.trial.id == trial.id]
    return one


def test_a_scene_is_read_once_and_kept(study: Study, fields: tuple[Trial, ...]) -> None:
    trial = fields[0]
    without_scenes(study)
    assert study.scene_of(trial) is None
    scene = study.prepare_scene(trial)
    assert scene.picture.read_bytes()[:4] == b"\x89PNG"
    assert scene.picture.parent == study.folder.root / "cache"
    made = scene.picture.stat().st_mtime_ns
    again = study.prepare_scene(trial)
    assert again is study.scene_of(trial)
    assert again.picture.stat().st_mtime_ns == made
    assert scene.size == (320, 240)
    assert (scene.corners_px, scene.boxes_px) != (None, ())
    assert scene.t0_reason and scene.reason
    without_scenes(study)
    assert study.scene_of(trial) is None
    assert [entry.what for entry in study.database.entries()][-1] == "add recordings"


def test_boxes_are_proposed_for_a_swim(study: Study, swims: tuple[Trial, ...]) -> None:
    scene = study.prepare_scene(swims[0])
    assert scene.corners_px is None
    assert len(scene.boxes_px) == 1


def test_what_was_said_of_a_trial(study: Study, fields: tuple[Trial, ...]) -> None:
    trial = fields[0]
    assert not placed(study, trial).t0_set
    assert placed(study, trial).corners and not placed(study, trial).arena_set
    study.place(trial.id, corners_px=((30, 20), (290, 20), (290, 220), (30, 220)))
    assert placed(study, trial).arena_set
    assert not placed(study, trial).t0_set
    study.place(trial.id, t0_s=0.0)
    assert placed(study, trial).t0_set
    assert placed(study, trial).scored == "not scored"
    assert [one.trial.id for one in study.placed_trials()] == sorted(one.id for one in study.trials)
    assert '"set":["start"]' in study.database.entries("place")[-1].arguments


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        (((290, 20), (30, 20), (30, 220), (290, 220)), "upper left, upper right"),
        (((30, 20), (290, 20), (30, 220), (290, 220)), "convex"),
        (((30, 20), (290, 20), (500, 220), (30, 220)), "within 320 x"),
    ],
)
def test_corners_that_do_not_go_round_are_refused(
    study: Study, fields: tuple[Trial, ...], corners: tuple, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        study.place(fields[0].id, corners_px=corners)
    assert not study.database.entries("place")


def test_a_place_that_would_not_be_analysed_is_refused(study: Study, fields: tuple[Trial, ...]) -> None:
    with pytest.raises(DataError, match="four corners"):
        study.place(fields[0].id, arena_px=(10, 10, 50, 50))


def test_corners_are_refused_where_a_box_is_analysed(study: Study, swims: tuple[Trial, ...]) -> None:
    with pytest.raises(DataError, match="a box"):
        study.place(swims[0].id, corners_px=((0, 0), (9, 0), (9, 9), (0, 9)))


def test_the_lines_are_those_of_the_analysis(study: Study, fields: tuple[Trial, ...]) -> None:
    corners = ((32.5, 20.0), (290.0, 24.0), (285.0, 220.0), (30.0, 215.5))
    wall, *grid = study.place_outlines(fields[0], corners_px=corners)
    assert wall.points_px == corners
    arena = Arena(corners_px=corners, width_cm=48, height_cm=48)
    np.testing.assert_allclose(grid[0].points_px, arena.to_px(np.array([[8.0, 0.0], [8.0, 48.0]])), atol=1e-6)
    assert len(grid) == 10


def test_an_arena_is_taken_over_to_recordings_of_the_same_scene(study: Study, fields: tuple[Trial, ...]) -> None:
    one, *others = fields
    corners = ((30.0, 20.0), (290.0, 20.0), (290.0, 220.0), (30.0, 220.0))
    study.place(one.id, corners_px=corners)
    one = study.trial(one.id)
    study.place(others[0].id, t0_s=0.5)
    similar = study.similar_trials(one)
    assert [two.placed.trial.id for two in similar] == sorted(other.id for other in others)
    assert [(two.shift_px, two.warnings) for two in similar] == [((0.0, 0.0), ())] * 2
    copied = study.copy_placement(one, [other.id for other in others])
    assert [two.corners_px for two in copied] == [corners, corners]
    assert [two.t0_s for two in copied] == [0.5, 0.0]
    assert f'"copied from":"{one.id}"' in study.database.entries("place")[-1].arguments
    assert "arena of its own" in study.similar_trials(one)[0].warnings[0]
    study.verify()


def test_a_shifted_scene_is_offered_with_a_warning(
    study: Study, fields: tuple[Trial, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, *_ = fields
    study.place(one.id, corners_px=((40.0, 20.0), (280.0, 20.0), (280.0, 220.0), (40.0, 220.0)))
    scenes = {trial.id: study.prepare_scene(trial) for trial in fields}
    signature = scenes[two.id].signature
    moved = replace(signature, thumb=np.roll(signature.thumb, SHIFT_PX // signature.shrunk_by, axis=1))
    scenes[two.id] = replace(scenes[two.id], signature=moved)
    monkeypatch.setattr("littermate.study.placing.scene_of", lambda study, trial: scenes[trial.id])
    by_id = {other.placed.trial.id: other for other in study.similar_trials(study.trial(one.id))}
    right, down = by_id[two.id].shift_px
    assert right == pytest.approx(SHIFT_PX // signature.shrunk_by * signature.shrunk_by, abs=1)
    assert down == pytest.approx(0, abs=1)
    assert "stood elsewhere" in by_id[two.id].warnings[0]
    (copied,) = study.copy_placement(study.trial(one.id), [two.id])
    assert copied.corners_px is not None
    assert copied.corners_px[0] == pytest.approx((40 + right, 20 + down), abs=0.01)


def test_nothing_is_copied_where_one_cannot_be(study: Study, fields: tuple[Trial, ...]) -> None:
    one, two, three = fields
    with pytest.raises(UsageError, match="an arena that is set"):
        study.copy_placement(one, [two.id])
    study.place(one.id, corners_px=((30, 20), (290, 20), (290, 220), (30, 220)))
    study.scene_of(three).picture.unlink()
    with pytest.raises(UsageError, match=three.id):
        study.copy_placement(study.trial(one.id), [two.id, three.id])
    assert len(study.database.entries("place")) == 1


def test_a_beaker_is_not_taken_for_another(filmed: Study) -> None:
    folder = filmed.folder.recordings / "forced-swim"
    codes = [tag.code for tag in filmed.tags[:4]]
    for seed, name in enumerate(("one.mp4", "two.mp4")):
        write_swim(folder / name, (), scene=SwimScene.small(), duration_s=12.0, seed=seed)
    rows = [
        f"one.mp4,{codes[0]},0,0,150,240",
        f"one.mp4,{codes[1]},160,0,150,240",
        f"two.mp4,{codes[2]},2,0,150,240",
        f"two.mp4,{codes[3]},162,0,150,240",
    ]
    (folder / "recordings.csv").write_text("\n".join(["file,code,x,y,width,height", *rows]) + "\n", encoding="utf-8")
    filmed.add_recordings("recordings", assay="forced swim")
    for trial in filmed.trials:
        filmed.prepare_scene(trial)
    by_code = {trial.code: trial for trial in filmed.trials}
    left = filmed.similar_trials(by_code[codes[0]])
    assert [one.placed.trial.code for one in left] == [codes[2]]


def test_what_is_drawn_is_what_was_analysed(study: Study, fields: tuple[Trial, ...]) -> None:
    one = fields[0]
    corners = ((30.0, 20.0), (290.0, 20.0), (290.0, 220.0), (30.0, 220.0))
    study.place(one.id, corners_px=corners)
    assert study.analysed_trial(one) is None
    study.score("open field", workers=1)
    assert placed(study, one).scored == "current"
    analysed = study.analysed_trial(study.trial(one.id))
    assert analysed is not None and analysed.track is not None and analysed.place is not None
    assert analysed.place.outlines == study.place_outlines(one, corners_px=corners)
    assert analysed.is_of(study.trial(one.id))
    moved = study.place(one.id, corners_px=((31.0, 20.0), *corners[1:]))
    assert not analysed.is_of(moved)
    assert analysed.place.placement.corners_px == corners
    assert placed(study, one).scored == "stale"


def test_a_box_is_drawn_as_it_was_analysed(study: Study, swims: tuple[Trial, ...]) -> None:
    one = swims[0]
    study.place(one.id, arena_px=(60, 10, 200, 220))
    study.score("forced swim", workers=1)
    analysed = study.analysed_trial(study.trial(one.id))
    assert analysed is not None and analysed.motion is not None and analysed.place is not None
    assert analysed.place.outlines[0].points_px == ((59.5, 9.5), (259.5, 9.5), (259.5, 229.5), (59.5, 229.5))


def test_nothing_is_placed_after_the_lock(study: Study, swims: tuple[Trial, ...]) -> None:
    study.score("forced swim", workers=1)
    study.lock()
    with pytest.raises(StageError, match="locked"):
        study.place(swims[0].id, t0_s=1.0)
