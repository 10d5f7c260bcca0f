"""The figure of one dose-response curve: every animal, each dose's mean and SEM, the curve with its band, the ED50.

The dose stands on a logarithmic axis with the control left of a break. A curve without a band is one whose parameters
the data do not determine. A star stands over every dose that a step-down Dunnett test finds different from the control
together with all higher ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from littermate.model.dose_response import DoseResponse, EffectiveDose, MinimumEffectiveDose
from littermate.report.caption import figure_with_caption
from littermate.report.dose_axis import DoseAxis
from littermate.report.numbers import p_text, significant
from littermate.report.style import INK, figure_style, group_colour

__all__ = ["dose_text", "draw_dose_response", "interval_text"]

_WIDTH_MM, _HEIGHT_MM = 105.0, 66.0


def draw_dose_response(
    curve: DoseResponse, *, interval: str = "delta", effective: Sequence[MinimumEffectiveDose] = ()
) -> Figure:
    """Draw a curve.

    Parameters
    ----------
    curve
        What is drawn.
    interval
        Of the ED50: ``"delta"``, ``"log"`` or ``"profile"``.
    effective
        Minimum effective doses; that of Dunnett gives the stars.
    """
    with figure_style():
        figure = figure_with_caption(_sentences(curve, interval, effective), width_mm=_WIDTH_MM, height_mm=_HEIGHT_MM)
        axes = figure.subplots()
        axis = DoseAxis(dose for _, dose, _ in curve.points)
        _draw_points(axes, axis, curve)
        _draw_line(axes, axis, curve)
        _draw_half(axes, axis, curve, interval)
        _draw_stars(axes, axis, effective)
        axes.set_ylabel(f"{curve.outcome[:1].upper()}{curve.outcome[1:]}")
        axis.finish(axes, curve.drug)
    return figure


def _draw_points(axes: Axes, axis: DoseAxis, curve: DoseResponse) -> None:
    doses = np.array([dose for _, dose, _ in curve.points])
    values = np.array([value for _, _, value in curve.points])
    axes.scatter(axis.place(doses), values, s=7, color=group_colour(0), alpha=0.6, linewidth=0, zorder=2)
    for dose in np.unique(doses):
        own = values[doses == dose]
        sem = own.std(ddof=1) / len(own) ** 0.5 if len(own) > 1 else None
        axes.errorbar(
            axis.place(dose),
            own.mean(),
            yerr=sem,
            fmt="o",
            color=INK,
            markersize=3.6,
            elinewidth=0.9,
            capsize=2,
            zorder=4,
        )


def _draw_line(axes: Axes, axis: DoseAxis, curve: DoseResponse) -> None:
    dose, y = (np.array(column, dtype=float) for column in list(zip(*curve.line, strict=True))[:2])
    axes.plot(axis.place(dose), y, color=group_colour(5), linewidth=1.4, zorder=3)
    if curve.line[0][2] is not None:
        low, high = (np.array(column, dtype=float) for column in list(zip(*curve.line, strict=True))[2:])
        axes.fill_between(axis.place(dose), low, high, color=group_colour(5), alpha=0.15, linewidth=0, zorder=1)
    if any(dose == 0 for _, dose, _ in curve.points):
        near = [float(axis.place(0.0)), float(axis.place(dose[0]))]
        axes.plot(near, [curve.at_control, y[0]], color=group_colour(5), linewidth=0.9, linestyle=":", zorder=3)


def _draw_half(axes: Axes, axis: DoseAxis, curve: DoseResponse, interval: str) -> None:
    """Mark the ED50 and its interval at its height on the curve; an open side is an arrow."""
    found = next((one for one in curve.effective_doses if one.percent == 50), None)
    if found is None or found.estimate is None or found.extrapolated:
        return
    doses = [dose for _, dose, _ in curve.points if dose > 0]
    x = float(axis.place(found.estimate))
    y = float(np.interp(x, axis.place([row[0] for row in curve.line]), [row[1] for row in curve.line]))
    for limit, end, head in zip(found.interval(interval), (min(doses), max(doses)), "<>", strict=True):
        is_open = limit is None or not min(doses) <= limit <= max(doses)
        reach = float(axis.place(end if limit is None or is_open else limit))
        axes.plot([x, reach], [y, y], color=group_colour(6), linewidth=1.1, zorder=5)
        axes.plot(reach, y, marker=head if is_open else "|", markersize=4, color=group_colour(6), zorder=5)
    axes.plot(x, y, "D", color=group_colour(6), markeredgecolor=INK, markeredgewidth=0.4, markersize=4.5, zorder=6)
    axes.annotate("ED50", (x, y), xytext=(4, 5), textcoords="offset points", color=group_colour(6), fontsize=7)


def _draw_stars(axes: Axes, axis: DoseAxis, effective: Sequence[MinimumEffectiveDose]) -> None:
    for found in effective:
        if found.method == "Dunnett":
            for group in found.groups:
                if group.effective:
                    axes.text(
                        float(axis.place(group.dose)),
                        1.0,
                        "*",
                        transform=axes.get_xaxis_transform(),
                        ha="center",
                        fontsize=10,
                    )


def _sentences(curve: DoseResponse, interval: str, effective: Sequence[MinimumEffectiveDose]) -> Iterator[str]:
    for one in curve.effective_doses:
        note = f" ({one.reason})" if one.reason else ""
        yield f"ED{one.percent:g}: {dose_text(one)} {interval_text(one, interval)}{note}"
    test = curve.no_effect
    f = significant(test.f, 3)
    yield f"Any effect of dose: F({test.df}, {test.df_error}) = {f}, {p_text(test.p)}; {curve.model}."
    yield from (found.says for found in effective)
    yield "Points: one animal each. Black: mean ± SEM. Band: 95 % CI of the curve."


def dose_text(found: EffectiveDose) -> str:
    """Write an effective dose, or that there is none."""
    return "none" if found.estimate is None else significant(found.estimate, 3)


def interval_text(found: EffectiveDose, kind: str) -> str:
    """Write an interval; an open side in words.

    Examples
    --------
    >>> one = EffectiveDose(percent=50, estimate=3.0, se=1.0, ci_delta=(1.0, 5.0), ci_log=(1.6, 5.7),
    ...     ci_profile=(1.5, None), extrapolated=False)
    >>> interval_text(one, "delta"), interval_text(one, "profile")
    ('[1, 5]', '[1.5, no upper limit]')
    """
    if found.estimate is None:
        return ""
    low, high = found.interval(kind)
    ends = (
        "no lower limit" if low is None else significant(low, 3),
        "no upper limit" if high is None else significant(high, 3),
    )
    return f"[{ends[0]}, {ends[1]}]"
