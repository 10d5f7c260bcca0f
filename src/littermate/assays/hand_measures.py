"""Hand measures: the numbers of a trial that a person scored, under the names that scoring from video gives them.

A person's bouts are taken as scored: no gap is closed and no short bout dropped, unlike those of `forced_swim`. The
other conventions are those of `littermate.assays.hand_states`, which puts hand scoring together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from littermate.assays.spans import SAME_S, Span, common, length_s, merged
from littermate.assays.state_changes import MISSING, require_window
from littermate.errors import Complaint, DataError, UsageError
from littermate.model.bout import ScoredBout
from littermate.model.measurement import Reading

__all__ = ["hand_readings"]

IMMOBILE = "immobile"

_NOTHING = "no time in the window could be scored"
_Row = tuple[str, float | None, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One behaviour in the window; latencies with their flags."""

    total_s: float
    lengths: tuple[float, ...]
    latency_s: float
    latency_flags: tuple[str, ...]
    from_window_s: float
    from_window_flags: tuple[str, ...]


def hand_readings(
    bouts: Sequence[ScoredBout], seen_s: Sequence[Span], window_s: Span, behaviours: Sequence[str]
) -> tuple[Reading, ...]:
    """Return the numbers of a trial scored by hand as readings, missing ones with their reason.

    For each behaviour, here climbing: ``climbing_s``, ``climbing_percent`` (of the time seen in the window),
    ``climbing_latency_s``, ``climbing_bouts``, ``climbing_mean_bout_s``, ``climbing_longest_bout_s``. For ``immobile``
    the names of `forced_swim`: ``immobility_s``, ``immobility_percent``, ``latency_s``, ``latency_from_window_s``,
    ``bout_count``, ``mean_bout_s``, ``longest_bout_s``. Once for all: ``scorable_s`` and ``missing_s``.

    Parameters
    ----------
    bouts
        As scored. Those before the window count for the latency alone; so score from t0 on where it matters.
    seen_s
        Stretches in which the animal could be seen; time outside belongs to no behaviour.
    window_s
        What is counted, ``[start, stop)`` on the trial clock.
    behaviours
        All of the ethogram, in the order in which readings are wanted.

    Raises
    ------
    UsageError
        If the window does not end after it starts or starts before t0, or if two behaviours would share a measure.
    DataError
        If there is a bout of another behaviour.

    Notes
    -----
    Latency runs from t0 to the first bout that was seen; never by the window's end is censored there. Where time before
    it was not seen, the flag is ``"missing time before"``: it may be shorter by up to that time. Time not seen in the
    window lowers the denominator, and gives totals and bouts the flag ``"missing time"``.

    Examples
    --------
    >>> bout = ScoredBout(behaviour="immobile", start_s=4.0, stop_s=7.0, scorer="AB")
    >>> numbers = hand_readings([bout], [(0.0, 6.0)], (0.0, 10.0), ["immobile"])
    >>> [(one.measure, round(one.value, 1)) for one in numbers[:3]], numbers[0].flags
    ([('immobility_s', 2.0), ('immobility_percent', 33.3), ('latency_s', 4.0)], ('missing time',))
    """
    _require(bouts, window_s, behaviours)
    seen = common(merged(seen_s), [(0.0, float(window_s[1]))])
    counted = common(seen, [window_s])
    scorable_s, whole_s = length_s(counted), float(window_s[1] - window_s[0])
    missing_s = whole_s - scorable_s if whole_s - scorable_s > SAME_S else 0.0
    general = ("missing time",) if missing_s else ()
    rows: list[_Row] = []
    for behaviour in behaviours:
        found = _found([bout for bout in bouts if bout.behaviour == behaviour], seen, window_s) if counted else None
        rows += _rows(behaviour, found, scorable_s, general)
    rows += [("scorable_s", scorable_s, "s", "", ()), ("missing_s", missing_s, "s", "", ())]
    _require_own_names([row[0] for row in rows])
    return tuple(
        Reading(measure=name, value=value, unit=unit, reason="" if value is not None else why, flags=flags)
        for name, value, unit, why, flags in rows
    )


