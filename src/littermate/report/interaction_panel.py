"""The interaction as its own panel: the mean of every group joined across the levels of one factor.

Lines that are not parallel show an interaction. Means are the model's with their 95 % intervals, those of the groups
without intervals where the model gives none (a mixed model). The last factor stands on the x axis, each level of the
one before it is a line with its name at its end, and further factors have a panel for each of their combinations.
Below stands each interaction: the difference of differences with its 95 % interval, or its F test where it is no single
number.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from littermate.model.analysis import Analysis
from littermate.model.effect import Effect
from littermate.model.interval import Interval
from littermate.report.difference_panel import Row, RowsPart, rows_of, shown_differences
from littermate.report.grouping import cells_of
from littermate.report.lettering import LINE_MM, TITLE_PT, NamesBelow, names_below, width_mm, wrapped
from littermate.report.numbers import degrees, number, p_text
from littermate.report.scale import scale_up
from littermate.report.sheet import TICK_MM, Part, Place
from littermate.report.style import INK, LINES, group_colour, group_marker
from littermate.report.wording import axis_label, capital, term_label

__all__ = ["InteractionPart", "has_intervals", "interaction_part", "interactions", "joins_means", "moved_apart"]

_TALL_MM, _GAP_MM, _ASIDE, _MOST_PANELS = 28.0, 2.0, 0.07, 4
_OUT_MM = 4.0
"""How far the names of levels may reach beyond the panels."""

Held = tuple[tuple[str, str], ...]


def interactions(analysis: Analysis) -> list[Effect]:
    """Return the effects of an analysis that are interactions of factors under study."""
    return [effect for effect in analysis.studied if ":" in effect.term]


def has_intervals(analysis: Analysis) -> bool:
    """Whether the model gives the means of its groups with intervals."""
    return any(mark.interval for mark in _marks(analysis))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """One group's mean: the levels it stands for, its place among the groups, its interval where there is one."""

    levels: dict[str, str]
    place: int
    mean: float
    interval: Interval | None


def _marks(analysis: Analysis) -> list[_Mark]:
    cells = cells_of(analysis)
    of_model = {frozenset(one.levels): one for one in analysis.marginal_means}
    marks = []
    for place, cell in enumerate(cells):
        known = of_model.get(frozenset(cell.levels))
        if known is not None and known.mean is not None:
            marks.append(_Mark(levels=dict(cell.levels), place=place, mean=known.mean, interval=known.interval))
        elif cell.summary is not None:
            marks.append(_Mark(levels=dict(cell.levels), place=place, mean=cell.summary.mean, interval=None))
    return marks


def interaction_part(analysis: Analysis) -> Part:
    """Return the panel of the interactions; without its lines where they would take more than four panels."""
    rows = RowsPart(_rows(analysis), name="difference of differences", unit=analysis.unit)
    return InteractionPart(analysis, rows) if joins_means(analysis) else rows


def joins_means(analysis: Analysis) -> bool:
    """Whether the means are drawn, joined by lines: where factors are crossed, in four panels at most."""
    return bool(interactions(analysis)) and len(_panels(analysis)) <= _MOST_PANELS


