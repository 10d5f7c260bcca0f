"""Characters: one way to write each sign of a text, whoever set it.

Kept as printed: the typographic minus and dashes, Greek letters, quotes. Made one: blanks of every width, ligatures
(``ﬁ``), digits that are drawn small above or below the line, signs of fonts that name them as others.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain", "raised", "readable"]

_LIGATURES = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"}
_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u2061\u2062\u2063")
)
_ABOVE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+−=()n")
_BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₚ", "0123456789+−=()p")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+")
_SYMBOL = dict(
    zip(
        range(0xF061, 0xF07B),
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
) | {0xF020 + number: chr(0x20 + number) for number in range(32)}
_SYMBOL |= {0xF02D: "−", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0B0: "°", 0xF0BB: "≈", 0xF063: "χ"}
_SYMBOL |= {0xF05B: "[", 0xF05D: "]", 0xF07C: "|", 0xF0B9: "≠", 0xF0A2: "′"}
_CLOSING = tuple(".,;:)]")
_PUBLISHERS = str.maketrans("⫽⫹⫺⬍⬎⫾⫻␹␩␤␣␮␴", "=+−<>±×χηβαμσ")
"""Signs that fonts of some publishers have in place of others."""

_ORDINALS = ("st", "nd", "rd", "th")


def plain(text: str) -> str:
    """Return a text in one way of writing, in one line.

    Examples
    --------
    >>> plain("eﬀect of  F₁,₂₈ = 5.2 (χ² = 4, P < 10⁻⁴)")
    'effect of F1,28 = 5.2 (χ2 = 4, P < 10^−4)'
    """
    text = unicodedata.normalize("NFC", text).translate(_LIGATURES | _UNSEEN | _SYMBOL | _PUBLISHERS)
    text = _RAISED.sub(lambda hit: raised(hit[0].translate(_ABOVE), after=text[: hit.start()]), text)
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text.translate(_BELOW)).strip()


def raised(text: str, *, after: str) -> str:
    """Return what is set above the line as it stands in the text.

    Examples
    --------
    >>> raised("-4", after="10"), raised("2", after="χ"), raised("th", after="5"), raised("12", after="P = 0.03.")
    ('^-4', '2', 'th', '^12')
    """
    apart = (
        (after[-1:].isdigit() or after[-1:] in _CLOSING)
        and text.strip()[:1].strip("*†‡§#¶")
        and text.strip() not in _ORDINALS
    )
    return f"^{text.strip()}" if apart else text


def readable(text: str) -> float:
    r"""Return which share of a text's characters are printable.

    Examples
    --------
    >>> readable("abc"), readable("ab\x00\ufffd")
    (1.0, 0.5)
    """
    good = sum(one.isprintable() or one.isspace() for one in text) - text.count("\ufffd")
    return good / len(text) if text else 1.0
