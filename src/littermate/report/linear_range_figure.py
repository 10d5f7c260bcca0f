"""Linear range figure: a dilution series' volumes against the amount, with the line through 0 and the linear range.

Both axes are logarithmic, so that every halving is as wide as the next, and a line of slope 1 is a volume in proportion
to the amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from littermate.report.style import DOUBLE_MM, MM, figure_style

__all__ = ["SeriesPicture", "draw_linear_ranges"]

_INK, _MARK, _SOFT = "#3a4a5a", "#a83f27", "#b4bdc6"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPicture:
    """One dilution series: its title, amounts, volumes, which of them are in range, and the line's volume an amount.

    `samples` are the volumes of the sample lanes, drawn at the right edge; `says` is what stands under the title.
    """

    title: str
    says: str
    amounts: Sequence[float]
    volumes: Sequence[float]
    in_range: Sequence[bool]
    per_amount: float | None
    samples: Sequence[float] = ()


def draw_linear_ranges(series: Sequence[SeriesPicture]) -> Figure:
    """Draw one panel a series, side by side."""
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM * min(1.0, 0.55 * len(series)), 75 * MM), layout="constrained")
        for place, one in enumerate(series, 1):
            _draw(figure.add_subplot(1, len(series), place), one)
    return figure


def _draw(axes: Axes, one: SeriesPicture) -> None:
    amounts, volumes = np.asarray(one.amounts, float), np.asarray(one.volumes, float)
    inside = np.asarray(one.in_range, bool) & (volumes > 0)
    outside = ~np.asarray(one.in_range, bool) & (volumes > 0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    if one.per_amount is not None and inside.any():
        ends = np.array([amounts.min(), amounts.max()])
        axes.plot(ends, one.per_amount * ends, color=_SOFT, lw=1, zorder=1, label="in proportion")
        axes.axhspan(volumes[inside].min(), volumes[inside].max(), color=_SOFT, alpha=0.25, lw=0, zorder=0)
    axes.plot(amounts[inside], volumes[inside], "o", color=_INK, ms=4, label="in the linear range")
    axes.plot(amounts[outside], volumes[outside], "x", color=_MARK, ms=5, label="outside")
    edge = axes.get_yaxis_transform()
    for volume in (volume for volume in one.samples if volume > 0):
        axes.plot([1.0, 1.04], [volume, volume], color=_MARK, lw=1, transform=edge, clip_on=False)
    axes.set_xticks(amounts, [f"{amount:g}" for amount in amounts])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.2g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title("\n".join([one.title, *one.says.split("; ")]), fontsize=7, loc="left")
    axes.set_xlabel("Amount loaded (relative)")
    axes.set_ylabel("Volume above background")
    axes.legend(fontsize=6, frameon=False, loc="lower right")
