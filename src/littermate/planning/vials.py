"""Vials: what is in each, how much, and how to make it. Secret: only for the person who fills the vials, who neither
handles nor scores the animals.

A vial is one animal's, for all injections of one factor. Concentration = dose / volume per body weight, so that every
vial of a factor is drawn up alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from littermate.errors import Complaint, ProtocolError
from littermate.model.allocation import Allocation, Tag
from littermate.model.injection import Injection
from littermate.model.treatment import Treatment
from littermate.planning.sheets import Row

__all__ = ["OVERAGE", "Vial", "preparation", "vial_key", "vials_of"]

OVERAGE = 0.2
"""Share by which a vial is filled above its injections: what stays in syringe and vial, and animals that grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial:
    """One vial: its code, whose it is, what is in it, and the injections that are drawn from it."""

    code: str
    animal: str
    treatment: Treatment
    injections: tuple[Injection, ...]

    @property
    def fill_ml(self) -> float | None:
        """What to fill in: its injections and `OVERAGE`; `None` where the volume of one of them is not known."""
        volumes = [one.volume_ml for one in self.injections if one.volume_ml is not None]
        return (1 + OVERAGE) * sum(volumes) if volumes and len(volumes) == len(self.injections) else None

    @property
    def remark(self) -> str:
        """Why something of it is not known; empty where all is."""
        unmeasured = next((one.reason for one in self.injections if one.reason), "")
        return "; ".join(dict.fromkeys(filter(None, [_why_no_concentration(self.treatment), unmeasured])))


def vials_of(
    allocation: Allocation, tags: Sequence[Tag], treatments: Sequence[Treatment], injections: Iterable[Injection] = ()
) -> tuple[Vial, ...]:
    """Return every vial, sorted by code.

    Raises
    ------
    ProtocolError
        If a level that an animal receives from a vial has no treatment.
    """
    known = {(treatment.factor, treatment.level): treatment for treatment in treatments}
    cells = {one.animal: dict(zip(allocation.factors, one.cell, strict=True)) for one in allocation.assignments}
    contents = [(vial, tag.animal, factor, cells[tag.animal][factor]) for tag in tags for factor, vial in tag.vials]
    if unknown := sorted({(factor, level) for _, _, factor, level in contents} - known.keys()):
        raise ProtocolError.of(
            Complaint(
                expected="a treatment for every level that is given from a vial",
                found=f"none for {factor} = {level}",
                do="add it to the treatments in study.toml (the vehicle too)",
            )
            for factor, level in unknown
        )
    drawn: dict[str, list[Injection]] = {}
    for injection in injections:
        drawn.setdefault(injection.vial, []).append(injection)
    return tuple(
        Vial(code=vial, animal=animal, treatment=known[factor, level], injections=tuple(drawn.get(vial, ())))
        for vial, animal, factor, level in sorted(contents)
    )


def vial_key(vials: Iterable[Vial]) -> tuple[Row, ...]:
    """Return what is in each vial and how much to fill in.

    A dose that nobody has filled in yet reads ``"to be filled in"``, a vehicle's dose is empty. So is what cannot be
    worked out, and then ``remark`` says why.
    """
    return tuple(
        {
            "vial": vial.code,
            "animal": vial.animal,
            "factor": vial.treatment.factor,
            "level": vial.treatment.level,
            "substance": vial.treatment.substance,
            "dose": _dose_text(vial.treatment),
            "route": vial.treatment.route,
            "concentration_mg_ml": _number(vial.treatment.mg_per_ml),
            "injections": str(len(vial.injections)),
            "fill_ml": _number(vial.fill_ml),
            "remark": vial.remark,
        }
        for vial in vials
    )


def preparation(vials: Iterable[Vial]) -> tuple[Row, ...]:
    """Return how to make the solution of each level, one line a level.

    ``weigh_mg`` is the substance for all vials of the level: concentration x volume x salt factor; a vehicle has none.
    Each solution is made once, and its vials are filled from it.
    """
    levels: dict[tuple[str, str], list[Vial]] = {}
    for vial in vials:
        levels.setdefault((vial.treatment.factor, vial.treatment.level), []).append(vial)
    return tuple(_solution(levels[level]) for level in sorted(levels))


def _solution(vials: Sequence[Vial]) -> Row:
    treatment = vials[0].treatment
    fills = [vial.fill_ml for vial in vials if vial.fill_ml is not None]
    total_ml = sum(fills) if len(fills) == len(vials) else None
    mg_per_ml = treatment.mg_per_ml
    weigh_mg = None if total_ml is None or mg_per_ml is None else total_ml * mg_per_ml * treatment.salt_factor
    return {
        "factor": treatment.factor,
        "level": treatment.level,
        "substance": treatment.substance,
        "dose": _dose_text(treatment),
        "concentration_mg_ml": _number(mg_per_ml),
        "vials": str(len(vials)),
        "total_ml": _number(total_ml),
        "salt_factor": f"{treatment.salt_factor:g}",
        "weigh_mg": _number(weigh_mg),
        "remark": "; ".join(dict.fromkeys(vial.remark for vial in vials if vial.remark)),
    }


def _dose_text(treatment: Treatment) -> str:
    return "to be filled in" if treatment.open_dose else str(treatment.dose or "")


def _why_no_concentration(treatment: Treatment) -> str:
    """Say why a drug has no concentration; nothing where it has one, and of a vehicle."""
    if treatment.mg_per_ml is not None or not treatment.needs_dose:
        return ""
    if treatment.open_dose:
        return "the dose is to be filled in"
    if treatment.dose is not None and treatment.dose.mg_per_kg is None:
        return f"{treatment.dose} is no mass per body weight"
    return "no volume per body weight in study.toml"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
