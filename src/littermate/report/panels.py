"""The groups of one outcome: a bar at each mean with its SEM, as papers draw them, and every animal as a point.

Groups are named below, one row a factor. On a scale without a zero (a logarithm) a mean is a line and no bar. Where two
groups are compared and nothing else, their difference stands beside them on an axis whose zero is the mean of the
reference (Gardner and Altman 1986, *BMJ* 292:746).
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.model.group import GroupSummary, Point
from littermate.report.difference_panel import draw_estimate, say_difference
from littermate.report.group_names import GroupNames
from littermate.report.grouping import Cell, cells_of
from littermate.report.lettering import LINE_MM, TITLE_PT, wrapped
from littermate.report.points import dot_diameter, spread
from littermate.report.scale import scale_between, scale_up
from littermate.report.sheet import TICK_MM, Place
from littermate.report.style import INK, group_colour, group_hatch, group_marker, tinted
from littermate.report.wording import axis_label

__all__ = ["ValuesPart", "has_zero", "pair_of", "points_id", "points_in"]

_SEM_AT, _DOTS_AT, _DOTS_WIDE, _BAR = -0.28, 0.12, 0.6, 0.72
_LEAST_SEEN = 0.08
_LINE_PT, _EDGE_PT, _PT = 0.9, 0.4, 72 / 25.4


def points_in(analysis: Analysis, cell: Cell) -> tuple[Point, ...]:
    """Return the units of a group in the order in which they are drawn."""
    return tuple(point for point in analysis.points if point.levels == cell.levels)


def points_id(panel: int, place: int) -> str:
    """Return the id that the points of a group have in a drawing."""
    return f"points-{panel}-{place}"


class ValuesPart:
    """The groups of one outcome.

    Parameters
    ----------
    analysis, name
        What is drawn, and the outcome's name.
    panel
        Its place on the figure, from 0.
    tall
        Height of the axes in mm.
    factor_names
        Whether the rows of names are named.
    """

    def __init__(
        self, analysis: Analysis, name: str, *, panel: int, tall: float = 42.0, factor_names: bool = True
    ) -> None:
        self._analysis, self._panel, self._tall = analysis, panel, tall
        self._cells = cells_of(analysis)
        self._names = GroupNames(analysis, self._cells, factor_names=factor_names)
        self._pair = pair_of(analysis)
        self._scale = scale_up(_reach(analysis, self._pair), from_zero=has_zero(analysis))
        label = axis_label(name, analysis.unit, power=self._scale.power)
        self._label = wrapped(label, tall, size_pt=TITLE_PT)

    @property
    def margin_mm(self) -> float:
        """What it needs left of its axes."""
        own = TICK_MM + self._scale.letters_mm + 1.2 + LINE_MM * len(self._label)
        return max(own, self._names.margin_mm)

    def slot_mm(self, room: float) -> float:
        """Return the width of one group."""
        return (room * 0.56 if self._pair else room) / (len(self._cells) + 0.2)

    def height_mm(self, room: float) -> float:
        """Return its height."""
        said = len(self._pair_words(room)) * LINE_MM + 1.0 if self._pair else 0.0
        return self._tall + self._names.height_mm(self.slot_mm(room)) + said

    def draw(self, place: Place) -> None:
        """Draw it."""
        slot = self.slot_mm(place.room)
        axes = place.axes(self._tall, width=slot * (len(self._cells) + 0.2))
        axes.set_xlim(-0.6, len(self._cells) - 0.4)
        self._scale.on_y(axes)
        diameter = dot_diameter(map(self._heights, self._cells), slot * _DOTS_WIDE)
        for at, cell in enumerate(self._cells):
            self._draw_group(axes, at, cell, slot=slot, diameter=diameter)
        if self._scale.low < 0 < self._scale.high and has_zero(self._analysis):
            axes.axhline(0, color=INK, linewidth=0.6, zorder=2)
            axes.spines["bottom"].set_visible(False)
        axes.set_ylabel("\n".join(self._label), labelpad=2.0)
        self._names.draw(axes, slot)
        if self._pair:
            self._draw_pair(place, self._pair)

    def _draw_group(self, axes: Axes, at: int, cell: Cell, *, slot: float, diameter: float) -> None:
        if cell.summary is None:
            axes.text(at, self._scale.low, "no data", rotation=90, ha="center", va="bottom", color=INK)
            return
        _draw_mean(axes, at, cell.summary, bar=has_zero(self._analysis), slot=slot)
        marker, area = group_marker(at)
        dots = axes.scatter(
            at + _DOTS_AT + np.divide(spread(self._heights(cell), slot * _DOTS_WIDE, diameter), slot),
            [point.value for point in points_in(self._analysis, cell)],
            s=area * (diameter * _PT - _EDGE_PT) ** 2,
            marker=marker,
            color=group_colour(at),
            edgecolor=INK,
            linewidth=_EDGE_PT,
            zorder=3,
            clip_on=False,
        )
        dots.set_gid(points_id(self._panel, at))

    def _heights(self, cell: Cell) -> list[float]:
        """Return how high a group's points stand, in mm."""
        return [self._scale.mm(point.value, self._tall) for point in points_in(self._analysis, cell)]

    def _draw_pair(self, place: Place, difference: Difference) -> None:
        """Draw the difference on its own axis, zero beside the mean of the reference."""
        zero = _reference_mean(self._analysis, difference)
        scale = scale_between(self._scale.low - zero, self._scale.high - zero)
        label = wrapped(axis_label("difference", self._analysis.unit, power=scale.power), self._tall, size_pt=TITLE_PT)
        left = self.slot_mm(place.room) * (len(self._cells) + 0.2) + 3.0
        right = TICK_MM + scale.letters_mm + 1.2 + LINE_MM * len(label)
        beside = place.axes(self._tall, right=left, width=place.room - left - right)
        scale.on_y(beside)
        beside.set_xlim(-0.5, 0.9)
        beside.set_xticks([])
        beside.yaxis.tick_right()
        beside.yaxis.set_label_position("right")
        beside.set_ylabel("\n".join(label), labelpad=2.0)
        for side, there in (("left", False), ("bottom", False), ("right", True)):
            beside.spines[side].set_visible(there)
        beside.axhline(0, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
        draw_estimate(beside, 0.0, difference, wide=0.6)
        words = self._pair_words(place.room)
        place.write(words, down=self._tall + self._names.height_mm(self.slot_mm(place.room)) + 1.0)

    def _pair_words(self, room: float) -> list[str]:
        return say_difference(self._pair, self._analysis.unit, room) if self._pair else []


def has_zero(analysis: Analysis) -> bool:
    """Whether the outcome's scale has a zero that a bar can stand on: a logarithm's has none."""
    return analysis.plan.scale != "log"


def pair_of(analysis: Analysis) -> Difference | None:
    """Return the difference that stands beside the groups: of two, if it is not too small to be seen on their axis."""
    differences = [one for one in analysis.differences if not one.within]
    if not len(analysis.groups) == len(cells_of(analysis)) == 2 or len(differences) != 1:
        return None
    (pair,) = differences
    reach = _reach(analysis, pair)
    whole = max(reach) - min([*reach, 0.0] if has_zero(analysis) else reach)
    return pair if pair.ci95[1] - pair.ci95[0] >= _LEAST_SEEN * whole else None


def _reach(analysis: Analysis, pair: Difference | None) -> list[float]:
    """Return all that the upright axis must hold."""
    ends = [point.value for point in analysis.points]
    ends += [group.mean + sign * (group.sem or 0.0) for group in analysis.groups for sign in (-1, 1)]
    if pair:
        ends += [_reference_mean(analysis, pair) + end for end in (0.0, *pair.ci95)]
    return ends


def _reference_mean(analysis: Analysis, pair: Difference) -> float:
    return next(group.mean for group in analysis.groups if (pair.factor, pair.reference) in group.levels)


def _draw_mean(axes: Axes, at: int, group: GroupSummary, *, bar: bool, slot: float) -> None:
    if bar:
        colour, corner = group_colour(at), (at - _BAR / 2, 0.0)
        tint = {"facecolor": tinted(colour, 0.26), "linewidth": 0.0}
        hatch = {"fill": False, "edgecolor": tinted(colour, 0.55), "linewidth": 0.0, "hatch": group_hatch(at)}
        edge = {"fill": False, "edgecolor": colour, "linewidth": _LINE_PT}
        for signs in (tint, hatch, edge):  # apart, since files mix a hatch with its ground in different ways
            bar_of_mean = Rectangle(corner, _BAR, group.mean, zorder=1)
            bar_of_mean.set(**signs)
            axes.add_patch(bar_of_mean)
    else:
        axes.plot([at - _BAR / 2, at + _BAR / 2], [group.mean] * 2, color=INK, linewidth=1.2, zorder=2)
    if group.sem is not None:
        cap = min(2.2, 0.08 * slot * _PT)
        axes.errorbar(
            at + _SEM_AT, group.mean, yerr=group.sem, color=INK, elinewidth=0.9, capsize=cap, capthick=0.9, zorder=4
        )
