"""Hypotheses: the effects of a crossed design as contrasts of its cell means, and the means that make an effect of 1.

Means of a cell are in standard deviations within groups. A **main effect** of size d sets two levels d apart, the
first and the last, any others half-way between. An **interaction** of size D is a difference of differences (of
differences, ...) between those levels of each of its factors, with no other effect in the table. These are the patterns
hardest to see among those with that largest difference. A **simple effect** is the difference of the last and the first
level within one level of another factor, tested with the error of the whole model. All are marginal to the other
factors: their cells count equally, whatever their sizes (type III).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError

__all__ = ["Hypothesis", "contrast", "effects_of", "find", "from_means", "simple_effects_of"]

Floats = NDArray[np.float64]
Levels = tuple[tuple[str, int], ...]
MEANS = "difference of means"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hypothesis:
    """One effect of a design of so many cells.

    Parameters
    ----------
    term
        Its name.
    measure
        What its size is: ``"difference of means"``.
    contrasts
        Shape (df, cells), of full rank: it is absent where these of the cell means are all 0.
    differences
        Shape (pairs, cells): the largest of these of the cell means is its size.
    means
        Shape (cells,): the cell means, in SD, that are assumed.
    """

    term: str
    measure: str
    contrasts: Floats
    differences: Floats
    means: Floats

    @property
    def df(self) -> int:
        """Degrees of freedom of the effect."""
        return len(self.contrasts)

    @property
    def effect(self) -> float:
        """The size of the effect in the assumed means: signed where there is but one difference."""
        found = self.differences @ self.means
        return float(found[0] if len(found) == 1 else np.abs(found).max())

    def sized(self, effect: float) -> Hypothesis:
        """Return the hypothesis with an effect of this size, the pattern of means being the same."""
        return self.assuming(self.means * (effect / self.effect))

    def assuming(self, means: Floats) -> Hypothesis:
        """Return the hypothesis with other cell means."""
        return Hypothesis(
            term=self.term,
            measure=self.measure,
            contrasts=self.contrasts,
            differences=self.differences,
            means=np.asarray(means, dtype=np.float64),
        )


def effects_of(levels: Levels) -> tuple[Hypothesis, ...]:
    """Return every main effect and every interaction, of size 1.

    Examples
    --------
    >>> [one.term for one in effects_of((("a", 2), ("b", 3)))]
    ['a', 'b', 'a:b']
    >>> effects_of((("a", 2), ("b", 2)))[2].means
    array([ 0.25, -0.25, -0.25,  0.25])
    """
    names = [name for name, _ in levels]
    orders = range(1, len(names) + 1)
    return tuple(_effect(levels, term) for order in orders for term in itertools.combinations(names, order))


def _effect(levels: Levels, term: Sequence[str]) -> Hypothesis:
    inside = dict.fromkeys(term)
    return Hypothesis(
        term=":".join(term),
        measure=" of ".join(["difference", *["differences"] * (len(term) - 1)]) if len(term) > 1 else MEANS,
        contrasts=_crossed([_against_first(k) if name in inside else _mean(k) for name, k in levels]),
        differences=_crossed([_pairs(k) if name in inside else _mean(k) for name, k in levels]),
        means=_crossed([_ends(k) / 2 if name in inside else np.ones((1, k)) for name, k in levels])[0],
    )


def simple_effects_of(levels: Levels) -> tuple[Hypothesis, ...]:
    """Return the simple effect of every factor within the first level of every other one, of size 1.

    Examples
    --------
    >>> [one.term for one in simple_effects_of((("a", 2), ("b", 2)))]
    ['a within b', 'b within a']
    """
    names = [name for name, _ in levels]
    return tuple(_simple(levels, name, held, 0) for name, held in itertools.permutations(names, 2))


def _simple(levels: Levels, name: str, held: str, level: int) -> Hypothesis:
    rows: dict[str, Callable[[int], Floats]] = {name: _ends, held: lambda k: np.eye(k)[[level]]}
    difference = _crossed([rows.get(factor, _mean)(k) for factor, k in levels])
    where = f"{held}={level + 1}" if level else held
    return _of_one_difference(f"{name} within {where}", MEANS, difference)


def contrast(weights: Sequence[float], cells: int) -> Hypothesis:
    """Return a contrast of cell means, of size 1: the sum of weight times mean, in SD.

    Raises
    ------
    UsageError
        If there is not one weight a cell, or the weights do not sum to 0.

    Examples
    --------
    >>> contrast([-1, 1, 0], 3).effect
    1.0
    """
    row = np.array([weights], dtype=np.float64)
    if row.size != cells or not np.isfinite(row).all() or not row.any() or abs(row.sum()) > 1e-9 * np.abs(row).max():
        raise UsageError(
            expected=f"{cells} weights that sum to 0, one a group",
            found=", ".join(f"{weight:g}" for weight in weights),
            do="write one weight a group, the last factor's levels running fastest",
        )
    return _of_one_difference(f"contrast {', '.join(f'{weight:g}' for weight in weights)}", "contrast", row)


def _of_one_difference(term: str, measure: str, row: Floats) -> Hypothesis:
    means = row[0] / float(row[0] @ row[0])
    return Hypothesis(term=term, measure=measure, contrasts=row, differences=row, means=means)


def from_means(hypotheses: Sequence[Hypothesis], means: Sequence[float], sd: float) -> tuple[Hypothesis, ...]:
    """Return the hypotheses with the effects that lie in a table of cell means.

    Parameters
    ----------
    hypotheses
        Of one design.
    means
        One a cell, in the outcome's unit, the last factor running fastest.
    sd
        Standard deviation within groups, in the same unit.

    Raises
    ------
    UsageError
        If there is not one finite mean a cell, or the SD is not above 0.

    Examples
    --------
    >>> a, b, both = from_means(effects_of((("a", 2), ("b", 2))), [120, 100, 120, 60], 20)
    >>> a.effect, b.effect, both.effect
    (-1.0, -2.0, -2.0)
    """
    table = np.asarray(means, dtype=np.float64)
    cells = hypotheses[0].means.size
    if table.shape != (cells,) or not np.isfinite(table).all():
        found = ", ".join(f"{mean:g}" for mean in means)
        do = "give one a group, the last factor's levels running fastest"
        raise UsageError(expected=f"{cells} finite means", found=found, do=do)
    if not 0 < sd < math.inf:
        do = "give the spread within groups, in the unit of the means"
        raise UsageError(expected="a standard deviation above 0", found=f"{sd:g}", do=do)
    return tuple(one.assuming((table - table.mean()) / sd) for one in hypotheses)


def find(levels: Levels, term: str) -> tuple[Hypothesis, ...]:
    """Return the hypotheses that a person names.

    Parameters
    ----------
    levels
        Of the design.
    term
        A factor, ``"a:b"`` in any order, ``"main"`` (all main effects), ``"interaction"`` (that of all factors),
        ``"simple"`` (all simple effects), ``"a within b"``, or ``"a within b=2"`` for b's second level.

    Raises
    ------
    UsageError
        If the design has no such effect.

    Examples
    --------
    >>> [one.term for one in find((("a", 2), ("b", 2)), "b:a")]
    ['a:b']
    """
    effects, wanted = effects_of(levels), term.strip()
    several = {
        "main": effects[: len(levels)],
        "interaction": effects[-1:] if len(levels) > 1 else (),
        "simple": simple_effects_of(levels),
    }
    named: Mapping[frozenset[str], Hypothesis] = {frozenset(one.term.split(":")): one for one in effects}
    parts = frozenset(part.strip() for part in re.split(r"[:*]", wanted))
    found = several.get(wanted) or ((named[parts],) if parts in named else _find_simple(levels, wanted))
    if not found:
        names = ", ".join(one.term for one in effects)
        do = "name one of them, 'main', 'interaction', 'simple' or 'a within b=2'"
        raise UsageError(expected=f"an effect of the design: {names}", found=term, do=do)
    return found


def _find_simple(levels: Levels, wanted: str) -> tuple[Hypothesis, ...]:
    counts = dict(levels)
    match = re.fullmatch(r"(?P<name>.+?) within (?P<held>.+?)(?:=(?P<level>\d+))?", wanted)
    if match is None or not {match["name"], match["held"]} <= counts.keys() or match["name"] == match["held"]:
        return ()
    level = int(match["level"] or 1)
    return (_simple(levels, match["name"], match["held"], level - 1),) if 1 <= level <= counts[match["held"]] else ()


def _crossed(parts: Sequence[Floats]) -> Floats:
    whole: Floats = np.ones((1, 1))
    for part in parts:
        whole = np.asarray(np.kron(whole, part), dtype=np.float64)
    return whole


def _against_first(k: int) -> Floats:
    return np.hstack([-np.ones((k - 1, 1)), np.eye(k - 1)])


def _pairs(k: int) -> Floats:
    return np.array([np.eye(k)[j] - np.eye(k)[i] for i, j in itertools.combinations(range(k), 2)])


def _ends(k: int) -> Floats:
    return np.eye(k)[[k - 1]] - np.eye(k)[[0]]


def _mean(k: int) -> Floats:
    return np.full((1, k), 1 / k)
