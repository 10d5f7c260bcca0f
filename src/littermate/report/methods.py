"""The methods, written from the protocol, the key, the journal and the rule sets.

Each section is a heading and its sentences. What the protocol leaves open is said in the place where a reader looks
for it. The seed is the key's, so it is printed only where the key is open (a report is made after unblinding).
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.design import Design
from littermate.model.journal import Entry
from littermate.model.protocol import AssayPlan, BlotPlan, PlatePlan, Step
from littermate.model.treatment import Treatment
from littermate.report.content import ReportContent
from littermate.report.wording import listed, sentence, times

__all__ = ["Section", "entries_about", "methods_sections", "open_doses", "treatment_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the methods."""

    heading: str
    sentences: tuple[str, ...]


def methods_sections(content: ReportContent) -> tuple[Section, ...]:
    """Write all sections that the record has something for."""
    protocol = content.protocol
    pairs = (
        ("Design", (_design_text(protocol.design),)),
        ("Animals", _animals(content)),
        ("Treatments", tuple(treatment_text(treatment) for treatment in protocol.treatments)),
        ("Schedule", tuple(_step_text(step) for step in protocol.schedule)),
        ("Allocation", _allocation(content)),
        ("What was given", content.dosing),
        ("Blinding", _blinding(content)),
        ("Behavioural tests", tuple(_assay_text(assay) for assay in protocol.assays)),
        ("Blots and plates", (*map(_blot_text, protocol.blots), *map(_plate_text, protocol.plates))),
        ("Outcomes", _outcomes(content)),
        ("Exclusions", tuple(sentence(f"{rule.name}: {rule.rule}") for rule in protocol.exclusion_rules)),
        ("Statistics", _statistics(content)),
        *((heading, (sentence(text),)) for heading, text in protocol.facts),
    )
    return tuple(Section(heading=heading, sentences=sentences) for heading, sentences in pairs if sentences)


def _design_text(design: Design) -> str:
    shape = " × ".join(str(len(factor.levels)) for factor in design.factors)
    factors = listed(f"{factor.name} ({', '.join(factor.levels)})" for factor in design.factors)
    kind = f"A {shape} factorial design between animals" if len(design.factors) > 1 else "A design between animals"
    return (
        f"{kind} with the factor{'s' * (len(design.factors) > 1)} {factors}; {design.per_group} a group, "
        f"{design.n_total} in all. The experimental unit is the {design.unit}."
    )


def _animals(content: ReportContent) -> tuple[str, ...]:
    if not content.animals:
        return ()
    kinds = sorted({f"{a.sex} {a.strain}".strip() for a in content.animals} - {""})
    weights = [animal.weight_g for animal in content.animals if animal.weight_g is not None]
    texts = [f"{len(content.animals)} animals" + (f" ({listed(kinds)})" if kinds else "") + "."]
    if weights:
        texts.append(f"They weighed {min(weights):.1f} to {max(weights):.1f} g at allocation (n = {len(weights)}).")
    births = sorted(animal.birth for animal in content.animals if animal.birth is not None)
    if births:
        texts.append(f"Born {births[0]}" + (f" to {births[-1]}." if births[-1] != births[0] else "."))
    return tuple(texts)


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
    missing = " (DOSE NOT FILLED IN)" if treatment.open_dose else ""
    return sentence(f"{treatment.factor} = {treatment.level}: {treatment.substance}{amount}{route}{missing}")


def _step_text(step: Step) -> str:
    repeat = f", {step.repeat} times, every {times(step.every_s)}" if step.repeat > 1 else ""
    where = f", {times(step.delay_s)} after {step.after}" if step.after and step.delay_s else ""
    where = where or (f", after {step.after}" if step.after else "")
    return sentence(f"{step.name}{repeat}{where}")


def _allocation(content: ReportContent) -> tuple[str, ...]:
    if content.allocation is None:
        return ("No allocation is on record.",)
    design = content.protocol.design
    texts = [sentence(content.allocation.scheme)]
    if len(design.stages) > 1:
        texts.append(f"Order of allocation: {', then '.join(design.stages)}.")
    if design.block:
        texts.append(f"Allocated separately within each {design.block}.")
    if design.balances:
        texts.append(f"Balanced at random within every group: {listed(b.name for b in design.balances)}.")
    return (*texts, f"Made by the program with seed {content.allocation.seed}; the same seed reproduces it.")


