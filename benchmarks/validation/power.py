"""How far power and sample size are from exact (mpmath), from R, and from simulation.

`power_2x2` is a reference case beside the repository (../shared/oracles). Other designs are in
tests/stats/reference/power.json, made by R (power.R beside it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from littermate.model.power import CellPlan
from littermate.stats.hypotheses import Hypothesis, effects_of, find, from_means
from littermate.stats.power import Question, effect_of_f, effect_power, sample_size, smallest_effect, with_losses
from littermate.stats.power_simulation import Scenario, simulate_power

ROOT = Path(__file__).parents[2]
ORACLE = ROOT.parent / "shared" / "oracles" / "power_2x2.json"
REFERENCE = ROOT / "tests" / "stats" / "reference" / "power.json"
TWO = (("magnesium", 2), ("ketamine", 2))
MAIN, _, INTERACTION = effects_of(TWO)

Numbers = Iterator[tuple[str, float, float]]
"""(kind of number, ours, the reference's)."""


def power(plan: CellPlan, hypothesis: Hypothesis, alpha: float = 0.05) -> float:
    return effect_power(plan, Question(hypothesis=hypothesis, alpha=alpha)).power


def power_2x2() -> Numbers:
    """Every number of the reference case."""
    reference = json.loads(ORACLE.read_text(encoding="utf-8"))["expected"]
    for line in reference["grid"]:
        plan = CellPlan.even(TWO, line["n_per_cell"])
        sized = INTERACTION.sized(effect_of_f(plan, INTERACTION, line["f"]))
        yield "power, exact", power(plan, sized), line["power_mpmath"]
    plan, alone = CellPlan.even(TWO, 8), CellPlan.even((("ketamine", 2),), 8)
    (simple,), (two,) = find(TWO, "ketamine within magnesium"), effects_of(alone.levels)
    for line in reference["n8"]:
        yield "power, R", power(plan, MAIN.sized(line["d"])), line["main_power"]
        yield "power, R", power(plan, INTERACTION.sized(line["d"])), line["interaction_power"]
        yield "power, R", power(plan, simple.sized(line["d"])), line["simple_pooled_df28_power"]
        yield "power, R", power(alone, two.sized(line["d"])), line["simple_ttest_df14_power"]
    yield from _numbers_needed(reference["required_n_per_cell"])
    main, both = (smallest_effect(plan, Question(hypothesis=one)) for one in (MAIN, INTERACTION))
    yield "smallest effect, R", main.f, reference["mdes_f_n8_80"]
    yield "smallest effect, R", main.effect, reference["mdes_d_main_n8_80"]
    yield "smallest effect, R", both.effect, reference["mdes_dd_interaction_n8_80"]


def _numbers_needed(lines: list[dict[str, Any]]) -> Numbers:
    plan = CellPlan.even(TWO, 1)
    for line in lines:
        sized = INTERACTION.sized(effect_of_f(plan, INTERACTION, line["f"]))
        for name, wanted, alpha in (
            ("n80", 0.8, 0.05),
            ("n90", 0.9, 0.05),
            ("n95", 0.95, 0.05),
            ("n80_holm2", 0.8, 0.025),
        ):
            yield "n per cell", _needed(plan, sized, wanted, alpha), line[name]
        for name, lost in (("n80_attr10", 0.1), ("n80_attr20", 0.2)):
            yield "n per cell", with_losses(_needed(plan, sized, 0.8, 0.05), lost), line[name]


def _needed(plan: CellPlan, hypothesis: Hypothesis, wanted: float, alpha: float) -> int:
    return sample_size(plan, Question(hypothesis=hypothesis, alpha=alpha), wanted).n_total // len(plan.sizes)


def designs() -> Iterator[tuple[str, CellPlan, tuple[float, ...], dict[str, Any]]]:
    """Every other design: its name, plan, cell means in SD, and R's numbers by term."""
    for case in json.loads(REFERENCE.read_text(encoding="utf-8")):
        plan = CellPlan(levels=tuple(case["levels"].items()), sizes=tuple(case["sizes"]))
        yield case["name"], plan, tuple(case["means"]), {line["term"]: line for line in case["effects"]}


def other_designs() -> Numbers:
    """Noncentrality and power of every effect against R."""
    for _, plan, means, reference in designs():
        for one in from_means(effects_of(plan.levels), means, 1.0):
            line = reference[one.term]
            found = effect_power(plan, Question(hypothesis=one))
            yield "df", found.df, line["df"]
            yield "df", found.df_error, line["df_error"]
            yield "noncentrality, R", found.noncentrality or 0.0, line["ncp"]
            yield "power, R", found.power, line["power"]
            yield "power, R", power(plan, one, 0.01), line["power_01"]


def worst(numbers: Numbers) -> dict[str, float]:
    """Return the largest absolute difference in each kind of number."""
    found: dict[str, float] = {}
    for kind, ours, reference in numbers:
        found[kind] = max(found.get(kind, 0.0), abs(ours - reference))
    return found


def simulated() -> Iterator[str]:
    """Return one line a design: the largest distance of simulated from exact power in Monte-Carlo standard errors."""
    for name, plan, means, _ in designs():
        exact = {one.term: power(plan, one) for one in from_means(effects_of(plan.levels), means, 1.0)}
        scenario = Scenario(plan=plan, means=means, sds=(1.0,) * len(means))
        found = simulate_power(scenario, effects_of(plan.levels), experiments=100_000, seed=1)
        apart = max(abs(one.power - exact[one.term]) / (one.standard_error or 1.0) for one in found)
        yield f"| {name} | {len(found)} | {apart:.1f} |"


def section() -> str:
    """Return the section of the validation page."""
    lines = [
        "## Power",
        "",
        "Largest absolute difference from the reference (mpmath; R 4.2, whose own noncentral F is off by up to 1e-9).",
        "",
        "| designs | difference |",
        "|---|---|",
    ]
    cases = {"2 x 2, 4 to 20 a cell": power_2x2, "one-way, 3 x 2, 2 x 4, 2 x 2 x 2, unequal groups": other_designs}
    for name, case in cases.items():
        if case is power_2x2 and not ORACLE.is_file():
            lines.append(f"| {name} | the reference case is not on this machine |")
            continue
        apart = "; ".join(f"{kind} {size:.1e}" for kind, size in worst(case()).items())
        lines.append(f"| {name} | {apart} |")
    lines += ["", "100,000 simulated experiments against the exact power, in Monte-Carlo standard errors:", ""]
    return "\n".join([*lines, "| design | effects | largest distance |", "|---|---|---|", *simulated()])


if __name__ == "__main__":
    print(section())
