"""The smallest detectable effect is the one with the wanted power."""

import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.stats.power import f_power, smallest_detectable


def test_founding_study() -> None:
    found = {one.term: one for one in smallest_detectable({"magnesium": 2, "ketamine": 2}, 8)}
    assert found["ketamine"].effect == pytest.approx(1.03, abs=0.005)
    assert found["magnesium:ketamine"].effect == pytest.approx(2 * found["ketamine"].effect)
    assert (found["ketamine"].df, found["ketamine"].df_error) == (1, 28)
    assert f_power(8 * found["ketamine"].effect ** 2, 1, 28) == pytest.approx(0.8, abs=1e-9)


def test_no_effect_has_the_power_of_alpha() -> None:
    assert f_power(0.0, 1, 28, alpha=0.05) == pytest.approx(0.05)


def test_two_groups_are_the_t_test() -> None:
    (found,) = smallest_detectable({"diet": 2}, 10, power=0.9)
    critical = stats.t.isf(0.025, 18)
    away = found.effect * (10 / 2) ** 0.5
    assert stats.nct.sf(critical, 18, away) + stats.nct.cdf(-critical, 18, away) == pytest.approx(0.9, abs=1e-8)


def test_three_levels_need_more_than_two() -> None:
    diet, ketamine, both = smallest_detectable({"diet": 3, "ketamine": 2}, 8)
    assert (diet.df, ketamine.df, both.df, both.df_error) == (2, 1, 2, 42)
    assert diet.effect > ketamine.effect


@pytest.mark.parametrize(
    ("levels", "n", "options"), [({}, 8, {}), ({"a": 1}, 8, {}), ({"a": 2}, 1, {}), ({"a": 2}, 8, {"power": 0.01})]
)
def test_impossible_designs(levels: dict[str, int], n: int, options: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        smallest_detectable(levels, n, **options)
