"""Which error degrees of freedom make printed P right."""

import json
from pathlib import Path

import pytest

from littermate.literature.error_df import infer_df
from littermate.literature.reading import find_tests

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"


def test_no_test_no_inference() -> None:
    assert infer_df(find_tests("χ2(1) = 3.5, p = .06; z = 2.20, p = .03; t(24.3) = 2.2, p = .04; r = .4, p = .1")) == ()


def test_t_and_f_by_printed_df_and_together() -> None:
    text = "F(1,30) = 0.916, P = 0.347; t(30) = 1.208, P = 0.237; F(2,14) = 5.20, P = 0.020"
    by_14, by_30, every = infer_df(find_tests(text))
    assert (by_14.printed, by_14.tests, by_14.as_printed) == (14, 1, 1)
    assert (by_30.printed, by_30.tests, by_30.as_printed, by_30.consistent) == (30, 2, 1, 2)
    assert 28 in by_30.best
    assert (every.printed, every.tests) == (None, 3)
    assert dict(by_30.counts)[28] == 2
    assert [df for df, _ in by_30.counts] == list(range(15, 61))


def test_adjusted_p_take_no_part() -> None:
    assert infer_df(find_tests("F(1,30) = 0.916, adjusted P = 0.347")) == ()


def test_where_nothing_is_right_nothing_is_best() -> None:
    (by_32, _) = infer_df(find_tests("F(1,32) = 0.08, P = 0.90"))
    assert (by_32.best, by_32.consistent) == ((), 0)


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
def test_the_founding_study() -> None:
    lines = json.loads((ORACLES / "pvalues.json").read_text(encoding="utf-8"))["expected"]["paper"]
    tests = find_tests("; ".join(line["text"] for line in lines))
    by_30, by_32, _ = infer_df(tests)
    assert (by_30.tests, by_32.tests) == (3, 10)
    assert (by_32.best, by_32.consistent, by_32.as_printed) == ((28, 29), 6, 5)
    for line, test in zip(lines, tests, strict=True):
        (one, _) = infer_df([test])
        right = [df for df, count in one.counts if count and 20 <= df <= 40]
        expected = line["df2_consistent_in_20_40"]
        assert right == ([] if expected == "none" else expected if isinstance(expected, list) else [expected])
