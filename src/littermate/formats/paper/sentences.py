"""Sentences: where the sentences of a paragraph begin and end.

A full stop ends a sentence where a blank and a capital letter, a digit or an opening quote follow, unless it belongs
to an abbreviation (``i.p.``, ``et al.``, ``Fig.``), to an initial or to a number (``P < . 05``), or stands inside
brackets.
"""

from __future__ import annotations

import re

__all__ = ["sentence_places"]

_STOP = re.compile(r"""[.!?]+["'”’)\]]*(?:\^?(?<=[a-z)\]]\.)\d[\d,–-]*|\^\d[\d,–-]*)?\s+(?=["'“‘(\[]*[^\W_a-z])""")
_NEVER = re.compile(
    r"""(?:^|[\s(\[,;=])(?:(?:[Ff]igs?|[Ee]qs?|[Rr]efs?|[Tt]abs?|[Ss]uppl|[Nn]os?|vs?|cf|ca|approx|resp|[Dd]r|[Pp]rof|
    St|[Mm]rs?|[Vv]ol|pp?|[Ee]d|[Ii]nc|Ltd|Co|sp|spp|subsp|var|e\.g|i\.e|viz|[Ss]ec|[Cc]h)|[A-Z](?:\.[A-Z])*)\.$""",
    re.X,
)
_SELDOM = re.compile(
    r"(?:^|[\s(\[,;=])(?:et al|etc|i\.?p|i\.?v|i\.?m|s\.?c|p\.?o|i\.?c\.?v|i\.?n|i\.?g|n\.?s|S\.D|S\.E|S\.E\.M|s\.d"
    r"|s\.e\.m|a\.m|p\.m|wt|min|max|hr?s?|sec|[dw]f|b\.i\.d|q\.d|U\.S|U\.K|Ph\.D|ad lib|in vivo|mg|kg|ml)\.$"
)
_BEGINS = re.compile(
    r"[\"'“‘(\[]*(?:An?|The|This|Th[eo]se|Th[ae]t|There|Then|Thus|They|Their|It|Its|In|On|At|As|After|Before|During"
    r"|Following|For|From|To|By|With|Without|When|While|Where|Whereas|If|We|Our|He|She|All|Each|Both|Neither|No|Not"
    r"|Mice|Rats|Animals|Data|Results|Values|Statistical|However|Moreover|Furthermore|Finally|Also|Although|Because"
    r"|Since|One|Two|Three|Four|Post|Similarly|Conversely|Analysis|Similar|Groups?)\b"
)
_LONGEST_BRACKET = 600


def sentence_places(text: str) -> list[tuple[int, int]]:
    """Return (start, stop) of each sentence of one paragraph.

    Examples
    --------
    >>> text = "Mice got 15 mg/kg i.p. ketamine (Fig. 1). F(1, 30) = 5.2, P = .03. It was so."
    >>> [text[start:stop] for start, stop in sentence_places(text)]
    ['Mice got 15 mg/kg i.p. ketamine (Fig. 1).', 'F(1, 30) = 5.2, P = .03.', 'It was so.']
    """
    places, start = [], 0
    for stop in _STOP.finditer(text):
        if _ends_here(text, start, stop):
            places.append((start, start + len(text[start : stop.end()].rstrip())))
            start = stop.end()
    if text[start:].strip():
        places.append((start, start + len(text[start:].rstrip())))
    return places


def _ends_here(text: str, start: int, stop: re.Match[str]) -> bool:
    start = max(start, stop.start() - _LONGEST_BRACKET)
    before, after = text[start : stop.start() + 1], text[stop.end() : stop.end() + 30]
    if _open_brackets(text[start : stop.end()]):
        return False
    if stop[0][0] != ".":
        return True
    if _NEVER.search(before[-12:]) and not (before[-3:-2].isdigit() or before[-2:-1] == "P"):
        return False
    if after[0].isdigit() and not before[-2:-1].isalpha() and before[-2:-1] not in ")]%":
        return False
    return not _SELDOM.search(before[-12:]) or bool(_BEGINS.match(after))


def _open_brackets(text: str) -> bool:
    """Whether a bracket is opened and not closed."""
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")
