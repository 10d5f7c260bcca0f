"""The forest: every study's effect with its interval, sized by its weight, and the pooled effects as diamonds.

One row a study, read from left to right: name, animals (treatment, control), the drawing, the effect with its interval
in numbers, the weight. The diamond of the pooled effect has the prediction interval as a bar below it; the diamond of
a common effect is empty. Ratios stand on a logarithmic axis. An interval that leaves the axis ends in an arrow. Sizes
are millimetres; the figure grows with its rows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from littermate.model.interval import Interval
from littermate.model.meta_analysis import Heterogeneity, MetaAnalysis, PooledStudies, Subgroups
from littermate.model.study_effect import RATIOS
from littermate.report.numbers import number, p_text, significant
from littermate.report.style import DOUBLE_MM, INK, MM, figure_style, group_colour

__all__ = ["Also", "draw_forest", "effect_name", "effect_text", "heterogeneity_text"]

Also = tuple[str, PooledStudies]
"""A further pooled effect to be shown, and its name."""

_ROW_MM, _TOP_MM, _AXIS_MM, _LINE_MM = 4.3, 8.0, 14.0, 3.4
_NAME_MM, _N_MM, _PLOT_MM, _TEXT_MM, _WEIGHT_MM = 3.0, (50.0, 63.0), (67.0, 127.0), 163.0, 180.0
_LETTERS, _CAPTION_LETTERS = 30, 145
_POOLED, _OWN = group_colour(5), group_colour(6)
_RATIO_TICKS = np.array([1, 2, 5])
_NAMES = {"SMD": "g", "MD": "Difference", "ROM": "Ratio", "RR": "Risk ratio", "OR": "Odds ratio", "given": "Effect"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of the forest; `kind` is study, heading, diamond, empty diamond, prediction or space."""

    kind: str
    label: str = ""
    sizes: tuple[float | None, float | None] = (None, None)
    estimate: float = 0.0
    ci: Interval = (0.0, 0.0)
    weight: float | None = None
    own: bool = False


def draw_forest(found: MetaAnalysis, *, own: str = "", also: Sequence[Also] = ()) -> Figure:
    """Draw a meta-analysis.

    Parameters
    ----------
    found
        What is drawn; by subgroups where it has them.
    own
        The name of a study that is told by its colour.
    also
        Further pooled effects, shown below the others.

    Returns
    -------
    Figure
        Two journal columns (183 mm) wide.
    """
    rows = [*_rows(found, own), *(row for name, pooled in also for row in _pooled_rows(name, pooled))]
    lines = [line for text in _caption(found) for line in textwrap.wrap(text, _CAPTION_LETTERS)]
    body, below = len(rows) * _ROW_MM, _AXIS_MM + len(lines) * _LINE_MM
    height = _TOP_MM + body + below
    with figure_style():
        figure = Figure(figsize=(DOUBLE_MM * MM, height * MM))
        FigureCanvasAgg(figure)
        left, right = _PLOT_MM
        axes = figure.add_axes(
            (left / DOUBLE_MM, below / height, (right - left) / DOUBLE_MM, body / height), facecolor="none"
        )
        _draw_rows(axes, rows, found)
        _finish_axis(axes, found)
        _write_heads(axes, rows, found)
        bottom = (below - _AXIS_MM) / height
        figure.text(0.016, bottom, "\n".join(lines), va="top", fontsize=6.5, linespacing=1.35)
    return figure


def _rows(found: MetaAnalysis, own: str) -> Iterator[_Row]:
    if found.subgroups is None:
        yield from _study_rows(found, range(len(found.effects)), own)
        yield _Row(kind="space")
    else:
        yield from _grouped_rows(found, found.subgroups, own)
    yield from _pooled_rows(_method_name(found.pooled), found.pooled)
    if found.pooled.method != "EE":
        yield _diamond("Common effect", found.common, kind="empty diamond")


def _grouped_rows(found: MetaAnalysis, subgroups: Subgroups, own: str) -> Iterator[_Row]:
    for group in subgroups.groups:
        yield _Row(kind="heading", label=f"{subgroups.column}: {group.level}")
        yield from _study_rows(found, group.members, own)
        yield _diamond(f"{group.level}, pooled", group.pooled)
        yield _Row(kind="space")
    members = {row for group in subgroups.groups for row in group.members}
    unknown = [row for row in range(len(found.effects)) if row not in members]
    if unknown:
        yield _Row(kind="heading", label=f"{subgroups.column}: not known")
        yield from _study_rows(found, unknown, own)
        yield _Row(kind="space")


def _study_rows(found: MetaAnalysis, members: Sequence[int], own: str) -> Iterator[_Row]:
    for row in members:
        one = found.effects[row]
        yield _Row(
            kind="study",
            label=one.study,
            sizes=(one.n_treatment, one.n_control),
            estimate=one.yi,
            ci=one.interval(found.pooled.level),
            weight=found.pooled.weights[row],
            own=one.study == own,
        )


def _pooled_rows(name: str, pooled: PooledStudies) -> Iterator[_Row]:
    yield _diamond(name, pooled)
    if pooled.heterogeneity.tau2 > 0:
        yield _Row(
            kind="prediction", label="Prediction interval", estimate=pooled.estimate, ci=pooled.prediction_interval
        )


