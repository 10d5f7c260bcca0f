"""The page: one HTML file that stands alone.

Styles, script, figures (SVG) and pictures (PNG, as data URIs) are inside. A content security policy in the file
forbids every request to anywhere else and every script but the page's own. All text from the study is escaped by
Jinja2. Numbers lead back: a value in the results leads to its row under "Every number", and that row to its file's
hash, its place in the file, its animal and its rule set.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from littermate.model.analysis import Analysis
from littermate.model.measurement import Measurement
from littermate.model.outcome import Outcome
from littermate.model.treatment import Treatment
from littermate.report import numbers, wording
from littermate.report.arrive import essential_ten
from littermate.report.beside import beside_tables, family_rows
from littermate.report.content import Picture, ReportContent, TruthRow
from littermate.report.deviations import deviation_rows
from littermate.report.findings import finding_groups
from littermate.report.flow import Loss, animal_flow, losses_of
from littermate.report.grouping import FigurePlan
from littermate.report.methods import methods_sections, open_doses
from littermate.report.planned import plan_origin, planned_views
from littermate.report.results import headline, outcome_sentences
from littermate.report.tables import balance_rows
from littermate.report.ways import FOREST_PX, effect_ways

__all__ = ["DrawnFigure", "render_page", "value_anchor"]


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


def render_page(content: ReportContent, figures: Iterable[DrawnFigure]) -> str:
    """Return the page's HTML."""
    drawn = tuple(figures)
    environment = _environment()
    script = _source("report.js")
    views = [[_view(content, *panel) for panel in figure.plan.panels] for figure in drawn]
    return environment.get_template("report.html").render(
        content=content,
        protocol=content.protocol,
        figures=drawn,
        views=views,
        outcomes=[view for group in views for view in group],
        flow=animal_flow(content),
        arrive=essential_ten(content),
        methods=methods_sections(content),
        open_doses=_unsaid_doses(content),
        findings=sorted(content.findings, key=lambda finding: _RANK.get(finding.importance, 3)),
        finding_groups=finding_groups(content, value_anchor),
        planned=planned_views(content),
        origin=plan_origin(content),
        ways={one.plan.outcome: found for one in content.analyses if (found := effect_ways(one))},
        forest_px=FOREST_PX,
        pictures=_by_title(content.pictures),
        values=_by_outcome(content.measurements),
        family_table=family_rows(content.families),
        deviation_table=deviation_rows(content.deviations),
        balance_table=balance_rows(content.allocation.factors if content.allocation else (), content.balance),
        truth=_truth(content),
        truth_of_analyses=[row for row in content.truth if not row.code],
        known_values={value_anchor(one.outcome, one.code) for one in content.measurements},
        known_rules={rules.hash for rules in content.rules},
        style=Markup(_source("report.css")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _unsaid_doses(content: ReportContent) -> tuple[Treatment, ...]:
    """Return the doses to be filled in that no finding names already."""
    said = any("dose" in finding.id for finding in content.findings)
    return () if said else open_doses(content)


_RANK = {"critical": 0, "warning": 1, "note": 2}


def _source(name: str) -> str:
    return resources.files("littermate.report").joinpath("templates", name).read_text(encoding="utf-8")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(italic=_italic, slug=wording.slug, data_uri=_data_uri, capital=_capital)
    tools: dict[str, Any] = {name: getattr(numbers, name) for name in numbers.__all__}
    tools |= {name: getattr(wording, name) for name in wording.__all__}
    environment.globals.update(
        tools, value_anchor=value_anchor, beside_tables=beside_tables, cell_label=" + ".join, zip=zip
    )
    return environment


def _italic(text: str) -> Markup:
    """Escape a text, set the letters of statistics in italics, and keep a number with its name and unit."""
    safe = re.sub(r" ([=±]) |(?<=\d) (%) (?=CI)|(?<=CI) (?=\[)", _unbroken, str(escape(text)))
    return Markup(re.sub(r"(?<![\w&;])(F|t|p|P|g|n|SD|SEM)(?=\(\d|\s[=&>])", r"<i>\1</i>", safe))


def _unbroken(hit: re.Match[str]) -> str:
    return hit[0].replace(" ", "\N{NO-BREAK SPACE}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _data_uri(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def value_anchor(outcome: str, code: str) -> str:
    """Return the anchor of one animal's value of one outcome.

    Examples
    --------
    >>> value_anchor("lines crossed", "7F3A")
    'v-lines-crossed-7F3A'
    """
    return f"v-{wording.slug(outcome)}-{wording.slug(code)}"


def _view(content: ReportContent, outcome: Outcome, analysis: Analysis) -> OutcomeView:
    equivalence = tuple(says for name, says in content.equivalence if name == outcome.name)
    return OutcomeView(
        outcome=outcome,
        analysis=analysis,
        sentences=outcome_sentences(analysis, equivalence),
        headline=headline(analysis),
        losses=losses_of(content, analysis),
    )


def _by_title(pictures: tuple[Picture, ...]) -> dict[str, list[Picture]]:
    groups: dict[str, list[Picture]] = {}
    for picture in pictures:
        groups.setdefault(picture.title, []).append(picture)
    return groups


def _by_outcome(measurements: tuple[Measurement, ...]) -> dict[str, list[tuple[str, Measurement]]]:
    """Group measurements by outcome, each with an anchor that no other row has."""
    groups: dict[str, list[tuple[str, Measurement]]] = {}
    seen: dict[str, int] = {}
    for measurement in measurements:
        anchor = value_anchor(measurement.outcome, measurement.code)
        seen[anchor] = seen.get(anchor, 0) + 1
        own = anchor if seen[anchor] == 1 else f"{anchor}--{seen[anchor]}"
        groups.setdefault(measurement.outcome, []).append((own, measurement))
    return groups


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
