"""Journal: who did what, when, with which arguments and version. Append-only; each entry is chained to the last.

`hash` is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of all the other fields, `previous`
being the hash of the entry before (64 zeros for the first).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

__all__ = ["FIRST", "Entry", "entry_hash"]

FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `at` is UTC in ISO 8601; `arguments` is canonical JSON text."""

    number: int
    at: str
    who: str
    what: str
    arguments: str
    version: str
    previous: str
    hash: str


def entry_hash(*, number: int, at: str, who: str, what: str, arguments: str, version: str, previous: str) -> str:
    """Hash the fields of an entry as described in the module.

    Examples
    --------
    >>> fields = dict(at="2026-04-11T09:00:00Z", who="m", what="new", arguments="{}", version="0.1.0")
    >>> entry_hash(number=1, previous=FIRST, **fields)[:8]
    'eb0dee29'
    """
    fields = {
        "number": number,
        "at": at,
        "who": who,
        "what": what,
        "arguments": arguments,
        "version": version,
        "previous": previous,
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
