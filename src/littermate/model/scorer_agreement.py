"""Scorer agreement: how alike two scorings of an assay's trials are, as figures with their names.

Two people, a person and the program, or one person twice (`first` is then `second`). Differences: second minus first.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["AgreementSummary", "MeasureRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One figure with its name, 95 % interval and unit; `None` for what these data cannot give."""

    name: str
    value: float | None
    ci95: Interval | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSummary:
    """How two sides agree on one behaviour of an assay: on how many trials, and by which figures."""

    assay: str
    behaviour: str
    first: str
    second: str
    trials: int
    rows: tuple[MeasureRow, ...]

    @property
    def repeats(self) -> bool:
        """Whether it is one person twice."""
        return self.first == self.second
