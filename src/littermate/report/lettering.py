"""How wide letters are in print, and where a line of them breaks: names are measured, never guessed by their count."""

from __future__ import annotations

import functools
import itertools
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from littermate.report.style import MM

__all__ = ["LETTERS_PT", "LINE_MM", "TITLE_PT", "NamesBelow", "names_below", "width_mm", "wrapped"]

LETTERS_PT, TITLE_PT = 7.0, 7.5
"""Of all that is written, and of the titles of axes."""
LINE_MM = 3.0
_APART_MM, _UPRIGHT_MM = 0.9, 26.0


def width_mm(text: str, *, size_pt: float = LETTERS_PT) -> float:
    """Return the width of one line in the font of the figures, in mm.

    Examples
    --------
    >>> width_mm("") == 0 < width_mm("ill") < width_mm("www")
    True
    """
    return _width_mm(text, size_pt, tuple(matplotlib.rcParams["font.family"]))


@functools.lru_cache(maxsize=4096)
def _width_mm(text: str, size_pt: float, family: tuple[str, ...]) -> float:
    if not text:
        return 0.0
    letters = FontProperties(family=list(family), size=size_pt)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a letter that the font lacks; said when it is drawn
        width, _, _ = text_to_path.get_text_width_height_descent(text, letters, False)
    return float(width) / 72 / MM


def wrapped(text: str, room_mm: float, *, size_pt: float = LETTERS_PT) -> list[str]:
    """Break a text into lines that are not wider than the room; a word is broken only where it alone is too wide.

    A no-break space does not break, nor the space between a number and its per cent.

    Examples
    --------
    >>> wrapped("time in the outer zone", 20.0)
    ['time in the', 'outer zone']
    """
    lines: list[str] = []
    for word in re.split(r"[ \t\r\n]+", text.replace(" %", "\N{NO-BREAK SPACE}%").strip()):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(longer, size_pt=size_pt) <= room_mm:
            lines[-1] = longer
        else:
            lines += _broken(word, room_mm, size_pt)
    return lines or [""]


def _broken(word: str, room_mm: float, size_pt: float) -> list[str]:
    parts = [word[:1]]
    for letter in word[1:]:
        if width_mm(parts[-1] + letter, size_pt=size_pt) <= room_mm:
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesBelow:
    """How names stand below an axis: the lines of each, whether they stand upright, and their height in mm."""

    lines: list[list[str]]
    upright: bool
    height_mm: float


def names_below(
    names: Sequence[str], middles_mm: Sequence[float], rooms_mm: Sequence[float], *, ends_mm: tuple[float, float]
) -> NamesBelow:
    """Let names stand in one line each, else broken between words, else upright: as they have room.

    Parameters
    ----------
    names, middles_mm, rooms_mm
        From left; where the middle of each stands, and how wide its place is.
    ends_mm
        How far they may reach to the left and to the right.

    Examples
    --------
    >>> names_below(["saline", "ketamine"], [10.0, 30.0], [20.0, 20.0], ends_mm=(0.0, 40.0)).upright
    False
    >>> names_below(["saline", "ketamine"], [2.0, 6.0], [4.0, 4.0], ends_mm=(0.0, 8.0)).upright
    True
    """
    whole = [" ".join(name.split()) for name in names]
    broken = [wrapped(name, room - _APART_MM) for name, room in zip(whole, rooms_mm, strict=True)]
    for lines in ([[name] for name in whole], broken):
        widths = [max(map(width_mm, own)) for own in lines]
        if _between_words(lines, whole) and _apart(middles_mm, widths, ends_mm):
            return NamesBelow(lines=lines, upright=False, height_mm=LINE_MM * max(map(len, lines)))
    lines = _upright(whole, min(rooms_mm))
    return NamesBelow(lines=lines, upright=True, height_mm=0.6 + max(width_mm(line) for own in lines for line in own))


def _upright(names: Sequence[str], room: float) -> list[list[str]]:
    """Break names that stand upright, into so few lines that they have room beside each other."""
    longest = max(map(width_mm, names))
    for high in (_UPRIGHT_MM, 1.5 * _UPRIGHT_MM, 2 * _UPRIGHT_MM, longest):
        lines = [wrapped(name, high + 0.1) for name in names]
        if max(map(len, lines)) * LINE_MM <= max(room, LINE_MM):
            break
    return lines


def _between_words(lines: Sequence[Sequence[str]], whole: Sequence[str]) -> bool:
    return all(len("".join(own)) == len(name) - len(own) + 1 for own, name in zip(lines, whole, strict=True))


def _apart(middles: Sequence[float], widths: Sequence[float], ends: tuple[float, float]) -> bool:
    """Whether names at these places leave a gap between them, and reach no further than they may."""
    reach = [(middle - width / 2, middle + width / 2) for middle, width in zip(middles, widths, strict=True)]
    between = [(ends[0] - _APART_MM,) * 2, *reach, (ends[1] + _APART_MM,) * 2]
    return all(second[0] - first[1] >= _APART_MM - 1e-9 for first, second in itertools.pairwise(between))
