"""A scene is read from a few frames: a picture without the animal, proposals, and what to compare recordings by."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from littermate.errors import DataError, UsageError
from littermate.simulate.encode import write_video
from littermate.simulate.field_scene import FieldScene, draw_field_frames, wander, write_field
from littermate.simulate.plus_maze_scene import PlusMazeScene, explore, write_plus_maze
from littermate.simulate.swim_scene import Swimmer, SwimScene, beaker_boxes, write_beakers
from littermate.single.scene import Scene, Signature, read_scene, scene_png, scene_shift

FIELD = FieldScene.small()
SWIM = SwimScene(width=320, height=180, fps=15)
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "open-field" / "m3v1mp4.mp4"


def empty(scene: FieldScene) -> np.ndarray:
    """Return the arena without an animal, without noise."""
    still = FieldScene.small(**{name: getattr(scene, name) for name in ("turn_deg", "coat", "fills")}, animal=False)
    path = wander(duration_s=1, size_cm=scene.size_cm, seed=1)
    return np.mean([*draw_field_frames(path, scene=still, seed=1)], axis=0).astype(np.uint8)


def shifted(picture: np.ndarray, right: float, down: float, *, gain: float = 0.7) -> np.ndarray:
    """Return the picture moved, darker to the right, and noisy."""
    height, width = picture.shape
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(float)
    noise = np.random.default_rng(1).normal(0, 3, picture.shape)
    return np.clip(moved * np.linspace(1, gain, width) + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("field") / "a.mp4"
    write_field(path, wander(duration_s=12, size_cm=48, seed=3), scene=FIELD, seed=3)
    return path


@pytest.fixture(scope="module")
def scene(field: Path) -> Scene:
    return read_scene(field, kind="open field")


def test_the_floor_is_proposed_and_t0(scene: Scene) -> None:
    assert np.abs(np.subtract(scene.corners_px, FIELD.corners_px)).max() < 2
    assert (scene.proposed_t0_s, scene.boxes_px, scene.camera_moves) == (0.0, (), ())
    assert scene.reason == "a floor was found"


def test_the_picture_is_the_arena_without_its_animal_from_black_to_white(scene: Scene) -> None:
    truth = np.clip((empty(FIELD).astype(float) - 16) * 255 / 219, 0, 255)
    assert scene.picture.shape == (240, 320)
    assert np.quantile(np.abs(scene.picture - truth), 0.99) < 12


def test_every_frame_read_is_told(field: Path) -> None:
    told = []
    read_scene(field, kind="open field", duration_s=4.0, on_frame=lambda frame: told.append(frame.t_s))
    assert (len(told), told[-1]) == (60, pytest.approx(59 / 15))


def test_a_png_holds_the_pixels_and_nothing_else(scene: Scene) -> None:
    png = scene_png(scene)
    assert np.array_equal(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), scene.picture)
    assert list(chunks(png)) == ["IHDR", "IDAT", "IEND"]


def chunks(png: bytes) -> Iterator[str]:
    """Give the names of a PNG's chunks, of several alike on end one."""
    at, last = 8, ""
    while at < len(png):
        name = png[at + 4 : at + 8].decode()
        if name != last:
            yield name
        at, last = at + 12 + int.from_bytes(png[at : at + 4]), name


def test_one_box_an_animal_in_the_forced_swim(tmp_path: Path) -> None:
    swimmers = [Swimmer(bouts=(), seed=1), Swimmer(bouts=(), seed=2)]
    write_beakers(tmp_path / "a.mp4", swimmers, scene=SWIM, duration_s=10, seed=1)
    scene = read_scene(tmp_path / "a.mp4", kind="forced swim")
    assert scene.corners_px is None
    assert scene.reason == "2 animals found, each in its own box"
    for (x, _, width, _), (left, _, wide, _) in zip(scene.boxes_px, beaker_boxes(SWIM, 2), strict=True):
        assert left <= x + width / 2 <= left + wide


def test_a_plus_maze_has_to_be_drawn(tmp_path: Path) -> None:
    maze = PlusMazeScene(width=160, height=160)
    write_plus_maze(tmp_path / "a.mp4", explore(duration_s=6, seed=4, scene=maze), scene=maze, seed=4)
    scene = read_scene(tmp_path / "a.mp4", kind="elevated plus maze")
    assert (scene.corners_px, scene.boxes_px) == (None, ())
    assert "draw it" in scene.reason


