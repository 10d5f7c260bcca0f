"""Memory: peak of resident memory for a 60-minute against a 6-minute recording, 640 x 480 at 30 frames a second."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clips
import peers
from measure import Claim, Cost, Setting, Task, claims_table, run_alone, run_once, table

CLIP_S = 60.0
KINDS = {"swim": "forced swim", "field": "open field"}


def swim(path: str, duration_s: float) -> Callable[[], Any]:
    from littermate.single.swim import score_swim

    return lambda: bool(score_swim(path, window_s=(0.0, duration_s)).score.animal_found)


def field(path: str, duration_s: float) -> Callable[[], Any]:
    from littermate.single.field import score_field

    return lambda: bool(score_field(path, size_cm=clips.SIZE_CM, duration_s=duration_s).tracked.animal_found)


def _clip(cache: Path, kind: str) -> Path:
    if kind == "swim":
        return clips.swim_clip(cache, width=640, height=480, duration_s=CLIP_S)
    return clips.field_clip(cache, width=640, height=480, duration_s=CLIP_S)


def _peak(path: Path, kind: str, minutes: int) -> Cost:
    print(f"memory, {kind}, {minutes} min", file=sys.stderr)
    ours = Task(name=kind, file=__file__, function=kind, arguments=(str(path), 60.0 * minutes))
    return run_once(ours)


def report(setting: Setting) -> str:
    """Measure both assays."""
    short, long = (2, 20) if setting.quick else (6, 60)
    rows, claims = [], []
    for kind, name in KINDS.items():
        clip = _clip(setting.cache, kind)
        peaks = {m: _peak(clips.repeated(clip, times=m, duration_s=CLIP_S), kind, m) for m in (short, long)}
        of_long, of_short = peaks[long].peak_mb, peaks[short].peak_mb
        decoding = run_once(peers.decode_task(clip)).peak_mb
        claims += [
            Claim(what=f"{name}: peak, {long} min / {short} min", must=1.05, measured=of_long / of_short),
            Claim(what=f"{name}: peak, {long} min", must=300, measured=of_long, unit=" MB"),
        ]
        rows.append([name, f"{of_short:.0f}", f"{of_long:.0f}", f"{decoding:.0f}"])
    columns = ("what", f"{short} min, MB", f"{long} min, MB", "decode only, MB")
    return "\n\n".join(["## Memory", claims_table(claims), table(columns, rows)])


if __name__ == "__main__":
    run_alone(report)
