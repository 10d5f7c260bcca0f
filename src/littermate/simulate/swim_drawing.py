"""Swim drawing: the pictures of the swim scene: beaker, water, mouse, mirror images, splashes.

The picture is 24 cm high: a beaker of 14 x 20 cm, two thirds full. Points are (x, y) px with sub-pixel shapes
(1/16 px). Ripples are made once and read with changing offsets, for speed.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.simulate.swim_kinematics import Posture

__all__ = ["Water", "draw_mouse", "draw_splash"]

_SHIFT = 4
_SCALE = 1 << _SHIFT
_PICTURE_CM = 24.0
_GREYS = {
    "dark": {"wall": 178, "water": 166, "glass": 120, "drop": 205}
    | {"body": 46, "belly": 60, "limb": 58, "ear": 72, "eye": 20},
    "light": {"wall": 44, "water": 58, "glass": 96, "drop": 120}
    | {"body": 208, "belly": 222, "limb": 190, "ear": 176, "eye": 70},
}
_OF_ANIMAL = ("body", "belly", "limb", "ear", "eye")
_SPLASHING = 0.4
_DROPS_PER_S = 40.0
_FLIGHT_S = 0.25
# Of each drop: how far aside it flies (-1 to 1), how high (0 to 1), how large (0 to 1).
_DROPS = [(np.sin(2.4 * n) * np.cos(0.37 * n), abs(np.sin(1.7 * n)), abs(np.cos(3.1 * n))) for n in range(101)]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


class Water:
    """Beaker, water and light, and how the camera sees them.

    Parameters
    ----------
    width, height
        Of the picture, px.
    coat
        Chooses the grey values.
    contrast
        How far the animal's grey values are from the water's, as a part of the usual.
    rng
        For the ripples.
    """

    def __init__(self, width: int, height: int, *, coat: str, contrast: float, rng: np.random.Generator) -> None:
        self.px_per_cm = height / _PICTURE_CM
        self.greys = _faded(_GREYS[coat], contrast)
        self.middle = width / 2
        self.level = round(8.7 * self.px_per_cm)
        self.left, self.right = (round(self.middle + side * 7.0 * self.px_per_cm) for side in (-1, 1))
        self.bottom = round(22.0 * self.px_per_cm)
        self._empty = self._draw_empty(width, height)
        self._ripples = _ripple_field(self.bottom - self.level, self.right - self.left, self.px_per_cm, rng)
        self._x = np.arange(self.left, self.right + 1, max(2.0, 0.3 * self.px_per_cm))

    def _draw_empty(self, width: int, height: int) -> Picture:
        y, x = np.mgrid[0:height, 0:width]
        light = 1.0 + 0.10 * (x / width - 0.5) - 0.14 * (y / height - 0.4) ** 2
        empty = np.full((height, width), float(self.greys["wall"]))
        empty[self.level : self.bottom, self.left : self.right] = self.greys["water"]
        table = empty[self.bottom :]
        table *= 0.8
        picture = np.clip(empty * light, 0, 255).astype(np.uint8)
        thick = max(1, round(0.25 * self.px_per_cm))
        for side in (self.left, self.right):
            cv2.line(picture, (side, round(2 * self.px_per_cm)), (side, self.bottom), self.greys["glass"], thick)
        cv2.line(picture, (self.left, self.bottom), (self.right, self.bottom), self.greys["glass"], thick)
        return np.asarray(picture, dtype=np.uint8)

    def still(self, t_s: float, stirred: float) -> Picture:
        """Return the beaker with its ripples, without the animal."""
        picture: Picture = np.array(self._empty, dtype=np.uint8)
        part = picture[self.level : self.bottom, self.left : self.right]
        for field, speed in zip(self._ripples, (2.6, -3.7), strict=True):
            offset = int(t_s * speed * self.px_per_cm) % (field.shape[1] // 2)
            cv2.addWeighted(part, 1.0, field[:, offset : offset + part.shape[1]], stirred, -128 * stirred, part)
        return picture

    def draw_line(self, picture: Picture, t_s: float, stirred: float) -> None:
        """Draw the waterline over a picture."""
        phase = 2 * np.pi * (self._x / (2.6 * self.px_per_cm))
        wave = np.sin(phase - 9.0 * t_s) + 0.6 * np.sin(1.7 * phase + 13.0 * t_s)
        line = np.stack([self._x, self.level + 0.09 * self.px_per_cm * stirred * wave], axis=1)
        grey = self.greys["glass"]
        cv2.polylines(picture, [_fixed(line)], False, grey, max(1, round(0.12 * self.px_per_cm)), cv2.LINE_AA, _SHIFT)


def draw_mouse(picture: Picture, water: Water, posture: Posture, k: int, *, reflection: float) -> None:
    """Draw posture `k` into a picture, with its mirror images under the surface and in the glass."""
    shape = _Shape(water, posture, k)
    if reflection > 0:
        deep = np.array([[1.0, 0.0, 0.0], [0.0, -0.8, 1.8 * shape.lowest + 0.3 * water.px_per_cm]])
        wall = water.left if shape.x < water.middle else water.right
        glass = np.array([[-0.5, 0.0, 1.5 * wall], [0.0, 1.0, 0.0]])
        for mirror in (deep, glass):
            _draw_mirrored(picture, shape, water, mirror, reflection)
    shape.draw_far_limbs(picture)
    shape.draw_trunk(picture)
    shape.draw_near_limbs(picture)


def draw_splash(picture: Picture, water: Water, posture: Posture, t_s: float, k: int) -> None:
    """Draw the drops that a climbing animal's forepaws throw up from the surface."""
    climb, unit = float(posture.climb[k]), water.px_per_cm
    if climb < _SPLASHING:
        return
    nose = 4.5 * np.cos(float(posture.pitch[k])) * np.sign(float(posture.facing[k]))
    for number in range(int((t_s - _FLIGHT_S) * _DROPS_PER_S), int(t_s * _DROPS_PER_S) + 1):
        flown = t_s - number / _DROPS_PER_S
        if not 0 <= flown < _FLIGHT_S:
            continue
        aside, upward, size = _DROPS[number % len(_DROPS)]
        x = float(posture.x[k]) + nose + 1.6 * aside + 12.0 * aside * flown
        y = -(20.0 + 30.0 * upward) * flown + 0.5 * 400.0 * flown**2
        place = np.array([[np.clip(water.middle + x * unit, water.left + 2, water.right - 2), water.level + y * unit]])
        radius = round((0.08 + 0.14 * size) * unit * _SCALE)
        cv2.circle(picture, tuple(_fixed(place)[0].tolist()), radius, water.greys["drop"], -1, cv2.LINE_AA, _SHIFT)