class InteractionPart:
    """The lines of the means, and the interactions below them.

    Parameters
    ----------
    analysis
        What is drawn.
    rows
        The interactions.
    """

    def __init__(self, analysis: Analysis, rows: RowsPart) -> None:
        self._rows, self._marks, self._panels = rows, _marks(analysis), _panels(analysis)
        self._line, self._x = analysis.plan.factors[-2:]
        self._levels = _levels(self._marks, self._x)
        self._lines = _levels(self._marks, self._line)
        ends = [end for mark in self._marks for end in (mark.mean, *(mark.interval or ()))]
        self._scale = scale_up(ends, from_zero=False, margin=0.08, bins=4)
        self._label = wrapped(axis_label("mean", analysis.unit, power=self._scale.power), _TALL_MM, size_pt=TITLE_PT)

    @property
    def margin_mm(self) -> float:
        """What it needs left of its axes."""
        return TICK_MM + self._scale.letters_mm + 1.2 + LINE_MM * len(self._label)

    def height_mm(self, room: float) -> float:
        """Return its height."""
        return self._rows_down(room) + self._rows.height_mm(room)

    def draw(self, place: Place) -> None:
        """Draw it."""
        head, wide, ends = self._head_mm(place.room), self._panel_mm(place.room), self._ends_mm(place.room)
        for index, held in enumerate(self._panels):
            right = index * (wide + _GAP_MM)
            axes = place.axes(_TALL_MM, down=head, right=right, width=wide)
            self._draw_panel(axes, held, wide=wide, first=index == 0)
            place.write(_title(held, wide), down=head - len(_title(held, wide)) * LINE_MM - 0.5, right=right)
        across = place.room - ends - _GAP_MM
        self._name_lines(place, self._panels[-1], right=across, down=head)
        names = wrapped(capital(self._x), across)
        place.write(
            names, down=self._rows_down(place.room) - _GAP_MM - len(names) * LINE_MM, right=across / 2, ha="center"
        )
        self._rows.draw(Place(place.sheet, place.left, place.top + self._rows_down(place.room), place.room))

    def _draw_panel(self, axes: Axes, held: Held, *, wide: float, first: bool) -> None:
        self._scale.on_y(axes)
        axes.set_xlim(-0.4, len(self._levels) - 0.75)
        names = self._level_names(wide)
        labels = ["\n".join(lines) for lines in names.lines[: len(self._levels)]]
        axes.set_xticks(range(len(self._levels)), labels=labels, rotation=90 if names.upright else 0)
        axes.tick_params(axis="x", length=0, pad=2.0)
        if first:
            axes.set_ylabel("\n".join(self._label), labelpad=2.0)
        else:
            axes.set_yticklabels([])
        for line, level in enumerate(self._lines):
            self._draw_line(axes, line, self._of(held, level))

    def _of(self, held: Held, level: str) -> list[_Mark]:
        wanted = {*held, (self._line, level)}
        return [mark for mark in self._marks if wanted <= set(mark.levels.items())]

    def _draw_line(self, axes: Axes, line: int, marks: Sequence[_Mark]) -> None:
        aside = (line - (len(self._lines) - 1) / 2) * _ASIDE
        x = [self._levels.index(mark.levels[self._x]) + aside for mark in marks]
        axes.plot(x, [mark.mean for mark in marks], color=INK, linewidth=0.9, linestyle=LINES[line % len(LINES)])
        for at, mark in zip(x, marks, strict=True):
            if mark.interval:
                axes.plot([at, at], mark.interval, color=INK, linewidth=0.8, solid_capstyle="butt")
            shape, area = group_marker(mark.place)
            axes.plot(
                at,
                mark.mean,
                shape,
                color=group_colour(mark.place),
                markeredgecolor=INK,
                markeredgewidth=0.5,
                markersize=5.2 * area**0.5,
                zorder=3,
            )

    def _name_lines(self, place: Place, held: Held, *, right: float, down: float) -> None:
        """Name each line at its end; names that would meet are moved apart."""
        there = [level for level in self._lines if self._of(held, level)]
        names = [wrapped(level, self._ends_mm(place.room)) for level in there]
        at = [_TALL_MM - self._scale.mm(self._of(held, level)[-1].mean, _TALL_MM) for level in there]
        sizes = [len(lines) * LINE_MM for lines in names]
        for lines, size, middle in zip(names, sizes, moved_apart(at, sizes, _TALL_MM), strict=True):
            place.write(lines, down=down + middle - size / 2, right=right + 1.0)
        title = self._line_title(place.room)
        place.write(title, down=down - LINE_MM * len(title) - 1.0, right=right + 1.0)

    def _head_mm(self, room: float) -> float:
        """What stands above the axes: the levels that a panel holds, the name of the lines' factor."""
        wide = self._panel_mm(room)
        titles = [len(_title(held, wide)) for held in self._panels]
        return max(*titles, len(self._line_title(room))) * LINE_MM + 1.0

    def _line_title(self, room: float) -> list[str]:
        return wrapped(f"{capital(self._line)}:", self._ends_mm(room))

    def _rows_down(self, room: float) -> float:
        """Return how far down the rows begin."""
        names = self._level_names(self._panel_mm(room)).height_mm
        factor = len(wrapped(capital(self._x), room - self._ends_mm(room) - _GAP_MM)) * LINE_MM
        return self._head_mm(room) + _TALL_MM + 1.4 + names + factor + _GAP_MM

    def _level_names(self, wide: float) -> NamesBelow:
        count, panels = len(self._levels), len(self._panels)
        slot = wide / (count - 0.35)
        middles = [panel * (wide + _GAP_MM) + (at + 0.4) * slot for panel in range(panels) for at in range(count)]
        ends = (-_OUT_MM, panels * (wide + _GAP_MM) + _OUT_MM)
        return names_below(self._levels * panels, middles, [slot] * len(middles), ends_mm=ends)

    def _ends_mm(self, room: float) -> float:
        """Return the width of the names at the ends of the lines: of the longest word at least, within reason."""
        names = (f"{capital(self._line)}:", *self._lines)
        word = max(width_mm(word) for name in names for word in name.split())
        whole = max(map(width_mm, names))
        return min(max(word, min(whole, 0.36 * room)) + 0.2, 0.5 * room)

    def _panel_mm(self, room: float) -> float:
        across = room - self._ends_mm(room) - _GAP_MM
        return (across - _GAP_MM * (len(self._panels) - 1)) / len(self._panels)


