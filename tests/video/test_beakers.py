"""Beakers are found by their animals: one an animal, left to right, around all places where it was seen."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from littermate.simulate.encode import write_video
from littermate.video.beakers import beakers_in, find_beakers

WIDE = 80


def side_by_side(animals: Sequence[int], *, frames: int = 24, walls: bool = True, seed: int = 2) -> list[np.ndarray]:
    """Draw one beaker each 80 px, from x = 80 k + 8 to 80 k + 72; grey of each animal, 0 for a beaker without one."""
    rng = np.random.default_rng(seed)
    paths = rng.uniform(-1, 1, (len(animals), frames, 2))
    pictures = []
    for k in range(frames):
        picture = np.full((120, WIDE * len(animals)), 170.0)
        for n, grey in enumerate(animals):
            if walls:
                cv2.rectangle(picture, (WIDE * n + 8, 10), (WIDE * n + 72, 110), 120.0, 2)
            if grey:
                x, y = WIDE * n + 40 + 14 * paths[n, k, 0], 50 + 8 * paths[n, k, 1]
                cv2.ellipse(picture, ((x, y), (26, 12), 0), float(grey), -1, cv2.LINE_AA)
        pictures.append(np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8))
    return pictures


@pytest.mark.parametrize("number", [1, 2, 4])
def test_one_beaker_an_animal_from_wall_to_wall(number: int) -> None:
    boxes = beakers_in(side_by_side([40] * number))
    assert len(boxes) == number
    for n, (x, _, width, _) in enumerate(boxes):
        assert (x, x + width) == pytest.approx((WIDE * n + 8, WIDE * n + 72), abs=4)


def test_light_animals_before_dark() -> None:
    assert len(beakers_in([255 - picture for picture in side_by_side([40, 40])])) == 2


def test_a_beaker_without_an_animal_is_none() -> None:
    boxes = beakers_in(side_by_side([40, 0, 40]))
    assert [x // WIDE for x, _, _, _ in boxes] == [0, 2]


def test_one_animal_on_two_sides_is_in_one_beaker() -> None:
    pictures = []
    for k in range(20):
        picture = np.full((120, 200), 170, np.uint8)
        cv2.ellipse(picture, ((50 if k % 2 else 150, 60 + k % 5), (30, 14), 0), 40, -1, cv2.LINE_AA)
        pictures.append(picture)
    ((x, _, width, _),) = beakers_in(pictures)
    assert x <= 35 and x + width >= 165


def test_boxes_without_walls_hold_the_animals_and_stay_apart() -> None:
    first, second = beakers_in(side_by_side([40, 40], walls=False))
    assert first[0] <= 40 - 14 - 13 and first[0] + first[2] >= 40 + 14 + 13
    assert first[0] + first[2] <= second[0]


def test_no_animal_no_beaker() -> None:
    assert beakers_in(side_by_side([0, 0])) == ()
    assert beakers_in([]) == ()


def test_boxes_are_in_pixels_of_the_recording(tmp_path: Path) -> None:
    large = [cv2.resize(picture, None, fx=4, fy=4) for picture in side_by_side([40, 40])]
    write_video(tmp_path / "a.mp4", large, fps=4)
    boxes = find_beakers(tmp_path / "a.mp4")
    assert [(x, x + width) for x, _, width, _ in boxes] == [
        pytest.approx(pair, abs=16) for pair in ((32, 288), (352, 608))
    ]
