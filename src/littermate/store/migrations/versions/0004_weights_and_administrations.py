"""Dosing: the animals' weights by day, and what was really given.

A migration is history: it stands on its own and is never edited after a release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("weighing", "administration")


def references(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


def entry() -> sa.Column[int]:
    return sa.Column("entry", sa.Integer, references("journal.number"), nullable=False, index=True)


def animal() -> sa.Column[str]:
    return sa.Column("animal", sa.String, references("tag.animal"), nullable=False, index=True)


def upgrade() -> None:
    op.create_table(
        "weighing",
        sa.Column("id", sa.Integer, primary_key=True),
        animal(),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("weight_g", sa.Float, nullable=False),
        entry(),
    )
    op.create_table(
        "administration",
        sa.Column("id", sa.Integer, primary_key=True),
        animal(),
        sa.Column("injection", sa.Integer, nullable=False),
        sa.Column("vial", sa.String, nullable=False),
        sa.Column("at", sa.String),
        sa.Column("volume_ml", sa.Float),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("given_by", sa.String, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        entry(),
    )
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            op.execute(trigger(op.get_bind().dialect.name, table, event))


def trigger(dialect: str, table: str, event: str) -> str:
    """Let rows be added, and neither changed nor removed; the function is that of the first migration."""
    name = f"{table}_no_{event.lower()}"
    if dialect == "postgresql":
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION littermate_append_only()"
        )
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
