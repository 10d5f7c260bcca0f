"""Figures of combinations: a dose matrix against what was expected of it, and a 2 x 2 with the sums it is held against.

A cell of a matrix shows the mean less its expectation, coloured for more effect than expected (blue) or less (orange),
in bold where Holm's P is below 0.05.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from littermate.model.combination import Additivity, DoseMatrix, Surface
from littermate.report.caption import figure_with_caption
from littermate.report.numbers import significant
from littermate.report.style import DOUBLE_MM, INK, PALETTE, figure_style, group_colour
from littermate.report.wording import group_label

__all__ = ["draw_additivity", "draw_dose_matrix"]

_SMALL_MM = 105.0
_SHOWN = 0.05


def draw_dose_matrix(matrix: DoseMatrix) -> Figure:
    """Draw one panel for each expectation that could be judged."""
    shown = [one for one in matrix.surfaces if one.cells]
    with figure_style():
        figure = figure_with_caption(matrix.says, width_mm=DOUBLE_MM, height_mm=52.0)
        row = figure.subplots(1, len(shown), squeeze=False, sharey=True)[0]
        reach = max(abs(cell.difference) for one in shown for cell in one.cells)
        for place, (axes, surface) in enumerate(zip(row, shown, strict=True)):
            _draw_surface(axes, matrix, surface, reach)
            if place == 0:
                axes.set_ylabel(matrix.drugs[1])
    return figure


def _draw_surface(axes: Axes, matrix: DoseMatrix, surface: Surface, reach: float) -> None:
    across, up = (sorted({cell.doses[drug] for cell in surface.cells}) for drug in (0, 1))
    values = np.full((len(up), len(across)), np.nan)
    sign = -1 if matrix.direction == "down" else 1
    for cell in surface.cells:
        x, y = across.index(cell.doses[0]), up.index(cell.doses[1])
        values[y, x] = sign * cell.difference
        weight = "bold" if cell.p_adjusted < _SHOWN else "normal"
        axes.text(x, y, significant(cell.difference, 2), ha="center", va="center", fontsize=6.5, fontweight=weight)
    colours = LinearSegmentedColormap.from_list("departure", [PALETTE[1], "#ffffff", PALETTE[2]])
    axes.imshow(values, cmap=colours, vmin=-reach, vmax=reach, origin="lower", aspect="auto")
    axes.set_xticks(range(len(across)), labels=[f"{dose:g}" for dose in across])
    axes.set_yticks(range(len(up)), labels=[f"{dose:g}" for dose in up])
    axes.set_xlabel(matrix.drugs[0])
    axes.set_title(f"{surface.null[:1].upper()}{surface.null[1:]}")
    axes.tick_params(length=0)


def draw_additivity(additivity: Additivity) -> Figure:
    """Draw the four groups' means with SEM, and beside the combination what each scale expects of it."""
    with figure_style():
        figure = figure_with_caption(additivity.says, width_mm=_SMALL_MM, height_mm=66.0)
        axes = figure.subplots()
        for place, group in enumerate(additivity.groups):
            axes.errorbar(
                place,
                group.mean,
                yerr=group.sem,
                fmt="o",
                color=group_colour(place),
                ecolor=INK,
                capsize=2.5,
                markeredgecolor=INK,
                markeredgewidth=0.4,
            )
        expected = [(one.scale, one.expected) for one in additivity.scales if one.expected is not None]
        for place, (_, mean) in enumerate(expected):
            axes.plot(4 + place, mean, "_", color=INK, markersize=12, markeredgewidth=1.4)
        labels = [group_label(group.levels).replace(" + ", "\n+ ") for group in additivity.groups]
        labels += [f"expected\n({scale})" for scale, _ in expected]
        axes.axhline(additivity.groups[3].mean, color=INK, linewidth=0.5, dashes=(4, 3), zorder=0)
        axes.set_xticks(range(len(labels)), labels=labels, fontsize=6)
        axes.set_xlim(-0.6, len(labels) - 0.4)
        axes.set_ylabel(f"{additivity.outcome[:1].upper()}{additivity.outcome[1:]}")
    return figure
