"""Placements (t0, arena, floor corners of a trial, the newest counts) and recordings with what was found in them.

A migration is history: it stands on its own and is never edited after a release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("placement", "recording")


def references(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


def entry() -> sa.Column[int]:
    return sa.Column("entry", sa.Integer, references("journal.number"), nullable=False, index=True)


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("trial", sa.String, references("trial.id"), nullable=False, index=True),
        sa.Column("t0_s", sa.Float, nullable=False),
        sa.Column("arena_px", sa.Text),
        sa.Column("corners_px", sa.Text),
        entry(),
    )
    op.create_table(
        "recording",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
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
