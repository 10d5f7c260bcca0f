"""Spans: lists of stretches ``[start, stop)`` in seconds, as what was seen or scored is given.

Conventions. Stretches shorter than a microsecond are none, and such gaps are no gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["SAME_S", "Span", "common", "length_s", "merged"]

SAME_S = 1e-6

Span = tuple[float, float]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return stretches in order, those that touch or overlap made one.

    Examples
    --------
    >>> merged([(5.0, 6.0), (0.0, 2.0), (2.0, 3.0)])
    ((0.0, 3.0), (5.0, 6.0))
    """
    joined: list[Span] = []
    for start, stop in sorted((float(start), float(stop)) for start, stop in spans):
        if stop - start <= SAME_S:
            continue
        if joined and start - joined[-1][1] <= SAME_S:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return tuple(joined)


def common(one: Sequence[Span], two: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts that both lists hold, in order; stretches of one list must not overlap.

    Examples
    --------
    >>> common([(0.0, 4.0)], [(1.0, 2.0), (3.0, 9.0)])
    ((1.0, 2.0), (3.0, 4.0))
    """
    parts = ((max(start, begin), min(stop, end)) for start, stop in one for begin, end in two)
    return tuple(sorted((float(start), float(stop)) for start, stop in parts if stop - start > SAME_S))


def length_s(spans: Iterable[Span]) -> float:
    """Return how long stretches are together.

    Examples
    --------
    >>> length_s([(0.0, 4.0), (5.0, 6.0)])
    5.0
    """
    return float(sum(stop - start for start, stop in spans))
