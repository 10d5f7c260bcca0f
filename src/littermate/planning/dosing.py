"""Dosing: from weights to the volumes on the injection sheet.

volume (mL) = body weight (kg) x volume per body weight (mL/kg), which all levels of a factor share; the dose is in the
concentration of the vial. So nothing here needs to know a group, and nothing here is told one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from littermate.model.allocation import Tag
from littermate.model.injection import Injection
from littermate.model.protocol import Step
from littermate.model.treatment import Treatment, shared_ml_per_kg
from littermate.model.weighing import Weighing, newest_weighing
from littermate.planning.schedule import Occasion, occasions

__all__ = ["SIDE", "at_mark", "plan_injections"]

SIDE = "injection side"
"""Name of the balance that is the side of the injection."""


def plan_injections(
    tags: Sequence[Tag],
    treatments: Sequence[Treatment],
    schedule: Sequence[Step],
    *,
    weighings: Sequence[Weighing] = (),
    starts: Mapping[str, datetime] | None = None,
) -> tuple[Injection, ...]:
    """Return every injection of every animal, by time and then by animal.

    Parameters
    ----------
    tags
        Vials and sides; a factor without vials (a diet that nobody gives) has no injection.
    treatments
        Of these only what all levels of a factor share: route and volume per body weight.
    schedule
        Steps; those that treat are injections, counted from 1.
    weighings
        Of each animal the newest one that is not after the day counts; without a start, the newest of all.
    starts
        When the first day began for an animal, by the clock on the wall.

    Raises
    ------
    ProtocolError
        If the schedule cannot be put in order of time, or levels of a factor would get different volumes.
    """
    treated = {factor for tag in tags for factor, _ in tag.vials}
    given = [occasion for occasion in occasions(schedule) if occasion.step.treats in treated]
    shared = {factor: _shared(factor, treatments) for factor in treated}
    animals = _animals(tags, weighings, starts or {})
    return tuple(
        _injection(number, occasion, animal, *shared[occasion.step.treats])
        for number, occasion in enumerate(given, start=1)
        for animal in animals
        if occasion.step.treats in animal.vials
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Animal:
    """What is known of an animal: its vial of each factor, its weights, its start, and its turn among those that start
    with it, from 0.
    """

    tag: Tag
    vials: Mapping[str, str]
    weighings: tuple[Weighing, ...]
    start: datetime | None
    turn: int

    def due(self, occasion: Occasion) -> datetime | None:
        """Return when its turn is."""
        if self.start is None:
            return None
        return self.start + timedelta(seconds=occasion.start_s + self.turn * occasion.step.apart_s)


def _animals(tags: Sequence[Tag], weighings: Sequence[Weighing], starts: Mapping[str, datetime]) -> list[_Animal]:
    turns: Counter[datetime | None] = Counter()
    animals = []
    for tag in sorted(tags, key=lambda tag: tag.animal):
        start = starts.get(tag.animal)
        animals.append(
            _Animal(
                tag=tag,
                vials=dict(tag.vials),
                weighings=tuple(one for one in weighings if one.animal == tag.animal),
                start=start,
                turn=turns[start],
            )
        )
        turns[start] += 1
    return animals


def _shared(factor: str, treatments: Sequence[Treatment]) -> tuple[str, float | None]:
    """Return route and volume per body weight of a factor; a route that not all levels share would tell the group."""
    levels = [treatment for treatment in treatments if treatment.factor == factor]
    routes = {treatment.route for treatment in levels}
    return routes.pop() if len(routes) == 1 else "", shared_ml_per_kg(levels)


def _injection(number: int, occasion: Occasion, animal: _Animal, route: str, ml_per_kg: float | None) -> Injection:
    step, due = occasion.step, animal.due(occasion)
    weighing = newest_weighing(animal.weighings, None if due is None else due.date())
    exact_ml = None if weighing is None or ml_per_kg is None else ml_per_kg * weighing.weight_g / 1000
    volume_ml = None if exact_ml is None else at_mark(exact_ml, step.mark_ml)
    return Injection(
        number=number,
        day=occasion.day,
        hour=occasion.hour,
        animal=animal.tag.animal,
        vial=animal.vials[step.treats],
        route=route,
        side=animal.tag.level(SIDE) or "",
        due=due,
        within_s=step.within_s,
        weighing=weighing,
        exact_ml=exact_ml,
        volume_ml=volume_ml or None,
        mark_ml=step.mark_ml,
        reason=_why_none(weighing, ml_per_kg, volume_ml, step),
    )


def _why_none(weighing: Weighing | None, ml_per_kg: float | None, volume_ml: float | None, step: Step) -> str:
    """Say why there is no volume; nothing where there is one."""
    if ml_per_kg is None:
        return "no volume per body weight in study.toml"
    if weighing is None:
        return "not weighed"
    return "" if volume_ml else f"less than a mark of {step.mark_ml:g} mL"


def at_mark(exact_ml: float, mark_ml: float) -> float:
    """Return a volume at the syringe's nearest mark; halves go up.

    Examples
    --------
    >>> at_mark(0.304, 0.01), at_mark(0.305, 0.01), at_mark(0.004, 0.01)
    (0.3, 0.31, 0.0)
    """
    marks = math.floor(round(exact_ml / mark_ml, 9) + 0.5)
    return round(marks * mark_ml, 9)