def test_where_nothing_is_found_it_is_said(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(120, 3, (30, 96, 128))
    write_video(tmp_path / "a.mp4", noise.astype(np.uint8), fps=10)
    for kind in ("open field", "forced swim"):
        scene = read_scene(tmp_path / "a.mp4", kind=kind)
        assert (scene.corners_px, scene.boxes_px, scene.proposed_t0_s) == (None, (), None)
        assert "draw it" in scene.reason and scene.t0_reason


def test_a_moved_camera_is_told_and_its_other_place_is_not_in_the_picture(tmp_path: Path) -> None:
    path = wander(duration_s=24, size_cm=48, seed=5)
    frames = enumerate(draw_field_frames(path, scene=FIELD, seed=5))
    moved = (np.roll(picture, 12, axis=1) if k >= 270 else picture for k, picture in frames)
    write_video(tmp_path / "a.mp4", moved, fps=15)
    scene = read_scene(tmp_path / "a.mp4", kind="open field")
    ((start_s, stop_s),) = [(move.start_s, move.stop_s) for move in scene.camera_moves]
    assert (start_s, stop_s) == pytest.approx((18, 24), abs=0.5)
    assert scene.camera_moves[0].shift_px == pytest.approx((12, 0), abs=1)
    assert np.abs(np.subtract(scene.corners_px, FIELD.corners_px)).max() < 2


def test_what_cannot_be_asked_is_refused(field: Path) -> None:
    with pytest.raises(UsageError, match="tail suspension"):
        read_scene(field, kind="tea party")
    with pytest.raises(UsageError, match=r"12\.00 s"):
        read_scene(field, kind="open field", t0_s=13.0)


def test_a_signature_is_small_and_comes_back_from_its_bytes() -> None:
    one = Signature.of(np.arange(1080 * 1920, dtype=np.uint32).astype(np.uint8).reshape(1080, 1920))
    assert (one.thumb.shape, one.shrunk_by) == ((90, 160), 12)
    back = Signature.from_bytes(one.to_bytes())
    assert back.size == (1080, 1920) and np.array_equal(back.thumb, one.thumb)
    for bad in (b"", b"\x89PNG" + one.to_bytes()[4:], one.to_bytes()[:-1]):
        with pytest.raises(DataError, match="signature"):
            Signature.from_bytes(bad)


def test_another_animal_in_the_same_place_is_similar(scene: Scene, tmp_path: Path) -> None:
    write_field(tmp_path / "b.mp4", wander(duration_s=8, size_cm=48, seed=9), scene=FIELD, seed=9)
    shift = scene_shift(scene.signature, read_scene(tmp_path / "b.mp4", kind="open field").signature)
    assert shift is not None and shift.similar
    assert np.hypot(shift.right_px, shift.down_px) < 0.5


@pytest.mark.parametrize(("right", "down"), [(0, 0), (1, 0), (6, -4), (-20, 13)])
def test_a_known_shift_is_found_under_other_light(right: int, down: int) -> None:
    picture = empty(FIELD)
    shift = scene_shift(Signature.of(picture), Signature.of(shifted(picture, right, down)))
    assert shift is not None
    assert (shift.right_px, shift.down_px) == pytest.approx((right, down), abs=0.7)
    assert shift.verdict == ("similar" if abs(right) < 2 else "moved")


def test_an_animal_left_in_the_picture_does_not_matter() -> None:
    picture = empty(FIELD)
    with_animal = cv2.ellipse(picture.copy(), ((130, 100), (26, 13), 20), 40, -1)
    there = Signature.of(shifted(picture, 5, 3))
    shift = scene_shift(Signature.of(with_animal), there)
    assert shift is not None
    assert (shift.right_px, shift.down_px) == pytest.approx((5, 3), abs=0.5)


@pytest.mark.parametrize("change", [{"turn_deg": 4.0}, {"fills": 0.6}, {"coat": "light", "floor": "dark"}])
def test_another_setup_is_another_scene(change: dict[str, object]) -> None:
    other = FieldScene.small(**change)
    assert scene_shift(Signature.of(empty(FIELD)), Signature.of(empty(other))) is None


def test_without_edges_or_of_another_size_nothing_is_told() -> None:
    grey = Signature.of(np.full((240, 320), 90, np.uint8))
    assert scene_shift(grey, grey) is None
    picture = empty(FIELD)
    assert scene_shift(Signature.of(picture), Signature.of(picture[:-2])) is None


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data/open-field is not on this machine")
def test_a_real_recording() -> None:
    scene = read_scene(REAL, kind="open field", duration_s=20.0)
    ul, _, lr, _ = scene.corners_px or pytest.fail("no floor")
    assert (*ul, *lr) == pytest.approx((20.5, 60.5, 602, 456), abs=3)
    for right, down in ((0, 0), (8, 5), (-6, 9)):
        shift = scene_shift(scene.signature, Signature.of(shifted(scene.picture, right, down)))
        assert shift is not None and shift.similar == (right == 0)
        assert (shift.right_px, shift.down_px) == pytest.approx((right, down), abs=1)
