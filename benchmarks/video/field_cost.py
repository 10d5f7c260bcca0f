"""Open field: the cost of tracking over decoding only, by size and codec, and how near the truth each method comes.

Alternatives in the same run: plain background subtraction (median picture, difference, threshold, opening, largest
component) and OpenCV's MOG2 with contours; ezTrack's tracker where a checkout is given (`--eztrack PATH`). The error is
the distance of the centroid from the simulated body's centre, over the frames in which the method gives one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import clips
import numpy as np
import peers
from measure import Claim, Costs, Setting, Task, claims_table, cost_table, ratio, run_alone, run_in_turns
from peers import DECODE

OURS = "littermate, field"
LOOP, MIXTURE, EZTRACK = "plain OpenCV subtraction", "OpenCV MOG2 with contours", "ezTrack tracker"
SIZES = ((640, 480), (1280, 720))


def ours(path: str) -> Callable[[], Any]:
    from littermate.single.field import score_field

    def work() -> Any:
        track = score_field(path, size_cm=clips.SIZE_CM).tracked.track
        return [[None, None] if np.isnan(x) else [x, y] for x, y in track.xy_px.tolist()]

    return work


def tasks(path: Path, *, peers_too: bool, eztrack: str | None) -> list[Task]:
    made = [
        peers.decode_task(path),
        Task(name=OURS, file=__file__, function="ours", arguments=(str(path),)),
    ]
    if peers_too:
        made += [
            peers.task(LOOP, "subtraction_loop", path),
            peers.task(MIXTURE, "mixture_loop", path),
        ]
    if peers_too and eztrack:
        made.append(peers.task(EZTRACK, "eztrack_location", path, eztrack))
    return made


def error_words(costs: Costs, *, truth: np.ndarray[Any, Any]) -> str:
    """Say how far the centroids lie from the truth, one true position a frame."""
    if costs.result is None:
        return ""
    found = np.array(costs.result, dtype=np.float64)
    whole = np.tile(truth, (-(-len(found) // len(truth)), 1))[: len(found)]
    away = np.hypot(*(found - whole).T)
    missing = np.mean(np.isnan(away))
    return f"error median {np.nanmedian(away):.2f} px, p99 {np.nanpercentile(away, 99):.1f} px, none {missing:.1%}"


def measured(setting: Setting, size: tuple[int, int], codec: str) -> tuple[str, Claim]:
    """Measure one size and codec; the alternatives run with the first codec only, which is enough to place them."""
    width, height = size
    clip_s, times = (20.0, 1) if setting.quick else (60.0, 2 if size == SIZES[0] else 1)
    clip = clips.field_clip(setting.cache, width=width, height=height, duration_s=clip_s, codec=codec)
    path = clips.repeated(clip, times=times, duration_s=clip_s) if times > 1 else clip
    print(f"field cost, {path.name}", file=sys.stderr)
    costs = run_in_turns(
        tasks(path, peers_too=codec == "h264 gop 30", eztrack=setting.eztrack),
        rounds=setting.rounds(3),
        once=(LOOP, MIXTURE, EZTRACK),
    )
    frames, rate = clips.facts(path)
    truth = clips.field_truth(width, height, clip_s)
    at = np.arange(frames // times) / clips.FPS
    middle = np.column_stack([np.interp(at, truth.t_s, truth.xy_px[:, axis]) for axis in (0, 1)])
    title = f"### {width} x {height}, {codec}, {frames} frames at {clips.FPS} a second, {rate:.1f} Mbit/s"
    text = cost_table(costs, reference=DECODE, frames=frames, notes=partial(error_words, truth=middle))
    what = f"open field tracking / decode only, {width} x {height}, {codec}"
    return f"{title}\n\n{text}", Claim(what=what, must=1.25, measured=ratio(costs[OURS], costs[DECODE]))


def report(setting: Setting) -> str:
    """Measure every size and codec."""
    parts = [measured(setting, size, codec) for size in SIZES for codec in clips.CODECS]
    return "\n\n".join(
        ["## Open field: cost", claims_table([claim for _, claim in parts]), *(text for text, _ in parts)]
    )


if __name__ == "__main__":
    run_alone(report)
