"""First frame: from opening a clip's page to its first frame on screen, in a real Chromium, at the window's start.

The recording is of 6 minutes, 640 x 480, H.264; the window begins at 120 s. *Cold*: the server has just been started
and nothing is prepared, so the playable copy is made first. *Warm*: the copy is there, in a browser without a past.
The clock is the page's own: from the start of navigation until the frame is announced as presented.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import numpy as np
import served
from measure import Claim, Setting, claims_table, run_alone, table
from playwright.sync_api import Browser, sync_playwright

GOAL_S = 1.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def report(setting: Setting) -> str:
    """Open the page in rounds, cold and then warm."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return "## The first frame of a clip\n\nNot run: no Chromium is installed."
    made = served.study_for(setting.cache, scorers=20)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        took = [_round(made, browser) for _ in range(setting.rounds(5))]
        browser.close()
    rows, claims = [], []
    for words, values in zip(("cold: the copy is made first", "warm"), np.array(took).T, strict=True):
        claims.append(Claim(what=f"first frame, {words}", must=GOAL_S, measured=float(np.median(values)), unit=" s"))
        rows.append(
            [words, str(len(values)), *(f"{value:.2f}" for value in (values.min(), np.median(values), values.max()))]
        )
    columns = ("", "rounds", "shortest, s", "median, s", "longest, s")
    return "\n\n".join(["## The first frame of a clip", claims_table(claims), table(columns, rows)])


def _round(made: served.Made, browser: Browser) -> tuple[float, float]:
    print("first frame", file=sys.stderr)
    with made.served() as server:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(server.link)
        state = context.storage_state()
        page.close()
        open_clip = _opener(browser, f"http://127.0.0.1:{server.port}/score/{made.clip}")
        context.close()
        return open_clip(state), open_clip(state)


def _opener(browser: Browser, address: str) -> Callable[[object], float]:
    def opened(state: object) -> float:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, storage_state=state)
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#scoring[data-ready]")
        took = page.evaluate("performance.getEntriesByName('first frame')[0].startTime / 1000")
        context.close()
        return float(took)

    return opened


if __name__ == "__main__":
    run_alone(report)