def _panels(analysis: Analysis) -> list[Held]:
    """Return what each panel holds: every combination of the factors that are neither on x nor a line."""
    others = [[(name, level) for level in _levels(_marks(analysis), name)] for name in analysis.plan.factors[:-2]]
    return list(itertools.product(*others))


def _levels(marks: Sequence[_Mark], factor: str) -> list[str]:
    return list(dict.fromkeys(mark.levels[factor] for mark in sorted(marks, key=lambda mark: mark.place)))


def _title(held: Held, wide: float) -> list[str]:
    return [line for name, level in held for line in wrapped(f"{name}: {level}", wide)]


def _rows(analysis: Analysis) -> list[Row]:
    """Return a row an interaction, with its estimate where it is a single number."""
    single = {one.factor: one for one in shown_differences(analysis) if ":" in one.factor}
    tested = [effect for effect in interactions(analysis) if effect.term not in single]
    words = [Row(name=term_label(one.term), numbers=_f_test(one), difference=None) for one in tested]
    return words + rows_of(list(single.values()), analysis.unit)


def _f_test(effect: Effect) -> str:
    return f"F({effect.df}, {degrees(effect.df_error)}) = {number(effect.f)}, {p_text(effect.p)}"


def moved_apart(middles: Sequence[float], sizes: Sequence[float], room: float) -> list[float]:
    """Move things along a line just so far that none meets another, in their order and within the room.

    Examples
    --------
    >>> moved_apart([10.0, 11.0], [3.0, 3.0], 30.0), moved_apart([0.0, 20.0], [3.0, 3.0], 30.0)
    ([9.0, 12.0], [1.5, 20.0])
    """
    order = sorted(range(len(middles)), key=lambda index: middles[index])
    blocks: list[list[int]] = []
    for index in order:
        blocks.append([index])
        while len(blocks) > 1 and _end(blocks[-2], middles, sizes, room) > _start(blocks[-1], middles, sizes, room):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    places = list(middles)
    for block in blocks:
        at = _start(block, middles, sizes, room)
        for index in block:
            places[index] = at + sizes[index] / 2
            at += sizes[index]
    return places


def _start(block: Sequence[int], middles: Sequence[float], sizes: Sequence[float], room: float) -> float:
    """Return where a block of things that touch begins: around the middle of theirs, within the room."""
    size = sum(sizes[index] for index in block)
    wanted = sum(middles[index] for index in block) / len(block) - size / 2
    return min(max(wanted, 0.0), max(room - size, 0.0))


def _end(block: Sequence[int], middles: Sequence[float], sizes: Sequence[float], room: float) -> float:
    return _start(block, middles, sizes, room) + sum(sizes[index] for index in block)
