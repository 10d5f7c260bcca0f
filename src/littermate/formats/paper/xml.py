"""XML: a document's tree. Entities that a document declares itself are refused; nothing outside is fetched."""

from __future__ import annotations

import html
from pathlib import Path
from xml.parsers import expat

from littermate.errors import PaperError
from littermate.formats.paper.tree import Element, Tree

__all__ = ["xml_tree"]


class _DeclaredEntityError(Exception):
    """A document type that declares an entity."""


def xml_tree(text: str, path: Path) -> Element:
    """Return the tree of an XML document.

    Raises
    ------
    PaperError
        If it is not well formed, or declares entities.

    Examples
    --------
    >>> xml_tree("<article><p>a &#945;</p></article>", Path("a.xml")).find("p").children
    ['a α']
    """
    tree = Tree()
    parser = _parser(tree)
    try:
        parser.Parse(text.lstrip().encode("utf-8", "replace"), True)
    except expat.ExpatError as fault:
        found = f"{expat.ErrorString(fault.code)} at line {fault.lineno}, column {fault.offset}"
        do = "save or download it again; an incomplete file is not read in part"
        raise PaperError(expected="a whole XML document", found=found, do=do, where=str(path)) from fault
    except _DeclaredEntityError as fault:
        raise PaperError(
            expected="XML that declares no entities of its own",
            found=f"a declaration of the entity {str(fault)[:60]!r}",
            do="download the paper from its publisher or from PubMed Central; entities can hide an attack",
            where=str(path),
        ) from fault
    return tree.root


def _parser(tree: Tree) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.EntityDeclHandler = _refuse
    parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else tree.text(_named(name))
    parser.UseForeignDTD(True)
    return parser


def _refuse(name: str, *_: object) -> None:
    raise _DeclaredEntityError(name)


def _named(name: str) -> str:
    """Return the sign of an entity that every document type of papers has (``&alpha;``)."""
    return html.unescape(f"&{name};")
