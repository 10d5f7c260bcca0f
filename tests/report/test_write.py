import dataclasses
import html
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from littermate.model.finding import Finding
from littermate.report.content import TruthRow
from littermate.report.numbers import p_text
from littermate.report.write import write_report

EVIL = "<script>alert(1)</script>"
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Collects tags and checks that they are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.text = [], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if tag == "a" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def page_only(folder, content):
    """Write a report without its PDF and PNG files, and return its page as text."""
    return write_report(folder, content, hand_over=lambda *call: dict).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(content, tmp_path_factory):
    path = write_report(tmp_path_factory.mktemp("study") / "report", content)
    html = path.read_text(encoding="utf-8")
    page = Page(html)
    plain = re.sub(r"\s+", " ", "".join(page.text).replace("\N{NO-BREAK SPACE}", " "))
    return SimpleNamespace(folder=path.parent, html=html, page=page, plain=plain)


def test_all_files_are_there(report):
    files = {path.relative_to(report.folder).as_posix() for path in report.folder.rglob("*") if path.is_file()}
    figures = {f"figures/figure-{k}.{kind}" for k in (1, 2, 3, 4) for kind in ("svg", "pdf", "png")}
    names = ("measurements", "anova", "groups", "differences", "planned", "arrive", "truth")
    tables = {f"tables/{name}.csv" for name in names}
    texts = {"text/results.txt", "text/methods.txt", "tables/arrive.xlsx"}
    assert files == figures | tables | texts | {"report.html", "analysis.json"}


def test_page_is_well_formed_with_its_four_figures(report):
    assert report.page.open == []
    assert [tag for tag, _ in report.page.tags].count("svg") == 4
    assert len(set(report.page.ids)) == len(report.page.ids)


def test_nothing_is_loaded_from_anywhere(report):
    loading = [
        value
        for tag, attributes in report.page.tags
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "action", "poster", "xlink:href") or (name == "href" and tag != "a")
    ]
    assert all(value.startswith(("data:image/png;base64,", "#")) for value in loading)
    assert not re.search(r"@import|url\((?!#)", report.html)
    assert "default-src 'none'" in report.html


def test_every_link_stays_in_the_page_and_arrives(report):
    assert {link[1:] for link in report.page.links} <= set(report.page.ids)


def test_every_p_of_the_analyses_is_in_the_text(content, report):
    for analysis in content.analyses:
        for effect in analysis.effects:
            if effect.term not in analysis.plan.blocks:
                assert f"F({effect.df}, {effect.df_error}) = {effect.f:.2f}, {p_text(effect.p)}" in report.plain


def test_every_measurement_has_its_row_and_missing_its_reason(content, report):
    rows = [attributes for tag, attributes in report.page.tags if tag == "tr" and "v-" in attributes.get("id", "")]
    assert len(rows) == len(content.measurements)
    assert "missing: the recording ends at 201 s" in report.plain


def test_every_analysed_value_leads_to_its_row(content, report):
    targets = [link for link in report.page.links if link.startswith("#v-immobility-")]
    assert len(targets) >= content.analyses[0].n


def test_the_texts_to_paste_are_those_of_the_page(report):
    for name in ("results", "methods"):
        text = (report.folder / "text" / f"{name}.txt").read_text(encoding="utf-8")
        assert html.escape(text, quote=False) in report.html.replace("&#34;", '"').replace("&#39;", "'")
    assert "F(1, 27) = " in (report.folder / "text" / "results.txt").read_text(encoding="utf-8")


def test_what_is_open_or_found_is_said(report):
    assert "The dose of magnesium is not filled in." in report.plain
    assert "Lane 4 is saturated." in report.plain
    assert "This study is simulated." in report.plain


def test_an_open_dose_is_said_even_where_no_check_spoke(content, tmp_path):
    html = page_only(tmp_path, dataclasses.replace(content, findings=(), analyses=()))
    assert "The dose of magnesium hydroaspartate (magnesium: magnesium) is not filled in." in html


def test_truth_of_the_analyses_is_a_table_of_its_own(content, tmp_path):
    row = TruthRow(outcome="immobility, F of ketamine", code="", truth=5.0, measured=4.5, tolerance="")
    one = dataclasses.replace(content, truth=(row,), measurements=(), analyses=content.analyses[:1])
    page = Page(page_only(tmp_path, one))
    assert "−0.50" in page.text
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_untrusted_text_is_escaped(content, tmp_path):
    protocol = dataclasses.replace(content.protocol, title=EVIL, question=EVIL, facts=((EVIL, EVIL),))
    evil = dataclasses.replace(
        content,
        protocol=protocol,
        analyses=content.analyses[:1],
        findings=(Finding(id=EVIL, importance="note", message=EVIL, about=EVIL),),
        pictures=(dataclasses.replace(content.pictures[0], title=EVIL, caption=f'"{EVIL}', code=EVIL),),
        detectable=(EVIL,),
    )
    html = page_only(tmp_path, evil)
    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_real_study_has_no_truth_table(content, tmp_path):
    html = page_only(tmp_path, dataclasses.replace(content, truth=(), analyses=content.analyses[:1]))
    assert "simulated" not in html.lower()
    assert not (tmp_path / "tables" / "truth.csv").exists()


def test_an_empty_study_still_has_its_page(content, tmp_path):
    bare = dataclasses.replace(
        content, analyses=(), measurements=(), exclusions=(), findings=(), entries=(), rules=(), pictures=(), truth=()
    )
    plain = " ".join(Page(page_only(tmp_path, bare)).text)
    assert "No outcome was analysed." in plain
    assert "The journal is empty." in plain


def test_a_page_is_not_written_where_its_figures_could_not_be(content, tmp_path):
    def no_room():
        raise OSError("No space left on device")

    one = dataclasses.replace(content, truth=(), analyses=content.analyses[:1])
    with pytest.raises(OSError, match="No space left"):
        write_report(tmp_path, one, hand_over=lambda *call: no_room)
    assert not (tmp_path / "report.html").exists()
