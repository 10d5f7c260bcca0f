r"""Printed tests in a paper: those of its sentences, and those whose parts stand in the cells of a table's row.

What a row's cells and its headings print together is written as one would in a sentence (``F(1, 28) = 5.20, P = .030``)
and read by the same reader. Headings hold for the rows below them, counted from the right where a cell that spans rows
or columns makes one of them shorter. In an analysis of variance that prints one number of degrees of freedom a row,
those of the error are in the next row below that is called error, residual or within; not in one with a row of
subjects, where effects have different errors. A row from which no P follows is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from littermate.literature.consistency import recompute
from littermate.literature.printing import plain
from littermate.literature.reading import PrintedTests, read_tests
from littermate.literature.table_columns import StatisticColumns, statistic_columns
from littermate.model.paper import Paper
from littermate.model.reported_test import ReportedTest, UnreadTest

__all__ = ["read_paper_tests"]

_ERROR = re.compile(r"(?:residuals?|errors?|within(?:[- ]groups?|[- ]subjects?)?)(?: ?\(.{0,40}\))?", re.I)
_SUBJECTS = re.compile(r"(?:subjects?|animals?|mouse|mice|rats?|individuals?)(?: ?\(.{0,20}\))?", re.I)
_NUMBER = re.compile(r"[<>≤≥≈=]? ?[-+]? ?\d{0,6}[.,]?\d")
_P_CELL = r"[pP]?[ =]{0,3}[<>≤≥]? ?0?[.,]\d{1,6}|n\.?s\.?"
_BOTH = re.compile(rf"(?P<value>[^;\n]{{0,40}}\d)\D{{0,3}}?[ ,;/(\[]{{1,3}}(?P<p>{_P_CELL})[)\]]?[*†‡]{{0,4}}")
_NOT_SIGNIFICANT = re.compile(r"n\.? ?s\.?", re.I)
_LONGEST_ROW_OF_ONE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row: its cells and where each begins in the paper's text."""

    cells: tuple[str, ...]
    starts: tuple[int, ...]

    def place(self, first: int, last: int) -> tuple[int, int]:
        return self.starts[first], self.starts[last] + len(self.cells[last])


def read_paper_tests(paper: Paper) -> PrintedTests:
    r"""Find the printed tests of a paper, in its sentences and in the rows of its tables.

    Returns
    -------
    PrintedTests
        In the order of the text; of a test in a row, the place is from its statistic's cell to its P's and the text
        what the cells say together.

    Examples
    --------
    >>> from littermate.model.paper import Sentence
    >>> text = "Effect\ndf\nF\nP\nDrug\n1, 28\n5.20\n.030\n"
    >>> rows = (Sentence(text=text[:13], place=(0, 13)), Sentence(text=text[14:-1], place=(14, len(text) - 1)))
    >>> paper = Paper(path="", sha256="", kind="html", title="", text=text, sentences=rows)
    >>> [test.text for test in read_paper_tests(paper).tests]
    ['F(1, 28) = 5.20, P = .030']
    """
    found = read_tests(paper.text)
    whole = [test for test in found.tests if recompute(test).p_computed is not None]
    more = [test for table in _tables(paper) for test in _tests(table) if not _overlaps(test, whole)]
    kept = [test for test in found.tests if not _overlaps(test, more)]
    return PrintedTests(
        tests=tuple(sorted([*kept, *more], key=lambda test: test.place)),
        unread=tuple(one for one in found.unread if not _overlaps(one, more)),
    )


def _overlaps(one: ReportedTest | UnreadTest, others: Sequence[ReportedTest]) -> bool:
    return any(one.place[0] < other.place[1] and other.place[0] < one.place[1] for other in others)


def _tables(paper: Paper) -> Iterator[list[_Row]]:
    """Yield the rows of each table: neighbours with several cells; a short row of one cell parts none."""
    rows: list[_Row] = []
    for sentence in paper.sentences:
        cells = tuple(sentence.text.split("\n"))
        if len(cells) > 1:
            steps = (len(cell) + 1 for cell in cells[:-1])
            rows.append(_Row(cells=cells, starts=tuple(accumulate(steps, initial=sentence.place[0]))))
        elif rows and len(sentence.text) > _LONGEST_ROW_OF_ONE:
            yield rows
            rows = []
    if rows:
        yield rows


