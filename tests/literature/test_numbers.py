"""Printed numbers."""

import pytest

from littermate.literature.numbers import decimal_mark, read_number


@pytest.mark.parametrize(
    ("text", "mark", "value", "decimals"),
    [
        ("5.20", None, 5.2, 2),
        (".05", None, 0.05, 2),
        ("5,2", None, 5.2, 1),
        (",05", None, 0.05, 2),
        ("2,000.20", None, 2000.2, 2),
        ("2.000,20", None, 2000.2, 2),
        ("1,234,567", None, 1234567, 0),
        ("5.200", None, 5.2, 3),
        ("2,200", ".", 2200, 0),
        ("2,200", ",", 2.2, 3),
        ("0,031", None, 0.031, 3),
        ("28", ",", 28, 0),
    ],
)
def test_numbers(text: str, mark: str | None, value: float, decimals: int) -> None:
    number = read_number(text, mark)
    assert number is not None
    assert (number.value, number.decimals) == (value, decimals)


@pytest.mark.parametrize(
    ("text", "mark"), [("2,200", None), ("2.200", ","), ("1,2,3", None), ("5.2.1", "."), ("", None)]
)
def test_what_can_be_read_in_two_ways_is_not_read(text: str, mark: str | None) -> None:
    assert read_number(text, mark) is None


def test_decimal_mark() -> None:
    assert [decimal_mark(text) for text in ("0,03", ".03", "1")] == [",", ".", None]
