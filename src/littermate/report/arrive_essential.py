"""The Essential 10 of ARRIVE 2.0, filled in from the record; see `littermate.report.arrive`."""

from __future__ import annotations

from littermate.report.arrive_item import ArriveItem, item, stated
from littermate.report.blinding import entries_about
from littermate.report.content import ReportContent
from littermate.report.flow import Loss, animal_flow, losses_of
from littermate.report.methods import methods_sections, open_doses
from littermate.report.wording import listed

__all__ = ["essential_ten"]

Items = tuple[ArriveItem, ...]
Texts = dict[str, str]


def essential_ten(content: ReportContent) -> Items:
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


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))


def _design(content: ReportContent, texts: Texts) -> Items:
    unit = f"The {content.protocol.design.unit}."
    return (
        item("1a", "Study design", "groups compared, controls", texts["Design"], where="Methods: Design"),
        item("1b", "Study design", "experimental unit", unit, where="Methods: Design"),
    )


def _sample(content: ReportContent) -> Items:
    design = content.protocol.design
    groups = listed(f"{group.allocated} ({' + '.join(group.cell)})" for group in animal_flow(content))
    planned = f"Planned: {design.per_group} in each of {len(design.cells)} groups."
    count = f"{planned} Allocated: {groups}; {len(content.animals)} animals in all."
    decided = stated(content, "2b", "sample size", "power")
    missing = "how the sample size was decided beforehand is not on record (arrive.toml: sample_size)"
    lacks = "" if decided else missing
    answer = _joined(decided, *content.detectable)
    return (
        item("2a", "Sample size", "units in each group and in all", count, where="Animals"),
        item(
            "2b", "Sample size", "how it was decided", answer, missing=missing, lacks=lacks, where="Methods: Statistics"
        ),
    )


def _criteria(content: ReportContent) -> Items:
    rules = [f"{rule.name}: {rule.rule}" for rule in content.protocol.exclusion_rules]
    stated_rules = f"Stated before the study: {'; '.join(rules)}." if rules else ""
    sizes = [
        f"{analysis.plan.outcome}: {', '.join(str(group.n) for group in analysis.groups)}"
        for analysis in content.analyses
    ]
    n = f"n in each group: {'; '.join(sizes)}." if sizes else ""
    heading, none = "Inclusion, exclusion", "no analysis was made"
    no_rules = "the protocol has no exclusion rules"
    return (
        item("3a", heading, "criteria, set beforehand", stated_rules, missing=no_rules, where="Methods: Exclusions"),
        item("3b", heading, "what was left out, and why", _left_out(content), missing=none, where="Animals"),
        item("3c", heading, "exact n of each analysis", n, missing=none, where="Animals"),
    )


def _left_out(content: ReportContent) -> str:
    """Say which animals no analysis, or not every one, holds, and why."""
    if not content.analyses:
        return ""
    losses = [loss for analysis in content.analyses for loss in losses_of(content, analysis)]
    if not losses:
        return "Every allocated animal is in every analysis."
    reasons: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        reasons.setdefault((loss.code, loss.because), []).append(loss)
    told = [f"{code}, {because} ({listed(one.outcome for one in lost)})" for (code, because), lost in reasons.items()]
    return f"Not analysed: {'; '.join(told)}."


def _randomisation(content: ReportContent, texts: Texts) -> Items:
    made = texts.get("Allocation", "") if content.allocation is not None else ""
    design = content.protocol.design
    balanced = f"Balanced within groups: {listed(b.name for b in design.balances)}." if design.balances else ""
    block = f"Allocated within each {design.block}." if design.block else ""
    told = stated(content, "4b", "order", "confound")
    no_order = "nothing on record says how order and position were kept from mattering (arrive.toml: confounders)"
    lacks = "" if told else no_order
    asks = "order of work, position, other confounders"
    return (
        item(
            "4a",
            "Randomisation",
            "method of allocation",
            made,
            missing="no allocation is on record",
            where="Methods: Allocation",
        ),
        item(
            "4b",
            "Randomisation",
            asks,
            _joined(balanced, block, told),
            missing=no_order,
            lacks=lacks,
            where="Methods: Allocation",
        ),
    )


def _blinding(content: ReportContent, texts: Texts) -> ArriveItem:
    lacks = [] if entries_about(content, "unblind") else ["the journal holds no unblinding entry"]
    if not stated(content, "5", "blind"):
        lacks.append("whether those who injected knew the groups is not on record (arrive.toml: blinding)")
    said = "; ".join(lacks)
    asks = "who knew the groups, at each stage"
    return item("5", "Blinding", asks, texts.get("Blinding", ""), missing=said, lacks=said, where="Methods: Blinding")


