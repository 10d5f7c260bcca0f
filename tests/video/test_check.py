"""Each finding has a recording that trips it; a sound recording trips none."""

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from littermate.simulate.encode import write_video
from littermate.simulate.field_scene import FieldScene, draw_field_frames
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.simulate.wander import wander
from littermate.video.check import RecordingCheck, Watch, check_recording
from littermate.video.frames import Frame, FrameReader

FPS, SECONDS = 10, 16
SCENE = FieldScene(width=240, height=180, fps=FPS)
Pictures = NDArray[np.uint8]


def drawn(seed: int, seconds: float = SECONDS, scene: FieldScene = SCENE) -> Pictures:
    return np.stack(list(draw_field_frames(wander(duration_s=seconds, size_cm=48, seed=seed), scene=scene, seed=seed)))


@pytest.fixture(scope="module")
def mouse() -> Pictures:
    """16 s of a dark mouse on a bright floor, ten frames a second."""
    return drawn(3)


@pytest.fixture(scope="module")
def empty() -> Pictures:
    """The same arena without the mouse."""
    return drawn(3, scene=FieldScene(width=240, height=180, fps=FPS, animal=False))


@pytest.fixture
def check(tmp_path: Path) -> Callable[[Iterable[Pictures]], RecordingCheck]:
    def written_and_checked(pictures: Iterable[Pictures]) -> RecordingCheck:
        path = tmp_path / "clip.mp4"
        write_video(path, pictures, fps=FPS)
        return check_recording(path)

    return written_and_checked


Check = Callable[[Iterable[Pictures]], RecordingCheck]


def ids(checked: RecordingCheck) -> list[str]:
    return [one.id for one in checked.findings]


def said(checked: RecordingCheck, name: str) -> str:
    (message,) = (one.message for one in checked.findings if one.id == name)
    return message


def test_a_sound_recording_has_no_finding_and_starts_at_once(check: Check, mouse: Pictures) -> None:
    checked = check(mouse)
    assert ids(checked) == []
    assert checked.usable
    assert checked.t0_proposed_s == 0.0
    assert checked.recording is not None
    assert checked.recording.frames_decoded == 160


@pytest.mark.parametrize("coat", ["dark", "light"])
def test_a_mouse_that_floats_most_of_the_time_is_an_animal(coat: str, tmp_path: Path) -> None:
    bouts = draw_bouts(immobile_fraction=0.9, duration_s=15, window_s=(0, 15), seed=4)
    write_swim(
        tmp_path / "a.mp4", bouts, scene=SwimScene(width=240, height=180, fps=FPS, coat=coat), duration_s=15, seed=4
    )
    checked = check_recording(tmp_path / "a.mp4")
    assert ids(checked) == []
    assert checked.t0_proposed_s == 0.0


def test_a_mouse_that_falls_asleep_for_the_rest_is_an_animal(check: Check, mouse: Pictures) -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 3, (len(mouse) - 30, *mouse.shape[1:]))
    asleep = np.clip(mouse[30] + noise, 16, 235).astype(np.uint8)
    assert ids(check([*mouse[:30], *asleep])) == []


def test_light_that_drifts_steps_and_flickers_moves_neither_camera_nor_arena(check: Check, mouse: Pictures) -> None:
    t = np.arange(len(mouse)) / FPS
    gain = (1 - 0.02 * t) * np.where(t > 8, 0.85, 1.0) * (1 + 0.04 * np.sin(2 * np.pi * 1.7 * t))
    assert ids(check(np.clip(mouse * gain[:, None, None], 16, 235).astype(np.uint8))) == []


def test_a_camera_that_moves_and_stays(check: Check, mouse: Pictures) -> None:
    shifted = np.array([*mouse[:50], *np.roll(mouse[50:], (3, 6), axis=(1, 2))])
    checked = check(shifted)
    assert ids(checked) == ["camera-moved"]
    assert re.search(r"moved at 5\.[0-3] s by 7 px \(\+6 right, \+3 down\) and stayed", said(checked, "camera-moved"))
    assert not checked.usable


