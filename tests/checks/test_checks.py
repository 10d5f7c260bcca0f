"""Each check is silent on the sound study of conftest, and speaks of exactly what was spoilt.

A case of `SPOILT` changes the facts in one way, and says which check must speak, of what, and with which words; a
case of `SOUND` changes them in a way that comes near, and that the check must pass.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

import pytest

from littermate.checks.facts import HandScored, Repeats, StudyFacts
from littermate.checks.registry import run_checks
from littermate.model.animal import Animal
from littermate.model.design import Design, Scheme
from littermate.model.deviation import Deviation
from littermate.model.journal import Entry
from littermate.model.measurement import Reading
from littermate.model.outcome import Exclusion
from littermate.model.treatment import Dose
from littermate.model.weighing import Weighing

Change = Callable[[StudyFacts], StudyFacts]


def protocol(**fields: Callable[[Any], Any]) -> Change:
    """Change fields of the protocol, each by a function of what it was."""
    return lambda facts: replace(
        facts,
        protocol=replace(facts.protocol, **{name: new(getattr(facts.protocol, name)) for name, new in fields.items()}),
    )


def study(**fields: Callable[[Any], Any]) -> Change:
    """Change fields of the facts, each by a function of what it was."""
    return lambda facts: replace(facts, **{name: new(getattr(facts, name)) for name, new in fields.items()})


def first(**fields: Any) -> Callable[[Any], Any]:
    """Change the first of a tuple of records."""
    return lambda records: (replace(records[0], **fields), *records[1:])


def each(**fields: Any) -> Callable[[Any], Any]:
    """Change every one of a tuple of records."""
    return lambda records: tuple(replace(record, **fields) for record in records)


def last(**fields: Any) -> Callable[[Any], Any]:
    """Change the last of a tuple of records."""
    return lambda records: (*records[:-1], replace(records[-1], **fields))


def then(what: str) -> Callable[[tuple[Entry, ...]], tuple[Entry, ...]]:
    """Add an entry to the journal."""
    return lambda entries: (*entries, replace(entries[-1], number=len(entries) + 1, what=what))


def reading(measure: str, value: float | None, *flags: str) -> Callable[[Any], Any]:
    reason = "" if value is not None else "no signal"
    one = Reading(measure=measure, value=value, unit="", reason=reason, flags=flags)
    return lambda _: (("PFC of CDF34", one),)


def left_out(**fields: Any) -> Callable[[Any], Any]:
    return lambda _: (Exclusion(**({"code": "CDF34", "because": "it dived", "planned": True} | fields)),)


def scored_by_hand(*, trials: int, twice: int, once: int = 30) -> Callable[[Any], Any]:
    return lambda _: (HandScored(assay="swim", trials=trials, once=once, twice=twice),)


def repeated(*, coefficient: float) -> Callable[[Any], Any]:
    one = Repeats(assay="swim", scorer="ada", behaviour="immobile", trials=4, coefficient=coefficient)
    return lambda _: (one,)


def without_value(reason: str) -> Callable[[Any], Any]:
    return first(value=None, reason=reason)


def of_two_animals_a_group(design: Design) -> Design:
    return replace(design, per_group=2)


def given_to_cage(design: Design) -> Design:
    factors = tuple(replace(factor, given_to="cage") for factor in design.factors)
    return replace(design, factors=factors, block="")


def by_sex_and_cage(design: Design) -> Design:
    return replace(design, block="", scheme=Scheme(kind="stratified", by=("sex", "cage")))


def one_cage(animals: tuple[Animal, ...]) -> tuple[Animal, ...]:
    return tuple(replace(animal, cage="1") for animal in animals)


def together(*changes: Change) -> Change:
    return lambda facts: reduce(lambda changed, change: change(changed), changes, facts)


def looked(times: int) -> Callable[[Any], Any]:
    words = f'{{"looks_before":{times}}}'
    return lambda entries: tuple(replace(one, arguments=words) if one.what == "allocate" else one for one in entries)


def deviating(kind: str, injection: int = 3) -> Callable[[Any], Any]:
    day = injection or None
    return lambda _: (
        Deviation(kind=kind, animal="M2", injection=injection, day=day, words="0.4 mL instead of 0.3 mL"),
    )


def weighed(*weights_g: float) -> Callable[[Any], Any]:
    days = (None, *(date(2026, 4, 11) + timedelta(days=k) for k in range(len(weights_g) - 1)))
    return lambda _: tuple(
        Weighing(animal="M1", day=day, weight_g=weight) for day, weight in zip(days, weights_g, strict=True)
    )


def by_a_weight_of(day: int) -> Callable[[Any], Any]:
    return first(weighing=Weighing(animal="M1", day=date(2026, 4, day), weight_g=30))


SPOILT: list[tuple[str, Change, str, str]] = [
    ("dose-missing", protocol(treatments=last(dose=None)), "drug: ketamine", "dose of ketamine is to be filled in"),
    ("primary-outcome-not-one", protocol(outcomes=first(primary=False)), "outcomes", "no primary outcome"),
    ("primary-outcome-not-one", protocol(outcomes=last(primary=True)), "outcomes", "2 primary outcomes"),
    ("outcome-without-plan", protocol(plans=lambda plans: plans[:1]), "bdnf", "exploratory"),
    ("plan-ignores-block", protocol(plans=first(blocks=())), "immobility", "allocated inside each cage"),
    ("plan-ignores-block", protocol(plans=last(blocks=("cage",))), "bdnf", "measured on 2 (0, 1)"),
    (
        "plan-ignores-cage",
        together(protocol(design=given_to_cage, plans=first(blocks=())), study(animals=one_cage)),
        "immobility",
        "2 animals of 1 cages",
    ),
    ("plan-ignores-scheme", protocol(design=by_sex_and_cage), "immobility", "allocated by sex, which"),
    ("drawn-before-sealing", study(entries=looked(3)), "allocation", "looked at 3 times"),
    ("smallest-effect-missing", protocol(outcomes=last(smallest_effect=None)), "bdnf", "no smallest effect"),
    ("protocol-changed", study(protocol_sha256=lambda _: "other"), "study.toml", "changed since the groups"),
    ("volume-missing", protocol(treatments=each(volume_ml_kg=None)), "drug", "no volume per body weight"),
    (
        "concentration-missing",
        protocol(treatments=last(dose=Dose(size=10, unit="mmol/kg"))),
        "drug: ketamine",
        "10 mmol/kg at 10 mL/kg gives no mg/mL",
    ),
    (
        "volume-over-limit",
        protocol(treatments=first(volume_ml_kg=12.0)),
        "drug: saline",
        "12 mL/kg i.p.; limit 10",
    ),
    ("volume-unchecked", protocol(facts=lambda _: ()), "i.p.", "a species that is not named or not known"),
    ("volume-unchecked", protocol(treatments=each(route="i.m.")), "i.m.", "in a mouse"),
    ("injections-unlogged", study(administrations=lambda _: ()), "injections", "none of 2 injections"),
    ("injection-missed", study(deviations=deviating("missed")), "injection 3 (day 3)", "missed: M2"),
    ("injection-missed", study(deviations=deviating("not logged")), "injection 3 (day 3)", "not logged: M2"),
    ("injection-wrong-vial", study(deviations=deviating("wrong vial")), "M2, injection 3 (day 3)", "wrong vial: 0.4"),
    ("injection-unplanned", study(deviations=deviating("unplanned", 0)), "M2, not on the sheet", "unplanned: 0.4 mL"),
    ("injection-volume", study(deviations=deviating("wrong volume")), "M2, injection 3 (day 3)", "instead of 0.3 mL"),
    ("injection-untimely", study(deviations=deviating("late")), "M2, injection 3 (day 3)", "late: "),
    ("injection-wrong-side", study(deviations=deviating("wrong side")), "injection 3 (day 3)", "other side"),
    ("weight-old", study(injections=by_a_weight_of(3)), "injections", "1 by weights of up to 8 days before: M1"),
    ("weight-loss", study(weighings=weighed(30, 25.5)), "M1", "15% lost: 30 g at first, 25.5 g"),
    ("weight-loss", study(weighings=weighed(30, 27, 24)), "M1", "humane end point"),
    ("weight-jump", study(weighings=weighed(30, 38)), "M1", "30 g, then 38 g on 2026-04-11"),
    ("weight-implausible", study(weighings=weighed(300)), "M1", "300 g is no weight of a mouse"),
    ("trial-missing", study(trials=lambda trials: trials[1:]), "swim", "no trial of 1 of 2 animals: CDF34"),
    ("measurement-missing", study(measurements=without_value("lane torn")), "immobility", "CDF34: lane torn"),
    ("measurement-missing", study(measurements=lambda m: m[1:]), "immobility", "1 of 2 animals: CDF34"),
    ("trial-cut-short", study(recordings=first(duration_s=32.0)), "swim of CDF34", "10.0 s of the window's 40.0 s"),
    ("trial-cut-short", study(recordings=first(duration_s=12.0)), "swim of CDF34", "0.0 s of the window's 40.0 s"),
    ("trial-cut-short", study(measurements=first(flags=("cut short",))), "immobility of CDF34", "20-60 s"),
    ("several-measurements", study(measurements=lambda m: (*m, m[0])), "immobility", "several measurements of CDF34"),
    ("rules-differ", study(measurements=first(rules_hash="other")), "immobility", "1 under other"),
    ("groups-uneven", study(exclusions=left_out()), "immobility", "saline 0, ketamine 1"),
    ("groups-uneven", study(measurements=without_value("lane torn")), "immobility", "saline 0, ketamine 1"),
    ("recording-doubtful", study(measurements=last(flags=("arena-not-found",))), "bdnf of GHJ67", "whole picture"),
    ("band-saturated", study(measurements=last(flags=("saturated",))), "bdnf of GHJ67", "too small"),
    ("band-saturated", study(readings=reading("volume", 5.0, "saturated")), "PFC of CDF34", "too small"),
    (
        "outside-linear-range",
        study(measurements=last(flags=("outside the linear range", "control outside the linear range"))),
        "bdnf of GHJ67",
        "control outside the linear range",
    ),
    ("replicates-differ", study(measurements=last(flags=("replicates differ",))), "bdnf of GHJ67", "lanes differ"),
    ("corrected-by-hand", study(measurements=first(flags=("corrected by a person",))), "immobility", "1 of 2 values"),
    ("corrected-by-hand", study(measurements=last(flags=("placed by a person",))), "bdnf", "1 of 2 values"),
    (
        "outside-standard-curve",
        study(readings=reading("conc", 9.0, "above range")),
        "PFC of CDF34",
        "9 is extrapolated",
    ),
    ("outside-standard-curve", study(readings=reading("conc", None, "below range")), "PFC of CDF34", "no value"),
    ("recovery-outside-limits", study(readings=reading("recovery_percent", 79.9)), "PFC of CDF34", "recovery 79.9 %"),
    ("recovery-outside-limits", study(readings=reading("recovery_percent", 131.0)), "PFC of CDF34", "recovery 131.0 %"),
    ("second-scorer-missing", study(hand_scored=scored_by_hand(trials=30, twice=5)), "swim", "5 of 30 trials"),
    ("scorer-drift", study(repeats=repeated(coefficient=10.4)), "ada, swim", "immobile: two scorings"),
    ("scored-after-unblinding", study(entries=then("score forced swim")), "journal entry 7", "score forced swim"),
    ("scored-after-unblinding", study(entries=then("quantify")), "journal entry 7", "after unblinding"),
    ("exclusion-after-unblinding", study(entries=then("exclude")), "journal entry 7", "CDF34 left out"),
    ("exclusion-unplanned", study(exclusions=left_out(planned=False)), "CDF34", "no planned rule (it dived)"),
    ("unblinding-unrecorded", study(entries=lambda entries: entries[:4]), "journal", "without an entry"),
]

SOUND: list[tuple[str, Change]] = [
    ("dose-missing", protocol(treatments=first(dose=None, needs_dose=False))),
    ("outcome-without-plan", protocol(outcomes=lambda outcomes: outcomes[:1])),
    (
        "outcome-without-plan",
        protocol(plans=lambda plans: plans[:1], outcomes=last(measure="recovery_percent", smallest_effect=None)),
    ),
    ("smallest-effect-missing", protocol(plans=lambda plans: plans[:1], outcomes=last(smallest_effect=None))),
    ("plan-ignores-block", study(measurements=last(block="0"))),
    ("plan-ignores-cage", together(protocol(design=given_to_cage), study(animals=one_cage))),
    ("plan-ignores-cage", protocol(design=given_to_cage, plans=first(blocks=()))),
    ("plan-ignores-cage", together(protocol(plans=first(blocks=())), study(animals=one_cage))),
    (
        "plan-ignores-scheme",
        protocol(design=by_sex_and_cage, plans=lambda plans: (replace(plans[0], blocks=("sex", "cage")),)),
    ),
    ("drawn-before-sealing", study(entries=looked(1))),
    ("outside-linear-range", study(measurements=last(flags=("saturated",)))),
    ("replicates-differ", study(measurements=last(flags=("mean of 2 lanes",)))),
    ("protocol-changed", study(protocol_sha256=lambda _: "sealed")),
    ("protocol-changed", study(protocol_sha256=lambda _: "other", entries=lambda entries: entries[:1])),
    ("volume-missing", protocol(treatments=each(volume_ml_kg=None, route="oral"))),
    ("concentration-missing", protocol(treatments=last(dose=Dose(size=1, unit="x"), concentration_mg_ml=2))),
    ("volume-over-limit", protocol(facts=lambda _: (("species", "axolotl"),), treatments=first(volume_ml_kg=12.0))),
    ("volume-unchecked", protocol(facts=lambda _: (), treatments=each(volume_ml_kg=None))),
    ("injections-unlogged", study(administrations=lambda _: (), measurements=lambda _: ())),
    ("injections-unlogged", study(administrations=lambda _: (), injections=each(volume_ml=None))),
    ("injection-missed", study(deviations=deviating("not logged"), administrations=lambda _: ())),
    ("weight-old", study(injections=by_a_weight_of(4))),
    ("weight-loss", study(weighings=weighed(30, 25.6))),
    ("weight-jump", study(weighings=weighed(30, 37.5))),
    ("weight-implausible", study(weighings=weighed(100))),
    ("trial-missing", study(trials=lambda trials: trials[1:], exclusions=left_out())),
    ("trial-missing", study(trials=lambda trials: trials[1:], tags=lambda tags: tags[1:])),
    ("measurement-missing", study(measurements=without_value("lane torn"), exclusions=left_out(outcome="immobility"))),
    ("trial-cut-short", study(recordings=first(duration_s=62.0 - 1 / 15))),
    ("trial-cut-short", study(recordings=lambda _: ())),
    ("rules-differ", study(measurements=first(rules_hash="review", flags=("corrected by a person",)))),
    ("corrected-by-hand", study(measurements=first(flags=("censored",)))),
    ("groups-uneven", study(exclusions=left_out(), unblinded=lambda _: False)),
    ("groups-uneven", protocol(design=of_two_animals_a_group)),
    ("recovery-outside-limits", study(readings=reading("recovery_percent", 80.0))),
    ("recovery-outside-limits", study(readings=reading("recovery_percent", 120.0))),
    ("recovery-outside-limits", study(readings=reading("recovery_percent", None))),
    ("outside-standard-curve", study(readings=reading("conc", 5.0, "censored"))),
    ("second-scorer-missing", study(hand_scored=scored_by_hand(trials=30, twice=6))),
    ("second-scorer-missing", study(hand_scored=scored_by_hand(trials=30, once=0, twice=0))),
    ("scorer-drift", study(repeats=repeated(coefficient=9.9))),
    ("scored-after-unblinding", study(entries=then("report"))),
    ("exclusion-after-unblinding", study(exclusions=left_out())),
    ("exclusion-unplanned", study(exclusions=left_out())),
    ("unblinding-unrecorded", study(entries=lambda entries: entries[:4], unblinded=lambda _: False)),
]


@pytest.mark.parametrize(("check_id", "spoil", "about", "words"), SPOILT, ids=[case[0] for case in SPOILT])
def test_check_speaks_of_what_was_spoilt(
    facts: StudyFacts, check_id: str, spoil: Change, about: str, words: str
) -> None:
    found = [finding for finding in run_checks(spoil(facts)) if finding.id == check_id and finding.about == about]
    assert len(found) == 1
    assert words in found[0].message


@pytest.mark.parametrize(("check_id", "change"), SOUND, ids=[case[0] for case in SOUND])
def test_check_passes_what_is_sound(facts: StudyFacts, check_id: str, change: Change) -> None:
    assert [finding for finding in run_checks(change(facts)) if finding.id == check_id] == []


def test_exclusion_called_planned_where_the_plan_has_no_rule(facts: StudyFacts) -> None:
    spoilt = protocol(exclusion_rules=lambda _: ())(study(exclusions=left_out())(facts))
    assert "exclusion-unplanned" in {finding.id for finding in run_checks(spoilt)}


def test_many_codes_are_listed_shortly(facts: StudyFacts) -> None:
    many = tuple(replace(facts.tags[0], animal=f"M{k}", code=f"C{k:02}") for k in range(20))
    (trials, *_) = [finding for finding in run_checks(replace(facts, tags=many)) if finding.id == "trial-missing"]
    assert "C07 and 12 more" in trials.message
