"""Analysis tables: an analysis, mixed or repeated, as tables for people."""

from __future__ import annotations

from littermate.cli.printing import out, print_table
from littermate.model.analysis import Analysis
from littermate.model.comparison import Comparisons
from littermate.model.interval import Interval
from littermate.model.mixed_model import MixedModel
from littermate.model.repeated_measures import RepeatedMeasures
from littermate.model.robust import RobustAnova

__all__ = ["print_analysis", "print_repeated", "print_robust"]

_CI = "95 % CI"


def print_analysis(analysis: Analysis) -> None:
    """Print all that an analysis says."""
    _print_effects(analysis)
    if analysis.mixed is not None:
        _print_mixed(analysis.mixed)
    print_table(
        "groups",
        ("group", "n", "mean", "SD", "SEM"),
        [(", ".join(level for _, level in one.levels), one.n, one.mean, one.sd, one.sem) for one in analysis.groups],
    )
    print_table(
        "differences (unadjusted)",
        ("difference", "estimate", _CI, "P", "Hedges g", _CI),
        [
            (one.label, one.estimate, _interval(one.ci95), one.p, one.hedges_g, _interval(one.hedges_g_ci95))
            for one in analysis.differences
        ],
    )
    for family in analysis.comparisons:
        _print_family(family)
    _print_no_effect(analysis)
    _print_randomization(analysis)
    if analysis.assumptions:
        print_table(
            "assumptions",
            ("check", "statistic", "P", "says"),
            [(one.name, one.statistic, one.p, one.says) for one in analysis.assumptions],
        )
    _print_sensitivity(analysis)


def _print_effects(analysis: Analysis) -> None:
    plan = analysis.plan
    if analysis.mixed is not None:
        print_table(
            f"{plan.formula}, Kenward-Roger, n = {analysis.n}",
            ("effect", "df", "df error", "F", "P"),
            [(one.term, one.df, one.df_error, one.f, one.p) for one in analysis.effects],
        )
        return
    print_table(
        f"{plan.formula}, type {plan.type} sums of squares, n = {analysis.n}",
        ("effect", "df", "df error", "SS", "F", "P", "partial eta2", "90 % CI", "partial omega2"),
        [
            (
                one.term,
                one.df,
                one.df_error,
                one.ss,
                one.f,
                one.p,
                one.partial_eta_squared,
                _interval(one.partial_eta_squared_ci90),
                one.partial_omega_squared,
            )
            for one in analysis.effects
        ],
    )


def _print_mixed(model: MixedModel) -> None:
    print_table(
        "variances (REML)",
        ("of", "groups", "variance", "SD", "share", "P"),
        [(one.group, one.levels, one.variance, one.sd, one.share, one.p) for one in model.components],
    )
    print_table(
        "as if rows of one group had nothing in common (pseudoreplication; not to be reported)",
        ("effect", "df", "df error", "F", "P"),
        [(one.term, one.df, one.df_error, one.f, one.p) for one in model.naive],
    )


def _print_family(family: Comparisons) -> None:
    print_table(
        f"{family.family}: {family.adjust_words}; {family.interval_words}",
        ("contrast", "estimate", f"{100 * family.level:g} % CI", "P", "P adjusted"),
        [(one.label, one.estimate, _interval(one.interval), one.p, one.p_adjusted) for one in family.rows],
    )
    if family.not_estimable:
        out.print(f"not estimable: {', '.join(family.not_estimable)}")


def _print_no_effect(analysis: Analysis) -> None:
    """Print the equivalence tests, where there is a smallest effect, with the Bayes factors."""
    if analysis.equivalence is None or analysis.equivalence.smallest_effect is None:
        return
    print_table(
        f"equivalence within ±{analysis.equivalence.smallest_effect:g}; Bayes factor for no effect (JZS)",
        ("difference", "P equivalence", "says", "BF01", "evidence"),
        [
            (
                one.label,
                one.p,
                one.says,
                grade.bf01 if grade else None,
                grade.says if grade else "",
            )
            for one, grade in analysis.no_effect
        ],
    )


def _print_randomization(analysis: Analysis) -> None:
    found = analysis.randomization
    if found is None:
        return
    print_table(
        f"randomisation test: {found.method}",
        ("effect", "F", "P", "as large", "of", "smallest P", "SE of P"),
        [(one.term, one.f, one.p, one.b, one.count, one.smallest_p, one.mc_se) for one in found.effects],
    )
    for line in dict.fromkeys(one.scheme for one in found.effects):
        out.print(f"drawn again: {line}", markup=False)
    for note in found.notes:
        out.print(note, markup=False)


def _print_sensitivity(analysis: Analysis) -> None:
    if not analysis.sensitivity:
        return
    print_table(
        "sensitivity: the planned analysis stays the primary one",
        ("analysis", "effect", "n", "F", "P", "estimate", _CI, "note"),
        [
            (one.analysis, one.term, one.n, one.f, one.p, one.estimate, _interval(one.ci95), one.note)
            for one in analysis.sensitivity
        ],
    )


def print_robust(robust: RobustAnova) -> None:
    """Print a robust form; the planned analysis stays the primary one."""
    print_table(
        f"{robust.method}: {robust.words}",
        ("effect", "df", "df error", "F", "P"),
        [(one.term, one.df, one.df_error, one.f, one.p) for one in robust.effects],
    )


def print_repeated(repeated: RepeatedMeasures) -> None:
    """Print a repeated-measures analysis."""
    print_table(
        f"{repeated.formula}, n = {repeated.n}",
        ("effect", "df", "df error", "F", "P", "epsilon GG", "P GG", "epsilon HF", "P HF", "generalized eta2"),
        [
            (one.term, one.df, one.df_error, one.f, one.p, *sphericity, one.generalized_eta_squared)
            for one in repeated.effects
            for sphericity in [
                (None,) * 4
                if one.sphericity is None
                else (one.sphericity.epsilon_gg, one.sphericity.p_gg, one.sphericity.epsilon_hf, one.sphericity.p_hf)
            ]
        ],
    )
    print_table(
        "groups",
        ("group", "n", "mean", "SD", "SEM"),
        [(", ".join(level for _, level in one.levels), one.n, one.mean, one.sd, one.sem) for one in repeated.groups],
    )


def _interval(limits: Interval | None) -> str:
    return "" if limits is None else f"{limits[0]:.3g} to {limits[1]:.3g}"
