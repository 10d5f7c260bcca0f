"""Time course figure: one measure in bins of time, a panel a group: every animal as a thin line, the mean ± SEM on top.

A bin of which less than half was seen is missing, and breaks the animal's line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.report.style import DOUBLE_MM, MM, figure_style, group_colour

__all__ = ["TimeCourse", "draw_time_course"]

_BESIDE, _HEIGHT_MM = 4, 46.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeCourse:
    """One measure of one assay by bins.

    Parameters
    ----------
    name
        Of the measure with its unit: ``"Immobile (% of the time seen)"``.
    edges_s : (bins + 1,) float
        Edges of the bins on the trial clock, rising.
    groups
        Pairs (label, (animals, bins) values), NaN where missing.
    """

    name: str
    edges_s: NDArray[np.float64]
    groups: tuple[tuple[str, NDArray[np.float64]], ...]


def draw_time_course(course: TimeCourse) -> Figure:
    """Draw a time course, 183 mm wide; every panel has the same axes.

    Examples
    --------
    >>> values = np.array([[10.0, 30.0], [20.0, np.nan]])
    >>> course = TimeCourse(name="Distance (cm)", edges_s=np.array([0.0, 60.0, 120.0]), groups=(("saline", values),))
    >>> len(draw_time_course(course).axes[0].lines)
    3
    """
    count = len(course.groups)
    columns, rows = min(count, _BESIDE), -(-count // _BESIDE)
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, rows * _HEIGHT_MM * MM), layout="constrained")
        FigureCanvasAgg(figure)
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        for number, (axes, (label, values)) in enumerate(zip(panels, course.groups, strict=False)):
            _draw_group(axes, course.edges_s, values, group_colour(number))
            axes.set_title(f"{label}\nn = {len(values)}", loc="left", fontsize=7)
        for axes in panels[count:]:
            axes.set_axis_off()
        figure.supylabel(course.name, fontsize=7.5)
        figure.supxlabel("Time since t0 (s)", fontsize=7.5)
        figure.axes[0].set_xlim(course.edges_s[0], course.edges_s[-1])
        figure.axes[0].set_ylim(bottom=0)
    return figure


def _draw_group(axes: Axes, edges_s: NDArray[np.float64], values: NDArray[np.float64], colour: str) -> None:
    middles = (edges_s[:-1] + edges_s[1:]) / 2
    for animal in values:
        axes.plot(middles, animal, color=colour, lw=0.6, alpha=0.55)
    seen = np.isfinite(values).sum(axis=0)
    some = seen > 0
    if not some.any():
        return
    mean = np.nansum(values, axis=0)[some] / seen[some]
    spread = np.sqrt(np.nansum((values[:, some] - mean) ** 2, axis=0) / np.maximum(seen[some] - 1, 1) / seen[some])
    error = np.where(seen[some] > 1, spread, np.nan)
    axes.errorbar(middles[some], mean, yerr=error, color="#1b2126", lw=1.2, elinewidth=0.8, marker="o", ms=2.5)
