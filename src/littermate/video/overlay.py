"""Overlay: a copy of a recording to look at, with what was measured drawn into it.

The picture is the recording's own, in grey; what was measured is in colour, and a strip *beneath* the picture carries
words and traces, so that they hide nothing. Frames keep the recording's true times (a varying frame rate stays so);
only the trial is written, from t0 to the end of what was measured. H.264 in MP4, 4:2:0, index first: it plays anywhere.
The colours are Okabe and Ito's (2008, *Color Universal Design*), and no state is told by its colour alone.

- *Track*: a trail of the last seconds, and the position now: a filled circle where the animal was found, an open one
  where the place was interpolated; a missing one has no place, and the strip says so.
- *Motion*: the box with its state (immobile, mobile, missing) and, in the strip, the activity about now with the
  thresholds and the bouts.

Outlines (floor, grid, zones) are drawn as analysed, in px of the whole frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError, VideoError
from littermate.files import written_whole
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.outline import Outline
from littermate.model.placement import Box
from littermate.model.track import FOUND, INTERPOLATED, MISSING, Track
from littermate.video.frames import Frame, FrameReader

__all__ = ["MotionPanel", "Outline", "grid_outlines", "write_motion_overlay", "write_track_overlay", "zone_outlines"]

_TIME_BASE = Fraction(1, 90_000)
_OPTIONS = {"preset": "veryfast", "crf": "23"}
_MUXING = {"movflags": "+faststart"}
_SHIFT = 4

Picture = NDArray[np.uint8]
Points = Sequence[tuple[float, float]]
Colour = tuple[int, int, int]

_SKY, _ORANGE, _RED, _GREEN, _WHITE, _GREY, _INK = (
    (233, 180, 86),
    (0, 159, 230),
    (0, 94, 213),
    (115, 158, 0),
    (245, 245, 245),
    (170, 165, 160),
    (38, 33, 27),
)  # blue, green, red
_ZONES: tuple[Colour, ...] = (_ORANGE, _SKY, _GREEN, (167, 121, 204), (178, 114, 0), (66, 228, 240))
_STATES = {FOUND: ("found", _SKY), INTERPOLATED: ("interpolated", _ORANGE), MISSING: ("missing", _RED)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MotionPanel:
    """One animal whose motion was measured: its trace, its bouts, its box, the thresholds, and a name for the strip.

    `window_s` is the scored part on the trial clock; outside it nothing is said about the animal.
    """

    motion: Motion
    bouts: tuple[DetectedBout, ...]
    window_s: tuple[float, float]
    box_px: Box | None = None
    thresholds: tuple[float, float] | None = None
    name: str = ""


def grid_outlines(arena: Arena, cells: int) -> tuple[Outline, ...]:
    """Return a floor's outline and the lines of its grid.

    Examples
    --------
    >>> arena = Arena(corners_px=((0, 0), (60, 0), (60, 60), (0, 60)), width_cm=48, height_cm=48)
    >>> lines = grid_outlines(arena, 6)
    >>> len(lines), lines[0].points_px == arena.corners_px, np.abs(lines[1].points_px).tolist()
    (11, True, [[10.0, 0.0], [10.0, 60.0]])
    """
    steps = np.arange(1, cells) / cells
    ends = [((step, 0.0), (step, 1.0)) for step in steps] + [((0.0, step), (1.0, step)) for step in steps]
    lines = [_in_picture(arena, np.array(end) * [arena.width_cm, arena.height_cm]) for end in ends]
    return (
        Outline(points_px=arena.corners_px),
        *(Outline(points_px=line, closed=False, faint=True) for line in lines),
    )


def zone_outlines(arena: Arena, zones_cm: Iterable[tuple[str, Points]]) -> tuple[Outline, ...]:
    """Return the outlines of named zones in cm."""
    return tuple(
        Outline(points_px=_in_picture(arena, np.array(corners, dtype=np.float64)), name=name)
        for name, corners in zones_cm
    )


def _in_picture(arena: Arena, points_cm: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 6), round(float(y), 6)) for x, y in arena.to_px(points_cm))


def write_track_overlay(
    path: str | Path,
    out: str | Path,
    track: Track,
    *,
    outlines: Sequence[Outline] = (),
    t0_s: float = 0.0,
    trail_s: float = 8.0,
    on_frame: Callable[[Frame], None] | None = None,
) -> None:
    """Write a recording with an animal's path drawn into it.

    Parameters
    ----------
    path
        The recording.
    out
        The MP4 file to write.
    track
        The path, on the trial clock.
    outlines
        Floor, grid and zones as analysed.
    t0_s
        The trial's start in the recording.
    trail_s
        How many seconds of the path are shown behind the animal.
    on_frame
        Called for every decoded frame.

    Raises
    ------
    UsageError
        If `out` is the recording itself, or not an MP4 file.
    VideoError
        If the recording cannot be read.
    """
    step_s = float(np.median(np.diff(track.t_s))) if len(track.t_s) > 1 else 0.04
    stop_s = t0_s + (float(track.t_s[-1]) + step_s / 2 if len(track.t_s) else 0.0)
    painter = _TrackPainter(track, outlines, t0_s, trail_s, step_s)
    _write(path, out, painter, _Span(t0_s, stop_s), on_frame)


def write_motion_overlay(
    path: str | Path,
    out: str | Path,
    panels: Sequence[MotionPanel],
    *,
    t0_s: float = 0.0,
    trace_s: float = 20.0,
    on_frame: Callable[[Frame], None] | None = None,
) -> None:
    """Write a recording with one or several animals' activity and state.

    Parameters
    ----------
    path
        The recording.
    out
        The MP4 file to write.
    panels
        One an animal.
    t0_s
        The trial's start in the recording.
    trace_s
        How many seconds of the trace the strip shows; now is in its middle.
    on_frame
        Called for every decoded frame.

    Raises
    ------
    UsageError
        If `out` is the recording itself, or not an MP4 file, or there is no panel.
    VideoError
        If the recording cannot be read.
    """
    if not panels:
        raise UsageError(expected="one animal or more", found="none", do="give what was measured")
    ends = [float(one.motion.t_s[-1] + one.motion.step_s) if len(one.motion.t_s) else 0.0 for one in panels]
    stop_s = t0_s + max(ends)
    _write(path, out, _MotionPainter(panels, t0_s, trace_s), _Span(t0_s, stop_s), on_frame)


@dataclass(frozen=True, slots=True)
class _Span:
    start_s: float
    stop_s: float


class _TrackPainter:
    """Draws outlines, trail and position into one frame, and words into the strip."""

    def __init__(self, track: Track, outlines: Sequence[Outline], t0_s: float, trail_s: float, step_s: float) -> None:
        self._track, self._outlines = track, outlines
        self._t0_s, self._trail_s, self._step_s = t0_s, trail_s, step_s

    def strip(self, scale: float) -> int:
        """Return the height of the strip in px."""
        return round(26 * scale)

    def paint(self, picture: Picture, strip: Picture, t_s: float, scale: float) -> None:
        """Paint the frame at a time of the recording."""
        _draw_outlines(picture, self._outlines, scale)
        t, track = t_s - self._t0_s, self._track
        now = int(np.searchsorted(track.t_s, t + 1e-6, side="right")) - 1
        state = MISSING
        if now >= 0 and t - track.t_s[now] < 0.75 * self._step_s:
            state = int(track.state[now])
        first = int(np.searchsorted(track.t_s, t - self._trail_s))
        self._draw_trail(picture, first, now + 1, scale)
        if state != MISSING and np.isfinite(track.xy_px[now]).all():
            _draw_place(picture, track.xy_px[now], _STATES[state], scale)
        word, colour = _STATES[state]
        _say(strip, (6 * scale, 18 * scale), f"t0 {t:+.2f} s", _WHITE, scale)
        _say(strip, (125 * scale, 18 * scale), word, colour, scale)
        _say(strip, (strip.shape[1] - 112 * scale, 18 * scale), f"file {t_s:.2f} s", _GREY, scale)

    def _draw_trail(self, picture: Picture, first: int, stop: int, scale: float) -> None:
        points, state = self._track.xy_px[first:stop], self._track.state[first:stop]
        seen = np.isfinite(points).all(axis=1) & (state != MISSING)
        for a, b in _runs(seen):
            _line(picture, points[a:b], _INK, scale, 3.0)
            _line(picture, points[a:b], _SKY, scale, 1.4)
        for a, b in _runs(seen & (state == INTERPOLATED)):
            _line(picture, points[max(0, a - 1) : b + 1], _ORANGE, scale, 1.8)


class _MotionPainter:
    """Draws each box with its state into one frame, and the traces into the strip."""

    def __init__(self, panels: Sequence[MotionPanel], t0_s: float, trace_s: float) -> None:
        self._panels, self._t0_s, self._trace_s = panels, t0_s, trace_s
        self._tops = [_top(panel) for panel in panels]

    def strip(self, scale: float) -> int:
        """Return the height of the strip in px: a line of words, and a trace for each animal."""
        return round((26 + 66 * len(self._panels)) * scale)

    def paint(self, picture: Picture, strip: Picture, t_s: float, scale: float) -> None:
        """Paint the frame at a time of the recording."""
        t = t_s - self._t0_s
        for number, panel in enumerate(self._panels):
            word, colour = _state_at(panel, t)
            name = panel.name or (str(number + 1) if len(self._panels) > 1 else "")
            self._draw_box(picture, panel, f"{name} {word}".strip(), colour, scale)
            top = round((26 + 66 * number) * scale)
            self._draw_trace(strip[top : top + round(62 * scale)], number, t, scale)
            _say(strip, (6 * scale, top + 11 * scale), f"{name} {word}".strip(), colour, 0.85 * scale)
        _say(strip, (6 * scale, 18 * scale), f"t0 {t:+.2f} s", _WHITE, scale)
        _say(strip, (strip.shape[1] - 112 * scale, 18 * scale), f"file {t_s:.2f} s", _GREY, scale)

    def _draw_box(self, picture: Picture, panel: MotionPanel, word: str, colour: Colour, scale: float) -> None:
        height, width = picture.shape[:2]
        x, y, wide, high = panel.box_px or (0, 0, width, height)
        thick = max(1, round(2 * scale))
        cv2.rectangle(picture, (x, y), (min(x + wide, width) - 1, min(y + high, height) - 1), colour, thick)
        _say(picture, (x + 6 * scale, y + 17 * scale), word, colour, scale)

    def _draw_trace(self, band: Picture, number: int, t: float, scale: float) -> None:
        panel, top = self._panels[number], self._tops[number]
        motion, (height, width) = panel.motion, band.shape[:2]
        start = t - self._trace_s / 2
        across = width / self._trace_s
        low, high = height - 2.0, 22.0 * scale

        def place(times: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
            level = low - np.clip(values / top, 0, 1) * (low - high)
            return np.column_stack([(times - start) * across, level])

        for bout in panel.bouts:
            a, b = (round((edge - start) * across) for edge in (bout.start_s, bout.stop_s))
            if b > 0 and a < width:
                cv2.rectangle(band, (a, round(high) - 5), (b, round(high) - 2), _ORANGE, -1)
        for level in panel.thresholds or ():
            at = place(np.array([start, start + self._trace_s]), np.full(2, level))
            _line(band, at, _GREY, scale, 0.8)
        first, stop = np.searchsorted(motion.t_s, [start - 1, start + self._trace_s + 1])
        lines = place(motion.t_s[first:stop] + motion.step_s / 2, motion.activity[first:stop])
        for a, b in _runs(motion.valid[first:stop]):
            _line(band, lines[a:b], _SKY, scale, 1.2)
        for a, b in _runs(~motion.valid[first:stop]):
            edges = [round(float(edge)) for edge in (lines[a, 0], lines[b - 1, 0])]
            cv2.rectangle(band, (edges[0], round(low) - 3), (edges[1], round(low)), _RED, -1)
        cv2.line(band, (width // 2, round(high)), (width // 2, height), _WHITE, max(1, round(scale)))


def _top(panel: MotionPanel) -> float:
    """Return the activity at the top of the trace: nearly all of it, and the thresholds well below."""
    shown = panel.motion.activity[panel.motion.valid]
    usual = 1.2 * float(np.quantile(shown, 0.98)) if len(shown) else 0.0
    return max(usual, 2.5 * max(panel.thresholds or (0.0,)), 1e-6)


def _state_at(panel: MotionPanel, t: float) -> tuple[str, Colour]:
    motion = panel.motion
    k = int(np.searchsorted(motion.t_s, t + 1e-6, side="right")) - 1
    if not panel.window_s[0] <= t < panel.window_s[1]:
        return "not scored", _GREY
    if k < 0 or t >= motion.t_s[k] + motion.step_s + 1e-6 or not (motion.valid[k] and motion.animal_found):
        return "missing", _RED
    still = next((bout for bout in panel.bouts if bout.start_s <= t < bout.stop_s), None)
    return (still.behaviour, _ORANGE) if still is not None else ("mobile", _SKY)


def _write(
    path: str | Path,
    out: str | Path,
    painter: _TrackPainter | _MotionPainter,
    span: _Span,
    on_frame: Callable[[Frame], None] | None,
) -> None:
    out = Path(out)
    _refuse(Path(path), out)
    reader = FrameReader(path, start_s=span.start_s, stop_s=span.stop_s)
    frames: Iterator[Frame] = iter(reader)
    first = next(frames, None)
    if first is None:
        raise VideoError(
            expected="a frame in the trial", found="none", do="check t0 and the trial's length", where=str(path)
        )
    with written_whole(out) as part:
        try:
            _encode(part, itertools.chain([first], frames), painter, on_frame)
        except av.error.FFmpegError as fault:
            raise UsageError(
                expected="a place where a video can be written",
                found=f"the encoder stopped ({fault.strerror})",
                do="check the folder and the space on the disk",
                where=str(out),
            ) from fault


def _refuse(path: Path, out: Path) -> None:
    if out.suffix.lower() != ".mp4":
        raise UsageError(expected="an overlay ending in .mp4", found=out.name, do="change the ending")
    if out.exists() and path.exists() and out.samefile(path):
        raise UsageError(expected="another file than the recording", found=str(out), do="name the overlay differently")


def _encode(
    part: Path,
    frames: Iterable[Frame],
    painter: _TrackPainter | _MotionPainter,
    on_frame: Callable[[Frame], None] | None,
) -> None:
    with av.open(str(part), "w", format="mp4", options=_MUXING) as container:
        stream: av.VideoStream | None = None
        start_s = 0.0
        for frame in frames:
            canvas = _canvas(frame, painter)
            if stream is None:
                stream, start_s = _stream(container, canvas), frame.t_s
            planes = np.asarray(cv2.cvtColor(canvas, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.pts, picture.time_base = round((frame.t_s - start_s) / _TIME_BASE), _TIME_BASE
            container.mux(stream.encode(picture))
            if on_frame is not None:
                on_frame(frame)
        if stream is not None:
            container.mux(stream.encode())


def _stream(container: av.container.OutputContainer, canvas: Picture) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=30, options=_OPTIONS)
    stream.height, stream.width = canvas.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = _TIME_BASE
    return stream


def _canvas(frame: Frame, painter: _TrackPainter | _MotionPainter) -> Picture:
    """Return picture and strip, in blue, green, red, with even sides."""
    height, width = frame.luma.shape
    scale = max(0.6, min(width / 480, height / 360))
    strip = painter.strip(scale)
    canvas = np.full(((height + strip + 1) // 2 * 2, (width + 1) // 2 * 2, 3), _INK, np.uint8)
    grey = frame.luma if frame.full_range else _TO_FULL[frame.luma]
    canvas[:height, :width] = grey[:, :, None]
    painter.paint(canvas[:height, :width], canvas[height:], frame.t_s, scale)
    return canvas


_TO_FULL = np.clip(np.rint((np.arange(256) - 16) * (255 / 219)), 0, 255).astype(np.uint8)


def _draw_outlines(picture: Picture, outlines: Sequence[Outline], scale: float) -> None:
    named = [outline.name for outline in outlines if outline.name]
    for outline in outlines:
        points = np.array(outline.points_px)
        colour = _ZONES[named.index(outline.name) % len(_ZONES)] if outline.name else _ORANGE
        _line(picture, points, _GREY if outline.faint else colour, scale, 0.7 if outline.faint else 1.4, outline.closed)
    if named:
        middle = np.concatenate([np.array(outline.points_px) for outline in outlines]).mean(axis=0)
        for number, outline in enumerate(one for one in outlines if one.name):
            at = _beside(np.array(outline.points_px), middle, scale)
            _say(picture, at, outline.name, _ZONES[number % len(_ZONES)], 0.8 * scale, centred=True)


def _beside(points: NDArray[np.float64], middle: NDArray[np.float64], scale: float) -> tuple[float, float]:
    """Return a place for a name beside an outline, on the side away from the middle of all outlines."""
    own = points.mean(axis=0)
    reach = float(np.hypot(*(points - own).T).max())
    away = own - middle
    far = float(np.hypot(*away))
    away = np.array([0.75, -0.65]) if far < 0.3 * reach else away / far
    x, y = own + away * (reach + 10 * scale)
    return float(x), float(y)


def _draw_place(picture: Picture, xy: NDArray[np.float64], how: tuple[str, Colour], scale: float) -> None:
    word, colour = how
    at = tuple(np.rint(np.asarray(xy) * (1 << _SHIFT)).astype(int).tolist())
    radius = round(4.5 * scale * (1 << _SHIFT))
    if word == "found":
        cv2.circle(picture, at, radius + round(1.2 * scale * (1 << _SHIFT)), _INK, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(picture, at, radius, colour, -1, cv2.LINE_AA, _SHIFT)
    else:
        cv2.circle(picture, at, radius, colour, max(1, round(1.8 * scale)), cv2.LINE_AA, _SHIFT)


def _line(
    picture: Picture, points: NDArray[np.float64], colour: Colour, scale: float, thick: float, closed: bool = False
) -> None:
    if len(points) > 1 and np.isfinite(points).all() and np.abs(points).max() < 1e5:
        fixed = np.rint(points * (1 << _SHIFT)).astype(np.int32)
        cv2.polylines(picture, [fixed], closed, colour, max(1, round(thick * scale)), cv2.LINE_AA, _SHIFT)


def _say(
    picture: Picture, at: tuple[float, float], text: str, colour: Colour, scale: float, *, centred: bool = False
) -> None:
    """Write a text with a dark edge, from `at` on or about it, inside the picture."""
    size, (height, width) = 0.45 * scale, picture.shape[:2]
    wide, high = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)[0]
    x, y = (round(at[0] - wide / 2), round(at[1] + high / 2)) if centred else (round(at[0]), round(at[1]))
    x, y = min(max(x, 2), max(2, width - wide - 2)), min(max(y, high + 2), height - 3)
    for dx, dy, ink in ((-1, 0, _INK), (1, 0, _INK), (0, -1, _INK), (0, 1, _INK), (0, 0, colour)):
        cv2.putText(picture, text, (x + dx, y + dy), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the half-open index ranges where a mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
