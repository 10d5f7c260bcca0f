"""Motion is that of the animal: not of the water, the light, the camera's noise, the drift or the frame rate."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.simulate.encode import write_video
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.video.motion import MotionRules, read_motion, read_motions

WMV = Path(__file__).parents[2].parent / "shared" / "data" / "traps" / "Freezing_calibration.wmv"


def draw(animal: Callable[[np.ndarray, float], None], *, fps: float = 20, duration_s: float = 8, water: int = 170):
    """Draw an animal, as a function of time, before still noisy water; 160 x 120 px."""
    rng = np.random.default_rng(1)
    for k in range(round(fps * duration_s)):
        picture = np.full((120, 160), float(water)) + rng.normal(0, 2, (120, 160))
        animal(picture, k / fps)
        yield np.clip(picture, 0, 255).astype(np.uint8)


def body(picture: np.ndarray, x: float, y: float, grey: int = 40, angle: float = 20) -> None:
    cv2.ellipse(picture, ((x, y), (44, 18), angle), float(grey), -1, cv2.LINE_AA)


def drifting(picture: np.ndarray, t_s: float) -> None:
    body(picture, 50 + 6 * t_s, 60 + 2 * np.sin(t_s), angle=20 + 10 * np.sin(t_s))


def paddling(picture: np.ndarray, t_s: float) -> None:
    body(picture, 60 + 5 * t_s, 60)
    x, y, swing = 60 + 5 * t_s, 64, 14 * np.sin(2 * np.pi * 2.3 * t_s)
    cv2.line(picture, (round(x), y), (round(x + swing), y + 22), 45.0, 5, cv2.LINE_AA)


def motion_of(path: Path, pictures, fps: float = 20, **options):
    write_video(path, pictures, fps=fps)
    return read_motion(path, **options)


def test_rigid_drift_is_no_activity(tmp_path: Path) -> None:
    motion, _ = motion_of(tmp_path / "a.mp4", draw(drifting))
    assert motion.animal_found and motion.valid.all()
    assert np.quantile(motion.activity, 0.95) < 0.02


def test_paddling_is_activity_of_the_limb_s_size(tmp_path: Path) -> None:
    motion, _ = motion_of(tmp_path / "a.mp4", draw(paddling))
    body_area = np.pi * 22 * 9
    assert motion.animal_area_px == pytest.approx(body_area, rel=0.35)
    assert 0.04 < np.median(motion.activity) < 2 * 5 * 22 / body_area


def test_light_that_changes_for_the_whole_picture_is_no_activity(tmp_path: Path) -> None:
    def flickering():
        for k, picture in enumerate(draw(drifting)):
            yield np.clip(picture + 25.0 * np.sin(k), 0, 255).astype(np.uint8)

    motion, _ = motion_of(tmp_path / "a.mp4", flickering())
    assert motion.animal_found
    assert np.quantile(motion.activity, 0.95) < 0.03


def test_a_light_animal_before_dark_water_is_the_same(tmp_path: Path) -> None:
    dark, _ = motion_of(tmp_path / "a.mp4", draw(paddling))
    light, _ = motion_of(tmp_path / "b.mp4", (255 - picture for picture in draw(paddling)))
    assert np.median(light.activity) == pytest.approx(np.median(dark.activity), rel=0.1)


def test_activity_does_not_depend_on_the_frame_rate(tmp_path: Path) -> None:
    medians = []
    for fps in (10, 12, 24, 30, 60):
        scene = SwimScene(width=160, height=120, fps=fps)
        write_swim(tmp_path / "a.mp4", (), scene=scene, duration_s=5, seed=3)
        medians.append(float(np.median(read_motion(tmp_path / "a.mp4")[0].activity)))
    assert max(medians) < 1.35 * min(medians)


def test_one_sample_a_step_on_the_trial_clock(tmp_path: Path) -> None:
    told: list[float] = []
    motion, _ = motion_of(
        tmp_path / "a.mp4", draw(paddling), t0_s=2, duration_s=5, on_frame=lambda frame: told.append(frame.t_s)
    )
    assert motion.t_s == pytest.approx(np.arange(50) * 0.1)
    assert told == pytest.approx(np.arange(1.75, 7.26, 0.05))


def test_a_trial_cut_short_has_fewer_samples(tmp_path: Path) -> None:
    motion, _ = motion_of(tmp_path / "a.mp4", draw(paddling), duration_s=60)
    assert len(motion.t_s) == 80


def test_time_without_the_animal_is_missing(tmp_path: Path) -> None:
    def away(picture: np.ndarray, t_s: float) -> None:
        if not 3 <= t_s < 5:
            drifting(picture, t_s)

    motion, _ = motion_of(tmp_path / "a.mp4", draw(away))
    assert not motion.valid[(motion.t_s >= 3) & (motion.t_s < 4.95)].any()
    assert motion.valid[(motion.t_s < 2.85) | (motion.t_s > 5.05)].all()


def test_frames_far_apart_leave_missing_time(tmp_path: Path) -> None:
    motion, recording = motion_of(tmp_path / "a.mp4", draw(drifting, fps=3), fps=3)
    assert recording.fps_median == pytest.approx(3)
    assert not motion.valid.any() and not motion.animal_found


def test_the_animal_outside_the_arena_does_not_count(tmp_path: Path) -> None:
    def two(picture: np.ndarray, t_s: float) -> None:
        body(picture, 40 + 2 * np.sin(t_s), 60)
        body(picture, 110 + 8 * np.sin(7 * t_s), 60 + 15 * np.sin(9 * t_s), angle=90 * t_s)

    write_video(tmp_path / "a.mp4", draw(two), fps=20)
    still, _ = read_motion(tmp_path / "a.mp4", arena_px=(0, 0, 76, 120))
    assert still.animal_found
    assert np.quantile(still.activity[still.valid], 0.9) < 0.05


def test_two_arenas_are_measured_in_one_pass_as_each_alone(tmp_path: Path) -> None:
    def two(picture: np.ndarray, t_s: float) -> None:
        body(picture, 40 + 2 * np.sin(t_s), 60)
        body(picture, 110 + 8 * np.sin(7 * t_s), 60 + 15 * np.sin(9 * t_s), angle=90 * t_s)

    write_video(tmp_path / "a.mp4", draw(two, duration_s=5), fps=20)
    arenas = [(0, 0, 76, 120), (76, 0, 84, 120)]
    frames: list[float] = []
    together, _ = read_motions(tmp_path / "a.mp4", arenas, on_frame=lambda frame: frames.append(frame.t_s))
    assert len(frames) == 100
    for arena, motion in zip(arenas, together, strict=True):
        alone, _ = read_motion(tmp_path / "a.mp4", arena_px=arena)
        np.testing.assert_array_equal(motion.activity, alone.activity)
    assert np.median(together[0].activity) < 0.02 < 0.2 < np.median(together[1].activity)


def test_upright_is_high_for_a_standing_animal_and_low_for_a_level_one(tmp_path: Path) -> None:
    def rearing(picture: np.ndarray, t_s: float) -> None:
        body(picture, 60 + 5 * t_s, 60, angle=0 if t_s < 4 else 90)

    motion, _ = motion_of(tmp_path / "a.mp4", draw(rearing))
    assert motion.upright is not None
    level, standing = motion.upright[motion.t_s < 3.8], motion.upright[motion.t_s > 4.2]
    assert level == pytest.approx(18 / (44 + 18), abs=0.03)
    assert standing == pytest.approx(44 / (44 + 18), abs=0.03)


def test_uprightness_is_missing_where_the_animal_is(tmp_path: Path) -> None:
    def away(picture: np.ndarray, t_s: float) -> None:
        if not 3 <= t_s < 5:
            drifting(picture, t_s)

    motion, _ = motion_of(tmp_path / "a.mp4", draw(away))
    assert motion.upright is not None
    np.testing.assert_array_equal(np.isfinite(motion.upright), motion.valid)


def test_an_animal_that_hardly_leaves_its_place_is_found_whole(tmp_path: Path) -> None:
    def floating(picture: np.ndarray, t_s: float) -> None:
        body(picture, 80 + 4 * np.sin(0.8 * t_s), 60 + 3 * np.cos(0.8 * t_s))

    motion, _ = motion_of(tmp_path / "a.mp4", draw(floating))
    assert motion.animal_area_px == pytest.approx(np.pi * 22 * 9, rel=0.2)
    assert np.quantile(motion.activity, 0.95) < 0.02


@pytest.mark.parametrize("ripples", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("coat", ["dark", "light"])
def test_an_empty_beaker_is_never_scored(tmp_path: Path, coat: str, ripples: float) -> None:
    scene = SwimScene(fps=10, coat=coat, ripples=ripples, animal=False)
    write_swim(tmp_path / "a.mp4", (), scene=scene, duration_s=6, seed=1)
    motion, _ = read_motion(tmp_path / "a.mp4")
    assert not motion.animal_found
    assert not motion.valid.any()
    assert motion.animal_area_px is None


@pytest.mark.skipif(not WMV.exists(), reason="../shared/data/traps is not beside the repository")
def test_the_real_empty_chamber_has_no_animal() -> None:
    motion, recording = read_motion(WMV)
    assert recording.frames_decoded == 298
    assert not motion.animal_found and not motion.valid.any()


def test_floating_and_swimming_are_far_apart(tmp_path: Path) -> None:
    bouts = draw_bouts(immobile_fraction=0.5, duration_s=20, window_s=(0, 20), seed=2)
    write_swim(tmp_path / "a.mp4", bouts, scene=SwimScene(fps=12), duration_s=20, seed=2)
    motion, _ = read_motion(tmp_path / "a.mp4")
    floats = np.zeros(len(motion.t_s), dtype=bool)
    near = np.zeros(len(motion.t_s), dtype=bool)
    for bout in bouts:
        floats |= (motion.t_s >= bout.start_s) & (motion.t_s < bout.stop_s)
        near |= np.minimum(abs(motion.t_s - bout.start_s), abs(motion.t_s - bout.stop_s)) < 0.4
    assert np.quantile(motion.activity[floats & ~near], 0.99) < 0.5 * np.quantile(
        motion.activity[~floats & ~near], 0.05
    )


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", draw(paddling, duration_s=3), fps=20)
    first, second = (read_motion(tmp_path / "a.mp4")[0].activity for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    "wrong", [{"t0_s": 30.0}, {"t0_s": -1.0}, {"arena_px": (0, 0, 500, 50)}, {"arena_px": (0, 0, 4, 4)}]
)
def test_a_trial_outside_the_recording_is_refused(tmp_path: Path, wrong: dict) -> None:
    write_video(tmp_path / "a.mp4", draw(paddling, duration_s=1), fps=20)
    with pytest.raises(UsageError):
        read_motion(tmp_path / "a.mp4", **wrong)


def test_rules_have_words_and_a_hash() -> None:
    assert "0.1 s" in MotionRules().words()[0]
    assert MotionRules().rule_set().hash != MotionRules(change_level=0.4).rule_set().hash
    with pytest.raises(UsageError):
        MotionRules(step_s=0)
