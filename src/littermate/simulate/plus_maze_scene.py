"""Plus maze scene: a recording of an elevated plus maze from above, with known truth.

The maze stands over a darker floor; the closed arms have walls, whose tops are seen as a rim. The mouse goes from arm
to arm through the centre and pauses at the ends; its body's middle is at the path's point in every frame. The truth is
the path, and with it the number of arm entries: one for every arm that it goes to from the centre. The trial clock
starts with the file (t0 = 0).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.simulate.encode import write_video

__all__ = ["MazePath", "PlusMazeScene", "explore", "write_plus_maze"]

_STEP_S = 0.01
_SHIFT = 4
_ARMS = ("open", "closed", "open", "closed")
_DIRECTIONS = np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)])

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MazePath:
    """A true path: (n,) times at 100 Hz, cm from the maze's middle (open arms along y), heading, and the arms entered.

    `arms` are the arms gone to, in order: 0 and 2 open, 1 and 3 closed.
    """

    t_s: Floats
    x_cm: Floats
    y_cm: Floats
    heading_rad: Floats
    arms: tuple[int, ...]

    @property
    def distance_cm(self) -> float:
        """Length of the path."""
        return float(np.hypot(np.diff(self.x_cm), np.diff(self.y_cm)).sum())

    def time_s(self, kind: str, *, width_cm: float) -> float:
        """Return the seconds in ``"open"`` or ``"closed"`` arms or the ``"centre"``."""
        along_x, along_y = np.abs(self.x_cm) > width_cm / 2, np.abs(self.y_cm) > width_cm / 2
        inside = {"open": along_y & ~along_x, "closed": along_x & ~along_y, "centre": ~along_x & ~along_y}[kind]
        return float(inside.sum() * _STEP_S)

    def entries(self, kind: str) -> int:
        """Return how many arms of a kind (``"open"`` or ``"closed"``) were entered."""
        return sum(1 for arm in self.arms if _ARMS[arm] == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlusMazeScene:
    """How a simulated recording looks.

    Parameters
    ----------
    width, height
        Picture size in px, even numbers.
    fps
        Frames a second.
    arm_length_cm, arm_width_cm
        The maze.
    fills
        Maze from end to end / height of the picture.
    turn_deg
        Turn of the maze in the picture; at 0 the open arms are upright.
    perspective
        0 for a camera straight above; 1 makes the far side about 10 % shorter.
    noise
        Standard deviation of the sensor noise, in grey levels.
    crf
        Quality of the H.264 encoding (lower is better).
    """

    width: int = 320
    height: int = 320
    fps: float = 15.0
    arm_length_cm: float = 30.0
    arm_width_cm: float = 5.0
    fills: float = 0.9
    turn_deg: float = 8.0
    perspective: float = 1.0
    noise: float = 3.0
    crf: int = 26

    def __post_init__(self) -> None:
        if self.width % 2 or self.height % 2 or self.height < 96 or not 0.3 <= self.fills <= 1.3:
            raise UsageError(
                expected="an even size, 96 px or higher, and a maze that fills 0.3 to 1.3 of the height",
                found=f"{self.width} x {self.height} px, {self.fills:g}",
                do="correct the scene",
            )

    @property
    def ends_px(self) -> tuple[tuple[float, float], ...]:
        """The middle of the four arms' outer ends in the picture, clockwise from an open one."""
        reach = self.arm_length_cm + self.arm_width_cm / 2
        return tuple((float(x), float(y)) for x, y in self.to_px(_DIRECTIONS * reach))

    def to_px(self, xy_cm: Floats) -> Floats:
        """Map (n, 2) cm from the maze's middle to px."""
        scale = self.fills * self.height / (2 * self.arm_length_cm + self.arm_width_cm)
        turn = math.radians(self.turn_deg)
        x, y = (xy_cm * scale @ np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])).T
        depth = 1.0 - 0.12 * self.perspective * y / self.height
        return np.column_stack([self.width / 2 + x / depth, self.height / 2 + y / depth])


def explore(
    *, duration_s: float, seed: int, scene: PlusMazeScene = PlusMazeScene(), open_share: float = 0.35
) -> MazePath:
    """Make the path of a mouse that starts in the centre and explores the maze.

    Every arm is entered by 5 cm or more and left for the middle of the centre, so that each is one entry under any
    hysteresis below 2 cm.

    Examples
    --------
    >>> path = explore(duration_s=60, seed=1)
    >>> len(path.t_s), path.entries("open") + path.entries("closed") == len(path.arms)
    (6000, True)
    """
    rng = np.random.default_rng(seed)
    count, middle = round(duration_s / _STEP_S), np.zeros(2)
    places, arms = [np.tile(middle, (round(1 / _STEP_S), 1))], []
    arm = -1
    while sum(map(len, places)) < count:
        arm = _next_arm(rng, arm, open_share)
        goal = _goal(rng, arm, scene)
        out, back = _run(rng, middle, goal), _run(rng, goal, home := rng.uniform(-0.8, 0.8, 2))
        rest = np.tile(goal, (round(rng.exponential(1.5) / _STEP_S), 1))
        done = sum(map(len, places))
        if done + len(out) >= count:
            places.append(np.tile(middle, (count - done, 1)))
            break
        arms.append(arm)
        places += [out, rest, back]
        middle = home
    x, y = np.vstack(places)[:count].T
    return MazePath(
        t_s=np.arange(count, dtype=np.float64) * _STEP_S, x_cm=x, y_cm=y, heading_rad=_headings(x, y), arms=tuple(arms)
    )


