"""Reviewing: the bouts that the program detected, corrected by a person. Nothing is overwritten.

A review is a clip of the person's own that begins as the program left it: its detected bouts, and the time it could not
see the animal, stand as key presses that the person takes back or adds to. When it is done, in the transaction of that
last press:

- the corrected bouts are kept as a set of their own, under ``"NAME (review)"``;
- the outcomes of the assay that a person's bouts give are measured from them: new measurements, flagged
  `CORRECTED`, under the rule set ``review``. The newest counts, so the correction is what is analysed; what the method
  measured stays in the history.

A latency from t0 that ended before the window is not touched: only the window is shown, and it was not looked at. Where
the animal was first seen to do something within the window, the time before it counts as seen where the program saw it.

A review that was begun before its trial was scored again or placed anew is of other bouts: it cannot be finished, and
another one is opened. `back_to_automatic` makes what the method measured the newest again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from littermate.assays.ethogram import ethogram_of
from littermate.assays.hand_states import hand_readings
from littermate.errors import StageError
from littermate.model.bout import ScoredBout
from littermate.model.clip import REVIEW, Clip
from littermate.model.hand_score import HandScore
from littermate.model.key_press import NOT_VISIBLE, STATE, KeyPress
from littermate.model.measurement import CORRECTED, Measurement, Source
from littermate.model.motion import Motion
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.planning.codes import clip_ids
from littermate.store.tracks import kind_of_trace, read_motion
from littermate.store.writing import Writing
from littermate.study.placing import trial_named
from littermate.study.record import StudyRecord
from littermate.study.scoring import as_measurements, by_program, newest_by_method, placed

__all__ = [
    "CORRECT_BOUTS",
    "Correction",
    "back_to_automatic",
    "can_be_reviewed",
    "correction_of",
    "corrector",
    "motion_of",
    "newest_of",
    "open_review",
    "require_begun_on_these",
    "reviewer",
    "start_review",
    "write_correction",
]

Span = tuple[float, float]

_SAME_S = 1e-6
_KEPT_FLAGS = ("cut short",)
CORRECT_BOUTS = "correct bouts"
"""The step's name in the journal: the last press of a review, with what follows from it."""

_BY, _CLIP = "corrected by ", ", clip "


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a finished review adds to the study."""

    trial: str
    scorer: str
    bouts: tuple[ScoredBout, ...]
    rules: RuleSet
    measurements: tuple[Measurement, ...]


def reviewer(name: str) -> str:
    """Return the label under which a person's corrected bouts are kept, beside those they scored unaided.

    Examples
    --------
    >>> reviewer("AB")
    'AB (review)'
    """
    return f"{name} (review)"


def corrector(measurement: Measurement) -> str:
    """Return who corrected the bouts that a value is from; empty where nobody did."""
    if CORRECTED not in measurement.flags:
        return ""
    return measurement.source.place.rpartition(_BY)[2].rpartition(_CLIP)[0]


def start_review(study: StudyRecord, trial_id: str) -> Clip:
    """Open a trial's detected bouts for correction: a clip of one's own that begins as the program left it."""
    study.require_open("correct a trial")
    trial = trial_named(study, trial_id)
    if (clip := open_review(study, trial)) is not None:
        return clip
    _require_correctable(study, trial)
    (name,) = clip_ids(1, taken={clip.id for clip in study.database.clips()})
    clip = Clip(id=name, trial=trial.id, assay=trial.assay, scorer=study.who, position=0, kind=REVIEW)
    with study.database.writing(study.who, "start review", {"clip": clip.id, "trial": trial.id}) as write:
        write.clips([clip])
        write.key_presses(_as_presses(study, clip, trial))
    return clip


def open_review(study: StudyRecord, trial: Trial) -> Clip | None:
    """Return this person's review of a trial as it is scored and placed now, done or not; nothing where there is none.

    One that was begun on other bouts is left where it is.
    """
    since = study.database.last_scored(trial.id)
    for clip in study.database.clips(scorer=study.who, assay=trial.assay):
        if clip.kind == REVIEW and clip.trial == trial.id and study.database.begun_at(clip.id) > since:
            return clip
    return None


def require_begun_on_these(study: StudyRecord, clip: Clip) -> None:
    """Refuse to go on with a review of bouts that are not the trial's any more."""
    if clip.kind == REVIEW and study.database.begun_at(clip.id) < study.database.last_scored(clip.trial):
        raise StageError(
            expected="a review of the trial's newest bouts",
            found="a trial that was scored again or placed anew since this review was begun",
            do="open the trial again from the page Review; what was said here is kept",
        )


