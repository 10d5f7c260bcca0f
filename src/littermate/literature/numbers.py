"""Printed numbers: which mark is the decimal mark.

``5.2``, ``5,2``, ``.52``, ``2,000.20`` and ``2.000,20`` can be read by themselves. ``2,200`` cannot: it is 2200 where
points are decimal marks and 2.2 where commas are. Then the mark of the P printed with it decides, and where that has
none either the number is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NUMBER", "PrintedNumber", "decimal_mark", "read_number"]

NUMBER = r"(?:\d{1,12}(?:[.,]\d{1,20}){0,4}|[.,]\d{1,20})(?!\d)"
"""A number without a sign, for larger patterns."""

_PLAIN = re.compile(r"\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?P<group>[.,])\d{3})+(?P<mark>(?!(?P=group))[.,])(?P<decimals>\d+)")
_DECIMAL = re.compile(r"(?P<whole>\d*)(?P<mark>[.,])(?P<decimals>\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """A number and how many decimals were printed."""

    value: float
    decimals: int


def decimal_mark(text: str) -> str | None:
    """Return the decimal mark of a number below 1000, or `None` where it has none.

    Examples
    --------
    >>> decimal_mark("0,031"), decimal_mark(".05"), decimal_mark("1")
    (',', '.', None)
    """
    return next((one for one in text if one in ".,"), None)


def read_number(text: str, mark: str | None = None) -> PrintedNumber | None:
    """Read a number without a sign; `None` where it can be read in two ways or in none.

    Parameters
    ----------
    text
        The number as printed.
    mark
        The decimal mark of the text about it, where known: decides ``2,200``.

    Examples
    --------
    >>> read_number("2,000.20").value, read_number("0,031").decimals, read_number("2,200")
    (2000.2, 3, None)
    >>> read_number("2,200", ".").value, read_number("2,200", ",").value
    (2200.0, 2.2)
    """
    if _PLAIN.fullmatch(text):
        return PrintedNumber(value=float(text), decimals=0)
    if grouped := _GROUPED.fullmatch(text):
        return _number(text.replace(grouped["group"], "").replace(grouped["mark"], "."))
    if (thousands := _THOUSANDS.fullmatch(text)) and not _is_decimal(text, thousands["mark"], mark):
        return _number(text.replace(thousands["mark"], "")) if _is_thousands(text, thousands["mark"], mark) else None
    return _number(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _is_decimal(text: str, found: str, mark: str | None) -> bool:
    """Whether a lone mark with three digits behind it is the decimal mark; a point is, unless commas are."""
    return text.count(found) == 1 and (mark == found or (found == "." and mark is None))


def _is_thousands(text: str, found: str, mark: str | None) -> bool:
    return text.count(found) > 1 or (found == "," and mark == ".")


def _number(text: str) -> PrintedNumber:
    return PrintedNumber(value=float(text), decimals=len(text.partition(".")[2]))
