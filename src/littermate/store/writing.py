"""Writing: what one transaction may add to the database. Made by `Database.writing`, and by nothing else.

Nothing is ever changed or removed: a new measurement of the same outcome and animal stands beside the old one, and
the newer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from littermate.errors import StoreError, UsageError
from littermate.model.account import Account
from littermate.model.administration import Administration
from littermate.model.allocation import Allocation, Tag
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.clip import Clip
from littermate.model.key_press import KeyPress
from littermate.model.measurement import Measurement
from littermate.model.outcome import Exclusion
from littermate.model.placement import Placement
from littermate.model.rules import RuleSet
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing
from littermate.store import rows, tables
from littermate.store.raw_files import BlotImage, PlacedBox, PlateFile, RecordingFile

__all__ = ["Writing"]


class Writing:
    """One transaction.

    Parameters
    ----------
    connection
        In a transaction.
    number
        Of the journal entry that will stand for it.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self.number = number
        self.written: list[tuple[str, dict[str, Any]]] = []

    def tags(self, tags: Iterable[Tag]) -> None:
        """Add the animals' codes."""
        self._add(tables.tag, [rows.tag_row(tag) for tag in tags])

    def trials(self, trials: Iterable[Trial]) -> None:
        """Add trials; their animals' tags must be there. Corners of a floor are a first placement."""
        trials = tuple(trials)
        self._add(tables.trial, [rows.trial_row(trial) for trial in trials])
        self.placements(
            Placement(trial=one.id, t0_s=one.t0_s, arena_px=one.arena_px, corners_px=one.corners_px)
            for one in trials
            if one.corners_px is not None
        )

    def placements(self, placements: Iterable[Placement]) -> None:
        """Add placements; each stands in place of what its trial had before."""
        self._add(tables.placement, [rows.placement_row(placement) for placement in placements])

    def recordings(self, files: Iterable[RecordingFile]) -> None:
        """Add recordings; one that is there already stays as it was first seen."""
        for file in files:
            there = select(tables.recording.c.sha256).where(tables.recording.c.sha256 == file.recording.sha256)
            if self._connection.execute(there).first() is None:
                self._add(tables.recording, [rows.recording_row(file)])

    def measurements(self, measurements: Iterable[Measurement]) -> None:
        """Add measurements; their animals' tags and their rule sets must be there at the transaction's end."""
        self._add(tables.measurement, [rows.measurement_row(measurement) for measurement in measurements])

    def bouts(self, trial_id: str, bouts: Sequence[DetectedBout | ScoredBout], *, scorer: str = "") -> None:
        """Add the whole set of bouts of one trial, by one scorer or, where `scorer` is empty, by the method.

        The set may be empty: no bout was found. It stands in place of this scorer's earlier set.

        Raises
        ------
        UsageError
            If bouts of another scorer are among them.
        """
        scorers = {bout.scorer if isinstance(bout, ScoredBout) else "" for bout in bouts} or {scorer}
        if len(scorers) > 1 or (scorer and scorers != {scorer}):
            raise UsageError(
                expected="bouts of one scorer, or of the method", found=f"{sorted(scorers)}", do="write them one by one"
            )
        (scorer,) = scorers
        self._add(tables.bout_set, [{"trial": trial_id, "scorer": scorer}])
        self._add(tables.bout, [rows.bout_row(trial_id, bout) for bout in bouts])

    def account(self, account: Account) -> None:
        """Add a person, or what has changed of one: the newest of a name counts."""
        self._add(tables.account, [rows.account_row(account)])

    def clips(self, clips: Iterable[Clip]) -> None:
        """Add showings of trials to a scorer."""
        self._add(tables.clip, [rows.clip_row(clip) for clip in clips])

    def key_presses(self, presses: Iterable[KeyPress]) -> None:
        """Add what a scorer said; a number that the clip has already is refused."""
        self._add(tables.key_press, [rows.key_press_row(press) for press in presses])

    def thresholds(self, thresholds: Thresholds) -> None:
        """Take fitted thresholds into use, in place of earlier ones of the same assay."""
        self._add(tables.thresholds, [rows.thresholds_row(thresholds)])

    def placed_boxes(self, placed: Iterable[PlacedBox]) -> None:
        """Say anew where bands are; each stands in place of what was said of its lane before."""
        self._add(tables.band_place, [rows.placed_box_row(one) for one in placed])

    def weighings(self, weighings: Iterable[Weighing]) -> None:
        """Add weights; the newest of an animal and day counts."""
        self._add(tables.weighing, [rows.weighing_row(one) for one in weighings])

    def administrations(self, administrations: Iterable[Administration]) -> None:
        """Add what was given; the newest of an animal and injection counts."""
        self._add(tables.administration, [rows.administration_row(one) for one in administrations])

    def exclusion(self, exclusion: Exclusion) -> None:
        """Add an exclusion."""
        self._add(tables.exclusion, [rows.exclusion_row(exclusion)])

    def allocation(self, allocation: Allocation) -> None:
        """Add the opened allocation; once.

        Raises
        ------
        StoreError
            If it is there already.
        """
        if self._connection.execute(select(tables.allocation.c.number)).first() is not None:
            raise StoreError(
                expected="a study that is still blind", found="an opened allocation", do="nothing: it is done"
            )
        self._add(tables.allocation, [rows.allocation_row(allocation)])

    def blot_images(self, images: Iterable[BlotImage]) -> None:
        """Register blot images."""
        self._add(tables.blot_image, [rows.blot_image_row(image) for image in images])

    def plate_files(self, files: Iterable[PlateFile]) -> None:
        """Register plate-reader files."""
        self._add(tables.plate_file, [rows.plate_file_row(file) for file in files])

    def rules(self, rules: RuleSet) -> None:
        """Add a rule set, where it is not there yet."""
        there = select(tables.rule_set.c.hash).where(tables.rule_set.c.hash == rules.hash)
        if self._connection.execute(there).first() is None:
            self._add(tables.rule_set, [rows.rules_row(rules)])

    def _add(self, table: Table, new: Sequence[Mapping[str, Any]]) -> None:
        if not new:
            return
        self._connection.execute(insert(table), [{**row, "entry": self.number} for row in new])
        self.written += [(table.name, dict(row)) for row in new]
