"""The ARRIVE 2.0 checklist, Essential 10 and Recommended Set, filled in from the record, what is missing said plainly.

The items are those of Percie du Sert et al. 2020, *PLoS Biol* 18:e3000410, in our own short words. An answer is
written only from what the study holds; a `missing` text says what a person still has to write. What only the authors
can say comes from the facts of the protocol and from arrive.toml (`littermate.model.statement`); where it is not there
the item is *to be written*, and says under which key.
"""

from __future__ import annotations

from littermate.report.arrive_essential import essential_ten
from littermate.report.arrive_item import ArriveItem
from littermate.report.arrive_recommended import recommended_set
from littermate.report.content import ReportContent

__all__ = ["arrive_items", "arrive_rows"]

Cell = str | float | int | None


def arrive_items(content: ReportContent) -> tuple[ArriveItem, ...]:
    """Fill in the whole checklist, in its order."""
    return (*essential_ten(content), *recommended_set(content))


def arrive_rows(content: ReportContent) -> list[list[Cell]]:
    """List the checklist under a head, for a table to be handed in with a manuscript."""
    rows: list[list[Cell]] = [["item", "set", "heading", "recommendation", "state", "where", "text", "missing"]]
    for one in arrive_items(content):
        group = "Essential 10" if one.essential else "Recommended Set"
        asks = f"{one.asks[:1].upper()}{one.asks[1:]}"
        rows.append([one.number, group, one.heading, asks, one.state, one.where, one.answer, one.missing])
    return rows
