"""Plain text: the paragraphs of a text file, of Markdown or of a TeX source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from littermate.formats.paper.block import Block
from littermate.formats.paper.characters import plain
from littermate.formats.paper.columns import one_column
from littermate.formats.paper.lines import Words, join_lines
from littermate.formats.paper.tex import formulas_as_text

__all__ = ["blocks_of_text"]

_EMPHASIS = re.compile(r"(?<![\w*_])([*_]{1,3})([A-Za-zχηβωρ]{1,4}[²2]?)\1(?![\w*])")
_TEX = re.compile(r"\\(?:documentclass|begin\{document\}|section\*?\{)")
_LONG_LINE = 200
_LONGEST_HEADING = 80


def blocks_of_text(text: str) -> Iterator[Block]:
    r"""Yield the headings and paragraphs of a text.

    A blank line ends a paragraph; a line with tabs or ``|`` between cells is a row of a table; lines of more than 200
    characters are paragraphs of their own.

    Examples
    --------
    >>> [block.text for block in blocks_of_text("# Results\n\nIt was so,\n*F*(1, 30) = 5.2.\n\na | b")]
    ['Results', 'It was so, F(1, 30) = 5.2.', 'a\nb']
    """
    lines = _without_markup(one_column(text)).splitlines()
    words = Words(lines)
    for paragraph in _paragraphs(lines):
        yield from _blocks(paragraph, words)


def _without_markup(text: str) -> str:
    if _TEX.search(text):
        text = re.sub(r"(?<!\\)%.*", "", text.split(r"\begin{document}")[-1].split(r"\end{document}")[0])
        text = re.sub(r"\\(?:sub)*(?:section|paragraph)\*?\{([^{}]*)\}", r"\n\n# \1\n\n", text)
        text = re.sub(r"\\(?:text\w{2}|emph)\{([^{}]*)\}", r"\1", text)
    return _EMPHASIS.sub(r"\2", formulas_as_text(text))


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each paragraph."""
    paragraph: list[str] = []
    for line in lines:
        alone = len(line) > _LONG_LINE or _is_row(line) or line.lstrip().startswith("#")
        if (alone or not line.strip()) and paragraph:
            yield paragraph
            paragraph = []
        if alone:
            yield [line]
        elif line.strip():
            paragraph.append(line)
    if paragraph:
        yield paragraph


def _is_row(line: str) -> bool:
    return "\t" in line.strip() or re.search(r"\S\s*\|\s*\S", line) is not None


def _blocks(paragraph: list[str], words: Words) -> Iterator[Block]:
    line = paragraph[0].strip()
    if len(paragraph) == 1 and _is_row(line):
        if not re.fullmatch(r"[\s|:+-]+", line):
            yield Block(cells=tuple(plain(cell) for cell in re.split(r"\t|\|", line.strip("|"))))
    elif len(paragraph) == 1 and (line.startswith("#") or _is_heading(line)):
        yield Block(cells=(plain(line.lstrip("# ")),), heading=True)
    else:
        yield Block(cells=(plain(join_lines(paragraph, words)),))


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1] not in ".,;:!?)" and not re.search("[=<>]", line)
