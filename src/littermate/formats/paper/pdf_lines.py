"""PDF lines: pieces of text drawn somewhere on a page, as lines in reading order and as paragraphs.

The order is the one in which the page was drawn, which is the order of its columns in what publishers make; only a
page that is drawn across both columns line by line is put in order. Places are points from the lower left corner.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from littermate.formats.paper.characters import raised

__all__ = ["Line", "Piece", "is_named_heading", "lines_of_page", "paragraphs_of_lines", "without_running_heads"]

_SAME_LINE = 0.55
"""A piece belongs to a line whose baseline is nearer than this share of its size."""

_SMALL = 0.88
_EDGE_LINES = 3
_LEAST_ROWS = 6
_RECENT = 40
_NAMED = re.compile(
    r"(?:\d[\d.]*\s+)?(?:abstract|summary|introduction|background|(?:materials? and )?methods?|subjects|animals"
    r"|results?|discussion|conclusions?|references|acknowledge?ments?|statistic\w*(?: analys[ei]s)?|data analys[ei]s)",
    re.I,
)
_ENDED = re.compile(r"""[.!?:]["'”’)\]]*\s*$""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text drawn in one go, where it begins, and the size of its letters."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page."""

    text: str
    x: float
    y: float
    size: float
    page: int


def lines_of_page(pieces: Iterable[Piece], page: int) -> list[Line]:
    """Return the lines of a page in reading order."""
    drawn = [piece for piece in pieces if piece.text.strip("\n")]
    column = _column_drawn_across(drawn)
    if column is not None:
        drawn = [one for one in drawn if one.x < column] + [one for one in drawn if one.x >= column]
    return [_line(group, page) for group in _grouped(drawn)]


def _column_drawn_across(pieces: Sequence[Piece]) -> float | None:
    """Return where the right column begins on a page that is drawn line by line across two."""
    if len(pieces) < 2 * _LEAST_ROWS:
        return None
    pairs = [(left, right) for left, right in pairwise(pieces) if abs(left.y - right.y) < 1]
    starts = Counter(round(right.x) for left, right in pairs if right.x - left.x > 10 * right.size)
    (start, count), *_ = starts.most_common(1) or [(0, 0)]
    least, most = min(one.x for one in pieces), max(one.x for one in pieces)
    rows = len({round(one.y) for one in pieces})
    central = 0.3 * (most - least) < start - least
    return start - 1.5 if count >= max(_LEAST_ROWS, 0.5 * rows) and central and _is_prose(pieces, start) else None


def _is_prose(pieces: Sequence[Piece], start: int) -> bool:
    """Whether what begins there is running text, and no column of numbers in a table."""
    words = [len(one.text.split()) for one in pieces if abs(one.x - start) < 1.5]
    return statistics.median(words) >= 4


def _grouped(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of each line: they follow each other and share a baseline, but for what is raised or lowered."""
    group: list[Piece] = []
    main = Piece(text="", x=0.0, y=0.0, size=0.0)
    for piece in pieces:
        if group and not _on_line(group[0], main, piece):
            yield group
            group = []
        main = piece if not group or piece.size > main.size else main
        group.append(piece)
    if group:
        yield group


def _on_line(first: Piece, main: Piece, piece: Piece) -> bool:
    return abs(piece.y - main.y) < _SAME_LINE * max(main.size, piece.size) and piece.x > first.x - main.size


def _line(group: Sequence[Piece], page: int) -> Line:
    main = max(group, key=lambda one: (one.size, len(one.text)))
    text = ""
    for piece in group:
        drawn = piece.text.rstrip("\n").replace("\n", " ")
        apart = (piece.y - main.y) / main.size
        if piece.size < _SMALL * main.size and abs(apart) > 0.1:
            text, drawn = text.rstrip(), drawn.lstrip()
            drawn = raised(drawn, after=text) if apart > 0 else drawn
        elif text and not text[-1:].isspace() and abs(apart) > 0.1:
            drawn = " " + drawn
        text += drawn
    return Line(text=text, x=group[0].x, y=main.y, size=main.size, page=page)


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Leave out what stands at the top or foot of several pages alike, but for its numbers.

    Examples
    --------
    >>> from dataclasses import replace
    >>> head = Line(text="Journal 12", x=50, y=800, size=8, page=1)
    >>> body = [Line(text=f"{word} says", x=50, y=600, size=10, page=page) for page, word in enumerate("abc", 1)]
    >>> pages = [replace(head, text=f"Journal {11 + page}", page=page) for page in (1, 2, 3)]
    >>> [line.text for line in without_running_heads([*pages, *body])]
    ['a says', 'b says', 'c says']
    """
    edges = _edges(lines)
    pages = len({line.page for line in lines})
    counts = Counter((page, _without_numbers(lines[place].text)) for page, place in edges)
    alike = Counter(text for _, text in counts)
    least = min(3, max(2, pages // 3))
    out = {
        place
        for _, place in edges
        if alike[_without_numbers(lines[place].text)] >= least or re.fullmatch(r"\W*\d{1,5}\W*", lines[place].text)
    }
    return [line for place, line in enumerate(lines) if place not in out]


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text).strip()


def _edges(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Return (page, place in `lines`) of the highest and lowest lines of each page that has more than these."""
    pages: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        pages.setdefault(line.page, []).append(place)
    edges = set()
    for page, places in pages.items():
        by_height = sorted(places, key=lambda place: lines[place].y)
        count = min(_EDGE_LINES, max(1, len(places) // 4))
        edges |= {(page, place) for place in (*by_height[:count], *by_height[-count:])}
    return edges


def paragraphs_of_lines(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph.

    A paragraph ends at a change of the letters' size, or where a sentence ends and the next line is indented or
    further down than lines are apart. It goes on in the next column and on the next page.
    """
    paragraph: list[Line] = []
    apart = _apart(lines)
    for line in lines:
        if paragraph and _parted(paragraph, line, apart):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _apart(lines: Sequence[Line]) -> float:
    """Return how far lines of this document are apart, in sizes of their letters."""
    steps = [
        (above.y - below.y) / below.size
        for above, below in pairwise(lines)
        if above.page == below.page and 0 < above.y - below.y < 4 * below.size and above.size == below.size
    ]
    return statistics.median(steps) if steps else 1.2


def _parted(paragraph: Sequence[Line], line: Line, apart: float) -> bool:
    last = paragraph[-1]
    step = (last.y - line.y) / line.size
    change = max(line.size / last.size, last.size / line.size)
    begins = line.text[:1].isupper()
    if change > 1.15 or (change > 1.04 and begins) or is_named_heading(last.text) or is_named_heading(line.text):
        return True
    if _ENDED.search(last.text):
        indented = line.x > min(one.x for one in paragraph[-_RECENT:]) + 0.6 * line.size and step > 0
        return indented or step > 1.3 * apart or step <= 0
    return line.page == last.page and step > (1.5 if begins else 2.2) * apart


def is_named_heading(text: str) -> bool:
    """Whether a line is the heading of a part that every paper has.

    Examples
    --------
    >>> is_named_heading("2. Materials and methods"), is_named_heading("Results were good")
    (True, False)
    """
    return _NAMED.fullmatch(text.strip()) is not None
