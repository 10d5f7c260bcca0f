"""Field figure: the path over the picture with the grid as analysed, and where on the floor the time was spent.

Left: the background, the floor's outline and the grid's lines as the homography puts them into the picture, the path
in the colours of time, its start and end. Right: seconds in each small square of the floor, in cm, seen straight from
above. What is drawn is what was measured: missing stretches break the line, bridged ones are dotted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from littermate.model.arena import Arena
from littermate.model.track import INTERPOLATED, MISSING, Track
from littermate.report.style import DOUBLE_MM, MM, figure_style

__all__ = ["draw_field", "draw_group_maps", "floor_map", "time_map"]

_GRID, _FLOOR, _START, _END = "#e8f6ff", "#56b4e9", "#009e73", "#d55e00"
_MAP_CELLS = 48
_HEIGHT_MM = 72.0
_BESIDE, _GROUP_MM = 4, 50.0


def draw_field(background: NDArray[np.uint8], track: Track, arena: Arena, *, grid: int = 6, title: str = "") -> Figure:
    """Draw one trial.

    Parameters
    ----------
    background : (height, width) uint8
        The scene without its animal.
    track
        The path in px of that picture.
    arena
        The floor as analysed.
    grid
        Cells along one side.
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
        share = background.shape[1] / background.shape[0] * arena.height_cm / arena.width_cm
        left, right = figure.subplots(1, 2, width_ratios=(max(0.9, share), 1.0))
        _draw_picture(left, background, arena, grid)
        lines = _draw_path(left, track)
        bar = figure.colorbar(lines, ax=left, shrink=0.85, aspect=25, pad=0.02)
        bar.set_label("Time since t0 (s)")
        image = _draw_map(right, track, arena, grid)
        figure.colorbar(image, ax=right, shrink=0.85, aspect=25, pad=0.02, label="Time (s per cm²)", extend="max")
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=8)
    return figure


def time_map(track: Track, arena: Arena, *, cells: int = _MAP_CELLS) -> NDArray[np.float64]:
    """Return the seconds spent in each of `cells` x `cells` squares of the floor, rows down, half-open.

    Examples
    --------
    >>> arena = Arena(corners_px=((0, 0), (10, 0), (10, 10), (0, 10)), width_cm=10, height_cm=10)
    >>> track = Track(t_s=np.arange(3.0), xy_px=np.array([[1, 1], [1, 1], [9, 1.0]]), state=np.zeros(3, np.uint8))
    >>> time_map(track, arena, cells=2).tolist()
    [[2.0, 1.0], [0.0, 0.0]]
    """
    xy_cm = np.full(track.xy_px.shape, np.nan)
    seen = track.state != MISSING
    xy_cm[seen] = arena.to_cm(track.xy_px[seen])
    return floor_map(track.t_s, xy_cm, (arena.width_cm, arena.height_cm), cells=cells)


def floor_map(
    t_s: NDArray[np.float64], xy_cm: NDArray[np.float64], size_cm: tuple[float, float], *, cells: int
) -> NDArray[np.float64]:
    """Return `time_map` of positions on the floor, NaN where the animal was not seen."""
    seconds = np.zeros((cells, cells))
    if len(t_s) < 2:
        return seconds
    steps = np.diff(t_s)
    lasts = np.append(np.minimum(steps, 2 * np.median(steps)), np.median(steps))
    seen = np.isfinite(xy_cm).all(axis=1)
    at = np.clip(np.floor(xy_cm[seen] / size_cm * cells), 0, cells - 1).astype(int)
    np.add.at(seconds, (at[:, 1], at[:, 0]), lasts[seen])
    return seconds


def draw_group_maps(groups: Sequence[tuple[str, Sequence[NDArray[np.float64]]]], side_cm: float) -> Figure:
    """Draw the mean time per area of every group, all on one scale.

    Parameters
    ----------
    groups
        Pairs (label, the animals' `floor_map`s of one size), at least one animal each.
    side_cm
        Side of the square floor.

    Returns
    -------
    matplotlib.figure.Figure
        183 mm wide.
    """
    means = [np.mean(np.stack(list(maps)), axis=0) for _, maps in groups]
    areas = [side_cm**2 / mean.size for mean in means]
    densities = [gaussian_filter(mean / area, 0.8, mode="nearest") for mean, area in zip(means, areas, strict=True)]
    top = max(float(np.quantile(density, 0.99)) for density in densities) or 1.0
    columns, rows = min(len(groups), _BESIDE), -(-len(groups) // _BESIDE)
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, rows * _GROUP_MM * MM), layout="constrained")
        FigureCanvasAgg(figure)
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        for axes, (label, maps), density in zip(panels, groups, densities, strict=False):
            image = _show_map(axes, density, (side_cm, side_cm), top)
            axes.set(xticks=[], yticks=[])
            axes.set_title(f"{label}\nn = {len(maps)}", loc="left", fontsize=7)
        for axes in panels[len(groups) :]:
            axes.set_axis_off()
        figure.colorbar(image, ax=panels, shrink=0.85, aspect=25, pad=0.02, label="Time (s per cm²)", extend="max")
    return figure


