"""Forced swim against the truth of simulated clips, and against a real chamber without an animal.

``python benchmarks/validation/forced_swim.py`` prints the section; the seeds are fixed and the rules are the defaults.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littermate.assays.forced_swim import clip_bouts, score_forced_swim
from littermate.model.bout import DetectedBout
from littermate.simulate.swim_scene import SwimScene, draw_bouts, write_swim
from littermate.video.motion import read_motion

ANIMALS = 24
DURATION_S = 60.0
WINDOW_S = (20.0, 60.0)
EMPTY_CHAMBER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "traps" / "Freezing_calibration.wmv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One simulated animal."""

    scene: SwimScene
    truth_s: float
    measured_s: float
    missing_s: float
    bouts: tuple[int, int]
    latency_error_s: float
    agree: np.ndarray


def section() -> str:
    """Run everything and return the section as markdown."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [_row(number, Path(folder)) for number in range(ANIMALS)]
        kinds = [(coat, ripples) for coat in ("dark", "light") for ripples in (0.0, 0.5, 1.0, 2.0, 3.0)]
        empty = [_empty(*kind, seed, Path(folder)) for kind in kinds for seed in (101, 102)]
    return "\n".join(
        [
            "## Forced swim: immobility",
            "",
            f"{ANIMALS} simulated animals, {DURATION_S:g} s each, scored from {WINDOW_S[0]:g} to {WINDOW_S[1]:g} s "
            "with the default rules. Half are dark, half light; frame rate, ripples, sensor noise, mirror images and "
            "passive drift vary. The thresholds were set beforehand, between floating and swimming in four other "
            "clips. Truth and method share one author's idea of a swimming mouse: these numbers show that the "
            "measurement does what it says, not that it agrees with a human scorer. The thresholds are not calibrated.",
            "",
            *_summary(rows),
            "",
            *_table(rows),
            "",
            "Simulated beakers without an animal, ripples up to three times the usual (the limits of what counts as an "
            f"animal were set on such beakers, with other seeds): an animal was found in {sum(empty)} of {len(empty)}.",
            "",
            _real_empty_chamber(),
            "",
        ]
    )


def _row(number: int, folder: Path) -> Row:
    rng = np.random.default_rng([20260411, number])
    scene = SwimScene(
        coat=("dark", "light")[number % 2],
        fps=float(rng.choice([10, 12.5, 15, 24, 25, 30])),
        noise=float(rng.uniform(1, 8)),
        ripples=float(rng.uniform(0.3, 2.0)),
        reflection=float(rng.uniform(0.05, 0.35)),
        drift=float(rng.uniform(0.3, 2.0)),
    )
    fraction = float(rng.uniform(0.1, 0.95))
    bouts = draw_bouts(immobile_fraction=fraction, duration_s=DURATION_S, window_s=WINDOW_S, seed=number)
    path = folder / f"{number}.mp4"
    write_swim(path, bouts, scene=scene, duration_s=DURATION_S, seed=1000 + number)
    motion, _ = read_motion(path)
    result = score_forced_swim(motion, window_s=WINDOW_S)
    true_bouts = clip_bouts(bouts, WINDOW_S)
    measured = float("nan") if result.immobility_s is None else result.immobility_s
    latency = float("nan") if result.latency_s is None else result.latency_s
    return Row(
        scene=scene,
        truth_s=sum(bout.duration_s for bout in true_bouts),
        measured_s=measured,
        missing_s=result.missing_s,
        bouts=(len(true_bouts), result.bout_count or 0),
        latency_error_s=latency - bouts[0].start_s,
        agree=np.stack([_by_second(true_bouts), _by_second(result.bouts)]),
    )


def _by_second(bouts: tuple[DetectedBout, ...]) -> np.ndarray:
    """Return for each second of the window whether the animal was immobile for more than half of it."""
    starts = np.arange(*WINDOW_S)
    inside = [np.clip(np.minimum(b.stop_s, starts + 1) - np.maximum(b.start_s, starts), 0, None) for b in bouts]
    return np.sum([np.zeros(len(starts)), *inside], axis=0) > 0.5


def _kappa(pairs: np.ndarray) -> float:
    """Return Cohen's kappa of two rows of 0/1 (Cohen 1960)."""
    first, second = pairs
    by_chance = first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean())
    return float((np.mean(first == second) - by_chance) / (1 - by_chance))


def _summary(rows: list[Row]) -> list[str]:
    length = WINDOW_S[1] - WINDOW_S[0]
    truth, measured = np.array([r.truth_s for r in rows]), np.array([r.measured_s for r in rows])
    error = measured - truth
    bias, spread = error.mean(), 1.96 * error.std(ddof=1)
    kappa = _kappa(np.concatenate([row.agree for row in rows], axis=1))
    latency = np.array([row.latency_error_s for row in rows])
    same = sum(row.bouts[0] == row.bouts[1] for row in rows)
    return [
        "| immobility against truth | |",
        "|---|---|",
        f"| bias | {bias:+.2f} s ({100 * bias / length:+.2f} % of the window) |",
        f"| 95 % limits of agreement (Bland-Altman) | {bias - spread:+.2f} to {bias + spread:+.2f} s |",
        f"| largest error of one animal | {np.abs(error).max():.2f} s ({100 * np.abs(error).max() / length:.2f} %) |",
        f"| r | {np.corrcoef(truth, measured)[0, 1]:.4f} |",
        f"| kappa, 1-s bins | {kappa:.3f} |",
        f"| bouts: same number as in truth | {same} of {len(rows)} animals |",
        f"| latency, largest error | {np.abs(latency).max():.2f} s |",
        f"| time called missing | {sum(row.missing_s for row in rows):.1f} s of {len(rows) * length:.0f} s |",
    ]


def _table(rows: list[Row]) -> list[str]:
    lines = ["| coat | fps | noise | ripples | mirror | drift | truth (s) | measured (s) | bouts |", "|---" * 9 + "|"]
    for row in rows:
        scene = row.scene
        lines.append(
            f"| {scene.coat} | {scene.fps:g} | {scene.noise:.1f} | {scene.ripples:.1f} | {scene.reflection:.2f} "
            f"| {scene.drift:.1f} | {row.truth_s:.2f} | {row.measured_s:.2f} | {row.bouts[0]} / {row.bouts[1]} |"
        )
    return lines


def _empty(coat: str, ripples: float, seed: int, folder: Path) -> bool:
    path = folder / "empty.mp4"
    write_swim(path, (), scene=SwimScene(coat=coat, ripples=ripples, animal=False), duration_s=15, seed=seed)
    return read_motion(path)[0].animal_found


def _real_empty_chamber() -> str:
    if not EMPTY_CHAMBER.exists():
        return "The real recording of an empty chamber is not beside the repository: not run."
    motion, recording = read_motion(EMPTY_CHAMBER)
    found = "an animal was found, which is wrong" if motion.animal_found else "no animal was found, and nothing scored"
    return (
        f"A real recording of an empty chamber (ezTrack's Freezing_calibration.wmv, {recording.duration_s:.1f} s): "
        f"{found}."
    )


if __name__ == "__main__":
    print(section())
