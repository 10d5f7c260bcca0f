"""Agreement figure: two scorings of the same trials against each other, and their difference against their mean.

Left: each trial's total as either scored it, with the line on which both are the same. Right: the difference, second
minus first, against the mean of both (Bland & Altman 1986), with bias and limits of agreement, and as bands their 95 %
intervals. Limits of fewer than three trials are not drawn, nor is what is not given; the figure says so.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from littermate.report.style import DOUBLE_MM, MM, figure_style

__all__ = ["AgreementPicture", "draw_agreement"]

_INK, _MARK, _SOFT = "#3a4a5a", "#a83f27", "#b4bdc6"
_ROOM = 0.06
_FEWEST = 3
_LEAST_APART = 0.12

Interval = tuple[float, float]
Line = tuple[float, Interval]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementPicture:
    """What is drawn.

    Parameters
    ----------
    title
        What was compared, and the figures of agreement, in words.
    first_name, second_name
        Whose scores they are: ``"AB"``, ``"AB again"``, ``"program"``.
    quantity, unit
        What the totals are: ``"Immobility"``, ``"% of time"``; differences are in `difference_unit`.
    first, second : (n,) float
        Totals, one a trial.
    bias, lower, upper
        Each with its 95 % interval; `None` where there are none.
    difference_unit
        Points, where totals are percentages.
    """

    title: str
    first_name: str
    second_name: str
    quantity: str
    unit: str
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    bias: Line | None
    lower: Line | None
    upper: Line | None
    difference_unit: str = "points"


def draw_agreement(picture: AgreementPicture) -> Figure:
    """Draw both panels beside each other, as wide as a page."""
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, 78 * MM), layout="constrained", facecolor="white")
        identity, difference = figure.subplots(1, 2, width_ratios=(1.1, 1.4))
        _draw_identity(identity, picture)
        _draw_difference(difference, picture)
        for letter, axes in zip("AB", (identity, difference), strict=True):
            axes.set_title(letter, loc="left", fontweight="bold")
        figure.suptitle(picture.title, fontsize=8, x=0.01, ha="left")
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def _draw_identity(axes: Axes, picture: AgreementPicture) -> None:
    low, high = _span([*picture.first.tolist(), *picture.second.tolist()])
    axes.plot([low, high], [low, high], color=_SOFT, lw=0.9)
    axes.text(high, high, "same", ha="right", va="bottom", color=_INK)
    axes.plot(picture.first, picture.second, "o", color=_INK, ms=4, alpha=0.8, mew=0)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    _name_axes(
        axes,
        f"{picture.quantity}, {picture.first_name} {_in(picture.unit)}",
        f"{picture.quantity}, {picture.second_name} {_in(picture.unit)}",
    )


def _draw_difference(axes: Axes, picture: AgreementPicture) -> None:
    mean, difference = 0.5 * (picture.first + picture.second), picture.second - picture.first
    lines = {"upper limit": picture.upper, "bias": picture.bias, "lower limit": picture.lower}
    enough = ("upper limit", "bias", "lower limit") if len(mean) >= _FEWEST else ("bias",)
    drawn = {word: line for word, line in lines.items() if line is not None and word in enough}
    shown = [0.0, *difference.tolist(), *(edge for _, interval in drawn.values() for edge in interval)]
    axes.set(xlim=_span(mean.tolist()), ylim=_span(shown))
    axes.axhline(0, color=_SOFT, lw=0.9)
    for word, (value, interval) in drawn.items():
        axes.axhspan(*interval, color=_MARK, alpha=0.12, lw=0)
        axes.axhline(value, color=_MARK, lw=1.0, ls="-" if word == "bias" else "--")
    axes.plot(mean, difference, "o", color=_INK, ms=4, alpha=0.8, mew=0)
    _name_lines(axes, drawn)
    if len(drawn) < len(lines):
        axes.set_title(_why_not(drawn, len(mean)), loc="right", fontsize=7, color=_MARK)
    _name_axes(
        axes,
        f"Mean of {picture.first_name} and {picture.second_name} {_in(picture.unit)}",
        f"{picture.second_name} \N{MINUS SIGN} {picture.first_name} {_in(picture.difference_unit)}",
    )


def _in(unit: str) -> str:
    """Return a unit in brackets that stays on one line."""
    return f"({unit})".replace(" ", "\N{NO-BREAK SPACE}")


def _name_axes(axes: Axes, along: str, up: str) -> None:
    """Name both axes, long names in several lines, and set few ticks."""
    axes.set_xlabel("\n".join(textwrap.wrap(along, 44)))
    axes.set_ylabel("\n".join(textwrap.wrap(up, 40)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))


def _name_lines(axes: Axes, drawn: dict[str, Line]) -> None:
    """Write each line's name and figures to its right, outside the panel, apart from each other."""
    low, high = axes.get_ylim()
    places = _apart([(line[0] - low) / (high - low) for line in drawn.values()])
    for place, (word, (value, (start, stop))) in zip(places, drawn.items(), strict=True):
        text = f"{word} {value:+.1f}\n[{start:+.1f}, {stop:+.1f}]".replace("-", "\N{MINUS SIGN}")
        axes.text(1.02, place, text, transform=axes.transAxes, va="center", color=_MARK)


def _apart(places: list[float]) -> list[float]:
    """Move places (highest first) down where they are too near to the one above, and all up again if need be."""
    moved: list[float] = []
    for place in places:
        moved.append(min(place, moved[-1] - _LEAST_APART) if moved else min(place, 1 - _LEAST_APART / 2))
    up = max(0.0, _LEAST_APART / 2 - moved[-1]) if moved else 0.0
    return [place + up for place in moved]


def _why_not(drawn: dict[str, Line], count: int) -> str:
    missing = "limits of agreement" if "bias" in drawn else "bias or limits of agreement"
    if count >= _FEWEST:
        return f"no {missing}: trials of too few animals"
    return f"no {missing}: {count} trial{' is' if count == 1 else 's are'} too few"


def _span(values: list[float]) -> Interval:
    """Return axis limits with some room around all values, also where they are one."""
    low, high = min(values, default=0.0), max(values, default=100.0)
    room = _ROOM * (high - low) if high - low > 1e-6 else max(1.0, 0.1 * abs(high))
    return low - room, high + room
