"""Disagreeing: two scorings of one trial side by side, where they differ, and what two people settle on.

Times are on the trial clock. Only two people's finished scores make a consensus: where a person and the program differ,
the page of review is the place to correct the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from littermate.assays.hand_states import (
    CONSENSUS,
    MISSING,
    NONE,
    SHORTEST_S,
    Choice,
    Disagreement,
    disagreements,
    overlooked_s,
    seen_by_both,
)
from littermate.assays.settling import is_for
from littermate.errors import DataError, StageError, UsageError
from littermate.model.trial import Trial
from littermate.study.agreeing import PROGRAM, Bouts, Scoring, name_of_side, only, scoring_of, shared_behaviours
from littermate.study.consensus import SETTLE, Consensus, Decision, consensus_of, decisions, done_scores
from littermate.study.hand_measures import keep_hand_measures
from littermate.study.hand_scoring import behaviours_of, hand_scores
from littermate.study.record import StudyRecord

__all__ = ["SideBySide", "Settled", "settle", "side_by_side"]

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Who settled a trial and when (UTC), what they decided, and whether the scores have changed since."""

    by: str
    at: str
    choices: tuple[Choice, ...]
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """One trial as two sides scored it.

    Parameters
    ----------
    trial
        The trial, as it is placed now.
    window_s
        What was to be scored.
    first, second
        The sides.
    behaviours
        Those that both score; the rest is left out.
    first_bouts, second_bouts
        Theirs.
    first_seen_s, second_seen_s
        In which stretches each side saw the animal.
    disagreements
        Where they say different behaviours.
    overlooked_s
        Time in disagreements shorter than `shortest_s`, which nobody is asked about.
    can_settle
        Whether the two can have a consensus: both are people.
    settled
        What they settled last, nothing where they did not.
    """

    trial: Trial
    window_s: Span
    first: str
    second: str
    behaviours: tuple[str, ...]
    first_bouts: Bouts
    second_bouts: Bouts
    first_seen_s: tuple[Span, ...]
    second_seen_s: tuple[Span, ...]
    disagreements: tuple[Disagreement, ...]
    overlooked_s: float
    can_settle: bool
    settled: Settled | None
    shortest_s: float = SHORTEST_S

    def chosen(self, one: Disagreement) -> str | None:
        """Return what was decided for a disagreement, nothing where it was not."""
        choices = () if self.settled is None else self.settled.choices
        fitting = [choice.behaviour for choice in choices if is_for(choice, one)]
        return fitting[-1] if fitting else None


def side_by_side(study: StudyRecord, trial_id: str, first: str, second: str) -> SideBySide:
    """Put two scorings of a trial side by side; see `Study.disagreements`."""
    trial = study.database.trial(trial_id)
    if trial is None or first == second:
        raise UsageError(
            expected="a trial of this study and two sides",
            found=f"{trial_id!r}, {first!r}, {second!r}",
            do="choose them",
        )
    one, two = (_scored(study, trial, side) for side in (first, second))
    behaviours = shared_behaviours(study, trial.assay, first, second)
    both = seen_by_both(one.seen_s, two.seen_s)
    bouts = only(one.bouts, behaviours), only(two.bouts, behaviours)
    return SideBySide(
        trial=trial,
        window_s=study.assay(trial.assay).window_s,
        first=first,
        second=second,
        behaviours=behaviours,
        first_bouts=bouts[0],
        second_bouts=bouts[1],
        first_seen_s=one.seen_s,
        second_seen_s=two.seen_s,
        disagreements=disagreements(*bouts, both),
        overlooked_s=overlooked_s(*bouts, both),
        can_settle=not {first, second} & {PROGRAM, CONSENSUS},
        settled=_settled(study, trial, first, second),
    )


def _scored(study: StudyRecord, trial: Trial, side: str) -> Scoring:
    found = scoring_of(study, trial.assay, trial.id, side)
    if found is None:
        raise StageError(
            expected=f"a finished score of this trial by {name_of_side(side)}", found="none", do="choose another trial"
        )
    return found


def _settled(study: StudyRecord, trial: Trial, first: str, second: str) -> Settled | None:
    decision = decisions(study).get(trial.id)
    if decision is None or {decision.first, decision.second} != {first, second}:
        return None
    choices = tuple(
        Choice(start_s=one.start_s - trial.t0_s, stop_s=one.stop_s - trial.t0_s, behaviour=one.behaviour)
        for one in decision.choices
    )
    stands = scoring_of(study, trial.assay, trial.id, CONSENSUS) is not None
    return Settled(by=decision.by, at=decision.at, choices=choices, stands=stands)


def settle(study: StudyRecord, trial_id: str, first: str, second: str, choices: Sequence[Choice]) -> Consensus:
    """Record a consensus; see `Study.settle`."""
    study.require_open("record a consensus")
    trial = study.database.trial(trial_id)
    if trial is None:
        raise UsageError(expected="a trial of this study", found=repr(trial_id), do="choose one from the list")
    done = done_scores(hand_scores(study, trial.assay))
    one, two = done.get((trial.id, first)), done.get((trial.id, second))
    if one is None or two is None or first == second:
        raise StageError(
            expected="finished scores of this trial by two people",
            found=f"{first} and {second}, of whom not both have one",
            do="finish both clips first; a consensus with the program is not made",
        )
    _require_known(study, trial, choices)
    decision = Decision(
        trial=trial.id,
        first=first,
        second=second,
        clips=(one.clip.id, two.clip.id),
        choices=tuple(_on_recording_clock(choice, trial.t0_s) for choice in choices),
        by=study.who,
        at="",
    )
    settled = consensus_of(trial, one, two, decision)
    words = {
        "trial": trial.id,
        "first": first,
        "second": second,
        "clips": decision.clips,
        "choices": [[choice.start_s, choice.stop_s, choice.behaviour] for choice in decision.choices],
    }
    with study.database.writing(study.who, SETTLE, words) as write:
        write.bouts(trial.id, settled.bouts, scorer=CONSENSUS)
    keep_hand_measures(study, trial.assay, trials={trial.id})
    return settled


def _require_known(study: StudyRecord, trial: Trial, choices: Sequence[Choice]) -> None:
    known = (NONE, MISSING, *(one.name for one in behaviours_of(study, trial.assay)))
    wrong = sorted({choice.behaviour for choice in choices} - set(known))
    if wrong:
        raise DataError(expected=f"one of {', '.join(known[1:])}", found=", ".join(wrong), do="choose one of these")


def _on_recording_clock(choice: Choice, t0_s: float) -> Choice:
    return Choice(start_s=choice.start_s + t0_s, stop_s=choice.stop_s + t0_s, behaviour=choice.behaviour)
