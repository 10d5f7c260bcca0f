"""Checks of hand scoring: a second scorer on enough of the trials, and scorers who agree with themselves."""

from __future__ import annotations

from littermate.checks.facts import StudyFacts
from littermate.checks.rule import Remarks, check
from littermate.checks.trend import rank_trend

__all__ = ["scorer_drift", "scores_drift", "second_scorer_missing"]

SHARE = 0.2
LARGEST = 10.0
FEWEST = 8
CHANCE = 0.01


@check("second-scorer-missing", "warning")
def second_scorer_missing(facts: StudyFacts) -> Remarks:
    """Fewer than 20 % of the trials that a person scores were scored by a second person.

    Without a second scorer nobody can say how much of a number is the animal and how much the scorer. Give a second
    scorer a random fifth of the trials or more, and settle what they disagree on.
    """
    for one in facts.hand_scored:
        if one.once and one.twice < SHARE * one.trials:
            found = f"{one.twice} of {one.trials} trials by a second scorer ({100 * one.twice / one.trials:.0f} %)"
            yield one.assay, f"{found}; {100 * SHARE:.0f} % or more are wanted"


@check("scorer-drift", "warning")
def scorer_drift(facts: StudyFacts) -> Remarks:
    """A scorer's repeats of the same trials differ by more than 10 % of the window.

    Two scorings of one trial by this person differ by up to the coefficient of repeatability in 95 of 100 trials; an
    effect of that size could be the scorer's. Talk over the definitions, practise, and score again; or let another
    person score.
    """
    for one in facts.repeats:
        if one.coefficient > LARGEST:
            found = f"{one.behaviour}: two scorings of a trial may differ by {one.coefficient:.1f} points of % time"
            yield f"{one.scorer}, {one.assay}", f"{found} ({one.trials} repeats); {LARGEST:.0f} are allowed"


@check("scores-drift", "warning")
def scores_drift(facts: StudyFacts) -> Remarks:
    """A scorer's numbers rise or fall over the trials, in the order in which they were scored.

    The order is random, so the animals have no part in it: the scorer's idea of the behaviour has changed. Score the
    first trials again at the end, and compare; the repeats of `scorer-drift` say by how much.
    """
    for outcome in facts.protocol.outcomes:
        values = {one.code: one.value for one in facts.measured(outcome.name) if one.value is not None}
        mine = [one for one in facts.scored_clips if outcome.scored_by == "person" and one.assay == outcome.assay]
        for scorer in dict.fromkeys(one.scorer for one in mine):
            found = sorted(
                (one.position, values[one.code]) for one in mine if one.scorer == scorer and one.code in values
            )
            trend = rank_trend([value for _, value in found]) if len(found) >= FEWEST else None
            if trend is not None and trend[1] < CHANCE:
                words = "rise" if trend[0] > 0 else "fall"
                yield (
                    f"{scorer}, {outcome.name}",
                    f"values {words} over {len(found)} trials (rank correlation {trend[0]:.2f}, P = {trend[1]:.2g})",
                )
