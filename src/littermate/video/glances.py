"""Glances: some frames of a recording, at a small part of the cost of decoding it.

The first 30 s are decoded whole, since titles and hands are there. From then on, or from the trial's start where that
is later, single frames are taken at keyframes spread over the trial. Where decoding cannot start at the keyframes, or
there are fewer than four of them, frames are decoded on end for the first minute of the trial instead, and what comes
later is not seen. Times are seconds on the recording's clock; frames come in the order of their times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from littermate.video.frames import Frame, FrameReader

__all__ = ["GLANCES", "START_S", "glance", "straight_s"]

START_S = 30.0
GLANCES = 20
_MINUTE_S = 60.0
_FEWEST = 4


def glance(reader: FrameReader, *, t0_s: float = 0.0, stop_s: float) -> Iterator[Frame]:
    """Yield the start's frames and then single ones up to `stop_s`; damaged ones among them.

    Raises
    ------
    VideoError
        As `FrameReader`.

    Examples
    --------
    >>> list(glance(FrameReader("no-such-file.mp4"), stop_s=9.0))
    Traceback (most recent call last):
    ...
    littermate.errors.VideoError: no-such-file.mp4
      expected: a file
      found:    no such file
      do:       check the name and the folder
    """
    until_s = straight_s(reader, t0_s=t0_s, stop_s=stop_s)
    reader.start_s = 0.0
    for frame in reader:
        if frame.t_s >= until_s:
            break
        yield frame
    for t_s in _places(reader, t0_s, stop_s).tolist() if until_s == START_S else ():
        yield from _at(reader, t_s)


def straight_s(reader: FrameReader, *, t0_s: float, stop_s: float) -> float:
    """Return up to which time `glance` decodes frames on end."""
    if stop_s <= START_S:
        return stop_s
    served = len(_places(reader, t0_s, stop_s)) >= _FEWEST and _starts_at_keyframes(reader)
    return START_S if served else min(stop_s, t0_s + _MINUTE_S)


def _places(reader: FrameReader, t0_s: float, stop_s: float) -> NDArray[np.float64]:
    """Return the keyframes to look at, spread evenly over what comes after the start."""
    times = reader.keyframes_s
    times = times[(times >= max(t0_s, START_S)) & (times < stop_s)]
    if not len(times):
        return times
    return np.asarray(times[np.unique(np.linspace(0, len(times) - 1, GLANCES).round().astype(int))], np.float64)


def _starts_at_keyframes(reader: FrameReader) -> bool:
    """Try it at the second keyframe, where it costs little to find that it is none."""
    times = reader.keyframes_s
    if len(times) < 2:
        return False
    return any(True for _ in _at(reader, float(times[1]))) and reader.entry_s > 0


def _at(reader: FrameReader, t_s: float) -> Iterator[Frame]:
    """Yield the one frame at a time."""
    reader.start_s = max(0.0, t_s - 0.5 * reader.interval_s)
    frame = next(iter(reader), None)
    if frame is not None:
        yield frame
