"""Letters that may begin a printed statistic: ``t``, ``Fs``, ``χ²``, ``F value``, ``Q-between``, ``F(DFn, DFd)``.

`HEAD` is anchored at a letter and bounded in length, so that the time is proportional to the length of the text. The
groups of a match are the letters, and: `below` and `within`, the degrees of freedom between ``χ`` and its 2 (``χ1 2``,
``χ(1)2``); `effect`, the name of an effect behind F (``Fdrug(1,28)``).
"""

from __future__ import annotations

import re

__all__ = ["HEAD", "is_named", "letter_of", "name_of"]

_CHI = r"χ(?: *+2(?: {0,3}r(?= ?\())?| ?-? ?squared?)|[Cc]hi {0,2}-? ?(?:2|[Ss]quared?)|[Xx][- ]squared"
_CHI_AS_LETTER = r"(?<!\d )(?:[xX](?:2| {1,6}2(?= ?\())|c2(?= ?\())"
_CHI_DF_FIRST = (
    r"χ {0,6}(?:(?P<below>[13-9]\d{0,2}) {0,3}2(?= {0,3}[=<>≤≥])|\( ?(?P<within>\d{1,3}) ?\) {0,3}2(?= {0,3}[=<>≤≥]))"
)
_EFFECT = (
    r"(?P<effect> {0,12}[A-Za-z]{2,16}(?: ?[x×:*-] ?[A-Za-z]{2,16}){0,2}(?= {0,3}\(\d)"
    r"| ?\([A-Za-z]{3,16}\)(?=[ (]{0,2}\d))"
)
_F = rf"F(?:'?s|{_EFFECT})?"
_TEST = r"(?: {0,3}(?:[Ww]elch|[Ss]tudent|[Pp]aired|[Uu]npaired|[Pp]earson|[Ss]pearman|rm)(?= {0,2}\())?"
_Q = r"(?P<Qw>Q[- ]{0,2}(?:within|[wW]))|(?P<Qb>Q[- ]{0,2}(?:between|[bB]))|(?P<Q>Q(?: {0,2}(?:[MET]|statistic))?)"
_KIND = r"(?:[- ]{0,2}(?:values?|statistics?|ratio|scores?|tests?)(?![A-Za-z])(?: of)?)?(?: ?\(DFn, ?DFd\))?"
_NAMES = {"T": "t", "R": "r", "rho": "r"}
_NAMED = re.compile(r"(?:(?:value|statistic|ratio)s?|DFd\))$")

HEAD = re.compile(
    rf"(?<![A-Za-z0-9'/&\\])(?:(?P<chi2>{_CHI}|{_CHI_AS_LETTER})|{_CHI_DF_FIRST}"
    rf"|(?P<F>{_F})|(?P<t>t)(?:'?s|{_TEST})|(?P<r>r)(?: {{0,2}}s|{_TEST})|(?P<z>[zZ])(?:'?s)?|{_Q}"
    rf"|(?P<T>T)|(?P<R>R)|(?P<rho>ρ|[Rr]ho)|(?P<H>H|KW)){_KIND}(?![A-Za-z](?!f ?=))"
)


def letter_of(head: re.Match[str]) -> str:
    """Return the letter as printed: ``T`` and ``R`` are not yet t and r."""
    return "chi2" if head["below"] or head["within"] else str(head.lastgroup)


def name_of(head: re.Match[str]) -> str:
    """Return the name of the statistic, as in `ReportedTest`.

    Examples
    --------
    >>> [name_of(HEAD.match(text)) for text in ("T(28)", "χ 1 2 =", "Qw", "F ratio")]
    ['t', 'chi2', 'Qw', 'F']
    """
    return _NAMES.get(letter_of(head), letter_of(head))


def is_named(head: re.Match[str]) -> bool:
    """Whether the letter is called a statistic: ``F-statistic``, ``t value``."""
    return _NAMED.search(head[0]) is not None
