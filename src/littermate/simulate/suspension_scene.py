"""Suspension scene: a tail suspension recording from the side, with known truth.

The truth is the list of immobile bouts that a clip is made from, on the trial clock, which starts with the file. The
mouse hangs from a bar by its taped tail. Struggling, it curls, kicks and pushes itself off sideways; the pushes drive a
pendulum (a damped oscillator at its own frequency), which *goes on swinging by itself* when the struggle ends: inside a
bout the mouse moves by this passive swing, by a slow twist and by faint breathing only. The light is uneven, the sensor
noisy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.simulate.encode import write_video

__all__ = ["SuspensionScene", "hang", "write_suspension"]

_CLOCK_HZ = 120.0
_PERIOD_S, _DAMPING = 0.72, 0.05
_EDGE_S = 0.2
_HIGH_CM = 26.0
_BAR_CM, _TAIL_CM, _BODY_CM = 2.5, 7.0, 7.5
_SHIFT = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionScene:
    """How a simulated recording looks.

    Parameters
    ----------
    width, height
        Picture size in px, even numbers; the picture is 26 cm high.
    fps
        Frames a second.
    coat
        ``"dark"`` (before a bright wall) or ``"light"`` (before a dark one).
    swing
        Strength of the pushes; at 1, nine tenths of the time is within 8 degrees to either side.
    noise
        Standard deviation of the sensor noise, in grey levels.
    crf
        Quality of the H.264 encoding (lower is better).
    animal
        False leaves the bar empty.
    """

    width: int = 192
    height: int = 192
    fps: float = 15.0
    coat: str = "dark"
    swing: float = 1.0
    noise: float = 3.0
    crf: int = 26
    animal: bool = True

    def __post_init__(self) -> None:
        if self.coat not in ("dark", "light") or self.width % 2 or self.height % 2 or min(self.width, self.height) < 96:
            raise UsageError(
                expected="a coat 'dark' or 'light' and an even size of 96 px or more",
                found=f"{self.coat!r}, {self.width} x {self.height} px",
                do="correct the scene",
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hanging:
    """Posture at n times, (n,) floats: swing (rad), curl (rad over the body), limbs' phase, effort 0 to 1, twist."""

    swing: Floats
    curl: Floats
    stroke: Floats
    effort: Floats
    twist: Floats


def hang(bouts: Sequence[DetectedBout], times_s: Floats, *, swing: float, rng: np.random.Generator) -> Hanging:
    """Move a mouse that hangs still in `bouts` and struggles between them, and read it off at `times_s`."""
    clock = np.arange(0.0, float(times_s[-1]) + 1.0, 1.0 / _CLOCK_HZ)
    effort = _effort(bouts, clock, rng)
    curl = effort * (0.9 * np.sin(_phase(clock, 1.9, rng)) + 0.4 * _slow(clock, 0.6, rng))
    rows = {
        "swing": _pendulum(effort * 3.5 * swing * _slow(clock, 0.45, rng)),
        "curl": curl + 0.03 * np.sin(2 * np.pi * 2.8 * clock),
        "stroke": _phase(clock, 5.5, rng),
        "effort": effort,
        "twist": 1.0 + 0.08 * _slow(clock, 4.0, rng),
    }
    return Hanging(**{name: np.interp(times_s, clock, values) for name, values in rows.items()})


def write_suspension(
    path: str | Path, bouts: Sequence[DetectedBout], *, scene: SuspensionScene, duration_s: float, seed: int
) -> None:
    """Write a clip in which the mouse is immobile in `bouts` and struggles between them."""
    write_video(path, _pictures(bouts, scene, duration_s, seed), fps=scene.fps, crf=scene.crf)


def _effort(bouts: Sequence[DetectedBout], clock: Floats, rng: np.random.Generator) -> Floats:
    """Return 0 in the bouts and 0.5 to 1 between them, with ramps outside the bouts."""
    active = np.ones_like(clock)
    for bout in bouts:
        outside = np.maximum((bout.start_s - clock) / _EDGE_S, (clock - bout.stop_s) / _EDGE_S)
        active = np.minimum(active, np.clip(outside, 0.0, 1.0))
    return np.asarray(active * np.clip(0.78 + 0.16 * _slow(clock, 1.2, rng), 0.5, 1.0), dtype=np.float64)


