"""Swim kinematics: how a simulated mouse floats, swims, climbs and dives in a beaker, as posture against time.

Lengths are cm with x to the right of the beaker's middle and y down from the waterline; angles are radians, pitch
positive with the nose up. The movement is made on a fixed clock of 60 Hz and read off at the frames' times, so that
the same seed gives the same movement at any frame rate and picture size. Inside an immobile bout there is no effort
at all: it dies down in the 0.2 s before the bout and comes back in the 0.2 s after it. The body glides out into the
bout, as a real one does. What a floating animal still does is what keeps its head above water, and what the water does
with it: drift, bobbing, slow turning, single small strokes of one paw, a sway of the tail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.model.bout import DetectedBout

__all__ = ["Manner", "Posture", "move"]

_CLOCK_HZ = 60.0
_CLOCK_SPARE = 56
_STEP_S = 1.0 / _CLOCK_HZ
_EDGE_S = 0.2
_HALF_WIDTH_CM = 2.6
_REAR_SHARE = 0.2
_TURNS_PER_S = 0.35
_SLOW_PACE = 0.5
_PASSIVE_TURN = 0.5
_PASSIVE_YAW = 1.0
_PASSIVE = 0.1
_APPROACH_S = 1.0
_TWITCHES_PER_S = 0.5
_TWITCHING = ("fore", "hind", "far_fore", "far_hind", "sway", "head")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an animal moves.

    Parameters
    ----------
    drift
        Scales the passive drift, bobbing and head balancing of the floating animal (1: up to about 1 cm/s).
    turning
        Passive turning about the vertical axis while floating (1: up to about 30 to 60 degrees/s).
    twitches
        Small strokes of one paw, sways of the tail and lifts of the head while floating (1: one in 2 s).
    vigour
        Scales the effort of all swimming.
    slow_share
        Part of the swimming that is slow: half the effort, slower strokes.
    rearing
        Strength of the spells in which the swimming animal holds itself upright away from the wall.
    dives_per_min
        Short dives while swimming.
    """

    drift: float = 1.0
    turning: float = 0.0
    twitches: float = 0.0
    vigour: float = 1.0
    slow_share: float = 0.0
    rearing: float = 1.0
    dives_per_min: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posture:
    """Posture of the animal at n times; every field is an (n,) float array.

    Parameters
    ----------
    effort
        0 floating to 1 swimming hard.
    climb
        0 swimming or floating to 1 climbing at the wall.
    x, y, pitch
        Middle of the body and its angle.
    facing
        Cosine of the yaw: 1 seen from the side and facing right, -1 facing left, 0 seen end-on.
    fore, hind, far_fore, far_hind
        Angle of the near and the far limbs, which paddle in opposite phase.
    head, tail, sway
        Angle of the head to the body; phase of the tail's wave; how far the tail's tip is swung to the side, cm.
    waves
        How stirred the water is, 0 calm to 1; it calms down slowly after the animal does.
    """

    effort: Floats
    climb: Floats
    x: Floats
    y: Floats
    pitch: Floats
    facing: Floats
    fore: Floats
    hind: Floats
    far_fore: Floats
    far_hind: Floats
    head: Floats
    tail: Floats
    sway: Floats
    waves: Floats


def move(
    bouts: Sequence[DetectedBout],
    times_s: Floats,
    *,
    duration_s: float,
    manner: Manner,
    rng: np.random.Generator,
) -> Posture:
    """Move a mouse for `duration_s` and read its posture off at `times_s`.

    It floats in the bouts named ``"immobile"``, climbs in those named ``"climbing"`` and swims between them.
    """
    ticks = round(duration_s * _CLOCK_HZ) + _CLOCK_SPARE
    clock: Floats = np.asarray(np.arange(ticks) * _STEP_S, dtype=np.float64)
    more = rng.spawn(1)[0]
    pace = _pace(clock, manner, more)
    effort = _effort(bouts, clock, pace, rng)
    course = _course(clock, effort, bouts, manner, (rng, more))
    path = _path(course, clock, rng)
    limbs = _limbs(clock, effort, manner.drift, rng, pace)
    _reach(limbs, course.climb)
    _twitch(limbs, clock, effort, manner.twitches, more)
    whole = {"effort": effort, "climb": course.climb, **path, **limbs, "waves": _waves(effort)}
    return Posture(**{name: np.interp(times_s, clock, values) for name, values in whole.items()})


