"""The figure of one analysis of variance: every unit as a point, the mean and its SEM beside them, the table below.

The last factor of the model is told by colour and shape of the points, the one before it stands on the x axis, and
each combination of any others has its own panel; all panels share the y axis. matplotlib's `Figure` is used directly,
so that no window system and no global state takes part.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from littermate.model.analysis import Analysis
from littermate.model.effect import Effect
from littermate.model.group import GroupSummary
from littermate.report.numbers import bounded, degrees, interval, number, p_text
from littermate.report.points import swarm
from littermate.report.style import DOUBLE_MM, INK, MM, SINGLE_MM, figure_style, group_colour
from littermate.report.wording import axis_label, term_label

__all__ = ["draw_anova", "draw_groups"]

_SHAPES = "os^Dv<>p"
_CROWD = 120
_HEIGHT_MM, _GROUP_MM, _MARGIN_MM, _LINE_MM, _LETTERS_A_MM = 58.0, 9.5, 17.0, 3.4, 0.85

Held = tuple[tuple[str, str], ...]


def draw_anova(analysis: Analysis) -> Figure:
    """Draw an analysis with any number of factors.

    Returns
    -------
    Figure
        One to two journal columns wide (89-183 mm); the lines of the table stand below the axis.
    """
    with figure_style(), _plain_letters():
        return _draw(analysis)


def _plain_letters() -> Any:
    """Take names as they are (a $ starts no formula), and letters that the font lacks from one that has them."""
    return matplotlib.rc_context(
        {"text.parse_math": False, "font.family": [*matplotlib.rcParams["font.family"], "DejaVu Sans"]}
    )


def _draw(analysis: Analysis) -> Figure:
    panels = _panels(analysis)
    needed = _MARGIN_MM + len(analysis.groups) * _GROUP_MM
    width = min(max(needed, SINGLE_MM), DOUBLE_MM)
    lines = _lines(analysis, letters=int(width * _LETTERS_A_MM))
    height = _HEIGHT_MM + len(lines) * _LINE_MM
    layout = ConstrainedLayoutEngine(w_pad=1.5 * MM, h_pad=1.0 * MM, wspace=0.03)
    figure = Figure(figsize=(width * MM, height * MM), layout=layout)
    FigureCanvasAgg(figure)
    row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for index, (axes, held) in enumerate(zip(row, panels, strict=True)):
        draw_groups(axes, analysis, held=held, y_label=index == 0)
        if held:
            axes.set_title(", ".join(f"{name}: {level}" for name, level in held), loc="center")
    _add_legend(figure, row[0], analysis)
    figure.supxlabel("\n".join(lines), x=0.02, ha="left", fontsize=6.5, linespacing=1.35)
    return figure


def draw_groups(axes: Axes, analysis: Analysis, *, held: Held = (), y_label: bool = True) -> None:
    """Draw the groups of an analysis: points, means, SEMs.

    Parameters
    ----------
    axes
        Where to draw.
    analysis
        What to draw.
    held
        Only groups with these (factor, level) pairs.
    y_label
        Whether the y axis is named.
    """
    groups = [group for group in analysis.groups if set(held) <= set(group.levels)]
    on_x, told = _places(analysis)
    offsets = _offsets(len(told))
    radius = _radius(analysis)
    for group in groups:
        level = dict(group.levels)
        style = told.index(level[analysis.plan.factors[-1]])
        place = on_x.index(_x_level(analysis, group)) + (offsets[style] if _has_legend(analysis) else 0.0)
        room = 0.8 / (len(told) if _has_legend(analysis) else 1)
        values = [point.value for point in analysis.points if point.levels == group.levels]
        _draw_points(axes, place, values, style=style, room=room, radius=radius)
        _draw_mean(axes, place, group, room=room)
    _finish(axes, analysis, groups, y_label=y_label)


def _x_level(analysis: Analysis, group: GroupSummary) -> str:
    return dict(group.levels)[analysis.plan.factors[-2 if _has_legend(analysis) else -1]]


def _has_legend(analysis: Analysis) -> bool:
    return len(analysis.plan.factors) > 1


def _places(analysis: Analysis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the levels that stand on the x axis, and those that are told by colour."""
    told = analysis.levels(analysis.plan.factors[-1])
    on_x = analysis.levels(analysis.plan.factors[-2]) if _has_legend(analysis) else told
    return on_x, told


def _panels(analysis: Analysis) -> list[Held]:
    others = analysis.plan.factors[:-2]
    combinations = itertools.product(*(analysis.levels(factor) for factor in others))
    return [tuple(zip(others, combination, strict=True)) for combination in combinations]


def _offsets(count: int) -> list[float]:
    return [(index - (count - 1) / 2) * 0.8 / count for index in range(count)]


