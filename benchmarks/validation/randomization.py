"""How far the randomisation test is from counting, and from R; and Bayes factors from R and mpmath.

Exact P are compared with counting in whole numbers (Python integers, so that ties are ties); drawn P with R's
200,000 permutations of the reference case beside the repository (../shared/oracles).
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from littermate.model.plan import Plan
from littermate.stats.allocations import reallocate
from littermate.stats.bayes_factor import jzs, two_sample_units
from littermate.stats.columns import select_columns
from littermate.stats.factorial import fit
from littermate.stats.formula import parse_formula
from littermate.stats.randomization import randomization_test
from littermate.stats.table import Table, read_table

ROOT = Path(__file__).parents[2]
ORACLES = ROOT.parent / "shared" / "oracles"
REFERENCE = ROOT / "tests" / "stats" / "reference"
CASE, TERMS = (
    "permutation_2x2_fl",
    {"ketamine": "ketamine", "magnesium": "magnesium", "ketamine:magnesium": "interaction"},
)
ROUNDS, COUNT = 40, 200_000


def counted(values: list[int], treated: tuple[int, ...]) -> int:
    """Count the groups of this size whose sum is as far from what is expected as that of the treated."""
    n, size, total = len(values), len(treated), sum(values)

    def apart(group: tuple[int, ...]) -> int:
        return abs(n * sum(values[k] for k in group) - size * total)

    made = apart(treated)
    return sum(apart(group) >= made for group in itertools.combinations(range(n), size))


def exact_rows() -> Iterator[str]:
    plan, rng = Plan(outcome="y", factors=("drug",)), np.random.default_rng(6)
    for one, other in ((3, 3), (4, 6), (5, 7), (8, 8)):
        equal, ways = 0, math.comb(one + other, one)
        rounds = ROUNDS if ways < 1000 else ROUNDS // 4
        for _ in range(rounds):
            values = rng.integers(0, 12, one + other).tolist()
            treated = tuple(sorted(rng.choice(one + other, one, replace=False).tolist()))
            labels = ["drug" if k in treated else "vehicle" for k in range(one + other)]
            table = Table(
                outcome="y", values=values, units=list(map(str, range(one + other))), factors={"drug": labels}
            )
            found = randomization_test(table, fit(table, plan, unit=""), reallocate(table, plan, seed=1))
            equal += found.effect("drug").b == counted(values, treated)
        what = f"{one} against {other}, {ways:,} allocations, outcomes with ties"
        yield f"| {what} | counts equal in | {equal} of {rounds} |"


def drawn_rows() -> Iterator[str]:
    chosen = select_columns(read_table(ORACLES / f"{CASE}.csv"), parse_formula("immobility ~ ketamine * magnesium"))
    plan = Plan(outcome="immobility", factors=("ketamine", "magnesium"))
    made = reallocate(chosen.table, plan, seed=1, count=COUNT, reference_levels=chosen.levels)
    analysis = fit(chosen.table, plan, unit="s", reference_levels=chosen.levels)
    found = randomization_test(chosen.table, analysis, made, reference_levels=chosen.levels)
    expected = json.loads((ORACLES / f"{CASE}.json").read_text(encoding="utf-8"))["expected"]
    for term, name in TERMS.items():
        ours, theirs = found.effect(term), expected[name]
        apart = abs(ours.p - theirs["p"]) / math.hypot(ours.mc_se, theirs["mc_se"])
        what = f"{CASE}, {term}: P {ours.p:.5f}, R {theirs['p']:.5f}"
        yield f"| {what} | Monte-Carlo standard errors apart | {apart:.1f} |"


def bayes_rows() -> Iterator[str]:
    def cases(name: str) -> list[dict[str, float]]:
        return list(json.loads((REFERENCE / name).read_text(encoding="utf-8"))["cases"])

    exact = [jzs(one["t"], one["df"], one["units"], r=one["r"]).log_bf10 - one["log_bf10"] for one in cases("jzs.json")]
    in_r = []
    for one in cases("jzs_r.json"):
        n1, n2 = int(one["n1"]), int(one["n2"])
        df, units = (n1 + n2 - 2, two_sample_units(n1, n2)) if n2 else (n1 - 1, float(n1))
        in_r.append(jzs(one["t"], df, units, r=one["r"]).log_bf10 - one["log_bf10"])
    for name, apart in (("30 digits (mpmath)", exact), ("R's BayesFactor", in_r)):
        yield f"| {len(apart)} JZS Bayes factors, {name} | largest relative difference | {max(map(abs, apart)):.1e} |"


def section() -> str:
    """Return the section of the validation page."""
    rows = [*exact_rows(), *(drawn_rows() if ORACLES.is_dir() else ()), *bayes_rows()]
    head = ["## Randomisation test and Bayes factor", "", "| case | | |", "|---|---|---|"]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    print(section())