def _tests(table: Sequence[_Row]) -> Iterator[ReportedTest]:
    headings = [(place, found) for place, row in enumerate(table) if (found := statistic_columns(row.cells))]
    for (start, columns), (stop, _) in pairwise([*headings, (len(table), [])]):
        body = table[start + 1 : stop]
        errors = _error_rows(body)
        for place, row in enumerate(body):
            for one in columns:
                shift = len(row.cells) - len(table[start].cells)
                if (test := _test(row, _shifted(one, shift), errors[place])) is not None:
                    yield test


def _shifted(columns: StatisticColumns, shift: int) -> StatisticColumns:
    return replace(
        columns,
        value=columns.value + shift,
        p=columns.p + shift,
        df=tuple(place + shift for place in columns.df),
        n=None if columns.n is None else columns.n + shift,
    )


def _test(row: _Row, columns: StatisticColumns, error: _Row | None) -> ReportedTest | None:
    used = (columns.value, columns.p, *columns.df, *([] if columns.n is None else [columns.n]))
    if min(used) < 0:
        return None
    value, p_value = _value_and_p(row, columns)
    statistic, p = _statistic(value, row, columns, error), _p(p_value, columns)
    if statistic is None or p is None:
        return None
    found = read_tests(f"{statistic}, {p}").tests
    if len(found) != 1 or recompute(found[0]).p_computed is None:
        return None
    return replace(found[0], place=row.place(*sorted((columns.value, columns.p))))


def _value_and_p(row: _Row, columns: StatisticColumns) -> tuple[str, str]:
    """Return what is printed of the statistic and of its P, which may stand in one cell."""
    cell = row.cells[columns.value].strip()
    if columns.value != columns.p:
        return cell, row.cells[columns.p]
    both = _BOTH.fullmatch(cell)
    return (both["value"], both["p"]) if both else ("", "")


def _statistic(cell: str, row: _Row, columns: StatisticColumns, error: _Row | None) -> str | None:
    """Return the statistic of a row as a sentence prints it; `cell` is what its own cell has of it."""
    if "=" in cell:
        return cell
    value = plain(cell).strip()
    if not columns.name or not _NUMBER.match(value):
        return None
    df = _df(row, columns, error) if columns.df else ""
    n = f", n = {row.cells[columns.n]}" if columns.n is not None and columns.name[0] in "rρ" and not df else ""
    return f"{columns.name}{f'({df})' if df else ''}{'' if value[0] in '<>≤≥≈' else ' ='} {value}{n}"


def _df(row: _Row, columns: StatisticColumns, error: _Row | None) -> str:
    """Return the degrees of freedom of a row; of F, with those of the error below where the row has one number."""
    parts = [plain(row.cells[place]).strip(" ()") for place in columns.df]
    if columns.name == "F" and error is not None and len(parts) == 1 and parts[0].isdigit():
        parts += error.cells[columns.df[0] :][:1]
    return ", ".join(parts)


def _error_rows(body: Sequence[_Row]) -> list[_Row | None]:
    """Return, for each row of an analysis of variance, the row of its error: the next one below."""
    names = [row.cells[0].strip() for row in body]
    if any(_SUBJECTS.fullmatch(name) for name in names):
        return [None] * len(body)
    errors = [place for place, name in enumerate(names) if _ERROR.fullmatch(name)]
    return [next((body[error] for error in errors if error > place), None) for place in range(len(body))]


def _p(cell: str, columns: StatisticColumns) -> str | None:
    """Return a cell's P as a sentence prints it."""
    words = plain(cell).strip(" ‡*")
    name = "adjusted P" if columns.adjusted else "P"
    if _NOT_SIGNIFICANT.fullmatch(words) or words[:1] in ("P", "p"):
        return words
    if not _NUMBER.match(words):
        return None
    return f"{name} {words}" if words[0] in "<>≤≥≈=" else f"{name} = {words}"
