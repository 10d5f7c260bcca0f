"""Each rule speaks where numbers contradict each other; the clean sentences beside them keep it silent elsewhere."""

import pytest
from tests.literature.papers import findings_in, found, paper_of

from littermate.literature.consistency import recompute
from littermate.literature.contradictions import all_rules, find_contradictions
from littermate.literature.error_df import infer_df
from littermate.literature.reading import find_tests

LONG = "Nothing else is told of these mice. " * 90
TRIPS = [
    ("error-df-impossible", "Thirty-two mice were used (n = 8 per group). F(1, 30) = 5.20, P = 0.030."),
    ("df-more-than-animals", "In a 2 x 2 design with n = 8 mice per group, t(40) = 2.1, P = 0.042 was found."),
    ("df-more-than-animals", "A total of 12 mice were used. Both were correlated, r(22) = 0.51, P = 0.011."),
    ("df-more-than-animals", "A total of 12 mice were used. The drug worked, F(1, 46) = 5.20, P = 0.027."),
    ("error-df-impossible", "Forty rats were divided into four groups of 10. F(2, 37) = 4.11, P = 0.024."),
    (
        "error-df-of-animals-left",
        "Forty rats were divided into four groups of 10.\nTwo died, leaving 38 rats.\nF(3, 36) = 4.11, P = 0.013.",
    ),
    (
        "one-analysis-two-errors",
        "Mice swam less after stress (F(1, 34) = 6.85, P = 0.013), without interaction (F(1, 36) = 0.33, P = 0.569).",
    ),
    (
        "one-analysis-two-errors",
        "Group (F(1, 18) = 5.02, P = 0.04) and time (F(4, 72) = 9.2, P < .001) interacted (F(4, 76) = 2.9, P = 0.027).",
    ),
    ("error-df-fewer", "Forty mice were divided into four groups of 10. F(3, 30) = 4.11, P = 0.015."),
    ("groups-do-not-add", "Forty mice were divided into saline (n = 16) and drug (n = 20)."),
    ("groups-do-not-add", "Thirty mice were randomly assigned to four groups of 8."),
    ("animals-left-do-not-add", "A total of 36 rats were used.\nThree rats died, so that 34 rats were left."),
    ("group-smaller-in-caption", "Thirty-two mice were used (n = 8 per group).\nFigure 2. Weight, n = 6 per group."),
    ("group-larger-in-caption", "Thirty-two mice were used (n = 8 per group).\nFigure 2. Weight, n = 10 per group."),
    ("t-df-against-n", "The groups (n = 8 and n = 9) differed, t(16) = 2.36, P = 0.031."),
    ("chi2-n-against-animals", "A total of 32 mice were tested. Groups differed, χ2(1, N = 64) = 4.57, P = 0.033."),
    ("replicates-as-animals", "Currents (n = 40 cells from 6 mice) differed, t(38) = 2.9, P = 0.006."),
    ("percentage-of-counts", "Of the mice, 7 of 32 (29.1 %) escaped."),
    ("percentage-of-counts", "Relapse was 12.4% (6/51) in mice."),
    ("percentage-of-counts", "Seven out of 32 mice (12%) escaped."),
    ("percentage-of-counts", "Of the 32 mice, 5 (15.0 %) escaped."),
    ("percentage-of-counts", "Of 20 rats tested, 13 (60 %) gained weight."),
    ("percentage-of-whole-animals", "In the end 43% of the 8 mice escaped."),
    ("mean-of-whole-numbers", "The number of entries was 12.41 ± 1.07 (n = 8)."),
    (
        "mean-of-whole-numbers",
        "Colitis was scored in whole points.\nMean colitis scores were 3.25 and 4.30 (n = 8).",
    ),
    ("spread-of-whole-numbers", "The number of entries was 3.44 ± 2.47 (SD, n = 18)."),
    ("spread-too-large", "The number of jumps was 2.25 ± 3.10 (SEM, n = 8)."),
    ("sem-against-sd", "Immobility lasted 112.4 s (SD 33.9, SEM 4.2, n = 8)."),
    ("sem-against-sd", "Group | n | Mean | SD | SEM\nSaline | 9 | 31.5 | 2.1 | 2.1".replace(" | ", " ")),
    ("spread-two-names", "Mice swam 112.4 ± 12.3 s (SEM).\nIn the control they swam 112.4 ± 12.3 s (SD)."),
    ("estimate-outside-interval", "The difference was 5.2 s (95% CI 6.1 to 9.3)."),
    ("interval-against-error", "The mean effect was 2.0 (SE 0.5; 95% CI 1.5 to 2.5)."),
    (
        "means-against-test",
        "Means of 10.0 ± 1.0 s (n = 8) and 14.0 ± 1.0 s (n = 8; mean ± SEM) gave t(14) = 5.83, P < 0.001.",
    ),
    (
        "means-against-test",
        "Means of 10.0 ± 1.0 s (n = 8) and 14.0 ± 1.0 s (n = 8; mean ± SD) gave t(14) = 2.83, P = 0.013.",
    ),
    ("f-not-t-squared", "The groups differed, t(28) = 2.28, P = 0.030, or F(1, 28) = 7.20, P = 0.012."),
    ("two-values", "The open field had 36 squares (8 × 8 cm).\nIts floor was marked with 10-cm squares."),
    ("two-values", "Mice were housed at 21 °C.\nThe colony of mice was kept at 24 ± 1 °C."),
    ("two-values", "Mice were housed under a 12:12 light:dark cycle.\nMice were housed with 14 h light/10 h dark."),
    ("two-values", "Water in the swim test had 22 ± 1 °C.\nFor swimming, the cylinder was filled at 25 °C."),
    ("two-values", "Lights were on at 7:00 am.\nThe room had lights on at 8 am."),
    ("two-values", "Ketamine (15 mg/kg) was given.\nMice got ketamine (15 mg/kg).\nThey got ketamine (10 mg/kg)."),
    ("arena-two-colours", "Mice explored a black square arena.\nThe arena was painted white."),
    ("area-in-cubic-units", "The arena was 48 x 48 cm3 in size."),
    ("area-in-cubic-units", "Mice were put into a 90 cm3 black arena."),
    ("area-in-cubic-units", "The open field had an area of 2304 cubic centimetres."),
    ("one-test-two-p", "It was so, F(1, 28) = 5.20, P = 0.030.\nIt was so, F(1, 28) = 5.20, P = 0.013."),
    ("no-effect-concluded", "Magnesium had no effect on mice, F(1, 28) = 0.69, P = 0.415."),
    ("recovery-without-immunoassay", "Lysates were spiked with 250 pg/mL BDNF.\nWestern blots of BDNF were scanned."),
    ("effect-sizes-missing", f"F(1, 28) = 5.20, P = 0.030. {LONG}"),
    ("exclusions-not-stated", f"F(1, 28) = 5.20, P = 0.030. {LONG}"),
    ("individual-data-missing", f"F(1, 28) = 5.20, P = 0.030. {LONG}"),
    ("order-of-tests-missing", f"The open field and the forced swim test were used. F(1, 28) = 5.2, P = 0.030. {LONG}"),
]
ELSEWHERE = {"p-fits-other-df", "animals-two-totals", "one-test-two-values", "abstract-test-not-in-text"}


