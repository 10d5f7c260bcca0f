"""A literature table: one row an effect, read into `StudyEffect` records.

A row that lacks a number, or whose effect has no variance, is left out and named with the reason; a row with something
that cannot be is a fault of the table. A column ``direction`` ("higher is worse", "higher is better") may say what a
high value means: where rows differ, those in which higher is better have their sign turned, so that an effect below 0
speaks for the treatment in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from littermate.errors import Complaint, TableError, UsageError
from littermate.literature.effect_rows import EffectRow, evidence_of
from littermate.literature.effect_sizes import Evidence, NoEffectError, TwoArms
from littermate.literature.implausible import doubts
from littermate.literature.meta_columns import EXPECTED, known_columns
from littermate.literature.missing import is_missing
from littermate.model.study_effect import FAVOURS, MEASURES, StudyEffect

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHARED", "EffectTable", "read_effects"]

SHARED = ("keep", "split")


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectTable:
    """What was read: the measure, effects in the order of the rows, what was left out, what the signs mean."""

    measure: str
    effects: tuple[StudyEffect, ...]
    left_out: tuple[tuple[str, str], ...]
    favours: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row that has evidence."""

    name: str
    cluster: str
    entries: tuple[tuple[str, str], ...]
    roles: Mapping[str, str]
    evidence: Evidence
    flags: tuple[str, ...]
    better: bool | None

    @property
    def control(self) -> tuple[object, ...]:
        """What its control group is known by; empty where nothing tells it."""
        if not is_missing(self.roles.get("control", "")):
            return (self.cluster, self.roles["control"])
        return (self.cluster, *self.evidence.control) if self.evidence.control else ()


def read_effects(frame: pd.DataFrame, *, measure: str = "", shared: str = "keep") -> EffectTable:
    """Read the effects of a table of text.

    Parameters
    ----------
    frame
        Text, one row an effect; the index is the line of the file, ``attrs["path"]`` where it is from.
    measure
        One of `littermate.model.study_effect.MEASURES`; told by the columns where it is empty.
    shared
        What is done with a control group that several effects share: ``"keep"`` it as it is, or ``"split"`` its
        animals among them.

    Raises
    ------
    UsageError
        If there is no such measure, or no such way with control groups.
    TableError
        If the columns say no effect, or entries cannot be; all at once.
    """
    if measure and measure not in MEASURES:
        raise UsageError(expected=f"one of {', '.join(MEASURES)}", found=measure, do="choose a measure")
    if shared not in SHARED:
        raise UsageError(expected=f"one of {', '.join(SHARED)}", found=shared, do="choose one")
    path = str(frame.attrs.get("path", ""))
    columns = known_columns(frame.columns, where=path)
    measure = measure or _measure(columns, frame, path)
    rows, left_out = _read_rows(frame, columns, measure, path)
    turned = len({row.better for row in rows if row.better is not None}) > 1
    effects, without = _effects(rows, measure, shared, turned=turned)
    if not effects:
        reasons = "; ".join(f"{name}: {why}" for name, why in (*left_out, *without)[:5])
        raise TableError(
            expected="a study with an effect", found=f"none ({reasons})", do=f"give the columns {EXPECTED}", where=path
        )
    return EffectTable(
        measure=measure, effects=effects, left_out=(*left_out, *without), favours=_favours(rows, turned=turned)
    )


def _measure(columns: Mapping[str, str], frame: pd.DataFrame, path: str) -> str:
    """Return the measure that the columns tell."""
    has = columns.keys()
    if "yi" in has and (has & {"vi", "sei"} or {"low", "high"} <= has):
        return "given"
    if {"events1", "events2"} <= has:
        return "RR"
    if {"mean1", "mean2"} <= has or (has & {"t", "f", "p", "cohen", "yi"} and (has & {"n", "n1"})):
        return "SMD"
    raise TableError(
        expected=f"the columns {EXPECTED}",
        found=", ".join(map(str, frame.columns)),
        do="rename the columns, or add what is lacking",
        where=path,
    )


