"""Columns of a table that together print tests: a statistic, its P, and its degrees of freedom or n.

What a column is, its heading says: ``F``, ``t value``, ``Wald χ2``, ``F(1,28)``, ``F (DFn, DFd)``; ``P``, ``p-value``,
``Pr(>F)``, ``adjusted P``; ``df``, ``df1``, ``error df``; ``n``. A statistic has the first P to its right before the
next statistic, or else the last to its left; the left one throughout where a row begins with a P and ends with a
statistic. Its degrees of freedom stand nearest to it. A table of coordinates (x, y, z), or of what soils and feeds hold
(N, P, K), has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.literature.printing import plain

__all__ = ["StatisticColumns", "statistic_columns"]

_WORD = r"(?:[- ]?(?:[Vv]alues?|[Ss]tatistics?|[Ss]tat\.?|[Rr]atio))?"
_LETTER = r"(?P<letter>F|t|[zZ]|χ ?2|[Cc]hi-?(?: ?2|[- ]?[Ss]quared?)|X ?2|r ?s?|ρ|rho|H|Q[MEBW]?|Wald)"
_KIND = r"(?:(?:Wald|Kruskal-Wallis|Pearson|Spearman|LR|[Ll]og-?rank|Welch|Student)(?:'?s)? )?"
_OF_DF = r"(?: ?\( ?(?:DFn, ?DFd|df1, ?df2|d\.?f\.?s?|dfs?(?:, ?dfs?)?) ?\)| ?df)?"
_WITH_DF = r"(?P<with_df>(?:F|t|χ ?2|r)(?: {0,3}\( ?\d[^()]{0,12}\)|\d[\d.,/ ]{0,11}\d))"
_AND_P = r"(?P<p>,? ?[(,/;] ?[pP](?:[- ]?values?)?[a-d]?\)?)?"
_STATISTIC = re.compile(rf"(?:{_WITH_DF}|{_KIND}{_LETTER}{_WORD}{_OF_DF}){_AND_P}")
_WHOLE_TEST = re.compile(
    r"(?:test )?statistics?(?: values?|,? \(?dfs?\)?)?|(?:anova |t[- ]test |test )?results?|statistical tests?"
    r"|[Ft] ?/ ?[Ft]|test values?",
    re.I,
)
_P = re.compile(
    r"(?P<adjusted>(?:adj\w*|corrected|bonferroni|holm|tukey|sidak|fdr|fwe)[-. ]{1,2})?p(?:[- ]?val(?:ue)?s?)?"
    r"(?P<after>[- ]?(?:adj\w*|corr\w*|fdr|fwe|bonf\w*)\.?| ?\([^()]{1,24}\))?"
    r"|pr ?\(? ?>[^()]{1,6}\)?|sig\.?(?: ?\([^()]{1,12}\))?",
    re.I,
)
_DF = re.compile(r"d\.?f\.?s?|degrees of freedom", re.I)
_EFFECT_DF = re.compile(
    r"df ?[1n]|num(?:erator)?\.? ?df|df,? ?\(?(?:num\w*|effect|between|model)\)?|effect df|hypothesis df", re.I
)
_ERROR_DF = re.compile(
    r"df ?[2d]|den(?:ominator)?\.? ?df|df,? ?\(?(?:den\w*|error|within|residual)\)?|(?:error|residual) df", re.I
)
_N = re.compile(r"[nN]")
_OF_OTHER_TABLES = ({"x", "y"}, {"n", "p", "k"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticColumns:
    """The columns of one test, counted from 0.

    Parameters
    ----------
    name
        What is printed of the statistic before ``=`` (``F``, ``F(1,28)``); empty where the cells print all of it.
    value, p
        The columns of the statistic and its P; the same one where each cell prints both: ``5.20 (.030)``.
    df
        The columns of degrees of freedom: none, one, or those of effect and error.
    n
        The column of the number of observations.
    adjusted
        Whether the P are headed as adjusted.
    """

    name: str
    value: int
    p: int
    df: tuple[int, ...] = ()
    n: int | None = None
    adjusted: bool = False


def statistic_columns(heading: Sequence[str]) -> list[StatisticColumns]:
    """Return the tests that a row of headings announces.

    Examples
    --------
    >>> [(one.name, one.value, one.p, one.df) for one in statistic_columns(["Effect", "df1", "df2", "F value", "p"])]
    [('F', 3, 4, (1, 2))]
    """
    cells = [" ".join(plain(cell).split()) for cell in heading]
    if any(others <= {cell.lower() for cell in cells} for others in _OF_OTHER_TABLES):
        return []
    values = [place for place, cell in enumerate(cells) if _name(cell) is not None]
    return [found for value in values if (found := _columns(cells, value, values)) is not None]


def _name(cell: str) -> str | None:
    """Return what a statistic's heading prints of it; `None` of other headings."""
    if found := _STATISTIC.fullmatch(cell):
        return found["with_df"] or found["letter"].replace("Wald", "χ2")
    return "" if _WHOLE_TEST.fullmatch(cell) else None


def _holds_both(cell: str) -> bool:
    found = _STATISTIC.fullmatch(cell)
    return found is not None and found["p"] is not None


def _columns(cells: Sequence[str], value: int, values: Sequence[int]) -> StatisticColumns | None:
    after = min((other for other in values if other > value), default=len(cells))
    every_p = [place for place, cell in enumerate(cells) if _P.fullmatch(cell) or _holds_both(cell)]
    if (p := _own_p(value, values, every_p)) is None:
        return None
    first = max((one for one in every_p if one < value and one != p), default=-1)
    own = range(first + 1, after)
    return StatisticColumns(
        name=_name(cells[value]) or "",
        value=value,
        p=p,
        df=_df(cells, own) or _df(cells, range(values[0])),
        n=next((place for place in own if _N.fullmatch(cells[place])), None),
        adjusted=_is_adjusted(cells[p]),
    )


def _own_p(value: int, values: Sequence[int], every_p: Sequence[int]) -> int | None:
    """Return the column of a statistic's P: its own, the next, or the one before where the P stand before all."""
    if value in every_p or not every_p:
        return value if every_p else None
    after = min((other for other in values if other > value), default=every_p[-1] + 1)
    before = max((other for other in values if other < value), default=-1)
    right, left = ([p for p in every_p if low < p < high] for low, high in ((value, after), (before, value)))
    if left and (not right or (every_p[0] < values[0] and every_p[-1] < values[-1])):
        return left[-1]
    return right[0] if right else None


def _is_adjusted(heading: str) -> bool:
    found = _P.fullmatch(heading)
    return found is not None and bool(found["adjusted"] or (found["after"] or "").strip(" -")[:1] not in ("", "("))


def _df(cells: Sequence[str], among: Sequence[int]) -> tuple[int, ...]:
    """Return the columns of degrees of freedom among some, the effect's first."""
    effect, error, either = (
        [place for place in among if kind.fullmatch(cells[place])] for kind in (_EFFECT_DF, _ERROR_DF, _DF)
    )
    if effect and error:
        return (effect[0], error[0])
    return tuple(either[:1] or error[:1])
