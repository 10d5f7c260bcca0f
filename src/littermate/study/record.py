"""StudyRecord: what a study is and knows: its folder, protocol, database; the guards of its stages.

Every write is one transaction with one journal entry (`database.writing`). Paths are stored relative to the study
folder, with forward slashes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from littermate.errors import DataError, StageError, UsageError
from littermate.files import sha256_of, written_whole
from littermate.model.allocation import Allocation, Tag
from littermate.model.animal import Animal
from littermate.model.measurement import Measurement
from littermate.model.protocol import AssayPlan, Protocol
from littermate.model.trial import Trial
from littermate.run.progress import Progress
from littermate.store.animals_file import read_animals
from littermate.store.database import Database
from littermate.store.folder import StudyFolder

__all__ = ["STAGES", "StudyRecord"]

STAGES = ("planned", "allocated", "locked", "unblinded")
_REACHED_BY = {"allocate": "allocated", "lock": "locked", "unblind": "unblinded"}


class StudyRecord:
    """A study folder that is open.

    Parameters
    ----------
    folder, protocol, database
        The study on disk.
    who
        Name for the journal.
    passphrase
        Of the sealed allocation, where one was given.
    progress
        Called while long work goes on.
    """

    def __init__(
        self,
        folder: StudyFolder,
        protocol: Protocol,
        database: Database,
        *,
        who: str,
        passphrase: str | None,
        progress: Progress,
    ) -> None:
        self.folder = folder
        self.protocol = protocol
        self.database = database
        self.who = who
        self.passphrase = passphrase
        self.progress = progress

    @property
    def animals(self) -> tuple[Animal, ...]:
        """The rows of animals.csv."""
        return read_animals(self.folder.animals_path)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The animals' codes, vials and sides; empty before `allocate`."""
        return self.database.tags()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The newest measurement of each outcome and animal."""
        return self.database.measurements()

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials that came in."""
        return self.database.trials()

    @property
    def names(self) -> dict[str, str]:
        """Every name of an animal at the bench, its code and its cage-card id, in lower case, with its code."""
        return {name.lower(): tag.code for tag in self.tags for name in (tag.animal, tag.code)}

    @property
    def stage(self) -> str:
        """How far the study is: one of `STAGES`."""
        reached = [_REACHED_BY[entry.what] for entry in self.database.entries(*_REACHED_BY)]
        return max(reached, key=STAGES.index, default=STAGES[0])

    @property
    def sheets(self) -> Path:
        """Where bench sheets are written: injections, loading tables."""
        return self.folder.root / "sheets"

    @property
    def allocation(self) -> Allocation:
        """The groups.

        Raises
        ------
        StageError
            If the study is still blind.
        """
        allocation = self.database.allocation()
        if allocation is None:
            raise StageError(
                expected="an unblinded study", found=f"a study that is {self.stage}", do="lock and unblind it first"
            )
        return allocation

    def note(self, what: str, arguments: Mapping[str, object]) -> None:
        """Write a journal entry that changes nothing else."""
        with self.database.writing(self.who, what, arguments):
            pass

    def require_open(self, what: str) -> None:
        """Refuse to go on unless the study is allocated and not locked yet."""
        stage = self.stage
        if stage == "planned":
            raise StageError(expected=f"an allocated study, to {what}", found="a planned one", do="allocate first")
        if stage != "allocated":
            raise StageError(
                expected=f"an open study, to {what}",
                found=f"a study that is {stage}",
                do="nothing can be changed after the lock; a new study folder can take up the same files",
            )

    def assay(self, name: str) -> AssayPlan:
        """Look an assay of the protocol up."""
        for assay in self.protocol.assays:
            if assay.name == name:
                return assay
        known = ", ".join(assay.name for assay in self.protocol.assays)
        raise UsageError(expected=f"one of the assays {known}", found=name, do="correct the name, or study.toml")

    def code_of(self, animal_or_code: str) -> str:
        """Return the code of an animal named by its id or code."""
        for tag in self.tags:
            if animal_or_code in (tag.code, tag.animal):
                return tag.code
        raise UsageError(expected="an animal id or a code of this study", found=animal_or_code, do="correct it")

    def inside(self, path: str | Path) -> Path:
        """Resolve a path as given, or within the study folder."""
        path = Path(path)
        return path if path.is_absolute() or path.exists() else self.folder.root / path

    def kept(self, path: Path, kind: str) -> str:
        """Return a raw file's path within the study folder; a file from elsewhere is copied in first."""
        root = self.folder.root.resolve()
        path = path.resolve()
        if not path.is_relative_to(root):
            target = root / kind / path.name
            if target.exists() and sha256_of(target) != sha256_of(path):
                raise DataError(
                    expected=f"no other file of this name in {kind}/",
                    found=path.name,
                    do="rename one of them",
                    where=str(path),
                )
            with written_whole(target) as part:
                shutil.copyfile(path, part)
            path = target
        return path.relative_to(root).as_posix()