def _found(bouts: Sequence[ScoredBout], seen: Sequence[Span], window_s: Span) -> _Found:
    """Total one behaviour's bouts, cut to what was seen."""
    start, stop = (float(edge) for edge in window_s)
    whole = common([(bout.start_s, bout.stop_s) for bout in bouts], seen)
    inside = common(whole, [window_s])
    latency = whole[0][0] if whole else stop
    unseen_s = latency - length_s(common(seen, [(0.0, latency)]))
    return _Found(
        total_s=length_s(inside),
        lengths=tuple(end - begin for begin, end in inside),
        latency_s=latency,
        latency_flags=(*_censored(not whole), *(("missing time before",) if unseen_s > SAME_S else ())),
        from_window_s=inside[0][0] - start if inside else stop - start,
        from_window_flags=_censored(not inside),
    )


def _rows(behaviour: str, found: _Found | None, scorable_s: float, general: tuple[str, ...]) -> Iterator[_Row]:
    """Yield measure, value, unit, reason and flags of one behaviour."""
    names = _names(behaviour)
    if found is None:
        for name in names.values():
            yield name, None, _unit(name), _NOTHING, general if "latency" not in name else ()
        return
    lengths, no_bout = found.lengths, f"no {behaviour} bout"
    yield names["total"], found.total_s, "s", "", general
    yield names["percent"], min(100.0, 100.0 * found.total_s / scorable_s), "%", "", general
    yield names["latency"], found.latency_s, "s", "", found.latency_flags
    if "from_window" in names:
        yield names["from_window"], found.from_window_s, "s", "", found.from_window_flags
    yield names["bouts"], float(len(lengths)), "", "", general
    yield names["mean"], sum(lengths) / len(lengths) if lengths else None, "s", no_bout, general
    yield names["longest"], max(lengths, default=None), "s", no_bout, general


def _names(behaviour: str) -> dict[str, str]:
    """Return what the measures of a behaviour are called; immobility has the names of `forced_swim`."""
    if behaviour == IMMOBILE:
        return {
            "total": "immobility_s",
            "percent": "immobility_percent",
            "latency": "latency_s",
            "from_window": "latency_from_window_s",
            "bouts": "bout_count",
            "mean": "mean_bout_s",
            "longest": "longest_bout_s",
        }
    word = "_".join(re.findall(r"\w+", behaviour.lower()))
    return {
        "total": f"{word}_s",
        "percent": f"{word}_percent",
        "latency": f"{word}_latency_s",
        "bouts": f"{word}_bouts",
        "mean": f"{word}_mean_bout_s",
        "longest": f"{word}_longest_bout_s",
    }


def _unit(measure: str) -> str:
    return "%" if measure.endswith("_percent") else "s" if measure.endswith("_s") else ""


def _censored(censored: bool) -> tuple[str, ...]:
    return ("censored",) if censored else ()


def _require(bouts: Sequence[ScoredBout], window_s: Span, behaviours: Sequence[str]) -> None:
    require_window(window_s)
    if window_s[0] < 0:
        raise UsageError(expected="a window from t0 on", found=f"a start at {window_s[0]:g} s", do="correct the window")
    wordless = [name for name in behaviours if name == MISSING or not re.search(r"\w", name)]
    if wordless:
        raise UsageError(expected="behaviours with a name of their own", found=f"{wordless}", do="leave them out")
    unknown = [name for name in dict.fromkeys(bout.behaviour for bout in bouts) if name not in behaviours]
    if unknown:
        raise DataError.of(
            Complaint(
                expected=f"behaviours of the ethogram: {', '.join(behaviours)}",
                found=f"bouts of {name!r}",
                do="name it as the ethogram does, or add it there",
            )
            for name in unknown
        )


def _require_own_names(measures: Sequence[str]) -> None:
    shared = sorted({name for name in measures if measures.count(name) > 1})
    if shared:
        raise UsageError(
            expected="behaviours whose measures have names of their own",
            found=f"two of {', '.join(shared)}",
            do="rename one of the behaviours",
        )