def _effort(bouts: Sequence[DetectedBout], clock: Floats, pace: Floats, rng: np.random.Generator) -> Floats:
    """Return 0 in immobile bouts, a slowly changing 0.5 to 1 of the pace between them, and 0.9 or more in climbing."""
    active = np.ones_like(clock)
    for bout in bouts:
        if bout.behaviour == "immobile":
            active = np.minimum(active, _outside(clock, bout.start_s, bout.stop_s))
    vigour = np.clip(0.78 + 0.16 * _wander(clock, 1.5, rng), 0.5, 1.0)
    return np.maximum(active * vigour * pace, 0.9 * _climb(bouts, clock))


def _pace(clock: Floats, manner: Manner, rng: np.random.Generator) -> Floats:
    """Return what the effort is multiplied with: the animal's vigour, less in spells of slow swimming."""
    slow = _wander(clock, 5.0, rng)
    level = np.quantile(slow, 1.0 - manner.slow_share) if manner.slow_share > 0 else np.inf
    rest = np.clip((slow - level) / 0.05 + 0.5, 0.0, 1.0) if manner.slow_share < 1 else np.ones_like(clock)
    return np.asarray(manner.vigour * (1.0 - (1.0 - _SLOW_PACE) * rest), dtype=np.float64)


def _climb(bouts: Sequence[DetectedBout], clock: Floats) -> Floats:
    """Return 1 in the climbing bouts and 0 elsewhere; half-way up at a bout's edge."""
    level = np.zeros_like(clock)
    for bout in bouts:
        if bout.behaviour == "climbing":
            away = _outside(clock, bout.start_s + 0.5 * _EDGE_S, bout.stop_s - 0.5 * _EDGE_S)
            level = np.maximum(level, 1.0 - away)
    return level


def _approach(bouts: Sequence[DetectedBout], clock: Floats) -> NDArray[np.bool_]:
    """Return where the animal is on its way to the wall to climb, or there."""
    near = np.zeros(len(clock), dtype=bool)
    for bout in bouts:
        if bout.behaviour == "climbing":
            near |= (clock >= bout.start_s - _APPROACH_S) & (clock < bout.stop_s)
    return near


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


