"""Checks of what was analysed, after unblinding: assumptions, conclusions that depend on the way, sizes and power."""

from __future__ import annotations

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.analysis import REDRAWN, Analysis
from littermate.model.sensitivity import SensitivityRow

__all__ = [
    "assumption_fails",
    "conclusion_depends",
    "effect_underpowered",
    "fewer_than_planned",
    "shown_otherwise",
]

_BESIDE = (REDRAWN, "HC3", "rank ATS", "aligned ranks")


@check("assumption-fails", "note")
def assumption_fails(facts: StudyFacts) -> Remarks:
    """The residuals of a planned analysis are not normal, or its groups do not spread equally.

    The planned analysis stays the primary one, and is robust to a good deal of it in groups of one size. Read beside it
    what does not take these assumptions for granted; leave nobody out because of this.
    """
    for one in facts.analyses:
        failing = [check for check in one.assumptions if check.p is not None and check.p < one.plan.alpha]
        if failing:
            names = listed(f"{check.name} (P = {check.p:.2g})" for check in failing)
            yield one.plan.outcome, f"fails: {names}. {_beside(one)}"


def _beside(analysis: Analysis) -> str:
    """Say whether what does not take the assumptions for granted comes to other conclusions."""
    terms = [effect.term for effect in analysis.effects]
    ways = {row.analysis for term in terms for row in analysis.other_ways(term)} & set(_BESIDE)
    if not ways:
        return "Nothing that does without these assumptions was set beside it"
    against = {row.analysis for term in terms for row in analysis.disagreeing(term)}
    same, other = ([name for name in _BESIDE if name in ways and (name in against) == differs] for differs in (0, 1))
    parts = (f"the same conclusions by {listed(same)}" if same else "", f"another by {listed(other)}" if other else "")
    return "; ".join(filter(None, parts))


@check("conclusion-depends", "warning")
def conclusion_depends(facts: StudyFacts) -> Remarks:
    """An effect that the planned analysis shows is not shown where the same animals are analysed in another way.

    It is weakly supported. The planned analysis stays the primary one; tell the reader that the conclusion depends on
    it, and read the interval rather than P.
    """
    yield from _against(facts, shown=True)


@check("shown-otherwise", "note")
def shown_otherwise(facts: StudyFacts) -> Remarks:
    """An effect that the planned analysis does not show is shown where the animals are analysed in another way.

    Of many ways one is significant by chance, so this is no result, and must not be reported as one. It is a question
    for the next study.
    """
    yield from _against(facts, shown=False)


def _against(facts: StudyFacts, *, shown: bool) -> Remarks:
    """Say which effects, shown or not by the planned analysis, other ways come to another conclusion on."""
    for one in facts.analyses:
        for effect in one.studied:
            against = one.disagreeing(effect.term)
            if against and (effect.p < one.plan.alpha) == shown:
                words = listed((_p(row) for row in against), most=4)
                verb = "not shown" if shown else "but shown"
                count = f"{len(against)} of {len(one.other_ways(effect.term))} other ways"
                said = f"{_label(effect.term)}: planned P = {effect.p:.3f}, {verb} by {count} ({words})"
                yield one.plan.outcome, said


def _label(term: str) -> str:
    return term.replace(":", " x ")


def _p(row: SensitivityRow) -> str:
    return f"{row.analysis} {row.p:.3f}"


@check("fewer-than-planned", "note")
def fewer_than_planned(facts: StudyFacts) -> Remarks:
    """Fewer animals are in an analysis than the design planned.

    The study then finds an effect of the planned size less often than was planned. Give the numbers and the reasons,
    and read the interval; do not add animals because of what was found.
    """
    planned = facts.protocol.design.n_total
    short = [f"{one.plan.outcome} {one.n}" for one in facts.analyses if one.n < planned]
    if short:
        yield "analyses", f"of {planned} planned animals: {listed(short)}; give the reasons"


@check("effect-underpowered", "note")
def effect_underpowered(facts: StudyFacts) -> Remarks:
    """The design cannot be expected to find the smallest effect of interest of its primary outcome.

    With the spread that was measured, it finds an effect of that size in fewer than 80 of 100 studies; an interaction
    of two factors needs four times the animals of a main effect of the same size. An effect that was not shown is then
    not one that is absent. Report the interval, and plan the next study for the size that matters.
    """
    for one in facts.analyses:
        outcome = {out.name: out for out in facts.protocol.outcomes}.get(one.plan.outcome)
        if outcome is None or not outcome.primary or outcome.smallest_effect is None or one.mixed or one.plan.scale:
            continue
        sees = {power.term: power.effect * one.residual_sd for power in facts.detectable}
        silent = [effect.term for effect in one.studied if effect.p >= one.plan.alpha]
        unit = f" {one.unit}".rstrip()
        weak = [
            f"{sees[term]:.3g}{unit} ({_label(term)})"
            for term in silent
            if term in sees and sees[term] > outcome.smallest_effect
        ]
        if weak:
            of_interest = f"the smallest effect of interest is {outcome.smallest_effect:g}{unit}"
            yield one.plan.outcome, f"80 % power needs a true difference of {listed(weak)}; {of_interest}"
