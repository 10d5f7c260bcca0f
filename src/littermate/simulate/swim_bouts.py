"""Swim bouts: the truth that a swim recording is made from, drawn before any picture is.

Immobile bouts last 1.5 s or more and are 1 s or more apart; climbing bouts last 1.2 s or more and lie between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout

__all__ = ["draw_bouts", "draw_climbing"]

_MIN_BOUT_S = 1.5
_MIN_GAP_S = 1.0
_MEAN_BOUT_S = 6.0
_MIN_CLIMB_S = 1.2
_MAX_CLIMB_S = 5.0
_BEFORE_CLIMB_S = 1.3
_AFTER_CLIMB_S = 0.7


def draw_bouts(
    *, immobile_fraction: float, duration_s: float, window_s: tuple[float, float], seed: int
) -> tuple[DetectedBout, ...]:
    """Draw immobile bouts that fill exactly a fraction of the window.

    Every bout lasts 1.5 s or more and every gap between two bouts 1.0 s or more, so that closing short gaps and
    dropping short runs leaves them as they are. Before and after the window the animal is immobile less often.

    Raises
    ------
    UsageError
        If the window is not inside the clip, the fraction is not in 0..1, or so little immobility is asked for that
        not even one bout fits.

    Examples
    --------
    >>> bouts = draw_bouts(immobile_fraction=0.5, duration_s=60, window_s=(20, 60), seed=1)
    >>> round(sum(min(b.stop_s, 60) - max(b.start_s, 20) for b in bouts if b.stop_s > 20), 9)
    20.0
    """
    start, stop = window_s
    if not (0 <= start < stop <= duration_s and 0 <= immobile_fraction <= 1):
        raise UsageError(
            expected="a window inside the clip and a fraction from 0 to 1",
            found=f"window {start}-{stop} s of {duration_s} s, fraction {immobile_fraction}",
            do="correct them",
        )
    rng = np.random.default_rng(seed)
    total = immobile_fraction * (stop - start)
    inside = _fill(start, stop, total, rng) if total >= _MIN_BOUT_S else _edge_bout(window_s, duration_s, total)
    first = inside[0][0] if inside else stop
    last = inside[-1][1] if inside else start
    before = _loose(0.0, min(first - _MIN_GAP_S, start), immobile_fraction, rng)
    after = _loose(max(last + _MIN_GAP_S, stop), duration_s, immobile_fraction, rng)
    return tuple(DetectedBout(behaviour="immobile", start_s=a, stop_s=b) for a, b in (*before, *inside, *after))


def draw_climbing(
    bouts: Sequence[DetectedBout], *, share: float, duration_s: float, seed: int
) -> tuple[DetectedBout, ...]:
    """Draw climbing bouts between immobile ones: 1.2 to 5 s long, in about a share of the places where one fits.

    Raises
    ------
    UsageError
        If the share is not in 0..1.

    Examples
    --------
    >>> floats = (DetectedBout(behaviour="immobile", start_s=10, stop_s=20),)
    >>> climbs = draw_climbing(floats, share=1, duration_s=30, seed=1)
    >>> all(c.stop_s < 10 or c.start_s > 20 for c in climbs), {c.behaviour for c in climbs}
    (True, {'climbing'})
    """
    if not 0 <= share <= 1:
        raise UsageError(expected="a share from 0 to 1", found=f"{share}", do="correct it")
    rng = np.random.default_rng([seed, 2])
    edges = [0.0, *(t for bout in sorted(bouts, key=lambda one: one.start_s) for t in (bout.start_s, bout.stop_s))]
    edges.append(duration_s)
    spans = [span for gap in zip(edges[::2], edges[1::2], strict=True) for span in _climbs_in(*gap, share, rng)]
    return tuple(DetectedBout(behaviour="climbing", start_s=a, stop_s=b) for a, b in spans)


def _climbs_in(start: float, stop: float, share: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    spans = []
    begin = start + _BEFORE_CLIMB_S
    while stop - _AFTER_CLIMB_S - begin >= _MIN_CLIMB_S:
        end = begin + rng.uniform(_MIN_CLIMB_S, min(_MAX_CLIMB_S, stop - _AFTER_CLIMB_S - begin))
        if rng.random() < share:
            spans.append((float(begin), float(end)))
        begin = end + _BEFORE_CLIMB_S + rng.uniform(0.0, 2.0)
    return spans


def _fill(start: float, stop: float, total: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Put bouts of `total` s into a stretch: random lengths, random gaps, both above their least."""
    free = stop - start - total
    most = min(int(total / _MIN_BOUT_S), int(free / _MIN_GAP_S) + 1)
    count = int(np.clip(rng.poisson(total / _MEAN_BOUT_S), 1, most))
    lengths = _MIN_BOUT_S + (total - count * _MIN_BOUT_S) * rng.dirichlet(np.full(count, 1.5))
    spare = free - (count - 1) * _MIN_GAP_S
    gaps = spare * rng.dirichlet(np.full(count + 1, 1.5))
    gaps[1:-1] += _MIN_GAP_S
    starts = start + np.cumsum(gaps[:-1]) + np.concatenate([[0.0], np.cumsum(lengths[:-1])])
    return [(float(a), min(float(a + b), stop)) for a, b in zip(starts, lengths, strict=True)]


def _edge_bout(window_s: tuple[float, float], duration_s: float, total: float) -> list[tuple[float, float]]:
    """Return one bout that reaches over the window's edge, for a total too short for a bout inside it."""
    start, stop = window_s
    if total == 0:
        return []
    if start + total >= _MIN_BOUT_S:
        return [(start + total - _MIN_BOUT_S, start + total)]
    if stop - total + _MIN_BOUT_S <= duration_s:
        return [(stop - total, stop - total + _MIN_BOUT_S)]
    raise UsageError(
        expected=f"no immobility, or {_MIN_BOUT_S} s of it or more in the window",
        found=f"{total:.3f} s",
        do="choose another fraction or a longer window",
    )


def _loose(start: float, stop: float, fraction: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Fill a stretch outside the window with about a third of the window's immobility, clear of its edges."""
    stop_clear, start_clear = stop - _MIN_GAP_S, start + (_MIN_GAP_S if start == 0 else 0.0)
    total = fraction / 3 * (stop_clear - start_clear)
    return _fill(start_clear, stop_clear, total, rng) if total >= _MIN_BOUT_S else []
