"""Coverage: how often the intervals of a 2 x 2 hold the truth, in simulated experiments.

Equal cells of 8, and cells of 7, 8, 8 and 6. Ketamine lowers the outcome by 1 SD without magnesium and by 0.5 SD with
it; magnesium alone does nothing. Each experiment goes through the program's own `fit_model`, `differences` and
`partial_eta_squared`. Partial eta squared is that of ketamine alone, in a second set without any other effect; where
ketamine does nothing either, its 90 % interval holds 0 in 95 %.

Run: python benchmarks/statistics/coverage.py [EXPERIMENTS] (20,000; some 4 minutes, one design a core).
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from littermate.model.plan import Plan
from littermate.stats.contrasts import differences
from littermate.stats.effect_size import partial_eta_squared
from littermate.stats.factorial import fit_model
from littermate.stats.fitted_model import FittedModel
from littermate.stats.linear import sums_of_squares
from littermate.stats.table import Table

DESIGNS = {"8 in each cell": (8, 8, 8, 8), "7, 8, 8 and 6": (7, 8, 8, 6)}
CELLS = tuple(itertools.product(("control", "mg"), ("saline", "ketamine")))
MEANS = {
    ("control", "saline"): 0.0,
    ("control", "ketamine"): -1.0,
    ("mg", "saline"): 0.0,
    ("mg", "ketamine"): -0.5,
}
LEVELS = {"magnesium": ("control", "mg"), "ketamine": ("saline", "ketamine")}
PLAN = Plan(outcome="y", factors=("magnesium", "ketamine"))


def experiments(sizes: Sequence[int], means: Sequence[float], count: int, seed: int) -> Iterator[FittedModel]:
    """Simulate and fit."""
    labels = [cell for cell, n in zip(CELLS, sizes, strict=True) for _ in range(n)]
    centre = np.repeat(means, sizes)
    rng = np.random.default_rng(seed)
    factors = {"magnesium": [one for one, _ in labels], "ketamine": [other for _, other in labels]}
    for _ in range(count):
        y = centre + rng.normal(size=len(centre))
        table = Table(outcome="y", values=y, factors=factors, units=range(len(y)))
        yield fit_model(table, PLAN, reference_levels=LEVELS)


def truth(difference) -> float:
    """Return the true difference, in SD (the error's SD is 1)."""
    if ":" in difference.factor:
        return MEANS["mg", "ketamine"] - MEANS["mg", "saline"] - MEANS["control", "ketamine"]
    held = dict(difference.within)
    cells = [dict(zip(LEVELS, cell, strict=True)) for cell in CELLS]

    def mean(level: str) -> float:
        wanted = {**held, difference.factor: level}
        chosen = [tuple(cell.values()) for cell in cells if wanted.items() <= cell.items()]
        return float(np.mean([MEANS[cell] for cell in chosen]))

    return mean(difference.level) - mean(difference.reference)


def covered(sizes: Sequence[int], count: int) -> dict[str, tuple[float, float]]:
    """Return the coverage of the raw difference and of Hedges g, by its label."""
    raw, standardised = Counter[str](), Counter[str]()
    for model in experiments(sizes, [MEANS[cell] for cell in CELLS], count, seed=20260411):
        for one in differences(model)[0]:
            true = truth(one)
            raw[one.label] += one.ci95[0] <= true <= one.ci95[1]
            standardised[one.label] += one.hedges_g_ci95[0] <= true <= one.hedges_g_ci95[1]
    return {label: (raw[label] / count, standardised[label] / count) for label in raw}


def eta_covered(sizes: Sequence[int], ketamine: float, count: int) -> float:
    """Return how often the 90 % interval of partial eta squared holds the population's, for ketamine's main effect."""
    held, n = 0, sum(sizes)
    noncentrality = 4 * ketamine**2 / sum(1 / size for size in sizes)
    share = noncentrality / (noncentrality + n)
    for model in experiments(sizes, [0, ketamine, 0, ketamine], count, seed=7):
        df, ss = sums_of_squares(model.design)[("ketamine",)]
        _, (low, high) = partial_eta_squared(ss / df / model.sigma**2, df, model.df, n)
        held += low <= share <= high
    return held / count


def section(count: int = 20_000) -> str:
    """Return the tables."""
    lines = [f"Of {count:,} experiments; Monte-Carlo error {100 * (0.95 * 0.05 / count) ** 0.5:.2f} points."]
    with ProcessPoolExecutor(max_workers=len(DESIGNS)) as pool:
        for part in pool.map(design_lines, DESIGNS, itertools.repeat(count)):
            lines += part
    return "\n".join(lines)


def design_lines(name: str, count: int) -> list[str]:
    """Return the table of one design."""
    sizes = DESIGNS[name]
    lines = ["", f"| {name} | difference, 95 % | Hedges g, 95 % |", "|---|---|---|"]
    lines += [f"| {label} | {a:.2%} | {g:.2%} |" for label, (a, g) in covered(sizes, count).items()]
    some, none = (eta_covered(sizes, effect, count // 4) for effect in (-1.0, 0.0))
    return [*lines, "", f"Partial eta squared of ketamine, 90 %: {some:.2%} (1 SD), {none:.2%} (no effect)."]


if __name__ == "__main__":
    print(section(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
