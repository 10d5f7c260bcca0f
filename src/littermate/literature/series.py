"""Several statistics printed with their P in one row: ``F(1,28) = 5.2, 3.1 and 0.4, P = .03, .09 and .53``.

The first of the numbers belongs to the first P, and so on, where there are as many P as numbers; one P said to be that
of both or all belongs to each. Where the counts differ, none is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from littermate.literature.before_p import after_gap
from littermate.literature.p_values import PWords, p_words
from littermate.literature.printed_statistic import PrintedStatistic
from littermate.literature.statistic import is_for_all

__all__ = ["in_series"]

_MORE = re.compile(
    r"(?: ?[,;] ?(?:(?:and|or) )?| (?:and|or|&) )(?P<minus>- ?)?(?P<number>\d{0,4}\.\d{1,6})(?![\d.]| ?[%±]|[A-Za-z])"
)
_MOST = 8
_JOINED = re.compile(r"[ ,;()]*(?:and|or)?[^.=<>\d\n]{0,60}")


def in_series(plain: str, found: Sequence[PrintedStatistic]) -> list[PrintedStatistic]:
    """Return statistics with those that share a letter or a P apart.

    Examples
    --------
    >>> from littermate.literature.statistic import every_statistic
    >>> plain = "t(28) = 2.20 and 0.51, ps = .036 and .61"
    >>> [(one.number, one.behind.printed.value) for one in in_series(plain, list(every_statistic(plain)))]
    [('2.20', 0.036), ('0.51', 0.61)]
    """
    apart = [other for one in found for other in _apart(plain, one)]
    for last in range(len(apart) - 1, 0, -1):
        if (first := _first_of_row(plain, apart, last)) < last:
            apart[first : last + 1] = _given(apart[first : last + 1])
    return apart


def _apart(plain: str, one: PrintedStatistic) -> tuple[PrintedStatistic, ...]:
    """Return the statistics of one letter with several numbers."""
    if one.behind is not None or not one.degrees.parts:
        return (one,)
    values = list(_values(plain, one.place[1]))
    if not values:
        return (one,)
    stop = values[-1].end()
    behind = p_words(plain, after_gap(plain, stop))
    row = _row(behind, len(values) + 1, for_all=behind is not None and is_for_all(plain, stop, behind))
    row = row or _row(one.before, len(values) + 1, for_all=False)
    if not row:
        return (one,)
    more = (_other(one, value) for value in values)
    return tuple(replace(each, before=None, behind=p) for each, p in zip((one, *more), row, strict=True))


def _other(one: PrintedStatistic, value: re.Match[str]) -> PrintedStatistic:
    place = (one.place[0], value.end())
    return replace(one, place=place, minus=value["minus"] is not None, number=value["number"])


def _values(plain: str, start: int) -> Iterator[re.Match[str]]:
    """Yield the further numbers behind the first."""
    for _ in range(_MOST):
        if (value := _MORE.match(plain, start)) is None:
            return
        yield value
        start = value.end()


def _row(p: PWords | None, count: int, *, for_all: bool) -> tuple[PWords, ...]:
    """Return as many P as there are statistics, or none."""
    if p is None:
        return ()
    if len(p.row) == count:
        return p.row
    return p.row * count if for_all and not p.more else ()


def _first_of_row(plain: str, found: Sequence[PrintedStatistic], last: int) -> int:
    """Return where a row of statistics begins that ends with several P, or with one for all; `last` where none does."""
    behind, first = found[last].behind, last
    if behind is None or not (found[last].shares or behind.more):
        return last
    while first and found[first - 1].behind is None and _is_joined(plain, found[first - 1], found[first]):
        first -= 1
    return first


def _is_joined(plain: str, one: PrintedStatistic, other: PrintedStatistic) -> bool:
    return _JOINED.fullmatch(plain, one.stop, other.place[0]) is not None


def _given(row: Sequence[PrintedStatistic]) -> list[PrintedStatistic]:
    """Give the P behind the last of several statistics to each, or to none where they cannot be told apart."""
    last = row[-1]
    every_p = _row(last.behind, len(row), for_all=last.shares)
    if not every_p:
        return [*row[:-1], replace(last, behind=None)]
    return [replace(one, behind=p, shares=last.shares) for one, p in zip(row, every_p, strict=True)]
