"""Consensus: two people's scores of one trial, with what was decided where they disagree.

What is kept is the decisions, in the journal (step ``settle``): whose clips were compared, and for each disagreement
its place on the recording's own clock and the behaviour decided for it. The bouts follow from these and the key presses
each time they are asked for, on the trial clock as it is placed now. A consensus no longer stands once one of the two
clips was taken up again and scored otherwise, so that a decision does not fit any more; then it is settled anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from littermate.assays.hand_states import Choice, consensus, seen_by_both, settled_s
from littermate.errors import DataError
from littermate.model.bout import ScoredBout
from littermate.model.clip import SCORE
from littermate.model.hand_score import HandScore
from littermate.model.trial import Trial
from littermate.study.record import StudyRecord

__all__ = ["SETTLE", "Consensus", "Decision", "consensus_of", "consensus_scores", "decisions", "done_scores"]

SETTLE = "settle"

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of the journal: how the disagreements of two clips were settled.

    Parameters
    ----------
    trial
        Its id.
    first, second
        The scorers, in the order in which they were compared.
    clips
        Their clips.
    choices
        What was decided, on the *recording's* clock.
    by, at
        Who wrote it down, and when (UTC).
    """

    trial: str
    first: str
    second: str
    clips: tuple[str, str]
    choices: tuple[Choice, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """A trial as two scorers settled it, on the trial clock; `decision` is what it follows from."""

    trial: str
    code: str
    window_s: Span
    bouts: tuple[ScoredBout, ...]
    seen_s: tuple[Span, ...]
    decision: Decision

    @property
    def first(self) -> str:
        """The scorer whose bouts stand where a disagreement was too short to be asked about."""
        return self.decision.first

    @property
    def second(self) -> str:
        """The other scorer."""
        return self.decision.second


def decisions(study: StudyRecord) -> dict[str, Decision]:
    """Return the newest decision of each trial that was settled."""
    found = {}
    for entry in study.database.entries(SETTLE):
        said = json.loads(entry.arguments)
        found[said["trial"]] = Decision(
            trial=said["trial"],
            first=said["first"],
            second=said["second"],
            clips=(said["clips"][0], said["clips"][1]),
            choices=tuple(Choice(start_s=start, stop_s=stop, behaviour=name) for start, stop, name in said["choices"]),
            by=entry.who,
            at=entry.at,
        )
    return found


def done_scores(scores: Iterable[HandScore]) -> dict[tuple[str, str], HandScore]:
    """Return the finished first showings by (trial, scorer); practice, repeats and reviews never count."""
    return {(one.clip.trial, one.clip.scorer): one for one in scores if one.clip.kind == SCORE and one.done}


def consensus_scores(study: StudyRecord, assay: str, scores: Iterable[HandScore]) -> dict[str, Consensus]:
    """Return every consensus of an assay that stands, by trial.

    Parameters
    ----------
    study, assay
        Of which.
    scores
        What was scored of it by hand.
    """
    settled = decisions(study)
    if not settled:
        return {}
    done = done_scores(scores)
    trials = {trial.id: trial for trial in study.database.trials(assay)}
    found = (_standing(trials[name], one, done) for name, one in settled.items() if name in trials)
    return {one.trial: one for one in found if one is not None}


def _standing(trial: Trial, decision: Decision, done: Mapping[tuple[str, str], HandScore]) -> Consensus | None:
    """Return what a decision gives today, nothing where a score is gone or no decision fits it any more."""
    first, second = (done.get((trial.id, name)) for name in (decision.first, decision.second))
    if first is None or second is None or (first.clip.id, second.clip.id) != decision.clips:
        return None
    try:
        return consensus_of(trial, first, second, decision)
    except DataError:
        return None


def consensus_of(trial: Trial, first: HandScore, second: HandScore, decision: Decision) -> Consensus:
    """Return what two scores and the decisions about them give.

    Raises
    ------
    DataError
        If a disagreement is not decided, or a decision is about none.
    """
    seen = seen_by_both(first.seen_s, second.seen_s)
    choices = [_on_trial_clock(one, trial.t0_s) for one in decision.choices]
    return Consensus(
        trial=trial.id,
        code=trial.code,
        window_s=first.window_s,
        bouts=consensus(first.bouts, second.bouts, seen, choices),
        seen_s=settled_s(seen, choices),
        decision=decision,
    )


def _on_trial_clock(choice: Choice, t0_s: float) -> Choice:
    start, stop = choice.start_s - t0_s, choice.stop_s - t0_s
    return Choice(start_s=start, stop_s=stop, behaviour=choice.behaviour)
