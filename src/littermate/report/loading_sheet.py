"""Loading sheet: what goes into each lane of a gel, as a page to print and take to the bench.

It knows the samples by their codes alone. Rows are high enough to be read at arm's length and ticked off.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from littermate.report.bench_page import bench_page, cell

__all__ = ["loading_sheet"]

_STYLE = """
body { font-size: 12pt; }
tr { height: 8.5mm; }
th, td { text-align: right; }
.text { text-align: left; }
.code { text-align: left; font-weight: bold; font-size: 13pt; }
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
    table = (
        f"<h1>{escape(title)}</h1>{words}\n<table><thead><tr><th>lane</th>"
        f'<th class="text">code</th>{heads}<th class="text">remark</th><th>done</th></tr></thead>\n<tbody>\n{body}\n'
        "</tbody></table>"
    )
    return bench_page(title, table, style=_STYLE)


def _row(number: int, code: str, volumes: Sequence[str], remark: str) -> str:
    cells = "".join(cell(volume) for volume in volumes)
    kind = ' class="flagged"' if remark else ""
    return (
        f"<tr{kind}>{cell(str(number))}{cell(code, 'code')}{cells}{cell(remark, 'text')}"
        '<td><span class="box"></span></td></tr>'
    )