def entries_about(content: ReportContent, *words: str) -> tuple[Entry, ...]:
    """Return the journal entries whose deed begins with one of the words."""
    return tuple(entry for entry in content.entries if entry.what.startswith(words))


def _blinding(content: ReportContent) -> tuple[str, ...]:
    texts = []
    if content.allocation is not None:
        texts.append(
            "The allocation was sealed under a passphrase; scoring and measuring saw opaque codes that carry neither "
            "order nor group."
        )
    for words, text in ((("lock",), "Data were locked"), (("unblind",), "The study was unblinded")):
        texts += [f"{text} on {e.at} by {e.who} (journal entry {e.number})." for e in entries_about(content, *words)]
    return tuple(texts)


def _assay_text(assay: AssayPlan) -> str:
    start, stop = assay.window_s
    arena = f", on a floor of {assay.size_cm:g} × {assay.size_cm:g} cm" if assay.size_cm else ""
    arena += f" divided into {assay.grid} × {assay.grid} equal squares" if assay.size_cm else ""
    name = f"{assay.name} ({assay.kind})" if assay.name != assay.kind else assay.name
    return sentence(
        f"{name}: {times(assay.duration_s)}{arena}; scored from {start:g} s to {stop:g} s after the start of the trial"
    )


def _blot_text(blot: BlotPlan) -> str:
    return f"{blot.target} relative to {blot.relative_to} by Western blot, in {listed(blot.regions)}."


def _plate_text(plate: PlatePlan) -> str:
    where = f" for {listed(plate.regions)}" if plate.regions else ""
    spike = (
        f"; one half of each sample was spiked with {plate.spike:g} {plate.unit} for percent recovery"
        if plate.spike is not None
        else ""
    )
    return f"{plate.kind.upper()} in {plate.unit}{where}{spike}."


def _outcomes(content: ReportContent) -> tuple[str, ...]:
    texts = []
    for outcome in content.protocol.outcomes:
        rank = "primary" if outcome.primary else "secondary"
        least = "; no smallest effect of interest stated"
        if outcome.smallest_effect is not None:
            least = f"; smallest effect of interest {outcome.smallest_effect:g} {outcome.unit}".rstrip()
        region = f", {outcome.region}" if outcome.region and outcome.region not in outcome.name else ""
        texts.append(sentence(f"{outcome.name} ({rank}; {outcome.assay}{region}; {outcome.unit or 'no unit'}{least})"))
    return tuple(texts)


_TYPES = {1: "I", 2: "II", 3: "III"}


def _statistics(content: ReportContent) -> tuple[str, ...]:
    texts = []
    for kind in sorted({analysis.plan.type for analysis in content.analyses}):
        contrast = " with sum-to-zero contrasts" if kind == 3 else ""
        texts.append(f"Linear models were tested with type {_TYPES.get(kind, kind)} sums of squares{contrast}.")
    if any(analysis.mixed for analysis in content.analyses):
        texts.append("Models with random groups were fitted by REML and tested by Kenward and Roger's method.")
    if redrawn := [one.randomization for one in content.analyses if one.randomization]:
        texts.append(f"The randomisation test re-draws the groups by the scheme that was used: {redrawn[0].method}.")
    formulas = [analysis.plan.formula for analysis in content.analyses]
    alphas = sorted({analysis.plan.alpha for analysis in content.analyses})
    if formulas:
        texts.append(f"Planned models: {'; '.join(formulas)}.")
        texts.append(f"Alpha was {listed(f'{alpha:g}' for alpha in alphas)}, two-sided; {_adjusted(content)}.")
        texts.append(
            "Differences are between marginal means of the model, with 95 % confidence intervals from its pooled "
            "error; Hedges g is standardised by the residual standard deviation with the small-sample correction; the "
            "90 % interval of partial eta squared comes from the noncentral F."
        )
    return (*texts, *content.detectable, f"Computed with Littermate {content.version}.")


def _adjusted(content: ReportContent) -> str:
    """Say over what P values are adjusted."""
    if not content.families:
        return "P values are not adjusted over outcomes"
    families = listed(f"{name} ({family.method})" for name, family in content.families)
    return f"P values of the plan's families are also given adjusted: {families}"
