"""Whole numbers in digits and in words."""

import re

import pytest

from littermate.literature.number_words import WHOLE, whole_number


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        *(
            ("8", 8),
            ("1,024", 1024),
            ("eight", 8),
            ("Twelve", 12),
            ("thirty", 30),
            ("Thirty-two", 32),
            ("ninety nine", 99),
        ),
        *(("one hundred", 100), ("a hundred", 100), ("two hundred and sixteen", 216), ("forty‐eight", 48)),
    ],
)
def test_a_number_is_read(printed: str, number: int) -> None:
    assert re.fullmatch(WHOLE, printed, re.I)
    assert whole_number(printed) == number


def test_every_number_word_to_ninety_nine_is_read_whole() -> None:
    ones = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    words = [f"{ten}-{one}" for ten in ("twenty", "fifty", "ninety") for one in ones]
    assert [whole_number(re.findall(WHOLE, f"the {word} mice")[0]) for word in words] == [
        ten + one for ten in (20, 50, 90) for one in range(1, 10)
    ]


@pytest.mark.parametrize("text", ["3.5", "1.25", "CD1", "nineteenth", "attend"])
def test_parts_of_other_words_and_numbers_are_none(text: str) -> None:
    assert re.findall(WHOLE, text, re.I) == []
