"""Randomisation test: the P of each effect by re-drawing the groups as they were drawn.

P is the share of allocations whose F is as large as that of the one that was made, itself among them: of all that the
scheme can make where `exact`, else (b + 1) / (B + 1) of B re-drawn ones.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Randomization", "RandomizedEffect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomizedEffect:
    """One effect and what re-drawing the groups says of it.

    Parameters
    ----------
    term
        As in the ANOVA table.
    f
        The F of the allocation that was made, as in the ANOVA table.
    p
        ``b / count`` where `exact`, else ``(b + 1) / (count + 1)``.
    b
        Allocations with an F as large or larger; where `exact` the one that was made is one of them.
    count
        Allocations looked at: all that there are where `exact`, else those re-drawn.
    smallest_p
        What P would be for the allocation with the largest F of all: no smaller P can come out.
    mc_se
        Monte-Carlo standard error of P; 0 where `exact`.
    exact
        Whether every allocation of the scheme was looked at.
    scheme
        In words, how the groups were re-drawn for this effect.
    seed
        What gives the same allocations again; `None` where `exact`.
    """

    term: str
    f: float
    p: float
    b: int
    count: int
    smallest_p: float
    mc_se: float
    exact: bool
    scheme: str
    seed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomization:
    """The randomisation test of one analysis.

    Parameters
    ----------
    outcome
        Its name.
    effects
        Every effect of a factor that was drawn at random, in the order of the ANOVA table.
    method
        In words, what stays of the other effects while the groups of one are re-drawn.
    notes
        What a reader should know: effects without a test, a P that cannot become small.
    """

    outcome: str
    effects: tuple[RandomizedEffect, ...]
    method: str
    notes: tuple[str, ...] = ()

    def effect(self, term: str) -> RandomizedEffect:
        """Look one effect up by its term; `KeyError` where none of that name was tested."""
        return {effect.term: effect for effect in self.effects}[term]
