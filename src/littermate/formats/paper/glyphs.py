"""Glyphs: signs that a PDF's font draws as they should be and names as others.

Fonts of some publishers have no table from glyph to character, or a wrong one: ``F(1,30) ¼ 5.2``, ``Po0.05``,
``ð1; 30Þ``. Each is undone only where nothing else can be meant, beside a number of a printed test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["with_true_signs"]

_EQUALS = re.compile(r"(?<=[\w)\]])\s?¼\s?(?=[-−À\d.])")
_NUMBER = r"(?=0?\.\d)"
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("=", rf"(?<![\w.])([Pp])\s?5\s?{_NUMBER}", r"\1 = "),
    ("<", rf"(?<![\w.])([Pp])\s?[ob]\s?{_NUMBER}", r"\1 < "),
    ("<", rf"(?<![\w.])([Pp])\s,\s{_NUMBER}", r"\1 < "),
    (">", rf"(?<![\w.])([Pp])\s?[N4]\s?{_NUMBER}", r"\1 > "),
    ("−", r"([=<>]\s?)[\x01\x02\x04\x11\x12\x16\ufffd](?=\s?\.?\d)", r"\1−"),
)
_ADVANCED: tuple[tuple[str, str, str], ...] = (
    ("=", r"\s?¼\s?", " = "),
    ("(", r"ð(?=[^ðÞ]{0,80}Þ)", "("),
    (")", r"Þ", ")"),
    ("−", r"À(?=\s?\.?\d)", "−"),
    ("±", r"Æ(?=\s?\.?\d)", "±"),
    ("×", r"(?<=\d)\s?Â\s?(?=\d)", " × "),
)
_TEX_LIGATURES = dict(zip("\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f", "ﬀﬁﬃﬄﬀﬁﬂﬃﬄ", strict=True))
_LIGATURE = re.compile(r"[\x0b\x0c\x0e\x0f\x1b-\x1f](?=[a-z]|(?<=[a-z].))")
_LOST = re.compile(r"\ufffd|\(cid:\d+\)")


def with_true_signs(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines with their signs put right, and what was changed, in words.

    Examples
    --------
    >>> with_true_signs(["F(1,30) ¼ 5.2, Po0.05", "tð30Þ ¼ À2.1"])[0]
    ['F(1,30) = 5.2, P < 0.05', 't(30) = −2.1']
    """
    text = _LIGATURE.sub(lambda hit: _TEX_LIGATURES[hit[0]], "\n".join(lines))
    rules = (*(_ADVANCED if _EQUALS.search(text) else ()), *_SIGNS)
    if re.search(rf"(?<![\w.])[Pp]\s?5\s?{_NUMBER}", text):
        rules += (("=", r"([FtrzZQ]\s?\([^()\n]{1,20}\))\s?5\s?(?=[-−]?\d)", r"\1 = "),)
    changed: dict[str, int] = {}
    for sign, pattern, right in rules:
        text, count = re.subn(pattern, right, text)
        if count:
            changed[sign] = changed.get(sign, 0) + count
    return text.split("\n"), [*_told(changed), *_lost(text)]


def _told(changed: dict[str, int]) -> list[str]:
    if not changed:
        return []
    times = ", ".join(f"'{sign}' {count} times" for sign, count in changed.items())
    return [f"the PDF's fonts name signs as others than they draw; read as {times}: compare with the printed page"]


def _lost(text: str) -> list[str]:
    count = len(_LOST.findall(text))
    return [f"{count} signs of the PDF have no character: what they print is not known"] if count else []
