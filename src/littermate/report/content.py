"""ReportContent: everything a report is written from, as one frozen record.

`study` fills it in after unblinding; nothing in this package reads a file or a database to find more. Pictures come
as PNG bytes. A `TruthRow` exists in simulated studies only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from littermate.model.allocation import Allocation, Tag
from littermate.model.analysis import Analysis
from littermate.model.animal import Animal
from littermate.model.balance import GroupBalance
from littermate.model.comparison import AdjustedFamily
from littermate.model.deviation import Deviation
from littermate.model.earlier_studies import EarlierStudies
from littermate.model.finding import Finding
from littermate.model.journal import Entry
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.protocol import Protocol
from littermate.model.real_dose import RealDose
from littermate.model.rules import RuleSet
from littermate.model.scorer_agreement import AgreementSummary
from littermate.model.trial import Trial
from littermate.report.trail import Trail, TrailSource

__all__ = ["Picture", "ReportContent", "TruthRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of how a number was made: a scored film strip, a track, a blot with its lanes.

    `title` groups pictures under one heading (``"Forced swim test"``); `code` is the animal's, or empty; `png` holds
    the bytes of a PNG file. A `name` of its own lets the sources of values lead to it.
    """

    title: str
    caption: str
    code: str
    png: bytes
    name: str = ""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height, as the PNG's header has them."""
        width, height = struct.unpack(">II", self.png[16:24])
        return width, height


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthRow:
    """One true value of a simulated study beside the measured one.

    A row without `code` is about the analyses, not about an animal: its `outcome` says what is compared. `tolerance`
    says in words what was promised (``"within 5 % of the window"``); `within` whether the promise was kept, `None`
    where nobody judged it. `measured` is `None` where the value is missing.
    """

    outcome: str
    code: str
    truth: float
    measured: float | None
    tolerance: str
    within: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything a report is written from.

    Parameters
    ----------
    protocol, animals, tags, allocation
        The plan, the animals, their codes, and the opened key (`None` only where nothing was allocated).
    analyses
        One a planned outcome.
    measurements, trials, exclusions, findings, entries, rules
        As they are in the store; `entries` is the whole journal.
    pictures
        Shown by title, in the order given.
    trails, sources
        The way back from every value, and what it leads to.
    truth
        Empty in a real study.
    detectable
        Sentences about the smallest effect the design could have seen.
    families
        Pairs (name, tests): the families of outcomes that the plan names, with P before and after adjustment.
    dosing
        Sentences on what was given of what was planned.
    agreements
        How alike people, the program and repeats scored.
    files
        Pairs (path, SHA-256) of the raw files.
    protocol_sha256
        Hash of study.toml as it is now.
    statements
        Pairs (key, text): what the authors wrote for the ARRIVE checklist.
    deviations, real_doses, balance
        What was given otherwise than planned; what each animal really received; the groups before treatment.
    earlier
        One a table of earlier studies: this study's effect among theirs.
    meanings
        Pairs (id of a finding, what it means and what to do), paragraphs apart by an empty line.
    version, made_at
        The program's version, and when the report was made (ISO 8601, UTC).
    """

    protocol: Protocol
    animals: tuple[Animal, ...]
    tags: tuple[Tag, ...]
    allocation: Allocation | None
    analyses: tuple[Analysis, ...]
    measurements: tuple[Measurement, ...]
    trials: tuple[Trial, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    findings: tuple[Finding, ...] = ()
    entries: tuple[Entry, ...] = ()
    rules: tuple[RuleSet, ...] = ()
    pictures: tuple[Picture, ...] = ()
    trails: tuple[Trail, ...] = ()
    sources: tuple[TrailSource, ...] = ()
    truth: tuple[TruthRow, ...] = ()
    detectable: tuple[str, ...] = ()
    families: tuple[tuple[str, AdjustedFamily], ...] = ()
    dosing: tuple[str, ...] = ()
    agreements: tuple[AgreementSummary, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    protocol_sha256: str = ""
    statements: tuple[tuple[str, str], ...] = ()
    deviations: tuple[Deviation, ...] = ()
    real_doses: tuple[RealDose, ...] = ()
    balance: tuple[GroupBalance, ...] = ()
    earlier: tuple[EarlierStudies, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    version: str
    made_at: str

    @property
    def simulated(self) -> bool:
        """Whether its data were simulated: their truth is known, or the journal says that the key was opened for it."""
        return bool(self.truth) or any(entry.what.startswith("open the key") for entry in self.entries)

    def animal_of(self, code: str) -> str | None:
        """Return the id of the animal behind a code, or `None` where no tag has it."""
        return next((tag.animal for tag in self.tags if tag.code == code), None)

    def cell_of(self, code: str) -> tuple[str, ...] | None:
        """Return the levels of a coded animal, one a factor of the design, or `None` where it was not allocated."""
        if self.allocation is None:
            return None
        animal = self.animal_of(code)
        cells = {assignment.animal: assignment.cell for assignment in self.allocation.assignments}
        return cells.get(animal) if animal is not None else None
