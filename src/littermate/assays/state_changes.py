"""State changes: a scorer's keys as the behaviours they begin, and the bouts that follow from them.

The conventions are those of `littermate.assays.hand_states`, which puts hand scoring together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from littermate.assays.spans import SAME_S, Span
from littermate.errors import DataError, UsageError
from littermate.model.bout import ScoredBout

__all__ = ["MISSING", "NONE", "StateChange", "bouts_of", "require_window", "seen_s"]

MISSING = "not visible"
NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """From `t_s` on the animal does `behaviour`, until the next change; empty for none of the ethogram's."""

    t_s: float
    behaviour: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.t_s):
            raise DataError(expected="a time in seconds", found=f"{self.t_s}", do="correct it", where=self.behaviour)


def bouts_of(changes: Sequence[StateChange], window_s: Span, *, scorer: str) -> tuple[ScoredBout, ...]:
    """Return the bouts that state changes make, cut to a window.

    Parameters
    ----------
    changes
        In any order of time; of several at the same time the later in the list counts.
    window_s
        ``[start, stop)`` on the trial clock.
    scorer
        Who scored.

    Raises
    ------
    UsageError
        If the window does not end after it starts.

    Examples
    --------
    >>> keys = [StateChange(t_s=2, behaviour="swimming"), StateChange(t_s=5, behaviour="immobile")]
    >>> [(bout.behaviour, bout.start_s, bout.stop_s, bout.cut) for bout in bouts_of(keys, (0, 9), scorer="AB")]
    [('swimming', 2.0, 5.0, False), ('immobile', 5.0, 9.0, True)]
    """
    require_window(window_s)
    return tuple(
        ScoredBout(
            behaviour=behaviour,
            start_s=max(start, float(window_s[0])),
            stop_s=min(stop, float(window_s[1])),
            scorer=scorer,
            cut=start < window_s[0] - SAME_S or stop > window_s[1] + SAME_S,
        )
        for behaviour, start, stop in _states_in(changes, window_s)
        if behaviour not in (NONE, MISSING)
    )


def seen_s(changes: Sequence[StateChange], window_s: Span) -> tuple[Span, ...]:
    """Return the stretches of a window in which the scorer could see the animal.

    Raises
    ------
    UsageError
        If the window does not end after it starts.

    Examples
    --------
    >>> keys = [StateChange(t_s=2, behaviour=MISSING), StateChange(t_s=5, behaviour="immobile")]
    >>> seen_s(keys, (0, 9))
    ((0.0, 2.0), (5.0, 9.0))
    """
    require_window(window_s)
    first, last = float(window_s[0]), float(window_s[1])
    unseen = [(max(a, first), min(b, last)) for name, a, b in _states_in(changes, window_s) if name == MISSING]
    edges = [first, *(edge for span in unseen for edge in span), last]
    return tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > SAME_S)


def require_window(window_s: Span) -> None:
    """Refuse a window that does not end after it starts."""
    if not window_s[0] < window_s[1]:
        raise UsageError(
            expected="a window that ends after it starts",
            found=f"{window_s[0]:g} to {window_s[1]:g} s",
            do="correct the window",
        )


def _states(changes: Sequence[StateChange]) -> list[tuple[float, str]]:
    """Return when each state begins, in order, none like the one before it."""
    states: list[tuple[float, str]] = []
    for change in sorted(changes, key=lambda one: one.t_s):
        if states and change.t_s - states[-1][0] <= SAME_S:
            states[-1] = (states[-1][0], change.behaviour)
        else:
            states.append((float(change.t_s), change.behaviour))
    before = [NONE, *(behaviour for _, behaviour in states)]
    return [state for state, last in zip(states, before, strict=False) if state[1] != last]


def _states_in(changes: Sequence[StateChange], window_s: Span) -> Iterator[tuple[str, float, float]]:
    """Yield behaviour, start and stop of the states that reach into a window, not yet cut to it."""
    for (start, behaviour), (stop, _) in pairwise([*_states(changes), (math.inf, NONE)]):
        if min(stop, window_s[1]) - max(start, window_s[0]) > SAME_S:
            yield behaviour, start, stop
