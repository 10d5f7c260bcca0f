"""Agreeing: how alike two scorings of an assay's trials are: two people, a person and the program, one person twice.

Compared are finished clips, each trial where both sides could see the animal. `PROGRAM` is what was detected since the
trial was last placed, where its trace shows the animal; `CONSENSUS` is what two people settled. A pair of one name with
itself is that person's first scorings and unannounced repeats. Animals go by their codes, trials by their ids.

The program may know fewer behaviours than people do (immobile and nothing else): then only those that both score are
compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.figure import Figure

from littermate.assays import repeatability as repeats
from littermate.assays.agreement import Agreement, PairedScores, state_kappa
from littermate.assays.agreement import agreement as agreement_of
from littermate.assays.hand_states import CONSENSUS, seen_by_both
from littermate.assays.repeatability import Drift, RepeatError
from littermate.assays.threshold_fit import CalibrationTrial, common_time
from littermate.checks.facts import HandScored, Repeats, ScoredClip
from littermate.errors import FileError, StageError, UsageError
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.clip import PRACTICE, REPEAT, SCORE
from littermate.model.hand_score import HandScore
from littermate.model.scorer_agreement import AgreementSummary, MeasureRow
from littermate.report.agreement_figure import AgreementPicture, draw_agreement
from littermate.store.tracks import read_motion
from littermate.study.consensus import consensus_scores, done_scores
from littermate.study.hand_scoring import behaviours_of, hand_scores
from littermate.study.record import StudyRecord

__all__ = [
    "PROGRAM",
    "Comparison",
    "MeasureRow",
    "ScorerAgreement",
    "Scoring",
    "agreement",
    "agreements_of",
    "comparisons",
    "hand_scored",
    "name_of_side",
    "only",
    "picture_of_agreement",
    "queue_done",
    "scored_clips",
    "repeats_of",
    "rows_of",
    "scoring_of",
    "shared_behaviours",
]

PROGRAM = "program"
_POINTS = "points of % time"

Span = tuple[float, float]
Bouts = tuple[DetectedBout, ...] | tuple[ScoredBout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """One trial as one side sees it, on the trial clock."""

    trial: str
    code: str
    bouts: Bouts
    seen_s: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides that can be compared: on how many trials, and in which behaviours; of one name, its repeats."""

    first: str
    second: str
    trials: int
    behaviours: tuple[str, ...]

    @property
    def repeats(self) -> bool:
        """Whether it is one person twice."""
        return self.first == self.second


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorerAgreement:
    """How two sides agree on one behaviour of an assay.

    Parameters
    ----------
    assay, behaviour
        What was compared.
    first, second
        The sides; differences are second minus first.
    behaviours
        All that both score.
    agreement
        The measures; its trials go by their ids, its animals by their codes.
    ethogram_kappa
        Kappa of all behaviours together; `None` where only one is shared.
    error, drift
        Of a person's repeats: within-scorer SD and coefficient of repeatability, mean difference and its slope along
        the scorer's list; `None` for two sides.
    settled
        Trials of which these two have a consensus.
    """

    assay: str
    behaviour: str
    first: str
    second: str
    behaviours: tuple[str, ...]
    agreement: Agreement
    ethogram_kappa: float | None
    error: RepeatError | None
    drift: Drift | None
    settled: frozenset[str]

    @property
    def repeats(self) -> bool:
        """Whether it is one person twice."""
        return self.first == self.second


def queue_done(study: StudyRecord, assay: str) -> bool:
    """Whether the person who asks was given clips of an assay and finished all of them."""
    kinds = (PRACTICE, SCORE, REPEAT)
    mine = {clip.id for clip in study.database.clips(scorer=study.who, assay=assay) if clip.kind in kinds}
    done = {one.clip.id for one in hand_scores(study, assay) if one.done}
    return bool(mine) and mine <= done


def comparisons(study: StudyRecord, assay: str) -> tuple[Comparison, ...]:
    """Return which sides can be compared: people with each other, with the program, and with themselves."""
    study.assay(assay)
    scores = hand_scores(study, assay)
    sides = _sides(study, assay, scores)
    people = sorted({name for _, name in done_scores(scores)})
    with_program = ((name, PROGRAM) for name in (*people, CONSENSUS))
    pairs = [*combinations(people, 2), *with_program, *((name, name) for name in people)]
    return tuple(_comparisons(study, assay, pairs, sides, scores))


