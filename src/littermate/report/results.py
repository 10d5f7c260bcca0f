"""The results in sentences, written from `Analysis` records and from nothing else.

American Psychological Association form: F with both degrees of freedom, P exactly, partial eta squared with its 90 %
interval, the difference in the outcome's unit with its 95 % interval, Hedges g with its 95 % interval. Differences keep
their sign and are said in words beside it ("shorter immobility with ketamine than with saline"). A P at or above alpha
is worded "was not shown", with what its interval leaves possible: absence of an effect is only ever claimed by an
equivalence test. Blocks (a membrane) and covariates (the weight) are in the table, not in the text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference, Effect
from littermate.report.numbers import bounded, decimals_for, degrees, interval, number, p_text, shared_decimals
from littermate.report.results_beside import beside_sentences
from littermate.report.wording import comparative, group_label, listed, term_label, with_unit

__all__ = [
    "describe_groups",
    "effect_sentence",
    "effect_statistics",
    "headline",
    "outcome_sentences",
]


def effect_statistics(effect: Effect) -> str:
    """Write one effect's statistics; a mixed model has no partial eta squared.

    Examples
    --------
    >>> effect_statistics(Effect(term="a", df=1, df_error=28, ss=9.0, f=5.2, p=0.0304, partial_eta_squared=0.157,
    ...                          partial_eta_squared_ci90=(0.008, 0.351), partial_omega_squared=0.116))
    'F(1, 28) = 5.20, p = .030, ηp² = .157, 90 % CI [.008, .351]'
    """
    test = f"F({effect.df}, {degrees(effect.df_error)}) = {number(effect.f)}, {p_text(effect.p)}"
    if effect.partial_eta_squared is None or effect.partial_eta_squared_ci90 is None:
        return test
    share = interval(effect.partial_eta_squared_ci90, 3, below_one=True)
    return f"{test}, ηp² = {bounded(effect.partial_eta_squared)}, 90 % CI {share}"


def outcome_sentences(analysis: Analysis) -> tuple[str, ...]:
    """Write the results of one outcome: the groups, each effect, simple effects, and what is said beside the plan."""
    return (
        describe_groups(analysis),
        *(effect_sentence(analysis, effect) for effect in analysis.studied),
        *_simple_effects(analysis),
        *beside_sentences(analysis),
    )


def describe_groups(analysis: Analysis) -> str:
    """Write each group's mean, standard error and n; of logarithms the geometric mean too."""
    log = analysis.plan.scale == "log"
    parts, decimals = [], shared_decimals(group.sem for group in analysis.groups)
    for group in analysis.groups:
        spread = "" if group.sem is None else f" ± {number(group.sem, decimals)}"
        mean = with_unit(f"{number(group.mean, decimals)}{spread}", analysis.unit)
        raw = f"; geometric mean {number(math.exp(group.mean), decimals)}" if log else ""
        parts.append(f"{mean} (n = {group.n}{raw}) with {group_label(group.levels)}")
    scale = f", on the {analysis.plan.scale} scale," if analysis.plan.scale else ""
    return f"Mean {analysis.plan.outcome} ± SEM{scale} was {listed(parts)}."


def effect_sentence(analysis: Analysis, effect: Effect) -> str:
    """Say what the model shows of one effect, with its direction and size; or what it leaves possible."""
    found = [one for one in analysis.differences if one.factor == effect.term and not one.within]
    shown = effect.p < analysis.plan.alpha
    claim = f"{_claim(analysis, effect, shown=shown)}, {effect_statistics(effect)}"
    if len(found) > 1:
        each = "; ".join(f"{_size(analysis, one)}, {_t_test(one)}" for one in found)
        return f"{claim}. Each level against {found[0].reference}, unadjusted: {each}."
    if not found:
        return f"{claim}."
    (one,) = found
    words = f"{_direction(analysis, one)}, " if shown else ""
    rest = "" if shown else f": {_left_possible(analysis, one)}"
    return f"{claim}{':' if shown else ';'} {words}{_size(analysis, one)}{rest}."


