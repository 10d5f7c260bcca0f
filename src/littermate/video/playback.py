"""Playback: a copy of a recording that any browser plays, frame for frame at the recording's own times.

For scoring by hand. The copy is an MP4 with its index first and one track: H.264, 8 bits, 4:2:0. Its first frame is at
0 and every other where `FrameReader` has it (``t_s``, seconds from the first shown frame), so a moment chosen in the
player is that moment of the recording; the copy's times are read back and compared before it is handed over. It says
nothing of where it comes from: no titles, dates, names, sound, subtitles or covers, and in the pictures' own data no
remarks (cameras and encoders write those, with dates). What the lens saw stays, a label on the cage with it.

A recording that a browser plays as it is, is *copied*: its packets go over without being decoded. Everything
else is *encoded anew* from what the package's own reader gives, so that turned, interlaced, edited and damaged
recordings look and last as everything else here has them: in colour, of interlaced pictures the even lines, in studio
range, with sides made even by repeating the last row or column. Frames that are not trusted are shown too.

Stepping back one frame makes a player decode from the keyframe before it. That costs pixels times frames, about 2 ns a
pixel (640 x 480: 0.6 ms a frame): a recording with more than 150 million pixels from one keyframe to the next (0.3 s;
488 frames of 640 x 480, 72 of 1920 x 1080) is encoded anew with a keyframe every 20 frames. A limit in seconds of video
would be wrong for both: 10 s of a small picture are gone through at once, 4 s of a large one are not. A recording whose
keyframes do not stand alone (open groups of pictures) is encoded anew too: a browser that is sent to one waits forever.

Damage *inside* packets shows only in decoding. Where a recording has been read before, pass what was found, and one
with corrupt frames is encoded anew; a browser may stop at them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.bitstream import BitStreamFilterContext
from av.sidedata.sidedata import Type
from numpy.typing import NDArray

from littermate.errors import UsageError, VideoError
from littermate.files import require_file, written_whole
from littermate.model.recording import Recording
from littermate.video.frames import Frame, FrameReader
from littermate.video.h264 import KEY_UNIT, PICTURE_UNITS, SEQUENCE_UNIT, codes_whole_frames, sequences, units
from littermate.video.luma import Luma, studio_range
from littermate.video.packets import DEMUX_FAULTS, PacketScan, open_video, scan_packets

__all__ = ["Playable", "copy_packets", "make_playable"]

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]

_PLAYED = {"yuv420p", "yuvj420p"}
_MOST_PIXELS = 150e6
_TIME_BASE = Fraction(1, 90_000)
_CLOSE_S = 1e-4
_MUXING = {"movflags": "+faststart", "fflags": "+bitexact"}
_ONLY_PICTURES = "filter_units=pass_types=" + "|".join(map(str, sorted(PICTURE_UNITS)))
# With x264's macroblock tree or more than one thread, the same pictures do not give the same bytes.
_ENCODING = {
    "preset": "veryfast",
    "crf": "23",
    "g": "20",
    "bf": "0",
    "flags": "+bitexact",
    "x264-params": "threads=1:mbtree=0:scenecut=0",
}
_UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_STUDIO = 1
_NEUTRAL = 128


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Playable:
    """What a playable copy holds.

    Parameters
    ----------
    t_s : (n,)
        Time of each frame in the copy, and in the recording, in seconds from its first shown frame.
    width, height
        Of its pictures, in pixels.
    copied
        Whether the recording's packets were copied; else its pictures were encoded anew.
    why
        Why they had to be, in words; empty where packets were copied.
    """

    t_s: Floats
    width: int
    height: int
    copied: bool
    why: str


def make_playable(
    path: str | Path,
    out: str | Path,
    *,
    on_frame: Callable[[Frame], None] | None = None,
    decoded: Recording | None = None,
) -> Playable:
    """Write a copy of a recording that any browser plays, with the recording's own times and nothing else of it.

    Parameters
    ----------
    path
        The recording.
    out
        The MP4 file to write, whole or not at all.
    on_frame
        Called with each frame that is decoded; with none where packets are copied.
    decoded
        What a full reading of this recording found earlier; one with damaged frames is encoded anew.

    Raises
    ------
    VideoError
        If `FrameReader` refuses the recording, or the copy cannot be written.
    UsageError
        If `out` is the recording itself.

    Examples
    --------
    >>> import tempfile
    >>> from littermate.simulate.encode import write_video
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_video(folder / "a.mp4", (np.full((48, 64), 16 + 9 * k, np.uint8) for k in range(5)), fps=25)
    >>> copy = make_playable(folder / "a.mp4", folder / "copy.mp4")
    >>> copy.copied, copy.t_s.tolist()
    (True, [0.0, 0.04, 0.08, 0.12, 0.16])
    """
    source, out = _opened(path, out)
    with written_whole(out) as part, _writing(out):
        why = _why_not(source, decoded) or _copy(source, part)
        return _encode(source, part, why, on_frame) if why else _copied(source)


def copy_packets(path: str | Path, out: str | Path, *, decoded: Recording | None = None) -> Playable | None:
    """Write the copy as `make_playable` does if packets can be copied, in a moment; else nothing is written.

    Parameters and errors are those of `make_playable`.
    """
    source, out = _opened(path, out)
    if _why_not(source, decoded):
        return None
    with suppress(_UnfitError), written_whole(out) as part, _writing(out):
        if _copy(source, part):
            raise _UnfitError
        return _copied(source)
    return None


class _UnfitError(Exception):
    """A copy that is not to be kept."""


def _opened(path: str | Path, out: str | Path) -> tuple[_Source, Path]:
    path, out = Path(path), Path(out)
    if out.exists() and path.exists() and out.samefile(path):
        raise UsageError(expected="another file than the recording", found=str(out), do="name the copy differently")
    return _Source.of(path), out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A recording before it is copied: its packets, and how its first picture looks."""

    path: Path
    scan: PacketScan
    width: int
    height: int
    format: str
    first: int | None
    interlaced: bool
    turned: bool
    aspect: Fraction

    @classmethod
    def of(cls, path: Path) -> _Source:
        scan = scan_packets(require_file(path, VideoError))
        with open_video(path) as (container, stream):
            picture = _first_picture(container, stream)
            context = stream.codec_context
            return cls(
                path=path,
                scan=scan,
                width=context.width,
                height=context.height,
                format=str(context.pix_fmt),
                first=None if picture is None else picture.pts,
                interlaced=picture is not None and picture.interlaced_frame,
                turned=picture is not None and _is_turned(picture),
                aspect=_aspect(stream, picture),
            )

    @property
    def t_s(self) -> Floats:
        """Times of all shown packets, as frames have them."""
        base = self.scan.time_base
        return np.asarray((self.scan.shown - self.scan.shown[0]) * base.numerator / base.denominator, np.float64)


