"""Number rows: every value of a report with its way back, as the section "Every number" and its dialogs show it.

A row leads by anchors to its sources, its rules and the journal entries that touched it; a page without a script has
the same way back as one with it, a step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from littermate.model.measurement import Measurement
from littermate.report import wording
from littermate.report.content import ReportContent
from littermate.report.flag_words import flag_meaning
from littermate.report.trail import Trail, TrailSource

__all__ = ["AnimalRow", "NumberRow", "animal_rows", "number_rows", "source_anchor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One value: its anchor, the animal behind the code, what became of it, its flags, and the way back.

    `flags` are pairs (flag, meaning); `recorded` are those of its sources that are described.
    """

    anchor: str
    measurement: Measurement
    animal: str
    cell: tuple[str, ...]
    status: str
    flags: tuple[tuple[str, str], ...]
    recorded: tuple[TrailSource, ...]
    trail: Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimalRow:
    """One animal: its facts as pairs (name, words), and the anchors of its values as pairs (outcome, anchor)."""

    anchor: str
    code: str
    animal: str
    cell: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]


def source_anchor(source_id: str) -> str:
    """Return the anchor of a source.

    Examples
    --------
    >>> source_anchor("trial PKFXJHGQ")
    's-trial-PKFXJHGQ'
    """
    return f"s-{wording.slug(source_id)}"


def number_rows(content: ReportContent) -> dict[str, list[NumberRow]]:
    """Return the rows of every outcome, each with an anchor that no other row has."""
    rows: dict[str, list[NumberRow]] = {}
    seen: dict[str, int] = {}
    known = _Known(content)
    for measurement in content.measurements:
        anchor = wording.value_anchor(measurement.outcome, measurement.code)
        seen[anchor] = seen.get(anchor, 0) + 1
        own = anchor if seen[anchor] == 1 else f"{anchor}--{seen[anchor]}"
        rows.setdefault(measurement.outcome, []).append(known.row(own, measurement))
    return rows


class _Known:
    """What is looked up for every row, once."""

    def __init__(self, content: ReportContent) -> None:
        self._content = content
        self._animals = {tag.code: tag.animal for tag in content.tags}
        assigned = content.allocation.assignments if content.allocation else ()
        self._cells = {one.animal: one.cell for one in assigned}
        self._trails = {(one.outcome, one.code): one for one in content.trails}
        self._sources = {one.id: one for one in content.sources}
        self._analysed = {(one.plan.outcome, point.unit) for one in content.analyses for point in one.points}
        self._planned = {one.plan.outcome for one in content.analyses}
        self._paths = {one.sha256: one.recording for one in content.trials}

    def row(self, anchor: str, measurement: Measurement) -> NumberRow:
        """Return one row."""
        outcome, code = measurement.outcome, measurement.code
        animal = self._animals.get(code, "")
        trail = self._trails.get((outcome, code), Trail(outcome=outcome, code=code))
        about = (self._paths.get(measurement.source.sha256, ""), measurement.source.place)
        findings = self._content.findings
        return NumberRow(
            anchor=anchor,
            measurement=measurement,
            animal=animal,
            cell=self._cells.get(animal, ()),
            status=self._status(measurement),
            flags=tuple((flag, flag_meaning(flag, findings, about)) for flag in measurement.flags),
            recorded=tuple(self._sources[one] for one in trail.sources if one in self._sources),
            trail=trail,
        )

    def _status(self, measurement: Measurement) -> str:
        """Say whether a value is in the planned analysis of its outcome, and why not."""
        outcome, code = measurement.outcome, measurement.code
        for one in self._content.exclusions:
            if one.code == code and one.outcome in ("", outcome):
                return f"excluded, {'by a planned rule' if one.planned else 'not by a planned rule'}: {one.because}"
        if (outcome, code) in self._analysed:
            return "analysed"
        if outcome not in self._planned:
            return "no analysis is planned"
        return "not analysed: the value is missing" if measurement.value is None else "not analysed"


def animal_rows(content: ReportContent, values: Mapping[str, Iterable[NumberRow]]) -> tuple[AnimalRow, ...]:
    """Return every animal that has a code, with the anchors of its values."""
    of_code: dict[str, list[tuple[str, str]]] = {}
    for outcome, rows in values.items():
        for row in rows:
            of_code.setdefault(row.measurement.code, []).append((outcome, row.anchor))
    animals = {animal.id: animal for animal in content.animals}
    found = []
    for tag in content.tags:
        animal = animals.get(tag.animal)
        weight = None if animal is None or animal.weight_g is None else f"{animal.weight_g:g} g"
        facts = () if animal is None else (("sex", animal.sex), ("strain", animal.strain), ("weight", weight or ""))
        cage = () if animal is None else (("cage", animal.cage),)
        said = (*facts, *cage, *tag.balanced, *((f"{factor} vial", vial) for factor, vial in tag.vials))
        found.append(
            AnimalRow(
                anchor=f"a-{wording.slug(tag.code)}",
                code=tag.code,
                animal=tag.animal,
                cell=content.cell_of(tag.code) or (),
                facts=tuple((name, words) for name, words in said if words),
                values=tuple(of_code.get(tag.code, ())),
            )
        )
    return tuple(found)
