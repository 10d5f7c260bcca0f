"""The floor is found to a pixel, or not at all."""

import cv2
import numpy as np
import pytest

from littermate.video.calibrate import find_floor, whole_picture

Quad = list[tuple[float, float]]
TILTED: Quad = [(70, 30), (250, 40), (262, 214), (52, 206)]


def picture_of(*quads: tuple[Quad, int], table: int = 90, scale: int = 1) -> np.ndarray:
    """Draw areas eight times as large and shrink them: OpenCV fills half a pixel too far."""
    big = np.full((240 * 8, 320 * 8), table, np.uint8)
    for corners, grey in quads:
        cv2.fillPoly(big, [np.rint((np.array(corners) + 0.5) * 8 - 0.5).astype(np.int32)], grey)
    picture = cv2.resize(big, (320 * scale, 240 * scale), interpolation=cv2.INTER_AREA)
    rng = np.random.default_rng(1)
    noisy = cv2.GaussianBlur(picture, (0, 0), 0.8) + rng.normal(0, 0.7, picture.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def grown(corners: Quad, scale: float) -> Quad:
    middle = np.mean(corners, axis=0)
    return [tuple(middle + scale * (np.array(corner) - middle)) for corner in corners]


def error_px(found: object, truth: Quad) -> float:
    return float(np.hypot(*(np.array(found) - truth).T).max())


@pytest.mark.parametrize(("floor", "table"), [(200, 60), (40, 140), (120, 100)])
def test_corners_within_a_pixel_and_a_half(floor: int, table: int) -> None:
    assert error_px(find_floor(picture_of((TILTED, floor), table=table)), TILTED) < 1.5


def test_the_floor_is_the_inner_of_two_areas() -> None:
    picture = picture_of((grown(TILTED, 1.12), 140), (TILTED, 200))
    assert error_px(find_floor(picture), TILTED) < 1.5


def test_lines_on_the_floor_are_not_walls() -> None:
    picture = picture_of((TILTED, 200))
    for x in (110, 160, 210):
        cv2.line(picture, (x, 40), (x, 205), 150, 2)
    for y in (90, 150):
        cv2.line(picture, (62, y), (255, y), 150, 2)
    assert error_px(find_floor(picture), TILTED) < 1.5


def test_the_floor_holds_the_places_where_the_animal_was() -> None:
    painted: Quad = [(110, 70), (210, 70), (210, 170), (110, 170)]
    picture = picture_of((TILTED, 200), (painted, 160))
    visited = np.array([(75.0, 50.0), (240.0, 60.0), (150.0, 120.0), (70.0, 190.0), (240.0, 195.0)])
    assert error_px(find_floor(picture, visited_px=visited), TILTED) < 1.5


def test_no_convincing_floor_gives_none() -> None:
    rng = np.random.default_rng(2)
    assert find_floor(rng.normal(120, 2, (240, 320)).clip(0, 255).astype(np.uint8)) is None
    disc = np.full((240, 320), 80, np.uint8)
    cv2.circle(disc, (160, 120), 90, 200, -1)
    assert find_floor(disc) is None


def test_sides_bowed_by_the_lens_meet_in_the_true_corners() -> None:
    outline = []
    for (x0, y0), (x1, y1), (out_x, out_y) in (
        ((50, 30), (270, 36), (0, -1)),
        ((270, 36), (264, 210), (1, 0)),
        ((264, 210), (54, 206), (0, 1)),
        ((54, 206), (50, 30), (-1, 0)),
    ):
        for share in np.linspace(0, 1, 60, endpoint=False):
            bow = 5 * 4 * share * (1 - share)
            outline.append((x0 + share * (x1 - x0) + bow * out_x, y0 + share * (y1 - y0) + bow * out_y))
    truth = [(50, 30), (270, 36), (264, 210), (54, 206)]
    assert error_px(find_floor(picture_of((outline, 190), table=80)), truth) < 2.5


def test_large_pictures_are_no_less_exact() -> None:
    truth = [(x * 4 + 1.5, y * 4 + 1.5) for x, y in TILTED]
    assert error_px(find_floor(picture_of((TILTED, 200), scale=4)), truth) < 1.5


def test_the_whole_picture_reaches_to_the_edges_of_its_pixels() -> None:
    assert whole_picture(4, 2) == ((-0.5, -0.5), (3.5, -0.5), (3.5, 1.5), (-0.5, 1.5))
