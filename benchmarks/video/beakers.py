"""Beakers: four beakers in one 1080p recording over one beaker of the same recording: one decode serves all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import clips
import peers
from measure import Claim, Setting, Task, claims_table, cost_table, ratio, run_alone, run_in_turns
from peers import DECODE

ONE, FOUR = "littermate, one beaker", "littermate, four beakers"


def ours(path: str, boxes: list[list[int]]) -> Callable[[], Any]:
    from littermate.video.motion import read_motions

    def work() -> Any:
        motions, _ = read_motions(path, [tuple(box) for box in boxes])
        return f"{len(motions)} motions"

    return work


def report(setting: Setting) -> str:
    """Measure one and four beakers in turns."""
    duration_s = 8.0
    path, boxes = clips.four_beakers(setting.cache, duration_s=duration_s)
    if not setting.quick:
        path = clips.repeated(path, times=5, duration_s=duration_s)
    print(f"beakers, {path.name}", file=sys.stderr)
    tasks = [peers.decode_task(path)]
    for name, some in ((ONE, boxes[:1]), (FOUR, boxes)):
        tasks.append(Task(name=name, file=__file__, function="ours", arguments=(str(path), some)))
    costs = run_in_turns(tasks, rounds=setting.rounds(3))
    frames, rate = clips.facts(path)
    claim = Claim(
        what="four beakers in one 1920 x 1080 recording / one beaker",
        must=1.25,
        measured=ratio(costs[FOUR], costs[ONE]),
    )
    title = f"### 1920 x 1080, h264, {frames} frames at {clips.FPS} a second, {rate:.1f} Mbit/s"
    rows = cost_table(costs, reference=DECODE, frames=frames, notes=lambda one: one.result or "")
    return "\n\n".join(["## Four beakers", claims_table([claim]), title, rows])


if __name__ == "__main__":
    run_alone(report)
