"""In a real browser a point of a figure opens all that its value came from, by mouse and keyboard, on a phone too."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from tests.browser import launched

from littermate.report.content import ReportContent
from littermate.report.grouping import plan_figures
from littermate.report.page import DrawnFigure, render_page
from littermate.report.wording import value_anchor

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def trailed(make: SimpleNamespace) -> ReportContent:
    """The content with one value of an outcome whose name is a script."""
    content = make.trailed()
    evil = dataclasses.replace(content.measurements[0], outcome=EVIL)
    return dataclasses.replace(content, measurements=(evil, *content.measurements))


@pytest.fixture(scope="module")
def address(trailed: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with one figure of one point."""
    point = f"#{value_anchor('immobility', trailed.tags[0].code)}"
    svg = f'<svg viewBox="0 0 99 99"><a href="{point}"><circle cx="50" cy="50" r="20"/></a></svg>'
    plan = plan_figures(trailed.protocol, trailed.analyses)[0]
    html = render_page(trailed, [DrawnFigure(plan=plan, title="Immobility", caption="", svg=svg)])
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html, encoding="utf-8")
    return Path(path).as_uri()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(30_000)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("dialog", lambda said: (faults.append(said.message), said.dismiss()))
    page.goto(address)
    yield page
    page.close()
    assert faults == []


def test_a_point_opens_all_that_its_value_came_from(tab: Tab, trailed: ReportContent) -> None:
    code, rules = trailed.tags[0].code, trailed.measurements[1].rules_hash
    tab.click("svg a circle")
    opened = tab.locator("#opened")
    assert opened.locator("h2").inner_text() == f"Immobility, {code}"
    text = opened.inner_text()
    for words in ("M01", "analysed", f"recordings/{code}.mp4", "360–410", rules, "123.5 s", "allocate", "lock"):
        assert words in text
    assert "unblind" not in text
    assert opened.locator("img").evaluate("image => image.naturalWidth") == 160
    tab.keyboard.press("ArrowRight")
    assert opened.locator("h2").inner_text() == f"Immobility, {trailed.tags[1].code}"
    tab.keyboard.press("Escape")
    assert not opened.is_visible()


def test_it_works_from_the_keyboard_and_goes_to_the_journal(tab: Tab) -> None:
    tab.locator("svg a").focus()
    tab.keyboard.press("Enter")
    opened = tab.locator("#opened")
    assert opened.is_visible()
    opened.locator("tbody a[href='#entry-3']").last.click()
    assert not opened.is_visible()
    assert tab.url.endswith("#entry-3")
    assert tab.locator("#entry-3").is_visible()


def test_pictures_open_large_and_follow_each_other(tab: Tab, trailed: ReportContent) -> None:
    first, second = trailed.pictures[:2]
    tab.locator("button.picture").first.click()
    assert tab.locator("#opened h2").inner_text() == f"{first.code}: {first.caption}"
    tab.locator("#opened [data-step='1']").click()
    assert tab.locator("#opened h2").inner_text() == f"{second.code}: {second.caption}"


def test_the_page_keeps_its_height_while_pictures_come(tab: Tab) -> None:
    height = "document.documentElement.scrollHeight"
    first = tab.evaluate(height)
    loaded = """async () => { const all = [...document.images].filter(one => !one.complete || !one.naturalWidth);
        for (const one of all) { one.loading = 'eager'; await one.decode(); } return all.length; }"""
    assert tab.evaluate(loaded) > 0
    assert tab.evaluate(height) == first


def test_a_name_that_is_a_script_does_nothing_and_opens(tab: Tab, trailed: ReportContent) -> None:
    tab.evaluate("document.querySelectorAll('#numbers details').forEach(one => { one.open = true; })")
    tab.locator(f"tr[id='{value_anchor(EVIL, trailed.tags[0].code)}'] code a").first.click()
    assert EVIL.capitalize() in tab.locator("#opened h2").inner_text()


def test_a_phone_scrolls_neither_page_nor_dialog_sideways(tab: Tab) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.locator("svg a").click()
    widths = "[document.documentElement.scrollWidth, opened.scrollWidth - opened.clientWidth]"
    assert tab.evaluate(widths) == [390, 0]


def test_without_a_script_a_point_leads_to_its_row(browser: Browser, address: str, trailed: ReportContent) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("svg a").click()
    assert page.url.endswith(f"#{value_anchor('immobility', trailed.tags[0].code)}")
    assert not page.locator("#opened").is_visible()
    context.close()