def _read_rows(
    frame: pd.DataFrame, columns: Mapping[str, str], measure: str, path: str
) -> tuple[list[_Row], list[tuple[str, str]]]:
    names = _names(frame, columns)
    rows: list[_Row] = []
    left_out: list[tuple[str, str]] = []
    complaints: list[Complaint] = []
    for (line, cells), (name, cluster) in zip(frame.iterrows(), names, strict=True):
        entries = {str(column): str(text) for column, text in cells.items()}
        row = EffectRow({role: entries[column] for role, column in columns.items()}, f"{path}, line {line}", columns)
        better = _higher_is_better(row)
        try:
            evidence = evidence_of(row, measure)
        except NoEffectError as reason:
            left_out.append((name, str(reason)))
            evidence = None
        complaints.extend(row.complaints)
        if evidence is not None and not row.complaints:
            rows.append(
                _Row(
                    name=name,
                    cluster=cluster,
                    entries=tuple(entries.items()),
                    roles=row.entries,
                    evidence=evidence,
                    flags=tuple(row.flags),
                    better=better,
                )
            )
    if complaints:
        raise TableError.of(complaints)
    return rows, left_out


def _names(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (name, study) of every row; a study's several effects are numbered."""
    studies = []
    for place, (_, cells) in enumerate(frame.iterrows(), start=1):
        said = str(cells[columns["study"]]) if "study" in columns else ""
        study = f"study {place}" if is_missing(said) else said
        year = str(cells[columns["year"]]) if "year" in columns else ""
        studies.append(study if is_missing(year) or year in study else f"{study} {year}")
    count = Counter(studies)
    seen: Counter[str] = Counter()
    names = []
    for study in studies:
        seen[study] += 1
        names.append((f"{study} ({seen[study]})" if count[study] > 1 else study, study))
    return names


_DIRECTIONS = {
    "higher is worse": False,
    "lower is better": False,
    "worse": False,
    "higher is better": True,
    "lower is worse": True,
    "better": True,
}


def _higher_is_better(row: EffectRow) -> bool | None:
    if not row.has("direction"):
        return None
    said = " ".join(row.entries["direction"].casefold().replace("_", " ").split())
    if said not in _DIRECTIONS:
        row.complain("'higher is worse' or 'higher is better'", "direction", row.entries["direction"])
    return _DIRECTIONS.get(said)


def _favours(rows: Sequence[_Row], *, turned: bool) -> tuple[str, str] | None:
    said = {row.better for row in rows if row.better is not None}
    return FAVOURS["higher is worse" if turned or said == {False} else "higher is better"] if said else None


def _effects(
    rows: Sequence[_Row], measure: str, shared: str, *, turned: bool
) -> tuple[tuple[StudyEffect, ...], tuple[tuple[str, str], ...]]:
    """Return the rows' effects, and the rows that have none with the reason."""
    sharing = Counter(row.control for row in rows if row.control)
    doubted = doubts([row.evidence if isinstance(row.evidence, TwoArms) else None for row in rows])
    effects, without = [], []
    for row, flags in zip(rows, doubted, strict=True):
        times = sharing.get(row.control, 1)
        try:
            evidence = row.evidence.sharing(times) if shared == "split" else row.evidence
            yi, vi = evidence.effect(measure)
        except NoEffectError as reason:
            without.append((row.name, str(reason)))
            continue
        effect = _effect(row, evidence, (yi, vi))
        if turned and row.better:
            effect = replace(effect, yi=-effect.yi, flags=(*effect.flags, "sign turned, as higher is better"))
        effects.append(replace(effect, flags=(*effect.flags, *flags, *_sharing(times, shared))))
    return tuple(effects), tuple(without)


def _effect(row: _Row, evidence: Evidence, found: tuple[float, float]) -> StudyEffect:
    year = row.roles.get("year", "")
    return StudyEffect(
        study=row.name,
        cluster=row.cluster,
        yi=found[0],
        vi=found[1],
        n_treatment=evidence.n1,
        n_control=evidence.n2,
        source=evidence.source,
        columns=row.entries,
        year=float(year) if year.strip().isdecimal() else None,
        flags=row.flags,
    )


def _sharing(times: int, shared: str) -> tuple[str, ...]:
    if times < 2:
        return ()
    done = "its animals are divided among them" if shared == "split" else "its animals are counted in each"
    return (f"{times} effects share this control group; {done}",)
