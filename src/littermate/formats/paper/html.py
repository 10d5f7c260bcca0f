"""HTML: a page's tree, as forgiving as a browser where tags are left out."""

from __future__ import annotations

from html.parser import HTMLParser

from littermate.formats.paper.tree import Element, Tree, names

__all__ = ["html_tree"]

_EMPTY = names("area base br col embed hr img input link meta param source track wbr")
_CLOSED_BY = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "tr": ("tr",),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "option": ("option",),
} | dict.fromkeys(
    names("p div ul ol dl table h1 h2 h3 h4 h5 h6 section article figure blockquote pre hr form header footer"), ("p",)
)
_LISTS = frozenset({"ul", "ol", "dl", "table", "select", ""})


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = Tree()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for closed in _CLOSED_BY.get(tag, ()):
            if self.tree.is_open(closed, _LISTS):
                self.tree.end(closed)
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in _EMPTY:
            self.tree.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        self.tree.text(data)


def html_tree(text: str) -> Element:
    """Return the tree of an HTML page.

    Examples
    --------
    >>> [child.name for child in html_tree("<p>one<p>two<br>three").elements()]
    ['p', 'p']
    """
    parser = _Parser()
    parser.feed(text)
    parser.close()
    return parser.tree.root
