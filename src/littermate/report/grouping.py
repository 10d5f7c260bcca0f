"""Which outcomes share a figure, and which groups stand on it.

Outcomes stand on one figure where a reader compares them: the same assay, the same unit, and measures of one kind.
Two measures are of one kind where their names are equal (one protein in two regions) or differ in a single word and
share another (``outer_time_s`` and ``centre_time_s``); the unit at the end of a name does not count as a word. Figures
keep the order of the protocol's outcomes, and are numbered from 1. A group that should be there and has no animal keeps
its place.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from littermate.model.analysis import Analysis
from littermate.model.group import GroupSummary
from littermate.model.outcome import Outcome
from littermate.model.protocol import Protocol

__all__ = ["Cell", "FigurePlan", "alike", "cells_of", "plan_figures"]

_UNITS = {"s", "cm", "percent", "kda", "ug", "pg", "ml", "px", "g", "min", "ratio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePlan:
    """One figure: its number and the outcomes on it, each with its analysis."""

    number: int
    panels: tuple[tuple[Outcome, Analysis], ...]

    @property
    def name(self) -> str:
        """The name of its files, without suffix: ``"figure-1"``."""
        return f"figure-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place for a group: its levels, and its summary, `None` where no animal is in it."""

    levels: tuple[tuple[str, str], ...]
    summary: GroupSummary | None


def cells_of(analysis: Analysis) -> tuple[Cell, ...]:
    """Return a place for every combination of the levels that were found, the last factor fastest."""
    found = {group.levels: group for group in analysis.groups}
    levels = [[(factor, level) for level in _in_order(analysis, factor)] for factor in analysis.plan.factors]
    return tuple(Cell(levels=held, summary=found.get(held)) for held in itertools.product(*levels))


def _in_order(analysis: Analysis, factor: str) -> list[str]:
    """Return a factor's levels in the design's order, which the groups of the fullest row keep."""
    rows: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for group in analysis.groups:
        rest = tuple(pair for pair in group.levels if pair[0] != factor)
        rows.setdefault(rest, []).append(dict(group.levels)[factor])
    fullest = max(rows.values(), key=len, default=[])
    return list(dict.fromkeys((*fullest, *analysis.levels(factor))))


def _words(measure: str) -> list[str]:
    words = re.split(r"[^a-z0-9]+", measure.lower())
    return words[:-1] if len(words) > 1 and words[-1] in _UNITS else words


def alike(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes belong on one figure; see the module.

    Examples
    --------
    >>> def zone(name): return Outcome(name=name, assay="open field", measure=f"{name}_time_s", unit="s")
    >>> alike(zone("outer"), zone("centre"))
    True
    >>> alike(zone("outer"), Outcome(name="latency", assay="open field", measure="centre_latency_s", unit="s"))
    False
    """
    if (one.assay, one.unit) != (other.assay, other.unit):
        return False
    first, second = _words(one.measure), _words(other.measure)
    if first == second:
        return True
    differing = sum(a != b for a, b in zip(first, second, strict=False))
    return len(first) == len(second) > 1 and differing == 1


def plan_figures(protocol: Protocol, analyses: tuple[Analysis, ...]) -> tuple[FigurePlan, ...]:
    """Group the analysed outcomes into figures, in the order of the protocol."""
    found = {analysis.plan.outcome: analysis for analysis in analyses}
    groups: list[list[Outcome]] = []
    for outcome in protocol.outcomes:
        if outcome.name not in found:
            continue
        home = next((group for group in groups if alike(group[0], outcome)), None)
        if home is None:
            groups.append([outcome])
        else:
            home.append(outcome)
    return tuple(
        FigurePlan(number=number, panels=tuple((outcome, found[outcome.name]) for outcome in group))
        for number, group in enumerate(groups, start=1)
    )
