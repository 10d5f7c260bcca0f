"""Traces: what shows in an image's values that they are not the imager's own any more.

Fewer grey values than an imager gives, a histogram stretched or cut off, blocks that a JPEG left, bands that end at one
level without a plateau. Each is a sentence for the reader; none changes a number.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["traces_of", "tops_alike"]

_EIGHT_BIT = 256
_WELL_FILLED_PX = 20
_GAPS = 0.03
_BLOCK_PX = 8
_BLOCKS_SHOW = 4.5
_ALIKE = 0.02
_ALIKE_EXCESS = 8.5
_ALIKE_BANDS, _ALIKE_BAND_PX = 3, 16


def traces_of(grey: NDArray[Any], dtype: np.dtype[Any]) -> list[str]:
    """Say what makes grey values, stored as `dtype`, less than raw data.

    Examples
    --------
    >>> traces_of(np.arange(256).reshape(16, 16).astype(np.uint8), np.dtype(np.uint8))[0].split(":")[0]
    '8 bit'
    """
    levels, counts = _histogram(grey)
    said = []
    if dtype.itemsize == 1:
        said.append("8 bit: 256 grey values are too few to compare faint with strong bands")
    elif levels.size <= _EIGHT_BIT:
        said.append(f"{levels.size} grey values in all: 8-bit data in a file of more")
    said += _stretched(grey, levels, counts)
    if levels.size <= _EIGHT_BIT and _was_jpeg(grey):
        said.append("blocks of 8 x 8 px show: this was a JPEG once, which altered the grey values")
    return said


def _histogram(grey: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the levels that occur and how often; by counting where the type has few."""
    if grey.dtype.kind == "u" and grey.dtype.itemsize <= 2:
        counts = np.bincount(grey.ravel())
        levels = np.flatnonzero(counts)
        return levels, counts[levels]
    return np.unique(grey, return_counts=True)


def _stretched(grey: NDArray[Any], levels: NDArray[Any], counts: NDArray[np.int64]) -> list[str]:
    said = []
    if grey.dtype.kind in "ui":
        info = np.iinfo(str(grey.dtype))
        if _has_gaps(levels.astype(np.int64), counts):
            said.append("contrast stretched: the histogram has gaps, which raw data do not have")
        elif levels[0] == info.min and levels[-1] == info.max:
            said.append("contrast stretched, or clipped at both ends: the values fill the whole range of the type")
    return said


def _has_gaps(levels: NDArray[np.int64], counts: NDArray[np.int64]) -> bool:
    """Whether levels are empty between well-filled ones, more often than chance leaves them."""
    if levels.size < 3:
        return False
    steps = np.diff(levels)
    filled = np.minimum(counts[:-1], counts[1:]) >= _WELL_FILLED_PX
    return bool(filled.any()) and float(np.mean(steps[filled] > 1)) > _GAPS


def _was_jpeg(grey: NDArray[Any]) -> bool:
    """Whether grey values jump more at every eighth column, and at every eighth row, than between them."""
    if min(grey.shape) < 8 * _BLOCK_PX:
        return False
    values = grey.astype(np.float64)
    return min(_jumps(values), _jumps(values.T)) > _BLOCKS_SHOW


def _jumps(values: NDArray[np.float64]) -> float:
    """Return by how many standard errors the jumps at one column in eight exceed those at the other seven."""
    steps = np.abs(np.diff(values, axis=1))
    excess = (steps[:, 1:-1] - (steps[:, :-2] + steps[:, 2:]) / 2).mean(axis=0)
    blocks = excess[: excess.size // _BLOCK_PX * _BLOCK_PX].reshape(-1, _BLOCK_PX)
    at = int(blocks.mean(axis=0).argmax())
    others = np.delete(blocks, at, axis=1)
    error = np.sqrt(blocks[:, at].var() / blocks.shape[0] + others.var() / others.size)
    return float((blocks[:, at].mean() - others.mean()) / max(error, 1e-12))


def tops_alike(pixels: NDArray[np.float64]) -> bool:
    """Whether several bands end at nearly one level, as those do that were clipped and then turned, scaled or filtered.

    Pixels within a fiftieth of the range of the highest level that a 3 x 3 square holds are on three bands or more, and
    far more of them than in the next fiftieths.

    Examples
    --------
    >>> hill = 100 - np.hypot(*np.mgrid[-20:21, -20:21])
    >>> tops_alike(np.hstack([hill, hill, hill])), tops_alike(np.hstack([hill, hill, hill]).clip(0, 90) + hill[:1, :1])
    (False, True)
    """
    high = float(cv2.erode(pixels, np.ones((3, 3), np.uint8)).max())
    reach = high - float(np.median(pixels))
    top = pixels >= high - _ALIKE * reach
    beneath = int(np.count_nonzero((pixels >= high - 3 * _ALIKE * reach) & ~top)) / 2
    if reach <= 0 or np.count_nonzero(top) <= _ALIKE_EXCESS * max(beneath, 1.0):
        return False
    labels, _ = ndimage.label(top, structure=np.ones((3, 3)))
    return int(np.count_nonzero(np.bincount(labels.ravel())[1:] >= _ALIKE_BAND_PX)) >= _ALIKE_BANDS
