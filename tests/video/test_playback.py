"""A playable copy has the recording's frames at the recording's times, and says nothing else of it."""

import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from littermate.errors import FileError, UsageError, VideoError
from littermate.simulate.encode import write_video
from littermate.video import playback
from littermate.video.frames import Frame, FrameReader, read_recording, studio_range
from littermate.video.h264 import PICTURE_UNITS, codes_whole_frames, sequences, units
from littermate.video.playback import Playable, copy_packets, make_playable

from .trap_files import (
    FPS,
    HEIGHT,
    WIDTH,
    Clip,
    break_bytes,
    cut,
    encode,
    remux,
    scene,
    with_cover,
    with_rotation,
    with_sound,
    woven,
)

B_FRAMES = {"preset": "ultrafast", "g": "12", "bf": "3", "x264-params": "scenecut=0:b-adapt=0"}
SHORT_GOP = {"preset": "ultrafast", "g": "10"}
FINE = {"crf": "8", "qmin": "1", "qmax": "2", "b": "20M"}
QUIET = {"x265-params": "log-level=none"}
PHONE = Clip(options=B_FRAMES, ticks=[40 * k + 7 * (k % 3) + (300 if k > 20 else 0) for k in range(50)])
TURNED = {90: "top right", 180: "bottom right", 270: "bottom left"}


def read(path: Path) -> list[Frame]:
    return [replace(frame, luma=studio_range(frame.luma, frame.full_range).copy()) for frame in FrameReader(path)]


def times_in(path: Path) -> NDArray[np.float64]:
    """Times of a copy's packets, in seconds of its clock, without any of the package's own reading."""
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        assert not any(packet.is_discard for packet in packets)
        return np.sort([float(packet.pts * stream.time_base) for packet in packets])


def copy_of(path: Path, **more: Any) -> tuple[Playable, Path]:
    """Make a copy, and look whether it holds all frames of the recording at their times and is what a browser plays."""
    out = path.parent / "copies" / "copy.mp4"
    made = make_playable(path, out, **more)
    t_s = [frame.t_s for frame in FrameReader(path)]
    shown = read(out)
    assert made.t_s.tolist() == t_s
    assert times_in(out) == pytest.approx(t_s, abs=1e-4)
    assert [frame.t_s for frame in shown] == pytest.approx(t_s, abs=1e-4)
    assert all(frame.luma.shape == (made.height, made.width) for frame in shown)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt in {"yuv420p", "yuvj420p"}) == ("h264", True)
        assert stream.start_time == 0
    assert out.read_bytes().find(b"moov") < out.read_bytes().find(b"mdat")
    assert [path.name for path in out.parent.iterdir()] == ["copy.mp4"]
    assert bool(made.why) != made.copied
    return made, out


COPIED = {
    "b-frames.mp4": Clip(options=B_FRAMES),
    "b-frames.mov": Clip(options=B_FRAMES),
    "b-frames.mkv": Clip(options=B_FRAMES),
    "b-frames.ts": Clip(options=B_FRAMES),
    "b-frames.flv": Clip(options=B_FRAMES),
    "pieces.mp4": Clip(options=B_FRAMES, container_options={"movflags": "frag_keyframe+empty_moov"}),
    "long.mp4": Clip(options=B_FRAMES | {"g": "250"}),
    "baseline.mp4": Clip(options={"profile": "baseline"}),
    "full.mp4": Clip(color_range=2),
    "ntsc.mp4": Clip(options=B_FRAMES, fps=Fraction(30000, 1001)),
    "phone.mp4": PHONE,
    "phone.mkv": PHONE,
}


@pytest.mark.parametrize("name", COPIED)
def test_what_a_browser_plays_is_copied_picture_for_picture(tmp_path: Path, name: str) -> None:
    path = encode(tmp_path / name, COPIED[name])
    made, out = copy_of(path)
    assert made.copied
    assert (made.width, made.height) == (WIDTH, HEIGHT)
    assert all(np.array_equal(a.luma, b.luma) for a, b in zip(read(path), read(out), strict=True))


