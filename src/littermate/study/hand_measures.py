"""Hand measures: what people scored becomes the measurements of the outcomes that ask for a person's number.

Which score of a trial counts, for an outcome with ``scored_by = "person"``:

1. The consensus of two scorers, where there is one (`consensus_scores`).
2. Else the finished clip of the assay's first scorer: of those who were given the trial, the one with the most trials
   of the assay, of equals the first by name. Practice and repeats never count.

A measurement says whose score it is. It is written when a clip is finished or a consensus recorded, and by `score`;
nothing is written where nothing changed. Where a finished clip is taken up again, its numbers are missing until it is
finished anew. Numbers of the program never go into an outcome of a person, nor the reverse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from littermate.assays.ethogram import ethogram_of
from littermate.assays.hand_states import hand_readings
from littermate.errors import Complaint, ProtocolError, UsageError
from littermate.model.bout import Behaviour
from littermate.model.clip import SCORE, Clip
from littermate.model.hand_score import HandScore
from littermate.model.key_press import DONE, UNDO, KeyPress, standing
from littermate.model.measurement import Measurement, Reading, Source
from littermate.model.outcome import Outcome
from littermate.model.protocol import AssayPlan, Protocol
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.study import hand_scoring
from littermate.study.consensus import Consensus, consensus_scores, done_scores
from littermate.study.record import StudyRecord
from littermate.study.scoring import measurement_of, placed

__all__ = ["PERSON", "hand_rules", "keep_hand_measures", "person_outcomes", "press", "require_hand_measures"]

PERSON = "person"
_TAKEN_UP = "its clip was taken up again and is not finished"


def require_hand_measures(protocol: Protocol) -> None:
    """Refuse outcomes that ask a person for what nobody scores by hand.

    Raises
    ------
    ProtocolError
        All complaints at once.
    """
    plans = {plan.name: plan for plan in protocol.assays}
    complaints = [
        complaint
        for outcome in protocol.outcomes
        if outcome.scored_by == PERSON
        for complaint in _complaints(outcome, plans.get(outcome.assay))
    ]
    if complaints:
        raise ProtocolError.of(complaints)


def _complaints(outcome: Outcome, plan: AssayPlan | None) -> Iterator[Complaint]:
    where = f"study.toml, outcome {outcome.name}"
    if plan is None:
        do = 'take scored_by = "person" out'
        yield Complaint(expected="a person's score of a behavioural assay", found=outcome.assay, do=do, where=where)
        return
    try:
        names = [one.name for one in ethogram_of(plan.kind, plan.behaviours).behaviours]
        known = [one.measure for one in hand_readings((), (), plan.window_s, names)]
    except (ProtocolError, UsageError) as fault:
        yield from (replace(one, where=where) for one in fault.complaints)
        return
    if not names:
        do = "name them: [[assay.behaviour]] with name, key and definition"
        yield Complaint(expected=f"behaviours of {plan.name} to score", found="none", do=do, where=where)
    elif outcome.measure not in known:
        expected = f"a measure that a person gives of {plan.name}: {', '.join(known)}"
        do = 'correct the measure, or take scored_by = "person" out'
        yield Complaint(expected=expected, found=outcome.measure, do=do, where=where)


def person_outcomes(protocol: Protocol, assay: str) -> tuple[Outcome, ...]:
    """Return the outcomes of an assay that a person's score fills in."""
    return tuple(one for one in protocol.outcomes if one.assay == assay and one.scored_by == PERSON)


def press(study: StudyRecord, new: KeyPress) -> tuple[KeyPress, ...]:
    """Save one key press; where it ends a clip, or takes it up again, the trial's measurements follow."""
    if new.action not in (DONE, UNDO):
        return hand_scoring.press(study, new)
    before = study.database.key_presses(new.clip)
    after = hand_scoring.press(study, new)
    clip = study.database.clip(new.clip)
    if clip is not None and clip.kind == SCORE and _done(before) != _done(after):
        keep_hand_measures(study, clip.assay, trials={clip.trial})
    return after


def _done(presses: Sequence[KeyPress]) -> bool:
    return any(one.action == DONE for one in standing(presses))


