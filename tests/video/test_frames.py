"""Recordings are read with their own times, or refused in words."""

from pathlib import Path

import numpy as np
import pytest

from littermate.errors import VideoError
from littermate.simulate.encode import write_video
from littermate.video.frames import FrameReader, read_recording


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    pictures = [np.full((48, 64), 40 + 2 * k, np.uint8) for k in range(50)]
    write_video(tmp_path / "clip.mp4", pictures, fps=25)
    return tmp_path / "clip.mp4"


def test_times_and_grey_values_come_back(clip: Path) -> None:
    frames = [(frame.t_s, float(frame.luma.mean())) for frame in FrameReader(clip)]
    assert [t for t, _ in frames] == pytest.approx(np.arange(50) / 25)
    assert [grey for _, grey in frames] == pytest.approx(40 + 2 * np.arange(50), abs=2)


def test_a_picture_is_a_view_and_its_size_is_known_beforehand(clip: Path) -> None:
    reader = FrameReader(clip)
    assert reader.size == (48, 64)
    frame = next(iter(reader))
    assert frame.luma.shape == (48, 64)
    assert not frame.luma.flags.owndata
    assert not frame.full_range


def test_recording_says_what_was_found(clip: Path) -> None:
    recording = read_recording(clip)
    assert (recording.width, recording.height, recording.frames_decoded, recording.frames_header) == (
        64,
        48,
        50,
        50,
    )
    assert recording.duration_s == pytest.approx(2.0)
    assert recording.fps_median == pytest.approx(25)
    assert not recording.variable_frame_rate
    assert recording.gaps == ()


@pytest.mark.parametrize("ending", ["mp4", "avi", "mkv"])
def test_file_cut_off_is_refused(tmp_path: Path, ending: str) -> None:
    rng = np.random.default_rng(1)
    pictures = [rng.integers(0, 255, (48, 64), np.uint8) for _ in range(100)]
    whole = tmp_path / f"whole.{ending}"
    write_video(whole, pictures, fps=25)
    data = whole.read_bytes()
    cut = tmp_path / f"cut.{ending}"
    cut.write_bytes(data[: len(data) * 6 // 10])
    with pytest.raises(VideoError) as caught:
        read_recording(cut)
    assert cut.name in str(caught.value)


def test_text_named_mp4_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("not a video\n" * 100)
    with pytest.raises(VideoError, match="a video"):
        read_recording(tmp_path / "notes.mp4")


def test_a_file_without_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(VideoError, match="an empty file"):
        read_recording(tmp_path / "empty.mp4")


def test_a_video_of_one_picture_is_refused(tmp_path: Path) -> None:
    write_video(tmp_path / "still.mp4", [np.full((48, 64), 90, np.uint8)], fps=25)
    with pytest.raises(VideoError, match="1 frames"):
        read_recording(tmp_path / "still.mp4")


REAL = Path(__file__).parents[2].parent / "shared" / "data" / "open-field" / "m3v1mp4.mp4"


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data/open-field is not on this machine")
@pytest.mark.parametrize("shown", [True, False])
def test_a_window_is_read_right_where_the_decoder_must_know_the_files_start(
    shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shown:
        monkeypatch.setattr("littermate.video.frames._KNOWN_BY_ITS_START", set())
    whole = [frame.luma.copy() for frame in FrameReader(REAL, stop_s=7.0)]
    reader = FrameReader(REAL, start_s=6.5, stop_s=7.0)
    window = [(frame.trusted, frame.luma.copy()) for frame in reader]
    assert all(trusted for trusted, _ in window)
    assert np.array_equal([luma for _, luma in window], whole[-len(window) :])
    assert reader.entry_s == pytest.approx(6.07 if shown else 0.0, abs=0.01)


def test_length_and_keyframes_are_known_beforehand(tmp_path: Path) -> None:
    pictures = [np.full((48, 64), 40 + k // 4, np.uint8) for k in range(260)]
    write_video(tmp_path / "long.mp4", pictures, fps=25)
    reader = FrameReader(tmp_path / "long.mp4")
    assert (reader.length_s, reader.interval_s) == pytest.approx((10.4, 0.04))
    assert reader.keyframes_s.tolist() == pytest.approx([0.0, 10.0])
