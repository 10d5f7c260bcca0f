"""Block: a heading, a paragraph or a row of a table; and a paper's text made of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from littermate.formats.paper.sentences import sentence_places
from littermate.model.paper import Sentence

__all__ = ["Block", "assemble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a paper in reading order.

    `cells` are the texts of a table's row; a paragraph or heading has one. `heading` is whether what follows stands
    under it. `part` is what stands over the headings: "Abstract", where the file says so, or empty.
    """

    cells: tuple[str, ...]
    heading: bool = False
    part: str = ""

    @property
    def text(self) -> str:
        """Its text, cells parted by newlines."""
        return "\n".join(self.cells)


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Sentence, ...]]:
    r"""Return the text of a paper and its sentences.

    Examples
    --------
    >>> text, sentences = assemble([Block(cells=("Results",), heading=True), Block(cells=("It did. We saw.",))])
    >>> text
    'Results\nIt did. We saw.\n'
    >>> [(one.text, one.section) for one in sentences]
    [('Results', 'Results'), ('It did.', 'Results'), ('We saw.', 'Results')]
    """
    pieces: list[str] = []
    sentences: list[Sentence] = []
    start, section, part = 0, "", ""
    for block in blocks:
        if not any(block.cells):
            continue
        if block.part != part:
            part = section = block.part
        section = _under(part, block.text) if block.heading else section
        sentences += _sentences(block, start, section)
        pieces.append(block.text + "\n")
        start += len(pieces[-1])
    return "".join(pieces), tuple(sentences)


def _under(part: str, heading: str) -> str:
    """Return a heading with the part it stands in: "Abstract: Methods"."""
    return heading if heading.lower().startswith(part.lower()) else f"{part}: {heading}"


def _sentences(block: Block, start: int, section: str) -> Iterable[Sentence]:
    """Return a paragraph's sentences; a heading and a row are one."""
    text = block.text
    whole = block.heading or len(block.cells) > 1
    places = [(0, len(text))] if whole else sentence_places(text)
    for first, last in places:
        yield Sentence(text=text[first:last], place=(start + first, start + last), section=section)
