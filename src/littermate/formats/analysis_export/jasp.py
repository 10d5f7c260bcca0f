"""JASP: data.csv, which JASP opens, and analysis-syntax.R for its R syntax mode, one call an analysis."""

from __future__ import annotations

from collections.abc import Iterator

from littermate.formats.analysis_export.dataset import Dataset, Model
from littermate.formats.analysis_export.table import csv_text

__all__ = ["jasp_files"]


def jasp_files(dataset: Dataset, version: str) -> dict[str, str]:
    """Return the text of each file by its name."""
    lines = [
        f"# The planned analyses, repeated in JASP. Made by littermate {version}.",
        "# Open data.csv in JASP, add ANOVA (ANCOVA where covariates are named), show its R syntax, paste the call.",
        "# By hand: the same names go into the boxes Dependent Variable, Fixed Factors and Covariates; Model and",
        "# Sum of squares as below.",
        *(line for model in dataset.models for line in _call(model)),
        "",
    ]
    return {"data.csv": csv_text(dataset), "analysis-syntax.R": "\n".join(lines)}


def _call(model: Model) -> Iterator[str]:
    yield ""
    yield f"# {' '.join(model.outcome.label.split())}: littermate found"
    for effect in model.analysis.effects:
        yield f"#   {effect.term}: F({effect.df}, {effect.df_error}) = {effect.f:.10g}, P = {effect.p:.10g}"
    yield f"jaspAnova::{'Ancova' if model.covariates else 'Anova'}("
    yield f'  dependent = "{model.outcome.name}",'
    yield f"  fixedFactors = list({_names(column.name for column in model.factors)}),"
    if model.covariates:
        yield f"  covariates = list({_names(column.name for column in model.covariates)}),"
    terms = ", ".join(f"list(components = list({_names(model.names(term))}))" for term in model.terms)
    yield f"  modelTerms = list({terms}),"
    yield f'  sumOfSquares = "type{model.analysis.plan.type}",'
    yield "  effectSizeEstimates = TRUE, effectSizePartialEtaSquared = TRUE,"
    yield "  descriptives = TRUE, homogeneityTests = TRUE"
    yield ")"


def _names(names: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
