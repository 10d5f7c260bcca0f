"""The largest t is that of another quadrature (reference/largest_t.py), and the same in every way of getting to it."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.stats.dunnett import MaxT, dunnett_loadings, single_step, step_down

LINES = json.loads((Path(__file__).parent / "reference" / "largest_t.json").read_text(encoding="utf-8"))["largest_t"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{len(line['loadings'])} of {line['df']} df")
def test_tail(line: dict) -> None:
    largest = MaxT.of_loadings(line["loadings"], line["df"], "two-sided" if line["sides"] == 2 else "greater")
    assert largest.p(line["bound"]) == pytest.approx(line["p"], rel=1e-10)
    assert largest.critical(line["p"]) == pytest.approx(line["bound"], rel=1e-10)


def test_one_comparison_is_a_t_test() -> None:
    assert MaxT(correlation=np.eye(1), df=7).p(-2.0) == pytest.approx(2 * stats.t.sf(2.0, 7), rel=1e-12)
    assert MaxT(correlation=np.eye(1), df=7, side="less").p(-2.0) == pytest.approx(stats.t.sf(2.0, 7), rel=1e-12)


def test_one_after_the_other_gives_what_the_shared_control_gives() -> None:
    product = MaxT.of_loadings([0.7, 0.5, 0.8], 20)
    nested = product.correlation + np.array([[0, 0, 0], [0, 0, 1e-7], [0, 1e-7, 0]])
    other = MaxT(correlation=nested, df=20)
    assert other.digits == 10
    assert other.p(2.4) == pytest.approx(product.p(2.4), rel=1e-7)


def test_a_sphere_says_that_it_is_rough() -> None:
    twice = MaxT(correlation=np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]]), df=20)
    once = MaxT(correlation=np.array([[1.0, 0.5], [0.5, 1.0]]), df=20)
    assert (twice.digits, once.digits) == (4, 10)
    assert twice.p(2.0) == pytest.approx(once.p(2.0), abs=1e-4)
    assert twice.p(2.0) == twice.p(2.0)


def test_stepping_down_never_gives_a_larger_p() -> None:
    largest = MaxT.of_loadings(dunnett_loadings([8, 8, 6], 7), 25)
    t = [-3.6, -1.7, -2.9]
    down, single = step_down(t, largest), single_step(t, largest)
    assert down[0] == pytest.approx(single[0])
    assert (down <= single + 1e-15).all()
    assert down[1] == pytest.approx(2 * stats.t.sf(1.7, 25), rel=1e-10)


@pytest.mark.parametrize("matrix", [np.ones((2, 3)), np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[2.0]])])
def test_no_correlations(matrix: np.ndarray) -> None:
    with pytest.raises(UsageError, match="correlation matrix"):
        MaxT(correlation=matrix, df=20)


def test_no_degrees_of_freedom() -> None:
    with pytest.raises(UsageError, match="degrees of freedom"):
        MaxT(correlation=np.eye(2), df=0)
