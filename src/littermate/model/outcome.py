"""Outcome: what the study set out to measure, in the protocol's words.

`measure` names the number a workshop gives (``"immobility_s"``); `assay` names where it comes from: an assay of the
protocol, or ``"blot"`` / ``"elisa"`` / ``"bca"`` with a `region`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Exclusion", "Outcome"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One outcome of the study.

    `smallest_effect` is the smallest effect of interest, in the outcome's unit, `None` where none was stated.
    `scored_by` says whose number counts in a behavioural assay: ``"program"``, or ``"person"`` for a hand score.
    """

    name: str
    assay: str
    measure: str
    unit: str
    region: str = ""
    primary: bool = False
    smallest_effect: float | None = None
    scored_by: str = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """One animal left out (of one outcome, or of all where `outcome` is empty), by a rule of the plan or a reason."""

    code: str
    because: str
    outcome: str = ""
    planned: bool = False
