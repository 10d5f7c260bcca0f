"""The background does not hold the animal, and says which side it is on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from littermate.simulate.encode import write_video
from littermate.video.background import Background, sample_background

Place = Callable[[int], int]


def recording_of(path: Path, *, floor: int, animal: int, x_of: Place, flicker: int = 0, frames: int = 120) -> Path:
    rng = np.random.default_rng(1)
    pictures = []
    for k in range(frames):
        picture = np.full((96, 128), floor, np.uint8)
        picture[40:56, x_of(k) : x_of(k) + 20] = animal
        shift = flicker * (k % 2) + rng.normal(0, 1.5, picture.shape)
        pictures.append(np.clip(picture + shift, 0, 255).astype(np.uint8))
    write_video(path, pictures, fps=20, crf=18)
    return path


def walking(k: int) -> int:
    return 4 + (k * 7) % 100


def sleeping(k: int) -> int:
    return walking(k) if k < 18 else 60


def off_by(scene: Background, floor: int) -> float:
    return float(np.abs(scene.picture.astype(float) - floor).max())


@pytest.mark.parametrize(("floor", "animal", "polarity"), [(190, 40, "dark"), (50, 210, "bright")])
@pytest.mark.parametrize("x_of", [walking, sleeping])
def test_neither_a_walking_nor_a_sleeping_animal_enters_it(
    tmp_path: Path, floor: int, animal: int, polarity: str, x_of: Place
) -> None:
    scene = sample_background(recording_of(tmp_path / "a.mp4", floor=floor, animal=animal, x_of=x_of))
    assert scene.polarity == polarity
    assert off_by(scene, floor) < 12


def test_flicker_of_the_light_is_taken_out(tmp_path: Path) -> None:
    scene = sample_background(recording_of(tmp_path / "a.mp4", floor=150, animal=30, x_of=walking, flicker=12))
    assert off_by(scene, 150) < 18
    assert scene.noise < 4


def test_only_the_trial_is_sampled(tmp_path: Path) -> None:
    file = recording_of(tmp_path / "a.mp4", floor=190, animal=40, x_of=walking)
    assert len(sample_background(file, t0_s=1, duration_s=2).samples) == 40


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    file = recording_of(tmp_path / "a.mp4", floor=190, animal=40, x_of=walking, frames=500)
    assert len(sample_background(file).samples) <= 96
