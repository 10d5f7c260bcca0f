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
from littermate.report.numbers import decimals_for, degrees, interval, number, p_span, p_text
from littermate.report.way_names import way_name
from littermate.report.wording import capital, difference_label, listed, sentence, term_label, with_unit

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
    said = listed(f"{p_text(one.p)} for {term_label(one.term)}" for one in found.effects)
    scheme = f"a randomisation test against {how} allocations of the scheme that was used"
    return (f"{capital(scheme)} gave {said}.", *found.notes)


def _other_analyses(analysis: Analysis) -> Iterator[str]:
    """Say of each effect how many other analyses of the same units come to the planned one's side of alpha."""
    ways = {effect.term: others for effect in analysis.studied if (others := analysis.other_ways(effect.term))}
    if ways:
        names = dict.fromkeys(way_name(one.analysis) for others in ways.values() for one in others)
        parts = [_agreeing(analysis, term, others) for term, others in ways.items()]
        yield f"In other analyses of the same data ({', '.join(names)}), {'; '.join(parts)}."


def _agreeing(analysis: Analysis, term: str, others: tuple[SensitivityRow, ...]) -> str:
    shown, apart = analysis.effect(term).p < analysis.plan.alpha, analysis.disagreeing(term)
    if not apart:
        span = p_span(one.p or 0.0 for one in others)
        return f"{term_label(term)} was shown by {'all' if shown else 'none of'} {len(others)} ({span})"
    named = f"{len(apart)} of {len(others)}: {listed(map(_otherwise, apart))}"
    if shown:
        return f"{term_label(term)}, shown as planned, was not shown by {named}"
    return f"{term_label(term)}, not shown as planned, was shown by {named}"


def _otherwise(one: SensitivityRow) -> str:
    if one.f is None or one.df is None or one.df_error is None:
        return f"{way_name(one.analysis)}, {p_text(one.p or 0.0)}"
    test = f"F({degrees(one.df)}, {degrees(one.df_error)}) = {number(one.f)}"
    return f"{way_name(one.analysis)}, {test}, {p_text(one.p or 0.0)}"


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
    "equivalent": "is equivalent to zero: it lies within",
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
    averaged = ", averaged over the groups," if _depends(analysis, one.factor) else ""
    return (
        f"The difference {difference_label(one)}{averaged} {_SAYS[test.says]} {bounds} (two one-sided tests, {said},"
        f" {p_text(p)}, one-tailed; {100 * test.interval_level:g} % CI {limits})."
    )


def _depends(analysis: Analysis, factor: str) -> bool:
    """Whether an interaction of the factor was shown, so that its difference is an average of unlike ones."""
    alpha = analysis.plan.alpha
    return any(factor in one.term.split(":") for one in analysis.studied if ":" in one.term and one.p < alpha)


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
        found = f"The smallest difference detectable with {100 * power:g} % power, at this n and spread,"
        yield f"{found} was {listed(parts)}."


def _detectable_size(analysis: Analysis, found: DetectableDifference, one: Difference) -> str:
    size = with_unit(number(found.size, decimals_for(one.se)), analysis.unit)
    return size if found.in_sd is None else f"{size} ({number(found.in_sd)} SD)"
