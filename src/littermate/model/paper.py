"""Paper: the text of a published study, as sentences.

The text is one string of Unicode (NFC) without markup: letters and digits set below or above the line stand in it as
they are (``F`` with a subscript ``1, 28`` is ``F1, 28``; ``χ`` with a raised ``2`` is ``χ2``), except raised powers
of ten, which are ``10^-4``. A break inside a word that hyphenates it is undone, and every other line break is one
space; paragraphs and cells of tables end with a newline. Places are pairs (start, stop) of offsets into the text,
counted in code points.
"""

from __future__ import annotations

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
        ``"txt"``, ``"html"``, ``"jats"`` or ``"pdf"``.
    title
        Empty where none was found.
    text, sentences
        See the module; `sentences` are in the order of the text and do not overlap.
    """

    path: str
    sha256: str
    kind: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds an offset, or `None` between sentences.

        Examples
        --------
        >>> one = Sentence(text="It did.", place=(0, 7))
        >>> paper = Paper(path="a.txt", sha256="", kind="txt", title="", text="It did.", sentences=(one,))
        >>> paper.sentence_at(3).text, paper.sentence_at(9)
        ('It did.', None)
        """
        return next((one for one in self.sentences if one.place[0] <= offset < one.place[1]), None)
