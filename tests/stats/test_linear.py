"""Columns and projections."""

import numpy as np
import pytest

from littermate.stats.linear import build_design, coded, project, sum_to_zero, sums_of_squares
from littermate.stats.table import Table

TABLE = Table(
    outcome="y",
    values=(1.0, 3.0, 2.0, 6.0, 4.0, 8.0),
    factors={"a": "xxxzzz", "b": "pqrpqr"},
    units=tuple("123456"),
    covariates={"w": (5.0, 1.0, 2.0, 8.0, 3.0, 4.0)},
)
LEVELS = {"a": ("x", "z"), "b": ("p", "q", "r")}


def test_coding_sums_to_zero() -> None:
    assert np.allclose(sum_to_zero(4).sum(axis=0), 0)


def test_balanced_terms_do_not_depend_on_the_type() -> None:
    design = build_design(TABLE, (("a",), ("b",)), LEVELS)
    one, two, three = (sums_of_squares(design, type=kind) for kind in (1, 2, 3))
    for term, (df, ss) in one.items():
        assert two[term] == three[term] == (df, pytest.approx(ss))


def test_parts_add_up() -> None:
    design = build_design(TABLE, (("w",), ("a",), ("b",)), LEVELS)
    fitted = project(design)
    explained = sum(ss for _, ss in sums_of_squares(design, type=1).values())
    assert explained + fitted.ss_error == pytest.approx(np.var(TABLE.values) * 6)
    assert fitted.df_error == 1
    assert fitted.residuals @ design.matrix() == pytest.approx(0, abs=1e-12)


def test_rows_of_cells_are_those_of_their_units() -> None:
    design = build_design(TABLE, (("w",), ("a",), ("b",), ("a", "b")), LEVELS)
    rows = coded(design, design.codes)
    assert rows[:, 2:].tolist() == design.matrix()[:, 2:].tolist()
    assert rows[:, :2].tolist() == [[1, 0]] * 6
