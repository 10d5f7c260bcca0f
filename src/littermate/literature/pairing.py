"""Which P belongs to which statistic.

In a row of neighbours, statistics and P in turn, that begins with a P and ends with a statistic, each statistic has
the P before it (``p = .03, t(28) = 2.2; p = .04, t(28) = 2.1``); in any other the one behind it, unless semicolons say
otherwise (``t(28) = 2.2; p = .04, t(28) = 2.1``): then none has. Before that, what stands in one row with a P for all
or with several P is given its own (`series`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from littermate.literature.p_values import PWords
from littermate.literature.printed_statistic import PrintedStatistic
from littermate.literature.series import in_series

__all__ = ["paired"]

_Pair = tuple[PrintedStatistic, PWords | None]


def paired(plain: str, found: Iterable[PrintedStatistic]) -> Iterator[_Pair]:
    """Give each statistic of a plain text its P, or `None`.

    Examples
    --------
    >>> from littermate.literature.statistic import every_statistic
    >>> plain = "p = .03, t(28) = 2.2; p = .04, t(28) = 2.1"
    >>> [(one.number, p.printed.value) for one, p in paired(plain, every_statistic(plain))]
    [('2.2', 0.03), ('2.1', 0.04)]
    """
    row: list[PrintedStatistic] = []
    for one in in_series(plain, list(found)):
        if row and not _are_neighbours(row[-1], one):
            yield from _pairs(plain, row)
            row = []
        row.append(one)
    yield from _pairs(plain, row)


def _are_neighbours(one: PrintedStatistic, other: PrintedStatistic) -> bool:
    """Whether the P behind one is the P before the other."""
    return one.behind is not None and other.before is not None and one.behind.printed == other.before.printed


def _pairs(plain: str, row: Sequence[PrintedStatistic]) -> Iterator[_Pair]:
    if row and row[-1].behind is None:
        if row[0].before is not None:
            return ((one, one.before) for one in row)
        if all(_is_parted(plain, one, other) for one, other in pairwise(row)):
            return ((one, None) for one in row)
    return ((one, one.behind) for one in row)


def _is_parted(plain: str, one: PrintedStatistic, other: PrintedStatistic) -> bool:
    """Whether a semicolon stands between a statistic and the P behind it, and none between this and the next."""
    start, stop = one.behind.printed.place if one.behind else (one.stop, one.stop)
    return ";" in plain[one.place[1] : start] and ";" not in plain[stop : other.place[0]]
