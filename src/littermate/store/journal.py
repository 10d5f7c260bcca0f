"""Journal: each transaction's one entry, chained to the last, and the check that nothing was changed afterwards.

The chain is that of `model.journal`. An entry whose transaction wrote rows says in its arguments, under ``written``,
how many in each table, and the SHA-256 of their canonical texts; so a changed number is found, not only a changed
entry. The number and hash of the last entry stand in the table `meta`, so a removed end is found too.

Whoever can write to the file can still rebuild the whole chain; a printed hash (in the report) is what binds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from littermate.errors import StoreError
from littermate.model.journal import FIRST, Entry, entry_hash
from littermate.store.canonical import from_json, to_json
from littermate.version import __version__

__all__ = ["EMPTY", "Break", "Head", "Ledger", "find_break", "next_entry", "rows_digest", "verify"]

Rows = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Number and hash of the last entry."""

    number: int
    hash: str


EMPTY = Head(number=0, hash=FIRST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry that is not as it was written, and how that is known."""

    number: int
    why: str


class Ledger(Protocol):
    """What has a journal."""

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries."""
        ...

    def head(self) -> Head:
        """Return the head that was kept apart from the entries."""
        ...

    def rows_written(self) -> Mapping[int, Rows]:
        """Return every row as pairs (table, values), by the number of the entry that wrote it."""
        ...


def next_entry(head: Head, *, who: str, what: str, arguments: Mapping[str, Any], rows: Rows = ()) -> Entry:
    """Return the entry that follows `head`.

    Raises
    ------
    TypeError, ValueError
        If the arguments are not plain finite values.
    """
    said = dict(arguments) | ({"written": rows_digest(rows)} if rows else {})
    number, at = head.number + 1, datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    text = to_json(said)
    sealed = entry_hash(
        number=number, at=at, who=who, what=what, arguments=text, version=__version__, previous=head.hash
    )
    return Entry(
        number=number,
        at=at,
        who=who,
        what=what,
        arguments=text,
        version=__version__,
        previous=head.hash,
        hash=sealed,
    )


def rows_digest(rows: Rows) -> dict[str, Any]:
    """Return how many rows there are of each table, and the hash of all, whatever their order.

    Examples
    --------
    >>> rows = [("tag", {"animal": "M1"}), ("tag", {"animal": "M2"})]
    >>> rows_digest(rows) == rows_digest(rows[::-1])
    True
    >>> rows_digest(rows)["rows"]
    {'tag': 2}
    """
    texts = sorted(to_json([table, values]) for table, values in rows)
    counts: dict[str, int] = {}
    for table, _ in rows:
        counts[table] = counts.get(table, 0) + 1
    return {"rows": dict(sorted(counts.items())), "sha256": hashlib.sha256("\n".join(texts).encode()).hexdigest()}


def find_break(
    entries: Iterable[Entry], *, head: Head | None = None, rows: Mapping[int, Rows] | None = None
) -> Break | None:
    """Return the first broken entry, or `None` where all are as they were written.

    Parameters
    ----------
    entries
        In their order.
    head
        What was kept of the last entry; left out, a removed end cannot be seen.
    rows
        Rows by entry; left out, the rows are not checked.

    Examples
    --------
    >>> one = next_entry(EMPTY, who="m", what="new", arguments={})
    >>> two = next_entry(Head(number=1, hash=one.hash), who="m", what="lock", arguments={})
    >>> find_break([one, two]) is None
    True
    >>> find_break([two])
    Break(number=1, why='it is missing')
    """
    last = EMPTY
    for entry in entries:
        why = _wrong_entry(entry, last) or _wrong_rows(entry, rows)
        if why:
            missing = entry.number > last.number + 1
            return Break(number=last.number + 1 if missing else entry.number, why="it is missing" if missing else why)
        last = Head(number=entry.number, hash=entry.hash)
    if head is not None and last != head:
        return _wrong_end(last, head)
    orphans = sorted(number for number in rows or {} if not 1 <= number <= last.number)
    return Break(number=orphans[0], why="rows say that it wrote them, and there is no such entry") if orphans else None


def _wrong_entry(entry: Entry, last: Head) -> str:
    if entry.number != last.number + 1:
        return f"it comes after entry {last.number}"
    fields = {name: getattr(entry, name) for name in ("number", "at", "who", "what", "arguments", "version")}
    if entry_hash(**fields, previous=entry.previous) != entry.hash:
        return "its content does not give its hash: it was changed"
    if entry.previous != last.hash:
        return f"it does not follow entry {last.number}: one of the two was replaced"
    return ""


def _wrong_rows(entry: Entry, rows: Mapping[int, Rows] | None) -> str:
    if rows is None:
        return ""
    written = from_json(entry.arguments).get("written")
    found = rows_digest(rows[entry.number]) if entry.number in rows else None
    if written == found:
        return ""
    before, now = (written or {}).get("rows", {}), (found or {}).get("rows", {})
    tables = sorted(table for table in {*before, *now} if before.get(table, 0) != now.get(table, 0))
    if tables:
        counts = ", ".join(f"{table}: {before.get(table, 0)} then, {now.get(table, 0)} now" for table in tables)
        return f"rows it wrote were added or removed ({counts})"
    return f"what it wrote was changed (in {', '.join(sorted(now))})"


def _wrong_end(last: Head, head: Head) -> Break:
    if last.number < head.number:
        return Break(number=last.number + 1, why=f"it is missing: {head.number} entries were written")
    if last.number > head.number:
        return Break(number=head.number + 1, why=f"it was added past the end: {head.number} entries were written")
    return Break(number=last.number, why="it is not the entry that was written last: it was replaced")


def verify(ledger: Ledger) -> None:
    """Check the journal and everything it says was written.

    Raises
    ------
    StoreError
        Naming the first broken entry, and how that is known.
    """
    broken = find_break(ledger.entries(), head=ledger.head(), rows=ledger.rows_written())
    if broken is not None:
        raise StoreError(
            expected="a journal in which every entry, and every row it wrote, is as it was written",
            found=f"entry {broken.number} is broken: {broken.why}",
            do="go back to a copy of the study from before, and find out who changed it",
            where=f"journal, entry {broken.number}",
        )
