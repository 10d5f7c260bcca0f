"""Settling: where two scorings of one trial disagree, and what comes of it once each place is decided.

The conventions are those of `littermate.assays.hand_states`, which puts hand scoring together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from littermate.assays.spans import SAME_S, Span, common, merged
from littermate.assays.state_changes import MISSING, NONE
from littermate.errors import Complaint, DataError, UsageError
from littermate.model.bout import DetectedBout, ScoredBout

__all__ = [
    "CONSENSUS",
    "SHORTEST_S",
    "Choice",
    "Disagreement",
    "consensus",
    "disagreements",
    "is_for",
    "overlooked_s",
    "seen_by_both",
    "settled_s",
]

CONSENSUS = "consensus"
SHORTEST_S = 0.25
_MATCH_S = 1e-3

Bouts = Sequence[DetectedBout | ScoredBout]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A stretch ``[start_s, stop_s)`` in which two scorings say different behaviours, empty for none."""

    start_s: float
    stop_s: float
    first: str
    second: str

    @property
    def duration_s(self) -> float:
        """Length of the stretch."""
        return self.stop_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was decided for a disagreement, named by its start and stop (to 1 ms).

    `behaviour` is that of either scorer, or a third; empty for none, `MISSING` where nobody can tell.
    """

    start_s: float
    stop_s: float
    behaviour: str


def seen_by_both(first_s: Sequence[Span], second_s: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches that both scorers saw.

    Examples
    --------
    >>> seen_by_both([(0.0, 5.0)], [(1.0, 3.0), (4.0, 9.0)])
    ((1.0, 3.0), (4.0, 5.0))
    """
    return common(merged(first_s), merged(second_s))


def disagreements(
    first: Bouts, second: Bouts, scored_s: Sequence[Span], *, shortest_s: float = SHORTEST_S
) -> tuple[Disagreement, ...]:
    """Return where two scorings of a trial say different behaviours.

    Parameters
    ----------
    first, second
        Bouts of one ethogram: of no scoring do two overlap.
    scored_s
        Stretches that both scored.
    shortest_s
        Shorter ones are left out; `overlooked_s` says how much time that is.

    Raises
    ------
    DataError
        If bouts of one scoring overlap.
    UsageError
        If `shortest_s` is negative.

    Examples
    --------
    >>> one = [ScoredBout(behaviour="immobile", start_s=2.0, stop_s=6.0, scorer="a")]
    >>> two = [ScoredBout(behaviour="immobile", start_s=2.1, stop_s=8.0, scorer="b")]
    >>> disagreements(one, two, [(0.0, 10.0)])
    (Disagreement(start_s=6.0, stop_s=8.0, first='', second='immobile'),)
    >>> round(overlooked_s(one, two, [(0.0, 10.0)]), 6)
    0.1
    """
    return tuple(one for one in _compared(first, second, scored_s) if _to_settle(one, shortest_s))


def overlooked_s(first: Bouts, second: Bouts, scored_s: Sequence[Span], *, shortest_s: float = SHORTEST_S) -> float:
    """Return the time in disagreements that are left out because each is shorter than `shortest_s`."""
    compared = _compared(first, second, scored_s)
    return float(sum(one.duration_s for one in compared if _differs(one) and not _to_settle(one, shortest_s)))


def consensus(
    first: Bouts,
    second: Bouts,
    scored_s: Sequence[Span],
    choices: Sequence[Choice],
    *,
    shortest_s: float = SHORTEST_S,
) -> tuple[ScoredBout, ...]:
    """Return the bouts two scorings have in common, with what was chosen where they disagree.

    Disagreements shorter than `shortest_s` follow the first scorer. A bout is cut where it touches the first or last
    edge of `scored_s` and a bout of either scorer was cut there. Time chosen to be `MISSING` is in no bout; `settled_s`
    is what is left.

    Parameters
    ----------
    first, second, scored_s, shortest_s
        As for `disagreements`.
    choices
        One a disagreement; of several for one the later in the list counts.

    Raises
    ------
    DataError
        If a disagreement has no choice, a choice is for none, or bouts of one scoring overlap.

    Examples
    --------
    >>> one = [ScoredBout(behaviour="immobile", start_s=2.0, stop_s=6.0, scorer="a")]
    >>> two = [ScoredBout(behaviour="immobile", start_s=2.1, stop_s=8.0, scorer="b")]
    >>> consensus(one, two, [(0.0, 10.0)], [Choice(start_s=6.0, stop_s=8.0, behaviour="immobile")])
    (ScoredBout(behaviour='immobile', start_s=2.0, stop_s=8.0, scorer='consensus', cut=False),)
    """
    compared = _compared(first, second, scored_s)
    chosen = _matched([one for one in compared if _to_settle(one, shortest_s)], choices)
    pieces = [(one.start_s, one.stop_s, chosen.get(one, one.first)) for one in compared]
    cuts = _cut_edges([*first, *second], merged(scored_s))
    return tuple(
        ScoredBout(behaviour=name, start_s=start, stop_s=stop, scorer=CONSENSUS, cut=start in cuts or stop in cuts)
        for start, stop, name in _joined(pieces)
        if name not in (NONE, MISSING)
    )


