"""Wander: the path of a mouse in an open field, with known truth.

The mouse runs in bouts from place to place, along curves, and pauses between them; it keeps to the walls by a chosen
preference, as mice do. The path is that of the body's middle, in cm on the floor (x to the right, y down, from the
upper left corner), at 100 Hz or more, and stays half a body's width away from the walls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError

__all__ = ["START_CORNERS", "FieldPath", "wander"]

START_CORNERS = ("upper left", "upper right", "lower right", "lower left")
_STEP_S = 0.01
_KEEP_CM = 2.6
_TURN_PER_S = 5.0
_ACCELERATION = 80.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldPath:
    """A true path.

    Parameters
    ----------
    t_s : (n,) float
        Times from 0 to the duration, at 100 Hz.
    x_cm, y_cm : (n,) float
        The body's middle on the floor.
    heading_rad : (n,) float
        Where the nose points: 0 to the right, rising clockwise as seen in the picture.
    size_cm
        Side of the square floor.
    """

    t_s: NDArray[np.float64]
    x_cm: NDArray[np.float64]
    y_cm: NDArray[np.float64]
    heading_rad: NDArray[np.float64]
    size_cm: float

    @property
    def distance_cm(self) -> float:
        """Length of the path."""
        return float(np.hypot(np.diff(self.x_cm), np.diff(self.y_cm)).sum())


def wander(
    *,
    duration_s: float,
    size_cm: float,
    seed: int,
    wall_preference: float = 0.7,
    speed_cm_s: float = 20.0,
    pause_s: float = 1.2,
    start_corner: str = "upper left",
    sleep_share: float = 0.0,
) -> FieldPath:
    """Make the path of a mouse that explores an open field.

    Parameters
    ----------
    duration_s
        Length of the trial.
    size_cm
        Side of the square floor.
    seed
        The same seed gives the same path.
    wall_preference
        Share of the runs that lead along a wall, 0 to 1.
    speed_cm_s
        Usual top speed of a run.
    pause_s
        Mean length of a pause.
    start_corner
        One of `START_CORNERS`, as seen in the picture.
    sleep_share
        Share of the trial that the mouse sleeps in one place, after a third of its walk.

    Raises
    ------
    UsageError
        If an option is outside what can be meant.

    Examples
    --------
    >>> path = wander(duration_s=60, size_cm=48, seed=1)
    >>> len(path.t_s), bool(path.x_cm.min() > 2 and path.x_cm.max() < 46)
    (6001, True)
    """
    _check(duration_s, size_cm, wall_preference, speed_cm_s, start_corner, sleep_share)
    rng = np.random.default_rng(seed)
    goals = _goals(rng, size_cm, wall_preference, start_corner)
    steps, asleep = round(duration_s / _STEP_S), round(sleep_share * duration_s / _STEP_S)
    walk = np.array(list(_walk(rng, goals, size_cm, steps - asleep, speed_cm_s=speed_cm_s, pause_s=pause_s)))
    x, y, heading = np.insert(walk, len(walk) // 3, np.tile(walk[len(walk) // 3], (asleep, 1)), axis=0).T
    times = np.asarray(np.arange(len(x)) * _STEP_S, dtype=np.float64)
    return FieldPath(t_s=times, x_cm=x, y_cm=y, heading_rad=heading, size_cm=size_cm)


def _check(
    duration_s: float, size_cm: float, wall_preference: float, speed_cm_s: float, start_corner: str, sleep_share: float
) -> None:
    ok = duration_s > 0 and size_cm >= 20 and 0 <= wall_preference <= 1 and speed_cm_s > 0 and 0 <= sleep_share < 1
    if not ok or start_corner not in START_CORNERS:
        raise UsageError(
            expected="a duration and a speed above 0, a floor of 20 cm or more, a wall preference of 0 to 1, and a"
            f" corner of {', '.join(START_CORNERS)}",
            found=f"{duration_s} s, {speed_cm_s} cm/s, {size_cm} cm, {wall_preference}, {start_corner!r}",
            do="correct the option",
        )


def _goals(
    rng: np.random.Generator, size: float, wall_preference: float, start_corner: str
) -> Iterator[tuple[float, float]]:
    """Give the start corner, then goal after goal: on along the wall, or somewhere on the floor."""
    along = size * START_CORNERS.index(start_corner) + 0.0
    direction = rng.choice([-1, 1])
    yield _at_wall(along, _KEEP_CM + 1.5, size)
    while True:
        if rng.random() < wall_preference:
            direction = -direction if rng.random() < 0.25 else direction
            along = (along + direction * rng.gamma(3.0, size / 7)) % (4 * size)
            yield _at_wall(along, _KEEP_CM + rng.gamma(2.0, 0.6), size)
        else:
            x, y = rng.uniform(_KEEP_CM, size - _KEEP_CM, 2)
            along = _nearest_wall(float(x), float(y), size)
            yield float(x), float(y)


def _at_wall(along: float, from_wall: float, size: float) -> tuple[float, float]:
    """Return the point that is `along` the perimeter (clockwise from the upper left corner), `from_wall` inside it."""
    side, at = divmod(along, size)
    at = min(max(at, from_wall), size - from_wall)
    far = size - from_wall
    return [(at, from_wall), (far, at), (size - at, far), (from_wall, size - at)][int(side) % 4]


def _nearest_wall(x: float, y: float, size: float) -> float:
    options = [(y, x), (size - x, size + y), (size - y, 3 * size - x), (x, 4 * size - y)]
    return min(options)[1]


@dataclass(slots=True)
class _Walker:
    """The mouse on its way to one goal: place, heading, speed, slow sway, and how long it still rests."""

    x: float
    y: float
    heading: float
    top: float
    rest: float
    speed: float = 0.0
    sway: float = 0.0

    def step(self, goal: tuple[float, float], kick: float) -> None:
        """Move by one time step: brake while resting, else turn towards the goal and run."""
        self.sway += -2.0 * self.sway * _STEP_S + 1.6 * math.sqrt(_STEP_S) * kick
        if self.rest > 0:
            self.rest -= _STEP_S
            self.speed = max(0.0, self.speed - _ACCELERATION * _STEP_S)
            self.heading += 0.15 * self.sway * _STEP_S
            return
        wanted = math.atan2(goal[1] - self.y, goal[0] - self.x)
        turn = (wanted - self.heading + math.pi) % (2 * math.pi) - math.pi
        aim = min(self.top, math.sqrt(1.2 * _ACCELERATION * self.left(goal))) * max(0.1, math.cos(turn))
        self.speed += max(-_ACCELERATION, min(_ACCELERATION, (aim - self.speed) / 0.1)) * _STEP_S
        self.heading += (max(-_TURN_PER_S, min(_TURN_PER_S, 4 * turn)) + self.sway) * _STEP_S

    def advance(self, size: float) -> None:
        """Go on by the speed, sliding along a wall that is in the way."""
        low, high, far = _KEEP_CM, size - _KEEP_CM, self.speed * _STEP_S
        self.x = min(max(self.x + far * math.cos(self.heading), low), high)
        self.y = min(max(self.y + far * math.sin(self.heading), low), high)

    def left(self, goal: tuple[float, float]) -> float:
        """Return the distance to the goal."""
        return math.hypot(goal[0] - self.x, goal[1] - self.y)


def _walk(
    rng: np.random.Generator,
    goals: Iterator[tuple[float, float]],
    size: float,
    steps: int,
    *,
    speed_cm_s: float,
    pause_s: float,
) -> Iterator[tuple[float, float, float]]:
    """Walk from goal to goal and give x, y, heading at each of `steps` + 1 times."""
    (x, y), goal = next(goals), next(goals)
    mouse = _Walker(
        x=x,
        y=y,
        heading=math.atan2(goal[1] - y, goal[0] - x),
        top=float(speed_cm_s * rng.lognormal(0, 0.3)),
        rest=float(rng.exponential(pause_s)),
    )
    for kick in rng.normal(0, 1, steps + 1).tolist():
        yield mouse.x, mouse.y, mouse.heading
        mouse.step(goal, kick)
        mouse.advance(size)
        if mouse.rest <= 0 and mouse.left(goal) < 1.0:
            goal = next(goals)
            mouse.rest = float(rng.exponential(pause_s)) if rng.random() < 0.7 else 0.0
            mouse.top = float(speed_cm_s * rng.lognormal(0, 0.3))
