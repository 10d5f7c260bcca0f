"""Blinding, as the journal tells it: who opened the key, when and why, and what they did before and after.

Deeds are told apart by how the journal's entries begin (``"score"``, ``"score by hand"``, ``"exclude"``). A *look* is
an entry by which somebody drew the groups or saw something of them.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from littermate.model.journal import Entry
from littermate.report.content import ReportContent
from littermate.report.wording import moment, sentence

__all__ = ["KeyLook", "arguments_of", "blinding_sentences", "deeds", "entries_about", "key_looks", "measured_after"]

_LOOKS = {
    "preview": "looked at the balance of a draw, without a group or an animal",
    "allocate": "had the groups drawn and sealed, without seeing them",
    "write vial key": "opened the key to write what each vial holds",
    "open the key": "opened the key to simulate files",
    "unblind": "joined the codes with the groups",
}
_DEEDS = {
    "score by hand": "kept hand scores",
    "score": "scored",
    "press": "pressed keys",
    "correct": "corrected bouts",
    "quantify": "quantified blots",
    "read": "read plates",
    "place": "placed trials or bands",
    "settle": "settled disagreements",
    "back": "took corrections back",
    "adopt": "took thresholds into use",
    "exclude": "excluded",
    "give clips": "gave out clips",
    "give": "logged what was given",
    "weigh": "logged weights",
    "fit": "fitted the planned analyses",
    "report": "wrote the report",
}
_CHANGES_DATA = (
    "score by hand",
    "score",
    "press",
    "correct",
    "quantify",
    "read",
    "place",
    "settle",
    "back",
    "adopt",
    "exclude",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLook:
    """One look: when, by whom, what it was and why, and the same person's deeds before and after it, in words."""

    number: int
    at: str
    who: str
    what: str
    because: str
    before: str
    after: str


def entries_about(content: ReportContent, *words: str) -> tuple[Entry, ...]:
    """Return the journal entries whose deed begins with one of the words."""
    return tuple(entry for entry in content.entries if entry.what.startswith(words))


def arguments_of(entry: Entry) -> dict[str, Any]:
    """Return with what an entry's deed was done.

    Examples
    --------
    >>> from littermate.model.journal import FIRST
    >>> fields = dict(number=1, at="", who="m", what="lock", version="", previous=FIRST, hash=FIRST)
    >>> arguments_of(Entry(arguments='{"missing":0}', **fields))
    {'missing': 0}
    """
    said = json.loads(entry.arguments or "{}")
    return said if isinstance(said, dict) else {}


def key_looks(content: ReportContent) -> tuple[KeyLook, ...]:
    """Return every look at the key, in the journal's order."""
    return tuple(_look(content.entries, entry) for entry in entries_about(content, *_LOOKS))


def _look(entries: Sequence[Entry], entry: Entry) -> KeyLook:
    own = [one for one in entries if one.who == entry.who]
    what = next(words for deed, words in _LOOKS.items() if entry.what.startswith(deed))
    return KeyLook(
        number=entry.number,
        at=moment(entry.at),
        who=entry.who,
        what=what,
        because=str(arguments_of(entry).get("because", "")),
        before=deeds(one for one in own if one.number < entry.number),
        after=deeds(one for one in own if one.number > entry.number),
    )


def deeds(entries: Iterable[Entry]) -> str:
    """Count deeds in words: ``"scored 64, read plates 6"``; ``"nothing"`` where there is none."""
    counts = Counter(_deed(entry) for entry in entries)
    return ", ".join(f"{words} {counts[deed]}" for deed, words in _DEEDS.items() if counts[deed]) or "nothing"


def _deed(entry: Entry) -> str:
    return next((deed for deed in _DEEDS if entry.what.startswith(deed)), "")


def measured_after(content: ReportContent) -> tuple[Entry, ...]:
    """Return the entries after the unblinding that may have changed the data."""
    opened = [entry.number for entry in entries_about(content, "unblind")]
    if not opened:
        return ()
    return tuple(one for one in content.entries if one.number > min(opened) and _deed(one) in _CHANGES_DATA)


def blinding_sentences(content: ReportContent) -> tuple[str, ...]:
    """Write who was blind to what, and until when."""
    return (*_sealed(content), *_measured(content), *_looked(content), *_opened(content), *_said(content))


def _sealed(content: ReportContent) -> Iterator[str]:
    if content.allocation is not None:
        yield (
            "The allocation was sealed under a passphrase; scoring and measuring saw opaque codes that carry neither "
            "order nor group."
        )


def _measured(content: ReportContent) -> Iterator[str]:
    """Say who scored and measured, and in how many entries of the journal."""
    work: dict[str, list[Entry]] = {}
    for entry in content.entries:
        if _deed(entry) in _CHANGES_DATA:
            work.setdefault(entry.who, []).append(entry)
    if work:
        parts = "; ".join(f"{who} ({deeds(entries)})" for who, entries in work.items())
        yield f"Scored, measured and excluded by, in entries of the journal: {parts}."


def _looked(content: ReportContent) -> Iterator[str]:
    """Say who opened the key before the unblinding, or that nobody did."""
    opened = [entry.number for entry in entries_about(content, "unblind")]
    seeing = (_LOOKS["write vial key"], _LOOKS["open the key"])
    early = [one for one in key_looks(content) if one.what in seeing and one.number < min(opened, default=math.inf)]
    for one in early:
        yield f"Before the unblinding {one.who} {one.what} ({one.at}, journal entry {one.number})."
    if opened and not early:
        yield "Nobody opened the key before the unblinding."


def _opened(content: ReportContent) -> Iterator[str]:
    for entry in entries_about(content, "lock"):
        yield f"Data were locked on {moment(entry.at)} by {entry.who} (journal entry {entry.number})."
    for entry in entries_about(content, "unblind"):
        reason = str(arguments_of(entry).get("because", "")).strip()
        because = f", because {reason}" if reason else ""
        yield f"The study was unblinded on {moment(entry.at)} by {entry.who} (journal entry {entry.number}){because}."
    if entries_about(content, "unblind"):
        late = measured_after(content)
        changed = f"After it, {deeds(late)}" if late else "Nothing was scored, measured or excluded after it"
        yield f"{changed}."


def _said(content: ReportContent) -> Iterator[str]:
    """Repeat what people said of it, in the facts of the protocol or in their statements."""
    yield from (sentence(text) for heading, text in content.protocol.facts if "blind" in heading.lower())
    yield from (sentence(text) for key, text in content.statements if key == "blinding")
