"""Synthesis: a literature table's effects, pooled and told apart as asked, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from littermate.literature.clusters import aggregate, several_effects
from littermate.literature.effect_table import EffectTable
from littermate.literature.moderators import arrays, by_subgroup, regress
from littermate.literature.pooling import Pooling, pool
from littermate.model.finding import Finding
from littermate.model.meta_analysis import MetaAnalysis, MetaRegression
from littermate.model.study_effect import StudyEffect

__all__ = ["Asked", "findings_of", "synthesise"]

_FEW = 10
"""Below this, tests of a funnel's symmetry and meta-regressions say little (Cochrane Handbook, 10.11 and 13.3)."""
_LARGE = 2.5
"""A median standardised difference above this makes one ask whether SEMs were read as SDs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of effects: how they are pooled; columns for subgroups and moderators; the correlation by which
    the effects of one study are combined first (`None`: they are not).
    """

    how: Pooling = field(default_factory=Pooling)
    subgroup: str = ""
    moderators: tuple[str, ...] = ()
    correlation: float | None = None


def synthesise(table: EffectTable, asked: Asked) -> MetaAnalysis:
    """Pool the effects of a table.

    Raises
    ------
    TableError
        If a column asked for is not there.
    AnalysisError
        If the studies cannot tell moderators apart.
    UsageError
        If the correlation is none.
    """
    effects = table.effects if asked.correlation is None else aggregate(table.effects, asked.correlation)
    data = arrays(effects)
    return MetaAnalysis(
        measure=table.measure,
        effects=effects,
        pooled=pool(data, asked.how),
        common=pool(data, replace(asked.how, method="EE", test="z")),
        favours=table.favours,
        subgroups=by_subgroup(effects, asked.subgroup, asked.how) if asked.subgroup else None,
        regression=regress(effects, asked.moderators, asked.how) if asked.moderators else None,
        left_out=table.left_out,
    )


def findings_of(found: MetaAnalysis) -> tuple[Finding, ...]:
    """Say what a reader must know: what was left out, what is doubtful, what too few studies cannot tell."""
    return (*_about_rows(found), *_about_all(found.effects, found.measure), *_about_number(found))


def _about_rows(found: MetaAnalysis) -> Iterator[Finding]:
    for name, why in found.left_out:
        yield Finding(id="meta-left-out", importance="warning", message=f"{name} is left out: {why}.", about=name)
    for one in found.effects:
        for flag in one.flags:
            end = "" if flag.endswith("?") else "."
            yield Finding(id="meta-study", importance="warning", message=f"{one.study}: {flag}{end}", about=one.study)


def _about_all(effects: Sequence[StudyEffect], measure: str) -> Iterator[Finding]:
    several = several_effects(effects)
    if several:
        named = ", ".join(f"{name}: {count}" for name, count in list(several.items())[:5])
        studies = "1 study has" if len(several) == 1 else f"{len(several)} studies have"
        yield _warning(
            "meta-not-independent",
            f"{studies} several effects ({named}{', ...' if len(several) > 5 else ''}): these are not"
            " independent, and intervals are too narrow. --aggregate 0.5 combines them first.",
        )
    sizes = [abs(one.yi) for one in effects]
    if measure == "SMD" and len(sizes) > 2 and median(sizes) > _LARGE:
        yield _warning(
            "meta-large",
            f"Half of the effects are above {median(sizes):.1f} SD, more than animal studies usually find: are there"
            " SEMs in the columns for SDs?",
        )


def _moderators(regression: MetaRegression) -> str:
    count = len(regression.moderators)
    return "1 moderator" if count == 1 else f"{count} moderators"


def _about_number(found: MetaAnalysis) -> Iterator[Finding]:
    k, pooled = found.pooled.k, found.pooled
    if k == 1:
        yield _warning("meta-one-study", "One study: nothing is pooled, and how much studies differ is not known.")
    elif k < 5 and pooled.method != "EE":
        words = "" if pooled.test in ("knha", "adhoc") else "; the Knapp-Hartung test (--test knha) allows for that"
        yield _warning("meta-few-studies", f"{k} studies: how much studies differ is hardly known{words}.")
    if k > 1 and pooled.method != "EE" and pooled.heterogeneity.tau2_ci is None:
        yield _note("meta-too-alike", "The studies are more alike than chance: the interval of tau2 is empty.")
    if pooled.test == "knha" and k > 1 and pooled.se < found.common.se:
        yield _note(
            "meta-knha-narrow",
            "The Knapp-Hartung interval is narrower than that of a common effect; --test adhoc keeps it from being so.",
        )
    if found.regression is not None and found.regression.k < _FEW * len(found.regression.moderators):
        yield _warning(
            "meta-few-for-regression",
            f"{found.regression.k} studies for {_moderators(found.regression)}; each needs about ten.",
        )
    yield from _about_unknown(found)


def _about_unknown(found: MetaAnalysis) -> Iterator[Finding]:
    parts = {"subgroups": found.subgroups, "the meta-regression": found.regression}
    for name, part in parts.items():
        if part is not None and part.unknown:
            yield _warning("meta-unknown-level", f"Not in {name}, as its column is empty: {', '.join(part.unknown)}.")


def _warning(name: str, message: str) -> Finding:
    return Finding(id=name, importance="warning", message=message)


def _note(name: str, message: str) -> Finding:
    return Finding(id=name, importance="note", message=message)
