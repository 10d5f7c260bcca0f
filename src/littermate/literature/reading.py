"""Printed tests: ``F(1, 28) = 5.2, P = 0.031`` and its many relatives.

A test is a letter, degrees of freedom (in brackets, below the line, or behind), a relation, a value, perhaps effect
sizes and intervals, and a P. The P may stand before (``p = .03, t(28) = 2.2``): in a row of tests and P that begins with a
P and ends with a test, each test takes the P before it, otherwise the one behind it. What cannot be read in one way only
is not read, and said (`UnreadTest`).

Every pattern is anchored at a letter that may begin a test and is bounded in length, so the time is proportional to the
length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from littermate.literature.degrees import Degrees, beside, bracketed, fitted, unbracketed
from littermate.literature.numbers import NUMBER, read_number
from littermate.literature.p_values import PWords, every_p, p_words
from littermate.literature.printing import plain
from littermate.model.reported_test import ReportedTest, UnreadTest

__all__ = ["PrintedTests", "find_tests", "read_tests"]

_KIND = r"(?:[- ]{0,2}(?:values?|statistics?|ratio|scores?|tests?)(?![A-Za-z])(?: of)?)?"
_HEAD = re.compile(
    r"(?<![A-Za-z0-9'/&\\])(?:"
    r"(?P<chi2>χ(?: {0,6}2| ?-? ?squared?)|[Cc]hi {0,2}-? ?(?:2|squared?)|(?<!\d )[xX](?:2| {1,6}2(?= ?\()))"
    r"|χ ?(?P<below>[13-9]\d{0,2}) {0,3}2(?= {0,3}[=<>≤≥])"
    r"|(?P<F>F)s?|(?P<t>t)s?|(?P<r>r) {0,2}s?|(?P<z>[zZ])"
    r"|(?P<Qw>Q[- ]{0,2}(?:within|[wW]))|(?P<Qb>Q[- ]{0,2}(?:between|[bB]))|(?P<Q>Q(?: {0,2}(?:[MET]|statistic))?)"
    rf"){_KIND}(?![A-Za-z])"
)
_RELATION = re.compile(r" *+(?P<sign>[<>≤≥] ?=?|={1,2}|:|(?:was|is|of|equals)(?= ))? *+")
_VALUE = re.compile(rf"(?P<minus>- ?|[^\w\s.,;:()<>=+'\"][^\w.,;:()<>=+'\"]{{0,3}}(?=[.]?\d))?\+?(?P<number>{NUMBER})")
_R_SQUARED = re.compile(r" {0,6}2 {0,3}[=<>≤≥(]")
_COORDINATE = re.compile(r"[yY] {0,3}= {0,3}-? ?\d{1,3}(?:\.\d)?[,;]? {0,3}$")
_GAP = re.compile(r"[ ,;:()]{0,40}+(?:(?:and|with|at|giving|both|all|the|corresponding|associated|exact) ){0,2}")
_BEFORE = re.compile(r"[ ,;:(]{1,40}+")
_SIGNED = rf"(?:[-+±] ?)?{NUMBER}"
_INTERVAL = (
    r"(?:\d{2}(?:\.\d)? ?% ?)?(?:CI|C\.I\.|[cC]onfidence [iI]ntervals?|HDI|CrI)[\w% ]{0,12}[=: ,(]{0,4}"
    rf"{_SIGNED} ?(?:,|;|to|-|:|\.\.) ?{_SIGNED} ?\)?"
)
_EFFECT = (
    r"[A-Za-zηωεβφδρλΔ][\wηωεβφδρλ'.-]{0,20}(?: {1,4}(?![pPFtzQ] ?[=<>(])[\w'η-]{1,20}){0,3}"
    rf" {{0,4}}(?:[=<>≈≤≥:]|(?:of|was) ) {{0,4}}{_SIGNED}"
    rf"(?: ?± ?{NUMBER})? ?%?(?: ?\( ?{_SIGNED} ?(?:,|;|to|-) ?{_SIGNED} ?\))?"
)
_NAMES = (
    r"(?:un)?paired|(?:one|two|1|2)[- ]?(?:tailed|sided|tails?|way)|Welch'?s?|Student'?s?|ANOVA|t[- ]tests?|repeated"
    r"[- ]measures|Huynh-Feldt|Greenhouse-Geisser|(?:(?:Bonferroni|Holm|Tukey|Sidak|Dunnett|FDR|FWE)[- ]?)?(?:corrected|adjusted)|uncorrected|tests?"
)
_ITEM = re.compile(rf"(?:{_INTERVAL}|(?:{_NAMES})(?![A-Za-z])|{_EFFECT})")
_ITEM_NAME = re.compile(rf"(?:{_NAMES})(?![A-Za-z])")
_ITEMS = 8
_ONE_TAILED = re.compile(r"(?<![\w-])(?:(?:one|1|single)[- ]?(?:tailed|sided|tails?)|directional)(?!\w)", re.I)
_NEAR = re.compile(r"[ ,;()]{0,5}(?:[\w'-]{1,14} ){0,3}")
_ADJUSTED = re.compile(
    r"(?<![A-Za-z])(?:adjusted|corrected|Bonferroni|Holm|Tukey|Dunnett|FDR|FWE|Sidak|Šidák|Scheff)", re.I
)
_OTHER_CORRECTION = re.compile(r"Geisser|Feldt|Yates|Welch|continuity", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTests:
    """The printed tests of a text, and what looks like one and was not read."""

    tests: tuple[ReportedTest, ...]
    unread: tuple[UnreadTest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    """A statistic with a value: its place without P, its words, and the P before and behind it."""

    statistic: str
    place: tuple[int, int]
    sign: str
    minus: bool
    number: str
    degrees: Degrees
    before: PWords | None = None
    behind: PWords | None = None

    @property
    def stop(self) -> int:
        """Where the last of its words ends."""
        return max(self.place[1], self.degrees.stop, self.behind.printed.place[1] if self.behind else 0)


def find_tests(text: str) -> tuple[ReportedTest, ...]:
    """Find the printed tests of a text that have a P.

    Parameters
    ----------
    text
        Any text; sentences, tables, LaTeX or Markdown.

    Returns
    -------
    tuple of ReportedTest
        In the order of the text, with places in it.

    Examples
    --------
    >>> test, = find_tests("Ketamine lowered immobility (F(1,30) = 5.2, P = 0.031).")
    >>> test.statistic, test.df1, test.df2, test.value, test.p_reported
    ('F', 1.0, 30.0, 5.2, 0.031)
    """
    return read_tests(text).tests


def read_tests(text: str) -> PrintedTests:
    """Find the printed tests of a text, and what looks like one and cannot be read, with the reason.

    Examples
    --------
    >>> read_tests("Nothing differed (F(1.28) = 0.2, P = 0.6).").unread[0].reason
    'degrees of freedom (1.28) do not fit F'
    """
    printed = plain(text)
    results = [_result(text, printed, one, p) for one, p in _paired(_statistics(printed))]
    return PrintedTests(
        tests=tuple(one for one in results if isinstance(one, ReportedTest)),
        unread=tuple(one for one in results if isinstance(one, UnreadTest)),
    )


def _statistics(printed: str) -> Iterator[_Statistic]:
    """Find every statistic with a value, in order, none within another."""
    before = {gap.end(): p for p in every_p(printed) if (gap := _BEFORE.match(printed, p.printed.place[1]))}
    stop = 0
    for head in _HEAD.finditer(printed):
        if head.start() < stop or (found := _statistic(printed, head)) is None:
            continue
        earlier = before.get(head.start()) if found.degrees.parts or found.statistic == "z" else None
        if earlier or found.behind or found.degrees.parts:
            stop = found.stop
            yield replace(found, before=earlier if earlier and earlier.printed.relation != "ns" else None)


def _statistic(printed: str, head: re.Match[str]) -> _Statistic | None:
    name = _name(head)
    if _is_other(printed, head, name):
        return None
    degrees = _degrees(printed, head, name)
    relation = _RELATION.match(printed, degrees.stop)
    value = _VALUE.match(printed, relation.end()) if relation else None
    if relation is None or value is None or not _may_follow(relation, value, degrees):
        return None
    found = _Statistic(
        statistic=name,
        place=(head.start(), value.end()),
        sign=_sign(relation["sign"] or "="),
        minus=value["minus"] is not None,
        number=value["number"],
        degrees=degrees,
    )
    return _with_rest(printed, found)


def _name(head: re.Match[str]) -> str:
    return "chi2" if head["below"] else str(head.lastgroup)


def _is_other(printed: str, head: re.Match[str], name: str) -> bool:
    """Whether it is r squared, or the third of the coordinates x, y, z."""
    if name == "r":
        return _R_SQUARED.match(printed, head.end()) is not None
    return name == "z" and _COORDINATE.search(printed[max(head.start() - 20, 0) : head.start()]) is not None


def _degrees(printed: str, head: re.Match[str], name: str) -> Degrees:
    if head["below"]:
        return Degrees(parts=(head["below"],), n=None, stop=head.end())
    none = Degrees(parts=(), n=None, stop=head.end())
    below = (name in ("F", "t", "r", "chi2") and not printed[head.end() - 1].isalpha()) or len(head[0]) == 1
    found = bracketed(printed, head.end())
    if found is None and below and name[0] != "Q" and name != "z":
        found = unbracketed(printed, head.end(), pair=name == "F")
    return found or none


def _may_follow(relation: re.Match[str], value: re.Match[str], degrees: Degrees) -> bool:
    """Whether what stands between degrees of freedom and value can be a relation: words and none only behind brackets."""
    sign = relation["sign"]
    if sign is None:
        return bool(degrees.parts) and len(relation[0]) <= 2 and "." in value["number"]
    return bool(degrees.parts) or sign[0] in "=<>≤≥"


def _sign(printed: str) -> str:
    return {"<": "<", "≤": "<", ">": ">", "≥": ">"}.get(printed[0], "=")


def _with_rest(printed: str, found: _Statistic) -> _Statistic:
    """Read on from the value: degrees of freedom, effect sizes and intervals, as far as a P."""
    stop = found.place[1]
    for _ in range(_ITEMS):
        gap = _GAP.match(printed, stop)
        start = gap.end() if gap else stop
        if (p := p_words(printed, start)) is not None and (
            found.degrees.parts or p.printed.relation != "ns" or start > stop + 1
        ):
            return _with_trailing(printed, replace(found, behind=p))
        more = beside(printed, stop, pair=found.statistic == "F") if _lacks(found.degrees) else None
        if more is not None:
            found = replace(found, degrees=found.degrees.joined(more))
            stop = more.stop
        elif (item := _item(printed, start, found)) is not None:
            stop = item
        else:
            break
    return found


def _lacks(degrees: Degrees) -> bool:
    return not degrees.parts or degrees.n is None


def _item(printed: str, start: int, found: _Statistic) -> int | None:
    """Return where an effect size, an interval or a name of the test ends; another statistic is none of them."""
    if not found.degrees.parts and found.statistic != "z":
        return None
    other = _HEAD.match(printed, start)
    if other and (_name(other) != "r" or bracketed(printed, other.end())) and not _ITEM_NAME.match(printed, start):
        return None
    item = _ITEM.match(printed, start)
    return item.end() if item else None


def _with_trailing(printed: str, found: _Statistic) -> _Statistic:
    """Read degrees of freedom or n behind the P, where none stood before it."""
    stop = found.stop
    more = beside(printed, stop) if not found.degrees.parts else None
    return replace(found, degrees=found.degrees.joined(more)) if more else found


def _paired(found: Iterator[_Statistic]) -> Iterator[tuple[_Statistic, PWords | None]]:
    """Give each statistic its P, a row of neighbours at a time."""
    row: list[_Statistic] = []
    for one in found:
        if row and not _neighbours(row[-1], one):
            yield from _pairs(row)
            row = []
        row.append(one)
    yield from _pairs(row)


def _neighbours(one: _Statistic, other: _Statistic) -> bool:
    """Whether the P behind one is the P before the other."""
    return one.behind is not None and other.before is not None and one.behind.printed == other.before.printed


def _pairs(row: Sequence[_Statistic]) -> Iterator[tuple[_Statistic, PWords | None]]:
    first = bool(row) and row[0].before is not None and row[-1].behind is None
    return ((one, one.before if first else one.behind) for one in row)


def _result(text: str, printed: str, found: _Statistic, p: PWords | None) -> ReportedTest | UnreadTest:
    place = _place(found, p)
    words = " ".join(text[slice(*place)].split())
    number = read_number(found.number, p.mark if p else None)
    if number is None:
        return UnreadTest(text=words, place=place, reason=f"{found.number} can be read as more than one number")
    degrees = fitted(found.statistic, found.degrees, p.mark if p else None)
    if p is None or isinstance(degrees, str):
        return UnreadTest(text=words, place=place, reason=degrees if isinstance(degrees, str) else "no P beside it")
    return ReportedTest(
        text=words,
        place=place,
        statistic=found.statistic,
        df1=degrees[0],
        df2=degrees[1],
        n=degrees[2],
        relation=found.sign,
        value=-number.value if found.minus else number.value,
        decimals=number.decimals,
        p_relation=p.printed.relation,
        p_reported=p.printed.value,
        p_decimals=p.printed.decimals,
        one_tailed=_is_one_tailed(printed, place),
        adjusted=p.adjusted or _is_adjusted(printed, found, p),
    )


def _place(found: _Statistic, p: PWords | None) -> tuple[int, int]:
    stop = max(found.place[1], found.degrees.stop)
    if p is None:
        return found.place[0], stop
    return min(found.place[0], p.printed.place[0]), max(stop, p.printed.place[1])


def _is_one_tailed(printed: str, place: tuple[int, int]) -> bool:
    """Whether "one-tailed" stands in the test, just behind it, or before it in the same breath."""
    near = _NEAR.match(printed, place[1])
    if near and _ONE_TAILED.match(printed, near.end()):
        return True
    lead = re.split(r"[.;\n]|[<=>] ?\.?\d", printed[max(place[0] - 60, 0) : place[0]])[-1]
    return any(_ONE_TAILED.search(one) is not None for one in (lead, printed[slice(*place)]))


def _is_adjusted(printed: str, found: _Statistic, p: PWords) -> bool:
    """Whether words between statistic and P, or just behind the P, say that it is adjusted for many comparisons."""
    between = printed[found.place[1] : p.printed.place[0]]
    near = _NEAR.match(printed, p.printed.place[1])
    behind = near[0] + printed[near.end() : near.end() + 16] if near else ""
    return any(_ADJUSTED.search(one) and not _OTHER_CORRECTION.search(one) for one in (between, behind))