def _comparisons(
    study: StudyRecord,
    assay: str,
    pairs: Iterable[tuple[str, str]],
    sides: Mapping[str, Mapping[str, Scoring]],
    scores: Sequence[HandScore],
) -> Iterator[Comparison]:
    for first, second in pairs:
        both = _repeated(first, scores) if first == second else _both(sides, first, second)
        behaviours = shared_behaviours(study, assay, first, second)
        if both and behaviours:
            yield Comparison(first=first, second=second, trials=len(both), behaviours=behaviours)


def _sides(study: StudyRecord, assay: str, scores: Sequence[HandScore]) -> dict[str, dict[str, Scoring]]:
    """Return every side's scorings by trial."""
    found: dict[str, dict[str, Scoring]] = {CONSENSUS: {}, PROGRAM: {}}
    for (trial, name), one in done_scores(scores).items():
        found.setdefault(name, {})[trial] = _by_hand(one)
    for trial, settled in consensus_scores(study, assay, scores).items():
        found[CONSENSUS][trial] = Scoring(trial=trial, code=settled.code, bouts=settled.bouts, seen_s=settled.seen_s)
    wanted = {trial for name, mine in found.items() if name != PROGRAM for trial in mine}
    found[PROGRAM] = {one.trial: one for one in _detected(study, assay, wanted)}
    return found


def _by_hand(score: HandScore) -> Scoring:
    return Scoring(trial=score.clip.trial, code=score.code, bouts=score.bouts, seen_s=score.seen_s)


def _detected(study: StudyRecord, assay: str, wanted: Iterable[str]) -> Iterator[Scoring]:
    """Yield what the program found in trials, where it saw the animal and no person moved the trial since."""
    window = study.assay(assay).window_s
    current = study.database.scored_as_placed() & set(wanted)
    for trial in study.database.trials(assay):
        if trial.id not in current:
            continue
        try:
            motion = read_motion(study.folder.tracks / f"{trial.id}.parquet").motion
        except FileError:
            continue
        looked = CalibrationTrial(name=trial.id, animal=trial.code, motion=motion, bouts=(), scored_s=(window,))
        bouts = tuple(one for one in study.database.bouts(trial.id) if isinstance(one, DetectedBout))
        yield Scoring(trial=trial.id, code=trial.code, bouts=bouts, seen_s=common_time(looked))


def shared_behaviours(study: StudyRecord, assay: str, first: str, second: str) -> tuple[str, ...]:
    """Return the behaviours of the ethogram that both sides score; the program's are those it found somewhere."""
    names = tuple(one.name for one in behaviours_of(study, assay))
    if PROGRAM not in (first, second):
        return names
    found = study.database.detected_behaviours(assay)
    return tuple(name for name in names if name in found)


def _both(sides: Mapping[str, Mapping[str, Scoring]], first: str, second: str) -> list[tuple[Scoring, Scoring]]:
    """Return both scorings of every trial in which both sides saw the animal at the same time."""
    ones, twos = sides.get(first, {}), sides.get(second, {})
    pairs = [(ones[trial], twos[trial]) for trial in ones if trial in twos]
    return [(one, two) for one, two in pairs if seen_by_both(one.seen_s, two.seen_s)]


def _repeated(scorer: str, scores: Sequence[HandScore]) -> dict[int, tuple[Scoring, Scoring]]:
    """Return a person's first scoring and repeat of each trial that came back, by the repeat's place in the list."""
    firsts = {trial: one for (trial, name), one in done_scores(scores).items() if name == scorer}
    again = [
        one
        for one in scores
        if (one.clip.scorer, one.clip.kind) == (scorer, REPEAT) and one.done and one.clip.trial in firsts
    ]
    pairs = {one.clip.position: (_by_hand(firsts[one.clip.trial]), _by_hand(one)) for one in again}
    return {place: pair for place, pair in sorted(pairs.items()) if seen_by_both(pair[0].seen_s, pair[1].seen_s)}


def scoring_of(study: StudyRecord, assay: str, trial: str, side: str) -> Scoring | None:
    """Return one side's scoring of a trial, nothing where it is not finished, or not there."""
    return _sides(study, assay, hand_scores(study, assay)).get(side, {}).get(trial)


