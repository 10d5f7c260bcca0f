"""Audit page: one HTML file that shows what a paper's printed numbers say, each beside its sentence.

It stands alone, has no script, and asks nothing of anywhere. All text of the paper is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup

from littermate.model.audit import Audit, AuditFinding, DfInference, PrintedDesign
from littermate.model.paper import Paper, Sentence
from littermate.model.reported_test import RecomputedTest, ReportedTest
from littermate.model.rules import RuleSet
from littermate.report.numbers import degrees, number, p_text
from littermate.report.template import environment, source
from littermate.version import __version__

__all__ = ["render_audit_page"]

_RANK = {"critical": 0, "warning": 1, "note": 2}
_KINDS = {"consistent": "good", "inconsistent": "bad", "decision error": "bad", "no P follows": "open"}
_MOST_BARS = 41
_FEWEST_DECIMALS = 4

Span = tuple[int, int, str]
"""Start and stop in the paper's text, and what it is marked as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTestView:
    """One test with its number and what is printed of it."""

    number: int
    test: RecomputedTest
    printed_p: str
    computed_p: str
    p_range: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding with its number and the numbers of the passages it leads to."""

    number: int
    finding: AuditFinding
    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A sentence with a test or a finding in it, cut into (text, mark) where it is marked."""

    number: int
    section: str
    pieces: tuple[tuple[str, str], ...]
    tests: tuple[PrintedTestView, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How many tests one number of degrees of freedom makes right; places and sizes in units of the picture."""

    label: str
    count: int
    x: float
    height: float
    width: float
    kind: str
    due: bool
    labelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DfView:
    """One inference of degrees of freedom in words and as bars."""

    words: str
    bars: tuple[Bar, ...]
    height: float


def render_audit_page(audit: Audit, rules: RuleSet) -> str:
    """Return the page's HTML."""
    tests = tuple(_test_view(number, test) for number, test in enumerate(audit.tests, 1))
    ranked = sorted(audit.findings, key=lambda one: _RANK.get(one.importance, 3))
    numbers = _passage_numbers(audit)
    findings = tuple(_finding_view(number, one, audit.paper, numbers) for number, one in enumerate(ranked, 1))
    return (
        environment()
        .get_template("audit.html")
        .render(
            audit=audit,
            paper=audit.paper,
            name=Path(audit.paper.path).name,
            rules=rules,
            tests=tests,
            wrong=[one for one in tests if one.kind == "bad"],
            counts=audit.verdicts,
            findings=findings,
            passages=_passage_views(audit.paper, numbers, tests, findings),
            inferences=[_df_view(one, audit.designs) for one in audit.df_told if one.speaks],
            version=__version__,
            style=Markup(source("report.css") + source("audit.css")),
        )
    )


def _test_view(number: int, test: RecomputedTest) -> PrintedTestView:
    reported = test.reported
    decimals = max(_FEWEST_DECIMALS, (reported.p_decimals or 0) + 1)
    both = None if test.p_low is None or test.p_high is None else (test.p_low, test.p_high)
    return PrintedTestView(
        number=number,
        test=test,
        printed_p=_printed_p(reported),
        computed_p="–" if test.p_computed is None else _p(test.p_computed, decimals),
        p_range="" if both is None else f"{_p(both[0], decimals)} to {_p(both[1], decimals)}",
        kind=_KINDS[test.verdict],
    )


def _printed_p(reported: ReportedTest) -> str:
    if reported.p_reported is None:
        return "n.s."
    printed = f"{reported.p_reported:.{reported.p_decimals or 0}f}"
    if reported.p_above is not None:
        return f"{reported.p_above:g} to {printed}"
    return printed if reported.p_relation == "=" else f"{reported.p_relation} {printed}"


def _p(p: float, decimals: int) -> str:
    return p_text(p, name="").removeprefix(" = ") if p < 0.001 else number(p, decimals)


def _passage_numbers(audit: Audit) -> dict[tuple[int, int], int]:
    """Return the place and number of every sentence that holds a test or that a finding leads to."""
    places = [test.reported.place for test in audit.tests]
    places += [place for finding in audit.findings for place in finding.places]
    passages = sorted({audit.paper.passage(place).place for place in places})
    return {place: number for number, place in enumerate(passages, 1)}


def _finding_view(
    number: int, finding: AuditFinding, paper: Paper, numbers: Mapping[tuple[int, int], int]
) -> FindingView:
    passages = dict.fromkeys(numbers[paper.passage(place).place] for place in finding.places)
    return FindingView(number=number, finding=finding, passages=tuple(passages))


def _passage_views(
    paper: Paper,
    numbers: Mapping[tuple[int, int], int],
    tests: Sequence[PrintedTestView],
    findings: Sequence[FindingView],
) -> list[PassageView]:
    inside: dict[tuple[int, int], list[PrintedTestView]] = {place: [] for place in numbers}
    about: dict[tuple[int, int], dict[int, FindingView]] = {place: {} for place in numbers}
    spans: dict[tuple[int, int], list[Span]] = {place: [] for place in numbers}
    for test in tests:
        whole = paper.passage(test.test.reported.place).place
        inside[whole].append(test)
        spans[whole].append((*test.test.reported.place, test.kind))
    for view in findings:
        for place in view.finding.places:
            whole = paper.passage(place).place
            about[whole][view.number] = view
            spans[whole] += [] if place == whole else [(*place, "asked")]
    return [
        PassageView(
            number=number,
            section=paper.passage(place).section,
            pieces=tuple(_pieces(paper.passage(place), spans[place])),
            tests=tuple(inside[place]),
            findings=tuple(about[place].values()),
        )
        for place, number in numbers.items()
    ]


def _pieces(sentence: Sentence, spans: Sequence[Span]) -> Iterable[tuple[str, str]]:
    """Cut a sentence at the spans' ends; where spans overlap the first one's mark counts.

    Examples
    --------
    >>> list(_pieces(Sentence(text="So F = 2.", place=(10, 19)), [(13, 18, "bad")]))
    [('So ', ''), ('F = 2', 'bad'), ('.', '')]
    """
    start, stop = sentence.place
    cuts = sorted({start, stop, *(cut for span in spans for cut in span[:2] if start < cut < stop)})
    for first, last in pairwise(cuts):
        mark = next((mark for begin, end, mark in spans if begin <= first and last <= end), "")
        yield sentence.text[first - start : last - start], mark


def _df_view(inference: DfInference, designs: Sequence[PrintedDesign]) -> DfView:
    shown = _shown_counts(inference)
    most = max((count for _, count in shown), default=0) or 1
    due = {design.error_df for design in designs}
    width = 400 / max(len(shown), 1)
    labels = _labelled(inference, [df for df, _ in shown])
    bars = tuple(
        Bar(
            label=degrees(df),
            count=count,
            x=10 + place * width,
            height=100 * count / most,
            width=0.8 * width,
            kind=_bar_kind(df, inference),
            due=df in due,
            labelled=df in labels,
        )
        for place, (df, count) in enumerate(shown)
    )
    return DfView(words=_df_words(inference), bars=bars, height=100)


def _shown_counts(inference: DfInference) -> list[tuple[float, int]]:
    """Return the counts round the printed and the best degrees of freedom, not more than can be told apart."""
    counts = sorted(inference.counts)
    if len(counts) <= _MOST_BARS:
        return counts
    wanted = [*inference.best[:1], *inference.best[-1:], *([] if inference.printed is None else [inference.printed])]
    middle = (min(wanted, default=counts[0][0]) + max(wanted, default=counts[0][0])) / 2
    near = sorted(counts, key=lambda one: abs(one[0] - middle))[:_MOST_BARS]
    return sorted(near)


def _labelled(inference: DfInference, shown: Sequence[float]) -> set[float]:
    """Return the degrees of freedom that are written below their bar, not nearer than there is room for."""
    room = max(1, len(shown) // 14)
    first = [one for one in (*inference.best[:1], inference.printed) if one in shown]
    labelled: list[float] = []
    for df in (*first, *shown[::room]):
        places = [abs(shown.index(df) - shown.index(one)) for one in labelled]
        if df is not None and min(places, default=room) >= room:
            labelled.append(df)
    return set(labelled)


def _bar_kind(df: float, inference: DfInference) -> str:
    if df in inference.best:
        return "best"
    return "printed" if df == inference.printed else "other"


def _df_words(inference: DfInference) -> str:
    """Say which degrees of freedom make the most printed P right.

    Examples
    --------
    >>> found = DfInference(printed=32.0, tests=10, as_printed=3, best=(28.0, 29.0), consistent=6, counts=())
    >>> _df_words(found)
    'Printed with 32: 10 tests, 3 of them consistent as printed. With 28 to 29 error degrees of freedom 6 of them are.'
    """
    printed = "All tests" if inference.printed is None else f"Printed with {degrees(inference.printed)}"
    return (
        f"{printed}: {_count(inference.tests)}, {inference.as_printed} of them consistent as printed. With"
        f" {inference.best_words} error degrees of freedom {inference.consistent} of them"
        f" {'is' if inference.consistent == 1 else 'are'}."
    )


def _count(tests: int) -> str:
    return f"{tests} test" if tests == 1 else f"{tests} tests"
