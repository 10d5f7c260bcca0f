"""Finding: what a check says about a file, a number or the whole study."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


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
