"""The animal is found where it is, and nowhere where it is not."""

from pathlib import Path

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.model.track import FOUND, INTERPOLATED, MISSING
from littermate.simulate.encode import write_video
from littermate.simulate.field_scene import FieldPath, FieldScene, draw_field_frames, true_track, wander, write_field
from littermate.video.locate import LocateRules, TrackedAnimal, bridge_gaps, track_animal, track_animals

PATH = wander(duration_s=24, size_cm=48, seed=11)
REAL = Path(__file__).parents[2].parent / "shared" / "data"


def error_px(animal: TrackedAnimal, scene: FieldScene, path: FieldPath = PATH) -> np.ndarray:
    truth, track = true_track(path, scene), animal.track
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
    animal = track_animal(
        tmp_path / "a.mp4",
        corners_px=scene.corners_px,
        t0_s=4,
        duration_s=6,
        on_frame=lambda frame: told.append(frame.t_s),
    )
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


@pytest.mark.parametrize(
    "changes",
    [
        {"drift": 0.4},
        {"cable": True},
        {"mirror": 0.6},
        {"contrast": 0.4},
        {"crf": 32},
        {"coat": "light", "floor": "bright", "patched": True},
    ],
)
def test_hard_scenes_do_not_lose_it(changes: dict[str, object], tmp_path: Path) -> None:
    scene, path = FieldScene.small(**changes), wander(duration_s=16, size_cm=48, seed=12)
    write_field(tmp_path / "a.mp4", path, scene=scene, seed=2)
    animal = track_animal(tmp_path / "a.mp4")
    assert np.all(animal.track.state == FOUND)
    assert np.median(error_px(animal, scene, path)) < 1
    assert np.quantile(error_px(animal, scene, path), 0.99) < 5


def test_a_sleeper_is_found_asleep_and_awake(tmp_path: Path) -> None:
    scene, path = FieldScene.small(), wander(duration_s=120, size_cm=48, seed=12, sleep_share=0.93)
    write_field(tmp_path / "a.mp4", path, scene=scene, seed=2)
    animal = track_animal(tmp_path / "a.mp4")
    assert animal.moved
    assert np.quantile(error_px(animal, scene, path), 0.99) < 2


def blocks(*places: tuple[int, int], size: tuple[int, int] = (200, 400)) -> np.ndarray:
    picture = np.full(size, 180, np.uint8)
    for x, y in places:
        picture[y : y + 12, x : x + 24] = 30
    return picture


def test_two_floors_in_one_picture_have_an_animal_each(tmp_path: Path) -> None:
    pictures = [blocks((20 + k, 50), (360 - k, 120)) for k in range(100)]
    write_video(tmp_path / "a.mp4", pictures, fps=20)
    floors = [((x, 5.0), (x + 190.0, 5.0), (x + 190.0, 195.0), (x, 195.0)) for x in (5.0, 205.0)]
    left, right = track_animals(tmp_path / "a.mp4", floors)
    assert left.track.xy_px[60] == pytest.approx((20 + 60 + 11.5, 55.5), abs=0.6)
    assert right.track.xy_px[60] == pytest.approx((360 - 60 + 11.5, 125.5), abs=0.6)


def test_what_appears_and_stays_is_not_the_animal(tmp_path: Path) -> None:
    pictures = [blocks((20 + k % 300, 40), *([(150, 150)] if k > 200 else [])) for k in range(600)]
    write_video(tmp_path / "a.mp4", pictures, fps=10)
    track = track_animal(tmp_path / "a.mp4").track
    assert np.all(np.abs(track.xy_px[:, 1] - 45.5) < 2)


def test_a_short_excursion_is_left_out_and_a_lasting_jump_is_told(tmp_path: Path) -> None:
    y_of = [40 if k < 200 else 150 for k in range(300)]
    pictures = [blocks((20 + k, 150 if 100 <= k < 103 else y_of[k])) for k in range(300)]
    write_video(tmp_path / "a.mp4", pictures, fps=20)
    animal = track_animal(tmp_path / "a.mp4")
    assert set(animal.track.state[100:103]) == {INTERPOLATED}
    assert animal.jumps_s == pytest.approx((10.0,), abs=0.06)


def test_a_window_gives_what_a_file_of_it_gives(tmp_path: Path) -> None:
    pictures = [blocks((20 + k, 50)) for k in range(200)]
    write_video(tmp_path / "all.mp4", pictures, fps=20)
    window = track_animal(tmp_path / "all.mp4", t0_s=4.0, duration_s=5.0)
    assert window.track.t_s[[0, -1]] == pytest.approx((0, 4.95), abs=1e-3)
    assert window.track.xy_px[:, 0] == pytest.approx(np.arange(80, 180) + 31.5, abs=0.3)


@pytest.mark.skipif(not REAL.exists(), reason="the shared real recordings are not here")
def test_an_empty_real_chamber_has_no_animal() -> None:
    assert not track_animal(REAL / "traps" / "Freezing_calibration.wmv").animal_found
