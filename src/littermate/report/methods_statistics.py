"""The statistical methods, in sentences, from the plans as they were fitted."""

from __future__ import annotations

from collections.abc import Iterator

from littermate.model.analysis import Analysis
from littermate.report.content import ReportContent
from littermate.report.way_names import used_ways, way_words
from littermate.report.wording import listed, sentence

__all__ = ["statistics_sentences"]

_TYPES = {1: "I", 2: "II", 3: "III"}


def statistics_sentences(content: ReportContent) -> tuple[str, ...]:
    """Write the models, what is compared and adjusted, and what stands beside them."""
    analyses = content.analyses
    texts = (
        *_models(analyses),
        *_adjusted(content),
        *_options(analyses),
        *_beside(content),
        *content.detectable,
    )
    return (*texts, f"Computed with Littermate {content.version}.")


def _models(analyses: tuple[Analysis, ...]) -> Iterator[str]:
    for kind in sorted({analysis.plan.type for analysis in analyses}):
        contrast = " with sum-to-zero contrasts" if kind == 3 else ""
        yield f"Linear models were tested with type {_TYPES.get(kind, kind)} sums of squares{contrast}."
    if any(analysis.mixed for analysis in analyses):
        yield "Models with random groups were fitted by REML and tested by Kenward and Roger's method."
    if analyses:
        yield f"Planned models: {'; '.join(analysis.plan.formula for analysis in analyses)}."


def _adjusted(content: ReportContent) -> Iterator[str]:
    """Say at which level, and over what P values are adjusted."""
    if not content.analyses:
        return
    alphas = sorted({analysis.plan.alpha for analysis in content.analyses})
    over = "P values are not adjusted over outcomes"
    if content.families:
        families = listed(f"{name} ({family.method})" for name, family in content.families)
        over = f"P values of the plan's families are also given adjusted: {families}"
    yield f"Alpha was {listed(f'{alpha:g}' for alpha in alphas)}, two-sided; {over}."
    yield (
        "Differences are between marginal means of the model, with 95 % confidence intervals from its pooled "
        "error; Hedges g is standardised by the residual standard deviation with the small-sample correction; the "
        "90 % interval of partial eta squared comes from the noncentral F."
    )


def _options(analyses: tuple[Analysis, ...]) -> Iterator[str]:
    """Say what the plans ask for beside their model: contrasts, scales, outliers."""
    for one in analyses:
        for family in one.comparisons:
            yield sentence(f"{one.plan.outcome}, {family.family}: {family.adjust_words}")
        if one.plan.scale:
            yield sentence(f"{one.plan.outcome} was analysed on the {one.plan.scale} scale, as planned")
        if one.plan.outliers:
            yield sentence(
                f"{one.plan.outcome}: outliers were left out by the plan's rule, {one.plan.outliers}"
                f" ({len(one.left_out)} left out)"
            )


def _beside(content: ReportContent) -> Iterator[str]:
    bounds = [
        f"{one.plan.outcome} ±{one.equivalence.smallest_effect:g} {one.unit}".rstrip()
        for one in content.analyses
        if one.equivalence is not None and one.equivalence.smallest_effect is not None
    ]
    if bounds:
        yield (
            "Equivalence was tested by two one-sided tests against the smallest effect of interest of the plan:"
            f" {'; '.join(bounds)}."
        )
        reasons = [text for heading, text in content.protocol.facts if "smallest effect" in heading.lower()]
        yield from map(sentence, reasons or ["why these are the smallest effects of interest is not on record"])
    if redrawn := [one.randomization for one in content.analyses if one.randomization]:
        yield f"The randomisation test re-draws the groups by the scheme that was used: {redrawn[0].method}."
    if scales := sorted({factor.r for one in content.analyses for factor in one.bayes_factors}):
        prior = listed(f"{scale:.3g}" for scale in scales)
        yield f"Bayes factors are JZS, with a Cauchy prior of scale {prior} on the effect in residual SD."
    if ways := used_ways(content.analyses):
        yield sentence(f"each effect was also analysed in other ways, beside the planned one: {way_words(ways)}")
    if any(one.detectable for one in content.analyses):
        yield "The smallest difference detectable with 80 % power is worked out from each model's own standard error."
