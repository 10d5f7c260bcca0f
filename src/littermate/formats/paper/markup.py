"""Markup: the blocks of an HTML page's or an XML document's tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from littermate.formats.paper.block import Block
from littermate.formats.paper.characters import plain, raised
from littermate.formats.paper.math import math_text
from littermate.formats.paper.tex import formulas_as_text, tex_text
from littermate.formats.paper.tree import Element, names

__all__ = ["blocks_of_tree", "inline_text"]

_UNREAD = names(
    "script style template noscript svg canvas object iframe button select textarea nav video audio math-graphic"
    " journal-meta contrib-group aff permissions history pub-date counts related-article self-uri custom-meta-group"
    " ref-list object-id article-id elocation-id volume issue fpage lpage pub-history graphic inline-graphic"
    " processing-instruction teiheader sub-article response del"
)
_INLINE = names(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var wbr bold italic monospace overline roman sans-serif sc styled-content underline xref"
    " ext-link uri named-content inline-formula math tex-math alternatives email fn-ref hi ref rs term"
    " inline-supplementary-material sec-label ruby rb rt"
)
_HEADINGS = names("h1 h2 h3 h4 h5 h6 title article-title head")
_FLOATS = names("fig table-wrap")
_CELLS = frozenset({"td", "th", "entry", "cell"})
_ROWS = frozenset({"tr", "row"})


def blocks_of_tree(root: Element) -> Iterator[Block]:
    r"""Yield the headings, paragraphs and rows of tables of a tree, in order.

    Examples
    --------
    >>> from littermate.formats.paper.html import html_tree
    >>> page = html_tree("<h2>Results</h2><p><i>F</i><sub>1,28</sub> = 5.2<script>1</script></p><tr><td>a<td>b</tr>")
    >>> [block.text for block in blocks_of_tree(page)]
    ['Results', 'F1,28 = 5.2', 'a\nb']
    """
    writer = _Writer()
    writer.walk(root)
    yield from writer.done()


def inline_text(element: Element) -> str:
    """Return all text of an element as one line."""
    return plain(formulas_as_text("".join(_pieces(element, ""))))


@dataclass(slots=True)
class _Writer:
    """Gathers running text and closes a block where an element says so."""

    blocks: list[Block] = field(default_factory=list)
    running: str = ""
    part: str = ""

    def walk(self, element: Element) -> None:
        """Take in what is in an element."""
        for child in element.children:
            if isinstance(child, str):
                self.running += child
            elif _is_unread(child) or (child.name == "label" and element.name in _FLOATS):
                continue
            elif child.name == "caption" and element.name in _FLOATS:
                self._caption(element.find("label"), child)
            elif child.name == "abstract":
                self._abstract(child)
            elif child.name in _INLINE:
                self._inline(child)
            elif child.name == "br":
                self.running += " "
            else:
                self._block(child, heading=child.name in _HEADINGS and element.name != "caption")

    def _inline(self, child: Element) -> None:
        """Take in an element of a line; one that holds a paragraph (a link round a section) is walked through."""
        if child.name in ("sub", "sup", "math", "tex-math", "alternatives") or not _holds_block(child):
            self.running += "".join(_pieces(child, self.running))
        else:
            self.walk(child)

    def _caption(self, label: Element | None, caption: Element) -> None:
        """Take in a caption with its label as one paragraph."""
        self._close()
        pieces = [inline_text(one) for one in (label, *caption.elements()) if one is not None]
        self.running = " ".join(piece if piece.endswith((".", ":")) else f"{piece}." for piece in pieces if piece)
        self._close()

    def _abstract(self, abstract: Element) -> None:
        self._close()
        self.part = "Abstract"
        self.walk(abstract)
        self._close()
        self.part = ""

    def _block(self, child: Element, *, heading: bool) -> None:
        self._close()
        if child.name in _ROWS:
            cells = tuple(inline_text(cell) for cell in child.elements() if cell.name in _CELLS)
            self.blocks.append(Block(cells=cells, part=self.part))
        elif heading:
            self.blocks.append(Block(cells=(inline_text(child),), heading=True, part=self.part))
        else:
            self.walk(child)
        self._close()

    def _close(self) -> None:
        if text := plain(formulas_as_text(self.running)):
            self.blocks.append(Block(cells=(text,), part=self.part))
        self.running = ""

    def done(self) -> list[Block]:
        """Return all blocks."""
        self._close()
        return self.blocks


def _is_unread(element: Element) -> bool:
    marks = element.attributes
    unseen = marks.get("aria-hidden") == "true" or "hidden" in marks
    return element.name in _UNREAD or unseen or marks.get("role") in ("navigation", "search", "banner")


def _holds_block(element: Element) -> bool:
    return any(child.name not in _INLINE | {"br"} or _holds_block(child) for child in element.elements())


def _pieces(element: Element, before: str) -> Iterator[str]:
    """Yield the text of an element of a line; `before` is what stands before it."""
    name = element.name
    if name == "math":
        yield math_text(element)
    elif name == "tex-math":
        yield tex_text("".join(child for child in element.children if isinstance(child, str)))
    elif name == "alternatives":
        chosen = element.find("math") or element.find("tex-math") or Element(name="", children=element.children)
        yield from _pieces(chosen, before)
    elif name in ("sup", "superscript"):
        yield raised("".join(_inside(element, "")), after=before.rstrip())
    else:
        yield from _inside(element, before)


def _inside(element: Element, before: str) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            piece = child
        elif _is_unread(child):
            continue
        else:
            piece = " " if child.name == "br" else "".join(_pieces(child, before))
            piece += "" if child.name in _INLINE else " "
        before = (before + piece)[-40:]
        yield piece
