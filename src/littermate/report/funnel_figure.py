"""The funnel: every study's effect against its standard error, with contours of its own P and studies filled in.

Shades stand around no effect, not around the pooled one (Peters et al. 2008, *J Clin Epidemiol* 61:991): where studies
are lacking in the white part, where P is above .10, small ones that found nothing may have been left unpublished. The
dashed lines hold 95 % of studies around the pooled effect if nothing but chance sets them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from littermate.model.meta_analysis import MetaAnalysis
from littermate.model.publication_bias import AsymmetryTest, PublicationBias, TrimAndFill
from littermate.model.study_effect import RATIOS
from littermate.report.caption import figure_with_caption
from littermate.report.forest_figure import effect_name, effect_text
from littermate.report.numbers import bounded, number, p_text
from littermate.report.style import INK, SINGLE_MM, figure_style, group_colour

__all__ = ["draw_funnel"]

_HEIGHT_MM = 74.0
_SHADES = ((0.01, "#e3e6e8"), (0.05, "#f0f2f3"), (0.10, "#ffffff"))
"""From the outermost contour inwards: what is drawn where P is below the first is the background."""
_OUTSIDE = "#d3d7da"


def draw_funnel(found: MetaAnalysis, bias: PublicationBias) -> Figure:
    """Draw the funnel of a meta-analysis; studies filled in are those of trim-and-fill by L0.

    Returns
    -------
    Figure
        One journal column (89 mm) wide.
    """
    filled = next((one for one in bias.filled if one.estimator == "L0"), None)
    with figure_style():
        figure = figure_with_caption(_sentences(found, bias, filled), width_mm=SINGLE_MM, height_mm=_HEIGHT_MM)
        axes = figure.subplots()
        points = [(one.yi, one.se) for one in found.effects]
        mirrored = [(y, v**0.5) for y, v in filled.filled] if filled else []
        _set_limits(axes, [*points, *mirrored], found.common.estimate)
        _draw_contours(axes)
        _draw_cone(axes, found.common.estimate)
        axes.plot(*zip(*points, strict=True), "o", color=INK, markersize=3.6, markeredgewidth=0, zorder=4)
        if mirrored:
            axes.plot(*zip(*mirrored, strict=True), "o", color=INK, markersize=3.6, markerfacecolor="white", zorder=4)
        axes.set_ylabel("Standard error")
        axes.set_xlabel(f"{effect_name(found.measure)}{' (logarithm)' if found.measure in RATIOS else ''}")
        _add_legend(figure)
    return figure


def _set_limits(axes: Axes, points: list[tuple[float, float]], centre: float) -> None:
    deepest = 1.08 * max(se for _, se in points)
    reach = 1.15 * max(*(abs(y) for y, _ in points), abs(centre) + 1.96 * deepest)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(deepest, 0)


def _draw_contours(axes: Axes) -> None:
    axes.set_facecolor(_OUTSIDE)
    deepest = axes.get_ylim()[0]
    for p, shade in _SHADES:
        edge = NormalDist().inv_cdf(1 - p / 2) * deepest
        axes.fill([-edge, 0, edge], [deepest, 0, deepest], color=shade, linewidth=0, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.6, zorder=1)


def _draw_cone(axes: Axes, centre: float) -> None:
    deepest = axes.get_ylim()[0]
    edge = NormalDist().inv_cdf(0.975) * deepest
    colour = group_colour(5)
    axes.axvline(centre, color=colour, linewidth=0.9, zorder=2)
    axes.plot(
        [centre - edge, centre, centre + edge],
        [deepest, 0, deepest],
        color=colour,
        linewidth=0.8,
        dashes=(4, 3),
        zorder=2,
    )


def _add_legend(figure: Figure) -> None:
    shades = zip(
        ("p > .10", ".10 to .05", ".05 to .01", "p < .01"),
        (*(shade for _, shade in reversed(_SHADES)), _OUTSIDE),
        strict=True,
    )
    handles = [Patch(facecolor=shade, label=label, edgecolor=INK, linewidth=0.4) for label, shade in shades]
    figure.legend(handles=handles, loc="outside upper center", ncols=4, frameon=False, handlelength=1.2)


def _sentences(found: MetaAnalysis, bias: PublicationBias, filled: TrimAndFill | None) -> Iterator[str]:
    yield "Points: studies. Blue: the common effect, and where 95 % of studies lie if only chance parts them."
    for test in bias.tests:
        yield _test_text(test)
    if filled is not None:
        studies = "studies" if filled.missing != 1 else "study"
        text = effect_text(found.measure, filled.pooled.estimate, filled.pooled.ci)
        circles = " (circles)" if filled.missing else ""
        yield f"Trim-and-fill (L0): {filled.missing} {studies} filled in on the {filled.side}{circles}; pooled {text}."


def _test_text(test: AsymmetryTest) -> str:
    if test.limit is None:
        return f"Rank correlation: Kendall's tau = {bounded(test.statistic, 2)}, {p_text(test.p)}."
    letter = "z" if test.df is None else f"t({test.df})"
    return f"{test.name}: {letter} = {number(test.statistic)}, {p_text(test.p)}."
