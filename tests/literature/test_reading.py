"""Printed tests found in text. Ways of printing are lines of reference/printings.tsv (see test_reported_tests.py)."""

import time

import pytest

from littermate.literature.reading import find_tests, read_tests


def test_a_test_and_its_place() -> None:
    text = "Ketamine\nlowered immobility (F(1,\n30) = 5.2, P = 0.031)."
    (test,) = find_tests(text)
    assert (test.statistic, test.df1, test.df2, test.value, test.decimals) == ("F", 1, 30, 5.2, 1)
    assert (test.p_relation, test.p_reported, test.p_decimals) == ("=", 0.031, 3)
    assert text[slice(*test.place)] == "F(1,\n30) = 5.2, P = 0.031"
    assert test.text == "F(1, 30) = 5.2, P = 0.031"


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("p = .03, F(1,28) = 5.2; p = .04, F(1,28) = 4.6", [(5.2, 0.03), (4.6, 0.04)]),
        ("at p < .05, F(1,28) = 5.2, p = .03, F(1,28) = 4.6, p = .04", [(5.2, 0.03), (4.6, 0.04)]),
        ("p = .03 for drug, F(1,28) = 5.2; p = .42 for diet, F(1,28) = 0.67", [(5.2, 0.03), (0.67, 0.42)]),
        ("t(28) = 2.2, p = .04, F(1,28) = 5.2.", [(2.2, 0.04)]),
        ("F(1,28) = 5.2 and F(1,28) = 6.1, both P < 0.05", [(5.2, 0.05), (6.1, 0.05)]),
        ("t(28) = 2.2, r = .38, p = .04", [(2.2, 0.04)]),
    ],
)
def test_which_p_belongs_to_which_test(text: str, pairs: list[tuple[float, float]]) -> None:
    assert [(test.value, test.p_reported) for test in find_tests(text)] == pairs


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("F(1.28) = 5.2, p = .03", "degrees of freedom (1.28) do not fit F"),
        ("t(2, 28) = 2.2, p = .03", "degrees of freedom (2, 28) do not fit t"),
        ("F(1,28) = 5,200, n.s.", "5,200 can be read as more than one number"),
        ("F(1,28) = 5.2.", "no P beside it that is surely its own"),
        ("t(28) = 2.2, p = 1.03", "no P beside it that is surely its own"),
    ],
)
def test_what_is_not_guessed_is_said(text: str, reason: str) -> None:
    found = read_tests(text)
    assert found.tests == ()
    assert [one.reason for one in found.unread] == [reason]


def test_a_p_between_two_statistics_that_is_parted_from_the_first_is_given_to_none() -> None:
    found = read_tests("F(1,28) = 5.2; p = .42, F(1,28) = 0.67")
    assert found.tests == ()
    assert len(found.unread) == 2


def test_what_has_neither_p_nor_degrees_of_freedom_of_its_own_is_not_mentioned() -> None:
    assert read_tests("z[0, 0] = 9.9; F(3) = 2; t = 24 h").unread == ()


def test_no_test_is_read_across_paragraphs() -> None:
    assert find_tests("Here t(28) = 2.2,\n\np = .04 was another.") == ()


def test_tails_of_each_test() -> None:
    text = "this test is one-tailed: t(28) = 2.20, p = .02, but this one is not: t(28) = 2.20, p = .04"
    assert [test.one_tailed for test in find_tests(text)] == [True, False]


def test_adjusted_p_of_many_comparisons_and_not_of_sphericity() -> None:
    text = "t(28) = 2.2, Holm-adjusted p = .04; F(2, 28) = 5.2, Greenhouse-Geisser corrected p = .01"
    assert [test.adjusted for test in find_tests(text)] == [True, False]


def test_a_legend_behind_a_bracket_is_no_p() -> None:
    assert find_tests("(ANOVA: F(4,25) = 18.00); ns, not significant") == ()


@pytest.mark.parametrize(
    "unit",
    [
        "(1,2)[3;4]{5.6},7.8 ",
        "F(1,28) = 5.2 and ",
        "p = .03, .02, ",
        "F(",
        "F(1,28) = 5.2, d = .5, ",
        "t = 1, ",
        "p < ",
        "F" + " " * 40,
    ],
)
def test_time_grows_with_length_alone(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    start = time.process_time()
    find_tests(text)
    assert time.process_time() - start < 3


def test_a_starred_p_behind_a_bracket_is_a_legend_and_within_one_the_tests() -> None:
    assert find_tests("(ANOVA: F(4,25) = 18.00); ***P < 0.001 against saline") == ()
    assert len(find_tests("(ANOVA: F(4,25) = 18.00, ***P < 0.001)")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Clusters were thresholded at Z > 2.3 and P < 0.05",
        "at t(20) > 3.1, P < 0.001 uncorrected",
        "T(28) = 2.20, P = 0.036",
        "R(28) = 45, P = 0.03",
        "H = 7.1, P = 0.03",
        "ρ = 0.45, P = 0.03 kPa",
    ],
)
def test_letters_that_may_mean_something_else(text: str) -> None:
    assert find_tests(text) == ()


@pytest.mark.parametrize(
    ("text", "statistic"),
    [
        ("Student's t test, T(28) = 2.20, P = 0.036", "t"),
        ("R(28) = 0.45, P = 0.013", "r"),
        ("Pearson correlation: R = 0.45, n = 30, P = 0.013", "r"),
        ("Kruskal-Wallis test, H = 7.1, df = 2, P = 0.029", "H"),
        ("H2 = 7.1, P = 0.029, Kruskal-Wallis", "H"),
    ],
)
def test_letters_that_their_words_make_sure(text: str, statistic: str) -> None:
    (test,) = find_tests(text)
    assert test.statistic == statistic
