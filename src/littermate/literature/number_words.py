"""Number words: whole numbers as papers print them, in digits or in English words up to nine hundred ninety-nine.

`WHOLE` is a fragment of a regular expression without groups; `whole_number` reads what it matches. Digits may have a
comma or a thin space before each three digits (1,024).
"""

from __future__ import annotations

import re

__all__ = ["WHOLE", "whole_number"]

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {
    **{word: k + 1 for k, word in enumerate(_UNITS + _TEENS)},
    **{word: 10 * k for k, word in enumerate(_TENS, start=2)},
    "dozen": 12,
    "fourty": 40,
}
_SMALL = "|".join(_UNITS)
_TO_99 = rf"(?:(?:{'|'.join(_TENS)}|fourty)(?:[-\u2010\u2011 ](?:{_SMALL}))?|{'|'.join(_TEENS)}|{_SMALL}|dozen)"
WHOLE = (
    r"(?:(?<![\w.,])\d{1,3}(?:[,\u2009\u202f]\d{3})+(?![\d.,]*\d)|(?<![\w.,])\d+(?![.,]?\d)"
    rf"|\b(?:(?:{_SMALL}|a) hundred(?:(?: and)? {_TO_99})?|{_TO_99})\b)"
)


def whole_number(printed: str) -> int:
    """Read a whole number that `WHOLE` matches, in any case.

    Examples
    --------
    >>> whole_number("Thirty-two"), whole_number("1,024"), whole_number("8")
    (32, 1024, 8)
    >>> whole_number("two hundred and sixteen")
    216
    """
    digits = re.sub(r"[,\u2009\u202f]", "", printed)
    if digits.isdecimal():
        return int(digits)
    hundreds, _, rest = printed.lower().rpartition(" hundred")
    words = re.split(r"[-\u2010\u2011 ]", rest.strip())
    return 100 * _VALUES.get(hundreds, bool(hundreds)) + sum(_VALUES.get(word, 0) for word in words)
