"""The silhouette is the animal: whole, with what is near it, without what is not."""

import numpy as np
import pytest

from littermate.video.ranks import ordered
from littermate.video.silhouette import LightMeter, SilhouetteRules, body_mask, find_scenery, hull


def scene(animal: int, water: int = 150, frames: int = 24) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    pictures = []
    for k in range(frames):
        picture = rng.normal(water, 2, (60, 80))
        picture[20:32, 5 + 2 * k : 27 + 2 * k] += animal - water
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    return pictures


@pytest.mark.parametrize(("animal", "sign"), [(40, 1), (235, -1)])
def test_scenery_of_a_dark_and_of_a_light_animal(animal: int, sign: int) -> None:
    found = find_scenery(scene(animal), SilhouetteRules())
    assert found is not None
    assert found.sign == sign
    assert found.contrast == pytest.approx(abs(150 - animal), abs=4)
    assert found.area_px == pytest.approx(12 * 22, rel=0.1)
    assert found.background == pytest.approx(np.full((60, 80), 150), abs=5)


def test_the_background_of_hidden_places_is_their_median_when_free() -> None:
    found = find_scenery(scene(40), SilhouetteRules())
    assert found is not None
    assert float(np.median(found.background[20:32, 5:75])) == pytest.approx(150, abs=1)


def test_values_are_ordered_pixel_by_pixel() -> None:
    for count in (1, 2, 3, 7, 48):
        stack = np.random.default_rng(count).integers(0, 255, (count, 3, 4), dtype=np.uint8)
        np.testing.assert_array_equal(ordered(stack), np.sort(stack, axis=0))


def test_light_is_measured_despite_an_animal() -> None:
    background = np.full((60, 80), 150, np.float32)
    picture = np.full((60, 80), 143, np.uint8)
    picture[20:32, 20:42] = 30
    assert LightMeter(background).shift(picture) == pytest.approx(7, abs=0.3)


def test_holes_are_filled_and_limbs_cut_off_by_the_waterline_belong() -> None:
    contrast = np.zeros((60, 80), np.float32)
    contrast[20:40, 10:50] = 1
    contrast[28:31, 25:30] = 0
    contrast[41:45, 20:24] = 1
    contrast[50:54, 70:74] = 1
    found = body_mask(contrast, 0.5)
    assert found is not None
    mask, box = found
    assert box == (10, 20, 40, 25)
    assert int(mask.sum()) == 20 * 40 + 4 * 4


def test_of_two_pieces_the_one_where_the_animal_was_is_it() -> None:
    contrast = np.zeros((60, 80), np.float32)
    contrast[5:20, 5:20] = 1
    contrast[35:48, 50:63] = 1
    near = np.zeros((60, 80), np.uint8)
    near[36:50, 50:64] = 1
    assert body_mask(contrast, 0.5)[1] == (5, 5, 15, 15)
    assert body_mask(contrast, 0.5, near)[1] == (50, 35, 13, 13)


def test_nothing_there() -> None:
    assert body_mask(np.zeros((20, 20), np.float32), 0.5) is None


def test_hull() -> None:
    assert hull([(3, 4, 2, 2)]) == (3, 4, 2, 2)
    assert hull([(3, 4, 2, 2), (0, 5, 1, 9)]) == (0, 4, 5, 10)
