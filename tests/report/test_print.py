import sys

import pypdf
import pytest

from littermate.errors import UsageError
from littermate.report.print import print_page

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A</title></head>
<body><h1>One</h1><img src="http://127.0.0.1:9/never.png" alt="">
<h1 style="break-before: page">Two</h1></body></html>"""


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
