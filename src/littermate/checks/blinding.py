"""Checks of blinding: what was scored or left out after the groups were known."""

from __future__ import annotations

import json

from littermate.checks.facts import StudyFacts
from littermate.checks.rule import Remarks, check
from littermate.model.journal import Entry

__all__ = ["excluded_after_unblinding", "exclusion_unplanned", "scored_after_unblinding", "unblinding_unrecorded"]

_SCORING = ("score", "quantify", "read", "measure")


@check("scored-after-unblinding", "critical")
def scored_after_unblinding(facts: StudyFacts) -> Remarks:
    """Something was scored after unblinding.

    A score given by someone who can know the group is not blind. Use the scores from before, or have them made
    again by a person who does not know the key, and tell the reader.
    """
    for entry in facts.entries_after_unblinding(*_SCORING):
        yield _where(entry), f'"{entry.what}" after unblinding; use the scores from before, or tell the reader'


@check("exclusion-after-unblinding", "critical")
def excluded_after_unblinding(facts: StudyFacts) -> Remarks:
    """An animal was excluded after unblinding.

    Whoever knows the groups can choose the result by choosing the animals. Report the analysis with and without the
    animal.
    """
    for entry in facts.entries_after_unblinding("exclude"):
        said = json.loads(entry.arguments or "{}")
        code = said.get("code", "an animal") if isinstance(said, dict) else "an animal"
        yield _where(entry), f"{code} left out after unblinding; report the analysis with and without it"


@check("exclusion-unplanned", "warning")
def exclusion_unplanned(facts: StudyFacts) -> Remarks:
    """An animal was excluded without a rule of the plan.

    A rule made after the fact can be made to fit the result. Report the reason, and the analysis with and without
    the animal; put the rule in the next study's protocol.
    """
    for exclusion in facts.exclusions:
        if not exclusion.planned or not facts.protocol.exclusion_rules:
            outcome = exclusion.outcome or "all outcomes"
            yield exclusion.code, f"left out of {outcome} by no planned rule ({exclusion.because}); report it"


@check("unblinding-unrecorded", "critical")
def unblinding_unrecorded(facts: StudyFacts) -> Remarks:
    """The study is unblinded, but the journal does not say when.

    Nobody can then tell what was scored blind. Open the study's journal and find out who joined codes and groups.
    """
    if facts.unblinded and not any(entry.what.casefold().startswith("unblind") for entry in facts.entries):
        yield "journal", "unblinded without an entry; what was scored blind cannot be told"


def _where(entry: Entry) -> str:
    return f"journal entry {entry.number}"
