"""Every value of the page leads back: to its animal, its sources, its rules and the journal."""

import dataclasses
import re
from types import SimpleNamespace

import pytest
from tests.report.test_write import Page

from littermate.model.finding import Finding
from littermate.report.content import ReportContent
from littermate.report.number_rows import number_rows
from littermate.report.page import render_page
from littermate.report.trail import TrailSource
from littermate.report.wording import value_anchor

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def trailed(make: SimpleNamespace) -> ReportContent:
    return make.trailed()


@pytest.fixture(scope="module")
def page(trailed: ReportContent) -> str:
    return render_page(trailed, [])


def test_every_link_arrives(page: str) -> None:
    parsed = Page(page)
    leads = {link[1:] for link in parsed.links if link.startswith("#")}
    assert len(leads) > 300
    assert leads <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))


def test_every_value_has_a_way_back(trailed: ReportContent, page: str) -> None:
    rows = re.findall(r'<tr id="(v-[^"]*)".*?</tr>', page)
    assert len(rows) == len(trailed.measurements) == len(trailed.trails)
    for row in re.findall(r'<tr id="v-.*?</tr>', page):
        for part in ("#s-trial-", "#rules-", "#entry-"):
            assert f'class="part" href="{part}' in row


def test_a_row_says_what_became_of_the_value(trailed: ReportContent) -> None:
    rows = {
        (row.measurement.outcome, row.measurement.code): row for rows in number_rows(trailed).values() for row in rows
    }
    codes = [tag.code for tag in trailed.tags]
    assert rows["immobility", codes[0]].status == "analysed"
    assert rows["immobility", codes[5]].status == "not analysed: the value is missing"
    assert rows["recovery", codes[0]].status == "no analysis is planned"
    assert rows["lines crossed", codes[11]].status == "excluded, not by a planned rule: escaped from the arena"
    assert rows["PFC BDNF", codes[3]].flags == (
        ("saturated", "the band's top is a plateau at the imager's limit: its volume is too small"),
    )
    assert rows["immobility", codes[0]].animal == "M01"
    assert rows["immobility", codes[0]].recorded[0].title == f"trial of {codes[0]}"


def test_a_flag_that_is_a_finding_means_what_the_finding_says(trailed: ReportContent) -> None:
    first = trailed.measurements[0]
    trial = dataclasses.replace(trailed.trials[0], sha256=first.source.sha256)
    said = [
        Finding(id="dark", importance="warning", message="it is dark", about=about)
        for about in ("elsewhere.mp4", trial.recording)
    ]
    said[0] = dataclasses.replace(said[0], message="another file")
    content = dataclasses.replace(
        trailed,
        trials=(trial,),
        findings=tuple(said),
        measurements=(dataclasses.replace(first, flags=("dark", "unheard of")),),
    )
    ((row,),) = number_rows(content).values()
    assert row.flags == (("dark", "it is dark"), ("unheard of", ""))


def test_what_it_was_before_is_told(page: str) -> None:
    assert re.search(r"123\.5 s by rules <code>0123abcd</code>, entry 2", page)


def test_names_that_are_scripts_stay_text(trailed: ReportContent) -> None:
    evil = tuple(dataclasses.replace(one, outcome=EVIL, flags=(EVIL,)) for one in trailed.measurements[:2])
    sources = (TrailSource(id=EVIL, kind=EVIL, title=EVIL, facts=((EVIL, EVIL),), pictures=(EVIL,)),)
    trails = tuple(dataclasses.replace(one, outcome=EVIL, sources=(EVIL,)) for one in trailed.trails[:2])
    html = render_page(dataclasses.replace(trailed, measurements=evil, sources=sources, trails=trails), [])
    assert EVIL not in html
    assert html.count("<script>") == 1
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 8
    parsed = Page(html)
    assert value_anchor(EVIL, evil[0].code) in parsed.ids
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= set(parsed.ids)


def test_rows_that_name_an_animal_lead_to_it(trailed: ReportContent, page: str) -> None:
    code = trailed.exclusions[0].code
    assert f'<td><code><a href="#a-{code}">{code}</a></code></td><td>lines crossed</td>' in page


def test_a_picture_stands_in_the_page_once(trailed: ReportContent, page: str) -> None:
    assert page.count("data:image/png") == len(trailed.pictures)
    assert f'href="#picture-{trailed.pictures[-1].name}"' in page
