"""Print: the report's page as a PDF file.

The page's own print styles set A4 pages with numbers; a browser's "print" gives much the same. WeasyPrint makes the
file, an optional part (``pip install "littermate[pdf]"``). Nothing is fetched: an address that is not inside the page
is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from littermate.errors import UsageError
from littermate.files import written_whole

__all__ = ["can_print", "print_page"]


def print_page(page: str | Path) -> Path:
    """Print a page that stands alone beside it, as a PDF file of the same name.

    Returns
    -------
    Path
        Of the PDF file.

    Raises
    ------
    UsageError
        If WeasyPrint, or the Pango library that it draws text with, is not installed.
    """
    weasyprint = can_print()
    page = Path(page)
    fetch = weasyprint.URLFetcher(allowed_protocols={"data"})
    with written_whole(page.with_suffix(".pdf")) as part:
        weasyprint.HTML(string=page.read_text(encoding="utf-8"), url_fetcher=fetch).write_pdf(part)
    return page.with_suffix(".pdf")


def can_print() -> Any:
    """Return WeasyPrint, before work is begun that it is to end.

    Raises
    ------
    UsageError
        If it, or the Pango library, is not there.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as fault:
        raise UsageError(
            expected="WeasyPrint, which prints pages as PDF",
            found=str(fault).splitlines()[0],
            do='pip install "littermate[pdf]" (on Linux also the package of Pango), or print report.html in a browser',
        ) from fault
    return weasyprint
