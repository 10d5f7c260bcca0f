"""The painted lanes differ as their loads do, to what whole pixels can show of soft edges."""

import pytest

from littermate.simulate.total_protein import paint_total_protein


def test_the_truth_follows_the_loads() -> None:
    pixels, truth = paint_total_protein((1.0, 0.5, 2.0), seed=3)
    assert truth[1] / truth[0] == pytest.approx(0.5, rel=1e-3)
    assert truth[2] / truth[0] == pytest.approx(2.0, rel=1e-3)
    assert pixels.dtype == "uint16"
    assert (pixels == paint_total_protein((1.0, 0.5, 2.0), seed=3)[0]).all()
