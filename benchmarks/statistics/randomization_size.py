"""Size of the randomisation test: how often P <= 0.05 where nothing has any effect, for each allocation scheme.

Each experiment is allocated by the scheme itself (`planning.redraw`), and so are the allocations that it is compared
with. Outcomes are as unkind as they come: skewed noise (exponential), a trend with body weight, and cages that differ.
The F test of the same model stands beside, of the first experiments: it is only right where its assumptions are.

Cages of the split-plot hold two animals: with 8 cages there are only 70 allocations of them, P moves in steps of 2/70,
and no test of size 0.05 exists.

Run: python benchmarks/statistics/randomization_size.py [--quick].
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

from measure import table as markdown

from littermate.model.animal import Animal
from littermate.model.design import Design, Factor, Scheme
from littermate.model.plan import Plan
from littermate.planning.redraw import redraw
from littermate.stats.allocations import Allocations
from littermate.stats.factorial import fit
from littermate.stats.linear import build_design, project, sums_of_squares
from littermate.stats.randomization import randomization_test
from littermate.stats.table import Table

EXPERIMENTS, QUICK, OTHERS, POOL = 5_000, 300, 499, 20_000
BY_F = 1_000
LEVELS = {"magnesium": ("control", "mg"), "ketamine": ("saline", "ketamine"), "dose": ("0", "5", "10", "15")}
BOUNDS = (0.04, 0.06)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A scheme, and the model that is fitted to what it gives."""

    name: str
    design: Design
    cage_of: int = 4
    blocks: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    lost: int = 0
    layers: tuple[tuple[str, ...], ...] = field(default=((),))

    @cached_property
    def animals(self) -> list[Animal]:
        """32 mice in cages, heavier and lighter."""
        weights = np.random.default_rng(11).normal(32, 3, 32).round(1).tolist()
        return [
            Animal(
                id=f"M{k:02}",
                sex="male" if k % 8 < 4 else "female",
                weight_g=weights[k],
                cage=f"C{k // self.cage_of:02}",
            )
            for k in range(32)
        ]


def factor(name: str, given_to: str = "animal") -> Factor:
    return Factor(name=name, levels=LEVELS[name], given_to=given_to)


def two_by_two(given_to: str = "animal", **more: object) -> Design:
    both = (factor("magnesium", given_to), factor("ketamine"))
    return Design(factors=both, per_group=8, stages=("magnesium", "ketamine"), **more)


def cases() -> Iterator[Case]:
    yield Case(name="complete", design=Design(factors=(factor("dose"),), per_group=8, stages=("dose",)))
    yield Case(name="nested two-stage", design=two_by_two())
    yield Case(name="nested two-stage, 3 animals lost", design=two_by_two(), lost=3)
    yield Case(name="blocked (cages)", design=two_by_two(block="cage"), blocks=("cage",))
    yield Case(
        name="stratified (sex, weight)", design=two_by_two(scheme=Scheme(kind="stratified", by=("sex", "weight")))
    )
    minimised = two_by_two(scheme=Scheme(kind="minimised", by=("sex", "weight")))
    yield Case(name="minimised (sex, weight)", design=minimised)
    yield Case(name="minimised, weight a covariate", design=minimised, covariates=("weight",))
    halves = (("magnesium",), ("ketamine",))
    yield Case(name="split-plot (magnesium to 16 cages)", design=two_by_two("cage"), cage_of=2, layers=halves)


def outcomes(case: Case, rng: np.random.Generator) -> np.ndarray:
    """Return what the animals would have given in any group."""
    animals = case.animals
    weights = np.array([animal.weight_g for animal in animals])
    cages = np.unique([animal.cage for animal in animals], return_inverse=True)[1]
    y = rng.exponential(size=32) + 0.3 * (weights - weights.mean()) + rng.normal(size=cages.max() + 1)[cages]
    y[rng.choice(32, case.lost, replace=False)] = np.nan
    return np.asarray(y)


def as_table(case: Case, cells: np.ndarray, y: np.ndarray) -> Table:
    animals, labels = case.animals, [case.design.cells[cell] for cell in cells]
    factors = {one.name: [cell[at] for cell in labels] for at, one in enumerate(case.design.factors)}
    return Table(
        outcome="y",
        values=y,
        units=[animal.id for animal in animals],
        factors={**factors, "cage": [animal.cage for animal in animals]},
        covariates={"weight": [animal.weight_g for animal in animals]} if case.covariates else {},
    )


def sizes(case: Case, experiments: int) -> list[tuple[str, float, float]]:
    """Return each effect, and how often the randomisation test and the F test find it."""
    started, rng = time.perf_counter(), np.random.default_rng(2026)
    rows = redraw(case.animals, case.design, count=experiments + POOL, seed=1)
    factors = tuple(one.name for one in case.design.factors)
    plan = Plan(outcome="y", factors=factors, blocks=case.blocks, covariates=case.covariates)
    found: dict[str, list[bool]] = {}
    by_f: dict[str, list[bool]] = {}
    analysis = None
    for number, cells in enumerate(rows[:experiments]):
        table = as_table(case, cells, outcomes(case, rng))
        analysis = analysis or fit(table, plan, unit="", reference_levels=LEVELS)
        at = experiments + int(rng.integers(POOL - OTHERS))
        layers = [Allocations(cells=rows[at : at + OTHERS], scheme="", factors=layer) for layer in case.layers]
        for effect in randomization_test(table, analysis, layers, reference_levels=LEVELS).effects:
            found.setdefault(effect.term, []).append(effect.p <= 0.05)
        if number < BY_F:
            for term, p in f_tests(table, [effect.term for effect in analysis.effects]).items():
                by_f.setdefault(term, []).append(p <= 0.05)
    print(f"  {case.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return [(term, float(np.mean(hits)), float(np.mean(by_f[term]))) for term, hits in found.items()]


def f_tests(table: Table, names: list[str]) -> dict[str, float]:
    """Return the P of the F test of every term: `fit` without all else that it does."""
    terms, complete = [tuple(name.split(":")) for name in names], table.complete()
    levels = {**LEVELS, "cage": tuple(dict.fromkeys(complete.factors["cage"]))}
    design = build_design(complete, terms, levels)
    error = project(design)
    scale = error.ss_error / error.df_error
    found = sums_of_squares(design)
    return {":".join(term): float(stats.f.sf(ss / df / scale, df, error.df_error)) for term, (df, ss) in found.items()}


def report(experiments: int) -> str:
    every = list(cases())
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(every))) as pool:
        found = list(pool.map(sizes, every, [experiments] * len(every)))
    rows = [
        (case.name, term, f"{ours:.4f}", "yes" if BOUNDS[0] <= ours <= BOUNDS[1] else "**no**", f"{by_f:.3f}")
        for case, effects in zip(every, found, strict=True)
        for term, ours, by_f in effects
    ]
    se = math.sqrt(0.05 * 0.95 / experiments)
    about = (
        f"{experiments:,} experiments without any effect a scheme, {OTHERS} re-drawn allocations each; Monte-Carlo"
        f" standard error {se:.4f}. Size must be {BOUNDS[0]:.3f} to {BOUNDS[1]:.3f}."
        f" F test: of {min(BY_F, experiments):,} of them."
    )
    columns = ("scheme", "effect", "randomisation test", "met", "F test")
    return "\n\n".join(["## Size of the randomisation test", about, markdown(columns, rows)])


if __name__ == "__main__":
    print(report(QUICK if "--quick" in sys.argv else EXPERIMENTS))
