"""Swim scene: a forced-swim recording with known truth: a beaker from the side, a mouse, restless water.

The truth is the list of immobile bouts that a clip is made from, on the trial clock, which starts with the file
(t0 = 0, the animal is in place in the first frame). Inside a bout the mouse floats: slow passive drift, bobbing, tiny
head balancing. Between bouts it paddles, turns and climbs. The water is never quite still, is stirred by the animal
and calms down after it; the animal is mirrored under the surface and in the glass; light is uneven, the sensor noisy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.simulate.encode import write_video
from littermate.simulate.swim_drawing import Water, draw_mouse
from littermate.simulate.swim_kinematics import move

__all__ = ["SwimScene", "draw_bouts", "write_swim"]

_MIN_BOUT_S = 1.5
_MIN_GAP_S = 1.0
_MEAN_BOUT_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimScene:
    """How a simulated recording looks.

    Parameters
    ----------
    width, height
        Picture size in px, even numbers. The picture is 24 cm high.
    fps
        Frames a second.
    coat
        ``"dark"`` (a dark mouse before a bright wall) or ``"light"`` (a white mouse before a dark one).
    noise
        Standard deviation of the sensor noise, in grey levels.
    ripples
        Strength of the water's movement; 1 is usual, 0 is none.
    reflection
        Opacity of the mirror images, 0 to 1.
    drift
        Strength of the floating animal's passive movement; 1 is usual (up to about 1 cm/s), 0 is none.
    crf
        Quality of the H.264 encoding (lower is better).
    animal
        False leaves the beaker empty: nothing in it may be scored.

    Examples
    --------
    >>> SwimScene.small().height
    240
    """

    width: int = 320
    height: int = 240
    fps: float = 15.0
    coat: str = "dark"
    noise: float = 3.0
    ripples: float = 1.0
    reflection: float = 0.22
    drift: float = 1.0
    crf: int = 23
    animal: bool = True

    def __post_init__(self) -> None:
        if self.coat not in ("dark", "light"):
            raise UsageError(expected="a coat 'dark' or 'light'", found=repr(self.coat), do="choose one of the two")
        if self.width % 2 or self.height % 2 or self.width < 0.8 * self.height or self.height < 96:
            raise UsageError(
                expected="an even size, 96 px or higher, and wide enough for the beaker (0.8 x the height)",
                found=f"{self.width} x {self.height} px",
                do="choose another size",
            )
        if not 2 <= self.fps <= 240:
            raise UsageError(expected="2 to 240 frames a second", found=f"{self.fps}", do="choose another rate")

    @classmethod
    def small(cls, coat: str = "dark") -> Self:
        """Return a scene of 320 x 240 px at 15 frames a second, for a quick demonstration."""
        return cls(width=320, height=240, fps=15.0, coat=coat, crf=28)

    @classmethod
    def full(cls, coat: str = "dark") -> Self:
        """Return a scene of 640 x 480 px at 30 frames a second, as a usual camera gives."""
        return cls(width=640, height=480, fps=30.0, coat=coat)


def draw_bouts(
    *, immobile_fraction: float, duration_s: float, window_s: tuple[float, float], seed: int
) -> tuple[DetectedBout, ...]:
    """Draw immobile bouts that fill exactly a fraction of the window.

    Every bout lasts 1.5 s or more and every gap between two bouts 1.0 s or more, so that closing short gaps and
    dropping short runs leaves them as they are. Before and after the window the animal is immobile less often.

    Raises
    ------
    UsageError
        If the window is not inside the clip, the fraction is not in 0..1, or so little immobility is asked for that
        not even one bout fits.

    Examples
    --------
    >>> bouts = draw_bouts(immobile_fraction=0.5, duration_s=60, window_s=(20, 60), seed=1)
    >>> round(sum(min(b.stop_s, 60) - max(b.start_s, 20) for b in bouts if b.stop_s > 20), 9)
    20.0
    """
    start, stop = window_s
    if not (0 <= start < stop <= duration_s and 0 <= immobile_fraction <= 1):
        raise UsageError(
            expected="a window inside the clip and a fraction from 0 to 1",
            found=f"window {start}-{stop} s of {duration_s} s, fraction {immobile_fraction}",
            do="correct them",
        )
    rng = np.random.default_rng(seed)
    total = immobile_fraction * (stop - start)
    inside = _fill(start, stop, total, rng) if total >= _MIN_BOUT_S else _edge_bout(window_s, duration_s, total)
    first = inside[0][0] if inside else stop
    last = inside[-1][1] if inside else start
    before = _loose(0.0, min(first - _MIN_GAP_S, start), immobile_fraction, rng)
    after = _loose(max(last + _MIN_GAP_S, stop), duration_s, immobile_fraction, rng)
    return tuple(DetectedBout(behaviour="immobile", start_s=a, stop_s=b) for a, b in (*before, *inside, *after))


def write_swim(
    path: str | Path, bouts: tuple[DetectedBout, ...], *, scene: SwimScene, duration_s: float, seed: int
) -> None:
    """Write a clip in which the mouse is immobile in `bouts` and active between them.

    The same arguments draw the same pictures; what the encoder makes of them may differ a little from run to run.
    The clip has ``round(duration_s * scene.fps)`` frames.
    """
    write_video(path, _pictures(bouts, scene, duration_s, seed), fps=scene.fps, crf=scene.crf)


def _pictures(
    bouts: tuple[DetectedBout, ...], scene: SwimScene, duration_s: float, seed: int
) -> Iterator[NDArray[np.uint8]]:
    moving, looking = np.random.default_rng(seed).spawn(2)
    times = np.arange(max(2, round(duration_s * scene.fps))) / scene.fps
    posture = move(bouts, times, drift=scene.drift, rng=moving)
    water = Water(scene.width, scene.height, coat=scene.coat, noise=scene.noise, rng=looking)
    for k, t_s in enumerate(times.tolist()):
        stirred = scene.ripples * float(posture.waves[k] if scene.animal else 0.35)
        picture = water.still(t_s, stirred)
        if scene.animal:
            draw_mouse(picture, water, posture, k, reflection=scene.reflection)
        yield water.seen(picture, t_s, stirred)


def _fill(start: float, stop: float, total: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Put bouts of `total` s into a stretch: random lengths, random gaps, both above their least."""
    free = stop - start - total
    most = min(int(total / _MIN_BOUT_S), int(free / _MIN_GAP_S) + 1)
    count = int(np.clip(rng.poisson(total / _MEAN_BOUT_S), 1, most))
    lengths = _MIN_BOUT_S + (total - count * _MIN_BOUT_S) * rng.dirichlet(np.full(count, 1.5))
    spare = free - (count - 1) * _MIN_GAP_S
    gaps = spare * rng.dirichlet(np.full(count + 1, 1.5))
    gaps[1:-1] += _MIN_GAP_S
    starts = start + np.cumsum(gaps[:-1]) + np.concatenate([[0.0], np.cumsum(lengths[:-1])])
    return [(float(a), min(float(a + b), stop)) for a, b in zip(starts, lengths, strict=True)]


def _edge_bout(window_s: tuple[float, float], duration_s: float, total: float) -> list[tuple[float, float]]:
    """Return one bout that reaches over the window's edge, for a total too short for a bout inside it."""
    start, stop = window_s
    if total == 0:
        return []
    if start + total >= _MIN_BOUT_S:
        return [(start + total - _MIN_BOUT_S, start + total)]
    if stop - total + _MIN_BOUT_S <= duration_s:
        return [(stop - total, stop - total + _MIN_BOUT_S)]
    raise UsageError(
        expected=f"no immobility, or {_MIN_BOUT_S} s of it or more in the window",
        found=f"{total:.3f} s",
        do="choose another fraction or a longer window",
    )


def _loose(start: float, stop: float, fraction: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Fill a stretch outside the window with about a third of the window's immobility, clear of its edges."""
    stop_clear, start_clear = stop - _MIN_GAP_S, start + (_MIN_GAP_S if start == 0 else 0.0)
    total = fraction / 3 * (stop_clear - start_clear)
    return _fill(start_clear, stop_clear, total, rng) if total >= _MIN_BOUT_S else []
