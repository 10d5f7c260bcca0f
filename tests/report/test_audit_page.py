"""The page of an audit: each finding beside its sentence, and nothing of the paper that is not escaped."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from littermate.model.audit import Audit, AuditFinding, DfInference, PrintedDesign
from littermate.model.paper import Paper, Sentence
from littermate.model.reported_test import RecomputedTest, ReportedTest, UnreadTest
from littermate.model.rules import RuleSet
from littermate.report.audit_page import render_audit_page

TEXT = "It <b>helped</b>, F(1,30) = 5.2, P = 0.31. So <script>alert(1)</script> it was."
RULES = RuleSet(name="audit", parameters=(), words=("a < b",))


def audit(**changes: object) -> Audit:
    stop = TEXT.index(" So")
    sentences = (
        Sentence(text=TEXT[:stop], place=(0, stop), section="Results & more"),
        Sentence(text=TEXT[stop + 1 :], place=(stop + 1, len(TEXT))),
    )
    paper = Paper(path="a/b<i>.txt", sha256="0" * 64, kind="txt", title="", text=TEXT, sentences=sentences)
    place = (TEXT.index("F("), TEXT.index(". So"))
    reported = ReportedTest(
        text=TEXT[slice(*place)],
        place=place,
        statistic="F",
        df1=1.0,
        df2=30.0,
        relation="=",
        value=5.2,
        decimals=1,
        p_relation="=",
        p_reported=0.31,
        p_decimals=2,
    )
    test = RecomputedTest(
        reported=reported,
        p_computed=0.0299,
        p_low=0.0291,
        p_high=0.0306,
        tails=2,
        consistent=False,
        decision_error=True,
        alpha=0.05,
        note="<i>a note</i>",
    )
    whole = Audit(
        paper=paper,
        tests=(test,),
        df_inference=(
            DfInference(
                printed=30.0,
                tests=1,
                as_printed=0,
                best=(28.0,),
                consistent=1,
                counts=tuple((float(df), int(df == 28)) for df in range(15, 61)),
            ),
        ),
        designs=(PrintedDesign(levels=(2, 2), n=32, per_group=8, source="<u>32 mice</u>"),),
        findings=(AuditFinding(id="x", importance="warning", message="so <it> is", places=(sentences[1].place,)),),
    )
    return replace(whole, **changes)


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [(value or "")[1:] for name, value in attrs if name == "href"]


def test_nothing_of_the_paper_becomes_markup() -> None:
    tags = _Tags(render_audit_page(audit(), RULES)).tags
    assert not {"script", "b", "u", "it"} & set(tags)


def test_the_page_asks_for_nothing_and_every_link_leads_somewhere() -> None:
    page = render_audit_page(audit(), RULES)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert not re.search(r"(?:src|href)=.?(?:https?:|//)|url\(|@import", page)
    found = _Tags(page)
    assert set(found.targets) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))


def test_the_printed_test_is_marked_in_its_sentence_with_its_verdict() -> None:
    page = render_audit_page(audit(), RULES)
    assert '<mark class="bad">F(1,30) = 5.2, P = 0.31</mark>' in page
    assert "It &lt;b&gt;helped&lt;/b&gt;, <mark" in page
    row = r'class="num">0\.0299</td><td class="num aside">0\.0291 to 0\.0306</td><td[^>]*>decision error'
    assert re.search(row, page)


@pytest.mark.parametrize(("df", "kind"), [("28", "best"), ("30", "printed")])
def test_bars_of_degrees_of_freedom(df: str, kind: str) -> None:
    page = render_audit_page(audit(), RULES)
    assert re.search(rf'<g class="{kind}"><title>{df}:', page)
    assert page.count('<rect class="due"') == 1
    assert page.count("<title>") == 1 + 41


def test_without_better_degrees_of_freedom_nothing_is_drawn() -> None:
    (inference,) = audit().df_inference
    page = render_audit_page(audit(df_inference=(replace(inference, as_printed=1),)), RULES)
    assert "No other error degrees of freedom than the printed ones" in page
    assert "<svg" not in page


def test_what_was_not_read_is_told() -> None:
    unread = UnreadTest(text="F(1.30) = <2>", place=(0, 5), reason="degrees of freedom do not fit F")
    page = render_audit_page(audit(unread=(unread,)), RULES)
    assert "<b>F(1.30) = &lt;2&gt;</b>: degrees of freedom do not fit F." in page


def test_an_audit_without_anything() -> None:
    page = render_audit_page(audit(tests=(), df_inference=(), designs=(), findings=()), RULES)
    assert "No printed test was found in this paper" in page
    assert 'id="sentences"' not in page
