"""The review pages in a real browser: motion and path in step with the frames, bouts by keys, boxes by mouse too."""

import re

from playwright.sync_api import Page, expect
from tests.web.conftest import Live

from littermate.model.trial import Trial
from littermate.study import Study

READY = "#reviewing[data-ready]"
PIXELS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let k = 3; k < data.length; k += 4) drawn += data[k] > 0;
  return drawn;
}"""


def box_of(page: Page, lane: int) -> list[int]:
    body = page.locator(f'.box[data-lane="{lane}"] .body')
    return [int(body.get_attribute(name) or "") for name in ("x", "y", "width", "height")]


def test_motion_is_shown_in_step_with_the_recording(page: Page, live: Live, swim: Trial) -> None:
    page.goto(f"{live.address}/review/{swim.id}")
    page.locator(READY).wait_for()
    expect(page.locator("#time")).to_have_text("0:02.00")
    assert page.locator("#trace").evaluate(PIXELS) > 1000
    head = page.locator(".trace-head")
    before = head.bounding_box()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#time")).to_have_text(re.compile(r"0:0[23]\.\d\d"))
    expect(page.locator("#time")).not_to_have_text("0:02.00")
    after = head.bounding_box()
    assert before and after and after["x"] > before["x"]
    trace = page.locator("#trace").bounding_box()
    assert trace
    page.mouse.click(trace["x"] + trace["width"] - 12, trace["y"] + 40)
    expect(page.locator("#time")).to_have_text(re.compile(r"0:11\.\d\d"))


def test_bouts_are_corrected_with_keys_beside_their_trace(page: Page, live: Live, given: Study, swim: Trial) -> None:
    page.goto(f"{live.address}/review/{swim.id}")
    page.locator(READY).wait_for()
    page.get_by_role("button", name="Correct the bouts").click()
    page.locator("#scoring[data-review][data-ready]").wait_for()
    expect(page.locator("#time")).to_have_text("0:02.00")
    assert page.locator("#trace").evaluate(PIXELS) > 1000
    before = next(one for one in given.reviewed_trials() if one.trial == swim.id)
    trace, lanes = (page.locator(one).bounding_box() for one in (".trace", "#timeline"))
    assert trace and lanes and trace["width"] == lanes["width"]
    now = page.locator("#now-name").inner_text()
    page.keyboard.press("i" if now == "none" else "0")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#time")).not_to_have_text("0:02.00")
    page.keyboard.press("0" if now == "none" else "i")
    expect(page.locator("#saving-words")).to_have_text("Everything is saved")
    page.keyboard.press("Enter")
    page.locator("#finished:not([hidden])").wait_for()
    page.keyboard.press("Enter")
    page.locator(READY).wait_for()
    expect(page.locator(".measured")).to_contain_text("Corrected by ada")
    after = next(one for one in given.reviewed_trials() if one.trial == swim.id)
    assert (after.corrected_by, after.automatic) == ("ada", before.value)
    assert after.value != before.value
    page.get_by_role("button", name="Back to automatic").click()
    expect(page.locator(".measured")).to_contain_text("does not count any more")
    given.verify()


def test_the_path_is_drawn_up_to_the_frame(page: Page, live: Live, field: Trial) -> None:
    page.goto(f"{live.address}/review/{field.id}")
    page.locator(READY).wait_for()
    drawing = page.locator("#drawing")
    page.get_by_role("button", name="Lines").click()
    start = drawing.evaluate(PIXELS)
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(page.locator("#time")).to_have_text(re.compile(r"0:0[34]\.\d\d"))
    assert drawing.evaluate(PIXELS) > start > 0
    assert page.locator("#map").evaluate(PIXELS) == 480 * 480
    expect(page.locator("#map-most")).to_contain_text("s or more")


def test_a_box_is_moved_by_keys_and_by_mouse_and_saved(page: Page, live: Live, given: Study, band: str) -> None:
    page.goto(f"{live.address}/review/blots/{band}")
    page.locator("#blot[data-ready]").wait_for()
    left, top, width, height = box_of(page, 2)
    page.locator('.box[data-lane="2"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    assert box_of(page, 2) == [left, top + 1, width, height - 1]
    expect(page.locator("#saving-words")).to_have_text("1 lane is changed, not saved")
    other = box_of(page, 4)
    grip = page.locator('.box[data-lane="4"] .grip.n').bounding_box()
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 12, steps=3)
    page.mouse.up()
    moved = box_of(page, 4)
    assert (moved[0], moved[2]) == (other[0], other[2])
    assert moved[1] > other[1] and moved[1] + moved[3] == other[1] + other[3]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saving-words")).to_have_text("Everything is saved", timeout=60_000)
    view = given.blot_view(band)
    placed = {one.lane: one.placed_px for one in view.lanes if one.placed_px}
    assert placed == {2: (left, top + 1, width, height - 1), 4: tuple(moved)}
    assert {one.placed_by for one in view.lanes if one.placed_px} == {"ada"}
    expect(page.locator("tr.differs")).to_have_count(2)


def test_a_box_goes_back_to_automatic(page: Page, live: Live, given: Study, band: str) -> None:
    left, top, width, height = given.blot_view(band).lanes[1].automatic_px
    given.place_bands(band, {2: (left, top + 5, width, height - 5)})
    page.goto(f"{live.address}/review/blots/{band}")
    page.locator("#blot[data-ready]").wait_for()
    page.get_by_role("button", name="Lane 2 back to automatic").click()
    assert box_of(page, 2) == [left, top, width, height]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saving-words")).to_have_text("Everything is saved", timeout=60_000)
    assert given.blot_view(band).name.placed == 0


def test_what_the_server_refuses_is_said_and_stays_on_the_page(page: Page, live: Live, band: str) -> None:
    page.goto(f"{live.address}/review/blots/{band}")
    page.locator("#blot[data-ready]").wait_for()
    page.locator('.box[data-lane="2"]').focus()
    for _ in range(90):
        page.keyboard.press("ArrowRight")
    moved = box_of(page, 2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#refused")).to_contain_text("left of that of lane", timeout=60_000)
    assert box_of(page, 2) == moved
    expect(page.locator("#saving-words")).to_have_text("1 lane is changed, not saved")


def test_nothing_moves_while_a_page_loads(page: Page, live: Live, swim: Trial, band: str) -> None:
    for address, parts, ready in (
        (f"/review/{swim.id}", ("#stage", ".transport", ".trace", ".side"), READY),
        (f"/review/blots/{band}", (".film", ".side", "#save"), "#blot[data-ready]"),
    ):
        page.goto(f"{live.address}{address}", wait_until="domcontentloaded")
        before = [page.locator(part).bounding_box() for part in parts]
        page.locator(ready).wait_for()
        assert [page.locator(part).bounding_box() for part in parts] == before
