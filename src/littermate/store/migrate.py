"""Migrate: bring a database to the newest tables, step by step, in one transaction; refuse one that is newer.

Alembic runs the steps in `migrations/versions`; `REVISIONS` lists them in order, so that a database that is up to date
is known at once.
"""

from __future__ import annotations

import warnings
from importlib.resources import as_file, files

from sqlalchemy import Connection, inspect, text

from littermate.errors import StoreError

__all__ = ["REVISIONS", "migrate", "needs_migration"]

REVISIONS = ("0001", "0002", "0003", "0005")


def needs_migration(connection: Connection) -> bool:
    """Whether the database is empty or older than this program; changes nothing.

    Raises
    ------
    StoreError
        If it was made by a newer version, or by something else.
    """
    names = set(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        if names:
            raise StoreError(
                expected="an empty database, or one that littermate made",
                found=f"one with the tables {', '.join(sorted(names)[:5])}",
                do="give the study a database of its own",
            )
        return True
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    unknown = [revision for revision in found if revision not in REVISIONS]
    if unknown:
        raise StoreError(
            expected=f"a database of revision {REVISIONS[-1]} or older",
            found=f"revision {', '.join(unknown)}: made by a newer version of littermate",
            do="update littermate (pip install --upgrade littermate); nothing was changed",
        )
    return list(found) != [REVISIONS[-1]]


def migrate(connection: Connection) -> None:
    """Run every step that is missing, in the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    with as_file(files("littermate.store") / "migrations") as folder, warnings.catch_warnings():
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
