"""Simulated earlier studies hold the effect that was put into them."""

import numpy as np

from littermate.simulate.literature import LiteratureTruth, draw_literature


def test_the_effect_is_in_the_means() -> None:
    truth = LiteratureTruth(effect=-1.0, tau=0.0)
    rows = draw_literature(400, truth=truth, seed=2)
    effects = [(row["mean_treatment"] - row["mean_control"]) / truth.sd for row in rows]
    assert abs(np.mean(effects) + 1.0) < 3 * np.std(effects) / 20


def test_the_same_seed_draws_the_same() -> None:
    assert draw_literature(3, seed=5) == draw_literature(3, seed=5) != draw_literature(3, seed=6)
