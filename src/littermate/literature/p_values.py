"""Printed P: ``P = 0.031``, ``p<.0001``, ``3.1 × 10^-4``, ``.01 < P < .05``, ``ps = .03 and .04``, ``n.s.``"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from littermate.literature.numbers import decimal_mark, read_number
from littermate.literature.printing import plain
from littermate.model.reported_test import PrintedP

__all__ = ["PWords", "every_p", "find_p_values", "p_words", "p_without_sign"]

_TAILS = r"(?:one|two|1|2)[- ]?(?:tailed|sided|tails?)"
_WORDS = {
    "o": "<",
    "less than": "<",
    "below": "<",
    "lower than": "<",
    "smaller than": "<",
    "greater than": ">",
    "above": ">",
    "more than": ">",
    "larger than": ">",
}
_THAN = r"(?:less|lower|smaller|greater|more|larger) than"
_RELATION = (
    r"(?P<relation>(?: (?:was|is|were|are)(?= [<>≤≥=]))? *+(?:[=:]{0,2} ?[<>≤≥≈]{1,2} ?=?|={1,2}|:|o(?=0?\.\d))"
    rf"|(?: (?:was|is|of|were|are))? (?:equal to|equals|below|above|{_THAN})(?= )| (?:was|is|of|were|are)(?= ))"
)
_POWER = r"(?: ?x *+| {1,6})10 *+(?:\( ?)?(?P<sign>-?) *+(?P<power>\d{1,3})(?: ?\))?"
_NUMBER = (
    r"(?:10 *+\(? ?- *+(?P<ten>\d{1,3})(?!\d)(?: ?\))?"
    rf"|(?P<number>\d{{0,3}}[.,]\d{{1,20}}|0?\. \d{{1,20}}|\d{{1,4}})(?![.,]?\d)"
    rf"(?: ?[eE] ?(?P<esign>[-+]?) ?(?P<epower>\d{{1,3}})|{_POWER})?)"
)
_ADJUSTED = r"adj|corr|FDR|FWE|[Bb]onf|[Hh]olm|[Tt]ukey|[SŠsš]id|[Dd]unn|[Ss]cheff|BH"
_HEAD = (
    rf"(?:Pr ?\( ?> {{0,3}}\w{{1,5}} {{0,3}}\)|[Ss]ig\.?(?= ?[(=<>])|ρ(?= ?<)"
    rf"|(?:{_TAILS},? )?[Pp](?:'?s)?"
    rf"(?:[- ]{{0,2}}(?:\( ?)?(?:(?P<adjusted>{_ADJUSTED})\w{{0,8}}(?:-corr\w{{0,8}})?|GG|HF)\.?(?: ?\))?)?)"
    r"(?:[- ]?val(?:ue)?s?\b\.?)?"
    rf"(?: ?\( ?(?:{_TAILS}|[A-Za-z-]{{3,20}}) ?(?:tests?|corrected|adjusted)?\))?(?: ?,? ?{_TAILS})?"
)
_NS = r"(?:[nN]\. ?[sS]\.?|ns|NS)(?![A-Za-z0-9])"
_NOT = rf"(?:{_NS}|(?:not|non)[- ]?significant(?![a-z]))"
_UNIT = r"(?:[mkcµμ](?:W|Pa|g|m|l|L|M|V|A|Hz)|W|Pa|atm|bar)(?![A-Za-z])"
_STOP = rf"(?! ?[%±]| ?{_UNIT}|-?[.\d]*\d|(?<=[.]0) \d|(?<=[.]00) \d)"
_P = re.compile(rf"{_HEAD}(?: *+[=:,]? *+(?P<ns>{_NOT})|{_RELATION} *+{_NUMBER}){_STOP}")
_NOT_SIGNIFICANT = re.compile(rf"(?P<ns>{_NOT})")
_P_BEHIND = re.compile(r"[ ,:(]{1,3}(?=[Pp])")
_START = re.compile(rf"(?<![A-Za-z0-9.\-/&])(?:{_TAILS},? )?[Pp](?=['a-z\- (=<>≤≥≈:,V])|(?<![A-Za-z0-9/])(?={_NS})")
_LIMIT = r"(?:0?[.,]\d{1,20}|[01])(?!\d)"
_LIMITS = (
    re.compile(rf"(?P<one>{_LIMIT}) ?[<≤] ?{_HEAD} ?[<≤] ?(?P<other>{_LIMIT}){_STOP}"),
    re.compile(rf"(?P<one>{_LIMIT}) ?[>≥] ?{_HEAD} ?[>≥] ?(?P<other>{_LIMIT}){_STOP}"),
    re.compile(
        rf"{_HEAD}(?: (?:is|was|lies|lay|were))? ?between (?P<one>{_LIMIT}) (?:and|to) (?P<other>{_LIMIT}){_STOP}"
    ),
)
_LIMIT_AHEAD = re.compile(rf"(?<![\d.,]){_LIMIT} ?[<≤>≥] ?$")
_UNSIGNED = re.compile(rf"{_HEAD} {{1,2}}(?P<number>0?[.,]\d{{2,6}})(?![.,]?\d){_STOP}")
_CUSTOMARY = re.compile(r"0?[.,](?:0{0,4}1|05)0*")
_NEXT = re.compile(rf"(?: ?[,;] ?(?:(?:and|or|&) )?| (?:and|or|&) )(?:{_HEAD})?(?P<relation> ?[=<>≤≥≈])? ?(?=[\d.,])")
_NEXT_NUMBER = re.compile(rf"{_NUMBER}(?= {{0,2}}(?:[,;.)‡\n]|$|(?:and|or|for|in|respectively)\b|&))")
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PWords:
    """A printed P, or several in one row.

    Parameters
    ----------
    printed
        The (first) P.
    mark
        Its decimal mark.
    adjusted
        Whether it is named as adjusted (``P_adj``).
    more
        The others of ``p = .03, .09 and .53``.
    """

    printed: PrintedP
    mark: str | None = None
    adjusted: bool = False
    more: tuple[PWords, ...] = ()

    @property
    def row(self) -> tuple[PWords, ...]:
        """It and the others, one by one."""
        return (replace(self, more=()), *self.more)

    @property
    def stop(self) -> int:
        """Where the last of them ends."""
        return self.row[-1].printed.place[1]


def p_words(text: str, start: int) -> PWords | None:
    """Read a P, or ``n.s.`` alone, at a place of a plain text; `None` where there is none, or a number above 1.

    Of ``n.s. (P = 0.3)`` the number is read.
    """
    if limits := _between(text, start):
        return limits
    found = _P.match(text, start) or _NOT_SIGNIFICANT.match(text, start)
    if found is None:
        return None
    if not found["ns"]:
        return _with_more(text, _numeric(found))
    number = _P_BEHIND.match(text, found.end())
    exact = _P.match(text, number.end()) if number else None
    if exact and not exact["ns"]:
        return _numeric(exact)
    return PWords(printed=PrintedP(place=found.span(), relation="ns", value=None, decimals=None))


def p_without_sign(text: str, start: int) -> PWords | None:
    """Read ``P 0.030`` at a place; not ``P 0.05``, whose lost sign may have been ``<`` as well as ``=``."""
    found = _UNSIGNED.match(text, start)
    if found is None or _CUSTOMARY.fullmatch(found["number"]):
        return None
    return _plain_number(found.span(), "=", found["number"])


def _between(text: str, start: int) -> PWords | None:
    """Read ``.01 < P < .05``, the reverse, or ``P between .01 and .05``."""
    found = next((match for one in _LIMITS if (match := one.match(text, start))), None)
    if found is None:
        return None
    below, above = sorted((found["one"], found["other"]), key=lambda words: float(words.replace(",", ".")))
    upper = _plain_number(found.span(), "<", above)
    printed = replace(upper.printed, above=float(below.replace(",", ".")))
    return replace(upper, printed=printed)


def _plain_number(place: tuple[int, int], relation: str, words: str) -> PWords:
    mark = decimal_mark(words)
    decimals = len(words.partition(mark)[2]) if mark else 0
    printed = PrintedP(place=place, relation=relation, value=float(words.replace(",", ".")), decimals=decimals)
    return PWords(printed=printed, mark=mark)


def _with_more(text: str, first: PWords | None) -> PWords | None:
    """Read on from a P: ``, .09 and .53``."""
    if first is None:
        return None
    more: list[PWords] = []
    stop = first.stop
    while len(more) < _MOST and (ahead := _NEXT.match(text, stop)):
        number = _NEXT_NUMBER.match(text, ahead.end())
        if number is None or not (number["ten"] or decimal_mark(number["number"])):
            break
        relation = ahead["relation"] or first.printed.relation
        if (one := _of_number(number, relation)) is None:
            break
        more.append(replace(one, adjusted=first.adjusted))
        stop = one.stop
    return replace(first, more=tuple(more))


def _numeric(found: re.Match[str]) -> PWords | None:
    one = _of_number(found, found["relation"])
    if one is None:
        return None
    printed = replace(one.printed, place=found.span())
    return replace(one, printed=printed, adjusted=found["adjusted"] is not None)


def _of_number(found: re.Match[str], relation: str) -> PWords | None:
    words = (found["number"] or "1").replace(" ", "")
    power = -int(found["ten"]) if found["ten"] else _power(found)
    mark = decimal_mark(words)
    if (number := read_number(words, mark)) is None:
        return None
    value = float(f"{words.replace(',', '.')}e{power}")
    decimals = max(number.decimals - power, 0)
    if value > 1:
        return None
    printed = PrintedP(place=found.span(), relation=_sign(relation), value=value, decimals=decimals)
    return PWords(printed=printed, mark=mark)


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
        limit = _LIMIT_AHEAD.search(text, max(stop, start.start() - 12), start.start())
        first = limit.start() if limit else start.start()
        if start.start() >= stop and (found := p_words(text, first) or p_words(text, start.start())) is not None:
            stop = found.printed.place[1]
            yield found
