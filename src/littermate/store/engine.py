"""Engine: the connection to SQLite or PostgreSQL, set up so that transactions mean what they say.

SQLite: WAL, foreign keys on, a writing transaction takes its lock at once (``BEGIN IMMEDIATE``) and waits for another
writer. PostgreSQL: a writing transaction takes one advisory lock, so that the journal has one order.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from littermate.errors import StoreError

__all__ = ["in_words", "make_engine", "writing_transaction"]

_WAIT_S = 30.0
_WRITES = "littermate_writes"
_LOCK = 6_011_973


def make_engine(path: Path, url: str = "", *, pooled: bool = False) -> Engine:
    """Return the engine of the SQLite file `path`, or of the server at `url`.

    A pooled engine keeps its connections open from one question to the next; any other closes each at once, so that
    the file can be moved or removed on every system.

    Raises
    ------
    StoreError
        If the URL cannot be understood, or its driver is not installed.
    """
    try:
        address = make_url(url) if url else URL.create("sqlite", database=str(path))
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, pooled)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address, pooled)
    except (ArgumentError, NoSuchModuleError) as fault:
        raise _bad_url(url.rpartition("@")[2]) from fault
    except ImportError as fault:
        raise StoreError(
            expected="the driver of the database",
            found=f"no module {fault.name}",
            do="install it: pip install 'psycopg[binary]', and write database = 'postgresql+psycopg://...'",
            where="study.toml, database",
        ) from fault
    raise _bad_url(url.rpartition("@")[2])


def _bad_url(found: str) -> StoreError:
    return StoreError(
        expected="no database, or 'postgresql+psycopg://user@server/name'",
        found=found,
        do="correct the line, or remove it to use littermate.db",
        where="study.toml, database",
    )


def _pooling(pooled: bool) -> dict[str, Any]:
    """Return how connections are kept: the one used last is used next, as it knows what was just written."""
    return {"poolclass": QueuePool, "pool_use_lifo": True} if pooled else {"poolclass": NullPool}


def _sqlite(address: URL, pooled: bool) -> Engine:
    new = not Path(str(address.database)).exists()
    engine = create_engine(
        address, connect_args={"timeout": _WAIT_S, "check_same_thread": not pooled}, **_pooling(pooled)
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")

    if new:
        with contextlib.closing(sqlite3.connect(str(address.database), timeout=_WAIT_S)) as first:
            first.execute("PRAGMA journal_mode = WAL")
    return engine


def _postgresql(address: URL, pooled: bool) -> Engine:
    engine = create_engine(address, **_pooling(pooled))

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if _writes(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_WRITES))


@contextlib.contextmanager
def writing_transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that no other writer shares."""
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


@contextlib.contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn what the database says into a `StoreError`."""
    try:
        yield
    except IntegrityError as fault:
        raise StoreError(
            expected="records that are new, and refer only to what is there",
            found=f"{fault.orig}",
            do="nothing was written; add what is missing first, and nothing twice",
            where=where,
        ) from fault
    except (SQLAlchemyError, sqlite3.Error) as fault:
        found = str(fault.orig if isinstance(fault, SQLAlchemyError) and hasattr(fault, "orig") else fault)
        do = "wait until the other program is done" if "locked" in found else "see that it is there, whole and writable"
        raise StoreError(expected="a database that works", found=found.strip(), do=do, where=where) from fault
