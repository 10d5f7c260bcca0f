"""Prism: analysis.pzfx, one table an analysis with a subcolumn a unit, and read-me.txt: what to choose, what to expect.

One factor: a column table. Two or more: a grouped table, the last factor in columns, the others in rows. Prism cannot
be told its analysis by a file, nor take blocks and covariates into a two-way ANOVA: where a model has them, the
read-me says that Prism's numbers will differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as Xml

from littermate.formats.analysis_export.dataset import Dataset, Model
from littermate.model.analysis import Analysis

__all__ = ["prism_files"]


def prism_files(dataset: Dataset, version: str) -> dict[str, str]:
    """Return the text of each file by its name."""
    root = Xml.Element("GraphPadPrismFile", PrismXMLVersion="5.00")
    sequence = Xml.SubElement(root, "TableSequence")
    for number in range(len(dataset.models)):
        Xml.SubElement(sequence, "Ref", ID=f"Table{number}", Selected="1" if number == 0 else "0")
    root.extend(_table(model.analysis, f"Table{number}") for number, model in enumerate(dataset.models))
    Xml.indent(root)
    text = Xml.tostring(root, encoding="unicode", xml_declaration=False)
    return {
        "analysis.pzfx": f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n',
        "read-me.txt": "\n".join(_read_me(dataset, version)),
    }


def _table(analysis: Analysis, name: str) -> Xml.Element:
    *rows, columns = analysis.plan.factors
    values = _values(analysis)
    deepest = max(map(len, values.values()))
    kind, replicates = ("TwoWay", deepest) if rows else ("OneWay", 1)
    table = Xml.Element("Table", ID=name, XFormat="none", YFormat="replicates", EVFormat="AsteriskAfterNumber")
    table.attrib |= {"TableType": kind, "Replicates": str(replicates)}
    unit = f" ({analysis.unit})" if analysis.unit else ""
    Xml.SubElement(table, "Title").text = f"{analysis.plan.outcome}{unit}"
    row_levels = list(itertools.product(*(analysis.levels(factor) for factor in rows)))
    if rows:
        titles = Xml.SubElement(Xml.SubElement(table, "RowTitlesColumn", Width="81"), "Subcolumn")
        for levels in row_levels:
            Xml.SubElement(titles, "d").text = " + ".join(levels)
    for level in analysis.levels(columns):
        cells = [values.get((*levels, level), ()) for levels in row_levels]
        table.append(_column(level, cells, deepest) if rows else _column(level, [[v] for v in cells[0]], 1))
    return table


def _column(title: str, rows: Sequence[Sequence[float]], replicates: int) -> Xml.Element:
    """Return a data set of Prism: a subcolumn a replicate, a row a row of the table."""
    column = Xml.Element("YColumn", Width="81", Decimals="6", Subcolumns=str(replicates))
    Xml.SubElement(column, "Title").text = title
    for place in range(replicates):
        subcolumn = Xml.SubElement(column, "Subcolumn")
        for row in rows:
            cell = Xml.SubElement(subcolumn, "d")
            cell.text = repr(row[place]) if place < len(row) else None
    return column


def _values(analysis: Analysis) -> Mapping[tuple[str, ...], list[float]]:
    """Return the values of every cell that has any."""
    values: dict[tuple[str, ...], list[float]] = {}
    for point in analysis.points:
        values.setdefault(tuple(level for _, level in point.levels), []).append(point.value)
    return values


def _read_me(dataset: Dataset, version: str) -> Iterator[str]:
    yield f"Made by littermate {version}. Open analysis.pzfx in Prism 5 or newer: one table for each analysis."
    for model in dataset.models:
        yield from ("", *_advice(model))
    yield ""


def _advice(model: Model) -> Iterable[str]:
    plan = model.analysis.plan
    names = " and ".join(plan.factors)
    ways = {1: "ordinary one-way ANOVA", 2: f"two-way ANOVA of {names}, no repeated measures"}
    yield f"{plan.outcome}: choose {ways.get(len(plan.factors), f'a {len(plan.factors)}-way ANOVA of {names}')}."
    if plan.blocks or plan.covariates:
        beside = ", ".join((*plan.blocks, *plan.covariates))
        yield f"  The planned model also has {beside}, which Prism cannot take: its numbers will differ from these."
    for effect in model.analysis.effects:
        yield f"  {effect.term}: F({effect.df}, {effect.df_error}) = {effect.f:.6g}, P = {effect.p:.6g}"
