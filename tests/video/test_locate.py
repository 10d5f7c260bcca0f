"""The animal is found where it is, and nowhere where it is not."""

from pathlib import Path

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.model.track import FOUND, INTERPOLATED, MISSING
from littermate.simulate.encode import write_video
from littermate.simulate.field_scene import FieldScene, draw_field_frames, true_track, wander, write_field
from littermate.video.locate import LocateRules, TrackedAnimal, bridge_gaps, track_animal

PATH = wander(duration_s=24, size_cm=48, seed=11)
REAL = Path(__file__).parents[2].parent / "shared" / "data"


def error_px(animal: TrackedAnimal, scene: FieldScene) -> np.ndarray:
    truth, track = true_track(PATH, scene), animal.track
    expected = np.column_stack([np.interp(track.t_s, truth.t_s, truth.xy_px[:, axis]) for axis in (0, 1)])
    return np.hypot(*(track.xy_px - expected).T)


@pytest.fixture(scope="module", params=["dark", "light"])
def scene(request: pytest.FixtureRequest) -> FieldScene:
    return FieldScene.small(coat=request.param)


@pytest.fixture(scope="module")
def animal(scene: FieldScene, tmp_path_factory: pytest.TempPathFactory) -> TrackedAnimal:
    file = tmp_path_factory.mktemp("field") / "clip.mp4"
    write_field(file, PATH, scene=scene, seed=1)
    return track_animal(file)


def test_position_is_within_a_pixel(animal: TrackedAnimal, scene: FieldScene) -> None:
    assert np.all(animal.track.state == FOUND)
    assert np.median(error_px(animal, scene)) < 0.6
    assert np.quantile(error_px(animal, scene), 0.95) < 1.2


def test_corners_are_found(animal: TrackedAnimal, scene: FieldScene) -> None:
    assert animal.corners_found == "found"
    assert np.hypot(*(np.array(animal.corners_px) - scene.corners_px).T).max() < 1.5


def test_the_trial_clock_starts_at_t0(tmp_path: Path) -> None:
    scene = FieldScene.small()
    write_field(tmp_path / "a.mp4", PATH, scene=scene, seed=1)
    told: list[float] = []
    animal = track_animal(tmp_path / "a.mp4", corners_px=scene.corners_px, t0_s=4, duration_s=6, on_time=told.append)
    assert animal.corners_found == "given"
    assert animal.track.t_s[[0, -1]] == pytest.approx([0, 6 - 1 / 15], abs=0.01)
    assert told == sorted(told)
    expected = true_track(PATH, scene).xy_px[400]
    assert np.hypot(*(animal.track.xy_px[0] - expected)) < 1.5


def test_an_empty_arena_has_no_animal(tmp_path: Path) -> None:
    scene = FieldScene.small(animal=False)
    write_field(tmp_path / "a.mp4", wander(duration_s=6, size_cm=48, seed=1), scene=scene, seed=1)
    animal = track_animal(tmp_path / "a.mp4")
    assert not animal.animal_found
    assert np.all(animal.track.state == MISSING)
    assert np.isnan(animal.track.xy_px).all()


def test_a_hidden_animal_is_missing_not_guessed(tmp_path: Path) -> None:
    scene, path = FieldScene.small(), wander(duration_s=12, size_cm=48, seed=2)
    empty = draw_field_frames(path, scene=FieldScene.small(animal=False), seed=2)
    shown = draw_field_frames(path, scene=scene, seed=1)
    hidden = [(60 <= k < 90, 120 <= k < 123) for k in range(180)]
    frames = [without if any(gone) else seen for without, seen, gone in zip(empty, shown, hidden, strict=True)]
    write_video(tmp_path / "a.mp4", frames, fps=15)
    state = track_animal(tmp_path / "a.mp4").track.state
    assert np.all(state[62:88] == MISSING)
    assert np.all(state[120:123] == INTERPOLATED)
    assert np.mean(state == FOUND) > 0.75


def test_without_a_floor_the_whole_picture_is_said(tmp_path: Path) -> None:
    pictures = []
    for k in range(80):
        picture = np.full((240, 320), 170, np.uint8)
        picture[100:130, 20 + 3 * k : 60 + 3 * k] = 30
        pictures.append(picture)
    write_video(tmp_path / "a.mp4", pictures, fps=20)
    animal = track_animal(tmp_path / "a.mp4")
    assert (animal.corners_found, animal.animal_found) == ("whole picture", True)
    assert animal.track.xy_px[40] == pytest.approx((20 + 120 + 19.5, 114.5), abs=0.6)


def test_gaps_are_bridged_up_to_the_limit_only() -> None:
    t = np.arange(40) / 10
    xy = np.column_stack([t, t])
    xy[5:10] = xy[20:26] = np.nan
    track = bridge_gaps(t, xy, max_gap_s=0.5)
    assert set(track.state[5:10]) == {INTERPOLATED}
    assert track.xy_px[5:10, 0] == pytest.approx(t[5:10])
    assert set(track.state[20:26]) == {MISSING}


def test_impossible_rules_and_times_are_refused() -> None:
    with pytest.raises(UsageError):
        LocateRules(min_area=2)
    with pytest.raises(UsageError):
        track_animal("any.mp4", t0_s=-1)


@pytest.mark.skipif(not REAL.exists(), reason="the shared real recordings are not here")
def test_an_empty_real_chamber_has_no_animal() -> None:
    assert not track_animal(REAL / "traps" / "Freezing_calibration.wmv").animal_found
