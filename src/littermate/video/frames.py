"""Frames: a recording, read once from end to end, as luma pictures with true timestamps.

Times are the file's own timestamps in seconds from the first shown frame, never index / fps. A picture is the 8-bit
luma plane as the decoder left it: a *view*, valid only until the next frame. `trusted` is false for a frame that the
decoder marked as corrupt. A file that ends before its header says is refused, never measured short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from littermate.errors import VideoError
from littermate.files import require_file, sha256_of
from littermate.model.recording import Recording

__all__ = ["Frame", "FrameReader", "read_recording"]

_LUMA_FIRST = {
    "yuv420p",
    "yuvj420p",
    "yuv422p",
    "yuvj422p",
    "yuv444p",
    "yuvj444p",
    "gray",
    "nv12",
    "yuv411p",
    "yuv410p",
}
_SHORT_S = 0.5
_GAP_INTERVALS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One picture: its time, its (height, width) uint8 luma, and whether the decoder trusts it."""

    t_s: float
    luma: NDArray[np.uint8]
    trusted: bool


@dataclass(slots=True)
class FrameReader:
    """Iterate over the frames of a file; afterwards `recording` says what was in it.

    Raises
    ------
    VideoError
        If the file cannot be opened, holds no video, has no timestamps, jumps back in time, changes its size, or ends
        before its header says.

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

    path: Path
    _times: list[float] = field(default_factory=list)
    _corrupt: list[bool] = field(default_factory=list)
    _recording: Recording | None = None

    def __init__(self, path: str | Path) -> None:
        self.path = require_file(path, VideoError)
        self._times, self._corrupt, self._recording = [], [], None

    def __iter__(self) -> Iterator[Frame]:
        """Decode the file from its first frame to its last."""
        self._times, self._corrupt, self._recording = [], [], None
        with self._open() as container:
            stream = self._stream(container)
            stream.thread_type = "NONE"
            first: float | None = None
            size: tuple[int, int] | None = None
            try:
                for picture in container.decode(stream):
                    luma = _luma(picture)
                    size = size or luma.shape[:2]
                    first = self._take(picture, luma, first, size)
                    yield Frame(t_s=self._times[-1], luma=luma, trusted=not self._corrupt[-1])
            except av.error.FFmpegError as fault:
                raise self._fault(
                    expected="a recording that can be decoded to its end",
                    found=f"{len(self._times)} frames, then the data break off ({fault.strerror})",
                    do="copy the file again; if it was cut off while recording, its trial cannot be scored whole",
                ) from fault
            self._finish(stream, container, first, size)

    @property
    def recording(self) -> Recording:
        """What was found; known after the file was read to its end."""
        if self._recording is None:
            for _ in self:
                pass
        assert self._recording is not None
        return self._recording

    def _open(self) -> av.container.InputContainer:
        try:
            return av.open(str(self.path))
        except av.error.FFmpegError as fault:
            raise self._fault(
                expected="a video",
                found=f"a file that no decoder opens ({fault.strerror}): cut off while recording, or not a video",
                do="copy it again from the camera, or export it anew",
            ) from fault

    def _stream(self, container: av.container.InputContainer) -> av.VideoStream:
        streams = [s for s in container.streams.video if "attached_pic" not in str(s.disposition)]
        if not streams:
            raise self._fault(
                expected="a video stream", found="none in this file", do="check that this is the recording"
            )
        return streams[0]

    def _take(
        self, picture: av.VideoFrame, luma: NDArray[np.uint8], first: float | None, size: tuple[int, int]
    ) -> float:
        """Check one decoded picture, note its time, and return the first time of the file."""
        if picture.time is None:
            raise self._fault(
                expected="a timestamp for every frame",
                found="a stream without timestamps",
                do="remux it into MP4 or MKV at its true frame rate",
            )
        if luma.shape[:2] != size:
            raise self._fault(
                expected=f"pictures of {size[1]} x {size[0]} px throughout",
                found=f"{luma.shape[1]} x {luma.shape[0]} px from {self._times[-1]:.2f} s on",
                do="split the recording where its size changes",
            )
        first = picture.time if first is None else first
        t_s = picture.time - first
        if self._times and t_s <= self._times[-1]:
            raise self._fault(
                expected="times that rise",
                found=f"{t_s:.3f} s after {self._times[-1]:.3f} s",
                do="split the recording where its clock starts anew",
            )
        self._times.append(t_s)
        self._corrupt.append(bool(picture.is_corrupt))
        return first

    def _finish(
        self,
        stream: av.VideoStream,
        container: av.container.InputContainer,
        first: float | None,
        size: tuple[int, int] | None,
    ) -> None:
        if first is None or size is None or len(self._times) < 2:
            raise self._fault(
                expected="a video of two frames or more",
                found=f"{len(self._times)} frames",
                do="check that this is the recording and not a still or an empty file",
            )
        times = np.array(self._times)
        steps = np.diff(times)
        median = float(np.median(steps))
        duration = float(times[-1] + median)
        self._refuse_short(stream, container, duration, median)
        self._recording = Recording(
            path=str(self.path),
            sha256=sha256_of(self.path),
            codec=stream.codec_context.name,
            width=size[1],
            height=size[0],
            frames_decoded=len(times),
            frames_header=stream.frames or None,
            duration_s=duration,
            fps_median=1.0 / median,
            variable_frame_rate=bool(np.mean(np.abs(steps - median) > 0.1 * median) > 0.01),
            corrupt_frames=int(np.sum(self._corrupt)),
            gaps=_gaps(times, np.array(self._corrupt), median),
            first_timestamp_s=float(first),
        )

    def _refuse_short(
        self, stream: av.VideoStream, container: av.container.InputContainer, duration: float, median: float
    ) -> None:
        """Refuse a file that holds less than its header promises (cut AVI and MKV end without an error)."""
        promised = None
        if stream.duration is not None and stream.time_base is not None:
            promised = float(stream.duration * stream.time_base)
        elif container.duration is not None:
            promised = container.duration / av.time_base
        if container.format.name == "avi" and stream.frames:
            promised = stream.frames * median
        if promised is not None and duration < promised - max(_SHORT_S, 2 * median):
            raise self._fault(
                expected=f"{promised:.2f} s of video, as the header says",
                found=f"{duration:.2f} s ({len(self._times)} frames)",
                do="copy the file again; if it was cut off while recording, its trial cannot be scored whole",
            )

    def _fault(self, *, expected: str, found: str, do: str) -> VideoError:
        return VideoError(expected=expected, found=found, do=do, where=str(self.path))


def read_recording(path: str | Path) -> Recording:
    """Decode a file from end to end and return what was found in it."""
    return FrameReader(path).recording


def _luma(picture: av.VideoFrame) -> NDArray[np.uint8]:
    """Return the luma plane as a view where the format has one, converted where it has not, rotated as shown."""
    if picture.format.name not in _LUMA_FIRST:
        picture = picture.reformat(format="gray")
    plane = picture.planes[0]
    luma = np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)[: picture.height, : picture.width]
    turns = round(getattr(picture, "rotation", 0) / 90) % 4
    return np.rot90(luma, turns) if turns else luma


def _gaps(times: NDArray[np.float64], corrupt: NDArray[np.bool_], median: float) -> tuple[tuple[float, float], ...]:
    """Return the half-open stretches without a trustworthy frame."""
    stops = np.append(times[1:], times[-1] + median)
    bad = corrupt | (stops - times > _GAP_INTERVALS * median)
    starts = np.where(corrupt, times, times + median)
    gaps: list[tuple[float, float]] = []
    for start, stop in zip(starts[bad].tolist(), stops[bad].tolist(), strict=True):
        if gaps and start <= gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], stop)
        else:
            gaps.append((start, stop))
    return tuple(gaps)
