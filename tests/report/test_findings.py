"""Findings on the page: folded by check, by importance, each with a link to what it is about where there is one."""

import dataclasses

from littermate.model.finding import Finding
from littermate.report.content import ReportContent
from littermate.report.findings import finding_groups
from littermate.report.page import render_page
from littermate.report.wording import value_anchor

MEANINGS = (("band-saturated", "A band is saturated.\n\nIts top is a\nplateau. Expose again."),)


def found(content: ReportContent, *findings: Finding) -> ReportContent:
    return dataclasses.replace(content, findings=findings, meanings=MEANINGS)


def saturated(about: str) -> Finding:
    return Finding(id="band-saturated", importance="critical", message="from a saturated band", about=about)


def test_findings_of_one_check_are_one_group_with_its_meaning(content: ReportContent) -> None:
    note = Finding(id="one-scorer", importance="note", message="no second scorer", about="forced swim")
    groups = finding_groups(found(content, note, saturated("a"), saturated("b")))
    assert list(groups) == ["critical", "note"]
    (group,) = groups["critical"]
    assert (group.title, group.explanation) == ("A band is saturated.", ("Its top is a plateau. Expose again.",))
    assert [remark.about for remark in group.remarks] == ["a", "b"]
    assert groups["note"][0].title == "one scorer"


def anchor_of(content: ReportContent, about: str) -> str:
    (group,) = finding_groups(found(content, saturated(about)))["critical"]
    return group.remarks[0].anchor


def test_what_is_on_the_page_is_linked(content: ReportContent) -> None:
    code, animal = content.tags[0].code, content.tags[0].animal
    assert anchor_of(content, f"PFC BDNF of {code}") == value_anchor("PFC BDNF", code)
    assert anchor_of(content, "immobility") == "o-immobility"
    assert anchor_of(content, "recovery") == "values-recovery"
    assert anchor_of(content, "journal entry 4") == "entry-4"
    assert anchor_of(content, "study.toml") == "planned"
    assert anchor_of(content, f"{animal}, injection 3 (day 3)") == value_anchor("immobility", code)
    assert anchor_of(content, "the weather") == ""


def test_a_recording_leads_to_the_value_that_was_taken_from_it(content: ReportContent) -> None:
    code = content.tags[3].code
    trials = tuple(
        dataclasses.replace(one, sha256=content.measurements[3].source.sha256) if one.code == code else one
        for one in content.trials
    )
    there = dataclasses.replace(content, trials=trials)
    assert anchor_of(there, f"recordings/{code}.mp4") == value_anchor("immobility", code)


def test_every_link_of_the_section_is_on_the_page_and_text_is_escaped(content: ReportContent) -> None:
    code = content.tags[0].code
    page = render_page(found(content, saturated(f"PFC BDNF of {code}"), saturated("<b>x</b>"), saturated(code)), ())
    section = page.partition('<section id="findings">')[2].partition("</section>")[0]
    assert f'id="{value_anchor("PFC BDNF", code)}"' in page and value_anchor("PFC BDNF", code) in section
    assert "&lt;b&gt;x&lt;/b&gt;" in section and "<b>x" not in section
    assert "3 times" in section and "Its top is a plateau" in section
