"""The report opens in a real browser with every figure to be seen, at desktop and at phone width."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.browser import FLAGS, chromium_path

from littermate.report.content import ReportContent
from littermate.report.write import write_report

OPTIONS = ("--headless", *FLAGS, "--virtual-time-budget=4000")
MEASURE = """<script>addEventListener("load", () => {
  const boxes = [...document.querySelectorAll("figure svg")].map(one => one.getBoundingClientRect());
  document.body.dataset.boxes = JSON.stringify(boxes.map(box => [box.left, box.right, box.height]));
  document.body.dataset.wide = document.documentElement.scrollWidth;
});</script>"""


@pytest.fixture(scope="module")
def browser() -> str:
    return chromium_path()


@pytest.fixture(scope="module")
def report_page(content: ReportContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("report"), content, hand_over=lambda *call: dict)


@pytest.mark.parametrize("width", [1280, 500])
def test_every_figure_is_to_be_seen(browser: str, report_page: Path, tmp_path: Path, width: int) -> None:
    text = re.sub(r"<meta http-equiv=.?Content-Security-Policy.*?>", "", report_page.read_text(encoding="utf-8"))
    page = tmp_path / "measured.html"
    page.write_text(text.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    command = [browser, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900"]
    dumped = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    boxes = json.loads(html.unescape(re.findall(r'data-boxes="(.*?)"', dumped)[0]))
    assert len(boxes) >= 4
    for left, right, height in boxes:
        assert left >= 0
        assert right - left > 200
        assert right <= max(width, 1280)
        assert height > 150
    # On a phone a broad figure scrolls inside its frame; the page itself never scrolls sideways.
    assert int(re.findall(r'data-wide="(\d+)"', dumped)[0]) <= width
