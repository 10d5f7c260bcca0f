"""Calibrating: the thresholds of an assay fitted to this study's own blinded hand scores, and taken into use.

A trial takes part once the scorer has finished it; its consensus stands in place of the scorer's own bouts where there
is one. Motion is what was stored when the trial was scored, as long as file, placement and rules of motion are those of
today; else the recording is measured again. The fit, its validation and its verdict are those of
`littermate.assays.calibration`.

Thresholds in use are rules of the assay as any others: they change the rule set's hash, and the next `score` scores
every trial under them. Only what is *calibrated* can be taken into use.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from littermate.assays.assay import fields_set
from littermate.assays.calibration import Calibration, CalibrationTrial, calibrate, verdict_words
from littermate.assays.calibration_verdict import largest_factor
from littermate.assays.forced_swim import ForcedSwimRules
from littermate.errors import FileError, StageError, UsageError
from littermate.model.bout import ScoredBout
from littermate.model.motion import Motion
from littermate.model.rules import RuleSet
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.run.progress import Progress
from littermate.single.calibrate import (
    Measured,
    MotionJob,
    calibrated_rule_set,
    headline,
    measure_motions,
    picture_of_calibration,
)
from littermate.store.tracks import read_motion
from littermate.study.consensus import consensus_scores, done_scores
from littermate.study.hand_scoring import hand_scores
from littermate.study.record import StudyRecord
from littermate.video.motion import MotionRules

__all__ = [
    "AssayCalibration",
    "LimitRow",
    "adopt_calibration",
    "calibrate_assay",
    "can_be_calibrated",
    "figure_of",
    "scorers_of",
]

KIND = "forced swim"
_MOTION = "motion: "

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """One condition of *calibrated*: what is wanted, what was found, and whether that is within it."""

    name: str
    wanted: str
    found: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssayCalibration:
    """A fit to one scorer's finished trials of an assay.

    Parameters
    ----------
    assay, scorer
        Of what, and to whose scores.
    consensus
        How many trials stand for both scorers.
    calibration
        The fit, its held-out agreement and its verdict; animals by their codes, trials by their ids.
    left_out
        Trials that could not take part, with the reason.
    """

    assay: str
    scorer: str
    consensus: int
    calibration: Calibration
    left_out: tuple[tuple[str, str], ...]

    @property
    def headline(self) -> str:
        """The verdict in one line."""
        return headline(self.calibration)

    @property
    def words(self) -> str:
        """The verdict in one sentence, with the agreement that was found and the reasons of a refusal."""
        return verdict_words(self.calibration.immobility, self.calibration.animals)

    @property
    def limit_rows(self) -> tuple[LimitRow, ...]:
        """The stated limits, and what was found for each with animals left out."""
        return tuple(_limit_rows(self.calibration))

    @property
    def thresholds(self) -> Thresholds:
        """What would be taken into use."""
        rules = self.calibration.rules()
        settings: tuple[tuple[str, float | str], ...] = (
            ("immobile_below", rules.immobile_below),
            ("mobile_above", rules.mobile_above),
            ("calibration", rules.calibration),
        )
        return Thresholds(assay=self.assay, settings=settings, words=f"{self.words}; scored by {self.scorer}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """A trial with the bouts that a person, or two, found in it."""

    trial: Trial
    bouts: tuple[ScoredBout, ...]
    seen_s: tuple[Span, ...]


def can_be_calibrated(study: StudyRecord, assay: str) -> bool:
    """Whether there are thresholds of an assay that can be fitted."""
    return study.assay(assay).kind == KIND


def calibrate_assay(study: StudyRecord, assay: str, scorer: str, progress: Progress) -> AssayCalibration:
    """Fit an assay's thresholds; see `Study.calibrate_assay`."""
    plan = study.assay(assay)
    if not can_be_calibrated(study, assay):
        raise UsageError(
            expected=f"an assay of the kind {KIND}: others have no thresholds that can be fitted yet",
            found=f"{plan.name} ({plan.kind})",
            do="score it by hand, or set its rules in study.toml",
        )
    scored, consensus = _scored(study, assay, scorer)
    motions, unread = _motions(study, [one.trial for one in scored], plan.window_s, progress)
    trials = [
        CalibrationTrial(
            name=one.trial.id,
            animal=one.trial.code,
            motion=motions[one.trial.id],
            bouts=one.bouts,
            scored_s=one.seen_s,
        )
        for one in scored
        if one.trial.id in motions
    ]
    calibration = calibrate(trials, base=fields_set(plan.kind, ForcedSwimRules(), plan.settings))
    return AssayCalibration(
        assay=assay,
        scorer=scorer,
        consensus=consensus,
        calibration=calibration,
        left_out=(*unread, *calibration.left_out),
    )


def _scored(study: StudyRecord, assay: str, scorer: str) -> tuple[list[_Scored], int]:
    """Return the trials that a scorer finished, and how many of them have a consensus."""
    scores = hand_scores(study, assay)
    settled = consensus_scores(study, assay, scores)
    mine = {trial: one for (trial, name), one in done_scores(scores).items() if name == scorer}
    if not mine:
        raise StageError(
            expected=f"trials of {assay} that {scorer or 'somebody'} finished scoring",
            found="none",
            do="score some by hand, each of another animal, with much and with little immobility",
        )
    counted = {name: settled.get(name) or one for name, one in mine.items()}
    trials = [trial for trial in study.database.trials(assay) if trial.id in counted]
    rows = [_Scored(trial=one, bouts=counted[one.id].bouts, seen_s=counted[one.id].seen_s) for one in trials]
    return rows, len(settled.keys() & mine.keys())