ENCODED = {
    "mjpeg.avi": (Clip(codec="mjpeg", pix_fmt="yuvj420p", options=FINE), "mjpeg"),
    "mpeg4.avi": (Clip(codec="mpeg4", options=FINE), "mpeg4"),
    "mpeg2.mpg": (Clip(codec="mpeg2video", options=FINE | {"bf": "2"}), "mpeg2video"),
    "wmv2.wmv": (Clip(codec="wmv2", options=FINE), "wmv2"),
    "gif.gif": (Clip(codec="gif", pix_fmt="gray"), "gif"),
    "gray.avi": (Clip(codec="rawvideo", pix_fmt="gray"), "gray"),
    "bgr.avi": (Clip(codec="rawvideo", pix_fmt="bgr24"), "bgr24"),
    "yuyv.avi": (Clip(codec="rawvideo", pix_fmt="yuyv422"), "yuyv422"),
    "ffv1-10.mkv": (Clip(codec="ffv1", pix_fmt="gray10le"), "gray10le"),
    "hevc.mp4": (Clip(codec="libx265", options=QUIET | {"crf": "8"}), "hevc"),
    "hevc-10.mp4": (Clip(codec="libx265", pix_fmt="yuv420p10le", options=QUIET | {"crf": "8"}), "hevc"),
    "h264-10.mp4": (Clip(pix_fmt="yuv420p10le", options={"crf": "8"}), "8-bit"),
    "h264-444.mp4": (Clip(pix_fmt="yuv444p", options={"crf": "8"}), "8-bit"),
    "h264-b.avi": (Clip(options=B_FRAMES), "when each picture is shown"),
    "open.mp4": (Clip(options={"g": "12", "x264-params": "open-gop=1"}), "stand alone"),
    "phone.mkv": (Clip(codec="mpeg4", options=FINE, ticks=PHONE.ticks), "mpeg4"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_everything_else_is_encoded_anew_and_looks_the_same(tmp_path: Path, name: str) -> None:
    clip, why = ENCODED[name]
    path = encode(tmp_path / name, clip)
    made, out = copy_of(path)
    assert not made.copied
    assert why in made.why
    difference = [np.abs(a.luma.astype(float) - b.luma).mean() for a, b in zip(read(path), read(out), strict=True)]
    assert max(difference) < 3


def test_a_clock_that_starts_late_starts_at_zero_in_the_copy(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", Clip(options=B_FRAMES))
    path = remux(whole, tmp_path / "later.ts", shift=int(1.4 * 12800))
    made, _ = copy_of(path)
    assert made.copied
    assert FrameReader(path).recording.first_timestamp_s >= 1.4


@pytest.mark.parametrize("turn", TURNED)
def test_a_turned_recording_is_upright_in_the_copy(tmp_path: Path, turn: int) -> None:
    upright = encode(tmp_path / "upright.mp4", Clip(options=SHORT_GOP))
    path = with_rotation(upright, tmp_path / "turned.mp4", turn)
    made, out = copy_of(path)
    assert "turn" in made.why
    assert (made.height, made.width) == FrameReader(path).size
    assert all(np.abs(a.luma.astype(float) - b.luma).mean() < 3 for a, b in zip(read(path), read(out), strict=True))
    with av.open(str(out)) as container:
        assert next(container.decode(video=0)).rotation == 0


def test_what_an_edit_list_hides_is_not_in_the_copy(tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", Clip(options={"g": "50"}))
    made, _ = copy_of(remux(whole, tmp_path / "edited.mp4", shift=-12 * 512))
    assert "edit list" in made.why
    assert len(made.t_s) == 38


@pytest.mark.parametrize("options", [{"x264opts": "tff=1"}, {"x264opts": "fake-interlaced=1"}])
def test_interlaced_and_what_may_be_is_encoded_anew(tmp_path: Path, options: dict[str, str]) -> None:
    made, out = copy_of(encode(tmp_path / "woven.mp4", Clip(options=options), woven()))
    assert "interlaced" in made.why
    assert "interlaced" not in FrameReader(out).notes


def test_odd_sides_are_made_even_by_repeating_the_last_row_and_column(tmp_path: Path) -> None:
    clip = Clip(codec="ffv1", pix_fmt="yuv420p", options={"g": "1"})
    path = encode(tmp_path / "odd.mkv", clip, scene(10, height=97, width=131))
    made, out = tmp_path / "odd.mkv", tmp_path / "copy.mp4"
    made = make_playable(path, out)
    assert (made.width, made.height) == (132, 98)
    for a, b in zip(read(path), read(out), strict=True):
        assert np.abs(a.luma.astype(float) - b.luma[:97, :131]).mean() < 3
        assert np.abs(b.luma[97].astype(float) - b.luma[96]).mean() < 6


def test_pixels_that_are_not_square_keep_their_shape(tmp_path: Path) -> None:
    path = tmp_path / "narrow.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=SHORT_GOP)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 11)
        for k, grey in enumerate(scene(10)):
            picture = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.pts = k
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    for name, turn, aspect in (("straight", 0, Fraction(16, 11)), ("turned", 90, Fraction(11, 16))):
        source = with_rotation(path, tmp_path / f"{name}.mp4", turn) if turn else path
        made, out = copy_of(source)
        assert "as wide as high" in made.why
        with av.open(str(out)) as container:
            assert container.streams.video[0].sample_aspect_ratio == aspect


def test_colours_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "colours.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=FPS, options=FINE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        red = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        red[:, :, 0] = 200
        for k in range(5):
            picture = av.VideoFrame.from_ndarray(red, format="rgb24").reformat(format="yuvj420p", dst_color_range=2)
            picture.pts = k
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    _, out = copy_of(path)
    with av.open(str(out)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert np.abs(shown.reshape(-1, 3).mean(axis=0) - [200, 0, 0]).max() < 8


def test_a_recording_without_colours_gives_a_grey_copy(tmp_path: Path) -> None:
    _, out = copy_of(encode(tmp_path / "gray.avi", Clip(codec="rawvideo", pix_fmt="gray")))
    with av.open(str(out)) as container:
        colours = next(container.decode(video=0)).to_ndarray()[HEIGHT:]
    assert np.abs(colours.astype(float) - 128).max() <= 1


def test_a_long_way_between_keyframes_is_made_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encode(tmp_path / "long.mp4", Clip(options=B_FRAMES | {"g": "250"}))
    monkeypatch.setattr(playback, "_MOST_PIXELS", 40 * WIDTH * HEIGHT)
    made, out = copy_of(path)
    assert "up to 50 frames" in made.why
    with av.open(str(out)) as container:
        keys = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
    assert np.diff([*np.flatnonzero(keys), len(keys)]).max() <= 20


def test_known_damage_is_encoded_anew_and_shown(tmp_path: Path) -> None:
    path = break_bytes(encode(tmp_path / "bad.mp4", Clip(options={"g": "10"})), [0.5, 0.75], seed=None)
    recording = FrameReader(path).recording
    assert recording.corrupt_frames > 0
    made, _ = copy_of(path, decoded=recording)
    assert "damaged" in made.why
    assert len(made.t_s) == recording.frames_decoded


def test_a_stream_joined_while_it_runs_starts_at_its_first_whole_picture(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.ts", Clip(options={"g": "15"}))
    packets = path.read_bytes()
    path.write_bytes(packets[188 * (len(packets) // 188 // 6) :])
    made, _ = copy_of(path)
    assert "give no picture" in made.why
    assert len(made.t_s) == 35


def test_sound_and_covers_are_left_out(tmp_path: Path) -> None:
    assert copy_of(with_sound(tmp_path / "sound.mp4", seconds=2))[0].copied
    assert copy_of(with_cover(tmp_path / "covered.mp4"))[0].copied


PLANTED = ("animal-17-ketamine", "2026-04-11T08:30:00", "rack 3, saline", "blinded-by-jane")


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "ts", "avi"])
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_nothing_said_in_the_recording_is_in_the_copy(tmp_path: Path, ending: str, codec: str) -> None:
    path = tmp_path / f"{PLANTED[0]}.{ending}"
    movflags = {"movflags": "use_metadata_tags"} if ending in {"mp4", "mov"} else {}
    with av.open(str(path), "w", options=movflags) as container:
        container.metadata.update(
            title=PLANTED[0], comment=PLANTED[2], creation_time=PLANTED[1], service_name=PLANTED[3], artist=PLANTED[3]
        )
        stream = container.add_stream(codec, rate=FPS, options=SHORT_GOP if codec == "libx264" else {})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.metadata.update(title=PLANTED[0], handler_name=PLANTED[3], creation_time=PLANTED[1], language="deu")
        for k, grey in enumerate(scene(10)):
            picture = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.pts = k
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    assert any(words.encode() in path.read_bytes() for words in PLANTED)
    made, out = copy_of(path)
    assert made.copied == (codec == "libx264" and ending != "avi")
    data = out.read_bytes()
    for words in (*PLANTED, "ketamine", "saline", "2026", "deu", "x264", "Lav"):
        assert words.encode() not in data
    assert b"\0\0\0\x08ilst" in data  # the list of titles, empty
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        place = data.index(box) + 8
        assert data[place : place + 8] == bytes(8)  # created, changed: never
    with av.open(str(out)) as container:
        assert set(container.metadata) == {"major_brand", "minor_version", "compatible_brands"}
        assert container.streams.video[0].metadata == {"language": "und", "handler_name": "VideoHandler"}
        assert all({kind for kind, _ in units(bytes(p))} <= PICTURE_UNITS for p in container.demux(video=0) if p.size)


def test_remarks_within_the_pictures_are_left_out(tmp_path: Path) -> None:
    """Cameras write dates and names into units beside the pictures; so does x264, with its version and options."""
    path = encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP))
    remark = b"recorded 2026-04-11 ketamine"
    unit = bytes([6, 5, 16 + len(remark)]) + bytes(range(16)) + remark + b"\x80"
    spoken = tmp_path / "spoken.mp4"
    with av.open(str(path)) as source, av.open(str(spoken), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                with_remark = av.Packet(len(unit).to_bytes(4, "big") + unit + bytes(packet))
                with_remark.pts, with_remark.dts, with_remark.time_base = packet.pts, packet.dts, packet.time_base
                with_remark.is_keyframe, with_remark.stream = packet.is_keyframe, stream
                target.mux(with_remark)
    assert spoken.read_bytes().count(remark) == 50
    made, out = copy_of(spoken)
    assert made.copied
    assert remark not in out.read_bytes()


def test_each_decoded_frame_is_told_and_none_where_nothing_is_decoded(tmp_path: Path) -> None:
    seen: list[float] = []
    out = tmp_path / "copy.mp4"

    def note(frame: Frame) -> None:
        seen.append(frame.t_s)

    make_playable(encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP)), out, on_frame=note)
    assert seen == []
    made = make_playable(encode(tmp_path / "a.avi", Clip(codec="mpeg4")), out, on_frame=note)
    assert seen == made.t_s.tolist()


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.avi", Clip(codec="mpeg4"))
    make_playable(path, tmp_path / "one.mp4")
    make_playable(path, tmp_path / "two.mp4")
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def cut_off(path: Path) -> Path:
    return cut(encode(path, Clip(options=SHORT_GOP)))


def text(path: Path) -> Path:
    path.write_text("notes", encoding="utf-8")
    return path


def missing(path: Path) -> Path:
    return path


@pytest.mark.parametrize("make", [cut_off, text, missing])
def test_what_cannot_be_read_is_refused_and_nothing_is_left(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(VideoError):
        make_playable(make(tmp_path / "a.mp4"), tmp_path / "copies" / "copy.mp4")
    assert not list(tmp_path.glob("copies/*"))


def test_nothing_is_left_of_a_copy_that_was_stopped(tmp_path: Path) -> None:
    def stop(frame: Frame) -> None:
        if frame.t_s > 0.5:
            raise KeyboardInterrupt

    path = encode(tmp_path / "a.avi", Clip(codec="mpeg4"))
    with pytest.raises(KeyboardInterrupt):
        make_playable(path, tmp_path / "copies" / "copy.mp4", on_frame=stop)
    assert not list(tmp_path.glob("copies/*"))


def test_an_older_copy_stays_where_a_new_one_fails(tmp_path: Path) -> None:
    out = tmp_path / "copy.mp4"
    out.write_bytes(b"older")
    with pytest.raises(VideoError):
        make_playable(cut_off(tmp_path / "a.mp4"), out)
    assert out.read_bytes() == b"older"


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP))
    before = path.read_bytes()
    with pytest.raises(UsageError):
        make_playable(path, path)
    with pytest.raises(FileError):
        make_playable(path, tmp_path)
    assert path.read_bytes() == before


def test_a_copy_with_other_times_is_not_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encode(tmp_path / "a.mp4", Clip(options=SHORT_GOP))
    monkeypatch.setattr(playback, "_CLOSE_S", -1.0)
    with pytest.raises(VideoError, match="its times do not go into an MP4"):
        make_playable(path, tmp_path / "copies" / "copy.mp4")
    assert not list(tmp_path.glob("copies/*"))


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p", "yuv420p10le"])
@pytest.mark.parametrize(("options", "whole"), [({}, True), ({"cqm": "jvt"}, True), ({"fake-interlaced": "1"}, False)])
def test_whether_fields_may_come_is_read_from_the_sequence(
    tmp_path: Path, pix_fmt: str, options: dict[str, str], whole: bool
) -> None:
    said = ":".join(f"{name}={value}" for name, value in options.items())
    clip = Clip(pix_fmt=pix_fmt, options={"preset": "ultrafast", "x264-params": said} if said else {})
    with av.open(str(encode(tmp_path / "a.mp4", clip, scene(3)))) as container:
        found = sequences(container.streams.video[0].codec_context.extradata)
    assert [codes_whole_frames(one) for one in found] == [whole]


CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Where the player stands after being sent to the middle of each frame.
SEEK = """async ([source, places]) => {
  const video = document.createElement("video");
  document.body.replaceChildren(video);
  const first = new Promise((done, failed) => {
    video.requestVideoFrameCallback(done);
    video.onerror = () => failed(new Error(video.error.message));
  });
  video.muted = true;
  video.src = source;
  await first;
  const times = [];
  for (const place of places) {
    const shown = new Promise((done, failed) => {
      setTimeout(() => failed(new Error(`no picture at ${place}`)), 20000);
      video.requestVideoFrameCallback((now, metadata) => done(metadata.mediaTime));
    });
    video.currentTime = place;
    times.push(await shown);
  }
  return {times, width: video.videoWidth, height: video.videoHeight};
}"""


class Serving(http.server.BaseHTTPRequestHandler):
    """Serves one folder's files in the parts that a player asks for, and a page with a player."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, folder: Path) -> None:
        self.folder = folder
        super().__init__(*arguments)

    def do_GET(self) -> None:
        file = self.folder / self.path.lstrip("/")
        data = file.read_bytes() if file.is_file() else b"<!doctype html><link rel=icon href=data:,><body>"
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        stop = int(asked[2]) + 1 if asked and asked[2] else len(data)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Type", "video/mp4" if file.is_file() else "text/html")
        self.send_header("Accept-Ranges", "bytes")
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{min(stop, len(data)) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data[start:stop])))
        self.end_headers()
        self.wfile.write(data[start:stop])

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Any]:
    """A page of a real browser, with a player, on a server that gives out the folder ``copies``."""
    wanted = os.environ.get("LITTERMATE_REQUIRE_BROWSER")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        (pytest.fail if wanted else pytest.skip)("playwright is not installed")
    if not CHROMIUM.is_file() or shutil.which(str(CHROMIUM)) is None:
        (pytest.fail if wanted else pytest.skip)(f"no Chromium at {CHROMIUM}")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Serving, folder=tmp_path / "copies")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=str(CHROMIUM), args=list(OPTIONS))
            shown = browser.new_page()
            shown.goto(f"http://127.0.0.1:{server.server_port}/")
            yield shown
            browser.close()
        server.shutdown()


def test_a_browser_shows_each_frame_at_the_recordings_time(tmp_path: Path, page: Any) -> None:
    turned = with_rotation(encode(tmp_path / "up.mp4", Clip(options=B_FRAMES)), tmp_path / "turned.mp4", 90)
    sources = {
        encode(tmp_path / "b-frames.mp4", Clip(options=B_FRAMES)): (True, (WIDTH, HEIGHT)),
        encode(tmp_path / "b-frames.ts", Clip(options=B_FRAMES)): (True, (WIDTH, HEIGHT)),
        encode(tmp_path / "phone.mkv", PHONE): (True, (WIDTH, HEIGHT)),
        encode(tmp_path / "mpeg4.avi", Clip(codec="mpeg4")): (False, (WIDTH, HEIGHT)),
        encode(tmp_path / "open.mp4", ENCODED["open.mp4"][0]): (False, (WIDTH, HEIGHT)),
        turned: (False, (HEIGHT, WIDTH)),
    }
    for path, (copied, size) in sources.items():
        name = path.name.replace(".", "-") + ".mp4"
        made = make_playable(path, tmp_path / "copies" / name)
        assert made.copied == copied
        numbers = [7, 3, 30, 12, 48, 49, 0, 1, 2, 25, 24, 23]
        places = [made.t_s[k] + np.diff(made.t_s, append=made.t_s[-1] + 0.04)[k] / 2 for k in numbers]
        shown = page.evaluate(SEEK, [f"/{name}", [float(place) for place in places]])
        assert shown["times"] == pytest.approx(made.t_s[numbers].tolist(), abs=1e-3)
        assert (shown["width"], shown["height"]) == size


def test_packets_alone_are_copied_or_nothing_is_written(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", (np.full((48, 64), 16 + 9 * k, np.uint8) for k in range(5)), fps=25)
    copy = copy_packets(tmp_path / "a.mp4", tmp_path / "copy.mp4")
    assert copy is not None
    assert (copy.copied, copy.t_s.tolist()) == (True, [0.0, 0.04, 0.08, 0.12, 0.16])
    damaged = replace(read_recording(tmp_path / "a.mp4"), corrupt_frames=1)
    assert copy_packets(tmp_path / "a.mp4", tmp_path / "other.mp4", decoded=damaged) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "copy.mp4"]