def _faded(greys: dict[str, int], contrast: float) -> dict[str, int]:
    """Return the grey values with those of the animal moved towards the water's."""
    moved = {name: round(greys["water"] + contrast * (greys[name] - greys["water"])) for name in _OF_ANIMAL}
    return greys | moved


def _draw_mirrored(picture: Picture, shape: _Shape, water: Water, mirror: Floats, opacity: float) -> None:
    """Blend a mirror image of the trunk, kept inside the water's rectangle, into the picture."""
    part = picture[water.level : water.bottom, water.left : water.right]
    outlines = [points @ mirror[:, :2].T + mirror[:, 2] - (water.left, water.level) for points in shape.trunk]
    corners = np.concatenate(outlines)
    x0, y0 = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 2, 0)
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int) + 3
    here = part[y0:y1, x0:x1]
    if here.size == 0:
        return
    copy = here.copy()
    for outline in outlines:
        cv2.fillPoly(copy, [_fixed(outline - (x0, y0))], shape.greys["body"], cv2.LINE_AA, _SHIFT)
    cv2.addWeighted(copy, opacity, here, 1.0 - opacity, 0, here)


class _Shape:
    """Outlines of the mouse in px for one posture."""

    def __init__(self, water: Water, posture: Posture, k: int) -> None:
        self.greys, self._unit = water.greys, water.px_per_cm
        self._walls = (water.left + 2.0, water.right - 2.0)
        self.x = water.middle + float(posture.x[k]) * self._unit
        self._y = water.level + float(posture.y[k]) * self._unit
        facing = float(posture.facing[k])
        self._side = np.copysign(max(abs(facing), 0.45), facing)
        self._pitch, self._head = float(posture.pitch[k]), float(posture.head[k])
        self._near = float(posture.fore[k]), float(posture.hind[k])
        self._far = float(posture.far_fore[k]), float(posture.far_hind[k])
        self._tail, self._sway = float(posture.tail[k]), float(posture.sway[k])
        head = np.array([3.3, -0.75]) @ _turn(-self._head)
        self._parts = {
            "body": _BODY,
            "head": _HEAD @ _turn(-self._head) + head,
            "ear": _EAR @ _turn(-self._head) + head,
        }
        self.trunk = [self._place(self._parts[name]) for name in ("body", "head")]
        self.lowest = float(self.trunk[0][:, 1].max())

    def _place(self, points_cm: Floats) -> Floats:
        turned = points_cm @ _turn(self._pitch)
        return turned * (self._side * self._unit, self._unit) + (self.x, self._y)

    def draw_trunk(self, picture: Picture) -> None:
        """Draw tail, body, belly, head, ear and eye."""
        along = np.linspace(0.0, 1.0, 9)
        wave = 0.5 * along * np.sin(5.0 * along - self._tail)
        aside = self._sway * along**2
        self._line(picture, np.stack([-3.3 - 3.4 * along + aside, 0.3 + 3.6 * along**1.5 + wave], axis=1), 0.32)
        for outline in self.trunk:
            cv2.fillPoly(picture, [_fixed(outline)], self.greys["body"], cv2.LINE_AA, _SHIFT)
        for name, points in (("belly", _BELLY), ("ear", self._parts["ear"])):
            cv2.fillPoly(picture, [_fixed(self._place(points))], self.greys[name], cv2.LINE_AA, _SHIFT)
        eye = self._place(self._parts["head"][:1] * 0.75 + self._parts["ear"].mean(axis=0) * 0.25)
        radius = round(0.16 * self._unit * _SCALE)
        cv2.circle(picture, tuple(_fixed(eye)[0].tolist()), radius, self.greys["eye"], -1, cv2.LINE_AA, _SHIFT)

    def draw_near_limbs(self, picture: Picture) -> None:
        """Draw the limbs on the camera's side."""
        self._limb(picture, (2.0, 0.7), 0.5 + self._near[0], 1.6)
        self._limb(picture, (-2.1, 0.8), -0.4 + self._near[1], 2.1)

    def draw_far_limbs(self, picture: Picture) -> None:
        """Draw the limbs on the far side."""
        self._limb(picture, (1.8, 0.6), 0.5 + self._far[0], 1.5)
        self._limb(picture, (-1.9, 0.7), -0.4 + self._far[1], 1.9)

    def _limb(self, picture: Picture, root: tuple[float, float], angle: float, length: float) -> None:
        knee = np.array(root) + 0.55 * length * np.array([np.sin(angle), np.cos(angle)])
        foot = knee + 0.5 * length * np.array([np.sin(1.6 * angle), np.cos(1.6 * angle)])
        self._line(picture, np.array([root, knee, foot]), 0.55)

    def _line(self, picture: Picture, points_cm: Floats, thick_cm: float) -> None:
        thick = max(1, round(thick_cm * self._unit))
        points = self._place(points_cm)
        points[:, 0] = np.clip(points[:, 0], *self._walls)
        cv2.polylines(picture, [_fixed(points)], False, self.greys["limb"], thick, cv2.LINE_AA, _SHIFT)


