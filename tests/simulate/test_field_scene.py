"""The simulated mouse is where the truth says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.simulate.field_scene import FieldScene, draw_field_frames, true_track, wander, write_field
from littermate.simulate.wander import START_CORNERS


def test_the_same_seed_gives_the_same_path() -> None:
    a, b, c = (wander(duration_s=20, size_cm=48, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(a.x_cm, b.x_cm)
    assert not np.array_equal(a.x_cm, c.x_cm)


@pytest.mark.parametrize(("corner", "right", "down"), [*zip(START_CORNERS, (0, 1, 1, 0), (0, 0, 1, 1), strict=True)])
def test_it_starts_in_the_chosen_corner(corner: str, right: int, down: int) -> None:
    path = wander(duration_s=5, size_cm=48, seed=3, start_corner=corner)
    assert (path.x_cm[0] > 24, path.y_cm[0] > 24) == (right, down)


def test_it_moves_as_a_mouse_does() -> None:
    path = wander(duration_s=300, size_cm=48, seed=4)
    speed = np.hypot(np.diff(path.x_cm), np.diff(path.y_cm)) / np.diff(path.t_s)
    assert 5 < path.distance_cm / 300 < 15
    assert speed.max() < 80
    assert 0.2 < np.mean(speed < 1) < 0.6


def test_a_stronger_wall_preference_keeps_it_at_the_wall() -> None:
    def near_wall(preference: float) -> float:
        path = wander(duration_s=600, size_cm=48, seed=5, wall_preference=preference)
        x, y = path.x_cm, path.y_cm
        return float(np.mean(np.minimum(np.minimum(x, 48 - x), np.minimum(y, 48 - y)) < 8))

    assert near_wall(0.95) > near_wall(0.5) + 0.1


@pytest.mark.parametrize("coat", ["dark", "light"])
def test_the_outline_without_tail_is_centred_on_the_path(coat: str) -> None:
    scene = FieldScene.small(coat=coat, tail=False, shadow=False, noise=0, lines=0)
    path = wander(duration_s=8, size_cm=48, seed=6)
    truth = true_track(path, scene)
    (empty, *_) = draw_field_frames(path, scene=FieldScene.small(coat=coat, animal=False, noise=0, lines=0), seed=0)
    for number, picture in enumerate(draw_field_frames(path, scene=scene, seed=0)):
        moments = cv2.moments((cv2.absdiff(picture, empty) > 50).astype(np.uint8), binaryImage=True)
        x, y = np.array([moments["m10"], moments["m01"]]) / moments["m00"]
        expected = truth.xy_px[round(number / scene.fps / 0.01)]
        assert np.hypot(x - expected[0], y - expected[1]) < 1.0


def test_corners_are_the_floor_s_in_order() -> None:
    (ul, ur, lr, ll) = FieldScene.full().corners_px
    assert ul[0] < ur[0]
    assert ll[0] < lr[0]
    assert ur[0] - ul[0] < lr[0] - ll[0]
    assert max(ul[1], ur[1]) < min(ll[1], lr[1])


def test_the_recording_has_the_scene_s_size_and_rate(tmp_path: Path) -> None:
    write_field(tmp_path / "a.mp4", wander(duration_s=2, size_cm=48, seed=1), scene=FieldScene.small(), seed=1)
    capture = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    got = [capture.get(p) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_COUNT)]
    assert got == [320, 240, 30]


def test_a_path_on_another_floor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="48 cm"):
        write_field(tmp_path / "a.mp4", wander(duration_s=2, size_cm=60, seed=1), scene=FieldScene.small(), seed=1)
    assert not list(tmp_path.iterdir())
