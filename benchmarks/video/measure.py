"""Measure: what a piece of work costs, in a process of its own.

A task is a module-level function that does the imports and returns the work as a function without arguments; the work
returns something that JSON can hold. Every measurement is a new process: `start_s` is CPU of starting and importing,
`work_s` CPU of the work (user + system, its own child processes included), `wall_s` wall time of the work, `peak_mb`
the peak of resident memory. Tasks that are compared run in turns (a, b, c, a, b, c, ...): a busy
machine hits all.

The headline ratio is work / work of the reference in the same round, as the median over the rounds; the ratio of the
minima stands beside it, and so does the ratio with starting and importing included (what one short file feels like).

On Linux the peak is the process's own high-water mark (VmHWM): `ru_maxrss` of a started process also holds what the
parent used. Elsewhere it is `ru_maxrss`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")


class TaskError(Exception):
    """A task ended with an error; the message is what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is measured: a name for the table, a function of a file, and its arguments."""

    name: str
    file: str
    function: str
    arguments: tuple[Any, ...] = ()
    warm_up: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One measurement of a task."""

    start_s: float
    work_s: float
    wall_s: float
    peak_mb: float
    result: Any


@dataclass(slots=True, kw_only=True)
class Costs:
    """The repeated measurements of a task, one a round."""

    task: Task
    runs: list[Cost] = field(default_factory=list)

    def column(self, name: str) -> list[float]:
        return [float(getattr(run, name)) for run in self.runs]

    @property
    def whole(self) -> list[float]:
        """CPU of the whole process, starting and importing included."""
        return [run.start_s + run.work_s for run in self.runs]

    @property
    def result(self) -> Any:
        return self.runs[-1].result


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a script runs: where its clips are kept, shorter or not, and a peer's checkout where one is given."""

    cache: Path
    quick: bool
    eztrack: str | None = None

    def rounds(self, usual: int) -> int:
        return 2 if self.quick else usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One required figure beside the measured one; `must` is the largest allowed unless `at_least`."""

    what: str
    must: float
    measured: float
    at_least: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.measured >= self.must if self.at_least else self.measured <= self.must

    def row(self) -> tuple[str, ...]:
        sign = ">=" if self.at_least else "<="
        return (
            self.what,
            f"{sign} {self.must:g}{self.unit}",
            f"**{self.measured:.3g}{self.unit}**",
            "yes" if self.met else "**no**",
        )


def run_once(task: Task) -> Cost:
    """Measure a task in a new process."""
    words = [sys.executable, str(HERE / "measure.py"), task.file, task.function, json.dumps(task.arguments)]
    done = subprocess.run(words, env={**os.environ, **_ONE_THREAD}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TaskError(f"{task.name} failed:\n{done.stderr}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def run_in_turns(tasks: Sequence[Task], *, rounds: int, once: Sequence[str] = ()) -> dict[str, Costs]:
    """Measure the tasks in turns, after one uncounted run of each that asks for it; those in `once` run only once."""
    costs = {task.name: Costs(task=task) for task in tasks}
    for task in tasks:
        if task.warm_up and task.name not in once:
            run_once(task)
    for number in range(rounds):
        for task in tasks:
            if number == 0 or task.name not in once:
                print(f"  {task.name}, {number + 1} of {rounds}", file=sys.stderr)
                costs[task.name].runs.append(run_once(task))
    return costs


def ratio(costs: Costs, reference: Costs, *, whole: bool = False) -> float:
    """Return the median over the rounds of cost / reference; a task that ran once is set against its own round."""
    ours, theirs = (costs.whole, reference.whole) if whole else (costs.column("work_s"), reference.column("work_s"))
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=False))


def ratio_of_minima(costs: Costs, reference: Costs) -> float:
    return min(costs.column("work_s")) / min(reference.column("work_s"))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def claims_table(claims: Sequence[Claim]) -> str:
    return table(("what", "must be", "measured", "met"), [claim.row() for claim in claims])


def cost_table(costs: dict[str, Costs], *, reference: str, frames: int, notes: Callable[[Costs], str] | None) -> str:
    """Return the table of tasks against the reference; `notes` gives each its last cell."""
    columns = [
        "what",
        "CPU min / median, s",
        "ms a frame",
        "ratio",
        "of minima",
        "with start-up",
        "start-up, s",
        "peak MB",
    ]
    if notes:
        columns.append("result")
    rows = [[*_cost_row(one, costs[reference], frames), *([notes(one)] if notes else [])] for one in costs.values()]
    return table(columns, rows)


def _cost_row(one: Costs, reference: Costs, frames: int) -> list[str]:
    work = one.column("work_s")
    return [
        one.task.name,
        f"{min(work):.2f} / {statistics.median(work):.2f}",
        f"{1000 * statistics.median(work) / frames:.2f}",
        f"{ratio(one, reference):.2f}",
        f"{ratio_of_minima(one, reference):.2f}",
        f"{ratio(one, reference, whole=True):.2f}",
        f"{statistics.median(one.column('start_s')):.2f}",
        f"{max(one.column('peak_mb')):.0f}",
    ]


def machine() -> str:
    """Say in one line what it was measured on."""
    import av
    import cv2
    import numpy as np

    import littermate

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"littermate {littermate.__version__}, Python {platform.python_version()}, PyAV {av.__version__}, OpenCV"
        f" {cv2.__version__}, numpy {np.__version__}, {platform.system()} {platform.machine()}, {cores} cores"
    )


@contextmanager
def setting_from_words(words: Sequence[str] | None = None) -> Iterator[Setting]:
    """Read --cache, --quick and --eztrack; without --cache the clips go to a temporary folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, help="folder in which the clips are kept (made once)")
    parser.add_argument("--quick", action="store_true", help="shorter clips and 2 rounds: a look, not a result")
    parser.add_argument("--eztrack", metavar="PATH", help="a checkout of ezTrack, to run it beside (swim_cost)")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as temporary:
        cache = asked.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        yield Setting(cache=cache.resolve(), quick=asked.quick, eztrack=asked.eztrack)


def run_alone(report: Callable[[Setting], str]) -> None:
    """Run one claim's script from the command line and print its markdown."""
    with setting_from_words() as setting:
        print(report(setting))


def load(file: str) -> Any:
    """Import a file of benchmarks/video as a module."""
    sys.path.insert(0, str(HERE))
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"not a Python file: {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _child(file: str, function: str, arguments: str) -> None:
    """Do one measurement in this process and print it as JSON."""
    work = getattr(load(file), function)(*json.loads(arguments))
    started, clock = _cpu_s(), time.perf_counter()
    result = work()
    ended, wall = _cpu_s(), time.perf_counter() - clock
    print(
        json.dumps(
            {
                "start_s": started,
                "work_s": ended - started,
                "wall_s": wall,
                "peak_mb": _peak_mb(),
                "result": result,
            }
        )
    )


if __name__ == "__main__":
    _child(*sys.argv[1:])
