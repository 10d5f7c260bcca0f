"""PDF: a paper's pages as paragraphs, read with pypdf (the extra ``pdf``).

Text is all that is read: no script, form or attachment of a PDF is looked at.
"""

from __future__ import annotations

import io
import logging
import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from littermate.errors import PaperError
from littermate.formats.paper.block import Block
from littermate.formats.paper.characters import plain
from littermate.formats.paper.glyphs import with_true_signs
from littermate.formats.paper.lines import Words, join_lines
from littermate.formats.paper.pdf_lines import (
    Line,
    Piece,
    is_named_heading,
    lines_of_page,
    paragraphs_of_lines,
    without_running_heads,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["read_pdf"]

_OTHER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises on broken files beside its own errors, as its documentation warns."""

_LONGEST_HEADING = 80
_LARGE = 1.08


def read_pdf(
    path: Path, data: bytes, on_page: Callable[[int, int], None] | None = None
) -> tuple[str, list[Block], tuple[str, ...]]:
    """Return title, blocks and notes of a PDF.

    Parameters
    ----------
    path, data
        The file's name, for errors, and its bytes.
    on_page
        Told after each page.

    Raises
    ------
    PaperError
        If pypdf is not installed, or the PDF is locked, broken, or has no text.
    """
    with _quiet():
        reader = _open(path, data)
        lines, notes = _lines(reader, path, on_page)
        title = _title(reader)
    lines = without_running_heads(lines)
    texts, signs = with_true_signs([line.text for line in lines])
    lines = [replace(line, text=text) for line, text in zip(lines, texts, strict=True)]
    return title, list(_blocks(lines)), (*notes, *signs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what pypdf says of broken files off the terminal."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def _open(path: Path, data: bytes) -> PdfReader:
    try:
        from pypdf import PdfReader
    except ModuleNotFoundError as fault:
        do = 'pip install "littermate[pdf]", or save the paper as HTML or text'
        raise PaperError(expected="pypdf, which reads PDFs", found="it is not installed", do=do, where=str(path)) from (
            fault
        )
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except _faults() as fault:
        raise _unreadable(path, f"a broken one ({_said(fault)})", "download it again") from fault
    if locked:
        raise _unreadable(path, "one locked with a password", "open it with its password and save it without one")
    if not pages:
        raise _unreadable(path, "one without pages", "download it again")
    return reader


def _faults() -> tuple[type[Exception], ...]:
    """Return all that pypdf raises on broken files."""
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError

    return (PyPdfError, DependencyError, DeprecationError, *_OTHER_FAULTS)


def _lines(
    reader: PdfReader, path: Path, on_page: Callable[[int, int], None] | None
) -> tuple[list[Line], tuple[str, ...]]:
    """Return the lines of all pages; pages that are broken or empty are told."""
    faults = _faults()
    lines: list[Line] = []
    broken: list[int] = []
    empty: list[int] = []
    count = len(reader.pages)
    for number in range(1, count + 1):
        try:
            found = lines_of_page(_pieces(reader.pages[number - 1]), number)
        except faults:
            broken.append(number)
        else:
            lines += found
            empty += [] if found else [number]
        if on_page is not None:
            on_page(number, count)
    if broken and not lines:
        raise _unreadable(path, "one whose pages are broken", "download it again")
    if not lines:
        do = "make its pages readable by OCR (ocrmypdf), or take the paper's HTML"
        raise _unreadable(
            path, f"no text on {'its page' if count == 1 else f'any of its {count} pages'}, only pictures", do
        )
    return lines, (*_told(broken, "broken, not read"), *_told(empty, "without text (pictures?), not read"))


def _pieces(page: Any) -> list[Piece]:
    """Return what is drawn on a page, in the order it is drawn."""
    pieces: list[Piece] = []

    def note(text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
        if text.strip("\n"):
            pieces.append(_piece(text, cm, tm, size))

    page.extract_text(visitor_text=note)
    return pieces


def _piece(text: str, cm: Sequence[float], tm: Sequence[float], size: float) -> Piece:
    """Return a piece in the page's coordinates; text that runs up or down a page is turned."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    right, up = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
    height = abs(size) * math.hypot(right, up)
    if abs(right) > abs(up):
        x, y = (y, -x) if right < 0 else (-y, x)
    return Piece(text=text, x=x, y=y, size=height if math.isfinite(height) and height > 0 else 1.0)


def _title(reader: PdfReader) -> str:
    """Return the title a PDF gives itself, unless it is the name of a file."""
    try:
        said = reader.metadata.title if reader.metadata else ""
    except _faults():
        return ""
    title = plain(str(said or ""))
    return "" if len(title.split()) < 3 or re.search(r"\.(?:docx?|pdf|indd|tex|qxd)\b", title, re.I) else title


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    words = Words(line.text for line in lines)
    usual = _usual_size(lines)
    for paragraph in paragraphs_of_lines(lines):
        text = plain(join_lines([line.text for line in paragraph], words))
        large = paragraph[0].size > _LARGE * usual and len(text) <= _LONGEST_HEADING
        yield Block(cells=(text,), heading=large or is_named_heading(text))


def _usual_size(lines: Sequence[Line]) -> float:
    """Return the size in which most of the text is set."""
    sizes: dict[float, int] = {}
    for line in lines:
        size = round(line.size, 1)
        sizes[size] = sizes.get(size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size])


def _told(pages: Sequence[int], what: str) -> tuple[str, ...]:
    if not pages:
        return ()
    named = ", ".join(map(str, pages[:10])) + (", ..." if len(pages) > 10 else "")
    return (f"{'page' if len(pages) == 1 else 'pages'} {named}: {what}",)


def _said(fault: Exception) -> str:
    return str(fault).splitlines()[0][:120] if str(fault) else type(fault).__name__


def _unreadable(path: Path, found: str, do: str) -> PaperError:
    return PaperError(expected="a PDF with text", found=found, do=do, where=str(path))
