"""A small study in which every check is silent: two animals, a swim and a blot, unblinded and analysed."""

from datetime import datetime

import pytest

from littermate.checks.facts import StudyFacts
from littermate.model.administration import Administration
from littermate.model.allocation import Tag
from littermate.model.animal import Animal
from littermate.model.design import Design, Factor
from littermate.model.injection import Injection
from littermate.model.journal import FIRST, Entry
from littermate.model.measurement import Measurement, Reading, Source
from littermate.model.outcome import Outcome
from littermate.model.plan import Plan
from littermate.model.protocol import AssayPlan, BlotPlan, ExclusionRule, Protocol, Step
from littermate.model.recording import Recording
from littermate.model.treatment import Dose, Treatment
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing

CODES = ("CDF34", "GHJ67")


def measurement(outcome: str, code: str, value: float | None = 10.0, **more: object) -> Measurement:
    fields = {
        "unit": "s",
        "source": Source(kind="recording", sha256=f"hash {code}", place="20-60 s"),
        "rules_hash": f"rules of {outcome}",
    } | more
    return Measurement(outcome=outcome, code=code, value=value, **fields)  # type: ignore[arg-type]


def journal(*what: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            number=k,
            at="",
            who="",
            what=one,
            arguments='{"code":"CDF34","protocol_sha256":"sealed"}',
            version="",
            previous=FIRST,
            hash="",
        )
        for k, one in enumerate(what, start=1)
    )


@pytest.fixture
def protocol() -> Protocol:
    return Protocol(
        name="small",
        title="",
        question="",
        design=Design(
            factors=(Factor(name="drug", levels=("saline", "ketamine")),), per_group=1, stages=("drug",), block="cage"
        ),
        treatments=(
            Treatment(factor="drug", level="saline", substance="saline", route="i.p.", volume_ml_kg=10),
            Treatment(
                factor="drug",
                level="ketamine",
                substance="ketamine",
                dose=Dose(size=15, unit="mg/kg", mg_per_kg=15),
                needs_dose=True,
                route="i.p.",
                volume_ml_kg=10,
            ),
        ),
        schedule=(Step(name="injection", treats="drug"),),
        facts=(("species", "mouse"),),
        assays=(AssayPlan(name="swim", kind="forced swim", duration_s=60, window_s=(20, 60)),),
        blots=(BlotPlan(target="BDNF", relative_to="actin", regions=("PFC",)),),
        plates=(),
        outcomes=(
            Outcome(
                name="immobility", assay="swim", measure="immobility_s", unit="s", primary=True, smallest_effect=8.0
            ),
            Outcome(name="bdnf", assay="blot", measure="expression", unit="ratio", region="PFC", smallest_effect=0.2),
        ),
        exclusion_rules=(ExclusionRule(name="diving", rule="an animal that dives"),),
        plans=(
            Plan(outcome="immobility", factors=("drug",), blocks=("cage",)),
            Plan(outcome="bdnf", factors=("drug",), blocks=("cage", "membrane")),
        ),
    )


def trial(code: str) -> Trial:
    return Trial(id=f"T{code}", code=code, assay="swim", recording=f"{code}.mp4", sha256=f"hash {code}", t0_s=2.0)


def recording(code: str, duration_s: float = 62.0) -> Recording:
    return Recording(
        path=f"{code}.mp4",
        sha256=f"hash {code}",
        codec="h264",
        width=320,
        height=240,
        frames_decoded=930,
        frames_header=930,
        duration_s=duration_s,
        fps_median=15.0,
        variable_frame_rate=False,
        corrupt_frames=0,
    )


def injection(animal: str) -> Injection:
    return Injection(
        number=1,
        day=1,
        hour=0,
        animal=animal,
        vial="CDF346",
        due=datetime(2026, 4, 11, 9),
        weighing=Weighing(animal=animal, day=None, weight_g=30),
        exact_ml=0.3,
        volume_ml=0.3,
    )


@pytest.fixture
def facts(protocol: Protocol) -> StudyFacts:
    return StudyFacts(
        protocol=protocol,
        animals=(Animal(id="M1", cage="1"), Animal(id="M2", cage="2")),
        tags=tuple(Tag(animal=f"M{k}", code=code) for k, code in enumerate(CODES, start=1)),
        trials=tuple(trial(code) for code in CODES),
        recordings=tuple(recording(code) for code in CODES),
        measurements=tuple(measurement("immobility", code) for code in CODES)
        + tuple(measurement("bdnf", code, block=str(k)) for k, code in enumerate(CODES)),
        readings=(("PFC of CDF34", Reading(measure="recovery_percent", value=95.0, unit="%")),),
        entries=journal("new", "allocate", "score", "lock", "unblind", "fit"),
        injections=tuple(injection(f"M{k}") for k in (1, 2)),
        administrations=tuple(
            Administration(animal=f"M{k}", injection=1, vial="CDF346", volume_ml=0.3) for k in (1, 2)
        ),
        unblinded=True,
        cells=tuple(zip(CODES, (("saline",), ("ketamine",)), strict=True)),
    )
