"""Beakers: where the vessels of a forced swim test are in a side view, found from where animals move.

A few dozen pictures are taken at keyframes spread over the trial (where a file has few of them: from the trial's first
seconds). In each picture, bodies are what stands out from the picture without animals by a sharp edge all around, dark
before light or light before dark, whichever more bodies bear out, and at most 0.7 of the picture high. Bodies above
each other (an animal and its mirror image) are one. Animals are of like size (within 2.5 times). As many animals as at
least half of the pictures show side by side are separate animals, each in its own beaker: one animal that visits two
sides of a beaker is never in both at once.

A beaker's box holds all places where its animal was seen, with a margin of one body length, or to the wall, if there is
one (the strongest upright line near there), and never reaches into the next beaker. Boxes are ``(x, y, width, height)``
in pixels of the recording, left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.frames import Frame, FrameReader, studio_range
from littermate.video.packets import scan_packets
from littermate.video.sampling import Box, shrunk
from littermate.video.silhouette import SilhouetteRules, bodies_in, hull

__all__ = ["beakers_among", "beakers_in", "find_beakers"]

_PICTURES = 24
_LEAST_KEYFRAMES = 8
_START_S = 10.0
_LONG_SIDE_PX = 480
_LEAST_PICTURES = 4
_LEAST_SHARE = 0.5
_WALL_LENGTHS = 1.5
_HIGHEST = 0.7
_LENGTH_RATIO = 2.5
_WALL_LEVEL = 6.0
_OVERLAP_LENGTHS = 0.15
_LEAST_AREA = 0.0008

Picture = NDArray[np.uint8]


def find_beakers(path: str | Path, *, t0_s: float = 0.0, duration_s: float | None = None) -> tuple[Box, ...]:
    """Find the beakers of a recording, one an animal, left to right; none where no animal is found.

    Parameters
    ----------
    path
        The recording.
    t0_s, duration_s
        The trial on the recording's clock; without `duration_s`, to its end.

    Returns
    -------
    tuple of (x, y, width, height)
        Boxes in pixels of the recording; they do not overlap.

    Raises
    ------
    VideoError
        If the file is no recording.
    """
    return beakers_among(_probe(Path(path), t0_s, duration_s))


def beakers_among(frames: Iterable[Frame]) -> tuple[Box, ...]:
    """Find the beakers in frames spread over a trial, left to right: boxes in pixels of the recording."""
    pictures: list[Picture] = []
    scale = 1
    for frame in frames:
        scale = max(1, -(-max(frame.luma.shape) // _LONG_SIDE_PX))
        size = (frame.luma.shape[0] // scale, frame.luma.shape[1] // scale)
        pictures.append(studio_range(shrunk(frame.luma, scale, size), frame.full_range).copy())
    return tuple((x * scale, y * scale, w * scale, h * scale) for x, y, w, h in beakers_in(pictures))


def beakers_in(pictures: Sequence[Picture]) -> tuple[Box, ...]:
    """Find the beakers in pictures spread over a trial, left to right.

    Parameters
    ----------
    pictures : sequence of (height, width) uint8
        A few dozen pictures from one camera that does not move.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> beakers_in([rng.normal(150, 3, (48, 64)).astype(np.uint8) for _ in range(20)])
    ()
    """
    if len(pictures) < _LEAST_PICTURES:
        return ()
    soft = [np.asarray(cv2.GaussianBlur(picture, (5, 5), 1.4), dtype=np.uint8) for picture in pictures]
    background, seen = bodies_in(soft, SilhouetteRules(min_area=_LEAST_AREA))
    highest = _HIGHEST * background.shape[0]
    rows = [_side_by_side([box for box in boxes if box[3] <= highest]) for boxes in seen]
    zones = _zones(rows, len(pictures))
    return tuple(_vessel(k, zones, background) for k in range(len(zones)))


def _probe(path: Path, t0_s: float, duration_s: float | None) -> Iterator[Frame]:
    """Yield frames at keyframes spread over the trial, or else from its first seconds."""
    scan = scan_packets(path)
    times = (scan.keys[:, 0] - scan.shown[0]) * float(scan.time_base)
    stop_s = np.inf if duration_s is None else t0_s + duration_s
    times = np.sort(times[(times >= t0_s) & (times < stop_s)])
    if len(times) < _LEAST_KEYFRAMES:
        yield from _first_seconds(path, t0_s, min(stop_s, t0_s + _START_S))
        return
    chosen = times[np.unique(np.linspace(0, len(times) - 1, _PICTURES).round().astype(int))]
    reader = FrameReader(path)
    for t_s in chosen.tolist():
        reader.start_s = max(0.0, t_s - 0.5 * scan.interval_s)
        frame = next(iter(reader), None)
        if t_s > 0 and reader.entry_s == 0:
            yield from _first_seconds(path, t0_s, min(stop_s, t0_s + _START_S))
            return
        if frame is not None and frame.trusted:
            yield frame


def _first_seconds(path: Path, start_s: float, stop_s: float) -> Iterator[Frame]:
    every_s = (stop_s - start_s) / _PICTURES
    due_s = start_s
    for frame in FrameReader(path, start_s=start_s, stop_s=stop_s):
        if frame.t_s >= due_s and frame.trusted:
            due_s = frame.t_s + every_s
            yield frame


def _side_by_side(boxes: Sequence[Box]) -> list[Box]:
    """Join boxes that stand above each other, and return the rest from left to right."""
    joined: list[Box] = []
    for box in sorted(boxes):
        if joined and box[0] < joined[-1][0] + joined[-1][2]:
            joined[-1] = hull([joined[-1], box])
        else:
            joined.append(box)
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    """Where one animal was seen, and its length."""

    box: Box
    length: float


def _zones(rows: Sequence[Sequence[Box]], pictures: int) -> list[_Zone]:
    """Return one zone an animal: as many as at least half of the pictures show at once, and that stay apart."""
    counts = sorted((len(row) for row in rows), reverse=True)
    most = counts[max(0, int(np.ceil(_LEAST_SHARE * pictures)) - 1)]
    for number in range(most, 0, -1):
        full = [row for row in rows if len(row) == number]
        if len(full) < _LEAST_PICTURES:
            continue
        zones = [_zone([row[k] for row in full]) for k in range(number)]
        lengths = [zone.length for zone in zones]
        apart = all(a.box[0] + a.box[2] <= b.box[0] for a, b in pairwise(zones))
        if apart and max(lengths) <= _LENGTH_RATIO * min(lengths):
            return zones
    return []


def _zone(boxes: Sequence[Box]) -> _Zone:
    return _Zone(box=hull(boxes), length=float(np.median([max(box[2:]) for box in boxes])))


def _vessel(k: int, zones: Sequence[_Zone], background: NDArray[np.float32]) -> Box:
    """Return the box of one beaker: its zone with a margin, or to its walls, on its side of the next beakers."""
    height, width = background.shape
    x, y, wide, high = zones[k].box
    margin = round(zones[k].length)
    least = 0 if k == 0 else _between(zones[k - 1].box, zones[k].box)
    most = width if k == len(zones) - 1 else _between(zones[k].box, zones[k + 1].box)
    rows = slice(y, y + high)
    reach, overlap = round(_WALL_LENGTHS * margin), round(_OVERLAP_LENGTHS * margin)
    left = _wall(background[rows], x + overlap, max(least, x - reach), -1)
    right = _wall(background[rows], x + wide - overlap, min(most, x + wide + reach), 1)
    x0 = max(least, x - margin) if left is None else max(least, min(x, left - 1))
    x1 = min(most, x + wide + margin) if right is None else min(most, max(x + wide, right + 2))
    y0, y1 = max(0, y - margin), min(height, y + high + margin)
    return x0, y0, x1 - x0, y1 - y0


def _between(left: Box, right: Box) -> int:
    return (left[0] + left[2] + right[0]) // 2


def _wall(rows: NDArray[np.float32], start: int, stop: int, step: int) -> int | None:
    """Return the column of the strongest upright line from `start` on to `stop`, if it stands out."""
    lines = np.abs(np.median(rows[:, 2:] - rows[:, :-2], axis=0))
    columns = np.arange(start, stop, step)
    columns = columns[(columns >= 1) & (columns <= len(lines))]
    if not len(columns):
        return None
    strength = lines[columns - 1]
    best = int(np.argmax(strength))
    return int(columns[best]) if strength[best] >= _WALL_LEVEL else None
