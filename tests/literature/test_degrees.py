"""Printed degrees of freedom."""

import pytest

from littermate.literature.degrees import Degrees, ahead, beside, bracketed, fitted, n_ahead, unbracketed


@pytest.mark.parametrize(
    ("text", "parts", "n"),
    [
        ("(1,28)", ("1", "28"), None),
        (" ( ( 1, 30 ) ) ", ("1", "30"), None),
        ("(1;28)", ("1", "28"), None),
        ("(df1 = 1, df2 = 28)", ("1", "28"), None),
        ("(1, N = 11,455)", ("1",), "11,455"),
        ("(n = 30)", (), "30"),
        ("(28 d.f.)", ("28",), None),
        ("(1,87; 52,4)", ("1,87", "52,4"), None),
        ("(1, 1,234)", ("1", "1,234"), None),
        ("(l, 76)", ("1", "76"), None),
    ],
)
def test_in_brackets(text: str, parts: tuple[str, ...], n: str | None) -> None:
    found = bracketed(text, 0)
    assert found is not None
    assert (found.parts, found.n) == (parts, n)


@pytest.mark.parametrize("text", ["(group)", "((1, 28)", "()", "1, 28", "(1, 28 mice)"])
def test_brackets_without(text: str) -> None:
    assert bracketed(text, 0) is None


def test_below_the_line_a_relation_must_follow() -> None:
    pair, single = unbracketed("1,28 = 5", 0, pair=True), unbracketed("28 < 2", 0, pair=False)
    assert pair is not None
    assert single is not None
    assert (pair.parts, single.parts) == (("1", "28"), ("28",))
    assert unbracketed("1,28 mg", 0, pair=True) is None


@pytest.mark.parametrize(
    ("text", "parts", "n"),
    [
        (", df = 28", ("28",), None),
        ("; d.f. = 1/28", ("1", "28"), None),
        (" on 1 and 28 degrees of freedom", ("1", "28"), None),
        (" (28 df)", ("28",), None),
        (" (n = 30)", (), "30"),
    ],
)
def test_behind(text: str, parts: tuple[str, ...], n: str | None) -> None:
    found = beside(text, 0)
    assert found is not None
    assert (found.parts, found.n) == (parts, n)


def test_animals_of_a_group_are_not_n() -> None:
    assert beside(", n = 8 per group", 0) is None


def test_ahead_does_not_take_what_belongs_to_the_test_before() -> None:
    text = "t = 2.1, df = 28, F = 5.2"
    assert ahead(text, 0, 18) is not None
    assert ahead(text, 16, 18) is None


def degrees(*parts: str, n: str | None = None) -> Degrees:
    return Degrees(parts=parts, n=n, stop=0)


@pytest.mark.parametrize(
    ("statistic", "printed", "expected"),
    [
        ("F", degrees("1", "28"), (1, 28, None)),
        ("t", degrees("24.3"), (None, 24.3, None)),
        ("r", degrees(n="30"), (None, 28, 30)),
        ("chi2", degrees("1", n="90"), (1, None, 90)),
        ("z", degrees(), (None, None, None)),
    ],
)
def test_fitted(statistic: str, printed: Degrees, expected: tuple[float | None, ...]) -> None:
    assert fitted(statistic, printed, ".") == expected


@pytest.mark.parametrize(
    ("statistic", "printed"),
    [
        ("F", degrees("1.28")),
        ("F", degrees("1", "87", "52")),
        ("t", degrees("2", "28")),
        ("z", degrees("28")),
        ("Q", degrees("2", n="187")),
    ],
)
def test_not_its_own(statistic: str, printed: Degrees) -> None:
    assert "do not fit" in str(fitted(statistic, printed, "."))


def test_bare_numbers_in_brackets_only_where_asked_for() -> None:
    found = beside(" (28), P", 0, bare=1)
    assert found is not None
    assert found.parts == ("28",)
    assert beside(" (28), P", 0) is None


def test_n_ahead_of_a_correlation() -> None:
    found = n_ahead("(n = 30, r = .45", 0, 9)
    assert found is not None
    assert found.n == "30"
    assert n_ahead("n = 8 per group, r = .45", 0, 17) is None


@pytest.mark.parametrize(
    ("statistic", "parts", "expected"),
    [
        ("F", ("2 229",), (2, 229, None)),
        ("t", ("2 229",), (None, 2229, None)),
        ("chi2", ("1", "141"), (1, None, 141)),
        ("H", ("2", "36"), (2, None, 36)),
    ],
)
def test_which_numbers_they_are(statistic: str, parts: tuple[str, ...], expected: tuple[float | None, ...]) -> None:
    assert fitted(statistic, Degrees(parts=parts, n=None, stop=0), ".") == expected


def test_two_numbers_that_cannot_be_degrees_of_freedom_and_n() -> None:
    assert isinstance(fitted("chi2", Degrees(parts=("18", "5"), n=None, stop=0), "."), str)
