"""Checks of whether the plan was kept: what the journal states of it at each step, beside what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.journal import Entry
from littermate.model.stated_plan import PlanChange, StatedPlan, changes_of, stated_in, stated_plans

__all__ = [
    "outlier_rule_after_unblinding",
    "plan_changed",
    "plan_changed_after_unblinding",
    "primary_changed",
    "unplanned_analysis",
]

_OWN_CHECK = ("outliers", "primary")


@check("plan-changed", "warning")
def plan_changed(facts: StudyFacts) -> Remarks:
    """A planned analysis is not the one that was planned when the groups were allocated.

    A plan that changes after the study has begun may have been changed because of what was seen. Report what was
    planned, what was done, and why; or put study.toml back as it was.
    """
    for outcome, found in _by_outcome(_changes(facts, "allocate")):
        yield outcome, f"{listed(one.words for one in found)}; report the change and why"


@check("plan-changed-after-unblinding", "critical")
def plan_changed_after_unblinding(facts: StudyFacts) -> Remarks:
    """A planned analysis was changed when the groups were known.

    Whoever knows the groups can try models, contrasts and scales until one is significant; the P value then means
    nothing. Report the analysis as it was planned before; what was added is exploratory and has to be called so.
    """
    for outcome, found in _by_outcome(_changes(facts, "unblind")):
        yield outcome, f"{listed(one.words for one in found)}; report the analysis as planned before"


@check("outlier-rule-after-unblinding", "critical")
def outlier_rule_after_unblinding(facts: StudyFacts) -> Remarks:
    """A rule for outliers was brought in or changed when the groups were known.

    It leaves out animals by their numbers, and those who chose it knew which numbers would go. Report the analysis with
    all animals; the one without the outliers belongs beside it.
    """
    for outcome, found in _by_outcome(_changes(facts, "unblind", only=("outliers",))):
        yield outcome, f"{listed(one.words for one in found)}; report the analysis with all animals"


@check("primary-outcome-changed", "critical")
def primary_changed(facts: StudyFacts) -> Remarks:
    """The primary outcome is not the one that was primary when the groups were allocated.

    The primary outcome carries the conclusion. Chosen after the data, it is the one of several that came out best.
    Report the outcome that was planned as primary as the primary one.
    """
    found = _changes(facts, "allocate", only=("primary",))
    if found:
        was, now = ([one.outcome for one in found if getattr(one, side)] for side in ("before", "after"))
        words = f"was {listed(was) or 'none of these'}, now {listed(now) or 'none of these'}"
        yield "outcomes", f"{words}; report the one that was planned"


@check("unplanned-analysis", "warning")
def unplanned_analysis(facts: StudyFacts) -> Remarks:
    """After unblinding, data were analysed or exported by another plan than the one of today or of the allocation.

    Several analyses were then looked at, of which one is reported. Report all of them, or say which was planned.
    """
    planned = [plans for plans in (stated_plans(facts.protocol), _stated(facts, "allocate")) if plans]
    for entry in facts.entries_after_unblinding("fit", "report", "export"):
        plans = stated_in(entry)
        if plans and all(changes_of(one, plans) for one in planned):
            outcomes = dict.fromkeys(one.outcome for one in changes_of(planned[-1], plans))
            yield f"journal entry {entry.number}", f'"{entry.what}" by another plan of {listed(outcomes)}; report it'


def _changes(facts: StudyFacts, step: str, *, only: Sequence[str] = ()) -> tuple[PlanChange, ...]:
    """Return how the plans of today differ from those that the entry of a step states; nothing where it states none."""
    before = _stated(facts, step)
    found = changes_of(before, stated_plans(facts.protocol)) if before else ()
    return tuple(one for one in found if (one.aspect in only if only else one.aspect not in _OWN_CHECK))


def _stated(facts: StudyFacts, step: str) -> tuple[StatedPlan, ...]:
    return next(filter(None, (stated_in(one) for one in _entries(facts, step))), ())


def _entries(facts: StudyFacts, step: str) -> Iterator[Entry]:
    return (entry for entry in facts.entries if entry.what == step)


def _by_outcome(changes: Sequence[PlanChange]) -> Iterator[tuple[str, list[PlanChange]]]:
    for outcome in dict.fromkeys(one.outcome for one in changes):
        yield outcome, [one for one in changes if one.outcome == outcome]
