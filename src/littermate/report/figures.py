"""The figures of a study: one a kind of outcome, as paper-ready SVG, PDF and PNG.

A figure has one column an outcome (at most three beside each other): the groups above, the estimated differences
below. matplotlib's `Figure` is used directly, so that no window system and no global state takes part.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from littermate.files import written_whole
from littermate.model.analysis import Analysis
from littermate.report.grouping import FigurePlan
from littermate.report.panels import draw_differences, draw_values, shown_differences
from littermate.report.results import adjusted_for, effect_statistics, studied_effects
from littermate.report.style import DOUBLE_MM, MM, SINGLE_MM, figure_style
from littermate.report.wording import group_label, group_sizes, listed, term_label

__all__ = ["caption", "draw_figure", "inline_svg", "save_figure", "title"]

BESIDE = 3
VALUES_MM, PER_DIFFERENCE_MM, AROUND_MM = 44.0, 7.5, 25.0


def draw_figure(plan: FigurePlan) -> Figure:
    """Draw one figure.

    A single outcome takes one journal column (89 mm), more take the page's width (183 mm).
    """
    with figure_style():
        return _draw(plan)


def _draw(plan: FigurePlan) -> Figure:
    count = len(plan.panels)
    columns = min(count, BESIDE)
    bands = -(-count // BESIDE)
    lower = max(len(shown_differences(analysis)) for _, analysis in plan.panels) * PER_DIFFERENCE_MM
    width = SINGLE_MM if columns == 1 else DOUBLE_MM
    engine = ConstrainedLayoutEngine(w_pad=2 * MM, h_pad=1 * MM, wspace=0.02, hspace=0.02)
    figure = Figure(figsize=(width * MM, bands * (VALUES_MM + lower + AROUND_MM) * MM), layout=engine)
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2 * bands, columns, height_ratios=[VALUES_MM, max(lower, 6.0)] * bands)
    for index, (outcome, analysis) in enumerate(plan.panels):
        band, column = divmod(index, BESIDE)
        upper = figure.add_subplot(grid[2 * band, column])
        draw_values(upper, analysis, name=outcome.name, row_names=column == 0)
        under = figure.add_subplot(grid[2 * band + 1, column])
        draw_differences(under, analysis, row_names=column == 0, words=count == 1)
        if count > 1:
            upper.set_title(_letter(index), loc="left", fontweight="bold")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once, not again in each file
    return figure


def _letter(index: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26]


def save_figure(figure: Figure, folder: str | Path, name: str) -> tuple[Path, ...]:
    """Write a figure as SVG, PDF and PNG (300 dpi) and return the three paths."""
    paths = tuple(Path(folder) / f"{name}{suffix}" for suffix in (".svg", ".pdf", ".png"))
    for path in paths:
        with written_whole(path) as part, figure_style():
            figure.savefig(part, metadata=_no_date(path.suffix))
    return paths


def _no_date(suffix: str) -> dict[str, None]:
    """Leave the date out, so that the same study gives the same bytes."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}[suffix]


def inline_svg(figure: Figure, name: str, *, label: str) -> str:
    """Return a figure as an SVG element for an HTML page: scalable, labelled, with ids of its own.

    Letters are paths, so the element holds no text from the study but `label`, which is escaped here.
    """
    buffer = io.StringIO()
    with figure_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|xlink:href="#)', rf"\g<1>{name}-", svg)
    width = float(figure.get_figwidth()) / MM
    head = f'<svg role="img" aria-label="{_attribute(label)}" style="max-width:{width * 1.45:.0f}mm"'
    return re.sub(r'^<svg|(?<=\s)(?:width|height)="[\d.]+pt"', lambda hit: head if hit[0] == "<svg" else "", svg)


def _attribute(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text


def title(plan: FigurePlan) -> str:
    """Name a figure: its outcomes and where they were measured."""
    assay = plan.panels[0][0].assay
    names = listed(outcome.name for outcome, _ in plan.panels)
    return f"{names[:1].upper()}{names[1:]} ({assay})"


def caption(plan: FigurePlan) -> str:
    """Write a figure's caption: what is drawn, n, and each effect's F and exact P."""
    analysis = plan.panels[0][1]
    parts = [
        "Bars are means ± SEM and points are single animals.",
        _groups_in_words(plan),
        "Below, estimated differences of marginal means with 95 % confidence intervals; shaded, the sampling "
        "distribution of the estimate.",
    ]
    if any(":" in difference.factor for difference in shown_differences(analysis)):
        parts.append("An interaction is a difference of two differences.")
    adjusted = listed(dict.fromkeys(name for _, one in plan.panels for name in adjusted_for(one)))
    if adjusted:
        parts.append(f"Differences are adjusted for {adjusted}; bars and points are not.")
    for position, (outcome, one) in enumerate(plan.panels):
        letter = f"({_letter(position)}) " if len(plan.panels) > 1 else ""
        parts.append(f"{letter}{outcome.name[:1].upper()}{outcome.name[1:]}: {_effects_in_words(one)}.")
    return " ".join(parts)


def _groups_in_words(plan: FigurePlan) -> str:
    sizes = {group_sizes(analysis) for _, analysis in plan.panels}
    labels = listed(group_label(group.levels) for group in plan.panels[0][1].groups)
    if len(sizes) == 1:
        return f"Groups, from left: {labels}; {sizes.pop()}."
    each = "; ".join(f"{outcome.name}: {group_sizes(analysis)}" for outcome, analysis in plan.panels)
    return f"Groups, from left: {labels}; {each}."


def _effects_in_words(analysis: Analysis) -> str:
    return "; ".join(f"{term_label(effect.term)}, {effect_statistics(effect)}" for effect in studied_effects(analysis))
