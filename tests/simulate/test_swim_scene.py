"""The swim scene's truth is exact, and its clips are what was asked for."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.simulate.swim_kinematics import Manner, Posture, move
from littermate.simulate.swim_scene import (
    Swimmer,
    SwimScene,
    beaker_boxes,
    draw_bouts,
    draw_climbing,
    write_beakers,
    write_swim,
)

WINDOW = (20.0, 60.0)
FLOATS = DetectedBout(behaviour="immobile", start_s=5, stop_s=15)
CLIMBS = DetectedBout(behaviour="climbing", start_s=17, stop_s=20)


def posture(*, fps: float = 60, bouts: tuple[DetectedBout, ...] = (FLOATS,), seed: int = 1, **manner: float) -> Posture:
    times = np.arange(round(22 * fps)) / fps
    return move(bouts, times, duration_s=22, manner=Manner(**manner), rng=np.random.default_rng(seed))


def during(values: np.ndarray, start_s: float, stop_s: float) -> np.ndarray:
    return values[round(60 * start_s) : round(60 * stop_s)]


def drawn(path: Path, *, bouts: tuple[DetectedBout, ...] = (), seed: int = 1, **look: object) -> np.ndarray:
    scene = SwimScene(**{"width": 160, "height": 120, "fps": 10, "noise": 0, "crf": 18} | look)
    write_swim(path, bouts, scene=scene, duration_s=4, seed=seed)
    return pictures(path).astype(float)


def inside(bouts, window=WINDOW):
    return sum(max(0.0, min(b.stop_s, window[1]) - max(b.start_s, window[0])) for b in bouts)


def pictures(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


@pytest.mark.parametrize("fraction", [0.0, 0.01, 0.04, 0.3, 0.5, 0.9, 0.99, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_bouts_fill_the_window_exactly_and_survive_the_bout_rules(fraction: float, seed: int) -> None:
    bouts = draw_bouts(immobile_fraction=fraction, duration_s=60, window_s=WINDOW, seed=seed)
    assert inside(bouts) == pytest.approx(fraction * 40, abs=1e-9)
    assert all(bout.duration_s >= 1.5 - 1e-9 for bout in bouts)
    assert all(b.start_s - a.stop_s >= 1.0 - 1e-9 for a, b in pairwise(bouts))
    assert all(bout.start_s >= 0 and bout.stop_s <= 60 for bout in bouts)


def test_full_length_bouts_before_the_window_too() -> None:
    bouts = draw_bouts(immobile_fraction=0.6, duration_s=360, window_s=(120, 360), seed=4)
    assert inside(bouts, (120, 360)) == pytest.approx(144)
    assert 0 < inside(bouts, (0, 120)) < 60


def test_a_window_outside_the_clip_and_too_little_immobility_are_refused() -> None:
    with pytest.raises(UsageError):
        draw_bouts(immobile_fraction=0.5, duration_s=30, window_s=WINDOW, seed=1)
    with pytest.raises(UsageError, match=r"1\.5 s"):
        draw_bouts(immobile_fraction=0.01, duration_s=10, window_s=(0, 10), seed=1)


def test_clip_has_its_size_and_length_and_is_reproducible(tmp_path: Path) -> None:
    scene = SwimScene(width=160, height=120, fps=10)
    bouts = draw_bouts(immobile_fraction=0.5, duration_s=4, window_s=(0, 4), seed=1)
    for name in ("a.mp4", "b.mp4"):
        write_swim(tmp_path / name, bouts, scene=scene, duration_s=4, seed=7)
    first, second = pictures(tmp_path / "a.mp4"), pictures(tmp_path / "b.mp4")
    assert first.shape == (40, 120, 160)
    assert np.mean(np.abs(first.astype(float) - second)) < 1.0
    write_swim(tmp_path / "c.mp4", bouts, scene=scene, duration_s=4, seed=8)
    assert np.mean(np.abs(first.astype(float) - pictures(tmp_path / "c.mp4"))) > 3.0


@pytest.mark.parametrize(("coat", "sign"), [("dark", -1), ("light", 1)])
def test_the_coat_stands_out_from_an_empty_beaker(tmp_path: Path, coat: str, sign: int) -> None:
    for name, animal in (("mouse.mp4", True), ("empty.mp4", False)):
        scene = SwimScene(width=160, height=120, fps=10, coat=coat, animal=animal)
        write_swim(tmp_path / name, (), scene=scene, duration_s=1, seed=1)
    difference = pictures(tmp_path / "mouse.mp4")[5].astype(float) - pictures(tmp_path / "empty.mp4")[5]
    assert 200 < np.sum(sign * difference > 60) < 2000


def test_presets() -> None:
    small, full = SwimScene.small(), SwimScene.full("light")
    assert (small.width, small.height, small.fps) == (320, 240, 15)
    assert (full.width, full.height, full.fps, full.coat) == (640, 480, 30, "light")


@pytest.mark.parametrize("fps", [5, 12.5, 25, 50])
def test_the_movement_is_the_same_at_any_frame_rate(fps: float) -> None:
    knobs = {"twitches": 2.0, "turning": 1.0, "slow_share": 0.4, "dives_per_min": 10.0}
    often, seldom = (posture(fps=rate, bouts=(FLOATS, CLIMBS), **knobs) for rate in (100, fps))
    for name in ("x", "y", "pitch", "facing", "fore", "hind", "tail", "sway", "waves"):
        assert getattr(often, name)[:: round(100 / fps)] == pytest.approx(getattr(seldom, name), abs=1e-9)


def test_frame_rate_and_size_change_the_sampling_of_a_scene_only(tmp_path: Path) -> None:
    usual = drawn(tmp_path / "a.mp4", light_drift=0.3)
    often = drawn(tmp_path / "b.mp4", light_drift=0.3, fps=20)
    large = drawn(tmp_path / "c.mp4", light_drift=0.3, width=320, height=240)
    assert np.mean(np.abs(often[::2] - usual)) < 1.0
    assert np.mean(np.abs(large.reshape(40, 120, 2, 160, 2).mean(axis=(2, 4)) - usual)) < 2.5
    assert np.mean(np.abs(drawn(tmp_path / "d.mp4", seed=2) - usual)) > 5.0


def test_a_floating_animal_makes_no_effort_whatever_twitches_and_turns() -> None:
    calm, restless = posture(), posture(twitches=4, turning=1)
    for one in (calm, restless):
        assert during(one.effort, 5, 15).max() == 0
        assert during(one.y, 6, 15).max() < 2
    for name, swims in (("fore", 0.4), ("far_hind", 0.4)):
        assert np.abs(during(getattr(calm, name), 6, 15)).max() < 0.12
        assert np.ptp(during(getattr(restless, name), 0, 4.5)) > 2 * swims
    assert 0.2 < max(np.abs(during(getattr(restless, name), 6, 15)).max() for name in ("fore", "hind")) < 0.6
    assert np.abs(during(restless.sway, 5, 15)).max() > 0.3
    assert np.ptp(during(calm.facing, 6, 15)) < 0.01 < 0.1 < np.ptp(during(restless.facing, 6, 15))


def test_slow_swimming_is_half_the_effort() -> None:
    brisk, slow = posture(), posture(slow_share=1)
    assert during(slow.effort, 0, 4) == pytest.approx(0.5 * during(brisk.effort, 0, 4))
    assert during(slow.effort, 5, 15).max() == 0


def test_climbing_is_upright_at_the_wall_and_nothing_else_is() -> None:
    one = posture(bouts=(FLOATS, CLIMBS), rearing=0)
    assert during(one.pitch, 17.4, 19.8).min() > 1.0
    assert np.abs(during(one.x, 17.4, 19.8)).min() > 2.5
    assert during(one.pitch, 0, 16.5).max() < 1.0
    assert during(one.climb, 17.2, 19.8).min() == 1 and during(one.climb, 0, 16.8).max() == 0


def test_dives_go_deep_and_only_while_swimming() -> None:
    assert posture().y.max() < 2
    dives = posture(dives_per_min=20)
    assert dives.y.max() > 3
    assert during(dives.y, 5, 15).max() < 2


@pytest.mark.parametrize("seed", range(5))
def test_climbing_bouts_lie_between_immobile_ones(seed: int) -> None:
    floats = draw_bouts(immobile_fraction=0.4, duration_s=60, window_s=WINDOW, seed=seed)
    climbs = draw_climbing(floats, share=1, duration_s=60, seed=seed)
    assert climbs and all(1.2 <= climb.duration_s <= 5 for climb in climbs)
    both = sorted((*floats, *climbs), key=lambda bout: bout.start_s)
    assert all(b.start_s - a.stop_s >= 0.7 - 1e-9 for a, b in pairwise(both))
    assert draw_climbing(floats, share=0, duration_s=60, seed=seed) == ()


@pytest.mark.parametrize("coat", ["dark", "light"])
def test_half_the_contrast_is_half_the_difference_to_the_water(tmp_path: Path, coat: str) -> None:
    empty = drawn(tmp_path / "empty.mp4", coat=coat, animal=False)
    whole, half = (
        np.quantile(np.abs(drawn(tmp_path / "a.mp4", coat=coat, contrast=contrast) - empty), 0.97)
        for contrast in (1.0, 0.5)
    )
    assert half == pytest.approx(0.5 * whole, rel=0.15)


def test_light_is_steady_drifts_or_flickers(tmp_path: Path) -> None:
    steady, drifts, flickers = (
        drawn(tmp_path / "a.mp4", animal=False, **light) for light in ({}, {"light_drift": 0.5}, {"flicker": 0.1})
    )
    assert np.ptp(steady[:, :30].mean(axis=(1, 2))) < 1
    assert np.ptp(drifts[:, :30].mean(axis=(1, 2))) > 10
    bands = flickers[:, :, 5] / steady[:, :, 5]
    assert bands.min() == pytest.approx(0.9, abs=0.03) and bands.max() == pytest.approx(1.1, abs=0.03)


def test_beakers_in_a_row_each_hold_their_own_animal(tmp_path: Path) -> None:
    scene = SwimScene(width=320, height=160, fps=10, noise=0)
    row = [Swimmer(bouts=(), seed=1), Swimmer(bouts=(), seed=2, animal=False)]
    write_beakers(tmp_path / "row.mp4", row, scene=scene, duration_s=2, seed=5)
    write_swim(tmp_path / "one.mp4", (), scene=SwimScene(width=160, height=160, fps=10, noise=0), duration_s=2, seed=1)
    seen, alone = pictures(tmp_path / "row.mp4").astype(float), pictures(tmp_path / "one.mp4").astype(float)
    assert beaker_boxes(scene, 2) == ((0, 0, 160, 160), (160, 0, 160, 160))
    assert np.mean(np.abs(seen[:, :, 4:156] - alone[:, :, 4:156])) < 1.5
    assert (seen[:, :, :160] < 80).any() and not (seen[:, :, 164:] < 80).any()


def test_boxes_keep_the_shape_of_a_beaker_and_fit_the_picture() -> None:
    for x, y, width, height in beaker_boxes(SwimScene(width=1920, height=1080), 4):
        assert (width, height) == (480, 600)
        assert 0 <= x <= 1440 and y == 240


def test_unknown_behaviours_and_rows_of_nothing_are_refused(tmp_path: Path) -> None:
    sleeps = DetectedBout(behaviour="sleeping", start_s=1, stop_s=2)
    with pytest.raises(UsageError, match="sleeping"):
        write_swim(tmp_path / "a.mp4", (sleeps,), scene=SwimScene.small(), duration_s=3, seed=1)
    with pytest.raises(UsageError):
        write_beakers(tmp_path / "a.mp4", (), scene=SwimScene.small(), duration_s=3, seed=1)
    with pytest.raises(UsageError):
        draw_climbing((), share=2, duration_s=60, seed=1)
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"coat": "striped"}, {"width": 321}, {"width": 100}, {"fps": 0}),
        *({"contrast": 1.5}, {"flicker": -0.1}, {"vigour": 0}, {"twitches": -1}, {"slow_share": 2}),
    ],
)
def test_impossible_scenes_are_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        SwimScene(**wrong)
