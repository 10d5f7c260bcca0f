"""Two scores side by side in a real browser: jumping to where they differ, choosing by key, and recording."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.study.test_calibrating import stored
from tests.web.conftest import Live, serving

from littermate.assays.hand_states import Choice
from littermate.study import Study


@pytest.fixture
def live(hand_scored: Study) -> Iterator[Live]:
    """Serve the study that Ada and Bo have scored."""
    stored(hand_scored)
    with serving(hand_scored) as running:
        yield running


@pytest.fixture
def trial(live: Live) -> str:
    return min(trial.id for trial in live.study.trials)


def open_trial(page: Page, live: Live, trial: str, second: str = "bo") -> None:
    page.goto(f"{live.address}/agreement/{trial}?first=ada&second={second}")
    expect(page.locator("#disagreement[data-ready]")).to_be_attached(timeout=60_000)


def seconds(page: Page) -> float:
    minutes, rest = page.locator("#time").inner_text().split(":")
    return 60 * float(minutes) + float(rest)


def test_from_the_figures_to_the_trial_and_a_consensus(page: Page, live: Live, trial: str) -> None:
    page.goto(f"{live.address}/agreement")
    expect(page.get_by_role("heading", name="immobile: ada and bo")).to_be_visible()
    picture = page.locator("figure img")
    assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 1000
    page.get_by_role("link", name=trial).click()
    expect(page.locator("#disagreement[data-ready]")).to_be_attached(timeout=60_000)
    expect(page.locator("#place")).to_contain_text("1 of 1")
    expect(page.locator("#first-says")).to_have_text("immobile")
    expect(page.locator("#second-says")).to_have_text("swimming")
    expect(page.locator("#time")).to_have_text(re.compile(r"0:0(8\.9|9\.0)\d"))
    record = page.get_by_role("button", name="Record consensus")
    expect(record).to_be_disabled()
    page.keyboard.press("2")
    expect(page.locator("#list .chosen")).to_have_text("swimming")
    record.click()
    expect(page.locator("#settled")).to_contain_text("Settled by ada")
    expect(record).to_be_disabled()
    settled = live.study.disagreements(trial, "ada", "bo").settled
    assert settled is not None and [one.behaviour for one in settled.choices] == ["swimming"]


def test_a_choice_survives_a_reload_and_can_be_another_behaviour(page: Page, live: Live, trial: str) -> None:
    open_trial(page, live, trial)
    page.keyboard.press("c")
    expect(page.locator("#list .chosen")).to_have_text("climbing")
    page.reload()
    expect(page.locator("#list .chosen")).to_have_text("climbing")
    page.get_by_role("button", name="not visible").click()
    expect(page.locator("#list .chosen")).to_have_text("not visible")
    page.get_by_role("button", name="Record consensus").click()
    expect(page.locator("#settled")).to_contain_text("Settled by ada")
    (choice,) = live.study.disagreements(trial, "ada", "bo").settled.choices
    assert (choice.start_s, choice.stop_s) == pytest.approx((9, 10))
    assert choice.behaviour == "not visible"


def test_space_plays_the_stretch_and_stops_after_it(page: Page, live: Live, trial: str) -> None:
    open_trial(page, live, trial)
    expect(page.locator("#place")).to_contain_text("1 of 1")
    page.keyboard.press("+")
    page.keyboard.press("Space")
    expect(page.locator(".play[data-playing=true]")).to_be_attached()
    expect(page.locator(".play[data-playing=false]")).to_be_attached()
    assert seconds(page) == pytest.approx(11, abs=0.3)


def test_a_click_on_a_timeline_moves_the_picture_and_both_timelines(page: Page, live: Live, trial: str) -> None:
    open_trial(page, live, trial)
    heads = page.locator(".timeline .playhead")
    box = page.locator("#second").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 112 + (box["width"] - 122) / 2, box["y"] + 30)
    page.wait_for_function(
        "() => Math.abs(Number(document.getElementById('time').textContent.split(':')[1]) - 7) < 0.2"
    )
    places = {heads.nth(k).get_attribute("transform") for k in range(3)}
    assert len(places) == 1


def test_the_program_is_compared_and_not_settled_with(page: Page, live: Live, trial: str) -> None:
    open_trial(page, live, trial, second="program")
    expect(page.get_by_role("button", name="Record consensus")).to_have_count(0)
    expect(page.locator("#settled")).to_contain_text("two people's scores")
    assert page.locator("#first .lane").count() == 1


def test_what_was_settled_is_shown_as_it_was(page: Page, live: Live, trial: str) -> None:
    live.study.settle(trial, "ada", "bo", [Choice(start_s=9.0, stop_s=10.0, behaviour="immobile")])
    open_trial(page, live, trial)
    expect(page.locator("#settled")).to_contain_text("Settled by ada")
    expect(page.locator("#list .chosen")).to_have_text("immobile")


def test_a_fit_in_the_background_ends_on_its_page(page: Page, live: Live) -> None:
    page.goto(f"{live.address}/calibration")
    page.get_by_role("button", name="Fit to the scores of ada").click()
    expect(page.get_by_role("heading", name="Calibrated: 8 animals")).to_be_visible(timeout=60_000)
    use = page.get_by_role("button", name="Use these thresholds")
    page.on("dialog", lambda dialog: dialog.accept())
    use.click()
    expect(page.get_by_text("They are in use.")).to_be_visible()
    expect(use).to_be_disabled()


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_nothing_overflows_the_window(page: Page, live: Live, trial: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_trial(page, live, trial)
    for address in (None, "/agreement", "/calibration"):
        if address:
            page.goto(live.address + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
