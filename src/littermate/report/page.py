"""The page: one HTML file that stands alone.

Styles, script, figures (SVG) and pictures (PNG, as data URIs) are inside. A content security policy in the file
forbids every request to anywhere else and every script but the page's own. All text from the study is escaped by
Jinja2. Numbers lead back: a value in the results leads to its row under "Every number", and that row to its animal, its
sources, its rule set and the journal. The script shows a row and all it leads to in one dialog.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from littermate.model.analysis import Analysis
from littermate.model.outcome import Outcome
from littermate.model.treatment import Treatment
from littermate.report import wording
from littermate.report.arrive import arrive_items
from littermate.report.beside import beside_tables, family_rows
from littermate.report.blinding import key_looks
from littermate.report.content import Picture, ReportContent, TruthRow
from littermate.report.deviations import deviation_rows, plan_deviations
from littermate.report.earlier import EarlierView
from littermate.report.findings import finding_groups
from littermate.report.flow import Loss, animal_flow, losses_of
from littermate.report.grouping import FigurePlan
from littermate.report.manuscript import analysis_sentences, methods_text, results_text
from littermate.report.methods import methods_sections, open_doses
from littermate.report.number_rows import animal_rows, number_rows, source_anchor
from littermate.report.planned import plan_origin, planned_views
from littermate.report.results import headline
from littermate.report.tables import balance_rows
from littermate.report.template import environment, source
from littermate.report.trail import TrailSource
from littermate.report.way_names import used_ways, way_words
from littermate.report.ways import FOREST_PX, effect_ways

__all__ = ["DrawnFigure", "render_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFigure:
    """One figure, drawn: its plan, title, caption and SVG element."""

    plan: FigurePlan
    title: str
    caption: str
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """One outcome as the page shows it."""

    outcome: Outcome
    analysis: Analysis
    sentences: tuple[str, ...]
    headline: str
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthView:
    """Truth beside measured for one outcome of a simulated study, with its mean and largest absolute deviation."""

    outcome: str
    unit: str
    rows: tuple[TruthRow, ...]
    measured: int
    mean_deviation: float | None
    largest_deviation: float | None
    tolerance: str
    judged: int
    kept: int


def render_page(content: ReportContent, figures: Iterable[DrawnFigure], *, earlier: Iterable[EarlierView] = ()) -> str:
    """Return the page's HTML."""
    drawn = tuple(figures)
    tools = environment(
        source_anchor=source_anchor,
        picture_anchor=_picture_anchor,
        beside_tables=beside_tables,
        cell_label=" + ".join,
        zip=zip,
    )
    script = source("report.js")
    values = number_rows(content)
    animals = animal_rows(content, values)
    methods = methods_sections(content)
    views = [[_view(content, *panel) for panel in figure.plan.panels] for figure in drawn]
    return tools.get_template("report.html").render(
        content=content,
        protocol=content.protocol,
        figures=drawn,
        earlier=tuple(earlier),
        views=views,
        outcomes=[view for group in views for view in group],
        flow=animal_flow(content),
        arrive=arrive_items(content),
        looks=key_looks(content),
        plan_deviations=plan_deviations(content),
        methods=methods,
        sections={"findings", "flow", "journal", "results", *(f"m-{wording.slug(one.heading)}" for one in methods)},
        texts={"results": results_text(content), "methods": methods_text(content)},
        open_doses=_unsaid_doses(content),
        finding_groups=finding_groups(content),
        planned=planned_views(content),
        origin=plan_origin(content),
        ways={one.plan.outcome: found for one in content.analyses if (found := effect_ways(one))},
        way_words=way_words(used_ways(content.analyses)),
        forest_px=FOREST_PX,
        pictures=_by_title(content.pictures),
        values=values,
        animals=animals,
        sources=_by_kind(content.sources),
        family_table=family_rows(content.families),
        deviation_table=deviation_rows(content.deviations),
        balance_table=balance_rows(content.allocation.factors if content.allocation else (), content.balance),
        truth=_truth(content),
        truth_of_analyses=[row for row in content.truth if not row.code],
        known_values={row.anchor for rows in values.values() for row in rows},
        known_animals={name: row.anchor for row in animals for name in (row.animal, row.code)},
        known_pictures={picture.name for picture in content.pictures},
        known_entries={entry.number for entry in content.entries},
        known_rules={rules.hash for rules in content.rules},
        style=Markup(source("report.css") + source("print.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _unsaid_doses(content: ReportContent) -> tuple[Treatment, ...]:
    """Return the doses to be filled in that no finding names already."""
    said = any("dose" in finding.id for finding in content.findings)
    return () if said else open_doses(content)


Shown = tuple[str, Picture]
"""A picture with its anchor."""


def _view(content: ReportContent, outcome: Outcome, analysis: Analysis) -> OutcomeView:
    return OutcomeView(
        outcome=outcome,
        analysis=analysis,
        sentences=analysis_sentences(content, analysis),
        headline=headline(analysis),
        losses=losses_of(content, analysis),
    )


def _by_title(pictures: tuple[Picture, ...]) -> dict[str, list[Shown]]:
    groups: dict[str, list[Shown]] = {}
    for number, picture in enumerate(pictures, 1):
        anchor = _picture_anchor(picture.name) if picture.name else f"picture--{number}"
        groups.setdefault(picture.title, []).append((anchor, picture))
    return groups


def _picture_anchor(name: str) -> str:
    return f"picture-{wording.slug(name)}"


def _by_kind(sources: tuple[TrailSource, ...]) -> dict[str, list[TrailSource]]:
    kinds: dict[str, list[TrailSource]] = {}
    for one in sources:
        kinds.setdefault(one.kind, []).append(one)
    return kinds


def _truth(content: ReportContent) -> tuple[TruthView, ...]:
    units = {outcome.name: outcome.unit for outcome in content.protocol.outcomes}
    groups: dict[str, list[TruthRow]] = {}
    for row in content.truth:
        if not row.code:
            continue
        groups.setdefault(row.outcome, []).append(row)
    return tuple(_truth_view(name, units.get(name, ""), tuple(rows)) for name, rows in groups.items())


def _truth_view(outcome: str, unit: str, rows: tuple[TruthRow, ...]) -> TruthView:
    deviations = [abs(row.measured - row.truth) for row in rows if row.measured is not None]
    judged = [row.within for row in rows if row.within is not None]
    return TruthView(
        outcome=outcome,
        unit=unit,
        rows=rows,
        measured=len(deviations),
        mean_deviation=sum(deviations) / len(deviations) if deviations else None,
        largest_deviation=max(deviations, default=None),
        tolerance=wording.listed(dict.fromkeys(row.tolerance for row in rows if row.tolerance)),
        judged=len(judged),
        kept=sum(judged),
    )
