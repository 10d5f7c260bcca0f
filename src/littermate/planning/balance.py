"""Balance: what chance did to weight and sex, group by group; looked at before the allocation is sealed.

A difference here is chance by construction, so there is no test: a P value would answer a question nobody has. The
table is for the person who allocates and, after unblinding, for the report.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.design import Cell

__all__ = ["GroupBalance", "balance_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBalance:
    """One group before treatment.

    Parameters
    ----------
    cell
        Its levels.
    n
        Animals in it.
    weighed
        Animals of it with a weight.
    weight_mean_g, weight_sd_g
        Of those; `None` where fewer than one, or two, were weighed.
    sexes
        Pairs (sex, animals), sorted; ``""`` where the table says none.
    """

    cell: Cell
    n: int
    weighed: int
    weight_mean_g: float | None
    weight_sd_g: float | None
    sexes: tuple[tuple[str, int], ...]


def balance_table(animals: Sequence[Animal], allocation: Allocation) -> tuple[GroupBalance, ...]:
    """Describe every group, groups sorted by their levels.

    Examples
    --------
    >>> from littermate.model.allocation import Assignment
    >>> pair = [Animal(id="M1", sex="m", weight_g=30.0), Animal(id="M2", sex="f", weight_g=28.0)]
    >>> key = Allocation(
    ...     factors=("drug",),
    ...     assignments=tuple(Assignment(animal=animal.id, cell=("saline",)) for animal in pair),
    ...     balanced=(),
    ...     seed=1,
    ...     scheme="",
    ... )
    >>> (group,) = balance_table(pair, key)
    >>> group.weight_mean_g, group.sexes
    (29.0, (('f', 1), ('m', 1)))
    """
    cell_of = {assignment.animal: assignment.cell for assignment in allocation.assignments}
    cells = sorted(set(cell_of.values()))
    return tuple(_group(cell, [animal for animal in animals if cell_of[animal.id] == cell]) for cell in cells)


def _group(cell: Cell, members: Sequence[Animal]) -> GroupBalance:
    weights = [animal.weight_g for animal in members if animal.weight_g is not None]
    return GroupBalance(
        cell=cell,
        n=len(members),
        weighed=len(weights),
        weight_mean_g=statistics.fmean(weights) if weights else None,
        weight_sd_g=statistics.stdev(weights) if len(weights) > 1 else None,
        sexes=tuple(sorted(Counter(animal.sex for animal in members).items())),
    )
