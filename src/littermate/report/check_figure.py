"""Check figure: one page on a recording: a contact sheet, its brightness over time, and what was found.

Pictures are in grey levels of 16 to 235, times in seconds on the recording's clock. The first row shows the start,
closer together than the rest, which is spread evenly; the picture nearest to the proposed t0 is framed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.model.finding import Finding
from littermate.report.style import DOUBLE_MM, INK, MM

__all__ = ["draw_check"]

_ACROSS, _DOWN = 6, 4
_START_S = 12.0
_COLOURS = {"critical": "#b3372c", "warning": "#b07400", "note": "#33658a"}
_T0, _GAP, _TRACE = "#009e73", "#b3372c", "#3a4a5a"
_LINE_MM, _WRAP = 3.6, 118


def draw_check(
    t_s: NDArray[np.float64],
    pictures: NDArray[np.uint8],
    *,
    title: str,
    t0_s: float | None = None,
    gaps: Sequence[tuple[float, float]] = (),
    findings: Sequence[Finding] = (),
) -> Figure:
    """Draw one recording.

    Parameters
    ----------
    t_s : (n,) float64
        Times of the pictures, rising.
    pictures : (n, height, width) uint8
    title
        The headline.
    t0_s
        The proposed t0; `None` where there is none.
    gaps
        Stretches without a trustworthy frame.
    findings
        What was found, written below.

    Returns
    -------
    matplotlib.figure.Figure
        As wide as a journal's two columns.
    """
    lines = _lines(findings)
    shown = _shown(t_s, t0_s)
    rows = -(-len(shown) // _ACROSS)
    aspect = pictures.shape[1] / pictures.shape[2] if len(pictures) else 0.75
    heights = [max(1.0, rows * aspect * DOUBLE_MM / _ACROSS), 26.0 if len(t_s) else 1.0, _LINE_MM * (len(lines) + 1)]
    figure = Figure(figsize=(DOUBLE_MM * MM, (sum(heights) + 16) * MM), layout="constrained")
    sheet, light, words = np.asarray(figure.subfigures(3, 1, height_ratios=heights)).tolist()
    figure.suptitle(title, fontsize=9, x=0.01, ha="left", parse_math=False)
    if len(shown):
        _draw_sheet(list(sheet.subplots(rows, _ACROSS, squeeze=False).flat), t_s, pictures, shown, t0_s)
        _draw_light(light.subplots(), t_s, pictures, t0_s, gaps)
    for number, (text, colour) in enumerate(lines):
        words.text(0.01, 1 - (number + 1) / (len(lines) + 1), text, fontsize=7, color=colour, parse_math=False)
    return figure


def _shown(t_s: NDArray[np.float64], t0_s: float | None) -> list[int]:
    """Choose the pictures: a row of the start, the rest evenly, and the one at t0."""
    if len(t_s) <= _ACROSS * _DOWN:
        return list(range(len(t_s)))
    start = np.linspace(t_s[0], min(_START_S, t_s[-1] / 3), _ACROSS, endpoint=False)
    rest = np.linspace(min(_START_S, t_s[-1] / 3), t_s[-1], _ACROSS * (_DOWN - 1))
    nearest = {int(np.argmin(np.abs(t_s - t))) for t in np.concatenate([start, rest])}
    if t0_s is not None and (at := int(np.searchsorted(t_s, t0_s - 1e-6))) not in nearest:
        nearest.remove(min(nearest - {0}, key=lambda k: abs(k - at), default=0))
        nearest.add(at)
    return sorted(nearest)


def _draw_sheet(
    axes: Sequence[Axes],
    t_s: NDArray[np.float64],
    pictures: NDArray[np.uint8],
    shown: Sequence[int],
    t0_s: float | None,
) -> None:
    for one in axes:
        one.set_axis_off()
    at = None if t0_s is None else int(np.searchsorted(t_s, t0_s - 1e-6))
    for one, k in zip(axes, shown, strict=False):
        one.imshow(pictures[k], cmap="gray", vmin=16, vmax=235, interpolation="nearest")
        one.set_title(f"{t_s[k]:.1f} s" + (", proposed t0" if k == at else ""), fontsize=6, pad=1.5, loc="left")
        if k == at:
            one.set_axis_on()
            one.set(xticks=[], yticks=[])
            for side in one.spines.values():
                side.set(visible=True, color=_T0, linewidth=2)


def _draw_light(
    axes: Axes,
    t_s: NDArray[np.float64],
    pictures: NDArray[np.uint8],
    t0_s: float | None,
    gaps: Sequence[tuple[float, float]],
) -> None:
    sparse = pictures[:, ::3, ::3].reshape(len(pictures), -1)
    low, high = np.quantile(sparse, [0.05, 0.95], axis=1)
    axes.fill_between(t_s, low, high, color=_TRACE, alpha=0.2, lw=0)
    axes.plot(t_s, sparse.mean(axis=1), color=_TRACE, lw=1)
    for start, stop in gaps:
        axes.axvspan(start, stop, facecolor="none", edgecolor=_GAP, hatch="////", lw=0.5)
    if t0_s is not None:
        axes.axvline(t0_s, color=_T0, lw=1.5)
    axes.set(xlim=(0, float(t_s[-1]) or 1.0), ylim=(16, 235))
    axes.set_xlabel("Time in the recording (s)", fontsize=7, loc="left")
    axes.set_ylabel("Grey level", fontsize=7)
    axes.tick_params(labelsize=7)
    said = "mean and middle 90 % of the grey levels" + ("; hatched: gaps" if gaps else "")
    axes.text(1.0, 1.02, said, transform=axes.transAxes, ha="right", fontsize=6)
    axes.spines[["top", "right"]].set_visible(False)


def _lines(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    if not findings:
        return [("Nothing was found wrong.", INK)]
    return [
        (line, _COLOURS.get(one.importance, INK))
        for one in findings
        for line in textwrap.wrap(f"{one.importance}, {one.id}: {one.message}", _WRAP, subsequent_indent="    ")
    ]
