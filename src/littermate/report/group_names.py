"""The names below the groups of a figure: one row a factor, the one that changes fastest on top, then the row of n.

Neighbours with the same level share its name and a line above it. Names stand level where they have room, else upright.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from littermate.model.analysis import Analysis
from littermate.report.grouping import Cell
from littermate.report.lettering import LETTERS_PT, LINE_MM, NamesBelow, names_below, width_mm, wrapped
from littermate.report.style import INK, MM

__all__ = ["GroupNames"]

_TOP_MM, _GAP_MM, _FACTOR_MM = 1.8, 1.2, 22.0

Run = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row: the factor's lines, which groups share each name, and how the names stand."""

    factor: list[str]
    runs: list[Run]
    names: NamesBelow

    @property
    def height(self) -> float:
        """In mm."""
        return max(self.names.height_mm, len(self.factor) * LINE_MM)


class GroupNames:
    """The rows of names below the groups.

    Parameters
    ----------
    analysis
        Whose factors are named.
    cells
        The groups, from left; `None` where one has no animal.
    factor_names
        Whether the rows are named left of the axes.
    """

    def __init__(self, analysis: Analysis, cells: Sequence[Cell], *, factor_names: bool = True) -> None:
        self._named = factor_names
        self._rows: list[tuple[str, list[Run]]] = []
        for position, factor in reversed(list(enumerate(analysis.plan.factors))):
            held = [tuple(level for _, level in cell.levels[: position + 1]) for cell in cells]
            self._rows.append((factor, _runs(held)))
        counts = [str(cell.summary.n if cell.summary else 0) for cell in cells]
        self._rows.append(("n", [(place, place, text) for place, text in enumerate(counts)]))

    @property
    def margin_mm(self) -> float:
        """What the names of the factors need left of the axes."""
        if not self._named:
            return 0.0
        lines = [line for name, _ in self._rows for line in wrapped(name, _FACTOR_MM)]
        return max(map(width_mm, lines)) + 2.0

    def height_mm(self, slot: float) -> float:
        """Return the height of all rows."""
        return _TOP_MM + sum(row.height + _GAP_MM for row in self._laid(slot))

    def draw(self, axes: Axes, slot: float) -> None:
        """Write the rows below the axes."""
        axes.set_xticks([])
        down = _TOP_MM
        for row in self._laid(slot):
            middle = down + row.height / 2
            if self._named:
                _write(axes, row.factor, 0.0, middle, left=2.0)
            for (first, last, _), lines in zip(row.runs, row.names.lines, strict=True):
                _write(axes, lines, (first + last) / 2, middle, upright=row.names.upright)
                if last > first:
                    _rule(axes, first, last, down - _GAP_MM / 2)
            down += row.height + _GAP_MM

    def _laid(self, slot: float) -> list[_Row]:
        return [_lay(name, runs, slot, named=self._named) for name, runs in self._rows]


def _runs(held: Sequence[tuple[str, ...]]) -> list[Run]:
    """Join neighbours that share a level, and those of the factors around it, into (first, last, level)."""
    runs: list[tuple[int, int, tuple[str, ...]]] = []
    for place, levels in enumerate(held):
        if runs and runs[-1][2] == levels:
            runs[-1] = (runs[-1][0], place, levels)
        else:
            runs.append((place, place, levels))
    return [(first, last, levels[-1]) for first, last, levels in runs]


def _lay(name: str, runs: list[Run], slot: float, *, named: bool) -> _Row:
    middles = [((first + last) / 2 + 0.6) * slot for first, last, _ in runs]
    rooms = [(last - first + 1) * slot for first, last, _ in runs]
    ends = (-1.0, (runs[-1][1] + 1.2) * slot + 1.0)
    return _Row(
        factor=wrapped(name, _FACTOR_MM) if named else [],
        runs=runs,
        names=names_below([text for *_, text in runs], middles, rooms, ends_mm=ends),
    )


def _write(
    axes: Axes, lines: Sequence[str], x: float, down: float, *, left: float = 0.0, upright: bool = False
) -> None:
    axes.annotate(
        "\n".join(lines),
        (x, 0),
        xycoords=("axes fraction" if left else "data", "axes fraction"),
        xytext=(-left * MM * 72, -down * MM * 72),
        textcoords="offset points",
        ha="right" if left else "center",
        va="center",
        rotation=90 if upright else 0,
        fontsize=LETTERS_PT,
        annotation_clip=False,
    )


def _rule(axes: Axes, first: int, last: int, down: float) -> None:
    """Draw a thin line above the name that groups share."""
    lower = ScaledTranslation(0, -down * MM, axes.figure.dpi_scale_trans)
    where = axes.get_xaxis_transform() + lower
    axes.plot([first - 0.36, last + 0.36], [0, 0], color=INK, linewidth=0.6, transform=where, clip_on=False)