def test_a_camera_that_is_knocked_and_comes_back(check: Check, mouse: Pictures) -> None:
    knocked = mouse.copy()
    knocked[60:100] = np.roll(mouse[60:100], (-5, 0), axis=(1, 2))
    checked = check(knocked)
    assert ids(checked) == ["camera-moved"]
    assert re.search(r"moved at 6\.[0-3] s by 5 px .*-5 down\) and came back", said(checked, "camera-moved"))
    assert checked.usable


def test_something_large_that_is_brought_in_changes_the_arena(check: Check, mouse: Pictures) -> None:
    changed = mouse.copy()
    board = np.kron(np.indices((9, 6)).sum(axis=0) % 2, np.ones((10, 10))) * 120 + 60
    changed[90:, 60:150, 20:80] = board.astype(np.uint8)
    checked = check(changed)
    assert ids(checked) == ["arena-changed"]
    assert re.search(r"from about 9\.[0-3] s on", said(checked, "arena-changed"))


def test_an_empty_arena_has_no_animal(check: Check, empty: Pictures) -> None:
    checked = check(empty)
    assert ids(checked) == ["no-animal"]
    assert not checked.usable
    assert checked.t0_proposed_s is None
    assert checked.t0_reason == "no animal was found"


def test_water_that_ripples_is_no_animal(tmp_path: Path) -> None:
    write_swim(
        tmp_path / "a.mp4",
        (),
        scene=SwimScene(width=240, height=180, fps=FPS, animal=False, ripples=2.0),
        duration_s=15,
        seed=4,
    )
    assert ids(check_recording(tmp_path / "a.mp4")) == ["no-animal"]


def test_a_mouse_that_is_taken_out_before_the_end_is_said(check: Check, mouse: Pictures, empty: Pictures) -> None:
    checked = check([*mouse[:90], *empty[90:]])
    assert ids(checked) == ["animal-gone"]
    assert "not seen after 8." in said(checked, "animal-gone")


def test_two_mice_in_one_arena(check: Check, mouse: Pictures) -> None:
    checked = check(np.minimum(mouse, drawn(8)))
    assert ids(checked) == ["two-animals"]
    assert not checked.usable


def test_two_arenas_in_one_picture_are_only_noted(check: Check, mouse: Pictures) -> None:
    checked = check(np.concatenate([mouse, drawn(8)], axis=2))
    assert ids(checked) == ["several-arenas"]
    assert checked.usable


def card(text: str) -> Pictures:
    picture = np.full((180, 240), 16, np.uint8)
    cv2.putText(picture, text, (30, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 235, 2)
    return picture


@pytest.mark.parametrize("text", ["CX41 trial 2", ""])
def test_a_title_or_a_black_lead_in_comes_before_t0(check: Check, mouse: Pictures, text: str) -> None:
    checked = check([card(text)] * 30 + list(mouse))
    assert ids(checked) == ["title-card"]
    assert checked.t0_proposed_s == pytest.approx(3.0, abs=0.2)


def with_hand(picture: Pictures, reach: int) -> Pictures:
    picture = picture.copy()
    cv2.rectangle(picture, (90, 0), (130, reach), 120, -1)
    cv2.circle(picture, (110, reach), 26, 130, -1)
    return picture


def test_a_hand_that_puts_the_animal_in_place_comes_before_t0(check: Check, mouse: Pictures, empty: Pictures) -> None:
    """Two seconds of an empty arena, three of a hand that comes and goes, then the mouse alone."""
    reach = 100 * np.sin(np.linspace(0, np.pi, 30))
    hands = [with_hand(one, int(r)) for one, r in zip(empty[20:50], reach, strict=True)]
    checked = check([*empty[:20], *hands, *mouse])
    assert ids(checked) == ["hand-at-start"]
    assert checked.t0_proposed_s == pytest.approx(5.0, abs=0.3)


def test_a_hand_that_comes_back_later(check: Check, mouse: Pictures) -> None:
    later = [with_hand(one, 90) if 100 <= k < 130 else one for k, one in enumerate(mouse)]
    checked = check(later)
    assert ids(checked) == ["hand-in-picture"]
    assert checked.t0_proposed_s == 0.0


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("too-dark", lambda one: (16 + (one.astype(float) - 16) * 0.08).astype(np.uint8)),
        ("too-bright", lambda one: np.maximum(one, 234)),
        ("flat", lambda one: (100 + one * 0.03).astype(np.uint8)),
    ],
)
def test_pictures_in_which_nothing_can_be_seen(
    check: Check, mouse: Pictures, name: str, spoilt: Callable[[Pictures], Pictures]
) -> None:
    checked = check(spoilt(mouse))
    assert ids(checked) == [name]
    assert "throughout" in said(checked, name)
    assert not checked.usable


