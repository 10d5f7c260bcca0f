"""Chains: the best of all, held against trying every one."""

import itertools

import numpy as np
import pytest

from littermate.blots.chains import Spacing, worthiest_chain


@pytest.mark.parametrize("seed", range(6))
def test_no_other_chain_is_worth_more(seed: int) -> None:
    worth = np.random.default_rng(seed).normal(size=14)
    spacing = Spacing.about(3.0, least=2, shares=(0.6, 1.5), price=2.0)
    prices = dict(zip(spacing.distances.tolist(), spacing.prices.tolist(), strict=True))

    def worth_of(chain: tuple[int, ...]) -> float:
        steps = [b - a for a, b in itertools.pairwise(chain)]
        return float(worth[list(chain)].sum()) - sum(prices.get(step, np.inf) for step in steps)

    every = {length: max(map(worth_of, itertools.combinations(range(14), length))) for length in (1, 2, 3, 4)}
    found, places = worthiest_chain(worth, spacing, length=4)
    assert (found, worth_of(tuple(places))) == pytest.approx((every[4], every[4]))
    found, places = worthiest_chain(worth, spacing, length=4, shorter=True)
    assert found == pytest.approx(max(every.values())) and worth_of(tuple(places)) == pytest.approx(found)
