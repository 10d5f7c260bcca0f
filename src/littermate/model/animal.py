"""Animal: one row of animals.csv, as it is known before anything is given to it.

Weights are grams at allocation; dates are ISO days. `number` of an animal is its `id` on the cage card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from littermate.errors import ProtocolError

__all__ = ["Animal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """One animal of the study.

    Raises
    ------
    ProtocolError
        If the id is empty or the weight is not above zero.
    """

    id: str
    sex: str = ""
    strain: str = ""
    birth: date | None = None
    weight_g: float | None = None
    cage: str = ""

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ProtocolError(expected="an animal id", found="an empty one", do="give every animal an id")
        if self.weight_g is not None and not self.weight_g > 0:
            raise ProtocolError(
                expected="a weight above 0 g",
                found=f"{self.weight_g} g",
                do="correct it, or leave it empty",
                where=f"animal {self.id}",
            )
