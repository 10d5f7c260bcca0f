"""Field scene: an open-field recording from above, with known truth.

The picture shows a table, an arena with four walls and, seen in perspective, its square floor with faint lines; the
light falls off to one corner, the sensor is noisy. The mouse is a body with a head, ears, a tail and a soft shadow.

The truth is the path: the middle (centroid) of the mouse's outline on the floor *without its tail* is at the path's
point in every frame. The trial clock starts with the file (t0 = 0).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.arena import Arena
from littermate.model.track import FOUND, Track
from littermate.simulate.encode import write_video
from littermate.simulate.wander import START_CORNERS, FieldPath, wander

__all__ = ["START_CORNERS", "FieldPath", "FieldScene", "draw_field_frames", "true_track", "wander", "write_field"]

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

_SHIFT = 4
_NOISE_BANK = 12
_TAIL_POINTS = 10
_GREYS = {  # floor, wall, table, line, mouse, tail
    ("bright", "dark"): (196, 148, 92, 178, 38, 96),
    ("dark", "light"): (48, 84, 128, 64, 214, 158),
    ("bright", "light"): (150, 112, 78, 136, 226, 196),
    ("dark", "dark"): (104, 142, 176, 118, 24, 66),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScene:
    """How a simulated recording looks.

    Parameters
    ----------
    width, height
        Picture size in px, even numbers.
    fps
        Frames a second.
    size_cm
        Side of the square floor.
    coat
        ``"dark"`` or ``"light"``.
    floor
        ``"bright"`` or ``"dark"``; a floor unlike the coat is the usual choice and the default of `small` and `full`.
    fills
        Height of the floor / height of the picture.
    perspective
        0 for a camera straight above the middle; 1 makes the far side about 10 % shorter than the near one.
    turn_deg
        Turn of the arena in the picture.
    uneven_light
        Loss of light from the brightest to the darkest corner, 0 to 1.
    noise
        Standard deviation of the sensor noise, in grey levels.
    lines
        Strength of the lines on the floor: 1 is faint, 0 is none. There are `grid` x `grid` squares.
    tail, shadow
        Whether the mouse has them.
    animal
        False leaves the arena empty.
    crf
        Quality of the H.264 encoding (lower is better).
    contrast
        Contrast of mouse and floor, as a share of the usual one.
    patched
        Whether head and ears have the other coat's colour.
    drift
        Loss of light over the trial, 0 to 1; more on the right than on the left.
    cable
        Whether a cable hangs from the picture's upper edge to the mouse's back.
    mirror
        How strongly the walls reflect the mouse, 0 to 1.

    Examples
    --------
    >>> FieldScene.small().width, FieldScene.full(coat="light").floor
    (320, 'dark')
    """

    width: int = 320
    height: int = 240
    fps: float = 15.0
    size_cm: float = 48.0
    coat: str = "dark"
    floor: str = "bright"
    fills: float = 0.8
    perspective: float = 1.0
    turn_deg: float = 1.5
    uneven_light: float = 0.3
    noise: float = 3.0
    lines: float = 1.0
    grid: int = 6
    tail: bool = True
    shadow: bool = True
    animal: bool = True
    crf: int = 26
    contrast: float = 1.0
    patched: bool = False
    drift: float = 0.0
    cable: bool = False
    mirror: float = 0.0

    def __post_init__(self) -> None:
        if (self.floor, self.coat) not in _GREYS:
            raise UsageError(
                expected="a coat 'dark' or 'light' on a floor 'bright' or 'dark'",
                found=f"{self.coat!r} on {self.floor!r}",
                do="choose one of each",
            )
        if self.width % 2 or self.height % 2 or self.height < 96 or not 0.3 <= self.fills <= 0.95:
            raise UsageError(
                expected="an even size, 96 px or higher, with a floor that fills 0.3 to 0.95 of the height",
                found=f"{self.width} x {self.height} px, {self.fills:g}",
                do="choose another size",
            )

    @classmethod
    def small(cls, **changes: Any) -> Self:
        """320 x 240 px at 15 fps, for demos and tests; a light coat comes with a dark floor."""
        return cls(**_with_floor(changes))

    @classmethod
    def full(cls, **changes: Any) -> Self:
        """640 x 480 px at 30 fps, as a usual camera gives; a light coat comes with a dark floor."""
        return cls(**_with_floor({"width": 640, "height": 480, "fps": 30.0, **changes}))

    @property
    def corners_px(self) -> Corners:
        """The floor's true corners: upper left, upper right, lower right, lower left."""
        return _as_corners(self._around(1.0))

    @property
    def arena(self) -> Arena:
        """The floor's true place in the picture."""
        return Arena(corners_px=self.corners_px, width_cm=self.size_cm, height_cm=self.size_cm)

    def _around(self, scale: float) -> NDArray[np.float64]:
        """Return the (4, 2) corners of a square about the floor's middle, `scale` times its side, in px."""
        half = scale * self.fills * self.height / 2
        turn = math.radians(self.turn_deg)
        square = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
        x, y = (square @ np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])).T
        depth = 1.0 - 0.12 * self.perspective * y / self.height
        return np.column_stack([self.width / 2 + x / depth, self.height / 2 + y / depth])


