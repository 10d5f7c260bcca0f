import dataclasses
import re

import numpy as np
import pytest

from littermate.literature.consistency import recompute
from littermate.literature.reading import read_tests
from littermate.model.analysis import Analysis
from littermate.model.plan import Plan
from littermate.report.numbers import p_text
from littermate.report.results import effect_sentence, headline, outcome_sentences
from littermate.stats.allocations import reallocate
from littermate.stats.equivalence import equivalences
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

LEVELS = {"dose": ("0", "5", "15"), "drug": ("saline", "ketamine")}


def fitted(seed: int, effect: float = 1.0, **plan: object) -> Analysis:
    """Fit a 3 x 2 design with 6 a cell in cages of 3, one value missing, by a plan with some of its options."""
    rng = np.random.default_rng(seed)
    cells = [(dose, drug) for dose in LEVELS["dose"] for drug in LEVELS["drug"] for _ in range(6)]
    values = np.array([20 + effect * (drug == "ketamine") * (1 + LEVELS["dose"].index(dose)) for dose, drug in cells])
    factors = dict(zip(LEVELS, zip(*cells, strict=True), strict=True))
    table = Table(
        outcome="immobility",
        values=(*(values + 3 * rng.standard_normal(36))[:-1], np.nan),
        factors={**factors, "cage": tuple(f"C{k // 3}" for k in range(36))},
        units=tuple(f"K{k:02}" for k in range(36)),
    )
    beside = Beside(smallest_effect=4.0, sensitivity=True)
    planned = Plan(outcome="immobility", factors=("dose", "drug"), **plan)
    return analyse(table, planned, unit="s", beside=beside, reference_levels=LEVELS)


@pytest.fixture(scope="module")
def whole(content) -> Analysis:
    """Immobility with all that a study sets beside it."""
    points = content.analyses[0].points
    factors = {name: tuple(dict(one.levels)[name] for one in points) for name in ("magnesium", "ketamine")}
    table = Table(
        outcome="immobility",
        values=tuple(one.value for one in points),
        factors=factors,
        units=tuple(one.unit for one in points),
    )
    levels = {factor.name: factor.levels for factor in content.protocol.design.factors}
    beside = Beside(smallest_effect=20, sensitivity=True)
    return analyse(table, content.analyses[0].plan, unit="s", beside=beside, reference_levels=levels)


