"""What is said of one outcome beside its planned effects, in sentences: comparisons, re-drawing, equivalence, power.

The planned analysis stays the primary one. Everything is read from the `Analysis`; the same numbers stand as tables in
`report.beside`.
"""

from __future__ import annotations

from collections.abc import Iterator

from littermate.model.analysis import Analysis
from littermate.model.comparison import Comparison, Comparisons
from littermate.model.detectable import DetectableDifference
from littermate.model.effect import Difference
from littermate.model.equivalence import Equivalence
from littermate.model.sensitivity import SensitivityRow
from littermate.report.numbers import decimals_for, degrees, interval, number, p_text
from littermate.report.wording import difference_label, listed, sentence, term_label, with_unit

__all__ = ["beside_sentences"]

_SPELLED_OUT = 10
"""Contrasts of one family up to which each is written out; of more, only those that were shown."""


def beside_sentences(analysis: Analysis) -> tuple[str, ...]:
    """Write what stands beside the planned effects of one outcome."""
    return (
        *_variances(analysis),
        *(_family(analysis, family) for family in analysis.comparisons),
        *_randomization(analysis),
        *_other_analyses(analysis),
        *_equivalence(analysis),
        *_detectable(analysis),
    )


def _variances(analysis: Analysis) -> Iterator[str]:
    """Say how much of the variance the random groups of a mixed model hold."""
    if analysis.mixed is not None:
        parts = [
            f"{one.group} ({one.levels}) {100 * one.share:.0f} %"
            for one in analysis.mixed.components
            if one.group != "residual"
        ]
        yield f"Of the variance that the fixed effects leave, {listed(parts)} lies between the random groups."


def _family(analysis: Analysis, family: Comparisons) -> str:
    rows = family.rows
    told = rows if len(rows) <= _SPELLED_OUT else [one for one in rows if one.p_adjusted < analysis.plan.alpha]
    parts = [_contrast(analysis, family, one) for one in told]
    parts += [f"{_minus(label)} cannot be estimated from these data" for label in family.not_estimable]
    head = f"{family.family} ({family.adjust_words}; {100 * family.level:g} % intervals, {family.interval_words})"
    if len(told) < len(rows):
        head += f", {len(told)} of {len(rows)} shown, the others in the table of comparisons"
    return sentence(f"{head}: {'; '.join(parts)}" if parts else head)


def _contrast(analysis: Analysis, family: Comparisons, one: Comparison) -> str:
    decimals = decimals_for(one.se)
    size = with_unit(number(one.estimate, decimals), analysis.unit)
    tail = "" if family.side == "two-sided" else ", one-tailed"
    adjusted = "" if family.adjust == "none" else f", {p_text(one.p_adjusted, name='adjusted p')}"
    return (
        f"{_minus(one.label)} was {size}, {100 * family.level:g} % CI {interval(one.interval, decimals)},"
        f" t({degrees(one.df)}) = {number(one.t)}, {p_text(one.p)}{tail}{adjusted}"
    )


def _minus(label: str) -> str:
    return label.replace(" - ", " − ")


def _randomization(analysis: Analysis) -> tuple[str, ...]:
    """Say what re-drawing the groups as they were drawn gives, and what it cannot give."""
    found = analysis.randomization
    if found is None:
        return ()
    first = found.effects[0]
    how = f"all {first.count:,}" if first.exact else f"{first.count:,} re-drawn"
    said = listed(f"{term_label(one.term)} {p_text(one.p)}" for one in found.effects)
    return (f"Against {how} allocations of the scheme that was used (randomisation test): {said}.", *found.notes)


def _other_analyses(analysis: Analysis) -> Iterator[str]:
    """Say of each effect how many other analyses of the same units come to the planned one's side of alpha."""
    planned = {one.term: one for one in analysis.sensitivity if one.analysis == "planned"}
    parts = []
    for term, first in planned.items():
        others = [one for one in analysis.sensitivity if one.term == term and one is not first and one.p is not None]
        if first.p is not None and others:
            parts.append(_agreeing(analysis, first, others))
    if parts:
        names = dict.fromkeys(one.analysis for one in analysis.sensitivity if one.analysis != "planned")
        yield f"Other analyses of the same data ({', '.join(names)}): {'; '.join(parts)}."


