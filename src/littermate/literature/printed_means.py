"""Printed means: means as the text prints them, with their SD or SEM or bare, and with n where it stands beside them.

What a spread is ("SD" or "SEM") is read beside the number, else in its sentence, else from the one statement a paper
makes of all its numbers ("data are means ± SEM"); it is empty where these say nothing or two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from littermate.literature.number_words import WHOLE, whole_number
from littermate.model.paper import Paper, Sentence

__all__ = ["BEFORE", "NUMBER", "PrintedMean", "bare_means", "printed_means", "spread_statements"]

NUMBER = r"(?:(?<![\w.,])[-−]?\d+(?:\.\d{1,4}|,\d{1,2})?(?!\d|[.,]\d))"
_SEM = r"s\.?e\.?m?\.?\b|standard errors?(?: of (?:the )?means?)?"
_SD = r"s\.?d\.?\b|standard deviations?"
_PLUS = r"\s?(?:±|\+ ?/ ?[-−–])\s?"
_UNIT = r"(?:%|[a-zA-Zµμ°][\w/°µμ·²³]{0,8})"
_MEAN = re.compile(rf"(?P<m>{NUMBER})\s?(?:(?P<u1>%|[a-zµμ]{{1,3}})\s?)?{_PLUS}(?P<s>{NUMBER})\s?(?P<u2>{_UNIT})?")
_KIND_AFTER = re.compile(rf"^[\s,(\[]{{0,3}}(?:mean ?± ?)?(?:(?P<sem>{_SEM})|(?P<sd>{_SD}))", re.I)
_KIND = re.compile(rf"(?:±|\+ ?/ ?[-−–]|\bmeans? \()\s?(?:(?P<sem>{_SEM})|(?P<sd>{_SD}))", re.I)
_N_AFTER = re.compile(rf"^[^\d;]{{0,12}}\bn ?= ?({WHOLE})", re.I)
_N = re.compile(rf"\bn ?= ?({WHOLE})", re.I)
_ALL = re.compile(r"\b(?:data|values?|results?|numbers|error bars|bars)\b", re.I)

_BARE = re.compile(
    r"(?:\b(?:was|were|of|and|to|versus|vs\.?|means?)|,)\s(?P<m>(?<![\w.,])\d{1,3}\.\d{1,3})"
    r"(?=[,;.)]|\s(?:after|with|in|for|and|or|versus|vs|under|among|at|on|to|\()|$)"
)

BEFORE = 120
"""Characters before a mean that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMean:
    """A mean with its spread, which is empty where none is printed.

    Parameters
    ----------
    mean, spread
        As printed.
    spread_is
        ``"SD"``, ``"SEM"`` or empty.
    said_here
        Whether the sentence itself says what the spread is.
    unit
        As printed after it, or empty.
    n
        Where it stands beside it, or where its sentence has one n.
    before
        The end of its sentence before it, `BEFORE` characters at most.
    place
        (start, stop) in the text.
    """

    mean: str
    spread: str
    spread_is: str
    said_here: bool
    unit: str
    n: int | None
    before: str
    place: tuple[int, int]


@lru_cache(maxsize=2)
def printed_means(paper: Paper) -> tuple[PrintedMean, ...]:
    """Return the means that a paper prints with ±, in the order of the text."""
    general = {kind for kind, _ in spread_statements(paper)}
    usual = next(iter(general)) if len(general) == 1 else ""
    return tuple(one for sentence in _with_spread(paper) for one in _in_sentence(sentence, usual))


def bare_means(paper: Paper) -> Iterator[PrintedMean]:
    """Yield the decimals without unit and spread of sentences that speak of a mean.

    Examples
    --------
    >>> text = "The mean score was 8.22 after saline and 6.35 after ketamine (n = 9; P = 0.02)."
    >>> one = Sentence(text=text, place=(0, len(text)))
    >>> paper = Paper(path="", sha256="", kind="txt", title="", text=text, sentences=(one,))
    >>> [(mean.mean, mean.n) for mean in bare_means(paper)]
    [('8.22', 9), ('6.35', 9)]
    """
    for sentence in paper.sentences:
        text, start = sentence.text, sentence.place[0]
        said = re.search(r"\b(?:means?|averages?)\b", text, re.I)
        sizes = {whole_number(size) for size in _N.findall(text)}
        for match in _BARE.finditer(text, said.end()) if said else ():
            yield PrintedMean(
                mean=match["m"],
                spread="",
                spread_is="",
                said_here=False,
                unit="",
                n=next(iter(sizes)) if len(sizes) == 1 else None,
                before=text[max(0, match.start() - BEFORE) : match.start()],
                place=(start + match.start("m"), start + match.end("m")),
            )


def spread_statements(paper: Paper) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return what a paper says of the spread of all its numbers: pairs ("SD" or "SEM", place)."""
    found = []
    for sentence in _with_spread(paper):
        for match in _KIND.finditer(sentence.text):
            if _ALL.search(sentence.text):
                start = sentence.place[0]
                found.append((_kind(match), (start + match.start(), start + match.end())))
    return tuple(found)


def _with_spread(paper: Paper) -> list[Sentence]:
    return [sentence for sentence in paper.sentences if re.search(r"±|\+ ?/|means? \(", sentence.text)]


def _in_sentence(sentence: Sentence, usual: str) -> Iterator[PrintedMean]:
    text, start = sentence.text, sentence.place[0]
    said = {_kind(match) for match in _KIND.finditer(text)}
    sizes = {whole_number(size) for size in _N.findall(text)}
    for match in _MEAN.finditer(text):
        unit = match["u2"] or match["u1"] or ""
        tail = text[match.end("s") : match.end("s") + 40]
        beside = _KIND_AFTER.match(tail) or _KIND_AFTER.match(tail.removeprefix(f" {unit}"))
        here = _kind(beside) if beside else (next(iter(said)) if len(said) == 1 else "")
        size = _N_AFTER.match(tail)
        n = whole_number(size[1]) if size else (next(iter(sizes)) if len(sizes) == 1 else None)
        yield PrintedMean(
            mean=match["m"],
            spread=match["s"],
            spread_is=here or ("" if said else usual),
            said_here=bool(here),
            unit="" if re.fullmatch(rf"{_SEM}|{_SD}|n|vs?|and|in|for|to|or", unit, re.I) else unit,
            n=n,
            before=text[max(0, match.start() - BEFORE) : match.start()],
            place=(start + match.start(), start + match.end("s")),
        )


def _kind(match: re.Match[str]) -> str:
    return "SEM" if match["sem"] else "SD"
