"""Chains: places along a profile that follow one another about evenly and are worth most together.

What each place is worth, and the price of each distance between two that follow one another, are given; the best chain
is found by dynamic programming.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spacing", "worthiest_chain"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spacing:
    """The distances at which one place may follow another, in px, and the price of each."""

    distances: NDArray[np.int64]
    prices: NDArray[np.float64]

    @classmethod
    def about(cls, pitch: float, *, least: int, shares: tuple[float, float], price: float) -> Spacing:
        """Return the whole distances between two shares of `pitch`, and `least` or more.

        A distance costs `price` times the square of by how much, as a share of `pitch`, it is off.

        Examples
        --------
        >>> Spacing.about(4.0, least=2, shares=(0.5, 1.5), price=1.0).prices.tolist()
        [0.25, 0.0625, 0.0, 0.0625, 0.25]
        """
        low, high = (round(share * pitch) for share in shares)
        distances = np.arange(max(least, low), max(least + 1, high) + 1)
        return cls(distances=distances, prices=price * (distances / pitch - 1) ** 2)


def worthiest_chain(
    worth: NDArray[np.float64], spacing: Spacing, *, length: int, shorter: bool = False
) -> tuple[float, list[int]]:
    """Return the worth of the best chain, less its prices, and its places in order.

    Parameters
    ----------
    worth
        Of each place; ``-inf`` where none may be.
    spacing
        How places may follow one another.
    length
        How many places the chain has, or, with `shorter`, has at most.

    Examples
    --------
    >>> spacing = Spacing(distances=np.array([2, 3]), prices=np.array([0.0, 0.5]))
    >>> worthiest_chain(np.array([3.0, 0, 1, 0, 0, 2]), spacing, length=3)
    (5.5, [0, 2, 5])
    """
    before = np.arange(worth.size)[:, None] - spacing.distances[None, :]
    there, places = before >= 0, np.arange(worth.size)
    sums, came_from = [worth], []
    for _ in range(length - 1):
        options = np.where(there, sums[-1][before.clip(0)] - spacing.prices[None, :], -np.inf)
        chosen = options.argmax(axis=1)
        sums.append(worth + options[places, chosen])
        came_from.append(before[places, chosen].clip(0))
    last = int(np.argmax([one.max() for one in sums])) if shorter else len(sums) - 1
    place = int(np.argmax(sums[last]))
    chain = [place]
    for chosen in reversed(came_from[:last]):
        chain.append(int(chosen[chain[-1]]))
    return float(sums[last][place]), chain[::-1]
