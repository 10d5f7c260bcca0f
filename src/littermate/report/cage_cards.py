"""Cage cards: one an animal, to print and cut. A card has the animal's id, vials and sides, and never its code.

Who reads a card sees how the animal takes its injection; with the code on it, the same person would know it again when
scoring.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from littermate.model.allocation import Tag
from littermate.model.animal import Animal
from littermate.model.injection import Injection
from littermate.report.bench_page import bench_page

__all__ = ["cage_cards"]

_STYLE = """
body { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm; }
.card { border: 0.4mm solid #1b2126; border-radius: 2mm; padding: 3mm 4mm; height: 84mm; box-sizing: border-box;
  break-inside: avoid; overflow: hidden; }
.id { font-size: 22pt; font-weight: bold; float: right; }
h1 { font-size: 10.5pt; font-weight: normal; color: #4a5157; }
dl { clear: both; display: grid; grid-template-columns: 27mm 1fr; gap: 0.8mm 2mm; margin: 2mm 0 0; font-size: 9.5pt; }
dt { color: #4a5157; } dd { margin: 0; overflow-wrap: anywhere; }
.line { border-bottom: 0.25mm solid #8a8f94; min-height: 5mm; }
"""
_BLANKS = ("licence", "responsible", "notes")


def cage_cards(study: str, animals: Sequence[Animal], tags: Sequence[Tag], injections: Sequence[Injection] = ()) -> str:
    """Return the page (HTML, stands alone), by cage and then by animal.

    Parameters
    ----------
    study
        A name that names no drug.
    animals, tags
        Those without a tag have a card without vials.
    injections
        The sheet, for which vial is for which injections.

    Examples
    --------
    >>> page = cage_cards("pilot", [Animal(id="M01", sex="male")], [Tag(animal="M01", code="CX7QM")])
    >>> "M01" in page, "CX7QM" in page
    (True, False)
    """
    known = {tag.animal: tag for tag in tags}
    cards = [
        _card(study, animal, known.get(animal.id), [one for one in injections if one.animal == animal.id])
        for animal in sorted(animals, key=lambda animal: (animal.cage, animal.id))
    ]
    return bench_page(f"Cage cards, {study}", "\n".join(cards), style=_STYLE)


def _card(study: str, animal: Animal, tag: Tag | None, injections: Sequence[Injection]) -> str:
    facts = [
        ("cage", animal.cage),
        ("sex, strain", " ".join(filter(None, [animal.sex, animal.strain]))),
        ("born", str(animal.birth or "")),
        ("weight", f"{animal.weight_g:g} g at allocation" if animal.weight_g else ""),
        *(tag.balanced if tag else ()),
        ("vials (no.)", "; ".join(_vials(injections))),
        *((name, "") for name in _BLANKS),
    ]
    rows = "".join(_fact(name, text) for name, text in facts)
    return f'<div class="card"><span class="id">{escape(animal.id)}</span><h1>{escape(study)}</h1><dl>{rows}</dl></div>'


def _fact(name: str, text: str) -> str:
    kind = "" if text else ' class="line"'
    return f"<dt>{escape(name)}</dt><dd{kind}>{escape(text)}</dd>"


def _vials(injections: Sequence[Injection]) -> list[str]:
    """Say which vial is for which injections, one run of injections after the other."""
    runs = []
    for vial, run in groupby(sorted(injections, key=lambda one: one.number), key=lambda one: one.vial):
        numbers = [one.number for one in run]
        span = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
        runs.append(f"{vial}\N{NO-BREAK SPACE}({span})")
    return runs