def _dives(
    bouts: Sequence[DetectedBout], clock: Floats, per_min: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return how deep a dive is (0 to 1) and which way the nose points (-1 down to 1 up); clear of all bouts."""
    depth, nose = np.zeros_like(clock), np.zeros_like(clock)
    busy = [(bout.start_s - 1.0, bout.stop_s + 0.5) for bout in bouts]
    for _ in range(rng.poisson(per_min * clock[-1] / 60.0)):
        start, length = rng.uniform(0.5, clock[-1]), rng.uniform(1.6, 2.4)
        if any(start < stop and start + length > begin for begin, stop in busy):
            continue
        busy.append((start, start + length))
        phase = np.clip((clock - start) / length, 0.0, 1.0)
        depth += np.sin(np.pi * phase) ** 2
        nose -= np.sin(2 * np.pi * phase)
    return depth, nose


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """What drives the body at each tick of the clock; arrays of (n,), and two numbers of the animal.

    `turns` and `approach` are true where it wants to turn, and where it makes for the wall or is at it. `climb`,
    `dive`, `nose` and `jerk` belong to climbing and diving, `swing` is the passive turning in rad/s, and `brisk` is
    the effort from which it steers.
    """

    act: Floats
    push: Floats
    float_x: Floats
    float_y: Floats
    float_pitch: Floats
    rear: Floats
    turns: NDArray[np.bool_]
    surge: Floats
    tilt: Floats
    climb: Floats
    approach: NDArray[np.bool_]
    dive: Floats
    nose: Floats
    jerk: Floats
    swing: Floats
    drift: float
    brisk: float


def _course(
    clock: Floats, effort: Floats, bouts: Sequence[DetectedBout], manner: Manner, rngs: Sequence[np.random.Generator]
) -> _Course:
    """Draw a course; the second generator is for what came later, so that plain swimming stays as it was."""
    rng, more = rngs
    climb = _climb(bouts, clock)
    dive, nose = _dives(bouts, clock, manner.dives_per_min, more)
    return _Course(
        act=effort,
        push=_wander(clock, 0.7, rng),
        float_x=_wander(clock, 3.0, rng),
        float_y=_wander(clock, 3.0, rng),
        float_pitch=_wander(clock, 3.0, rng),
        rear=manner.rearing * _spells(clock, _REAR_SHARE, rng) * (1.0 - climb),
        turns=rng.random(len(clock)) < _TURNS_PER_S / _CLOCK_HZ,
        surge=_wander(clock, 0.5, rng),
        tilt=_wander(clock, 0.6, rng),
        climb=climb,
        approach=_approach(bouts, clock),
        dive=dive,
        nose=nose,
        jerk=np.sin(2 * np.pi * 2.3 * clock) * climb,
        swing=_PASSIVE_TURN * manner.turning * _wander(clock, 3.0, more),
        drift=manner.drift,
        brisk=0.3 * manner.vigour * (_SLOW_PACE if manner.slow_share > 0 else 1.0),
    )


@dataclass(slots=True, kw_only=True)
class _Body:
    """The body on its course: place, pitch, yaw and where it wants to face, speed to the right."""

    x: float
    y: float = 1.0
    pitch: float = 0.3
    yaw: float = 0.0
    goal: float = 0.0
    speed: float = 0.0

    def step(self, course: _Course, k: int) -> tuple[float, float, float, float]:
        """Move on by one tick, and return x, y, pitch and facing."""
        self._face(course, k)
        self._go(course, k)
        self._heave(course, k)
        return self.x, self.y, self.pitch, float(np.cos(self.yaw))

    def _face(self, course: _Course, k: int) -> None:
        """Turn at will or before the wall; while floating, be turned a little."""
        act = course.act[k]
        outward = abs(self.x) > _HALF_WIDTH_CM and self.x * np.cos(self.goal) > 0
        if course.approach[k]:
            self.goal = 0.0 if self.x > 0 else np.pi
        elif act > course.brisk and (course.turns[k] or outward):
            self.goal = np.pi - self.goal
        self.yaw += (self.goal - self.yaw) * min(1.0, 7.0 * act * _STEP_S)
        if act < _PASSIVE and course.swing[k]:
            turned = self.yaw + course.swing[k] * _STEP_S
            self.yaw = min(max(turned, self.goal - _PASSIVE_YAW), self.goal + _PASSIVE_YAW)

    def _go(self, course: _Course, k: int) -> None:
        """Swim ahead, drift, keep off the wall; or make for it."""
        swims = course.act[k] * np.cos(self.yaw) * (5.0 + 3.0 * course.push[k]) * (1.0 - 0.8 * course.rear[k])
        wanted = swims + 0.45 * course.drift * course.float_x[k]
        wanted -= 1.5 * max(0.0, abs(self.x) - _HALF_WIDTH_CM) * np.sign(self.x)
        if course.approach[k]:
            wanted = 6.0 * (np.sign(self.x) * _wall_reach(self.pitch) - self.x)
        self.speed += (wanted - self.speed) * _STEP_S / 0.2
        self.x += self.speed * _STEP_S

    def _heave(self, course: _Course, k: int) -> None:
        """Rise, sink and tilt: bobbing, surging, rearing, climbing, diving."""
        act, drift = course.act[k], course.drift
        depth = 1.0 + act * (0.5 * course.surge[k] - 0.9 * course.rear[k]) + 0.12 * drift * course.float_y[k]
        depth += act * (4.5 * course.dive[k] - 0.2 * course.climb[k] + 0.9 * course.jerk[k])
        tilt = 0.22 * course.tilt[k] * (1.0 - 0.7 * course.climb[k])
        lean = 0.32 + act * (tilt + 0.75 * course.rear[k]) + 0.06 * drift * course.float_pitch[k]
        lean += act * (1.1 * course.climb[k] + 1.3 * course.nose[k])
        rate = min(1.0, (1.5 + 6.0 * act) * _STEP_S)
        self.y += (depth - self.y) * rate
        self.pitch += (lean - self.pitch) * rate


def _path(course: _Course, clock: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    """Integrate position, pitch and facing: driven while active, drifting and bobbing while not."""
    body = _Body(x=rng.uniform(-2.0, 2.0))
    if rng.random() < 0.5:
        body.yaw = body.goal = np.pi
    rows = np.array([body.step(course, k) for k in range(len(clock))])
    bob = 0.06 * course.drift * np.sin(2 * np.pi * 0.9 * clock + rng.uniform(0, 6)) * (1 - course.act)
    return {"x": rows[:, 0], "y": rows[:, 1] + bob, "pitch": rows[:, 2], "facing": rows[:, 3]}


def _wall_reach(pitch: float) -> float:
    """Return how far from the middle the body of an animal that touches the wall with its nose is."""
    return float(7.2 - 5.1 * np.cos(pitch) - 1.2 * np.sin(pitch))


def _spells(clock: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Return a smooth 0-1 signal that is 1 for about `share` of the time, in spells of some seconds."""
    level = np.quantile(np.array([-2.0, 2.0]), 1 - share)
    return np.asarray(1.0 / (1.0 + np.exp(-6.0 * (_wander(clock, 3.0, rng) - 0.5 * level))), dtype=np.float64)


def _limbs(clock: Floats, effort: Floats, drift: float, rng: np.random.Generator, pace: Floats) -> dict[str, Floats]:
    """Paddle while active; while floating only balance: slow, small, now and then a faint kick."""
    beat = (5.2 + 0.9 * _wander(clock, 1.0, rng)) * (1.0 - 0.5 * (1.0 - np.minimum(pace, 1.0)))
    stroke = 2 * np.pi * np.cumsum(beat) / _CLOCK_HZ
    balance = 2 * np.pi * 0.8 * clock + rng.uniform(0, 6)
    kicks = np.maximum(0.0, _wander(clock, 0.8, rng) - 1.2)
    idle = drift * (0.03 * np.sin(balance) + 0.05 * kicks * np.sin(2 * np.pi * 3.0 * clock))
    fore = effort * 0.75 * np.sin(stroke) + idle
    hind = effort * 0.95 * np.sin(stroke + 1.9) + idle
    return {
        "fore": fore,
        "hind": hind,
        "far_fore": -fore,
        "far_hind": -hind,
        "head": effort * 0.18 * _wander(clock, 0.4, rng) + 0.04 * drift * np.sin(balance + 1.0),
        "tail": np.cumsum(0.3 + 9.0 * effort) / _CLOCK_HZ,
        "sway": np.zeros_like(clock),
    }


def _reach(limbs: dict[str, Floats], climb: Floats) -> None:
    """Raise both forelimbs towards the wall where the animal climbs; they go on treading in turn."""
    for name in ("fore", "far_fore"):
        limbs[name] += 1.1 * climb


def _twitch(limbs: dict[str, Floats], clock: Floats, effort: Floats, twitches: float, rng: np.random.Generator) -> None:
    """Add small movements of one part at a time, out and back, where the animal floats."""
    still = np.clip(1.0 - effort / 0.1, 0.0, 1.0)
    for _ in range(rng.poisson(_TWITCHES_PER_S * twitches * clock[-1])):
        part = str(rng.choice(_TWITCHING))
        start, size, way = rng.uniform(0.0, clock[-1]), rng.uniform(0.5, 1.0), rng.choice([-1.0, 1.0])
        length, most = {"sway": (1.6, 1.4), "head": (1.0, 0.16)}.get(part, (0.7, 0.45))
        phase = np.clip((clock - start) / (length * rng.uniform(0.6, 1.2)), 0.0, 1.0)
        limbs[part] += way * size * most * np.sin(np.pi * phase) ** 2 * still


def _waves(effort: Floats) -> Floats:
    """Stir the water at once and let it calm down over about a second."""
    waves = np.empty_like(effort)
    level = 0.0
    for k, act in enumerate(effort.tolist()):
        rate = 4.0 if act > level else 0.9
        level += (act - level) * rate / _CLOCK_HZ
        waves[k] = level
    return 0.25 + 0.75 * waves
