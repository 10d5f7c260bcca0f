"""Tables of the database, as the newest migration leaves them. SQLAlchemy Core; no object is mapped.

Every row but those of `meta` belongs to the journal entry that wrote it (`entry`), is never changed and never removed:
the newest row counts. Lists and pairs are canonical JSON in text columns. References are checked at the end of the
transaction, so the order of writing is free.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String, Table, Text

__all__ = [
    "RECORDS",
    "account",
    "administration",
    "allocation",
    "band_place",
    "blot_image",
    "bout",
    "bout_set",
    "clip",
    "exclusion",
    "journal",
    "key_press",
    "measurement",
    "meta",
    "placement",
    "plate_file",
    "recording",
    "rule_set",
    "tag",
    "thresholds",
    "trial",
    "weighing",
]

metadata = MetaData()


def _references(column: str) -> ForeignKey:
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


def _entry() -> Column[int]:
    return Column("entry", Integer, _references("journal.number"), nullable=False, index=True)


def _code() -> Column[str]:
    return Column("code", String, _references("tag.code"), nullable=False, index=True)


meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False, index=True),
    Column("arguments", Text, nullable=False),
    Column("version", String, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

tag = Table(
    "tag",
    metadata,
    Column("animal", String, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("vials", Text, nullable=False),
    Column("balanced", Text, nullable=False),
    _entry(),
)

trial = Table(
    "trial",
    metadata,
    Column("id", String, primary_key=True),
    _code(),
    Column("assay", String, nullable=False),
    Column("recording", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("t0_s", Float, nullable=False),
    Column("arena_px", Text),
    _entry(),
)

placement = Table(
    "placement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("trial", String, _references("trial.id"), nullable=False, index=True),
    Column("t0_s", Float, nullable=False),
    Column("arena_px", Text),
    Column("corners_px", Text),
    _entry(),
)

recording = Table(
    "recording",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("path", String, nullable=False),
    Column("facts", Text, nullable=False),
    Column("findings", Text, nullable=False),
    _entry(),
)

rule_set = Table(
    "rule_set",
    metadata,
    Column("hash", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("words", Text, nullable=False),
    _entry(),
)

measurement = Table(
    "measurement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outcome", String, nullable=False),
    _code(),
    Column("value", Float),
    Column("unit", String, nullable=False),
    Column("source_kind", String, nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("source_place", Text, nullable=False),
    Column("rules_hash", String, _references("rule_set.hash"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("flags", Text, nullable=False),
    Column("block", String, nullable=False),
    _entry(),
)

bout_set = Table(
    "bout_set",
    metadata,
    Column("entry", Integer, _references("journal.number"), primary_key=True, autoincrement=False),
    Column("trial", String, _references("trial.id"), primary_key=True),
    Column("scorer", String, primary_key=True),
)

bout = Table(
    "bout",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("trial", String, nullable=False, index=True),
    Column("scorer", String, nullable=False),
    Column("behaviour", String, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("stop_s", Float, nullable=False),
    Column("cut", Boolean, nullable=False),
    _entry(),
    ForeignKeyConstraint(
        ["entry", "trial", "scorer"],
        ["bout_set.entry", "bout_set.trial", "bout_set.scorer"],
        deferrable=True,
        initially="DEFERRED",
    ),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("id", Integer, primary_key=True),
    _code(),
    Column("because", Text, nullable=False),
    Column("outcome", String, nullable=False),
    Column("planned", Boolean, nullable=False),
    _entry(),
)

allocation = Table(
    "allocation",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    _entry(),
)

blot_image = Table(
    "blot_image",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("target", String, primary_key=True),
    Column("path", String, nullable=False),
    Column("region", String, nullable=False),
    Column("membrane", String, nullable=False),
    Column("lanes", Text, nullable=False),
    _entry(),
)

plate_file = Table(
    "plate_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("path", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("region", String, nullable=False),
    _entry(),
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    _entry(),
)

clip = Table(
    "clip",
    metadata,
    Column("id", String, primary_key=True),
    Column("trial", String, _references("trial.id"), nullable=False, index=True),
    Column("assay", String, nullable=False),
    Column("scorer", String, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    _entry(),
)

key_press = Table(
    "key_press",
    metadata,
    Column("clip", String, _references("clip.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("action", String, nullable=False),
    Column("t_s", Float, nullable=False),
    Column("behaviour", String, nullable=False),
    Column("undoes", Integer),
    Column("speed", Float, nullable=False),
    Column("latch", Boolean, nullable=False),
    _entry(),
)

thresholds = Table(
    "thresholds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("assay", String, nullable=False),
    Column("settings", Text, nullable=False),
    Column("words", Text, nullable=False),
    _entry(),
)

band_place = Table(
    "band_place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("target", String, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("box_px", Text),
    _entry(),
)

weighing = Table(
    "weighing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("animal", String, _references("tag.animal"), nullable=False, index=True),
    Column("day", String, nullable=False),
    Column("weight_g", Float, nullable=False),
    _entry(),
)

administration = Table(
    "administration",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("animal", String, _references("tag.animal"), nullable=False, index=True),
    Column("injection", Integer, nullable=False),
    Column("vial", String, nullable=False),
    Column("at", String),
    Column("volume_ml", Float),
    Column("side", String, nullable=False),
    Column("given_by", String, nullable=False),
    Column("note", Text, nullable=False),
    _entry(),
)

RECORDS: tuple[Table, ...] = (
    tag,
    trial,
    rule_set,
    measurement,
    bout_set,
    bout,
    exclusion,
    allocation,
    blot_image,
    plate_file,
    placement,
    recording,
    account,
    clip,
    key_press,
    thresholds,
    band_place,
    weighing,
    administration,
)
