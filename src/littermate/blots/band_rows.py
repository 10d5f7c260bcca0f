"""Band rows: lanes counted along a row of bands.

A row of bands is followed across the blot, however it smiles or slopes: the path of the strongest signal from the left
edge to the right. Along that path lanes are a chain of places, each clearer than both its borders, about evenly spaced;
the spacing and the number of lanes are those at which the chain is worth most. What is far from the row (a second
membrane, writing, a membrane's edge) does not enter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.chains import Spacing, worthiest_chain

__all__ = ["RowChain", "best_chain"]

_ROWS = 3
_TURN = 0.002
_FLOOR = 0.15
_CLEAR = 0.35
_PRICE = 0.04
_EMPTY = 0.03
_EMPTY_PRICE = 0.2
_PLACES = 350
_SPACINGS = 30
_MOST = 45
_NEVER = -99.0
_FAINT_END = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowChain:
    """Lanes along one row of bands: how clear they are together, x and row of each, their spacing, and the signal.

    `signal` is that along the row's path, one value a column.
    """

    worth: float
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    pitch: float
    signal: NDArray[np.float64]


def best_chain(pixels: NDArray[np.float64], *, n: int | None, evenness: float) -> RowChain | None:
    """Return the clearest chain of lanes along any of the strongest rows of bands; `None` where there is none."""
    raised = _raised(pixels)
    spread = max(2.0, raised.shape[0] / 150)
    paths = _paths(raised, spread)
    signals = [_along(raised, path, round(spread)) for path in paths]
    top = max(float(np.quantile(one, 0.9) - np.quantile(one, 0.1)) for one in signals)
    if top <= 0:
        return None
    chains = [_chain(signal, path, top, n, evenness) for signal, path in zip(signals, paths, strict=True)]
    return max((chain for chain in chains if chain is not None), key=lambda one: one.worth, default=None)


def _raised(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the signal above the wide background, on the image's own scale."""
    calm = cv2.GaussianBlur(cv2.medianBlur(pixels.astype(np.float32), 3), (0, 0), 1.2)
    rows, columns = calm.shape
    small = cv2.resize(calm, (max(1, columns // 4), max(1, rows // 4)), interpolation=cv2.INTER_AREA)
    box = np.ones((max(3, small.shape[0] // 8), max(3, small.shape[1] // 5)), np.uint8)
    opened = cv2.morphologyEx(small, cv2.MORPH_OPEN, box, borderType=cv2.BORDER_REPLICATE)
    raised = (calm - cv2.resize(opened, (columns, rows), interpolation=cv2.INTER_LINEAR)).astype(np.float64)
    return np.asarray(raised - np.median(raised), np.float64)


def _paths(raised: NDArray[np.float64], spread: float) -> list[NDArray[np.int64]]:
    """Return the rows of each column along the strongest paths from left to right, the strongest first."""
    narrow = cv2.GaussianBlur(raised, (0, 0), sigmaX=1, sigmaY=spread)
    band = narrow - cv2.GaussianBlur(raised, (0, 0), sigmaX=1, sigmaY=3 * spread)
    top = float(np.quantile(band, 0.999))
    strength = np.sqrt((band / top).clip(0, 1)) if top > 0 else np.zeros_like(band)
    taken, paths = math.ceil(4 * spread), []
    for _ in range(_ROWS):
        path = _strongest_path(strength)
        for column, row in enumerate(path.tolist()):
            strength[max(0, row - taken) : row + taken + 1, column] = 0
        paths.append(path)
    return paths


def _strongest_path(strength: NDArray[np.float64]) -> NDArray[np.int64]:
    rows, columns = strength.shape
    sums, turns = strength[:, 0].copy(), np.zeros((columns, rows), np.int8)
    edge = np.array([_NEVER])
    for column in range(1, columns):
        above = np.concatenate([edge, sums[:-1]]) - _TURN
        below = np.concatenate([sums[1:], edge]) - _TURN
        turns[column] = np.where((sums >= above) & (sums >= below), 0, np.where(above >= below, -1, 1))
        sums = np.maximum(np.maximum(sums, above), below) + strength[:, column]
    row, path = int(np.argmax(sums)), np.empty(columns, np.int64)
    for column in range(columns - 1, -1, -1):
        path[column] = row
        row += int(turns[column, row])
    return path


def _along(raised: NDArray[np.float64], path: NDArray[np.int64], half: int) -> NDArray[np.float64]:
    columns = np.arange(path.size)
    parts = [raised[(path + off).clip(0, raised.shape[0] - 1), columns] for off in range(-half, half + 1)]
    return np.asarray(np.mean(parts, axis=0), np.float64)


def _chain(
    signal: NDArray[np.float64], path: NDArray[np.int64], top: float, n: int | None, evenness: float
) -> RowChain | None:
    share = ((signal - np.quantile(signal, 0.1)) / top).clip(0)
    scale = ndimage.gaussian_filter1d(np.log(share + _FLOOR), 1.5, mode="nearest")
    step = max(1, scale.size // _PLACES)
    coarse = scale[: scale.size // step * step].reshape(-1, step).mean(axis=1)
    widest = signal.size / max(3, n or 3)
    found = []
    for pitch in np.geomspace(min(max(14.0, signal.size / _MOST), 0.5 * widest), widest, _SPACINGS).tolist():
        worth, places = _chain_about(coarse, pitch / step, n, evenness)
        found.append((worth, places, pitch))
    worth, places, pitch = max(found, key=lambda one: one[0])
    if worth <= 0 or len(places) < 2:
        return None
    columns = np.rint(np.array(places) * step + (step - 1) / 2).astype(np.int64)
    columns = columns if n else _without_faint_ends(columns, signal, round(pitch / 4))
    return RowChain(worth=worth, columns=columns, rows=path[columns], pitch=pitch, signal=signal)


def _without_faint_ends(columns: NDArray[np.int64], signal: NDArray[np.float64], reach: int) -> NDArray[np.int64]:
    """Drop places at either end whose signal is a trace of the usual lane's: a membrane's edge, a smear."""
    tops = np.array([signal[max(0, place - reach) : place + reach + 1].max() for place in columns.tolist()])
    strong = np.flatnonzero(tops >= _FAINT_END * float(np.median(tops)))
    return columns[strong[0] : strong[-1] + 1] if strong.size else columns


def _clearness(scale: NDArray[np.float64], pitch: float) -> NDArray[np.float64]:
    """Return by how much a place's core exceeds the higher of its two borders, less the price of a lane."""
    border = max(1, round(0.5 * pitch))
    core = ndimage.uniform_filter1d(scale, max(1, round(0.4 * pitch) | 1), mode="nearest")
    sides = np.pad(ndimage.uniform_filter1d(scale, 3, mode="nearest"), border, mode="edge")
    clear = core - np.maximum(sides[: -2 * border], sides[2 * border :])
    worth = clear.clip(-_CLEAR, _CLEAR) - _PRICE - _EMPTY_PRICE * (clear < _EMPTY)
    half = round(0.3 * pitch)
    worth[:half], worth[worth.size - half :] = -np.inf, -np.inf
    return np.asarray(worth, np.float64)


def _chain_about(scale: NDArray[np.float64], pitch: float, n: int | None, evenness: float) -> tuple[float, list[int]]:
    """Return the worth and the places of the best chain at about one spacing: of `n` places, or of any number."""
    spacing = Spacing.about(pitch, least=2, shares=(0.7, 1.35), price=evenness * _CLEAR)
    most = min(60, round(1.4 * scale.size / pitch))
    return worthiest_chain(_clearness(scale, pitch), spacing, length=n or most, shorter=n is None)
