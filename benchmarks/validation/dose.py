"""How far dose-response curves are from NIST, drc and R.

`section()` fits NIST's 27 nonlinear sets from both starts with analytic Jacobians, and the reference case of drc beside
the repository (../shared/oracles), and returns tables. LRE is the number of right digits.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from littermate.model.dose_response import DoseResponse
from littermate.stats.dose_response import fit_dose_response
from littermate.stats.nonlinear import NonlinearFit, fit_nonlinear
from littermate.stats.table import Table, read_table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NIST = ROOT / "tests" / "stats" / "reference" / "nist_nonlinear.json"
ORACLES = ROOT.parent / "shared" / "oracles"
DRC = {"LL3": "ll3", "LL4": "ll4", "LL5": "ll5", "W14": "w14"}
STARTS = ("start1", "start2")


@functools.cache
def _models() -> ModuleType:
    spec = importlib.util.spec_from_file_location("validation_nonlinear_models", HERE / "nonlinear_models.py")
    if spec is None or spec.loader is None:
        raise SystemExit("nonlinear_models.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nist_sets() -> dict[str, Any]:
    return json.loads(NIST.read_text(encoding="utf-8"))


def fit_set(name: str, case: dict[str, Any], start: str) -> NonlinearFit:
    data = np.array(case["data"])
    y = np.log(data[:, 0]) if name == "Nelson" else data[:, 0]
    x = data[:, 1] if data.shape[1] == 2 else data[:, 1:]
    model, jacobian = _models().MODELS[name]
    return fit_nonlinear(model, jacobian, x, y, case[start])


def digits(ours: Iterable[float], certified: Iterable[float]) -> float:
    """Return the least log relative error, 11 where all 11 certified digits are met."""
    apart = max(abs(a - b) / abs(b) for a, b in zip(ours, certified, strict=True))
    return 11.0 if apart == 0 else min(11.0, -math.log10(apart))


def drc_case() -> tuple[Table, dict[str, Any]]:
    frame = read_table(ORACLES / "drc_ryegrass.csv")
    table = Table(
        outcome="rootl",
        values=[float(cell) for cell in frame["rootl"]],
        factors={},
        units=[str(line) for line in frame.index],
        covariates={"conc": [float(cell) for cell in frame["conc"]]},
    )
    return table, json.loads((ORACLES / "drc_ryegrass.json").read_text(encoding="utf-8"))["expected"]


def drc_pairs(found: DoseResponse, expected: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Yield (kind of number, ours, drc's)."""
    for parameter, line in zip(found.parameters, expected["coef"], strict=True):
        yield "estimates", parameter.estimate, line["Estimate"]
        yield "SE", parameter.se or math.nan, line["Std. Error"]
    for one, line in zip(found.effective_doses, expected["ed_delta"], strict=True):
        low, high = one.ci_delta or (math.nan, math.nan)
        yield "ED", one.estimate or math.nan, line["Estimate"]
        yield "ED CI", low, line["Lower"]
        yield "ED CI", high, line["Upper"]
    if found.lack_of_fit is not None:
        yield "lack of fit", found.lack_of_fit.f, expected["lack_of_fit"][1]["F value"]
        yield "lack of fit", found.lack_of_fit.p, expected["lack_of_fit"][1]["p value"]
    yield "likelihood", found.log_likelihood, expected["loglik"]
    yield "likelihood", found.aic, expected["aic"]


def worst(pairs: Iterable[tuple[str, float, float]]) -> dict[str, float]:
    """Return the largest relative difference of each kind of number."""
    found: dict[str, float] = {}
    for kind, ours, theirs in pairs:
        found[kind] = max(found.get(kind, 0.0), abs(ours - theirs) / abs(theirs))
    return found


def _nist_lines() -> Iterator[str]:
    for name, case in nist_sets().items():
        fits = [fit_set(name, case, start) for start in STARTS]
        parameters = [digits(fit.estimates.tolist(), case["parameters"]) for fit in fits]
        errors = [digits(fit.se.tolist(), case["sd"]) for fit in fits]
        yield f"| {name} | {parameters[0]:.1f} | {parameters[1]:.1f} | {min(errors):.1f} |"


def _drc_lines() -> Iterator[str]:
    table, expected = drc_case()
    kinds = ("estimates", "SE", "ED", "ED CI", "lack of fit", "likelihood")
    for theirs, ours in DRC.items():
        found = fit_dose_response(table, "conc", model=ours)
        apart = worst(drc_pairs(found, expected[theirs]))
        cells = " | ".join(f"{apart[kind]:.1e}" for kind in kinds)
        yield f"| {ours} | {cells} | {found.rss - expected[theirs]['rss']:+.1e} |"


def section() -> str:
    lines = [
        "## Dose response",
        "",
        "NIST's nonlinear regression sets, from both starts: right digits (of 11 certified) of the worst parameter",
        "and standard deviation. The residuals of Lanczos1 are rounding errors of its data: its standard deviations",
        "have no more digits than these in double precision.",
        "",
        "| set | parameters, start 1 | parameters, start 2 | standard deviations |",
        "|---|---|---|---|",
        *_nist_lines(),
        "",
    ]
    if not ORACLES.is_dir():
        return "\n".join([*lines, "The reference case of drc is not here."])
    lines += [
        "Curves of drc's `ryegrass`: largest relative difference from drc 3.2 (which stops at 1e-7), and our sum of",
        "squares less drc's. A negative one is a better optimum: drc's 5-parameter curve is not at its optimum.",
        "",
        "| curve | estimates | SE | ED | ED CI | lack of fit | likelihood | RSS |",
        "|---|---|---|---|---|---|---|---|",
        *_drc_lines(),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(section())
