"""Swim scene: a forced-swim recording with known truth: beakers from the side, a mouse in each, restless water.

The truth is the list of bouts that a clip is made from, on the trial clock, which starts with the file (t0 = 0, the
animal is in place in the first frame). Inside a bout named ``"immobile"`` the mouse floats: whatever it does there is
passive (drift, bobbing, slow turning) or keeps its head above water (balancing, small strokes of one paw). In a bout
named ``"climbing"`` it is upright at the wall, its forepaws breaking the surface. Elsewhere it swims: it paddles,
turns, rears up, dives. The water is never quite still, is stirred by the animal and calms down after it; the animal is
mirrored under the surface and in the glass; light is uneven and may drift and flicker, the sensor is noisy.

A seed gives the same animal, the same movement and the same light at any frame rate and picture size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.simulate.encode import write_video
from littermate.simulate.swim_bouts import draw_bouts, draw_climbing
from littermate.simulate.swim_camera import Camera, Light
from littermate.simulate.swim_drawing import Water, draw_mouse, draw_splash
from littermate.simulate.swim_kinematics import Manner, move

__all__ = ["SwimScene", "Swimmer", "beaker_boxes", "draw_bouts", "draw_climbing", "write_beakers", "write_swim"]

_BEHAVIOURS = ("immobile", "climbing")
_SLIMMEST = 0.8
_DIVIDER_GREY = 105


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
    contrast
        How far the coat is from the water, as a part of the usual 120 (dark) or 150 (light) grey levels.
    light_drift
        How much the light changes over the trial, as a part of it (brightness, black level and slope); 0 is steady.
    flicker, flicker_hz
        Amplitude of the lamps' flicker, as a part of the light, and its frequency.
    turning, twitches
        Strength of the floating animal's slow turning about the vertical, and how often it moves a paw, the tail or
        the head a little (1: once in 2 s); 0 is none.
    vigour, slow_share
        Scales the effort of all swimming; part of the swimming that is slow (half the effort, slower strokes).
    rearing
        Strength of the spells in which the swimming animal rears up away from the wall; 0 is none, so that only
        the climbing bouts are climbing.
    dives_per_min
        Short dives while it swims.

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
    contrast: float = 1.0
    light_drift: float = 0.0
    flicker: float = 0.0
    flicker_hz: float = 100.07
    turning: float = 0.0
    twitches: float = 0.0
    vigour: float = 1.0
    slow_share: float = 0.0
    rearing: float = 1.0
    dives_per_min: float = 0.0

    def __post_init__(self) -> None:
        if self.coat not in ("dark", "light"):
            raise UsageError(expected="a coat 'dark' or 'light'", found=repr(self.coat), do="choose one of the two")
        if self.width % 2 or self.height % 2 or self.width < _SLIMMEST * self.height or self.height < 96:
            raise UsageError(
                expected="an even size, 96 px or higher, and wide enough for the beaker (0.8 x the height)",
                found=f"{self.width} x {self.height} px",
                do="choose another size",
            )
        if not 2 <= self.fps <= 240:
            raise UsageError(expected="2 to 240 frames a second", found=f"{self.fps}", do="choose another rate")
        shares = (self.contrast, self.light_drift, self.flicker, self.slow_share)
        strengths = (self.turning, self.twitches, self.rearing, self.dives_per_min)
        if not (all(0 <= one <= 1 for one in shares) and min(strengths) >= 0 and 0.3 <= self.vigour <= 1.2):
            raise UsageError(
                expected="contrast, light drift, flicker and slow share from 0 to 1, vigour from 0.3 to 1.2, and "
                "turning, twitches, rearing and dives of 0 or more",
                found=f"{shares}, {self.vigour}, {strengths}",
                do="correct them",
            )

    @property
    def manner(self) -> Manner:
        """How the animal moves."""
        return Manner(
            drift=self.drift,
            turning=self.turning,
            twitches=self.twitches,
            vigour=self.vigour,
            slow_share=self.slow_share,
            rearing=self.rearing,
            dives_per_min=self.dives_per_min,
        )

    @property
    def light(self) -> Light:
        """How the light behaves."""
        return Light(drift=self.light_drift, flicker=self.flicker, flicker_hz=self.flicker_hz)

    @classmethod
    def small(cls, coat: str = "dark") -> Self:
        """Return a scene of 320 x 240 px at 15 frames a second, for a quick demonstration."""
        return cls(width=320, height=240, fps=15.0, coat=coat, crf=28)

    @classmethod
    def full(cls, coat: str = "dark") -> Self:
        """Return a scene of 640 x 480 px at 30 frames a second, as a usual camera gives."""
        return cls(width=640, height=480, fps=30.0, coat=coat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swimmer:
    """One of several beakers in a picture: its truth, its seed, and whether there is an animal in it."""

    bouts: tuple[DetectedBout, ...]
    seed: int
    animal: bool = True


def write_swim(
    path: str | Path, bouts: tuple[DetectedBout, ...], *, scene: SwimScene, duration_s: float, seed: int
) -> None:
    """Write a clip in which the mouse is immobile in `bouts` (climbs in those so named) and swims between them.

    The same arguments draw the same pictures; what the encoder makes of them may differ a little from run to run.
    The clip has ``round(duration_s * scene.fps)`` frames.

    Raises
    ------
    UsageError
        If a bout is neither immobile nor climbing.
    """
    write_video(path, _pictures(bouts, scene, duration_s, seed), fps=scene.fps, crf=scene.crf)


def write_beakers(
    path: str | Path, swimmers: Sequence[Swimmer], *, scene: SwimScene, duration_s: float, seed: int
) -> None:
    """Write a clip of several beakers side by side, with dividers between them, before one camera.

    Each animal moves as its own seed says, as it would alone. `beaker_boxes` says where they are.

    Raises
    ------
    UsageError
        If there is no beaker, or they would be too small.
    """
    write_video(path, _row_pictures(swimmers, scene, duration_s, seed), fps=scene.fps, crf=scene.crf)


def beaker_boxes(scene: SwimScene, count: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return where each of `count` beakers with its surroundings is in the picture: ``(x, y, width, height)`` in px.

    Examples
    --------
    >>> beaker_boxes(SwimScene(width=640, height=360), 2)
    ((0, 0, 320, 360), (320, 0, 320, 360))
    """
    if count < 1:
        raise UsageError(expected="one beaker or more", found=f"{count}", do="add one")
    width = scene.width // count // 2 * 2
    height = min(scene.height, int(width / _SLIMMEST) // 2 * 2)
    left, top = (scene.width - count * width) // 2, (scene.height - height) // 2
    return tuple((left + number * width, top, width, height) for number in range(count))


def _pictures(
    bouts: tuple[DetectedBout, ...], scene: SwimScene, duration_s: float, seed: int
) -> Iterator[NDArray[np.uint8]]:
    moving, looking, lighting = np.random.default_rng(seed).spawn(3)
    times = _times(scene, duration_s)
    beaker = _Beaker(bouts, scene, duration_s, times, moving, looking)
    camera = _camera(scene, duration_s, looking, lighting)
    for k, t_s in enumerate(times.tolist()):
        yield camera.see(beaker.picture(k, t_s), t_s)


def _row_pictures(
    swimmers: Sequence[Swimmer], scene: SwimScene, duration_s: float, seed: int
) -> Iterator[NDArray[np.uint8]]:
    boxes, times = beaker_boxes(scene, len(swimmers)), _times(scene, duration_s)
    beakers = []
    for swimmer, (_, _, width, height) in zip(swimmers, boxes, strict=True):
        part = replace(scene, width=width, height=height, animal=swimmer.animal)
        moving, looking = np.random.default_rng(swimmer.seed).spawn(2)
        beakers.append(_Beaker(swimmer.bouts, part, duration_s, times, moving, looking))
    camera = _camera(scene, duration_s, *np.random.default_rng(seed).spawn(2))
    top, left = boxes[0][1], boxes[0][0]
    below, right = scene.height - top - boxes[0][3], scene.width - left - len(boxes) * boxes[0][2]
    for k, t_s in enumerate(times.tolist()):
        row = np.hstack([_divided(beaker.picture(k, t_s)) for beaker in beakers])
        whole = cv2.copyMakeBorder(row, top, below, left, right, cv2.BORDER_REPLICATE)
        yield camera.see(np.asarray(whole, dtype=np.uint8), t_s)


class _Beaker:
    """One beaker with its animal, without light and noise."""

    def __init__(
        self,
        bouts: Sequence[DetectedBout],
        scene: SwimScene,
        duration_s: float,
        times: NDArray[np.float64],
        moving: np.random.Generator,
        looking: np.random.Generator,
    ) -> None:
        _check_bouts(bouts)
        self._scene = scene
        self._posture = move(bouts, times, duration_s=duration_s, manner=scene.manner, rng=moving)
        self._water = Water(scene.width, scene.height, coat=scene.coat, contrast=scene.contrast, rng=looking)

    def picture(self, k: int, t_s: float) -> NDArray[np.uint8]:
        """Draw frame `k`, which is at `t_s`."""
        scene, water, posture = self._scene, self._water, self._posture
        stirred = scene.ripples * float(posture.waves[k] if scene.animal else 0.35)
        picture = water.still(t_s, stirred)
        if scene.animal:
            draw_mouse(picture, water, posture, k, reflection=scene.reflection)
            draw_splash(picture, water, posture, t_s, k)
        water.draw_line(picture, t_s, stirred)
        return picture


def _times(scene: SwimScene, duration_s: float) -> NDArray[np.float64]:
    return np.asarray(np.arange(max(2, round(duration_s * scene.fps))) / scene.fps, dtype=np.float64)


def _camera(scene: SwimScene, duration_s: float, looking: np.random.Generator, lighting: np.random.Generator) -> Camera:
    return Camera(
        scene.width,
        scene.height,
        noise=scene.noise,
        rng=looking,
        light=scene.light,
        duration_s=duration_s,
        light_rng=lighting,
    )


def _divided(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw the edges of the dividers on either side."""
    wide = max(1, picture.shape[1] // 160)
    picture[:, :wide] = picture[:, -wide:] = _DIVIDER_GREY
    return picture


def _check_bouts(bouts: Sequence[DetectedBout]) -> None:
    wrong = sorted({bout.behaviour for bout in bouts} - set(_BEHAVIOURS))
    if wrong:
        raise UsageError(
            expected=f"bouts of {' or '.join(_BEHAVIOURS)}", found=", ".join(wrong), do="name what the animal does"
        )
