"""Spread columns: tables with n, SD and SEM side by side, read from their text.

Cells are parted by blanks or newlines, as readers of tables and of pages give them: the header names the columns, and
each run of as many numbers behind it is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from littermate.literature.printed_means import NUMBER
from littermate.model.paper import Paper

__all__ = ["SpreadRow", "spread_rows"]

_NAME = r"(?:means?|n|SD|S\.D\.|SEM|S\.E\.M\.|SE)(?:\s\([^()\n]{1,20}\))?"
_HEADER = re.compile(rf"(?<!\S){_NAME}(?:\s+{_NAME}){{2,4}}(?!\S)", re.I)
_COLUMN = re.compile(r"(?P<n>n)|(?P<mean>mean)|(?P<sd>S\.?D)|(?P<sem>S\.?E)", re.I)
_LABEL = 90
"""Characters at most between one row's numbers and the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRow:
    """One row: n, SD and SEM as printed, and where."""

    n: int
    sd: str
    sem: str
    place: tuple[int, int]


def spread_rows(paper: Paper) -> Iterator[SpreadRow]:
    r"""Yield the rows of every table whose header has n, SD and SEM in neighbouring columns.

    Examples
    --------
    >>> text = "Group\nn\nMean\nSD\nSEM\nSaline\n9\n38.4\n6.6\n2.2\n"
    >>> paper = Paper(path="", sha256="", kind="txt", title="", text=text, sentences=())
    >>> [(row.n, row.sd, row.sem) for row in spread_rows(paper)]
    [(9, '6.6', '2.2')]
    """
    for header in _HEADER.finditer(paper.text):
        columns = [_column(name) for name in re.findall(_NAME, header.group(), re.I)]
        if sorted(set(columns)) == sorted(columns) and {"n", "sd", "sem"} <= set(columns):
            yield from _rows(paper.text, header.end(), columns)


def _column(name: str) -> str:
    match = _COLUMN.match(name)
    return str(match.lastgroup) if match else ""


def _rows(text: str, start: int, columns: list[str]) -> Iterator[SpreadRow]:
    row = re.compile(rf"(?<![\w.])({NUMBER})" + rf"\s+({NUMBER})" * (len(columns) - 1) + r"(?![\w.])")
    while (match := row.search(text, start, start + _LABEL + 80)) is not None and match.start() - start <= _LABEL:
        cells = dict(zip(columns, match.groups(), strict=True))
        if cells["n"].isdecimal():
            yield SpreadRow(n=int(cells["n"]), sd=cells["sd"], sem=cells["sem"], place=match.span())
        start = match.end()
