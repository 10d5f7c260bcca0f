"""Walk: the class `Study`, a study walked through its stages. It only delegates, in the order of the work."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from littermate.errors import Complaint, ProtocolError, StageError
from littermate.formats.analysis_export import write_export
from littermate.model.administration import Administration
from littermate.model.allocation import Allocation, Tag
from littermate.model.analysis import Analysis
from littermate.model.balance import ColumnBalance, ExpectedBalance
from littermate.model.deviation import Deviation
from littermate.model.finding import Finding
from littermate.model.injection import Injection
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.placement import Box, Corners
from littermate.model.plan import Plan
from littermate.model.protocol import Protocol
from littermate.model.real_dose import RealDose
from littermate.model.stated_plan import journal_words
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing
from littermate.report.content import TruthRow
from littermate.report.print import can_print, print_page
from littermate.report.write import write_report
from littermate.run.beside import beside
from littermate.run.progress import Progress, silent
from littermate.single.trial import assay_kinds
from littermate.store.animals_file import read_animals
from littermate.store.database import open_database
from littermate.store.folder import StudyFolder, find_study
from littermate.store.folder import create_study as create_folder
from littermate.store.journal import verify
from littermate.store.protocol_file import read_protocol
from littermate.study import (
    analysing,
    blotting,
    dosing,
    excluding,
    hand_measures,
    intake,
    placing,
    plating,
    scoring,
    sealing,
)
from littermate.study.by_hand import ByHand

__all__ = ["Study", "create_study", "open_study"]


def create_study(path: str | Path, *, template: str = "ketamine-magnesium") -> Study:
    """Make a study folder with a protocol to be edited.

    Parameters
    ----------
    path
        The new folder; it must not exist, or be empty.
    template
        Name of the protocol: ``"ketamine-magnesium"`` or ``"ketamine-diet"``.

    Raises
    ------
    StoreError
        If there is something in the folder.
    UsageError
        If there is no such template.
    """
    folder = create_folder(path, template)
    study = open_study(folder.root)
    study.note("new", {"template": template})
    return study


def open_study(
    path: str | Path,
    *,
    who: str | None = None,
    passphrase: str | None = None,
    progress: Progress = silent,
    pooled: bool = False,
) -> Study:
    """Open a study folder.

    Parameters
    ----------
    path
        The folder with study.toml.
    who
        Name for the journal; the user's login name by default.
    passphrase
        Of the sealed allocation; see docs/architecture.md for where it is looked for otherwise.
    progress
        Called while long work goes on.
    pooled
        Keep connections to the database open, for a program that runs for long (the web app).

    Raises
    ------
    StoreError
        If this is no study folder, or one made by a newer version.
    ProtocolError
        If study.toml or animals.csv has faults; all of them at once, with their lines.
    """
    folder = find_study(path)
    protocol = _read_what_people_wrote(folder)
    database = open_database(folder, protocol.database, pooled=pooled)
    return Study(folder, protocol, database, who=who or getpass.getuser(), passphrase=passphrase, progress=progress)


def _read_what_people_wrote(folder: StudyFolder) -> Protocol:
    """Read the protocol; faults of it, of its assays and of the animals' table are told together."""
    complaints: list[Complaint] = []
    protocol = None
    try:
        protocol = read_protocol(folder.protocol_path, kinds=assay_kinds())
        scoring.require_assays(protocol)
        hand_measures.require_hand_measures(protocol)
    except ProtocolError as fault:
        complaints.extend(fault.complaints)
    try:
        read_animals(folder.animals_path)
    except ProtocolError as fault:
        complaints.extend(fault.complaints)
    if complaints or protocol is None:
        raise ProtocolError.of(complaints)
    return protocol