def _slow(clock: Floats, period_s: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise of about unit size that changes over about `period_s`."""
    knots = np.arange(-period_s, clock[-1] + 2 * period_s, period_s / 2)
    rough = np.interp(clock, knots, rng.standard_normal(len(knots)) * 1.2)
    kernel = np.hanning(max(3, round(period_s / 2 * _CLOCK_HZ) | 1) + 2)[1:-1]
    padded = np.pad(rough, len(kernel) // 2, mode="edge")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"), dtype=np.float64)


def _phase(clock: Floats, hertz: float, rng: np.random.Generator) -> Floats:
    return np.asarray(2 * np.pi * np.cumsum(hertz * (1 + 0.15 * _slow(clock, 1.0, rng))) / _CLOCK_HZ, dtype=np.float64)


def _pendulum(push: Floats) -> Floats:
    """Integrate a damped pendulum that is pushed (rad/s^2); it swings on by itself."""
    own, step = 2 * np.pi / _PERIOD_S, 1.0 / _CLOCK_HZ
    angle, speed = 0.0, 0.0
    angles = np.empty(len(push))
    for k, force in enumerate(push.tolist()):
        speed += (force - 2 * _DAMPING * own * speed - own**2 * np.sin(angle)) * step
        angle += speed * step
        angles[k] = angle
    return angles


def _pictures(
    bouts: Sequence[DetectedBout], scene: SuspensionScene, duration_s: float, seed: int
) -> Iterator[NDArray[np.uint8]]:
    moving, looking = np.random.default_rng(seed).spawn(2)
    times = np.arange(max(2, round(duration_s * scene.fps))) / scene.fps
    posture = hang(bouts, times, swing=scene.swing, rng=moving)
    wall = _wall(scene)
    for k in range(len(times)):
        picture = wall.copy()
        if scene.animal:
            _draw_mouse(picture, posture, k, scene)
        picture = cv2.GaussianBlur(picture, (0, 0), 0.6)
        noisy = picture + scene.noise * looking.standard_normal(picture.shape, dtype=np.float32)
        yield np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _wall(scene: SuspensionScene) -> NDArray[np.float32]:
    """Return the wall, lighter above the left, and the bar."""
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    light = 1 - 0.25 * ((x / scene.width - 0.3) ** 2 + (y / scene.height) ** 2)
    wall = (190.0 if scene.coat == "dark" else 60.0) * light
    bar = round(_BAR_CM * scene.height / _HIGH_CM)
    wall[bar - max(2, bar // 3) : bar] = 110.0 if scene.coat == "dark" else 95.0
    return np.asarray(wall, dtype=np.float32)


def _draw_mouse(picture: NDArray[np.float32], posture: Hanging, k: int, scene: SuspensionScene) -> None:
    grey, tail_grey = (38.0, 105.0) if scene.coat == "dark" else (215.0, 150.0)
    scale = scene.height / _HIGH_CM
    spine, widths = _spine(posture, k)
    points = spine * scale + [scene.width / 2, 0.0]
    rump = 8
    _line(picture, points[: rump + 1], tail_grey, 0.45 * scale)
    for place, side, phase in ((0.25, 1, 0.0), (0.25, -1, 2.2), (0.75, 1, 1.1), (0.75, -1, 3.3)):
        _line(picture, _limb(points[rump:], place, side, phase, posture, k, scale), grey, 0.7 * scale)
    _fill(picture, _hull(points[rump:], widths * scale * posture.twist[k]), grey)


def _spine(posture: Hanging, k: int) -> tuple[Floats, Floats]:
    """Return (n, 2) cm from the bar down to the nose, and the body's half width at its points."""
    tail = np.linspace(0, _TAIL_CM, 9)
    body = np.linspace(0, _BODY_CM, 13)[1:]
    swing = float(posture.swing[k])
    angles = np.concatenate([np.full(8, swing), swing + posture.curl[k] * np.linspace(0, 1, 12) ** 1.5])
    lengths = np.diff(np.concatenate([tail, _TAIL_CM + body]))
    steps = np.column_stack([np.sin(angles), np.cos(angles)]) * lengths[:, None]
    along = np.linspace(0, 1, 13)
    widths = 1.55 * np.sqrt(np.clip(1 - (2 * along**0.8 - 1) ** 2, 0, 1)) * (1 - 0.25 * along) + 0.12
    tape = np.array([[0.0, _BAR_CM]])
    return np.vstack([tape, tape + np.cumsum(steps, axis=0)]), widths


def _limb(body: Floats, place: float, side: int, phase: float, posture: Hanging, k: int, scale: float) -> Floats:
    at = body[round(place * (len(body) - 1))]
    swing = posture.effort[k] * 0.9 * np.sin(posture.stroke[k] + phase)
    angle = float(posture.swing[k]) + side * (0.9 + swing)
    knee = at + scale * 1.7 * np.array([np.sin(angle), np.cos(angle)])
    foot = knee + scale * 1.4 * np.array([np.sin(angle - 0.5 * side), np.cos(angle - 0.5 * side)])
    return np.array([at, knee, foot])


def _hull(body: Floats, widths: Floats) -> Floats:
    along = np.gradient(body, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    return np.vstack([body + across * widths[:, None], (body - across * widths[:, None])[::-1]])


def _fill(picture: NDArray[np.float32], outline: Floats, grey: float) -> None:
    _mix(picture, lambda cover: cv2.fillPoly(cover, [_fixed(outline)], 255, cv2.LINE_AA, _SHIFT), grey)


def _line(picture: NDArray[np.float32], line: Floats, grey: float, thick: float) -> None:
    width = max(1, round(thick))
    _mix(picture, lambda cover: cv2.polylines(cover, [_fixed(line)], False, 255, width, cv2.LINE_AA, _SHIFT), grey)


def _mix(picture: NDArray[np.float32], draw: Any, grey: float) -> None:
    cover = np.zeros(picture.shape, np.uint8)
    draw(cover)
    share = cover.astype(np.float32) / 255
    picture += share * (grey - picture)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)
