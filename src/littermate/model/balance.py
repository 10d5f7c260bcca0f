"""Balance: how alike the groups are before treatment; chance by construction, so there is no test of it.

`ColumnBalance` is what may be seen while the study is blind: one line a column, no group and no animal in it. What is
said of a column cannot be joined with what is said of another, since the means stand in order of size and not of the
groups; of words nothing is said group by group, since a rare one would show where its animals are. `ExpectedBalance` is
what a scheme gives before anything is drawn. `GroupBalance` names the groups, and is for the time after unblinding.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.design import Cell

__all__ = ["ColumnBalance", "ExpectedBalance", "GroupBalance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnBalance:
    """How evenly one column of animals.csv lies over the groups.

    Parameters
    ----------
    column
        ``"weight"``, ``"birth"``, ``"sex"``, ``"strain"``, ``"cage"``.
    largest_difference
        The largest difference between the means of two groups, in SD of all animals; of a column of words the
        largest among its words, each as a share. `None` where `remark` says why.
    means
        Of a column of numbers: the groups' means, the smallest first. Empty for words.
    unit
        Of the means.
    remark
        What a reader should know: missing values, or why there is no number.
    """

    column: str
    largest_difference: float | None
    means: tuple[float, ...] = ()
    unit: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedBalance:
    """How evenly a scheme lays one column over the groups, in draws of which none is kept.

    `median` and `p95` are of the draws' largest differences, as in `ColumnBalance`, in SD; `None` where `remark` says
    why.
    """

    column: str
    median: float | None
    p95: float | None
    remark: str = ""


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
    age_mean_d
        Mean age in days, counted from the day on which the study's youngest was born; `None` where no birth is known.
    sexes
        Pairs (sex, animals), sorted; ``""`` where the table says none.
    cages
        Different cages its animals are from.
    """

    cell: Cell
    n: int
    weighed: int
    weight_mean_g: float | None
    weight_sd_g: float | None
    age_mean_d: float | None
    sexes: tuple[tuple[str, int], ...]
    cages: int
