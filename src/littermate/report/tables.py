"""The tables of a report as CSV files, and all numbers of its analyses as JSON. Raw numbers, never rounded.

Missing is an empty cell with its reason in the column beside it (CSV), or null (JSON). CSV files are UTF-8, comma
separated, with a header line and lines that end in a single newline. Text from outside that a spreadsheet would take
for a formula (it begins with ``=``, ``+``, ``-`` or ``@``) is preceded by an apostrophe.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from littermate.files import written_whole
from littermate.model.analysis import Analysis
from littermate.model.balance import GroupBalance
from littermate.report.arrive import arrive_rows
from littermate.report.beside import beside_tables, family_rows
from littermate.report.content import ReportContent
from littermate.report.deviations import deviation_rows, real_dose_rows
from littermate.report.planned import planned_rows, planned_views
from littermate.report.ways import sensitivity_rows
from littermate.report.wording import group_label

__all__ = [
    "analysis_json",
    "anova_rows",
    "balance_rows",
    "difference_rows",
    "group_rows",
    "measurement_rows",
    "write_tables",
]

Cell = str | float | int | None
Table = list[list[Cell]]


def write_tables(folder: str | Path, content: ReportContent) -> tuple[Path, ...]:
    """Write measurements, anova, groups, differences, what stands beside them, and what was given, as CSV."""
    tables = {
        "measurements": measurement_rows(content),
        "anova": anova_rows(content.analyses),
        "groups": group_rows(content.analyses),
        "differences": difference_rows(content.analyses),
    }
    tables |= {"arrive": arrive_rows(content)} | _beside(content.analyses)
    tables["planned"] = planned_rows(planned_views(content))
    if any(one.sensitivity for one in content.analyses):
        tables["sensitivity"] = sensitivity_rows(content.analyses)
    if content.files:
        tables["files"] = _file_rows(content)
    if content.families:
        tables["families"] = family_rows(content.families)
    if content.deviations:
        tables["deviations"] = deviation_rows(content.deviations)
    if content.real_doses:
        tables["real-doses"] = real_dose_rows(content.real_doses)
    if content.balance and content.allocation:
        tables["balance"] = balance_rows(content.allocation.factors, content.balance)
    if content.truth:
        tables["truth"] = truth_rows(content)
    return tuple(_write_csv(Path(folder) / f"{name}.csv", rows) for name, rows in tables.items())


def _beside(analyses: Iterable[Analysis]) -> dict[str, Table]:
    """Return the tables beside the analyses by name, the outcome (and the caption, of comparisons) in front."""
    tables: dict[str, Table] = {}
    for one in analyses:
        for beside in beside_tables(one):
            head, *rows = beside.rows
            table = tables.setdefault(beside.name, [["outcome", "table", *head]])
            table += [[one.plan.outcome, beside.caption, *row] for row in rows]
    return tables


def _file_rows(content: ReportContent) -> Table:
    rows: Table = [["path", "sha256"]]
    return rows + [[path, digest] for path, digest in content.files]


def _write_csv(path: Path, rows: Iterable[Sequence[Cell]]) -> Path:
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return path


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def measurement_rows(content: ReportContent) -> Table:
    """List every measurement with its animal, its group, and where it came from."""
    factors = [factor.name for factor in content.protocol.design.factors]
    head = ["outcome", "code", "animal", *factors, "value", "unit", "reason", "flags", "block"]
    rows: Table = [[*head, "source", "sha256", "place", "rules"]]
    for m in content.measurements:
        cell = content.cell_of(m.code) or (None,) * len(factors)
        start: list[Cell] = [m.outcome, m.code, content.animal_of(m.code), *cell]
        value: list[Cell] = [m.value, m.unit, m.reason, "; ".join(m.flags), m.block]
        rows.append([*start, *value, m.source.kind, m.source.sha256, m.source.place, m.rules_hash])
    return rows


def balance_rows(factors: Sequence[str], groups: Iterable[GroupBalance]) -> Table:
    """List every group before treatment; ages are days on the day the youngest animal was born.

    Examples
    --------
    >>> group = GroupBalance(
    ...     cell=("saline",),
    ...     n=2,
    ...     weighed=1,
    ...     weight_mean_g=30.5,
    ...     weight_sd_g=None,
    ...     age_mean_d=4.0,
    ...     sexes=(("f", 1), ("m", 1)),
    ...     cages=1,
    ... )
    >>> balance_rows(["drug"], [group])[1]
    ['saline', 2, 1, 30.5, None, 4.0, 'f 1, m 1', 1]
    """
    rows: Table = [[*factors, "n", "weighed", "weight_mean_g", "weight_sd_g", "age_mean_d", "sexes", "cages"]]
    for g in groups:
        sexes = ", ".join(f"{sex or 'not said'} {count}" for sex, count in g.sexes)
        rows.append([*g.cell, g.n, g.weighed, g.weight_mean_g, g.weight_sd_g, g.age_mean_d, sexes, g.cages])
    return rows


def anova_rows(analyses: Iterable[Analysis]) -> Table:
    """List every line of every ANOVA table, the residual line last."""
    head = ["outcome", "formula", "type", "term", "df", "df_error", "ss", "f", "p", "partial_eta_squared"]
    rows: Table = [[*head, "partial_eta_squared_ci90_low", "partial_eta_squared_ci90_high"]]
    for a in analyses:
        start: list[Cell] = [a.plan.outcome, a.plan.formula, a.plan.type]
        for e in a.effects:
            line: list[Cell] = [e.term, e.df, e.df_error, e.ss, e.f, e.p]
            rows.append([*start, *line, e.partial_eta_squared, *(e.partial_eta_squared_ci90 or (None, None))])
        rows.append([*start, "residual", a.df_error, None, a.ss_error, None, None, None, None, None])
    return rows


def group_rows(analyses: Iterable[Analysis]) -> Table:
    """List every group's n, mean, SD and SEM."""
    rows: Table = [["outcome", "unit", "group", "n", "mean", "sd", "sem"]]
    for a in analyses:
        rows += [[a.plan.outcome, a.unit, group_label(g.levels), g.n, g.mean, g.sd, g.sem] for g in a.groups]
    return rows