def _agreeing(analysis: Analysis, planned: SensitivityRow, others: list[SensitivityRow]) -> str:
    alpha = analysis.plan.alpha
    side = (planned.p or 0.0) < alpha
    apart = [one for one in others if ((one.p or 0.0) < alpha) != side]
    name = f"{term_label(planned.term)} {'shown' if side else 'not shown'} by"
    low, high = (edge(one.p or 0.0 for one in others) for edge in (min, max))
    span = f"{p_text(low, name='p from').replace(' = ', ' ')} to {p_text(high, name='').removeprefix(' = ').strip()}"
    if not apart:
        return f"{name} all {len(others)}, {span}"
    besides = "not by" if side else "and shown by"
    return f"{name} {len(others) - len(apart)} of {len(others)}, {besides} {listed(map(_otherwise, apart))}"


def _otherwise(one: SensitivityRow) -> str:
    if one.f is None or one.df is None or one.df_error is None or one.p is None:
        return one.analysis
    return f"{one.analysis}, F({degrees(one.df)}, {degrees(one.df_error)}) = {number(one.f)}, {p_text(one.p)}"


def _equivalence(analysis: Analysis) -> Iterator[str]:
    """Say of every marginal difference whether it is shown to be smaller than the smallest effect of interest."""
    if analysis.equivalence is None:
        return
    if analysis.equivalence.note:
        yield analysis.equivalence.note
    tests = {test.label: test for test in analysis.equivalence.tests}
    for one in analysis.differences:
        if one.label in tests and _is_marginal(one):
            yield _two_one_sided(analysis, one, tests[one.label])


def _is_marginal(one: Difference) -> bool:
    return not one.within and ":" not in one.factor


_SAYS = {
    "equivalent": "is equivalent to none: it lies within",
    "different but within bounds": "is not zero, and yet lies within",
    "different and not equivalent": "is not shown to be smaller than the smallest effect of interest,",
    "not shown": "is shown neither to differ from zero nor to lie within",
}


def _two_one_sided(analysis: Analysis, one: Difference, test: Equivalence) -> str:
    t, p = max((test.t_lower, test.p_lower), (test.t_upper, test.p_upper), key=lambda side: side[1])
    outside = abs(one.estimate) > test.smallest_effect
    said = "the estimate is outside" if outside else f"t({degrees(test.df)}) = {number(t)}"
    bounds = with_unit(f"±{test.smallest_effect:g}", analysis.unit)
    limits = interval(test.interval, decimals_for(one.se))
    return (
        f"The difference {difference_label(one)} {_SAYS[test.says]} {bounds} (two one-sided tests, {said},"
        f" {p_text(p)}, one-tailed; {100 * test.interval_level:g} % CI {limits})."
    )


def _detectable(analysis: Analysis) -> Iterator[str]:
    """Say how small a difference the analysis would have found, each size once."""
    sizes = {one.label: one for one in analysis.detectable}
    named: dict[str, list[str]] = {}
    for one in analysis.differences:
        if one.label in sizes and not one.within:
            named.setdefault(_detectable_size(analysis, sizes[one.label], one), []).append(difference_label(one))
    if named:
        power = analysis.detectable[0].power
        parts = [f"{size} in {listed(labels)}" for size, labels in named.items()]
        yield f"The smallest difference found with {100 * power:g} % power, at this n and spread, is {listed(parts)}."


def _detectable_size(analysis: Analysis, found: DetectableDifference, one: Difference) -> str:
    size = with_unit(number(found.size, decimals_for(one.se)), analysis.unit)
    return size if found.in_sd is None else f"{size} ({number(found.in_sd)} SD)"
