"""Looks: small pictures taken now and then from a decoding pass, on which the recording itself is judged.

A look is a picture of about 160 px along its long side in grey levels of 16..235. One look is taken every second, and
every 0.2 s in the first 30 s, where titles and hands are. However long the recording is, at most `most` looks of
each kind are kept: when there are more, every second one is let go and the interval doubles. Frames that the decoder
does not trust are passed over. Times are seconds on the recording's clock.

Between the looks, 12 rows of every frame are compared with those of the frame before it, to notice a picture that
stands still. A repeated frame differs by no more than the traces an encoder leaves: a fifth of what the frames of this
recording usually differ by where its sensor is noisy (1 grey level or more), and by nothing where it is not. A stretch
of them counts where nearly all other frames differ by about as much as usual.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.video.frames import Frame, studio_range

__all__ = ["LookRules", "Looker", "Looks"]

Picture = NDArray[np.uint8]

_ROWS = 12
_LEAST_STILL_S = 1.0
_NOISY, _TRACES, _EVENLY = 1.0, 0.2, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRules:
    """How often a recording is looked at, and how closely.

    Parameters
    ----------
    long_side_px
        Greatest long side of a look; frames are shrunk by a whole factor.
    interval_s
        Time from look to look.
    start_s, start_interval_s
        Length of the start, and time from look to look in it.
    most
        Greatest number of looks kept of the start, and of the whole.
    """

    long_side_px: int = 160
    interval_s: float = 1.0
    start_s: float = 30.0
    start_interval_s: float = 0.2
    most: int = 180


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Looks:
    """What was seen of a recording.

    Parameters
    ----------
    t_s : (n,) float64
        Times of the looks, rising; the start's looks among them.
    pictures : (n, height, width) uint8
        The looks.
    even : (m,) int
        Which of them are spread evenly over the recording.
    shrunk_by
        Pixels of the recording to one of the look.
    still_s
        Half-open stretches ``(start_s, stop_s)`` of one second or longer in which the very same picture came again.
    repeated
        Part of the frames that repeat the one before them.
    """

    t_s: NDArray[np.float64]
    pictures: Picture
    even: NDArray[np.intp]
    shrunk_by: int
    still_s: tuple[tuple[float, float], ...]
    repeated: float


@dataclass(slots=True)
class Looker:
    """Takes looks from the frames of a decoding pass, one frame after the other."""

    rules: LookRules = field(default_factory=LookRules)
    start: _Spread = field(init=False)
    whole: _Spread = field(init=False)
    still: _Still = field(init=False)
    shrunk_by: int = 1

    def __post_init__(self) -> None:
        self.start = _Spread(interval_s=self.rules.start_interval_s, most=self.rules.most)
        self.whole = _Spread(interval_s=self.rules.interval_s, most=self.rules.most)
        self.still = _Still()

    def look(self, frame: Frame) -> None:
        """Take in one frame; a look is taken where one is due."""
        if not frame.trusted:
            return
        self.still.see(frame)
        early = frame.t_s < self.rules.start_s and self.start.due(frame.t_s)
        due = self.whole.due(frame.t_s)
        if early or due:
            small = self._small(frame)
            if early:
                self.start.keep(frame.t_s, small)
            if due:
                self.whole.keep(frame.t_s, small)

    def _small(self, frame: Frame) -> Picture:
        height, width = frame.luma.shape
        by = self.shrunk_by = max(1, -(-max(height, width) // self.rules.long_side_px))
        whole = frame.luma[: height // by * by, : width // by * by]
        size = (width // by, height // by)
        small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA) if by > 1 else whole.copy()
        return studio_range(np.asarray(small, dtype=np.uint8), frame.full_range)

    def looks(self) -> Looks | None:
        """Return what was seen so far; `None` where no frame could be trusted."""
        kept = dict(zip(self.start.times, self.start.pictures, strict=True))
        kept |= dict(zip(self.whole.times, self.whole.pictures, strict=True))
        if not kept:
            return None
        times = np.array(sorted(kept))
        return Looks(
            t_s=times,
            pictures=np.stack([kept[t] for t in times.tolist()]),
            even=_evenly(times, self.whole.times),
            shrunk_by=self.shrunk_by,
            still_s=self.still.stretches(),
            repeated=self.still.repeated(),
        )


def _evenly(times: NDArray[np.float64], whole: list[float], fewest: int = 60) -> NDArray[np.intp]:
    """Return the looks of the whole recording; in a short one the start's looks help out, evenly."""
    if len(whole) >= fewest or len(times) <= len(whole):
        return np.searchsorted(times, whole)
    wanted = np.linspace(times[0], times[-1], fewest)
    return np.unique(np.abs(times[None, :] - wanted[:, None]).argmin(axis=1))


@dataclass(slots=True)
class _Spread:
    """Keeps pictures spread evenly over a stream of unknown length."""

    interval_s: float
    most: int
    times: list[float] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    next_s: float = -np.inf

    def due(self, t_s: float) -> bool:
        return t_s >= self.next_s - 1e-6

    def keep(self, t_s: float, picture: Picture) -> None:
        self.times.append(t_s)
        self.pictures.append(picture)
        if len(self.times) > self.most:
            self.times, self.pictures = self.times[::2], self.pictures[::2]
            self.interval_s *= 2
        self.next_s = self.times[-1] + self.interval_s


@dataclass(slots=True)
class _Still:
    """Measures how much each frame differs from the one before it, on some of its rows, to find repeated pictures."""

    rows: Picture | None = None
    times: array[float] = field(default_factory=lambda: array("d"))
    changes: array[float] = field(default_factory=lambda: array("f"))

    def see(self, frame: Frame) -> None:
        step = max(1, frame.luma.shape[0] // _ROWS)
        rows = frame.luma[step // 2 :: step].copy()
        if self.rows is not None:
            self.changes.append(cv2.norm(rows, self.rows, cv2.NORM_L1) / rows.size)
        self.times.append(frame.t_s)
        self.rows = rows

    def _repeats(self) -> NDArray[np.bool_]:
        """Return which frames repeat the one before them; the encoder leaves traces where the sensor is noisy."""
        changes = np.array(self.changes)
        usual = float(np.quantile(changes, 0.75)) if len(changes) else 0.0
        return changes <= (_TRACES * usual if usual >= _NOISY else 0.0)

    def repeated(self) -> float:
        """Return the part of the frames that repeat the one before them."""
        repeats = self._repeats()
        return float(np.mean(repeats)) if len(repeats) and self._even(~repeats) else 0.0

    def _even(self, others: NDArray[np.bool_]) -> bool:
        """Return whether nearly all of these frames differ from the one before by about as much as usual."""
        changes = np.array(self.changes)[others]
        return len(changes) > 0 and bool(np.quantile(changes, 0.1) >= _EVENLY * np.quantile(changes, 0.75))

    def stretches(self) -> tuple[tuple[float, float], ...]:
        """Return the stretches in which the very same picture came again.

        In a recording whose frames are often almost alike (strong compression, an animal at rest) there are none.
        """
        times, repeats = np.array(self.times), self._repeats().astype(np.int8)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], repeats, [0]])))
        runs = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if times[b] - times[a] >= _LEAST_STILL_S]
        others = np.ones(len(repeats), bool)
        for a, b in runs:
            others[a:b] = False
        if not self._even(others):
            return ()
        return tuple((float(times[a]), float(times[b])) for a, b in runs)
