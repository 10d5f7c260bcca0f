"""Troublesome recordings are read right or refused in words; never silently shorter, never another exception."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from littermate.errors import UsageError, VideoError
from littermate.model.recording import Recording
from littermate.video.frames import FrameReader, studio_range

from .trap_files import (
    FPS,
    HEIGHT,
    WIDTH,
    Clip,
    break_bytes,
    cut,
    encode,
    join_copies,
    remux,
    scene,
    with_cover,
    with_palette,
    with_rotation,
    with_sound,
    woven,
)

SHORT_GOP = {"preset": "ultrafast", "g": "10"}
FINE = {"crf": "8", "qmin": "1", "qmax": "2", "b": "20M"}
FAST_VPX = {"deadline": "realtime", "cpu-used": "8", "threads": "1", "b": "2M"}
TWO_S = np.arange(50) / FPS


def read(path: Path) -> tuple[list[float], list[bool], Recording, tuple[str, ...]]:
    reader = FrameReader(path)
    frames = [(frame.t_s, frame.trusted) for frame in reader]
    return [t for t, _ in frames], [trusted for _, trusted in frames], reader.recording, reader.notes


def refusal(path: Path) -> str:
    """What is said of a file, by a full read and by a windowed one."""
    with pytest.raises(VideoError) as full:
        read(path)
    with pytest.raises(VideoError):
        list(FrameReader(path, start_s=0.2, stop_s=0.4))
    return str(full.value)


CUT = [
    ("mp4", Clip(options=SHORT_GOP), "its index"),
    ("mp4", Clip(options=SHORT_GOP, container_options={"movflags": "faststart"}), "ends before its container does"),
    ("mp4", Clip(options=SHORT_GOP, container_options={"movflags": "frag_keyframe+empty_moov"}), "ends before"),
    ("avi", Clip(codec="mpeg4"), "ends before its container does"),
    ("mkv", Clip(options=SHORT_GOP), "ends in the middle"),
    ("webm", Clip(codec="libvpx", options=FAST_VPX), "ends in the middle"),
    ("wmv", Clip(codec="wmv2"), "ends before its container does"),
    ("flv", Clip(codec="flv"), "2.00 s of video, as the header says"),
    ("gif", Clip(codec="gif", pix_fmt="gray"), "ends before its container does"),
]


@pytest.mark.parametrize(("ending", "clip", "words"), CUT)
def test_a_file_cut_off_is_refused(tmp_path: Path, ending: str, clip: Clip, words: str) -> None:
    assert words in refusal(cut(encode(tmp_path / f"cut.{ending}", clip)))


def test_a_transport_stream_cut_in_a_packet_is_refused_and_between_packets_its_length_is_called_unstated(
    tmp_path: Path,
) -> None:
    path = encode(tmp_path / "a.ts", Clip(options=SHORT_GOP))
    packets = path.read_bytes()[: 188 * 60]
    path.write_bytes(packets)
    assert "length-unstated" in read(path)[3]
    path.write_bytes(packets[:-50])
    assert "ends before its container does" in refusal(path)


DAMAGED = [
    ("mp4", Clip(options={"g": "10"})),
    ("ts", Clip(options={"g": "10"})),
    ("ts", Clip(codec="mpeg2video", options={"g": "10"})),
    ("avi", Clip(codec="mpeg4", options={"g": "10"})),
    ("avi", Clip(codec="mjpeg", pix_fmt="yuvj420p")),
    ("mkv", Clip(codec="ffv1", pix_fmt="gray", options={"g": "1"})),
]


@pytest.mark.parametrize(("ending", "clip"), DAMAGED)
def test_damaged_packets_are_excluded_with_what_is_built_on_them(tmp_path: Path, ending: str, clip: Clip) -> None:
    path = break_bytes(encode(tmp_path / f"bad.{ending}", clip), [0.5, 0.75], seed=None)
    times, trusted, recording, notes = read(path)
    missing = sum(stop - start for start, stop in recording.gaps)
    assert recording.duration_s == pytest.approx(2.0)
    assert 0 < recording.corrupt_frames <= 21
    assert trusted.count(False) <= recording.corrupt_frames
    assert 1 / FPS <= missing <= 1.0
    assert "damaged-packets" in notes
    assert len(times) >= 48


def test_mistrust_ends_at_the_next_keyframe(tmp_path: Path) -> None:
    path = encode(tmp_path / "bad.avi", Clip(codec="mpeg4", options={"g": "10", "sc_threshold": "1000000000"}))
    with av.open(str(path)) as container:
        sixteenth = next(packet for packet in container.demux(video=0) if packet.dts == 16)
    data = bytearray(path.read_bytes())
    start = sixteenth.pos + sixteenth.size // 3
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    _, trusted, recording, _ = read(path)
    assert [k for k, fine in enumerate(trusted) if not fine] == [16, 17, 18, 19]
    assert recording.gaps == (pytest.approx((0.64, 0.80)),)


def test_a_zeroed_stretch_is_read_around(tmp_path: Path) -> None:
    path = encode(tmp_path / "zero.mp4", Clip(options={"g": "50", "crf": "2"}), scene(150))
    break_bytes(path, [0.4], length=20_000, seed=None)
    _, trusted, recording, notes = read(path)
    assert recording.duration_s == pytest.approx(6.0)
    assert trusted[0]
    assert trusted[-1]
    assert 5 <= recording.corrupt_frames <= 100
    assert "lost-frames" in notes or "damaged-packets" in notes


def test_streams_without_timestamps_are_refused(tmp_path: Path) -> None:
    assert "without timestamps" in refusal(encode(tmp_path / "raw.h264", Clip(options=SHORT_GOP)))
    assert "without timestamps" in refusal(encode(tmp_path / "raw.mjpeg", Clip(codec="mjpeg", pix_fmt="yuvj420p")))


def test_a_clock_that_starts_anew_is_refused(tmp_path: Path) -> None:
    once = encode(tmp_path / "once.ts", Clip(options=SHORT_GOP))
    assert "a clock that starts anew: 0.000 s after 1.960 s" in refusal(join_copies(tmp_path / "two.ts", once, once))


def test_a_change_of_size_is_refused(tmp_path: Path) -> None:
    large = encode(tmp_path / "large.ts", Clip(options=SHORT_GOP))
    small = encode(tmp_path / "small.ts", Clip(options=SHORT_GOP), scene(height=96, width=128))
    joined = join_copies(tmp_path / "joined.ts", large, remux(small, tmp_path / "later.ts", shift=3 * 90_000))
    with pytest.raises(VideoError, match=r"128 x 96 px \(yuv420p\) after 1\.96 s"):
        read(joined)
    with pytest.raises(VideoError, match="128 x 96"):
        list(FrameReader(joined, start_s=3.4))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pictures_are_turned_as_a_player_turns_them(tmp_path: Path, turn: int) -> None:
    upright = encode(tmp_path / "upright.mp4", Clip(options=SHORT_GOP))
    turned = with_rotation(upright, tmp_path / "turned.mp4", turn)
    reader = FrameReader(turned)
    first, plain = next(iter(reader)), next(iter(FrameReader(upright)))
    corners = {90: "top right", 180: "bottom right", 270: "bottom left"}
    assert bright_corner(plain.luma) == "top left"
    assert bright_corner(first.luma) == corners[turn]
    assert reader.size == first.luma.shape
    assert (reader.recording.height, reader.recording.width) == reader.size
    assert "rotated" in reader.notes


def bright_corner(luma: np.ndarray) -> str:
    parts = {
        "top left": luma[:15, :15],
        "top right": luma[:15, -15:],
        "bottom left": luma[-15:, :15],
        "bottom right": luma[-15:, -15:],
    }
    return max(parts, key=lambda name: float(parts[name].mean()))


def test_of_an_edit_list_only_what_is_shown_is_read(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", Clip(options={"g": "50"}))
    path = remux(whole, tmp_path / "edited.mp4", shift=-12 * 512)
    times, _, recording, notes = read(path)
    assert times == pytest.approx(np.arange(38) / FPS)
    assert recording.frames_header == 50
    assert recording.duration_s == pytest.approx(38 / FPS)
    assert "edit-list" in notes


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_time_is_counted_from_the_first_shown_frame(tmp_path: Path, ending: str) -> None:
    whole = encode(tmp_path / "whole.mp4", Clip(options=SHORT_GOP))
    times, _, recording, notes = read(remux(whole, tmp_path / f"later.{ending}", shift=50 * 512))
    assert times == pytest.approx(TWO_S)
    assert recording.first_timestamp_s >= 2.0
    assert ("clock-offset" in notes) == (ending != "ts")


def test_a_stream_joined_while_it_runs_starts_at_its_first_whole_picture(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.ts", Clip(options={"g": "15"}))
    packets = path.read_bytes()
    path.write_bytes(packets[188 * (len(packets) // 188 // 6) :])
    times, trusted, recording, notes = read(path)
    assert times == pytest.approx(np.arange(35) / FPS)
    assert all(trusted)
    assert recording.corrupt_frames == 0
    assert "late-start" in notes


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_cover_picture_is_not_the_recording(tmp_path: Path, ending: str) -> None:
    times, _, recording, _ = read(with_cover(tmp_path / f"covered.{ending}"))
    assert times == pytest.approx(TWO_S)
    assert (recording.width, recording.height) == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("ending", "clip"),
    [
        ("ts", Clip(codec="mpeg2video", options={"flags": "+ilme+ildct"})),
        ("mp4", Clip(options={"x264opts": "tff=1"})),
    ],
)
def test_of_interlaced_pictures_one_field_is_used(tmp_path: Path, ending: str, clip: Clip) -> None:
    path = encode(tmp_path / f"woven.{ending}", clip, woven())
    reader = FrameReader(path)
    for frame in reader:
        assert np.array_equal(frame.luma[::2], frame.luma[1::2])
        assert frame.luma.shape == (HEIGHT, WIDTH)
    assert "interlaced" in reader.notes


READ = {
    "mpeg1.mpg": Clip(codec="mpeg1video", options=FINE),
    "mpeg2.mpg": Clip(codec="mpeg2video", options=FINE | {"bf": "2"}),
    "msmpeg4.avi": Clip(codec="msmpeg4", options=FINE),
    "wmv2.wmv": Clip(codec="wmv2", options=FINE),
    "gif.gif": Clip(codec="gif", pix_fmt="gray"),
    "bgr.avi": Clip(codec="rawvideo", pix_fmt="bgr24"),
    "gray.avi": Clip(codec="rawvideo", pix_fmt="gray"),
    "yuyv.avi": Clip(codec="rawvideo", pix_fmt="yuyv422"),
    "uyvy.mov": Clip(codec="rawvideo", pix_fmt="uyvy422"),
    "ffv1.mkv": Clip(codec="ffv1", pix_fmt="gray"),
    "ffv1-10.mkv": Clip(codec="ffv1", pix_fmt="gray10le"),
    "h264-10.mp4": Clip(pix_fmt="yuv420p10le", options={"crf": "8"}),
    "hevc-10.mp4": Clip(codec="libx265", pix_fmt="yuv420p10le", options={"x265-params": "log-level=none"}),
    "h264-444.mp4": Clip(pix_fmt="yuv444p", options={"crf": "8"}),
    "h264-rgb.mp4": Clip(codec="libx264rgb", pix_fmt="rgb24"),
    "h264-b.avi": Clip(options={"crf": "8", "bf": "3"}),
    "h264-full.mp4": Clip(color_range=2),
    "h264-j.mp4": Clip(pix_fmt="yuvj420p"),
    "mjpeg.avi": Clip(codec="mjpeg", pix_fmt="yuvj422p"),
    "vp9.webm": Clip(codec="libvpx-vp9", options=FAST_VPX),
}


@pytest.mark.parametrize("name", READ)
def test_every_format_gives_the_same_scene(tmp_path: Path, name: str) -> None:
    """The scene in studio range, as limited-range 8-bit luma has it, whatever the format; and the same times."""
    wanted = [16 + picture * (219 / 255) for picture in scene()]
    reader = FrameReader(encode(tmp_path / name, READ[name]))
    frames = [(frame.t_s, studio_range(frame.luma, frame.full_range).astype(float)) for frame in reader]
    assert [t for t, _ in frames] == pytest.approx(TWO_S, abs=1e-3)
    assert max(abs(float((luma - grey).mean())) for (_, luma), grey in zip(frames, wanted, strict=True)) < 0.7
    assert max(float(np.abs(luma - grey).mean()) for (_, luma), grey in zip(frames, wanted, strict=True)) < 4
    assert reader.recording.corrupt_frames == 0
    assert reader.recording.gaps == ()


def test_palettes_are_looked_up(tmp_path: Path) -> None:
    frame = next(iter(FrameReader(with_palette(tmp_path / "pal.avi"))))
    assert frame.full_range
    assert frame.luma.astype(float) == pytest.approx(255.0 - next(iter(scene())), abs=1)


def test_dv_is_read_and_called_interlaced(tmp_path: Path) -> None:
    path = encode(tmp_path / "tape.dv", Clip(codec="dvvideo"), scene(5, height=576, width=720))
    times, _, recording, notes = read(path)
    assert times == pytest.approx(np.arange(5) / 25)
    assert (recording.width, recording.height) == (720, 576)
    assert {"interlaced", "pixel-aspect"} <= set(notes)


@pytest.mark.parametrize("clip", [Clip(pix_fmt="yuv444p"), Clip(codec="mjpeg", pix_fmt="yuvj420p")])
def test_odd_sizes_are_read(tmp_path: Path, clip: Clip) -> None:
    reader = FrameReader(encode(tmp_path / "odd.mkv", clip, scene(10, height=97, width=131)))
    assert reader.size == (97, 131)
    assert all(frame.luma.shape == (97, 131) for frame in reader)


@pytest.mark.parametrize("name", ["noend", "wrong.txt", "wrong.avi"])
def test_the_content_counts_not_the_name(tmp_path: Path, name: str) -> None:
    encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP)).rename(tmp_path / name)
    assert read(tmp_path / name)[0] == pytest.approx(TWO_S)


def _jpeg(path: Path) -> None:
    path.write_bytes(cv2.imencode(".jpg", np.zeros((50, 50), np.uint8))[1].tobytes())


NOT_VIDEOS: dict[str, tuple[Callable[[Path], object], str]] = {
    "jpeg": (_jpeg, "a still picture"),
    "text": (lambda path: path.write_text("time,x,y\n" * 200), "a text file"),
    "empty": (lambda path: path.touch(), "an empty file"),
    "folder": (lambda path: path.mkdir(), "a folder"),
    "zeros": (lambda path: path.write_bytes(bytes(50_000)), "a file of zeros"),
    "noise": (lambda path: path.write_bytes(np.random.default_rng(1).bytes(50_000)), "no decoder opens"),
    "absent": (lambda path: None, "no such file"),
}


@pytest.mark.parametrize("kind", NOT_VIDEOS)
def test_what_is_not_a_video_is_called_what_it_is(tmp_path: Path, kind: str) -> None:
    make, words = NOT_VIDEOS[kind]
    make(tmp_path / "a.mp4")
    with pytest.raises(VideoError, match=words):
        read(tmp_path / "a.mp4")


def test_a_variable_frame_rate_keeps_its_own_times(tmp_path: Path) -> None:
    ticks = np.cumsum([100, *[33, 34, 40, 33, 150] * 10])[:50]
    times, _, recording, _ = read(encode(tmp_path / "phone.mp4", Clip(ticks=ticks.tolist())))
    assert times == pytest.approx((ticks - 100) / 1000)
    assert recording.variable_frame_rate
    assert recording.gaps[0] == pytest.approx((0.140 + 0.034, 0.290))


def test_frames_dropped_by_the_recorder_leave_the_clock_alone(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.avi", Clip(codec="mjpeg", pix_fmt="yuvj420p"))
    dropped = remux(whole, tmp_path / "dropped.avi", leave_out=[20, 21, 22, 30])
    times, _, recording, _ = read(dropped)
    assert times == pytest.approx(np.delete(TWO_S, [20, 21, 22, 30]))
    assert (recording.frames_header, recording.duration_s) == (50, pytest.approx(2.0))
    assert recording.gaps == (pytest.approx((0.80, 0.92)),)


@pytest.mark.parametrize("ending", ["flv", "mp4", "mkv"])
def test_sound_that_goes_on_longer_does_not_make_the_video_short(tmp_path: Path, ending: str) -> None:
    times, _, recording, _ = read(with_sound(tmp_path / f"loud.{ending}", seconds=3))
    assert times == pytest.approx(TWO_S, abs=1e-3)
    assert recording.duration_s == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize("fps", [5, Fraction(30000, 1001), 120])
def test_slow_and_fast_cameras(tmp_path: Path, fps: Fraction | int) -> None:
    times, _, recording, _ = read(encode(tmp_path / "a.mp4", Clip(fps=fps)))
    assert times == pytest.approx(np.arange(50) / float(fps))
    assert recording.fps_median == pytest.approx(float(fps))


WINDOWED = {
    "bframes.mp4": Clip(options={"g": "12", "bf": "2"}),
    "opengop.mp4": Clip(options={"g": "12", "bf": "3", "x264opts": "open-gop=1"}),
    "refresh.mp4": Clip(options={"g": "12", "x264opts": "intra-refresh=1"}),
    "opengop.ts": Clip(options={"g": "12", "bf": "3", "x264opts": "open-gop=1"}),
    "mpeg4.avi": Clip(codec="mpeg4", options={"g": "12", "bf": "2"}),
    "h264.avi": Clip(options={"g": "12", "bf": "2"}),
    "mpeg2.mpg": Clip(codec="mpeg2video", options={"g": "12", "bf": "2"}),
    "wmv2.wmv": Clip(codec="wmv2", options={"g": "12"}),
    "vp8.webm": Clip(codec="libvpx", options=FAST_VPX | {"g": "12", "auto-alt-ref": "1", "lag-in-frames": "5"}),
    "mjpeg.avi": Clip(codec="mjpeg", pix_fmt="yuvj420p"),
    "gif.gif": Clip(codec="gif", pix_fmt="gray"),
    "flv.flv": Clip(codec="flv", options={"g": "12"}),
}


@pytest.mark.parametrize("name", WINDOWED)
def test_a_window_has_the_times_and_pixels_of_a_full_read(tmp_path: Path, name: str) -> None:
    path = encode(tmp_path / name, WINDOWED[name])
    full = [(frame.t_s, frame.luma.copy()) for frame in FrameReader(path)]
    for start, stop in [(0.0, 0.5), (0.48, 1.0), (0.5, None), (1.9, None), (1.2, 1.24)]:
        reader = FrameReader(path, start_s=start, stop_s=stop)
        window = [(frame.t_s, frame.luma.copy()) for frame in reader]
        wanted = [(t, luma) for t, luma in full if start <= t < (stop or np.inf)]
        assert [t for t, _ in window] == [t for t, _ in wanted]
        assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(window, wanted, strict=True))
        assert reader.recording.frames_decoded == len(wanted)
        assert reader.recording.duration_s == pytest.approx(2.0)
        assert reader.recording.gaps == ()


def test_a_window_behind_the_end_is_empty_and_one_without_length_is_a_mistake(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP))
    reader = FrameReader(path, start_s=7.0)
    assert list(reader) == []
    assert reader.recording.frames_decoded == 0
    assert reader.recording.duration_s == pytest.approx(2.0)
    with pytest.raises(UsageError):
        FrameReader(path, start_s=1.0, stop_s=1.0)


FUZZED = {
    "a.mp4": Clip(options={"g": "10", "bf": "2"}),
    "f.mp4": Clip(options={"g": "10"}, container_options={"movflags": "frag_keyframe+empty_moov"}),
    "a.avi": Clip(codec="mpeg4", options={"g": "10"}),
    "j.avi": Clip(codec="mjpeg", pix_fmt="yuvj420p"),
    "a.mkv": Clip(options={"g": "10"}),
    "a.ts": Clip(options={"g": "10"}),
    "a.wmv": Clip(codec="wmv2", options={"g": "10"}),
    "a.gif": Clip(codec="gif", pix_fmt="gray"),
}


def broken(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a few bytes, blot a stretch out, drop one, or cut the end off."""
    at, length = int(rng.integers(len(data))), int(rng.integers(1, 2000))
    match rng.integers(4):
        case 0:
            changed = bytearray(data)
            for place in rng.integers(len(data), size=12):
                changed[place] = rng.integers(256)
            return bytes(changed)
        case 1:
            return data[:at] + bytes(min(length, len(data) - at)) + data[at + length :]
        case 2:
            return data[:at] + data[at + length :]
        case _:
            return data[: max(1, at)]


@pytest.mark.parametrize("name", FUZZED)
def test_broken_files_are_read_or_refused_never_silently_shorter(tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(list(FUZZED).index(name))
    path = encode(tmp_path / name, FUZZED[name], scene(30, height=64, width=96))
    data, whole = path.read_bytes(), read(path)
    for _ in range(10):
        path.write_bytes(broken(data, rng))
        try:
            _, _, recording, notes = read(path)
        except VideoError:
            continue
        said = recording.corrupt_frames or recording.gaps or set(notes) - set(whole[3])
        assert said or "length-unstated" in notes or recording.duration_s >= 1.2 - 1 / FPS
