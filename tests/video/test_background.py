"""The background does not hold the animal, and says which side it is on."""

from collections.abc import Callable

import numpy as np
import pytest

from littermate.video.background import Background, light_planes, make_background, relit
from littermate.video.kept import KeptPictures, Part

Place = Callable[[int], int]
SHAPE = (96, 128)


def scene_of(
    *, floor: int, animal: int, x_of: Place, flicker: int = 0, drift: float = 0.0, frames: int = 240
) -> Background:
    rng = np.random.default_rng(1)
    with KeptPictures(Part.whole(SHAPE)) as kept:
        for k in range(frames):
            picture = np.full(SHAPE, float(floor))
            picture[40:56, x_of(k) : x_of(k) + 20] = animal
            picture *= 1 - drift * k / frames * np.linspace(0, 1, SHAPE[1])
            noisy = picture + flicker * (k % 2) + rng.normal(0, 1.5, SHAPE)
            kept.keep(np.clip(noisy, 0, 255).astype(np.uint8), full_range=False)
        return make_background(kept, np.ones(frames, bool))


def walking(k: int) -> int:
    return 4 + (k * 7) % 100


def sleeping(k: int) -> int:
    return walking(k) if k < 24 else 60


def off_by(scene: Background, floor: int) -> float:
    return float(np.abs(scene.picture.astype(float) - floor).max())


@pytest.mark.parametrize(("floor", "animal", "polarity"), [(190, 40, "dark"), (50, 210, "bright")])
@pytest.mark.parametrize("x_of", [walking, sleeping])
def test_neither_a_walking_nor_a_sleeping_animal_enters_it(floor: int, animal: int, polarity: str, x_of: Place) -> None:
    scene = scene_of(floor=floor, animal=animal, x_of=x_of)
    assert scene.polarity == polarity
    assert scene.moves
    assert off_by(scene, floor) < 6


def test_an_animal_that_never_leaves_its_place_is_not_told_from_the_floor() -> None:
    assert not scene_of(floor=190, animal=40, x_of=lambda _: 60).moves


def test_flicker_of_the_light_is_taken_out() -> None:
    scene = scene_of(floor=150, animal=30, x_of=walking, flicker=12)
    assert off_by(scene, 156) < 12
    assert scene.noise < 3


def test_light_that_fades_on_one_side_is_taken_out() -> None:
    scene = scene_of(floor=190, animal=40, x_of=walking, drift=0.5)
    assert scene.noise < 4
    assert scene.polarity == "dark"


def test_a_plane_of_light_is_measured_beside_an_animal_and_undone() -> None:
    base = np.full(SHAPE, 116, np.uint8)
    plane = np.array([1.2, -0.1, 0.05])
    seen = relit(base, plane)
    seen[30:60, 40:70] = 20
    assert light_planes(seen[None], base)[0] == pytest.approx(plane, abs=0.02)
    assert relit(base, np.array([1.0, 0.0, 0.0])) is base


def test_untrusted_pictures_are_left_out() -> None:
    with KeptPictures(Part.whole(SHAPE)) as kept:
        for k in range(8):
            kept.keep(np.full(SHAPE, 10 if k == 3 else 100, np.uint8), full_range=False)
        trusted = np.arange(8) != 3
        assert 3 not in make_background(kept, trusted).numbers
        assert len(make_background(kept, np.zeros(8, bool)).samples) == 0
