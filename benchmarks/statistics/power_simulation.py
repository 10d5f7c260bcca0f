"""10,000 simulated experiments of a 2 x 2 (n = 32), all three effects tested, on one core.

Ours is `simulate_power`: every outcome is drawn and the model fitted to it. Beside it in the same run: the loop that
people write in R (`lm` and `anova`, power_simulation.R), and the same loop in numpy without any model (means and sums
of squares of each experiment). The R loop runs a tenth of the experiments, and its time is multiplied; so does the
numpy loop with --quick. Each is a process of its own; the shares found stand beside the exact power.

Times are CPU of one thread: what a core that does nothing else needs.

Run: python benchmarks/statistics/power_simulation.py [--quick]; R is left out where there is no Rscript.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

from measure import Claim, Costs, Setting, Task, claims_table, machine, run_alone, run_in_turns, table

EXPERIMENTS, MUST_S, MOST_SE = 10_000, 0.050, 4
MEANS = (0.0, 0.3, 0.5, 1.8)
LEVELS = (("a", 2), ("b", 2))
OURS, NUMPY, R = "simulate_power", "a loop in numpy", "a loop in R"


def ours() -> Callable[[], Any]:
    from littermate.model.power import CellPlan
    from littermate.stats.hypotheses import effects_of
    from littermate.stats.power_simulation import Scenario, simulate_power

    scenario = Scenario(plan=CellPlan.even(LEVELS, 8), means=MEANS, sds=(1.0,) * 4)
    hypotheses = effects_of(LEVELS)
    simulate_power(scenario, hypotheses, experiments=10, seed=1)

    def work() -> Any:
        found = simulate_power(scenario, hypotheses, experiments=EXPERIMENTS, seed=1)
        return {"experiments": EXPERIMENTS, "found": [one.power for one in found]}

    return work


def numpy_loop(experiments: int) -> Callable[[], Any]:
    import numpy as np
    from scipy import stats

    critical = float(stats.f.isf(0.05, 1, 28))
    contrasts = np.array([[-1, -1, 1, 1], [-1, 1, -1, 1], [1, -1, -1, 1]]) / 4

    def work() -> Any:
        rng, found = np.random.default_rng(1), np.zeros(3)
        for _ in range(experiments):
            values = rng.standard_normal((4, 8)) + np.array(MEANS)[:, None]
            means = values.mean(axis=1)
            variance = ((values - means[:, None]) ** 2).sum() / 28
            found += 32 * (contrasts @ means) ** 2 / variance > critical
        return {"experiments": experiments, "found": list(found / experiments)}

    return work


def r_loop(experiments: int) -> Callable[[], Any]:
    def work() -> Any:
        words = ["Rscript", str(Path(__file__).with_suffix(".R")), str(experiments)]
        seconds, peak, *found = map(
            float, subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
        )
        return {"experiments": experiments, "found": found, "seconds": seconds, "peak_mb": peak}

    return work


def exact() -> list[float]:
    from littermate.model.power import CellPlan
    from littermate.stats.hypotheses import effects_of, from_means
    from littermate.stats.power import Question, effect_power

    plan = CellPlan.even(LEVELS, 8)
    return [effect_power(plan, Question(hypothesis=one)).power for one in from_means(effects_of(LEVELS), MEANS, 1.0)]


def _seconds(one: Costs) -> list[float]:
    """Return the CPU time of 10,000 experiments in each run."""
    times = EXPERIMENTS / one.result["experiments"]
    return [times * run.result.get("seconds", run.work_s) for run in one.runs]


def _standard_errors(one: Costs, power: list[float]) -> float:
    """Return how far the shares found are from the exact power, at most, in Monte-Carlo standard errors."""
    n = one.result["experiments"]
    return max(abs(found - p) / (p * (1 - p) / n) ** 0.5 for found, p in zip(one.result["found"], power, strict=True))


def _row(one: Costs, fastest: float, power: list[float]) -> list[str]:
    seconds = _seconds(one)
    peak = one.result.get("peak_mb", max(one.column("peak_mb")))
    shares = ", ".join(f"{share:.3f}" for share in one.result["found"])
    return [
        one.task.name,
        str(one.result["experiments"]),
        f"{1000 * min(seconds):.0f} / {1000 * statistics.median(seconds):.0f}",
        f"{statistics.median(seconds) / fastest:.0f}",
        f"{peak:.0f}",
        shares,
        f"{_standard_errors(one, power):.1f}",
    ]


def report(setting: Setting) -> str:
    """Measure all that is there."""
    tasks = [
        Task(name=OURS, file=__file__, function="ours"),
        Task(
            name=NUMPY, file=__file__, function="numpy_loop", arguments=(EXPERIMENTS // (10 if setting.quick else 1),)
        ),
    ]
    if shutil.which("Rscript"):
        tasks.append(Task(name=R, file=__file__, function="r_loop", arguments=(EXPERIMENTS // 10,), warm_up=False))
    costs = run_in_turns(tasks, rounds=setting.rounds(7), once=(R,))
    fastest, power = statistics.median(_seconds(costs[OURS])), exact()
    claims = [
        Claim(what="10,000 experiments: CPU, median", must=MUST_S, measured=fastest, unit=" s"),
        Claim(what="shares from exact, in SE", must=MOST_SE, measured=_standard_errors(costs[OURS], power)),
    ]
    columns = ["what", "experiments", "CPU ms of 10,000, min / median", "x ours", "peak MB", "found", "SE from exact"]
    rows = [_row(one, fastest, power) for one in costs.values()]
    truth = f"Exact power: {', '.join(f'{one:.3f}' for one in power)} (two main effects, interaction)."
    parts = ["## Simulated power", machine() + ".", claims_table(claims), truth, table(columns, rows)]
    return "\n\n".join([*parts, "" if R in costs else "There is no R on this machine."]).strip()


if __name__ == "__main__":
    run_alone(report)