def _draw_picture(axes: Axes, background: NDArray[np.uint8], arena: Arena, grid: int) -> None:
    height, width = background.shape
    axes.imshow(background, cmap="gray", vmin=0, vmax=255, interpolation="bilinear", alpha=0.9)
    for step in np.arange(1, grid) / grid:
        for line in (((step, 0), (step, 1)), ((0, step), (1, step))):
            ends = arena.to_px(np.array(line, dtype=float) * [arena.width_cm, arena.height_cm])
            axes.plot(*ends.T, color=_GRID, lw=1.3, alpha=0.55)
            axes.plot(*ends.T, color=_FLOOR, lw=0.5)
    outline = np.array([*arena.corners_px, arena.corners_px[0]])
    axes.plot(*outline.T, color=_FLOOR, lw=1.3)
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.set_title("Path", loc="left")


def _draw_path(axes: Axes, track: Track) -> LineCollection:
    """Draw the path in the colours of time; segments to or from a missing position are left out."""
    points = track.xy_px
    pieces = np.stack([points[:-1], points[1:]], axis=1) if len(points) > 1 else np.empty((0, 2, 2))
    whole: NDArray[np.bool_] = np.asarray(np.isfinite(pieces).all(axis=(1, 2)), dtype=bool)
    bridged = (track.state == INTERPOLATED)[: len(whole)]
    lines = LineCollection(list(pieces[whole]), cmap="plasma", linewidths=0.8, capstyle="round")
    lines.set_array(track.t_s[: len(whole)][whole])
    end = float(track.t_s[-1]) if len(track.t_s) else 1.0
    lines.set_clim(0, max(end, 1e-6))
    axes.add_collection(lines)
    if np.any(whole & bridged):
        axes.add_collection(LineCollection(list(pieces[whole & bridged]), colors="white", linewidths=0.8, ls=":"))
    seen = points[np.isfinite(points).all(axis=1)]
    if not len(seen):
        axes.text(0.5, 0.5, "no animal was found", transform=axes.transAxes, ha="center", va="center", fontsize=9)
        return lines
    for place, shape, colour, word in ((seen[0], "o", _START, "start"), (seen[-1], "s", _END, "end")):
        axes.plot(*place, shape, ms=5, color=colour, label=word, zorder=5, mec="white", mew=0.6, ls="none")
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 0.99),
        ncols=2,
        fontsize=6.5,
        frameon=False,
        handletextpad=0.1,
        columnspacing=0.8,
        borderpad=0.2,
    )
    return lines


def _draw_map(axes: Axes, track: Track, arena: Arena, grid: int) -> AxesImage:
    """Draw the time per area, lightly smoothed for the eye; the scale's top leaves the longest sleep out."""
    area = arena.width_cm * arena.height_cm / _MAP_CELLS**2
    density = gaussian_filter(time_map(track, arena), 0.8, mode="nearest") / area
    top = float(np.quantile(density[density > 0], 0.99)) if np.any(density > 0) else 1.0
    image = _show_map(axes, density, (arena.width_cm, arena.height_cm), top)
    for step in np.arange(1, grid) / grid:
        axes.axvline(step * arena.width_cm, color="white", lw=0.4, alpha=0.4)
        axes.axhline(step * arena.height_cm, color="white", lw=0.4, alpha=0.4)
    axes.set(xlabel="x on the floor (cm)", ylabel="y on the floor (cm)")
    axes.spines[:].set_visible(True)
    axes.set_title("Time per area", loc="left")
    return image


def _show_map(axes: Axes, density: NDArray[np.float64], size_cm: tuple[float, float], top: float) -> AxesImage:
    extent = (0, size_cm[0], size_cm[1], 0)
    return axes.imshow(density, cmap="magma", extent=extent, vmin=0, vmax=top, interpolation="bilinear")
