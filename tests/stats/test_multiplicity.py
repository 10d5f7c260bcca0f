"""Adjusted P, worked by eye; those of R are among the reference cases."""

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.stats.multiplicity import adjust, adjust_family

WORKED = {
    "none": [0.01, 0.04, 0.03],
    "bonferroni": [0.03, 0.12, 0.09],
    "holm": [0.03, 0.06, 0.06],
    "hochberg": [0.03, 0.04, 0.04],
    "hommel": [0.03, 0.04, 0.04],
    "sidak": [1 - 0.99**3, 1 - 0.96**3, 1 - 0.97**3],
    "holm-sidak": [1 - 0.99**3, 1 - 0.97**2, 1 - 0.97**2],
    "fdr": [0.03, 0.04, 0.04],
    "by": [0.055, 0.22 / 3, 0.22 / 3],
}


@pytest.mark.parametrize("method", WORKED)
def test_three_tests(method: str) -> None:
    assert adjust([0.01, 0.04, 0.03], method).tolist() == pytest.approx(WORKED[method], rel=1e-12)


def test_nothing_exceeds_one() -> None:
    assert adjust([0.6, 0.7], "bonferroni").tolist() == [1.0, 1.0]


def test_a_family_of_outcomes_keeps_both() -> None:
    family = adjust_family({"immobility": 0.01, "BDNF": 0.04}, "holm")
    assert (family.p, family.p_adjusted) == ((0.01, 0.04), (0.02, 0.04))


@pytest.mark.parametrize(("ps", "method"), [([0.1, np.nan], "holm"), ([1.2], "holm"), ([0.1], "duncan")])
def test_what_is_no_family(ps: list[float], method: str) -> None:
    with pytest.raises(UsageError):
        adjust(ps, method)
