"""Treatment: what a level of a factor means in the syringe, and when it is given.

A treatment belongs to one level of one factor. A `Dose` that nobody has filled in yet is `None`: it is said in
every finding and report until it is there, and is never taken as zero.

The volume an animal gets must not tell its group. So all levels of a factor share one volume per body weight, and what
differs is the concentration in the vial: dose (mg/kg) = volume (mL/kg) x concentration (mg/mL).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from littermate.errors import ProtocolError

__all__ = ["Dose", "Treatment", "shared_ml_per_kg"]

_AGREE = 0.01
"""Relative difference up to which a dose and its volume x concentration are the same, so that both may be rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """An amount with its unit as written, for example 15 mg/kg.

    `mg_per_kg` is the same in mg per kg of body weight, `None` where it is no mass per body weight (``"10 mmol/kg"``).
    """

    size: float
    unit: str
    mg_per_kg: float | None = None

    def __post_init__(self) -> None:
        if not self.size > 0:
            raise ProtocolError(expected="a dose above zero", found=str(self), do="give vehicle a level without dose")

    def __str__(self) -> str:
        return f"{self.size:g} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What the animals of one level of one factor receive.

    Parameters
    ----------
    factor, level, substance, route
        ``"ketamine"``, ``"ketamine"``, ``"ketamine hydrochloride"``, ``"i.p."``.
    dose
        `None` for a vehicle (`needs_dose` false) or where it still has to be filled in (`needs_dose` true).
    volume_ml_kg
        Volume per body weight as stated, `None` where study.toml says none.
    concentration_mg_ml
        Of the dose's substance in the vial, as stated.
    salt_factor
        What is weighed for 1 mg of the dose: molar mass of the salt over that of the base, over the purity.

    Raises
    ------
    ProtocolError
        If dose, volume and concentration are all stated and do not agree.

    Examples
    --------
    >>> dose = Dose(size=15, unit="mg/kg", mg_per_kg=15)
    >>> given = Treatment(factor="drug", level="ketamine", substance="ketamine", dose=dose, volume_ml_kg=10)
    >>> given.mg_per_ml
    1.5
    """

    factor: str
    level: str
    substance: str
    dose: Dose | None = None
    needs_dose: bool = False
    route: str = ""
    volume_ml_kg: float | None = None
    concentration_mg_ml: float | None = None
    salt_factor: float = 1.0

    def __post_init__(self) -> None:
        mg_per_kg = self.dose.mg_per_kg if self.dose else None
        if mg_per_kg is None or self.volume_ml_kg is None or self.concentration_mg_ml is None:
            return
        given = self.volume_ml_kg * self.concentration_mg_ml
        if abs(given - mg_per_kg) > _AGREE * mg_per_kg:
            raise ProtocolError(
                expected=f"volume x concentration = {self.dose}",
                found=f"{self.volume_ml_kg:g} mL/kg x {self.concentration_mg_ml:g} mg/mL = {given:g} mg/kg",
                do="correct one of the three, or leave the concentration out: it is worked out",
                where="concentration",
            )

    @property
    def open_dose(self) -> bool:
        """Whether the dose must still be filled in."""
        return self.needs_dose and self.dose is None

    @property
    def ml_per_kg(self) -> float | None:
        """Volume per body weight: as stated, or dose / concentration; `None` where neither is known."""
        if self.volume_ml_kg is not None or self.dose is None or self.dose.mg_per_kg is None:
            return self.volume_ml_kg
        return self.dose.mg_per_kg / self.concentration_mg_ml if self.concentration_mg_ml else None

    @property
    def mg_per_ml(self) -> float | None:
        """Concentration in the vial: as stated, or dose / volume; `None` for a vehicle and where it is not known."""
        if self.concentration_mg_ml is not None or self.dose is None or self.dose.mg_per_kg is None:
            return self.concentration_mg_ml
        return self.dose.mg_per_kg / self.volume_ml_kg if self.volume_ml_kg else None


def shared_ml_per_kg(treatments: Iterable[Treatment]) -> float | None:
    """Return the volume per body weight of the levels of one factor; `None` where none of them has one.

    A level that says nothing gets what the others get.

    Raises
    ------
    ProtocolError
        If two levels would get different volumes: the syringe would tell the group.
    """
    volumes = {one.level: one.ml_per_kg for one in treatments if one.ml_per_kg is not None}
    if not volumes:
        return None
    if max(volumes.values()) - min(volumes.values()) > _AGREE * min(volumes.values()):
        raise ProtocolError(
            expected="one volume per body weight for all levels of a factor: another volume would tell the group",
            found=", ".join(f"{level} {volume:g} mL/kg" for level, volume in volumes.items()),
            do="give all levels the same volume, such as volume = '10 mL/kg', and leave the concentrations out",
        )
    return next(iter(volumes.values()))
