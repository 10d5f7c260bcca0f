"""ArriveItem: one sub-item of the ARRIVE 2.0 checklist, and what answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from littermate.model.statement import STATEMENTS
from littermate.report.content import ReportContent
from littermate.report.wording import listed, mentions, sentence, slug

__all__ = ["ArriveItem", "author_item", "item", "stated"]

_ESSENTIAL = 10
_SECTIONS = {
    "Animals": "flow",
    "Journal": "journal",
    "Results": "results",
    "What a reader must know": "findings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveItem:
    """One sub-item: its number (``"2b"``), heading, what it asks, what answers it, and what is missing.

    `where` is the section of the report in which the answer stands; `by_authors` whether only they can write it.
    """

    number: str
    heading: str
    asks: str
    answer: str
    missing: str = ""
    where: str = ""
    by_authors: bool = False

    @property
    def essential(self) -> bool:
        """Whether it is one of the Essential 10."""
        return int(re.match(r"\d+", self.number)[0]) <= _ESSENTIAL  # type: ignore[index]

    @property
    def anchor(self) -> str:
        """The anchor of the section in which the answer stands; empty where it has none."""
        section, _, part = self.where.partition(": ")
        return f"m-{slug(part)}" if part else _SECTIONS.get(section, "")

    @property
    def state(self) -> str:
        """``"given"``, ``"partly"``, ``"missing"``, or ``"to be written"`` where only the authors can."""
        if not self.missing:
            return "given"
        if self.answer:
            return "partly"
        return "to be written" if self.by_authors else "missing"


def item(
    number: str, heading: str, asks: str, answer: str, *, missing: str = "", lacks: str = "", where: str = ""
) -> ArriveItem:
    """Make an item that the record answers: `missing` is said where it does not, `lacks` beside what it says."""
    return ArriveItem(
        number=number,
        heading=heading,
        asks=asks,
        answer=answer,
        missing=lacks if answer else missing,
        where=where if answer else "",
    )


def stated(content: ReportContent, number: str, *words: str) -> str:
    """Return what people said of an item: facts whose heading mentions one of the words, then their statements."""
    facts = [f"{heading}: {text}" for heading, text in content.protocol.facts if mentions(heading, words)]
    keys = [one.key for one in STATEMENTS if one.item == number]
    return " ".join(sentence(text) for text in (*facts, *(text for key, text in content.statements if key in keys)))


def author_item(
    content: ReportContent, number: str, heading: str, asks: str, *words: str, record: str = "", where: str = ""
) -> ArriveItem:
    """Make an item that the authors have to answer; `record` is what is known of it beside their words."""
    said = stated(content, number, *words)
    keys = listed(one.key for one in STATEMENTS if one.item == number)
    return ArriveItem(
        number=number,
        heading=heading,
        asks=asks,
        answer=" ".join(filter(None, (said, record))),
        missing="" if said else f"to be written by the authors (arrive.toml: {keys})",
        where=where if record else "",
        by_authors=True,
    )
