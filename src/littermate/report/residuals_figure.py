"""The residual plots of one model: normal quantiles with their band, residuals against fitted values, spread by group.

Standardised residuals are drawn (a unit that alone decides its fitted value has none and is not drawn). The grey band
of the first panel is pointwise: it holds each point 95 % of the time, so one in twenty is outside it by chance. Units
that stand outside their band, or beyond 3 standard errors, are named.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from littermate.model.residual import Residual, Residuals
from littermate.report.points import swarm
from littermate.report.style import DOUBLE_MM, INK, MM, PALETTE, figure_style, group_colour
from littermate.report.wording import axis_label

__all__ = ["draw_residuals"]

_HEIGHT_MM = 66.0
_FAR = 3.0
_NAMED = 5
_SHAPES = "os^Dv<>p"

Group = tuple[tuple[str, str], ...]
Floats = NDArray[np.float64]


def draw_residuals(residuals: Residuals) -> Figure:
    """Draw the residual plots of one model.

    Returns
    -------
    Figure
        Two journal columns wide (183 mm), three panels.
    """
    with figure_style():
        layout = ConstrainedLayoutEngine(w_pad=2.0 * MM, h_pad=1.5 * MM, wspace=0.04)
        figure = Figure(figsize=(DOUBLE_MM * MM, _HEIGHT_MM * MM), layout=layout)
        FigureCanvasAgg(figure)
        quantiles, fitted, spread = figure.subplots(1, 3)
        points = [point for point in residuals.points if point.standardised is not None]
        groups = list(dict.fromkeys(point.levels for point in points))
        _draw_quantiles(quantiles, points, groups)
        _draw_against_fitted(fitted, points, groups, label=axis_label(f"fitted {residuals.outcome}", residuals.unit))
        _draw_spread(spread, points, groups)
        for axes, letter in zip((quantiles, fitted, spread), "abc", strict=True):
            axes.set_title(letter, loc="left", fontweight="bold")
        return figure


def _standardised(point: Residual) -> float:
    return float("nan") if point.standardised is None else point.standardised


def _draw_quantiles(axes: Axes, points: Sequence[Residual], groups: Sequence[Group]) -> None:
    """Draw the residuals against normal quantiles, with the line of equality and the pointwise band."""
    ordered = sorted(points, key=lambda point: point.normal)
    normal = [point.normal for point in ordered]
    low, high = zip(*(point.band for point in ordered), strict=True)
    axes.fill_between(normal, low, high, color=PALETTE[0], alpha=0.18, linewidth=0, zorder=0)
    axes.plot(normal, normal, color=INK, linewidth=0.6, dashes=(4, 3), zorder=1)
    _scatter(axes, points, groups, [point.normal for point in points])
    outside = [point for point in points if not point.band[0] <= _standardised(point) <= point.band[1]]
    _name(axes, outside, [point.normal for point in outside])
    axes.set_xlabel("Normal quantile (SD)")
    _explain(axes, "grey: 95 % of the time, point by point")
    axes.set_ylabel("Standardised residual")


def _draw_against_fitted(axes: Axes, points: Sequence[Residual], groups: Sequence[Group], *, label: str) -> None:
    axes.axhline(0, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
    _scatter(axes, points, groups, [point.fitted for point in points])
    far = [point for point in points if abs(_standardised(point)) > _FAR]
    _name(axes, far, [point.fitted for point in far])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.set_xlabel(label)
    axes.set_ylabel("Standardised residual")


def _draw_spread(axes: Axes, points: Sequence[Residual], groups: Sequence[Group]) -> None:
    """Draw the size of every residual by group, with the group's root mean square: equal spread is one height."""
    for place, group in enumerate(groups):
        sizes = [abs(_standardised(point)) for point in points if point.levels == group]
        sideways = np.array(swarm(sizes, radius=0.06, step=0.09, widest=0.36))
        _draw_points(axes, place, place + sideways, sizes)
        height = float(np.sqrt(np.mean(np.square(sizes))))
        axes.plot([place - 0.32, place + 0.32], [height] * 2, color=INK, linewidth=1.6, zorder=4)
    axes.axhline(1, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
    labels = ["\n".join(level for _, level in group) for group in groups]
    axes.set_xticks(range(len(groups)), labels=labels)
    axes.tick_params(axis="x", length=0, labelsize=6.5)
    axes.set_xlim(-0.6, len(groups) - 0.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("Size of standardised residual")
    _explain(axes, "bar: root mean square of the group")


def _scatter(axes: Axes, points: Sequence[Residual], groups: Sequence[Group], across: Sequence[float]) -> None:
    for place, group in enumerate(groups):
        rows = [row for row, point in enumerate(points) if point.levels == group]
        _draw_points(axes, place, [across[row] for row in rows], [_standardised(points[row]) for row in rows])


def _draw_points(axes: Axes, place: int, x: Sequence[float] | Floats, y: Sequence[float]) -> None:
    """Draw the points of one group in its colour and shape."""
    axes.scatter(
        x,
        y,
        s=10,
        marker=_SHAPES[place % len(_SHAPES)],
        color=group_colour(place),
        edgecolor=INK,
        linewidth=0.4,
        zorder=3,
        clip_on=False,
    )


def _explain(axes: Axes, words: str) -> None:
    axes.annotate(words, (1, 1), xycoords="axes fraction", ha="right", va="bottom", fontsize=6.0)


def _name(axes: Axes, points: Sequence[Residual], across: Sequence[float]) -> None:
    """Write the names of the farthest units beside their points."""
    farthest = sorted(zip(points, across, strict=True), key=lambda one: -abs(_standardised(one[0])))
    for point, x in farthest[:_NAMED]:
        axes.annotate(
            point.unit,
            (x, _standardised(point)),
            xytext=(-3 if x > 0 else 3, 3),
            textcoords="offset points",
            ha="right" if x > 0 else "left",
            fontsize=6.0,
        )