def _measures(content: ReportContent, texts: Texts) -> Items:
    primary = listed(outcome.name for outcome in content.protocol.outcomes if outcome.primary)
    named = f"{primary[:1].upper()}{primary[1:]}." if primary else ""
    heading, no_primary = "Outcome measures", "no outcome is marked as primary"
    outcomes = texts.get("Outcomes", "")
    return (
        item(
            "6a",
            heading,
            "all outcomes, defined",
            outcomes,
            missing="no outcomes are stated",
            where="Methods: Outcomes",
        ),
        item("6b", heading, "primary outcome", named, missing=no_primary, where="Methods: Outcomes"),
    )


def _statistics(content: ReportContent, texts: Texts) -> Items:
    checks = listed(dict.fromkeys(check.name for analysis in content.analyses for check in analysis.assumptions))
    checked = f"Checked for each model: {checks}; what they say stands with each outcome." if checks else ""
    other = any(analysis.sensitivity for analysis in content.analyses)
    instead = "Analyses that do not need the assumptions stand beside each model." if checks and other else ""
    heading, methods = "Statistical methods", texts.get("Statistics", "")
    unmet = "assumptions checked, and what if they do not hold"
    answer = _joined(checked, instead)
    return (
        item("7a", heading, "methods and software", methods, missing="not on record", where="Methods: Statistics"),
        item("7b", heading, unmet, answer, missing="no assumption was checked", where="Results"),
    )


def _animals(content: ReportContent, texts: Texts) -> Items:
    known = {
        "sex": all(animal.sex for animal in content.animals),
        "strain": all(animal.strain for animal in content.animals),
        "age": all(animal.birth for animal in content.animals) or bool(stated(content, "", "age")),
        "weight": all(animal.weight_g for animal in content.animals),
    }
    lacking = listed(name for name, have in known.items() if not have)
    lacks = f"{lacking} not given for every animal in animals.csv" if lacking else ""
    origin = stated(content, "8b", "source", "provenance", "supplier", "health", "origin")
    unknown = "supplier, health status and earlier procedures are not on record (arrive.toml: provenance)"
    heading, answer = "Experimental animals", texts.get("Animals", "")
    asks = "species, strain, sex, age, weight"
    return (
        item("8a", heading, asks, answer, missing="no animal is on record", lacks=lacks, where="Methods: Animals"),
        item("8b", heading, "source, health, earlier procedures", origin, missing=unknown, where="Methods: Animals"),
    )


def _procedures(content: ReportContent, texts: Texts) -> Items:
    lacks = "; ".join(f"the dose of {treatment.substance} is not filled in" for treatment in open_doses(content))
    done = ("Treatments", "What was given", "Behavioural tests", "Blots and plates")
    what = _joined(*(texts.get(name, "") for name in done))
    when = texts.get("Schedule", "")
    heading, asks = "Experimental procedures", "what was done, how, with what"
    nothing = "no procedure is on record"
    return (
        item("9a", heading, asks, what, missing=nothing, lacks=lacks, where="Methods: Treatments"),
        item("9b", heading, "when, how often", when, missing="no schedule is on record", where="Methods: Schedule"),
        _place(content, heading),
        _reason(content, heading),
    )


def _place(content: ReportContent, heading: str) -> ArriveItem:
    place = stated(content, "9c", "room", "apparatus", "where", "place")
    answer = _joined(stated(content, "", "acclimat"), place)
    lacks = "" if place else "where each procedure was done is not on record (arrive.toml: place)"
    return item("9c", heading, "where, acclimatisation", answer, missing=lacks, lacks=lacks, where="Methods: Housing")


def _reason(content: ReportContent, heading: str) -> ArriveItem:
    reason = stated(content, "", "rationale", "why")
    answer = _joined(content.protocol.question, reason)
    unsaid = "why these procedures and doses were chosen is not on record (study.toml, [facts]: rationale)"
    lacks = "" if reason else unsaid
    return item("9d", heading, "why", answer, missing=lacks, lacks=lacks, where="Title")


def _results(content: ReportContent) -> Items:
    given = "Mean, SD, SEM and n of each group stand with each outcome, every animal's value under Every number."
    sizes = "Differences and Hedges g (95 % CI) and partial eta squared (90 % CI) stand with each outcome."
    none = "no analysis was made"
    have = bool(content.analyses)
    return (
        item("10a", "Results", "spread of each group", given if have else "", missing=none, where="Results"),
        item("10b", "Results", "effect sizes, intervals", sizes if have else "", missing=none, where="Results"),
    )
