"""What is said beside a planned analysis, as tables: comparisons, re-drawing, other analyses, families.

The planned analysis stays the primary one. Tables have raw numbers; the page rounds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.comparison import AdjustedFamily
from littermate.report.wording import term_label

__all__ = ["BesideTable", "beside_tables", "family_rows"]

Cell = str | float | int | None
Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideTable:
    """One table: its file's name, its caption, and its rows under a head."""

    name: str
    caption: str
    rows: Rows


def beside_tables(analysis: Analysis) -> tuple[BesideTable, ...]:
    """Return the tables beside one analysis; those with nothing in them are left out."""
    tables = (
        *_comparisons(analysis),
        BesideTable(name="mixed", caption="Variances of the mixed model", rows=list(_variances(analysis))),
        BesideTable(name="equivalence", caption="Equivalence and Bayes factors", rows=list(_no_effect(analysis))),
        BesideTable(name="randomization", caption="Randomisation test", rows=list(_redrawn(analysis))),
    )
    return tuple(table for table in tables if len(table.rows) > 1)


def _comparisons(analysis: Analysis) -> Iterator[BesideTable]:
    for family in analysis.comparisons:
        rows: Rows = [["contrast", "estimate", "low", "high", "p", "p adjusted"]]
        rows += [[one.label, one.estimate, *one.interval, one.p, one.p_adjusted] for one in family.rows]
        caption = f"{family.family}: {family.adjust_words}; {100 * family.level:g} % intervals, {family.interval_words}"
        yield BesideTable(name="comparisons", caption=caption[:1].upper() + caption[1:], rows=rows)


def _variances(analysis: Analysis) -> Iterator[list[Cell]]:
    yield ["of", "groups", "variance", "sd", "share", "p"]
    if analysis.mixed is not None:
        for one in analysis.mixed.components:
            yield [one.group, one.levels, one.variance, one.sd, one.share, one.p]


def _no_effect(analysis: Analysis) -> Iterator[list[Cell]]:
    yield ["difference", "smallest effect", "p equivalence", "says", "BF01", "evidence"]
    for one, grade in analysis.no_effect:
        bayes: list[Cell] = [grade.bf01, grade.says] if grade else [None, None]
        yield [one.label, one.smallest_effect, one.p, one.says, *bayes]


def _redrawn(analysis: Analysis) -> Iterator[list[Cell]]:
    yield ["effect", "f", "p", "as large", "of", "smallest p", "se of p"]
    for one in analysis.randomization.effects if analysis.randomization else ():
        yield [term_label(one.term), one.f, one.p, one.b, one.count, one.smallest_p, one.mc_se]


def family_rows(families: Iterable[tuple[str, AdjustedFamily]]) -> Rows:
    """List the tests of every family of outcomes, before and after adjustment."""
    rows: Rows = [["family", "test", "p", "p adjusted", "by"]]
    for name, one in families:
        for test, p, adjusted in zip(one.names, one.p, one.p_adjusted, strict=True):
            rows.append([name, test, p, adjusted, one.method])
    return rows
