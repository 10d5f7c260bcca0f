"""Swim figure: a motion trace with its thresholds, the immobile bouts, the scored window, missing time, and stills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion
from littermate.model.still import Still

__all__ = ["draw_swim"]

_TRACE, _BOUT, _WINDOW, _MISSING, _RULE = "#3a4a5a", "#c8553d", "#eef1f4", "#9aa5b1", "#7a6f9b"
_STILL = "#0072b2"


def draw_swim(
    motion: Motion,
    *,
    window_s: tuple[float, float],
    bouts: Sequence[DetectedBout] = (),
    thresholds: tuple[float, float] | None = None,
    smooth_s: float = 0.5,
    title: str = "",
    stills: Sequence[Still] = (),
) -> Figure:
    """Draw one trial.

    Parameters
    ----------
    motion
        The trial's motion trace.
    window_s
        The scored part; it is shaded.
    bouts
        Immobile bouts; drawn as bars above the trace.
    thresholds
        Activity below which immobility begins, and above which it ends.
    smooth_s
        The trace is also drawn as a running median over this time.
    title
        A headline; empty for none.
    stills
        Frames to show beside the trace, where a triangle marks their times.

    Returns
    -------
    matplotlib.figure.Figure
        17 cm wide, as a journal's two columns.
    """
    figure = Figure(figsize=(6.7, 2.7), layout="constrained")
    main: Figure | SubFigure = figure
    if stills:
        main, aside = figure.subfigures(1, 2, squeeze=False, width_ratios=(4, 1))[0]
        _draw_stills(aside, stills, bouts)
    bars, trace = main.subplots(2, 1, sharex=True, height_ratios=(1, 6))
    end = max(float(motion.t_s[-1] + motion.step_s) if len(motion.t_s) else 0.0, window_s[1])
    for axes in (bars, trace):
        axes.axvspan(*window_s, color=_WINDOW, lw=0, zorder=0)
        _hatch_missing(axes, motion, end)
    _draw_bars(bars, bouts, scorable=bool(_samples_in(motion, window_s).any()))
    _draw_trace(trace, motion, thresholds, smooth_s)
    trace.plot([one.t_s for one in stills], [1.0] * len(stills), "v", ms=4, color=_STILL, clip_on=False,
               transform=trace.get_xaxis_transform())  # fmt: skip
    trace.set(xlim=(0, end), ylabel="Activity\n(animal areas a step)")
    trace.set_xlabel("Time since t0 (s)", loc="left")
    if title:
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def _samples_in(motion: Motion, window_s: tuple[float, float]) -> np.ndarray:
    """Return the valid samples of the window as a mask."""
    return motion.valid & (motion.t_s < window_s[1]) & (motion.t_s + motion.step_s > window_s[0])


def _draw_bars(axes: Axes, bouts: Sequence[DetectedBout], *, scorable: bool) -> None:
    axes.broken_barh([(bout.start_s, bout.duration_s) for bout in bouts], (0.15, 0.7), color=_BOUT, lw=0)
    total = sum(bout.duration_s for bout in bouts)
    plural = "bout" if len(bouts) == 1 else "bouts"
    axes.set(ylim=(0, 1), yticks=[])
    axes.set_ylabel("immobile", rotation=0, ha="right", va="center", fontsize=8, color=_BOUT)
    words = f"{total:.1f} s in {len(bouts)} {plural}" if scorable else "nothing in the window could be scored"
    axes.text(1.0, 1.08, words, transform=axes.transAxes, ha="right", fontsize=8)
    axes.tick_params(bottom=False)
    for side in axes.spines.values():
        side.set_visible(False)


def _draw_trace(axes: Axes, motion: Motion, thresholds: tuple[float, float] | None, smooth_s: float) -> None:
    activity = np.where(motion.valid, motion.activity, np.nan)
    middle = motion.t_s + motion.step_s / 2
    axes.plot(middle, activity, color=_TRACE, lw=0.4, alpha=0.45)
    axes.plot(middle, _median(activity, max(1, round(smooth_s / motion.step_s)) | 1), color=_TRACE, lw=1.0)
    shown = activity[np.isfinite(activity)]
    top = float(np.quantile(shown, 0.98)) * 1.3 if len(shown) else 1.0
    if thresholds is not None:
        top = max(top, 2.5 * max(thresholds))
        for value, style, word in zip(thresholds, ("-", "--"), ("immobile below", "mobile above"), strict=True):
            axes.axhline(value, color=_RULE, lw=0.8, ls=style, label=f"{word} {value:g}")
        axes.legend(loc="upper right", bbox_to_anchor=(1.0, -0.17), ncols=2, fontsize=7, frameon=False)
    if not len(shown):
        axes.text(0.5, 0.5, "no animal was found", transform=axes.transAxes, ha="center", va="center", fontsize=10)
    axes.set_ylim(0, top)
    axes.spines[["top", "right"]].set_visible(False)


def _hatch_missing(axes: Axes, motion: Motion, end: float) -> None:
    edges = np.flatnonzero(np.diff(np.concatenate([[1], motion.valid.astype(np.int8), [1]])))
    stretches = [
        (float(motion.t_s[a]), float(motion.t_s[b - 1] + motion.step_s))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    recorded = float(motion.t_s[-1] + motion.step_s) if len(motion.t_s) else 0.0
    if recorded < end - motion.step_s:
        stretches.append((recorded, end))
    for start, stop in stretches:
        axes.axvspan(start, stop, facecolor="white", edgecolor=_MISSING, hatch="////", lw=0, zorder=1)


def _median(values: np.ndarray, width: int) -> np.ndarray:
    """Return the running median; NaN wherever the window holds a missing sample or runs over the end."""
    if not len(values):
        return values
    half = width // 2
    padded = np.pad(values, half, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))


def _draw_stills(figure: SubFigure, stills: Sequence[Still], bouts: Sequence[DetectedBout]) -> None:
    """Draw frames under each other with their times and what the program says of them."""
    for axes, one in zip(figure.subplots(len(stills), 1, squeeze=False)[:, 0], stills, strict=True):
        axes.imshow(one.picture, cmap="gray", vmin=0, vmax=255)
        state = next((bout.behaviour for bout in bouts if bout.start_s <= one.t_s < bout.stop_s), "no bout")
        axes.set_title(f"{one.t_s:.1f} s: {state}", fontsize=7, color=_BOUT if state != "no bout" else _STILL, pad=2)
        axes.set(xticks=[], yticks=[])
