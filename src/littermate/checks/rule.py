"""Rule: one check as data: its id, its importance, what it means, and the function that looks.

The function takes the `StudyFacts` and yields pairs (what it is about, message); it knows neither its id nor its
importance, which stand once, in the decorator. Its docstring is the text of docs/checks.md: a first line that says
what is wrong, and a paragraph that says why it matters and what to do.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from littermate.checks.facts import StudyFacts
from littermate.errors import UsageError
from littermate.model.finding import Finding

__all__ = ["IMPORTANCES", "Check", "Remarks", "check"]

IMPORTANCES = ("critical", "warning", "note")
Remarks = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A registered check; call it with the facts to get its findings.

    Raises
    ------
    UsageError
        If the importance is none of `IMPORTANCES`, or the function has no docstring.
    """

    id: str
    importance: str
    meaning: str
    look: Callable[[StudyFacts], Remarks]

    def __post_init__(self) -> None:
        if self.importance not in IMPORTANCES or not self.meaning:
            raise UsageError(
                expected=f"an importance ({', '.join(IMPORTANCES)}) and a docstring",
                found=f"{self.importance!r}, {self.meaning!r}",
                do="complete the check",
                where=self.id,
            )

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

    def register(look: Callable[[StudyFacts], Remarks]) -> Check:
        return Check(id=check_id, importance=importance, meaning=inspect.getdoc(look) or "", look=look)

    return register
