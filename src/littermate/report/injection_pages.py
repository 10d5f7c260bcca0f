"""Injection pages: the injection sheet to print, a page a day, with room to write down what was really given.

It shows what an `Injection` has, and so no drug, no group and no code. Rows with something
to be seen to are shaded, and it is said above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from littermate.model.injection import Injection
from littermate.report.bench_page import bench_page, cell
from littermate.report.wording import listed, times

__all__ = ["injection_pages"]

_HEADS = ("no.", "animal", "vial", "weight, g", "give, mL", "route", "side", "due")
_NUMBERS = {"weight, g", "give, mL"}
_BLANKS = ("given at", "mL", "side", "by", "note")
_LARGE_ROUNDING = 0.05


def injection_pages(study: str, injections: Sequence[Injection]) -> str:
    """Return the page (HTML, stands alone).

    Parameters
    ----------
    study
        A name that names no drug.
    injections
        By time, as they are planned.

    Examples
    --------
    >>> one = Injection(number=1, day=1, hour=0, animal="M01", vial="CDF346", exact_ml=0.304, volume_ml=0.3)
    >>> page = injection_pages("pilot", [one])
    >>> "CDF346" in page and "0.30" in page
    True
    """
    days = groupby(injections, key=lambda one: one.day)
    return bench_page(f"Injections, {study}", "\n".join(_sheet(study, day, list(rows)) for day, rows in days))


def _sheet(study: str, day: int, rows: Sequence[Injection]) -> str:
    dates = sorted({f"{one.due:%Y-%m-%d}" for one in rows if one.due})
    title = f"Injections, day {day}" + (f" ({listed(dates)})" if dates else "")
    heads = "".join(f'<th class="num">{head}</th>' if head in _NUMBERS else f"<th>{head}</th>" for head in _HEADS)
    blanks = "".join(f'<th class="blank">{head}</th>' for head in _BLANKS)
    words = "".join(f"<p>{escape(line)}</p>" for line in (f"{study}. {_rules(rows)}", *_warnings(rows)))
    body = "\n".join(_row(one) for one in rows)
    return (
        f'<section class="sheet"><h1>{escape(title)}</h1>{words}\n'
        f"<table><thead><tr>{heads}{blanks}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"
        '<p class="sign">Vials checked by ____________________ Given by ____________________ Date ____________</p>'
        "</section>"
    )


def _rules(rows: Sequence[Injection]) -> str:
    """Say what the volumes are rounded to, how far off that is at most, and how far off the time may be."""
    marks = listed(dict.fromkeys(f"{one.mark_ml:g} mL" for one in rows))
    roundings = [abs(one.rounding) for one in rows if one.rounding is not None]
    most = f", at most {100 * max(roundings):.1f} % off" if roundings else ""
    allowed = listed(dict.fromkeys(times(one.within_s) for one in rows))
    return f"Volumes are rounded to {marks}{most}. On time: within {allowed}. Not given: write 0 and why."


def _warnings(rows: Sequence[Injection]) -> Iterator[str]:
    """Say why rows are shaded."""
    for reason in dict.fromkeys(one.reason for one in rows if one.reason):
        yield f"No volume: {reason} ({_animals(one for one in rows if one.reason == reason)})."
    if old := [one for one in rows if one.by_old_weight]:
        yield f"Weights of up to {max(one.weight_age_days for one in old)} days ago, weigh first: {_animals(old)}."
    if far := [one for one in rows if _rounded_far(one)]:
        yield f"Rounded by more than {100 * _LARGE_ROUNDING:g} %, take a finer syringe: {_animals(far)}."


def _animals(rows: Iterable[Injection]) -> str:
    return ", ".join(dict.fromkeys(one.animal for one in rows))


def _rounded_far(one: Injection) -> bool:
    return one.rounding is not None and abs(one.rounding) > _LARGE_ROUNDING


def _row(one: Injection) -> str:
    cells = (
        cell(str(one.number)),
        cell(one.animal, "main"),
        cell(one.vial, "main"),
        cell("" if one.weighing is None else f"{one.weighing.weight_g:g}", "num"),
        cell(_volume(one), "num main"),
        cell(one.route),
        cell(one.side),
        cell(f"{one.due:%H:%M}" if one.due else f"{one.hour:g} h"),
        *(cell("", "blank") for _ in _BLANKS),
    )
    flagged = one.reason or one.by_old_weight or _rounded_far(one)
    kind = ' class="flagged"' if flagged else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"


def _volume(one: Injection) -> str:
    """Write a volume with as many decimals as the syringe's marks have."""
    if one.volume_ml is None:
        return "?"
    mark = f"{one.mark_ml:.6f}".rstrip("0")
    return f"{one.volume_ml:.{len(mark.partition('.')[2])}f}"