def _require_correctable(study: StudyRecord, trial: Trial) -> None:
    if not can_be_reviewed(study, trial):
        raise StageError(
            expected=f"an outcome of {trial.assay} that the program measures, and that a person's bouts give",
            found="none",
            do="place the arena anew where it is wrong, or leave the trial out and say why",
        )
    automatic = newest_by_method(trial, _history(study, trial)).values()
    if not automatic or not all(one.source.place.startswith(placed(trial)) for one in automatic):
        raise StageError(
            expected="a trial that was scored where it is placed now", found="one that was not", do="score it first"
        )


def can_be_reviewed(study: StudyRecord, trial: Trial) -> bool:
    """Whether a trial's assay has an outcome that the program measures, and that a person's bouts give."""
    return bool(_measures_by_hand(study, trial) & {one.measure for one in by_program(study, trial.assay)})


def _history(study: StudyRecord, trial: Trial) -> tuple[Measurement, ...]:
    return study.database.measured({one.name for one in by_program(study, trial.assay)})


def newest_of(study: StudyRecord, trial: Trial) -> tuple[Measurement, ...]:
    """Return the measurements of a trial's animal that count now, of the outcomes that the program measures."""
    names = {one.name for one in by_program(study, trial.assay)}
    return tuple(one for one in study.measurements if one.code == trial.code and one.outcome in names)


def _names(study: StudyRecord, trial: Trial) -> tuple[str, ...]:
    plan = study.assay(trial.assay)
    return tuple(one.name for one in ethogram_of(plan.kind, plan.behaviours).behaviours)


def _measures_by_hand(study: StudyRecord, trial: Trial) -> set[str]:
    window = study.assay(trial.assay).window_s
    return {reading.measure for reading in hand_readings((), (), window, _names(study, trial))}


def _as_presses(study: StudyRecord, clip: Clip, trial: Trial) -> Iterator[KeyPress]:
    """Say the detected bouts of a trial, and the time it could not be seen, as state changes."""
    known = _names(study, trial)
    window = study.assay(trial.assay).window_s
    spans = [(bout.start_s, bout.stop_s, bout.behaviour) for bout in study.database.bouts(trial.id)]
    spans = [span for span in spans if span[2] in known]
    spans += [(start, stop, NOT_VISIBLE) for start, stop in _unseen(motion_of(study, trial), window)]
    for number, (t_s, behaviour) in enumerate(_changes(spans), 1):
        yield KeyPress(clip=clip.id, number=number, action=STATE, t_s=t_s + trial.t0_s, behaviour=behaviour, speed=0.0)


def _changes(spans: Iterable[tuple[float, float, str]]) -> Iterator[tuple[float, str]]:
    """Return when each state begins; where one ends and none begins, the empty one does."""
    in_order = sorted(spans)
    for (start, stop, name), (following, _, _) in pairwise([*in_order, (np.inf, np.inf, "")]):
        yield start, name
        if following - stop > _SAME_S:
            yield stop, ""


def motion_of(study: StudyRecord, trial: Trial) -> Motion | None:
    """Return the motion trace of a trial, nothing where it has none."""
    path = study.folder.tracks / f"{trial.id}.parquet"
    return read_motion(path).motion if kind_of_trace(path) == "motion" else None


def _unseen(motion: Motion | None, within: Span) -> list[Span]:
    """Return the stretches of a window in which the program could not see the animal."""
    start, stop = within
    edges = [start, *(edge for span in _seen(motion, within) for edge in span), stop]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > _SAME_S]


def _seen(motion: Motion | None, within: Span) -> list[Span]:
    """Return the stretches of a window in which the program saw the animal; all of it where there is no trace."""
    start, stop = within
    if motion is None:
        return [within] if stop - start > _SAME_S else []
    valid = (motion.valid & motion.animal_found).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], valid, [0]])))
    found = (
        (max(start, float(motion.t_s[a])), min(stop, float(motion.t_s[b - 1] + motion.step_s)))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )
    return [span for span in found if span[1] - span[0] > _SAME_S]


