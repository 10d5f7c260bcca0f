"""Deblocking: what leaving it out in pictures that no other is built on saves, and that the numbers do not move.

``python benchmarks/video/deblocking.py`` makes two clips, reads each with and without, and prints CPU and differences.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from littermate.simulate.field_scene import FieldScene, write_field
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.simulate.wander import wander
from littermate.video import locate, sampling
from littermate.video.frames import FrameReader
from littermate.video.locate import track_animal
from littermate.video.motion import read_motion

SECONDS = 40.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        swim, field = Path(folder) / "swim.mp4", Path(folder) / "field.mp4"
        bouts = draw_bouts(immobile_fraction=0.5, duration_s=SECONDS, window_s=(0, SECONDS), seed=77)
        scene = replace(SwimScene.full(), crf=30, noise=4.0)
        write_swim(swim, bouts, scene=scene, duration_s=SECONDS, seed=77)
        path = wander(duration_s=SECONDS, size_cm=48, seed=77)
        write_field(field, path, scene=replace(FieldScene.full(), crf=30), seed=77)
        (all_s, whole), (quick_s, quick) = _both(lambda: read_motion(swim)[0], sampling)
        change = np.abs(whole.activity - quick.activity)[whole.valid & quick.valid]
        print("| reading | CPU, all deblocked (s) | CPU, quick (s) | ratio | largest difference | mean difference |")
        print("| --- | --- | --- | --- | --- | --- |")
        _row("forced swim, activity (animal areas a step)", all_s, quick_s, change)
        (all_s, full), (quick_s, fast) = _both(lambda: track_animal(field).track, locate)
        _row("open field, position (px)", all_s, quick_s, np.hypot(*(full.xy_px - fast.xy_px).T))


def _both(read: Callable[[], object], module: object) -> tuple[tuple[float, object], tuple[float, object]]:
    """Read with every picture deblocked, and as the program does; the least CPU of three each."""
    with patch.object(module, "FrameReader", lambda *args, quick=False, **more: FrameReader(*args, **more)):
        whole = min((_timed(read) for _ in range(3)), key=lambda one: one[0])
    return whole, min((_timed(read) for _ in range(3)), key=lambda one: one[0])


def _timed(read: Callable[[], object]) -> tuple[float, object]:
    began = time.process_time()
    result = read()
    return time.process_time() - began, result


def _row(what: str, all_s: float, quick_s: float, change: np.ndarray) -> None:
    change = change[np.isfinite(change)]
    print(
        f"| {what} | {all_s:.2f} | {quick_s:.2f} | {quick_s / all_s:.2f} | {change.max():.4f} | {change.mean():.5f} |"
    )


if __name__ == "__main__":
    main()
