"""Contrasts in words: ``"ketamine - saline at magnesium = mg"``.

A **level** stands for its marginal mean, other factors averaged equally; levels joined by ``:`` (``ketamine:mg``) for a
cell. ``at factor = level`` (several joined by ``and`` or commas) holds levels for all that stands before it within the
same brackets. Brackets, ``+``, ``-``, and numbers before ``*`` or after ``/`` work as usual; a difference of
differences is ``(ketamine - saline at magnesium = mg) - (ketamine - saline at magnesium = control)``. Where two factors
have a level of one name, write ``factor = level``; a level with blanks or signs may stand in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from littermate.errors import UsageError
from littermate.stats.fitted_model import ReferenceGrid
from littermate.stats.table import Floats

__all__ = ["contrast_weights", "table_weights"]

_HELP = "write it as 'ketamine - saline at magnesium = mg', or give a table of weights"
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"


@dataclass(frozen=True, slots=True)
class _Part:
    """A coefficient of the mean of the cells with some levels."""

    coefficient: float
    held: Mapping[str, str]


def contrast_weights(words: str, grid: ReferenceGrid) -> Floats:
    """Return the weights of the grid's cells, shape (cells,), of a contrast in words.

    Raises
    ------
    UsageError
        If the words cannot be meant: an unknown or ambiguous level, weights that do not sum to 0.

    Examples
    --------
    >>> import pandas as pd
    >>> from littermate.stats.factorial import fit_model
    >>> frame = pd.DataFrame({"y": [1, 2, 4, 5, 2, 4, 4, 9], "a": list("xxzzxxzz"), "b": list("ccccdddd")})
    >>> grid = fit_model(frame, "y ~ a * b").grid
    >>> contrast_weights("z - x", grid).tolist(), contrast_weights("z - x at b = d", grid).tolist()
    ([-0.5, -0.5, 0.5, 0.5], [0.0, -1.0, 0.0, 1.0])
    """
    parts = _Reader(words, grid).read()
    weights: Floats = sum((part.coefficient * grid.average(part.held) for part in parts), np.zeros(len(grid.codes)))
    return _require_contrast(weights, words)


def table_weights(weights: Mapping[str, float], grid: ReferenceGrid, factors: Sequence[str]) -> Floats:
    """Return the weights of the grid's cells of a table of weights.

    Parameters
    ----------
    weights
        Weight by the names of one level of each factor, joined by ``:``; a mean not named weighs 0.
    grid
        The model's.
    factors
        The factors that the names' parts are of: one for marginal means, several for cells.

    Raises
    ------
    UsageError
        If a name is none of a mean, or the weights do not sum to 0.
    """
    total = np.zeros(len(grid.codes))
    grid.require_factors(factors)
    for name, weight in weights.items():
        levels = name.split(":") if len(factors) > 1 else [name]
        if len(levels) != len(factors):
            raise UsageError(expected=f"one level of each of {', '.join(factors)}", found=name, do="join them by ':'")
        total += weight * grid.average(dict(zip(factors, (level.strip() for level in levels), strict=True)))
    return _require_contrast(total, str(dict(weights)))


def _require_contrast(weights: Floats, words: str) -> Floats:
    if not np.isfinite(weights).all() or abs(weights.sum()) > 1e-9 * (1 + np.abs(weights).sum()):
        raise UsageError(
            expected="a contrast: weights that sum to 0",
            found=f"a sum of {weights.sum():g} in {words}",
            do="compare two means, or averages of as many: (a + b) / 2 - c",
        )
    if np.abs(weights).max() < 1e-12:
        raise UsageError(expected="a contrast of different means", found=words, do=_HELP)
    return weights


class _Reader:
    """Reads one contrast from the left to the right."""

    def __init__(self, words: str, grid: ReferenceGrid) -> None:
        self.words, self.grid, self.at = words, grid, 0
        names = {name for of in grid.levels.values() for name in of} | set(grid.levels)
        longest = sorted(names, key=len, reverse=True)
        self.name = re.compile("|".join(rf"`{re.escape(name)}`|{re.escape(name)}(?![\w.])" for name in longest))

    def read(self) -> list[_Part]:
        parts = self._sum()
        if self._rest():
            raise self._wrong(f"{self._rest()!r} where the contrast should end")
        return parts

    def _rest(self) -> str:
        return self.words[self.at :].strip()

    def _wrong(self, found: str) -> UsageError:
        levels = "; ".join(f"{name}: {', '.join(of)}" for name, of in self.grid.levels.items())
        return UsageError(expected=f"a contrast of levels ({levels})", found=f"{found} in {self.words!r}", do=_HELP)

    def _take(self, pattern: str | re.Pattern[str]) -> str | None:
        """Step over a pattern and return what it matched, `None` where it does not come next."""
        blank = re.compile(r"\s*").match(self.words, self.at)
        start = blank.end() if blank else self.at
        found = re.compile(pattern).match(self.words, start)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def _sum(self) -> list[_Part]:
        """Read summands up to a closing bracket or the end, then the levels that are held for all of them."""
        sign = -1.0 if self._take(r"[-−]") else 1.0
        parts = self._scaled(sign)
        while mark := self._take(r"[-−+]"):
            parts += self._scaled(1.0 if mark == "+" else -1.0)
        if self._take(r"at\b"):
            held = self._held()
            while self._take(r",|and\b"):
                held = self._joined(held, self._held())
            parts = [_Part(part.coefficient, self._joined(part.held, held)) for part in parts]
        return parts

    def _scaled(self, sign: float) -> list[_Part]:
        """Read ``2 * mean``, ``mean / 2`` or ``mean``."""
        factor = self._take(rf"(?:{_NUMBER})(?=\s*\*)")
        if factor is not None:
            self._take(r"\*")
            sign *= float(factor)
        parts = self._mean()
        if self._take(r"/"):
            divisor = self._take(_NUMBER)
            if divisor is None or float(divisor) == 0:
                raise self._wrong("no number after '/'")
            sign /= float(divisor)
        return [_Part(sign * part.coefficient, part.held) for part in parts]

    def _mean(self) -> list[_Part]:
        if self._take(r"\("):
            parts = self._sum()
            if not self._take(r"\)"):
                raise self._wrong("a bracket that is not closed")
            return parts
        held = self._held()
        while self._take(r":"):
            held = self._joined(held, self._held())
        return [_Part(1.0, held)]

    def _held(self) -> dict[str, str]:
        """Read ``level`` or ``factor = level``."""
        name = self._named()
        if self._take(r"="):
            if name not in self.grid.levels:
                raise self._wrong(f"{name}, which is no factor, before '='")
            return {name: self._named()}
        owners = [factor for factor, levels in self.grid.levels.items() if name in levels]
        if len(owners) != 1:
            found = f"{name}, a level of {' and of '.join(owners)}" if owners else f"{name}, which is no level"
            raise self._wrong(found)
        return {owners[0]: name}

    def _named(self) -> str:
        found = self._take(self.name)
        if found is None:
            raise self._wrong(f"{self._rest()[:20]!r} where a level should stand")
        return found.strip("`")

    def _joined(self, one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
        twice = [name for name in one if other.get(name, one[name]) != one[name]]
        if twice:
            raise self._wrong(f"two levels of {', '.join(twice)} at once")
        return {**one, **other}
