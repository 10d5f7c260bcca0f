"""Checks of groups, of plans kept and of analyses, on a study of 16 animals in which all of them are silent.

`SPOILT` and `SOUND` are as in test_checks.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.checks.conftest import journal
from tests.checks.test_checks import SPOILT as SPOILT_BEFORE
from tests.checks.test_checks import Change, each, first, last, protocol, study, together

from littermate.checks.facts import ControlVolume, ScoredClip, StudyFacts
from littermate.checks.registry import all_checks, run_checks
from littermate.model.administration import Administration
from littermate.model.allocation import Tag
from littermate.model.animal import Animal
from littermate.model.injection import Injection
from littermate.model.journal import Entry
from littermate.model.measurement import Measurement, Source
from littermate.model.outcome import Outcome
from littermate.model.plan import Plan
from littermate.model.protocol import Protocol
from littermate.model.stated_plan import journal_words
from littermate.stats.power import smallest_detectable
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

CODES = tuple(f"C{k:02}" for k in range(16))
HALF = dict(zip(CODES, "01" * 8, strict=True))
GROUP = {code: "ketamine" if k % 4 > 1 else "saline" for k, code in enumerate(CODES)}
VALUES = tuple(20 + 3 * np.random.default_rng(2).permutation(16) / 4)


def measured(outcome: str, kind: str, place: str, **more: str) -> tuple[Measurement, ...]:
    """Every second animal is on the second membrane or plate: groups are spread evenly."""
    return tuple(
        Measurement(
            outcome=outcome,
            code=code,
            value=value,
            unit="",
            source=Source(kind=kind, sha256="", place=place.format(HALF[code])),
            rules_hash=outcome,
            block=HALF[code] if kind == "blot" else "",
        )
        for code, value in zip(CODES, VALUES, strict=True)
    )


def analysed(values: Any = VALUES, *, animals: int = 16) -> tuple[Any, ...]:
    codes = CODES[:animals]
    table = Table(
        outcome="immobility", values=values[:animals], factors={"drug": [GROUP[c] for c in codes]}, units=codes
    )
    plan = Plan(outcome="immobility", factors=("drug",))
    return (analyse(table, plan, unit="s", beside=Beside(sensitivity=True)),)


def entries(sound: Protocol, *after: Entry) -> tuple[Entry, ...]:
    text = json.dumps({"plans": journal_words(sound)})
    return (*(replace(one, arguments=text) for one in journal("allocate", "lock", "unblind", "fit")), *after)


def given(hour: Any) -> tuple[Administration, ...]:
    """One injection an animal, `hour` by its place."""
    start = datetime(2026, 4, 11, 8)
    return tuple(
        Administration(animal=f"M{k}", injection=1, vial="V", volume_ml=0.3, at=start + timedelta(minutes=10 * hour(k)))
        for k in range(16)
    )


def clips(scorer: Any, position: Any = lambda k: k) -> tuple[ScoredClip, ...]:
    return tuple(
        ScoredClip(assay="swim", scorer=scorer(k), code=code, position=position(k)) for k, code in enumerate(CODES)
    )


def controls(raised: float) -> tuple[ControlVolume, ...]:
    """Loading controls that vary a little, `raised` times as high with ketamine; membrane 1 twice membrane 0."""
    return tuple(
        ControlVolume(
            region="PFC",
            name="actin",
            membrane=HALF[code],
            code=code,
            volume=(100 + k % 5) * (1 + int(HALF[code])) * (raised if GROUP[code] == "ketamine" else 1),
        )
        for k, code in enumerate(CODES)
    )


@pytest.fixture
def many(protocol: Protocol) -> StudyFacts:
    """Sixteen animals; each half of a group on each membrane, plate, batch, cage, scorer."""
    sound = replace(
        protocol,
        design=replace(protocol.design, per_group=8, block=""),
        outcomes=(
            replace(protocol.outcomes[0], scored_by="person", smallest_effect=100.0),
            protocol.outcomes[1],
            Outcome(name="spike", assay="elisa", measure="recovery_percent", unit="%"),
        ),
        plans=(
            Plan(outcome="immobility", factors=("drug",)),
            Plan(outcome="bdnf", factors=("drug",), blocks=("membrane",)),
        ),
    )
    start = datetime(2026, 4, 11, 9)
    return StudyFacts(
        protocol=sound,
        animals=tuple(Animal(id=f"M{k}", cage=f"{k // 4}", weight_g=30 + k % 5) for k in range(16)),
        tags=tuple(Tag(animal=f"M{k}", code=code) for k, code in enumerate(CODES)),
        measurements=(
            *measured("immobility", "recording", "20-60 s"),
            *measured("bdnf", "blot", "{}.tif, lane 3"),
            *measured("spike", "plate", "{}.csv, wells C1"),
        ),
        entries=entries(sound),
        injections=tuple(
            Injection(number=1, day=1, hour=0, animal=f"M{k}", vial="V", due=start + timedelta(days=k % 2))
            for k in range(16)
        ),
        administrations=given(lambda k: k),
        scored_clips=clips(lambda k: "ada" if k % 2 else "bob"),
        controls=controls(1.0),
        unblinded=True,
        cells=tuple((code, (GROUP[code],)) for code in CODES),
        analyses=analysed(),
        detectable=smallest_detectable({"drug": 2}, 8),
    )


def by_group(facts: StudyFacts) -> StudyFacts:
    """Put every membrane, plate, cage, batch and scorer into one group."""
    side = {code: "1" if GROUP[code] == "ketamine" else "0" for code in CODES}
    start = datetime(2026, 4, 11, 9)
    return replace(
        facts,
        measurements=tuple(
            replace(
                one,
                block=side[one.code] if one.block else "",
                source=replace(one.source, place=f"{side[one.code]}.csv, wells C1"),
            )
            for one in facts.measurements
        ),
        animals=tuple(replace(one, cage=side[code]) for one, code in zip(facts.animals, CODES, strict=True)),
        injections=tuple(
            replace(one, due=start + timedelta(days=int(side[code])))
            for one, code in zip(facts.injections, CODES, strict=True)
        ),
        scored_clips=clips(lambda k: "ada" if side[CODES[k]] == "1" else "bob"),
    )


def planned_before(**fields: Any) -> Change:
    """Let another plan be today's than that of the journal."""
    return protocol(plans=first(**fields))


