"""Copy cost: what a playable copy of a 6-minute recording of 640 x 480 costs, beside decoding the recording.

`copied` is H.264, whose packets go over; `encoded anew` is the same scene as MPEG-4 in AVI. Each stands beside decoding
its own file. Run: python benchmarks/playback/copy_cost.py [--cache DIR] [--quick].
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "video"))

import clips
import peers
from measure import (
    Claim,
    Costs,
    Setting,
    Task,
    claims_table,
    cost_table,
    machine,
    run_alone,
    run_in_turns,
)

CLIP_S = 60.0
KINDS = {"copied": "h264 gop 250", "encoded anew": "MPEG-4"}


def copy(path: str) -> Callable[[], Any]:
    """Make a playable copy in a temporary folder."""
    from littermate.video.playback import make_playable

    def work() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "copy.mp4"
            made = make_playable(path, out)
            return [made.copied, len(made.t_s), out.stat().st_size / 1e6, Path(path).stat().st_size / 1e6]

    return work


def _measured(name: str, path: Path, setting: Setting) -> tuple[str, dict[str, Costs]]:
    task = Task(name=name, file=__file__, function="copy", arguments=(str(path),))
    costs = run_in_turns([peers.decode_task(path), task], rounds=setting.rounds(3))
    copied, count, megabytes, before = costs[name].result
    if copied != (name == "copied"):
        raise SystemExit(f"{path} was {'copied' if copied else 'encoded anew'}")
    notes = {name: f"{min(costs[name].column('wall_s')):.2f} s wall, {megabytes:.1f} MB of {before:.1f} MB"}
    rows = cost_table(costs, reference=peers.DECODE, frames=count, notes=lambda one: notes.get(one.task.name, ""))
    return f"{KINDS[name]}, {count} frames\n\n{rows}", costs


def report(setting: Setting) -> str:
    """Measure copying and encoding anew."""
    minutes = 1 if setting.quick else 6
    texts, claims = [], []
    for name, codec in KINDS.items():
        clip = clips.field_clip(setting.cache, width=640, height=480, duration_s=CLIP_S, codec=codec)
        path = clips.repeated(clip, times=minutes, duration_s=CLIP_S)
        text, costs = _measured(name, path, setting)
        texts.append(text)
        if name == "copied":
            wall = min(costs[name].column("wall_s"))
            claims.append(Claim(what=f"copied: wall time of {minutes} min", must=0.5, measured=wall, unit=" s"))
        peak = max(costs[name].column("peak_mb"))
        claims.append(Claim(what=f"{name}: peak", must=300, measured=peak, unit=" MB"))
    return "\n\n".join(["## A copy to play", machine() + ".", claims_table(claims), *texts])


if __name__ == "__main__":
    run_alone(report)
