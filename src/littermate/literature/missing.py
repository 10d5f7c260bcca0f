"""What people write where a number is not known."""

from __future__ import annotations

__all__ = ["is_missing"]

_MISSING = frozenset(("", "na", "n/a", "nan", ".", "-", "–", "—", "?", "nr", "not reported", "missing", "unknown"))


def is_missing(entry: str) -> bool:
    """Return whether a table's entry says that something is not known.

    Examples
    --------
    >>> is_missing("n/a"), is_missing("0")
    (True, False)
    """
    return entry.strip().casefold() in _MISSING