def _first_picture(container: av.container.InputContainer, stream: av.VideoStream) -> av.VideoFrame | None:
    """Decode until there is a picture; what cannot be decoded is the reader's to judge."""
    try:
        for packet in container.demux(stream):
            for picture in packet.decode():
                return picture
    except DEMUX_FAULTS:
        return None
    return None


def _aspect(stream: av.VideoStream, picture: av.VideoFrame | None) -> Fraction:
    """Return how wide a pixel is for its height, as shown: after a quarter turn, its height is its width."""
    aspect = Fraction(stream.sample_aspect_ratio or 1)
    return 1 / aspect if picture is not None and round(picture.rotation / 90) % 2 else aspect


def _is_turned(picture: av.VideoFrame) -> bool:
    """Tell whether a player is asked to turn or mirror the picture."""
    for side in picture.side_data:
        if side.type == Type.DISPLAYMATRIX:
            return tuple(np.frombuffer(bytes(side), np.int32).tolist()) != _UPRIGHT
    return bool(picture.rotation)


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Say in words that a copy could not be written."""
    try:
        yield
    except av.error.FFmpegError as fault:
        raise VideoError(
            expected="a place where the copy can be written",
            found=f"writing stopped ({fault.strerror})",
            do="check the folder and the space on the disk",
            where=str(out),
        ) from fault


def _why_not(source: _Source, decoded: Recording | None) -> str:
    """Say why the packets of a recording cannot be shown as they are; nothing where they can."""
    scan = source.scan
    damaged = scan.damaged or scan.complaints or (decoded is not None and decoded.corrupt_frames)
    lost = source.first != scan.shown[0] and not scan.decoding_times_only
    lost = lost or (decoded is not None and decoded.frames_decoded != len(scan.shown))
    reasons = {
        f"its pictures are {scan.codec}, which not every browser plays": scan.codec != "h264",
        f"its pictures are {source.format}, not 8-bit 4:2:0": source.format not in _PLAYED,
        "it is interlaced": source.interlaced,
        "the file says to turn its pictures": source.turned,
        "its pixels are not as wide as high": source.aspect != 1,
        "an edit list hides some of its frames": scan.hidden > 0,
        "it is damaged in places": damaged,
        "some of its packets give no picture": lost,
        "single packets have a time far off": bool(scan.wild),
        "its container does not say when each picture is shown": scan.decoding_times_only,
    }
    return "; ".join(words for words, is_so in reasons.items() if is_so)


def _copied(source: _Source) -> Playable:
    return Playable(t_s=source.t_s, width=source.width, height=source.height, copied=True, why="")


def _copy(source: _Source, part: Path) -> str:
    """Copy the packets of the shown pictures; say why that cannot be used, nothing where it can."""
    try:
        _copy_packets(source, part)
    except (*DEMUX_FAULTS, ValueError):
        return "its packets do not go into an MP4 as they are"
    return _misfit(part, source.t_s, keyframes=len(source.scan.keys))


def _copy_packets(source: _Source, part: Path) -> None:
    """Copy packets, the first shown picture at 0; decoding times are made of the times of showing.

    A container may state no decoding times (Matroska), or odd ones; the n-th packet is decoded when the n-th picture
    is shown, but for a lead that is the same for all.
    """
    scan = source.scan
    first, interval = int(scan.shown[0]), round(scan.interval_s / scan.time_base)
    decoding = iter((scan.shown - first - scan.ahead).tolist())
    with open_video(source.path) as (container, stream), av.open(str(part), "w", format="mp4", options=_MUXING) as copy:
        track = copy.add_stream_from_template(stream)
        pictures_of = BitStreamFilterContext(_ONLY_PICTURES, stream, track)
        track.codec_context.codec_tag = "avc1"
        for kept, dts in zip(_kept(container.demux(stream), pictures_of), decoding, strict=True):
            kept.stream, kept.time_base = track, scan.time_base
            kept.pts, kept.dts = kept.pts - first, dts
            kept.duration = kept.duration or interval
            copy.mux(kept)


def _kept(packets: Iterable[av.Packet], pictures_of: BitStreamFilterContext) -> Iterator[av.Packet]:
    """Yield packets without what is no picture in them; refuse a new head (it comes with a keyframe)."""
    for packet in packets:
        if not packet.size:
            continue
        if packet.pts is None or (packet.is_keyframe and packet.has_sidedata("new_extradata")):
            raise ValueError("a packet without its time, or with another head")
        yield from pictures_of.filter(packet)


def _misfit(copy: Path, t_s: Floats, *, keyframes: int = 0) -> str:
    """Read a copy back and say what is wrong with it; nothing where nothing is.

    Every one of its keyframes has to stand alone: the file lists them all, and after a seek to one that leans on
    earlier pictures a browser waits for a picture that does not come.
    """
    with open_video(copy) as (container, stream):
        held = _Held(sequences(stream.codec_context.extradata or b""), stream.time_base)
        for packet in container.demux(stream):
            if packet.size:
                held.take(packet)
        run, context = held.run, stream.codec_context
        too_far = run * context.width * context.height > _MOST_PIXELS
        faults = {
            "its times do not go into an MP4 as they are": not held.agrees(t_s),
            "its packets hold more than pictures": not held.kinds <= PICTURE_UNITS,
            "its pictures are described more than once, and not alike": len(held.sequences) != 1,
            "it may be interlaced": not all(map(codes_whole_frames, held.sequences)),
            "its keyframes do not stand alone": held.alone < keyframes,
            f"there are up to {run} frames from one that stands alone to the next, many for stepping back": too_far,
        }
    return "; ".join(words for words, is_so in faults.items() if is_so)


class _Held:
    """What the packets of a copy hold."""

    def __init__(self, described: list[bytes], time_base: Fraction) -> None:
        self.sequences, self.kinds = set(described), set[int]()
        self.alone = 0
        self._base, self._ticks, self._starts = time_base, array("q"), [0]

    def take(self, packet: av.Packet) -> None:
        alone = False
        for kind, unit in units(bytes(packet)):
            self.kinds.add(kind)
            if kind == KEY_UNIT:
                alone = True
            elif kind == SEQUENCE_UNIT:
                self.sequences.add(unit)
        if alone:
            self._starts.append(len(self._ticks))
            self.alone += 1
        self._ticks.append(packet.pts)

    @property
    def run(self) -> int:
        """Most frames from one that stands alone to the next."""
        return int(np.max(np.diff([*self._starts, len(self._ticks)])))

    def agrees(self, t_s: Floats) -> bool:
        """Tell whether packets have the times of the frames, each once."""
        if len(self._ticks) != len(t_s):
            return False
        seconds = np.sort(np.array(self._ticks, np.int64)) * (self._base.numerator / self._base.denominator)
        return bool(np.max(np.abs(seconds - t_s)) < _CLOSE_S)


class _ColourReader(FrameReader):
    """Reads frames, and keeps of the one at hand the picture it was made of."""

    picture: av.VideoFrame
    layout: Luma

    def _frame(self, picture: av.VideoFrame, luma: Luma, t_s: float, trusted: bool) -> Frame:
        self.picture, self.layout = picture, luma
        return super()._frame(picture, luma, t_s, trusted)


def _encode(source: _Source, part: Path, why: str, on_frame: Callable[[Frame], None] | None) -> Playable:
    """Decode a recording and encode its pictures anew, each at its time."""
    reader, times = _ColourReader(source.path), array("d")
    height, width = (side + side % 2 for side in reader.size)
    with av.open(str(part), "w", format="mp4", options=_MUXING) as copy:
        track = _Track(copy, source, width=width, height=height)
        for frame in reader:
            track.add(_planes(frame, reader.picture, reader.layout), frame.t_s)
            times.append(frame.t_s)
            if on_frame is not None:
                on_frame(frame)
        track.end()
    t_s = np.array(times)
    if misfit := _misfit(part, t_s):
        raise VideoError(
            expected="a copy with the recording's own times",
            found=f"of the copy: {misfit}",
            do="remux the recording into MP4 or MKV at its true frame rate",
            where=str(source.path),
        )
    return Playable(t_s=t_s, width=width, height=height, copied=False, why=why)


class _Track:
    """The one track of a copy that is encoded anew."""

    def __init__(self, copy: av.container.OutputContainer, source: _Source, *, width: int, height: int) -> None:
        interval = source.scan.interval_s
        stream = copy.add_stream("libx264", rate=Fraction(1 / interval).limit_denominator(1001), options=_ENCODING)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.thread_type = "NONE"
        context = stream.codec_context
        context.time_base, context.color_range = _TIME_BASE, _STUDIO
        context.sample_aspect_ratio = source.aspect
        self._copy, self._stream = copy, stream
        self._interval, self._last = round(interval / _TIME_BASE), -1
        self._pictures_of = BitStreamFilterContext(_ONLY_PICTURES, stream)

    def add(self, planes: Picture, t_s: float) -> None:
        picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        self._last = max(round(t_s / _TIME_BASE), self._last + 1)
        picture.pts, picture.time_base = self._last, _TIME_BASE
        self._write(picture)

    def end(self) -> None:
        self._write(None)

    def _write(self, picture: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(picture):
            for kept in self._pictures_of.filter(packet):
                kept.stream, kept.time_base = self._stream, _TIME_BASE
                kept.duration = kept.duration or self._interval
                self._copy.mux(kept)


def _planes(frame: Frame, picture: av.VideoFrame, layout: Luma) -> Picture:
    """Return a frame as 4:2:0 in studio range with even sides: its own grey levels, with the picture's colours."""
    height, width = frame.luma.shape
    high, wide = height + height % 2, width + width % 2
    planes = np.empty((high * 3 // 2, wide), np.uint8)
    planes[:height, :width] = studio_range(frame.luma, frame.full_range)
    planes[:height, width:] = planes[:height, width - 1 : width]
    planes[height:high] = planes[height - 1]
    colours = planes[high:].reshape(2, high // 2, wide // 2)
    if len(picture.format.components) < 3:
        colours[:] = _NEUTRAL
    else:
        colours[:] = _colours(picture, layout)
    return planes


def _colours(picture: av.VideoFrame, layout: Luma) -> Picture:
    """Return the two planes of colour, of half the sides, turned as the grey levels are."""
    small = picture.reformat(format="yuv420p", dst_color_range=_STUDIO)
    height, width = (picture.height + 1) // 2, (picture.width + 1) // 2
    planes = [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width] for plane in small.planes[1:3]
    ]
    if picture.interlaced_frame:
        planes = [np.repeat(plane[::2], 2, axis=0)[:height] for plane in planes]
    return np.stack([np.rot90(plane, layout.turns) for plane in planes])
