"""First tables: journal, codes, trials, rule sets, measurements, bouts, exclusions, allocation, raw files.

A migration is history: it stands on its own and is never edited after a release. Rows may be added and nothing else,
which triggers enforce.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    "journal",
    "tag",
    "trial",
    "rule_set",
    "measurement",
    "bout_set",
    "bout",
    "exclusion",
    "allocation",
    "blot_image",
    "plate_file",
)


def references(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


def text(name: str, *, key: bool = False, size: int | None = None, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), primary_key=key, unique=unique, nullable=False)


def long_text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False)


def entry() -> sa.Column[int]:
    return sa.Column("entry", sa.Integer, references("journal.number"), nullable=False, index=True)


def code() -> sa.Column[str]:
    return sa.Column("code", sa.String, references("tag.code"), nullable=False, index=True)


def upgrade() -> None:
    create_ledger()
    create_animals_and_trials()
    create_measurements()
    create_bouts()
    create_unblinding()
    create_raw_files()
    forbid_changes()


def create_ledger() -> None:
    op.create_table("meta", text("key", key=True), long_text("value"))
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        text("at"),
        text("who"),
        text("what"),
        long_text("arguments"),
        text("version"),
        text("previous", size=64),
        text("hash", size=64, unique=True),
    )


def create_animals_and_trials() -> None:
    op.create_table(
        "tag",
        text("animal", key=True),
        text("code", unique=True),
        long_text("vials"),
        long_text("balanced"),
        entry(),
    )
    op.create_table(
        "trial",
        text("id", key=True),
        code(),
        text("assay"),
        text("recording"),
        text("sha256", size=64),
        number("t0_s"),
        long_text("arena_px", nullable=True),
        entry(),
    )


def create_measurements() -> None:
    op.create_table(
        "rule_set", text("hash", key=True), text("name"), long_text("parameters"), long_text("words"), entry()
    )
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer, primary_key=True),
        text("outcome"),
        code(),
        sa.Column("value", sa.Float),
        text("unit"),
        text("source_kind"),
        text("source_sha256", size=64),
        long_text("source_place"),
        sa.Column("rules_hash", sa.String, references("rule_set.hash"), nullable=False),
        long_text("reason"),
        long_text("flags"),
        text("block"),
        entry(),
    )


def create_bouts() -> None:
    op.create_table(
        "bout_set",
        sa.Column("entry", sa.Integer, references("journal.number"), primary_key=True, autoincrement=False),
        sa.Column("trial", sa.String, references("trial.id"), primary_key=True),
        text("scorer", key=True),
    )
    op.create_table(
        "bout",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("trial", sa.String, nullable=False, index=True),
        text("scorer"),
        text("behaviour"),
        number("start_s"),
        number("stop_s"),
        sa.Column("cut", sa.Boolean, nullable=False),
        entry(),
        sa.ForeignKeyConstraint(
            ["entry", "trial", "scorer"],
            ["bout_set.entry", "bout_set.trial", "bout_set.scorer"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )


def create_unblinding() -> None:
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer, primary_key=True),
        code(),
        long_text("because"),
        text("outcome"),
        sa.Column("planned", sa.Boolean, nullable=False),
        entry(),
    )
    op.create_table(
        "allocation",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        long_text("content"),
        entry(),
    )


def create_raw_files() -> None:
    op.create_table(
        "blot_image",
        text("sha256", key=True, size=64),
        text("target", key=True),
        text("path"),
        text("region"),
        text("membrane"),
        long_text("lanes"),
        entry(),
    )
    op.create_table(
        "plate_file", text("sha256", key=True, size=64), text("path"), text("kind"), text("region"), entry()
    )


def forbid_changes() -> None:
    """Let rows be added to the record, and neither changed nor removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION littermate_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            op.execute(trigger(op.get_bind().dialect.name, table, event))


def trigger(dialect: str, table: str, event: str) -> str:
    name = f"{table}_no_{event.lower()}"
    if dialect == "postgresql":
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION littermate_append_only()"
        )
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
