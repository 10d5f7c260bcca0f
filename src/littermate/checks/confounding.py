"""Checks of confounding, after unblinding: groups that share a membrane, a plate, a cage, a batch, a scorer, an hour.

A nuisance tells the group where all animals of one of its levels have one level of a factor though chance would not
have it so: of m animals among N, of which each level has n, that happens with probability sum C(n, m) / C(N, m).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import comb, erfc, prod, sqrt

from littermate.checks.facts import StudyFacts, listed
from littermate.checks.rule import Remarks, check

__all__ = [
    "batch_confounded",
    "cage_confounded",
    "groups_unlike_before",
    "hour_confounded",
    "membrane_confounded",
    "plate_confounded",
    "scorer_confounded",
]

CHANCE = 0.01
UNLIKE_SD = 0.75
Levels = Mapping[str, str]


@check("membrane-confounded", "critical")
def membrane_confounded(facts: StudyFacts) -> Remarks:
    """The samples of a membrane are all of one group.

    Its exposure and transfer are its own, so that a difference between groups may be one between membranes, and no
    analysis can tell them apart. Run the samples again with every group on every membrane.
    """
    for outcome in facts.protocol.outcomes:
        levels = {one.code: one.block for one in facts.measured(outcome.name) if one.block}
        yield from ((outcome.name, text) for text in _confounded(facts, levels, "membrane"))


@check("plate-confounded", "critical")
def plate_confounded(facts: StudyFacts) -> Remarks:
    """The samples of a plate are all of one group.

    Every plate has a standard curve of its own, so that a difference between groups may be one between plates. Read the
    samples again with every group on every plate.
    """
    for outcome in facts.protocol.outcomes:
        measured = [one for one in facts.measured(outcome.name) if one.source.kind == "plate"]
        levels = {one.code: one.source.place.partition(", wells")[0] for one in measured}
        yield from ((outcome.name, text) for text in _confounded(facts, levels, "plate"))


@check("cage-confounded", "critical")
def cage_confounded(facts: StudyFacts) -> Remarks:
    """The animals of a cage are all of one group, though they were treated one by one.

    Mates of a cage are alike, so that a difference between groups may be one between cages. Name the cage in the plan
    as a random term, and next time spread every group over the cages.
    """
    codes = {tag.animal: tag.code for tag in facts.tags}
    cages = {codes[one.id]: one.cage for one in facts.animals if one.cage and one.id in codes}
    given = [name for name in _names(facts) if facts.protocol.design.unit_of(name) == "cage"]
    for text in _confounded(facts, cages, "cage", but=given):
        yield "cages", text


@check("batch-confounded", "critical")
def batch_confounded(facts: StudyFacts) -> Remarks:
    """The animals that began on one day are all of one group.

    Days differ in season, litter and hand, so that a difference between groups may be one between days. Nothing can be
    done about it in the analysis; next time put every group into every batch.
    """
    codes = {tag.animal: tag.code for tag in facts.tags}
    first = {one.animal: one.due.date() for one in sorted(facts.injections, key=lambda one: -one.number) if one.due}
    days = {codes[animal]: f"{day}" for animal, day in first.items() if animal in codes}
    for text in _confounded(facts, days, "batch of"):
        yield "batches", text


@check("scorer-confounded", "critical")
def scorer_confounded(facts: StudyFacts) -> Remarks:
    """A person scored animals of one group only.

    A difference between groups may then be one between scorers. Let every scorer score a random part of the trials, or
    one person all of them.
    """
    for assay in dict.fromkeys(one.assay for one in facts.scored_clips):
        levels = {one.code: one.scorer for one in facts.scored_clips if one.assay == assay}
        yield from ((assay, text) for text in _confounded(facts, levels, "trials of"))


@check("hour-confounded", "warning")
def hour_confounded(facts: StudyFacts) -> Remarks:
    """The groups were treated in turn, one earlier in the day than the other.

    Activity, hormones and the hand of the experimenter change over the day, and go with the group here. Report the
    times; next time draw the order at random.
    """
    codes = {tag.animal: tag.code for tag in facts.tags}
    given = [one for one in facts.administrations if one.injection and one.given and one.at and one.animal in codes]
    if given:
        number = max(one.injection for one in given)
        times = {codes[one.animal]: one.at.timestamp() for one in given if one.injection == number and one.at}
        for factor, level, p in _ordered(facts, times):
            yield f"injection {number}", f"{factor}: {level} was given earlier or later than the others (P = {p:.2g})"


@check("groups-unlike-before", "note")
def groups_unlike_before(facts: StudyFacts) -> Remarks:
    """The groups differed in weight before treatment.

    Groups that were drawn at random differ by chance, so there is nothing to test; but a weight that goes with the
    outcome carries the difference into it. Look at the analysis with the weight as a covariate, beside the planned one.
    """
    codes = {tag.animal: tag.code for tag in facts.tags}
    weights = {codes[one.id]: one.weight_g for one in facts.animals if one.weight_g and one.id in codes}
    for factor, groups in _by_factor(facts, weights):
        means = {level: sum(found) / len(found) for level, found in groups.items()}
        inner = sum((value - means[level]) ** 2 for level, found in groups.items() for value in found)
        df = sum(map(len, groups.values())) - len(groups)
        apart = max(means.values()) - min(means.values())
        if df > 1 and inner > 0 and apart > UNLIKE_SD * sqrt(inner / df):
            each = listed(f"{level} {mean:.1f} g" for level, mean in means.items())
            yield factor, f"mean weights {each}: {apart / sqrt(inner / df):.2f} SD apart, by chance"


def _confounded(facts: StudyFacts, levels: Levels, what: str, *, but: list[str] | None = None) -> Iterator[str]:
    """Say which levels of a nuisance hold one level of a factor only, where chance would not have it so."""
    for k, name in enumerate(_names(facts)):
        cells = {code: cell[k] for code, cell in facts.cells if code in levels}
        if name in (but or ()) or len({levels[code] for code in cells}) < 2:
            continue
        pure = _pure(cells, levels)
        every = len(pure) == len({levels[code] for code in cells})
        chance = prod(one[2] for one in pure) if every else min((one[2] * len(levels) for one in pure), default=1.0)
        if chance < CHANCE:
            found = pure if every else [one for one in pure if one[2] * len(levels) < CHANCE]
            each = listed(f"{what} {level}: {group}" for level, group, _ in found)
            yield f"{name} cannot be told from it ({each} only)"


def _names(facts: StudyFacts) -> list[str]:
    return [factor.name for factor in facts.protocol.design.factors]


def _pure(cells: Levels, levels: Levels) -> list[tuple[str, str, float]]:
    """Return the levels of a nuisance that hold one group only: level, group, and how likely chance does it."""
    sizes, pure = Counter(cells.values()), []
    for level in sorted({levels[code] for code in cells}):
        inside = Counter(group for code, group in cells.items() if levels[code] == level)
        if len(inside) == 1:
            (group, m), *_ = inside.items()
            chance = sum(comb(n, m) for n in sizes.values()) / comb(len(cells), m)
            pure.append((level, group, min(1.0, chance)))
    return pure


def _by_factor(facts: StudyFacts, values: Mapping[str, float]) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """Yield for each factor of two or more groups the values of each of its levels."""
    for k, name in enumerate(_names(facts)):
        groups: dict[str, list[float]] = {}
        for code, cell in facts.cells:
            if code in values:
                groups.setdefault(cell[k], []).append(values[code])
        if len(groups) > 1:
            yield name, groups


def _ordered(facts: StudyFacts, times: Mapping[str, float]) -> Iterator[tuple[str, str, float]]:
    """Yield factor, level and P where the ranks of a level's times are not those of chance (Wilcoxon, normal)."""
    order = sorted(times.values())
    ranks = {code: (order.index(at) + len(order) - 1 - order[::-1].index(at)) / 2 for code, at in times.items()}
    for factor, groups in _by_factor(facts, ranks):
        every = [rank for found in groups.values() for rank in found]
        mean, total = sum(every) / len(every), len(every)
        spread = sum((rank - mean) ** 2 for rank in every) / (total - 1)
        for level, found in list(groups.items())[1:]:
            n = len(found)
            error = sqrt(spread * (total - n) / (total * n))
            p = erfc(abs(sum(found) / n - mean) / error / sqrt(2)) if error else 1.0
            if p < CHANCE:
                yield factor, level, p
