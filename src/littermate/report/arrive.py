"""The ARRIVE 2.0 Essential 10, filled in from the record, with what is missing said plainly.

The items are those of Percie du Sert et al. 2020, *PLoS Biol* 18:e3000410, in our own short words. An answer is
written only from what the study holds; a `missing` text says what a person still has to write. Facts of the protocol
answer an item by their heading (``"species"``, ``"housing"``, ``"sample size"``).
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.report.content import ReportContent
from littermate.report.flow import animal_flow, losses_of
from littermate.report.methods import entries_about, methods_sections, open_doses
from littermate.report.wording import listed

__all__ = ["ArriveItem", "essential_ten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveItem:
    """One sub-item: its number (``"2b"``), heading, what it asks, what the record answers, and what is missing."""

    number: str
    heading: str
    asks: str
    answer: str
    missing: str = ""

    @property
    def state(self) -> str:
        """``"given"``, ``"partly"`` or ``"missing"``."""
        if not self.missing:
            return "given"
        return "partly" if self.answer else "missing"


def essential_ten(content: ReportContent) -> tuple[ArriveItem, ...]:
    """Fill in the ten essential items."""
    texts = {section.heading: " ".join(section.sentences) for section in methods_sections(content)}
    return (
        *_design(content, texts),
        *_sample(content),
        *_criteria(content),
        *_randomisation(content, texts),
        _blinding(content, texts),
        *_measures(content, texts),
        *_statistics(content, texts),
        *_animals(content, texts),
        *_procedures(content, texts),
        *_results(content),
    )


def _facts(content: ReportContent, *words: str) -> str:
    found = [text for heading, text in content.protocol.facts if any(word in heading.lower() for word in words)]
    return " ".join(found)


def _item(number: str, heading: str, asks: str, answer: str, missing: str) -> ArriveItem:
    """Make an item; `missing` is what to write where the answer is empty."""
    return ArriveItem(number=number, heading=heading, asks=asks, answer=answer, missing="" if answer else missing)


def _design(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    unit = f"The {content.protocol.design.unit}."
    return (
        _item("1a", "Study design", "groups compared, controls", texts.get("Design", ""), "describe the groups"),
        _item("1b", "Study design", "experimental unit", unit, ""),
    )


def _sample(content: ReportContent) -> tuple[ArriveItem, ...]:
    design = content.protocol.design
    groups = listed(f"{group.allocated} ({' + '.join(group.cell)})" for group in animal_flow(content))
    planned = f"Planned: {design.per_group} in each of {len(design.cells)} groups."
    count = f"{planned} Allocated: {groups}; {len(content.animals)} animals in all."
    decided = _facts(content, "sample size", "power")
    seen = " ".join(content.detectable)
    missing = "" if decided else "how the sample size was decided beforehand is not on record"
    return (
        _item("2a", "Sample size", "units in each group and in all", count, ""),
        ArriveItem(
            number="2b",
            heading="Sample size",
            asks="how it was decided",
            answer=" ".join(filter(None, (decided, seen))),
            missing=missing,
        ),
    )


def _criteria(content: ReportContent) -> tuple[ArriveItem, ...]:
    rules = [f"{rule.name}: {rule.rule}" for rule in content.protocol.exclusion_rules]
    stated = f"Stated before the study: {'; '.join(rules)}." if rules else ""
    losses = [f"{analysis.plan.outcome}: {len(losses_of(content, analysis))}" for analysis in content.analyses]
    sizes = [
        f"{analysis.plan.outcome}: {', '.join(str(group.n) for group in analysis.groups)}"
        for analysis in content.analyses
    ]
    left_out = f"Animals not analysed, each with its reason under Animals: {'; '.join(losses)}." if losses else ""
    n = f"n in each group: {'; '.join(sizes)}." if sizes else ""
    return (
        _item("3a", "Inclusion, exclusion", "criteria, set beforehand", stated, "the protocol has no exclusion rules"),
        _item("3b", "Inclusion, exclusion", "what was left out, and why", left_out, "no analysis was made"),
        _item("3c", "Inclusion, exclusion", "exact n of each analysis", n, "no analysis was made"),
    )


def _randomisation(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    made = texts.get("Allocation", "") if content.allocation is not None else ""
    design = content.protocol.design
    balanced = f"Balanced within groups: {listed(b.name for b in design.balances)}." if design.balances else ""
    block = f"Allocated within each {design.block}." if design.block else ""
    order = _facts(content, "order", "confound")
    return (
        _item("4a", "Randomisation", "method of allocation", made, "no allocation is on record"),
        _item(
            "4b",
            "Randomisation",
            "order of work, position, other confounders",
            " ".join(filter(None, (balanced, block, order))),
            "nothing on record says how order and position were kept from mattering",
        ),
    )


def _blinding(content: ReportContent, texts: dict[str, str]) -> ArriveItem:
    missing = "" if entries_about(content, "unblind") else "the journal holds no unblinding entry"
    if not _facts(content, "blind"):
        missing = "; ".join(filter(None, (missing, "whether those who injected knew the groups is not on record")))
    return ArriveItem(
        number="5",
        heading="Blinding",
        asks="who knew the groups, at each stage",
        answer=texts.get("Blinding", ""),
        missing=missing,
    )


def _measures(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    primary = [outcome.name for outcome in content.protocol.outcomes if outcome.primary]
    named = f"{listed(primary)[:1].upper()}{listed(primary)[1:]}." if primary else ""
    return (
        _item("6a", "Outcome measures", "all outcomes, defined", texts.get("Outcomes", ""), "no outcomes are stated"),
        _item("6b", "Outcome measures", "primary outcome", named, "no outcome is marked as primary"),
    )


def _statistics(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    checks = sorted({check.name for analysis in content.analyses for check in analysis.assumptions})
    checked = f"Checked for each model: {listed(checks)}; results stand with each outcome." if checks else ""
    return (
        _item("7a", "Statistical methods", "methods and software", texts.get("Statistics", ""), "not on record"),
        _item("7b", "Statistical methods", "assumptions checked", checked, "no assumption was checked"),
    )


def _animals(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    answer = " ".join(filter(None, (_facts(content, "species", "animal", "strain"), texts.get("Animals", ""))))
    lacks = [
        name
        for name, have in (
            ("sex", all(animal.sex for animal in content.animals)),
            ("strain", all(animal.strain for animal in content.animals)),
            ("age", all(animal.birth for animal in content.animals)),
            ("weight", all(animal.weight_g for animal in content.animals)),
        )
        if not have
    ]
    origin = _facts(content, "source", "provenance", "supplier", "health", "origin")
    missing = f"{listed(lacks)} not given for every animal in animals.csv" if lacks else ""
    return (
        ArriveItem(
            number="8a",
            heading="Experimental animals",
            asks="species, strain, sex, age, weight",
            answer=answer,
            missing=missing,
        ),
        _item(
            "8b",
            "Experimental animals",
            "source, health, earlier procedures",
            origin,
            "supplier, health status and earlier procedures are not on record",
        ),
    )


def _procedures(content: ReportContent, texts: dict[str, str]) -> tuple[ArriveItem, ...]:
    open_ones = [f"the dose of {treatment.substance} is to be filled in" for treatment in open_doses(content)]
    what = " ".join(filter(None, (texts.get(k, "") for k in ("Treatments", "Behavioural tests", "Blots and plates"))))
    where = _facts(content, "housing", "apparatus", "room", "acclimat", "where")
    return (
        ArriveItem(
            number="9a",
            heading="Experimental procedures",
            asks="what was done, how, with what",
            answer=what,
            missing="; ".join(open_ones) if what else "no procedure is on record",
        ),
        _item("9b", "Experimental procedures", "when, how often", texts.get("Schedule", ""), "no schedule on record"),
        _item("9c", "Experimental procedures", "where, acclimatisation", where, "housing and place are not on record"),
        _item("9d", "Experimental procedures", "why", content.protocol.question, "the question is not stated"),
    )


def _results(content: ReportContent) -> tuple[ArriveItem, ...]:
    given = "Mean, SD, SEM and n of each group stand with each outcome, every animal's value under Every number."
    sizes = "Differences and Hedges g (95 % CI) and partial eta squared (90 % CI) stand with each outcome."
    have = bool(content.analyses)
    return (
        _item("10a", "Results", "summary and spread of each group", given if have else "", "no analysis was made"),
        _item("10b", "Results", "effect sizes with intervals", sizes if have else "", "no analysis was made"),
    )
