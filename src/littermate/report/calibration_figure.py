"""Calibration figure: the ROC curve with the thresholds chosen, held-out agreement, and thresholds animal by animal.

Left: how well activity alone tells immobility from the rest, and where the fitted rules stand. Middle: difference of
each trial's held-out total from the person's against their mean (Bland & Altman 1986), with bias, limits of agreement
and, as bars at the right, their 95 % intervals. Right: the thresholds fitted without each animal, and to all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.report.style import DOUBLE_MM, MM, figure_style

__all__ = ["CalibrationPicture", "draw_calibration"]

_INK, _MARK, _RULE, _SOFT = "#3a4a5a", "#c8553d", "#7a6f9b", "#cfd6dd"
_MOST_NAMES = 24

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationPicture:
    """What is drawn.

    Parameters
    ----------
    title
        The verdict in words.
    false_rate, true_rate : (k,) float
        The ROC curve.
    auc
        Its area.
    chosen
        False and true rate of the fitted rules.
    first_percent, second_percent : (n,) float
        Totals of the person and of the held-out scores.
    bias, lower, upper
        Each with its 95 % interval; `None` where there is none.
    max_bias, max_limit
        Within what they must be.
    animals
        The animal of each fold.
    folds : (animals, 2) float
        Thresholds without it.
    thresholds
        Those of all animals.
    """

    title: str
    false_rate: NDArray[np.float64]
    true_rate: NDArray[np.float64]
    auc: float
    chosen: tuple[float, float]
    first_percent: NDArray[np.float64]
    second_percent: NDArray[np.float64]
    bias: tuple[float, Interval] | None
    lower: tuple[float, Interval] | None
    upper: tuple[float, Interval] | None
    max_bias: float
    max_limit: float
    animals: Sequence[str]
    folds: NDArray[np.float64]
    thresholds: tuple[float, float]


def draw_calibration(picture: CalibrationPicture) -> Figure:
    """Draw ROC, agreement and folds beside each other, as wide as a page."""
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, 72 * MM), layout="constrained")
        roc, totals, folds = figure.subplots(1, 3, width_ratios=(1, 1.25, 1.1))
        _draw_roc(roc, picture)
        _draw_totals(totals, picture)
        _draw_folds(folds, picture)
        for letter, axes in zip("ABC", (roc, totals, folds), strict=True):
            axes.set_title(letter, loc="left", fontweight="bold")
        figure.suptitle(picture.title, fontsize=8, x=0.01, ha="left")
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    return figure


def _draw_roc(axes: Axes, picture: CalibrationPicture) -> None:
    axes.plot([0, 1], [0, 1], color=_SOFT, lw=0.8, ls="--")
    axes.plot(picture.false_rate, picture.true_rate, color=_INK, lw=1.2, label="activity alone")
    axes.plot(*picture.chosen, "o", color=_MARK, ms=5, label="fitted rules")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    axes.set(xlabel="Other time called immobile", ylabel="Immobile time called immobile")
    axes.text(0.97, 0.32, f"area {picture.auc:.3f}", ha="right", fontsize=7, color=_INK)
    axes.legend(loc="lower right", frameon=False, fontsize=7)


def _draw_totals(axes: Axes, picture: CalibrationPicture) -> None:
    mean = 0.5 * (picture.first_percent + picture.second_percent)
    difference = picture.second_percent - picture.first_percent
    axes.axhline(0, color=_SOFT, lw=0.8)
    for value in (-picture.max_limit, picture.max_limit):
        axes.axhline(value, color=_RULE, lw=0.7, ls=":")
    axes.plot(mean, difference, "o", color=_INK, ms=3.5, alpha=0.8, mew=0)
    lines = ((picture.upper, "--", "upper limit"), (picture.bias, "-", "bias"), (picture.lower, "--", "lower limit"))
    for place, (line, style, word) in enumerate(lines):
        if line is not None:
            _draw_line(axes, line, style, word, at=105 + 4 * place)
    shown = [abs(value) for value in difference.tolist()] + [1.1 * picture.max_limit]
    shown += [abs(edge) for line in (picture.upper, picture.lower) if line for edge in line[1]]
    axes.set_ylim(-1.12 * max(shown), 1.12 * max(shown))
    axes.set_xlim(-2, 117)
    axes.set_xticks((0, 25, 50, 75, 100))
    axes.text(
        101, picture.max_limit, f"{picture.max_limit:g} allowed", fontsize=6, color=_RULE, ha="right", va="bottom"
    )
    axes.set(xlabel="Mean of person and program (% of time)", ylabel="Program - person (points)")


def _draw_line(axes: Axes, line: tuple[float, Interval], style: str, word: str, *, at: float) -> None:
    """Draw a line across, its value on the left and its interval as a bar on the right."""
    value, (low, high) = line
    axes.axhline(value, color=_MARK, lw=0.9, ls=style)
    axes.plot([at, at], [low, high], color=_MARK, lw=1.6, alpha=0.7, solid_capstyle="butt")
    axes.text(-1, value, f"{word} {value:+.1f}", fontsize=6, color=_MARK, va="bottom")


def _draw_folds(axes: Axes, picture: CalibrationPicture) -> None:
    rows = np.arange(len(picture.animals))
    for column, (mark, word) in enumerate((("o", "immobile below"), ("s", "mobile above"))):
        colour = (_MARK, _RULE)[column]
        axes.axvline(picture.thresholds[column], color=colour, lw=0.8, alpha=0.6)
        axes.plot(picture.folds[:, column], rows, mark, color=colour, ms=3.5, mew=0, label=word)
    axes.set_xscale("log")
    low, high = picture.folds.min() / 2, picture.folds.max() * 2
    ticks = [tick for tick in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2) if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlim=(low, high), ylim=(len(rows) - 0.5, -0.5), xlabel="Threshold (animal areas a step)")
    names = list(picture.animals) if len(rows) <= _MOST_NAMES else []
    axes.set_yticks(rows[: len(names)], names)
    axes.set_ylabel("Without animal")
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.56, 1.13),
        ncols=2,
        frameon=False,
        fontsize=6,
        handletextpad=0.1,
        columnspacing=1.0,
    )
