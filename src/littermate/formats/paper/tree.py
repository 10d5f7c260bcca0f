"""Tree: the elements of an HTML or XML file. Nothing in it is run, followed or fetched.

Names are lower case without prefix (``mml:mi`` is ``mi``). Elements nested deeper than `DEEPEST` hang on the last one
that is not, so that no file can make a walk through its tree too deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

__all__ = ["DEEPEST", "Element", "Tree", "names"]

DEEPEST = 150


def names(words: str) -> frozenset[str]:
    """Return a set of elements' names written in one line."""
    return frozenset(words.split())


@dataclass(slots=True, kw_only=True)
class Element:
    """One element with what is in it, in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """Yield its children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    def find(self, *names: str) -> Element | None:
        """Return the first element of one of these names in it, however deep."""
        for child in self.elements():
            found = child if child.name in names else child.find(*names)
            if found is not None:
                return found
        return None


class Tree:
    """Grows a tree from the events of a parser."""

    def __init__(self) -> None:
        self.root = Element(name="")
        self._open = [self.root]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        element = Element(name=name.rpartition(":")[2].lower(), attributes=attributes)
        self._open[min(len(self._open), DEEPEST) - 1].children.append(element)
        self._open.append(element)

    def text(self, text: str) -> None:
        """Add text to the open element."""
        self._open[min(len(self._open), DEEPEST) - 1].children.append(text)

    def end(self, name: str) -> None:
        """Close the last open element of this name and all in it; where none is open near by, nothing."""
        name = name.rpartition(":")[2].lower()
        for place in range(len(self._open) - 1, max(0, len(self._open) - DEEPEST), -1):
            if self._open[place].name == name:
                del self._open[place:]
                return

    def is_open(self, name: str, until: frozenset[str]) -> bool:
        """Whether an element of this name is open within the innermost one of `until`."""
        for element in islice(reversed(self._open), DEEPEST):
            if element.name == name:
                return True
            if element.name in until:
                return False
        return False
