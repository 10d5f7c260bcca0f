"""Question: one thing that is asked of facts, as data: its id, its importance, what it means, the function that looks.

Checks of a study and rules on a paper's numbers are questions. The function takes the facts and yields remarks; it
knows neither its id nor its importance, which stand once, in the decorator. Its docstring is the text of the docs: a
first line that says what is found, and a paragraph that says why it matters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from littermate.errors import UsageError
from littermate.model.finding import IMPORTANCES

__all__ = ["Question", "question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A registered question; what asks it gives the facts to `look`.

    Raises
    ------
    UsageError
        If the importance is none of `IMPORTANCES`, or the function has no docstring.
    """

    id: str
    importance: str
    meaning: str
    look: Callable[[Any], Iterator[Any]]

    def __post_init__(self) -> None:
        if self.importance not in IMPORTANCES or not self.meaning:
            raise UsageError(
                expected=f"an importance ({', '.join(IMPORTANCES)}) and a docstring",
                found=f"{self.importance!r}, {self.meaning!r}",
                do="complete the function",
                where=self.id,
            )


Kind = TypeVar("Kind", bound=Question)


def question(kind: type[Kind], name: str, importance: str) -> Callable[[Callable[[Any], Iterator[Any]]], Kind]:
    """Make a question of a kind out of a function.

    Examples
    --------
    >>> @question(Question, "no-animals", "note")
    ... def no_animals(animals):
    ...     '''There is no animal yet.'''
    ...     if not animals:
    ...         yield "add one row an animal"
    >>> no_animals.id, list(no_animals.look([]))
    ('no-animals', ['add one row an animal'])
    """

    def register(look: Callable[[Any], Iterator[Any]]) -> Kind:
        return kind(id=name, importance=importance, meaning=inspect.getdoc(look) or "", look=look)

    return register
