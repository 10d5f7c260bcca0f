"""BCa limits are those of R's boot from the same resamples (reference/bootstrap.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.stats.bootstrap import bca_interval, bca_limits, difference_of_means

R = json.loads((Path(__file__).parent / "reference" / "bootstrap.json").read_text(encoding="utf-8"))


def test_limits_of_r() -> None:
    influence = [np.array(cell) - np.mean(cell) for cell in R["cells"]]
    influence[1] = -influence[1]
    limits = bca_limits(np.array(R["resampled"]), R["estimate"], influence)
    assert limits == pytest.approx(tuple(R["interval"]), rel=1e-10)


def test_a_seed_gives_one_interval() -> None:
    assert bca_interval(R["cells"], seed=3) == bca_interval(R["cells"], seed=3)
    assert bca_interval(R["cells"], seed=3) != bca_interval(R["cells"], seed=4)


def test_any_statistic() -> None:
    low, high = bca_interval(R["cells"], lambda cells: cells[0].mean(axis=1) / cells[1].mean(axis=1), seed=3)
    assert 0 < low < np.mean(R["cells"][0]) / np.mean(R["cells"][1]) < high


def test_what_has_no_interval() -> None:
    with pytest.raises(AnalysisError, match="two or more finite values"):
        bca_interval([[1.0], [2.0, 3.0]], seed=1)
    with pytest.raises(AnalysisError, match="varies"):
        bca_interval([[1.0, 1.0], [2.0, 2.0]], seed=1)
    with pytest.raises(UsageError, match="999 or more"):
        bca_interval([[1.0, 2.0], [2.0, 3.0]], difference_of_means, seed=1, draws=10)
