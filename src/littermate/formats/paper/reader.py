"""Reader: a paper's file, of whichever kind its content is, as a `Paper`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import PaperError
from littermate.files import require_file, sha256_of
from littermate.formats.paper.block import Block, assemble
from littermate.formats.paper.characters import plain, readable
from littermate.formats.paper.encoding import decode
from littermate.formats.paper.html import html_tree
from littermate.formats.paper.kind import markup_of
from littermate.formats.paper.markup import blocks_of_tree, inline_text
from littermate.formats.paper.pdf import read_pdf
from littermate.formats.paper.pdf_lines import is_named_heading
from littermate.formats.paper.plain_text import blocks_of_text
from littermate.formats.paper.tree import Element
from littermate.formats.paper.xml import xml_tree
from littermate.model.paper import Paper

__all__ = ["OnPage", "read_paper"]

OnPage = Callable[[int, int], None]
"""Called with the number of pages that were read, and of all."""

_LARGEST = 100_000_000
_OTHERS = (
    (b"PK\x03\x04", "a ZIP file (Word, OpenDocument or EPUB)"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%!PS", "a PostScript file"),
)
_LEAST_READABLE = 0.9
_LONGEST_TITLE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of a file."""

    kind: str
    title: str
    blocks: Iterable[Block]
    notes: tuple[str, ...] = ()


def read_paper(path: str | Path, *, on_page: OnPage | None = None) -> Paper:
    """Read a paper.

    Parameters
    ----------
    path
        A text (Markdown and TeX as well), HTML, XML (JATS) or PDF file. Its content decides, not its name.
    on_page
        Told after each page of a PDF.

    Raises
    ------
    PaperError
        If there is no text to be read in it: empty, no paper's format, locked, pages without text, broken.
    """
    path = require_file(path, PaperError)
    if path.stat().st_size > _LARGEST:
        found = f"{path.stat().st_size / 1e6:.0f} MB"
        raise _unreadable(path, expected=f"at most {_LARGEST / 1e6:.0f} MB", found=found)
    read = _read(path, path.read_bytes(), on_page)
    text, sentences = assemble(read.blocks)
    if not text.strip():
        raise _unreadable(path, expected="a paper with text", found=f"no text in the {read.kind} file")
    return Paper(
        path=str(path),
        sha256=sha256_of(path),
        kind=read.kind,
        title=read.title,
        text=text,
        sentences=sentences,
        notes=read.notes,
    )


def _read(path: Path, data: bytes, on_page: OnPage | None) -> _Read:
    if b"%PDF-" in data[:1024]:
        title, blocks, notes = read_pdf(path, data, on_page)
        return _Read(kind="pdf", title=title, blocks=blocks, notes=notes)
    for start, words in _OTHERS:
        if data.startswith(start):
            raise _unreadable(path, found=words)
    text = decode(data)
    if readable(text[:20_000]) < _LEAST_READABLE or "\x00" in text[:20_000]:
        raise _unreadable(path, found="bytes that are no text")
    markup = markup_of(text)
    if markup == "html":
        return _of_tree("html", html_tree(text))
    if markup == "xml":
        root = xml_tree(text, path)
        return _of_tree("jats" if root.find("article") else "xml", root)
    blocks = list(blocks_of_text(text))
    title = blocks[0].text if blocks and (blocks[0].heading or _is_title(blocks[0].text)) else ""
    return _Read(kind="txt", title="" if is_named_heading(title) else title, blocks=blocks)


def _is_title(first: str) -> bool:
    """Say whether a text's first paragraph is a title too long for a heading: one line that is no sentence."""
    return len(first) <= _LONGEST_TITLE and first[-1:].isalnum() and not re.search("[=<>]", first)


def _of_tree(kind: str, root: Element) -> _Read:
    found = (root.find(name) for name in ("h1" if kind == "html" else "article-title", "title"))
    titles = (plain(inline_text(one)) for one in found if one)
    title = next((one for one in titles if one and not is_named_heading(one)), "")
    return _Read(kind=kind, title=title, blocks=blocks_of_tree(root))


def _unreadable(path: Path, *, found: str, expected: str = "a paper as text, HTML, XML (JATS) or PDF") -> PaperError:
    do = "download the paper again, or save it as PDF, HTML or plain text"
    return PaperError(expected=expected, found=found, do=do, where=str(path))
