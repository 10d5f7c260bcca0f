"""Loading sheet: what goes into each lane of a gel, as a page to print and take to the bench.

It knows the samples by their codes alone. Rows are high enough to be read at arm's length and ticked off.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["loading_sheet"]

_STYLE = """
@page { size: A4; margin: 14mm; }
body { font: 12pt/1.3 Arial, Helvetica, sans-serif; color: #1b2126; margin: 0 auto; max-width: 182mm; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
p { margin: 0 0 3mm; font-size: 10pt; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; height: 8.5mm; }
th, td { border-bottom: 0.3mm solid #8a8f94; padding: 0 2mm; text-align: right; }
th { font-size: 9.5pt; vertical-align: bottom; border-bottom-width: 0.6mm; }
.text { text-align: left; }
.code { text-align: left; font-weight: bold; font-size: 13pt; }
.flagged td { background: #f1e4d4; }
.box { border: 0.4mm solid #1b2126; display: inline-block; height: 4.5mm; width: 4.5mm; vertical-align: middle; }
"""


def loading_sheet(
    *, title: str, notes: Sequence[str], columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str], str]]
) -> str:
    """Return the page (HTML, stands alone).

    Parameters
    ----------
    title, notes
        Above the table.
    columns
        Heads of the volumes.
    rows
        Of each lane the sample's code, the volumes as text, and the remark; a lane with a remark is shaded.

    Examples
    --------
    >>> page = loading_sheet(title="Gel 1", notes=[], columns=["sample, uL"], rows=[("CX41", ["10.0"], "")])
    >>> "CX41" in page and "10.0" in page
    True
    """
    heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "\n".join(_row(number, *row) for number, row in enumerate(rows, 1))
    words = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>{words}\n<table><thead><tr><th>lane</th>"
        f'<th class="text">code</th>{heads}<th class="text">remark</th><th>done</th></tr></thead>\n<tbody>\n{body}\n'
        "</tbody></table></body></html>\n"
    )


def _row(number: int, code: str, volumes: Sequence[str], remark: str) -> str:
    cells = "".join(f"<td>{escape(volume)}</td>" for volume in volumes)
    kind = ' class="flagged"' if remark else ""
    return (
        f'<tr{kind}><td>{number}</td><td class="code">{escape(code)}</td>{cells}'
        f'<td class="text">{escape(remark)}</td><td><span class="box"></span></td></tr>'
    )
