"""The founding study's printed tests, and what a careful reader finds in them."""

import json
from pathlib import Path

import pytest

from littermate.errors import UsageError
from littermate.model.audit import Audit
from littermate.model.audit_rules import AuditRules
from littermate.single.audit import AuditQuestion, audit_paper, audit_rules, write_audit_page

FOUNDING = Path(__file__).parents[1] / "formats" / "paper" / "founding.txt"


@pytest.fixture(scope="module")
def founding() -> Audit:
    return audit_paper(FOUNDING)


def test_all_tests_are_found_and_each_p_that_does_not_follow(founding: Audit) -> None:
    assert [(one.reported.value, one.reported.df2) for one in founding.tests if one.verdict == "inconsistent"] == [
        (0.686, 30),
        (0.873, 30),
        (0.886, 32),
        (0.148, 32),
        (0.08, 32),
        (1.244, 32),
        (0.916, 32),
    ]
    assert len(founding.tests) == 13
    assert not any(one.decision_error for one in founding.tests)
    assert founding.unread == ()


def test_the_design_leaves_28_error_degrees_of_freedom(founding: Audit) -> None:
    (design,) = founding.designs
    assert (design.levels, design.n, design.per_group, design.error_df) == ((2, 2), 32, 8, 28)
    impossible = [one for one in founding.findings if one.id == "error-df-impossible"]
    assert {founding.paper.passage(place).section for one in impossible for place in one.places} == {
        "Forced swim test",
        "Open field test",
        "BDNF",
    }


def test_28_or_29_make_six_of_the_tests_printed_with_32_right(founding: Audit) -> None:
    (with_32,) = (one for one in founding.df_inference if one.printed == 32)
    assert (with_32.tests, with_32.as_printed, with_32.best, with_32.consistent) == (10, 5, (28, 29), 6)


def test_a_design_that_is_given_comes_first() -> None:
    audit = audit_paper(FOUNDING, AuditQuestion(design="2x2", n=36))
    assert [one.source == "given" for one in audit.designs] == [True, False]
    assert audit.designs[0].error_df == 32


def test_a_design_that_cannot_be_meant_is_refused_before_the_paper_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        audit_paper(tmp_path / "none.pdf", AuditQuestion(design="2x1"))


def test_a_paper_without_tests(tmp_path: Path) -> None:
    path = tmp_path / "essay.txt"
    path.write_text("Mice were kept. They were well.", encoding="utf-8")
    audit = audit_paper(path)
    assert (audit.tests, audit.df_inference) == ((), ())
    write_audit_page(audit, AuditRules(), tmp_path / "essay.html")
    assert "No printed test was found" in (tmp_path / "essay.html").read_text(encoding="utf-8")


def test_rules_have_another_hash_where_they_judge_otherwise() -> None:
    rules = [AuditRules(), AuditRules(alpha=0.01), AuditRules(tails="one"), AuditRules(zero_is_wrong=False)]
    assert len({audit_rules(one).hash for one in rules}) == 4
    assert json.dumps(audit_rules(AuditRules()).parameters)
