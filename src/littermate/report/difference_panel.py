"""Estimated differences with their 95 % intervals, below the groups (Cumming 2014, *Psychol Sci* 25:7).

Of one factor, each difference from the reference stands under its group (`AlignedPart`); of crossed factors, marginal
differences stand in rows (`RowsPart`), each below its name, estimate, interval and exact P. The curve is the sampling
distribution of the estimate (Student's t; after Ho et al. 2019, *Nat Methods* 16:565).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.stats import t as student

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.report.grouping import cells_of
from littermate.report.lettering import LINE_MM, TITLE_PT, width_mm, wrapped
from littermate.report.numbers import decimals_for, interval, number, p_text
from littermate.report.scale import Scale, scale_across, scale_up
from littermate.report.sheet import TICK_MM, Place
from littermate.report.style import INK
from littermate.report.wording import axis_label, difference_label

__all__ = ["AlignedPart", "Row", "RowsPart", "draw_estimate", "rows_of", "say_difference", "shown_differences"]

_CURVE, _REACH_SE = "#0072b2", 3.0
_CURVE_MM, _BELOW_MM = 4.2, 1.6


def shown_differences(analysis: Analysis) -> tuple[Difference, ...]:
    """Return the differences a figure shows: marginal ones and the interactions."""
    return tuple(difference for difference in analysis.differences if not difference.within)


def numbers_of(difference: Difference, unit: str) -> str:
    """Write an estimate, its interval and its P, none of which breaks in two.

    Returns for example ``"−3.8 s [−7.3, −0.3], p = .033"``.
    """
    decimals = decimals_for(difference.se)
    size = " ".join(filter(None, [number(difference.estimate, decimals), unit]))
    return f"{size} {_unbroken(interval(difference.ci95, decimals))}, {_unbroken(p_text(difference.p))}"


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def say_difference(difference: Difference, unit: str, room: float) -> list[str]:
    """Write a difference in as few lines as the room allows."""
    return _lines(difference_label(difference), numbers_of(difference, unit), room)


def rows_of(differences: Sequence[Difference], unit: str) -> list[Row]:
    """Return a row a difference; the factor is said where two compare levels of the same names."""
    names = [difference_label(one) for one in differences]
    return [
        Row(
            name=f"{one.factor}, {name}" if names.count(name) > 1 else name,
            numbers=numbers_of(one, unit),
            difference=one,
        )
        for name, one in zip(names, differences, strict=True)
    ]


def _lines(name: str, numbers: str, room: float) -> list[str]:
    whole = f"{name}: {numbers}"
    return [whole] if width_mm(whole) <= room else [*wrapped(f"{name}:", room), *wrapped(numbers, room)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: what is estimated, its numbers in words, and the estimate, `None` where there is no single one."""

    name: str
    numbers: str
    difference: Difference | None


