"""Group: the cells of a design as they were found, and the units in them. Levels are (factor, level) pairs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GroupSummary", "Point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSummary:
    """One group: its levels as (factor, level) pairs, and what its animals gave. `sd`, `sem` are `None` for n = 1."""

    levels: tuple[tuple[str, str], ...]
    n: int
    mean: float
    sd: float | None
    sem: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One unit in a model: all that the model was given of it.

    `levels` are (factor, level) pairs of the factors, `blocks` those of the blocks; `covariates` are (name, number)
    pairs. A figure draws `value`; an export writes the whole.
    """

    unit: str
    value: float
    levels: tuple[tuple[str, str], ...]
    blocks: tuple[tuple[str, str], ...] = ()
    covariates: tuple[tuple[str, float], ...] = ()
