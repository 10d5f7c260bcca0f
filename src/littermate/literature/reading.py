"""Printed tests: ``F(1, 28) = 5.2, P = 0.031`` and its many relatives.

A test is a statistic (`statistic`) with its P (`pairing`), in any of the signs in which they are printed (`printing`).
What cannot be read in one way only is not read, and said (`UnreadTest`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from littermate.literature.before_p import METHODS
from littermate.literature.degrees import fitted
from littermate.literature.numbers import read_number
from littermate.literature.p_values import PWords
from littermate.literature.pairing import paired
from littermate.literature.printed_statistic import PrintedStatistic
from littermate.literature.printing import plain
from littermate.literature.statistic import every_statistic
from littermate.model.reported_test import ReportedTest, UnreadTest

__all__ = ["PrintedTests", "find_tests", "read_tests"]

_NO_P = "no P beside it that is surely its own"
_TAIL = r"(?<![\w-])(?:(?:one|1|single)[- ]?(?:tailed|sided|tails?)|directional)(?!\w)"
_ONE_TAILED = re.compile(_TAIL, re.I)
_ONE_TAILED_AHEAD = re.compile(rf"{_TAIL}(?! ?[,;)])", re.I)
_NEAR = re.compile(r"[ ,;()]{0,5}(?:[\w'-]{1,14} ){0,3}")
_BREATH = re.compile(r"[.;\n]|[<=>] ?\.?\d")
_ADJUSTED = re.compile(rf"(?<![A-Za-z])(?:(?:adjusted|corrected)(?! {{0,3}}r {{0,3}}2)|{METHODS})", re.I)
_ADJUSTED_BEHIND = re.compile(
    rf" ?[,(]? ?(?:(?:after|with|following|by) )?(?:{METHODS}[\w']{{0,12}}[- ]?)?(?:adjust|correct)(?:ed|ion|ment)"
    rf"| ?\( ?{METHODS}[\w' -]{{0,20}}\)",
    re.I,
)
_OTHER_CORRECTION = re.compile(r"Geisser|Feldt|Yates|Welch|continuity", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTests:
    """The printed tests of a text, and what looks like one and was not read."""

    tests: tuple[ReportedTest, ...]
    unread: tuple[UnreadTest, ...]


def find_tests(text: str) -> tuple[ReportedTest, ...]:
    """Find the printed tests of a text that have a P.

    Parameters
    ----------
    text
        Any text: sentences, table rows, LaTeX, HTML or Markdown.

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
    results = [_result(text, printed, one, p) for one, p in paired(printed, every_statistic(printed))]
    return PrintedTests(
        tests=tuple(one for one in results if isinstance(one, ReportedTest)),
        unread=tuple(one for one in results if isinstance(one, UnreadTest)),
    )


def _result(text: str, printed: str, found: PrintedStatistic, p: PWords | None) -> ReportedTest | UnreadTest | None:
    """Return the test, or why it is not read; `None` where neither P nor degrees of freedom make it look like one."""
    place = _place(found, p)
    words = " ".join(text[slice(*place)].split())
    mark = p.mark if p else None
    number, degrees = read_number(found.number, mark), fitted(found.name, found.degrees, mark)
    if isinstance(degrees, str):
        return UnreadTest(text=words, place=place, reason=degrees) if p else None
    if number is None:
        return UnreadTest(text=words, place=place, reason=f"{found.number} can be read as more than one number")
    if p is None:
        return UnreadTest(text=words, place=place, reason=_NO_P)
    return ReportedTest(
        text=words,
        place=place,
        statistic=found.name,
        df1=degrees[0],
        df2=degrees[1],
        n=degrees[2],
        relation=found.relation,
        value=-number.value if found.minus else number.value,
        decimals=number.decimals,
        p_relation=p.printed.relation,
        p_reported=p.printed.value,
        p_decimals=p.printed.decimals,
        p_above=p.printed.above,
        one_tailed=_is_one_tailed(printed, place),
        adjusted=p.adjusted or _is_adjusted(printed, found, p),
    )


def _place(found: PrintedStatistic, p: PWords | None) -> tuple[int, int]:
    start, stop = found.place[0], max(found.place[1], found.degrees.stop)
    return (min(start, p.printed.place[0]), max(stop, p.printed.place[1])) if p else (start, stop)


def _is_one_tailed(printed: str, place: tuple[int, int]) -> bool:
    """Whether "one-tailed" stands in the test, just behind it, or before it in the same breath."""
    near = _NEAR.match(printed, place[1])
    if near and _ONE_TAILED.match(printed, near.end()):
        return True
    lead = _BREATH.split(printed[max(place[0] - 60, 0) : place[0]])[-1]
    return _ONE_TAILED_AHEAD.search(lead) is not None or _ONE_TAILED.search(printed, *place) is not None


def _is_adjusted(printed: str, found: PrintedStatistic, p: PWords) -> bool:
    """Whether words between statistic and P, or just behind the P, say that it is adjusted for many comparisons."""
    between = printed[found.place[1] : p.printed.place[1]]
    words = _ADJUSTED.search(between) or _ADJUSTED_BEHIND.match(printed, p.printed.place[1])
    return words is not None and not _OTHER_CORRECTION.search(between)
