"""Window: what the last 240 s of a 360 s recording cost against the whole recording, and whether the numbers agree.

"The same numbers to the frame" is looked at twice: the frames themselves (their times and pictures, read through
`FrameReader` with a start against a read from the beginning), and what is measured from them (activity and position
at the same times). The physical limit is 240 / 360 = 0.67, and a little more where the last keyframe lies earlier.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clips
import numpy as np
from measure import Claim, Costs, Setting, Task, TaskError, claims_table, cost_table, ratio, run_alone, run_in_turns

START_S, STOP_S, CLIP_S = 120.0, 360.0, 60.0


def swim(path: str, start_s: float) -> Callable[[], Any]:
    """Score from `start_s` to the end of the trial; the activities come back, in trial time."""
    from littermate.single.swim import score_swim

    def work() -> Any:
        motion = score_swim(path, window_s=(start_s, STOP_S)).motion
        return [motion.t_s.tolist(), _plain(motion.activity)]

    return work


def swim_from_t0(path: str, start_s: float) -> Callable[[], Any]:
    """Score with the trial's start itself at `start_s`, so that nothing before it is of the trial."""
    from littermate.single.swim import score_swim

    def work() -> Any:
        motion = score_swim(path, t0_s=start_s, window_s=(0.0, STOP_S - start_s)).motion
        return [(motion.t_s + start_s).tolist(), _plain(motion.activity)]

    return work


def field(path: str, start_s: float) -> Callable[[], Any]:
    """Track from `start_s` on; positions come back, in the recording's time."""
    from littermate.single.field import score_field

    def work() -> Any:
        trial = score_field(path, size_cm=clips.SIZE_CM, t0_s=start_s, duration_s=STOP_S - start_s)
        track = trial.tracked.track
        return [(track.t_s + start_s).tolist(), _plain(track.xy_px)]

    return work


def frames(path: str, start_s: float) -> Callable[[], Any]:
    """Read the frames from `start_s` on: times and check sums of their pictures."""
    from littermate.video.frames import FrameReader

    def work() -> Any:
        seen = [
            (frame.t_s, zlib.crc32(np.ascontiguousarray(frame.luma))) for frame in FrameReader(path, start_s=start_s)
        ]
        return [[t_s for t_s, _ in seen], [float(crc) for _, crc in seen]]

    return work


def _plain(values: Any) -> Any:
    return np.where(np.isnan(values), -1e9, values).tolist()


def compare(whole: Any, part: Any) -> tuple[float, float]:
    """Return the share of the window's samples that are equal in both, and the largest difference."""
    sides = []
    for times, values in (whole, part):
        at, rows = np.round(np.array(times), 4), np.array(values).reshape(len(times), -1)
        sides.append({t: row for t, row in zip(at.tolist(), rows, strict=True) if START_S <= t < STOP_S})
    everywhere = sides[0].keys() | sides[1].keys()
    both = sides[0].keys() & sides[1].keys()
    apart = [float(np.abs(sides[0][t] - sides[1][t]).max()) for t in both]
    same = sum(one == 0 for one in apart)
    return same / max(1, len(everywhere)), max(apart, default=float("nan"))


def _tasks(kind: str, path: Path) -> list[Task]:
    return [
        Task(name=f"{kind}: {name}", file=__file__, function=kind, arguments=(str(path), start))
        for name, start in (("whole", 0.0), ("last 240 s", START_S))
    ]


def _measured(kind: str, path: Path, setting: Setting) -> tuple[str, list[Claim]]:
    print(f"window, {kind}", file=sys.stderr)
    costs = run_in_turns(_tasks(kind, path), rounds=setting.rounds(2))
    whole, part = costs[f"{kind}: whole"], costs[f"{kind}: last 240 s"]
    share, apart = compare(whole.result, part.result)
    claims = [Claim(what=f"{kind}: share of samples that are the same", must=1.0, at_least=True, measured=share)]
    if kind != "frames":
        claims.insert(0, Claim(what=f"{kind}: last 240 s / whole 360 s", must=0.75, measured=ratio(part, whole)))
    count, _ = clips.facts(path)
    notes = {whole.task.name: f"{len(whole.result[0])} samples", part.task.name: _note(part, apart)}
    rows = cost_table(costs, reference=whole.task.name, frames=count, notes=lambda one: notes[one.task.name])
    return rows, claims


def _tried(kind: str, path: Path, setting: Setting) -> tuple[str, list[Claim]]:
    try:
        return _measured(kind, path, setting)
    except TaskError as fault:
        return f"**{kind} could not be measured:**\n\n```\n{fault}\n```", []


def _note(part: Costs, apart: float) -> str:
    return f"{len(part.result[0])} samples, largest difference {apart:.3g}"


def report(setting: Setting) -> str:
    """Measure frames, forced swim and open field."""
    swimming = clips.swim_clip(setting.cache, width=640, height=480, duration_s=CLIP_S)
    walking = clips.field_clip(setting.cache, width=640, height=480, duration_s=CLIP_S)
    paths = {"swim": swimming, "swim_from_t0": swimming, "field": walking, "frames": walking}
    parts = [_tried(kind, clips.repeated(path, times=6, duration_s=CLIP_S), setting) for kind, path in paths.items()]
    claims = [claim for _, some in parts for claim in some]
    return "\n\n".join(["## A window of a recording", claims_table(claims), *(text for text, _ in parts)])


if __name__ == "__main__":
    run_alone(report)
