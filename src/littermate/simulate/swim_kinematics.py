"""Swim kinematics: how a simulated mouse floats and swims in a beaker, as posture against time.

Lengths are cm with x to the right of the beaker's middle and y down from the waterline; angles are radians, pitch
positive with the nose up. The movement is made on a fixed clock of 60 Hz and read off at the frames' times, so that
the same seed gives the same movement at any frame rate. Inside a bout there is no effort at all: it dies down in the
0.2 s before the bout and comes back in the 0.2 s after it. The body glides out into the bout, as a real one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.model.bout import DetectedBout

__all__ = ["Posture", "move"]

_CLOCK_HZ = 60.0
_EDGE_S = 0.2
_HALF_WIDTH_CM = 2.6
_CLIMB_SHARE = 0.2
_TURNS_PER_S = 0.35

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posture:
    """Posture of the animal at n times; every field is an (n,) float array.

    Parameters
    ----------
    effort
        0 floating to 1 swimming hard.
    x, y, pitch
        Middle of the body and its angle.
    facing
        Cosine of the yaw: 1 seen from the side and facing right, -1 facing left, 0 seen end-on.
    fore, hind
        Angle of the near fore and hind limb; the far ones move in opposite phase.
    head, tail
        Angle of the head to the body; phase of the tail's wave.
    waves
        How stirred the water is, 0 calm to 1; it calms down slowly after the animal does.
    """

    effort: Floats
    x: Floats
    y: Floats
    pitch: Floats
    facing: Floats
    fore: Floats
    hind: Floats
    head: Floats
    tail: Floats
    waves: Floats


def move(bouts: Sequence[DetectedBout], times_s: Floats, *, drift: float, rng: np.random.Generator) -> Posture:
    """Move a mouse that is immobile in `bouts` and active between them, and read it off at `times_s`.

    `drift` scales the passive drift, bobbing and head balancing of the floating animal (1: up to about 1 cm/s).
    """
    clock = np.arange(0.0, float(times_s[-1]) + 1.0, 1.0 / _CLOCK_HZ)
    effort = _effort(bouts, clock, rng)
    path = _path(clock, effort, drift, rng)
    whole = {"effort": effort, **path, **_limbs(clock, effort, drift, rng), "waves": _waves(effort)}
    return Posture(**{name: np.interp(times_s, clock, values) for name, values in whole.items()})


def _effort(bouts: Sequence[DetectedBout], clock: Floats, rng: np.random.Generator) -> Floats:
    """Return 0 in the bouts and a slowly changing 0.5 to 1 between them, with ramps outside the bouts."""
    active = np.ones_like(clock)
    for bout in bouts:
        active = np.minimum(active, _outside(clock, bout.start_s, bout.stop_s))
    vigour = np.clip(0.78 + 0.16 * _wander(clock, 1.5, rng), 0.5, 1.0)
    return active * vigour


def _outside(clock: Floats, start: float, stop: float) -> Floats:
    before = np.clip((start - clock) / _EDGE_S, 0.0, 1.0)
    after = np.clip((clock - stop) / _EDGE_S, 0.0, 1.0)
    return np.maximum(before, after)


def _wander(clock: Floats, period_s: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise of unit size that changes over about `period_s`."""
    knots = np.arange(-period_s, clock[-1] + 2 * period_s, period_s / 2)
    rough = np.interp(clock, knots, rng.standard_normal(len(knots)) * 1.2)
    width = max(3, round(period_s / 2 * _CLOCK_HZ) | 1)
    kernel = np.hanning(width + 2)[1:-1]
    padded = np.pad(rough, width // 2, mode="edge")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"), dtype=np.float64)


def _path(clock: Floats, effort: Floats, drift: float, rng: np.random.Generator) -> dict[str, Floats]:
    """Integrate position, pitch and facing: driven while active, drifting and bobbing while not."""
    push = _wander(clock, 0.7, rng)
    float_x, float_y, float_pitch = (_wander(clock, 3.0, rng) for _ in range(3))
    climb = _spells(clock, _CLIMB_SHARE, rng)
    turning = rng.random(len(clock)) < _TURNS_PER_S / _CLOCK_HZ
    surge = _wander(clock, 0.5, rng)
    tilt = _wander(clock, 0.6, rng)
    x, y, pitch, yaw, goal = rng.uniform(-2.0, 2.0), 1.0, 0.3, 0.0, 0.0
    if rng.random() < 0.5:
        yaw = goal = np.pi
    speed = 0.0
    step = 1.0 / _CLOCK_HZ
    rows = np.empty((len(clock), 4))
    for k, act in enumerate(effort.tolist()):
        if act > 0.3 and (turning[k] or (abs(x) > _HALF_WIDTH_CM and x * np.cos(goal) > 0)):
            goal = np.pi - goal
        yaw += (goal - yaw) * min(1.0, 7.0 * act * step)
        wanted = act * np.cos(yaw) * (5.0 + 3.0 * push[k]) * (1.0 - 0.8 * climb[k]) + 0.45 * drift * float_x[k]
        wanted -= 1.5 * max(0.0, abs(x) - _HALF_WIDTH_CM) * np.sign(x)
        speed += (wanted - speed) * step / 0.2
        x += speed * step
        depth = 1.0 + act * (0.5 * surge[k] - 0.9 * climb[k]) + 0.12 * drift * float_y[k]
        y += (depth - y) * min(1.0, (1.5 + 6.0 * act) * step)
        lean = 0.32 + act * (0.22 * tilt[k] + 0.75 * climb[k]) + 0.06 * drift * float_pitch[k]
        pitch += (lean - pitch) * min(1.0, (1.5 + 6.0 * act) * step)
        rows[k] = x, y, pitch, np.cos(yaw)
    bob = 0.06 * drift * np.sin(2 * np.pi * 0.9 * clock + rng.uniform(0, 6)) * (1 - effort)
    return {"x": rows[:, 0], "y": rows[:, 1] + bob, "pitch": rows[:, 2], "facing": rows[:, 3]}


def _spells(clock: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Return a smooth 0-1 signal that is 1 for about `share` of the time, in spells of some seconds."""
    level = np.quantile(np.array([-2.0, 2.0]), 1 - share)
    return np.asarray(1.0 / (1.0 + np.exp(-6.0 * (_wander(clock, 3.0, rng) - 0.5 * level))), dtype=np.float64)


def _limbs(clock: Floats, effort: Floats, drift: float, rng: np.random.Generator) -> dict[str, Floats]:
    """Paddle while active; while floating only balance: slow, small, now and then a faint kick."""
    stroke = 2 * np.pi * np.cumsum(5.2 + 0.9 * _wander(clock, 1.0, rng)) / _CLOCK_HZ
    balance = 2 * np.pi * 0.8 * clock + rng.uniform(0, 6)
    kicks = np.maximum(0.0, _wander(clock, 0.8, rng) - 1.2)
    idle = drift * (0.03 * np.sin(balance) + 0.05 * kicks * np.sin(2 * np.pi * 3.0 * clock))
    return {
        "fore": effort * 0.75 * np.sin(stroke) + idle,
        "hind": effort * 0.95 * np.sin(stroke + 1.9) + idle,
        "head": effort * 0.18 * _wander(clock, 0.4, rng) + 0.04 * drift * np.sin(balance + 1.0),
        "tail": np.cumsum(0.3 + 9.0 * effort) / _CLOCK_HZ,
    }


def _waves(effort: Floats) -> Floats:
    """Stir the water at once and let it calm down over about a second."""
    waves = np.empty_like(effort)
    level = 0.0
    for k, act in enumerate(effort.tolist()):
        rate = 4.0 if act > level else 0.9
        level += (act - level) * rate / _CLOCK_HZ
        waves[k] = level
    return 0.25 + 0.75 * waves
