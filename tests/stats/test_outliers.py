"""Outlier rules name units by published thresholds, and nobody in groups they cannot judge."""

from typing import Any

import numpy as np
import pytest

from littermate.errors import UsageError
from littermate.model.outlier import OutlierRule
from littermate.model.plan import Plan
from littermate.stats.outliers import RULES, apply_rule, find_outliers, grubbs, grubbs_limit, modified_z, rout_p
from littermate.stats.table import Table


def table(values: tuple[float | None, ...], cells: str) -> Table:
    return Table(outcome="y", values=values, factors={"a": cells}, units=[f"K{k}" for k in range(len(values))])


EIGHT = (10.1, 9.9, 10.0, 10.2, 9.8, 10.05, 9.95, 14.0)


def test_scores_are_those_of_the_formulas(robust: dict[str, Any]) -> None:
    expected = robust["outliers"]
    found = grubbs(expected["z"])
    assert found is not None
    assert (found.g, found.p) == pytest.approx(tuple(expected["grubbs"].values()), rel=1e-9)
    assert modified_z(expected["z"]) == pytest.approx(expected["modified_z"], rel=1e-9)


@pytest.mark.parametrize(("n", "limit"), [(3, 1.154), (8, 2.126), (10, 2.290), (20, 2.708)])
def test_two_sided_limits_are_those_of_the_tables(n: int, limit: float) -> None:
    """Grubbs and Beck 1972, *Technometrics* 14:847: 2.5 % in each tail."""
    assert grubbs_limit(n) == pytest.approx(limit, abs=2e-3)


def test_p_at_the_limit_is_alpha() -> None:
    """Seven values and one that stands exactly at the limit."""
    values = np.array([-1.0, 1, -1, 1, -1, 1, 0, 0])
    while (found := grubbs(values)) and found.g < grubbs_limit(8):
        values[7] += 0.01
    assert found is not None and found.p == pytest.approx(0.05, abs=2e-3)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_names_the_far_one_within_its_group(rule: OutlierRule) -> None:
    """14 is far from its own eight, and would not be from the other eight."""
    both = table((*EIGHT, *(value + 4 for value in EIGHT[:7]), 13.9), "x" * 8 + "y" * 8)
    (found,) = find_outliers(both, ("a",), rule)
    assert (found.unit, found.value, found.levels) == ("K7", 14.0, (("a", "x"),))
    assert found.because.startswith(rule.words)


def test_rule_leaves_out_and_says_why() -> None:
    kept, found = apply_rule(table(EIGHT, "x" * 8), Plan(outcome="y", factors=("a",)), RULES["mad"])
    assert (len(kept.units), kept.values.max()) == (7, 10.2)
    assert found[0].because == "MAD, modified z above 3.5, within groups: modified z = 26.81"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("values", [(3.0, 3.0, 3.0, 3.0), (1.0, 2.0), (5.0,), (None, 1.0)])
def test_groups_that_cannot_be_judged_name_nobody(rule: OutlierRule, values: tuple[float | None, ...]) -> None:
    assert find_outliers(table(values, "x" * len(values)), ("a",), rule) == ()


def test_ties_have_no_robust_spread() -> None:
    values = [2.0, 2, 2, 2, 2, 2, 9]
    assert (modified_z(values), rout_p(values)) == (None, None)


def test_all_but_one_alike_is_grubbs_limit_itself() -> None:
    found = grubbs([2.0, 2, 2, 2, 2, 9])
    assert found is not None and (found.place, found.p) == (5, 0.0)


@pytest.mark.parametrize("rule", [OutlierRule(name="dixon", limit=0.05), OutlierRule(name="rout", limit=1.0),
                                  OutlierRule(name="mad", limit=0.0)])  # fmt: skip
def test_rules_that_cannot_be_meant(rule: OutlierRule) -> None:
    with pytest.raises(UsageError):
        find_outliers(table(EIGHT, "x" * 8), ("a",), rule)


def test_no_rule_names_more_than_its_share_of_normal_units() -> None:
    """200 groups of 8 normal units: Grubbs in about 5 % of groups, ROUT in few."""
    rng = np.random.default_rng(4)
    groups = rng.normal(size=(200, 8))
    tested = [grubbs(group) for group in groups]
    assert 2 <= sum(one is not None and one.p < 0.05 for one in tested) <= 22
