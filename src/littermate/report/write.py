"""Write a report: one HTML file, the figures, the tables, and all raw numbers.

::

    report/
      report.html                stands alone, opens without a network
      figures/figure-1.svg .pdf .png
      tables/measurements.csv anova.csv groups.csv differences.csv (truth.csv, in a simulated study)
      tables/arrive.csv arrive.xlsx  the checklist, to be handed in
      text/results.txt methods.txt    the same words as on the page, for a manuscript
      analysis.json              raw numbers

Each file is written whole or not at all, the page last, so that a page never stands beside older numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from littermate.files import written_whole
from littermate.report.arrive_sheet import write_checklist
from littermate.report.content import ReportContent
from littermate.report.earlier import draw_earlier
from littermate.report.figure_svg import inline_svg, point_links
from littermate.report.figures import Later, caption, draw_figure, save_drawn, title
from littermate.report.grouping import FigurePlan, plan_figures
from littermate.report.manuscript import methods_text, results_text
from littermate.report.page import DrawnFigure, render_page
from littermate.report.tables import analysis_json, write_tables
from littermate.report.wording import value_anchor

__all__ = ["write_report"]

HandOver = Callable[..., Callable[[], object]]


def write_report(
    folder: str | Path, content: ReportContent, *, width: str | None = None, hand_over: HandOver = partial
) -> Path:
    """Write a study's report into a folder, which is made where it is not there.

    Parameters
    ----------
    folder
        Where to.
    content
        What it is written from.
    width
        Of the figures, ``"single"`` or ``"double"``; chosen by content where it is not given.
    hand_over
        Takes a function and its arguments and returns what waits for its end: by default the call itself, done last.

    Returns
    -------
    Path
        Of ``report.html``.
    """
    folder = Path(folder)
    waiting: list[Callable[[], object]] = []

    def later(function: Callable[..., object], *arguments: object) -> None:
        waiting.append(hand_over(function, *arguments))

    known = {value_anchor(one.outcome, one.code) for one in content.measurements}
    plans = plan_figures(content.protocol, content.analyses)
    figures = [_write_figure(folder / "figures", plan, known, width, later) for plan in plans]
    write_tables(folder / "tables", content)
    write_checklist(folder / "tables" / "arrive.xlsx", content)
    _write_text(folder / "text" / "results.txt", results_text(content))
    _write_text(folder / "text" / "methods.txt", methods_text(content))
    _write_text(folder / "analysis.json", analysis_json(content))
    earlier = draw_earlier(folder / "figures", content, later)
    page = render_page(content, figures, earlier=earlier)
    for wait in waiting:
        wait()
    return _write_text(folder / "report.html", page)


def _write_figure(folder: Path, plan: FigurePlan, known: set[str], width: str | None, later: Later) -> DrawnFigure:
    figure = draw_figure(plan, width=width)
    drawn = save_drawn(figure, folder, plan.name, later)
    name = title(plan)
    label = f"Figure {plan.number}. {name}"
    svg = inline_svg(drawn, f"f{plan.number}", label=label, links=point_links(plan, known))
    return DrawnFigure(plan=plan, title=name, caption=caption(plan), svg=svg)


def _write_text(path: Path, text: str) -> Path:
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return path
