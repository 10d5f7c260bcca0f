"""Checks of hand scoring: a second scorer on enough of the trials, and scorers who agree with themselves."""

from __future__ import annotations

from littermate.checks.facts import StudyFacts
from littermate.checks.rule import Remarks, check

__all__ = ["scorer_drift", "second_scorer_missing"]

SHARE = 0.2
LARGEST = 10.0


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
