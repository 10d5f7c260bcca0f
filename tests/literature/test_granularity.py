"""GRIM and GRIMMER never reject what whole numbers can give, and reject the published examples."""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import pytest

from littermate.errors import UsageError
from littermate.literature.granularity import grim, grimmer, printed_number


def rounded(value: Fraction, decimals: int) -> set[str]:
    """Print a number rounded half up and half down."""
    scaled = value * 10**decimals
    below = math.floor(scaled)
    rest = scaled - below
    ends = {below} if rest < Fraction(1, 2) else {below + 1} if rest > Fraction(1, 2) else {below, below + 1}
    return {f"{end // 10**decimals}.{end % 10**decimals:0{decimals}d}" for end in ends}


def rounded_root(variance: Fraction, decimals: int) -> set[str]:
    """Print the root of a number rounded half up and half down, exactly."""
    scaled = variance * 100**decimals
    below = math.isqrt(math.floor(scaled))
    middle = Fraction(2 * below + 1, 2) ** 2
    ends = {below} if scaled < middle else {below + 1} if scaled > middle else {below, below + 1}
    return {f"{end // 10**decimals}.{end % 10**decimals:0{decimals}d}" for end in ends}


def printed_samples(n: int, largest: int, decimals: int) -> Iterator[tuple[str, str, str]]:
    """Yield mean, SD and SEM of every sample of n whole numbers from 0 to the largest."""
    for sample in itertools.combinations_with_replacement(range(largest + 1), n):
        total, squares = sum(sample), sum(value**2 for value in sample)
        variance = (squares - Fraction(total**2, n)) / (n - 1)
        for mean in rounded(Fraction(total, n), decimals):
            for sd, sem in itertools.product(rounded_root(variance, decimals), rounded_root(variance / n, decimals)):
                yield mean, sd, sem


@pytest.mark.parametrize(("n", "largest"), [(2, 12), (3, 9), (4, 6), (5, 4), (7, 3)])
@pytest.mark.parametrize("decimals", [1, 2])
def test_every_possible_sample_is_possible(n: int, largest: int, decimals: int) -> None:
    for mean, sd, sem in set(printed_samples(n, largest, decimals)):
        assert grim(mean, n).possible, (mean, n)
        assert grimmer(mean, sd, n).possible, (mean, sd, n)
        assert grimmer(mean, sem, n, spread_is="SEM").possible, (mean, sem, n)


@pytest.mark.parametrize("n", [5, 6, 7])
def test_from_five_on_what_no_sample_gives_is_impossible(n: int) -> None:
    reached = {(mean, sd) for mean, sd, _ in printed_samples(n, 6, 2)}
    hundredths = [f"{k // 100}.{k % 100:02d}" for k in range(80, 101)]
    candidates = set(itertools.product(["3.00", *rounded(Fraction(3 * n + 1, n), 2)], hundredths))
    assert {pair for pair in candidates if grimmer(*pair, n).possible} == candidates & reached


@pytest.mark.parametrize(
    ("mean", "n", "possible"),
    [
        ("5.19", 28, False),  # Brown and Heathers 2017
        ("5.18", 28, True),
        *(("7.22", 32, True), ("4.74", 25, False), ("5.23", 29, False), ("2.57", 24, False)),  # scrutiny, pigs1
        ("5.27", 43, False),  # scrutiny, grim
    ],
)
def test_published_means(mean: str, n: int, possible: bool) -> None:
    assert grim(mean, n).possible is possible


@pytest.mark.parametrize(("sd", "possible"), [("2.47", False), ("2.48", True)])
def test_the_published_sd_of_allard(sd: str, possible: bool) -> None:
    assert grimmer("3.44", sd, 18).possible is possible


def test_items_make_the_grain_finer() -> None:
    assert not grim("3.33", 4).possible
    assert grim("3.33", 4, items=3).possible
    assert grimmer("3.50", "0.58", 4).possible
    assert grimmer("1.75", "0.29", 4, items=2).possible  # half of 3.5 and of 0.577


def test_what_n_makes_untestable_is_said() -> None:
    found = grim("5.19", 100)
    assert (found.testable, found.possible) == (False, True)
    assert grim("5.19", 99).testable
    assert not grim("5", 8).testable


def test_the_nearest_means_are_given() -> None:
    assert grim("12.41", 8).nearest == ("12.375", "12.500")


def test_commas_and_any_minus_are_read() -> None:
    assert printed_number("−3,45").value == Fraction(-345, 100)


@pytest.mark.parametrize("printed", ["", "abc", "1.2.3", "1e3", "٣.5", "--1", "inf", "nan"])
def test_what_is_no_number_is_refused(printed: str) -> None:
    with pytest.raises(UsageError, match="a number as it is printed"):
        grim(printed, 8)


@pytest.mark.parametrize(("n", "items"), [(0, 1), (-3, 1), (8, 0)])
def test_counts_below_one_are_refused(n: int, items: int) -> None:
    with pytest.raises(UsageError, match="1 or more"):
        grim("3.5", n, items)


@pytest.mark.parametrize(("n", "spread_is"), [(1, "SD"), (8, "CV")])
def test_a_spread_needs_two_numbers_and_a_kind(n: int, spread_is: str) -> None:
    with pytest.raises(UsageError, match="SD or SEM"):
        grimmer("3.5", "0.5", n, spread_is=spread_is)


def test_a_negative_spread_is_impossible() -> None:
    assert not grimmer("3.50", "-0.53", 8).possible
