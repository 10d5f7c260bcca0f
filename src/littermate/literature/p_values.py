"""Printed P: ``P = 0.031``, ``p<.0001``, ``P-value of 3.1 × 10^-4``, ``p = 2e-5``, ``n.s.``"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from littermate.literature.numbers import decimal_mark, read_number
from littermate.literature.printing import plain
from littermate.model.reported_test import PrintedP

__all__ = ["PWords", "every_p", "find_p_values", "p_words"]

_TAILS = r"(?:one|two|1|2)[- ]?(?:tailed|sided|tails?)"
_WORDS = {
    "o": "<",
    "less than": "<",
    "below": "<",
    "lower than": "<",
    "greater than": ">",
    "above": ">",
    "more than": ">",
}
_RELATION = (
    r"(?P<relation> *+(?:[=:]{0,2} ?[<>≤≥] ?=?|={1,2}|:|o(?=0?\.\d))|(?: (?:was|is|of))? "
    r"(?:equal to|equals|less than|below|lower than|greater than|above|more than)(?= )| (?:was|is|of)(?= ))"
)
_POWER = r"(?: ?x *+| )10 *+(?:\( ?)?(?P<sign>-?) *+(?P<power>\d{1,3})(?: ?\))?"
_NUMBER = (
    r"(?:10 *+\(? ?- *+(?P<ten>\d{1,3})(?!\d)(?: ?\))?"
    rf"|(?P<number>\d{{0,3}}[.,]\d{{1,20}}|0\. \d{{1,20}}|\d{{1,4}})(?![.,]?\d)"
    rf"(?: ?[eE] ?(?P<esign>[-+]?) ?(?P<epower>\d{{1,3}})|{_POWER})?)"
)
_HEAD = (
    rf"(?:{_TAILS},? )?[Pp](?:'?s)?"
    rf"(?: {{0,2}}(?:(?P<adjusted>adj|corr|FDR|FWE|[Bb]onf|[Hh]olm|[Tt]ukey)\w{{0,8}}|GG|HF))?"
    r"(?:[- ]?val(?:ue)?s?\b\.?)?"
    rf"(?: ?\( ?(?:{_TAILS}|[A-Za-z-]{{3,20}}) ?(?:tests?|corrected|adjusted)?\))?(?: ?,? ?{_TAILS})?"
)
_NS = r"(?:[nN]\. ?[sS]\.?|ns|NS)(?![A-Za-z0-9])"
_NOT = rf"(?:{_NS}|(?:not|non)[- ]?significant(?![a-z]))"
_P = re.compile(rf"{_HEAD}(?: *+[=:,]? *+(?P<ns>{_NOT})|{_RELATION} *+{_NUMBER})(?! ?[%±]|-?[.\d]*\d)")
_NOT_SIGNIFICANT = re.compile(rf"(?P<ns>{_NOT})")
_P_BEHIND = re.compile(r"[ ,:(]{1,3}(?=[Pp])")
_START = re.compile(rf"(?<![A-Za-z0-9.\-/&])(?:{_TAILS},? )?[Pp](?=['a-z\- (=<>≤≥:,V])|(?<![A-Za-z0-9/])(?={_NS})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PWords:
    """A printed P with its decimal mark, and whether it is named as adjusted (``P_adj``)."""

    printed: PrintedP
    mark: str | None = None
    adjusted: bool = False


def p_words(text: str, start: int) -> PWords | None:
    """Read a P, or ``n.s.`` alone, at a place of a plain text; `None` where there is none, or a number above 1.

    Of ``n.s. (P = 0.3)`` the number is read.
    """
    found = _P.match(text, start) or _NOT_SIGNIFICANT.match(text, start)
    if found is None:
        return None
    if not found["ns"]:
        return _numeric(found)
    number = _P_BEHIND.match(text, found.end())
    exact = _P.match(text, number.end()) if number else None
    if exact and not exact["ns"]:
        return _numeric(exact)
    return PWords(printed=PrintedP(place=found.span(), relation="ns", value=None, decimals=None))


def _numeric(found: re.Match[str]) -> PWords | None:
    words = (found["number"] or "1").replace(" ", "")
    power = -int(found["ten"]) if found["ten"] else _power(found)
    mark = decimal_mark(words)
    if (number := read_number(words, mark)) is None:
        return None
    value = float(f"{words.replace(',', '.')}e{power}")
    decimals = max(number.decimals - power, 0)
    if value > 1:
        return None
    printed = PrintedP(place=found.span(), relation=_sign(found["relation"]), value=value, decimals=decimals)
    return PWords(printed=printed, mark=mark, adjusted=found["adjusted"] is not None)


def _power(found: re.Match[str]) -> int:
    sign, power = (found["esign"], found["epower"]) if found["epower"] else (found["sign"], found["power"])
    return int(f"{sign}{power}") if power else 0


def _sign(relation: str) -> str:
    words = next((sign for word, sign in _WORDS.items() if re.search(rf"\b{word}\b", relation)), None)
    return words or next((sign for sign, like in (("<", "<≤"), (">", ">≥")) if set(like) & set(relation)), "=")


def find_p_values(text: str) -> tuple[PrintedP, ...]:
    """Find every printed P, with a test beside it or without.

    Examples
    --------
    >>> [(one.relation, one.value) for one in find_p_values("P=0.030; p < 10^-4 (see p. 01), n.s.")]
    [('=', 0.03), ('<', 0.0001), ('ns', None)]
    """
    return tuple(one.printed for one in every_p(plain(text)))


def every_p(text: str) -> Iterator[PWords]:
    """Find every P of a plain text."""
    stop = 0
    for start in _START.finditer(text):
        if start.start() >= stop and (found := p_words(text, start.start())) is not None:
            stop = found.printed.place[1]
            yield found
