"""How far meta-analyses are from R metafor.

`section()` compares every number of tests/literature/reference/metafor.json with ours, by the kind of number: the
tables go through the readers as a user's would.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from littermate.literature.asymmetry import egger_mixed, publication_bias
from littermate.literature.between import METHODS
from littermate.literature.clusters import aggregate
from littermate.literature.effect_table import EffectTable, read_effects
from littermate.literature.influence import leave_one_out
from littermate.literature.moderators import arrays, by_subgroup, regress
from littermate.literature.pooling import TESTS, Pooling, pool
from littermate.literature.weighted import Effects
from littermate.model.meta_analysis import MetaRegression, PooledStudies

sys.path.insert(0, str(Path(__file__).parent))
from comparing import Numbers, worst

REFERENCE = Path(__file__).parents[2] / "tests" / "literature" / "reference" / "metafor.json"
CASES = {
    "bcg_rr": ("bcg", "RR"),
    "bcg_or": ("bcg", "OR"),
    "normand_g": ("normand", "SMD"),
    "normand_md": ("normand", "MD"),
    "curtis_rom": ("curtis", "ROM"),
    "preclinical_g": ("preclinical", "SMD"),
}
SCALED = ("knha", "adhoc")


def reference() -> dict[str, Any]:
    """Return what metafor says."""
    found: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return found


def table_of(rows: Sequence[dict[str, Any]], measure: str) -> EffectTable:
    """Read a data set as a table of text."""
    return read_effects(pd.DataFrame(rows).astype(str), measure=measure)


def _pairs(kind: str, ours: Iterable[float], theirs: Iterable[float]) -> Numbers:
    yield from ((kind, a, b) for a, b in zip(ours, theirs, strict=True))


def _pooled(ours: PooledStudies, theirs: dict[str, Any]) -> Numbers:
    between = ours.heterogeneity
    yield from (("estimate", ours.estimate, theirs["beta"]), ("SE", ours.se, theirs["se"]))
    yield from (("statistic", ours.statistic, theirs["statistic"]), ("P", ours.p, theirs["p"]))
    yield from _pairs("interval", ours.ci, (limit for pair in theirs["ci"] for limit in pair))
    yield from (("tau2", between.tau2, theirs["tau2"]), ("I2, H2", between.i2, theirs["i2"]))
    if between.tau2_se is not None:
        yield "SE of tau2", between.tau2_se, theirs["tau2_se"]
    yield from (("I2, H2", between.h2, theirs["h2"]), ("Q", between.q, theirs["q"]), ("P", between.q_p, theirs["q_p"]))
    yield from (("log-likelihood", ours.log_likelihood, theirs["loglik"]),)
    yield from _pairs("weights", ours.weights, theirs["weights"])


def whole(name: str) -> Numbers:
    """Compare everything without moderators."""
    case, (data, measure) = reference()[name], CASES[name]
    effects = table_of(reference()["data"][data], measure).effects
    yield from _pairs("effects", (one.yi for one in effects), case["yi"])
    yield from _pairs("variances", (one.vi for one in effects), case["vi"])
    numbers = arrays(effects)
    for method in METHODS:
        yield from _pooled(pool(numbers, Pooling(method=method)), case["methods"][method])
    for test in TESTS[1:]:
        yield from _pooled(pool(numbers, Pooling(test=test)), case["tests"][test])
    yield from _intervals(numbers, case)
    yield from _funnel(numbers, case)
    for (_, ours), theirs in zip(leave_one_out(effects, Pooling()), case["without"], strict=True):
        yield from (("leave-one-out", ours.estimate, theirs["beta"]), ("leave-one-out", ours.se, theirs["se"]))
        yield "leave-one-out", ours.heterogeneity.tau2, theirs["tau2"]


def _intervals(numbers: Effects, case: dict[str, Any]) -> Numbers:
    plain, scaled = pool(numbers), pool(numbers, Pooling(test="knha"))
    yield from _pairs("prediction interval", plain.prediction_interval, case["prediction"]["z"])
    yield from _pairs("prediction interval", plain.prediction_interval_t or (), case["prediction"]["t"])
    yield from _pairs("prediction interval", scaled.prediction_interval, case["prediction"]["knha"])
    found = plain.heterogeneity
    for ours, theirs in ((found.tau2_ci, "tau2"), (found.i2_ci, "i2"), (found.h2_ci, "h2")):
        yield from _pairs("Q-profile", ours or (), case["interval"][theirs])


def _funnel(numbers: Effects, case: dict[str, Any]) -> Numbers:
    bias = publication_bias(numbers, Pooling())
    mixed, weighted, rank = bias.tests
    egger = case["egger"]
    yield from (("Egger", mixed.statistic, egger["z"]), ("Egger", mixed.p, egger["p"]))
    yield from (("Egger", mixed.limit or 0.0, egger["limit"]), ("Egger", weighted.statistic, egger["lm_t"]))
    yield from (("Egger", weighted.p, egger["lm_p"]), ("Egger", weighted.limit or 0.0, egger["lm_limit"]))
    yield "Egger", egger_mixed(numbers, Pooling(test="knha")).statistic, egger["t_knha"]
    yield from (("rank test", rank.statistic, case["rank"]["tau"]), ("rank test", rank.p, case["rank"]["p"]))
    for one in bias.filled:
        theirs = case["filled"][one.estimator]
        yield "studies filled in", one.missing, theirs["k0"]
        if one.missing:
            yield "trim-and-fill", one.pooled.estimate, theirs["beta"]
            yield from _pairs("trim-and-fill", one.pooled.ci, theirs["ci"])


def _regression(ours: MetaRegression, theirs: dict[str, Any]) -> Numbers:
    parts = ours.coefficients
    yield from _pairs("regression", (one.estimate for one in parts), theirs["beta"])
    yield from _pairs("regression", (one.se for one in parts), theirs["se"])
    yield from _pairs("regression", (one.p for one in parts), theirs["p"])
    yield from _pairs("regression", (one.ci[0] for one in parts), theirs["ci"][0])
    yield from (("regression", ours.qm, theirs["qm"]), ("regression", ours.qm_p, theirs["qm_p"]))
    yield from (
        ("regression", ours.heterogeneity.tau2, theirs["tau2"]),
        ("regression", ours.heterogeneity.i2, theirs["i2"]),
    )
    if theirs.get("r2") is not None:
        yield "R2", ours.r2 or 0.0, theirs["r2"]


def moderators() -> Numbers:
    """Compare meta-regressions and subgroups."""
    everything = reference()
    sets = {"bcg": ("RR", {"ablat": ["ablat"], "alloc": ["alloc"], "both": ["alloc", "ablat"]})}
    sets["preclinical"] = ("SMD", {"dose": ["dose"], "both": ["species", "dose"]})
    for data, (measure, models) in sets.items():
        effects = table_of(everything["data"][data], measure).effects
        for name, columns in models.items():
            for method in METHODS:
                theirs = everything[f"regression_{data}"][name][method]
                for test in ("z", "knha"):
                    yield from _regression(regress(effects, columns, Pooling(method=method, test=test)), theirs[test])
        column = "alloc" if data == "bcg" else "species"
        yield from _groups(by_subgroup(effects, column, Pooling()), everything["subgroups"][column])


def _groups(ours: Any, theirs: dict[str, Any]) -> Numbers:
    yield from _pairs("subgroups", (one.pooled.estimate for one in ours.groups), theirs["beta"])
    yield from _pairs("subgroups", (one.pooled.se for one in ours.groups), theirs["se"])
    yield from (("subgroups", ours.q, theirs["q"]), ("subgroups", ours.p, theirs["p"]))
    yield from (("subgroups", ours.q_common, theirs["qm"]), ("subgroups", ours.p_common, theirs["qm_p"]))


def combined() -> Numbers:
    """Compare effects of one study combined into one, and counts of 0."""
    everything = reference()
    ours = aggregate(table_of(everything["data"]["preclinical"], "SMD").effects, 0.5)
    places = {name: place for place, name in enumerate(everything["aggregate"]["study"])}
    for one in ours:
        place = next(at for name, at in places.items() if one.cluster.startswith(name))
        yield "combined effects", one.yi, everything["aggregate"]["yi"][place]
        yield "combined effects", one.vi, everything["aggregate"]["vi"][place]
    for measure, theirs in everything["zero"].items():
        effects = table_of(everything["data"]["zero"], measure).effects
        yield from _pairs("effects", (one.yi for one in effects), theirs["yi"])
        yield from _pairs("variances", (one.vi for one in effects), theirs["vi"])


def _everything() -> Iterator[tuple[str, dict[str, float], int]]:
    cases = {name: (lambda name=name: whole(name)) for name in CASES}
    cases |= {"moderators": moderators, "combined": combined}
    for name, case in cases.items():
        yield name, worst(case), sum(1 for _ in case())


def section() -> str:
    """Return the section of docs/validation.md."""
    software = reference()["software"]
    found: dict[str, float] = {}
    count = 0
    for _, apart, numbers in _everything():
        count += numbers
        found = {kind: max(found.get(kind, 0.0), apart.get(kind, 0.0)) for kind in {**found, **apart}}
    lines = [f"| {kind} | {apart:.1e} |" for kind, apart in found.items()]
    return "\n".join(
        [
            "## Meta-analysis",
            "",
            f"metafor {software['metafor']} (R {software['R']}; `tests/literature/reference/metafor.R`) on dat.bcg (log"
            " risk and odds ratios), dat.normand1999 (g, differences of means), 40 rows of dat.curtis1998 (log ratios"
            " of means) and a simulated preclinical set (g, several effects a study), by nine estimators and four"
            f" tests: {count} numbers. Largest relative difference:",
            "",
            "| number | largest difference |",
            "| --- | --- |",
            *lines,
            "",
            f"Largest of all: {max(found.values()):.1e}. metafor's own iterations were made as tight as they go"
            " (thresholds of 1e-10 to 1e-13, `tol` of 1e-15): with its defaults the Paule-Mandel estimate and Q-profile"
            " limits have about four digits. Paule-Mandel's and the empirical Bayes estimate solve the same equation"
            " and are the same number here.",
        ]
    )
