"""Swim result: what a forced-swim trial gave, and its numbers as readings, missing ones with their reason."""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.bout import DetectedBout
from littermate.model.measurement import Reading

__all__ = ["ActiveBehaviour", "ForcedSwim", "TimeBin", "readings"]

_SAME_S = 1e-6

_Row = tuple[str, float | None, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBin:
    """Immobile and scorable time in one stretch ``[start_s, stop_s)`` of the window."""

    start_s: float
    stop_s: float
    immobility_s: float
    scorable_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveBehaviour:
    """Swimming or climbing in the window; `None` where nothing could be scored.

    Latency runs from t0 to the first bout of the trial, as that of immobility does.
    """

    behaviour: str
    total_s: float | None
    percent: float | None
    latency_s: float | None
    latency_censored: bool
    latency_after_missing_s: float
    bouts: tuple[DetectedBout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedSwim:
    """What a forced-swim trial gave. Times are seconds on the trial clock.

    Parameters
    ----------
    window_s
        The scored part.
    scorable_s, missing_s
        Time in the window that could be scored, and the rest of it.
    immobility_s, immobility_percent
        Total, and as a part of the scorable time; `None` where nothing could be scored (`reason` says why).
    latency_s, latency_censored
        From t0 to the first bout; the window's end, with the flag, where there was none. `None` as above.
    latency_from_window_s, latency_from_window_censored
        The same from the window's start.
    latency_after_missing_s
        Missing time before the first bout: the latency may be shorter by up to this.
    bouts
        Immobile bouts, cut to the window.
    bout_count, mean_bout_s, longest_bout_s
        Of `bouts`; the two lengths are `None` without a bout.
    bins
        The window in bins of 60 s (or as the rules say).
    animal_found
        Whether there was an animal.
    cut_short
        Whether the recording ended before the window; the percentage is of what there is.
    reason
        Why nothing could be scored; empty otherwise.
    active
        Swimming and climbing, where three-way scoring was asked for.
    """

    window_s: tuple[float, float]
    scorable_s: float
    missing_s: float
    immobility_s: float | None
    immobility_percent: float | None
    latency_s: float | None
    latency_censored: bool
    latency_from_window_s: float | None
    latency_from_window_censored: bool
    latency_after_missing_s: float
    bouts: tuple[DetectedBout, ...]
    bout_count: int | None
    mean_bout_s: float | None
    longest_bout_s: float | None
    bins: tuple[TimeBin, ...]
    animal_found: bool
    cut_short: bool
    reason: str = ""
    active: tuple[ActiveBehaviour, ...] = ()


def readings(result: ForcedSwim) -> tuple[Reading, ...]:
    """Return the numbers of a trial as readings, missing ones with their reason.

    Their measures: ``immobility_s``, ``immobility_percent``, ``latency_s``, ``latency_from_window_s``,
    ``bout_count``, ``mean_bout_s``, ``longest_bout_s``, ``scorable_s``, ``missing_s``; with three-way scoring also
    ``swimming_s``, ``swimming_percent``, ``swimming_latency_s``, ``swimming_bouts`` and the same of climbing.
    """
    short = ("cut short",) if result.cut_short else ()
    some_missing = ("missing time",) if result.missing_s > _SAME_S else ()
    general = (*short, *some_missing)
    late = ("missing time before",) if result.latency_after_missing_s > _SAME_S else ()
    no_bout = result.reason or "no immobile bout"
    rows: tuple[_Row, ...] = (
        ("immobility_s", result.immobility_s, "s", result.reason, general),
        ("immobility_percent", result.immobility_percent, "%", result.reason, general),
        ("latency_s", result.latency_s, "s", result.reason, (*_censored(result.latency_censored), *late)),
        (
            "latency_from_window_s",
            result.latency_from_window_s,
            "s",
            result.reason,
            _censored(result.latency_from_window_censored),
        ),
        ("bout_count", result.bout_count, "", result.reason, general),
        ("mean_bout_s", result.mean_bout_s, "s", no_bout, general),
        ("longest_bout_s", result.longest_bout_s, "s", no_bout, general),
        ("scorable_s", result.scorable_s, "s", "", short),
        ("missing_s", result.missing_s, "s", "", short),
    )
    rows += tuple(row for active in result.active for row in _active_rows(active, result.reason, general))
    return tuple(
        Reading(measure=name, value=value, unit=unit, reason="" if value is not None else why, flags=flags)
        for name, value, unit, why, flags in rows
    )


def _active_rows(active: ActiveBehaviour, why: str, general: tuple[str, ...]) -> tuple[_Row, ...]:
    late = ("missing time before",) if active.latency_after_missing_s > _SAME_S else ()
    name, count = active.behaviour, None if why else float(len(active.bouts))
    return (
        (f"{name}_s", active.total_s, "s", why, general),
        (f"{name}_percent", active.percent, "%", why, general),
        (f"{name}_latency_s", active.latency_s, "s", why, (*_censored(active.latency_censored), *late)),
        (f"{name}_bouts", count, "", why, general),
    )


def _censored(censored: bool) -> tuple[str, ...]:
    return ("censored",) if censored else ()
