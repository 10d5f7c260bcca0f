"""Audit: one paper's printed statistics, recomputed and set against each other and against its design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.formats.paper import read_paper
from littermate.literature.contradictions import find_contradictions
from littermate.literature.printed_design import find_designs, given_design
from littermate.literature.stub7 import find_tests, infer_df, recompute
from littermate.model.audit import Audit, PrintedDesign
from littermate.model.rules import RuleSet
from littermate.report.audit_page import render_audit_page

__all__ = ["AuditQuestion", "audit_paper", "audit_rules", "write_audit_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """How a paper is audited.

    Parameters
    ----------
    design, n, per_group
        Levels of the factors between animals (``"2x2"``), all animals, animals of a group, where the reader gives
        them; otherwise they are read from the text.
    alpha
        Level of significance.
    """

    design: str = ""
    n: int | None = None
    per_group: int | None = None
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise UsageError(expected="an alpha between 0 and 1", found=f"{self.alpha:g}", do="give one, such as 0.05")


_AS_PRINTED = AuditQuestion()


def audit_paper(
    path: str | Path, question: AuditQuestion = _AS_PRINTED, *, on_page: Callable[[int, int], None] | None = None
) -> Audit:
    """Read a paper and recompute what it prints.

    Parameters
    ----------
    path
        A text, HTML, XML (JATS) or PDF file.
    question
        The design, where it is not to be read from the text, and the level of significance.
    on_page
        Told after each page of a PDF: pages read, pages in all.

    Raises
    ------
    PaperError
        If the file cannot be read as a paper.
    UsageError
        If the design that is given cannot be meant.
    """
    given = _given(question)
    paper = read_paper(path, on_page=on_page)
    tests = tuple(recompute(test, alpha=question.alpha) for test in find_tests(paper.text))
    designs = (*given, *find_designs(paper))
    inferred = infer_df(tests)
    findings = find_contradictions(paper, tests, designs, inferred)
    return Audit(paper=paper, tests=tests, df_inference=inferred, designs=designs, findings=findings)


def _given(question: AuditQuestion) -> tuple[PrintedDesign, ...]:
    if question.design or question.n is not None or question.per_group is not None:
        return (given_design(question.design, question.n, question.per_group),)
    return ()


def audit_rules(question: AuditQuestion = _AS_PRINTED) -> RuleSet:
    """Return the rules of an audit as words and a hash."""
    words = (
        "A printed P is consistent if it can come from a statistic that rounds to the printed one (statcheck's rule);"
        " P < x and P > x are held against all values the statistic can have.",
        f"Decision error: the printed and the recomputed P lie on different sides of {question.alpha:g}.",
        "Two-sided P for t, r and z; the upper tail for F, chi2 and Q.",
        "Degrees of freedom are inferred by counting, for each, how many printed P it makes right.",
    )
    return RuleSet.of("audit", question, words)


def write_audit_page(audit: Audit, question: AuditQuestion, path: str | Path) -> None:
    """Write an audit as one HTML page that stands alone.

    Raises
    ------
    FileError
        If nothing can be written there.
    """
    page = render_audit_page(audit, audit_rules(question))
    with written_whole(path) as part:
        part.write_text(page, encoding="utf-8", newline="\n")