@pytest.mark.parametrize(("rule", "text"), TRIPS)
def test_a_rule_speaks(rule: str, text: str) -> None:
    assert rule in found(*text.split("\n"))


def test_every_rule_is_tripped() -> None:
    assert {rule for rule, _ in TRIPS} | ELSEWHERE == {one.id for one in all_rules()}


def test_p_that_fit_other_degrees_of_freedom_are_told() -> None:
    text = (  # P from 28
        "F(1, 32) = 4.213, P = 0.0496. F(1, 32) = 3.724, P = 0.0638. F(1, 32) = 5.3"
        "32, P = 0.0285. F(1, 32) = 3.051, P = 0.0917. F(1, 32) = 6.127, P = 0.0196."
    )
    paper, printed = paper_of(text), find_tests(text)
    findings = find_contradictions(paper, tuple(recompute(test) for test in printed), (), infer_df(printed))
    (finding,) = (one for one in findings if one.id == "p-fits-other-df")
    assert finding.message.startswith("5 tests are printed with 32 error degrees of freedom: 0 of their P follow")
    assert len(finding.places) == 5


def test_other_animals_in_the_abstract_are_told_unless_some_were_lost() -> None:
    abstract, text = "Thirty-two mice were randomised.", "A total of 36 mice were used."
    sections = ("Abstract", "Methods")
    assert found(abstract, text, sections=sections) == ["animals-two-totals"]
    assert found(abstract, text + " Four mice were excluded.", sections=sections) == []
    assert found(abstract, abstract, sections=sections) == []
    assert found("Forty mice were tested.", text + " Two mice died.", sections=sections) == ["animals-two-totals"]


def test_an_abstract_may_count_one_of_two_experiments_or_both() -> None:
    text = "A total of 60 mice were used.", "A separate cohort of 16 mice was tested."
    sections = ("Abstract", "Experiment 1", "Experiment 2")
    assert found("Seventy-six mice were tested.", *text, sections=sections) == []
    assert found("Sixteen mice were tested.", *text, sections=sections) == []
    assert found("Seventy mice were tested.", *text, sections=sections) == ["animals-two-totals"]


def test_a_test_that_only_the_abstract_has_is_told() -> None:
    abstract = "Stress raised immobility (F(1, 36) = {}, P = 0.005)."
    text = "Immobility: stress, F(1, 36) = 8.95, P = 0.005; zinc, F(1, 36) = 4.62, P = 0.038."
    sections = ("Abstract: Results", "Swim test")
    assert "abstract-test-not-in-text" in found(abstract.format("9.85"), text, sections=sections)
    assert "abstract-test-not-in-text" not in found(abstract.format("8.95"), text, sections=sections)


