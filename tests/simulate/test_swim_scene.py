"""The swim scene's truth is exact, and its clips are what was asked for."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim

WINDOW = (20.0, 60.0)


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


@pytest.mark.parametrize("wrong", [{"coat": "striped"}, {"width": 321}, {"width": 100}, {"fps": 0}])
def test_impossible_scenes_are_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        SwimScene(**wrong)
