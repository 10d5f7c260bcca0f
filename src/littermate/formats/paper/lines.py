"""Lines: the lines of a paragraph as one text, words that were parted at a line's end made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

__all__ = ["Words", "join_lines"]

_PARTED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,60}(?:-[^\W\d_]{1,60}){0,5})[-\u2010\u00ad]$")
_COMPOUND = re.compile(
    r"(?:one|two|three|four|five|six|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|self|non|post|pre|between|within|mixed|repeated|time|dose|age|sex|weight"
    r"|cross|double|single|multi|follow|well|high|low|long|short|open|forced|elevated|chi|drug|sub)",
    re.I,
)


class Words:
    """How often words, whole and with a hyphen, stand inside the lines of a text."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts = Counter(word.lower() for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line))

    def hyphenated(self, first: str, second: str) -> bool:
        """Whether a hyphen between two parts belongs to the word."""
        with_hyphen, without = self._counts[f"{first}-{second}".lower()], self._counts[f"{first}{second}".lower()]
        return with_hyphen > without or (with_hyphen == without and bool(_COMPOUND.fullmatch(first.split("-")[-1])))


def join_lines(lines: Sequence[str], words: Words) -> str:
    """Join the lines of a paragraph.

    Examples
    --------
    >>> lines = ["A two-", "tailed test of immobil-", "ity gave t(30) = -", "2.1, P = 0.04"]
    >>> join_lines(lines, Words(lines))
    'A two-tailed test of immobility gave t(30) = -2.1, P = 0.04'
    """
    stripped = list(filter(None, (one.strip() for one in lines)))
    joined = [_with_glue(line, following, words) for line, following in pairwise(stripped)]
    return "".join([*joined, *stripped[-1:]])


def _with_glue(line: str, following: str, words: Words) -> str:
    """Return a line as it goes on in the next one: with a blank, or with nothing."""
    if re.search(r"[=<>(,]\s*[-−–]$", line) and following[0] in ".0123456789":
        return line
    parted = _PARTED.search(line)
    second = re.match(r"[^\W\d_]+", following)
    if parted and second and (second[0][0].islower() or line.endswith("\u00ad")):
        keep = not line.endswith("\u00ad") and words.hyphenated(parted[1], second[0])
        return line[:-1] + ("-" if keep else "")
    return line if re.search(r"\w[-\u2010/]$", line) and not parted else line + " "
