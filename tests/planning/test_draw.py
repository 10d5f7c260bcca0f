"""Draws are fair, the same again from the same seed, and refuse what is no seed."""

from collections import Counter

import pytest

from littermate.errors import UsageError
from littermate.planning.draw import Draw


def test_same_seed_and_purpose_give_the_same_stream() -> None:
    assert [Draw(5, "a").randbelow(1000) for _ in range(3)] == [Draw(5, "a").randbelow(1000)] * 3
    assert Draw(5, "a").shuffled(range(20)) != Draw(5, "b").shuffled(range(20))
    assert Draw(5, "a").shuffled(range(20)) != Draw(6, "a").shuffled(range(20))


def test_purposes_are_told_apart_word_by_word() -> None:
    assert Draw(5, "ab", "c").shuffled(range(20)) != Draw(5, "a", "bc").shuffled(range(20))


def test_every_order_is_as_likely() -> None:
    """3,600 orders of three: each of six comes 600 times, with an SD of 22."""
    draw = Draw(1, "orders")
    orders = Counter("".join(draw.shuffled("abc")) for _ in range(3600))
    assert len(orders) == 6
    assert all(500 < count < 700 for count in orders.values())


@pytest.mark.parametrize("seed", [-1, 1.5, True, "2026"])
def test_what_is_no_seed_is_refused(seed: object) -> None:
    with pytest.raises(UsageError, match="seed"):
        Draw(seed)  # type: ignore[arg-type]