def _claim(analysis: Analysis, effect: Effect, *, shown: bool) -> str:
    outcome = analysis.plan.outcome
    if ":" in effect.term:
        terms = listed(effect.term.split(":"))
        if shown:
            return f"The effects of {terms} on {outcome} depended on each other"
        return f"An interaction of {terms} on {outcome} was not shown"
    if shown:
        return f"There was an effect of {effect.term} on {outcome}"
    return f"An effect of {effect.term} on {outcome} was not shown"


def _direction(analysis: Analysis, one: Difference) -> str:
    """Say which way a difference goes: ``"shorter immobility with ketamine than with saline"``."""
    if ":" not in one.factor:
        word = comparative(one.estimate, analysis.unit)
        return f"{word} {analysis.plan.outcome} with {one.level} than with {one.reference}"
    (level, at), (reference, other) = one.level.split(":"), one.reference.split(":")
    word = comparative(one.estimate, "")
    return f"the difference {level} − {reference} was {word} with {at} than with {other}"


def _size(analysis: Analysis, one: Difference) -> str:
    decimals = decimals_for(one.se)
    name = "the difference of differences" if ":" in one.factor else f"{one.level} − {one.reference}"
    text = f"{name} was {with_unit(number(one.estimate, decimals), analysis.unit)}"
    text = f"{text}, 95 % CI {interval(one.ci95, decimals)}"
    if analysis.plan.scale == "log":
        ratio = tuple(math.exp(limit) for limit in one.ci95)
        name = "a ratio of ratios" if ":" in one.factor else "a ratio"
        text = f"{text}, {name} of {number(math.exp(one.estimate))}, 95 % CI {interval((ratio[0], ratio[1]))}"
    if one.hedges_g_ci95 is None:
        return text
    return f"{text}, Hedges g = {number(one.hedges_g)}, 95 % CI {interval(one.hedges_g_ci95)}"


def _t_test(one: Difference) -> str:
    return f"t({degrees(one.df)}) = {number(one.t)}, {p_text(one.p)}"


def _left_possible(analysis: Analysis, one: Difference) -> str:
    """Say what the interval of a difference that was not shown leaves possible."""
    decimals = decimals_for(one.se)
    unit = "" if ":" in one.factor else analysis.unit
    ends = [
        f"{with_unit(number(abs(limit), decimals), analysis.unit)} {comparative(limit, unit)}" for limit in one.ci95
    ]
    return f"anything from {ends[0]} to {ends[1]} is compatible with these data"


def _simple_effects(analysis: Analysis) -> Iterator[str]:
    """Take an interaction apart where there is one; main effects then do not speak for every group."""
    shown = [effect for effect in analysis.studied if ":" in effect.term and effect.p < analysis.plan.alpha]
    if not shown:
        return
    names = {name for effect in shown for name in effect.term.split(":")}
    simple = [one for one in analysis.differences if one.within and one.factor in names]
    warning = f"Because of the interaction ({listed(term_label(one.term) for one in shown)}), main effects are averages"
    if not simple:
        yield f"{warning}."
        return
    yield f"{warning}; simple effects, unadjusted:"
    yield from (_simple_effect(analysis, one) for one in simple)


def _simple_effect(analysis: Analysis, one: Difference) -> str:
    held = listed(f"{factor} = {level}" for factor, level in one.within)
    said = _direction(analysis, one) if one.p < analysis.plan.alpha else "a difference was not shown"
    return f"At {held}: {said}, {_size(analysis, one)}, {_t_test(one)}."


def headline(analysis: Analysis) -> str:
    """Say in a line what the plan's effects showed: ``"shown: ketamine; not shown: magnesium, ..."``."""
    shown = [term_label(effect.term) for effect in analysis.studied if effect.p < analysis.plan.alpha]
    rest = [term_label(effect.term) for effect in analysis.studied if effect.p >= analysis.plan.alpha]
    return "; ".join(
        text for text, names in ((f"shown: {listed(shown)}", shown), (f"not shown: {listed(rest)}", rest)) if names
    )
