"""Paper: the text of a published study, as sentences.

The text is one string of Unicode (NFC) without markup: letters and digits set below or above the line stand in it as
they are (``F`` with a subscript ``1, 28`` is ``F1, 28``; ``χ`` with a raised ``2`` is ``χ2``), except what is raised
after a digit, a bracket or a stop, which follows ``^``: ``10^-4``, and ``0.03^12`` where 12 is a reference. A break
inside a word that hyphenates it is undone, and every other line break is one space, as is every kind of blank;
paragraphs and cells of tables end with a newline. Places are pairs (start, stop) of offsets into the text, counted in
code points.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["Paper", "Sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, or one row of a table, with its place in the text and the heading it stands under."""

    text: str
    place: tuple[int, int]
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper as it was read.

    Parameters
    ----------
    path, sha256
        The file.
    kind
        ``"txt"``, ``"html"``, ``"jats"``, ``"xml"`` (another kind of it) or ``"pdf"``.
    title
        Empty where none was found.
    text, sentences
        See the module; `sentences` are in the order of the text and do not overlap.
    notes
        What a reader should know of the reading: pages without text, signs that were drawn as others.
    """

    path: str
    sha256: str
    kind: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...] = ()

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds an offset, or `None` between sentences.

        Examples
        --------
        >>> one = Sentence(text="It did.", place=(0, 7))
        >>> paper = Paper(path="a.txt", sha256="", kind="txt", title="", text="It did.", sentences=(one,))
        >>> paper.sentence_at(3).text, paper.sentence_at(9)
        ('It did.', None)
        """
        before = bisect_right(self.sentences, offset, key=lambda one: one.place[0])
        found = self.sentences[before - 1] if before else None
        return found if found is not None and offset < found.place[1] else None

    def passage(self, place: tuple[int, int]) -> Sentence:
        """Return the sentence in which a place lies, or the sentences from its start to its stop as one.

        Examples
        --------
        >>> first, second = Sentence(text="It", place=(0, 2)), Sentence(text="did.", place=(3, 7))
        >>> paper = Paper(path="", sha256="", kind="txt", title="", text="It did.", sentences=(first, second))
        >>> paper.passage((1, 5)).text, paper.passage((4, 5)).text
        ('It did.', 'did.')
        """
        first, last = self.sentence_at(place[0]), self.sentence_at(max(place[1] - 1, place[0]))
        start = first.place[0] if first else place[0]
        stop = last.place[1] if last else place[1]
        return Sentence(text=self.text[start:stop], place=(start, stop), section=first.section if first else "")