class Study(ByHand):
    """A study; made by `open_study` or `create_study`.

    Examples
    --------
    >>> import tempfile
    >>> study = create_study(Path(tempfile.mkdtemp()) / "pilot")
    >>> study.protocol.design.n_total
    32
    >>> study.stage
    'planned'
    """

    kept_passphrase: Path | None = None
    """Where the passphrase is kept that `allocate` made up, if it had to."""
    balance: tuple[ColumnBalance, ...] = ()
    """How even the groups are that `allocate` drew, for the custodian; without a group or an animal."""

    def what_it_can_find(self) -> tuple[str, ...]:
        """Say which effects a study of this size finds, while it can still be changed; nothing for one a group."""
        return analysing.what_it_can_find(self.protocol.design)

    def allocate(self, *, seed: int | None = None) -> tuple[Tag, ...]:
        """Allocate the animals to groups, seal the key, and give out codes.

        Parameters
        ----------
        seed
            Reproduces the allocation, and is therefore as secret as the key; drawn at random where it is left out.

        Returns
        -------
        tuple of Tag
            What the bench may know: codes, vials, sides. Not the groups.

        Raises
        ------
        StageError
            If the study is already allocated.
        ProtocolError
            If the animals cannot fill the design.
        """
        sealed = sealing.allocate_groups(self, seed)
        self.kept_passphrase, self.balance = sealed.kept_passphrase, sealed.balance
        return sealed.tags

    def expect_balance(self) -> tuple[ExpectedBalance, ...]:
        """Say how even the scheme makes the groups, in 1,000 draws of which none is kept: to choose a scheme by.

        Raises
        ------
        StageError
            If the study is already allocated.
        ProtocolError
            If the animals cannot fill the design.
        """
        return sealing.expect_balance(self)

    def preview_balance(self, *, seed: int) -> tuple[ColumnBalance, ...]:
        """Look at the balance of a seed's groups before they are sealed, without a group or an animal.

        Nothing of the draw is kept; each look is counted in the journal.

        Raises
        ------
        StageError
            If the study is already allocated.
        ProtocolError
            If the animals cannot fill the design.
        """
        return sealing.preview_balance(self, seed)

    def vial_key(self) -> Path:
        """Write what is in each vial and how to make it, for the custodian alone; return the path of the first.

        ``preparation.csv`` stands beside it: each level's solution, with what to weigh for all its vials.

        Raises
        ------
        SealError
            If the key cannot be opened.
        """
        return sealing.write_vial_key(self)

    def start(self, at: datetime, *, animals: Sequence[str] = ()) -> None:
        """Say when the first day began, by the clock on the wall: of all animals, or of some (a later batch).

        Said again, the newer one counts.

        Raises
        ------
        UsageError
            If an animal is unknown.
        """
        dosing.start(self, at, animals)

    def weigh(self, said: str | Path | Mapping[str, str], *, because: str = "") -> tuple[Weighing, ...]:
        """Keep weights, and return those that are new.

        Parameters
        ----------
        said
            A table, absolute or within the study folder (see `littermate.store.bench_tables`), or one row of it.
        because
            Why a weight that is known is corrected; both stay in the record.

        Raises
        ------
        TableError, UsageError
            If an animal is unknown or twice on a day, a weight or a day cannot be meant, or a correction has no reason.
        """
        return dosing.weigh(self, said, because=because)

    def write_sheets(self, *, day: int | None = None) -> tuple[Path, ...]:
        """Write the injection sheet, as CSV and to print, and the cage cards; return their paths.

        They name no drug and no group. `day` of the study, from 1, or all days.

        Raises
        ------
        StageError
            If the study is not allocated.
        UsageError
            If there is no injection on that day.
        """
        return dosing.write_sheets(self, day)

    def give(self, said: str | Path | Mapping[str, str], *, because: str = "") -> tuple[Administration, ...]:
        """Keep what was really given, and return what is new.

        Parameters
        ----------
        said
            A filled-in injection sheet, found and read as in `weigh`, or one row of it.
        because
            Why something that is known is corrected; both stay in the record.

        Raises
        ------
        TableError, UsageError
            If an animal, injection or vial is unknown, one stands twice, a time or a volume cannot be meant, or a
            correction has no reason.
        """
        return dosing.give(self, said, because=because)

    @property
    def injections(self) -> tuple[Injection, ...]:
        """Every injection as planned, its volume by the newest weight that is not after the day."""
        return dosing.injections_of(self)

    @property
    def administrations(self) -> tuple[Administration, ...]:
        """What was given, as it was said last."""
        return self.database.administrations()

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """How what was given differs from what was planned."""
        return dosing.deviations_of(self, self.injections)

    def real_doses(self) -> tuple[RealDose, ...]:
        """Return what every injection of the log brought, in mg/kg, by the vial that was really used.

        Raises
        ------
        StageError
            If the study is still blind.
        """
        return dosing.doses_received(self)

    def add_recordings(self, path: str | Path, *, assay: str) -> tuple[Trial, ...]:
        """Register the recordings of an assay: read each once, refuse what cannot be trusted, give each a trial.

        Parameters
        ----------
        path
            A folder (or one file), absolute or within the study folder. A sub-folder with the assay's name is
            preferred where there is one. See `littermate.store.manifests` for how a file's animal is told.
        assay
            Name of the assay in study.toml.

        Raises
        ------
        VideoError
            If a recording cannot be read to its end; all bad ones are named, and none is registered.
        """
        return intake.add_recordings(self, path, assay=assay)

    def place(
        self, trial: str, *, t0_s: float | None = None, arena_px: Box | None = None, corners_px: Corners | None = None
    ) -> Trial:
        """Say when a trial starts in its recording, or where its arena is; what is left out stays as it was.

        A box takes the place of corners, and corners that of a box. What was said before is kept in the
        journal. The trial is scored anew by the next `score`.

        Raises
        ------
        UsageError
            If there is no such trial, or nothing is said.
        DataError
            If the start or the arena cannot be meant: outside the recording, corners that do not go round, a box
            where the assay is analysed by corners.
        """
        return placing.place(self, trial, t0_s=t0_s, arena_px=arena_px, corners_px=corners_px)

    def add_blots(self, path: str | Path = "blots") -> int:
        """Register the blot images that lanes.csv in a folder lists; return how many are new."""
        return intake.add_blots(self, path)

    def add_plates(self, path: str | Path = "plates") -> int:
        """Register the plate-reader files that plates.csv in a folder lists; return how many are new."""
        return intake.add_plates(self, path)

    def score(self, assay: str, *, workers: int | None = None) -> tuple[Measurement, ...]:
        """Score every trial of an assay that has no measurement of this file under these rules, on all cores.

        Each trial is saved as it is done: whoever stops the work loses only what is under way. Outcomes that a person
        scores get what people have scored so far; see `littermate.study.hand_measures`.

        Raises
        ------
        StageError
            If the study is locked, or has no recordings of this assay.
        """
        read = scoring.score(self, assay, workers=workers)
        return (*read, *hand_measures.keep_hand_measures(self, assay))

    def quantify(self, target: str, *, relative_to: str) -> tuple[Measurement, ...]:
        """Measure a target on every blot, relative to its loading control on the same lane.

        Images in the study's blots folder that were not registered yet are registered first.

        Raises
        ------
        StageError
            If there is no blot of this target, or one without its loading control.
        """
        return blotting.quantify(self, target, relative_to=relative_to)

    def read_plates(self) -> tuple[Measurement, ...]:
        """Quantify every plate: protein (BCA) with its loading table, concentrations and percent recovery (ELISA).

        Plates in the study's plates folder that were not registered yet are registered first.

        Raises
        ------
        StageError
            If there are no plates.
        """
        return plating.read_plates(self)

    def exclude(self, animal_or_code: str, *, because: str = "", outcome: str = "", rule: str = "") -> Exclusion:
        """Leave an animal out, of one outcome or of all, with a reason; only before the study is locked.

        `rule` names one of the protocol's exclusion rules, which makes it a planned exclusion; so does `because` where
        it is a rule's name. With a rule, `because` may tell more.

        Raises
        ------
        StageError
            If the study is locked.
        UsageError
            If there is no such animal, outcome or rule, no reason, or the animal is left out already.
        """
        return excluding.exclude(self, animal_or_code, because=because, outcome=outcome, rule=rule)

    def check(self, *, analysed: bool = False) -> tuple[Finding, ...]:
        """Run every rule of good practice; the most important findings first.

        Parameters
        ----------
        analysed
            Whether the planned analyses are done and looked at as well, once the study is unblinded.
        """
        return analysing.find_faults(self, analysing.analyse_if_possible(self) if analysed else ())

    def lock(self) -> None:
        """Close the data: nothing can be added, scored or excluded any more.

        Raises
        ------
        StageError
            If the study is not allocated, already locked, or has no measurement.
        """
        self.require_open("lock")
        self.verify()
        measurements = self.measurements
        if all(measurement.value is None for measurement in measurements):
            raise StageError(expected="measurements", found="none", do="score and quantify first")
        missing = sum(measurement.value is None for measurement in measurements)
        excluded = len(self.database.exclusions())
        counts = {"measurements": len(measurements), "missing": missing, "excluded": excluded}
        self.note("lock", counts | {"digest": analysing.digest(measurements)})

    def unblind(self, *, because: str) -> Allocation:
        """Join the codes with the groups: once, after `lock`, with a reason.

        Raises
        ------
        StageError
            If the study is not locked, or is unblinded already.
        SealError
            If the passphrase is wrong, or the seal was changed.
        """
        self.verify()
        return sealing.open_once(self, because)

    def fit(self) -> tuple[Analysis, ...]:
        """Fit every planned analysis.

        Raises
        ------
        StageError
            If the study is still blind.
        AnalysisError
            If the data cannot answer a planned model.
        """
        self.verify()
        analyses = analysing.analyse(self)
        outcomes = [analysis.plan.outcome for analysis in analyses]
        self.note("fit", {"outcomes": outcomes, "plans": journal_words(self.protocol)})
        return analyses

    def fit_values(self, plan: Plan, values: Mapping[str, float | None]) -> Analysis:
        """Fit a plan to other values of the same animals: a simulated study's truth, a second scorer.

        Blocks are those of the measurements.
        """
        blocks = {one.code: one.block for one in self.measurements if one.outcome == plan.outcome}
        return analysing.analyse_values(self, plan, values, blocks)

    def export(self, program: str, folder: str | Path | None = None) -> tuple[Path, ...]:
        """Write the data of every planned analysis with a script that repeats it in another program.

        Parameters
        ----------
        program
            ``"r"``, ``"spss"``, ``"prism"`` or ``"jasp"``.
        folder
            Where to; ``export/PROGRAM`` in the study folder where it is left out.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        StageError
            If the study is still blind.
        UsageError
            If there is no such program.
        """
        self.verify()
        analyses = analysing.analyse(self, beside=False)
        files = write_export(analyses, program, folder or self.folder.root / "export" / program)
        words = {"to": program, "files": [file.name for file in files], "plans": journal_words(self.protocol)}
        self.note("export", words)
        return files

    def report(self, *, truth: Sequence[TruthRow] = (), pdf: bool = False, width: str | None = None) -> Path:
        """Write report/report.html with its figures and tables, and return its path.

        Parameters
        ----------
        truth
            Of a simulated study: what was planted beside what was measured.
        pdf
            Whether report.pdf is printed from it, by WeasyPrint.
        width
            Of the figures: ``"single"`` (89 mm) or ``"double"`` (183 mm); chosen by content where it is not given.

        Raises
        ------
        StageError
            If the study is still blind.
        UsageError
            If a PDF is wanted and WeasyPrint is not installed (nothing is written), or there is no such width.
        """
        if pdf:
            can_print()
        self.verify()
        with beside("littermate.report.figures") as hand_over:
            analyses = analysing.analyse(self)
            self.note("report", {"plans": journal_words(self.protocol)})
            content = analysing.report_content(self, analyses, truth)
            page = write_report(self.folder.report, content, width=width, hand_over=hand_over)
        if pdf:
            print_page(page)
        return page

    def verify(self) -> None:
        """Check the journal's chain from its first entry to its last.

        Raises
        ------
        StoreError
            Naming the first broken entry.
        """
        verify(self.database)

    def cells_for_simulation(self) -> dict[str, dict[str, str]]:
        """Return each code's levels, to plant effects in simulated files; refused once a real file has come in.

        Raises
        ------
        StageError
            If the study holds recordings, blots or plates.
        """
        if self.trials or self.database.blot_images() or self.database.plate_files():
            raise StageError(
                expected="a study without any file", found="files", do="simulate into a new study folder only"
            )
        key = sealing.open_key(self)
        self.note("open the key for simulation", {})
        return {tag.code: dict(zip(key.factors, key.cell_of(tag.animal), strict=True)) for tag in self.tags}