def settled_s(scored_s: Sequence[Span], choices: Sequence[Choice]) -> tuple[Span, ...]:
    """Return what both scored, without what was chosen to be `MISSING`: the time a consensus has seen.

    Examples
    --------
    >>> settled_s([(0.0, 10.0)], [Choice(start_s=6.0, stop_s=8.0, behaviour=MISSING)])
    ((0.0, 6.0), (8.0, 10.0))
    """
    decided = {(one.start_s, one.stop_s): one.behaviour for one in choices}
    unseen = merged(span for span, behaviour in decided.items() if behaviour == MISSING)
    edges = [float("-inf"), *(edge for span in unseen for edge in span), float("inf")]
    return common(merged(scored_s), list(zip(edges[::2], edges[1::2], strict=True)))


def _differs(one: Disagreement) -> bool:
    return one.first != one.second


def _to_settle(one: Disagreement, shortest_s: float) -> bool:
    if not shortest_s >= 0:
        raise UsageError(expected="a shortest time of 0 s or more", found=f"{shortest_s}", do="correct it")
    return _differs(one) and one.duration_s >= shortest_s - SAME_S


def _compared(first: Bouts, second: Bouts, scored_s: Sequence[Span]) -> list[Disagreement]:
    """Return the scored time as stretches with the behaviours of both, alike or not; neighbours differ."""
    ordered = [sorted(bouts, key=lambda bout: bout.start_s) for bouts in (first, second)]
    _require_exclusive(ordered)
    found: list[Disagreement] = []
    for edges in (_edges(ordered, span) for span in merged(scored_s)):
        names = zip(*(_behaviours(bouts, edges) for bouts in ordered), strict=True)
        for (start, stop), (one, two) in zip(pairwise(edges), names, strict=True):
            if found and found[-1].stop_s == start and (found[-1].first, found[-1].second) == (one, two):
                found[-1] = replace(found[-1], stop_s=stop)
            else:
                found.append(Disagreement(start_s=start, stop_s=stop, first=one, second=two))
    return found


def _edges(scorings: Sequence[Bouts], span: Span) -> list[float]:
    """Return where a behaviour may change within a stretch, its own edges first and last."""
    start, stop = span
    every = sorted(edge for bouts in scorings for bout in bouts for edge in (bout.start_s, bout.stop_s))
    edges = [start]
    for edge in every:
        if edge - edges[-1] > SAME_S and stop - edge > SAME_S:
            edges.append(float(edge))
    return [*edges, stop]


def _behaviours(ordered: Bouts, edges: Sequence[float]) -> Iterator[str]:
    """Yield the behaviour in the middle of each stretch between edges."""
    starts = [bout.start_s for bout in ordered]
    for start, stop in pairwise(edges):
        middle = 0.5 * (start + stop)
        index = bisect_right(starts, middle) - 1
        yield ordered[index].behaviour if index >= 0 and middle < ordered[index].stop_s else NONE


def _require_exclusive(scorings: Sequence[Bouts]) -> None:
    complaints = [
        Complaint(
            expected="one behaviour at a time",
            found=f"{one.behaviour} until {one.stop_s:g} s and {two.behaviour} from {two.start_s:g} s on",
            do="compare bouts of one ethogram, of one scoring each",
            where=f"{which} scoring",
        )
        for which, bouts in zip(("first", "second"), scorings, strict=True)
        for one, two in pairwise(bouts)
        if one.stop_s - two.start_s > SAME_S
    ]
    if complaints:
        raise DataError.of(complaints)


def _matched(open_ones: Sequence[Disagreement], choices: Sequence[Choice]) -> dict[Disagreement, str]:
    """Return the behaviour chosen for each disagreement."""
    fitting = {one: [choice for choice in choices if is_for(choice, one)] for one in open_ones}
    used = {choice for found in fitting.values() for choice in found}
    complaints = [_without_choice(one) for one, found in fitting.items() if not found]
    complaints += [_without_disagreement(choice) for choice in choices if choice not in used]
    if complaints:
        raise DataError.of(complaints)
    return {one: found[-1].behaviour for one, found in fitting.items()}


def is_for(choice: Choice, one: Disagreement) -> bool:
    """Whether a choice is meant for a disagreement."""
    return abs(choice.start_s - one.start_s) <= _MATCH_S and abs(choice.stop_s - one.stop_s) <= _MATCH_S


def _without_choice(one: Disagreement) -> Complaint:
    first, second = one.first or "none", one.second or "none"
    return Complaint(
        expected="a choice for every disagreement",
        found=f"none for {one.start_s:.3f} to {one.stop_s:.3f} s (first: {first}; second: {second})",
        do="choose what the animal does there",
    )


def _without_disagreement(choice: Choice) -> Complaint:
    return Complaint(
        expected="choices for disagreements that there are",
        found=f"{choice.behaviour or 'none'} for {choice.start_s:.3f} to {choice.stop_s:.3f} s",
        do="take this choice out; the scorings have changed since, or agree there",
    )


def _cut_edges(bouts: Bouts, scored_s: Sequence[Span]) -> set[float]:
    """Return the outer edges of the scored time at which a bout was cut."""
    outer = {scored_s[0][0], scored_s[-1][1]} if scored_s else set()
    cut = [edge for bout in bouts if bout.cut for edge in (bout.start_s, bout.stop_s)]
    return {edge for edge in outer if any(abs(edge - other) <= SAME_S for other in cut)}


def _joined(pieces: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Join neighbours of the same behaviour."""
    joined: list[tuple[float, float, str]] = []
    for start, stop, name in pieces:
        if joined and joined[-1][1:] == (start, name):
            joined[-1] = (joined[-1][0], stop, name)
        else:
            joined.append((start, stop, name))
    return joined
