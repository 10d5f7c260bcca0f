"""ByHand: what people do in a study with their own eyes: sign in, watch, score, correct. It only delegates.

`acting_as` gives the same study to another person: what is done through it stands under their name in the journal.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from matplotlib.figure import Figure

from littermate.assays.hand_states import Choice
from littermate.model.account import Account
from littermate.model.bout import Behaviour
from littermate.model.clip import Clip
from littermate.model.hand_score import HandScore
from littermate.model.journal import Entry
from littermate.model.key_press import DONE, UNDO, KeyPress, standing
from littermate.model.measurement import Measurement
from littermate.model.outline import Outline
from littermate.model.placement import Box, Corners
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.planning.queue import QueuePlan
from littermate.run.progress import Progress, silent
from littermate.single.blot import BlotPicture
from littermate.single.picture import as_png
from littermate.store.passphrase import session_secret
from littermate.study import (
    agreeing,
    blot_views,
    blotting,
    calibrating,
    consensus,
    disagreeing,
    hand_measures,
    hand_scoring,
    hand_table,
    people,
    placing,
    playing,
    review_views,
    reviewing,
    scenes,
)
from littermate.study.record import StudyRecord

__all__ = ["ByHand"]


class ByHand(StudyRecord):
    """The part of `Study` that is done by hand."""

    def acting_as(self, who: str) -> Self:
        """Return this study for another person to act on."""
        theirs = copy.copy(self)
        theirs.who = who
        return theirs

    def with_passphrase(self, passphrase: str | None) -> Self:
        """Return this study with a passphrase that was given; with that of its custodian where none was."""
        theirs = copy.copy(self)
        theirs.passphrase = passphrase or self.passphrase
        return theirs

    def last_entries(self, most: int) -> tuple[Entry, ...]:
        """Return the newest entries of the journal, the last one first."""
        return self.database.last_entries(most)

    def session_secret(self) -> str:
        """Return what signs the sessions of this study's web app; kept for this user, outside the study."""
        return session_secret(self.database.study_id)

    @property
    def neutral_name(self) -> str:
        """A name for those who must not read the title, which may name a drug, as may the folder's name."""
        return people.neutral_name(self)

    def without_file_names(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return texts without paths, names and hashes of raw files: a name can say what a scorer must not know."""
        return people.without_file_names(self, texts)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The people who may sign in, or once could."""
        return self.database.accounts()

    def account(self, name: str) -> Account | None:
        """Return a person by name."""
        return self.database.account(name)

    def add_account(self, name: str, *, role: str, password: str) -> Account:
        """Add a person who may sign in to the study's web app.

        Parameters
        ----------
        name
            As it will stand in the journal and beside every score.
        role
            ``"custodian"``, ``"scorer"`` or ``"viewer"``; see `littermate.model.account`.
        password
            Ten characters or more; only its Argon2 hash is kept.

        Raises
        ------
        UsageError
            If somebody has that name, there is no such role, or the password is too short.
        """
        return people.add_account(self, name, role=role, password=password)

    def set_password(self, name: str, password: str) -> Account:
        """Give a person a new password; every session under the old one ends."""
        return people.set_password(self, name, password)

    def close_account(self, name: str) -> Account:
        """Let a person sign in no more; what they did stays.

        Raises
        ------
        StageError
            If it is the only custodian.
        """
        return people.close_account(self, name)

    def sign_in(self, name: str, password: str) -> Account | None:
        """Return the person, if the password is theirs."""
        return people.sign_in(self, name, password)

    def behaviours(self, assay: str) -> tuple[Behaviour, ...]:
        """Return the behaviours that a person scores in an assay; empty where there are none."""
        return hand_scoring.behaviours_of(self, assay)

    def give_clips(
        self, scorer: str, *, assay: str, plan: QueuePlan | None = None, seed: int | None = None
    ) -> tuple[Clip, ...]:
        """Give a scorer the trials of an assay to score, in a random order of their own, some of them twice.

        Parameters
        ----------
        scorer
            The person's name.
        assay
            Name of the assay in study.toml.
        plan
            Which share of the trials, how many of them come back, how many practice clips come first.
        seed
            Of share, order and repeats; drawn at random where it is left out, and kept in the journal.

        Raises
        ------
        StageError
            If the study is locked, or has no trial of the assay that this scorer was not given yet.
        """
        return hand_scoring.give_clips(self, scorer, assay=assay, plan=plan or QueuePlan(), seed=seed)

    def clips(self, *, scorer: str | None = None, assay: str | None = None) -> tuple[Clip, ...]:
        """Return the clips that were given out, by scorer and in their order."""
        return self.database.clips(scorer=scorer, assay=assay)

    def clips_done(self) -> frozenset[str]:
        """Return the codes of the clips that are finished."""
        presses = self.database.all_key_presses(DONE, UNDO)
        return frozenset(clip for clip, said in presses.items() if any(one.action == DONE for one in standing(said)))

    def clips_begun(self) -> frozenset[str]:
        """Return the codes of the clips that somebody pressed a key for."""
        return self.database.clips_with_presses()

    def own_clip(self, clip_id: str) -> Clip:
        """Return a clip of the person who asks.

        Raises
        ------
        UsageError
            If there is none of that code, or it is somebody else's.
        """
        return hand_scoring.own_clip(self, clip_id)

    def trial_of(self, clip: Clip) -> Trial:
        """Return the trial that a clip shows, as it is placed now."""
        return hand_scoring.trial_of(self, clip)

    def key_presses(self, clip_id: str) -> tuple[KeyPress, ...]:
        """Return everything that was said about a clip, in its order."""
        return self.database.key_presses(clip_id)

    def press(self, press: KeyPress) -> tuple[KeyPress, ...]:
        """Save one key press of one's own clip, at the frame that was on screen.

        The press that finishes a clip also writes the measurements of outcomes that a person scores.

        Returns
        -------
        tuple of KeyPress
            All presses of the clip, this one among them. The same press sent again is not saved again.

        Raises
        ------
        UsageError
            If the clip is not this person's.
        StageError
            If the study is locked.
        DataError
            If the press does not fit: not the next number, no such behaviour, a time outside the window.
        """
        return hand_measures.press(self, press)

    def hand_scores(self, assay: str) -> tuple[HandScore, ...]:
        """Return every clip of an assay that was begun, as it was scored, on the trial clock."""
        return hand_scoring.hand_scores(self, assay)

    def start_review(self, trial: str) -> Clip:
        """Open the bouts that the program detected in a trial for correction; what it found stays as it is.

        Returns
        -------
        Clip
            Of kind ``"review"``, to be corrected by `press` as any other. Where this person has one of these bouts
            already, that one.

        Raises
        ------
        StageError
            If the study is locked, the trial was not scored where it is placed now, or its assay has no outcome that a
            person's bouts give.
        UsageError
            If there is no such trial.
        """
        return reviewing.start_review(self, trial)

    def can_be_reviewed(self, trial: str) -> bool:
        """Whether a trial's assay has an outcome that a person's corrected bouts give."""
        return reviewing.can_be_reviewed(self, placing.trial_named(self, trial))

    def open_review(self, trial: str) -> Clip | None:
        """Return this person's review of a trial as it is scored now, done or not; nothing where there is none.

        Raises
        ------
        UsageError
            If there is no such trial.
        """
        return reviewing.open_review(self, placing.trial_named(self, trial))

    def back_to_automatic(self, trial: str) -> tuple[Measurement, ...]:
        """Let what the method measured in a corrected trial count again: as new measurements with the old values.

        Raises
        ------
        StageError
            If the study is locked, or nobody corrected the trial.
        UsageError
            If there is no such trial.
        """
        return reviewing.back_to_automatic(self, trial)

    def reviewed_trials(self) -> tuple[review_views.ReviewedTrial, ...]:
        """Return every trial with the value of its assay's first outcome, the doubts about it, and who corrected it."""
        return review_views.reviewed_trials(self)

    def trace_kind(self, trial: str) -> str:
        """Return ``"motion"`` or ``"track"``: what a trial was scored from; empty where it was not scored yet."""
        return review_views.trace_kind(self, trial)

    def motion_view(self, trial: str) -> review_views.MotionView:
        """Return a trial's motion with thresholds, detected and corrected bouts.

        Raises
        ------
        StageError
            If the trial has no motion trace.
        UsageError
            If there is no such trial.
        """
        return review_views.motion_view(self, trial)

    def track_view(self, trial: str) -> review_views.TrackView:
        """Return a trial's path, its floor with grid or zones as analysed, and where the time was spent.

        Raises
        ------
        StageError
            If the trial has no path.
        UsageError
            If there is no such trial.
        """
        return review_views.track_view(self, trial)

    def blot_names(self) -> tuple[blot_views.BlotName, ...]:
        """Return every blot image by what is on it, under an opaque id."""
        return blot_views.blot_names(self)

    def blot_view(self, image: str) -> blot_views.BlotView:
        """Return a blot image's lanes, boxes and flags, and the ratios with and without what people placed.

        Parameters
        ----------
        image
            Its opaque id, of `blot_names`.

        Raises
        ------
        StageError
            If it is part of no pair.
        UsageError
            If there is no such image.
        """
        return blot_views.blot_view(self, image)

    def blot_name(self, image: str) -> blot_views.BlotName:
        """Return what a blot image is called, by its id.

        Raises
        ------
        UsageError
            If there is none.
        """
        return blot_views.blot_name(self, image)

    def blot_picture(self, image: str) -> BlotPicture:
        """Return a blot image to look at: grey, and without anything but its pixels.

        Raises
        ------
        UsageError
            If there is no such image.
        """
        return blot_views.picture_of(self, image)

    def place_bands(self, image: str, places: Mapping[int, Box | None]) -> tuple[Measurement, ...]:
        """Say where the bands of some lanes are, and measure anew every pair that the image is part of.

        Parameters
        ----------
        image
            Its opaque id, of `blot_names`.
        places
            Boxes ``(left, top, width, height)`` in px of the image by lane; nothing for "as the program finds it".
            Lanes that are not named stay as they were said before; boxes that overlap are best said together.

        Raises
        ------
        StageError
            If the study is locked.
        DataError
            If the boxes cannot be measured; nothing is written then.
        UsageError
            If there is no such image or lane.
        """
        return blotting.place_bands(self, image, places)

    def playable(self, trial: Trial) -> playing.PlayableCopy | None:
        """Return the copy of a trial's recording that a browser can play; nothing where it is not made yet."""
        return playing.playable(self, trial)

    def prepare_playable(self, trial: Trial, progress: Progress = silent) -> playing.PlayableCopy:
        """Make the copy of a trial's recording that a browser can play, where it is not there yet.

        Raises
        ------
        VideoError
            If the recording cannot be read any more.
        """
        return playing.prepare_playable(self, trial, progress)

    def trial(self, trial_id: str) -> Trial:
        """Return a trial by its id, as it is placed now.

        Raises
        ------
        UsageError
            If there is none.
        """
        return placing.trial_named(self, trial_id)

    def recording_of(self, trial: Trial) -> Recording | None:
        """Return what a trial's recording was found to be; nothing in studies that did not keep that."""
        return placing.recording_of(self, trial)

    def placed_trials(self, assay: str | None = None) -> tuple[placing.PlacedTrial, ...]:
        """Return every trial (of an assay) as it is placed now, by its id, and whether it is scored."""
        return placing.placed_trials(self, assay)

    def placed_trial(self, trial: Trial) -> placing.PlacedTrial:
        """Return one trial as it is placed now, and whether it is scored."""
        return placing.placed_trial(self, trial)

    def scene_of(self, trial: Trial) -> scenes.SceneRecord | None:
        """Return the still picture of a trial's recording, and what is proposed; nothing where it is not read yet."""
        return scenes.scene_of(self, trial)

    def prepare_scene(self, trial: Trial, progress: Progress = silent) -> scenes.SceneRecord:
        """Read the scene of a trial's recording, where it is not there yet.

        Raises
        ------
        VideoError
            If the recording cannot be read any more.
        """
        return scenes.prepare_scene(self, trial, progress)

    def place_outlines(
        self, trial: Trial, *, arena_px: Box | None = None, corners_px: Corners | None = None
    ) -> tuple[Outline, ...]:
        """Return the lines that an analysis would have with this arena: walls, grid, box; nothing is placed.

        Raises
        ------
        DataError
            If the arena cannot be meant, as `place` would say.
        """
        return placing.place_outlines(self, trial, arena_px=arena_px, corners_px=corners_px)

    def similar_trials(self, trial: Trial) -> tuple[placing.SimilarTrial, ...]:
        """Return the trials of the same assay, on other recordings of the same scene, of those whose scene is read.

        Of recordings that hold several trials, those whose arena lies in the same place of the picture.
        """
        return placing.similar_trials(self, trial)

    def copy_placement(self, trial: Trial, to: Sequence[str]) -> tuple[Trial, ...]:
        """Take a trial's arena (not its start) over to similar trials, shifted where the camera stood elsewhere.

        Each is a placement of its own, in the journal with where it came from; all are looked at before one is written.

        Raises
        ------
        UsageError
            If the trial has no arena, or one of the others does not show the same scene.
        DataError
            If the shifted arena lies outside a picture.
        """
        return placing.copy_placement(self, trial, to)

    def analysed_trial(self, trial: Trial) -> placing.AnalysedTrial | None:
        """Return a trial's stored trace with the place it was made with; nothing where it was never scored.

        Raises
        ------
        FileError
            If the trace is damaged.
        """
        return placing.analysed_trial(self, trial)

    def queue_done(self, assay: str) -> bool:
        """Whether this person was given clips of an assay and finished all: only then may they see others' scores."""
        return agreeing.queue_done(self, assay)

    def comparisons(self, assay: str) -> tuple[agreeing.Comparison, ...]:
        """Return which sides of an assay can be compared: scorers, the program, their consensus, a scorer's repeats."""
        return agreeing.comparisons(self, assay)

    def agreement(self, assay: str, first: str, second: str, behaviour: str = "") -> agreeing.ScorerAgreement:
        """Compare two scorings of an assay: ICC, Bland-Altman, kappa, bouts.

        Parameters
        ----------
        assay
            Name of the assay in study.toml.
        first, second
            Names of scorers, ``"program"`` or ``"consensus"``; differences are second minus first. The same name twice
            is that person's repeats.
        behaviour
            The one that is compared with everything else; the ethogram's first that both score, where it is left out.

        Raises
        ------
        StageError
            If there is no trial that both scored.
        UsageError
            If the behaviour is none that both score.
        """
        return agreeing.agreement(self, assay, first, second, behaviour)

    def repeatability(self, assay: str, scorer: str, behaviour: str = "") -> agreeing.ScorerAgreement:
        """Compare a scorer's unannounced repeats with their first scorings: within-scorer error, and drift.

        Raises
        ------
        StageError
            If none of this scorer's trials came back yet.
        """
        return agreeing.agreement(self, assay, scorer, scorer, behaviour)

    def agreement_rows(self, result: agreeing.ScorerAgreement) -> tuple[agreeing.MeasureRow, ...]:
        """Return the figures of an agreement with their names and intervals, in the order in which they are read."""
        return agreeing.rows_of(result)

    def hand_rules(self, assay: str) -> RuleSet:
        """Return what a person scores an assay by, in words and numbers."""
        return hand_measures.hand_rules(self, assay)

    def write_hand_scores(self, assay: str, path: str | Path, scorer: str = "") -> int:
        """Write finished hand scores as a CSV file, one row a bout, without the names of files; return how many clips.

        Raises
        ------
        StageError
            If nothing is finished.
        """
        return hand_table.write_hand_scores(self, assay, path, scorer)

    def agreement_figure(self, result: agreeing.ScorerAgreement) -> Figure:
        """Draw both sides' totals against each other, and their difference against their mean."""
        return agreeing.picture_of_agreement(result)

    def disagreements(self, trial: str, first: str, second: str) -> disagreeing.SideBySide:
        """Put two scorings of a trial side by side, with every stretch in which they differ.

        Raises
        ------
        UsageError
            If there is no such trial.
        StageError
            If one of the two did not finish it.
        """
        return disagreeing.side_by_side(self, trial, first, second)

    def settle(self, trial: str, first: str, second: str, choices: Sequence[Choice]) -> consensus.Consensus:
        """Record two scorers' consensus of a trial: what they say alike, and a choice for every disagreement.

        Parameters
        ----------
        trial
            Its id.
        first, second
            The scorers; where a disagreement is too short to be asked about, the first one's bouts stand.
        choices
            One a disagreement, on the trial clock.

        Raises
        ------
        StageError
            If the study is locked, or one of the two did not finish the trial.
        DataError
            If a disagreement has no choice, or a choice is for none.
        """
        return disagreeing.settle(self, trial, first, second, choices)

    def can_be_calibrated(self, assay: str) -> bool:
        """Return whether an assay has thresholds that can be fitted to hand scores."""
        return calibrating.can_be_calibrated(self, assay)

    def scorers_of(self, assay: str) -> tuple[tuple[str, int], ...]:
        """Return who has finished trials of an assay and how many, the one with the most first."""
        return calibrating.scorers_of(self, assay)

    def calibrate_assay(self, assay: str, scorer: str, progress: Progress = silent) -> calibrating.AssayCalibration:
        """Fit an assay's thresholds to a person's blinded scores, validated leaving one animal out.

        Raises
        ------
        UsageError
            If the assay has no thresholds that can be fitted.
        StageError
            If this person has finished no trial of it.
        DataError
            If fewer than three animals can be used, or the scores have no variety.
        """
        return calibrating.calibrate_assay(self, assay, scorer, progress)

    def adopt_calibration(self, found: calibrating.AssayCalibration) -> Thresholds:
        """Take fitted thresholds into use; the next `score` scores every trial of the assay under them.

        Raises
        ------
        StageError
            If they are not calibrated, or the study is locked.
        """
        return calibrating.adopt_calibration(self, found)

    def calibration_figure(self, found: calibrating.AssayCalibration) -> Figure:
        """Draw ROC, held-out agreement and the thresholds without each animal."""
        return calibrating.figure_of(found)

    def thresholds(self, assay: str) -> Thresholds | None:
        """Return the fitted thresholds of an assay that are in use, nothing where its own rules are."""
        return self.database.thresholds(assay)

    def as_png(self, figure: Figure) -> bytes:
        """Return a figure as the bytes of a PNG file, fine enough for a screen of high density."""
        return as_png(figure, dpi=220)
