"""Two files: wall time of two recordings on two cores against one on one, through `littermate.run.executor.run_all`.

Throughput is 2 x (one file, one core) / (two files, two cores). In a folder of files the workers are started once, so
the headline is of workers that are already there (a short recording was run before the clock starts); the figure with
starting them stands beside it. The physical limit is the same with decoding alone: what two cores of this machine give
when both are busy. Wall times need a machine that does nothing else.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clips
import peers
from measure import Claim, Costs, Setting, Task, claims_table, run_alone, run_in_turns, table

ONE, TWO = "one file, one core", "two files, two cores"


def score(path: str) -> float:
    from littermate.single.swim import score_swim

    return score_swim(path, window_s=(0.0, 1e6)).motion.t_s[-1].item()


def decode(path: str) -> float:
    peers.decode_only(path)()
    return 0.0


def run(function: str, paths: list[str], short: str, workers: int) -> Callable[[], Any]:
    """Return the work: warm up on a short file, then run; both wall times are the result."""
    from littermate.run.executor import run_all

    job = {"score": score, "decode": decode}[function]

    def work() -> list[float]:
        before = time.perf_counter()
        list(run_all(job, [short] * workers, workers=workers))
        warm = time.perf_counter()
        list(run_all(job, paths, workers=workers))
        return [warm - before, time.perf_counter() - warm]

    return work


def _tasks(function: str, paths: list[Path], short: Path) -> list[Task]:
    return [
        Task(
            name=f"{function}: {name}",
            file=__file__,
            function="run",
            arguments=(function, [str(path) for path in paths[:count]], str(short), count),
        )
        for name, count in ((ONE, 1), (TWO, 2))
    ]


def _walls(costs: Costs, *, started: bool) -> list[float]:
    return [run.result[1] + (run.result[0] if started else 0.0) for run in costs.runs]


def throughput(one: Costs, two: Costs, *, started: bool = False) -> float:
    pairs = zip(_walls(one, started=started), _walls(two, started=started), strict=True)
    return statistics.median(2 * single / double for single, double in pairs)


def report(setting: Setting) -> str:
    """Measure scoring and decoding."""
    clip_s, times = (20.0, 6) if setting.quick else (60.0, 6)
    clip = clips.swim_clip(setting.cache, width=640, height=480, duration_s=clip_s)
    path = clips.repeated(clip, times=times, duration_s=clip_s)
    short = clips.swim_clip(setting.cache, width=320, height=240, duration_s=6.0)
    print(f"two files, {path.name}", file=sys.stderr)
    costs = run_in_turns(
        [task for function in ("score", "decode") for task in _tasks(function, [path, path], short)],
        rounds=setting.rounds(2),
    )
    rows, claims = [], []
    for function, what in (("score", "forced swim scoring"), ("decode", "decode only: the physical limit")):
        one, two = costs[f"{function}: {ONE}"], costs[f"{function}: {TWO}"]
        rows.append(_row(what, one, two))
        if function == "score":
            claims.append(
                Claim(
                    what="throughput, two files on two cores",
                    must=1.85,
                    at_least=True,
                    unit=" x",
                    measured=throughput(one, two),
                )
            )
    columns = ("what", f"{ONE}, wall s", f"{TWO}, wall s", "throughput", "with starting the workers")
    title = f"### 640 x 480, h264, {times * clip_s:g} s recordings"
    return "\n\n".join(["## Two files on two cores", claims_table(claims), title, table(columns, rows)])


def _row(what: str, one: Costs, two: Costs) -> list[str]:
    walls = [statistics.median(_walls(costs, started=False)) for costs in (one, two)]
    return [
        what,
        *(f"{wall:.2f}" for wall in walls),
        f"{throughput(one, two):.2f} x",
        f"{throughput(one, two, started=True):.2f} x",
    ]


if __name__ == "__main__":
    run_alone(report)
