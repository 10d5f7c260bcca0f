"""How far checks of assumptions and robust forms are from R, on the reference cases beside the repository.

`section()` runs every case and returns a table: the largest relative difference from the reference in each kind of
number. `../shared/oracles` holds the cases; the project's own (tests/stats/reference/robust.R) are in its tests.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from comparing import ORACLES, Numbers, expected, worst

from littermate.model.plan import Plan
from littermate.stats.assumptions import shapiro_wilk
from littermate.stats.coefficients import KINDS, named_coefficients
from littermate.stats.columns import select_columns
from littermate.stats.formula import parse_formula
from littermate.stats.heteroscedastic import robust_anova, robust_intercept
from littermate.stats.outliers import grubbs
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.rank_tests import friedman, kruskal_wallis, mann_whitney
from littermate.stats.residuals import breusch_pagan, residuals_of
from littermate.stats.results import TTest
from littermate.stats.spread import bartlett, levene
from littermate.stats.table import Floats, read_table
from littermate.stats.welch import pairwise_welch, student_t, welch_anova, welch_t


def model_of(name: str, formula: str, factors: tuple[str, ...], **levels: tuple[str, ...]) -> PlannedModel:
    selection = select_columns(read_table(ORACLES / f"{name}.csv"), parse_formula(formula))
    plan = Plan(outcome=selection.table.outcome, factors=factors)
    return planned_model(selection.table, plan, {**selection.levels, **levels})


def groups_of(model: PlannedModel) -> dict[str, Floats]:
    """Return the outcome of each cell by its levels, joined by an underscore."""
    found: dict[str, list[float]] = {}
    for cell, value in zip(model.cells, model.table.values, strict=True):
        found.setdefault("_".join(cell), []).append(value)
    return {name: np.array(values) for name, values in found.items()}


def spread_lines(model: PlannedModel, reference: dict[str, Any]) -> Numbers:
    values, cells = model.table.values, model.cells
    for name, center in (("levene_mean", "mean"), ("levene", "mean"), ("brown_forsythe", "median")):
        if name in reference:
            found = levene(values, cells, center=center)
            yield "Levene", found.f, reference[name][0]["F value"]
            yield "Levene", found.p, reference[name][0]["Pr(>F)"]
    test = bartlett(values, cells)
    yield "Bartlett", test.statistic, reference["bartlett"]["statistic"]
    yield "Bartlett", test.p, reference["bartlett"]["p.value"]
    normal = shapiro_wilk(model.fitted.residuals)
    shapiro = reference.get("shapiro_resid") or reference["shapiro"]
    yield "Shapiro", normal.statistic or 0.0, shapiro["statistic"]
    yield "Shapiro", normal.p or 0.0, shapiro["p.value"]


def one_way_lines(model: PlannedModel, reference: dict[str, Any]) -> Numbers:
    groups = groups_of(model)
    welch = reference.get("welch_oneway") or reference["welch"]
    found, ranks = welch_anova(groups), kruskal_wallis(groups)
    yield "Welch", found.f, welch["statistic"]
    yield "Welch", found.df_error, welch["parameter"]["denom df"]
    yield "Welch", found.p, welch["p.value"]
    yield "ranks", ranks.statistic, reference["kruskal"]["statistic"]
    yield "ranks", ranks.p, reference["kruskal"]["p.value"]


def hc_lines(model: PlannedModel, reference: dict[str, Any]) -> Numbers:
    for kind in KINDS:
        found = robust_anova(model, kind=kind)
        for line in reference["hc"][kind]:
            if line["term"] == "Residuals":
                continue
            intercept = line["term"] == "(Intercept)"
            effect = robust_intercept(model, kind=kind) if intercept else found.effect(line["term"])
            yield from (("HC", effect.f, line["F"]), ("HC", effect.p, line["Pr(>F)"]))
    named = named_coefficients(model)
    for row, line in enumerate(reference["vcov_hc3"]):
        for column, name in enumerate(named.names):
            yield "HC", float(named.covariance[row, column]), line[name]


def influence_lines(model: PlannedModel, reference: dict[str, Any]) -> Numbers:
    found = residuals_of(model)
    for point, cooks, studentised, leverage in zip(
        found.points, reference["cooks"], reference["rstudent"], reference["leverage"], strict=True
    ):
        yield "influence", point.cooks or 0.0, cooks
        yield "influence", point.studentised or 0.0, studentised
        yield "influence", point.leverage, leverage
    yield "influence", found.largest_p or 0.0, reference["outlierTest_maxabs_bonf"]
    farthest = grubbs(model.table.values)
    yield "Grubbs", 0.0 if farthest is None else farthest.g, reference["grubbs_G"]


def t_lines(found: TTest, reference: dict[str, Any]) -> Numbers:
    yield from (("t", found.t, reference["statistic"]), ("t", found.df, reference["parameter"]))
    yield "t", found.p, reference["p.value"]
    yield from (("t", found.ci95[end], reference["conf.int"][end]) for end in (0, 1))


def unbal2x2() -> Numbers:
    levels = {"ketamine": ("saline", "ketamine"), "magnesium": ("control", "mg")}
    model = model_of("unbal2x2", "immobility ~ ketamine * magnesium", ("ketamine", "magnesium"), **levels)
    reference, groups = expected("unbal2x2"), groups_of(model)
    yield from spread_lines(model, reference)
    yield from one_way_lines(model, reference)
    yield from hc_lines(model, reference)
    yield from influence_lines(model, reference)
    test = breusch_pagan(model)
    yield "Breusch-Pagan", test.statistic, reference["breusch_pagan"]["statistic"]
    yield "Breusch-Pagan", test.p, reference["breusch_pagan"]["p.value"]
    for name, diet in (("effects_control_diet", "control"), ("effects_mg", "mg")):
        saline, ketamine = groups[f"saline_{diet}"], groups[f"ketamine_{diet}"]
        yield from t_lines(welch_t(saline, ketamine), reference[name]["welch_t"])
        yield from t_lines(student_t(saline, ketamine), reference[name]["student_t"])
        u, p = mann_whitney(saline, ketamine)
        yield "ranks", u, reference[name]["wilcox_exact"]["statistic"]
        yield "ranks", p, reference[name]["wilcox_exact"]["p.value"]


def toothgrowth() -> Numbers:
    yield from spread_lines(model_of("toothgrowth", "len ~ supp * dose", ("supp", "dose")), expected("toothgrowth"))


def warpbreaks() -> Numbers:
    model = model_of("warpbreaks", "breaks ~ wool * tension", ("wool", "tension"))
    yield from one_way_lines(model, expected("warpbreaks"))


def plantgrowth() -> Numbers:
    model, reference = model_of("plantgrowth", "weight ~ group", ("group",)), expected("plantgrowth")
    yield from one_way_lines(model, reference)
    groups = groups_of(model)
    u, p = mann_whitney(groups["ctrl"], groups["trt2"])
    yield "ranks", u, reference["wilcox_exact_ctrl_trt2"]["statistic"]
    yield "ranks", p, reference["wilcox_exact_ctrl_trt2"]["p.value"]
    pairs = pairwise_welch(groups)
    for line in reference["pairwise_t_unpooled"]:
        for other in ("ctrl", "trt1"):
            if line[other] is not None:
                yield "t", pairs[line["term"], other].p, line[other]


def rm_oneway() -> Numbers:
    frame = read_table(ORACLES / "rm_oneway.csv")
    frame["immobility"] = frame["immobility"].astype(float)
    found = friedman(frame.pivot_table(index="animal", columns="bin", values="immobility").to_numpy())
    reference = expected("rm_oneway")["friedman"]
    yield from (("ranks", found.statistic, reference["statistic"]), ("ranks", found.p, reference["p.value"]))


CASES: tuple[Callable[[], Numbers], ...] = (unbal2x2, toothgrowth, warpbreaks, plantgrowth, rm_oneway)


def section() -> str:
    """Return the section of the validation page."""
    lines = [
        "## Assumptions and robust forms",
        "",
        "Largest relative difference from R 4.2 (car, lmtest, sandwich, base). Welch-James, the ANOVA-type statistic,",
        "aligned ranks, type II robust tests and Rubin's rules are compared in the tests",
        "(tests/stats/reference/robust.R).",
        "",
        "| case | largest difference in each kind of number |",
        "|---|---|",
    ]
    if not ORACLES.is_dir():
        return "The reference cases (../shared/oracles) are not on this machine."
    for case in CASES:
        found = "; ".join(f"{kind} {size:.1e}" for kind, size in worst(case).items())
        lines.append(f"| {case.__name__} | {found} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
