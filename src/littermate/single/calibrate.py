"""Calibrate: a table of a person's bouts and the recordings they were scored from, to thresholds of this laboratory.

Each recording is decoded once, on all cores, whatever number of animals it shows. A recording that cannot be read, or
in which no animal is found, is left out and named; it never counts as agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from littermate.assays.calibration import Calibration, CalibrationTrial, calibrate, verdict_words
from littermate.assays.forced_swim import ForcedSwimRules, rule_set
from littermate.errors import Complaint, DataError, FileError, VideoError
from littermate.formats.boris_events import is_boris, read_boris_events
from littermate.formats.scored_bouts import TableClock, read_scored_bouts
from littermate.model.bout import ScoredBout
from littermate.model.finding import Finding
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.scored_trial import ScoredTrial
from littermate.report.calibration_figure import CalibrationPicture, draw_calibration
from littermate.run.executor import run_all
from littermate.single.noticed import combined_rules
from littermate.video.motion import MotionRules, read_motions

__all__ = [
    "BehaviourNames",
    "Measured",
    "MotionJob",
    "SwimCalibration",
    "calibrate_swim",
    "calibrated_rule_set",
    "headline",
    "measure_motions",
    "picture_of_calibration",
    "read_scores",
]

Box = tuple[int, int, int, int]
OnDone = Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourNames:
    """What the table calls immobility and climbing; capitals do not matter. Every other name is neither."""

    immobile: str = "immobile"
    climbing: str = "climbing"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwimCalibration:
    """A calibration with what it was made of.

    Parameters
    ----------
    calibration
        The fit, its agreement and its verdict.
    recordings
        Video, animal and SHA-256 of each trial that took part.
    left_out
        Trials that did not, with the reason.
    motion
        The rules by which activity was measured; thresholds hold for these only.
    findings
        What a reader must know.
    """

    calibration: Calibration
    recordings: tuple[tuple[str, str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    motion: MotionRules
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionJob:
    """One recording to be measured: the places of its animals, on one trial clock."""

    path: str
    arenas_px: tuple[Box | None, ...]
    t0_s: float
    duration_s: float
    motion: MotionRules


Measured = tuple[tuple[Motion, ...], Recording] | str
"""The motion of each animal of a recording, and the recording; or in words why it cannot be measured."""


def read_scores(path: str | Path, clock: TableClock | None = None) -> tuple[ScoredTrial, ...]:
    """Read a person's scores: a table of bouts, or an export of BORIS.

    Raises
    ------
    TableError
        If it is neither, or holds what cannot be meant.
    """
    return read_boris_events(path, clock) if is_boris(path) else read_scored_bouts(path, clock)


def calibrate_swim(
    scores: Sequence[ScoredTrial],
    videos: str | Path,
    *,
    names: BehaviourNames | None = None,
    base: ForcedSwimRules | None = None,
    workers: int | None = None,
    on_done: OnDone = None,
) -> SwimCalibration:
    """Fit the thresholds of the forced swim to a person's scores, and validate them leaving one animal out.

    Parameters
    ----------
    scores
        The trials as they were scored; see `read_scores`.
    videos
        The folder with their recordings.
    names
        What the table calls the behaviours.
    base
        Rules that stay; with climbing rules in it, climbing is fitted, too.
    workers
        Number of processes; all usable cores by default.
    on_done
        Called with how many recordings are measured, and of how many.

    Raises
    ------
    FileError
        If a recording named in the table is not in the folder, or cannot be told from another.
    DataError
        If the table does not match the recordings, or too few animals can be used; see `calibrate`.
    """
    names, motion = names or BehaviourNames(), MotionRules()
    paths = _find_recordings(scores, Path(videos))
    jobs = _jobs(scores, paths, motion)
    measured = measure_motions(list(jobs.values()), workers, on_done)
    trials, recordings, unread = _trials(scores, jobs, measured, names)
    _require_different_files(recordings)
    calibration = calibrate(trials, base=base)
    left_out = (*unread, *calibration.left_out)
    gone = {name for name, _ in left_out}
    return SwimCalibration(
        calibration=calibration,
        recordings=tuple(record for name, record in recordings.items() if name not in gone),
        left_out=left_out,
        motion=motion,
        findings=(*_verdict(calibration), *_left_out(left_out), *_other_names(scores, names)),
    )


def calibrated_rule_set(
    rules: ForcedSwimRules, window_s: tuple[float, float], motion: MotionRules | None = None
) -> RuleSet:
    """Return the rules under which a window is scored with these thresholds, those of motion with them."""
    return combined_rules("forced swim", (motion or MotionRules()).rule_set(), rule_set(rules, window_s))


def picture_of_calibration(calibration: Calibration) -> Figure:
    """Draw ROC, held-out agreement and the thresholds without each animal."""
    fit, totals = calibration.immobility, calibration.immobility.held_out.totals
    return draw_calibration(
        CalibrationPicture(
            title=headline(calibration),
            false_rate=calibration.roc.false_rate,
            true_rate=calibration.roc.true_rate,
            auc=calibration.roc.auc,
            chosen=fit.rates,
            first_percent=np.array([one.first_percent for one in fit.held_out.trials]),
            second_percent=np.array([one.second_percent for one in fit.held_out.trials]),
            bias=None if totals is None else (totals.bias, totals.bias_ci95),
            lower=None if totals is None else (totals.lower, totals.lower_ci95),
            upper=None if totals is None else (totals.upper, totals.upper_ci95),
            max_bias=calibration.limits.max_bias,
            max_limit=calibration.limits.max_limit,
            animals=[fold.animal for fold in fit.folds],
            folds=np.array([fold.thresholds for fold in fit.folds]),
            thresholds=fit.thresholds,
        )
    )


def headline(calibration: Calibration) -> str:
    """Say in one line whether thresholds are calibrated, on how much, and their held-out kappa."""
    held_out = calibration.immobility.held_out
    kappa = "none" if held_out.kappa is None else f"{held_out.kappa:.2f}"
    verdict = "Calibrated" if calibration.calibrated else "NOT calibrated"
    return f"{verdict}: {calibration.animals} animals, {calibration.trials} trials, held-out kappa {kappa}"


def _find_recordings(scores: Sequence[ScoredTrial], folder: Path) -> dict[str, Path]:
    """Find each recording by its name, or by its name without the ending."""
    if not folder.is_dir():
        raise FileError(expected="a folder of recordings", found="none", do="check --videos", where=str(folder))
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix not in (".csv", ".toml")]
    found, complaints = {}, []
    for video in dict.fromkeys(trial.video for trial in scores):
        whole = folder / video
        fitting = [whole] if whole.is_file() else [path for path in files if video in (path.name, path.stem)]
        if len(fitting) == 1:
            found[video] = fitting[0]
        else:
            what = ", ".join(path.name for path in fitting) or "none"
            complaints.append(
                Complaint(
                    expected=f"one recording {video} in {folder}",
                    found=what,
                    do="correct the name in the table, or put the recording there",
                    where=video,
                )
            )
    if complaints:
        raise FileError.of(complaints)
    return found


def _jobs(
    scores: Sequence[ScoredTrial], paths: dict[str, Path], motion: MotionRules
) -> dict[tuple[str, float], MotionJob]:
    """Return one job a recording and t0."""
    groups: dict[tuple[str, float], list[ScoredTrial]] = {}
    for trial in scores:
        groups.setdefault((trial.video, trial.t0_s), []).append(trial)
    return {
        (video, t0_s): MotionJob(
            path=str(paths[video]),
            arenas_px=tuple(trial.arena_px for trial in group),
            t0_s=t0_s,
            duration_s=max(stop for trial in group for _, stop in trial.scored_s),
            motion=motion,
        )
        for (video, t0_s), group in groups.items()
    }


def measure_motions(
    jobs: Sequence[MotionJob], workers: int | None = None, on_done: OnDone = None
) -> dict[MotionJob, Measured]:
    """Measure recordings, each decoded once, on all cores; `on_done` is told how many are measured, and of how many."""
    measured: dict[MotionJob, Measured] = {}
    for job, result in run_all(_measure, jobs, workers=workers):
        measured[job] = result
        if on_done is not None:
            on_done(len(measured), len(jobs))
    return measured


def _measure(job: MotionJob) -> Measured:
    """Measure one recording; say in words why it cannot be."""
    try:
        return read_motions(job.path, job.arenas_px, t0_s=job.t0_s, duration_s=job.duration_s, rules=job.motion)
    except VideoError as fault:
        return f"cannot be read: {fault.complaints[0].found}"


def _trials(
    scores: Sequence[ScoredTrial],
    jobs: dict[tuple[str, float], MotionJob],
    measured: dict[MotionJob, Measured],
    names: BehaviourNames,
) -> tuple[list[CalibrationTrial], dict[str, tuple[str, str, str]], tuple[tuple[str, str], ...]]:
    """Put scores and motion together; return trials, their recordings by trial, and what could not be read."""
    trials, recordings, unread = [], {}, []
    taken: dict[MotionJob, int] = {}
    for score in scores:
        job = jobs[score.video, score.t0_s]
        place = taken[job] = taken.get(job, -1) + 1
        name, result = _name(score, scores), measured[job]
        if isinstance(result, str):
            unread.append((name, result))
            continue
        motions, recording = result
        recordings[name] = (score.video, score.animal, recording.sha256)
        trials.append(
            CalibrationTrial(
                name=name,
                animal=score.animal,
                motion=motions[place],
                bouts=tuple(_renamed(score.bouts, names)),
                scored_s=score.scored_s,
            )
        )
    return trials, recordings, tuple(unread)


def _name(score: ScoredTrial, scores: Sequence[ScoredTrial]) -> str:
    alone = sum(other.video == score.video for other in scores) == 1
    return score.video if alone else f"{score.video} ({score.animal})"


def _renamed(bouts: Iterable[ScoredBout], names: BehaviourNames) -> Iterable[ScoredBout]:
    known = {names.immobile.casefold(): "immobile", names.climbing.casefold(): "climbing"}
    for bout in bouts:
        yield replace(bout, behaviour=known.get(bout.behaviour.casefold(), f"other: {bout.behaviour}"))


def _require_different_files(recordings: dict[str, tuple[str, str, str]]) -> None:
    """Refuse one recording under two names: the same scores twice are no second evidence."""
    first: dict[str, str] = {}
    for video, _, sha256 in recordings.values():
        if first.setdefault(sha256, video) != video:
            raise DataError(
                expected="recordings that differ",
                found=f"{first[sha256]} and {video} are the same file",
                do="leave one out, or correct the names",
                where=video,
            )


def _verdict(calibration: Calibration) -> tuple[Finding, ...]:
    refused = [
        Finding(
            id=f"{fit.behaviour}-not-calibrated",
            importance="critical",
            message=f"{fit.behaviour}: {verdict_words(fit, calibration.animals)}",
            about="thresholds",
        )
        for fit in (calibration.immobility, calibration.climbing)
        if fit is not None and not fit.calibrated
    ]
    return tuple(refused)


def _left_out(left_out: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    return tuple(Finding(id="trial-left-out", importance="warning", message=why, about=name) for name, why in left_out)


def _other_names(scores: Sequence[ScoredTrial], names: BehaviourNames) -> tuple[Finding, ...]:
    """Say which names in the table count as not immobile, so that a slip of the pen is seen."""
    ours = {names.immobile.casefold(), names.climbing.casefold()}
    plain = {"swimming", "mobile", "climbing"} | ours
    others = {bout.behaviour for trial in scores for bout in trial.bouts if bout.behaviour.casefold() not in ours}
    if not others:
        return ()
    known = all(name.casefold() in plain for name in others)
    message = f"counted as not {names.immobile}: {', '.join(sorted(others))}"
    return (Finding(id="other-behaviours", importance="note" if known else "warning", message=message, about="scores"),)
