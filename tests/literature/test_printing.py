"""Printed text made plain."""

import pytest

from littermate.literature.printing import plain


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("F\u2009[1,\u00a028]\u202f= −5·2", "F (1, 28) = -5.2"),
        ("χ²₁", "χ21"),
        ("𝐹(１,２８)＝５", "F(1,28)=5"),
        (r"$F_{(1,\,28)} \leq 5$", "F (1, 28) ≤ 5"),
        ("<italic>t</italic><sub>28</sub> &lt; 2", "t 28 < 2"),
        ("*F* and _p_", "F and p"),
        ("p = 3·10⁻⁴", "p = 3x10-4"),
        ("p ⫽ .03, t ¼ ⫺2, p ⬍ 1", "p = .03, t = -2, p < 1"),
        ("F(1,\n28)", "F(1, 28)"),
        ("χ1^2, χ_{2}^2, F(1,28)^a", "χ1 2, χ 2 2, F(1,28)"),
        ("p ~ .03, P ≪ .05 ≃ 1, #p < .05", "p ≈ .03, P < .05 ≈ 1, ‡p < .05"),
        ("t = \xad2, P\xad = 1", "t = -2, P = 1"),
        ("F(1,28)^3 = 5.2^12,13, p = 3 x 10^-4", "F(1,28) = 5.2 , p = 3 x 10 -4"),
    ],
)
def test_signs_become_one_sign(printed: str, expected: str) -> None:
    assert " ".join(plain(printed).split()) == expected


def test_places_stay() -> None:
    text = r"\textit{F}₁ &#967;² <sub>x</sub>"
    assert len(plain(text)) == len(text)
    assert plain(text).index("F") == text.index("F")


def test_an_empty_line_stays() -> None:
    assert plain("a\n\nb\nc") == "a\n\nb c"


def test_what_is_no_markup_stays() -> None:
    assert plain("F < 1 and p > .05 &c") == "F < 1 and p > .05 &c"
