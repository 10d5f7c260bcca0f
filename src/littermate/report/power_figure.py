"""The power figure: power against the units in a group, and against the size of the effect with those planned.

The planned design is a dot on every line; the wanted power is a dashed line.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from littermate.model.power import PowerCurve
from littermate.report.style import DOUBLE_MM, INK, MM, SINGLE_MM, figure_style, group_colour

__all__ = ["draw_power"]

_HEIGHT_MM, _LONG_LABEL = 78.0, 38
_DASHES = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def draw_power(
    over_n: Sequence[PowerCurve], over_effect: Sequence[PowerCurve], *, wanted: float = 0.8, alpha: float = 0.05
) -> Figure:
    """Draw power curves; one panel is left out where it has no line.

    Parameters
    ----------
    over_n
        Against units in each group, of effects of a given size.
    over_effect
        Against the size of the effect in SD, at the units planned.
    wanted, alpha
        The wanted power and the level of significance, drawn as lines.
    """
    panels = [
        (curves, label)
        for curves, label in ((over_n, "Units in each group"), (over_effect, "Size of the effect (SD within groups)"))
        if curves
    ]
    with figure_style():
        width = DOUBLE_MM if len(panels) > 1 else SINGLE_MM
        figure = Figure(figsize=(width * MM, _HEIGHT_MM * MM), layout="constrained")
        FigureCanvasAgg(figure)
        for axes, (curves, label) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
            _draw(axes, curves, wanted=wanted, alpha=alpha)
            axes.set_xlabel(label)
            axes.set_ylabel("Power")
        if over_n:
            _mark_planned(figure.axes[0], {curve.planned[0] for curve in over_n})
    return figure


def _draw(axes: Axes, curves: Sequence[PowerCurve], *, wanted: float, alpha: float) -> None:
    axes.axhline(wanted, color=INK, linewidth=0.6, dashes=(4, 3), zorder=0)
    axes.axhline(alpha, color=INK, linewidth=0.5, dashes=(1, 2), zorder=0)
    for index, curve in enumerate(curves):
        colour = group_colour(index + 1)
        dashes = _DASHES[index % len(_DASHES)]
        axes.plot(curve.at, curve.power, color=colour, linewidth=1.4, linestyle=dashes, label=curve.label)
        axes.plot(*curve.planned, "o", color=colour, markeredgecolor=INK, markeredgewidth=0.5, markersize=4.5, zorder=3)
    axes.set_ylim(0, 1.02)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    columns = 1 if max(len(curve.label) for curve in curves) > _LONG_LABEL else min(2, len(curves))
    axes.legend(fontsize=6.5, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns)


def _mark_planned(axes: Axes, planned: set[float]) -> None:
    """Draw the planned number, where it is one for all lines."""
    if len(planned) == 1:
        (n,) = planned
        axes.axvline(n, color=INK, linewidth=0.5, dashes=(1, 2), zorder=0)
        axes.annotate(f"planned: {n:.0f}", (n, 0.06), xytext=(3, 2), textcoords="offset points", fontsize=6.5)