PLANS = {
    "3 x 2": {},
    "pairs": {"compare": "control"},
    "contrasts": {"contrasts": ("ketamine - saline at dose = 15", "ketamine - saline at dose = 0")},
    "mixed": {"random": ("cage",)},
    "log": {"scale": "log"},
    "outliers": {"outliers": "mad"},
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("effect", [0.0, 1.5, 6.0])
def test_the_audit_of_papers_reads_each_of_our_tests_and_finds_it_consistent(plan, effect):
    text = "\n".join(outcome_sentences(fitted(9, effect, **plan)))
    found = read_tests(text)
    assert len(found.tests) == len(re.findall(r"(?<!\w)[Ft]\(\d", text)) >= 5
    assert found.unread == ()
    assert [one.text for one in found.tests if not recompute(one).consistent] == []


def test_every_number_of_the_differences_is_the_analysis_own():
    analysis = fitted(3, compare="pairs")
    text = " ".join(outcome_sentences(analysis))
    for family in analysis.comparisons:
        for one in family.rows if len(family.rows) <= 10 else ():
            assert f"t({one.df}) = {one.t:.2f}".replace("-", "−") in text
            assert p_text(one.p_adjusted, name="adjusted p") in text


def test_every_effect_has_its_sentence_with_real_df_and_exact_p(content):
    for analysis in content.analyses:
        text = " ".join(outcome_sentences(analysis))
        for effect in analysis.effects:
            if effect.term in analysis.plan.blocks:
                continue
            assert f"F({effect.df}, {effect.df_error}) = {effect.f:.2f}, {p_text(effect.p)}" in text


def test_error_df_of_the_founding_design_are_28_less_what_is_missing(content):
    immobility = content.analyses[0]
    assert (immobility.n, immobility.df_error) == (31, 27)


def with_p(content, **p: float) -> Analysis:
    """Return the analysis of immobility, each effect with another P."""
    analysis = content.analyses[0]
    effects = tuple(dataclasses.replace(one, p=p.get(one.term.replace(":", "_"), one.p)) for one in analysis.effects)
    return dataclasses.replace(analysis, effects=effects)


def test_a_large_p_is_not_called_no_effect_and_leaves_its_interval(content):
    analysis = with_p(content, magnesium=0.4)
    text = effect_sentence(analysis, analysis.effect("magnesium"))
    assert text.startswith("An effect of magnesium on immobility was not shown, F(1, 27)")
    assert re.search(r"anything from \d+ s shorter to \d+ s longer is compatible with these data\.$", text)
    assert "no effect" not in text.lower()


def test_a_small_p_is_called_an_effect_with_its_direction_and_size(content):
    analysis = with_p(content, ketamine=0.01)
    text = effect_sentence(analysis, analysis.effect("ketamine"))
    assert text.startswith("There was an effect of ketamine on immobility, F(1, 27)")
    assert "shorter immobility with ketamine than with saline, ketamine − saline was −" in text
    assert "Hedges g = −" in text


def test_counts_are_fewer_and_amounts_lower(content):
    lines = dataclasses.replace(content.analyses[1].effect("ketamine"), p=0.01)
    bdnf = dataclasses.replace(content.analyses[-1].effect("ketamine"), p=0.01)
    assert re.search("(fewer|more) lines crossed with", effect_sentence(content.analyses[1], lines))
    assert re.search("(lower|higher) hippocampal BDNF with", effect_sentence(content.analyses[-1], bdnf))


def test_equivalence_is_said_only_by_its_test(whole):
    without = " ".join(outcome_sentences(dataclasses.replace(whole, equivalence=None)))
    assert "equivalent" not in without
    assert "two one-sided tests, t(27) = " in " ".join(outcome_sentences(whole))


def test_an_estimate_outside_the_bounds_has_a_p_above_one_half_and_no_t(whole):
    near = dataclasses.replace(whole, equivalence=equivalences(whole, 0.5))
    text = " ".join(outcome_sentences(near))
    assert re.search(r"±0\.5 s \(two one-sided tests, the estimate is outside, p = \.[5-9]\d\d, one-tailed", text)


def test_a_plan_without_a_smallest_effect_says_so(whole):
    none = dataclasses.replace(whole, equivalence=equivalences(whole, None))
    assert "states no smallest effect of interest" in " ".join(outcome_sentences(none))


def test_an_interaction_brings_its_simple_effects(content):
    text = " ".join(outcome_sentences(with_p(content, magnesium_ketamine=0.001)))
    assert "The effects of magnesium and ketamine on immobility depended on each other" in text
    assert "the difference magnesium − saline was" in text
    assert "main effects are averages" in text
    assert "At magnesium = magnesium: " in text


def test_logarithms_are_given_back_as_ratios():
    text = " ".join(outcome_sentences(fitted(7, 2.5, scale="log")))
    assert "on the log scale, was" in text and "geometric mean" in text
    found = re.search(r"ketamine − saline was (0\.\d+) log s, .*?, a ratio of ([\d.]+), 95 % CI", text)
    assert found is not None
    assert float(found[2]) == pytest.approx(np.exp(float(found[1])), abs=0.006)


def test_a_mixed_model_has_its_own_degrees_of_freedom_and_shares():
    text = " ".join(outcome_sentences(fitted(7, random=("cage",))))
    assert re.search(r"F\(2, \d\.\d{3}\)", text)
    assert "cage (12)" in text and "Hedges" not in text


def test_the_smallest_difference_found_is_said_in_the_unit_and_in_sd(whole):
    text = outcome_sentences(whole)[-1]
    assert re.fullmatch(r"The smallest difference detectable with 80 % power, .* was \d+ s \(1\.0\d SD\) in .*", text)


def test_other_analyses_that_differ_are_named(whole):
    rows = tuple(
        dataclasses.replace(one, p=0.5 if one.analysis == "ATS" else 0.01) if one.term == "ketamine" else one
        for one in whole.sensitivity
    )
    effects = tuple(dataclasses.replace(one, p=0.01) for one in whole.effects)
    text = " ".join(outcome_sentences(dataclasses.replace(whole, sensitivity=rows, effects=effects)))
    test = r"F\(1, [\d.]+\) = [\d.]+, p = \.500"
    assert re.search(rf"; ketamine, shown as planned, was not shown by 1 of \d: ANOVA-type statistic, {test}", text)


def test_re_drawing_says_how_many_allocations_and_what_they_cannot():
    factors = {"ketamine": ["saline"] * 3 + ["ketamine"] * 3}
    values = (140, 150, 145, 110, 120, 115)
    table = Table(outcome="y", values=values, units=[f"K{row}" for row in range(6)], factors=factors)
    plan = Plan(outcome="y", factors=("ketamine",))
    beside = Beside(redraw=lambda units: reallocate(units, plan, seed=1))
    text = " ".join(outcome_sentences(analyse(table, plan, beside=beside)))
    assert (
        "A randomisation test against all 20 allocations of the scheme that was used gave p = .100 for ketamine."
        in text
    )
    assert "ketamine: the smallest P there can be is 0.1" in text


def test_blocks_stay_out_of_the_text(content):
    blot = content.analyses[-1]
    assert blot.effect("membrane").df == 1
    assert "membrane" not in " ".join(outcome_sentences(blot))
    assert "membrane" not in headline(blot)
