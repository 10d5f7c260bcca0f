"""The results in sentences, written from `Analysis` records and from nothing else.

American Psychological Association form: F with both degrees of freedom, P exactly, partial eta squared with its 90 %
interval, the difference in the outcome's unit with its 95 % interval, Hedges g with its 95 % interval. A P at or above
alpha is worded "was not shown": absence of an effect is only ever claimed by an equivalence test, whose sentence is
given beside it. Blocks (a membrane) and covariates (the weight) are in the table, not in the text.
"""

from __future__ import annotations

from littermate.model.analysis import Analysis
from littermate.model.effect import Difference, Effect
from littermate.report.beside import randomization_sentence
from littermate.report.numbers import bounded, decimals_for, degrees, interval, number, p_text
from littermate.report.wording import difference_label, group_label, listed, sentence, term_label

__all__ = [
    "adjusted_for",
    "describe_groups",
    "effect_sentence",
    "effect_statistics",
    "headline",
    "outcome_sentences",
    "studied_effects",
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


def adjusted_for(analysis: Analysis) -> tuple[str, ...]:
    """Return the terms that are in the model for precision only: blocks and covariates."""
    return (*analysis.plan.blocks, *analysis.plan.covariates)


def studied_effects(analysis: Analysis) -> list[Effect]:
    """Return the effects under study: all but blocks and covariates."""
    return [effect for effect in analysis.effects if effect.term not in adjusted_for(analysis)]


def outcome_sentences(analysis: Analysis, equivalence: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Write the results of one outcome: the groups, then each effect, then what the equivalence test says."""
    effects = studied_effects(analysis)
    return (
        describe_groups(analysis),
        *(effect_sentence(analysis, effect) for effect in effects),
        *_simple_effects(analysis, effects),
        *randomization_sentence(analysis),
        *(sentence(text) for text in equivalence),
    )


def describe_groups(analysis: Analysis) -> str:
    """Write each group's mean, standard error and n."""
    parts = []
    for group in analysis.groups:
        decimals = decimals_for(group.sem)
        spread = "" if group.sem is None else f" ± {number(group.sem, decimals)}"
        unit = f" {analysis.unit}" if analysis.unit else ""
        parts.append(f"{number(group.mean, decimals)}{spread}{unit} (n = {group.n}) with {group_label(group.levels)}")
    return f"Mean {analysis.plan.outcome} ± SEM was {listed(parts)}."


def effect_sentence(analysis: Analysis, effect: Effect) -> str:
    """Say what the model shows of one effect, with its size."""
    found = [d for d in analysis.differences if d.factor == effect.term and not d.within]
    sizes = "; ".join(_size(difference, analysis.unit) for difference in found)
    statistics = effect_statistics(effect)
    text = f"{_claim(effect, shown=effect.p < analysis.plan.alpha)}, {statistics}"
    return f"{text}; {sizes}." if sizes else f"{text}."


def _claim(effect: Effect, *, shown: bool) -> str:
    if ":" in effect.term:
        terms = listed(effect.term.split(":"))
        return f"The effects of {terms} depended on each other" if shown else f"An interaction of {terms} was not shown"
    return f"There was an effect of {effect.term}" if shown else f"An effect of {effect.term} was not shown"


def _size(difference: Difference, unit: str) -> str:
    decimals = decimals_for(difference.se)
    name = "the difference of differences" if ":" in difference.factor else difference_label(difference)
    unit = f" {unit}" if unit else ""
    text = f"{name} was {number(difference.estimate, decimals)}{unit}, 95 % CI {interval(difference.ci95, decimals)}"
    if difference.hedges_g_ci95 is None:
        return text
    return f"{text}, Hedges g = {number(difference.hedges_g)}, 95 % CI {interval(difference.hedges_g_ci95)}"


def _simple_effects(analysis: Analysis, effects: list[Effect]) -> tuple[str, ...]:
    """Take an interaction apart where there is one; main effects then do not speak for every group."""
    shown = [e for e in effects if ":" in e.term and e.p < analysis.plan.alpha]
    if not shown:
        return ()
    names = {name for effect in shown for name in effect.term.split(":")}
    parts = [
        f"{_size(difference, analysis.unit)}, t({degrees(difference.df)}) = {number(difference.t)},"
        f" {p_text(difference.p)}"
        for difference in analysis.differences
        if difference.within and difference.factor in names
    ]
    warning = f"Because of the interaction ({listed(term_label(e.term) for e in shown)}), main effects are averages"
    return (f"{warning}. Simple effects, unadjusted: {'; '.join(parts)}." if parts else f"{warning}.",)


def headline(analysis: Analysis) -> str:
    """Say in a line what the plan's effects showed: ``"shown: ketamine; not shown: magnesium, ..."``."""
    effects = studied_effects(analysis)
    shown = [term_label(effect.term) for effect in effects if effect.p < analysis.plan.alpha]
    rest = [term_label(effect.term) for effect in effects if effect.p >= analysis.plan.alpha]
    return "; ".join(
        text for text, names in ((f"shown: {listed(shown)}", shown), (f"not shown: {listed(rest)}", rest)) if names
    )
