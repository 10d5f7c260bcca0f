"""The database: one way to write, nothing overwritten, tampering named."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from littermate.errors import StoreError, UsageError
from littermate.model.allocation import Allocation
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.clip import Clip
from littermate.model.finding import Finding
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.placement import Placement
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.trial import Trial
from littermate.store.database import Database, open_database
from littermate.store.folder import StudyFolder
from littermate.store.journal import verify
from littermate.store.migrate import REVISIONS
from littermate.store.raw_files import BlotImage, PlacedBox, PlateFile, RecordingFile
from littermate.store.tables import metadata

Immobility = Callable[..., Measurement]

TRIAL = Trial(
    id="K4", code="QX7", assay="forced swim", recording="recordings/a.mp4", sha256="1" * 64, arena_px=(1, 2, 30, 40)
)


def change(folder: StudyFolder, *statements: str) -> None:
    """Do to the file what somebody with another program could do."""
    with closing(sqlite3.connect(folder.database_path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def broken_entry(database: Database) -> str:
    with pytest.raises(StoreError) as caught:
        verify(database)
    return caught.value.complaints[0].found


def score(database: Database, *measurements: Measurement) -> None:
    with database.writing("m", "score", {}) as write:
        write.measurements(measurements)


# Records ------------------------------------------------------------------------------------------------------------


def test_the_newest_placement_counts(database: Database) -> None:
    corners = ((0.0, 0.0), (9.5, 0.0), (9.0, 9.0), (0.0, 9.0))
    with database.writing("m", "add recordings", {}) as write:
        write.trials([replace(TRIAL, corners_px=corners)])
    assert database.trials() == (replace(TRIAL, corners_px=corners),)
    with database.writing("m", "place", {}) as write:
        write.placements([Placement(trial="K4", t0_s=3.5)])
    assert database.trials() == (replace(TRIAL, t0_s=3.5, arena_px=None),)
    verify(database)


def test_what_was_said_last_of_a_band_counts_with_who_said_it(database: Database) -> None:
    one = PlacedBox(sha256="3" * 64, target="BDNF", lane=2, box_px=(1, 2, 30, 40))
    for who, said in (("ada", [one, replace(one, lane=3)]), ("bo", [replace(one, box_px=None)])):
        with database.writing(who, "place bands", {}) as write:
            write.placed_boxes(said)
    assert database.placed_boxes("3" * 64, "BDNF") == (
        replace(one, box_px=None, by="bo"),
        replace(one, lane=3, by="ada"),
    )
    assert database.placed_boxes("3" * 64, "beta-actin") == ()
    verify(database)


def test_a_review_is_of_bouts_that_were_there_before_it(database: Database) -> None:
    clip = Clip(id="C7", trial="K4", assay="forced swim", scorer="ada", position=0, kind="review")
    with database.writing("m", "add recordings", {}) as write:
        write.trials([TRIAL])
    assert (database.last_scored("K4"), database.begun_at("C7")) == (0, 0)
    for step in ("score", "start review", "score"):
        with database.writing("m", step, {}) as write:
            if step == "score":
                write.bouts("K4", [DetectedBout(behaviour="immobile", start_s=1, stop_s=2)])
            else:
                write.clips([clip])
    assert database.begun_at("C7") == 4 < database.last_scored("K4") == 5
    with database.writing("m", "place", {}) as write:
        write.placements([Placement(trial="K4", t0_s=3.5)])
    assert database.last_scored("K4") == 6
    with database.writing("m", "correct bouts", {}) as write:
        write.bouts("K4", [], scorer="ada (review)")
    assert (database.last_scored("K4"), database.scored_by("K4")) == (6, ("ada (review)",))


def test_records_come_back_as_they_were_written(database: Database, allocation: Allocation) -> None:
    other = Trial(id="A1", code="BD3", assay="open field", recording="recordings/b.mp4", sha256="2" * 64, t0_s=1.5)
    image = BlotImage(
        path="blots/a.tif",
        sha256="3" * 64,
        target="BDNF",
        region="hippocampus",
        membrane="1",
        lanes=((1, "control"), (2, "QX7")),
    )
    plate = PlateFile(path="plates/a.csv", sha256="4" * 64, kind="elisa", region="hippocampus")
    film = RecordingFile(
        recording=Recording(
            path="recordings/a.mp4",
            sha256="1" * 64,
            codec="h264",
            width=320,
            height=240,
            frames_decoded=900,
            frames_header=None,
            duration_s=60.0,
            fps_median=15.0,
            variable_frame_rate=False,
            corrupt_frames=2,
            gaps=((1.0, 1.5),),
        ),
        findings=(Finding(id="time-gaps", importance="warning", message="1 gap", about="recordings/a.mp4"),),
    )
    exclusion = Exclusion(code="BD3", because="rescued", outcome="immobility", planned=True)
    with database.writing("m", "everything", {}) as write:
        write.trials([TRIAL, other])
        write.recordings([film, film])
        write.blot_images([image])
        write.plate_files([plate])
        write.exclusion(exclusion)
        write.allocation(allocation)
    assert set(database.trials()) == {TRIAL, other}
    assert database.trials("open field") == (other,)
    assert database.recordings() == (film,)
    assert database.blot_images() == (image,)
    assert database.plate_files() == (plate,)
    assert database.exclusions() == (exclusion,)
    assert database.allocation() == allocation
    assert [tag.vials for tag in database.tags()] == [(("ketamine", "V9"),), ()]
    verify(database)


def test_a_rule_set_keeps_its_hash_and_is_written_once(database: Database) -> None:
    (rules,) = database.rules()
    with database.writing("m", "score", {}) as write:
        write.rules(rules)
    assert [one.hash for one in database.rules()] == [rules.hash]
    assert dict(rules.parameters)["window_s"] == (120.0, 360.0)


def test_the_newest_measurement_counts_and_the_older_is_kept(database: Database, immobility: Immobility) -> None:
    score(database, immobility(100.25), immobility(None, "BD3", reason="no animal"))
    score(database, immobility(0.1 + 0.2))
    assert [(one.code, one.value, one.reason) for one in database.measurements()] == [
        ("BD3", None, "no animal"),
        ("QX7", 0.1 + 0.2, ""),
    ]
    history = database.measurement_history("immobility", "QX7")
    assert [(number, one.value) for number, one in history] == [(2, 100.25), (3, 0.1 + 0.2)]


def test_the_newest_bouts_of_each_scorer(database: Database) -> None:
    first = DetectedBout(behaviour="immobile", start_s=130.0, stop_s=140.0)
    second = DetectedBout(behaviour="immobile", start_s=120.0, stop_s=125.0, cut=True)
    by_hand = ScoredBout(behaviour="immobile", start_s=131.0, stop_s=139.0, scorer="ann")
    with database.writing("m", "score", {}) as write:
        write.trials([TRIAL])
        write.bouts("K4", [first])
        write.bouts("K4", [by_hand])
    with database.writing("m", "score", {}) as write:
        write.bouts("K4", [first, second])
    assert database.bouts("K4") == (second, first)
    assert database.bouts("K4", scorer="ann") == (by_hand,)
    with database.writing("m", "score", {}) as write:
        write.bouts("K4", [], scorer="ann")
    assert database.bouts("K4", scorer="ann") == ()
    verify(database)


def test_bouts_of_two_scorers_are_refused(database: Database) -> None:
    bouts = [ScoredBout(behaviour="b", start_s=0.0, stop_s=1.0, scorer=name) for name in ("ann", "bob")]
    with pytest.raises(UsageError, match="one scorer"), database.writing("m", "score", {}) as write:
        write.bouts("K4", bouts)


# Transactions -------------------------------------------------------------------------------------------------------


def test_an_exception_leaves_nothing(database: Database, immobility: Immobility) -> None:
    before = database.entries()
    with pytest.raises(ZeroDivisionError), database.writing("m", "score", {}) as write:
        write.measurements([immobility(1.0)])
        write.trials([TRIAL])
        raise ZeroDivisionError
    assert database.measurements() == ()
    assert database.trials() == ()
    assert database.entries() == before
    verify(database)


def test_arguments_that_cannot_be_written_down_leave_nothing(database: Database, immobility: Immobility) -> None:
    with pytest.raises(ValueError, match="not JSON"), database.writing("m", "x", {"a": float("nan")}) as write:
        write.measurements([immobility(1.0)])
    assert database.measurements() == ()


@pytest.mark.parametrize("kind", ["animal", "rules", "twice"])
def test_what_refers_to_nothing_or_comes_twice_is_refused(
    database: Database, immobility: Immobility, kind: str
) -> None:
    unknown = RuleSet(name="unknown", parameters=(), words=())
    with pytest.raises(StoreError, match="nothing was written"), database.writing("m", "score", {}) as write:
        if kind == "animal":
            write.measurements([immobility(1.0, "XXX")])
        elif kind == "rules":
            write.measurements([immobility(1.0, rules=unknown)])
        else:
            write.trials([TRIAL, TRIAL])
    assert len(database.entries()) == 1


def test_unblinding_is_once(database: Database, allocation: Allocation) -> None:
    assert database.allocation() is None
    with database.writing("m", "unblind", {}) as write:
        write.allocation(allocation)
    with pytest.raises(StoreError, match="still blind"), database.writing("m", "unblind", {}) as write:
        write.allocation(allocation)


def test_two_writers_wait_for_each_other(folder: StudyFolder, database: Database, immobility: Immobility) -> None:
    def write_some(value: float) -> None:
        mine = open_database(folder)
        for step in range(5):
            score(mine, immobility(value + step))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_some, [0.0, 100.0]))
    assert [entry.number for entry in database.entries()] == list(range(1, 12))
    assert len(database.measurement_history("immobility", "QX7")) == 10
    verify(database)


def test_one_reads_while_another_writes(folder: StudyFolder, database: Database, immobility: Immobility) -> None:
    with database.writing("m", "score", {}) as write:
        write.measurements([immobility(1.0)])
        assert open_database(folder).measurements() == ()
    assert len(open_database(folder).measurements()) == 1


def test_two_who_make_the_database_at_once(folder: StudyFolder) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: open_database(folder).study_id, range(2))
    assert first == second


# The file -----------------------------------------------------------------------------------------------------------


def test_wal_and_one_id(folder: StudyFolder, database: Database) -> None:
    with closing(sqlite3.connect(folder.database_path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert open_database(folder).study_id == database.study_id


def test_migrations_end_where_the_tables_are(folder: StudyFolder, database: Database) -> None:
    with closing(sqlite3.connect(folder.database_path)) as connection:
        found = {
            name: {column[1] for column in connection.execute(f"PRAGMA table_info({name})")}
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    del found["alembic_version"]
    assert found == {name: set(table.c.keys()) for name, table in metadata.tables.items()}


def test_the_revisions_listed_are_those_there_are() -> None:
    import littermate.store

    folder = Path(littermate.store.__file__).parent / "migrations" / "versions"
    assert sorted(path.name[:4] for path in folder.glob("[0-9]*.py")) == list(REVISIONS)


def test_a_newer_database_is_refused_and_unchanged(folder: StudyFolder, database: Database) -> None:
    change(folder, "UPDATE alembic_version SET version_num = '9999'")
    before = folder.database_path.read_bytes()
    with pytest.raises(StoreError, match="made by a newer version"):
        open_database(folder)
    assert folder.database_path.read_bytes() == before


def test_somebody_elses_database(folder: StudyFolder) -> None:
    change(folder, "CREATE TABLE mice (id INTEGER)")
    with pytest.raises(StoreError, match="the tables mice"):
        open_database(folder)


def test_no_database_at_all(folder: StudyFolder) -> None:
    folder.database_path.write_text("not a database, but long enough to be taken for one" * 40, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        open_database(folder)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "oracle+what://secret:word@host/x"])
def test_a_database_that_is_not_supported(folder: StudyFolder, url: str) -> None:
    with pytest.raises(StoreError, match="postgresql") as caught:
        open_database(folder, url)
    assert "word" not in str(caught.value)


# Tampering ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["journal", "measurement", "tag"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 1"])
def test_rows_can_only_be_added(
    folder: StudyFolder, database: Database, immobility: Immobility, table: str, statement: str
) -> None:
    score(database, immobility(1.0))
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
        change(folder, statement.format(table))


def test_a_changed_entry_is_named(folder: StudyFolder, database: Database, immobility: Immobility) -> None:
    score(database, immobility(1.0))
    score(database, immobility(2.0))
    verify(database)
    change(folder, "DROP TRIGGER journal_no_update", "UPDATE journal SET who = 'x' WHERE number = 2")
    assert broken_entry(database) == "entry 2 is broken: its content does not give its hash: it was changed"


def test_a_removed_last_entry_is_named(folder: StudyFolder, database: Database, immobility: Immobility) -> None:
    score(database, immobility(1.0))
    change(folder, "DROP TRIGGER journal_no_delete", "DELETE FROM journal WHERE number = 2")
    assert broken_entry(database) == "entry 2 is broken: it is missing: 2 entries were written"


@pytest.mark.parametrize(
    ("event", "statement", "words"),
    [
        ("update", "UPDATE measurement SET value = 3 WHERE code = 'QX7'", "what it wrote was changed"),
        ("delete", "DELETE FROM measurement WHERE code = 'QX7'", "measurement: 2 then, 1 now"),
        (
            "insert",
            "INSERT INTO measurement SELECT NULL, outcome, code, 9, unit, source_kind, source_sha256, source_place, "
            "rules_hash, reason, flags, block, entry FROM measurement LIMIT 1",
            "measurement: 2 then, 3 now",
        ),
    ],
)
def test_changed_numbers_are_named_by_the_entry_that_wrote_them(
    folder: StudyFolder, database: Database, immobility: Immobility, event: str, statement: str, words: str
) -> None:
    score(database, immobility(1.0), immobility(2.0, "BD3"))
    score(database, immobility(3.5))
    drop = [] if event == "insert" else [f"DROP TRIGGER measurement_no_{event}"]
    change(folder, *drop, f"{statement} AND entry = 2" if "WHERE" in statement else statement)
    found = broken_entry(database)
    assert found.startswith("entry 2 is broken")
    assert words in found
