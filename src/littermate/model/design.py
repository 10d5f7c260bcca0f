"""Design: factors, levels, groups and how animals come to them.

A `Cell` is one level per factor, in the order of `Design.factors`: ``("magnesium", "ketamine")``. The number of
factors and of levels is free. `stages` is the order in which factors are allocated, each within the groups made so
far (first magnesium, then ketamine within it). `Balance` names something that is not under study but must be spread
evenly over every group: the injection side, the start corner, the membrane. `Scheme` says by which rule chance gives
the animals to the groups.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from littermate.errors import Complaint, ProtocolError

__all__ = ["SCHEMES", "Balance", "Cell", "Design", "Factor", "Scheme"]

Cell = tuple[str, ...]
SCHEMES = ("complete", "stratified", "minimised")
_UNITS = ("animal", "cage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A factor and its levels; the first level is the reference (control).

    `given_to` is ``"animal"``, or ``"cage"`` where all animals of a cage get the same level (a diet, a light cycle):
    the cage is then what is allocated, and counted, for this factor.
    """

    name: str
    levels: tuple[str, ...]
    given_to: str = "animal"

    def __post_init__(self) -> None:
        if self.given_to not in _UNITS:
            raise ProtocolError(
                expected=f"given_to = {' or '.join(_UNITS)}",
                found=self.given_to,
                do="correct it",
                where=f"factor {self.name}",
            )
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
class Scheme:
    """The rule by which chance gives the animals to the groups.

    Parameters
    ----------
    kind
        ``"complete"``: every allocation with the design's group sizes (within each block, where there is one) is
        equally likely. ``"stratified"``: the animals of each stratum are dealt as evenly as they divide.
        ``"minimised"``: one animal after the other, in random order, comes to the group that it makes most alike the
        others with `probability`, and to another one otherwise (Pocock & Simon 1975).
    by
        Columns of animals.csv that make the strata, or that are made alike; ``"weight"`` may be one.
    weight_classes
        Into how many classes of like number the weights of a stratum are cut.
    probability
        Of the best group, when minimising; below 1, so that no animal's group is known beforehand.
    weight_limit
        The whole is drawn again until no two groups' mean weights differ by more than this many SD; `None` for the
        first draw, whatever it is.

    Raises
    ------
    ProtocolError
        If the kind is none of `SCHEMES`, or has no columns where it needs them, or a number is out of range.
    """

    kind: str = "complete"
    by: tuple[str, ...] = ()
    weight_classes: int = 3
    probability: float = 0.8
    weight_limit: float | None = None

    def __post_init__(self) -> None:
        if complaints := list(self._wrong()):
            raise ProtocolError.of(complaints)

    def _wrong(self) -> Iterator[Complaint]:
        if self.kind not in SCHEMES:
            yield Complaint(expected=f"scheme = {', '.join(SCHEMES)}", found=self.kind, do="name one of these")
        elif (self.kind == "complete") == bool(self.by):
            needs = "no columns in by" if self.by else "one column or more in by"
            found = ", ".join(self.by) or "none"
            yield Complaint(expected=f"{needs}, for the scheme {self.kind}", found=found, do="correct by, or scheme")
        if len(set(self.by)) < len(self.by):
            yield Complaint(expected="each column of by once", found=", ".join(self.by), do="take out the second")
        if self.weight_classes < 2:
            yield Complaint(expected="2 or more weight classes", found=f"{self.weight_classes}", do="correct it")
        if not 0.5 <= self.probability < 1:
            found = f"{self.probability:g}"
            yield Complaint(expected="a probability from 0.5 to below 1", found=found, do="take 0.8, for example")
        if self.weight_limit is not None and not self.weight_limit > 0:
            yield Complaint(expected="a weight_limit above 0 SD", found=f"{self.weight_limit:g}", do="correct it")


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
        The experimental unit: what is allocated and counted (``"animal"``), but for factors given to a cage.
    scheme
        The rule by which chance gives the animals to the groups.

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
    scheme: Scheme = Scheme()

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
        complaints += self._wrong_units()
        if complaints:
            raise ProtocolError.of(complaints)

    def _wrong_units(self) -> Iterator[Complaint]:
        """Complain of a factor that is given to cages after their animals were dealt, and of rules that do not join."""
        to_cages = {factor.name for factor in self.given_to_cages}
        units = ["cage" if stage in to_cages else "animal" for stage in self.stages]
        if units != sorted(units, key=_UNITS.index, reverse=True):
            yield Complaint(
                expected="the factors given to cages first in stages",
                found=", ".join(self.stages),
                do="name them before those given to animals",
            )
        if to_cages and self.block == "cage":
            yield Complaint(
                expected="a block of whole cages (sex, strain, birth), because a factor is given to cages",
                found="block = cage",
                do="take it out",
            )
        if self.scheme.kind == "complete":
            return
        if to_cages:
            yield Complaint(
                expected="the scheme complete, because a factor is given to whole cages",
                found=self.scheme.kind,
                do="deal the cages within a block (sex), or state a weight_limit",
            )
        if self.block:
            yield Complaint(
                expected=f"no block, because the scheme is {self.scheme.kind}",
                found=f"block = {self.block}",
                do=f"name {self.block} in by instead",
            )

    @property
    def given_to_cages(self) -> tuple[Factor, ...]:
        """The factors of which all animals of a cage get the same level."""
        return tuple(factor for factor in self.factors if factor.given_to == "cage")

    def unit_of(self, factor: str) -> str:
        """Return what is allocated and counted for a factor: ``"cage"`` where whole cages get it.

        An effect of such a factor is told against the differences between cages; within a cage there is nothing to
        compare it with.

        Examples
        --------
        >>> diet = Factor(name="diet", levels=("control", "deficient"), given_to="cage")
        >>> drug = Factor(name="drug", levels=("saline", "ketamine"))
        >>> design = Design(factors=(diet, drug), per_group=8, stages=("diet", "drug"))
        >>> design.unit_of("diet"), design.unit_of("drug")
        ('cage', 'animal')
        """
        given_to = self.factor(factor).given_to
        return self.unit if given_to == "animal" else given_to

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
