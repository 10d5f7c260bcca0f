"""Kind: whether a text is HTML, XML or neither, by its beginning and not by its file's name."""

from __future__ import annotations

import re

from littermate.formats.paper.tree import names

__all__ = ["markup_of"]

_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\s+(?P<type>[\w:.-]+)[^\[>]*(?:\[[^\]]*\])?\s*>)", re.I | re.S
)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?(?P<name>[a-z][\w.-]*)(?=[\s/>])", re.I)
_HTML_ROOTS = names(
    "html head body title meta link script style main section header div p span h1 h2 h3 h4 h5 h6 ul ol dl table a b i"
    " em strong sub sup br hr pre figure blockquote center font"
)
_HTML_PIECE = re.compile(r"</(?:p|div|span|sub|sup|i|em|b|strong|td|table|li|h[1-6])\s*>", re.I)
_JATS_PART = re.compile(r"<(?:front|front-stub|body|back|sec)[\s>]", re.I)


def markup_of(text: str) -> str:
    """Return ``"html"``, ``"xml"`` or, for a text without markup, nothing.

    Examples
    --------
    >>> markup_of("<!DOCTYPE html><article>"), markup_of("<article><body>"), markup_of("P < 0.05 and t > 2")
    ('html', 'xml', '')
    """
    start, declared = 0, False
    while before := _BEFORE_ROOT.match(text, start):
        if (before["type"] or "").lower() == "html":
            return "html"
        declared |= not before[0].lstrip().startswith("<!--")
        start = before.end()
    root = _ROOT.match(text, start)
    if root is None:
        return "html" if _HTML_PIECE.search(text) else ""
    name = root["name"].lower()
    if name == "html" or (
        not declared and (name in _HTML_ROOTS or (name == "article" and not _JATS_PART.search(text)))
    ):
        return "html"
    return "xml"
