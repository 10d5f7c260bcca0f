"""Where the ratio goes with its control, dividing has not taken the load out."""

import numpy as np
import pytest

from littermate.blots.loading import LaneRatio
from littermate.blots.proportionality import control_use


def lanes(target: np.ndarray, control: np.ndarray) -> list[LaneRatio]:
    return [
        LaneRatio(lane=k, value=t / c, unscaled=t / c, target=t, control=c)
        for k, (t, c) in enumerate(zip(target, control, strict=True), 1)
    ]


def share_that_depends(power: float) -> float:
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        loads, expression = rng.lognormal(0, 0.3, 16), rng.lognormal(0, 0.15, 16)
        use = control_use(lanes(loads * expression, loads**power))
        assert use is not None
        found.append(use.depends)
    return float(np.mean(found))


def test_a_control_in_proportion_is_rarely_told() -> None:
    assert share_that_depends(1.0) <= 0.05


@pytest.mark.parametrize("power", [0.3, 2.0])
def test_a_saturated_or_steep_control_is_told(power: float) -> None:
    assert share_that_depends(power) >= 0.9


def test_few_lanes_and_lanes_without_a_ratio_say_nothing() -> None:
    assert control_use(lanes(np.ones(7), np.arange(1.0, 8))) is None
    assert control_use(lanes(np.ones(9), np.ones(9))) is None
    missing = LaneRatio(lane=9, value=None, unscaled=None, target=1.0, control=None, reason="torn")
    assert control_use([*lanes(np.ones(7), np.arange(1.0, 8)), missing]) is None