def test_lights_out_for_a_while(check: Check, mouse: Pictures) -> None:
    dark = mouse.copy()
    dark[80:110] = 16
    checked = check(dark)
    assert "too-dark" in ids(checked)
    assert "8.0 to 10.8 s" in said(checked, "too-dark")


def test_a_picture_that_stands_still(check: Check, mouse: Pictures) -> None:
    stalled = mouse.copy()
    stalled[60:100] = mouse[60]
    checked = check(stalled)
    assert ids(checked) == ["picture-stands-still"]
    assert "6.0 to 9.9 s" in said(checked, "picture-stands-still")


def test_a_file_that_cannot_be_read_still_gets_its_page(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("notes, not a video", encoding="utf-8")
    checked = check_recording(tmp_path / "a.mp4")
    assert ids(checked) == ["unreadable"]
    assert checked.recording is None
    assert checked.error is not None
    assert not checked.usable


def test_a_trial_shorter_than_planned(tmp_path: Path, mouse: Pictures) -> None:
    write_video(tmp_path / "a.mp4", mouse, fps=FPS)
    assert ids(check_recording(tmp_path / "a.mp4", duration_s=16)) == []
    checked = check_recording(tmp_path / "a.mp4", duration_s=20)
    assert ids(checked) == ["cut-short"]
    assert not checked.usable


def test_frames_left_out_while_recording_are_gaps(tmp_path: Path, mouse: Pictures) -> None:
    """Frames 50 to 60 of a recording of ten a second never came: a gap from 5 to 6 s."""
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.height, stream.width, stream.pix_fmt = 180, 240, "yuv420p"
        for number in [*range(50), *range(60, 160)]:
            frame = av.VideoFrame.from_ndarray(mouse[number], format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    checked = check_recording(path)
    assert ids(checked) == ["time-gaps"]
    assert "1 gap without a trustworthy frame, 1.00 s in all: 5.0 to 6.0 s" in said(checked, "time-gaps")
    assert checked.usable


def test_a_watch_on_another_pass_says_the_same(tmp_path: Path, empty: Pictures) -> None:
    path = tmp_path / "a.mp4"
    write_video(path, empty, fps=FPS)
    watch, reader = Watch(), FrameReader(path)
    for frame in reader:
        watch.look(frame)
    assert watch.findings(reader.recording) == check_recording(path).findings


def test_looks_stay_few_however_long_the_recording(mouse: Pictures) -> None:
    watch = Watch()
    for number in range(7200):
        watch.look(Frame(t_s=number / 2, luma=mouse[number % len(mouse)], trusted=True))
    looks = watch.looker.looks()
    assert looks is not None
    assert len(looks.t_s) <= 360
    assert looks.t_s[looks.even[-1]] > 3500


def test_a_pass_that_begins_late_is_judged_without_its_start() -> None:
    watch = Watch()
    rng = np.random.default_rng(1)
    for second in range(20):
        picture = rng.normal(150, 3, (96, 128)).astype(np.uint8)
        picture[40:52, 5 * second : 5 * second + 14] = 40
        watch.look(Frame(t_s=120.0 + second, luma=picture, trusted=True))
    verdict = watch.verdict()
    assert verdict.findings == ()
    assert (verdict.t0.t_s, verdict.t0.reason) == (None, "the start of the recording was not looked at")