def _motions(
    study: StudyRecord, trials: Sequence[Trial], window_s: Span, progress: Progress
) -> tuple[dict[str, Motion], tuple[tuple[str, str], ...]]:
    """Return each trial's motion, stored or measured, and the trials whose recording cannot be read."""
    motions = dict(_stored(study, trials, window_s))
    missing = [trial for trial in trials if trial.id not in motions]
    jobs = _jobs(study, missing, window_s)
    stage = "measuring recordings"
    measured = measure_motions(list(jobs), on_done=lambda done, total: progress(stage, done, total))
    unread = []
    for job, those in jobs.items():
        for trial, result in zip(those, _each(measured[job], len(those)), strict=True):
            if isinstance(result, str):
                unread.append((trial.id, result))
            else:
                motions[trial.id] = result
    return motions, tuple(unread)


def _stored(study: StudyRecord, trials: Iterable[Trial], window_s: Span) -> Iterator[tuple[str, Motion]]:
    """Yield the motion of trials that were scored as they are placed now, under today's rules of motion."""
    current = study.database.scored_as_placed()
    ours = _motion_rules(calibrated_rule_set(ForcedSwimRules(), window_s))
    same = {rules.hash for rules in study.database.rules() if _motion_rules(rules) == ours}
    for trial in trials:
        if trial.id not in current:
            continue
        try:
            stored = read_motion(study.folder.tracks / f"{trial.id}.parquet")
        except FileError:
            continue
        if stored.rules_hash in same:
            yield trial.id, stored.motion


def _motion_rules(rules: RuleSet) -> str:
    """Return the part of a rule set that says how activity is measured, as text that can be compared."""
    return json.dumps([(name, value) for name, value in rules.parameters if name.startswith(_MOTION)])


def _jobs(study: StudyRecord, trials: Iterable[Trial], window_s: Span) -> Mapping[MotionJob, Sequence[Trial]]:
    """Return one job a recording and start, with its trials."""
    groups: dict[tuple[str, float], list[Trial]] = {}
    for trial in trials:
        groups.setdefault((trial.recording, trial.t0_s), []).append(trial)
    return {
        MotionJob(
            path=str(study.folder.root / recording),
            arenas_px=tuple(trial.arena_px for trial in those),
            t0_s=t0_s,
            duration_s=window_s[1],
            motion=MotionRules(),
        ): those
        for (recording, t0_s), those in groups.items()
    }


def _each(measured: Measured, count: int) -> Sequence[Motion | str]:
    return [measured] * count if isinstance(measured, str) else measured[0]


def _limit_rows(found: Calibration) -> Iterator[LimitRow]:
    limits, fit = found.limits, found.immobility
    kappa, totals = fit.held_out.kappa, fit.held_out.totals
    yield LimitRow(
        name="animals",
        wanted=f"{limits.min_animals} or more",
        found=f"{found.animals}",
        kept=found.animals >= limits.min_animals,
    )
    yield LimitRow(
        name="kappa, 1-s bins",
        wanted=f"{limits.min_kappa:.2f} or more",
        found="none" if kappa is None else f"{kappa:.2f}",
        kept=kappa is not None and kappa >= limits.min_kappa,
    )
    if totals is not None:
        yield LimitRow(
            name="bias, points of % time",
            wanted=f"within \N{PLUS-MINUS SIGN}{limits.max_bias:g}",
            found=_signed(totals.bias),
            kept=abs(totals.bias) <= limits.max_bias,
        )
        yield LimitRow(
            name="95 % limits of agreement, points",
            wanted=f"within \N{PLUS-MINUS SIGN}{limits.max_limit:g}",
            found=f"{_signed(totals.lower)} to {_signed(totals.upper)}",
            kept=max(-totals.lower, totals.upper) <= limits.max_limit,
        )
    factor, animal = largest_factor(fit.folds, fit.thresholds)
    yield LimitRow(
        name="change of the thresholds, whoever is left out",
        wanted=f"{limits.max_factor:g} times or less",
        found=f"{factor:.2f} times (without {animal})",
        kept=factor <= limits.max_factor,
    )


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def adopt_calibration(study: StudyRecord, found: AssayCalibration) -> Thresholds:
    """Take fitted thresholds into use; see `Study.adopt_calibration`."""
    study.require_open("take thresholds into use")
    if not found.calibration.calibrated:
        raise StageError(
            expected="thresholds that are calibrated", found=found.words, do="score more animals, or keep the old ones"
        )
    thresholds = found.thresholds
    words = {"assay": found.assay, "scorer": found.scorer, "settings": thresholds.settings, "words": thresholds.words}
    with study.database.writing(study.who, "adopt thresholds", words) as write:
        write.thresholds(thresholds)
    return thresholds


def scorers_of(study: StudyRecord, assay: str) -> tuple[tuple[str, int], ...]:
    """Return who finished trials of an assay, and how many, the most first."""
    count = Counter(name for _, name in done_scores(hand_scores(study, assay)))
    return tuple(sorted(count.items(), key=lambda pair: (-pair[1], pair[0])))


def figure_of(found: AssayCalibration) -> Figure:
    """Draw ROC, held-out agreement and the thresholds without each animal."""
    return picture_of_calibration(found.calibration)
