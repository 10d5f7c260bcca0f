"""Administration: what was really given to one animal at one time, as the person who gave it wrote it down.

It knows the vial and not what was in it. Times are those of the clock on the wall, without a time zone. An
administration is never changed: a newer one of the same animal and injection stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["UNPLANNED", "Administration"]

UNPLANNED = 0
"""Number of an injection that is not on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One injection as it was given, or a note that it was not.

    Parameters
    ----------
    animal
        Its id on the cage card.
    injection
        Number on the injection sheet, or `UNPLANNED`.
    vial, side
        As used; empty where nothing was given.
    at
        When; `None` where nothing was given.
    volume_ml
        How much; `None` where nothing was given.
    by
        Who gave it.
    note
        In words, whatever else.
    """

    animal: str
    injection: int
    vial: str = ""
    at: datetime | None = None
    volume_ml: float | None = None
    side: str = ""
    by: str = ""
    note: str = ""

    @property
    def given(self) -> bool:
        """Whether anything was given."""
        return self.volume_ml is not None and self.volume_ml > 0

    @property
    def place(self) -> tuple[str, int, str]:
        """What it stands for: a newer administration of the same place counts in its stead.

        Two injections that are not on the sheet are two, unless they were given at the same time.
        """
        apart = self.at.isoformat() if self.injection == UNPLANNED and self.at else ""
        return self.animal, self.injection, apart
