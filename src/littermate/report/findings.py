"""Findings on the page: by importance, one check's findings folded into one line, each with where it leads.

What a finding concerns is turned into a link where the page has it: an animal's value, an outcome, a journal entry, the
first value that was taken from a recording, a blot or a plate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from littermate.model.finding import IMPORTANCES, Finding
from littermate.report.content import ReportContent
from littermate.report.wording import slug, value_anchor

__all__ = ["FindingGroup", "Remark", "finding_groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one finding says: its message, what it concerns, and the anchor of that on the page, or an empty text."""

    message: str
    about: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """All findings of one check and importance.

    `title` is the check's first sentence (its id where nothing more is known of it), `explanation` its other
    paragraphs: why it matters and what to do.
    """

    id: str
    importance: str
    title: str
    explanation: tuple[str, ...]
    remarks: tuple[Remark, ...]


def finding_groups(content: ReportContent) -> dict[str, tuple[FindingGroup, ...]]:
    """Fold the findings, the most important first."""
    folded: dict[tuple[str, str], list[Finding]] = {}
    for finding in content.findings:
        folded.setdefault((finding.importance, finding.id), []).append(finding)
    places, meanings = _places(content), dict(content.meanings)
    groups = [_group(found, meanings.get(name, ""), places) for (_, name), found in folded.items()]
    known = dict.fromkeys((*IMPORTANCES, *(one.importance for one in groups)))
    by_importance = {name: tuple(one for one in groups if one.importance == name) for name in known}
    return {name: found for name, found in by_importance.items() if found}


def _group(found: list[Finding], meaning: str, places: Mapping[str, str]) -> FindingGroup:
    title, *explanation = (" ".join(paragraph.split()) for paragraph in meaning.split("\n\n"))
    return FindingGroup(
        id=found[0].id,
        importance=found[0].importance,
        title=title or found[0].id.replace("-", " "),
        explanation=tuple(explanation),
        remarks=tuple(
            Remark(message=one.message, about=one.about, anchor=_anchor_of(one.about, places)) for one in found
        ),
    )


def _anchor_of(about: str, places: Mapping[str, str]) -> str:
    """Look up what a finding is about: the whole of it, or the animal it begins with."""
    entry = re.fullmatch(r"journal entry (\d+)", about)
    if entry:
        return f"entry-{entry[1]}"
    return places.get(about) or places.get(about.partition(",")[0], "")


def _places(content: ReportContent) -> dict[str, str]:
    """Return the anchors of what a finding can be about; where two have one name, the first stays."""
    places: dict[str, str] = {}
    for about, where in _each_place(content):
        places.setdefault(about, where)
    return places


def _each_place(content: ReportContent) -> Iterator[tuple[str, str]]:
    yield "study.toml", "planned"
    yield "allocation", "journal"
    analysed = {one.plan.outcome for one in content.analyses}
    primary = {one.name for one in content.protocol.outcomes if one.primary}
    animals = {tag.code: tag.animal for tag in content.tags}
    trials = {one.sha256: one for one in content.trials}
    for name in dict.fromkeys(one.outcome for one in content.measurements):
        yield name, f"o-{slug(name)}" if name in analysed else f"values-{slug(name)}"
    for one in sorted(content.measurements, key=lambda one: one.outcome not in primary):
        where = value_anchor(one.outcome, one.code)
        yield f"{one.outcome} of {one.code}", where
        yield one.code, where
        yield animals.get(one.code, one.code), where
        if one.source.sha256 in trials:
            yield trials[one.source.sha256].recording, where
            yield f"{trials[one.source.sha256].assay} of {one.code}", where
        yield re.split(r", (?:lane|wells) ", one.source.place)[0], where
