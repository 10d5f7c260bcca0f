"""Packets: what a recording's container says of itself, found without decoding a single picture.

Times here are the stream's own integer timestamps ("ticks" of `time_base`). A packet is *shown* unless the container
marks it as outside the edit list (a player decodes such packets but does not show them). Where a container states no
presentation times, decoding times stand in for them. The scan reads the whole file once, at a small part of the cost
of decoding it, and refuses what cannot give true times: a file that ends before its header says, a clock that starts
anew, a stream without timestamps, a still picture.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import av.logging
import numpy as np
from numpy.typing import NDArray

from littermate.errors import VideoError
from littermate.video.extent import ends_early, is_open_ended

__all__ = ["DEMUX_FAULTS", "PacketScan", "open_video", "scan_packets"]

Ticks = NDArray[np.int64]

# PyAV looks streams up by number; in a damaged file a packet may name one that is not there.
DEMUX_FAULTS = (av.error.FFmpegError, IndexError)

_WITHOUT_TIMES = {"h264", "hevc", "vvc", "m4v", "mpegvideo", "mjpeg", "vc1", "cavsvideo", "rawvideo", "obu", "h263"}
_STILL = {"image2", "ico", "psd"}
_STATES_LENGTH = ("mov", "avi", "matroska", "asf", "flv", "gif", "nut", "ogg")
_COUNTS_FROM_ZERO = ("matroska", "flv", "ogg")
_REORDERS = {"h264", "hevc"}
_SHORT_S, _SHORT_SHARED_S = 0.2, 2.0
_SHORT_INTERVALS = 2.5
_LAST_INTERVALS = 1.5
_SLOWEST_FPS, _FASTEST_FPS = 0.1, 2000
_MISSING = np.iinfo(np.int64).min
_COPY_AGAIN = "copy the file again; if it was cut off while recording, its trial cannot be scored whole"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PacketScan:
    """What the packets of one video stream say.

    Parameters
    ----------
    container, codec
        FFmpeg's names of them.
    time_base
        Seconds a tick.
    shown
        (n,) sorted, distinct times of the shown packets, in ticks.
    keys
        (m, 2) presentation and decoding time of every packet where decoding can start, in the file's order, in ticks.
    wild
        Times of single packets that lie outside the run of the clock, in ticks.
    frames_header, promised_s
        Frames and seconds of video that the header promises; `None` where it does not say.
    promise_is_shared
        Whether the promised seconds are those of the whole file, with its sound.
    damaged
        Packets that the container itself marks as corrupt.
    complaints
        Errors that FFmpeg wrote to its log while packets were read.
    hidden
        Packets outside the edit list.
    square
        Whether pixels are as wide as high.
    decoding_times_only
        Whether the container has no times of presentation for a codec that reorders its pictures.
    ahead
        How far decoding has to be ahead of showing, in ticks, for every picture to be there in time: zero where
        pictures are stored in the order in which they are shown.
    """

    container: str
    codec: str
    time_base: Fraction
    shown: Ticks
    keys: Ticks
    wild: frozenset[int]
    frames_header: int | None
    promised_s: float | None
    promise_is_shared: bool
    damaged: int
    complaints: int
    hidden: int
    square: bool
    decoding_times_only: bool
    ahead: int

    def time_of(self, packet: av.Packet) -> int | None:
        """Return the time of a packet in ticks."""
        ticks: int | None = packet.dts if packet.pts is None or self.decoding_times_only else packet.pts
        return ticks

    def knows(self, ticks: int) -> bool:
        """Tell whether a shown packet has this time."""
        place = int(np.searchsorted(self.shown, ticks))
        return place < len(self.shown) and int(self.shown[place]) == ticks

    @property
    def held_s(self) -> float:
        """Seconds of shown packets, counted as the header counts (some count from zero, not from the first)."""
        start = 0 if self.container.startswith(_COUNTS_FROM_ZERO) else self.shown[0]
        return float((self.shown[-1] - start) * self.time_base) + self.interval_s

    @property
    def is_short(self) -> bool:
        """Whether there is less than the header says, by more than the last frame's length.

        The header of an AVI counts frames that were dropped while recording, too; there only time counts.
        """
        if self.container == "avi":
            return self.held_s < (self.promised_s or 0.0) - 0.5 * self.interval_s
        fewer = not self.hidden and len(self.shown) < (self.frames_header or 0)
        return fewer or self.held_s < (self.promised_s or 0.0) - _LAST_INTERVALS * self.interval_s

    @property
    def interval_s(self) -> float:
        """Median interval between shown packets, in seconds."""
        return float(np.median(np.diff(self.shown)) * float(self.time_base))


@contextmanager
def open_video(path: Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """Open a recording and choose its video stream, to be decoded in one thread.

    FFmpeg's messages are counted (they are how some decoders tell of damage) and never printed.

    Raises
    ------
    VideoError
        If no demuxer opens the file, it holds no moving picture, or there is no decoder for it.
    """
    if av.logging.get_level() is None:
        av.logging.set_level(av.logging.PANIC)
    try:
        container = av.open(str(path), metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as fault:
        raise VideoError(
            expected="a video", found=_what_it_is(path), do="copy it again from the camera", where=str(path)
        ) from fault
    with container:
        yield container, _video_stream(container, path)


def scan_packets(path: Path) -> PacketScan:
    """Read every packet of a recording and say what they are.

    Raises
    ------
    VideoError
        If the file ends before its header says, has no timestamps, its clock starts anew, or it is no moving picture.
    """
    with open_video(path) as (container, stream):
        scan = _scan(container, stream, path)
    _refuse_short(scan, path)
    return scan


def _scan(container: av.container.InputContainer, stream: av.VideoStream, path: Path) -> PacketScan:
    found = _read_all(container, stream, path)
    codec = stream.codec_context.name
    _refuse_still(container.format.name, len(found.pts), path)
    pts, dts = np.array(found.pts, np.int64), np.array(found.dts, np.int64)
    if container.format.name in _WITHOUT_TIMES or np.any((pts == _MISSING) & (dts == _MISSING)):
        raise _fault(
            path,
            expected="a timestamp for every frame",
            found=f"a {codec} stream without timestamps",
            do="remux it into MP4 or MKV at its true frame rate",
        )
    pts = np.where(pts == _MISSING, dts, pts)
    if only_dts := container.format.name == "avi" and codec in _REORDERS and bool(np.all(dts != _MISSING)):
        pts = dts
    flags = np.array(found.flags, np.uint8)
    assert stream.time_base is not None
    wild = _wild(pts, dts, stream.time_base, path)
    visible = (flags & _HIDDEN == 0) & ~wild
    promised_s, shared = _promised(container, stream)
    is_key = (flags & _KEY > 0) & ~wild
    return PacketScan(
        container=container.format.name,
        codec=codec,
        time_base=stream.time_base,
        shown=np.unique(pts[visible]),
        keys=np.column_stack([pts[is_key], np.where(dts == _MISSING, pts, dts)[is_key]]),
        wild=frozenset(pts[wild].tolist()),
        frames_header=stream.frames or None,
        promised_s=None if is_open_ended(path, container.format.name) else promised_s,
        promise_is_shared=shared,
        damaged=int(np.sum(flags & _DAMAGED > 0)),
        complaints=found.complaints,
        hidden=int(np.sum(flags & _HIDDEN > 0)),
        square=not stream.sample_aspect_ratio or stream.sample_aspect_ratio == 1,
        decoding_times_only=only_dts,
        ahead=int(np.max(np.sort(pts[visible]) - pts[visible], initial=0)),
    )


_KEY, _HIDDEN, _DAMAGED = 1, 2, 4


class _Found:
    """The packets' times and flags, in the file's order."""

    __slots__ = ("complaints", "dts", "flags", "pts")

    def __init__(self) -> None:
        self.pts, self.dts, self.flags = array("q"), array("q"), array("B")
        self.complaints = 0

    def take(self, packet: av.Packet) -> None:
        pts, dts = packet.pts, packet.dts
        self.pts.append(_MISSING if pts is None else pts)
        self.dts.append(_MISSING if dts is None else dts)
        self.flags.append(packet.is_keyframe * _KEY | packet.is_discard * _HIDDEN | packet.is_corrupt * _DAMAGED)


def _read_all(container: av.container.InputContainer, stream: av.VideoStream, path: Path) -> _Found:
    """Read all packets; refuse a file whose data break off or that the demuxer calls ended too early."""
    found = _Found()
    before = av.logging.get_last_error()[0]
    try:
        for packet in container.demux(stream):
            if packet.size:
                found.take(packet)
    except DEMUX_FAULTS as fault:
        raise _cut_off(path, f"{len(found.pts)} frames, then the data break off ({fault})") from fault
    count, last = av.logging.get_last_error()
    if count > before and last is not None and "ended prematurely" in last[2]:
        raise _cut_off(path, f"{len(found.pts)} frames, then the file ends in the middle of an element")
    found.complaints = count - before
    if ends_early(path, container.format.name):
        raise _cut_off(path, f"{len(found.pts)} frames, then the file ends before its container does")
    return found


def _wild(pts: Ticks, dts: Ticks, time_base: Fraction, path: Path) -> NDArray[np.bool_]:
    """Find single packets outside the run of the clock; refuse a clock that starts anew."""
    clock = np.where(dts == _MISSING, pts, dts) if np.all(dts != _MISSING) else pts
    wild = np.zeros(len(clock), bool)
    if np.any(dts == _MISSING):
        return wild
    for i in np.flatnonzero(np.diff(clock) < 0) + 1:
        if i >= 2 and clock[i] >= clock[i - 2]:
            wild[i - 1] = True
        elif i + 1 < len(clock) and clock[i + 1] >= clock[i - 1]:
            wild[i] = True
        else:
            at, back = (float((clock[k] - clock[0]) * time_base) for k in (i - 1, i))
            raise _fault(
                path,
                expected="times that rise",
                found=f"a clock that starts anew: {back:.3f} s after {at:.3f} s",
                do="split the recording where its clock starts anew",
            )
    return wild


def _promised(container: av.container.InputContainer, stream: av.VideoStream) -> tuple[float | None, bool]:
    """Return the seconds of video that the header promises, and whether they are those of the file with its sound."""
    name = container.format.name
    if not name.startswith(_STATES_LENGTH):
        return None, False
    if stated := stream.metadata.get("DURATION"):
        return _seconds(stated), False
    if name == "avi" and stream.frames and stream.average_rate:
        return float(stream.frames / stream.average_rate), False
    if stream.duration and stream.time_base is not None:
        return float(stream.duration * stream.time_base), False
    whole = container.duration / av.time_base if container.duration else None
    return whole, len(container.streams) > 1


def _seconds(stated: str) -> float | None:
    """Read the hours:minutes:seconds that Matroska files state for a stream."""
    match = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", stated.strip("\0 "))
    return None if match is None else 3600 * int(match[1]) + 60 * int(match[2]) + float(match[3])


def _refuse_short(scan: PacketScan, path: Path) -> None:
    if len(scan.shown) < 2:
        raise _fault(
            path,
            expected="a video of two frames or more",
            found=f"{len(scan.shown)} frames",
            do="check that this is the recording and not a still or an empty file",
        )
    if not 1 / _FASTEST_FPS <= scan.interval_s <= 1 / _SLOWEST_FPS:
        raise _fault(
            path,
            expected=f"{_SLOWEST_FPS:g} to {_FASTEST_FPS:g} frames a second",
            found=f"{1 / scan.interval_s:.3g}",
            do="remux it into MP4 or MKV at its true frame rate",
        )
    allowed = max(_SHORT_SHARED_S if scan.promise_is_shared else _SHORT_S, _SHORT_INTERVALS * scan.interval_s)
    if scan.promised_s is not None and scan.held_s < scan.promised_s - allowed:
        raise _fault(
            path,
            expected=f"{scan.promised_s:.2f} s of video, as the header says",
            found=f"{scan.held_s:.2f} s ({len(scan.shown)} frames)",
            do=_COPY_AGAIN,
        )


def _refuse_still(container: str, frames: int, path: Path) -> None:
    if container in _STILL or container.endswith("_pipe"):
        raise _fault(
            path, expected="a video", found=f"a still picture ({container})", do="check that this is the recording"
        )
    if frames < 2:
        raise _fault(
            path,
            expected="a video of two frames or more",
            found=f"{frames} frames",
            do="check that this is the recording and not a still or an empty file",
        )


def _video_stream(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    """Choose the stream that a player shows, never a cover picture."""
    stream = container.streams.best("video")
    if stream is None or "attached_pic" in str(stream.disposition):
        raise _fault(
            path,
            expected="a video stream",
            found="none in this file" if stream is None else "only a cover picture",
            do="check that this is the recording",
        )
    if stream.codec_context is None:
        raise _fault(
            path, expected="a video that can be decoded", found="a codec nobody here knows", do="export it as MP4"
        )
    stream.codec_context.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream


def _what_it_is(path: Path) -> str:
    """Say what a file is that no demuxer opens."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as fault:
        return f"a file that may not be read ({fault.strerror})"
    if start[4:8] in (b"ftyp", b"mdat", b"moov", b"wide", b"skip", b"free"):
        return "an MP4 that cannot be opened: cut off while recording (its index, written last, is missing) or damaged"
    if not start.strip(b"\0"):
        return "a file of zeros: reserved, but never written"
    if all(32 <= byte < 127 or byte in b"\t\r\n\f" for byte in start):
        return "a text file"
    return "a file that no decoder opens: cut off while recording, damaged, or not a video"


def _cut_off(path: Path, found: str) -> VideoError:
    return _fault(path, expected="a recording that goes on to its end", found=found, do=_COPY_AGAIN)


def _fault(path: Path, *, expected: str, found: str, do: str) -> VideoError:
    return VideoError(expected=expected, found=found, do=do, where=str(path))
