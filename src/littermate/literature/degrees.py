"""Printed degrees of freedom: in brackets, below the line, or behind the statistic.

Read are ``(1, 28)``, ``[1;28]``, ``(1/28)``, ``((1, 30))``, ``(df = 1, 28)``, ``(1, N = 90)``, ``1,28`` without
brackets, ``df = 1, 28`` before or behind, ``(28 d.f.)``. What is read are the words; which degrees of freedom they are
is said by the statistic (`fitted`). ``(1.28)`` and ``(1,87,52)`` of an F are not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from littermate.literature.numbers import NUMBER, read_number

__all__ = ["Degrees", "ahead", "beside", "bracketed", "fitted", "n_ahead", "unbracketed"]

_RELATION = r"(?= *+[=<>≤≥≈])"
_ONE = r"\d{1,6}(?:\.\d{1,4})?"
_WORD = r"(?:d\.? ?f\.?|degrees? of freedom|d\.?o\.?f\.?)"
_OPEN = re.compile(r" *+\((?: {0,9}\(){0,2} *+")
_CLOSE = re.compile(r" {0,3}\)")
_INSIDE = re.compile(r"[^()\n]{1,60}")
_N = re.compile(rf"[,;/]? ?\b[nN] ?[=:] ?({NUMBER})")
_LABEL = re.compile(
    r"\b(?:df ?(?:error|num|den|effect|between|within)|dfs?[12nd]?|d\.f\.|degrees of freedom)(?: ?[=:])?", re.I
)
_WIDE = re.compile(r" ?[;:/&-] ?| and |, | ,")
_PAIR = re.compile(rf" *+(?:df ?= ?)?({_ONE}) ?[,;/-] *+({_ONE}){_RELATION}")
_PART = re.compile(rf"{NUMBER}|\d{{1,3}} \d{{1,4}}")
_COMMA_PAIR = re.compile(rf" {{0,4}}(\d{{1,4}},\d{{1,4}}) ?; ?(\d{{1,6}},\d{{1,4}}){_RELATION}")
_SINGLE = re.compile(rf" *+(?:df ?= ?)?({_ONE})(?:, ?[nN] ?= ?(?P<n>\d{{1,5}}))?{_RELATION}")
_BEHIND = re.compile(
    rf"[ ,;(]{{0,6}}(?:with |for |and |on )?(?:"
    rf"{_WORD}s?[12n]? ?(?:=|:|of|is)? ?\(? ?({_ONE})"
    rf"(?: ?(?:[,;/&]|and) ?(?:{_WORD}[2d]? ?(?:=|:)? ?)?({_ONE})(?!\.?\d))?"
    rf"|({_ONE})(?: ?(?:[,;/&]|and) ?({_ONE}))? ?{_WORD}s?) ?\)?",
    re.I,
)
_AHEAD = re.compile(rf"(?<![A-Za-z]){_WORD}s? ?[=:]? ?({_ONE})(?: ?[,;/] ?({_ONE}))?[ ,;:(]{{1,8}}$", re.I)
_N_BEHIND = re.compile(
    rf"[ ,;(]{{0,6}}(?:with )?[nN] {{0,3}}[=:] {{0,3}}({NUMBER}) ?(?:pairs|animals|mice|rats)?"
    r"(?! ?(?:per|each|in each|/)) ?\)?"
)
_BARE_BEHIND = {
    1: re.compile(r" {0,3}\( ?(\d{1,4}(?:\.\d{1,3})?) ?\)"),
    2: re.compile(r" {0,3}\( ?(\d{1,3}) ?[,;/] ?(\d{1,4}) ?\)"),
}
_N_AHEAD = re.compile(rf"(?<![A-Za-z])[nN] ?= ?({NUMBER})[ ,;:(]{{1,4}}$")
_BLANK_THOUSANDS = re.compile(r"([1-9]\d{0,2}) (\d{3})")
_FEWEST = 10
"""A second number of chi2(1, 141) as large as this is the number of observations."""
_LETTER_ONE = re.compile(r"\b[lI]\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Degrees:
    """Degrees of freedom as printed (none, one or two numbers), the n printed with them, and where they stop."""

    parts: tuple[str, ...]
    n: str | None
    stop: int

    def joined(self, other: Degrees) -> Degrees:
        """Return these with what another printing beside them adds."""
        return Degrees(parts=self.parts or other.parts, n=self.n or other.n, stop=max(self.stop, other.stop))


def bracketed(plain: str, start: int) -> Degrees | None:
    """Read degrees of freedom in brackets at a place; `None` where there are no brackets with numbers.

    Examples
    --------
    >>> bracketed("F((1, 30)) = 5.2", 1).parts, bracketed("(1, N = 1,090)", 0).n
    (('1', '30'), '1,090')
    """
    if not (opened := _OPEN.match(plain, start)) or not (inside := _INSIDE.match(plain, opened.end())):
        return None
    stop = inside.end()
    for _ in range(opened[0].count("(")):
        if not (closed := _CLOSE.match(plain, stop)):
            return None
        stop = closed.end()
    return _inside(inside[0], stop)


def _inside(words: str, stop: int) -> Degrees | None:
    n = _N.search(words)
    rest = _LETTER_ONE.sub("1", words[: n.start()] + words[n.end() :] if n else words)
    rest = " ".join(_LABEL.sub(" ", rest).split()).strip(" ,;")
    parts = _split(rest)
    if not all(_PART.fullmatch(part) for part in parts) or not (parts or n):
        return None
    return Degrees(parts=parts, n=n[1] if n else None, stop=stop)


def _split(words: str) -> tuple[str, ...]:
    """Split at the widest mark there is: decimal commas and commas between numbers differ by the blank behind them."""
    if not words:
        return ()
    wide = tuple(part.strip() for part in _WIDE.split(words))
    return wide if len(wide) > 1 else tuple(words.split(","))


def unbracketed(plain: str, start: int, *, pair: bool) -> Degrees | None:
    """Read ``1,28`` (of F) or ``28`` before a relation.

    Examples
    --------
    >>> unbracketed("F1,28 = 5.2", 1, pair=True).parts, unbracketed("t28 = 2.2", 1, pair=False).parts
    (('1', '28'), ('28',))
    """
    patterns = (_COMMA_PAIR, _PAIR) if pair else (_SINGLE,)
    found = next((match for one in patterns if (match := one.match(plain, start))), None)
    if found is None:
        return None
    n = found.groupdict().get("n")
    return Degrees(parts=found.groups()[: 2 if pair else 1], n=n, stop=found.end())


def beside(plain: str, start: int, *, bare: int = 0) -> Degrees | None:
    """Read degrees of freedom or n behind a statistic; with `bare` also as many numbers in brackets, without a word.

    Examples
    --------
    >>> beside("= 2.1, df = 28", 5).parts, beside("5.2 (1, 28)", 3, bare=2).parts, beside(".45 (n = 30)", 3).n
    (('28',), ('1', '28'), '30')
    """
    if found := _BEHIND.match(plain, start):
        return Degrees(parts=tuple(part for part in found.groups() if part), n=None, stop=found.end())
    if found := _N_BEHIND.match(plain, start):
        return Degrees(parts=(), n=found[1], stop=found.end())
    if bare and (found := _BARE_BEHIND[bare].match(plain, start)):
        return Degrees(parts=found.groups(), n=None, stop=found.end())
    return None


def ahead(plain: str, start: int, stop: int) -> Degrees | None:
    """Read ``df = 1, 28`` right before a statistic that begins at `stop`, not before `start`.

    Examples
    --------
    >>> ahead("ANOVA, df = 1,28; F = 5.2", 0, 18).parts
    ('1', '28')
    """
    found = _AHEAD.search(plain[max(start, stop - 48) : stop])
    return Degrees(parts=tuple(part for part in found.groups() if part), n=None, stop=stop) if found else None


def n_ahead(plain: str, start: int, stop: int) -> Degrees | None:
    """Read ``n = 30`` right before a correlation that begins at `stop`, not before `start`.

    Examples
    --------
    >>> n_ahead("(n = 30, r = .45)", 0, 9).n
    '30'
    """
    found = _N_AHEAD.search(plain[max(start, stop - 20) : stop])
    return Degrees(parts=(), n=found[1], stop=stop) if found else None


def fitted(statistic: str, degrees: Degrees, mark: str | None) -> tuple[float | None, float | None, int | None] | str:
    """Return df1, df2 and n of a statistic, or why the printed degrees of freedom cannot be its own.

    Examples
    --------
    >>> fitted("F", Degrees(parts=("1", "28"), n=None, stop=0), ".")
    (1.0, 28.0, None)
    >>> fitted("chi2", Degrees(parts=("1", "141"), n=None, stop=0), ".")
    (1.0, None, 141)
    >>> fitted("t", Degrees(parts=("2", "28"), n=None, stop=0), ".")
    'degrees of freedom (2, 28) do not fit t'
    """
    numbers = [read_number(part, mark) for part in _numbers(statistic, degrees.parts)]
    count = read_number(degrees.n.replace(",", "")) if degrees.n else None
    values = [one.value for one in numbers if one is not None]
    n = int(count.value) if count else None
    if statistic in ("chi2", "H") and n is None and len(values) == 2 and values[1] >= _FEWEST and values[1] > values[0]:
        n = int(values.pop())
        numbers.pop()
    wanted = {"F": 2, "z": 0}.get(statistic, 1)
    if len(values) < len(numbers) or len(values) not in (0, wanted) or (statistic[0] == "Q" and n is not None):
        return f"degrees of freedom ({', '.join(degrees.parts)}{', N' if n else ''}) do not fit {statistic}"
    if statistic == "r" and not values and n is not None:
        return None, float(n - 2), n
    return *_placed(statistic, values), n


def _numbers(statistic: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts with ``F(2 229)`` as two numbers and ``t(2 229)`` as 2229."""
    if statistic == "F" and len(parts) == 1:
        return tuple(parts[0].split())
    return tuple(_BLANK_THOUSANDS.sub(r"\1\2", part) for part in parts)


def _placed(statistic: str, values: list[float]) -> tuple[float | None, float | None]:
    if not values:
        return None, None
    if statistic == "F":
        return values[0], values[1]
    return (None, values[0]) if statistic in ("t", "r") else (values[0], None)
