"""PrintedStatistic: a statistic in a text, before it is told which P is its own."""

from __future__ import annotations

from dataclasses import dataclass

from littermate.literature.degrees import Degrees
from littermate.literature.p_values import PWords

__all__ = ["PrintedStatistic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatistic:
    """A statistic as printed.

    Parameters
    ----------
    name
        As in `ReportedTest`.
    place
        (start, stop) without degrees of freedom behind it and without P.
    relation, minus, number, degrees
        Its words; a sign that did not survive (``%^&2.20``) counts as minus.
    before, behind
        The P that ends right before it, and the P it was read on to.
    shares
        Whether the P behind it is printed for several ("both P < 0.05").
    """

    name: str
    place: tuple[int, int]
    relation: str
    minus: bool
    number: str
    degrees: Degrees
    before: PWords | None = None
    behind: PWords | None = None
    shares: bool = False

    @property
    def stop(self) -> int:
        """Where the last of its words ends."""
        return max(self.place[1], self.degrees.stop, self.behind.printed.place[1] if self.behind else 0)

    @property
    def has_decimals(self) -> bool:
        """Whether its number is printed with decimals."""
        return not self.number.isdigit()
