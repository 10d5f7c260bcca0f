"""A founding-study-like report: 32 animals, 2 x 2, seven outcomes, one missing value, one exclusion, two membranes."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from littermate.model.allocation import Allocation, Assignment, Tag
from littermate.model.analysis import Analysis
from littermate.model.animal import Animal
from littermate.model.design import Balance, Design, Factor
from littermate.model.finding import Finding
from littermate.model.journal import FIRST, Entry, entry_hash
from littermate.model.measurement import Measurement, Source
from littermate.model.outcome import Exclusion, Outcome
from littermate.model.plan import Plan
from littermate.model.protocol import AssayPlan, BlotPlan, ExclusionRule, PlatePlan, Protocol, Step
from littermate.model.rules import RuleSet
from littermate.model.treatment import Dose, Treatment
from littermate.model.trial import Trial
from littermate.report.content import Picture, ReportContent, TruthRow
from littermate.report.trail import Replaced, Trail, TrailSource, TrailTable
from littermate.stats.factorial import fit
from littermate.stats.table import Table

FACTORS = (
    Factor(name="magnesium", levels=("saline", "magnesium")),
    Factor(name="ketamine", levels=("saline", "ketamine")),
)
OUTCOMES = (
    Outcome(name="immobility", assay="forced swim", measure="immobility_s", unit="s", primary=True, smallest_effect=20),
    Outcome(name="lines crossed", assay="open field", measure="lines_crossed", unit="lines", smallest_effect=30),
    Outcome(name="time in outer zone", assay="open field", measure="outer_time_s", unit="s"),
    Outcome(name="time in middle zone", assay="open field", measure="middle_time_s", unit="s"),
    Outcome(name="time in centre zone", assay="open field", measure="centre_time_s", unit="s"),
    Outcome(name="PFC BDNF", assay="blot", measure="ratio", unit="ratio to beta-actin", region="PFC"),
    Outcome(name="hippocampal BDNF", assay="blot", measure="ratio", unit="ratio to beta-actin", region="hippocampus"),
    Outcome(name="recovery", assay="elisa", measure="recovery_percent", unit="%", region="PFC"),
)
SCALE = {  # mean, sd, effect of ketamine
    "immobility": (150.0, 35.0, -34.0),
    "lines crossed": (310.0, 60.0, 0.0),
    "time in outer zone": (430.0, 38.0, 0.0),
    "time in middle zone": (130.0, 28.0, 0.0),
    "time in centre zone": (40.0, 14.0, 0.0),
    "PFC BDNF": (0.62, 0.11, 0.0),
    "hippocampal BDNF": (0.81, 0.15, 0.0),
    "recovery": (94.0, 5.0, 0.0),
}


def fitted(outcome: Outcome, rows: list[tuple[str, tuple[str, str], str, float]]) -> Analysis:
    """Fit (code, cell, membrane, value) rows by the outcome's plan; blots have their membrane as a block."""
    codes, cells, membranes, values = zip(*rows, strict=True)
    factors = {factor.name: tuple(cell[k] for cell in cells) for k, factor in enumerate(FACTORS)}
    if outcome.assay == "blot":
        factors["membrane"] = membranes
    table = Table(outcome=outcome.name, values=values, factors=factors, units=codes)
    levels = {factor.name: factor.levels for factor in FACTORS}
    return fit(table, plan_of(outcome), unit=outcome.unit, reference_levels=levels)


def plan_of(outcome: Outcome) -> Plan:
    blocks = ("membrane",) if outcome.assay == "blot" else ()
    return Plan(outcome=outcome.name, factors=("magnesium", "ketamine"), blocks=blocks)


