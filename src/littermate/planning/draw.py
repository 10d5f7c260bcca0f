"""Draw: fair choices from a seed, the same on every platform and with every version of numpy.

numpy promises that the raw 64-bit output of `PCG64` and `SeedSequence` never changes, but not that of
`Generator.permutation` (NEP 19). So raw output is all that is used here; the two steps above it are fixed in this
file: a number below n by rejection (no modulo bias), an order by Fisher-Yates from the last place to the first.

Every purpose has its own stream, named in words: the seed is the entropy, the SHA-256 of the words the spawn key. A
second balance added to a design therefore leaves its groups as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

from littermate.errors import UsageError

__all__ = ["Draw", "Entropy"]

T = TypeVar("T")
_RAW = 2**64


class Entropy(Protocol):
    """A source of fair numbers: the module `secrets`, or a `Draw` where it must be the same again."""

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        """Return a whole number from 0 to one below the bound."""


class Draw:
    """A stream of fair choices.

    Parameters
    ----------
    seed
        A whole number, 0 or more.
    purpose
        Words that name the stream.

    Raises
    ------
    UsageError
        If the seed is not such a number.

    Examples
    --------
    >>> Draw(1, "example").shuffled("abcdef")
    ['d', 'f', 'b', 'c', 'e', 'a']
    """

    def __init__(self, seed: int, *purpose: str) -> None:
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise UsageError(
                expected="a seed that is a whole number, 0 or more", found=repr(seed), do="give, say, 20260411"
            )
        digest = hashlib.sha256("\0".join(purpose).encode()).digest()
        key = tuple(int.from_bytes(digest[at : at + 4], "big") for at in range(0, 16, 4))
        self._bits = np.random.PCG64(np.random.SeedSequence(entropy=seed, spawn_key=key))

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        """Return a whole number from 0 to one below the bound, each equally likely."""
        fair = _RAW - _RAW % exclusive_upper_bound
        while True:
            raw = int(self._bits.random_raw())
            if raw < fair:
                return raw % exclusive_upper_bound

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a random order, each order equally likely."""
        order = list(items)
        for place in range(len(order) - 1, 0, -1):
            other = self.randbelow(place + 1)
            order[place], order[other] = order[other], order[place]
        return order
