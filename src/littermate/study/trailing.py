"""Trailing: the way back from every value: its sources, the journal entries that touched it, what it was before.

An entry touches a value where it, or a row that it wrote, names the value's trial, clip or file, or is about its animal
(a weight, an injection, an exclusion; not another file that the animal is in). Where it names outcomes, the value's is
one of them; an entry that names no animal but outcomes (a fit) touches all of their values. The lock and the unblinding
touch every value. Key presses are many and are left to the pages of hand scores.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from littermate.model.journal import Entry
from littermate.model.key_press import PRESS_KEY
from littermate.model.measurement import Measurement, Source
from littermate.report.trail import Replaced, Trail, TrailSource
from littermate.study.blot_sources import blot_sources
from littermate.study.plate_sources import plate_sources
from littermate.study.record import StudyRecord
from littermate.study.trial_sources import Traces, trial_id, trial_sources

__all__ = ["trails_of"]

Written = Mapping[int, list[tuple[str, dict[str, Any]]]]
Sources = dict[tuple[str, ...], list[TrailSource]]

_OF_ALL = ("lock", "unblind")
_OF_ANIMALS = ("tag", "weighing", "administration", "exclusion", "allocation")
_OF_FILES = ("id", "trial", "clip", "sha256")


def trails_of(study: StudyRecord, traces: Traces) -> tuple[tuple[Trail, ...], tuple[TrailSource, ...]]:
    """Return the trail of every value, and the sources that trails name."""
    newest = {(one.outcome, one.code): one for one in study.measurements}
    sources = _sources(study, traces, newest)
    written = study.database.rows_written()
    journal = _Journal(study, written)
    before = _history(written)
    found = _Sources(study, sources)
    trails = tuple(
        Trail(
            outcome=one.outcome,
            code=one.code,
            sources=tuple(dict.fromkeys(source.id for source in found.of(one))),
            entries=journal.touching(one, before.get((one.outcome, one.code), ())),
            earlier=tuple(before.get((one.outcome, one.code), ())[:-1]),
        )
        for one in newest.values()
    )
    every = {source.id: source for group in sources.values() for source in group}
    return trails, tuple(every.values())


def _sources(study: StudyRecord, traces: Traces, newest: Mapping[tuple[str, str], Measurement]) -> Sources:
    sources: Sources = {}
    for source in trial_sources(study, traces):
        sources.setdefault((source.id,), []).append(source)
    for key, source in (*blot_sources(study, newest), *plate_sources(study, newest)):
        sources.setdefault(key, []).append(source)
    return sources


class _Sources:
    """Finds the sources of a measurement."""

    def __init__(self, study: StudyRecord, sources: Sources) -> None:
        self._sources = sources
        self._outcomes = {one.name: one for one in study.protocol.outcomes}
        self._trials = {(one.sha256, one.code): trial_id(one.id) for one in study.trials}
        self._proteins: dict[str, list[str]] = {}
        for file in study.database.plate_files():
            if file.kind == "bca":
                self._proteins.setdefault(file.region, []).append(file.sha256)

    def of(self, measurement: Measurement) -> list[TrailSource]:
        """Return them; none where the outcome or the file is not of the study any more."""
        source, code = measurement.source, measurement.code
        outcome = self._outcomes.get(measurement.outcome)
        if source.kind == "recording":
            trial = trial_id(_trial_of(measurement))
            return self._sources.get((trial,)) or self._sources.get((self._trials.get((source.sha256, code), ""),), [])
        if source.kind == "plate":
            per_protein = outcome is not None and outcome.measure.endswith("_protein")
            others = self._proteins.get(outcome.region, []) if outcome and per_protein else []
            return [one for sha256 in (source.sha256, *others) for one in self._sources.get((sha256, code), [])]
        return [] if outcome is None else self._sources.get((outcome.region, outcome.measure, code), [])


def _trial_of(measurement: Measurement) -> str:
    """Return the id of the trial that a place begins with: ``"trial PKFXJHGQ, t0 = 0.0 s; ..."``."""
    return measurement.source.place.partition(",")[0].removeprefix("trial ")


def _history(written: Written) -> dict[tuple[str, str], list[Replaced]]:
    """Return every measurement there ever was of each value, the oldest first."""
    history: dict[tuple[str, str], list[Replaced]] = {}
    for number in sorted(written):
        for table, row in written[number]:
            if table == "measurement":
                one = _measurement(row)
                history.setdefault((one.outcome, one.code), []).append(Replaced(measurement=one, entry=number))
    return history


def _measurement(row: Mapping[str, Any]) -> Measurement:
    source = Source(kind=row["source_kind"], sha256=row["source_sha256"], place=row["source_place"])
    own = {name: row[name] for name in ("outcome", "code", "value", "unit", "rules_hash", "reason", "block")}
    return Measurement(**own, source=source, flags=tuple(json.loads(row["flags"])))


class _Journal:
    """Which entries name what."""

    def __init__(self, study: StudyRecord, written: Written) -> None:
        self._outcomes = {one.name for one in study.protocol.outcomes}
        self._animals = {tag.code: tag.animal for tag in study.tags}
        self._clips: dict[str, list[str]] = {}
        for clip in study.database.clips():
            self._clips.setdefault(clip.trial, []).append(clip.id)
        self._of_all: set[int] = set()
        self._naming: dict[str, set[int]] = {}
        self._about: dict[int, set[str]] = {}
        for entry in study.database.entries(but=PRESS_KEY):
            self._read(entry, written.get(entry.number, []))

    def _read(self, entry: Entry, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
        if entry.what in _OF_ALL:
            self._of_all.add(entry.number)
        names = set(_strings(json.loads(entry.arguments)))
        for table, row in rows:
            told = row if table in _OF_ANIMALS else {name: row[name] for name in _OF_FILES if name in row}
            names.update(_strings(told))
        self._about[entry.number] = names & self._outcomes
        animals = {*self._animals, *self._animals.values()}
        for name in names if not names & animals else names - self._outcomes:
            self._naming.setdefault(name, set()).add(entry.number)

    def touching(self, measurement: Measurement, history: Iterable[Replaced]) -> tuple[int, ...]:
        """Return the numbers of the entries that touched a value, in order."""
        found = set(self._of_all) | {one.entry for one in history}
        for name in filter(None, self._names(measurement)):
            found |= self._naming.get(name, set())
        outcome = measurement.outcome
        return tuple(sorted(n for n in found if not self._about[n] or outcome in self._about[n]))

    def _names(self, measurement: Measurement) -> Iterator[str]:
        """Give every name under which a value's origin goes in the journal, its outcome's with them."""
        yield from (measurement.code, self._animals.get(measurement.code, ""), measurement.outcome)
        yield measurement.source.sha256
        if measurement.source.kind == "recording":
            trial = _trial_of(measurement)
            yield from (trial, *self._clips.get(trial, ()))


def _strings(thing: Any) -> Iterator[str]:
    """Give every text in a thing as JSON has it; text that is JSON itself (lists in a row) is looked into."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield from key.split()
            yield from _strings(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _strings(value)
    elif isinstance(thing, str):
        yield thing
        if thing.startswith(("[", "{")):
            with contextlib.suppress(ValueError):  # words that only begin like JSON
                yield from _strings(json.loads(thing))
