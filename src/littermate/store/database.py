"""Database: what the study knows, in SQLite beside study.toml (or in PostgreSQL on a lab's server).

There is one way to write: `Database.writing`, one transaction with exactly one journal entry. Reading gives records of
`model`, in the order in which they were written. Several programs may read and write at once: writers wait for each
other, up to half a minute. Those of one program wait in line, so that none is kept waiting by chance.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Integer, Select, Table, and_, bindparam, func, insert, select, update

from littermate.errors import StoreError
from littermate.model.account import Account
from littermate.model.administration import Administration
from littermate.model.allocation import Allocation, Tag
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.clip import Clip
from littermate.model.journal import Entry
from littermate.model.key_press import KeyPress
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.placement import Placement
from littermate.model.rules import RuleSet
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing
from littermate.store import rows, tables
from littermate.store.engine import in_words, make_engine, writing_transaction
from littermate.store.folder import StudyFolder
from littermate.store.journal import EMPTY, Head, next_entry
from littermate.store.migrate import migrate, needs_migration
from littermate.store.raw_files import BlotImage, PlacedBox, PlateFile, RecordingFile
from littermate.store.writing import Writing

__all__ = ["Database", "open_database"]

Record = TypeVar("Record")

_CLIPS_KEPT = 256


def open_database(folder: StudyFolder, url: str = "", *, pooled: bool = False) -> Database:
    """Open a study's database; make it where there is none, and bring an older one up to date.

    Parameters
    ----------
    folder
        The study folder.
    url
        Of a PostgreSQL database, as SQLAlchemy writes it; empty for littermate.db in the folder.
    pooled
        Keep connections open from one question to the next, for a program that runs for long and answers many.

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
        engine = make_engine(folder.database_path, url, pooled=pooled)
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
        self._remembered: dict[str, tuple[tuple[int, ...], tuple[Any, ...]]] = {}
        self._presses: dict[str, tuple[KeyPress, ...]] = {}
        self._writer = threading.Lock()
        self._here = threading.local()

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
        with in_words(self._where), self._writer, writing_transaction(self._engine) as connection:
            head = _head(_read_meta(connection))
            write = Writing(connection, head.number + 1)
            yield write
            entry = next_entry(head, who=who, what=what, arguments=arguments, rows=write.written)
            connection.execute(insert(tables.journal), [rows.entry_row(entry)])
            _set_meta(connection, {"journal_count": str(entry.number), "journal_head": entry.hash})

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Answer what is asked in the block over one connection, as the study is at the first question; nothing is
        written in it.
        """
        with in_words(self._where), self._connected() as connection:
            self._here.connection = connection
            try:
                yield
            finally:
                self._here.connection = None

    def tags(self) -> tuple[Tag, ...]:
        """Return the animals' codes, in the order of animals.csv at the time."""
        return self._remember("tags", (tables.tag,), lambda: self._all(_in_order(tables.tag), rows.tag_of))

    def trials(self, assay: str | None = None) -> tuple[Trial, ...]:
        """Return all trials, or those of one assay, as they are placed now."""
        trials = self._remember("trials", (tables.trial, tables.placement), self._trials)
        return trials if assay is None else tuple(trial for trial in trials if trial.assay == assay)

    def _trials(self) -> tuple[Trial, ...]:
        trials = self._all(_in_order(tables.trial), rows.trial_of)
        placed = {one.trial: one for one in self._all(_in_order(tables.placement, "id"), rows.placement_of)}
        return tuple(_placed(trial, placed.get(trial.id)) for trial in trials)

    def trial(self, trial_id: str) -> Trial | None:
        """Return one trial as it is placed now, nothing where there is none of that id."""
        table = tables.placement
        found = self._all(select(tables.trial).where(tables.trial.c.id == trial_id), rows.trial_of)
        newest = select(table).where(table.c.trial == trial_id).order_by(table.c.id.desc()).limit(1)
        return _placed(found[0], next(iter(self._all(newest, rows.placement_of)), None)) if found else None

    def recordings(self) -> tuple[RecordingFile, ...]:
        """Return every recording that came in, with what was found in it."""
        return self._all(_in_order(tables.recording, "path"), rows.recording_of)

    def measurements(self) -> tuple[Measurement, ...]:
        """Return the newest measurement of each outcome and animal."""
        return self._remember("measurements", (tables.measurement,), self._measurements)

    def _measurements(self) -> tuple[Measurement, ...]:
        table = tables.measurement
        newest = select(func.max(table.c.id)).group_by(table.c.outcome, table.c.code)
        return self._all(select(table).where(table.c.id.in_(newest)).order_by(table.c.id), rows.measurement_of)

    def measurement_history(self, outcome: str, code: str) -> tuple[tuple[int, Measurement], ...]:
        """Return every measurement of an outcome of an animal, the oldest first, with its journal entry's number."""
        table = tables.measurement
        query = select(table).where(table.c.outcome == outcome, table.c.code == code).order_by(table.c.id)
        return self._all(query, lambda row: (row.entry, rows.measurement_of(row)))

    def measured(self, outcomes: Collection[str]) -> tuple[Measurement, ...]:
        """Return every measurement of these outcomes, those that newer ones stand in place of with them."""
        table = tables.measurement
        return self._all(select(table).where(table.c.outcome.in_(outcomes)).order_by(table.c.id), rows.measurement_of)

    def bouts(self, trial_id: str, *, scorer: str = "") -> tuple[DetectedBout | ScoredBout, ...]:
        """Return the newest set of a trial's bouts, by the method or by one scorer; empty where there is none."""
        table, sets = tables.bout, tables.bout_set
        newest = select(func.max(sets.c.entry)).where(sets.c.trial == trial_id, sets.c.scorer == scorer)
        mine = and_(table.c.trial == trial_id, table.c.scorer == scorer, table.c.entry == newest.scalar_subquery())
        return self._all(select(table).where(mine).order_by(table.c.start_s, table.c.id), rows.bout_of)

    def scored_by(self, trial_id: str) -> tuple[str, ...]:
        """Return whose bouts of a trial are kept, by name; the method has none and is left out."""
        sets = tables.bout_set
        query = select(sets.c.scorer).where(sets.c.trial == trial_id, sets.c.scorer != "").distinct()
        return self._all(query.order_by(sets.c.scorer), lambda row: str(row.scorer))

    def last_scored(self, trial_id: str) -> int:
        """Return the number of the entry by which a trial was last scored by the method or placed, 0 where it was not.

        What a person began before it, they began on other bouts or another clock.
        """
        sets, placed = tables.bout_set, tables.placement
        queries = (
            select(func.max(sets.c.entry)).where(sets.c.trial == trial_id, sets.c.scorer == ""),
            select(func.max(placed.c.entry)).where(placed.c.trial == trial_id),
        )
        found = (self._all(query, lambda row: int(row[0] or 0)) for query in queries)
        return max(number for (number,) in found)

    def begun_at(self, clip_id: str) -> int:
        """Return the number of the entry by which a clip was given out or opened, 0 where there is no such clip."""
        found = self._all(select(tables.clip.c.entry).where(tables.clip.c.id == clip_id), lambda row: int(row.entry))
        return next(iter(found), 0)

    def scored_as_placed(self) -> frozenset[str]:
        """Return the trials that the method scored since they were last placed: their bouts are on today's clock."""
        sets, placed = tables.bout_set, tables.placement
        scored = select(sets.c.trial, func.max(sets.c.entry).label("at")).where(sets.c.scorer == "")
        moved = select(placed.c.trial, func.max(placed.c.entry).label("at")).group_by(placed.c.trial)
        when = dict(self._all(moved, lambda row: (str(row.trial), int(row.at))))
        found = self._all(scored.group_by(sets.c.trial), lambda row: (str(row.trial), int(row.at)))
        return frozenset(trial for trial, at in found if at > when.get(trial, -1))

    def detected_behaviours(self, assay: str) -> frozenset[str]:
        """Return the behaviours that the method found in any trial of an assay, each as it was last scored."""
        table, sets, trial = tables.bout, tables.bout_set, tables.trial
        newest = select(func.max(sets.c.entry)).where(sets.c.scorer == "").group_by(sets.c.trial)
        query = select(table.c.behaviour).join(trial, trial.c.id == table.c.trial).where(trial.c.assay == assay)
        mine = query.where(table.c.scorer == "", table.c.entry.in_(newest)).distinct()
        return frozenset(self._all(mine, lambda row: str(row.behaviour)))

    def weighings(self) -> tuple[Weighing, ...]:
        """Return the weight of every animal and day, as it was said last."""
        found = self._all(_in_order(tables.weighing, "id"), rows.weighing_of)
        return tuple({(one.animal, one.day): one for one in found}.values())

    def administrations(self) -> tuple[Administration, ...]:
        """Return what was given, as it was said last of each animal and injection."""
        found = self._all(_in_order(tables.administration, "id"), rows.administration_of)
        return tuple({one.place: one for one in found}.values())

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

    def placed_boxes(self, sha256: str, target: str) -> tuple[PlacedBox, ...]:
        """Return what was said last of the bands of an image, lane by lane; those back to automatic with them."""
        table, journal = tables.band_place, tables.journal
        mine = and_(table.c.sha256 == sha256, table.c.target == target)
        newest = select(func.max(table.c.id)).where(mine).group_by(table.c.lane)
        query = select(table, journal.c.who).join(journal, journal.c.number == table.c.entry)
        return self._all(query.where(table.c.id.in_(newest)).order_by(table.c.lane), rows.placed_box_of)

    def plate_files(self) -> tuple[PlateFile, ...]:
        """Return the registered plate-reader files."""
        return self._all(_in_order(tables.plate_file, "path"), rows.plate_file_of)

    def rules(self) -> tuple[RuleSet, ...]:
        """Return every rule set that something was counted by."""
        return self._all(_in_order(tables.rule_set, "hash"), rows.rules_of)

    def entries(self, *what: str, but: str | None = None) -> tuple[Entry, ...]:
        """Return the journal, or its entries of these steps; those of one step are left out with `but`."""
        query = select(tables.journal).order_by(tables.journal.c.number)
        query = query.where(tables.journal.c.what.in_(what)) if what else query
        return self._all(query if but is None else query.where(tables.journal.c.what != but), rows.entry_of)

    def last_entries(self, most: int) -> tuple[Entry, ...]:
        """Return the newest entries of the journal, the last one first."""
        query = select(tables.journal).order_by(tables.journal.c.number.desc()).limit(most)
        return self._all(query, rows.entry_of)

    def accounts(self) -> tuple[Account, ...]:
        """Return the people of the study as they are now, those who may not sign in any more with them."""
        table = tables.account
        newest = select(func.max(table.c.id)).group_by(table.c.name)
        return self._all(select(table).where(table.c.id.in_(newest)).order_by(table.c.name), rows.account_of)

    def account(self, name: str) -> Account | None:
        """Return a person as they are now, `None` where there is none of that name."""
        table = tables.account
        query = select(table).where(table.c.name == name).order_by(table.c.id.desc()).limit(1)
        return next(iter(self._all(query, rows.account_of)), None)

    def clip(self, clip_id: str) -> Clip | None:
        """Return a clip by its code."""
        return next(iter(self._all(select(tables.clip).where(tables.clip.c.id == clip_id), rows.clip_of)), None)

    def clips(self, *, scorer: str | None = None, assay: str | None = None) -> tuple[Clip, ...]:
        """Return clips, by scorer and their place in the scorer's order."""
        table = tables.clip
        query = select(table).order_by(table.c.scorer, table.c.assay, table.c.position, table.c.entry, table.c.id)
        for column, value in ((table.c.scorer, scorer), (table.c.assay, assay)):
            query = query if value is None else query.where(column == value)
        return self._all(query, rows.clip_of)

    def key_presses(self, clip_id: str) -> tuple[KeyPress, ...]:
        """Return everything that was said about a clip, in its order; only what is new since the last time is read."""
        table, kept = tables.key_press, self._presses.get(clip_id, ())
        query = select(table).where(table.c.clip == clip_id, table.c.number > (kept[-1].number if kept else 0))
        new = self._all(query.order_by(table.c.number), rows.key_press_of)
        if new:
            if len(self._presses) >= _CLIPS_KEPT:
                self._presses = {}
            kept = self._presses[clip_id] = kept + new
        return kept

    def all_key_presses(self, *actions: str) -> dict[str, tuple[KeyPress, ...]]:
        """Return the key presses of every clip (those of some actions, where they are given), by the clip's code."""
        table = tables.key_press
        query = select(table).order_by(table.c.clip, table.c.number)
        found: dict[str, list[KeyPress]] = {}
        for press in self._all(query.where(table.c.action.in_(actions)) if actions else query, rows.key_press_of):
            found.setdefault(press.clip, []).append(press)
        return {clip: tuple(presses) for clip, presses in found.items()}

    def clips_with_presses(self) -> frozenset[str]:
        """Return the codes of the clips that have a key press."""
        return frozenset(self._all(select(tables.key_press.c.clip).distinct(), lambda row: str(row.clip)))

    def thresholds(self, assay: str) -> Thresholds | None:
        """Return the fitted thresholds of an assay that are in use."""
        table = tables.thresholds
        query = select(table).where(table.c.assay == assay).order_by(table.c.id.desc()).limit(1)
        return next(iter(self._all(query, rows.thresholds_of)), None)

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
        with in_words(self._where), self._connected() as connection:
            return tuple(record(row) for row in connection.execute(query))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give this thread's connection of `reading`, or one for this question."""
        shared: Connection | None = getattr(self._here, "connection", None)
        if shared is not None:
            yield shared
            return
        with self._engine.connect() as connection:
            yield connection

    def _remember(self, name: str, of: tuple[Table, ...], read: Callable[[], tuple[Record, ...]]) -> tuple[Record, ...]:
        """Return what was read before, as long as no entry has added to these tables since: rows are only added."""
        with in_words(self._where), self._connected() as connection:
            newest = tuple(connection.scalar(select(func.max(table.c.entry))) or 0 for table in of)
        kept = self._remembered.get(name)
        if kept is None or kept[0] != newest:
            kept = self._remembered[name] = (newest, read())
        return kept[1]

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
    one = update(tables.meta).where(tables.meta.c.key == bindparam("name")).values(value=bindparam("new"))
    connection.execute(one, [{"name": key, "new": value} for key, value in values.items()])


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
