"""Checks of the plan: what the protocol leaves open before the first animal."""

from __future__ import annotations

import json
import re

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.plan import Plan

__all__ = [
    "block_ignored",
    "cage_ignored",
    "drawn_before_sealing",
    "dose_missing",
    "family_missing",
    "outcome_without_plan",
    "primary_outcome",
    "protocol_changed",
    "scheme_ignored",
    "smallest_effect_missing",
]


@check("dose-missing", "warning")
def dose_missing(facts: StudyFacts) -> Remarks:
    """A treatment has no dose yet.

    Nobody can repeat the study, or fill the vials, without it. Fill the dose in in study.toml; a vehicle needs none.
    """
    for treatment in facts.protocol.treatments:
        if treatment.open_dose:
            yield (
                f"{treatment.factor}: {treatment.level}",
                f"the dose of {treatment.substance} is to be filled in; write it in study.toml",
            )


@check("primary-outcome-not-one", "warning")
def primary_outcome(facts: StudyFacts) -> Remarks:
    """The study has no primary outcome, or several.

    One outcome carries the conclusion and the sample size; with several, one of them is significant by chance too
    often. Mark exactly one outcome as primary in study.toml.
    """
    primary = [outcome.name for outcome in facts.protocol.outcomes if outcome.primary]
    if len(primary) != 1:
        found = f"{len(primary)} primary outcomes ({listed(primary)})" if primary else "no primary outcome"
        yield "outcomes", f"{found}; mark exactly one as primary"


@check("outcome-without-plan", "note")
def outcome_without_plan(facts: StudyFacts) -> Remarks:
    """An outcome has no planned analysis.

    A test of it would be an unplanned one. Write its plan before the data are seen, or call what is done with it
    exploratory. A recovery needs none: it tells the quality of an assay, and is no result of the treatment.
    """
    planned = {plan.outcome for plan in facts.protocol.plans}
    results = [outcome.name for outcome in facts.protocol.outcomes if not outcome.measure.startswith("recovery")]
    if unplanned := [name for name in results if name not in planned]:
        yield listed(unplanned), "no analysis is planned; plan one, or report any test of it as exploratory"


@check("outcomes-without-family", "note")
def family_missing(facts: StudyFacts) -> Remarks:
    """Several secondary outcomes are tested, each as if it were the only one.

    Of twenty tests without any effect one is significant. Name a family in the plans, so that P is adjusted over its
    outcomes, or call them exploratory. The primary outcome needs none.
    """
    primary = {outcome.name for outcome in facts.protocol.outcomes if outcome.primary}
    alone = [plan.outcome for plan in facts.protocol.plans if not plan.family and plan.outcome not in primary]
    if len(alone) > 1:
        yield listed(alone), f"{len(alone)} secondary outcomes without a family; name one, or call them exploratory"


@check("plan-ignores-block", "warning")
def block_ignored(facts: StudyFacts) -> Remarks:
    """A planned analysis leaves out the block in which its animals were allocated or its samples measured.

    Differences between cages or membranes then count as chance, which hides effects, and the analysis is not that of
    the design. Name the block in the plan.
    """
    design_block = facts.protocol.design.block
    for plan in facts.protocol.plans:
        if design_block and design_block not in plan.blocks:
            yield plan.outcome, f"allocated inside each {design_block}, which is no block of {plan.formula}; add it"
        blocks = {one.block for one in facts.measured(plan.outcome) if one.block}
        if len(blocks) > 1 and not set(plan.blocks) - {design_block}:
            yield plan.outcome, f"measured on {len(blocks)} ({listed(sorted(blocks))}), no block of the plan; add one"


@check("plan-ignores-cage", "critical")
def cage_ignored(facts: StudyFacts) -> Remarks:
    """A planned analysis counts animals where whole cages were given a level: pseudoreplication.

    Animals of one cage share more than the diet or the light that was given to the cage. Whoever counts them one by one
    takes the differences between cages for an effect, and the P value is far too small. Name the cage in the plan, as a
    random term; then the effect is told against the differences between cages.
    """
    design, cages = facts.protocol.design, {animal.cage for animal in facts.animals}
    if len(cages) == len(facts.animals):
        return
    for plan in facts.protocol.plans:
        names = [name for name in plan.factors if design.unit_of(name) == "cage"]
        if names and not _names(plan, "cage"):
            counted = f"{len(facts.animals)} animals of {len(cages)} cages"
            yield (
                plan.outcome,
                f"{listed(names)}: given to whole cages, but {plan.formula} counts {counted}; name the cage",
            )


def _names(plan: Plan, column: str) -> bool:
    """Whether a column is in the model, as a block, a covariate or a random term."""
    return column in re.findall(r"\w+", plan.formula.partition("~")[2])


@check("plan-ignores-scheme", "note")
def scheme_ignored(facts: StudyFacts) -> Remarks:
    """A planned analysis leaves out a column by which the animals were stratified or minimised.

    The groups are more alike in it than chance makes them, and an analysis without it does not know: its intervals are
    too wide, its P values too large. Name the column in the plan, a weight as a covariate and words as a block; or test
    by re-randomising with the scheme.
    """
    for plan in facts.protocol.plans:
        if missing := [column for column in facts.protocol.design.scheme.by if not _names(plan, column)]:
            yield plan.outcome, f"allocated by {listed(missing)}, which {plan.formula} leaves out; add it"


@check("drawn-before-sealing", "warning")
def drawn_before_sealing(facts: StudyFacts) -> Remarks:
    """The balance of a draw was looked at more than once before the groups were sealed.

    Groups chosen among several draws are not those of the scheme, and the test that re-randomises by the scheme is not
    quite that of the study. Report how many were looked at; next time say in study.toml how even the groups must be
    (strata, minimisation, weight_limit), so that the scheme does the choosing.
    """
    for entry in facts.entries:
        if entry.what == "allocate":
            looks = json.loads(entry.arguments or "{}").get("looks_before", 0)
            if looks > 1:
                yield "allocation", f"the balance was looked at {looks} times before the groups were sealed; report it"


@check("smallest-effect-missing", "note")
def smallest_effect_missing(facts: StudyFacts) -> Remarks:
    """An outcome that will be analysed has no smallest effect of interest.

    Without it "no effect" cannot be shown: a P value above 0.05 says only "not shown". State it in the outcome's
    unit in study.toml, from what would matter to the animal or the patient, before the data are seen.
    """
    planned = {plan.outcome for plan in facts.protocol.plans}
    outcomes = [outcome for outcome in facts.protocol.outcomes if outcome.name in planned]
    if silent := [outcome.name for outcome in outcomes if outcome.smallest_effect is None]:
        yield listed(silent), 'no smallest effect of interest, so "no effect" cannot be concluded; state one'


@check("protocol-changed", "critical")
def protocol_changed(facts: StudyFacts) -> Remarks:
    """The protocol is no longer the one under which the groups were allocated.

    A plan that changes after the study has begun is another plan. Put study.toml back as it was, or report what was
    changed, when and why.
    """
    for entry in facts.entries:
        if entry.what == "allocate":
            sealed = json.loads(entry.arguments or "{}").get("protocol_sha256", "")
            if sealed and facts.protocol_sha256 and sealed != facts.protocol_sha256:
                yield "study.toml", f"changed since the groups were allocated ({entry.at}); report what and why"