def _next_arm(rng: np.random.Generator, before: int, open_share: float) -> int:
    choices = np.array([arm for arm in range(4) if arm != before])
    weights = np.where(choices % 2 == 0, open_share, 1 - open_share)
    return int(rng.choice(choices, p=weights / weights.sum()))


def _goal(rng: np.random.Generator, arm: int, scene: PlusMazeScene) -> Floats:
    deep = scene.arm_width_cm / 2 + rng.uniform(5.0, scene.arm_length_cm - 4.0)
    aside = rng.uniform(-0.2, 0.2) * scene.arm_width_cm
    along = _DIRECTIONS[arm]
    return np.asarray(along * deep + along[::-1] * aside, dtype=np.float64)


def _run(rng: np.random.Generator, start: Floats, stop: Floats) -> Floats:
    """Go straight from one place to another, starting and stopping softly, at 8 to 20 cm/s."""
    steps = max(2, round(float(np.hypot(*(stop - start))) / rng.uniform(8, 20) / _STEP_S))
    part = np.linspace(0, 1, steps)
    return np.asarray(start + (stop - start) * (part * part * (3 - 2 * part))[:, None], dtype=np.float64)


def _headings(x: Floats, y: Floats) -> Floats:
    """Turn the nose to where the mouse goes, within about a fifth of a second."""
    wanted = np.arctan2(np.gradient(y), np.gradient(x))
    moving = np.hypot(np.gradient(x), np.gradient(y)) > 1e-3
    heading = np.empty(len(x))
    now = -math.pi / 2
    for k, (goal, go) in enumerate(zip(wanted.tolist(), moving.tolist(), strict=True)):
        if go:
            now += 0.06 * math.remainder(goal - now, 2 * math.pi)
        heading[k] = now
    return heading


def write_plus_maze(path_file: str | Path, path: MazePath, *, scene: PlusMazeScene, seed: int) -> None:
    """Write the recording of a mouse that goes along `path`."""
    write_video(path_file, _pictures(path, scene, seed), fps=scene.fps, crf=scene.crf)


def _pictures(path: MazePath, scene: PlusMazeScene, seed: int) -> Iterator[NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    empty, body = _draw_maze(scene), _outline()
    times = np.arange(int(len(path.t_s) * _STEP_S * scene.fps + 1e-9)) / scene.fps
    poses = (np.interp(times, path.t_s, values) for values in (path.x_cm, path.y_cm, path.heading_rad))
    for x, y, heading in zip(*poses, strict=True):
        picture = empty.copy()
        _draw_mouse(picture, scene, body, float(x), float(y), float(heading))
        noisy = picture + scene.noise * rng.standard_normal(picture.shape, dtype=np.float32)
        yield np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _draw_maze(scene: PlusMazeScene) -> NDArray[np.float32]:
    reach, half = scene.arm_length_cm + scene.arm_width_cm / 2, scene.arm_width_cm / 2
    picture = np.full((scene.height, scene.width), 88, np.float32)
    rim = 1.0
    for box, grey in (
        ((-reach - rim, -half - rim, -half, half + rim), 60),
        ((half, -half - rim, reach + rim, half + rim), 60),
        ((-reach, -half, reach, half), 168),
        ((-half, -reach, half, reach), 190),
    ):
        x0, y0, x1, y1 = box
        corners = scene.to_px(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64))
        cv2.fillPoly(picture, [_fixed(corners)], float(grey), cv2.LINE_AA, _SHIFT)
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    light = 1 - 0.2 * ((x / scene.width - 0.4) ** 2 + (y / scene.height - 0.3) ** 2)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.7) * light, dtype=np.float32)


def _outline() -> list[Floats]:
    """Return body, head and ears as polygons in cm about the centroid of them all; nose to +x."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    round_ = np.column_stack([np.cos(turn), np.sin(turn)])
    shapes = [round_ * [3.1, 1.5], round_ * [1.6, 0.95] + [3.2, 0.0]]
    canvas = np.zeros((400, 800), np.uint8)
    for shape in shapes:
        cv2.fillPoly(canvas, [_fixed(shape * 50 + [400, 200])], 1, cv2.LINE_8, _SHIFT)
    middle = (np.array(np.nonzero(canvas)).mean(axis=1)[::-1] - [400, 200]) / 50
    return [shape - middle for shape in shapes]


def _draw_mouse(
    picture: NDArray[np.float32], scene: PlusMazeScene, body: list[Floats], x: float, y: float, heading: float
) -> None:
    turn = np.array([(math.cos(heading), math.sin(heading)), (-math.sin(heading), math.cos(heading))])
    tail = np.array([(-3.0, 0.0), (-5.5, 0.5), (-8.5, 0.0)])
    thick = max(1, round(0.4 * scene.fills * scene.height / (2 * scene.arm_length_cm + scene.arm_width_cm)))
    cv2.polylines(picture, [_fixed(scene.to_px(tail @ turn + [x, y]))], False, 110.0, thick, cv2.LINE_AA, _SHIFT)
    for shape in body:
        cv2.fillPoly(picture, [_fixed(scene.to_px(shape @ turn + [x, y]))], 32.0, cv2.LINE_AA, _SHIFT)


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)
