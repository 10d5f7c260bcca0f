"""Blot figure: the uncropped image with what was measured on it, and the lanes' profiles beneath.

Dark = signal, as on a film, on a scale of power 0.6 so that faint bands show; saturated bands are boxed in red, and
boxes that a person placed are dashed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from littermate.model.blot import Lane
from littermate.model.blot_correction import PLACED

__all__ = ["as_film", "draw_blot"]

_BAND, _SATURATED, _PATH = "#0072B2", "#D55E00", "#009E73"
_GAMMA = 0.6
_WIDTH_IN = 7.2
_PROFILES_IN = 1.25
_LETTERING_IN = 0.75


def draw_blot(
    pixels: NDArray[np.float64], lanes: Sequence[Lane], *, title: str = "", labels: Sequence[str] | None = None
) -> Figure:
    """Draw a blot with its lanes and bands.

    Parameters
    ----------
    pixels : (rows, columns) float
        High = signal.
    lanes
        From left to right, with or without bands.
    title
        Over the image.
    labels
        One a lane; their numbers where `None`.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = draw_blot(np.zeros((40, 60)), [])
    >>> len(figure.axes)
    1
    """
    rows, columns = pixels.shape
    picture_in = min(8.0, _WIDTH_IN * rows / columns)
    below = _PROFILES_IN if lanes else 0.0
    figure = Figure(figsize=(_WIDTH_IN, picture_in + below + _LETTERING_IN), layout="constrained")
    names = [str(lane.index) for lane in lanes] if labels is None else list(labels)
    if not lanes:
        _draw_picture(figure.subplots(), pixels, lanes, names, title)
        return figure
    grid = figure.add_gridspec(2, 1, height_ratios=(picture_in, below))
    picture = figure.add_subplot(grid[0])
    _draw_picture(picture, pixels, lanes, names, title)
    _draw_profiles(figure, grid[1], pixels, lanes)
    return figure


def as_film(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stretch the contrast for the eye: how dark each pixel is drawn, from 0 (background) to 1 (strongest signal).

    Examples
    --------
    >>> as_film(np.array([[0.0, 0.0, 50.0, 100.0]])).round(1).tolist()
    [[0.0, 0.0, 0.7, 1.0]]
    """
    low, high = (float(level) for level in np.percentile(pixels, [2, 99.9]))
    return np.asarray(((pixels - low) / max(high - low, 1e-12)).clip(0, 1) ** _GAMMA, np.float64)


def _draw_picture(axes: Axes, pixels: NDArray[np.float64], lanes: Sequence[Lane], names: list[str], title: str) -> None:
    axes.imshow(as_film(pixels), cmap="gray_r", vmin=0, vmax=1, interpolation="nearest", aspect="equal")
    size = 7.0 if len(lanes) <= 24 else 5.0
    for lane, name in zip(lanes, names, strict=True):
        at, xs = zip(*lane.path_px, strict=True)
        axes.plot(xs, at, color=_PATH, linewidth=0.5, linestyle=(0, (4, 3)))
        slanted = max((len(one) for one in names), default=0) > 3
        axes.text(
            xs[0], -0.012 * pixels.shape[0] - 1, name, ha="left" if slanted else "center", va="bottom", fontsize=size,
            rotation=60 if slanted else 0, rotation_mode="anchor",
        )  # fmt: skip
        _draw_boxes(axes, lane)
    axes.set_xlim(-0.5, pixels.shape[1] - 0.5)
    axes.set_ylim(pixels.shape[0] - 0.5, -0.5)
    axes.set_ylabel("row (px)", fontsize=7)
    axes.tick_params(labelsize=6, length=2)
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
    if title:
        axes.figure.suptitle(title, fontsize=9, x=0.01, ha="left")


def _draw_boxes(axes: Axes, lane: Lane) -> None:
    for band in lane.bands:
        left, top, width, height = band.box_px
        colour = _SATURATED if band.saturated else _BAND
        corner = (left - 0.5, top - 0.5)
        style = "--" if PLACED in band.flags else "-"
        axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=colour, linewidth=0.7, linestyle=style))


def _draw_profiles(figure: Figure, place: object, pixels: NDArray[np.float64], lanes: Sequence[Lane]) -> None:
    """Draw each lane's profile in a narrow panel of its own, all on one scale, top of the gel at the left."""
    panels = place.subgridspec(1, len(lanes), wspace=0.04)  # type: ignore[attr-defined]
    profiles = [_profile(pixels, lane) for lane in lanes]
    low = min(float(profile.min()) for profile in profiles)
    high = max(float(profile.max()) for profile in profiles)
    for number, (lane, profile) in enumerate(zip(lanes, profiles, strict=True)):
        axes = figure.add_subplot(panels[number])
        axes.plot(profile, color="black", linewidth=0.6)
        for band in lane.bands:
            _, top, _, height = band.box_px
            axes.axvspan(top, top + height, color=_SATURATED if band.saturated else _BAND, alpha=0.2, linewidth=0)
        axes.set_ylim(low - 0.03 * (high - low), high + 0.05 * max(high - low, 1e-12))
        axes.set_xlim(0, pixels.shape[0])
        axes.set_xticks([])
        axes.tick_params(labelsize=6, length=2)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlabel(str(lane.index), fontsize=6, labelpad=2)
        if number:
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
        else:
            axes.set_ylabel("signal", fontsize=7)
    figure.supxlabel("lane (within each: along it, from the top of the gel on)", fontsize=7)


def _profile(pixels: NDArray[np.float64], lane: Lane) -> NDArray[np.float64]:
    """Return the mean of the middle of a lane for each row."""
    rows = np.arange(pixels.shape[0])
    at, xs = zip(*lane.path_px, strict=True)
    half = max(1, round(0.25 * lane.width_px))
    columns = np.rint(np.interp(rows, at, xs)).astype(int)[:, None] + np.arange(-half, half + 1)[None, :]
    return np.asarray(pixels[rows[:, None], columns.clip(0, pixels.shape[1] - 1)].mean(axis=1), np.float64)
