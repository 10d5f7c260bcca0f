"""Bench page: the frame and look that pages share which are printed (A4) and taken to the animal room.

A page stands alone, needs no network and no script; all text in it is escaped.
"""

from __future__ import annotations

from html import escape

__all__ = ["bench_page", "cell"]

_STYLE = """
@page { size: A4; margin: 11mm 12mm; }
body { font: 10.5pt/1.3 Arial, Helvetica, sans-serif; color: #1b2126; margin: 0 auto; max-width: 186mm; }
h1 { font-size: 15pt; margin: 0 0 1mm; }
p { margin: 0 0 2mm; font-size: 9pt; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; height: 7mm; }
th, td { border-bottom: 0.25mm solid #8a8f94; padding: 0 1.2mm; text-align: left; }
th { font-size: 8.5pt; vertical-align: bottom; border-bottom-width: 0.6mm; }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.main { font-weight: bold; font-size: 11.5pt; }
.blank { border-left: 0.25mm solid #8a8f94; min-width: 15mm; }
.flagged td { background: #f1e4d4; }
.sheet + .sheet { break-before: page; margin-top: 8mm; }
.sign { margin: 4mm 0 0; font-size: 9.5pt; }
"""


def bench_page(title: str, body: str, *, style: str = "") -> str:
    """Return the whole page around a body that is HTML already.

    Examples
    --------
    >>> "<title>a &lt; b</title>" in bench_page("a < b", "<p>text</p>")
    True
    """
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}{style}</style></head>\n<body>{body}</body></html>\n"
    )


def cell(text: str, kind: str = "") -> str:
    """Return a table cell with escaped text.

    Examples
    --------
    >>> cell("0.30", "num")
    '<td class="num">0.30</td>'
    """
    return f'<td class="{kind}">{escape(text)}</td>' if kind else f"<td>{escape(text)}</td>"
