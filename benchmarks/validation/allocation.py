"""How even each allocation scheme makes the groups, and whether the redraws of the randomisation test follow its law.

`section()` draws what it reports. The law is tested on small designs, where every allocation can be counted: 2,000
allocations by `allocate` (one seed each) against 40,000 redraws, allocation by allocation, by chi-squared. A P value
near 0 would show that the analysis re-randomises by another scheme than the one that was used.
"""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
from scipy.stats import chi2_contingency

from littermate.model.animal import Animal
from littermate.model.design import Design, Factor, Scheme
from littermate.planning.allocate import allocate
from littermate.planning.balance import weight_gaps
from littermate.planning.redraw import how_many, redraw

ALLOCATIONS, REDRAWS = 2_000, 40_000
A, B = (Factor(name=name, levels=("no", "yes")) for name in "ab")
DIET = Factor(name="a", levels=("no", "yes"), given_to="cage")


def design(per_group: int, *factors: Factor, block: str = "", scheme: Scheme | None = None) -> Design:
    names = tuple(factor.name for factor in factors)
    return Design(factors=factors, per_group=per_group, stages=names, block=block, scheme=scheme or Scheme())


def herd(count: int, cage_of: int) -> list[Animal]:
    """Half females, 25 g, half males, 30 g, SD 2 g; a cage is of one sex."""
    noise = np.random.default_rng(1).normal(0, 2, count)
    return [
        Animal(
            id=f"M{k:02}",
            sex="fm"[2 * k // count],
            cage=str(k // cage_of),
            weight_g=round(25 + 5 * (2 * k // count) + float(noise[k]), 1),
        )
        for k in range(count)
    ]


def schemes(per_group: int) -> dict[str, Design]:
    by_weight = Scheme(kind="stratified", by=("sex", "weight"))
    minimised = Scheme(kind="minimised", by=("weight", "sex"))
    return {
        "complete (nested two-stage)": design(per_group, A, B),
        "blocked by sex": design(per_group, A, B, block="sex"),
        "stratified by sex and weight, 3 classes": design(per_group, A, B, scheme=by_weight),
        "minimised on weight and sex, 0.8": design(per_group, A, B, scheme=minimised),
        "complete, drawn again above 0.5 SD": design(per_group, A, B, scheme=Scheme(weight_limit=0.5)),
        "split-plot: a to whole cages, b within": design(per_group, DIET, B),
    }


def small() -> dict[str, tuple[list[Animal], Design]]:
    """The same schemes on 8 animals."""
    animals = herd(8, 2)
    return {name: (animals, scheme) for name, scheme in schemes(2).items()}


def law(animals: list[Animal], scheme: Design) -> float:
    """Return the P of the difference between allocations and redraws; rare allocations are counted together."""
    keys = (allocate(animals, scheme, seed=seed) for seed in range(ALLOCATIONS))
    once = Counter(tuple(scheme.cells.index(one.cell) for one in key.assignments) for key in keys)
    often = Counter(map(tuple, redraw(animals, scheme, count=REDRAWS, seed=1).tolist()))
    common = [one for one in once | often if once[one] + often[one] >= 10]
    table = np.array([[count[one] for one in common] for count in (once, often)])
    rare = np.array([[ALLOCATIONS], [REDRAWS]]) - table.sum(axis=1, keepdims=True)
    return float(chi2_contingency(np.hstack([table, rare]) if rare.any() else table).pvalue)


def section() -> str:
    """Return the section of the validation page."""
    lines = [
        "## Allocation",
        "",
        "32 animals in 2 x 2 groups of 8, half females, weights of 25 or 30 g with SD 2 g, cages of 4: the largest",
        "difference between two groups' mean weights, in SD of all animals, in 10,000 draws; the time of these draws;",
        f"and P of {ALLOCATIONS:,} allocations against {REDRAWS:,} redraws of the same scheme on 8 animals.",
        "",
        "| scheme | median | 95 % below | equally likely allocations | 10,000 redraws | P, same law |",
        "|---|---|---|---|---|---|",
    ]
    animals = herd(32, 4)
    for (name, scheme), (few, little) in zip(schemes(8).items(), small().values(), strict=True):
        start = time.perf_counter()
        rows = redraw(animals, scheme, count=10_000, seed=2)
        took = 1000 * (time.perf_counter() - start)
        median, p95 = np.quantile(weight_gaps(animals, scheme, rows), (0.5, 0.95))
        count = how_many(animals, scheme)
        many = "not counted" if count is None else f"{count:.3g}"
        lines.append(f"| {name} | {median:.2f} | {p95:.2f} | {many} | {took:.0f} ms | {law(few, little):.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
