"""What else a statistic's letter may mean: a temperature, a density, a coordinate, R squared, a threshold.

``T``, ``R``, ``ρ`` and ``H`` are statistics only with a P right behind and where words beside them, or degrees of
freedom in brackets, leave no doubt: a t test is named before ``T(28) = 2.20``, Kruskal and Wallis about ``H = 7.1``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from littermate.literature.printed_statistic import PrintedStatistic

__all__ = ["is_certain", "is_other"]

_R_SQUARED = re.compile(r" {0,6}2 {0,3}[=<>≤≥(]")
_COORDINATE = re.compile(r"[yY] {0,3}= {0,3}-? ?\d{1,3}(?:\.\d)?[,;]? {0,3}$")
_RANKS = re.compile(r"Kruskal|(?<![A-Za-z])K-?W(?![A-Za-z])")
_T_TEST = re.compile(r"(?<![A-Za-z])[tT][- ]?tests?(?![A-Za-z])|Student|Welch")
_CORRELATION = re.compile(r"Pearson|Spearman|[Cc]orrelat")
_THRESHOLD = re.compile(r"(?:[Tt]hreshold|[Cc]ut-?offs?|[Cc]riteri)[^.;]{0,60}$")
_THRESHOLD_BEHIND = re.compile(r"[^.;\n]{0,30}(?:uncorrected|threshold|voxel)")
_NEAR = 120


def is_other(plain: str, head: re.Match[str], name: str) -> bool:
    """Whether it is r squared, or the third of the coordinates x, y, z."""
    if name == "r":
        return _R_SQUARED.match(plain, head.end()) is not None
    return name == "z" and _COORDINATE.search(plain[max(head.start() - 20, 0) : head.start()]) is not None


def is_certain(plain: str, letter: str, found: PrintedStatistic, *, bracketed: bool) -> bool:
    """Whether a letter is a statistic here; `bracketed` is whether degrees of freedom stand right behind it."""
    before = plain[max(found.place[0] - _NEAR, 0) : found.place[0]]
    if found.relation != "=" and (_THRESHOLD.search(before) or _THRESHOLD_BEHIND.match(plain, found.stop)):
        return False
    if letter not in _CERTAIN:
        return True
    about = before + plain[found.place[0] : found.stop + _NEAR // 2]
    return found.behind is not None and _CERTAIN[letter](found, bracketed, about)


def _is_t(found: PrintedStatistic, bracketed: bool, about: str) -> bool:
    return bracketed and found.has_decimals and _T_TEST.search(about) is not None


def _is_r(found: PrintedStatistic, bracketed: bool, about: str) -> bool:
    return found.has_decimals and (bracketed or (_is_counted(found) and _CORRELATION.search(about) is not None))


def _is_rho(found: PrintedStatistic, bracketed: bool, about: str) -> bool:
    return found.has_decimals and (bracketed or _is_counted(found))


def _is_counted(found: PrintedStatistic) -> bool:
    return bool(found.degrees.parts or found.degrees.n)


def _is_h(found: PrintedStatistic, bracketed: bool, about: str) -> bool:
    return bracketed or _RANKS.search(about) is not None


_CERTAIN: dict[str, Callable[[PrintedStatistic, bool, str], bool]] = {
    "T": _is_t,
    "R": _is_r,
    "rho": _is_rho,
    "H": _is_h,
}