def difference_rows(analyses: Iterable[Analysis]) -> Table:
    """List every difference with its intervals."""
    head = ["outcome", "unit", "difference", "factor", "level", "reference", "within", "estimate", "se", "df"]
    rows: Table = [
        [*head, "ci95_low", "ci95_high", "t", "p", "hedges_g", "hedges_g_ci95_low", "hedges_g_ci95_high"],
    ]
    for a in analyses:
        for d in a.differences:
            within = "; ".join(f"{factor} = {level}" for factor, level in d.within)
            head_cells: list[Cell] = [a.plan.outcome, a.unit, d.label, d.factor, d.level, d.reference, within]
            rows.append(
                [*head_cells, d.estimate, d.se, d.df, *d.ci95, d.t, d.p, d.hedges_g, *(d.hedges_g_ci95 or (None, None))]
            )
    return rows


def truth_rows(content: ReportContent) -> Table:
    """List the truth of a simulated study beside what was measured."""
    rows: Table = [["outcome", "code", "truth", "measured", "tolerance"]]
    return rows + [[t.outcome, t.code, t.truth, t.measured, t.tolerance] for t in content.truth]


def analysis_json(content: ReportContent) -> str:
    """Return every analysis and what belongs to it as JSON text."""
    raw = {
        "littermate": content.version,
        "made_at": content.made_at,
        "study": content.protocol.name,
        "analyses": [{"formula": a.plan.formula, **dataclasses.asdict(a)} for a in content.analyses],
        "exclusions": [dataclasses.asdict(exclusion) for exclusion in content.exclusions],
        "detectable": list(content.detectable),
        "families": [{"name": name, **dataclasses.asdict(family)} for name, family in content.families],
        "deviations": [dataclasses.asdict(one) for one in content.deviations],
        "real_doses": [dataclasses.asdict(one) for one in content.real_doses],
        "earlier_studies": [dataclasses.asdict(one) for one in content.earlier],
        "findings": [dataclasses.asdict(finding) for finding in content.findings],
        "rules": [{**dataclasses.asdict(rules), "hash": rules.hash} for rules in content.rules],
    }
    return json.dumps(_finite(raw), indent=1, ensure_ascii=False, allow_nan=False)


def _finite(thing: Any) -> Any:
    """Replace what JSON cannot hold (NaN, infinity) by null."""
    if isinstance(thing, dict):
        return {key: _finite(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_finite(value) for value in thing]
    if isinstance(thing, float) and not math.isfinite(thing):
        return None
    return thing
