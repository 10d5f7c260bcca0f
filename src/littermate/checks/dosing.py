"""Checks of dosing: volumes that cannot be worked out or are too large, weights, and what was not given as planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.deviation import Deviation
from littermate.model.species import route_named, species_named
from littermate.model.weighing import Weighing

__all__ = [
    "injection_missed",
    "injection_unplanned",
    "injection_untimely",
    "injection_volume",
    "injection_wrong_side",
    "injection_wrong_vial",
    "injections_unlogged",
    "volume_missing",
    "volume_over_limit",
    "volume_unchecked",
    "weight_implausible",
    "weight_jump",
    "weight_loss",
    "weight_old",
]

LOSS, SEVERE_LOSS = 0.15, 0.20
JUMP = 0.25


@check("volume-missing", "note")
def volume_missing(facts: StudyFacts) -> Remarks:
    """An injection has no volume per body weight, so the sheet cannot say how many mL to give.

    Write volume, such as "10 mL/kg", in the treatments of study.toml, the same for all levels of a factor: a drug that
    is drawn up otherwise than its vehicle tells the group. The concentration in the vials follows from dose and volume.
    """
    factors = {one.factor for one in facts.protocol.treatments if route_named(one.route)}
    for factor in sorted(factors & {step.treats for step in facts.protocol.schedule}):
        if all(one.ml_per_kg is None for one in facts.protocol.treatments if one.factor == factor):
            yield factor, 'no volume per body weight; write volume = "10 mL/kg", for example, at each of its levels'


@check("volume-over-limit", "warning")
def volume_over_limit(facts: StudyFacts) -> Remarks:
    """A planned volume is more than should be given at once by this route in this species.

    Large volumes hurt, and leak or are absorbed otherwise than small ones. Give a smaller volume of a higher
    concentration. Limits: Diehl et al. 2001, J Appl Toxicol 21:15-23, good practice; for a mouse 10 mL/kg i.p.
    """
    species = species_named(dict(facts.protocol.facts).get("species", ""))
    for one in facts.protocol.treatments if species else ():
        limit = species.limit(one.route) if species else None
        if limit is not None and one.ml_per_kg is not None and one.ml_per_kg > limit.ml_per_kg:
            given = f"{one.ml_per_kg:g} mL/kg {limit.route} in a {species.name if species else ''}"
            yield f"{one.factor}: {one.level}", f"{given}; limit {limit.ml_per_kg:g} mL/kg ({limit.source})"


@check("volume-unchecked", "note")
def volume_unchecked(facts: StudyFacts) -> Remarks:
    """The program knows no limit of volume for this species and route.

    Limits are known for mouse and rat, i.p., s.c., i.v. and by gavage. Name the species in the facts of study.toml; for
    others ask the veterinarian.
    """
    species = species_named(dict(facts.protocol.facts).get("species", ""))
    unknown = {
        one.route or "no route"
        for one in facts.protocol.treatments
        if one.ml_per_kg is not None and (species is None or species.limit(one.route) is None)
    }
    if unknown:
        where = f"in a {species.name}" if species else "in a species that is not named or not known"
        yield listed(sorted(unknown)), f"no limit of volume is known {where}; ask the veterinarian"


@check("injections-unlogged", "warning")
def injections_unlogged(facts: StudyFacts) -> Remarks:
    """Injections were due, and none is in the log.

    The reader cannot be told whether every animal got its treatment. Enter the filled-in sheets with littermate give.
    """
    planned = sum(one.by_syringe for one in facts.injections)
    if planned and (facts.measurements or facts.deviations) and not facts.administrations:
        yield "injections", f"none of {planned} injections is in the log; enter the filled-in sheets"


@check("injection-missed", "warning")
def injection_missed(facts: StudyFacts) -> Remarks:
    """An injection was not given, or nobody wrote down that it was.

    The animal's treatment is not the planned one. Enter it in the log if it was given; else exclude the animal if a
    rule of the plan says so, and tell the reader.
    """
    for number, found in _by_injection(facts, "missed", "not logged") if facts.administrations else ():
        yield _place(number, found), f"{_kinds(found)}; enter what was given, or exclude by the plan's rule"


@check("injection-wrong-vial", "critical")
def injection_wrong_vial(facts: StudyFacts) -> Remarks:
    """An animal got an injection from a vial that is not the one on its sheet.

    It may have had the other group's treatment. Do not move it to another group: keep it where it was allocated, or
    exclude it if a rule of the plan says so, and tell the reader.
    """
    yield from _each(facts, "vial of another animal", "wrong vial")


@check("injection-unplanned", "critical")
def injection_unplanned(facts: StudyFacts) -> Remarks:
    """An animal got an injection that is not on the sheet.

    It had more than its group. Exclude it if a rule of the plan says so, and tell the reader.
    """
    yield from _each(facts, "unplanned")


@check("injection-volume", "warning")
def injection_volume(facts: StudyFacts) -> Remarks:
    """An animal got another volume than on the sheet, or more than the limit of its route.

    A difference of up to 5 %, or of one mark of the syringe, is not counted. The dose is off by as much: after
    unblinding the report can say what it really was in mg/kg.
    """
    yield from _each(facts, "wrong volume", "over the limit")


@check("injection-untimely", "warning")
def injection_untimely(facts: StudyFacts) -> Remarks:
    """An injection was given earlier or later than its step allows.

    A test that follows at a fixed time then measures another moment of the drug's course. Tell the reader; widen
    `within` of the step in the next study if the animal room cannot keep to it.
    """
    yield from _each(facts, "early", "late")


@check("injection-wrong-side", "note")
def injection_wrong_side(facts: StudyFacts) -> Remarks:
    """An animal was injected on the other side than the one it was given at random.

    The sides are balanced over the groups; one slip does no harm, many may. Tell the reader how many there were.
    """
    for number, found in _by_injection(facts, "wrong side"):
        yield _place(number, found), f"other side than planned: {listed(one.animal for one in found)}"


@check("weight-old", "warning")
def weight_old(facts: StudyFacts) -> Remarks:
    """A volume was worked out from a weight of more than a week before.

    Growing mice gain a gram a week and sick ones lose it, so the dose is off by that much. Weigh the animals, and write
    the sheet anew.
    """
    given = {(one.animal, one.injection) for one in facts.administrations if one.given}
    old = [one for one in facts.injections if (one.animal, one.number) in given and one.by_old_weight]
    if old:
        animals, age = sorted({one.animal for one in old}), max(one.weight_age_days for one in old)
        yield "injections", f"{len(old)} by weights of up to {age} days before: {listed(animals)}"


@check("weight-loss", "warning")
def weight_loss(facts: StudyFacts) -> Remarks:
    """An animal has lost 15 % or more of its first weight.

    Most licences ask to watch an animal closely from 15 %, and to end the experiment for it at 20 %. Ask the
    veterinarian; an animal that is ill also behaves otherwise in every test.
    """
    for animal, weighings in _by_animal(facts).items():
        first, last = weighings[0], min(weighings, key=lambda one: one.weight_g)
        loss = 1 - last.weight_g / first.weight_g
        if loss >= LOSS - 1e-9:
            severe = loss >= SEVERE_LOSS - 1e-9
            words = "at or past 20 %, the humane end point of most licences" if severe else "watch it"
            yield animal, f"{loss:.0%} lost: {first.weight_g:g} g at first, {last.weight_g:g} g on {last.day}; {words}"


@check("weight-jump", "warning")
def weight_jump(facts: StudyFacts) -> Remarks:
    """An animal's weight is a quarter more or less than the time before.

    That is a slip of the pen or an exchanged animal more often than a true change. Weigh it again, and correct the
    record with a reason.
    """
    for animal, weighings in _by_animal(facts).items():
        for before, after in pairwise(weighings):
            if abs(after.weight_g / before.weight_g - 1) > JUMP:
                yield animal, f"{before.weight_g:g} g, then {after.weight_g:g} g on {after.day}; weigh it again"


@check("weight-implausible", "critical")
def weight_implausible(facts: StudyFacts) -> Remarks:
    """A weight in animals.csv is none that this species can have.

    The volume on the sheet follows from it: a mouse of 300 g would get ten times its dose. Correct it.
    """
    species = species_named(dict(facts.protocol.facts).get("species", ""))
    for one in facts.weighings:
        if species is not None and not species.can_weigh(one.weight_g):
            yield (
                one.animal,
                f"{one.weight_g:g} g is no weight of a {species.name}; correct it before dosing",
            )


def _by_animal(facts: StudyFacts) -> dict[str, list[Weighing]]:
    """Return the weights of each animal in the order of the days."""
    by_animal: dict[str, list[Weighing]] = {}
    for one in sorted(facts.weighings, key=lambda one: (one.animal, one.day or date.min)):
        by_animal.setdefault(one.animal, []).append(one)
    return by_animal


def _by_injection(facts: StudyFacts, *kinds: str) -> Iterator[tuple[int, list[Deviation]]]:
    """Yield the deviations of some kinds, injection by injection."""
    found = [one for one in facts.deviations if one.kind in kinds]
    for number in sorted({one.injection for one in found}):
        yield number, [one for one in found if one.injection == number]


def _each(facts: StudyFacts, *kinds: str) -> Remarks:
    """Say each deviation of some kinds."""
    for number, found in _by_injection(facts, *kinds):
        for one in found:
            yield f"{one.animal}, {_place(number, [one])}", f"{one.kind}: {one.words}"


def _place(number: int, found: list[Deviation]) -> str:
    return f"injection {number} (day {found[0].day})" if number else "not on the sheet"


def _kinds(found: list[Deviation]) -> str:
    kinds = dict.fromkeys(one.kind for one in found)
    return "; ".join(f"{kind}: {listed(one.animal for one in found if one.kind == kind)}" for kind in kinds)
