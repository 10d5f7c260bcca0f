"""Every exception of the package, by whose fault it is.

::

    LittermateError
    ├── UsageError            the call is wrong                        (exit code 2)
    ├── StoppedError          the user stopped the work                (exit code 130)
    └── DataError             the data or the study is at fault        (exit code 1)
        ├── FileError         a file that cannot be read as what it should be
        │   ├── VideoError
        │   ├── ImageError
        │   ├── PlateError
        │   ├── TableError
        │   └── PaperError
        ├── ProtocolError     study.toml or animals.csv asks for something impossible
        ├── StoreError        the study folder, its database or its journal
        ├── SealError         the sealed allocation: wrong passphrase, changed seal
        ├── StageError        a step taken before the one it needs
        └── AnalysisError     a model that these data cannot answer

Every error says what was expected, what was found and what to do. Complaints about one input are collected
and raised once; `LittermateError.complaints` has them all, `str(error)` prints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong: where it is, what was expected, what was found, what to do."""

    expected: str
    found: str
    do: str
    where: str = ""

    def __str__(self) -> str:
        lines = [f"expected: {self.expected}", f"found:    {self.found}", f"do:       {self.do}"]
        if self.where:
            lines.insert(0, self.where)
        return "\n  ".join(lines)

    @property
    def in_a_line(self) -> str:
        """What is wrong in one line, for a place that says itself where it is."""
        return f"expected {self.expected}, found {self.found}: {self.do}"


class LittermateError(Exception):
    """The root of all errors raised on purpose.

    Parameters
    ----------
    expected, found, do
        What was expected, what was found, and what the reader can do, as short sentences.
    where
        The file, line or object it is about.

    Examples
    --------
    >>> error = VideoError(expected="a video", found="an empty file", do="copy it again", where="a.mp4")
    >>> print(error)
    a.mp4
      expected: a video
      found:    an empty file
      do:       copy it again
    """

    def __init__(self, *, expected: str, found: str, do: str, where: str = "") -> None:
        self._keep((Complaint(expected=expected, found=found, do=do, where=where),))

    @classmethod
    def of(cls, complaints: Iterable[Complaint]) -> Self:
        """Make one error of all complaints about one input."""
        error = cls.__new__(cls)
        error._keep(tuple(complaints))
        return error

    def _keep(self, complaints: tuple[Complaint, ...]) -> None:
        self.complaints = complaints
        self.args = ("\n".join(str(complaint) for complaint in complaints),)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.complaints)


def _rebuild(kind: type[LittermateError], complaints: tuple[Complaint, ...]) -> LittermateError:
    """Rebuild an error that comes back from a worker process."""
    return kind.of(complaints)


class UsageError(LittermateError):
    """The call is wrong: an unknown option, a value that cannot be meant."""


class StoppedError(LittermateError):
    """The user stopped the work (ctrl-C); what was finished is kept."""


class DataError(LittermateError):
    """The data or the study is at fault."""


class FileError(DataError):
    """A file is missing or is not what it should be."""


class VideoError(FileError):
    """A recording cannot be read, or not to its end."""


class ImageError(FileError):
    """A blot image cannot be used for numbers."""


class PlateError(FileError):
    """A plate-reader file or its layout cannot be understood."""


class TableError(FileError):
    """A table lacks a column, or a column lacks numbers."""


class PaperError(FileError):
    """A paper cannot be read as text."""


class ProtocolError(DataError):
    """The protocol (study.toml, animals.csv) asks for something impossible."""


class StoreError(DataError):
    """The study folder, its database or its journal is damaged, or newer than this program."""


class SealError(DataError):
    """The sealed allocation cannot be opened, or was changed."""


class StageError(DataError):
    """A step was asked for before the one it needs."""


class AnalysisError(DataError):
    """The planned model cannot be fitted to these data."""
