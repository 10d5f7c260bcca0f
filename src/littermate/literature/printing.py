r"""Printed text made plain: every way of writing a sign becomes the one sign the readers know.

`plain` returns a string of the same length, so that a place in it is a place in the text as printed. Typographic
minus and dashes become ``-``, every space ``" "``, brackets of all sorts ``(`` and ``)``, digits set below or above the
line plain digits, mathematical letters plain letters; LaTeX, HTML and Markdown about a letter becomes blanks
(``$F_{(1,28)}$`` is ``F  (1,28)`` between blanks), their signs the sign (``\chi^2`` is ``χ    2``). A single line break
is a blank; an empty line stays a line break, and no test is read across it. Signs that stand for others in the text
of many PDF files (``⫽`` and ``¼`` for ``=``, ``⬍`` for ``<``, ``⫺`` for ``-``, ``␹`` for ``χ``) become those; numbers
raised behind a number (``0.03^12``) are references and become blanks, except powers of ten and the 2 of ``χ1^2``.
Stars and the like before a P (``**P < .01``, ``#P < .01``) become ``‡``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

__all__ = ["plain"]

_SAME = {
    " ": "\t\r\v\f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d"
    "\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u2061\u2062\u2063\u3000\ufeff${}_^*~`†§|",
    "-": "−–—‐‑‒―﹣－⁻₋\xad⫺",
    "(": "[⟨〈【⟦❨（⁽₍",
    ")": "]⟩〉】⟧❩）⁾₎",
    ".": "·∙⋅‧․",
    "'": "’‘ʼ′´",
    "x": "×✕⨯",
    "≤": "⩽≦≲",
    "≥": "⩾≧≳",
    "P": "ᴘΡР",
    "p": "р",
    "χ": "ꭓᵡᵪ\U0001d6d8Χ𝛘𝝌␹",
    ",": "،﹐‚",
    "=": "⫽¼",
    "<": "⬍≪‹",
    ">": "⬎≫›",
    "≈": "≅≃∼≐",
    "±": "⫾",
}
_RANGES = ((0xB2, 0xBA), (0x2070, 0x209D), (0x2100, 0x2140), (0x1D400, 0x1D800), (0xFE50, 0xFE6C), (0xFF01, 0xFF5F))
_SIGNS = {
    "\\chi": "χ",
    "\\eta": "η",
    **dict.fromkeys(("\\times", "\\cdot"), "x"),
    **dict.fromkeys(("\\leqslant", "\\leq", "\\le"), "≤"),
    **dict.fromkeys(("\\geqslant", "\\geq", "\\ge"), "≥"),
    "\\lt": "<",
    "\\gt": ">",
    **dict.fromkeys(("\\approx", "\\simeq", "\\sim"), "≈"),
    "\\ll": "<",
    "\\rho": "ρ",
}
_MARKUP = re.compile(
    r"&#?\w{2,7};|\\[a-zA-Z]{1,14}(?=[^a-zA-Z]|$)|\\[,;:!>() \[\]%]"
    r"|</?(?:\w{1,8}:)?(?:i|b|em|strong|sub|sup|italic|bold|span|small|sc|m\w{1,9})(?: [^<>]{0,80})?>"
)
_TIMES = re.compile(r"[·∙⋅](?= ?10 ?[-^−⁻–])")
_RAISED = re.compile(r"(?<=[\d)])(?<!10)\^(?:\d{1,3}(?:[,–-]\d{1,3}){0,9}|[a-z](?![a-z]))")
_STARS = re.compile(r"[*#†‡]{1,4}(?= ?[pP] ?[<=>≤≥])")
_MARKS = (
    (_TIMES, "x"),
    (re.compile(r"([pP] ?=? ?)~(?= ?[0.,])"), r"\1≈"),
    (re.compile(r"\xad(?!\d)"), " "),
    (re.compile(r"(?<=[χΧꭓ𝛘𝜒𝝌␹])([ _{(]{0,6}\d{1,3}[ )}]{0,2})\^"), r"\1 "),
)
"""A times sign before a power of ten, about, a hyphen at the end of a line, and the raised 2 behind the df of chi."""

_BREAK = re.compile(r"\n(?: *\n)?")


@cache
def _table() -> dict[int, str]:
    """Return what each character becomes: one character each, so that places stay."""
    table = {ord(one): sign for sign, others in _SAME.items() for one in others}
    for first, stop in _RANGES:
        for code in range(first, stop):
            same = unicodedata.normalize("NFKC", chr(code))
            if code not in table and len(same) == 1:
                table[code] = table.get(ord(same), same)
    return table


def plain(text: str) -> str:
    r"""Return the text with one sign for each meaning, in the same length.

    Examples
    --------
    >>> plain("F\u2009[1,\u00a028]\u00a0= −5·2")
    'F (1, 28) = -5.2'
    >>> " ".join(plain(r"$F_{(1, 28)} \leq 5.2$").split())
    'F (1, 28) ≤ 5.2'
    """
    text = _MARKUP.sub(_sign, text.translate(_blanks()))
    for pattern, sign in _MARKS:
        text = pattern.sub(sign, text)
    signed = _RAISED.sub(_as_blanks, _STARS.sub(_as_stars, text)).translate(_table())
    return _BREAK.sub(lambda match: " " if len(match[0]) == 1 else match[0], signed)


def _as_blanks(words: re.Match[str]) -> str:
    return " " * len(words[0])


def _as_stars(words: re.Match[str]) -> str:
    return "‡" * len(words[0])


def _sign(markup: re.Match[str]) -> str:
    """Return what markup means, or a blank, in the length of the markup."""
    words = markup[0]
    sign = html.unescape(words) if words[0] == "&" else _SIGNS.get(words, " ")
    return sign.ljust(len(words)) if len(sign) <= len(words) else words


@cache
def _blanks() -> dict[int, str]:
    """Return the blanks, which markup may hold."""
    return {ord(one): " " for one in "\t\r\v\f\xa0"}
