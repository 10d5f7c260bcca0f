"""Which columns of a table print a test together."""

import pytest

from littermate.literature.table_columns import StatisticColumns, statistic_columns


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Effect|df|F|P", StatisticColumns(name="F", value=2, p=3, df=(1,))),
        ("Effect|F(1,28)|p", StatisticColumns(name="F(1,28)", value=1, p=2)),
        ("Pair|r|n|p-value", StatisticColumns(name="r", value=1, p=3, n=2)),
        ("Source|DFn|DFd|F value|Pr(>F)", StatisticColumns(name="F", value=3, p=4, df=(1, 2))),
        ("Pair|Adjusted P Value|t|DF", StatisticColumns(name="t", value=2, p=1, df=(3,), adjusted=True)),
        ("Effect|df|F (p)", StatisticColumns(name="F", value=2, p=2, df=(1,))),
        ("Figure|Test statistic|P", StatisticColumns(name="", value=1, p=2)),
    ],
)
def test_headings(heading: str, columns: StatisticColumns) -> None:
    assert statistic_columns(heading.split("|")) == [columns]


def test_headings_that_come_twice() -> None:
    found = statistic_columns(["Effect", "F", "df", "P", "F", "df", "P"])
    assert [(one.value, one.df, one.p) for one in found] == [(1, (2,), 3), (4, (5,), 6)]


def test_p_that_stand_before_each_statistic() -> None:
    found = statistic_columns(["Item", "p", "z", "p", "z"])
    assert [(one.value, one.p) for one in found] == [(2, 1), (4, 3)]


@pytest.mark.parametrize("heading", ["x|y|z|Z|P", "Group|F|M|df", "Gene|log2 FC|FDR", "n|SD|Power", "Time|t (min)|P"])
def test_headings_of_no_test(heading: str) -> None:
    assert statistic_columns(heading.split("|")) == []