def test_other_peoples_tests_are_not_held_against_the_design() -> None:
    text, other = "Forty mice were divided into four groups of 10.", "Zinc was effective (F(1, 60) = 5.52, P = 0.022)."
    assert found(text, other, sections=("Methods", "Results")) == ["error-df-impossible"]
    assert found(text, other, sections=("Methods", "Discussion")) == []
    assert found(text, "In an earlier study zinc was effective (F(1, 60) = 5.52, P = 0.022).") == []


def test_groups_of_other_studies_are_not_held_against_a_caption() -> None:
    text = "One study had n = 6 per group.", "Thirty mice were used.", "Figure 1. Weight, n = 10 per group."
    assert found(*text, sections=("Introduction", "Methods", "Results")) == []


def test_each_experiment_has_its_own_animals() -> None:
    text = "Thirty-two mice were used (n = 8 per group).", "Twenty-four mice were used (n = 8 per group)."
    tests = "F(1, 28) = 7.90, P = 0.009.", "F(2, 23) = 4.35, P = 0.025."
    sections = ("Experiment 1", "Experiment 2", "Experiment 1", "Experiment 2")
    assert found(*text, *tests, sections=sections) == ["error-df-impossible"]
    assert found(*text, tests[0], "F(2, 21) = 4.35, P = 0.026.", sections=sections) == []


def test_smaller_groups_of_a_blot_leave_fewer_degrees_of_freedom() -> None:
    text = "Forty mice were divided into four groups of 10.\n{}F(3, 20) = 4.11, P = 0.020."
    assert found(*text.format("").split("\n")) == ["error-df-fewer"]
    assert found(*text.format("Western blots had n = 6 per group.\n").split("\n")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Group (F(1, 18) = 5.02, P = 0.04) and time (F(4, 72) = 9.2, P < .001) interacted (F(4, 72) = 2.9, P = 0.028).",
        "Time (F(2.6, 46.8) = 9.2, P < 0.001) and group (F(1, 18) = 5.02, P = 0.038) did not interact.",
        "Dose (F(2, 42) = 5.02, P = .011) and sex (F(1, 42) = 4.24, P = .046) did not interact (F(2, 42) = 1, P = .4).",
        "In a linear mixed model group (F(1, 17) = 5.0, P = .039) and time (F(4, 70) = 3, P = 0.024) did not interact.",
        "Weight (F(1, 18) = 5.02, P = 0.038) and fat (F(1, 17) = 5.24, P = 0.035) were larger.",
    ],
)
def test_degrees_of_freedom_that_go_together_are_no_alarm(text: str) -> None:
    assert "one-analysis-two-errors" not in found(text)


def test_one_test_with_two_values_in_abstract_and_text_is_told() -> None:
    one = "Ketamine shortened immobility (F(1, 28) = 5.20, P = 0.030)."
    other = "Ketamine shortened immobility (F(1, 28) = 7.64, P = 0.010)."
    assert found(one, other, sections=("Abstract", "Results")) == ["one-test-two-values"]
    assert found(one, other, sections=("Results", "Results")) == []


def test_a_given_design_decides_although_the_text_has_another() -> None:
    text = "Forty mice were used (n = 10 per group). F(1, 30) = 5.20, P = 0.030."
    assert "error-df-impossible" in found(text, design="2x2", n=32)
    assert "error-df-impossible" not in found(text)


def test_effects_within_animals_are_no_alarm() -> None:
    text = "Weight rose, F(4, 112) = 9.1, P < 0.001."
    assert found(text, design="2x2", n=32) == []
    assert found("Weight rose, F(4, 116) = 9.1, P < 0.001.", design="2x2", n=32) == ["error-df-impossible"]


def test_the_n_of_a_mean_of_counts_is_that_of_equal_groups() -> None:
    counted, total = "Lines crossed were 12.41 ± 1.07.", "Thirty-two mice were used{}."
    assert found(total.format(" (n = 8 per group)"), counted) == ["mean-of-whole-numbers"]
    assert found(total.format(" (n = 8 per group)"), counted, design="2x2", n=32) == ["mean-of-whole-numbers"]
    assert found(total.format(""), counted) == []


def test_a_second_experiment_leaves_no_design_to_hold_tests_against() -> None:
    text = "Thirty mice were used (n = 10 per group).\nIn another, n = 12 per group.\nF(1, 44) = 5.20, P = 0.027."
    assert found(*text.split("\n")) == []


def test_the_message_says_what_follows() -> None:
    text = "Means of 10.0 ± 1.0 s (n = 8) and 14.0 ± 1.0 s (n = 8; mean ± SD) gave t(14) = 2.83, P = 0.013."
    (finding,) = findings_in(paper_of(text))
    assert finding.message == (
        "10.0 ± 1.0 and 14.0 ± 1.0 (SD, n = 8 and 8) give |t| of 7.43 to 8.63, printed t(14) = 2.83, P = 0.013"
    )