def _turn(angle: float) -> Floats:
    """Return the matrix that turns row vectors nose-up by an angle (y points down)."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


def _fixed(points: Floats) -> NDArray[np.int32]:
    return np.rint(points * _SCALE).astype(np.int32)


def _ring(x: float, y: float, wide: float, high: float) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    taper = 1.0 - 0.18 * np.cos(angle)
    return np.stack([x + wide * np.cos(angle), y + high * taper * np.sin(angle)], axis=1)


_BODY = _ring(0.0, 0.0, 3.5, 1.45)
_BELLY = _ring(-0.2, 0.55, 2.3, 0.6)
_HEAD = _ring(0.35, 0.0, 1.45, 1.0)
_EAR = _ring(-0.35, -0.75, 0.42, 0.5)


def _ripple_field(height: int, width: int, unit: float, rng: np.random.Generator) -> list[Picture]:
    """Return two periodic fields of ripples around 128, strong at the surface, faint below it."""
    y = np.arange(height)[:, None] / unit
    x = np.arange(3 * width)[None, :]
    fields = []
    for _ in range(2):
        field = np.zeros((height, 3 * width))
        for waves in rng.integers(3, 16, 5):
            bend = rng.uniform(-0.6, 0.6)
            field += np.sin(2 * np.pi * waves * x / (1.5 * width) + bend * 4 * y + rng.uniform(0, 6))
        fade = 9.0 * np.exp(-y / 1.2) + 2.0
        fields.append(np.clip(np.rint(128 + field / np.sqrt(5) * fade), 0, 255).astype(np.uint8))
    return fields
