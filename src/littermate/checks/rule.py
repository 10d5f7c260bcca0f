"""Rule: one check: a question to the facts of a study.

The function takes the `StudyFacts` and yields pairs (what it is about, message). Its docstring is the text of
docs/checks.md: a first line that says what is wrong, and a paragraph that says why it matters and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from littermate.checks.facts import StudyFacts
from littermate.model.finding import Finding
from littermate.model.question import Question, question

__all__ = ["Check", "Remarks", "check"]

Remarks = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Question):
    """A registered check; call it with the facts to get its findings."""

    def __call__(self, facts: StudyFacts) -> tuple[Finding, ...]:
        """Return what this check finds."""
        return tuple(
            Finding(id=self.id, importance=self.importance, message=message, about=about)
            for about, message in self.look(facts)
        )


def check(check_id: str, importance: str) -> Callable[[Callable[[StudyFacts], Remarks]], Check]:
    """Make a check of a function.

    Examples
    --------
    >>> @check("no-animals", "note")
    ... def no_animals(facts):
    ...     '''There is no animal yet.'''
    ...     if not facts.animals:
    ...         yield "animals.csv", "no animal; add one row an animal"
    >>> no_animals.id
    'no-animals'
    """
    return question(Check, check_id, importance)
