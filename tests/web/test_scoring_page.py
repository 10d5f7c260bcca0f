"""A clip is scored in a real browser, by keyboard alone; what is on screen, what is drawn and what is saved agree."""

import re
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.web.conftest import ASSAY, Live, serving

from littermate.model.bout import ScoredBout
from littermate.model.key_press import DONE, UNDO, KeyPress, standing
from littermate.study import Study

FPS = 15
"""Of the recordings; their window is 2 to 12 s, and the trial clock starts with the recording."""


@pytest.fixture
def clip(live: Live) -> str:
    return live.study.clips(scorer="ada", assay=ASSAY)[0].id


@pytest.fixture
def scoring(page: Page, live: Live, clip: str) -> Page:
    """Ada's first clip on screen."""
    return opened(page, live, clip)


def opened(page: Page, live: Live, clip: str) -> Page:
    page.goto(f"{live.address}/score/{clip}")
    page.wait_for_selector("#scoring[data-ready]")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def frame(page: Page) -> int:
    """The frame on screen, from 0."""
    return int(page.inner_text("#frame").removeprefix("frame ")) - 1


def on_frame(page: Page, number: int) -> None:
    expect(page.locator("#frame")).to_have_text(f"frame {number + 1}")


def saved(page: Page) -> None:
    expect(page.locator("#saving")).to_have_attribute("data-is", "saved")
    expect(page.locator("#presses [data-saved=false]")).to_have_count(0)


def said(live: Live, clip: str) -> list[tuple[float, str]]:
    return [(one.t_s, one.behaviour) for one in standing(live.study.key_presses(clip)) if one.action == "state"]


