"""Encoding: a file's bytes as text, by its byte order mark, what it declares, or what its bytes can be."""

from __future__ import annotations

import codecs
import re

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.I
)
_WESTERN = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252"}
"""As browsers do: who declares Latin 1 means Windows-1252."""


_MOSTLY = 0.6


def decode(data: bytes) -> str:
    """Return the text of a file's bytes.

    UTF-8 that is no UTF-8 is read as Windows-1252, whose five undefined bytes become U+FFFD.

    Examples
    --------
    >>> decode("χ²".encode()), decode("5 µg – 2".encode("cp1252")), decode("P".encode("utf-16"))
    ('χ²', '5 µg – 2', 'P')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    for name in (*_declared(data), *_without_a_mark(data), "utf-8"):
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return data.decode("cp1252", errors="replace")


def _declared(data: bytes) -> list[str]:
    """Return the encoding that the file says it has, where Python knows it as one of text."""
    found = _DECLARED.search(data[:4096])
    if found is None:
        return []
    try:
        info = codecs.lookup((found[1] or found[2]).decode("ascii"))
    except LookupError:
        return []
    usable = getattr(info, "_is_text_encoding", True) and not info.name.startswith(("utf-16", "utf-32"))
    return [_WESTERN.get(info.name, info.name)] if usable else []


def _without_a_mark(data: bytes) -> list[str]:
    """Return UTF-16 where most of every second byte of the beginning is zero, and none of the others."""
    start = data[:512]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = start[first::2], start[1 - first :: 2]
        if high and high.count(0) > _MOSTLY * len(high) and not low.count(0):
            return [name]
    return []
