"""Equal slopes, worked by eye; R's numbers are among the reference cases."""

import pandas as pd
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.stats.factorial import fit_model
from littermate.stats.slopes import equal_slopes

FRAME = pd.DataFrame(
    {"y": [1.0, 2.1, 2.9, 4.0, 4.0, 3.1, 1.9, 1.0], "w": [1, 2, 3, 4] * 2, "a": list("xxxxzzzz"), "b": list("pqpqqppq")}
)


def test_slopes_that_cross() -> None:
    found = equal_slopes(fit_model(FRAME, "y ~ number(w) + a"))
    assert found.p is not None
    assert found.p < 1e-4
    assert "The slope of w differs between the groups" in found.says


def test_no_covariate() -> None:
    with pytest.raises(UsageError, match="covariate"):
        equal_slopes(fit_model(FRAME, "y ~ a"))


def test_too_few_units() -> None:
    with pytest.raises(AnalysisError, match="more units than slopes"):
        equal_slopes(fit_model(FRAME, "y ~ number(w) + a * b"))
