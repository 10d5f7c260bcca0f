"""Real doses: what each animal received of what: the log, the weights and the opened key. Only after unblinding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from littermate.model.administration import Administration
from littermate.model.injection import Injection
from littermate.model.real_dose import RealDose
from littermate.model.treatment import Treatment
from littermate.planning.vials import Vial

__all__ = ["real_doses"]


def real_doses(
    injections: Sequence[Injection], administrations: Iterable[Administration], vials: Iterable[Vial]
) -> tuple[RealDose, ...]:
    """Return the dose of every injection that the log has, by the vial that was really used.

    dose (mg/kg) = volume given (mL) x concentration in that vial (mg/mL) / body weight (kg)

    Parameters
    ----------
    injections
        The sheet, with the weights.
    administrations
        The log; of one animal and injection the last counts.
    vials
        Of `vials_of`.
    """
    planned = {(one.animal, one.number): one for one in injections}
    held = {vial.code: vial.treatment for vial in vials}
    standing = {one.place: one for one in administrations}
    return tuple(_dose(one, planned.get((one.animal, one.injection)), held) for one in standing.values())


def _dose(given: Administration, planned: Injection | None, held: Mapping[str, Treatment]) -> RealDose:
    due = held.get(planned.vial) if planned else None
    used = held.get(given.vial) if given.given else due
    mg_kg, reason = _mg_kg(given, planned, used)
    shown = used or due
    return RealDose(
        animal=given.animal,
        injection=given.injection,
        factor=shown.factor if shown else "",
        level=shown.level if shown else "",
        substance=shown.substance if shown else "",
        planned_mg_kg=_stated(due),
        mg_kg=mg_kg,
        reason=reason,
    )


def _stated(treatment: Treatment | None) -> float | None:
    if treatment is None or treatment.open_dose:
        return None
    return treatment.dose.mg_per_kg if treatment.dose else 0.0


def _mg_kg(given: Administration, planned: Injection | None, used: Treatment | None) -> tuple[float | None, str]:
    """Return the dose, or `None` and why."""
    if not given.given:
        return 0.0, ""
    if used is None:
        return None, f"vial {given.vial or 'not noted'} is none of this study"
    if not used.needs_dose:
        return 0.0, ""
    if used.mg_per_ml is None:
        return None, "the concentration in the vial is not known"
    if planned is None or planned.weighing is None:
        return None, "the weight is not known"
    return (given.volume_ml or 0.0) * used.mg_per_ml / (planned.weighing.weight_g / 1000), ""
