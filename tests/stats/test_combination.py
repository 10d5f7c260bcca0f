"""Mixtures, dose matrices and additivity of a 2 x 2 against R (reference/dose.R) and planted truth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, TableError, UsageError
from littermate.stats.additivity import fit_additivity
from littermate.stats.dose_matrix import fit_dose_matrix
from littermate.stats.mixture import fit_mixture
from littermate.stats.table import Table

R = json.loads((Path(__file__).parent / "reference" / "dose.json").read_text(encoding="utf-8"))
DRUGS = ("ketamine", "magnesium")


def pair_table(a: Any, b: Any, y: Any) -> Table:
    units = [f"K{row}" for row in range(len(y))]
    return Table(
        outcome="immobility", values=y, factors={}, units=units, covariates=dict(zip(DRUGS, (a, b), strict=True))
    )


def grid_table(mean: Any, *, sd: float = 1.0, n: int = 6) -> Table:
    pairs = [(a, b) for a in (0, 2, 5, 15, 40) for b in (0, 20, 60, 150, 400) for _ in range(n)]
    noise = np.random.default_rng(3).standard_normal(len(pairs)) * sd
    return pair_table([a for a, _ in pairs], [b for _, b in pairs], [mean(a, b) for a, b in pairs] + noise)


def left(strength: float) -> float:
    return 1 / (1 + strength**1.5)


@pytest.fixture(scope="module")
def mixture() -> Any:
    case = R["mixture"]
    return fit_mixture(pair_table(case["a"], case["b"], case["y"]), DRUGS)


def test_mixture_against_nls(mixture: Any) -> None:
    case = R["mixture"]
    found = {one.name: one.estimate for one in mixture.parameters}
    assert found["c"] == pytest.approx(case["c"], rel=1e-5)
    assert found["d"] == pytest.approx(case["d"], rel=1e-5)
    assert found["e ketamine"] == pytest.approx(case["e"][0], rel=1e-5)
    assert found["e magnesium"] == pytest.approx(case["e"][1], rel=1e-5)
    assert mixture.rss == pytest.approx(case["rss"], rel=1e-9)


def test_interaction_index_against_r(mixture: Any) -> None:
    case = R["mixture"]
    one = next(one for one in mixture.indices if one.percent == 50 and one.share == pytest.approx(0.1, rel=1e-3))
    assert one.index == pytest.approx(case["index"], rel=1e-5)
    assert one.ci95 == pytest.approx(tuple(case["index_ci"]), rel=1e-4)
    assert one.ci95[1] < 1 and one.observed < one.additive
    assert any("synergy" in words for words in mixture.says)


def test_isoboles_against_nls(mixture: Any) -> None:
    loewe, hewlett, voelund = mixture.isoboles
    assert loewe.rss == pytest.approx(R["mixture"]["loewe"], rel=1e-9)
    assert hewlett.rss == pytest.approx(R["mixture"]["hewlett"], rel=1e-9)
    assert hewlett.shape[0].estimate == pytest.approx(R["mixture"]["lambda"], rel=1e-5)
    assert loewe.against_free is not None and loewe.against_free.p < 1e-4
    assert voelund.rss == pytest.approx(mixture.rss, rel=1e-9), "two shapes reach two mixtures"


def test_the_line_of_additivity_runs_from_one_ed50_to_the_other(mixture: Any) -> None:
    first, last = mixture.additive_ed50[0], mixture.additive_ed50[-1]
    assert (first[0], last[0]) == (0, 1)
    half = next(one for one in mixture.indices if one.percent == 50)
    assert (last[1], first[1]) == pytest.approx(half.alone, rel=1e-9)


def test_a_drug_without_effect_has_no_index() -> None:
    pairs = [
        (a, b)
        for a, b in ((0, 0), (1, 0), (3, 0), (10, 0), (30, 0), (0, 10), (0, 100), (0, 999), (1, 10), (3, 30), (10, 100))
    ]
    rows = [pair for pair in pairs for _ in range(6)]
    noise = np.random.default_rng(5).standard_normal(len(rows)) * 4
    table = pair_table([a for a, _ in rows], [b for _, b in rows], [100 * left(a / 5) for a, _ in rows] + noise)
    found = fit_mixture(table, DRUGS)
    assert found.indices == () and found.additive_ed50 == ()
    assert any("do not determine that dose" in note for note in found.notes)


def test_mixture_refusals() -> None:
    with pytest.raises(AnalysisError, match="none with magnesium alone"):
        fit_mixture(pair_table([0, 1, 2, 1, 2], [0, 0, 0, 1, 2], [5, 4, 3, 2, 1]), DRUGS)
    with pytest.raises(AnalysisError, match="two or more doses above 0 of magnesium"):
        fit_mixture(pair_table([0, 1, 2, 1, 2, 0], [0, 0, 0, 1, 2, 3], [5, 4, 3, 2, 1, 4]), DRUGS)
    with pytest.raises(UsageError, match="ll3 or ll4"):
        fit_mixture(pair_table([0], [0], [1.0]), DRUGS, model="ll5")
    with pytest.raises(TableError, match="0 or more"):
        fit_mixture(pair_table([0, -1], [0, 0], [1.0, 2.0]), DRUGS)


def test_response_additivity_is_the_interaction_of_the_two_way_table() -> None:
    case = R["matrix"]
    found = fit_dose_matrix(pair_table(case["a"], case["b"], case["y"]), DRUGS)
    test = found.surfaces[3].test
    assert test is not None
    assert (test.f, test.p) == pytest.approx((case["f"], case["p"]), rel=1e-9)


@pytest.mark.parametrize(
    ("mean", "null"),
    [
        (lambda a, b: 40 + 120 * left(a / 10 + b / 100), "Loewe"),
        (lambda a, b: 160 * left(a / 10) * left(b / 100), "Bliss"),
        (lambda a, b: 160 * min(left(a / 10), left(b / 100)), "HSA"),
        (lambda a, b: 300 - 100 * (1 - left(a / 10)) - 100 * (1 - left(b / 100)), "response additivity"),
    ],
)
def test_each_expectation_holds_where_it_is_true_and_others_do_not(mean: Any, null: str) -> None:
    found = fit_dose_matrix(grid_table(mean), DRUGS)
    assert {one.null: one.verdict for one in found.surfaces}[null] == "not shown"
    assert sum(one.verdict != "not shown" for one in found.surfaces) >= 2
    assert any("disagree" in words for words in found.says)


def test_loewe_with_drugs_of_different_strength() -> None:
    """The weaker drug never goes below 100; where more is reached it takes no part."""

    def mean(a: float, b: float) -> float:
        return 40 + 120 * left(a / 10) if not b else 100 + 60 * left(b / 100) if not a else 0.0

    table = grid_table(mean, sd=0.5)
    loewe = fit_dose_matrix(table, DRUGS).surfaces[0]
    assert "a far plateau for each drug" in loewe.scale
    strongest = next(cell for cell in loewe.cells if cell.doses == (40.0, 20.0))
    assert strongest.expected == pytest.approx(mean(40, 0), abs=1.5)


def test_what_cannot_be_expected_says_why() -> None:
    pairs = [(a, b) for a in (0, 1) for b in (0, 1) for _ in range(4)]
    y = np.array([2 + a + b for a, b in pairs]) + np.random.default_rng(1).standard_normal(16) * 0.1
    loewe, bliss, *_ = fit_dose_matrix(pair_table([a for a, _ in pairs], [b for _, b in pairs], y), DRUGS).surfaces
    assert "3 or more doses of ketamine and of magnesium" in loewe.reason
    assert "--full-effect" in bliss.reason


def test_matrix_refusals() -> None:
    with pytest.raises(AnalysisError, match="no control"):
        fit_dose_matrix(pair_table([1, 0, 1], [0, 1, 1], [1, 2, 3]), DRUGS)
    with pytest.raises(AnalysisError, match="no animal with magnesium 2 alone"):
        fit_dose_matrix(pair_table([0, 1, 1], [0, 0, 2], [1, 2, 3]), DRUGS)
    with pytest.raises(AnalysisError, match="several animals a cell"):
        fit_dose_matrix(pair_table([0, 1, 0, 1], [0, 0, 2, 2], [1, 2, 3, 4]), DRUGS)


def two_by_two(y: Any, case: Any) -> Table:
    factors = {name: case[name] for name in DRUGS}
    return Table(outcome="immobility", values=y, factors=factors, units=[str(row) for row in range(len(y))])


@pytest.mark.parametrize("scale", ["raw", "log"])
def test_additivity_against_lm(scale: str) -> None:
    case = R["two"]
    found = fit_additivity(two_by_two(case["y"], case), DRUGS).scale(scale)
    back = np.exp if scale == "log" else np.asarray
    assert found.estimate == pytest.approx(float(back(case[scale]["estimate"])), rel=1e-9)
    assert found.ci95 == pytest.approx(tuple(back(case[scale]["ci"]).tolist()), rel=1e-9)
    assert found.p == pytest.approx(case[scale]["p"], rel=1e-8)


def test_adding_up_on_one_scale_is_not_adding_up_on_the_other() -> None:
    factors = {"ketamine": list("nnyynnyy"), "magnesium": list("nnnnyyyy")}
    product = [200, 204, 100, 102, 50, 51, 25, 25.5]
    table = Table(outcome="immobility", values=product, factors=factors, units=list("ABCDEFGH"))
    found = fit_additivity(table, DRUGS)
    assert found.scale("raw").p < 0.001 < found.scale("log").p
    assert found.scale("log").estimate == pytest.approx(1)
    assert found.scale("Bliss").estimate == pytest.approx(1)
    assert any("disagree" in words for words in found.says)
    assert any("less than the sum" in words for words in found.says)


def test_a_negative_outcome_has_no_logarithm_and_no_bliss() -> None:
    case = R["two"]
    found = fit_additivity(two_by_two([value - 200 for value in case["y"]], case), DRUGS)
    assert found.scale("log").estimate is None and "no logarithm of" in found.scale("log").reason
    assert found.scale("Bliss").p is None
    assert fit_additivity(two_by_two(case["y"], case), DRUGS, full_effect=1e3).scale("Bliss").p is not None


def test_additivity_needs_two_levels_each() -> None:
    factors = {"ketamine": list("aabbccaabbcc"), "magnesium": list("nnnnnnyyyyyy")}
    table = Table(outcome="y", values=[*range(6), 9, 1, 8, 4, 7, 5], factors=factors, units=list("ABCDEFGHIJKL"))
    with pytest.raises(AnalysisError, match="two factors of two levels"):
        fit_additivity(table, DRUGS)