def agreement(study: StudyRecord, assay: str, first: str, second: str, behaviour: str = "") -> ScorerAgreement:
    """Compare two sides; see `Study.agreement`."""
    scores = hand_scores(study, assay)
    known = shared_behaviours(study, assay, first, second)
    behaviour = _require_behaviour(behaviour, known, assay)
    if first == second:
        return _with_themselves(assay, first, behaviour, known, _repeated(first, scores))
    both = _both(_sides(study, assay, scores), first, second)
    if not both:
        raise StageError(
            expected=f"trials of {assay} that {name_of_side(first)} and {name_of_side(second)} both scored",
            found="none",
            do="finish the clips, or choose another pair",
        )
    pairs = [_paired(one, two, known) for one, two in both]
    settled = consensus_scores(study, assay, scores).items()
    return ScorerAgreement(
        assay=assay,
        behaviour=behaviour,
        first=first,
        second=second,
        behaviours=known,
        agreement=agreement_of(pairs, behaviour=behaviour),
        ethogram_kappa=state_kappa(pairs, known) if len(known) > 1 else None,
        error=None,
        drift=None,
        settled=frozenset(trial for trial, one in settled if {one.first, one.second} == {first, second}),
    )


def _with_themselves(
    assay: str,
    scorer: str,
    behaviour: str,
    known: tuple[str, ...],
    both: Mapping[int, tuple[Scoring, Scoring]],
) -> ScorerAgreement:
    if not both:
        raise StageError(
            expected=f"trials of {assay} that came back to {scorer} and were finished both times",
            found="none",
            do="give out clips with repeats, and finish them",
        )
    pairs = [_paired(one, two, known) for one, two in both.values()]
    result = repeats.repeatability(pairs, behaviour, positions=list(both))
    return ScorerAgreement(
        assay=assay,
        behaviour=behaviour,
        first=scorer,
        second=scorer,
        behaviours=known,
        agreement=result.agreement,
        ethogram_kappa=state_kappa(pairs, known) if len(known) > 1 else None,
        error=result.error,
        drift=result.drift,
        settled=frozenset(),
    )


def _paired(one: Scoring, two: Scoring, behaviours: Sequence[str]) -> PairedScores:
    return PairedScores(
        name=one.trial,
        animal=one.code,
        scored_s=seen_by_both(one.seen_s, two.seen_s),
        first=only(one.bouts, behaviours),
        second=only(two.bouts, behaviours),
    )


def only(bouts: Bouts, behaviours: Sequence[str]) -> Bouts:
    """Return the bouts of some behaviours."""
    return tuple(bout for bout in bouts if bout.behaviour in behaviours)  # type: ignore[return-value]


def _require_behaviour(behaviour: str, known: Sequence[str], assay: str) -> str:
    if not known:
        raise StageError(
            expected=f"behaviours of {assay} that both sides score",
            found="none",
            do="score by hand, or let the program score the assay first",
        )
    if behaviour and behaviour not in known:
        raise UsageError(expected=f"one of {', '.join(known)}", found=repr(behaviour), do="choose one of these")
    return behaviour or known[0]


def name_of_side(side: str) -> str:
    """Return how a side is called in a sentence."""
    return f"the {side}" if side in (PROGRAM, CONSENSUS) else side


def picture_of_agreement(result: ScorerAgreement) -> Figure:
    """Draw both sides' totals against each other, and their difference against their mean."""
    trials, totals = result.agreement.trials, result.agreement.totals
    again = f"{result.second} again" if result.repeats else result.second
    return draw_agreement(
        AgreementPicture(
            title=_title(result),
            first_name=result.first,
            second_name=again,
            quantity=f"Time {result.behaviour}",
            unit="% of time",
            first=np.array([one.first_percent for one in trials]),
            second=np.array([one.second_percent for one in trials]),
            bias=None if totals is None else (totals.bias, totals.bias_ci95),
            lower=None if totals is None else (totals.lower, totals.lower_ci95),
            upper=None if totals is None else (totals.upper, totals.upper_ci95),
        )
    )


def rows_of(result: ScorerAgreement) -> tuple[MeasureRow, ...]:
    """Return the figures of an agreement in the order in which they are read."""
    return (*_measure_rows(result), *_repeat_rows(result))


def agreements_of(study: StudyRecord) -> Iterator[AgreementSummary]:
    """Yield the figures of every pair of sides, assay by assay and behaviour by behaviour."""
    for assay in study.protocol.assays:
        for pair in comparisons(study, assay.name):
            for behaviour in pair.behaviours:
                result = agreement(study, assay.name, pair.first, pair.second, behaviour)
                yield AgreementSummary(
                    assay=assay.name,
                    behaviour=behaviour,
                    first=pair.first,
                    second=pair.second,
                    trials=pair.trials,
                    rows=rows_of(result),
                )


