"""Registry: every check there is, gathered from the topic files, and the one function that runs them.

A new check is one decorated function in a topic file; a new topic is one more module in `TOPICS`.
"""

from __future__ import annotations

from littermate.checks import (
    analysed,
    blinding,
    completeness,
    confounding,
    dosing,
    hand_scoring,
    plan,
    plan_kept,
    replicates,
    signals,
)
from littermate.checks.facts import StudyFacts
from littermate.checks.noticed import NOTICED
from littermate.checks.rule import Check, check
from littermate.model.finding import Finding, most_important_first

__all__ = ["TOPICS", "Check", "StudyFacts", "all_checks", "check", "checks_page", "meanings", "run_checks"]

TOPICS = (
    plan,
    plan_kept,
    dosing,
    completeness,
    replicates,
    signals,
    hand_scoring,
    blinding,
    confounding,
    analysed,
)


def all_checks() -> tuple[Check, ...]:
    """Return every check, topic by topic, in the order in which they are written.

    Examples
    --------
    >>> all_checks()[0].id
    'dose-missing'
    """
    return tuple(one for topic in TOPICS for one in vars(topic).values() if isinstance(one, Check))


def meanings() -> dict[str, str]:
    """Return what every finding means that a study can have, by its id, paragraphs apart by an empty line."""
    return {**NOTICED, **{one.id: one.meaning for one in all_checks()}}


def run_checks(facts: StudyFacts) -> tuple[Finding, ...]:
    """Run every check, and return what they found: critical first, then warnings, then notes.

    Parameters
    ----------
    facts
        The study as far as it has come; checks of what is not there yet are silent.
    """
    return most_important_first(finding for one in all_checks() for finding in one(facts))


def checks_page() -> str:
    """Write docs/checks.md: one heading a check, what it means and what to do; then what is noticed of files."""
    head = (
        "# Checks",
        "What `littermate check` and the report say, and what to do about it. *Critical*: a number must not be used as "
        "it is. *Warning*: a reader must be told. *Note*: worth knowing.",
        "This page is written from the checks' own docstrings (`littermate.checks.registry.checks_page`); a test "
        "compares the two.",
    )
    parts = [f"## {one.id}\n\n*{one.importance.capitalize()}.* {_flowing(one.meaning)}" for one in all_checks()]
    files = (
        "# Noticed when a file is read",
        "What the workshops say of a recording, a membrane or a plate stays with its numbers. How important it is"
        " depends on how much of the file it concerns.",
    )
    noticed = [f"## {name}\n\n{meaning}" for name, meaning in NOTICED.items()]
    return "\n\n".join((*head, *parts, *files, *noticed)) + "\n"


def _flowing(meaning: str) -> str:
    """Join the lines of each paragraph."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in meaning.split("\n\n"))
