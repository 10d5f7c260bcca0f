"""Re-randomisation: 10,000 allocations of a 2 x 2 (n = 32), all three effects, on one core.

Ours is `reallocate` (drawing) and `randomization_test`, by Freedman and Lane, without and with body weight as a
covariate. Beside it, in turns: an R loop over `anova(lm())` (rerandomization.R) and a loop over statsmodels'
`anova_lm`, where installed; both run fewer rounds and are scaled to 10,000. They re-draw the outcome itself, which is
less than Freedman-Lane does. R's permuco was not at hand.

Times are CPU of one thread: what a core that does nothing else needs. Each run is a process of its own.

Run: python benchmarks/statistics/rerandomization.py [--quick].
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

from measure import Claim, Task, claims_table, machine, run_in_turns
from measure import table as markdown

from littermate.model.plan import Plan
from littermate.stats.allocations import reallocate
from littermate.stats.factorial import fit
from littermate.stats.randomization import randomization_test
from littermate.stats.table import Table

COUNT, TURNS, REPEATS = 10_000, 5, 10
MUST_MS = 50.0
R_ROUNDS, STATSMODELS_ROUNDS = 500, 50
HERE = Path(__file__).parent
PLAIN = "Freedman-Lane"


def experiment() -> Table:
    """32 animals, 8 a cell, without any effect."""
    rng = np.random.default_rng(1)
    cells = np.repeat(np.arange(4), 8)
    factors = {"a": [str(cell // 2) for cell in cells], "b": [str(cell % 2) for cell in cells]}
    weights = {"weight": rng.normal(32, 3, 32)}
    units = [f"M{k}" for k in range(32)]
    return Table(outcome="y", values=rng.normal(size=32), units=units, factors=factors, covariates=weights)


def ours(*covariates: str) -> Callable[[], Any]:
    """Draw and test, the first time uncounted; the result is the milliseconds of each repeat."""
    table = experiment()
    plan = Plan(outcome="y", factors=("a", "b"), covariates=covariates)
    analysis = fit(table, plan, unit="")

    def once() -> float:
        started = time.process_time()
        found = randomization_test(table, analysis, reallocate(table, plan, seed=1, count=COUNT))
        used = time.process_time() - started
        if [effect.count for effect in found.effects] != [COUNT] * 3:
            raise SystemExit("not all three effects were tested")
        return 1000 * used

    once()
    return lambda: [once() for _ in range(REPEATS)]


def r_loop(rounds: int) -> Callable[[], Any]:
    words = ["Rscript", str(HERE / "rerandomization.R"), str(rounds)]

    def work() -> list[float]:
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return [1000 * float(told.split()[0]) * COUNT / rounds]

    return work


def statsmodels_loop(rounds: int) -> Callable[[], Any]:
    import pandas as pd
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    table, rng = experiment(), np.random.default_rng(2)
    frame = pd.DataFrame({"y": table.values, "a": table.factors["a"], "b": table.factors["b"]})

    def work() -> list[float]:
        started = time.process_time()
        for _ in range(rounds):
            frame["y"] = rng.permutation(table.values)
            anova_lm(ols("y ~ C(a, Sum) * C(b, Sum)", frame).fit(), typ=3)
        return [1000 * (time.process_time() - started) * COUNT / rounds]

    return work


def tasks() -> list[Task]:
    def task(name: str, function: str, *arguments: Any) -> Task:
        return Task(name=name, file=__file__, function=function, arguments=arguments, warm_up=False)

    found = [task(PLAIN, "ours"), task("Freedman-Lane, weight a covariate", "ours", "weight")]
    if shutil.which("Rscript"):
        found.append(task(f"R loop ({R_ROUNDS:,} rounds, scaled)", "r_loop", R_ROUNDS))
    if importlib.util.find_spec("statsmodels"):
        name = f"statsmodels loop ({STATSMODELS_ROUNDS:,} rounds, scaled)"
        found.append(task(name, "statsmodels_loop", STATSMODELS_ROUNDS))
    return found


def report(turns: int) -> str:
    costs = run_in_turns(tasks(), rounds=turns)
    times = {name: [ms for run in cost.runs for ms in run.result] for name, cost in costs.items()}
    typical = {name: statistics.median(each) for name, each in times.items()}
    rows = [
        (name, f"{min(each):,.1f}", f"{typical[name]:,.1f}", f"{typical[name] / typical[PLAIN]:,.0f}")
        for name, each in times.items()
    ]
    what = f"{COUNT:,} re-randomisations of a 2 x 2, n = 32, all three effects, median"
    claim = Claim(what=what, must=MUST_MS, measured=typical[PLAIN], unit=" ms")
    return "\n\n".join(
        [
            "## Re-randomisation",
            machine() + ".",
            claims_table([claim]),
            markdown(("what", "fastest, ms of CPU", "median, ms of CPU", "times ours"), rows),
        ]
    )


if __name__ == "__main__":
    print(report(2 if "--quick" in sys.argv else TURNS))
