"""The studentized range is R's, and that of another quadrature (reference/largest_t.py)."""

import json
from pathlib import Path

import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.stats.studentized_range import range_critical, range_p

REFERENCE = Path(__file__).parent / "reference"


def test_tails_of_r() -> None:
    found = json.loads((REFERENCE / "comparisons.json").read_text(encoding="utf-8"))
    for line in found["ptukey"]:
        # R's own error: to 1e-6 at 3 degrees of freedom, where scipy's quadrature agrees with ours to 1e-14.
        apart = 1e-8 if line["df"] > 3 else 1e-6
        assert range_p(line["q"], line["groups"], line["df"]) == pytest.approx(line["p"], abs=apart)
    assert range_critical(0.05, 4, 25) == pytest.approx(found["qtukey"], rel=1e-9)


def test_few_degrees_of_freedom() -> None:
    for q, groups in [(0.5, 3), (3.0, 3), (4.5, 3), (4.5, 12)]:
        expected = float(stats.studentized_range.sf(q, groups, 3))
        assert range_p(q, groups, 3) == pytest.approx(expected, rel=1e-11)


def test_tails_of_another_quadrature() -> None:
    for line in json.loads((REFERENCE / "largest_t.json").read_text(encoding="utf-8"))["range"]:
        assert range_p(line["q"], line["groups"], line["df"]) == pytest.approx(line["p"], rel=1e-9)


@pytest.mark.parametrize("q", [0.01, 2.0, 40.0])
def test_two_groups_are_a_t_test(q: float) -> None:
    assert range_p(q, 2, 5) == pytest.approx(2 * stats.t.sf(q / 2**0.5, 5), rel=1e-12)


def test_edges() -> None:
    assert range_p(0.0, 3, 10) == 1.0
    with pytest.raises(UsageError, match="2 or more groups"):
        range_p(3.0, 1, 10)
