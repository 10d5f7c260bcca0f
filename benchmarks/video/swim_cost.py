"""Forced swim: the cost of scoring a recording over the cost of only decoding it.

Alternatives in the same run: the plain OpenCV loop that most home-made scripts are, and ezTrack's `Measure_Motion`
where a checkout of it is given (GPL, so it is no part of this project):
`python swim_cost.py --eztrack PATH/TO/ezTrack`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clips
import peers
from measure import Claim, Costs, Setting, Task, claims_table, cost_table, ratio, run_alone, run_in_turns
from peers import DECODE

OURS, LOOP, EZTRACK = "littermate, swim", "plain OpenCV loop", "ezTrack freezing"


def ours(path: str, stop_s: float) -> Callable[[], Any]:
    from littermate.single.swim import score_swim

    def work() -> Any:
        trial = score_swim(path, window_s=(0.0, stop_s))
        return f"immobile {trial.score.immobility_percent:.1f} %"

    return work


def tasks(path: Path, *, stop_s: float, eztrack: str | None) -> list[Task]:
    made = [
        peers.decode_task(path),
        Task(name=OURS, file=__file__, function="ours", arguments=(str(path), stop_s)),
        peers.task(LOOP, "difference_loop", path),
    ]
    if eztrack:
        made.append(peers.task(EZTRACK, "eztrack_motion", path, eztrack))
    return made


def measured(path: Path, setting: Setting, *, stop_s: float, must: float) -> tuple[str, Claim]:
    """Measure one recording; return its table and its claim."""
    print(f"swim cost, {path.name}", file=sys.stderr)
    costs = run_in_turns(tasks(path, stop_s=stop_s, eztrack=setting.eztrack), rounds=setting.rounds(3), once=(EZTRACK,))
    frames, rate = clips.facts(path)
    width, height = path.stem.split("-")[1].split("x")
    title = f"### {width} x {height}, h264, {frames} frames at {clips.FPS} a second, {rate:.1f} Mbit/s"
    claim = Claim(
        what=f"forced swim scoring / decode only, {width} x {height}",
        must=must,
        measured=ratio(costs[OURS], costs[DECODE]),
    )
    return f"{title}\n\n{cost_table(costs, reference=DECODE, frames=frames, notes=_note)}", claim


def _note(costs: Costs) -> str:
    return str(costs.result or "")


def report(setting: Setting) -> str:
    """Measure both sizes."""
    short = 20.0 if setting.quick else 60.0
    small = clips.swim_clip(setting.cache, width=640, height=480, duration_s=short)
    times = 2 if setting.quick else 4
    small = clips.repeated(small, times=times, duration_s=short)
    large_s = 8.0
    large = clips.swim_clip(setting.cache, width=1920, height=1080, duration_s=large_s)
    if not setting.quick:
        large = clips.repeated(large, times=5, duration_s=large_s)
    parts = [
        measured(small, setting, stop_s=times * short, must=1.4),
        measured(large, setting, stop_s=large_s * (1 if setting.quick else 5), must=1.15),
    ]
    return "\n\n".join(
        ["## Forced swim: cost", claims_table([claim for _, claim in parts]), *(text for text, _ in parts)]
    )


if __name__ == "__main__":
    run_alone(report)
