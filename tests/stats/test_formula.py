"""Formulas are read as in R."""

import pytest

from littermate.errors import UsageError
from littermate.stats.formula import parse_formula, parse_model


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


@pytest.mark.parametrize(
    ("text", "random"),
    [
        ("y ~ a + (1 | cage)", [("cage",)]),
        ("y ~ (1|cage) + a", [("cage",)]),
        ("y ~ a + (1 | litter/cage)", [("litter",), ("litter", "cage")]),
        ("y ~ a + (1 | litter:cage)", [("litter", "cage")]),
        ("y ~ a + (1 | cage) + (1 | membrane)", [("cage",), ("membrane",)]),
        ("y ~ a + (1 | `home/cage + rack`)", [("home/cage + rack",)]),
        ("y ~ a", []),
    ],
)
def test_random_intercepts(text: str, random: list[tuple[str, ...]]) -> None:
    model = parse_model(text)
    assert (list(model.random), model.fixed.terms) == (random, (("a",),))


def test_error_strata() -> None:
    one = parse_model("y ~ group * bin + Error(animal/bin)")
    two = parse_model("y ~ bin * region + Error(animal/(bin * region))")
    assert (one.unit, one.within, one.fixed.terms) == ("animal", ("bin",), (("group",), ("bin",), ("group", "bin")))
    assert (two.unit, two.within) == ("animal", ("bin", "region"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("y ~ a + (a | cage)", "(a | cage)"),
        ("y ~ a + (1 + a | cage)", "(1 + a | cage)"),
        ("y ~ a + (1 | cage) + Error(animal/bin)", "more than one"),
        ("y ~ (1 | cage)", "outcome ~ terms"),
        ("y ~ a + Error(animal)", "'('"),
        ("y ~ a + (1 | cage", "(1 | cage"),
    ],
)
def test_what_is_no_model_is_refused(text: str, found: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_model(text)
    assert found in str(caught.value)
