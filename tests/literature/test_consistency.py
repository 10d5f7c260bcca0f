"""Printed P against the P that follows; statcheck's own cases are in test_reported_tests.py."""

import json
import math
from pathlib import Path

import pytest

from littermate.errors import UsageError
from littermate.literature.consistency import recompute, rounded
from littermate.literature.reading import find_tests
from littermate.model.audit_rules import AuditRules
from littermate.model.reported_test import RecomputedTest, ReportedTest

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"


def judged(text: str, rules: AuditRules | None = None) -> RecomputedTest:
    (test,) = find_tests(text)
    return recompute(test, rules)


@pytest.mark.parametrize(
    ("text", "consistent", "decision_error"),
    [
        ("t(28) = 2.20, p = .036", True, False),
        ("t(28) = 2.20, p = .03", False, False),
        ("t(28) = 2.2, p = .03", True, False),
        ("t(28) = 2.20, p = .06", False, True),
        ("t(28) = 2.20, ns", False, True),
        ("t(28) = 2.20, p > .05", False, True),
        ("t(28) = 2.20, p < .05", True, False),
        ("t(28) < 2.20, p > .04", True, False),
        ("t(28) > 2.20, p = .08", False, True),
        ("F(1,28) < 1, p = .40", True, False),
        ("t(28) = 1.20, p < .10", False, False),
    ],
)
def test_verdicts(text: str, consistent: bool, decision_error: bool) -> None:
    done = judged(text)
    assert (done.consistent, done.decision_error) == (consistent, decision_error)


def test_one_tailed_where_the_text_says_so() -> None:
    said, unsaid = judged("t(28) = 2.20, p = .018, one-tailed"), judged("t(28) = 2.20, p = .018")
    assert (said.tails, said.consistent, said.note) == (1, True, "")
    assert (unsaid.tails, unsaid.consistent, unsaid.note) == (2, False, "right as a one-tailed test")
    assert judged("t(28) = 2.20, p = .018, one-tailed", AuditRules(tails="two")).consistent is False
    assert judged("F(1,28) = 4.84, p = .036", AuditRules(tails="one")).tails == 2


def test_alpha_itself() -> None:
    strict = AuditRules(alpha_is_significant=False)
    assert not judged("t(28) = 2.20, p = .05").decision_error
    assert judged("t(28) = 2.20, p = .05", strict).decision_error


def test_p_printed_as_zero() -> None:
    done = judged("t(28) = 22.20, p = .000")
    assert (done.consistent, done.note) == (False, "P is printed as zero, which no P is")
    assert judged("t(28) = 22.20, p = .000", AuditRules(zero_is_wrong=False)).consistent


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("r(16) = 26.05, p = .10", "no correlation is larger than 1"),
        ("F(1,28) = -5.2, p = .03", "F cannot be negative"),
        ("F(0,28) = 5.2, p = .03", "there is no such test with zero degrees of freedom"),
        ("r = .45, p = .01", "no degrees of freedom are printed with it"),
    ],
)
def test_where_nothing_follows(text: str, note: str) -> None:
    done = judged(text)
    assert (done.p_computed, done.consistent, done.decision_error, done.note) == (None, None, False, note)


def test_an_adjusted_p_may_be_larger_and_not_smaller() -> None:
    larger, smaller = judged("t(28) = 2.20, adjusted p = .11"), judged("t(28) = 2.20, adjusted p = .01")
    assert (larger.consistent, larger.decision_error) == (None, False)
    assert smaller.consistent is False
    assert (
        larger.note
        == smaller.note
        == "P is said to be adjusted for several comparisons: it need not follow from the statistic"
    )


def test_p_of_a_perfect_correlation_and_of_huge_statistics() -> None:
    assert judged("r(28) = 1.00, p < .001").p_computed == 0
    done = judged("z = 36.0, p < .001").p_computed
    assert done is not None
    assert 1e-284 < done < 1e-282


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases (../shared/oracles) are not here")
def test_p_against_r() -> None:
    lines = json.loads((ORACLES / "pvalues.json").read_text(encoding="utf-8"))["expected"]["generic"]
    for line in lines:
        test = ReportedTest(
            text="",
            place=(0, 0),
            statistic={"Chi2": "chi2", "Z": "z"}.get(line["type"], line["type"]),
            df1=line.get("df1"),
            df2=line.get("df2"),
            relation="=",
            value=line["stat"],
            decimals=2,
            p_relation="=",
            p_reported=0.5,
            p_decimals=1,
        )
        done = recompute(test, AuditRules(tails="two" if line["two_tailed"] else "one"))
        assert done.p_computed == pytest.approx(line["p"], rel=1e-10, abs=0), line


def test_rounding_is_that_of_r() -> None:
    cases = json.loads((Path(__file__).parent / "reference" / "rounding.json").read_text(encoding="utf-8"))
    assert len(cases["x"]) == 600
    for x, decimals, expected in zip(cases["x"], cases["decimals"], cases["rounded"], strict=True):
        assert rounded(x, decimals) == expected, (x, decimals)


def test_a_p_beyond_the_smallest_double() -> None:
    assert judged("t(28) = 2.20, p = 3.1e-320").consistent is False
    assert judged("t(28) = 2.20, p < 1e-999").consistent is False


@pytest.mark.parametrize("wrong", [{"alpha": 0.0}, {"alpha": 5.0}, {"tails": "both"}])
def test_rules_that_no_test_can_be_judged_by(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="expected"):
        AuditRules(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "consistent", "decision_error"),
    [
        ("F(1,28) = 5.2, .01 < P < .05", True, False),
        ("F(1,28) = 5.2, .05 < P < .10", False, True),
        ("F(1,28) = 9.2, .01 < P < .05", False, False),
        ("F(1,28) = 3.2, .05 < P < .10", True, False),
    ],
)
def test_p_between_two_numbers(text: str, consistent: bool, decision_error: bool) -> None:
    done = recompute(find_tests(text)[0])
    assert (done.consistent, done.decision_error) == (consistent, decision_error)


def test_kruskal_wallis_is_a_chi_squared() -> None:
    done = recompute(find_tests("Kruskal-Wallis H(2) = 7.10, P = 0.029")[0])
    assert done.reported.statistic == "H"
    assert done.p_computed == pytest.approx(math.exp(-7.1 / 2), rel=1e-12)


def test_kruskal_wallis_of_few_animals_may_be_exact() -> None:
    done = recompute(find_tests("Kruskal-Wallis H(2) = 5.60, P = 0.05")[0])
    assert done.consistent is False
    assert "exact tables" in done.note
