"""Finding: what a check says about a file, a number or the whole study."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

__all__ = ["IMPORTANCES", "Finding", "most_important_first"]

IMPORTANCES = ("critical", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a check found.

    `id` names the check (``"dose-missing"``), `importance` is ``"critical"`` (a number must not be used as it is),
    ``"warning"`` (a reader must be told) or ``"note"``; `about` is what it concerns.
    """

    id: str
    importance: str
    message: str
    about: str = ""


class _Weighed(Protocol):
    @property
    def importance(self) -> str: ...


Found = TypeVar("Found", bound=_Weighed)


def most_important_first(findings: Iterable[Found]) -> tuple[Found, ...]:
    """Sort what was found by its importance; what is equally important keeps its order.

    Examples
    --------
    >>> found = [Finding(id="a", importance="note", message="b"), Finding(id="c", importance="critical", message="d")]
    >>> [one.id for one in most_important_first(found)]
    ['c', 'a']
    """
    return tuple(sorted(findings, key=lambda one: IMPORTANCES.index(one.importance)))
