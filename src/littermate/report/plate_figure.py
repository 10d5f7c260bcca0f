"""Plate figure: the standard curve with its standards, the samples read from it, and how well the standards come back.

Concentrations are those in the well (a sample's concentration over its dilution). Samples out of range lie at the side
of the drawing where they left the curve, at their signal, because they have no concentration. A thin line through a
sample is its interval, a ring a well off the curve, a cross a well that a person left out. On a logarithmic axis the
zero standard stands left of the axis' first decade, at a tick named 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter
from numpy.typing import NDArray

from littermate.model.plate import SampleResult, StandardResult
from littermate.report.style import INK, MM, PALETTE, SINGLE_MM, figure_style

__all__ = ["draw_plate"]

Vector = NDArray[np.float64]

_SAMPLE, _SPIKED, _OUT, _BAND = PALETTE[5], PALETTE[3], PALETTE[6], "#f1f2f3"
_HEIGHT_MM = 84.0


def draw_plate(
    *,
    standards: Sequence[StandardResult],
    samples: Sequence[SampleResult],
    line: tuple[Vector, Vector],
    unit: str,
    title: str = "",
    note: str = "",
    signal_label: str = "Absorbance",
    logarithmic: bool = False,
    within_percent: float = 25.0,
) -> Figure:
    """Draw one plate.

    Parameters
    ----------
    standards, samples
        The plate's results.
    line
        Concentrations and signals (n,) of the curve over its usable range, as `Curve.line` gives them; empty where
        there is none.
    unit
        Of the concentrations.
    title, note
        Above the drawing, and inside it (the curve's model and R2).
    signal_label
        Of the upper axis.
    logarithmic
        Whether the concentrations are drawn as logarithms (4PL and 5PL).
    within_percent
        Drawn as limits on the recovery of the standards.

    Returns
    -------
    matplotlib.figure.Figure
        One column wide.

    Examples
    --------
    >>> known = StandardResult(name="STD1", concentration=100.0, signal=0.5, back_calculated=98.0,
    ...                        recovery_percent=98.0, cv_percent=2.0)
    >>> figure = draw_plate(standards=[known], samples=[], line=(np.array([50.0, 200.0]), np.array([0.3, 0.9])),
    ...                     unit="ug/mL")
    >>> len(figure.axes)
    2
    """
    with figure_style():
        figure = Figure(figsize=(SINGLE_MM * MM, _HEIGHT_MM * MM), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
        zero = _set_axis(lower, standards, unit, logarithmic)
        _draw_range(upper, lower, line[0])
        upper.plot(*line, color=INK, linewidth=0.9, zorder=2)
        _draw_standards(upper, standards, line[0], zero)
        _draw_off(upper, standards, zero)
        _draw_samples(upper, samples)
        _draw_out_of_range(upper, samples, line)
        _draw_recovery(lower, standards, within_percent)
        rising = not len(line[1]) or bool(line[1][-1] >= line[1][0])
        _label(upper, title, note, signal_label, rising=rising)
        return figure


def _set_axis(axes: Axes, standards: Sequence[StandardResult], unit: str, logarithmic: bool) -> float:
    """Set the shared axis of concentrations; return where the zero standard stands."""
    known = [standard.concentration for standard in standards if standard.concentration > 0] or [1.0]
    axes.set_xlabel(f"Concentration in the well ({_unit_text(unit)})")
    if not logarithmic:
        reach = max(known)
        axes.set_xlim(-0.06 * reach, 1.08 * reach)
        return 0.0
    axes.set_xscale("log")
    zero = min(known) / 2.5
    axes.set_xlim(zero / 1.6, max(known) * 1.7)
    ticks = _round_ticks(min(known), max(known))
    minor = [digit * 10.0**power for power in range(-12, 12) for digit in range(1, 10)]
    axes.xaxis.set_major_locator(FixedLocator([zero, *ticks]))
    axes.xaxis.set_minor_locator(FixedLocator([tick for tick in minor if min(known) <= tick <= max(known) * 1.6]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: "0" if value < 1.01 * zero else f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    return zero


def _round_ticks(low: float, high: float) -> list[float]:
    """Return the numbers 1, 2 and 5 times a power of ten from `low` to `high`, or powers of ten where they are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    digits = (1, 2, 5) if high / low < 1e3 else (1,)
    ticks = [digit * 10.0**power for power in powers for digit in digits]
    return [tick for tick in ticks if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]


def _unit_text(unit: str) -> str:
    return unit.replace("ug", "\u00b5g").replace("uL", "\u00b5L")


def _draw_range(upper: Axes, lower: Axes, concentrations: Vector) -> None:
    """Shade what lies outside the usable range."""
    left, right = lower.get_xlim()
    if not len(concentrations):
        return
    for axes in (upper, lower):
        axes.axvspan(left, float(concentrations[0]), color=_BAND, linewidth=0, zorder=0)
        axes.axvspan(float(concentrations[-1]), right, color=_BAND, linewidth=0, zorder=0)


def _draw_standards(axes: Axes, standards: Sequence[StandardResult], line: Vector, zero: float) -> None:
    """Draw standards as circles, hollow where they do not bound or lie in the usable range."""
    present = [(s.concentration, s.signal) for s in standards if s.signal is not None]
    inside = [point for point in present if len(line) and line[0] <= point[0] <= line[-1]]
    outside = [point for point in present if point not in inside]
    for group, face, label in ((inside, INK, "standard"), (outside, "white", "standard, not in range")):
        x = [concentration if concentration > 0 else zero for concentration, _ in group]
        y = [signal for _, signal in group]
        if group:
            axes.scatter(x, y, s=20, facecolor=face, edgecolor=INK, linewidth=0.7, zorder=3, label=label)


def _draw_off(axes: Axes, standards: Sequence[StandardResult], zero: float) -> None:
    """Draw the single wells that lie off the curve as rings, and those that a person left out as crosses."""
    for left_out, label in ((True, "well left out"), (False, "outlier, kept")):
        points = [
            (standard.concentration or zero, well.signal)
            for standard in standards
            for well in standard.wells
            if well.signal is not None and (bool(well.excluded) if left_out else well.outlier)
        ]
        if points:
            x, y = zip(*points, strict=True)
            axes.plot(
                x,
                y,
                linestyle="",
                marker="x" if left_out else "o",
                markersize=5.5,
                color=_OUT,
                label=label,
                markerfacecolor="none",
                markeredgewidth=0.9,
                zorder=5,
            )


def _draw_samples(axes: Axes, samples: Sequence[SampleResult]) -> None:
    for spiked, colour, marker, label in ((False, _SAMPLE, "D", "sample"), (True, _SPIKED, "s", "spiked sample")):
        placed = [
            (sample.concentration / sample.dilution, sample.signal)
            for sample in samples
            if sample.spiked == spiked and sample.concentration is not None
        ]
        if placed:
            x, y = zip(*placed, strict=True)
            _draw_intervals(axes, [one for one in samples if one.spiked == spiked], colour)
            axes.scatter(x, y, s=9, marker=marker, color=colour, alpha=0.75, linewidth=0, zorder=4, label=label)


def _draw_intervals(axes: Axes, samples: Sequence[SampleResult], colour: str) -> None:
    """Draw each sample's interval as a thin line at its signal, to the drawing's edge where a limit is open."""
    left, right = axes.get_xlim()
    for sample in samples:
        if sample.ci is None or sample.signal is None:
            continue
        low, high = (None if limit is None else limit / sample.dilution for limit in sample.ci)
        ends = (left if low is None else max(low, left), right if high is None else min(high, right))
        axes.plot(ends, (sample.signal, sample.signal), color=colour, linewidth=0.6, alpha=0.6, zorder=3.5)


def _draw_out_of_range(axes: Axes, samples: Sequence[SampleResult], line: tuple[Vector, Vector]) -> None:
    """Draw samples without a concentration at the side where they left the curve."""
    lost = [s.signal for s in samples if s.concentration is None and s.signal is not None]
    if not lost or not len(line[1]):
        return
    middle = (line[1][0] + line[1][-1]) / 2
    rising = line[1][-1] >= line[1][0]
    label = f"out of range ({len(lost)})"
    for right, marker, place in ((True, ">", 0.985), (False, "<", 0.015)):
        signals = [signal for signal in lost if ((signal > middle) == rising) == right]
        if signals:
            x, transform = [place] * len(signals), axes.get_yaxis_transform()
            axes.scatter(x, signals, s=12, marker=marker, color=_OUT, transform=transform, zorder=5, label=label)
            label = "_nolegend_"
    low, high = axes.get_ylim()
    margin = 0.04 * (high - low)
    axes.set_ylim(min(low, min(lost) - margin), max(high, max(lost) + margin))


def _draw_recovery(axes: Axes, standards: Sequence[StandardResult], within: float) -> None:
    """Draw how far each standard comes back from its true concentration; arrows where it is beyond the drawing."""
    reach = 1.6 * within
    axes.axhline(0, color=INK, linewidth=0.6, zorder=1)
    for limit in (-within, within):
        axes.axhline(limit, color=PALETTE[0], linewidth=0.6, linestyle=(0, (4, 2)), zorder=1)
    for standard in standards:
        if standard.recovery_percent is None:
            continue
        error = standard.recovery_percent - 100
        marker = "o" if abs(error) <= reach else "^" if error > 0 else "v"
        colour = INK if abs(error) <= within else _OUT
        height = max(-0.93 * reach, min(0.93 * reach, error))
        axes.scatter(standard.concentration, height, s=14, marker=marker, color=colour, linewidth=0, zorder=3)
    axes.set_ylim(-reach, reach)
    axes.set_yticks([-within, 0, within], [f"\u2212{within:g}", "0", f"+{within:g}"])
    axes.set_ylabel("Standard\u2019s\nerror (%)")


def _label(axes: Axes, title: str, note: str, signal_label: str, *, rising: bool) -> None:
    axes.set_ylabel(signal_label)
    axes.tick_params(labelbottom=False)
    if title:
        axes.set_title(title, loc="left")
    handles, _ = axes.get_legend_handles_labels()
    if handles:
        legend = axes.legend(
            loc="upper left" if rising else "upper right",
            frameon=False,
            fontsize=6.5,
            handletextpad=0.2,
            borderaxespad=0.2,
            title=note or None,
            alignment="left",
        )
        legend.get_title().set_fontsize(6.5)