def _diamond(label: str, pooled: PooledStudies, kind: str = "diamond") -> _Row:
    return _Row(kind=kind, label=label, estimate=pooled.estimate, ci=pooled.ci)


def _method_name(pooled: PooledStudies) -> str:
    if pooled.method == "EE":
        return "Common effect"
    tests = {"knha": ", Knapp-Hartung", "adhoc": ", Knapp-Hartung", "t": ", t"}
    return f"Random effects ({pooled.method}{tests.get(pooled.test, '')})"


def _draw_rows(axes: Axes, rows: Sequence[_Row], found: MetaAnalysis) -> None:
    low, high = _reach(rows)
    axes.set_xlim(low, high)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=1)
    axes.axvline(found.pooled.estimate, color=_POOLED, linewidth=0.6, dashes=(4, 3), zorder=1)
    heaviest = max(found.pooled.weights)
    for place, row in enumerate(rows):
        if row.kind in _DRAWN:
            _DRAWN[row.kind](axes, place, row, heaviest)
        _write_row(axes, place, row, found)


def _reach(rows: Sequence[_Row]) -> Interval:
    """Return the axis' limits: all estimates and pooled intervals, and of studies' intervals what is not far out."""
    drawn = [row for row in rows if row.kind in _DRAWN]
    firm = [limit for row in drawn for limit in ((row.estimate,) if row.kind == "study" else row.ci)] + [0.0]
    room = 0.45 * ((max(firm) - min(firm)) or 2.0)
    limits = [limit for row in drawn for limit in row.ci] + [0.0]
    low, high = max(min(limits), min(firm) - room), min(max(limits), max(firm) + room)
    margin = 0.04 * ((high - low) or 2.0)
    return low - margin, high + margin


def _draw_study(axes: Axes, place: int, row: _Row, heaviest: float) -> None:
    colour = _OWN if row.own else INK
    low, high = axes.get_xlim()
    start, stop = max(row.ci[0], low), min(row.ci[1], high)
    axes.plot([start, stop], [place, place], color=colour, linewidth=0.9, solid_capstyle="butt", zorder=2)
    for limit, edge, marker in ((row.ci[0] < low, low, "<"), (row.ci[1] > high, high, ">")):
        if limit:
            axes.plot(edge, place, marker, color=colour, markersize=3, clip_on=False, zorder=3)
    size = 1.8 + 4.2 * np.sqrt((row.weight or 0.0) / heaviest)
    axes.plot(row.estimate, place, "s", color=colour, markersize=size, markeredgewidth=0, zorder=3)


def _draw_diamond(axes: Axes, place: int, row: _Row, _: float) -> None:
    axes.fill(*_corners(place, row), facecolor=_POOLED, edgecolor=_POOLED, linewidth=0.8, zorder=3)


def _draw_empty_diamond(axes: Axes, place: int, row: _Row, _: float) -> None:
    axes.fill(*_corners(place, row), facecolor="white", edgecolor=_POOLED, linewidth=0.8, zorder=3)


def _corners(place: int, row: _Row) -> tuple[list[float], list[float]]:
    low, high = row.ci
    return [low, row.estimate, high, row.estimate], [place, place - 0.33, place, place + 0.33]


def _draw_prediction(axes: Axes, place: int, row: _Row, _: float) -> None:
    axes.plot(row.ci, [place, place], color=_POOLED, linewidth=2.2, solid_capstyle="butt", zorder=2)


_DRAWN: dict[str, Callable[[Axes, int, _Row, float], None]] = {
    "study": _draw_study,
    "diamond": _draw_diamond,
    "empty diamond": _draw_empty_diamond,
    "prediction": _draw_prediction,
}


def _write_row(axes: Axes, place: int, row: _Row, found: MetaAnalysis) -> None:
    strong = row.kind in ("heading", "diamond", "empty diamond") or row.own
    colour = _OWN if row.own else INK
    weight = "bold" if strong else "normal"
    label = " ".join(row.label.split())
    _write(axes, _NAME_MM, place, _shortened(label), "left", colour, weight)
    for at, size in zip(_N_MM, row.sizes, strict=True):
        if size is not None:
            _write(axes, at, place, significant(size, 6), "right", colour, weight)
    if row.kind not in _DRAWN:
        return
    centre = None if row.kind == "prediction" else row.estimate
    _write(axes, _TEXT_MM, place, effect_text(found.measure, centre, row.ci), "right", colour, weight)
    if row.weight is not None:
        _write(axes, _WEIGHT_MM, place, f"{row.weight:.1f}", "right", colour, weight)


