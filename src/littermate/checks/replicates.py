"""Checks of what is counted: one value an animal, one rule set an outcome, groups of one size."""

from __future__ import annotations

from collections import Counter

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check
from littermate.model.measurement import CORRECTED

__all__ = ["groups_uneven", "replicates_differ", "rules_differ", "several_measurements"]

DIFFER = "replicates differ"


@check("several-measurements", "critical")
def several_measurements(facts: StudyFacts) -> Remarks:
    """One animal has several measurements of one outcome.

    Two gels, two scorers or two halves are not two animals: counted as such (pseudoreplication) they make P values
    too small. Reduce them to one value an animal by a stated rule, or model them.
    """
    count = Counter((one.outcome, one.code) for one in facts.measurements)
    for outcome in sorted({outcome for outcome, _ in count}):
        codes = sorted(code for (name, code), times in count.items() if name == outcome and times > 1)
        if codes:
            yield outcome, f"several measurements of {listed(codes)}; reduce them to one an animal"


@check("replicates-differ", "warning")
def replicates_differ(facts: StudyFacts) -> Remarks:
    """The lanes of one animal differ by more than replicates should.

    An animal's lanes are one value, and where they are far apart, one of them is probably wrong. Look at the bands and
    at the loading control of each; leave one out only for a recorded reason that does not look at the number.
    """
    for number in facts.numbers():
        if DIFFER in number.flags:
            yield number.about, "its lanes differ by more than the rules allow; look at the bands of each"


@check("rules-differ", "critical")
def rules_differ(facts: StudyFacts) -> Remarks:
    """The values of one outcome were made under different rule sets.

    They are not the same kind of number, and a difference between groups may be one between rules. Measure all
    animals again under one rule set. Values that a person corrected are told by `corrected-by-hand` instead.
    """
    for outcome in sorted({one.outcome for one in facts.measurements}):
        made = Counter(one.rules_hash for one in facts.measured(outcome) if CORRECTED not in one.flags)
        if len(made) > 1:
            rules = listed(f"{times} under {name}" for name, times in made.most_common())
            yield outcome, f"{len(made)} rule sets: {rules}; measure all again under one"


@check("groups-uneven", "note")
def groups_uneven(facts: StudyFacts) -> Remarks:
    """The groups are of different sizes after exclusions and missing values.

    Balance makes the analysis robust, and losses that gather in one group can be an effect of the treatment. Give
    the numbers and the reasons group by group. Looked at only after unblinding.
    """
    if not facts.unblinded:
        return
    cells = dict(facts.cells)
    for outcome in facts.protocol.outcomes:
        valued = {one.code for one in facts.measured(outcome.name) if one.value is not None}
        kept = Counter(cells[code] for code in valued - facts.excluded(outcome.name) if code in cells)
        sizes = {cell: kept[cell] for cell in facts.protocol.design.cells}
        if kept and len(set(sizes.values())) > 1:
            each = listed((f"{' / '.join(cell)} {size}" for cell, size in sizes.items()), most=12)
            yield outcome.name, f"animals a group: {each}; report the losses group by group"
