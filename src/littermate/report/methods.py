"""The methods, written from the protocol, the key, the journal and the rule sets.

Each section is a heading and its sentences. What the protocol leaves open is said in the place where a reader looks
for it. The seed is the key's, so it is printed only where the key is open (a report is made after unblinding).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from littermate.model.design import Design
from littermate.model.protocol import Step
from littermate.model.real_dose import RealDose
from littermate.model.treatment import Treatment
from littermate.report.blinding import arguments_of, blinding_sentences, entries_about
from littermate.report.content import ReportContent
from littermate.report.deviations import plan_deviations
from littermate.report.methods_measures import assay_sentences, lab_sentences, outcome_texts, scorer_sentences
from littermate.report.methods_statistics import statistics_sentences
from littermate.report.numbers import number
from littermate.report.wording import listed, mentions, moment, sentence, times

__all__ = ["Section", "facts_about", "methods_sections", "open_doses", "treatment_text"]

_ANIMALS = ("species", "strain", "sex", "age", "supplier", "source", "provenance", "origin", "health", "genotype")
_HOUSING = (
    "housing",
    "light",
    "temperature",
    "humidity",
    "food",
    "water",
    "bedding",
    "enrichment",
    "acclimat",
    "husbandry",
)
_LAB = ("tissue", "blot", "plate", "elisa", "bca", "protein", "antibod")
_ETHICS = ("ethic", "licence", "license", "approval", "committee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the methods."""

    heading: str
    sentences: tuple[str, ...]


def methods_sections(content: ReportContent) -> tuple[Section, ...]:
    """Write all sections that the record has something for; facts of the protocol stand where they belong."""
    protocol = content.protocol
    assays = tuple(one.name.lower() for one in protocol.assays)
    placed = (*_ANIMALS, *_HOUSING, *_LAB, *_ETHICS, *assays, "blind")
    pairs = (
        ("Design", (_design_text(protocol.design),)),
        ("Animals", _animals(content)),
        ("Housing", facts_about(content, *_HOUSING)),
        ("Ethics", (*facts_about(content, *_ETHICS), *_stated(content, "ethics"))),
        ("Treatments", tuple(treatment_text(treatment) for treatment in protocol.treatments)),
        ("Schedule", tuple(_step_text(step) for step in protocol.schedule)),
        ("Allocation", tuple(_allocation(content))),
        ("What was given", (*content.dosing, *_given(content))),
        ("Blinding", blinding_sentences(content)),
        ("Behavioural tests", (*assay_sentences(content), *facts_about(content, *assays))),
        ("Scorers", tuple(scorer_sentences(content))),
        ("Blots and plates", (*lab_sentences(content), *facts_about(content, *_LAB))),
        ("Outcomes", outcome_texts(content)),
        ("Exclusions", tuple(sentence(f"{rule.name}: {rule.rule}") for rule in protocol.exclusion_rules)),
        ("Statistics", statistics_sentences(content)),
        ("Deviations from the plan", tuple(sentence(one.words) for one in plan_deviations(content))),
        ("Data", tuple(_data(content))),
        *((heading, (sentence(text),)) for heading, text in protocol.facts if not mentions(heading, placed)),
    )
    return tuple(Section(heading=heading, sentences=sentences) for heading, sentences in pairs if sentences)


def facts_about(content: ReportContent, *words: str) -> tuple[str, ...]:
    """Return the facts of the protocol whose heading mentions one of the words, each with its heading."""
    return tuple(sentence(f"{heading}: {text}") for heading, text in content.protocol.facts if mentions(heading, words))


def _stated(content: ReportContent, key: str) -> tuple[str, ...]:
    return tuple(sentence(text) for name, text in content.statements if name == key)


def _design_text(design: Design) -> str:
    shape = " × ".join(str(len(factor.levels)) for factor in design.factors)
    factors = listed(f"{factor.name} ({', '.join(factor.levels)})" for factor in design.factors)
    kind = f"A {shape} factorial design between animals" if len(design.factors) > 1 else "A design between animals"
    return (
        f"{kind} with the factor{'s' * (len(design.factors) > 1)} {factors}; {design.per_group} per group, "
        f"{design.n_total} in all. The experimental unit is the {design.unit}."
    )


