"""Zones figure: the path over the picture with the zones as analysed, and the time in each zone.

Left: the background with every zone's outline as the homography puts it into the picture, the path in the colours of
time, its start and end. Right: seconds in each zone, as a bar. What is drawn is what was measured: missing stretches
break the line, bridged ones are dotted, and time outside the scored window is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.model.arena import Arena
from littermate.model.track import INTERPOLATED, Track
from littermate.report.style import DOUBLE_MM, MM, PALETTE, figure_style

__all__ = ["draw_zones"]

_START, _END, _HALO = "#009e73", "#d55e00", "#1b2126"
_COLOURS = PALETTE[1:7]
_HEIGHT_MM = 78.0

Zones = Sequence[tuple[str, Sequence[tuple[float, float]]]]


def draw_zones(
    background: NDArray[np.uint8],
    track: Track,
    arena: Arena,
    *,
    window_s: tuple[float, float],
    zones_cm: Zones,
    times_s: Sequence[float | None],
    title: str = "",
) -> Figure:
    """Draw one trial.

    Parameters
    ----------
    background : (height, width) uint8
        The scene without its animal.
    track
        The path in px of that picture.
    arena
        The map from px to cm.
    window_s
        The scored part on the trial clock.
    zones_cm
        (name, corners in cm) pairs.
    times_s
        Seconds in each zone; `None` where nothing could be scored.
    title
        A headline; empty for none.

    Returns
    -------
    matplotlib.figure.Figure
        183 mm wide, a journal's two columns.
    """
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, _HEIGHT_MM * MM), layout="compressed")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2, width_ratios=(1.5, 1.0))
        _draw_picture(left, background)
        _draw_outlines(left, arena, zones_cm)
        lines = _draw_path(left, track, window_s)
        figure.colorbar(lines, ax=left, shrink=0.85, aspect=25, pad=0.02, label="Time since t0 (s)")
        _draw_times(right, zones_cm, times_s)
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=8)
    return figure


def _draw_picture(axes: Axes, background: NDArray[np.uint8]) -> None:
    height, width = background.shape
    axes.imshow(background, cmap="gray", vmin=0, vmax=255, interpolation="bilinear", alpha=0.9)
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.set_title("Path", loc="left")


def _draw_outlines(axes: Axes, arena: Arena, zones_cm: Zones) -> None:
    for number, (_, corners) in enumerate(zones_cm):
        outline = arena.to_px(np.array([*corners, corners[0]], dtype=np.float64))
        colour = _COLOURS[number % len(_COLOURS)]
        axes.plot(*outline.T, color=_HALO, lw=2.0, alpha=0.6)
        axes.plot(*outline.T, color=colour, lw=1.1)
        axes.annotate(
            str(number + 1),
            outline[:-1].mean(axis=0),
            color="white",
            fontsize=6.5,
            ha="center",
            va="center",
            bbox={"boxstyle": "circle,pad=0.15", "fc": colour, "ec": "none", "alpha": 0.75},
            annotation_clip=True,
        )


def _draw_path(axes: Axes, track: Track, window_s: tuple[float, float]) -> LineCollection:
    """Draw the path in the colours of time; segments to or from a missing position are left out."""
    inside = (track.t_s >= window_s[0]) & (track.t_s < window_s[1])
    t, points, state = track.t_s[inside], track.xy_px[inside], track.state[inside]
    pieces = np.stack([points[:-1], points[1:]], axis=1) if len(points) > 1 else np.empty((0, 2, 2))
    whole = np.asarray(np.isfinite(pieces).all(axis=(1, 2)), dtype=bool)
    lines = LineCollection(list(pieces[whole]), cmap="plasma", linewidths=0.8, capstyle="round")
    lines.set_array(t[: len(whole)][whole])
    lines.set_clim(*window_s)
    axes.add_collection(lines)
    bridged = whole & (state == INTERPOLATED)[: len(whole)]
    if np.any(bridged):
        axes.add_collection(LineCollection(list(pieces[bridged]), colors="white", linewidths=0.8, ls=":"))
    seen = points[np.isfinite(points).all(axis=1)]
    if not len(seen):
        axes.text(0.5, 0.5, "no animal was found", transform=axes.transAxes, ha="center", va="center", fontsize=9)
        return lines
    for place, shape, colour, word in ((seen[0], "o", _START, "start"), (seen[-1], "s", _END, "end")):
        axes.plot(*place, shape, ms=5, color=colour, label=word, zorder=5, mec="white", mew=0.6, ls="none")
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.99), ncols=2, fontsize=6.5, frameon=False)
    return lines


def _draw_times(axes: Axes, zones_cm: Zones, times_s: Sequence[float | None]) -> None:
    names = [f"{number}  {name}" for number, (name, _) in enumerate(zones_cm, 1)]
    at = np.arange(len(names))
    colours = [_COLOURS[k % len(_COLOURS)] for k in range(len(names))]
    axes.barh(at, [time or 0.0 for time in times_s], color=colours, height=0.7)
    for place, time in zip(at, times_s, strict=True):
        axes.annotate(
            "not scored" if time is None else f"{time:.1f} s",
            (time or 0.0, place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
        )
    axes.set(yticks=at, yticklabels=names, xlabel="Time in zone (s)", ylim=(len(names) - 0.4, -0.6))
    axes.margins(x=0.2)
    axes.tick_params(axis="y", length=0)
    axes.set_title("Time by zone", loc="left")
