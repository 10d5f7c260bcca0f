"""A simulated dose experiment with known truth: a drug's doses, a fixed-ratio mixture, a dose matrix.

The outcome falls from `upper` to `lower` along log-logistic curves. A mixture follows the curve of the dose that Loewe
additivity makes of it, moved by the interaction index: at index 0.5 half of it does as much.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littermate.errors import UsageError

__all__ = ["DoseTruth", "doses_alone", "doses_crossed", "doses_mixed", "write_doses"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTruth:
    """The truth of a simulated experiment.

    Parameters
    ----------
    drugs
        Their names.
    ed50
        Of each alone.
    slope
        Of all curves.
    upper, lower
        The outcome without drug, and at full effect.
    index
        The interaction index of every mixture: 1 is Loewe additivity, below 1 synergy.
    sd
        Of the animals within a group.
    """

    drugs: tuple[str, str] = ("ketamine", "magnesium")
    ed50: Pair = (10.0, 100.0)
    slope: float = 1.5
    upper: float = 180.0
    lower: float = 40.0
    index: float = 0.5
    sd: float = 15.0

    def __post_init__(self) -> None:
        if min(*self.ed50, self.slope, self.index) <= 0 or self.sd < 0:
            raise UsageError(
                expected="ED50, slope and index above 0, and an SD of 0 or more",
                found=f"{self.ed50}, {self.slope:g}, {self.index:g}, {self.sd:g}",
                do="correct the truth",
            )

    def mean(self, doses: Pair) -> float:
        """Return the expected outcome of a pair of doses.

        Examples
        --------
        >>> DoseTruth().mean((10, 0)), DoseTruth().mean((2.5, 25))
        (110.0, 110.0)
        """
        parts = doses[0] / self.ed50[0] + doses[1] / self.ed50[1]
        strength = parts / (self.index if min(doses) > 0 else 1.0)
        return self.lower + (self.upper - self.lower) / float(1 + strength**self.slope)


def doses_alone(doses: Sequence[float]) -> tuple[Pair, ...]:
    """Return the first drug's doses as pairs.

    Examples
    --------
    >>> doses_alone((0, 3))
    ((0.0, 0.0), (3.0, 0.0))
    """
    return tuple((float(dose), 0.0) for dose in doses)


def doses_mixed(truth: DoseTruth, multiples: Sequence[float] = (0.1, 0.3, 1, 3, 10)) -> tuple[Pair, ...]:
    """Return a control, and each drug and their mixture of equal parts of their ED50, at multiples of their ED50."""
    arms = ((truth.ed50[0], 0.0), (0.0, truth.ed50[1]), (truth.ed50[0] / 2, truth.ed50[1] / 2))
    given = [(arm[0] * multiple, arm[1] * multiple) for arm in arms for multiple in multiples]
    return ((0.0, 0.0), *given)


def doses_crossed(first: Iterable[float], second: Iterable[float]) -> tuple[Pair, ...]:
    """Return every pair of two drugs' doses."""
    return tuple((float(a), float(b)) for a, b in itertools.product(first, second))


def write_doses(path: str | Path, pairs: Sequence[Pair], *, truth: DoseTruth, n: int = 8, seed: int) -> Path:
    """Write a table of animals: animal, the doses of both drugs, immobility (s).

    Parameters
    ----------
    path
        A CSV file.
    pairs
        The doses of each group.
    truth
        What is planted.
    n
        Animals a group.
    seed
        A whole number, 0 or more.
    """
    path = Path(path)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("animal", *truth.drugs, "immobility"))
        writer.writerows(_rows(pairs, truth, n, seed))
    return path


def _rows(pairs: Sequence[Pair], truth: DoseTruth, n: int, seed: int) -> Iterator[tuple[object, ...]]:
    noise = np.random.default_rng(seed).standard_normal((len(pairs), n)) * truth.sd
    for group, pair in enumerate(pairs):
        for animal in range(n):
            value = truth.mean(pair) + float(noise[group, animal])
            yield f"K{group * n + animal + 1}", f"{pair[0]:.6g}", f"{pair[1]:.6g}", f"{value:.2f}"
