"""Faults: everything that is wrong with one file, collected with its lines and raised once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from littermate.errors import Complaint, LittermateError, ProtocolError
from littermate.store.toml_lines import TomlPath, line_of

__all__ = ["Faults", "choose"]


def choose(found: str, allowed: Iterable[str], *, otherwise: str = "use one of these") -> str:
    """Say what to do about a name that is not among those allowed.

    Examples
    --------
    >>> choose("levles", ["name", "levels"])
    "did you mean 'levels'?"
    """
    near = difflib.get_close_matches(found, list(allowed), n=1)
    return f"did you mean {near[0]!r}?" if near else otherwise


class Faults:
    """Complaints about one file, each at its line.

    Parameters
    ----------
    file
        The file's name, as complaints show it.
    lines
        Line of each place, from `toml_lines`; empty for a file whose lines are given directly.
    """

    def __init__(self, file: str, lines: Mapping[TomlPath, int] | None = None) -> None:
        self._file = file
        self._lines = dict(lines or {})
        self._found: list[tuple[int, Complaint]] = []

    def at_line(self, line: int, *, expected: str, found: str, do: str) -> None:
        """Complain about a line."""
        where = f"{self._file}, line {line}"
        self._found.append((line, Complaint(expected=expected, found=found, do=do, where=where)))

    def at(self, path: TomlPath, *, expected: str, found: str, do: str) -> None:
        """Complain about a table or key; without a line where it stands nowhere."""
        self.at_line(line_of(path, self._lines), expected=expected, found=found, do=do)

    def take(self, error: LittermateError, path: TomlPath) -> None:
        """Take over all complaints of an error about a table; each at the key it names in `where`, if it names one."""
        for complaint in error.complaints:
            place = (*path, complaint.where) if complaint.where else path
            self.at(place, expected=complaint.expected, found=complaint.found, do=complaint.do)

    def raise_all(self) -> None:
        """Raise one `ProtocolError` with every complaint in the order of the lines, if there is any."""
        if self._found:
            ordered = sorted(self._found, key=lambda fault: fault[0])
            raise ProtocolError.of(complaint for _, complaint in ordered)
