"""Formulas are read as in R."""

import pytest

from littermate.errors import UsageError
from littermate.stats.formula import parse_formula


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("y ~ a", [("a",)]),
        ("y~a+b", [("a",), ("b",)]),
        ("y ~ a*b", [("a",), ("b",), ("a", "b")]),
        ("y ~ b:a + a + b", [("a",), ("b",), ("b", "a")]),
        ("y ~ a:b + c", [("c",), ("a", "b")]),
        ("y ~ a*b*c", [*[(x,) for x in "abc"], ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")]),
        ("y ~ a*b + a", [("a",), ("b",), ("a", "b")]),
        ("y ~ a + b:c*d", [("a",), ("d",), ("b", "c"), ("b", "c", "d")]),
        ("y ~ `body weight` + a", [("body weight",), ("a",)]),
    ],
)
def test_terms(text: str, terms: list[tuple[str, ...]]) -> None:
    assert list(parse_formula(text).terms) == terms


def test_marks() -> None:
    formula = parse_formula("`lines crossed` ~ number(weight) + C(dose) * factor(block)")
    assert formula.outcome == "lines crossed"
    assert (formula.as_number, formula.as_factor) == ({"weight"}, {"dose", "block"})


def test_a_column_may_be_called_like_a_mark() -> None:
    assert parse_formula("number ~ factor * C").terms == (("factor",), ("C",), ("factor", "C"))


@pytest.mark.parametrize(
    "text",
    ["", "y", "y ~", "~ a", "y ~ a +", "y ~ a b", "y ~ a ~ b", "y ~ a - b", "y ~ (a)", "y ~ 1", "y ~ y * a",
     "y ~ number(a) * b", "y ~ number(a) + factor(a)", "y ~ a ** b", "log(y) ~ a", "y ~ a + + b", "y + z ~ a"],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_formula(text)
    assert "outcome ~ a * b" in str(caught.value)
