"""Treatment: what a level of a factor means in the syringe, and when it is given.

A treatment belongs to one level of one factor. A `Dose` that nobody has filled in yet is `None`: it is said in
every finding and report until it is there, and is never taken as zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import ProtocolError

__all__ = ["Dose", "Treatment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """An amount with its unit as written, for example 15 mg/kg."""

    size: float
    unit: str

    def __post_init__(self) -> None:
        if not self.size > 0:
            raise ProtocolError(expected="a dose above zero", found=str(self), do="give vehicle a level without dose")

    def __str__(self) -> str:
        return f"{self.size:g} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What the animals of one level of one factor receive.

    `dose` is `None` for a vehicle (`needs_dose` false) or where it still has to be filled in (`needs_dose` true).
    """

    factor: str
    level: str
    substance: str
    dose: Dose | None = None
    needs_dose: bool = False
    route: str = ""

    @property
    def open_dose(self) -> bool:
        """Whether the dose must still be filled in."""
        return self.needs_dose and self.dose is None
