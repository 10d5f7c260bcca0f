"""People, clips, key presses and thresholds are kept as they were said, and nothing of them is ever changed."""

import sqlite3
from collections.abc import Iterable

import pytest

from littermate.errors import StoreError
from littermate.model.account import Account
from littermate.model.clip import Clip
from littermate.model.key_press import KeyPress
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.store.database import Database
from littermate.store.folder import StudyFolder
from littermate.store.journal import verify

CLIPS = (
    Clip(id="CLIPTWO", trial="TRIAL001", assay="forced swim", scorer="ada", position=2, kind="repeat"),
    Clip(id="CLIPONE", trial="TRIAL001", assay="forced swim", scorer="ada", position=1, kind="score"),
    Clip(id="CLIPBOB", trial="TRIAL001", assay="forced swim", scorer="bob", position=1, kind="score"),
)
PRESSES = (
    KeyPress(clip="CLIPONE", number=1, action="state", t_s=3.5, behaviour="immobile", speed=2.0, latch=False),
    KeyPress(clip="CLIPONE", number=2, action="undo", t_s=4.0, undoes=1),
)


@pytest.fixture
def scored(database: Database) -> Database:
    trial = Trial(id="TRIAL001", code="QX7", assay="forced swim", recording="recordings/a.mp4", sha256="0" * 64)
    with database.writing("m", "give clips", {}) as write:
        write.trials([trial])
        write.clips(CLIPS)
    for press in PRESSES:
        press_key(database, [press])
    return database


def press_key(database: Database, presses: Iterable[KeyPress]) -> None:
    with database.writing("ada", "press key", {}) as write:
        write.key_presses(presses)


def test_what_was_written_is_read(scored: Database) -> None:
    assert scored.key_presses("CLIPONE") == PRESSES
    assert scored.all_key_presses() == {"CLIPONE": PRESSES}
    assert scored.all_key_presses("done") == {}
    assert scored.clips_with_presses() == {"CLIPONE"}
    assert scored.clip("CLIPTWO") == CLIPS[0]
    assert scored.clip("NOTHERE") is None
    verify(scored)


def test_clips_come_in_their_scorers_order(scored: Database) -> None:
    assert [clip.id for clip in scored.clips()] == ["CLIPONE", "CLIPTWO", "CLIPBOB"]
    assert [clip.id for clip in scored.clips(scorer="bob", assay="forced swim")] == ["CLIPBOB"]
    assert scored.clips(assay="open field") == ()


def test_a_press_of_a_number_that_is_there_is_refused(scored: Database) -> None:
    with pytest.raises(StoreError, match="new"):
        press_key(scored, [PRESSES[0]])
    assert len(scored.entries("press key")) == 2


def test_a_press_of_no_clip_is_refused(scored: Database) -> None:
    with pytest.raises(StoreError, match="refer only to what is there"):
        press_key(scored, [KeyPress(clip="NOTHERE", number=1, action="done", t_s=1.0)])


@pytest.mark.parametrize("table", ["account", "clip", "key_press", "thresholds", "band_place"])
def test_rows_are_only_ever_added(scored: Database, folder: StudyFolder, table: str) -> None:
    with scored.writing("m", "add", {}) as write:
        write.account(Account(name="ada", role="scorer"))
        write.thresholds(Thresholds(assay="forced swim", settings=(), words=""))
    connection = sqlite3.connect(folder.database_path)
    if table == "band_place":
        connection.execute("INSERT INTO band_place (sha256, target, lane, entry) VALUES ('0', 'BDNF', 1, 1)")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(f"DELETE FROM {table}")
    connection.close()


def test_the_newest_of_a_person_counts(scored: Database) -> None:
    for account in (Account(name="ada", role="scorer"), Account(name="ada", role="scorer", active=False)):
        with scored.writing("m", "account", {}) as write:
            write.account(account)
    assert scored.accounts() == (Account(name="ada", role="scorer", active=False),)
    assert scored.account("ada") == scored.accounts()[0]
    assert scored.account("bob") is None


def test_the_newest_thresholds_count(scored: Database) -> None:
    assert scored.thresholds("forced swim") is None
    for value in (0.04, 0.06):
        with scored.writing("m", "adopt thresholds", {}) as write:
            write.thresholds(Thresholds(assay="forced swim", settings=(("immobile_below", value),), words="well"))
    found = scored.thresholds("forced swim")
    assert found is not None
    assert found.settings == (("immobile_below", 0.06),)


def test_one_trial_as_it_is_placed_now(scored: Database) -> None:
    trial = scored.trial("TRIAL001")
    assert trial is not None
    assert trial == scored.trials()[0]
    assert scored.trial("NOTHERE") is None
