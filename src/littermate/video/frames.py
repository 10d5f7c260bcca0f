"""Frames: a recording, or a window of it, as luma pictures with true timestamps.

Times are the file's own timestamps in seconds from its first shown frame, never index / fps. A picture is the 8-bit
luma as the decoder left it (see `littermate.video.luma`): a *view*, to be used before the next frame is asked for.
`trusted` is false for a frame that is damaged or built on a damaged one. Decoding is in one thread; nothing but times
is kept, so memory does not grow with the pictures.

Before any picture is decoded, all packets are looked at (`littermate.video.packets`): a file that ends before its
header says, whose clock starts anew, or that has no timestamps is refused, also where only a window of it is wanted.
A window gives the same frames, times and pixels as a full read: decoding starts at the keyframe at or before it, or
farther back where the first picture is then not to be trusted (some files mark pictures as keyframes that are none).

`FrameReader.notes` are the things worth telling that have no field in `Recording`:

=================== ================================================================================================
clock-offset        the file's own clock is past zero at its first frame, in a container that begins at zero
converted           the pixel format has no luma plane; grey levels were computed
damaged-container   the container is damaged in places; what lay there is lost
damaged-packets     packets were damaged; their pictures, and those built on them, are not trusted
edit-list           the file holds more than a player shows; only what is shown was read
interlaced          two fields a picture; the even lines were used
late-start          the first packets give no picture (filmed from a running stream); time starts at the first that does
length-unstated     nothing in the file says how long it should be: a lost end cannot be noticed
lost-frames         packets gave no picture; their time is a gap
pixel-aspect        pixels are not as wide as high
repeated-times      several pictures have one time; the first of each was used
rotated             turned as the file says
short-of-header     less than the header says, but not by enough to be refused
wild-timestamps     single packets with a time far off were left out
=================== ================================================================================================
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError, VideoError
from littermate.files import require_file, sha256_of
from littermate.model.recording import Recording
from littermate.video.damage import Damage
from littermate.video.luma import Luma, studio_range
from littermate.video.packets import DEMUX_FAULTS, PacketScan, open_video, scan_packets

__all__ = ["Frame", "FrameReader", "read_recording", "studio_range"]

Floats = NDArray[np.float64]

_GAP_INTERVALS = 3.0
_LOST_INTERVALS = 1.5
_OFFSET_S = 0.5
_FROM_ZERO = ("mov", "avi", "matroska", "asf", "flv", "gif")
_OUT_OF_ORDER_S = 1.0
_STEPS_BACK = (0, 1, 4)
_DEBLOCKED = {"h264", "hevc"}
# The first packet may name the encoder: FFmpeg reads what old x264 wrote in 4:4:4 wrongly where it has not seen it.
_KNOWN_BY_ITS_START = {"h264"}
# Times counted or made up on the way: after a seek, or behind damage, they are not those of a full read.
_TIMES_SHIFT_ON_SEEK = {"mpeg", "flv"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One picture.

    Parameters
    ----------
    t_s
        Its time in seconds from the file's first shown frame.
    luma : (height, width) uint8
        Its grey levels, as decoded: a view.
    trusted
        Whether it is free of damage as far as the decoder can tell.
    full_range
        Whether grey levels are 0..255; else 16..235 (see `studio_range`).
    """

    t_s: float
    luma: NDArray[np.uint8]
    trusted: bool
    full_range: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The first shown frame of a file: its time in ticks, and how its pictures look."""

    first: int
    luma: Luma


class FrameReader:
    """Iterate over the frames of a file with ``start_s <= t_s < stop_s``; afterwards `recording` says what was in it.

    Parameters
    ----------
    path
        The file; what it is, is decided by its content.
    start_s, stop_s
        Window in seconds from the file's first shown frame; without `stop_s`, to the end.
    quick
        Leave out deblocking in those H.264 and HEVC pictures that no other picture is built on: about a tenth less
        work, grey levels a few hundredths off in the mean (`benchmarks/video/deblocking.py` shows that numbers do not
        move). For measuring, not for showing.

    Attributes
    ----------
    entry_s
        Where decoding began in the last pass: 0 where no keyframe served.

    Raises
    ------
    VideoError
        If the file cannot be opened, holds no moving picture, has no timestamps, jumps back in time, changes its size
        or pixel format, or ends before its header says.
    UsageError
        If the window is empty.

    Examples
    --------
    >>> reader = FrameReader("no-such-file.mp4")
    Traceback (most recent call last):
    ...
    littermate.errors.VideoError: no-such-file.mp4
      expected: a file
      found:    no such file
      do:       check the name and the folder
    """

    def __init__(
        self, path: str | Path, *, start_s: float = 0.0, stop_s: float | None = None, quick: bool = False
    ) -> None:
        self.path = require_file(path, VideoError)
        self.start_s, self.stop_s = max(0.0, start_s), math.inf if stop_s is None else stop_s
        if not self.start_s < self.stop_s:
            raise UsageError(
                expected="a window that ends after its start",
                found=f"{start_s:g} s to {self.stop_s:g} s",
                do="correct the window",
                where=str(path),
            )
        self.quick = quick
        self.entry_s = 0.0
        self._scan: PacketScan | None = None
        self._head: _Head | None = None
        self._recording: Recording | None = None
        self._notes: set[str] = set()

    def __iter__(self) -> Iterator[Frame]:
        """Decode the window from its first frame to its last."""
        self._recording, self._notes = None, set()
        scan, wanted = self._packets(), self._wanted()
        seen = _Seen()
        for entry in _entries(scan, wanted):
            seen = _Seen()
            with open_video(self.path) as (container, stream):
                if self.quick and scan.codec in _DEBLOCKED:
                    stream.codec_context.options = {"skip_loop_filter": "noref"}
                if entry is not None and scan.codec in _KNOWN_BY_ITS_START:
                    _show_start(container, stream)
                landing = None if entry is None else _go_to(container, stream, scan, entry)
                if entry is not None and landing is None:
                    continue
                frames = self._frames(container, stream, Damage(landing), seen)
                first = next(frames, None)
                if entry is not None and (first is None or not first.trusted or seen.ticks[0] != wanted):
                    continue
                self.entry_s = 0.0 if entry is None else self._seconds(entry[0])
                if first is not None:
                    yield first
                    yield from frames
            break
        self._finish(seen)

    @property
    def recording(self) -> Recording:
        """What was found: facts of the whole file; frames, damage and gaps of the window that was read."""
        if self._recording is None:
            for _ in self:
                pass
        assert self._recording is not None
        return self._recording

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures in pixels, as `Frame.luma` has them; known without reading them all."""
        return self._beginning().luma.size

    @property
    def length_s(self) -> float:
        """Seconds from the first shown frame to the end of the last, by the packets' times."""
        return float(_times(self._packets(), self._beginning().first)[-1]) + self._packets().interval_s

    @property
    def keyframes_s(self) -> Floats:
        """Times of the keyframes by what the container says, rising; some containers are wrong (see `entry_s`)."""
        times = np.sort([self._seconds(pts) for pts in self._packets().keys[:, 0].tolist()])
        return np.asarray(times[times >= 0], np.float64)

    @property
    def interval_s(self) -> float:
        """The usual time from frame to frame."""
        return self._packets().interval_s

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth telling and has no field in the recording (see the module's list); known after reading."""
        return tuple(sorted(self._notes))

    def _packets(self) -> PacketScan:
        if self._scan is None:
            self._scan = scan_packets(self.path)
        return self._scan

    def _beginning(self) -> _Head:
        """Decode the first shown frame."""
        if self._head is None:
            scan = self._packets()
            with open_video(self.path) as (container, stream):
                for ticks, picture in _pictures(container, stream, scan, Damage()):
                    self._head = _Head(first=self._timed(ticks), luma=self._look(picture))
                    break
        if self._head is None:
            raise self._nothing_decodes()
        return self._head

    def _look(self, picture: av.VideoFrame) -> Luma:
        """Learn the layout of the pictures from one of them, by taking it."""
        luma = Luma.of(picture)
        try:
            luma.take(picture)
        except (av.error.FFmpegError, ValueError) as fault:
            raise self._fault(
                expected="pictures with grey levels",
                found=f"the pixel format {picture.format.name}",
                do="export the recording as 8-bit MP4",
            ) from fault
        return luma

    def _timed(self, ticks: int | None) -> int:
        if ticks is None:
            raise self._fault(
                expected="a timestamp for every frame",
                found="frames without timestamps",
                do="remux it into MP4 or MKV at its true frame rate",
            )
        return ticks

    def _seconds(self, ticks: int) -> float:
        """Return a packet's time in seconds from the first shown frame."""
        return float((ticks - self._beginning().first) * self._packets().time_base)

    def _wanted(self) -> int | None:
        """Return the time in ticks of the first frame of a window; nothing for a window from the file's start on."""
        if self.start_s <= 0:
            return None
        scan, first = self._packets(), self._beginning().first
        shown = scan.shown[scan.shown >= first]
        after = np.flatnonzero(_times(scan, first) >= self.start_s)
        return int(shown[after[0]]) if after.size else int(scan.shown[-1]) + 1

    def _frames(
        self, container: av.container.InputContainer, stream: av.VideoStream, damage: Damage, seen: _Seen
    ) -> Iterator[Frame]:
        """Decode from where the file stands and yield what lies in the window."""
        scan = self._packets()
        num, den = scan.time_base.numerator, scan.time_base.denominator
        first = None if self._head is None else self._head.first
        luma = None if self._head is None else self._head.luma
        last = -math.inf
        for ticks, picture in _pictures(container, stream, scan, damage):
            pts = self._timed(ticks)
            if luma is None or first is None:
                luma, first = self._look(picture), pts
                self._head = _Head(first=first, luma=luma)
            if not luma.fits(picture):
                raise self._changed(luma, picture, max(0.0, last))
            if damage.bad and not scan.knows(pts):
                continue
            t_s = (pts - first) * num / den
            if t_s <= last:
                seen.repeats += self._repeats(last, t_s, damage)
                continue
            last = t_s
            if t_s < self.start_s:
                continue
            if t_s >= self.stop_s:
                return
            trusted = pts not in damage.bad
            seen.take(t_s, pts, trusted, picture.interlaced_frame)
            yield self._frame(picture, luma, t_s, trusted)

    def _frame(self, picture: av.VideoFrame, luma: Luma, t_s: float, trusted: bool) -> Frame:
        """Make a frame of a decoded picture."""
        return Frame(t_s=t_s, luma=luma.take(picture), trusted=trusted, full_range=luma.full_range)

    def _repeats(self, last: float, t_s: float, damage: Damage) -> bool:
        """Tell whether a picture repeats a time; refuse one that falls back, unless damage put it out of order."""
        if t_s < last and (not damage.bad or last - t_s > _OUT_OF_ORDER_S):
            raise self._falls(last, t_s)
        return t_s == last

    def _finish(self, seen: _Seen) -> None:
        """Put together what was found."""
        if self._head is None:
            raise self._nothing_decodes()
        scan, head, interval = self._packets(), self._head, self._packets().interval_s
        shown = _times(scan, head.first)
        if len(shown) < 2:
            raise self._nothing_decodes()
        steps = np.diff(shown)
        duration = float(shown[-1]) + interval
        window = (self.start_s, max(self.start_s, min(self.stop_s, duration)))
        expected = shown[(shown >= window[0]) & (shown < window[1])]
        times, bad, lost = _with_lost(seen, expected, interval, window)
        self._take_notes(scan, head, seen, lost)
        self._recording = Recording(
            path=str(self.path),
            sha256=sha256_of(self.path),
            codec=scan.codec,
            width=head.luma.size[1],
            height=head.luma.size[0],
            frames_decoded=len(seen.times),
            frames_header=scan.frames_header,
            duration_s=duration,
            fps_median=1.0 / interval,
            variable_frame_rate=bool(np.mean(np.abs(steps - interval) > 0.1 * interval) > 0.01),
            corrupt_frames=int(np.sum(bad)),
            gaps=_gaps(times, bad, interval, window),
            first_timestamp_s=float(head.first * scan.time_base),
        )

    def _take_notes(self, scan: PacketScan, head: _Head, seen: _Seen, lost: int) -> None:
        late = head.first > scan.shown[0]
        offset = float(head.first * scan.time_base) > _OFFSET_S
        found = {
            "clock-offset": offset and scan.container.startswith(_FROM_ZERO),
            "converted": head.luma.layout == "converted",
            "damaged-container": scan.complaints > 0 and not late,
            "damaged-packets": scan.damaged > 0 or not all(seen.trusted),
            "edit-list": scan.hidden > 0,
            "interlaced": seen.interlaced,
            "late-start": late,
            "length-unstated": scan.promised_s is None,
            "lost-frames": lost > 0,
            "pixel-aspect": not scan.square,
            "repeated-times": seen.repeats > 0,
            "rotated": head.luma.turns > 0,
            "short-of-header": scan.is_short,
            "wild-timestamps": bool(scan.wild),
        }
        self._notes = {name for name, is_so in found.items() if is_so}

    def _changed(self, luma: Luma, picture: av.VideoFrame, last: float) -> VideoError:
        return self._fault(
            expected=f"pictures of {luma.width} x {luma.height} px ({luma.format}) throughout",
            found=f"{picture.width} x {picture.height} px ({picture.format.name}) after {last:.2f} s",
            do="split the recording where its size changes",
        )

    def _falls(self, last: float, t_s: float) -> VideoError:
        return self._fault(
            expected="times that rise",
            found=f"{t_s:.3f} s after {last:.3f} s",
            do="split the recording where its clock starts anew",
        )

    def _nothing_decodes(self) -> VideoError:
        return self._fault(
            expected="a video of two frames or more",
            found=f"{len(self._packets().shown)} packets of {self._packets().codec} that give no pictures",
            do="check that this is the recording, and copy it again from the camera",
        )

    def _fault(self, *, expected: str, found: str, do: str) -> VideoError:
        return VideoError(expected=expected, found=found, do=do, where=str(self.path))


class _Seen:
    """What was decoded: times in seconds and in ticks, whether to be trusted."""

    __slots__ = ("interlaced", "repeats", "ticks", "times", "trusted")

    def __init__(self) -> None:
        self.times, self.ticks, self.trusted = array("d"), array("q"), bytearray()
        self.interlaced, self.repeats = False, 0

    def take(self, t_s: float, ticks: int, trusted: bool, interlaced: bool) -> None:
        self.times.append(t_s)
        self.ticks.append(ticks)
        self.trusted.append(trusted)
        self.interlaced |= interlaced


def read_recording(path: str | Path) -> Recording:
    """Decode a file from end to end and return what was found in it."""
    return FrameReader(path).recording


def _pictures(
    container: av.container.InputContainer, stream: av.VideoStream, scan: PacketScan, damage: Damage
) -> Iterator[tuple[int | None, av.VideoFrame]]:
    """Decode packet by packet into times and pictures; a packet that cannot be decoded is noted and the next one taken.

    Where the container states decoding times only, pictures get those in the order in which they are shown.
    """
    waiting: list[int] = []
    for packet in _packets_to_end(container, stream):
        pts = scan.time_of(packet)
        if pts is not None:
            damage.sent(pts, packet.is_keyframe)
        try:
            pictures = packet.decode()
        except av.error.FFmpegError:
            pictures, failed = [], True
        else:
            failed = packet.is_corrupt
        if (damage.complained() or failed) and pts is not None:
            damage.spoil(pts)
        if scan.decoding_times_only and pts is not None and not failed:
            heappush(waiting, pts)
        for picture in pictures:
            ticks = picture.pts if picture.pts is not None else picture.dts
            if scan.decoding_times_only:
                ticks = heappop(waiting) if waiting else None
            if picture.is_corrupt and ticks is not None:
                damage.spoil(ticks)
            if ticks not in scan.wild:
                yield ticks, picture


def _packets_to_end(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet]:
    """Yield packets, without empty ones (a decoder takes them for the end), and end where the data break off."""
    try:
        for packet in container.demux(stream):
            if packet.size or packet.dts is None:
                yield packet
    except DEMUX_FAULTS:
        return


def _times(scan: PacketScan, first: int) -> Floats:
    """Return the times of all shown packets from the first shown frame on, in seconds, as frames have them."""
    ticks = scan.shown[scan.shown >= first] - first
    return np.asarray(ticks * scan.time_base.numerator / scan.time_base.denominator, np.float64)


def _entries(scan: PacketScan, wanted: int | None) -> Iterator[tuple[int, int] | None]:
    """Yield where to start decoding for a wanted time: keyframes from the nearest to farther ones, then the start."""
    if wanted is not None and wanted > scan.shown[-1]:
        return
    if wanted is not None and scan.container not in _TIMES_SHIFT_ON_SEEK and not scan.is_short:
        before = scan.keys[scan.keys[:, 0] <= wanted]
        for back in _STEPS_BACK:
            if back < len(before) - 1:
                pts, dts = before[-1 - back].tolist()
                yield pts, dts
    yield None


def _show_start(container: av.container.InputContainer, stream: av.VideoStream) -> None:
    """Show the decoder the file's first packet; what it makes of it is dropped by the seek that follows."""
    try:
        for packet in container.demux(stream):
            packet.decode()
            return
    except DEMUX_FAULTS:
        return


def _go_to(
    container: av.container.InputContainer, stream: av.VideoStream, scan: PacketScan, entry: tuple[int, int]
) -> int | None:
    """Put the file before a keyframe and return the time of the keyframe where it then stands.

    Some demuxers seek by presentation times, some by decoding times, and some only roughly: where the file stands is
    looked at, and a place after the keyframe is no use.
    """
    found: dict[int, int] = {}
    for target in entry:
        landing = _landing(container, stream, scan, target)
        if landing is not None and landing <= entry[0]:
            found[landing] = target
        if landing == entry[0]:
            break
    if not found:
        return None
    container.seek(found[max(found)], stream=stream)
    return max(found)


def _landing(
    container: av.container.InputContainer, stream: av.VideoStream, scan: PacketScan, target: int
) -> int | None:
    """Return the time of the first keyframe after seeking."""
    try:
        container.seek(target, stream=stream)
        for packet in container.demux(stream):
            if packet.is_keyframe:
                return scan.time_of(packet)
    except DEMUX_FAULTS:
        return None
    return None


def _with_lost(
    seen: _Seen, expected: Floats, interval: float, window: tuple[float, float]
) -> tuple[Floats, NDArray[np.bool_], int]:
    """Return the times of shown and of lost frames, which of them are bad, and how many were lost.

    A packet that gave no picture is a lost frame only where it leaves a hole: some codecs have packets that show
    nothing.
    """
    times, bad = np.array(seen.times), np.frombuffer(seen.trusted, np.uint8) == 0
    known = np.concatenate([[window[0] - interval], times, [window[1]]])
    place = np.searchsorted(times, expected - 1e-9)
    hole = known[place + 1] - known[place] > _LOST_INTERVALS * interval
    absent = np.abs(known[place + 1] - expected) > 1e-6
    lost = expected[hole & absent]
    order = np.argsort(np.concatenate([times, lost]), kind="stable")
    both = np.concatenate([times, lost])[order]
    return both, np.concatenate([bad, np.ones(len(lost), bool)])[order], len(lost)


def _gaps(
    times: Floats, bad: NDArray[np.bool_], interval: float, window: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    """Return the half-open stretches of the window without a trustworthy frame."""
    starts = np.concatenate([[window[0] - interval], times])
    stops = np.concatenate([times, [max(window[1], times[-1] if len(times) else window[0])]])
    bad = np.concatenate([[False], bad])
    empty = bad | (stops - starts > _GAP_INTERVALS * interval)
    begins = np.where(bad, starts, starts + interval)
    gaps: list[tuple[float, float]] = []
    for start, stop in zip(begins[empty].tolist(), stops[empty].tolist(), strict=True):
        if gaps and start <= gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], stop)
        else:
            gaps.append((start, stop))
    return tuple(gaps)