def correction_of(study: StudyRecord, trial: Trial, score: HandScore) -> Correction:
    """Work out what a finished review says."""
    window, names = score.window_s, _names(study, trial)
    automatic = newest_by_method(trial, _history(study, trial))
    seen = (*_seen(motion_of(study, trial), (0.0, window[0])), *score.seen_s)
    readings = [replace(one, flags=(CORRECTED, *one.flags)) for one in hand_readings(score.bouts, seen, window, names)]
    rules = _rules(window, names, automatic.values())
    source = Source(kind="recording", sha256=trial.sha256, place=placed(trial) + _where(trial, score))
    measured = as_measurements(study, trial.assay, "", trial.code, readings, source, rules.hash)
    return Correction(
        trial=trial.id,
        scorer=reviewer(score.clip.scorer),
        bouts=score.bouts,
        rules=rules,
        measurements=tuple(
            _as_warned(one, automatic.get(one.outcome))
            for one in measured
            if not _before_window(study, one, automatic.get(one.outcome), window[0])
        ),
    )


def _where(trial: Trial, score: HandScore) -> str:
    start, stop = score.window_s
    words = f"{start:g}-{stop:g} s from t0 = {trial.t0_s:g} s"
    return f"{words}; {_BY}{score.clip.scorer}{_CLIP}{score.clip.id}"


def _as_warned(corrected: Measurement, automatic: Measurement | None) -> Measurement:
    """Keep what is true of the recording, whoever scores it."""
    kept = () if automatic is None else tuple(flag for flag in automatic.flags if flag in _KEPT_FLAGS)
    return replace(corrected, flags=(*corrected.flags, *kept))


def _before_window(study: StudyRecord, new: Measurement, automatic: Measurement | None, start_s: float) -> bool:
    """Whether a value is a latency from t0 that ended before what the person was shown."""
    from_t0 = study.protocol.outcome(new.outcome).measure.endswith("latency_s")
    return from_t0 and automatic is not None and automatic.value is not None and automatic.value < start_s - _SAME_S


def _rules(window: Span, names: Sequence[str], automatic: Iterable[Measurement]) -> RuleSet:
    """Return the rules of a correction: they are the same whoever corrects, and name those that were corrected."""
    hashes = ", ".join(sorted({one.rules_hash for one in automatic}))
    start, stop = window
    return RuleSet(
        name="review",
        parameters=(
            ("behaviours", tuple(names)),
            ("of rules", hashes),
            ("window_start_s", float(start)),
            ("window_stop_s", float(stop)),
        ),
        words=(
            f"bouts detected under the rules {hashes}, corrected by a person who saw them",
            f"scored from {start:g} to {stop:g} s after t0",
            "bouts are taken as the person left them: no gap is closed and no short bout dropped",
            "time in which the animal cannot be seen ends a bout, belongs to no behaviour and lowers the denominator",
            "latency from t0, censored at the window's end; one that ended before the window stays as it was",
        ),
    )


def write_correction(write: Writing, correction: Correction) -> None:
    """Add a correction to the study, in a transaction that is open."""
    write.bouts(correction.trial, correction.bouts, scorer=correction.scorer)
    write.rules(correction.rules)
    write.measurements(correction.measurements)


def back_to_automatic(study: StudyRecord, trial_id: str) -> tuple[Measurement, ...]:
    """Let what the method measured count again; see `Study.back_to_automatic`."""
    study.require_open("go back to what was measured")
    trial = trial_named(study, trial_id)
    newest = {one.outcome: one for one in newest_of(study, trial)}
    automatic = newest_by_method(trial, _history(study, trial))
    again = tuple(one for name, one in automatic.items() if CORRECTED in newest[name].flags)
    if not again:
        raise StageError(expected="a corrected trial", found="one that nobody corrected", do="nothing: it is automatic")
    words = {"trial": trial.id, "outcomes": [one.outcome for one in again]}
    with study.database.writing(study.who, "back to automatic", words) as write:
        write.measurements(again)
    return again