def test_a_clip_scored_by_keyboard_is_in_the_store(scoring: Page, live: Live, clip: str) -> None:
    first = frame(scoring)
    assert first == 2 * FPS
    press(scoring, "s", "ArrowUp", "ArrowUp", "ArrowRight")
    on_frame(scoring, first + 31)
    press(scoring, "i", "ArrowUp")
    on_frame(scoring, first + 46)
    press(scoring, "x", "Shift+ArrowRight")
    on_frame(scoring, first + 61)
    press(scoring, "c", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft")
    on_frame(scoring, first + 89)
    press(scoring, "c", "+", "+", "+", "Space")
    expect(scoring.locator("#speed")).to_have_text("3×")
    on_frame(scoring, 12 * FPS - 1)
    saved(scoring)
    press(scoring, "Enter")
    expect(scoring.locator("#finished")).to_be_visible()
    (score,) = (one for one in live.study.hand_scores(ASSAY) if one.clip.id == clip)
    assert score.done
    assert [(one.behaviour, round(one.start_s * FPS), round(one.stop_s * FPS)) for one in score.bouts] == [
        ("swimming", 30, 61),
        ("immobile", 61, 76),
        ("climbing", 91, 119),
    ]
    assert all(isinstance(one, ScoredBout) and one.scorer == "ada" for one in score.bouts)
    assert np.ravel(score.seen_s) * FPS == pytest.approx([30, 76, 91, 180])


def test_keys_pressed_while_it_plays_are_at_the_frames_on_screen(scoring: Page, live: Live, clip: str) -> None:
    press(scoring, "Space", "s")
    for key, t_s in (("i", 4), ("c", 7), ("0", 9)):
        expect(scoring.locator("#time")).to_have_text(re.compile(rf"0:(0[{t_s}-9]|1.)\."))
        press(scoring, key)
    on_frame(scoring, 12 * FPS - 1)
    saved(scoring)
    presses = live.study.key_presses(clip)
    assert [one.behaviour for one in presses] == ["swimming", "immobile", "climbing", ""]
    assert [one.speed for one in presses] == [1.0] * 4
    times = np.array([one.t_s for one in presses])
    assert times * FPS == pytest.approx(np.round(times * FPS))
    assert np.all(times[1:] >= [4, 7, 9])
    shown = scoring.locator("#presses span").all_inner_texts()
    assert [float(text.removeprefix("0:")) for text in reversed(shown)] == pytest.approx(times, abs=0.006)


def test_the_picture_on_screen_is_the_frame_that_is_named(scoring: Page, live: Live, clip: str) -> None:
    (trial,) = (one for one in live.study.trials if one.id == live.study.own_clip(clip).trial)
    with av.open(str(live.study.folder.root / trial.recording)) as container:
        greys = [picture.to_ndarray(format="gray") for picture in container.decode(video=0)]
    at = frame(scoring)
    for keys in (["ArrowRight"], ["ArrowUp", "ArrowUp"], ["ArrowLeft"], ["ArrowLeft"], ["ArrowDown"], ["ArrowRight"]):
        press(scoring, *keys)
        at += sum({"ArrowRight": 1, "ArrowLeft": -1, "ArrowUp": 15, "ArrowDown": -15}[key] for key in keys)
        on_frame(scoring, at)
        shown = picture_of(scoring)
        apart = [float(np.mean((shown - greys[near].astype(float)) ** 2)) for near in range(at - 3, at + 4)]
        assert int(np.argmin(apart)) == 3, (at, apart)


def picture_of(page: Page) -> np.ndarray:
    """The grey levels of the video's picture, as the browser decoded it."""
    width, height, values = page.evaluate("""() => {
      const video = document.getElementById("video"), canvas = document.createElement("canvas");
      canvas.width = video.videoWidth; canvas.height = video.videoHeight;
      const context = canvas.getContext("2d");
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return [canvas.width, canvas.height, Array.from(data).filter((_, k) => k % 4 === 1)];
    }""")
    return np.array(values, float).reshape(height, width)


def test_same_key_ends_a_latched_bout_and_a_held_key_counts_while_it_is_down(
    scoring: Page, live: Live, clip: str
) -> None:
    press(scoring, "i", "ArrowUp")
    on_frame(scoring, 30 + 15)
    press(scoring, "i", "h", "ArrowUp")
    expect(scoring.locator("#latch")).to_have_text("keys are held")
    on_frame(scoring, 30 + 30)
    scoring.keyboard.down("s")
    scoring.keyboard.down("s")
    press(scoring, "ArrowUp")
    on_frame(scoring, 30 + 45)
    scoring.keyboard.up("s")
    saved(scoring)
    assert said(live, clip) == [(2.0, "immobile"), (3.0, ""), (4.0, "swimming"), (5.0, "")]
    assert [one.latch for one in live.study.key_presses(clip)] == [True, True, False, False]


def test_undo_is_a_new_entry_and_done_is_taken_back(scoring: Page, live: Live, clip: str) -> None:
    press(scoring, "i", "ArrowUp", "s", "z")
    expect(scoring.locator("#now-name")).to_have_text("immobile")
    press(scoring, "Enter")
    expect(scoring.locator("#unfinished")).to_be_visible()
    press(scoring, "Tab", "Enter")
    expect(scoring.locator("#finished")).to_be_visible()
    press(scoring, "i")
    press(scoring, "z")
    expect(scoring.locator("#finished")).to_be_hidden()
    saved(scoring)
    presses = live.study.key_presses(clip)
    assert [one.action for one in presses] == ["state", "state", UNDO, DONE, UNDO]
    assert said(live, clip) == [(2.0, "immobile")]
    assert clip not in live.study.clips_done()


def test_the_next_clip_comes_by_itself(scoring: Page, live: Live, clip: str) -> None:
    press(scoring, "i", "Enter")
    press(scoring, "Tab", "Enter")
    second = live.study.clips(scorer="ada", assay=ASSAY)[1].id
    scoring.wait_for_url(f"**/score/{second}")
    assert clip in live.study.clips_done()


def test_a_reload_goes_on_where_it_was(scoring: Page, live: Live, clip: str) -> None:
    press(scoring, "s", "ArrowUp", "i", "ArrowUp", "ArrowRight")
    on_frame(scoring, 61)
    saved(scoring)
    scoring.reload()
    scoring.wait_for_selector("#scoring[data-ready]")
    on_frame(scoring, 61)
    expect(scoring.locator("#presses b")).to_have_text(["immobile", "swimming"])
    press(scoring, "c")
    saved(scoring)
    assert [behaviour for _, behaviour in said(live, clip)] == ["swimming", "immobile", "climbing"]


def test_what_the_server_did_not_take_is_kept_and_sent_again(given: Study, context: BrowserContext) -> None:
    page = context.new_page()
    with serving(given) as live:
        clip = given.clips(scorer="ada", assay=ASSAY)[0].id
        page.goto(live.link)
        opened(page, live, clip)
        press(page, "s")
        saved(page)
        port = int(live.address.rpartition(":")[2])
    press(page, "Space", "i")
    expect(page.locator("#saving")).to_have_attribute("data-is", "late")
    expect(page.locator("#saving-words")).to_have_text("Not saved yet: 1 press; the server does not answer")
    expect(page.locator(".play")).to_have_attribute("aria-label", "Play")
    press(page, "c", "ArrowUp", "0")
    expect(page.locator("#saving-words")).to_contain_text("3 presses")
    with serving(given, port=port) as live:
        saved(page)
        assert [behaviour for _, behaviour in said(live, clip)] == ["swimming", "immobile", "climbing", ""]


def test_unsaved_presses_outlive_the_page(given: Study, context: BrowserContext) -> None:
    page = context.new_page()
    with serving(given) as live:
        clip = given.clips(scorer="ada", assay=ASSAY)[0].id
        page.goto(live.link)
        opened(page, live, clip)
        port = int(live.address.rpartition(":")[2])
    press(page, "s", "ArrowUp")
    on_frame(page, 30 + 15)
    press(page, "i")
    expect(page.locator("#presses [data-saved=false]")).to_have_count(2)
    page.close()
    page = context.new_page()
    with serving(given, port=port) as live:
        opened(page, live, clip)
        saved(page)
        assert said(live, clip) == [(2.0, "swimming"), (3.0, "immobile")]


def test_a_clip_scored_elsewhere_too_says_so(scoring: Page, live: Live, clip: str) -> None:
    live.study.press(KeyPress(clip=clip, number=1, action="state", t_s=4.0, behaviour="climbing"))
    press(scoring, "s")
    expect(scoring.locator("#trouble")).to_contain_text("another window")
    expect(scoring.locator("#trouble-discard")).to_be_visible()
    scoring.click("#trouble-discard")
    scoring.wait_for_selector("#scoring[data-ready]")
    expect(scoring.locator("#presses b")).to_have_text(["climbing"])


def test_a_second_window_of_a_clip_takes_no_presses(scoring: Page, live: Live, clip: str) -> None:
    second = scoring.context.new_page()
    second.goto(f"{live.address}/score/{clip}")
    expect(second.locator("#trouble")).to_contain_text("another window")
    press(second, "s")
    assert live.study.key_presses(clip) == ()


def test_keys_with_modifiers_are_the_browsers_own(scoring: Page, live: Live, clip: str) -> None:
    press(scoring, "Control+i", "Alt+s", "Meta+c")
    press(scoring, "i")
    saved(scoring)
    assert said(live, clip) == [(2.0, "immobile")]


FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const line = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  return [one.dataset.do ?? one.dataset.state ?? one.id, line];
}"""
CONTROLS = """() => [...document.querySelectorAll("#scoring [data-do]:enabled, #scoring [data-state]")]
  .map(one => one.dataset.do ?? one.dataset.state)"""


def test_everything_is_reached_by_keyboard_and_focus_is_seen(scoring: Page) -> None:
    seen = {}
    while "done" not in seen:
        press(scoring, "Tab")
        name, line = scoring.evaluate(FOCUSED)
        seen[name] = line
    assert {*scoring.evaluate(CONTROLS), "stage", "timeline"} <= set(seen)
    assert min(seen.values()) >= 2


def test_space_on_a_button_works_that_button(scoring: Page) -> None:
    scoring.focus("[data-do=faster]")
    press(scoring, "Space")
    expect(scoring.locator("#speed")).to_have_text("1.5×")
    expect(scoring.locator(".play")).to_have_attribute("aria-label", "Play")
    scoring.click("[data-do=faster]")
    press(scoring, "Space")
    expect(scoring.locator(".play")).to_have_attribute("aria-label", "Pause")
    expect(scoring.locator("#speed")).to_have_text("2×")


PLACES = """() => Object.fromEntries(["stage", "timeline", "now", "presses", "saving"].map(id => {
  const { x, y, width, height } = document.getElementById(id).getBoundingClientRect();
  return [id, [x, y, width, height]];
}))"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_nothing_moves_and_nothing_is_out_of_sight(page: Page, live: Live, clip: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{live.address}/score/{clip}", wait_until="domcontentloaded")
    before = page.evaluate(PLACES)
    page.wait_for_selector("#scoring[data-ready]")
    assert page.evaluate(PLACES) == before
    for _ in range(6):
        press(page, "s", "ArrowUp", "i", "ArrowUp", "x", "ArrowRight")
    saved(page)
    assert page.evaluate(PLACES) == before
    for x, y, wide, high in before.values():
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_it_says_nothing_of_the_recording(scoring: Page, live: Live, clip: str) -> None:
    (trial,) = (one for one in live.study.trials if one.id == live.study.own_clip(clip).trial)
    text = scoring.content()
    for word in (trial.recording, Path(trial.recording).stem, trial.id, trial.code, trial.sha256):
        assert word not in text


SHOWN = """() => {
  const stage = document.getElementById("stage").getBoundingClientRect();
  const box = document.getElementById("video").getBoundingClientRect();
  return [(stage.left - box.left) / box.width, (stage.right - box.left) / box.width, box.width / stage.width];
}"""


def test_the_arena_is_shown_enlarged_and_the_whole_picture_on_demand(page: Page, live: Live, clip: str) -> None:
    live.study.place(live.study.own_clip(clip).trial, arena_px=(120, 40, 80, 160))
    opened(page, live, clip)
    left, right, scale = page.evaluate(SHOWN)
    assert (left + right) / 2 == pytest.approx(160 / 320, abs=0.01)
    assert scale > 1
    press(page, ".")
    left, right, scale = page.evaluate(SHOWN)
    assert left <= 0
    assert right >= 1
    expect(page.locator("[data-do=zoom]")).to_have_attribute("aria-pressed", "false")
