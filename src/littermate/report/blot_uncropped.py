"""Blot as printed: the cropped strip of a paper, and the uncropped image with the crop marked, as journals ask.

Grey values are shown on one linear scale for both, signal dark, and the figure says between which values. Nothing is
drawn on the strip; on the uncropped image there are only the crop's box and the letters outside.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.blot import Lane
from littermate.report.style import DOUBLE_MM, MM, figure_style

__all__ = ["draw_uncropped", "linear_scale"]

_CROP = "#d55e00"
_LABEL_PT, _NOTE_PT = 7.0, 6.5
_TALLEST_MM, _AROUND_MM = 200.0, 9.0
_POINT_MM = 0.353
_LEFT_MM, _SLANT_FROM = 14.0, 3


def draw_uncropped(
    pixels: NDArray[np.float64],
    lanes: Sequence[Lane],
    *,
    labels: Sequence[str] | None = None,
    crop_rows: tuple[int, int] | None = None,
    kda: Sequence[tuple[float, float]] = (),
    title: str = "",
) -> Figure:
    """Draw a blot for a paper's supplement.

    Parameters
    ----------
    pixels : (rows, columns) float
        High = signal.
    lanes
        From left to right; they say where labels stand.
    labels
        One a lane; their numbers where `None`.
    crop_rows
        First row of the strip that the paper shows, and the row after its last. Without it no strip is drawn.
    kda
        Marks of the ladder: ``(weight in kDa, row)``.
    title
        Over the figure.

    Returns
    -------
    matplotlib.figure.Figure
        A page wide (183 mm).

    Raises
    ------
    UsageError
        If there is not one label a lane, or the crop lies outside the image.

    Examples
    --------
    >>> figure = draw_uncropped(np.eye(40), [], crop_rows=(10, 20))
    >>> len(figure.axes)
    2
    """
    names = [str(lane.index) for lane in lanes] if labels is None else list(labels)
    _require(pixels, lanes, names, crop_rows)
    with figure_style():
        return _draw(pixels, list(zip(lanes, names, strict=True)), crop_rows, kda, title)


def linear_scale(pixels: NDArray[np.float64]) -> tuple[float, float]:
    """Return the values drawn white and black: the lowest, and the highest that a square of 3 x 3 px holds.

    Specks and single pixels of noise may lie above; no band as a whole does.

    Examples
    --------
    >>> image = np.zeros((9, 9)); image[2:6, 2:6] = 5; image[8, 8] = 99
    >>> linear_scale(image)
    (0.0, 5.0)
    """
    low, high = float(pixels.min()), float(cv2.erode(pixels, np.ones((3, 3), np.uint8)).max())
    return low, high if high > low else low + 1.0


def _require(
    pixels: NDArray[np.float64], lanes: Sequence[Lane], names: Sequence[str], rows: tuple[int, int] | None
) -> None:
    if len(names) != len(lanes):
        raise UsageError(
            expected=f"{len(lanes)} labels, one a lane", found=f"{len(names)}", do="give one label a lane, in order"
        )
    if rows is not None and not 0 <= rows[0] < rows[1] <= pixels.shape[0]:
        raise UsageError(
            expected=f"rows of a crop between 0 and {pixels.shape[0]}, the first before the last",
            found=f"{rows[0]}:{rows[1]}",
            do="read the rows off the picture that --figure writes",
        )


def _draw(
    pixels: NDArray[np.float64],
    named: list[tuple[Lane, str]],
    rows: tuple[int, int] | None,
    kda: Sequence[tuple[float, float]],
    title: str,
) -> Figure:
    high, wide = pixels.shape
    per_px = min((DOUBLE_MM - _LEFT_MM) / wide, _TALLEST_MM / high)
    strip = 0.0 if rows is None else (rows[1] - rows[0]) * per_px
    lettering = (1 if rows is None else 2) * (_AROUND_MM + _title_pad(named) * _POINT_MM)
    size = (DOUBLE_MM * MM, (high * per_px + strip + lettering + (12 if title else 8)) * MM)
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=1 * MM, h_pad=1.5 * MM, hspace=0.04))
    scale = linear_scale(pixels)
    if rows is None:
        whole = figure.subplots()
    else:
        cropped, whole = figure.subplots(2, 1, height_ratios=(strip, high * per_px))
        _show(cropped, pixels, scale, named, rows)
        _name(cropped, (title, "As shown"), named)
    _show(whole, pixels, scale, named, (0, high))
    _name(whole, (title if rows is None else "", "Uncropped"), named)
    _mark_weights(whole, kda)
    if rows is not None:
        corner = (-0.5, rows[0] - 0.5)
        whole.add_patch(Rectangle(corner, wide, rows[1] - rows[0], fill=False, edgecolor=_CROP, linewidth=1.0))
    figure.supxlabel(_note(pixels, scale), fontsize=_NOTE_PT, x=0.01, ha="left")
    return figure


def _name(axes: Axes, words: tuple[str, str], named: Sequence[tuple[Lane, str]]) -> None:
    """Write the title, where there is one, and what the part is, above the labels of the lanes."""
    text = "\n".join(filter(None, words))
    axes.set_title(text, loc="left", fontsize=_LABEL_PT, pad=_title_pad(named), parse_math=False)


def _title_pad(named: Sequence[tuple[Lane, str]]) -> float:
    """Return the room that the labels need beneath a title, in points."""
    longest = max((len(name) for _, name in named), default=0)
    return 4.0 + (0.0 if not longest else _LABEL_PT + (0.5 * _LABEL_PT * longest if longest > _SLANT_FROM else 0.0))


def _show(
    axes: Axes,
    pixels: NDArray[np.float64],
    scale: tuple[float, float],
    named: Sequence[tuple[Lane, str]],
    rows: tuple[int, int],
) -> None:
    axes.imshow(pixels, cmap="gray_r", vmin=scale[0], vmax=scale[1], interpolation="nearest", aspect="equal")
    axes.set_xlim(-0.5, pixels.shape[1] - 0.5)
    axes.set_ylim(rows[1] - 0.5, rows[0] - 0.5)
    axes.set_anchor("S")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right", "bottom", "left"]].set_visible(True)
    slanted = max((len(name) for _, name in named), default=0) > _SLANT_FROM
    for lane, name in named:
        at, xs = zip(*lane.path_px, strict=True)
        axes.annotate(
            name, (float(np.interp(rows[0], at, xs)), rows[0] - 0.5), xytext=(0, 2), textcoords="offset points",
            ha="left" if slanted else "center", va="bottom", fontsize=_LABEL_PT, rotation=60 if slanted else 0,
            rotation_mode="anchor", annotation_clip=False, parse_math=False,
        )  # fmt: skip


def _mark_weights(axes: Axes, kda: Sequence[tuple[float, float]]) -> None:
    if kda:
        axes.set_yticks([row for _, row in kda], [f"{weight:g}" for weight, _ in kda], fontsize=_LABEL_PT)
        axes.set_ylabel("kDa", fontsize=_LABEL_PT)


def _note(pixels: NDArray[np.float64], scale: tuple[float, float]) -> str:
    low, high = scale
    above = int(np.count_nonzero(pixels > high))
    brighter = f" ({above} px above are black too)" if above else ""
    ends = f"white = {low:.6g}, black = {high:.6g} of signal{brighter}"
    return f"Linear grey scale, the same for all parts: {ends}; no gamma."
