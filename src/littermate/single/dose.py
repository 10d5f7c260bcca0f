"""Dose: one CSV table of doses, one answer; what is asked is told by the columns of the formula.

One column of doses is a curve with a minimum effective dose. Two columns are a 2 x 2 where each has two levels, a
mixture where all combinations keep to ratios of which each has several doses, and a dose matrix otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from littermate.errors import AnalysisError, TableError, UsageError
from littermate.model.combination import Additivity, DoseMatrix, Mixture
from littermate.model.dose_response import DoseResponse, MinimumEffectiveDose
from littermate.model.finding import Finding
from littermate.model.rules import RuleSet
from littermate.report.combination_figure import draw_additivity, draw_dose_matrix
from littermate.report.dose_figure import draw_dose_response
from littermate.report.isobologram_figure import draw_mixture
from littermate.stats.additivity import fit_additivity
from littermate.stats.columns import select_columns
from littermate.stats.dose_matrix import fit_dose_matrix
from littermate.stats.dose_response import PERCENTS, fit_dose_response
from littermate.stats.effective_dose import METHODS, minimum_effective_dose
from littermate.stats.formula import Formula, parse_formula
from littermate.stats.mixture import fit_mixture, shares_of
from littermate.stats.table import Table, read_table

__all__ = [
    "INTERVALS",
    "DoseOptions",
    "DoseResult",
    "SingleDrug",
    "dose_findings",
    "dose_rules",
    "fit_doses",
    "picture_of_doses",
]

INTERVALS = ("delta", "log", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOptions:
    """What is asked of a table of doses.

    Parameters
    ----------
    model
        Of the curve: ``"ll3"``, ``"ll4"``, ``"ll5"`` or ``"w14"``.
    interval
        Shown for effective doses: ``"delta"``, ``"log"`` or ``"profile"``.
    percents
        Effective doses wanted.
    control
        The dose of the control group, for the minimum effective dose.
    direction
        Of the minimum effective dose: ``"two-sided"``, ``"up"`` or ``"down"``.
    full_effect
        The outcome at full effect, for Bliss.
    surface
        Whether two columns are a dose matrix, whatever they look like.
    alpha
        For what is called shown.
    """

    model: str = "ll4"
    interval: str = "delta"
    percents: tuple[float, ...] = PERCENTS
    control: float = 0.0
    direction: str = "two-sided"
    full_effect: float | None = None
    surface: bool = False
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if self.interval not in INTERVALS:
            raise UsageError(expected=f"one of {', '.join(INTERVALS)}", found=self.interval, do="choose one")


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleDrug:
    """One drug: its curve and its minimum effective dose by each method; `None` or empty, with the reason."""

    curve: DoseResponse | None
    effective: tuple[MinimumEffectiveDose, ...]
    no_curve: str = ""
    no_effective: str = ""


DoseResult = SingleDrug | Mixture | DoseMatrix | Additivity


def fit_doses(path: str | Path, formula: str, options: DoseOptions | None = None) -> DoseResult:
    """Answer a table of doses.

    Parameters
    ----------
    path
        A CSV file with one row an animal.
    formula
        ``"immobility ~ ketamine"`` or ``"immobility ~ ketamine * magnesium"``.
    options
        What is asked; see there.

    Raises
    ------
    UsageError
        If the formula has not one or two columns, or an option cannot be meant.
    TableError
        If a column is missing, holds text where doses should be, or a negative dose.
    AnalysisError
        If the data cannot answer.
    """
    options = options or DoseOptions()
    frame, parsed = read_table(path), parse_formula(formula)
    if len(parsed.columns) == 1:
        return _single(_numbers(frame, parsed), parsed.columns[0], options)
    if len(parsed.columns) != 2:
        raise UsageError(
            expected="one column of doses, or two",
            found=formula,
            do="write 'outcome ~ dose' or 'outcome ~ drug * drug'",
        )
    return _pair(frame, parsed, options)


def _numbers(frame: pd.DataFrame, formula: Formula) -> Table:
    """Read all explaining columns as doses; a column of text is refused once and not cell by cell."""
    for name in formula.columns:
        if name in frame and pd.to_numeric(frame[name], errors="coerce").isna().all():
            raise TableError(
                expected=f"doses as numbers in {name}" + (", or two levels" if len(formula.columns) > 1 else ""),
                found=", ".join(map(repr, frame[name].unique()[:3])),
                do="write the number alone, and the unit in the column's name",
                where=str(frame.attrs.get("path", "")),
            )
    added = replace(
        formula,
        terms=tuple((name,) for name in formula.columns),
        as_factor=frozenset[str](),
        as_number=frozenset(formula.columns),
    )
    return select_columns(frame, added).table


def _single(table: Table, drug: str, options: DoseOptions) -> SingleDrug:
    """Fit the curve and ask for the minimum effective dose; where only one can be had the reason is kept."""
    curve, effective, faults = None, tuple[MinimumEffectiveDose, ...](), ["", ""]
    try:
        curve = fit_dose_response(table, drug, model=options.model, percents=options.percents, alpha=options.alpha)
    except AnalysisError as fault:
        first, faults[0] = fault, _reason(fault)
    try:
        effective = tuple(
            minimum_effective_dose(
                table, drug, method=method, direction=options.direction, control=options.control, alpha=options.alpha
            )
            for method in METHODS
        )
    except AnalysisError as fault:
        faults[1] = _reason(fault)
        if curve is None:
            raise AnalysisError.of((*first.complaints, *fault.complaints)) from fault
    return SingleDrug(curve=curve, effective=effective, no_curve=faults[0], no_effective=faults[1])


def _reason(fault: AnalysisError) -> str:
    return "; ".join(one.in_a_line for one in fault.complaints)


def _pair(frame: pd.DataFrame, formula: Formula, options: DoseOptions) -> Mixture | DoseMatrix | Additivity:
    first, second = formula.columns
    if not options.surface and _is_two_by_two(frame, formula):
        crossed = replace(formula, terms=((first,), (second,), (first, second)), as_number=frozenset[str]())
        selection = select_columns(frame, crossed)
        return fit_additivity(
            selection.table,
            (first, second),
            full_effect=options.full_effect,
            reference_levels=selection.levels,
            alpha=options.alpha,
        )
    table = _numbers(frame, formula)
    if not options.surface and _keeps_ratios(table, (first, second)):
        return fit_mixture(table, (first, second), model=options.model, percents=options.percents, alpha=options.alpha)
    return fit_dose_matrix(
        table, (first, second), model=options.model, full_effect=options.full_effect, alpha=options.alpha
    )


def _is_two_by_two(frame: pd.DataFrame, formula: Formula) -> bool:
    return all(name in frame and frame[name][frame[name] != ""].nunique() == 2 for name in formula.columns)


def _keeps_ratios(table: Table, drugs: tuple[str, str]) -> bool:
    """Whether every ratio among the combinations was given at two or more total doses."""
    complete = table.complete()
    first, second = (complete.covariates[name] for name in drugs)
    both = (first > 0) & (second > 0)
    if not both.any() or np.any(first < 0) or np.any(second < 0):
        return False
    pairs = np.unique(np.column_stack([first[both], second[both]]), axis=0)
    shares = np.array(shares_of(pairs[:, 0], pairs[:, 1]))
    nearest = np.abs((pairs[:, 0] / pairs.sum(axis=1))[:, None] - shares).argmin(axis=1)
    return bool(np.all(np.bincount(nearest, minlength=len(shares)) >= 2))


_METHODS = {
    SingleDrug: (
        "Curve of least squares; errors from the observed information; effective doses count from the control.",
        "Minimum effective dose: step-down Dunnett and Williams, by numerical integration.",
    ),
    Mixture: (
        "Drugs and mixtures fitted together with shared plateaus; interaction index a/A + b/B with its interval on the"
        " logarithm by the delta method.",
    ),
    DoseMatrix: (
        "Each combination's mean less its expectation (Loewe from curves; Bliss, HSA, response additivity from cells);"
        " errors by the delta method, P adjusted by Holm over the combinations.",
    ),
    Additivity: ("Two-way model, sum-to-zero; raw and log scale; Bliss and HSA from the cells' means.",),
}


def dose_rules(result: DoseResult, options: DoseOptions) -> RuleSet:
    """Return the rules of a result as words and a hash."""
    words = (
        f"Model {options.model}; interval {options.interval}; control at dose {options.control:g}; {options.direction};"
        f" alpha = {options.alpha:g}.",
        *_METHODS[type(result)],
    )
    return RuleSet.of("dose", options, words)


def dose_findings(result: DoseResult) -> tuple[Finding, ...]:
    """Say what a reader must know of a result."""
    if isinstance(result, SingleDrug):
        notes = list(result.curve.notes) if result.curve else []
        notes += [f"No curve: {result.no_curve}."] if result.no_curve else []
        notes += [f"No minimum effective dose: {result.no_effective}."] if result.no_effective else []
        about = result.curve.outcome if result.curve else ""
    else:
        notes, about = list(result.notes), result.outcome
    return tuple(Finding(id="dose-note", importance="warning", message=note, about=about) for note in notes)


def picture_of_doses(result: DoseResult, options: DoseOptions) -> Figure:
    """Draw a result."""
    if isinstance(result, Mixture):
        return draw_mixture(result)
    if isinstance(result, DoseMatrix):
        return draw_dose_matrix(result)
    if isinstance(result, Additivity):
        return draw_additivity(result)
    if result.curve is None:
        raise AnalysisError(expected="a curve to draw", found=result.no_curve, do="leave --figure out")
    return draw_dose_response(result.curve, interval=options.interval, effective=result.effective)
