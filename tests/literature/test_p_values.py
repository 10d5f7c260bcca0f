"""Printed P."""

import pytest

from littermate.literature.p_values import find_p_values, p_without_sign, p_words


@pytest.mark.parametrize(
    ("text", "relation", "value", "decimals"),
    [
        ("P=0.030", "=", 0.03, 3),
        ("p<.0001", "<", 0.0001, 4),
        ("P-value of 0.03", "=", 0.03, 2),
        ("p's > .3", ">", 0.3, 1),
        ("p = 2e-5", "=", 2e-5, 5),
        ("P = 3.1 x 10-4", "=", 3.1e-4, 5),
        ("P < 10-4", "<", 1e-4, 4),
        ("p = 0,03", "=", 0.03, 2),
        ("p = 0. 03", "=", 0.03, 2),
        ("p = < .001", "<", 0.001, 3),
        ("P ≤ 0.05", "<", 0.05, 2),
        ("Po0.05", "<", 0.05, 2),
        ("p less than 0.05", "<", 0.05, 2),
        ("p (two-tailed) = 1.00", "=", 1.0, 2),
        ("P ≈ 0.03", "=", 0.03, 2),
        ("Pr(> t ) = 0.03", "=", 0.03, 2),
        ("Sig. = .03", "=", 0.03, 2),
        ("p was < .03", "<", 0.03, 2),
    ],
)
def test_p(text: str, relation: str, value: float, decimals: int) -> None:
    found = p_words(text, 0)
    assert found is not None
    assert (found.printed.relation, found.printed.value, found.printed.decimals) == (relation, value, decimals)
    assert found.printed.place == (0, len(text))


@pytest.mark.parametrize("text", ["n.s.", "ns", "p = n.s.", "NS", "not significant"])
def test_not_significant(text: str) -> None:
    found = p_words(text, 0)
    assert found is not None
    assert (found.printed.relation, found.printed.value) == ("ns", None)


@pytest.mark.parametrize("text", ["p = 1.03", "p. 01", "P53", "p < 5%", "p = 0.01-0.05", "nsaid", "P 0.03", "P = 3 mW"])
def test_no_p(text: str) -> None:
    assert p_words(text, 0) is None


@pytest.mark.parametrize("text", [".01 < P < .05", "0.05 > p > 0.01", "p between .01 and .05"])
def test_between_two_numbers(text: str) -> None:
    found = p_words(text, 0)
    assert found is not None
    assert (found.printed.above, found.printed.relation, found.printed.value) == (0.01, "<", 0.05)
    assert [one.above for one in find_p_values(f"It was so ({text}).")] == [0.01]


def test_several_in_a_row() -> None:
    found = p_words("P = .03, < .09 and P = .53, respectively", 0)
    assert found is not None
    assert [(one.printed.relation, one.printed.value) for one in found.row] == [("=", 0.03), ("<", 0.09), ("=", 0.53)]


def test_without_a_sign_unless_the_sign_may_have_been_another() -> None:
    found = p_without_sign("P 0.030", 0)
    assert found is not None
    assert (found.printed.relation, found.printed.value, found.printed.decimals) == ("=", 0.03, 3)
    assert p_without_sign("P 0.050", 0) is None
    assert p_without_sign("P .001", 0) is None


def test_adjusted_by_its_name() -> None:
    found = p_words("P_adj = 0.03".replace("_", " "), 0)
    assert found is not None
    assert found.adjusted


def test_every_p_of_a_text() -> None:
    found = find_p_values("p = .04; see p. 12 and P7 pups, P<0.001 (one-tailed p = .02), ns.")
    assert [one.value for one in found] == [0.04, 0.001, 0.02, None]
