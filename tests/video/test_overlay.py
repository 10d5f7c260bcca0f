"""Overlays show what was measured, at the recording's own times, beside a recording that stays as it is."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from littermate.errors import UsageError, VideoError
from littermate.files import sha256_of
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.track import FOUND, INTERPOLATED, MISSING, Track
from littermate.video.overlay import (
    MotionPanel,
    Outline,
    grid_outlines,
    write_motion_overlay,
    write_track_overlay,
    zone_outlines,
)

TIMES = np.array([0, 0.04, 0.1, 0.13, 0.3, 0.34, 0.4, 0.5, 0.9, 1.0])
BLUE, ORANGE, RED = "blue", "orange", "red"
SHADES = {BLUE: np.array([0.37, 0.77, 1]), ORANGE: np.array([1, 0.69, 0]), RED: np.array([1, 0.44, 0])}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten grey frames, 97 x 121 px as shown (odd sizes), at uneven times."""
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 121, 97, "gray"
        stream.codec_context.time_base = Fraction(1, 1000)
        for t_s in TIMES:
            frame = av.VideoFrame.from_ndarray(np.full((97, 121), 128, np.uint8), format="gray")
            frame.pts, frame.time_base = round(t_s * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def frames_of(path: Path) -> tuple[np.ndarray, list[np.ndarray]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return np.array([frame.time for frame in frames]), [frame.to_ndarray(format="rgb24") for frame in frames]


def colour_of(picture: np.ndarray) -> str | None:
    """Name the colour of what is not grey: the nearest of the three in its mean shade."""
    pixels = picture.reshape(-1, 3).astype(float)
    vivid = pixels[np.ptp(pixels, axis=1) > 70]
    if len(vivid) < 4:
        return None
    shade = vivid.mean(axis=0) / vivid.mean(axis=0).max()
    return min(SHADES, key=lambda name: float(np.abs(shade - SHADES[name]).sum()))


def track(state: int, times: np.ndarray = TIMES) -> Track:
    xy = np.full((len(times), 2), (60.0, 40.0)) if state != MISSING else np.full((len(times), 2), np.nan)
    return Track(t_s=times, xy_px=xy, state=np.full(len(times), state, np.uint8))


def motion(*, valid: bool = True, active: float = 0.0) -> Motion:
    return Motion(
        t_s=np.arange(10) * 0.1,
        step_s=0.1,
        activity=np.full(10, active),
        valid=np.full(10, valid),
        animal_found=valid,
        animal_area_px=100.0,
    )


def test_frames_keep_their_times_and_grow_by_an_even_strip(recording: Path, tmp_path: Path) -> None:
    write_track_overlay(recording, tmp_path / "o.mp4", track(FOUND))
    times, pictures = frames_of(tmp_path / "o.mp4")
    assert times == pytest.approx(TIMES, abs=0.001)
    height, width, _ = pictures[0].shape
    assert width == 122 and height > 97 and height % 2 == 0
    assert np.abs(pictures[0][60:90, 5:40].astype(int) - 128).max() < 12


@pytest.mark.parametrize(("state", "colour"), [(FOUND, BLUE), (INTERPOLATED, ORANGE), (MISSING, None)])
def test_the_place_is_drawn_by_its_state(recording: Path, tmp_path: Path, state: int, colour: str | None) -> None:
    write_track_overlay(recording, tmp_path / "o.mp4", track(state))
    _, pictures = frames_of(tmp_path / "o.mp4")
    assert colour_of(pictures[0][30:50, 50:70]) == colour
    assert colour_of(pictures[0][97:]) == (colour or RED)


def test_only_the_trial_is_written_and_progress_is_told(recording: Path, tmp_path: Path) -> None:
    told = []
    short = track(FOUND, np.array([0.0, 0.03, 0.2]))
    write_track_overlay(recording, tmp_path / "o.mp4", short, t0_s=0.1, on_frame=lambda frame: told.append(frame.t_s))
    times, _ = frames_of(tmp_path / "o.mp4")
    assert told == pytest.approx([0.1, 0.13, 0.3, 0.34])
    assert times == pytest.approx([0.0, 0.03, 0.2, 0.24], abs=0.001)


@pytest.mark.parametrize(("valid", "bout", "colour"), [(True, False, BLUE), (True, True, ORANGE), (False, False, RED)])
def test_the_box_has_the_colour_of_the_state(
    recording: Path, tmp_path: Path, valid: bool, bout: bool, colour: str
) -> None:
    bouts = (DetectedBout(behaviour="immobile", start_s=0.0, stop_s=1.0),) if bout else ()
    panel = MotionPanel(
        motion=motion(valid=valid), bouts=bouts, window_s=(0, 1), box_px=(20, 20, 60, 60), thresholds=(0.05, 0.08)
    )
    write_motion_overlay(recording, tmp_path / "o.mp4", [panel])
    edge = frames_of(tmp_path / "o.mp4")[1][3][55:78, 18:24]
    assert colour_of(edge) == colour


def test_each_animal_has_a_trace_of_its_own(recording: Path, tmp_path: Path) -> None:
    one = MotionPanel(motion=motion(active=0.3), bouts=(), window_s=(0, 1))
    heights = []
    for count in (1, 3):
        write_motion_overlay(recording, tmp_path / "o.mp4", [one] * count)
        heights.append(frames_of(tmp_path / "o.mp4")[1][0].shape[0] - 97)
    assert heights[1] > 2 * heights[0]


def test_outlines_follow_the_homography() -> None:
    arena = Arena(corners_px=((10, 10), (110, 10), (110, 90), (10, 90)), width_cm=50, height_cm=40)
    assert len(grid_outlines(arena, 4)) == 1 + 6
    (zone,) = zone_outlines(arena, [("centre", ((20, 10), (30, 10), (30, 20), (20, 20)))])
    assert zone == Outline(points_px=((50, 30), (70, 30), (70, 50), (50, 50)), name="centre")


def test_the_recording_is_never_written_over(recording: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.mp4"
    write_track_overlay(recording, copy, track(FOUND))
    before = sha256_of(copy)
    with pytest.raises(UsageError, match="another file than the recording"):
        write_track_overlay(copy, tmp_path / "." / "copy.mp4", track(FOUND))
    assert sha256_of(copy) == before


def test_what_cannot_be_written_leaves_nothing_behind(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ending in \.mp4"):
        write_track_overlay(recording, tmp_path / "o.avi", track(FOUND))
    with pytest.raises(UsageError, match="one animal or more"):
        write_motion_overlay(recording, tmp_path / "o.mp4", [])
    with pytest.raises(VideoError):
        write_track_overlay(tmp_path / "none.mp4", tmp_path / "o.mp4", track(FOUND))
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]
