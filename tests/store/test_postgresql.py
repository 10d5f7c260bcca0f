"""The same on a PostgreSQL server: name an empty database in LITTERMATE_TEST_POSTGRESQL to run this."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from littermate.errors import StoreError
from littermate.model.allocation import Tag
from littermate.model.measurement import Measurement
from littermate.model.rules import RuleSet
from littermate.store.database import Database, open_database
from littermate.store.folder import StudyFolder
from littermate.store.journal import verify

URL = os.environ.get("LITTERMATE_TEST_POSTGRESQL", "")
RULES = RuleSet(name="swim", parameters=(("gap_s", 0.5), ("window_s", (120.0, 360.0))), words=("closes short gaps",))

pytestmark = pytest.mark.skipif(not URL, reason="LITTERMATE_TEST_POSTGRESQL names no server")


def execute(*statements: str) -> None:
    engine = create_engine(URL, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def server(folder: StudyFolder) -> Iterator[Database]:
    database = open_database(folder, URL)
    with database.writing("m", "allocate", {}) as write:
        write.tags([Tag(animal="M1", code="QX7")])
        write.rules(RULES)
    yield database
    execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def test_two_writers(folder: StudyFolder, server: Database, immobility: Callable[..., Measurement]) -> None:
    def write_some(value: float) -> None:
        mine = open_database(folder, URL)
        for step in range(3):
            with mine.writing("m", "score", {}) as write:
                write.measurements([immobility(value + step + 0.1)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_some, [0.0, 100.0]))
    assert [entry.number for entry in server.entries()] == list(range(1, 8))
    verify(server)


@pytest.mark.parametrize("statement", ["DELETE FROM journal", "UPDATE tag SET code = 'x'"])
def test_rows_can_only_be_added(server: Database, statement: str) -> None:
    with pytest.raises(SQLAlchemyError, match="append-only"):
        execute(statement)


def test_a_changed_number_is_named(server: Database, immobility: Callable[..., Measurement]) -> None:
    with server.writing("m", "score", {}) as write:
        write.measurements([immobility(1.0)])
    execute("ALTER TABLE measurement DISABLE TRIGGER USER", "UPDATE measurement SET value = 2")
    with pytest.raises(StoreError, match="entry 2 is broken"):
        verify(server)


def test_a_newer_database_is_refused(folder: StudyFolder, server: Database) -> None:
    execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="made by a newer version"):
        open_database(folder, URL)
