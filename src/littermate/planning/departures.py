"""Departures: the log of what was given beside the injection sheet: what was missed, late, or not as it should be.

A volume is as planned within 5 % or one mark of the syringe, whichever is more; a time within what the step allows. An
injection is judged by the weight that counts for its day, also where that weight was written down later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from littermate.model.administration import UNPLANNED, Administration
from littermate.model.deviation import Deviation
from littermate.model.injection import Injection
from littermate.model.species import VolumeLimit

__all__ = ["VOLUME_TOLERANCE", "find_deviations"]

VOLUME_TOLERANCE = 0.05


def find_deviations(
    injections: Sequence[Injection],
    administrations: Iterable[Administration],
    *,
    now: datetime | None,
    limits: Mapping[str, VolumeLimit] | None = None,
    gone: Collection[str] = (),
) -> tuple[Deviation, ...]:
    """Compare the log with the sheet.

    Parameters
    ----------
    injections
        The sheet, by time.
    administrations
        The log; of one animal and injection the last counts.
    now
        An injection whose time (and what it allows) is before this and that is not in the log is a deviation. `None`
        once the data are locked: then every one that is not in the log is.
    limits
        Route as it stands on the sheet -> the most that should be given by it.
    gone
        Animals left out of the study: nothing more is expected of them.

    Returns
    -------
    tuple of Deviation
        In the order of the sheet; injections that are not on it come last.
    """
    standing = {one.place: one for one in administrations}
    owners = {one.vial: one.animal for one in injections}
    found: list[Deviation] = []
    for planned in injections:
        given = standing.get((planned.animal, planned.number, ""))
        if given is None:
            found += _unlogged(planned, now) if planned.animal not in gone else ()
        elif not given.given:
            found.append(_deviation(planned, "missed", given.note or "not given"))
        else:
            found += _of_given(planned, given, owners, (limits or {}).get(planned.route))
    return (*found, *_unplanned(standing.values()))


def _unlogged(planned: Injection, now: datetime | None) -> Iterator[Deviation]:
    due = planned.due
    overdue = now is None or (due is not None and due + timedelta(seconds=planned.within_s) < now)
    if planned.by_syringe and overdue:
        words = f"due {due:%Y-%m-%d %H:%M}, and not in the log" if due else "not in the log"
        yield _deviation(planned, "not logged", words)


def _of_given(
    planned: Injection, given: Administration, owners: Mapping[str, str], limit: VolumeLimit | None
) -> Iterator[Deviation]:
    yield from _vial(planned, given, owners)
    yield from _volume(planned, given, limit)
    yield from _time(planned, given)
    if planned.side and given.side and given.side != planned.side:
        yield _deviation(planned, "wrong side", f"{given.side} instead of {planned.side}")


def _vial(planned: Injection, given: Administration, owners: Mapping[str, str]) -> Iterator[Deviation]:
    if given.vial == planned.vial:
        return
    owner = owners.get(given.vial, "nobody")
    if owner == planned.animal:
        yield _deviation(planned, "wrong vial", f"{given.vial}, its vial of another time, instead of {planned.vial}")
    else:
        words = f"{given.vial}, the vial of {owner}, instead of {planned.vial}"
        yield _deviation(planned, "vial of another animal", words)


def _volume(planned: Injection, given: Administration, limit: VolumeLimit | None) -> Iterator[Deviation]:
    volume_ml = given.volume_ml or 0.0
    if planned.volume_ml is not None:
        off_ml = volume_ml - planned.volume_ml
        if abs(off_ml) > max(VOLUME_TOLERANCE * planned.volume_ml, planned.mark_ml) + 1e-9:
            share = f"{off_ml / planned.volume_ml:+.0%}"
            yield _deviation(planned, "wrong volume", f"{volume_ml:g} mL instead of {planned.volume_ml:g} mL ({share})")
    if limit is not None and planned.weighing is not None:
        kg = planned.weighing.weight_g / 1000
        if volume_ml > limit.ml_per_kg * kg + planned.mark_ml:
            words = f"{volume_ml:g} mL is {volume_ml / kg:.1f} mL/kg {planned.route}; limit {limit.ml_per_kg:g} mL/kg"
            yield _deviation(planned, "over the limit", f"{words} ({limit.source})")


def _time(planned: Injection, given: Administration) -> Iterator[Deviation]:
    if planned.due is None or given.at is None:
        return
    off_s = (given.at - planned.due).total_seconds()
    if abs(off_s) > planned.within_s:
        kind = "late" if off_s > 0 else "early"
        words = f"by {_length(abs(off_s))}, {given.at:%Y-%m-%d %H:%M} instead of {planned.due:%Y-%m-%d %H:%M}"
        yield _deviation(planned, kind, words)


def _length(seconds: float) -> str:
    """Write a length of time.

    Examples
    --------
    >>> _length(5400), _length(90000)
    ('1 h 30 min', '25 h 0 min')
    """
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min"


def _unplanned(administrations: Iterable[Administration]) -> Iterator[Deviation]:
    for one in administrations:
        if one.injection == UNPLANNED and one.given:
            when = f" on {one.at:%Y-%m-%d %H:%M}" if one.at else ""
            words = f"{one.volume_ml:g} mL of vial {one.vial}{when}, not on the sheet"
            yield Deviation(kind="unplanned", animal=one.animal, injection=UNPLANNED, day=None, words=words)


def _deviation(planned: Injection, kind: str, words: str) -> Deviation:
    return Deviation(kind=kind, animal=planned.animal, injection=planned.number, day=planned.day, words=words)
