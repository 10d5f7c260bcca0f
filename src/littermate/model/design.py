"""Design: factors, levels, groups and how animals come to them.

A `Cell` is one level per factor, in the order of `Design.factors`: ``("magnesium", "ketamine")``. The number of
factors and of levels is free. `stages` is the order in which factors are allocated, each within the groups made so
far (first magnesium, then ketamine within it). `Balance` names something that is not under study but must be spread
evenly over every group: the injection side, the start corner, the membrane.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from littermate.errors import Complaint, ProtocolError

__all__ = ["Balance", "Cell", "Design", "Factor"]

Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A factor and its levels; the first level is the reference (control)."""

    name: str
    levels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or len(set(self.levels)) != len(self.levels):
            raise ProtocolError(
                expected="two or more different levels",
                found=", ".join(self.levels) or "none",
                do="list each level once, the control first",
                where=f"factor {self.name}",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Something spread evenly and at random over every group."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A factorial between-animal design.

    Parameters
    ----------
    factors
        In the order in which they are written in the model.
    per_group
        Animals in each cell.
    stages
        Factor names in the order of allocation; every factor once.
    block
        Column of animals.csv whose values are allocated separately (``"cage"``), or ``""``.
    balances
        Nuisances spread evenly within each group.
    unit
        The experimental unit: what is allocated and counted (``"animal"``).

    Examples
    --------
    >>> two = Factor(name="a", levels=("no", "yes"))
    >>> design = Design(factors=(two, Factor(name="b", levels=("no", "yes"))), per_group=8, stages=("a", "b"))
    >>> design.cells
    (('no', 'no'), ('no', 'yes'), ('yes', 'no'), ('yes', 'yes'))
    >>> design.n_total
    32
    """

    factors: tuple[Factor, ...]
    per_group: int
    stages: tuple[str, ...]
    block: str = ""
    balances: tuple[Balance, ...] = ()
    unit: str = "animal"

    def __post_init__(self) -> None:
        names = [factor.name for factor in self.factors]
        complaints = []
        if not names or len(set(names)) != len(names):
            complaints.append(
                Complaint(
                    expected="one or more factors of different names",
                    found=f"{names}",
                    do="name each factor once",
                )
            )
        if sorted(self.stages) != sorted(names):
            complaints.append(
                Complaint(
                    expected=f"every factor once in the order of allocation: {', '.join(names)}",
                    found=", ".join(self.stages),
                    do="list the factors in the order in which animals are allocated to them",
                )
            )
        if self.per_group < 1:
            complaints.append(
                Complaint(expected="1 or more animals a group", found=f"{self.per_group}", do="correct per_group")
            )
        if complaints:
            raise ProtocolError.of(complaints)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every combination of levels, the last factor running fastest."""
        return tuple(itertools.product(*(factor.levels for factor in self.factors)))

    @property
    def n_total(self) -> int:
        """Animals in the whole design."""
        return len(self.cells) * self.per_group

    def factor(self, name: str) -> Factor:
        """Look a factor up by its name."""
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise ProtocolError(
            expected=f"one of the factors {', '.join(f.name for f in self.factors)}",
            found=name,
            do="correct the name",
        )
