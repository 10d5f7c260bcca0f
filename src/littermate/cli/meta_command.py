"""Meta command: the effects of earlier studies in one table, pooled."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.json_output import record_json
from littermate.cli.options import Figure, Json, drawable
from littermate.cli.printing import out, print_findings, print_json, print_rules, print_table
from littermate.literature.pooling import Pooling
from littermate.literature.synthesis import Asked
from littermate.model.interval import Interval
from littermate.model.meta_analysis import MetaAnalysis, MetaRegression, PooledStudies, Subgroups
from littermate.model.publication_bias import PublicationBias
from littermate.model.study_effect import MEASURES, RATIOS
from littermate.report.forest_figure import draw_forest, effect_text, heterogeneity_text
from littermate.report.funnel_figure import draw_funnel
from littermate.single.meta import MetaOptions, MetaResult, meta_findings, meta_rules, pool_table
from littermate.single.picture import save

__all__ = ["register"]

Funnel = Annotated[Path | None, typer.Option("--funnel", help="Write the funnel (PNG, SVG or PDF).", callback=drawable)]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(meta)


def meta(
    table: Path,
    measure: Annotated[str, typer.Option(help="SMD, MD, ROM, RR, OR or given; told by the columns.")] = "",
    method: Annotated[str, typer.Option(help="tau2 by REML, DL, ML, PM, SJ, HE, EB, HS; EE: none.")] = "REML",
    test: Annotated[str, typer.Option(help="z, t, knha (Knapp-Hartung) or adhoc (not narrower).")] = "z",
    level: Annotated[float, typer.Option(help="Of the intervals, percent.")] = 95.0,
    subgroup: Annotated[str, typer.Option(help="Column by which studies are pooled apart.")] = "",
    moderator: Annotated[list[str] | None, typer.Option(help="Column of a meta-regression; again for more.")] = None,
    aggregate: Annotated[
        float | None, typer.Option(help="Combine a study's effects first, correlated by so much.")
    ] = None,
    shared_control: Annotated[str, typer.Option(help="A control group of several effects: keep or split.")] = "keep",
    figure: Figure = None,
    funnel: Funnel = None,
    json: Json = False,
) -> None:
    """Pool the effects of earlier studies: forest, heterogeneity, subgroups, meta-regression, funnel."""
    asked = Asked(
        how=Pooling(method=method, test=test, level=level / 100),
        subgroup=subgroup,
        moderators=tuple(moderator or ()),
        correlation=aggregate,
    )
    options = MetaOptions(measure=measure, shared=shared_control, asked=asked)
    result = pool_table(table, options)
    if figure:
        save(draw_forest(result.analysis), figure)
    if funnel:
        save(draw_funnel(result.analysis, result.bias), funnel)
    rules, findings = meta_rules(result, options), meta_findings(result)
    if json:
        return print_json(rules, findings, **_content(result))
    _print_studies(result.analysis)
    _print_pooled(result.analysis)
    _print_subgroups(result.analysis)
    _print_regression(result.analysis)
    _print_bias(result.analysis.measure, result.bias)
    _print_without(result)
    print_findings(findings)
    print_rules(rules)
    return None


def _content(result: MetaResult) -> dict[str, Any]:
    """Return everything under the names of json-output.md; `estimate` and `ci` of a ratio are its logarithm."""
    found = result.analysis
    ratio = found.measure in RATIOS
    pooled = found.pooled
    return {
        "measure": found.measure,
        **_pooled_json(pooled),
        "estimate_ratio": math.exp(pooled.estimate) if ratio else None,
        "ci_ratio": _exponents(pooled.ci) if ratio else None,
        "prediction_interval_ratio": _exponents(pooled.prediction_interval) if ratio else None,
        "favours": found.favours,
        "common": _pooled_json(found.common),
        "studies": _studies_json(found),
        "left_out": [{"study": name, "reason": why} for name, why in found.left_out],
        "subgroups": _subgroups_json(found),
        "regression": _regression_json(found.regression),
        "asymmetry": [record_json(one) for one in result.bias.tests],
        "trim_and_fill": [record_json(one) | {"pooled": _pooled_json(one.pooled)} for one in result.bias.filled],
        "leave_one_out": [{"study": name, **_pooled_json(one)} for name, one in result.without],
        "cumulative": [{"year": year, **_pooled_json(one)} for year, one in result.by_year],
    }


def _pooled_json(pooled: PooledStudies) -> dict[str, Any]:
    content = record_json(pooled) | record_json(pooled.heterogeneity)
    return {name: value for name, value in content.items() if name not in ("heterogeneity", "weights")}


def _exponents(limits: Interval) -> Interval:
    return math.exp(limits[0]), math.exp(limits[1])


def _studies_json(found: MetaAnalysis) -> list[dict[str, Any]]:
    return [
        {
            **record_json(one),
            "columns": dict(one.columns),
            "ci": one.interval(found.pooled.level),
            "weight": weight,
        }
        for one, weight in zip(found.effects, found.pooled.weights, strict=True)
    ]


def _subgroups_json(found: MetaAnalysis) -> dict[str, Any] | None:
    if found.subgroups is None:
        return None
    groups = [
        {"group": one.level, "studies": [found.effects[row].study for row in one.members], **_pooled_json(one.pooled)}
        for one in found.subgroups.groups
    ]
    return record_json(found.subgroups) | {"groups": groups}


def _regression_json(regression: MetaRegression | None) -> dict[str, Any] | None:
    if regression is None:
        return None
    content = record_json(regression) | record_json(regression.heterogeneity)
    del content["heterogeneity"]
    return content | {"coefficients": [record_json(one) for one in regression.coefficients]}


def _print_studies(found: MetaAnalysis) -> None:
    columns = ("study", "n treatment", "n control", "effect [CI]", "variance", "weight %", "from")
    print_table(
        MEASURES[found.measure],
        columns,
        [
            (
                one.study,
                one.n_treatment,
                one.n_control,
                effect_text(found.measure, one.yi, one.interval(found.pooled.level)),
                one.vi,
                weight,
                one.source,
            )
            for one, weight in zip(found.effects, found.pooled.weights, strict=True)
        ],
    )


def _print_pooled(found: MetaAnalysis) -> None:
    rows = [(found.pooled.method, found.pooled)]
    rows += [("common effect", found.common)] if found.pooled.method != "EE" else []
    print_table(
        f"pooled, k = {found.pooled.k}",
        ("method", "effect [CI]", "statistic", "P", "prediction interval", "tau2", "I2 %"),
        [_pooled_row(name, one, found.measure) for name, one in rows],
    )
    out.print("\n[bold]heterogeneity[/]")
    out.print(heterogeneity_text(found.pooled.heterogeneity), markup=False)


def _pooled_row(name: str, pooled: PooledStudies, measure: str) -> tuple[object, ...]:
    alone, spread = pooled.k == 1, pooled.heterogeneity
    return (
        name,
        effect_text(measure, pooled.estimate, pooled.ci),
        pooled.statistic,
        pooled.p,
        None if alone or pooled.method == "EE" else effect_text(measure, None, pooled.prediction_interval),
        None if alone else spread.tau2,
        None if alone else spread.i2,
    )


def _print_subgroups(found: MetaAnalysis) -> None:
    groups: Subgroups | None = found.subgroups
    if groups is None:
        return
    print_table(
        f"by {groups.column}",
        ("level", "k", "effect [CI]", "P", "tau2"),
        [
            (
                one.level,
                one.pooled.k,
                effect_text(found.measure, one.pooled.estimate, one.pooled.ci),
                one.pooled.p,
                one.pooled.heterogeneity.tau2,
            )
            for one in groups.groups
        ],
    )
    print_table(
        "between levels",
        ("variance between studies", "statistic", "df", "P"),
        [
            ("each level's own", groups.q, groups.df, groups.p),
            ("one for all", groups.q_common, groups.df, groups.p_common),
        ],
    )


def _print_regression(found: MetaAnalysis) -> None:
    regression = found.regression
    if regression is None:
        return
    print_table(
        f"meta-regression on {', '.join(regression.moderators)}, k = {regression.k}",
        ("coefficient", "estimate", "SE", "statistic", "P", "CI"),
        [
            (one.name, one.estimate, one.se, one.statistic, one.p, f"{one.ci[0]:.3g} to {one.ci[1]:.3g}")
            for one in regression.coefficients
        ],
    )
    print_table(
        "all moderators",
        ("QM", "df", "P", "tau2 left", "R2 %"),
        [(regression.qm, regression.qm_df, regression.qm_p, regression.heterogeneity.tau2, regression.r2)],
    )


def _print_bias(measure: str, bias: PublicationBias) -> None:
    if bias.tests:
        print_table(
            "funnel",
            ("test", "statistic", "df", "P"),
            [(one.name, one.statistic, one.df, one.p) for one in bias.tests],
        )
    if bias.filled:
        print_table(
            "trim-and-fill",
            ("estimator", "missing", "side", "effect [CI]"),
            [
                (one.estimator, one.missing, one.side, effect_text(measure, one.pooled.estimate, one.pooled.ci))
                for one in bias.filled
            ],
        )


def _print_without(result: MetaResult) -> None:
    if len(result.without) > 2:
        measure = result.analysis.measure
        print_table(
            "without each study",
            ("study", "effect [CI]", "P", "tau2", "I2 %"),
            [
                (
                    name,
                    effect_text(measure, one.estimate, one.ci),
                    one.p,
                    one.heterogeneity.tau2,
                    one.heterogeneity.i2,
                )
                for name, one in result.without
            ],
        )