def _radius(analysis: Analysis) -> float:
    values = [point.value for point in analysis.points]
    return (max(values) - min(values)) / 75 or 1.0


def _draw_points(axes: Axes, place: float, values: Sequence[float], *, style: int, room: float, radius: float) -> None:
    """Draw the points in the left two thirds of the group's room."""
    crowded = len(values) > _CROWD
    if crowded:
        sideways = (np.arange(len(values)) * 0.6180339887 % 1 - 0.5) * room * 0.5
    else:
        sideways = np.array(swarm(values, radius=radius, step=room * 0.11, widest=room * 0.3))
    axes.scatter(
        place - room * 0.12 + sideways,
        values,
        s=3 if crowded else 10,
        marker=_SHAPES[style % len(_SHAPES)],
        color=group_colour(style),
        edgecolor="none" if crowded else INK,
        linewidth=0.4,
        alpha=0.5 if crowded else 1.0,
        zorder=3,
        clip_on=False,
    )


def _draw_mean(axes: Axes, place: float, group: GroupSummary, *, room: float) -> None:
    """Draw the mean as a line, the SEM as an error bar, right of the points."""
    x = place + room * 0.33
    axes.plot(
        [x - room * 0.1, x + room * 0.1], [group.mean] * 2, color=INK, linewidth=1.6, solid_capstyle="butt", zorder=4
    )
    if group.sem is not None:
        axes.errorbar(x, group.mean, yerr=group.sem, color=INK, elinewidth=0.9, capsize=2.0, capthick=0.9, zorder=4)


def _finish(axes: Axes, analysis: Analysis, groups: Sequence[GroupSummary], *, y_label: bool) -> None:
    on_x, _ = _places(analysis)
    labels = []
    for level in on_x:
        sizes = [str(group.n) for group in groups if _x_level(analysis, group) == level]
        labels.append(f"{level}\nn = {', '.join(sizes)}" if sizes else level)
    axes.set_xticks(range(len(on_x)), labels=labels)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.55, len(on_x) - 0.45)
    axes.set_xlabel(analysis.plan.factors[-2 if _has_legend(analysis) else -1])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
    low, high = _reach(analysis)
    axes.set_ylim(low, high)
    if low < 0 < high:
        axes.axhline(0, color=INK, linewidth=0.5, dashes=(4, 3), zorder=0)
    if y_label:
        unit = analysis.unit
        name = analysis.plan.outcome
        axes.set_ylabel(axis_label(name, unit) if unit else f"{name[:1].upper()}{name[1:]}")


def _reach(analysis: Analysis) -> tuple[float, float]:
    """Return the y limits: the data with a margin, from 0 where the data come near to it from above."""
    values = [point.value for point in analysis.points]
    values += [group.mean + sign * (group.sem or 0.0) for group in analysis.groups for sign in (-1, 1)]
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    if 0 <= low < 0.4 * high:
        return 0.0, high + margin
    return low - margin, high + margin


def _add_legend(figure: Figure, axes: Axes, analysis: Analysis) -> None:
    """Name the colours above the panels."""
    if not _has_legend(analysis):
        return
    factor = analysis.plan.factors[-1]
    handles = [
        axes.plot(
            [],
            [],
            _SHAPES[index % len(_SHAPES)],
            color=group_colour(index),
            markeredgecolor=INK,
            markeredgewidth=0.4,
            markersize=4,
            label=level,
        )[0]
        for index, level in enumerate(analysis.levels(factor))
    ]
    figure.legend(
        handles=handles,
        title=factor,
        loc="outside upper center",
        ncols=min(len(handles), 5),
        frameon=False,
        handletextpad=0.2,
        columnspacing=1.2,
        title_fontsize=7.5,
    )


def _lines(analysis: Analysis, *, letters: int) -> list[str]:
    """Return an empty line, the table in words and what the figure shows, in lines of so many letters."""
    kind = {1: "I", 2: "II", 3: "III"}[analysis.plan.type]
    sentences = [_line(effect) for effect in analysis.effects]
    method = "Mixed model (REML, Kenward-Roger)" if analysis.mixed else f"Type {kind} sums of squares; η²p with 90 % CI"
    sentences += ["Points: one unit each. Bars: mean ± SEM.", f"{method}."]
    return ["", *(line for text in sentences for line in textwrap.wrap(text, letters, subsequent_indent="    "))]


def _line(effect: Effect) -> str:
    name, df_error = term_label(effect.term), degrees(effect.df_error)
    test = f"{name}: F({effect.df}, {df_error}) = {number(effect.f, 2)}, {p_text(effect.p)}"
    if effect.partial_eta_squared is None or effect.partial_eta_squared_ci90 is None:
        return test
    eta = f"{bounded(effect.partial_eta_squared, 2)} {interval(effect.partial_eta_squared_ci90, 2, below_one=True)}"
    return f"{test}, η²p = {eta}"