class RowsPart:
    """Differences in rows.

    Parameters
    ----------
    rows
        From above. Those without an estimate are words, and stand first.
    name, unit
        Of the axis.
    """

    def __init__(self, rows: Sequence[Row], *, name: str, unit: str) -> None:
        self._words = [row for row in rows if row.difference is None]
        self._rows = [(row, row.difference) for row in rows if row.difference is not None]
        self._name, self._unit = name, unit

    @property
    def margin_mm(self) -> float:
        """What it needs left of its axes."""
        return 3.0

    def height_mm(self, room: float) -> float:
        """Return its height."""
        words = sum(len(_lines(row.name, row.numbers, room)) for row in self._words) * LINE_MM
        return words + (self._rows_mm(room) + self._axis_mm(room) if self._rows else 0.0)

    def draw(self, place: Place) -> None:
        """Draw it."""
        down = 0.0
        for row in self._words:
            lines = _lines(row.name, row.numbers, place.room)
            place.write(lines, down=down)
            down += len(lines) * LINE_MM
        if self._rows:
            self._draw_rows(place, down)

    def _draw_rows(self, place: Place, down: float) -> None:
        height = self._rows_mm(place.room)
        axes = place.axes(height, down=down)
        scale = self._scale(place.room)
        scale.on_x(axes)
        axes.set_ylim(height, 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        at = 0.0
        for row, difference in self._rows:
            lines = _lines(row.name, row.numbers, place.room)
            place.write(lines, down=down + at)
            at += len(lines) * LINE_MM + _CURVE_MM
            axes.plot([0, 0], [at + _BELOW_MM, at - _CURVE_MM], color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
            _draw_level(axes, at, difference)
            at += _BELOW_MM
        axes.set_xlabel("\n".join(self._label(place.room, scale)), labelpad=1.5)

    def _scale(self, room: float) -> Scale:
        ends = [end for _, one in self._rows for end in (0.0, *one.ci95, *_curve(one)[0][[0, -1]])]
        return scale_across(ends, room_mm=room)

    def _label(self, room: float, scale: Scale) -> list[str]:
        return wrapped(axis_label(self._name, self._unit, power=scale.power), room, size_pt=TITLE_PT)

    def _rows_mm(self, room: float) -> float:
        lines = sum(len(_lines(row.name, row.numbers, room)) for row, _ in self._rows)
        return lines * LINE_MM + len(self._rows) * (_CURVE_MM + _BELOW_MM)

    def _axis_mm(self, room: float) -> float:
        return TICK_MM + LINE_MM + 1.0 + len(self._label(room, self._scale(room))) * LINE_MM


def _curve(difference: Difference) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sampling distribution of an estimate: where, and how high (largest 1)."""
    reach = max(_REACH_SE, 1.1 * (difference.ci95[1] - difference.estimate) / difference.se) if difference.se else 0.0
    steps = np.linspace(-reach, reach, 121)
    density = student.pdf(steps, difference.df)
    return difference.estimate + difference.se * steps, density / density.max()


def _draw_level(axes: Axes, at: float, difference: Difference) -> None:
    x, high = _curve(difference)
    axes.fill_between(x, at, at - high * (_CURVE_MM - 0.8), color=_CURVE, alpha=0.16, linewidth=0)
    axes.plot(difference.ci95, [at, at], color=INK, linewidth=1.3, solid_capstyle="butt")
    axes.plot([difference.estimate], [at], "o", color=INK, markersize=3.6)


def draw_estimate(axes: Axes, at: float, difference: Difference, *, wide: float) -> None:
    """Draw an estimate with its interval upright at a place, and its curve right of it, so `wide` at most."""
    y, broad = _curve(difference)
    axes.fill_betweenx(y, at, at + broad * wide, color=_CURVE, alpha=0.16, linewidth=0)
    axes.plot([at, at], difference.ci95, color=INK, linewidth=1.3, solid_capstyle="butt")
    axes.plot([at], [difference.estimate], "o", color=INK, markersize=3.6)


class AlignedPart:
    """The differences of one factor's levels from its reference, each under its group.

    Parameters
    ----------
    analysis
        Of one factor with more than two levels.
    tall
        Height of the axes in mm.
    """

    def __init__(self, analysis: Analysis, *, tall: float = 26.0) -> None:
        self._unit, self._tall = analysis.unit, tall
        self._differences = shown_differences(analysis)
        self._levels = [cell.levels[0][1] for cell in cells_of(analysis)]
        ends = [end for one in self._differences for end in (0.0, *one.ci95)]
        self._scale = scale_up(ends, from_zero=False)
        label = axis_label(f"difference from {self._differences[0].reference}", self._unit, power=self._scale.power)
        self._label = wrapped(label, tall, size_pt=TITLE_PT)

    @property
    def margin_mm(self) -> float:
        """What it needs left of its axes."""
        return TICK_MM + self._scale.letters_mm + 1.2 + LINE_MM * len(self._label)

    def height_mm(self, room: float) -> float:
        """Return its height."""
        return self._tall + 2.0 + LINE_MM * len(self._words(room))

    def draw(self, place: Place) -> None:
        """Draw it."""
        axes = place.axes(self._tall)
        self._scale.on_y(axes)
        axes.set_xlim(-0.6, len(self._levels) - 0.4)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.axhline(0, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
        for difference in self._differences:
            draw_estimate(axes, self._levels.index(difference.level), difference, wide=0.34)
        axes.set_ylabel("\n".join(self._label), labelpad=2.0)
        place.write(self._words(place.room), down=self._tall + 2.0)

    def _words(self, room: float) -> list[str]:
        return [line for one in self._differences for line in say_difference(one, self._unit, room)]
