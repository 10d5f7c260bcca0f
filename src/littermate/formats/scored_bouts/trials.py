"""Trials: a person's rows put together, one trial a recording (and animal), on the trial clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from littermate.errors import Complaint, TableError, UsageError
from littermate.model.bout import ScoredBout
from littermate.model.scored_trial import ScoredTrial

__all__ = ["Entry", "TableClock", "gather_trials"]

_SAME_S = 1e-6

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableClock:
    """What a table's times mean, where the table does not say it.

    Parameters
    ----------
    zero
        ``"recording"``: times count from the recording's first frame, as a player shows them; ``"trial"``: from t0.
    t0_s
        When the trial starts in the recording, for rows without a t0 of their own.
    scored_s
        The scored stretch *on the trial clock*, for rows that name none.
    """

    zero: str = "recording"
    t0_s: float = 0.0
    scored_s: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.zero not in ("recording", "trial") or not 0 <= self.t0_s < float("inf"):
            raise UsageError(
                expected="a clock that starts with the 'recording' or with the 'trial', and t0 at 0 s or later",
                found=f"{self.zero!r} and {self.t0_s:g} s",
                do="correct them",
            )
        if self.scored_s is not None and not 0 <= self.scored_s[0] < self.scored_s[1]:
            raise UsageError(
                expected="a scored stretch 'start,stop' in seconds after t0",
                found=f"{self.scored_s[0]:g} to {self.scored_s[1]:g}",
                do="give start before stop",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as it stands in a table: perhaps a bout, perhaps only that a stretch was scored."""

    where: str
    video: str
    animal: str
    scorer: str = ""
    behaviour: str = ""
    bout_s: tuple[float, float] | None = None
    t0_s: float | None = None
    scored_s: tuple[float, float] | None = None
    arena_px: Box | None = None


def gather_trials(entries: Iterable[Entry], clock: TableClock, where: str) -> tuple[ScoredTrial, ...]:
    """Put rows together, in the order in which trials first occur.

    Raises
    ------
    TableError
        If there is nothing; or with every row, or pair of rows, that cannot be meant.
    """
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.video, entry.animal), []).append(entry)
    if not groups:
        raise TableError(expected="scored bouts", found="no row", do="give one row a bout", where=where)
    complaints = [fault for group in groups.values() for fault in _faults(group, clock)]
    complaints += _shared_pictures(groups)
    if complaints:
        raise TableError.of(complaints)
    return tuple(_trial(group, clock) for group in groups.values())


def _trial(group: Sequence[Entry], clock: TableClock) -> ScoredTrial:
    first = group[0]
    t0_s = _t0(first, clock)
    return ScoredTrial(
        video=first.video,
        animal=first.animal,
        scorer=first.scorer,
        t0_s=t0_s,
        scored_s=_stretches(group, clock),
        bouts=tuple(
            ScoredBout(behaviour=entry.behaviour, start_s=start, stop_s=stop, scorer=entry.scorer)
            for start, stop, entry in _bouts(group, clock)
        ),
        arena_px=first.arena_px,
    )


def _t0(entry: Entry, clock: TableClock) -> float:
    return clock.t0_s if entry.t0_s is None else entry.t0_s


def _shift(entry: Entry, clock: TableClock) -> float:
    """Return what is taken off the table's times to come to the trial clock."""
    return _t0(entry, clock) if clock.zero == "recording" else 0.0


def _stretches(group: Sequence[Entry], clock: TableClock) -> tuple[tuple[float, float], ...]:
    named = {
        (entry.scored_s[0] - _shift(entry, clock), entry.scored_s[1] - _shift(entry, clock))
        for entry in group
        if entry.scored_s is not None
    }
    return tuple(sorted(named)) or (() if clock.scored_s is None else (clock.scored_s,))


def _bouts(group: Sequence[Entry], clock: TableClock) -> list[tuple[float, float, Entry]]:
    found = [
        (entry.bout_s[0] - _shift(entry, clock), entry.bout_s[1] - _shift(entry, clock), entry)
        for entry in group
        if entry.bout_s is not None
    ]
    return sorted(found, key=lambda one: one[:2])


def _faults(group: Sequence[Entry], clock: TableClock) -> list[Complaint]:
    return [*_unlike(group), *_unscored(group, clock), *_overlapping(group, clock)]


def _unlike(group: Sequence[Entry]) -> list[Complaint]:
    """Complain of a trial whose rows do not agree on what holds for all of it."""
    first = group[0]
    faults = []
    for what, said in (
        ("scorer", {entry.scorer for entry in group}),
        ("t0_s", {entry.t0_s for entry in group}),
        ("arena", {entry.arena_px for entry in group}),
    ):
        if len(said) > 1:
            found = ", ".join(sorted("none" if one in (None, "") else str(one) for one in said))
            do = "give each trial once, the same in each of its rows"
            faults.append(Complaint(expected=f"one {what} for {first.video}", found=found, do=do, where=first.where))
    return faults


def _unscored(group: Sequence[Entry], clock: TableClock) -> list[Complaint]:
    first, stretches = group[0], _stretches(group, clock)
    if not stretches:
        return [
            Complaint(
                expected=f"what was scored of {first.video}: columns scored_from_s and scored_to_s, or --scored",
                found="neither; time that nobody scored would count as mobile",
                do="say which stretch was scored",
                where=first.where,
            )
        ]
    shared = any(late < stop - _SAME_S for (_, stop), (late, _) in itertools.pairwise(stretches))
    if stretches[0][0] < -_SAME_S or shared:
        found = ", ".join(f"{start:g} to {stop:g} s" for start, stop in stretches)
        return [
            Complaint(
                expected=f"scored stretches of {first.video} from t0 on that do not overlap",
                found=f"{found} after t0",
                do="correct them, or t0, or the clock",
                where=first.where,
            )
        ]
    return []


def _overlapping(group: Sequence[Entry], clock: TableClock) -> list[Complaint]:
    bouts = _bouts(group, clock)
    return [
        Complaint(
            expected="one behaviour at a time",
            found=f"{one.behaviour} until {stop:g} s and {two.behaviour} from {start:g} s on",
            do="correct one of the two",
            where=two.where,
        )
        for (_, stop, one), (start, _, two) in itertools.pairwise(bouts)
        if start < stop - _SAME_S
    ]


def _shared_pictures(groups: dict[tuple[str, str], list[Entry]]) -> list[Complaint]:
    """Complain of recordings with several animals of which not each has its own box."""
    boxes: dict[str, list[Box | None]] = {}
    for (video, _), group in groups.items():
        boxes.setdefault(video, []).append(group[0].arena_px)
    return [
        Complaint(
            expected=f"the place of each of the {len(found)} animals of {video}: a column arena, x y w h in px",
            found="none, or the same twice",
            do="add it; or correct the animal, if there is only one",
            where=video,
        )
        for video, found in boxes.items()
        if len(found) > 1 and (None in found or len(set(found)) < len(found))
    ]