def keep_hand_measures(
    study: StudyRecord, assay: str, *, trials: Collection[str] | None = None
) -> tuple[Measurement, ...]:
    """Write what hand scores say of an assay and was not written yet; return that.

    Parameters
    ----------
    study
        Open: not locked.
    assay
        Its name in the protocol.
    trials
        Look only at these.
    """
    outcomes = person_outcomes(study.protocol, assay)
    if not outcomes:
        return ()
    rules = hand_rules(study, assay)
    newest = {(one.outcome, one.code): one for one in study.measurements}
    new = [
        one
        for trial, counted in _counting(study, assay, trials)
        for one in _wanted(study, trial, counted, outcomes, rules, newest)
        if newest.get((one.outcome, one.code)) != one
    ]
    if new:
        codes = list(dict.fromkeys(one.code for one in new))
        words = {"assay": assay, "rules": rules.hash, "codes": codes}
        with study.database.writing(study.who, "score by hand", words) as write:
            write.rules(rules)
            write.measurements(new)
    return tuple(new)


def _counting(
    study: StudyRecord, assay: str, trials: Collection[str] | None
) -> Iterator[tuple[Trial, HandScore | Consensus | None]]:
    """Yield every trial that was given to somebody, with the score that counts, nothing where it is not done."""
    scores = hand_scoring.hand_scores(study, assay)
    done = done_scores(scores)
    settled = consensus_scores(study, assay, scores)
    given = _scorers(study.database.clips(assay=assay))
    for trial in study.database.trials(assay):
        if trial.id in given and (trials is None or trial.id in trials):
            yield trial, settled.get(trial.id) or done.get((trial.id, given[trial.id]))


def _scorers(clips: Iterable[Clip]) -> dict[str, str]:
    """Return whose score of each trial counts where there is no consensus."""
    mine = [clip for clip in clips if clip.kind == SCORE]
    most = Counter(clip.scorer for clip in mine)
    found: dict[str, str] = {}
    for clip in sorted(mine, key=lambda one: (-most[one.scorer], one.scorer)):
        found.setdefault(clip.trial, clip.scorer)
    return found


def _wanted(
    study: StudyRecord,
    trial: Trial,
    counted: HandScore | Consensus | None,
    outcomes: Iterable[Outcome],
    rules: RuleSet,
    newest: Mapping[tuple[str, str], Measurement],
) -> Iterator[Measurement]:
    """Yield the measurements that a trial should have now."""
    if counted is None:
        yield from _taken_back(trial, outcomes, rules, newest)
        return
    names = [one.name for one in hand_scoring.behaviours_of(study, trial.assay)]
    readings = hand_readings(counted.bouts, counted.seen_s, counted.window_s, names)
    source = Source(kind="recording", sha256=trial.sha256, place=placed(trial) + _whose(counted))
    by_measure = {reading.measure: reading for reading in readings}
    for outcome in outcomes:
        yield measurement_of(outcome, trial.code, by_measure[outcome.measure], source, rules.hash)


def _taken_back(
    trial: Trial, outcomes: Iterable[Outcome], rules: RuleSet, newest: Mapping[tuple[str, str], Measurement]
) -> Iterator[Measurement]:
    """Yield a missing value in place of each that a clip gave while it was finished."""
    for outcome in outcomes:
        old = newest.get((outcome.name, trial.code))
        if old is not None and old.value is not None and f"trial {trial.id}," in old.source.place:
            reading = Reading(measure=outcome.measure, value=None, unit=outcome.unit, reason=_TAKEN_UP)
            yield measurement_of(outcome, trial.code, reading, old.source, rules.hash)


def _whose(counted: HandScore | Consensus) -> str:
    if isinstance(counted, Consensus):
        return f"consensus of {counted.first} and {counted.second}"
    return f"scored by {counted.clip.scorer}, clip {counted.clip.id}"


def hand_rules(study: StudyRecord, assay: str) -> RuleSet:
    """Return what a person scored by, in words and numbers: the window and the ethogram's definitions."""
    plan = study.assay(assay)
    start, stop = (float(edge) for edge in plan.window_s)
    behaviours = hand_scoring.behaviours_of(study, assay)
    words = (
        f"hand scoring of {plan.name}: watched and scored from {start:g} to {stop:g} s after t0",
        *(f"{one.name}: {one.definition or 'as the scorer knows it'}" for one in behaviours),
        "only one behaviour at a time; bouts are taken as scored: no gap is closed, no short bout dropped",
        "time in which the animal could not be seen belongs to no behaviour and lowers the denominator",
        "latency runs from t0 to the first bout in the window, censored at its end",
    )
    numbers = {"window_start_s": start, "window_stop_s": stop} | _definitions(behaviours)
    return RuleSet(name="hand scoring", parameters=tuple(sorted(numbers.items())), words=words)


def _definitions(behaviours: Iterable[Behaviour]) -> dict[str, object]:
    return {f"behaviour {number}": one.name for number, one in enumerate(behaviours, 1)}
