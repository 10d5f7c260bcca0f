"""Columns: pages of plain text on which two columns stand side by side, as one column after the other.

Such text comes from programs that keep the layout of a PDF. A page ends at a form feed, or some lines on at a line that
is blank in both columns where a sentence goes on behind it.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, tee

__all__ = ["one_column"]

_FEWEST_ROWS = 8
_LEAST_SHARE = 0.25
_LEAST_WORDS = 4
_SHORTEST_PAGE = 20
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_ENDED = re.compile(r"""[.!?:]["'”’)\]]*$""")


def one_column(text: str) -> str:
    r"""Return a text with its columns one after the other; a text in one column as it is.

    Examples
    --------
    >>> left = ["It was shown to be", "so in two columns", "and they were read"] * 3
    >>> text = "\n".join(f"{line:<24}one after the other" for line in left)
    >>> one_column(text).splitlines()[8:10]
    ['and they were read', 'one after the other']
    """
    start = _right_column(text.expandtabs().splitlines())
    if start is None:
        return text
    pages = [[_sides(line, start) for line in page.expandtabs().splitlines()] for page in text.split("\f")]
    columns = [column for rows in pages for page in _pages(rows, start) for column in _unfolded(page, start)]
    return "\n".join(_joined(columns))


def _right_column(lines: Sequence[str]) -> int | None:
    """Return where the right column begins, if many lines have running text on both sides of one gap."""
    starts = Counter(gap.end() for line in lines for gap in _GAP.finditer(line))
    (start, _), *_ = starts.most_common(1) or [(0, 0)]
    rows = [sides for sides in (_sides(line, start) for line in lines) if all(sides)]
    written = sum(bool(line.strip()) for line in lines)
    if len(rows) < max(_FEWEST_ROWS, _LEAST_SHARE * written):
        return None
    words = [statistics.median(len(side.split()) for side in column) for column in zip(*rows, strict=True)]
    return start if min(words) >= _LEAST_WORDS else None


def _sides(line: str, start: int) -> tuple[str, str]:
    """Return what stands left and right of the gap; a line across it stands left."""
    if not line[: max(start - 2, 0)].strip():
        return "", line.strip()
    gaps = (gap for gap in _GAP.finditer(line) if gap.start() < start and start - 2 <= gap.end() <= start + 8)
    gap = next(gaps, None)
    return (line[: gap.start()].rstrip(), line[gap.end() :].rstrip()) if gap else (line.rstrip(), "")


def _pages(rows: Sequence[tuple[str, str]], start: int) -> Iterator[list[tuple[str, str]]]:
    """Yield the rows of each page that a text without form feeds lets see."""
    page: list[tuple[str, str]] = []
    for row in rows:
        if not any(row) and len(page) >= _SHORTEST_PAGE and any(_goes_on(side, start) for side in page[-1]):
            yield page
            page = []
        page.append(row)
    yield page


def _goes_on(side: str, start: int) -> bool:
    """Say whether a line of a column is too long for a heading and ends no sentence."""
    return len(side) > start / 2 and not _ENDED.search(side)


def _unfolded(rows: Sequence[tuple[str, str]], start: int) -> Iterator[list[str]]:
    """Yield the columns of a page in reading order; lines across both end the columns above them."""
    for across, group in groupby(rows, key=lambda row: len(row[0]) > start):
        left, right = ([row[side] for row in group_rows] for side, group_rows in enumerate(tee(group)))
        if across:
            yield left
        else:
            yield [] if any(left[:1] + right[:1]) else [""]
            yield _trimmed(left)
            yield _trimmed(right)


def _trimmed(column: Sequence[str]) -> list[str]:
    """Leave out blank lines at the top and the foot."""
    return "\n".join(column).strip("\n").splitlines()


def _joined(columns: Sequence[list[str]]) -> Iterator[str]:
    """Yield the lines of all columns; a column that ends with a sentence ends a paragraph, any other goes on."""
    for column in columns:
        yield from column
        if column and _ENDED.search(column[-1]):
            yield ""
