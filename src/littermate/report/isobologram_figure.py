"""The figure of a fixed-ratio experiment: the arms' curves, and the isobologram of the ED50.

Left, every animal's outcome over the total dose, with the curves that were fitted together. Right, the line on which
pairs of doses have half the effect if the drugs only add up (Loewe), with its 95 % band, and where the mixtures' ED50
were found, with their 95 % intervals along the ray of their ratio: nearer to the origin is synergy.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from littermate.model.combination import InteractionIndex, Mixture
from littermate.report.caption import figure_with_caption
from littermate.report.dose_axis import DoseAxis
from littermate.report.style import DOUBLE_MM, INK, figure_style, group_colour

__all__ = ["draw_isobologram", "draw_mixture"]


def draw_mixture(mixture: Mixture) -> Figure:
    """Draw curves and isobologram beside each other, as wide as a page."""
    texts = [*mixture.says, "Points: one animal each. Band and bars: 95 % CI."]
    with figure_style():
        figure = figure_with_caption(texts, width_mm=DOUBLE_MM, height_mm=70.0)
        curves, isobole = figure.subplots(1, 2, width_ratios=(1.3, 1))
        _draw_curves(curves, mixture)
        draw_isobologram(isobole, mixture)
        for letter, axes in zip("AB", (curves, isobole), strict=True):
            axes.set_title(letter, loc="left", fontweight="bold")
    return figure


def _draw_curves(axes: Axes, mixture: Mixture) -> None:
    axis = DoseAxis(dose for arm in mixture.arms for _, dose, _ in arm.points)
    for place, arm in enumerate(mixture.arms):
        colour = group_colour(place + 1)
        given = [(dose, value) for _, dose, value in arm.points if dose > 0]
        x, y = (np.array(column) for column in zip(*given, strict=True))
        axes.scatter(axis.place(x), y, s=6, color=colour, alpha=0.45, linewidth=0, zorder=2)
        line_x, line_y = zip(*arm.line, strict=True)
        axes.plot(axis.place(line_x), line_y, color=colour, linewidth=1.4, label=arm.name, zorder=3)
    control = [value for _, dose, value in mixture.arms[0].points if dose == 0]
    if control:
        axes.scatter([float(axis.place(0.0))] * len(control), control, s=6, color=group_colour(0), linewidth=0)
    axes.set_ylabel(f"{mixture.outcome[:1].upper()}{mixture.outcome[1:]}")
    axis.finish(axes, "total dose")
    axes.legend(frameon=False, fontsize=6.5)


def draw_isobologram(axes: Axes, mixture: Mixture) -> None:
    """Draw the isobologram of the ED50; without one, the reason.

    Parameters
    ----------
    axes
        Where to draw.
    mixture
        What to draw.
    """
    axes.set_xlabel(f"{mixture.drugs[0]} dose")
    axes.set_ylabel(f"{mixture.drugs[1]} dose")
    if not mixture.additive_ed50:
        axes.text(0.5, 0.5, "no isobologram:\nthe curves are not determined", ha="center", transform=axes.transAxes)
        return
    share, total, low, high = (np.array(column) for column in zip(*mixture.additive_ed50, strict=True))
    axes.fill(
        np.concatenate([share * low, (share * high)[::-1]]),
        np.concatenate([(1 - share) * low, ((1 - share) * high)[::-1]]),
        color=group_colour(0),
        alpha=0.25,
        linewidth=0,
        label="95 % CI",
    )
    axes.plot(share * total, (1 - share) * total, color=INK, linewidth=1.2, label="additive (Loewe)")
    for found in mixture.indices:
        if found.percent == 50:
            _draw_found(axes, mixture, found)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=6.5)


def _draw_found(axes: Axes, mixture: Mixture, found: InteractionIndex) -> None:
    shares = [arm.share for arm in mixture.arms]
    colour = group_colour(shares.index(found.share) + 1)
    ray = np.array([found.share, 1 - found.share])
    ends = np.outer(found.observed_ci95, ray)
    axes.plot([0, ends[0, 0]], [0, ends[0, 1]], color=colour, linewidth=0.6, linestyle=":")
    axes.plot(ends[:, 0], ends[:, 1], color=colour, linewidth=1.3)
    axes.plot(*(found.observed * ray), "o", color=colour, markeredgecolor=INK, markeredgewidth=0.4, markersize=5)
    axes.annotate(
        f"{found.index:.2g}", tuple(found.observed * ray), xytext=(6, -8), textcoords="offset points", fontsize=6.5
    )
