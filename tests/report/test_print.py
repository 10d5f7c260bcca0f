import sys

import pypdf
import pytest

from littermate.errors import UsageError
from littermate.report.print import can_print, print_page
from littermate.report.template import source

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A</title></head>
<body><h1>One</h1><img src="http://127.0.0.1:9/never.png" alt="">
<h1 style="break-before: page">Two</h1></body></html>"""

PICTURE = """<div class="pictures few"><figure><button class="picture"><img width="8" height="4"
src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 4'/>"></button></figure></div>"""
TALL = """<figure><div class="canvas"><svg viewBox="0 0 250 1345" style="max-width: 129mm"></svg></div>
<figcaption>Figure 3</figcaption></figure>"""


def boxes_on_paper(body):
    """Return the boxes of each page, by their tag, as the report's styles lay them out."""
    style = source("report.css") + source("print.css")
    document = can_print().HTML(string=f"<style>{style}</style>{body}").render()
    return [{box.element_tag: box for box in page._page_box.descendants()} for page in document.pages]


def test_a_page_is_printed_beside_it(tmp_path):
    page = tmp_path / "report.html"
    page.write_text(PAGE, encoding="utf-8")
    pdf = print_page(page)
    assert pdf == tmp_path / "report.pdf"
    assert [one.extract_text().strip() for one in pypdf.PdfReader(pdf).pages] == ["One", "Two"]


def test_without_the_printer_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match=r"littermate\[pdf\]"):
        print_page(tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_picture_is_printed_whole():
    (page,) = boxes_on_paper(PICTURE)
    assert page["img"].height > 100
    assert page["button"].height == pytest.approx(page["img"].height)


def test_a_figure_higher_than_a_page_is_printed_on_one_with_its_caption():
    (page,) = boxes_on_paper(TALL)
    assert page["div"].height > 800
    assert page["div"].position_y + page["div"].height <= page["figcaption"].position_y


def test_a_row_of_every_number_is_not_cut_off_at_the_page_s_edge():
    cells = "<td class='keep'>magnesium + ketamine</td>" * 5
    where = "<td class='place'>forced swim, trial JFFYRHGF</td><td class='entries'>2, 4, 5, 7</td>"
    (page,) = boxes_on_paper(f"<table class='wide trails'><tr>{cells}{where}</tr></table>")
    assert page["table"].width <= page["body"].width
