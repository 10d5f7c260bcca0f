"""Pictures on the grid are those of their times, whatever the frames' times, the seek and the arena."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from littermate.errors import UsageError, VideoError
from littermate.simulate.encode import write_video
from littermate.video.sampling import Box, Grid, SampledVideo, sample_video, shrunk


def brightening(count: int, side: int = 64, per_frame: float = 20) -> list[np.ndarray]:
    return [np.full((side, side), round(60 + per_frame * k), np.uint8) for k in range(count)]


def greys_of(path: Path, grid: Grid, arena: Box | None = None) -> list[float]:
    (sampled,), _ = sample_video(path, grid, [arena])
    with sampled:
        return [float(sampled.picture(k).mean()) for k in range(len(sampled))]


def write(path: Path, pictures: Iterable[np.ndarray], fps: float) -> Path:
    write_video(path, pictures, fps=fps, crf=5)
    return path


def test_pictures_between_frames_are_blended_by_their_times(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", brightening(8), fps=4)
    greys = greys_of(path, Grid(step_s=0.1, max_interval_s=0.3))
    assert greys[:10] == pytest.approx([60 + 20 * 4 * 0.1 * k for k in range(10)], abs=2)


def test_the_last_picture_is_held_for_one_frame_interval(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", brightening(4), fps=5)
    (sampled,), _ = sample_video(path, Grid(step_s=0.1))
    with sampled:
        assert len(sampled) == 9
        assert all(sampled.usable)
        assert float(sampled.picture(8).mean()) == pytest.approx(120, abs=2)


def test_a_trial_in_the_middle_is_the_same_through_a_seek(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", brightening(150, per_frame=1), fps=15)
    whole = greys_of(path, Grid(step_s=0.1))
    frames: list[float] = []
    (part,), _ = sample_video(
        path, Grid(step_s=0.1, t0_s=4, duration_s=3), on_frame=lambda frame: frames.append(frame.t_s)
    )
    with part:
        assert [float(part.picture(k).mean()) for k in range(len(part))] == whole[40:71]
    assert (min(frames), max(frames)) == pytest.approx((57 / 15, 108 / 15))


def test_frames_too_far_apart_are_not_usable(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", brightening(4), fps=2)
    (sampled,), _ = sample_video(path, Grid(step_s=0.1, max_interval_s=0.25))
    with sampled:
        assert [k for k, usable in enumerate(sampled.usable) if usable] == [0, 5, 10, 15]


def test_two_arenas_come_from_one_pass(tmp_path: Path) -> None:
    halves = [np.concatenate([np.full((64, 32), 50), np.full((64, 32), 150)], axis=1).astype(np.uint8)] * 6
    path = write(tmp_path / "a.mp4", halves, fps=10)
    videos, _ = sample_video(path, Grid(step_s=0.1), [(0, 0, 28, 64), (36, 0, 28, 64)])
    greys = [float(video.picture(0).mean()) for video in videos]
    for video in videos:
        video.__exit__()
    assert greys == pytest.approx([50, 150], abs=2)


@pytest.mark.parametrize(("scale", "size"), [(2, (3, 4)), (3, (2, 2)), (4, (1, 2)), (1, (6, 8))])
def test_a_shrunk_pixel_is_the_mean_of_its_square(scale: int, size: tuple[int, int]) -> None:
    luma = np.random.default_rng(3).integers(0, 255, (6, 8), dtype=np.uint8)
    means = luma[: size[0] * scale, : size[1] * scale].reshape(size[0], scale, size[1], scale).mean(axis=(1, 3))
    assert np.abs(shrunk(luma, scale, size) - means).max() <= 1


def test_no_room_for_the_pictures_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def seek(self, _: int) -> None: ...

        def write(self, _: memoryview) -> int:
            raise OSError(28, "No space left on device")

    video = SampledVideo(size=(2, 2), scale=1, arena_px=(0, 0, 2, 2), _store=Full())
    with pytest.raises(VideoError, match="No space left"):
        video.keep(np.zeros((2, 2), np.uint8), usable=True)


def test_a_time_after_the_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", brightening(4), fps=5)
    with pytest.raises(UsageError, match="t0 within the recording"):
        sample_video(path, Grid(step_s=0.1, t0_s=9))
