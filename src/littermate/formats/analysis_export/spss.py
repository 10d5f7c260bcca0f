"""SPSS: one syntax file that holds its data and repeats every analysis with GLM; PSPP runs it as it is.

Groups are numbers with value labels, so that their order is ours. PSPP's GLM takes no covariates (WITH): a model that
has them runs in SPSS only, and the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from littermate.formats.analysis_export.dataset import Column, Dataset, Model

__all__ = ["spss_files"]

_LONGEST_LABEL = 120
"""Characters of a label: SPSS takes 255 bytes, and some are of more than one."""


def spss_files(dataset: Dataset, version: str) -> dict[str, str]:
    """Return the text of each file by its name."""
    widest = max(len(unit.encode()) for unit in dataset.units)
    lines = [
        f"* The planned analyses, repeated in SPSS or PSPP. Made by littermate {version}.",
        "* Open it and run all of it; the data are in it.",
        "SET DECIMAL=DOT.",
        f"DATA LIST LIST (',') / unit (A{widest}) {' '.join(_format(column) for column in dataset.columns)}.",
        "BEGIN DATA",
        *(_row(dataset, unit) for unit in dataset.units),
        "END DATA.",
        *(f"VARIABLE LABELS {column.name} {_quoted(column.label)}." for column in dataset.columns),
        *(_levels(column) for column in dataset.columns if column.levels),
        *(line for model in dataset.models for line in _model(model)),
        "",
    ]
    return {"analysis.sps": "\n".join(lines)}


def _format(column: Column) -> str:
    return f"{column.name} ({'F8.0' if column.levels else 'F20.10'})"


def _row(dataset: Dataset, unit: str) -> str:
    cells = [_quoted(unit), *(_cell(column, unit) for column in dataset.columns)]
    return ",".join(cells)


def _cell(column: Column, unit: str) -> str:
    cell = column.cells.get(unit)
    if cell is None:
        return ""
    return str(column.levels.index(cell) + 1) if isinstance(cell, str) else repr(cell)


def _levels(column: Column) -> str:
    pairs = " ".join(f"{number} {_quoted(level)}" for number, level in enumerate(column.levels, start=1))
    return f"VALUE LABELS {column.name} {pairs}."


def _model(model: Model) -> Iterator[str]:
    plan = model.analysis.plan
    beside = f" WITH {' '.join(column.name for column in model.covariates)}" if model.covariates else ""
    yield ""
    yield f"* {plan.outcome}: littermate found"
    for effect in model.analysis.effects:
        yield f"*   {effect.term}: F({effect.df}, {effect.df_error}) = {effect.f:.10g}, P = {effect.p:.10g}."
    if beside:
        yield "* PSPP has no covariates in GLM: this model runs in SPSS only."
    yield f"GLM {model.outcome.name} BY {' '.join(column.name for column in model.factors)}{beside}"
    yield f"  /METHOD=SSTYPE({plan.type})"
    yield "  /INTERCEPT=INCLUDE"
    yield f"  /DESIGN={' '.join('*'.join(model.names(term)) for term in model.terms)}."


def _quoted(text: str) -> str:
    """Return text in quotes; a quote within is doubled."""
    plain = " ".join(text.split())[:_LONGEST_LABEL].replace("'", "''")
    return f"'{plain}'"
