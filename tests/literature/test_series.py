"""Several statistics and several P in one row."""

import pytest

from littermate.literature.reading import find_tests, read_tests


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("F(1,28) = 5.2, 3.1 and 0.4, P = .03, .09 and .53, respectively", [(5.2, 0.03), (3.1, 0.09), (0.4, 0.53)]),
        ("t(28) = 2.20 and t(28) = 0.51, P = 0.036 and 0.61", [(2.2, 0.036), (0.51, 0.61)]),
        ("t(28) = 2.20 and t(28) = 0.51, p = 0.036 and p = 0.61", [(2.2, 0.036), (0.51, 0.61)]),
        ("(P = 0.036 and 0.61; t28 = 2.20 and -0.51)", [(2.2, 0.036), (-0.51, 0.61)]),
        ("F2,66 = 4.91 and 3.20, respectively; both P < 0.05", [(4.91, 0.05), (3.2, 0.05)]),
        ("t(28) = 3.18 and t(28) = 2.90, P < 0.01 for both", [(3.18, 0.01), (2.9, 0.01)]),
        ("drug: t(28) = 3.18; sex: t(28) = 2.90; all ps < 0.01", [(3.18, 0.01), (2.9, 0.01)]),
    ],
)
def test_each_has_its_own(text: str, pairs: list[tuple[float, float]]) -> None:
    assert [(test.value, test.p_reported) for test in find_tests(text)] == pairs


def test_more_p_than_statistics_are_given_to_none() -> None:
    found = read_tests("t(28) = 2.20 and t(28) = 0.51, P = 0.036, 0.04 and 0.61")
    assert found.tests == ()
    assert len(found.unread) == 2


def test_a_second_p_behind_one_statistic_is_not_its_own() -> None:
    assert [test.p_reported for test in find_tests("F(1,28) = 5.2, P = .03 and .02 after correction")] == [0.03]


def test_a_number_with_a_unit_is_no_further_value() -> None:
    assert [test.value for test in find_tests("t(28) = 2.20 and 3.1 mg, both P < .05")] == []
