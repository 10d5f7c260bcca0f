"""What the tables of study.toml must say together: names that others refer to, and a design that can be.

Each check looks at the tables as they are written, so that a fault in one line of a table does not hide a wrong name in
another.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from littermate.errors import ProtocolError
from littermate.model.treatment import shared_ml_per_kg
from littermate.store.faults import Faults, choose
from littermate.store.protocol_sheet import BALANCE, FACTOR, ProtocolSheet, RawTable, Section
from littermate.store.toml_lines import TomlPath

__all__ = ["check_sheet"]

_NAMED_ONCE: tuple[tuple[Section, str], ...] = (
    (FACTOR, "name"),
    (BALANCE, "name"),
    (("step",), "name"),
    (("assay",), "name"),
    (("outcome",), "name"),
    (("exclusion",), "name"),
    (("blot",), "target"),
    (("plan",), "outcome"),
    (("family",), "name"),
)


def check_sheet(sheet: ProtocolSheet, kinds: Sequence[str], faults: Faults) -> None:
    """Collect every fault between tables; `kinds` are the assays there are, empty where that is not asked."""
    for section, key in _NAMED_ONCE:
        _check_twice(sheet, section, key, faults)
    _check_stages(sheet, faults)
    _check_size(sheet, faults)
    _check_treatments(sheet, faults)
    _check_volumes(sheet, faults)
    _check_schedule(sheet, faults)
    _check_circles(sheet, faults)
    _check_kinds(sheet, kinds, faults)
    _check_outcomes(sheet, faults)
    _check_plans(sheet, faults)
    _check_literature(sheet, faults)


def _check_kinds(sheet: ProtocolSheet, kinds: Sequence[str], faults: Faults) -> None:
    for table in sheet.tables[("assay",)]:
        if kinds and table.text("kind"):
            _check_name(table.text("kind"), kinds, "the assays", (*table.path, "kind"), faults)


def _check_twice(sheet: ProtocolSheet, section: Section, key: str, faults: Faults) -> None:
    """Complain about every name that an earlier table has."""
    seen: Counter[str] = Counter()
    for table in sheet.tables[section]:
        name = table.text(key)
        seen[name] += 1
        if name and seen[name] == 2:
            found = f"{key} = {name!r} a second time"
            word = ".".join(section)
            faults.at((*table.path, key), expected=f"each {word} once", found=found, do="rename or remove it")


def _check_name(name: str, allowed: Sequence[str], what: str, path: TomlPath, faults: Faults) -> None:
    """Complain about a reference to something that is not in the file."""
    if name in allowed:
        return
    known = ", ".join(dict.fromkeys(allowed)) or "none in this file"
    do = choose(name, allowed, otherwise="use one of these, or add it")
    faults.at(path, expected=f"{what}: {known}", found=repr(name), do=do)


def _check_key(table: RawTable, key: str, allowed: Sequence[str], what: str, faults: Faults) -> None:
    """Complain about one text or each text of a list, where there is one, that names nothing in the file."""
    for name in [*table.texts(key), *filter(None, [table.text(key)])]:
        _check_name(name, allowed, what, (*table.path, key), faults)


def _levels(sheet: ProtocolSheet) -> dict[str, list[str]]:
    return {table.text("name"): table.texts("levels") for table in sheet.tables[FACTOR] if table.text("name")}


def _check_stages(sheet: ProtocolSheet, faults: Faults) -> None:
    factors, stages = sheet.names(FACTOR), sheet.design_raw.texts("stages")
    if not (factors and stages):
        return
    _check_key(sheet.design_raw, "stages", factors, "stages, each one of the factors", faults)
    missing = [name for name in dict.fromkeys(factors) if name not in stages]
    twice = [name for name, count in Counter(stages).items() if count > 1]
    if missing or twice:
        faults.at(
            ("design", "stages"),
            expected=f"every factor once, in the order of allocation: {', '.join(dict.fromkeys(factors))}",
            found=", ".join(stages),
            do=f"add {', '.join(missing)}" if missing else f"name {', '.join(twice)} once",
        )


def _check_size(sheet: ProtocolSheet, faults: Faults) -> None:
    """Complain where the stated number of animals cannot fill the groups equally."""
    design, factors = sheet.design, sheet.records[FACTOR]
    if design is None or design.animals is None or len(factors) != len(sheet.tables[FACTOR]):
        return
    groups = math.prod(len(factor.levels) for factor in factors)
    if design.animals != groups * design.per_group:
        faults.at(
            ("design", "animals"),
            expected=f"{groups} groups x {design.per_group} = {groups * design.per_group} animals",
            found=f"{design.animals}",
            do="correct animals, per_group or the levels so that all groups are equal",
        )


def _check_treatments(sheet: ProtocolSheet, faults: Faults) -> None:
    levels = _levels(sheet)
    seen: Counter[tuple[str, str]] = Counter()
    for table in sheet.tables[("treatment",)]:
        factor, level = table.text("factor"), table.text("level")
        _check_key(table, "factor", list(levels), "one of the factors", faults)
        if levels.get(factor):
            _check_key(table, "level", levels[factor], f"one of the levels of {factor}", faults)
        seen[factor, level] += 1
        if seen[factor, level] == 2:
            found = f"a second one for {factor}: {level}"
            faults.at((*table.path, "level"), expected="one treatment a level", found=found, do="join or remove it")


def _check_volumes(sheet: ProtocolSheet, faults: Faults) -> None:
    """Complain about a factor whose levels would be told by the syringe; at the last of its treatments."""
    last = {table.text("factor"): table for table in sheet.tables[("treatment",)]}
    for factor, table in last.items():
        try:
            shared_ml_per_kg(one for one in sheet.records[("treatment",)] if one.factor == factor)
        except ProtocolError as fault:
            faults.take(fault, table.path)


def _check_schedule(sheet: ProtocolSheet, faults: Faults) -> None:
    steps, factors, assays = sheet.names(("step",)), sheet.names(FACTOR), sheet.names(("assay",))
    for table in sheet.tables[("step",)]:
        _check_key(table, "treats", factors, "one of the factors", faults)
        _check_key(table, "assay", assays, "one of the assays", faults)
        _check_key(table, "after", steps, "one of the steps", faults)


def _check_circles(sheet: ProtocolSheet, faults: Faults) -> None:
    """Complain once about each circle of steps, at its first step."""
    after = {table.text("name"): table.text("after") for table in sheet.tables[("step",)]}
    told: set[str] = set()
    for table in sheet.tables[("step",)]:
        circle = _circle(table.text("name"), after)
        if circle and not told & set(circle):
            told |= set(circle)
            faults.at(
                (*table.path, "after"),
                expected="steps that follow each other in a line",
                found="a circle: " + ", ".join(f"{one} after {earlier}" for one, earlier in pairwise(circle)),
                do="let one of them follow another step, or none",
            )


def _circle(name: str, after: dict[str, str]) -> list[str]:
    """Return the steps from `name` back to itself, itself at both ends; empty where there is no circle.

    Examples
    --------
    >>> _circle("b", {"a": "b", "b": "c", "c": "b"})
    ['b', 'c', 'b']
    """
    chain = [name]
    while earlier := after.get(chain[-1], ""):
        chain.append(earlier)
        if earlier in chain[:-1]:
            break
    return chain if len(chain) > 1 and chain[-1] == name else []


def _check_outcomes(sheet: ProtocolSheet, faults: Faults) -> None:
    assays, regions, measures = sheet.names(("assay",)), _regions(sheet), _ratios(sheet)
    for table in sheet.tables[("outcome",)]:
        assay = table.text("assay")
        _check_key(table, "assay", [*assays, *regions], "one of the assays, blots and plates", faults)
        if regions.get(assay):
            what = f"one of the regions of the {assay}"
            _check_name(table.text("region"), regions[assay], what, (*table.path, "region"), faults)
        if assay == "blot" and measures:
            _check_key(table, "measure", measures, "target/loading control of a [[blot]]", faults)


def _regions(sheet: ProtocolSheet) -> dict[str, list[str]]:
    """Return the regions in which there is a blot, an elisa, a bca."""
    regions: dict[str, list[str]] = {}
    for table in sheet.tables[("blot",)]:
        regions.setdefault("blot", []).extend(table.texts("regions"))
    for table in sheet.tables[("plate",)]:
        regions.setdefault(table.text("kind"), []).extend(table.texts("regions"))
    return regions


def _ratios(sheet: ProtocolSheet) -> list[str]:
    return [f"{table.text('target')}/{table.text('relative_to')}" for table in sheet.tables[("blot",)]]


def _check_plans(sheet: ProtocolSheet, faults: Faults) -> None:
    outcomes, factors = sheet.names(("outcome",)), sheet.names(FACTOR)
    columns = [sheet.design_raw.text("block"), *sheet.design_raw.texts("by"), *_cage_of_factors(sheet)]
    blocks = [*(column for column in columns if column not in ("", "weight")), *sheet.names(BALANCE)]
    for table in sheet.tables[("plan",)]:
        _check_key(table, "outcome", outcomes, "one of the outcomes", faults)
        _check_key(table, "factors", factors, "one of the factors", faults)
        _check_key(
            table, "blocks", blocks, "the design's block, a column of its scheme, or one of its balances", faults
        )
        _check_key(table, "random", ["cage", *blocks], "cage, or a block of the design", faults)
        _check_key(table, "family", sheet.names(("family",)), "one of the families", faults)


def _check_literature(sheet: ProtocolSheet, faults: Faults) -> None:
    levels = _levels(sheet)
    for table in sheet.tables[("literature",)]:
        _check_key(table, "outcome", sheet.names(("plan",), "outcome"), "the outcome of a [[plan]]", faults)
        _check_key(table, "factor", list(levels), "one of the factors", faults)
        if effects := levels.get(table.text("factor"), [])[1:]:
            _check_key(table, "level", effects, f"a level of {table.text('factor')} but its control", faults)


def _cage_of_factors(sheet: ProtocolSheet) -> list[str]:
    """Return the cage, where a factor is given to whole cages."""
    return ["cage"] if any(table.text("given_to") == "cage" for table in sheet.tables[FACTOR]) else []
