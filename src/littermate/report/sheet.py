"""Sheet: a figure of a known size that is filled in millimetres from its upper left corner.

`Part` is what stands on one: it says how much room it needs before anything is drawn, so that nothing is squeezed.
matplotlib's `Figure` is used directly; no window system and no global state takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from littermate.report.lettering import LETTERS_PT, LINE_MM
from littermate.report.style import MM

__all__ = ["TICK_MM", "Part", "Place", "Sheet"]

TICK_MM = 2.0
"""A tick, and the gap to its label."""


class Sheet:
    """A figure that is filled in millimetres.

    Parameters
    ----------
    width_mm, height_mm
        Its size.
    """

    def __init__(self, width_mm: float, height_mm: float) -> None:
        self.figure = Figure(figsize=(width_mm * MM, height_mm * MM))
        FigureCanvasAgg(self.figure)
        self._size = width_mm, height_mm

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes whose frame has its upper left corner there."""
        across, down = self._size
        return self.figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))

    def write(self, x: float, top: float, lines: Sequence[str], *, ha: str = "left", weight: str = "normal") -> None:
        """Write lines of text, one each `LINE_MM`; `x` is where they begin, or end with ``ha="right"``."""
        across, down = self._size
        for row, line in enumerate(lines):
            y = 1 - (top + (row + 0.5) * LINE_MM) / down
            self.figure.text(x / across, y, line, ha=ha, va="center", fontsize=LETTERS_PT, fontweight=weight)


class Place:
    """Where a part stands: the sheet, the upper left corner of its axes, and their width, in mm."""

    __slots__ = ("left", "room", "sheet", "top")

    def __init__(self, sheet: Sheet, left: float, top: float, room: float) -> None:
        self.sheet, self.left, self.top, self.room = sheet, left, top, room

    def axes(self, height: float, *, down: float = 0.0, right: float = 0.0, width: float | None = None) -> Axes:
        """Add axes `down` and `right` of the corner, as wide as the room where no width is given."""
        return self.sheet.axes(self.left + right, self.top + down, self.room if width is None else width, height)

    def write(self, lines: Sequence[str], *, down: float, right: float = 0.0, ha: str = "left") -> None:
        """Write lines `down` and `right` of the corner."""
        self.sheet.write(self.left + right, self.top + down, lines, ha=ha)


class Part(Protocol):
    """One thing on a sheet: groups, differences, an interaction."""

    @property
    def margin_mm(self) -> float:
        """What it needs left of its axes."""
        ...

    def height_mm(self, room: float) -> float:
        """Return its height where its axes are as wide as that."""
        ...

    def draw(self, place: Place) -> None:
        """Draw it."""
        ...
