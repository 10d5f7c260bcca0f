"""Blot: a membrane image with known band volumes.

High value = signal, 16-bit TIFF. Rows run down the gel (heavy proteins on top), columns across it. A band is flat
across its lane with soft sides and Gaussian along it; its *volume* is its sum of (signal - background) over all pixels.
Amounts are given relative to a band `BlotScene.unit_peak` high, so that an amount of 1 means the same on each membrane.

The smile lifts the bands of the outer lanes (the middle of a warm gel runs further); the tilt leans the lanes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import tifffile
from numpy.typing import NDArray
from scipy.special import ndtr

from littermate.errors import UsageError
from littermate.files import written_whole

__all__ = ["BandRow", "BlotScene", "BlotTruth", "paint_blot", "write_blot"]

_LADDER_KDA = (250.0, 150.0, 100.0, 75.0, 50.0, 37.0, 25.0, 20.0, 15.0, 10.0)
_LADDER_HEIGHT = 0.6
_LADDER_THINNESS = 0.5
_EDGE_SIGMA_PX = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotScene:
    """How a simulated membrane looks.

    Parameters
    ----------
    lanes
        Number of sample lanes; `None`: as many as there are volumes.
    width, height, margin_px
        Size of the image, and what is left free at its left and right.
    lane_fill
        Width of a band as a share of the lane spacing.
    spacing_jitter, row_jitter_px
        Standard deviation of a lane's place (share of the spacing) and of its band's row.
    band_sigma_px
        Standard deviation of a band along its lane.
    smile_px
        By how much a band at the image's left or right edge lies above one in the middle.
    tilt_deg
        Lean of the lanes, positive = to the right going down.
    background, slope_x, slope_y
        Level of the background in the middle, and its rise from left to right and from top to bottom, as a share of it.
        Keep it several standard deviations of the noise above 0: a pixel cannot be negative, and clipped noise adds
        to every volume.
    vignette
        By how much darker the background is in the corners than in the middle, as a share of it; negative: brighter.
        It falls with the square of the distance from the middle. The bands' own signal is left as it is.
    unit_peak
        Height above background of a band of amount 1.
    snr
        `unit_peak` / standard deviation of a background pixel. The variance doubles at the top of such a band.
    streaks, dust
        Number of lanes with a smear along them, and of bright specks.
    saturation_level
        Where the imager clips.
    ladder
        Whether a molecular-weight ladder runs in an additional lane at the left.

    Examples
    --------
    >>> BlotScene.target().unit_peak < BlotScene.loading_control().unit_peak
    True
    """

    lanes: int | None = None
    width: int = 900
    height: int = 260
    margin_px: int = 30
    lane_fill: float = 0.72
    spacing_jitter: float = 0.03
    row_jitter_px: float = 0.7
    band_sigma_px: float = 5.0
    smile_px: float = 8.0
    tilt_deg: float = 0.6
    background: float = 900.0
    slope_x: float = 0.3
    slope_y: float = 0.2
    vignette: float = 0.0
    unit_peak: float = 6000.0
    snr: float = 30.0
    streaks: int = 3
    dust: int = 8
    saturation_level: float = 65_520.0
    ladder: bool = False

    @classmethod
    def target(cls) -> Self:
        """Return the scene of a faint target (BDNF)."""
        return cls(unit_peak=1_800.0, snr=30.0)

    @classmethod
    def loading_control(cls) -> Self:
        """Return the scene of a strong loading control (beta-actin), not saturated up to twice its usual amount."""
        return cls(unit_peak=24_000.0, snr=100.0, band_sigma_px=6.0)

    def row_of(self, kda: float) -> float:
        """Return the row to which a protein of this weight runs: log-linear, 250 kDa near the top, 10 near the bottom.

        Examples
        --------
        >>> scene = BlotScene(height=200)
        >>> round(scene.row_of(250)), round(scene.row_of(50)), round(scene.row_of(10))
        (24, 100, 176)
        """
        share = math.log(250.0 / kda) / math.log(25.0)
        return self.height * (0.12 + 0.76 * share)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """One band in every sample lane: the row it has at the middle of the image, and its relative volumes."""

    row_px: float
    volumes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlotTruth:
    """What is in a simulated image; the tuples run over the sample lanes from left to right.

    Parameters
    ----------
    volumes
        For each band row, the true net volumes in the image's own units times px, before noise and clipping.
    rows_px
        For each band row, the row of the band at its lane's centre.
    centres_px
        x of each lane at the image's middle row, ``(height - 1) / 2``.
    first_lane
        Index, from 1 and from the left, of the first sample lane: 2 where a ladder runs in lane 1.
    saturated
        For each band row, whether the band reaches the clipping level.
    """

    volumes: tuple[tuple[float, ...], ...]
    rows_px: tuple[tuple[float, ...], ...]
    centres_px: tuple[float, ...]
    first_lane: int
    saturated: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Geometry:
    """Where the lanes are: centres at the middle row, spacing, and the shear of the tilt."""

    centres: NDArray[np.float64]
    pitch: float
    shear: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _BandShape:
    """Where a band is and how large: row in the middle of the image, column at the middle row, width, and sigma."""

    row: float
    centre: float
    width: float
    sigma: float


def write_blot(
    path: str | Path,
    volumes: Sequence[float],
    *,
    scene: BlotScene | None = None,
    row: float | None = None,
    seed: int,
) -> BlotTruth:
    """Write an image of one target, one band a lane, as a 16-bit TIFF with high = signal.

    Parameters
    ----------
    path
        The TIFF.
    volumes
        Amount in each lane, relative to a band `scene.unit_peak` high; 0 is an empty lane.
    scene
        How it looks.
    row
        Row of the bands in the middle of the image; the middle row where `None`. See `BlotScene.row_of`.
    seed
        Of noise, places, dust.

    Returns
    -------
    BlotTruth
        With one band row.

    Raises
    ------
    UsageError
        If the number of volumes is not that of the scene's lanes, a volume is negative, or the row lies outside.
    """
    scene = scene or BlotScene()
    bands = BandRow(row_px=scene.height / 2 if row is None else row, volumes=tuple(map(float, volumes)))
    pixels, truth = paint_blot([bands], scene=scene, seed=seed)
    with written_whole(path) as part:
        tifffile.imwrite(part, pixels, photometric="minisblack")
    return truth


def paint_blot(rows: Sequence[BandRow], *, scene: BlotScene, seed: int) -> tuple[NDArray[np.uint16], BlotTruth]:
    """Paint an image of one or more rows of bands.

    Parameters
    ----------
    rows
        Bands common to the lanes; all rows have as many volumes.
    scene, seed
        As for `write_blot`.

    Returns
    -------
    pixels : (height, width) uint16
    truth : BlotTruth
    """
    scene = replace(scene, lanes=scene.lanes or len(rows[0].volumes))
    _check(rows, scene)
    rng = np.random.default_rng(seed)
    geometry = _lay_out(scene, rng)
    first = 1 if scene.ladder else 0
    signal = np.zeros((scene.height, scene.width))
    painted = [_paint_row(signal, row, scene, geometry, rng, first) for row in rows]
    if scene.ladder:
        _paint_ladder(signal, scene, geometry)
    truth = BlotTruth(
        volumes=tuple(tuple(volumes) for volumes, _, _ in painted),
        rows_px=tuple(tuple(places) for _, places, _ in painted),
        centres_px=tuple(geometry.centres[first:].tolist()),
        first_lane=first + 1,
        saturated=tuple(tuple(peak >= scene.saturation_level for peak in peaks) for _, _, peaks in painted),
    )
    image = _noisy(signal, scene, rng) + _smears(scene, geometry, rng) + _specks(scene, rng)
    clipped = np.clip(np.rint(image), 0, min(scene.saturation_level, 65_535))
    return clipped.astype(np.uint16), truth


def _check(rows: Sequence[BandRow], scene: BlotScene) -> None:
    for row in rows:
        if len(row.volumes) != scene.lanes:
            raise UsageError(
                expected=f"{scene.lanes} volumes, one for each lane",
                found=f"{len(row.volumes)}",
                do="give one volume a lane, 0 for an empty one",
            )
        if min(row.volumes) < 0 or not 0 <= row.row_px < scene.height:
            raise UsageError(
                expected=f"volumes of 0 or more, on a row from 0 to {scene.height}",
                found=f"a least volume of {min(row.volumes)} on row {row.row_px}",
                do="change the volumes or the row",
            )


def _lay_out(scene: BlotScene, rng: np.random.Generator) -> _Geometry:
    assert scene.lanes is not None
    count = scene.lanes + (1 if scene.ladder else 0)
    pitch = (scene.width - 2 * scene.margin_px) / count
    centres = scene.margin_px + pitch * (np.arange(count) + 0.5)
    centres = centres + rng.normal(0, scene.spacing_jitter * pitch, count).clip(-0.1 * pitch, 0.1 * pitch)
    return _Geometry(centres=centres, pitch=pitch, shear=math.tan(math.radians(scene.tilt_deg)))


def _paint_row(
    signal: NDArray[np.float64],
    row: BandRow,
    scene: BlotScene,
    geometry: _Geometry,
    rng: np.random.Generator,
    first: int,
) -> tuple[list[float], list[float], list[float]]:
    """Add a row of bands to the signal; return its volumes, its places and its peaks."""
    volumes, places, peaks = [], [], []
    for number, amount in enumerate(row.volumes):
        at = row.row_px + rng.normal(0, scene.row_jitter_px)
        width = scene.lane_fill * geometry.pitch * rng.uniform(0.95, 1.05)
        centre = float(geometry.centres[first + number])
        height = amount * scene.unit_peak * scene.lane_fill * geometry.pitch / width
        shape = _BandShape(row=at, centre=centre, width=width, sigma=scene.band_sigma_px)
        volumes.append(_add_band(signal, height, shape, scene, geometry))
        places.append(at - _smile(np.array([centre]), scene).item())
        peaks.append(height + _background_level(places[-1], centre, scene))
    return volumes, places, peaks


def _paint_ladder(signal: NDArray[np.float64], scene: BlotScene, geometry: _Geometry) -> None:
    width, sigma = scene.lane_fill * geometry.pitch, _LADDER_THINNESS * scene.band_sigma_px
    for kda in _LADDER_KDA:
        shape = _BandShape(row=scene.row_of(kda), centre=float(geometry.centres[0]), width=width, sigma=sigma)
        _add_band(signal, _LADDER_HEIGHT * scene.unit_peak, shape, scene, geometry)


def _add_band(
    signal: NDArray[np.float64], height: float, shape: _BandShape, scene: BlotScene, geometry: _Geometry
) -> float:
    """Add a band that is flat across and Gaussian along, bent by the smile and leant by the tilt; return its volume."""
    part = _around(shape, scene, geometry)
    y, x = np.mgrid[part].astype(np.float64)
    along = y - shape.row + _smile(x, scene)
    across = x - shape.centre - geometry.shear * (y - (scene.height - 1) / 2)
    half = shape.width / 2
    flat = ndtr((across + half) / _EDGE_SIGMA_PX) - ndtr((across - half) / _EDGE_SIGMA_PX)
    band = height * flat * np.exp(-0.5 * (along / shape.sigma) ** 2)
    signal[part] += band
    return float(band.sum())


def _around(shape: _BandShape, scene: BlotScene, geometry: _Geometry) -> tuple[slice, slice]:
    """Return the part of the image outside of which a band is nothing: eight standard deviations off."""
    side = shape.width / 2 + 8 * _EDGE_SIGMA_PX + abs(geometry.shear) * scene.height
    up, down = 8 * shape.sigma + max(scene.smile_px, 0) * 4, 8 * shape.sigma + max(-scene.smile_px, 0) * 4
    top, bottom = max(0, math.floor(shape.row - up)), min(scene.height, math.ceil(shape.row + down) + 1)
    left, right = max(0, math.floor(shape.centre - side)), min(scene.width, math.ceil(shape.centre + side) + 1)
    return slice(top, max(top, bottom)), slice(left, max(left, right))


def _smile(x: NDArray[np.float64], scene: BlotScene) -> NDArray[np.float64]:
    return scene.smile_px * ((x - scene.width / 2) / (scene.width / 2)) ** 2


def _background_level(row: float, column: float, scene: BlotScene) -> float:
    return float(_background(np.array([[row]]), np.array([[column]]), scene).item())


def _background(rows: NDArray[np.float64], columns: NDArray[np.float64], scene: BlotScene) -> NDArray[np.float64]:
    across, down = columns / scene.width - 0.5, rows / scene.height - 0.5
    corners = 2 * scene.vignette * (across**2 + down**2)
    return np.asarray(scene.background * (1 + scene.slope_x * across + scene.slope_y * down - corners), np.float64)


def _noisy(signal: NDArray[np.float64], scene: BlotScene, rng: np.random.Generator) -> NDArray[np.float64]:
    """Add the sloping background and the noise of the sensor and of the light."""
    rows, columns = np.arange(float(scene.height))[:, None], np.arange(float(scene.width))
    sd = scene.unit_peak / scene.snr * np.sqrt(1 + signal / scene.unit_peak)
    return signal + _background(rows, columns, scene) + rng.normal(0, 1, signal.shape) * sd


def _smears(scene: BlotScene, geometry: _Geometry, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return faint smears along some lanes, fading from the top."""
    image = np.zeros((scene.height, scene.width))
    x = np.arange(scene.width)
    fade = np.exp(-np.arange(scene.height) / scene.height)[:, None]
    for lane in rng.choice(len(geometry.centres), min(scene.streaks, len(geometry.centres)), replace=False):
        half = scene.lane_fill * geometry.pitch / 2
        inside = ndtr((half - np.abs(x - geometry.centres[lane])) / _EDGE_SIGMA_PX)
        image += rng.uniform(0.02, 0.06) * scene.unit_peak * fade * inside
    return image


def _specks(scene: BlotScene, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return bright specks of a pixel or two at places that may lie on a band."""
    image = np.zeros((scene.height, scene.width))
    y, x = np.mgrid[-4:5, -4:5]
    for _ in range(scene.dust):
        row, column = rng.integers(4, scene.height - 4), rng.integers(4, scene.width - 4)
        size, height = rng.uniform(0.6, 1.2), rng.uniform(0.1, 0.5) * scene.unit_peak
        image[row - 4 : row + 5, column - 4 : column + 5] += height * np.exp(-0.5 * (x**2 + y**2) / size**2)
    return image
