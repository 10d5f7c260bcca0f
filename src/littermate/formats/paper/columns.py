"""Columns: pages of plain text on which two columns stand side by side, as one column after the other.

Such text comes from programs that keep the layout of a PDF. A page ends at a form feed, and between the pages at a line
that is blank in both columns: there a paragraph ends in each of them, so that no sentence is torn where it is no page.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

__all__ = ["one_column"]

_FEWEST_ROWS = 8
_LEAST_SHARE = 0.25
_LEAST_WORDS = 4
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
    pages = re.split(r"\f|\n(?:[ \t]*\n)+", text)
    return "\n".join(_joined([_unfolded(page.expandtabs().splitlines(), start) for page in pages]))


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
    gap = next((gap for gap in _GAP.finditer(line) if gap.start() < start and start - 2 <= gap.end() <= start + 8), None)
    return (line[: gap.start()].rstrip(), line[gap.end() :].rstrip()) if gap else (line.rstrip(), "")


def _unfolded(lines: Sequence[str], start: int) -> Iterator[list[str]]:
    """Yield the columns of a page in reading order; a line across both ends the columns above it."""
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        one, other = _sides(line, start)
        if len(one) > start:
            yield from (left, right, [one])
            left, right = [], []
        else:
            left.append(one)
            right.append(other)
    yield from (left, right)


def _joined(pages: Sequence[Iterator[list[str]]]) -> Iterator[str]:
    """Yield the lines of all columns; a column that ends with a sentence ends a paragraph, any other goes on."""
    for column in chain.from_iterable(pages):
        written = "\n".join(column).strip("\n").split("\n")
        if any(line.strip() for line in written):
            yield from written
            if _ENDED.search(written[-1]):
                yield ""
