"""Swim camera: light and sensor, what lies between a drawn swim scene and the encoder.

Lamps drift slowly (brightness, black level, and from which side they shine), and those on the mains flicker at 100 or
120 Hz: read row by row, that gives faint bands which crawl, since no camera's rate is an exact part of the mains'. All
of it is a function of time alone, so that it is the same at any frame rate. Noise is added last, as a sensor does.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Camera", "Light"]

_READ_OUT_S = 0.016
_BLACK_LEVEL = 30.0
_POOL = 6
_JITTER_PX = 16

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The light on a scene.

    Parameters
    ----------
    drift
        How much the brightness changes over a trial, as a part of it; 0 is steady.
    flicker
        Amplitude of the lamps' flicker, as a part of the brightness; 0 is none.
    flicker_hz
        Its frequency.
    """

    drift: float = 0.0
    flicker: float = 0.0
    flicker_hz: float = 100.07


class Camera:
    """Sees pictures under a light, with noise.

    Parameters
    ----------
    width, height
        Of the pictures, px.
    noise
        Standard deviation of the sensor noise, grey levels.
    rng
        For the noise.
    light, duration_s, light_rng
        The light, the length of the trial over which it drifts, and the chance in how.
    """

    def __init__(
        self,
        width: int,
        height: int,
        *,
        noise: float,
        rng: np.random.Generator,
        light: Light,
        duration_s: float,
        light_rng: np.random.Generator,
    ) -> None:
        self._noise = _noise_pool(height, width, noise, rng)
        self._offsets = rng.integers(0, _JITTER_PX, (997, 3))
        self._light, self._duration = light, duration_s
        self._phases = light_rng.uniform(0, 2 * np.pi, 4)
        self._fall = light_rng.choice([-1.0, 1.0], 2)
        self._across = np.linspace(-0.5, 0.5, width, dtype=np.float32)
        self._rows = np.arange(height) / height

    def see(self, picture: Picture, t_s: float) -> Picture:
        """Return the picture as the camera records it at a time."""
        lit = self._lit(picture, t_s) if self._light.drift or self._light.flicker else picture
        row, column, which = self._offsets[round(t_s * 1000) % len(self._offsets)]
        height, width = picture.shape
        noise = self._noise[which % len(self._noise)][row : row + height, column : column + width]
        return np.asarray(cv2.addWeighted(lit, 1.0, noise, 1.0, -128), dtype=np.uint8)

    def _lit(self, picture: Picture, t_s: float) -> Picture:
        """Return the picture with the light of a time on it."""
        drift, part = self._light.drift, t_s / self._duration
        slow, slower, aside, black = (
            np.sin(2 * np.pi * t_s / period + phase)
            for period, phase in zip((23.0, 61.0, 41.0, 31.0), self._phases, strict=True)
        )
        gain = 1.0 + drift * (0.4 * self._fall[0] * (part - 0.5) + 0.15 * slow + 0.15 * slower)
        side = drift * (0.5 * self._fall[1] * (part - 0.5) + 0.2 * aside)
        when = t_s + _READ_OUT_S * self._rows
        rows = gain * (1.0 + self._light.flicker * np.sin(2 * np.pi * self._light.flicker_hz * when))
        light = rows[:, None].astype(np.float32) * (1.0 + np.float32(side) * self._across)
        level = 0.3 * drift * _BLACK_LEVEL * black
        return np.asarray(np.clip(np.rint(picture * light + np.float32(level)), 0, 255), dtype=np.uint8)


def _noise_pool(height: int, width: int, noise: float, rng: np.random.Generator) -> list[Picture]:
    shape = (_POOL, height + _JITTER_PX, width + _JITTER_PX)
    grains = rng.standard_normal(shape, dtype=np.float32) * noise + 128
    return list(np.clip(np.rint(grains), 0, 255).astype(np.uint8))