def another_fit(facts: StudyFacts) -> StudyFacts:
    words = journal_words(facts.protocol)
    words["immobility"]["scale"] = "log"
    text = json.dumps({"plans": words})
    return replace(facts, entries=(*facts.entries, replace(facts.entries[-1], number=9, arguments=text)))


def third_outcome(**fields: str) -> Change:
    plan = Plan(outcome="spike", factors=("drug",), **fields)
    return protocol(plans=lambda plans: (*plans, plan))


def skewed(values: tuple[float, ...]) -> tuple[float, ...]:
    return (*values[:15], 400.0)


def weights_by_group(facts: StudyFacts) -> StudyFacts:
    heavy = {f"M{k}": 34.0 + k % 3 for k, code in enumerate(CODES) if GROUP[code] == "ketamine"}
    return replace(
        facts, animals=tuple(replace(one, weight_g=heavy.get(one.id, one.weight_g)) for one in facts.animals)
    )


TURNS = sorted(range(16), key=lambda k: GROUP[CODES[k]])
RANKS = np.argsort(np.argsort(VALUES)).tolist()
BORDER = tuple(value + (1.4 if GROUP[code] == "ketamine" else 0) for code, value in zip(CODES, VALUES, strict=True))

SPOILT: list[tuple[str, Change, str, str]] = [
    ("outcomes-without-family", third_outcome(), "bdnf, spike", "2 secondary outcomes"),
    ("plan-changed", planned_before(alpha=0.1), "immobility", "alpha: 0.05, now 0.1"),
    ("plan-changed-after-unblinding", planned_before(contrasts=("a - b",)), "immobility", "contrasts: none, now a - b"),
    ("plan-changed-after-unblinding", protocol(plans=lambda plans: plans[1:]), "immobility", "now none"),
    ("outlier-rule-after-unblinding", planned_before(outliers="mad"), "immobility", "outliers: none, now mad"),
    (
        "primary-outcome-changed",
        protocol(outcomes=lambda found: (replace(found[0], primary=False), replace(found[1], primary=True), found[2])),
        "outcomes",
        "was immobility, now bdnf",
    ),
    ("unplanned-analysis", another_fit, "journal entry 9", '"fit" by another plan of immobility'),
    ("membrane-confounded", by_group, "bdnf", "drug cannot be told from it (membrane 0: saline, membrane 1: ketamine"),
    ("plate-confounded", by_group, "spike", "plate 0.csv: saline"),
    ("cage-confounded", by_group, "cages", "cage 1: ketamine"),
    ("batch-confounded", by_group, "batches", "batch of 2026-04-12: ketamine only"),
    ("scorer-confounded", by_group, "swim", "trials of ada: ketamine"),
    ("hour-confounded", study(administrations=lambda _: given(TURNS.index)), "injection 1", "drug: ketamine was given"),
    ("groups-unlike-before", weights_by_group, "drug", "SD apart, by chance"),
    (
        "loading-control-differs",
        study(controls=lambda _: controls(1.3)),
        "PFC",
        "actin: 29 % higher in drug ketamine than in saline",
    ),
    (
        "scores-drift",
        study(scored_clips=lambda _: clips(lambda k: "ada", RANKS.__getitem__)),
        "ada, immobility",
        "values rise over 16 trials (rank correlation 1.00",
    ),
    ("assumption-fails", study(analyses=lambda _: analysed(skewed(VALUES))), "immobility", "normal residuals"),
    ("conclusion-depends", study(analyses=lambda _: analysed(BORDER)), "immobility", "drug: planned P = 0.0"),
    ("shown-otherwise", study(analyses=lambda _: analysed(skewed(VALUES))), "immobility", "but shown by"),
    ("fewer-than-planned", study(analyses=lambda _: analysed(animals=14)), "analyses", "immobility 14"),
    (
        "effect-underpowered",
        protocol(outcomes=first(smallest_effect=1.0)),
        "immobility",
        "80 % power needs a true difference of 5.21 s (drug)",
    ),
]
SOUND: list[tuple[str, Change]] = [
    ("outcomes-without-family", third_outcome(family="tissue")),
    ("plan-changed", study(entries=lambda _: journal("allocate", "unblind"))),
    ("unplanned-analysis", study(entries=lambda found: (*found, replace(found[-1], number=9, what="report")))),
    ("membrane-confounded", study(measurements=each(block="1"))),
    ("cage-confounded", study(animals=lambda found: tuple(replace(one, cage=one.id) for one in found))),
    ("cage-confounded", together(by_group, protocol(design=lambda design: replace(
        design, factors=tuple(replace(one, given_to="cage") for one in design.factors))))),
    ("hour-confounded", study(administrations=each(at=datetime(2026, 4, 11, 8)))),
    ("groups-unlike-before", study(animals=each(weight_g=None))),
    ("loading-control-differs", study(controls=lambda _: controls(1.005))),
    ("scores-drift", study(scored_clips=lambda _: clips(lambda k: "ada"))),
    ("scores-drift", study(measurements=each(value=20.0))),
    ("scorer-confounded", study(scored_clips=lambda _: clips(lambda k: "ada"))),
    ("conclusion-depends", study(analyses=lambda _: analysed(skewed(VALUES)))),
    ("shown-otherwise", study(analyses=lambda _: analysed(BORDER))),
    ("effect-underpowered", protocol(outcomes=last(smallest_effect=1.0))),
]  # fmt: skip


