"""How far mixed models and repeated measures are from R: the cases beside the repository and those of tests/stats.

`section()` fits every case and returns a table: the largest relative difference from the reference in each kind of
number. A number whose reference is 0 counts by its absolute difference.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from comparing import ORACLES, Numbers, worst

from littermate.model.mixed_model import FixedTest, MixedModel
from littermate.model.repeated_measures import RepeatedMeasures
from littermate.stats.mixed import fit_mixed
from littermate.stats.repeated import fit_repeated
from littermate.stats.table import read_table

ROOT = Path(__file__).parents[2]
REFERENCES = ROOT / "tests" / "stats" / "reference"


def references(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCES / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return found


def tests(kind: str, ours: tuple[FixedTest, ...], lines: list[dict[str, Any]]) -> Numbers:
    found = {one.term: one for one in ours}
    for line in lines:
        one = found[line["term"]]
        yield f"{kind} F", one.f, line["F value"]
        yield f"{kind} df", one.df_error, line["DenDF"]
        yield f"{kind} P", one.p, line["Pr(>F)"]


def likelihood(model: MixedModel, case: dict[str, Any]) -> Numbers:
    yield "log-likelihood", model.log_likelihood, case["reml"]
    yield "log-likelihood", model.ml_log_likelihood, case["ml"]
    names = {"Residual": "residual", "cage:litter": "litter:cage"}
    for line in case["varcomp"]:
        yield "variance", model.component(names.get(line["grp"], line["grp"])).variance, line["vcov"]
    yield from tests("KR", model.effects, case["kr"])
    yield from tests("Satterthwaite", model.satterthwaite, case["satt"])


def cage_splitplot() -> Numbers:
    case = json.loads((ORACLES / "cage_splitplot.json").read_text(encoding="utf-8"))["expected"]
    model = fit_mixed(read_table(ORACLES / "cage_splitplot.csv"), "immobility ~ diet * ketamine + (1 | cage)")
    yield from likelihood(model, case)
    cage = model.component("cage")
    yield from (("ICC", cage.share, case["icc"]), ("SD", cage.sd, case["varcomp"][0]["sdcor"]))
    yield "cage LRT", cage.chi2 or 0.0, case["reml_lrt_cage"]["chi2"]
    yield "cage LRT", cage.p or 0.0, case["reml_lrt_cage"]["p_half"]
    for ours, lines in (
        (model.coefficients, case["fixed_kr"]),
        (model.satterthwaite_coefficients, case["fixed_satt"]),
    ):
        for one, line in zip(ours, lines, strict=True):
            yield "coefficients", one.estimate, line["Estimate"]
            yield "coefficients", one.se, line["Std. Error"]
            yield "coefficients", one.df, line["df"]
            yield "coefficients", one.p, line["Pr(>|t|)"]
    naive = {one.term: one for one in model.naive}
    for line in case["naive_lm_type3"][1:-1]:
        yield "naive", naive[line["term"]].f, line["F value"]
        yield "naive", naive[line["term"]].p, line["Pr(>F)"]
    for line in case["simple_kr"]:
        one = next(each for each in model.differences if each.within == (("diet", line["diet"]),))
        for value, name in ((-one.estimate, "estimate"), (one.se, "SE"), (one.df, "df"), (one.p, "p.value")):
            yield "contrasts", value, line[name]


def repeated(found: RepeatedMeasures, case: dict[str, Any]) -> Numbers:
    for line in case["table"]:
        if line["term"] != "(Intercept)":
            one = found.effect(line["term"])
            yield from (("F", one.f, line["F value"]), ("P", one.p, line["Pr(>F)"]))
    for one, line in zip(found.effects, case["none"], strict=True):
        yield "eta2", one.generalized_eta_squared, line["ges"]
    yield from corrected(found, [line for line in case.get("corrected", ()) if line["GG eps"] is not None])
    for line in case.get("mauchly", ()):
        yield from mauchly(found, line)


def corrected(found: RepeatedMeasures, lines: list[dict[str, Any]]) -> Numbers:
    for line in lines:
        sphericity = found.effect(line["term"]).sphericity
        assert sphericity is not None
        yield "epsilon", sphericity.epsilon_gg, line["GG eps"]
        yield "epsilon", sphericity.epsilon_hf, line["HF eps"]
        yield "corrected P", sphericity.p_gg, line["Pr(>F[GG])"]
        yield "corrected P", sphericity.p_hf, line["Pr(>F[HF])"]


def mauchly(found: RepeatedMeasures, line: dict[str, Any]) -> Numbers:
    sphericity = found.effect(line["term"]).sphericity
    assert sphericity is not None and sphericity.mauchly_w is not None and sphericity.mauchly_p is not None
    yield "Mauchly", sphericity.mauchly_w, line["Test statistic"]
    yield "Mauchly", sphericity.mauchly_p, line["p-value"]


def rm_oneway() -> Numbers:
    case = json.loads((ORACLES / "rm_oneway.json").read_text(encoding="utf-8"))["expected"]
    found = fit_repeated(read_table(ORACLES / "rm_oneway.csv"), "immobility ~ bin + Error(animal/bin)")
    one, line = found.effect("bin"), case["none"][0]
    yield from (("F", one.f, line["F"]), ("P", one.p, line["Pr(>F)"]))
    yield from (
        ("eta2", one.generalized_eta_squared, line["ges"]),
        ("eta2", one.partial_eta_squared, case["gg"][0]["pes"]),
    )
    yield from corrected(found, case["pval_adj"])
    yield from mauchly(found, case["mauchly"][0])
    assert found.friedman is not None
    yield "Friedman", found.friedman.statistic, case["friedman"]["statistic"]
    yield "Friedman", found.friedman.p, case["friedman"]["p.value"]


def oracles() -> dict[str, Callable[[], Numbers]]:
    """The cases beside the repository, by name."""
    return {case.__name__: case for case in (cage_splitplot, rm_oneway)}


def cases() -> dict[str, Callable[[], Numbers]]:
    """Every case on this machine, by name."""
    found = oracles() if ORACLES.is_dir() else {}
    for name, case in references("mixed").items():
        frame = pd.DataFrame(case["data"])
        found[name] = lambda frame=frame, case=case: likelihood(fit_mixed(frame, case["formula"]), case)
    for name, case in references("repeated").items():
        frame = pd.DataFrame(case["data"])
        found[name] = lambda frame=frame, case=case: repeated(fit_repeated(frame, case["formula"]), case)
    return found


def section() -> str:
    """Return the section of the validation page."""
    lines = [
        "## Mixed models and repeated measures",
        "",
        "Largest relative difference from R 4.2 (lme4, lmerTest, pbkrtest, emmeans; afex, car). Degrees of freedom by"
        " Satterthwaite come from numerical derivatives there and from exact ones here.",
        "",
        "| case | differences |",
        "|---|---|",
    ]
    for name, case in cases().items():
        lines.append(f"| {name} | {'; '.join(f'{kind} {size:.1e}' for kind, size in worst(case).items())} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