def _animals(content: ReportContent) -> tuple[str, ...]:
    facts = facts_about(content, *_ANIMALS)
    if not content.animals:
        return facts
    kinds = sorted({f"{a.sex} {a.strain}".strip() for a in content.animals} - {""})
    weights = [animal.weight_g for animal in content.animals if animal.weight_g is not None]
    texts = [f"{len(content.animals)} animals" + (f" ({listed(kinds)})" if kinds else "") + "."]
    if weights:
        texts.append(f"They weighed {min(weights):.1f} to {max(weights):.1f} g at allocation (n = {len(weights)}).")
    births = sorted(animal.birth for animal in content.animals if animal.birth is not None)
    if births:
        texts.append(f"Born {births[0]}" + (f" to {births[-1]}." if births[-1] != births[0] else "."))
    first = content.animals[0]
    told = {f"Sex: {first.sex}.", f"Strain: {first.strain}."} if len(kinds) == 1 else set()
    return (*texts, *(fact for fact in facts if fact not in told))


def open_doses(content: ReportContent) -> tuple[Treatment, ...]:
    """Return the treatments whose dose nobody has filled in."""
    return tuple(treatment for treatment in content.protocol.treatments if treatment.open_dose)


def treatment_text(treatment: Treatment) -> str:
    """Write what one level receives; a dose that is not filled in is said, never left out."""
    amount = f", {treatment.dose}" if treatment.dose is not None else ""
    if treatment.ml_per_kg is not None:
        amount += f", {treatment.ml_per_kg:g} mL/kg"
    if treatment.mg_per_ml is not None:
        amount += f" of {treatment.mg_per_ml:g} mg/mL"
    route = f", {treatment.route}" if treatment.route else ""
    text = sentence(f"{treatment.factor} = {treatment.level}: {treatment.substance}{amount}{route}")
    return f"{text} The dose of {treatment.substance} is not filled in." if treatment.open_dose else text


def _step_text(step: Step) -> str:
    repeat = f", {step.repeat} times, every {times(step.every_s)}" if step.repeat > 1 else ""
    where = f", {times(step.delay_s)} after {step.after}" if step.after and step.delay_s else ""
    where = where or (f", after {step.after}" if step.after else "")
    return sentence(f"{step.name}{repeat}{where}")


def _allocation(content: ReportContent) -> Iterator[str]:
    if content.allocation is None:
        yield "No allocation is on record."
        return
    yield sentence(content.allocation.scheme)
    yield f"Made by the program; seed {content.allocation.seed} reproduces it."
    for entry in entries_about(content, "allocate"):
        said = arguments_of(entry)
        if commitment := said.get("commitment"):
            yield f"The commitment to it stands openly in the journal since {moment(entry.at)}: {commitment}."
        if looks := said.get("looks_before"):
            yield f"Before it was sealed the balance of draws was looked at {looks} times, groups and animals unseen."


def _given(content: ReportContent) -> Iterator[str]:
    """Say what was really given of each level, from the log; vehicles by their number alone."""
    groups: dict[tuple[str, str, str], list[RealDose]] = {}
    for one in content.real_doses:
        groups.setdefault((one.factor, one.level, one.substance), []).append(one)
    for (factor, level, substance), doses in groups.items():
        name = f"{factor} = {level}" if factor else "Not on the sheet"
        known = [one.mg_kg for one in doses if one.mg_kg]
        unknown = [one.reason for one in doses if one.mg_kg is None]
        amount = f", {number(min(known))} to {number(max(known))} mg/kg" if known else ""
        if unknown:
            amount += f"; the dose of {len(unknown)} is not known: {listed(dict.fromkeys(unknown))}"
        yield sentence(f"{name} ({substance}): {len(doses)} injections in the log{amount}")


def _data(content: ReportContent) -> Iterator[str]:
    """Say where the data are and how their files can be known."""
    if content.files:
        count = "1 raw file is" if len(content.files) == 1 else f"{len(content.files)} raw files are"
        kept = f"{count} kept unchanged, known by the SHA-256 in tables/files.csv"
        yield f"{kept}; every value leads to its file and the place in it (tables/measurements.csv)."
    if content.protocol_sha256:
        yield f"The protocol is study.toml with SHA-256 {content.protocol_sha256}."
    for entry in entries_about(content, "lock"):
        if digest := arguments_of(entry).get("digest"):
            yield f"The values that were locked have the digest {digest}."
    if content.entries:
        last = content.entries[-1]
        yield f"The journal is a chain of {last.number} entries; the hash of its last entry is {last.hash}."
    yield from _stated(content, "data_access")
