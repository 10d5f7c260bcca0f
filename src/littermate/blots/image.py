"""Image: a membrane's file into a `Blot`, or refused in words.

What is stored is believed, what is said about it is not: whether high or low is signal is decided from the data (a
TIFF's white-is-zero tag is a display hint). Compact features that stand out of the wide background are bands, so the
side on which they stand out is the signal's. *Saturated* means a plateau: a level at the top, shared by several
neighbouring pixels and by far more than share the levels beneath it, wherever the imager clips. It need not be the
greatest number of the type, and a speck may lie above it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.stored import Stored, load_seen, load_stored
from littermate.blots.traces import tops_alike, traces_of
from littermate.errors import ImageError, UsageError
from littermate.files import require_file, sha256_of
from littermate.model.blot import Blot

__all__ = ["blot_of", "plateau", "read_blot", "see_blot"]

_MIN_SIDE = 16
_MAX_VALUE = 1e20
_PLATEAU_PX = 4
_PLATEAU_EXCESS = 3.0
_TOP_SHARE = 0.02
_UNSURE = 1.4
_WORKING_PX = 100
_BORDER = 0.15
_OF_NOTE = 0.2


def read_blot(path: str | Path, *, polarity: str = "auto") -> Blot:
    """Read a membrane image.

    Parameters
    ----------
    path
        A TIFF of 8, 16 or 32 bit or float, compressed without loss or not; a Bio-Rad .1sc (with the optional extra
        ``littermate[biorad]``); a Molecular Dynamics .gel; a PNG is read with a warning.
    polarity
        ``"auto"``: decided from the data; ``"bright"``: stored high = signal; ``"dark"``: stored low = signal.

    Returns
    -------
    Blot
        Pixels are high = signal.

    Raises
    ------
    ImageError
        If the file is missing, empty, cut off, not an image, holds no picture that can be measured, or is a JPEG.
    UsageError
        If the polarity is none of the three.

    Examples
    --------
    >>> read_blot("no-such-file.tif")
    Traceback (most recent call last):
    ...
    littermate.errors.ImageError: no-such-file.tif
      expected: a file
      found:    no such file
      do:       check the name and the folder
    """
    return _blot_in(path, load_stored, polarity)


def see_blot(path: str | Path, *, polarity: str = "auto") -> Blot:
    """Read a membrane image to look at, never to measure: what `read_blot` reads, and a JPEG.

    Raises
    ------
    ImageError
        As `read_blot`, but not for a JPEG.
    """
    return _blot_in(path, load_seen, polarity)


def _blot_in(path: str | Path, load: Callable[[Path], Stored], polarity: str) -> Blot:
    path = require_file(path, ImageError)
    stored = load(path)
    return blot_of(stored.values, polarity=polarity, path=str(path), sha256=sha256_of(path), warnings=stored.warnings)


def blot_of(
    stored: NDArray[np.generic],
    *,
    polarity: str = "auto",
    path: str = "",
    sha256: str = "",
    warnings: tuple[str, ...] = (),
) -> Blot:
    """Make a `Blot` of stored values: (rows, columns), or (rows, columns, 3) of a colour picture.

    Raises
    ------
    ImageError
        If there is nothing in it to measure: too small, all alike, or not finite.
    UsageError
        If the polarity is none of ``"auto"``, ``"bright"``, ``"dark"``.

    Examples
    --------
    >>> image = np.full((40, 60), 200, np.uint16); image[18:22, 25:35] = 40
    >>> blot_of(image).polarity
    'dark'
    """
    if polarity not in ("auto", "bright", "dark"):
        raise UsageError(expected="polarity auto, bright or dark", found=repr(polarity), do="choose one of the three")
    grey, colour = _grey(stored, path)
    _require_signal(grey, path)
    values = grey.astype(np.float64)
    said = [*warnings, *colour, *traces_of(grey, stored.dtype)]
    if polarity == "auto":
        polarity, sure = _decide_polarity(values)
        if not sure:
            said.append(f"whether dark or bright is signal is not clear; taken as {polarity}: state the polarity")
    top = _level_max(grey)
    pixels = values if polarity == "bright" else top - values
    clip = plateau(pixels)
    if clip is None and tops_alike(pixels):
        said.append("bands end at nearly one level: perhaps clipped, and then turned, scaled or filtered")
    level = None if clip is None else clip[0] if polarity == "bright" else top - clip[0]
    return Blot(
        path=path,
        sha256=sha256,
        pixels=pixels,
        dtype=str(stored.dtype.newbyteorder("=")),
        shape=tuple(stored.shape),
        polarity=polarity,
        saturated_px=0 if clip is None else clip[1],
        saturation_level=level,
        warnings=tuple(said),
    )


def plateau(pixels: NDArray[np.float64]) -> tuple[float, int] | None:
    """Find the clipping plateau at the top of some pixels: its level, and the number of pixels on or above it.

    Of the levels in the top fiftieth of the range, that is the one shared by four neighbouring pixels or more and by
    over three times as many as share one of the next levels beneath it (an unclipped top has no more on its highest
    level than on the next).

    Examples
    --------
    >>> hill = 100 - np.hypot(*np.mgrid[-20:21, -20:21]) ** 2
    >>> plateau(hill) is None, plateau(np.minimum(hill, 70))
    (True, (70.0, 97))
    """
    highest, lowest = float(pixels.max()), float(pixels.min())
    bound = highest - 0.1 * (highest - lowest)
    levels, counts = np.unique(pixels[pixels >= bound], return_counts=True)
    levels, counts = levels[::-1], counts[::-1]
    for number, level in enumerate(levels.tolist()):
        if level < highest - _TOP_SHARE * (highest - lowest):
            break
        if counts[number] >= _PLATEAU_PX and _stands_out(counts, number) and _neighbours(pixels == level):
            return level, int(counts[: number + 1].sum())
    return None


def _stands_out(counts: NDArray[np.int64], number: int) -> bool:
    beneath = counts[number + 1 : number + 5]
    return not beneath.size or float(counts[number]) > _PLATEAU_EXCESS * float(beneath.mean())


def _neighbours(mask: NDArray[np.bool_]) -> bool:
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    return count > 0 and int(np.bincount(labels.ravel())[1:].max()) >= _PLATEAU_PX


def _grey(stored: NDArray[np.generic], path: str) -> tuple[NDArray[np.generic], list[str]]:
    """Return one grey value a pixel, and what there is to say about colours."""
    if stored.ndim == 2:
        return stored, []
    if stored.ndim != 3 or stored.shape[2] not in (1, 2, 3, 4):
        raise ImageError(
            expected="one picture of rows and columns",
            found=f"values of shape {stored.shape}",
            do="export the picture of the membrane alone",
            where=path,
        )
    if stored.shape[2] < 3:
        return stored[..., 0], []
    red, green, blue = (stored[..., k] for k in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return red, ["RGB of equal channels: a picture of the blot, not the imager's raw data"]
    mean = np.stack([red, green, blue]).astype(np.float64).mean(axis=0)
    return mean, ["RGB in colour: the mean of the channels is measured, not the imager's raw data"]


def _require_signal(grey: NDArray[np.generic], path: str) -> None:
    found = ""
    if grey.dtype.kind not in "uif":
        found = f"values of type {grey.dtype}"
    elif min(grey.shape) < _MIN_SIDE:
        found = f"{grey.shape[1]} x {grey.shape[0]} px"
    elif not np.isfinite(grey).all():
        found = "values that are not finite"
    elif max(abs(float(grey.min())), abs(float(grey.max()))) > _MAX_VALUE:
        found = f"values beyond {_MAX_VALUE:g}"
    elif grey.min() == grey.max():
        found = "all pixels alike"
    if found:
        raise ImageError(
            expected=f"grey values that differ, on {_MIN_SIDE} x {_MIN_SIDE} px or more",
            found=found,
            do="export the raw image from the imager's software as a 16-bit TIFF",
            where=path,
        )


def _level_max(grey: NDArray[np.generic]) -> float:
    if grey.dtype.kind in "ui" and grey.dtype.itemsize <= 4:
        return float(np.iinfo(str(grey.dtype)).max)
    return float(grey.max())


def _decide_polarity(values: NDArray[np.float64]) -> tuple[str, bool]:
    """Tell on which side compact features stand out of the wide background, and whether that is clear.

    What lies at the image's border (a frame, the bench beside the membrane) stands out as well as bands do. So the
    inner part is asked too; where they disagree it is believed if something of note stands out there, and it is not
    clear.
    """
    small = _shrunk(values)
    whole = _stand_out(small)
    rows, columns = (round(_BORDER * size) for size in small.shape)
    inside = _stand_out(small[rows : small.shape[0] - rows, columns : small.shape[1] - columns])
    above, beneath = whole
    agree = (above >= beneath) == (inside[0] >= inside[1])
    if not agree and max(inside) > _OF_NOTE * max(whole):
        above, beneath = inside
        return ("bright" if above >= beneath else "dark"), False
    sure = max(above, beneath) > _UNSURE * min(above, beneath)
    return ("bright" if above >= beneath else "dark"), sure


def _shrunk(values: NDArray[np.float64]) -> NDArray[np.float64]:
    step = max(1, round(max(values.shape) / _WORKING_PX))
    down, across = (min(step, size) for size in values.shape)
    rows, columns = values.shape[0] // down * down, values.shape[1] // across * across
    calm = cv2.medianBlur((values - values.min()).astype(np.float32), 3)[:rows, :columns]
    return np.asarray(calm.reshape(rows // down, down, columns // across, across).mean(axis=(1, 3)), np.float64)


def _stand_out(small: NDArray[np.float64]) -> tuple[float, float]:
    """Return how far the strongest features lie above and beneath the wide background."""
    wide = tuple(max(3, size // 3 | 1) for size in small.shape)
    rest = small - ndimage.median_filter(small, size=wide, mode="nearest")
    low, middle, high = np.percentile(rest, [0.5, 50, 99.5])
    return float(high - middle), float(middle - low)
