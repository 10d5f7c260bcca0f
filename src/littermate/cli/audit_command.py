"""Audit command: the printed statistics of a paper, recomputed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from littermate.cli.json_output import record_json
from littermate.cli.options import Json, require_ending
from littermate.cli.printing import Bars, out, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.model.audit_rules import AuditRules
from littermate.single.audit import AuditQuestion, audit_paper, audit_rules, write_audit_page

if TYPE_CHECKING:
    from littermate.model.audit import Audit, AuditFinding
    from littermate.model.paper import Paper
    from littermate.model.reported_test import RecomputedTest

__all__ = ["register"]

_REPORTED = (
    *("statistic", "df1", "df2", "relation", "value", "n"),
    *("p_relation", "p_reported", "p_above", "one_tailed", "adjusted"),
)
_COMPUTED = ("p_computed", "p_low", "p_high", "tails", "consistent", "decision_error", "verdict", "note")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(audit)


def _as_page(path: Path | None) -> Path | None:
    return require_ending(path, ".html", ".htm")


def audit(
    paper: Annotated[Path, typer.Argument(help="Text, HTML, XML (JATS) or PDF.")],
    design: Annotated[str, typer.Option(help="Levels of the factors between animals, such as 2x2.")] = "",
    n: Annotated[int | None, typer.Option("--n", help="All animals.")] = None,
    per_group: Annotated[int | None, typer.Option("--per-group", help="Animals of each group.")] = None,
    alpha: Annotated[float, typer.Option(help="Level of significance.")] = 0.05,
    tails: Annotated[str, typer.Option(help="Of t, r and z: 'as printed' (where the text says so), two or one.")] = (
        "as printed"
    ),
    strict_alpha: Annotated[bool, typer.Option("--strict-alpha", help="P = alpha is not significant.")] = False,
    allow_zero: Annotated[bool, typer.Option("--allow-zero", help="P = .000 is not wrong as such.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with each sentence (HTML).", callback=_as_page)
    ] = None,
    json: Json = False,
) -> None:
    """Recompute the P values a paper prints, and say what else its numbers show."""
    if html is not None and html.resolve() == paper.resolve():
        raise UsageError(expected="another name for the page", found="that of the paper", do="change --html")
    judged_by = AuditRules(
        alpha=alpha, alpha_is_significant=not strict_alpha, zero_is_wrong=not allow_zero, tails=tails
    )
    question = AuditQuestion(design=design, n=n, per_group=per_group, rules=judged_by)
    with Bars() as bars:
        found = audit_paper(paper, question, on_page=partial(bars, f"reading {paper.name}"))
    rules = audit_rules(judged_by)
    if html is not None:
        write_audit_page(found, judged_by, html)
    if json:
        return print_json(rules, (), **_audit_json(found))
    _print_tests(found)
    _print_unread(found)
    _print_inferences(found)
    _print_findings(found)
    print_rules(rules)
    return None


def _audit_json(found: Audit) -> dict[str, Any]:
    """Return an audit as json-output.md wants it."""
    paper = found.paper
    return {
        "paper": {key: getattr(paper, key) for key in ("path", "sha256", "kind", "title", "notes")},
        "tests": [_test_json(test, paper) for test in found.tests],
        "df_inference": [record_json(one) for one in found.df_inference],
        "designs": [record_json(one) | {"error_df": one.error_df} for one in found.designs],
        "unread": [record_json(one) | {"sentence": paper.passage(one.place).text} for one in found.unread],
        "findings": [_finding_json(one, paper) for one in found.findings],
    }


def _test_json(test: RecomputedTest, paper: Paper) -> dict[str, Any]:
    passage = paper.passage(test.reported.place)
    return {
        "text": test.reported.text,
        "sentence": passage.text,
        "section": passage.section,
        **{key: getattr(test.reported, key) for key in _REPORTED},
        **{key: getattr(test, key) for key in _COMPUTED},
        "place": test.reported.place,
    }


def _finding_json(finding: AuditFinding, paper: Paper) -> dict[str, Any]:
    sentences = dict.fromkeys(paper.passage(place).text for place in finding.places)
    return record_json(finding) | {"sentences": list(sentences)}


def _print_tests(found: Audit) -> None:
    for note in found.paper.notes:
        out.print(note, markup=False)
    if not found.tests:
        out.print("no printed test was found (t, F, chi2, r, z, H or Q with a P): nothing to recompute")
        return
    print_table(
        f"{'1 printed test' if len(found.tests) == 1 else f'{len(found.tests)} printed tests'}: {_verdicts(found)}",
        ("as printed", "P recomputed", "from", "to", "verdict", ""),
        [(one.reported.text, one.p_computed, one.p_low, one.p_high, one.verdict, one.note) for one in found.tests],
    )


def _verdicts(found: Audit) -> str:
    count = found.verdicts
    errors = "1 decision error" if count["decision error"] == 1 else f"{count['decision error']} decision errors"
    open_ones = f", {count['no P follows']} from which no P follows" if count["no P follows"] else ""
    return f"{count['consistent']} consistent, {count['inconsistent']} inconsistent, {errors}{open_ones}"


def _print_unread(found: Audit) -> None:
    if found.unread:
        print_table("like a test, not read", ("as printed", "why"), [(one.text, one.reason) for one in found.unread])


def _print_inferences(found: Audit) -> None:
    if found.df_told:
        print_table(
            "error degrees of freedom that make the most printed P right",
            ("printed", "tests", "right as printed", "best", "right with these"),
            [
                (
                    "all" if one.printed is None else f"{one.printed:g}",
                    one.tests,
                    one.as_printed,
                    one.best_words if one.speaks else "as printed",
                    one.consistent if one.speaks else one.as_printed,
                )
                for one in found.df_told
            ],
        )


def _print_findings(found: Audit) -> None:
    if found.designs:
        out.print("\n[bold]design[/]")
    for design in found.designs:
        left = "" if design.error_df is None else f", {design.error_df} error degrees of freedom"
        animals = "animals not known" if design.n is None else f"{design.n} animals"
        where = f"{design.experiment}: " if design.experiment else ""
        out.print(f"{where}{design.words or 'groups not known'}, {animals}{left} ({design.source})", markup=False)
    if found.findings:
        print_table(
            "what the numbers show",
            ("importance", "finding", "rule"),
            [(one.importance, one.message, one.id) for one in found.findings],
        )
