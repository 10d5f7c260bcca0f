"""Allocation: which animal is in which group. It is the key, and lives sealed until the study is unblinded.

`Assignment` is the secret half (animal and cell); `Tag` is the public half (animal, code, vials, sides), which
the technician needs and which says nothing about a group. A `Code` is opaque: it carries no order and no group.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.animal import Animal
from littermate.model.design import Cell, Design

__all__ = ["Allocation", "Assignment", "Tag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One animal's group: `cell` holds one level per factor of the design, in the design's order."""

    animal: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """What the people at the bench may know of an animal.

    Parameters
    ----------
    animal
        Its id on the cage card.
    code
        Its code in everything that is scored.
    vials
        Pairs (factor, vial code): which vial to inject for which treatment. A vial is one animal's alone.
    balanced
        Pairs (name, level): injection side, start corner, membrane.
    """

    animal: str
    code: str
    vials: tuple[tuple[str, str], ...] = ()
    balanced: tuple[tuple[str, str], ...] = ()

    def level(self, balance: str) -> str | None:
        """Return this animal's level of a balanced nuisance, or `None` where it has none."""
        return dict(self.balanced).get(balance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The whole key.

    Parameters
    ----------
    factors
        Factor names, in the order of each assignment's cell.
    assignments
        One an animal, in the order of animals.csv.
    balanced
        Tuples (animal, name, level) of the nuisances that were balanced within the groups.
    seed
        The seed that reproduces it.
    scheme
        In words, how it was made.
    design, animals
        From what it was drawn: the design with its scheme, and the rows of animals.csv as they were on that day. By
        these the analysis draws it again. `None` and empty in a key made before they were kept.
    """

    factors: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    balanced: tuple[tuple[str, str, str], ...]
    seed: int
    scheme: str
    design: Design | None = None
    animals: tuple[Animal, ...] = ()

    def cell_of(self, animal: str) -> Cell:
        """Return the cell of one animal; `KeyError` where it was not allocated."""
        return {assignment.animal: assignment.cell for assignment in self.assignments}[animal]
