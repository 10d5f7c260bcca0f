"""Granularity: can a printed mean, or a mean with its SD, come from whole numbers?

The sum of n whole numbers is whole, so their mean is a multiple of 1/n (GRIM: Brown and Heathers 2017, Soc Psychol
Personal Sci 8:363). The sum of their squares is whole too, and odd where the sum is odd, so their SD can only be one
of few values (GRIMMER: Anaya 2016, PeerJ Preprints 4:e2400v1; the analytic form is Allard's, 2018). Printed numbers
stand for everything that rounds to them, halves up or down; all arithmetic is in whole numbers and fractions.

A number may be the mean of several items for each animal (`items`): then it is a multiple of 1/(n items).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from littermate.errors import UsageError

__all__ = ["Granularity", "PrintedNumber", "grim", "grimmer", "printed_number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """Everything that rounds to what was printed: [low, high], both ends included."""

    value: Fraction
    decimals: int

    @property
    def half(self) -> Fraction:
        """Half of the last decimal."""
        return Fraction(1, 2 * 10**self.decimals)

    @property
    def low(self) -> Fraction:
        """The least number that rounds to it."""
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        """The largest number that rounds to it."""
        return self.value + self.half


@dataclass(frozen=True, slots=True, kw_only=True)
class Granularity:
    """What granularity says.

    Parameters
    ----------
    possible
        Whether whole numbers can give what was printed.
    testable
        Whether anything could have been impossible: with n (times items) of 10 to the power of the decimals or more,
        every printed mean is possible.
    nearest
        The possible means next to the printed one, below and above, with one decimal more than printed.
    """

    possible: bool
    testable: bool
    nearest: tuple[str, str]


def printed_number(printed: str) -> PrintedNumber:
    """Read a printed decimal, with a point or a comma, and a minus of any kind.

    Examples
    --------
    >>> printed_number("3,45").decimals, float(printed_number("−0.5").low)
    (2, -0.55)
    """
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", printed.strip()).replace(",", ".")
    if not re.fullmatch(r"-?(?:\d+\.?\d*|\.\d+)", plain, re.ASCII):
        raise UsageError(
            expected="a number as it is printed, such as 3.45",
            found=repr(printed),
            do="give it with all its decimals, as text",
            where="printed number",
        )
    return PrintedNumber(value=Fraction(plain), decimals=len(plain.partition(".")[2]))


def grim(mean: str, n: int, items: int = 1) -> Granularity:
    """Test whether n whole numbers (or n means of `items` whole numbers) can have a printed mean.

    Raises
    ------
    UsageError
        If the mean is no number, or n or `items` is less than 1.

    Examples
    --------
    Brown and Heathers's example: 28 people cannot have a mean of 5.19.

    >>> grim("5.19", 28)
    Granularity(possible=False, testable=True, nearest=('5.179', '5.214'))
    >>> grim("5.18", 28).possible
    True
    """
    printed, parts = printed_number(mean), _parts(n, items)
    below = math.floor(printed.value * parts)
    decimals = printed.decimals + 1
    return Granularity(
        possible=bool(_sums(printed, parts)),
        testable=parts < 10**printed.decimals,
        nearest=(f"{below / parts:.{decimals}f}", f"{math.ceil(printed.value * parts) / parts:.{decimals}f}"),
    )


def grimmer(mean: str, spread: str, n: int, items: int = 1, spread_is: str = "SD") -> Granularity:
    """Test whether n whole numbers can have a printed mean together with a printed SD or SEM.

    Parameters
    ----------
    mean, spread
        As printed. The SD is that of a sample (divided by n - 1).
    n, items
        As of `grim`.
    spread_is
        ``"SD"`` or ``"SEM"``.

    Raises
    ------
    UsageError
        If a number is none, n is less than 2, or `spread_is` is another word.

    Examples
    --------
    >>> grimmer("3.44", "2.47", 18).possible, grimmer("3.44", "2.48", 18).possible
    (False, True)
    """
    if n < 2 or spread_is not in ("SD", "SEM"):
        raise UsageError(
            expected="n of 2 or more, and SD or SEM",
            found=f"n = {n}, {spread_is!r}",
            do="give the n of this mean and what its spread is",
            where="GRIMMER",
        )
    of_mean = grim(mean, n, items)
    deviation = printed_number(spread)
    scale = items**2 * (n - 1) * (n if spread_is == "SEM" else 1)
    low, high = (scale * max(edge, Fraction(0)) ** 2 for edge in (deviation.low, deviation.high))
    sums = _sums(printed_number(mean), n * items)
    possible = deviation.value >= 0 and any(_has_squares(total, n, low, high) for total in sums)
    return Granularity(
        possible=possible,
        testable=of_mean.testable or _some_impossible(sums, n, scale, deviation),
        nearest=of_mean.nearest,
    )


def _parts(n: int, items: int) -> int:
    if n < 1 or items < 1:
        raise UsageError(
            expected="n and items of 1 or more",
            found=f"n = {n}, items = {items}",
            do="give both as counts",
            where="GRIM",
        )
    return n * items


def _sums(printed: PrintedNumber, parts: int) -> range:
    """Return the whole sums whose mean rounds to what was printed."""
    return range(math.ceil(printed.low * parts), math.floor(printed.high * parts) + 1)


def _has_squares(total: int, n: int, low: Fraction, high: Fraction) -> bool:
    """Say whether some sum of squares fits a sum and its sum of squared deviations between `low` and `high`."""
    share = Fraction(total**2, n)
    whole, rest = divmod(total, n)
    least = max(math.ceil(low + share), n * whole**2 + rest * (2 * whole + 1))
    least += (least - total) % 2
    return least <= high + share


def _some_impossible(sums: range, n: int, scale: int, deviation: PrintedNumber) -> bool:
    """Say whether the printed SD is precise enough: neighbouring sums of squares (2 apart) leave SDs without one."""
    edges = (scale * deviation.low**2 if deviation.low > 0 else Fraction(0), scale * deviation.high**2)
    return edges[1] - edges[0] < 2 and len(sums) == 1
