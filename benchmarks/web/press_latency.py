"""Press latency: from sending a key press to its acknowledgement, which comes when it is on disk.

One scorer and 20, each in a thread of one other process: at the pace of people (two presses a second each, not in
step), and as fast as they can (the next press when the last is acknowledged; 20 then share what the server can do).
A bare `fsync` of one page on the same disk stands beside: nothing that is on disk can be acknowledged faster.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from pathlib import Path

import numpy as np
import served
from measure import Claim, Setting, claims_table, run_alone, table

PACE_S = 0.5
GOAL_MS = 50.0


def fsync_ms(folder: Path, rounds: int = 200) -> list[float]:
    """Time the writing of one page and its fsync."""
    took = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(rounds):
            begun = time.perf_counter()
            file.write(os.urandom(4096))
            file.flush()
            os.fsync(file.fileno())
            took.append(1000 * (time.perf_counter() - begun))
    return took


def run(port: int, names: list[str], *, presses: int, pace_s: float) -> tuple[list[float], float]:
    """Let scorers press; returns milliseconds by press, and presses a second."""
    scorers = [served.Scorer(port, name) for name in names]
    took: list[float] = []
    start = threading.Barrier(len(scorers))
    threads = [threading.Thread(target=_score, args=(one, presses, pace_s, start, took)) for one in scorers]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, len(took) / (time.perf_counter() - begun)


def _score(scorer: served.Scorer, presses: int, pace_s: float, start: threading.Barrier, took: list[float]) -> None:
    start.wait()
    for _ in range(presses):
        if pace_s:
            time.sleep(random.uniform(0.5, 1.5) * pace_s)
        took.append(1000 * scorer.press())


def report(setting: Setting) -> str:
    """Measure with a new copy of the study for every row."""
    made = served.study_for(setting.cache, scorers=20)
    presses = 20 if setting.quick else 120
    rows, claims = [], []
    for scorers in (1, 20):
        for words, pace_s in (("two presses a second each", PACE_S), ("as fast as they can", 0.0)):
            print(f"press latency, {scorers}, {words}", file=sys.stderr)
            took, rate = _measured(made, scorers=scorers, presses=presses, pace_s=pace_s)
            p99 = float(np.percentile(took, 99))
            numbers = [f"{value:.1f}" for value in (np.median(took), p99, np.max(took), rate)]
            rows.append([str(scorers), words, str(len(took)), *numbers])
            if pace_s:
                claims.append(Claim(what=f"p99, {scorers} at people's pace", must=GOAL_MS, measured=p99, unit=" ms"))
    bare = fsync_ms(setting.cache)
    rows.append(["", "bare fsync", str(len(bare)), f"{np.median(bare):.2f}", f"{np.percentile(bare, 99):.2f}", "", ""])
    columns = ("scorers", "pace", "presses", "median, ms", "p99, ms", "longest, ms", "presses a second")
    return "\n\n".join(["## A key press until it is saved", claims_table(claims), table(columns, rows)])


def _measured(made: served.Made, *, scorers: int, presses: int, pace_s: float) -> tuple[list[float], float]:
    with made.served() as server:
        return run(server.port, made.names[:scorers], presses=presses, pace_s=pace_s)


if __name__ == "__main__":
    run_alone(report)