def _write(axes: Axes, at_mm: float, place: float, text: str, side: str, colour: str, weight: str) -> None:
    left, right = _PLOT_MM
    x = (at_mm - left) / (right - left)
    axes.text(
        x,
        place,
        text,
        transform=axes.get_yaxis_transform(),
        ha=side,
        va="center",
        color=colour,
        fontweight=weight,
        clip_on=False,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"


def effect_text(measure: str, estimate: float | None, ci: Interval) -> str:
    """Return an effect with its interval in numbers, ratios as ratios; the interval alone where there is no estimate.

    Examples
    --------
    >>> effect_text("SMD", -0.512, (-1.0, 0.0)), effect_text("RR", 0.0, (-0.6931, 0.6931))
    ('−0.51 [−1.00, 0.00]', '1.00 [0.50, 2.00]')
    """
    far = max(abs(limit) for limit in ci)
    decimals = 2 if far < 100 else 1 if far < 1000 else 0

    def show(value: float) -> str:
        return _ratio(value) if measure in RATIOS else number(value, decimals)

    limits = f"[{show(ci[0])}, {show(ci[1])}]"
    return limits if estimate is None else f"{show(estimate)} {limits}"


def _ratio(logarithm: float) -> str:
    value = float(np.exp(min(logarithm, 700.0)))
    return number(value, 2) if value < 1000 else significant(value, 3)


def effect_name(measure: str) -> str:
    """Return what an effect is called on an axis."""
    return _NAMES[measure]


def _finish_axis(axes: Axes, found: MetaAnalysis) -> None:
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_yticks([])
    _set_ticks(axes, found.measure)
    axes.set_xlabel(_axis_words(found.measure), labelpad=9 if found.favours else 3)
    if found.favours:
        _write_favours(axes, found.favours)
    left, right = _PLOT_MM
    ends = [(at - left) / (right - left) for at in (_NAME_MM, _WEIGHT_MM)]
    axes.plot(ends, [-0.5, -0.5], transform=axes.get_yaxis_transform(), color=INK, linewidth=0.6, clip_on=False)


def _set_ticks(axes: Axes, measure: str) -> None:
    if measure not in RATIOS:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        return
    low, high = axes.get_xlim()
    decades = np.arange(np.floor(low / np.log(10)) - 1, np.ceil(high / np.log(10)) + 1)
    steps = _RATIO_TICKS if high - low < 5 else _RATIO_TICKS[:1]
    ratios = np.sort(np.outer(10.0**decades, steps).ravel())
    inside = ratios[(np.log(ratios) >= low) & (np.log(ratios) <= high)]
    axes.xaxis.set_major_locator(FixedLocator(np.log(inside).tolist()))
    axes.set_xticklabels([significant(float(ratio), 3) for ratio in inside])


def _axis_words(measure: str) -> str:
    words = {
        "SMD": "Hedges' g, treatment − control",
        "MD": "Difference of means, treatment − control",
        "ROM": "Ratio of means, treatment / control (log scale)",
        "RR": "Risk ratio, treatment / control (log scale)",
        "OR": "Odds ratio, treatment / control (log scale)",
    }
    return words.get(measure, "Effect")


def _write_favours(axes: Axes, favours: tuple[str, str]) -> None:
    low, high = axes.get_xlim()
    zero = -low / (high - low)
    for words, x, side in ((f"← {favours[0]}", zero - 0.02, "right"), (f"{favours[1]} →", zero + 0.02, "left")):
        axes.annotate(
            words,
            (x, 0),
            xycoords="axes fraction",
            xytext=(0, -14),
            textcoords="offset points",
            ha=side,
            va="top",
            fontsize=6.5,
        )


def _write_heads(axes: Axes, rows: Sequence[_Row], found: MetaAnalysis) -> None:
    level = f"{100 * found.pooled.level:g} % CI"
    heads = [(_NAME_MM, "Study", "left"), (_TEXT_MM, f"{effect_name(found.measure)} [{level}]", "right")]
    heads.append((_WEIGHT_MM, "Weight %", "right"))
    if any(row.sizes != (None, None) for row in rows):
        heads += [(_N_MM[0], "n treat.", "right"), (_N_MM[1], "n contr.", "right")]
    for at, text, side in heads:
        _write(axes, at, -1.1, text, side, INK, "bold")


def _caption(found: MetaAnalysis) -> Iterator[str]:
    pooled = found.pooled
    letter = "z" if pooled.df is None else f"t({pooled.df})"
    yield f"Test of the pooled effect: {letter} = {number(pooled.statistic)}, {p_text(pooled.p)}."
    yield f"Heterogeneity: {heterogeneity_text(pooled.heterogeneity)}."
    groups = found.subgroups
    if groups is not None and groups.q is not None and groups.p is not None:
        yield f"Between the levels of {groups.column}: Q({groups.df}) = {number(groups.q)}, {p_text(groups.p)}."
    yield "Squares are sized by weight; bars are confidence intervals, an arrow where one leaves the axis."


def heterogeneity_text(found: Heterogeneity) -> str:
    """Return what is said of heterogeneity; one study says nothing of it."""
    if found.q_df == 0:
        return "not known from one study"
    limits = found.tau2_ci
    interval = "" if limits is None else f" [{significant(limits[0], 3)}, {significant(limits[1], 3)}]"
    q = f"Q({found.q_df}) = {number(found.q)}, {p_text(found.q_p)}"
    return f"τ² = {significant(found.tau2, 3)}{interval}, I² = {number(found.i2, 0)} %, {q}"
