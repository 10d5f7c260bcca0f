"""Facts: all that the checks may know of a study, as one frozen record.

Whoever collects them (`study`) leaves a field empty where there is nothing yet, and a check that needs it is silent.
`cells` is the key's half and is given only after unblinding, so that no check can tell a group before.

Words the checks rely on
------------------------
Flags of a value: ``"saturated"`` (a band's top is a plateau), ``"out of range"``, ``"below range"`` or ``"above
range"`` (outside the standard curve), ``"outside the linear range"`` (of a dilution series), ``"replicates differ"``
(lanes of one animal), ``"cut short"`` (a trial that ended before its window), ``"corrected by a person"`` and
``"placed by a person"`` (bouts, the box of a band).

The first word of a journal entry's `what`: ``"unblind"``; ``"exclude"``; and for scoring ``"score"``, ``"quantify"``,
``"read"``, ``"measure"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from littermate.model.administration import Administration
from littermate.model.allocation import Tag
from littermate.model.analysis import Analysis
from littermate.model.animal import Animal
from littermate.model.design import Cell
from littermate.model.deviation import Deviation
from littermate.model.injection import Injection
from littermate.model.journal import Entry
from littermate.model.measurement import Measurement, Reading
from littermate.model.outcome import Exclusion
from littermate.model.power import EffectPower
from littermate.model.protocol import Protocol
from littermate.model.recording import Recording
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing

__all__ = ["ControlVolume", "HandScored", "Number", "Repeats", "ScoredClip", "StudyFacts", "listed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A measurement or a reading, as far as a check cares: what it is of, its measure, value and flags."""

    about: str
    measure: str
    value: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandScored:
    """An assay with a person's outcome: how many trials there are, were scored by one or more, by two or more."""

    assay: str
    trials: int
    once: int
    twice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How far a scorer's repeats of `trials` trials differ: the coefficient of repeatability, points of % time."""

    assay: str
    scorer: str
    behaviour: str
    trials: int
    coefficient: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredClip:
    """One trial that counts as one person scored it: the animal, and the trial's place in this scorer's order."""

    assay: str
    scorer: str
    code: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlVolume:
    """The volume of one lane's loading control (`name`) on one membrane."""

    region: str
    name: str
    membrane: str
    code: str
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """A study as the checks see it.

    Parameters
    ----------
    protocol, animals, tags, trials, recordings, measurements, exclusions, entries
        What the study holds; `entries` are those of the journal in order, `recordings` are known by their SHA-256.
    readings
        Numbers beside the outcomes, as pairs (what it is of, reading): recoveries, protein, control bands.
    hand_scored, repeats, scored_clips
        Of the assays with an outcome that a person scores.
    controls
        The loading control of every lane of an animal.
    injections, administrations, deviations, weighings
        The injection sheet, the log of what was given, how it differs from the sheet, and the animals' weights.
    protocol_sha256
        Hash of study.toml as it is now; empty where it is not known.
    unblinded
        Whether the codes have been joined with the allocation.
    cells
        Pairs (code, cell), only after unblinding.
    analyses, detectable
        What was analysed, and the smallest effects that the design finds; only after unblinding.
    """

    protocol: Protocol
    animals: tuple[Animal, ...] = ()
    tags: tuple[Tag, ...] = ()
    trials: tuple[Trial, ...] = ()
    recordings: tuple[Recording, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    readings: tuple[tuple[str, Reading], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    entries: tuple[Entry, ...] = ()
    hand_scored: tuple[HandScored, ...] = ()
    repeats: tuple[Repeats, ...] = ()
    scored_clips: tuple[ScoredClip, ...] = ()
    controls: tuple[ControlVolume, ...] = ()
    injections: tuple[Injection, ...] = ()
    administrations: tuple[Administration, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    weighings: tuple[Weighing, ...] = ()
    protocol_sha256: str = ""
    unblinded: bool = False
    cells: tuple[tuple[str, Cell], ...] = ()
    analyses: tuple[Analysis, ...] = ()
    detectable: tuple[EffectPower, ...] = ()

    def excluded(self, outcome: str = "") -> set[str]:
        """Return the codes left out of everything, and those left out of this outcome."""
        return {exclusion.code for exclusion in self.exclusions if exclusion.outcome in ("", outcome)}

    def measured(self, outcome: str) -> tuple[Measurement, ...]:
        """Return the measurements of one outcome."""
        return tuple(measurement for measurement in self.measurements if measurement.outcome == outcome)

    def numbers(self) -> Iterator[Number]:
        """Yield every measurement and every reading."""
        measures = {outcome.name: outcome.measure for outcome in self.protocol.outcomes}
        for one in self.measurements:
            yield Number(
                about=f"{one.outcome} of {one.code}",
                measure=measures.get(one.outcome, one.outcome),
                value=one.value,
                flags=one.flags,
            )
        for about, reading in self.readings:
            yield Number(about=about, measure=reading.measure, value=reading.value, flags=reading.flags)

    def entries_after_unblinding(self, *words: str) -> tuple[Entry, ...]:
        """Return the journal's entries after the unblinding whose first word is one of `words`."""
        opened = [entry.number for entry in self.entries if _first_word(entry) == "unblind"]
        if not opened:
            return ()
        return tuple(entry for entry in self.entries if entry.number > min(opened) and _first_word(entry) in words)


def _first_word(entry: Entry) -> str:
    return entry.what.replace("_", " ").split(" ")[0].casefold()


def listed(words: Iterable[str], *, most: int = 8) -> str:
    """Join words with commas, the first few of many.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    every = list(words)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
