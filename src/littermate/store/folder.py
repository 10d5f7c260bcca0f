"""StudyFolder: where each thing of a study is on disk.

::

    study.toml            the protocol
    animals.csv           one row an animal
    arrive.toml           what only the authors can say, for the report
    allocation.sealed     the sealed key, from allocation on
    littermate.db         codes, trials, measurements, journal
    recordings/ blots/ plates/    raw files, never changed
    tracks/               traces and pictures, one a trial
    report/               what is read in the end
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import StoreError
from littermate.store.statements_file import blank_statements
from littermate.store.template import template_animals, template_names, template_text

__all__ = ["StudyFolder", "create_study", "find_study"]

_FOLDERS = ("recordings", "blots", "plates", "tracks", "report")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFolder:
    """A study on disk; nothing of it need exist. `create_study` and `find_study` make the root absolute.

    Examples
    --------
    >>> StudyFolder(root=Path("pilot")).protocol_path.as_posix()
    'pilot/study.toml'
    """

    root: Path

    @property
    def protocol_path(self) -> Path:
        """The protocol, study.toml."""
        return self.root / "study.toml"

    @property
    def animals_path(self) -> Path:
        """The animals, animals.csv."""
        return self.root / "animals.csv"

    @property
    def statements_path(self) -> Path:
        """What only the authors can say, arrive.toml."""
        return self.root / "arrive.toml"

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.root / "littermate.db"

    @property
    def key_path(self) -> Path:
        """The sealed allocation."""
        return self.root / "allocation.sealed"

    @property
    def recordings(self) -> Path:
        """Raw videos."""
        return self.root / "recordings"

    @property
    def blots(self) -> Path:
        """Raw blot images."""
        return self.root / "blots"

    @property
    def plates(self) -> Path:
        """Raw plate-reader files."""
        return self.root / "plates"

    @property
    def tracks(self) -> Path:
        """Tracks, motion traces and pictures."""
        return self.root / "tracks"

    @property
    def report(self) -> Path:
        """The report."""
        return self.root / "report"


def create_study(path: str | Path, template: str) -> StudyFolder:
    """Make a new study folder of a template, whole or not at all.

    Raises
    ------
    StoreError
        If there is something of that name that is not an empty folder.
    UsageError
        If there is no such template.
    """
    root = Path(path).absolute()
    if root.exists() and not (root.is_dir() and not any(root.iterdir())):
        found = "a folder with something in it" if root.is_dir() else "a file"
        do = "choose another name, or open the study that is there"
        raise StoreError(expected="a new or empty folder", found=found, do=do, where=str(path))
    texts = {
        "study.toml": template_text(template),
        "animals.csv": template_animals(template),
        "arrive.toml": blank_statements(),
    }
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".part-") as name:
        part = Path(name) / "study"
        _fill(part, texts)
        if root.exists():
            for item in part.iterdir():
                item.rename(root / item.name)
        else:
            part.rename(root)
    return StudyFolder(root=root)


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for name in _FOLDERS:
        (folder / name).mkdir()


def find_study(path: str | Path) -> StudyFolder:
    """Return the study folder at a path.

    Raises
    ------
    StoreError
        If there is no study.toml in it.
    """
    folder = StudyFolder(root=Path(path).absolute())
    if folder.protocol_path.is_file():
        return folder
    found = "a folder without study.toml" if folder.root.is_dir() else "no such folder"
    names = " or ".join(f"--template {name}" for name in template_names())
    raise StoreError(
        expected="a study folder, with a study.toml in it",
        found=found,
        do=f"go to the study's folder, or make one: littermate new NAME {names}",
        where=str(folder.root),
    )
