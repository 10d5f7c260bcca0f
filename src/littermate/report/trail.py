"""Trail: what one number of a report came from, so that whoever doubts it can go back to the animal and the file.

A `Trail` belongs to the value of one outcome of one coded animal, and names its *sources* by their ids: a trial, a
lane of a membrane, the wells of a sample. A source is described once, however many values are of it. What stands in
both is words for people, made where the record is known (`study`); numbers in tables are already written out.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.measurement import Measurement

__all__ = ["Replaced", "Trail", "TrailSource", "TrailTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailTable:
    """A small table of a source: its bouts, its bands, its wells; every row as long as the head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailSource:
    """Where values came from.

    Parameters
    ----------
    id
        No other source has it: ``"trial PKFXJHGQ"``.
    kind, title
        What it is one of (``"trials"``, ``"lanes"``, ``"wells"``), and what it is called.
    facts
        Pairs (name, words).
    tables
        What was found in it.
    pictures
        Names of the pictures (`Picture.name`) that show it.
    """

    id: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[TrailTable, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """An earlier measurement that a newer one stands in place of, and the journal entry that wrote it."""

    measurement: Measurement
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The way back from one value.

    Parameters
    ----------
    outcome, code
        Whose value it is.
    sources
        Ids of the sources; empty where the file is not of this study any more.
    entries
        Numbers of the journal entries that touched it, in order.
    earlier
        What it was before, the oldest first.
    """

    outcome: str
    code: str
    sources: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()
    earlier: tuple[Replaced, ...] = ()
