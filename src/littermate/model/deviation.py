"""Deviation: one way in which what was given is not what the sheet says."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEVIATIONS", "Deviation"]

DEVIATIONS = (
    "missed",
    "not logged",
    "vial of another animal",
    "wrong vial",
    "wrong volume",
    "over the limit",
    "early",
    "late",
    "wrong side",
    "unplanned",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One deviation.

    `kind` is of `DEVIATIONS`; `injection` is the number on the sheet (0 for one that is not on it), `day` the study's
    day, `None` where it is not known; `words` say by how much.
    """

    kind: str
    animal: str
    injection: int
    day: int | None
    words: str