def _measure_rows(result: ScorerAgreement) -> Iterator[MeasureRow]:
    found, icc, totals = result.agreement, result.agreement.icc, result.agreement.totals
    yield _row("ICC(2,1) of totals", None if icc is None else (icc.value, icc.ci95))
    yield MeasureRow(name=f"kappa, {found.bin_s:g}-s bins", value=found.kappa)
    if len(result.behaviours) > 1:
        yield MeasureRow(name="kappa of the whole ethogram", value=result.ethogram_kappa)
    yield _row("bias", None if totals is None else (totals.bias, totals.bias_ci95), _POINTS)
    yield _row("lower 95 % limit", None if totals is None else (totals.lower, totals.lower_ci95), _POINTS)
    yield _row("upper 95 % limit", None if totals is None else (totals.upper, totals.upper_ci95), _POINTS)
    yield MeasureRow(name="bout F1", value=found.f1)
    yield MeasureRow(name="Matthews correlation of time", value=found.mcc)
    yield MeasureRow(name="Pearson r of totals", value=found.r)


def _repeat_rows(result: ScorerAgreement) -> Iterator[MeasureRow]:
    error, drift = result.error, result.drift
    if drift is None:
        return
    yield _row("within-scorer SD", None if error is None else (error.sd, error.sd_ci95), _POINTS)
    coefficient = None if error is None else (error.coefficient, error.coefficient_ci95)
    yield _row("coefficient of repeatability", coefficient, _POINTS)
    yield _row("drift, repeat minus first", (drift.mean, drift.ci95), _POINTS)
    if drift.slope is not None:
        yield _row("change of the drift from clip to clip", (drift.slope, drift.slope_ci95), _POINTS)


def _row(name: str, found: tuple[float, Span | None] | None, unit: str = "") -> MeasureRow:
    value, ci95 = (None, None) if found is None else found
    return MeasureRow(name=name, value=value, ci95=ci95, unit=unit)


def _title(result: ScorerAgreement) -> str:
    """Say what was compared, and how it agreed."""
    trials, icc = len(result.agreement.trials), result.agreement.icc
    sides = f"{result.first} twice" if result.repeats else f"{result.first} and {name_of_side(result.second)}"
    parts = [f"{result.assay}: {sides}, {trials} trial{'' if trials == 1 else 's'}"]
    if result.agreement.kappa is not None:
        parts.append(f"kappa {result.agreement.kappa:.2f}")
    if icc is not None:
        parts.append(f"ICC(2,1) {icc.value:.2f} [{icc.ci95[0]:.2f}, {icc.ci95[1]:.2f}]")
    return "; ".join(parts)


def hand_scored(study: StudyRecord) -> Iterator[HandScored]:
    """Yield for each assay with a person's outcome how many trials one person, and how many two people have scored."""
    for assay in _assays_of_people(study):
        scorers = Counter(trial for trial, _ in done_scores(hand_scores(study, assay)))
        yield HandScored(
            assay=assay,
            trials=len(study.database.trials(assay)),
            once=len(scorers),
            twice=sum(count > 1 for count in scorers.values()),
        )


def scored_clips(study: StudyRecord) -> Iterator[ScoredClip]:
    """Yield the finished scores of each assay with a person's outcome, by scorer, in the scorer's own order."""
    for assay in _assays_of_people(study):
        for score in done_scores(hand_scores(study, assay)).values():
            clip = score.clip
            yield ScoredClip(assay=assay, scorer=clip.scorer, code=score.code, position=clip.position)


def repeats_of(study: StudyRecord) -> Iterator[Repeats]:
    """Yield for each assay with a person's outcome how far each scorer's repeats differ, behaviour by behaviour."""
    for assay in _assays_of_people(study):
        scores = hand_scores(study, assay)
        known = tuple(one.name for one in behaviours_of(study, assay))
        for scorer in sorted({name for _, name in done_scores(scores)}):
            both = _repeated(scorer, scores)
            for behaviour in known if both else ():
                result = _with_themselves(assay, scorer, behaviour, known, both)
                if result.error is not None:
                    yield Repeats(
                        assay=assay,
                        scorer=scorer,
                        behaviour=behaviour,
                        trials=result.error.n,
                        coefficient=result.error.coefficient,
                    )


def _assays_of_people(study: StudyRecord) -> list[str]:
    return list(dict.fromkeys(one.assay for one in study.protocol.outcomes if one.scored_by == "person"))