def _with_floor(changes: dict[str, Any]) -> dict[str, Any]:
    return {"floor": "dark" if changes.get("coat") == "light" else "bright", **changes}


def _as_corners(points: NDArray[np.float64]) -> Corners:
    a, b, c, d = ((float(x), float(y)) for x, y in points)
    return a, b, c, d


def true_track(path: FieldPath, scene: FieldScene) -> Track:
    """Return the true path as a track in this scene's pixels, at the path's own full rate.

    Examples
    --------
    >>> track = true_track(wander(duration_s=10, size_cm=48, seed=1), FieldScene.small())
    >>> len(track.t_s), track.xy_px.shape
    (1001, (1001, 2))
    """
    xy_px = scene.arena.to_px(np.column_stack([path.x_cm, path.y_cm]))
    return Track(t_s=path.t_s, xy_px=xy_px, state=np.full(len(path.t_s), FOUND, np.uint8))


def write_field(path_file: str | Path, path: FieldPath, *, scene: FieldScene, seed: int) -> None:
    """Write the recording of a mouse that walks along `path`.

    Parameters
    ----------
    path_file
        The video to write; its ending chooses the container.
    path
        From `wander`, on a floor of the scene's size.
    scene
        How it looks.
    seed
        Of the sensor noise.

    Raises
    ------
    UsageError
        If the path was made for a floor of another size.
    """
    if not math.isclose(path.size_cm, scene.size_cm):
        raise UsageError(
            expected=f"a path on a floor of {scene.size_cm:g} cm, as in the scene",
            found=f"one on {path.size_cm:g} cm",
            do="make both with the same size",
        )
    write_video(path_file, draw_field_frames(path, scene=scene, seed=seed), fps=scene.fps, crf=scene.crf)


