"""Figures of every kind of design and every kind of awkward value, for the tests and the contact sheet."""

import itertools
from dataclasses import dataclass

import numpy as np

from littermate.model.analysis import Analysis
from littermate.model.outcome import Outcome
from littermate.model.plan import Plan
from littermate.report.grouping import FigurePlan
from littermate.stats.table import Table
from littermate.stats.whole import analyse

MAGNESIUM = {"magnesium": ("saline", "magnesium")}
KETAMINE = {"ketamine": ("saline", "ketamine")}
DIET = {"diet": ("control", "deficient", "supplemented")}
DOSE = {"dose": ("vehicle", "3 mg/kg", "10 mg/kg", "15 mg/kg", "30 mg/kg")}
LONG = {
    "pretreatment for fourteen days": ("0.9 % saline, intraperitoneal", "magnesium hydroaspartate, intraperitoneal"),
    "treatment on the day of the test": ("0.9 % saline", "ketamine hydrochloride 15 mg/kg, intraperitoneal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One figure: the factors with their levels, animals a group, and what is odd about it."""

    factors: dict[str, tuple[str, ...]]
    n: int = 8
    mean: float = 150.0
    sd: float = 30.0
    unit: str = "s"
    names: tuple[str, ...] = ("immobility",)
    plan: tuple[tuple[str, object], ...] = ()
    cages: int = 0
    without: tuple[str, ...] | None = None
    alone: tuple[str, ...] | None = None
    width: str | None = None
    tied: bool = False


CASES = {
    "1 x 2": Case(factors=KETAMINE),
    "1 x 5": Case(factors=DOSE),
    "2 x 2": Case(factors=MAGNESIUM | KETAMINE),
    "2 x 2, double": Case(factors=MAGNESIUM | KETAMINE, width="double"),
    "3 x 2": Case(factors=DIET | KETAMINE),
    "2 x 2 x 2": Case(factors={"sex": ("female", "male")} | MAGNESIUM | KETAMINE),
    "2 x 2 x 2, single": Case(factors={"sex": ("female", "male")} | MAGNESIUM | KETAMINE, width="single"),
    "long names": Case(
        factors=LONG, names=("time without any active, escape-oriented behaviour in the last four minutes",)
    ),
    "long names, one factor": Case(
        factors=dict(list(LONG.items())[:1]), names=("time without active behaviour",), unit="seconds of four minutes"
    ),
    "long names, three outcomes": Case(
        factors=LONG,
        names=("time in the outermost ring of squares", "time in the middle ring of squares", "time in the centre"),
    ),
    "long words": Case(factors={"genotype": ("C57BL/6NCrl-Bdnftm1Krj/J-heterozygote", "wildtypelittermatecontrols")}),
    "two outcomes": Case(
        factors=MAGNESIUM | KETAMINE, names=("PFC BDNF", "hippocampal BDNF"), unit="", mean=0.8, sd=0.1
    ),
    "n = 3": Case(factors=MAGNESIUM | KETAMINE, n=3),
    "n = 60": Case(factors=MAGNESIUM | KETAMINE, n=60),
    "ties": Case(factors=KETAMINE, n=12, tied=True),
    "an empty group": Case(
        factors=DIET | KETAMINE, without=("control", "ketamine"), plan=(("terms", ("diet", "ketamine")),)
    ),
    "n = 1 in a group": Case(factors=DOSE, alone=("10 mg/kg",)),
    "negative": Case(factors=MAGNESIUM | KETAMINE, mean=-150.0),
    "huge": Case(factors=MAGNESIUM | KETAMINE, mean=3.4e6, sd=4e5, unit="px"),
    "tiny": Case(factors=KETAMINE, mean=3e-5, sd=1e-5, unit="mol/L"),
    "far from zero": Case(factors=KETAMINE, mean=1000.0, sd=1.0, unit="g"),
    "no unit": Case(factors=DIET, unit=""),
    "log scale": Case(factors=MAGNESIUM | KETAMINE, plan=(("scale", "log"),)),
    "mixed": Case(factors=MAGNESIUM | KETAMINE, plan=(("random", ("cage",)),), cages=16),
    "four factors": Case(factors=dict.fromkeys(("sex", "stress", "magnesium", "ketamine"), ("no", "yes")), n=3),
}


def plan_of(name: str) -> FigurePlan:
    """Make the figure of a case."""
    case = CASES[name]
    rng = np.random.default_rng(20260411)
    return FigurePlan(
        number=1,
        panels=tuple(
            (
                Outcome(name=outcome, assay="forced swim", measure=f"{outcome}_m", unit=case.unit),
                _analysis(case, outcome, rng),
            )
            for outcome in case.names
        ),
    )


def _analysis(case: Case, outcome: str, rng: np.random.Generator) -> Analysis:
    cells = [cell for cell in itertools.product(*case.factors.values()) if cell != case.without]
    rows = [cell for cell in cells for _ in range(1 if cell == case.alone else case.n)]
    effect = np.array([-0.6 * case.sd * sum(map(str.__len__, cell)) / 10 for cell in rows])
    values = case.mean + effect + case.sd * rng.normal(size=len(rows))
    if case.tied:
        values = np.round(values / case.sd) * case.sd
    columns = {name: tuple(cell[k] for cell in rows) for k, name in enumerate(case.factors)}
    if case.cages:
        columns["cage"] = tuple(f"C{row * case.cages // len(rows)}" for row in range(len(rows)))
    table = Table(outcome=outcome, values=values, factors=columns, units=[f"K{row:03d}" for row in range(len(rows))])
    plan = Plan(outcome=outcome, factors=tuple(case.factors), **dict(case.plan))
    return analyse(table, plan, unit=case.unit, reference_levels=case.factors)
