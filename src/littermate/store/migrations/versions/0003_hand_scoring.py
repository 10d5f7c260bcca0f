"""Hand scoring: people, clips, key presses; thresholds fitted to them; places of bands set by a person.

A migration is history: it stands on its own and is never edited after a release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = ("account", "clip", "key_press", "thresholds", "band_place")


def references(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


def entry() -> sa.Column[int]:
    return sa.Column("entry", sa.Integer, references("journal.number"), nullable=False, index=True)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        entry(),
    )
    op.create_table(
        "clip",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("trial", sa.String, references("trial.id"), nullable=False, index=True),
        sa.Column("assay", sa.String, nullable=False),
        sa.Column("scorer", sa.String, nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        entry(),
    )
    op.create_table(
        "key_press",
        sa.Column("clip", sa.String, references("clip.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("t_s", sa.Float, nullable=False),
        sa.Column("behaviour", sa.String, nullable=False),
        sa.Column("undoes", sa.Integer),
        sa.Column("speed", sa.Float, nullable=False),
        sa.Column("latch", sa.Boolean, nullable=False),
        entry(),
    )
    op.create_table(
        "thresholds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("assay", sa.String, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        entry(),
    )
    op.create_table(
        "band_place",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("box_px", sa.Text),
        entry(),
    )
    op.create_index("ix_journal_what", "journal", ["what"])
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
