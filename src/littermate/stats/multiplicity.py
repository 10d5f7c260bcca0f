"""Adjusting P for the number of tests, within a family of contrasts or of outcomes.

=========== ======================================================== ================================
method      what it holds                                            source
=========== ======================================================== ================================
none        each test's own error
bonferroni  the chance of any false finding                          Bonferroni 1936
sidak       the same, for independent tests (or two-sided t)         Sidak 1967, *JASA* 62:626
holm        the same, stepping down: never less power than the first Holm 1979, *Scand J Stat* 6:65
holm-sidak  Sidak, stepping down
hochberg    the same, stepping up, for independent tests             Hochberg 1988, *Biometrika* 75:800
hommel      a little more power than Hochberg                        Hommel 1988, *Biometrika* 75:383
fdr         the share of false findings among all findings           Benjamini, Hochberg 1995
by          the same under any dependence                            Benjamini, Yekutieli 2001
=========== ======================================================== ================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from littermate.errors import Complaint, UsageError
from littermate.model.comparison import AdjustedFamily
from littermate.stats.table import Floats

__all__ = ["METHOD_WORDS", "adjust", "adjust_family", "interval_words", "tail_of"]

METHOD_WORDS: Mapping[str, str] = {
    "none": "unadjusted",
    "bonferroni": "Bonferroni",
    "sidak": "Sidak",
    "holm": "Holm",
    "holm-sidak": "Holm-Sidak",
    "hochberg": "Hochberg",
    "hommel": "Hommel",
    "fdr": "false discovery rate (Benjamini-Hochberg)",
    "by": "false discovery rate (Benjamini-Yekutieli)",
}


_ONE_AT_A_TIME = ("none", "fdr", "by")


def interval_words(method: str) -> str:
    """Say what the intervals beside P adjusted by a method are.

    Examples
    --------
    >>> interval_words("holm"), interval_words("fdr")
    ('simultaneous', 'one at a time')
    """
    return "one at a time" if method in _ONE_AT_A_TIME else "simultaneous"


def tail_of(method: str, alpha: float, tests: int) -> float:
    """Return what each of some intervals leaves out: of methods that step, as their single step does.

    Examples
    --------
    >>> tail_of("none", 0.05, 5), tail_of("holm", 0.05, 5), round(tail_of("holm-sidak", 0.05, 5), 5)
    (0.05, 0.01, 0.01021)
    """
    if method in _ONE_AT_A_TIME:
        return alpha
    if "sidak" in method:
        return -math.expm1(math.log1p(-alpha) / tests)
    return alpha / tests


def adjust(ps: Sequence[float] | Floats, method: str) -> Floats:
    """Return adjusted P, in the order given.

    Parameters
    ----------
    ps
        The P of all tests of the family.
    method
        One of the table above.

    Raises
    ------
    UsageError
        If the method is unknown, or something is no probability.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03], "holm").round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(ps, dtype=float)
    complaints = [
        Complaint(expected="a probability for every test", found=f"{one}", do="take the test out of the family")
        for one in p
        if not 0 <= one <= 1
    ]
    if method not in _METHODS:
        do = f"choose one of {', '.join(_METHODS)}"
        complaints.append(Complaint(expected="a way to adjust P", found=method, do=do))
    if complaints:
        raise UsageError.of(complaints)
    return np.minimum(_METHODS[method](p), 1.0) if len(p) else p


def adjust_family(ps: Mapping[str, float], method: str) -> AdjustedFamily:
    """Adjust the P of the outcomes that a plan names as one family.

    Parameters
    ----------
    ps
        The P of the planned test of each outcome.
    method
        As in `adjust`.

    Raises
    ------
    UsageError
        As `adjust`.

    Examples
    --------
    >>> family = adjust_family({"immobility": 0.01, "BDNF": 0.3}, "holm")
    >>> family.adjusted("immobility"), family.words
    (0.02, 'P of 2 outcomes (immobility, BDNF), Holm')
    """
    adjusted = adjust(list(ps.values()), method)
    return AdjustedFamily(
        method=method,
        words=f"P of {len(ps)} outcomes ({', '.join(ps)}), {METHOD_WORDS[method]}",
        names=tuple(ps),
        p=tuple(map(float, ps.values())),
        p_adjusted=tuple(adjusted.tolist()),
    )


def _sidak(p: Floats, tests: Floats | int) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(tests * np.log1p(-p)))


def _down(p: Floats, each: Callable[[Floats, Floats], Floats]) -> Floats:
    """Step down: the smallest P counts for all tests, the next for all but one; never below the one before."""
    order = np.argsort(p, kind="stable")
    left = np.arange(len(p), 0, -1, dtype=float)
    return _back(np.maximum.accumulate(each(p[order], left)), order)


def _up(p: Floats, factor: Callable[[Floats], Floats]) -> Floats:
    """Step up: from the largest P on, times a factor of its rank; never above the one before."""
    order = np.argsort(p, kind="stable")[::-1]
    rank = np.arange(len(p), 0, -1, dtype=float)
    return _back(np.minimum.accumulate(p[order] * factor(rank)), order)


def _back(found: Floats, order: np.ndarray) -> Floats:
    adjusted = np.empty_like(found)
    adjusted[order] = found
    return adjusted


def _by(p: Floats) -> Floats:
    m = len(p)
    return _up(p, lambda rank: m / rank * float(np.sum(1 / np.arange(1, m + 1))))


def _hommel(p: Floats) -> Floats:
    """Close the Simes test over all subsets (Wright 1992, *Biometrics* 48:1005)."""
    m, order = len(p), np.argsort(p, kind="stable")
    s, rank = p[order], np.arange(1, len(p) + 1)
    found = np.full(m, float(np.min(m * s / rank)))
    for size in range(m - 1, 1, -1):
        tail = m - size + 1
        simes = float(np.min(size * s[tail:] / np.arange(2, size + 1)))
        level = np.minimum(size * s[:tail], simes)
        found[:tail] = np.maximum(found[:tail], level)
        found[tail:] = np.maximum(found[tail:], found[m - size])
    return _back(np.maximum(found, s), order)


_METHODS: Mapping[str, Callable[[Floats], Floats]] = {
    "none": lambda p: p.copy(),
    "bonferroni": lambda p: p * len(p),
    "sidak": lambda p: _sidak(p, len(p)),
    "holm": lambda p: _down(p, lambda s, left: s * left),
    "holm-sidak": lambda p: _down(p, _sidak),
    "hochberg": lambda p: _up(p, lambda rank: len(p) - rank + 1),
    "hommel": _hommel,
    "fdr": lambda p: _up(p, lambda rank: len(p) / rank),
    "by": _by,
}
