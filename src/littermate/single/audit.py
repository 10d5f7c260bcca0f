"""Audit: one paper's printed statistics, recomputed and set against each other and against its design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from littermate.files import written_whole
from littermate.formats.paper import read_paper
from littermate.literature.consistency import recompute
from littermate.literature.contradictions import find_contradictions
from littermate.literature.error_df import infer_df
from littermate.literature.printed_design import find_designs, given_design
from littermate.literature.table_tests import read_paper_tests
from littermate.model.audit import Audit, PrintedDesign
from littermate.model.audit_rules import AuditRules
from littermate.model.rules import RuleSet
from littermate.report.audit_page import render_audit_page

__all__ = ["AuditQuestion", "audit_paper", "audit_rules", "write_audit_page"]


_BY_DEFAULT = AuditRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """How a paper is audited.

    Parameters
    ----------
    design, n, per_group
        Levels of the factors between animals (``"2x2"``), all animals, animals of a group, where the reader gives
        them. What is given is trusted; the text is read as well.
    rules
        How printed tests are judged.
    """

    design: str = ""
    n: int | None = None
    per_group: int | None = None
    rules: AuditRules = _BY_DEFAULT

    @property
    def given(self) -> tuple[PrintedDesign, ...]:
        """The design the reader gives, or none."""
        if self.design or self.n is not None or self.per_group is not None:
            return (given_design(self.design, self.n, self.per_group),)
        return ()


_AS_PRINTED = AuditQuestion()


def audit_paper(
    path: str | Path, question: AuditQuestion = _AS_PRINTED, *, on_page: Callable[[int, int], None] | None = None
) -> Audit:
    """Read a paper, recompute its printed tests and set its numbers against each other.

    Parameters
    ----------
    path
        A text, HTML, XML (JATS) or PDF file.
    question
        The design, where the reader gives it, and the rules.
    on_page
        Told after each page of a PDF: pages read, pages in all.

    Raises
    ------
    PaperError
        If the file cannot be read as a paper.
    UsageError
        If the design that is given cannot be meant.
    """
    given = question.given
    paper = read_paper(path, on_page=on_page)
    printed = read_paper_tests(paper)
    tests = tuple(recompute(test, question.rules) for test in printed.tests)
    designs = (*given, *find_designs(paper))
    inferred = infer_df(printed.tests, question.rules)
    return Audit(
        paper=paper,
        tests=tests,
        df_inference=inferred,
        designs=designs,
        findings=find_contradictions(paper, tests, designs, inferred),
        unread=printed.unread,
    )


def audit_rules(rules: AuditRules) -> RuleSet:
    """Return the rules of an audit as words and a hash."""
    tails = {"two": "two-sided", "one": "one-sided"}.get(rules.tails, "two-sided, one-sided where the text says so")
    at_alpha = "counts" if rules.alpha_is_significant else "does not count"
    words = (
        "A printed P is consistent where a statistic that is printed so can have it, rounded to its decimals"
        " (statcheck's rules).",
        f"Decision error: inconsistent, and the recomputed P lies on the other side of {rules.alpha:g};"
        f" P = {rules.alpha:g} {at_alpha} as significant.",
        f"P of t, r and z: {tails}; of F, chi2, H and Q: the upper tail.",
        *(["No P is zero: one printed so is inconsistent."] if rules.zero_is_wrong else []),
        "Degrees of freedom are inferred by counting how many printed P of F and t each makes right.",
    )
    return RuleSet.of("audit", rules, words)


def write_audit_page(audit: Audit, rules: AuditRules, path: str | Path) -> None:
    """Write an audit as one HTML page that stands alone.

    Raises
    ------
    FileError
        If nothing can be written there.
    """
    page = render_audit_page(audit, audit_rules(rules))
    with written_whole(path) as part:
        part.write_text(page, encoding="utf-8", newline="\n")