def png(width: int = 160, height: int = 96) -> bytes:
    """Make a small grey-ramp PNG."""
    rows = b"".join(b"\0" + bytes((x + 2 * y) % 256 for x in range(width)) for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_protocol(**changes: object) -> Protocol:
    """The founding study's protocol in short; `changes` replace fields."""
    fields: dict[str, object] = {
        "name": "ketamine-magnesium",
        "title": "Ketamine and magnesium in the forced swim test",
        "question": "Does magnesium let a lower dose of ketamine work?",
        "design": Design(
            factors=FACTORS,
            per_group=8,
            stages=("magnesium", "ketamine"),
            balances=(
                Balance(name="injection side", levels=("left", "right")),
                Balance(name="start corner", levels=("NE", "NW", "SE", "SW")),
            ),
        ),
        "treatments": (
            Treatment(factor="magnesium", level="saline", substance="0.9 % saline", route="i.p."),
            Treatment(
                factor="magnesium",
                level="magnesium",
                substance="magnesium hydroaspartate",
                needs_dose=True,
                route="i.p.",
            ),
            Treatment(factor="ketamine", level="saline", substance="0.9 % saline", route="i.p."),
            Treatment(
                factor="ketamine",
                level="ketamine",
                substance="ketamine",
                dose=Dose(size=15, unit="mg/kg"),
                route="i.p.",
            ),
        ),
        "schedule": (
            Step(name="magnesium injections", treats="magnesium", repeat=14, every_s=86400),
            Step(name="ketamine injection", treats="ketamine", after="magnesium injections", delay_s=86400),
            Step(name="forced swim", assay="forced swim", after="ketamine injection", delay_s=3600),
            Step(name="open field", assay="open field", after="forced swim"),
        ),
        "assays": (
            AssayPlan(name="forced swim", kind="forced swim", duration_s=360, window_s=(120, 360)),
            AssayPlan(name="open field", kind="open field", duration_s=600, window_s=(0, 600), size_cm=48, grid=6),
        ),
        "blots": (BlotPlan(target="BDNF", relative_to="beta-actin", regions=("PFC", "hippocampus")),),
        "plates": (
            PlatePlan(kind="bca", unit="ug/mL", regions=("PFC", "hippocampus")),
            PlatePlan(kind="elisa", unit="pg/mL", regions=("PFC",), spike=250.0),
        ),
        "outcomes": OUTCOMES,
        "exclusion_rules": (
            ExclusionRule(name="diving", rule="an animal that dives or has to be rescued leaves the forced swim test"),
        ),
        "plans": tuple(plan_of(outcome) for outcome in OUTCOMES[:-1]),
        "facts": (
            ("Species", "Male CD1 mice, 6-8 weeks old."),
            ("Housing", "Singly in 27 x 21 x 14 cm cages; 12 h light from 08:00; 21 °C; food and water ad libitum."),
            ("Swim apparatus", "2.5 L beaker, two thirds full, 22 ± 1 °C."),
        ),
    }
    return Protocol(**{**fields, **changes})  # type: ignore[arg-type]


def make_content(**changes: object) -> ReportContent:
    """Make the whole content; `changes` replace its fields."""
    rng = np.random.default_rng(20260411)
    protocol = make_protocol()
    cells = [cell for cell in protocol.design.cells for _ in range(8)]
    order = rng.permutation(32)
    animals = tuple(
        Animal(
            id=f"M{k:02d}",
            sex="male",
            strain="CD1",
            birth=date(2026, 2, 20),
            weight_g=round(31 + float(rng.normal()), 1),
            cage=f"C{k:02d}",
        )
        for k in range(1, 33)
    )
    codes = [f"{rng.integers(16**5):05X}" for _ in range(32)]
    tags = tuple(
        Tag(animal=animal.id, code=code, balanced=(("injection side", "left"),))
        for animal, code in zip(animals, codes, strict=True)
    )
    cell_of = {codes[k]: cells[order[k]] for k in range(32)}
    allocation = Allocation(
        factors=("magnesium", "ketamine"),
        assignments=tuple(
            Assignment(animal=animal.id, cell=cell_of[code]) for animal, code in zip(animals, codes, strict=True)
        ),
        balanced=tuple((animal.id, "injection side", "left") for animal in animals),
        seed=20260411,
        scheme="magnesium first (16 and 16), then ketamine within each (8 and 8); complete randomisation",
    )
    rules = tuple(
        RuleSet(name=name, parameters=parameters, words=words)
        for name, parameters, words in (
            (
                "forced swim",
                (("close_gap_s", 0.5), ("min_bout_s", 1.0), ("window_s", (120.0, 360.0))),
                ("Immobile: only the movements needed to keep the head above water.", "Scored from 120 s to 360 s."),
            ),
            ("open field", (("grid", 6), ("hysteresis_cm", 0.5)), ("6 x 6 equal cells; a line counts after 0.5 cm.",)),
            ("blot", (("baseline", "local"),), ("Volume above the local baseline, target over loading control.",)),
            ("elisa", (("curve", "4pl"),), ("Four-parameter logistic; recovery = (spiked - unspiked) / added.",)),
        )
    )
    kinds = {"forced swim": "recording", "open field": "recording", "blot": "blot", "elisa": "plate"}
    measurements, analyses, truth = [], [], []
    for outcome in OUTCOMES:
        mean, sd, effect = SCALE[outcome.name]
        rows = []
        for k, code in enumerate(codes):
            value: float | None = mean + (effect if cell_of[code][1] == "ketamine" else 0.0) + sd * float(rng.normal())
            if outcome.name == "lines crossed":
                value = float(round(value))
            missing = outcome.name == "immobility" and k == 5
            excluded = outcome.assay == "open field" and k == 11
            rule = next(rule for rule in rules if rule.name == outcome.assay)
            measurements.append(
                Measurement(
                    outcome=outcome.name,
                    code=code,
                    value=None if missing else value,
                    reason="the recording ends at 201 s" if missing else "",
                    unit=outcome.unit,
                    source=Source(
                        kind=kinds[outcome.assay],
                        sha256=f"{k * 7919 + 17:064x}"[::-1],
                        place={"recording": "0-600 s", "blot": f"lane {k % 16 + 1}", "plate": f"wells C{k % 12 + 1}"}[
                            kinds[outcome.assay]
                        ],
                    ),
                    rules_hash=rule.hash,
                    flags=("saturated",) if outcome.assay == "blot" and k == 3 else (),
                    block=f"membrane {k % 2 + 1}" if outcome.assay == "blot" else "",
                )
            )
            if not (missing or excluded):
                rows.append((code, cell_of[code], f"membrane {k % 2 + 1}", value))
            truth.append(
                TruthRow(
                    outcome=outcome.name,
                    code=code,
                    truth=value + 0.004 * sd,
                    measured=None if missing else value,
                    tolerance="within 5 % of the window",
                    within=None if missing else True,
                )
            )
        if outcome.name != "recovery":
            analyses.append(fitted(outcome, rows))
    fields: dict[str, object] = {
        "protocol": protocol,
        "animals": animals,
        "tags": tags,
        "allocation": allocation,
        "analyses": tuple(analyses),
        "measurements": tuple(measurements),
        "trials": tuple(
            Trial(
                id=f"T{k:03d}", code=code, assay="forced swim", recording=f"recordings/{code}.mp4", sha256=f"{k:064x}"
            )
            for k, code in enumerate(codes)
        ),
        "exclusions": (
            Exclusion(code=codes[11], because="escaped from the arena", outcome="lines crossed", planned=False),
            Exclusion(code=codes[11], because="escaped from the arena", outcome="time in outer zone"),
            Exclusion(code=codes[11], because="escaped from the arena", outcome="time in middle zone"),
            Exclusion(code=codes[11], because="escaped from the arena", outcome="time in centre zone"),
        ),
        "findings": (
            Finding(
                id="dose-missing",
                importance="warning",
                message="the dose of magnesium is not filled in",
                about="treatment magnesium",
            ),
            Finding(id="band-saturated", importance="critical", message="lane 4 is saturated", about="PFC membrane 1"),
            Finding(id="one-scorer", importance="note", message="no second scorer", about="forced swim"),
        ),
        "entries": make_journal(),
        "rules": rules,
        "pictures": tuple(
            Picture(title=name, caption=f"Trial of {code}, 120-360 s.", code=code, png=png())
            for name in ("Forced swim", "Open field")
            for code in codes[:6]
        ),
        "truth": tuple(truth),
        "detectable": (
            "With 8 animals a group and alpha 0.05 the design could see, with 80 % power, Hedges g = 1.0 "
            "or larger in a main effect.",
        ),
        "version": "0.1.0",
        "made_at": "2026-05-02T14:03:00Z",
    }
    return ReportContent(**{**fields, **changes})  # type: ignore[arg-type]


def make_trailed() -> ReportContent:
    """Make the content with a way back from every value: the animal's trial, two entries, and one value of before."""
    content = make_content()
    pictures = tuple(dataclasses.replace(one, name=f"P{k}") for k, one in enumerate(content.pictures))
    shown = {one.code: one.name for one in pictures}
    sources = tuple(
        TrailSource(
            id=f"trial {tag.code}",
            kind="trials",
            title=f"trial of {tag.code}",
            facts=(("recording", f"recordings/{tag.code}.mp4"), ("SHA-256", f"{k:064x}")),
            tables=(TrailTable(caption="Bouts", head=("start (s)", "frames"), rows=(("12.0", "360\N{EN DASH}410"),)),),
            pictures=(shown[tag.code],) if tag.code in shown else (),
        )
        for k, tag in enumerate(content.tags)
    )
    first = content.measurements[0]
    old = Replaced(measurement=dataclasses.replace(first, value=123.5, rules_hash="0123abcd" * 2), entry=2)
    trails = tuple(
        Trail(
            outcome=one.outcome,
            code=one.code,
            sources=(f"trial {one.code}",),
            entries=(2, 3),
            earlier=(old,) if one is first else (),
        )
        for one in content.measurements
    )
    return dataclasses.replace(content, pictures=pictures, sources=sources, trails=trails)


def make_journal() -> tuple[Entry, ...]:
    """A short, properly chained journal."""
    steps = (
        ("new", '{"template":"ketamine-magnesium"}'),
        ("allocate", '{"commitment":"5b1d"}'),
        ("lock", "{}"),
        ("unblind", '{"because":"32 of 32 trials scored"}'),
        ("fit", "{}"),
    )
    entries, previous = [], FIRST
    for number, (what, arguments) in enumerate(steps, start=1):
        fields = {
            "number": number,
            "at": f"2026-04-{10 + number}T09:00:00Z",
            "who": "technician",
            "what": what,
            "arguments": arguments,
            "version": "0.1.0",
            "previous": previous,
        }
        entries.append(Entry(**fields, hash=entry_hash(**fields)))
        previous = entries[-1].hash
    return tuple(entries)


@pytest.fixture(scope="session")
def content() -> ReportContent:
    return make_content()


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """The makers, for tests that change a part."""
    return SimpleNamespace(content=make_content, protocol=make_protocol, fit=fitted, trailed=make_trailed)
