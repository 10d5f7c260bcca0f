"""Scheme: how the animals were allocated, in words that a reader can repeat it by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from littermate.model.design import Design
from littermate.planning.strata import WEIGHT

__all__ = ["in_words"]


def in_words(design: Design, seed: int) -> str:
    """Say how the animals were allocated.

    Examples
    --------
    >>> from littermate.model.design import Factor, Scheme
    >>> drug = Factor(name="drug", levels=("saline", "ketamine"))
    >>> scheme = Scheme(kind="stratified", by=("sex", "weight"), weight_limit=0.5)
    >>> print(in_words(Design(factors=(drug,), per_group=8, stages=("drug",), scheme=scheme), 7))
    16 animals at random, 8 a group: dealt to the 2 groups (drug) as evenly as they divide inside each stratum of sex, \
weight (3 classes of like number), what does not divide going round over the groups; drawn again until no two groups' \
mean weights differed by more than 0.5 SD; random order by Fisher-Yates on PCG64, seed 7
    """
    parts = (
        f"{design.n_total} animals at random, {design.per_group} a group: {_RULES[design.scheme.kind](design)}",
        *_balances(design),
        *_limit(design),
        f"random order by Fisher-Yates on PCG64, seed {seed}",
    )
    return "; ".join(parts)


def _complete(design: Design) -> str:
    return ", then ".join(_steps(design))


def _steps(design: Design) -> Iterator[str]:
    inside = f" inside each {design.block}" if design.block else ""
    to_cages = [factor.name for factor in design.given_to_cages]
    for number, name in enumerate(design.stages):
        stage = f"{name} ({', '.join(design.factor(name).levels)})"
        if number == 0:
            yield f"{stage} over {'whole cages' if to_cages else 'all animals'}{inside}"
        elif to_cages and name not in to_cages:
            yield f"{stage} over the animals within each cage"
        else:
            yield f"{stage} within each group so far"


def _stratified(design: Design) -> str:
    classes = f"{WEIGHT} ({design.scheme.weight_classes} classes of like number)"
    columns = ", ".join(classes if column == WEIGHT else column for column in design.scheme.by)
    return (
        f"dealt to {_groups(design)} as evenly as they divide inside each stratum of {columns},"
        " what does not divide going round over the groups"
    )


def _minimised(design: Design) -> str:
    return (
        f"one after the other, in random order, to {_groups(design)}: with probability {design.scheme.probability:g} to"
        f" the one that it made most alike the others in {', '.join(design.scheme.by)} and size, else to another"
    )


_RULES = {"complete": _complete, "stratified": _stratified, "minimised": _minimised}


def _groups(design: Design) -> str:
    return f"the {len(design.cells)} groups ({' x '.join(factor.name for factor in design.factors)})"


def _balances(design: Design) -> Sequence[str]:
    spread = [f"{balance.name} ({', '.join(balance.levels)})" for balance in design.balances]
    return [f"spread evenly within each group, independently: {', '.join(spread)}"] if spread else []


def _limit(design: Design) -> Sequence[str]:
    limit = design.scheme.weight_limit
    if limit is None:
        return []
    return [f"drawn again until no two groups' mean weights differed by more than {limit:g} SD"]
