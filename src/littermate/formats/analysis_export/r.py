"""R: data.csv and analysis.R, which needs no package: it fits every model, prints its table beside ours, and says how
far apart they are. The function in it builds the sums of squares from residual sums of squares of nested models.
"""

from __future__ import annotations

from collections.abc import Iterator

from littermate.formats.analysis_export.dataset import Column, Dataset, Model
from littermate.formats.analysis_export.table import csv_text

__all__ = ["r_files"]

_HEAD = """\
# The planned analyses, repeated in R. Made by littermate {version}; needs no package.
# Run it in this folder: Rscript analysis.R
#
# anova.csv is written with the tables as R computes them.

if (!file.exists("data.csv")) stop("data.csv is not here: run this script in the folder it was written to")
options(contrasts = c("contr.sum", "contr.poly"), digits = 10)

# The analysis of variance table of a linear model with sums of squares of type 1, 2 or 3.
anova_table <- function(model, type) {{
  columns <- model.matrix(model)
  term_of <- attr(columns, "assign")
  y <- model.response(model.frame(model))
  labels <- attr(terms(model), "term.labels")
  holds <- attr(terms(model), "factors") > 0
  left <- function(of) qr(columns[, term_of %in% c(0, of), drop = FALSE])
  inside <- function(one, other) one != other && all(holds[, other] >= holds[, one])
  everything <- left(seq_along(labels))
  error <- sum(qr.resid(everything, y)^2)
  df_error <- length(y) - everything$rank
  rows <- lapply(seq_along(labels), function(k) {{
    others <- setdiff(seq_along(labels), k)
    if (type == 1) others <- others[others < k]
    if (type == 2) others <- Filter(function(j) !inside(k, j), others)
    without <- left(others)
    with <- left(c(others, k))
    df <- with$rank - without$rank
    ss <- sum(qr.resid(without, y)^2) - sum(qr.resid(with, y)^2)
    f <- ss / df / (error / df_error)
    data.frame(term = labels[k], df = df, df_error = df_error, ss = ss, f = f,
               p = pf(f, df, df_error, lower.tail = FALSE))
  }})
  do.call(rbind, rows)
}}

tables <- list()
show <- function(outcome, model, type, f, p) {{
  table <- anova_table(model, type)
  apart <- max(abs(table$f / f - 1), abs(table$p / p - 1))
  cat("\\n", outcome, ", type ", type, " sums of squares\\n", sep = "")
  print(cbind(table, littermate_f = f, littermate_p = p), row.names = FALSE)
  cat("largest relative difference from littermate: ", format(apart, digits = 2), "\\n", sep = "")
  tables[[length(tables) + 1]] <<- cbind(outcome = outcome, type = type, table, apart = apart)
}}

data <- read.csv("data.csv", colClasses = c({classes}), na.strings = "", encoding = "UTF-8")
"""
_TAIL = """
write.csv(do.call(rbind, tables), "anova.csv", row.names = FALSE)
"""


def r_files(dataset: Dataset, version: str) -> dict[str, str]:
    """Return the text of each file by its name."""
    classes = ['"character"', *(f'"{"character" if column.levels else "numeric"}"' for column in dataset.columns)]
    script = [
        _HEAD.format(version=version, classes=", ".join(classes)),
        *(_factor(column) for column in dataset.columns if column.levels),
        *(line for model in dataset.models for line in _model(model)),
        _TAIL,
    ]
    return {"data.csv": csv_text(dataset), "analysis.R": "\n".join(script)}


def _factor(column: Column) -> str:
    levels = ", ".join(map(_quoted, column.levels))
    return f"data${column.name} <- factor(data${column.name}, levels = c({levels}))  # {_remark(column.label)}"


def _model(model: Model) -> Iterator[str]:
    effects = model.analysis.effects
    terms = " + ".join(":".join(model.names(term)) for term in model.terms)
    numbers = {"f": [effect.f for effect in effects], "p": [effect.p for effect in effects]}
    ours = ", ".join(f"{name} = c({', '.join(map(repr, values))})" for name, values in numbers.items())
    yield f"\n# {_remark(model.outcome.label)}"
    yield f"model <- lm({model.outcome.name} ~ {terms}, data = data)"
    yield f"show({_quoted(model.analysis.plan.outcome)}, model, type = {model.analysis.plan.type}, {ours})"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _remark(text: str) -> str:
    """Return text that stays on the line of its comment."""
    return " ".join(text.split())
