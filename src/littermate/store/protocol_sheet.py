"""ProtocolSheet: study.toml table by table. Sound ones become records; the faults of the others are collected.

Tables are read one by one, so that a fault in one does not hide the faults of another. `names` holds what tables are
called even where something else in them is wrong, so that nothing is said twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from littermate.errors import LittermateError
from littermate.store.faults import Faults, choose
from littermate.store.protocol_tables import (
    SAYS_FAULT,
    AssayTable,
    BalanceTable,
    BlotTable,
    DesignTable,
    ExclusionTable,
    FactorTable,
    FamilyTable,
    HeadTable,
    LiteratureTable,
    OutcomeTable,
    PlanTable,
    PlateTable,
    RecordTable,
    StepTable,
    Table,
    TreatmentTable,
)
from littermate.store.toml_lines import TomlPath

__all__ = ["BALANCE", "FACTOR", "ProtocolSheet", "RawTable", "Section", "read_sheet"]

Section = tuple[str, ...]

FACTOR: Section = ("design", "factor")
BALANCE: Section = ("design", "balance")

SECTIONS: dict[Section, type[RecordTable]] = {
    FACTOR: FactorTable,
    BALANCE: BalanceTable,
    ("treatment",): TreatmentTable,
    ("step",): StepTable,
    ("assay",): AssayTable,
    ("blot",): BlotTable,
    ("plate",): PlateTable,
    ("outcome",): OutcomeTable,
    ("exclusion",): ExclusionTable,
    ("plan",): PlanTable,
    ("family",): FamilyTable,
    ("literature",): LiteratureTable,
}

_KINDS = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
}
_LIMITS = {"ge": "or more", "gt": "above", "lt": "below", "le": "or less"}

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One table as written, sound or not, and its place."""

    path: TomlPath
    values: dict[str, Any]

    def text(self, key: str) -> str:
        """Return a text, or ``""`` where there is none."""
        value = self.values.get(key, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        """Return the texts of a list; none where it is no list."""
        value = self.values.get(key, [])
        return [one.strip() for one in value if isinstance(one, str)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSheet:
    """What could be read.

    Parameters
    ----------
    head, design
        `None` where they are at fault.
    design_raw
        The design as written; empty where there is none.
    records
        Section -> the records of its sound tables.
    tables
        Section -> all its tables as written.
    """

    head: HeadTable | None
    design: DesignTable | None
    design_raw: RawTable
    records: dict[Section, tuple[Any, ...]]
    tables: dict[Section, list[RawTable]]

    def names(self, section: Section, key: str = "name") -> list[str]:
        """Return what the section's tables are called, as written."""
        return [table.text(key) for table in self.tables[section] if table.text(key)]


def read_sheet(raw: dict[str, Any], faults: Faults) -> ProtocolSheet:
    """Read every table of the file."""
    top = {section[0] for section in SECTIONS}
    head = _validated(HeadTable, {key: raw[key] for key in raw if key not in top}, (), faults, also=sorted(top))
    design = raw.get("design")
    inner = design if isinstance(design, dict) else {}
    tables = {section: _tables(inner if section[0] == "design" else raw, section, faults) for section in SECTIONS}
    return ProtocolSheet(
        head=head,
        design=_read_design(design, faults),
        design_raw=RawTable(path=("design",), values=inner),
        records={section: _records(SECTIONS[section], tables[section], faults) for section in SECTIONS},
        tables=tables,
    )


def _read_design(design: Any, faults: Faults) -> DesignTable | None:
    if not isinstance(design, dict):
        faults.at(
            ("design",),
            expected="a table [design]",
            found="none" if design is None else repr(design),
            do="add [design] with per_group and stages, and a [[design.factor]] for each factor",
        )
        return None
    if not design.get("factor"):
        faults.at(("design",), expected="one [[design.factor]] or more", found="none", do="add the factors")
    own = {key: value for key, value in design.items() if key not in ("factor", "balance")}
    return _validated(DesignTable, own, ("design",), faults, also=["factor", "balance"])


def _tables(source: dict[str, Any], section: Section, faults: Faults) -> list[RawTable]:
    """Return the tables of an array of tables; anything else is a fault."""
    found = source.get(section[-1], [])
    name = ".".join(section)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        do = f"write [[{name}]] with double brackets, once for each"
        faults.at(section, expected=f"tables [[{name}]]", found=f"one table [{name}], or a value", do=do)
        return []
    return [RawTable(path=(*section, index), values=values) for index, values in enumerate(found)]


def _records(kind: type[RecordTable], tables: list[RawTable], faults: Faults) -> tuple[Any, ...]:
    records = []
    for raw in tables:
        table = _validated(kind, raw.values, raw.path, faults)
        if table is None:
            continue
        try:
            records.append(table.record())
        except LittermateError as error:
            faults.take(error, raw.path)
    return tuple(records)


def _validated(
    kind: type[AnyTable], raw: Any, path: TomlPath, faults: Faults, *, also: list[str] | None = None
) -> AnyTable | None:
    """Return the table, or `None` after its faults were collected; `also` names keys that are read elsewhere."""
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = (*path, *detail["loc"])
            faults.at(place, **_in_words(detail, [*_table_at(kind, detail["loc"]).model_fields, *(also or [])]))
        return None


def _table_at(kind: type[Table], place: tuple[int | str, ...]) -> type[Table]:
    """Return the table that a place lies in: the one that was read, or one of a list of tables inside it."""
    if len(place) < 3 or place[0] not in kind.model_fields:
        return kind
    inner = [one for one in get_args(kind.model_fields[str(place[0])].annotation) if issubclass(one, Table)]
    return inner[0] if inner else kind


def _in_words(detail: ErrorDetails, keys: list[str]) -> dict[str, str]:
    """Say a fault that pydantic found as expected, found and do."""
    kind, context, found = detail["type"], detail.get("ctx", {}), detail["input"]
    key = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    if kind == SAYS_FAULT:
        return {name: str(context[name]) for name in ("expected", "found", "do")}
    if kind == "missing":
        return {"expected": f"a line {key} = ...", "found": "none", "do": "add it"}
    if kind == "extra_forbidden":
        do = choose(key, keys, otherwise="remove it")
        return {"expected": f"one of the keys {', '.join(keys)}", "found": key, "do": do}
    if kind == "literal_error":
        allowed = str(context["expected"])
        do = choose(str(found), allowed.replace("'", "").replace(" or ", ", ").split(", "))
        return {"expected": f"{key} = {allowed}", "found": repr(found), "do": do}
    return {"expected": f"{key}: {_wanted(kind, context)}", "found": _shown(found), "do": "correct it"}


def _wanted(kind: str, context: dict[str, Any]) -> str:
    for name, words in _LIMITS.items():
        if name in context:
            limit = f"{context[name]:g}"
            return f"{limit} {words}" if words.startswith("or") else f"{words} {limit}"
    if kind == "too_short":
        return f"a list of {context['min_length']} or more"
    if kind == "too_long":
        return f"a list of at most {context['max_length']}"
    return _KINDS.get(kind, kind.replace("_", " "))


def _shown(found: Any) -> str:
    return "an empty list" if found == [] else repr(found)
