"""The two panels every outcome is drawn as.

`draw_values`: a bar at each group's mean with its SEM, and every animal as a point. Groups are named below the axis
by one row a factor: − and + where a factor has two levels (the second being +), the level's name where it has more.

`draw_differences`: below it, the estimated differences of the fitted model with their 95 % intervals around a zero
line (Cumming 2014, *Psychol Sci* 25:7; Ho et al. 2019, *Nat Methods* 16:565), the curve being the sampling
distribution of the estimate (Student's t). Marginal differences and the interaction of a 2 x 2 design are shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation
from scipy.stats import t as student

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.report.numbers import decimals_for, interval, number, p_text
from littermate.report.style import INK, group_colour
from littermate.report.wording import axis_label, difference_label

__all__ = ["draw_differences", "draw_values", "shown_differences", "swarm"]

ROW_PT = 9.5


def swarm(values: Sequence[float], *, radius: float, step: float = 0.06, widest: float = 0.36) -> list[float]:
    """Spread points sideways so that none hides another.

    Parameters
    ----------
    values
        The points' heights.
    radius
        Half the least distance of two points, in the unit of the values; sideways, `step` is that distance.
    widest
        Largest offset to either side.

    Returns
    -------
    list of float
        Offsets from the group's middle, one a value.

    Examples
    --------
    >>> swarm([1.0, 1.0, 5.0], radius=0.5, step=0.1)
    [0.0, 0.1, 0.0]
    """
    steps = int(widest / step)
    tries = [0.0, *itertools.chain.from_iterable((k * step, -k * step) for k in range(1, steps + 1))]
    offsets = [0.0] * len(values)
    placed: list[int] = []
    for index in np.argsort(values, kind="stable"):
        near = [other for other in placed if values[index] - values[other] < 2 * radius]
        taken = {round(offsets[other] / step) for other in near}
        offsets[index] = next((x for x in tries if round(x / step) not in taken), 0.0)
        placed.append(int(index))
    return offsets


def shown_differences(analysis: Analysis) -> tuple[Difference, ...]:
    """Return the differences a figure shows: marginal ones and the interaction."""
    return tuple(difference for difference in analysis.differences if not difference.within)


def draw_values(axes: Axes, analysis: Analysis, *, name: str, row_names: bool = True) -> None:
    """Draw means, SEMs and animals of one outcome."""
    values = [point.value for point in analysis.points]
    reach = [*values, *(g.mean + (g.sem or 0.0) for g in analysis.groups), 0.0]
    radius = (max(reach) - min(reach)) / 70 or 1.0
    for index, group in enumerate(analysis.groups):
        inside = [point.value for point in analysis.points if point.levels == group.levels]
        _draw_bar(axes, index, group.mean, group.sem)
        axes.scatter(
            index + 0.08 + np.array(swarm(inside, radius=radius, step=0.11, widest=0.24)),
            inside,
            s=7,
            color=group_colour(index),
            edgecolor=INK,
            linewidth=0.4,
            zorder=3,
            clip_on=False,
        )
    if min(reach) < 0:
        axes.axhline(0, color=INK, linewidth=0.6)
    axes.set_ylabel(_in_two_lines(axis_label(name, analysis.unit)))
    axes.set_xlim(-0.6, len(analysis.groups) - 0.4)
    axes.set_ylim(min(0.0, min(reach) * 1.05), max(reach) * 1.04 or 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    _name_groups(axes, analysis, row_names=row_names)


def _in_two_lines(label: str) -> str:
    return label if len(label) <= 30 else label.replace(" (", "\n(", 1)


def _draw_bar(axes: Axes, index: int, mean: float, sem: float | None) -> None:
    colour = group_colour(index)
    axes.bar(index, mean, width=0.72, color=colour, alpha=0.28, linewidth=0, zorder=1)
    axes.bar(index, mean, width=0.72, facecolor="none", edgecolor=colour, linewidth=0.8, zorder=1.5)
    if sem is not None:
        axes.errorbar(index - 0.22, mean, yerr=sem, color=INK, elinewidth=0.9, capsize=3, capthick=0.9, zorder=4)


def _rows(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """Return (row name, one text a group) for each factor, then the row of n."""
    rows = []
    for position, factor in enumerate(analysis.plan.factors):
        levels = [group.levels[position][1] for group in analysis.groups]
        order = list(dict.fromkeys(levels))
        if len(order) == 2:
            rows.append((order[1], ["+" if level == order[1] else "−" for level in levels]))
        else:
            rows.append((factor, levels))
    return [*rows, ("n", [str(group.n) for group in analysis.groups])]


def _name_groups(axes: Axes, analysis: Analysis, *, row_names: bool) -> None:
    axes.set_xticks(range(len(analysis.groups)), labels=[])
    axes.tick_params(axis="x", length=0)
    below = 6.0
    for name, texts in _rows(analysis):
        if row_names:
            _write_below(axes, name, (0, "axes fraction"), below, left_pt=4.0)
        runs = _runs(texts)
        tilted = max(map(len, texts)) * len(runs) > 34
        for start, stop, text in runs:
            _write_below(axes, text, ((start + stop) / 2, "data"), below + (2.0 if tilted else 0), tilted=tilted)
            if stop > start:
                _rule_below(axes, start, stop, below - 1.5)
        below += ROW_PT + (max(map(len, texts)) * 2.0 if tilted else 0)


def _runs(texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """Join equal neighbours that are words into (first, last, text); signs and counts stay one a group."""
    runs: list[tuple[int, int, str]] = []
    for index, text in enumerate(texts):
        if runs and runs[-1][2] == text and any(character.isalpha() for character in text):
            runs[-1] = (runs[-1][0], index, text)
        else:
            runs.append((index, index, text))
    return runs


def _write_below(
    axes: Axes, text: str, place: tuple[float, str], below_pt: float, *, left_pt: float = 0.0, tilted: bool = False
) -> None:
    x, coordinates = place
    axes.annotate(
        text,
        (x, 0),
        xycoords=(coordinates, "axes fraction"),
        xytext=(-left_pt, -below_pt),
        textcoords="offset points",
        ha="right" if left_pt or tilted else "center",
        va="top",
        rotation=35 if tilted else 0,
        rotation_mode="anchor" if tilted else "default",
        annotation_clip=False,
    )


def _rule_below(axes: Axes, start: float, stop: float, below_pt: float) -> None:
    """Draw a thin line under the groups that share a level."""
    down = ScaledTranslation(0, -below_pt / 72, axes.figure.dpi_scale_trans)
    where = axes.get_xaxis_transform() + down
    axes.plot([start - 0.36, stop + 0.36], [0, 0], color=INK, linewidth=0.6, transform=where, clip_on=False)


def draw_differences(axes: Axes, analysis: Analysis, *, row_names: bool = True, words: bool = False) -> None:
    """Draw the differences of one outcome, with the exact P of each; `words` adds the estimate in figures."""
    shown = shown_differences(analysis)
    rows = range(len(shown) - 1, -1, -1)
    for row, difference in zip(rows, shown, strict=True):
        _draw_difference(axes, row, difference)
        _say_difference(axes, row, difference, words=words)
    axes.axvline(0, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
    axes.set_ylim(-0.45, len(shown) - 0.3)
    labels = [difference_label(difference) for difference in shown] if row_names else [""] * len(shown)
    axes.set_yticks(list(rows), labels=labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.set_xlabel(f"Difference ({analysis.unit or 'no unit'})")


def _draw_difference(axes: Axes, row: int, difference: Difference) -> None:
    low, high = difference.ci95
    if difference.se > 0:
        x = difference.estimate + difference.se * np.linspace(-3.2, 3.2, 121)
        density = student.pdf((x - difference.estimate) / difference.se, difference.df)
        axes.fill_between(x, row, row + 0.58 * density / density.max(), color="#0072b2", alpha=0.16, linewidth=0)
    axes.plot([low, high], [row, row], color=INK, linewidth=1.3, solid_capstyle="butt")
    axes.plot([difference.estimate], [row], "o", color=INK, markersize=3.6)


def _say_difference(axes: Axes, row: int, difference: Difference, *, words: bool) -> None:
    text = p_text(difference.p)
    if words:
        decimals = decimals_for(difference.se)
        text = f"{number(difference.estimate, decimals)} {interval(difference.ci95, decimals)}\n{text}"
    axes.annotate(
        text,
        (1, row + 0.06),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        annotation_clip=False,
    )