def draw_field_frames(path: FieldPath, *, scene: FieldScene, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Give picture after picture of the recording, at times 0, 1 / fps, 2 / fps, ..."""
    rng = np.random.default_rng(seed)
    grain, empty = _Grain.make(scene, rng), _draw_arena(scene)
    t = np.arange(int(path.t_s[-1] * scene.fps + 1e-9)) / scene.fps
    poses = np.column_stack(
        [np.interp(t, path.t_s, along) for along in (path.x_cm, path.y_cm, np.unwrap(path.heading_rad))]
    )
    tails = _swinging_tails(path, t)
    painter = _Painter(scene) if scene.animal else None
    for number, ((x, y, heading), tail) in enumerate(zip(poses.tolist(), tails, strict=True)):
        picture = empty.copy()
        if painter is not None:
            painter.paint(picture, x, y, heading, tail)
        if scene.drift:
            _dim(picture, scene.drift * number / len(poses))
        grain.add(picture, rng)
        yield picture


def _dim(picture: NDArray[np.uint8], loss: float) -> None:
    """Take light from a picture: all of `loss` at its right edge, half of it at its left."""
    gain = 1 - np.float32(loss) * np.linspace(0.5, 1, picture.shape[1], dtype=np.float32)
    picture[:] = np.rint(picture * gain).astype(np.uint8)


@dataclass(slots=True)
class _Grain:
    """Sensor noise: a bank of noise pictures, larger than the frame, of which a random part is taken each time."""

    brighter: list[NDArray[np.uint8]]
    darker: list[NDArray[np.uint8]]
    height: int
    width: int

    @classmethod
    def make(cls, scene: FieldScene, rng: np.random.Generator) -> _Grain:
        shape = (_NOISE_BANK, scene.height + 32, scene.width + 32)
        noise = np.rint(rng.standard_normal(shape, dtype=np.float32) * scene.noise)
        return cls(
            brighter=list(np.clip(noise, 0, 255).astype(np.uint8)),
            darker=list(np.clip(-noise, 0, 255).astype(np.uint8)),
            height=scene.height,
            width=scene.width,
        )

    def add(self, picture: NDArray[np.uint8], rng: np.random.Generator) -> None:
        pick, down, across = rng.integers(0, [_NOISE_BANK, 32, 32]).tolist()
        part = np.s_[down : down + self.height, across : across + self.width]
        cv2.add(picture, self.brighter[pick][part], dst=picture)
        cv2.subtract(picture, self.darker[pick][part], dst=picture)


def _draw_arena(scene: FieldScene) -> NDArray[np.uint8]:
    """Draw table, walls, floor and lines at four times the size, shrink, and light it unevenly."""
    floor, wall, table, line, _, _ = _GREYS[scene.floor, scene.coat]
    big = 4
    picture = np.full((scene.height * big, scene.width * big), table, np.float32)
    rim, inner = scene._around(1.16), scene._around(1.0)
    _fill(picture, rim, wall + 14, big)
    for side, shade in enumerate((-6, 5, 10, 0)):
        quad = np.array([rim[side], rim[(side + 1) % 4], inner[(side + 1) % 4], inner[side]])
        _fill(picture, _shrunk(quad, 0.97), wall + shade, big)
    _fill(picture, inner, floor, big)
    _draw_lines(picture, scene, floor + (line - floor) * 0.6 * scene.lines, big)
    picture = cv2.GaussianBlur(picture, (0, 0), big * scene.width / 640)
    picture = cv2.resize(picture, (scene.width, scene.height), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(np.rint(picture * _light(scene)), 0, 255), dtype=np.uint8)


def _shrunk(points: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    middle = points.mean(axis=0)
    return np.asarray(middle + scale * (points - middle), dtype=np.float64)


def _fill(picture: NDArray[np.float32], corners_px: NDArray[np.float64], grey: float, big: int) -> None:
    """Fill a four-sided area; OpenCV also fills the pixels on its outline, half of one too far, taken off here."""
    corners = _magnified(corners_px, big)
    inward = 0.5 * np.sign(corners.mean(axis=0) - corners)
    cv2.fillPoly(picture, [_fixed(corners + inward)], float(grey), cv2.LINE_8, _SHIFT)


def _magnified(points_px: NDArray[np.float64], big: int) -> NDArray[np.float64]:
    """Map px to px of a picture `big` times as large (pixel middles are whole numbers in both)."""
    return (points_px + 0.5) * big - 0.5


def _fixed(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Turn px into OpenCV's fixed-point numbers."""
    return np.rint(points * (1 << _SHIFT)).astype(np.int32)


def _draw_lines(picture: NDArray[np.float32], scene: FieldScene, grey: float, big: int) -> None:
    thick = max(1, round(0.35 / scene.size_cm * scene.fills * scene.height * big))
    side, steps = scene.size_cm, np.arange(1, scene.grid) / scene.grid
    ends = [((step * side, 0.0), (step * side, side)) for step in steps]
    ends += [((0.0, step * side), (side, step * side)) for step in steps]
    for end in ends:
        from_px, to_px = _fixed(_magnified(scene.arena.to_px(np.array(end)), big)).tolist()
        cv2.line(picture, from_px, to_px, float(grey), thick, cv2.LINE_8, _SHIFT)


def _light(scene: FieldScene) -> NDArray[np.float32]:
    """Return light from 1 down to 1 - `uneven_light`, falling off from a lamp above the upper left."""
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    far = ((x / scene.width - 0.3) ** 2 + (y / scene.height - 0.25) ** 2) / (0.7**2 + 0.75**2)
    return np.asarray(1 - scene.uneven_light * far, dtype=np.float32)


def _outline() -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Return the mouse's body, and head and ears, as polygons in cm about the centroid of them all; nose to +x."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    round_ = np.column_stack([np.cos(turn), np.sin(turn)])
    body = round_ * [3.4, 1.75] * np.column_stack([np.ones(40), 1 - 0.18 * np.cos(turn)])
    others = [round_ * [1.7, 1.05] + [3.5, 0.0], round_ * 0.55 + [2.8, 1.05], round_ * 0.55 + [2.8, -1.05]]
    canvas = np.zeros((400, 800), np.uint8)
    for polygon in (body, *others):
        cv2.fillPoly(canvas, [_fixed(polygon * 50 + [400, 200])], 1, cv2.LINE_8, _SHIFT)
    middle = (np.array(np.nonzero(canvas)).mean(axis=1)[::-1] - [400, 200]) / 50
    return body - middle, [polygon - middle for polygon in others]


def _swinging_tails(path: FieldPath, t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the tail's bend (rad per cm) at each time: it lags behind the turns of the body and swings."""
    turning = np.gradient(np.unwrap(path.heading_rad), path.t_s)
    lag = np.exp(-np.arange(0, 1.0, 0.01) / 0.25)
    slow = np.convolve(turning, lag / lag.sum())[: len(turning)]
    return np.clip(0.05 * np.interp(t, path.t_s, slow), -0.2, 0.2) + 0.04 * np.sin(2 * np.pi * 0.23 * t)


class _Painter:
    """Draws the mouse of a scene into a picture."""

    def __init__(self, scene: FieldScene) -> None:
        self.scene = scene
        floor, *_, grey, tail_grey = _GREYS[scene.floor, scene.coat]
        self.grey, self.tail_grey = (floor + scene.contrast * (each - floor) for each in (grey, tail_grey))
        self.head_grey = (38.0 if scene.coat == "light" else 226.0) if scene.patched else self.grey
        self.walls = np.zeros((scene.height, scene.width), np.uint8)
        cv2.fillPoly(self.walls, [_fixed(scene._around(1.16))], 255, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self.walls, [_fixed(scene._around(1.0))], 0, cv2.LINE_AA, _SHIFT)
        self.body, self.others = _outline()
        self.to_px = scene.arena.to_px
        self.px_per_cm = scene.fills * scene.height / scene.size_cm
        self.light = _light(scene)

    def paint(self, picture: NDArray[np.uint8], x: float, y: float, heading: float, bend: float) -> None:
        """Paint the mouse at a place in cm, with its heading and the bend of its tail."""
        turn = np.array([(math.cos(heading), math.sin(heading)), (-math.sin(heading), math.cos(heading))])
        if self.scene.mirror:
            self._reflect(picture, [polygon @ turn + [x, y] for polygon in (self.body, *self.others)])
        shapes = [polygon @ turn + [x, y] for polygon in (self.body, *self.others, self._tail(bend))]
        shapes[-1] = np.clip(shapes[-1], 0.3, self.scene.size_cm - 0.3)
        counts = np.cumsum([len(shape) for shape in shapes])[:-1]
        *bodies, tail = np.split(self.to_px(np.concatenate(shapes)), counts)
        left, top = np.floor(np.min([p.min(axis=0) for p in (*bodies, tail)], axis=0) - 6).astype(int)
        right, bottom = np.ceil(np.max([p.max(axis=0) for p in (*bodies, tail)], axis=0) + 7).astype(int)
        left, top = max(left, 0), max(top, 0)
        part = np.s_[top : min(bottom, picture.shape[0]), left : min(right, picture.shape[1])]
        under = picture[part]
        light = self.light[part]
        if self.scene.shadow:
            self._blend(under, [bodies[0] - [left, top] + 0.5 * self.px_per_cm], 0.82 * under, opacity=0.7, soft=True)
        if self.scene.tail:
            self._blend_line(under, tail - [left, top], self.tail_grey * light)
        self._blend(under, [shape - [left, top] for shape in bodies], self.grey * light)
        if self.scene.patched:
            self._blend(under, [shape - [left, top] for shape in bodies[1:]], self.head_grey * light)
        if self.scene.cable:
            self._hang(picture, self.to_px(np.array([(x, y)]))[0])

    def _reflect(self, picture: NDArray[np.uint8], shapes: list[NDArray[np.float64]]) -> None:
        """Paint the mouse's mirror images into the four walls."""
        cover, size = np.zeros(picture.shape, np.uint8), self.scene.size_cm
        for axis, at in ((0, 0.0), (0, size), (1, 0.0), (1, size)):
            for shape in shapes:
                image = shape.copy()
                image[:, axis] = 2 * at - image[:, axis]
                cv2.fillPoly(cover, [_fixed(self.to_px(image))], 255, cv2.LINE_AA, _SHIFT)
        self._mix(picture, cv2.min(cover, self.walls), self.grey * self.light, self.scene.mirror)

    def _hang(self, picture: NDArray[np.uint8], back_px: NDArray[np.float64]) -> None:
        from_px = np.array([self.scene.width / 2, -2.0])
        cable = np.array([from_px, (from_px + back_px) / 2 + [0.03 * self.scene.width, 0.0], back_px])
        self._blend_line(picture, cable, np.full(picture.shape, 60.0) * self.light)

    def _tail(self, bend: float) -> NDArray[np.float64]:
        along = np.linspace(0, 7.5, _TAIL_POINTS)
        direction = math.pi + bend * along
        steps = np.column_stack([np.cos(direction), np.sin(direction)]) * (along[1] - along[0])
        return np.asarray(self.body[:, :1].min() * np.array([0.95, 0.0]) + np.cumsum(steps, axis=0), dtype=np.float64)

    def _blend(
        self,
        under: NDArray[np.uint8],
        shapes: list[NDArray[np.float64]],
        grey: NDArray[np.floating[Any]],
        *,
        opacity: float = 1.0,
        soft: bool = False,
    ) -> None:
        cover = np.zeros(under.shape, np.uint8)
        for shape in shapes:
            cv2.fillPoly(cover, [_fixed(shape)], 255, cv2.LINE_AA, _SHIFT)
        if soft:
            cover = cv2.blur(cover, (5, 5))
        self._mix(under, cover, grey, opacity)

    def _blend_line(self, under: NDArray[np.uint8], line: NDArray[np.float64], grey: NDArray[np.floating[Any]]) -> None:
        cover = np.zeros(under.shape, np.uint8)
        thick = max(1, round(0.4 * self.px_per_cm))
        cv2.polylines(cover, [_fixed(line)], False, 255, thick, cv2.LINE_AA, _SHIFT)
        self._mix(under, cover, grey, 1.0)

    @staticmethod
    def _mix(
        under: NDArray[np.uint8], cover: NDArray[np.uint8], grey: NDArray[np.floating[Any]], opacity: float
    ) -> None:
        share = cover.astype(np.float32) * np.float32(opacity / 255)
        under[:] = np.rint(under + share * (grey.astype(np.float32) - under)).astype(np.uint8)