def test_the_sound_study_is_sound(many: StudyFacts) -> None:
    ours = {case[0] for case in SPOILT}
    assert [(one.id, one.message) for one in run_checks(many) if one.id in ours] == []


@pytest.mark.parametrize(("check_id", "spoil", "about", "words"), SPOILT, ids=[case[0] for case in SPOILT])
def test_check_speaks_of_what_was_spoilt(
    many: StudyFacts, check_id: str, spoil: Change, about: str, words: str
) -> None:
    found = [finding for finding in run_checks(spoil(many)) if finding.id == check_id and finding.about == about]
    assert len(found) == 1
    assert words in found[0].message


@pytest.mark.parametrize(("check_id", "change"), SOUND, ids=[case[0] for case in SOUND])
def test_check_passes_what_is_sound(many: StudyFacts, check_id: str, change: Change) -> None:
    assert [finding for finding in run_checks(change(many)) if finding.id == check_id] == []


@pytest.mark.parametrize("check_id", [one.id for one in all_checks()])
def test_every_check_is_tripped_by_a_case(check_id: str) -> None:
    assert check_id in {case[0] for case in (*SPOILT_BEFORE, *SPOILT)}


def test_before_unblinding_nothing_of_groups_is_said(many: StudyFacts) -> None:
    blind = replace(by_group(many), cells=(), unblinded=False, analyses=(), detectable=(), entries=())
    assert [one.id for one in run_checks(blind) if one.id in {case[0] for case in SPOILT}] == []


def test_a_failing_assumption_says_what_does_without_it(many: StudyFacts) -> None:
    spoilt = replace(many, analyses=analysed(skewed(VALUES)))
    (found,) = [one for one in run_checks(spoilt) if one.id == "assumption-fails"]
    assert found.message.endswith("the same conclusions by HC3; another by rank ATS, aligned ranks")
    bare = replace(spoilt, analyses=tuple(replace(one, sensitivity=()) for one in spoilt.analyses))
    (found,) = [one for one in run_checks(bare) if one.id == "assumption-fails"]
    assert "Nothing that does without these assumptions" in found.message
