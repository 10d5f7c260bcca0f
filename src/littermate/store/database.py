"""Database: what the study knows, in SQLite beside study.toml (or in PostgreSQL on a lab's server).

There is one way to write: `Database.writing`, one transaction with exactly one journal entry. Reading gives records of
`model`, in the order in which they were written. Several programs may read and write at once: writers wait for each
other, up to half a minute.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Integer, Select, Table, and_, func, insert, select, update

from littermate.errors import StoreError
from littermate.model.allocation import Allocation, Tag
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.journal import Entry
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.placement import Placement
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.store import rows, tables
from littermate.store.engine import in_words, make_engine, writing_transaction
from littermate.store.folder import StudyFolder
from littermate.store.journal import EMPTY, Head, next_entry
from littermate.store.migrate import migrate, needs_migration
from littermate.store.raw_files import BlotImage, PlateFile, RecordingFile
from littermate.store.writing import Writing

__all__ = ["Database", "open_database"]

Record = TypeVar("Record")


def open_database(folder: StudyFolder, url: str = "") -> Database:
    """Open a study's database; make it where there is none, and bring an older one up to date.

    Parameters
    ----------
    folder
        The study folder.
    url
        Of a PostgreSQL database, as SQLAlchemy writes it; empty for littermate.db in the folder.

    Raises
    ------
    StoreError
        If it was made by a newer version (nothing is changed then), is damaged, or cannot be reached.
    """
    where = url.rpartition("@")[2] if url else str(folder.database_path)
    if not url and folder.key_path.exists() and not folder.database_path.exists():
        raise StoreError(
            expected="the study's database, because its groups are sealed already",
            found="no database beside allocation.sealed",
            do="put littermate.db back from a copy; a new one would lose the codes and the journal",
            where=where,
        )
    with in_words(where):
        engine = make_engine(folder.database_path, url)
        with engine.connect() as connection:
            behind = needs_migration(connection)
        if behind:
            _bring_up_to_date(engine)
        return Database(engine, where)


class Database:
    """A study's database; made by `open_database`.

    Examples
    --------
    >>> import tempfile
    >>> from littermate.store.folder import create_study
    >>> folder = create_study(tempfile.mkdtemp(), "ketamine-magnesium")
    >>> database = open_database(folder)
    >>> with database.writing("m", "allocate", {"animals": 1}) as write:
    ...     write.tags([Tag(animal="M01", code="QX7")])
    >>> database.tags()[0].code
    'QX7'
    >>> [(entry.number, entry.what) for entry in database.entries()]
    [(1, 'allocate')]
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    @property
    def study_id(self) -> str:
        """The study's own id, drawn when the database was made."""
        return self._meta()["study_id"]

    @contextlib.contextmanager
    def writing(self, who: str, what: str, arguments: Mapping[str, Any]) -> Iterator[Writing]:
        """Write in one transaction with one journal entry; an exception in the block leaves nothing.

        Parameters
        ----------
        who
            The person.
        what
            The step, in the words of the command: ``"allocate"``, ``"score"``.
        arguments
            Plain values; they are public, so nothing that gives a group away before unblinding.

        Raises
        ------
        StoreError
            If something to be added is there already, refers to something that is not, or cannot be written.
        """
        with in_words(self._where), writing_transaction(self._engine) as connection:
            head = _head(_read_meta(connection))
            write = Writing(connection, head.number + 1)
            yield write
            entry = next_entry(head, who=who, what=what, arguments=arguments, rows=write.written)
            connection.execute(insert(tables.journal), [rows.entry_row(entry)])
            _set_meta(connection, {"journal_count": str(entry.number), "journal_head": entry.hash})

    def tags(self) -> tuple[Tag, ...]:
        """Return the animals' codes, in the order of animals.csv at the time."""
        return self._all(_in_order(tables.tag), rows.tag_of)

    def trials(self, assay: str | None = None) -> tuple[Trial, ...]:
        """Return all trials, or those of one assay, as they are placed now."""
        query = _in_order(tables.trial)
        trials = self._all(query if assay is None else query.where(tables.trial.c.assay == assay), rows.trial_of)
        placed = {one.trial: one for one in self._all(_in_order(tables.placement, "id"), rows.placement_of)}
        return tuple(_placed(trial, placed.get(trial.id)) for trial in trials)

    def recordings(self) -> tuple[RecordingFile, ...]:
        """Return every recording that came in, with what was found in it."""
        return self._all(_in_order(tables.recording, "path"), rows.recording_of)

    def measurements(self) -> tuple[Measurement, ...]:
        """Return the newest measurement of each outcome and animal."""
        table = tables.measurement
        newest = select(func.max(table.c.id)).group_by(table.c.outcome, table.c.code)
        return self._all(select(table).where(table.c.id.in_(newest)).order_by(table.c.id), rows.measurement_of)

    def measurement_history(self, outcome: str, code: str) -> tuple[tuple[int, Measurement], ...]:
        """Return every measurement of an outcome of an animal, the oldest first, with its journal entry's number."""
        table = tables.measurement
        query = select(table).where(table.c.outcome == outcome, table.c.code == code).order_by(table.c.id)
        return self._all(query, lambda row: (row.entry, rows.measurement_of(row)))

    def bouts(self, trial_id: str, *, scorer: str = "") -> tuple[DetectedBout | ScoredBout, ...]:
        """Return the newest set of a trial's bouts, by the method or by one scorer; empty where there is none."""
        table, sets = tables.bout, tables.bout_set
        newest = select(func.max(sets.c.entry)).where(sets.c.trial == trial_id, sets.c.scorer == scorer)
        mine = and_(table.c.trial == trial_id, table.c.scorer == scorer, table.c.entry == newest.scalar_subquery())
        return self._all(select(table).where(mine).order_by(table.c.start_s, table.c.id), rows.bout_of)

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return all exclusions."""
        return self._all(select(tables.exclusion).order_by(tables.exclusion.c.id), rows.exclusion_of)

    def allocation(self) -> Allocation | None:
        """Return the opened allocation, `None` while the study is blind."""
        found = self._all(select(tables.allocation), rows.allocation_of)
        return found[0] if found else None

    def blot_images(self) -> tuple[BlotImage, ...]:
        """Return the registered blot images."""
        return self._all(_in_order(tables.blot_image, "path"), rows.blot_image_of)

    def plate_files(self) -> tuple[PlateFile, ...]:
        """Return the registered plate-reader files."""
        return self._all(_in_order(tables.plate_file, "path"), rows.plate_file_of)

    def rules(self) -> tuple[RuleSet, ...]:
        """Return every rule set that something was counted by."""
        return self._all(_in_order(tables.rule_set, "hash"), rows.rules_of)

    def entries(self) -> tuple[Entry, ...]:
        """Return the journal."""
        return self._all(select(tables.journal).order_by(tables.journal.c.number), rows.entry_of)

    def head(self) -> Head:
        """Return number and hash of the last entry, as kept apart from the journal."""
        return _head(self._meta())

    def rows_written(self) -> dict[int, list[tuple[str, dict[str, Any]]]]:
        """Return every row as pairs (table, values), by the number of the entry that wrote it."""
        written: dict[int, list[tuple[str, dict[str, Any]]]] = {}
        with in_words(self._where), self._engine.connect() as connection:
            for table in tables.RECORDS:
                left_out = _not_written(table)
                for row in connection.execute(select(table)).mappings():
                    values = {key: row[key] for key in row if key not in left_out}
                    written.setdefault(row["entry"], []).append((table.name, values))
        return written

    def _all(self, query: Select[Any], record: Callable[[Any], Record]) -> tuple[Record, ...]:
        with in_words(self._where), self._engine.connect() as connection:
            return tuple(record(row) for row in connection.execute(query))

    def _meta(self) -> dict[str, str]:
        with in_words(self._where), self._engine.connect() as connection:
            return _read_meta(connection)


def _placed(trial: Trial, placement: Placement | None) -> Trial:
    """Return a trial with its newest start and arena."""
    if placement is None:
        return trial
    return replace(trial, t0_s=placement.t0_s, arena_px=placement.arena_px, corners_px=placement.corners_px)


def _not_written(table: Table) -> set[str]:
    """Name the columns that the database fills in: the entry, and a running number."""
    running = "id" in table.c and isinstance(table.c.id.type, Integer)
    return {"entry", "id"} if running else {"entry"}


def _in_order(table: Table, *then: str) -> Select[Any]:
    return select(table).order_by(table.c.entry, *(table.c[name] for name in then))


def _read_meta(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(tables.meta))}


def _set_meta(connection: Connection, values: Mapping[str, str]) -> None:
    for key, value in values.items():
        connection.execute(update(tables.meta).where(tables.meta.c.key == key).values(value=value))


def _head(meta: Mapping[str, str]) -> Head:
    return Head(number=int(meta["journal_count"]), hash=meta["journal_head"])


def _bring_up_to_date(engine: Engine) -> None:
    """Run the migrations in one transaction; whoever comes second finds them done."""
    with writing_transaction(engine) as connection:
        if not needs_migration(connection):
            return
        migrate(connection)
        if not _read_meta(connection):
            first = {"study_id": uuid.uuid4().hex, "journal_count": str(EMPTY.number), "journal_head": EMPTY.hash}
            connection.execute(insert(tables.meta), [{"key": key, "value": value} for key, value in first.items()])
