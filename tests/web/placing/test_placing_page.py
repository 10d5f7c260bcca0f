"""A trial is placed in a real browser, by mouse and by keys alone; what is drawn is what the study analyses."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Live

from littermate.model.arena import Arena
from littermate.model.trial import Trial

CORNERS = ((70.5, 26.0), (254.0, 30.5), (258.0, 223.5), (56.5, 218.0))
PLACES = """[...document.querySelectorAll("#stage, .transport, .side section, .foot")]
  .map((one) => one.getBoundingClientRect().toJSON())"""
SCALE = "document.getElementById('drawing').getScreenCTM().a"


def open_trial(page: Page, live: Live, trial: Trial) -> None:
    page.goto(f"{live.address}/place/{trial.id}")
    page.wait_for_selector("#placing[data-ready][data-playable]", timeout=60_000)


def points(line: Locator) -> list[tuple[float, float]]:
    numbers = [tuple(map(float, pair.split(","))) for pair in (line.get_attribute("points") or "").split()]
    return [(x, y) for x, y in numbers]


def drawn(page: Page) -> list[tuple[float, float]]:
    return points(page.locator("#shape .over"))


def drag(page: Page, handle: Locator, right: float, down: float) -> None:
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2)
    page.mouse.move(x + right, y + down)
    page.mouse.up()


def assert_grid_of(page: Page, corners: object) -> None:
    """The grid on the page is that of the analysis to 0.01 px."""
    arena = Arena(corners_px=tuple(map(tuple, corners)), width_cm=48, height_cm=48)
    across = [arena.to_px(np.array([[8.0 * k, 0.0], [8.0 * k, 48.0]])) for k in range(1, 6)]
    along = [arena.to_px(np.array([[0.0, 8.0 * k], [48.0, 8.0 * k]])) for k in range(1, 6)]
    lines = [points(line) for line in page.locator("#lines .over.faint").all()]
    np.testing.assert_allclose(lines, [*across, *along], atol=0.01)


def test_t0_is_set_with_one_key(page: Page, live: Live, field: Trial) -> None:
    open_trial(page, live, field)
    expect(page.locator("#t0")).to_have_text("0.00 s")
    expect(page.locator("#t0-said")).to_have_text("as it came in")
    expect(page.locator("#t0-proposal")).to_contain_text("Proposed")
    for frame in range(2, 6):
        page.keyboard.press("ArrowRight")
        expect(page.locator("#frame")).to_have_text(f"frame {frame}")
    page.keyboard.press("t")
    expect(page.locator("#t0-said")).to_have_text("set by a person")
    copy = live.study.playable(field)
    assert copy is not None
    assert live.study.trial(field.id).t0_s == pytest.approx(copy.t_s[4], abs=1e-9)
    page.keyboard.press("z")
    expect(page.locator("#t0")).to_have_text("0.00 s")
    assert live.study.trial(field.id).t0_s == 0.0


def test_the_proposed_start_is_gone_to(page: Page, live: Live, field: Trial) -> None:
    scene = live.study.scene_of(field)
    assert scene is not None
    (path,) = scene.picture.parent.glob(f"{field.sha256}.scene*.json")
    said = json.loads(path.read_text(encoding="utf-8")) | {"proposed_t0_s": 2.0, "t0_reason": "a hand left"}
    path.write_text(json.dumps(said), encoding="utf-8")
    open_trial(page, live, field)
    expect(page.locator("#t0-proposal")).to_have_text("Proposed: 2.00 s, a hand left")
    page.keyboard.press("p")
    expect(page.locator("#time")).to_have_text("2.00 s")
    page.keyboard.press("t")
    expect(page.locator("#t0")).to_have_text("2.00 s")
    page.get_by_label("Start in seconds").fill("0.5")
    page.keyboard.press("Enter")
    expect(page.locator("#t0")).to_have_text("0.50 s")
    assert live.study.trial(field.id).t0_s == 0.5


def test_a_corner_is_dragged(page: Page, live: Live, field: Trial) -> None:
    live.study.place(field.id, corners_px=CORNERS)
    open_trial(page, live, field)
    page.keyboard.press("2")
    assert drawn(page) == list(CORNERS)
    assert_grid_of(page, CORNERS)
    scale = page.evaluate(SCALE)
    drag(page, page.locator("[data-handle='1']"), -20 * scale, 12.5 * scale)
    expect(page.locator("#arena-said")).to_have_text("Not saved yet.")
    moved = drawn(page)
    assert moved[1] == pytest.approx((234.0, 43.0), abs=0.5)
    assert [moved[k] for k in (0, 2, 3)] == [CORNERS[k] for k in (0, 2, 3)]
    assert live.study.trial(field.id).corners_px == CORNERS
    page.keyboard.press("s")
    expect(page.locator("#arena-said")).to_have_text("Set; drawn as it is analysed.")
    assert live.study.trial(field.id).corners_px == tuple(moved)
    assert_grid_of(page, moved)


def test_corners_are_moved_by_keys_alone(page: Page, live: Live, field: Trial) -> None:
    live.study.place(field.id, corners_px=CORNERS)
    open_trial(page, live, field)
    page.keyboard.press("2")
    page.locator("[data-mode=analysed]:not(#stage)").or_(page.locator("[data-mode=arena]:not(#stage)")).first.focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-handle='0']")).to_be_focused()
    expect(page.locator("#magnifier")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert drawn(page)[0] == (71.5, 36.0)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-handle='1']")).to_have_attribute(
        "aria-label", re.compile(r"upper right corner, 253.0, 30.5")
    )
    page.keyboard.press("s")
    expect(page.locator("#arena-said")).to_have_text("Set; drawn as it is analysed.")
    assert live.study.trial(field.id).corners_px == ((71.5, 36.0), (253.0, 30.5), *CORNERS[2:])


def test_the_proposal_is_taken_and_what_is_wrong_is_said(page: Page, live: Live, field: Trial) -> None:
    open_trial(page, live, field)
    page.keyboard.press("a")
    scene = live.study.scene_of(field)
    assert scene is not None and scene.corners_px is not None
    np.testing.assert_allclose(drawn(page), scene.corners_px, atol=0.051)
    scale = page.evaluate(SCALE)
    drag(page, page.locator("[data-handle='1']"), -190 * scale, 150 * scale)
    expect(page.locator("#told")).to_contain_text("upper left, upper right, lower right, lower left")
    expect(page.locator("[data-do=save]")).to_be_disabled()
    page.keyboard.press("s")
    assert live.study.trial(field.id).corners_px is None
    page.keyboard.press("r")
    expect(page.locator("#told")).not_to_contain_text("Expected")
    page.keyboard.press("a")
    page.keyboard.press("s")
    expect(page.locator("#arena-said")).to_have_text("Set; drawn as it is analysed.")
    np.testing.assert_allclose(live.study.trial(field.id).corners_px, scene.corners_px, atol=0.051)


def test_a_box_is_dragged_by_its_sides_and_whole(page: Page, live: Live, swim: Trial) -> None:
    live.study.place(swim.id, arena_px=(80, 10, 150, 220))
    open_trial(page, live, swim)
    page.keyboard.press("2")
    assert drawn(page)[0] == (79.5, 9.5)
    scale = page.evaluate(SCALE)
    drag(page, page.locator("[data-handle='7']"), -10 * scale, 33 * scale)
    assert drawn(page)[0] == (69.5, 9.5)
    page.locator(".inside").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    assert page.locator("#coordinates").inner_text().split() == [
        "upper",
        "left",
        "80,",
        "9",
        "width",
        "×",
        "height",
        "160",
        "×",
        "220",
    ]
    page.keyboard.press("s")
    expect(page.locator("#arena-said")).to_have_text("Set; drawn as it is analysed.")
    assert live.study.trial(swim.id).arena_px == (80, 9, 160, 220)


def test_what_was_analysed_is_shown_again(page: Page, live: Live, field: Trial) -> None:
    live.study.place(field.id, corners_px=CORNERS)
    live.study.score("open field", workers=1)
    open_trial(page, live, field)
    page.keyboard.press("3")
    expect(page.locator("#told")).to_have_text("Drawn as analysed, with t0 = 0.00 s.")
    assert points(page.locator("#lines .over:not(.faint)")) == list(CORNERS)
    assert_grid_of(page, CORNERS)
    analysed = live.study.analysed_trial(field)
    assert analysed is not None and analysed.track is not None
    assert points(page.locator("#track .path").first)[0] == pytest.approx(
        tuple(analysed.track.xy_px[np.isfinite(analysed.track.xy_px[:, 0])][0]), abs=0.051
    )
    page.keyboard.press("2")
    page.locator("[data-handle='0']").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    expect(page.locator("#scored")).to_have_text("Scored before; the next score scores it anew.")
    page.keyboard.press("3")
    expect(page.locator("#told")).to_contain_text("placed anew since")
    assert points(page.locator("#lines .over:not(.faint)")) == list(CORNERS)


def test_the_arena_is_copied_to_a_similar_recording(page: Page, live: Live, field: Trial, other_field: Trial) -> None:
    live.study.place(field.id, corners_px=CORNERS)
    open_trial(page, live, field)
    page.get_by_role("button", name="Copy to similar recordings").click()
    expect(page.locator("#copies-state")).to_have_text("1 of 1 other recordings show the same scene.")
    page.get_by_role("button", name="Copy to 1 trial").click()
    expect(page.locator("#notice")).to_have_text("The arena was copied to 1 trial.")
    assert live.study.trial(other_field.id).corners_px == CORNERS


def test_a_camera_that_moved_is_warned_of(page: Page, live: Live, field: Trial) -> None:
    scene = live.study.scene_of(field)
    assert scene is not None
    (path,) = scene.picture.parent.glob(f"{field.sha256}.scene*.json")
    move = {"start_s": 3.0, "stop_s": 5.0, "shift_px": [4.0, -3.0]}
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"camera_moves": [move]}), encoding="utf-8"
    )
    open_trial(page, live, field)
    expect(page.locator("#moves")).to_contain_text("3.0 to 5.0 s: by 5 px")
    page.get_by_role("button", name="3.0 to 5.0 s").click()
    expect(page.locator("#time")).to_have_text("4.00 s")


def test_nothing_moves_while_a_trial_is_opened(page: Page, live: Live, swim: Trial) -> None:
    page.goto(f"{live.address}/place/{swim.id}")
    before = page.evaluate(PLACES)
    page.wait_for_selector("#placing[data-ready][data-playable]", timeout=60_000)
    for mode in ("1", "2"):
        page.keyboard.press(mode)
        assert page.evaluate(PLACES) == before


def test_a_locked_study_is_only_looked_at(page: Page, live: Live, field: Trial) -> None:
    live.study.place(field.id, corners_px=CORNERS)
    live.study.score("open field", workers=1)
    live.study.lock()
    open_trial(page, live, field)
    page.keyboard.press("2")
    assert drawn(page) == list(CORNERS)
    assert page.locator(".handle").count() == 0
    for name in ("t0", "save", "propose", "copy"):
        expect(page.locator(f"[data-do={name}]")).to_be_disabled()
