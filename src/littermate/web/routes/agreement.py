"""Agreement: how alike two scorings of an assay are, and the place to settle what two people disagree on.

Who sees what: the custodian everything; a scorer other people's scores only once their own clips of the assay are done;
a viewer the figures, but no trial side by side. Times in the API are seconds of the recording's own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from littermate.errors import StageError
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.key_press import NOT_VISIBLE
from littermate.model.placement import Box
from littermate.model.trial import Trial
from littermate.study import Choice, Comparison, ScorerAgreement, SideBySide, Study
from littermate.web.lookup import trial_at
from littermate.web.rendering import render
from littermate.web.routes.scoring import Preparation, arena_of, frames_of, media_of, prepare
from littermate.web.session import AsScorer, AsViewer, Visit

__all__ = ["Figures", "may_compare", "router"]

router = APIRouter()

Side = Annotated[str, Query(max_length=60)]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two sides that can be compared, in words; the address where they are, and what it asks for without behaviour."""

    words: str
    trials: int
    address: str
    asked: tuple[tuple[str, str], ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One figure of agreement: its name, value and 95 % interval as they are shown, and their unit."""

    name: str
    value: str
    interval: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One trial: both totals in % of the time that both could see, and the address where they stand side by side."""

    trial: str
    first: float
    second: float
    difference: float
    kappa: float | None
    settled: bool
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one pair and one behaviour, the trials with the largest difference first."""

    first: str
    second: str
    behaviour: str
    behaviours: tuple[str, ...]
    rows: tuple[NumberRow, ...]
    trials: tuple[TrialRow, ...]
    picture: str
    repeats: bool
    settled: int
    can_settle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """What can be compared in an assay, and the figures of one pair.

    Parameters
    ----------
    assays, assay
        Those that people score, and the one that is shown.
    pairs
        What can be compared in it.
    figures
        Of the pair that was chosen; nothing where there is none.
    withheld
        Whether this person may not see it yet: their own clips of the assay are not done.
    warned
        Whether this is a custodian with clips of the assay still to score.
    """

    assays: tuple[str, ...]
    assay: str
    pairs: tuple[Pair, ...]
    figures: Figures | None
    withheld: bool
    warned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane of both timelines: a behaviour that both sides score (or missing time), its key and its colour."""

    name: str
    key: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementPage:
    """One trial as two sides scored it; their states are fetched by the page itself.

    Parameters
    ----------
    trial, assay, first, second
        What is shown, and whose.
    lanes
        Of the timelines, missing time last, where a side has any.
    choices
        What can be chosen for a disagreement.
    can_settle
        Whether a consensus can be recorded.
    why_not
        In words, where it cannot.
    disagreements
        How many there are.
    back
        Address of the figures of these two.
    """

    trial: str
    assay: str
    first: str
    second: str
    lanes: tuple[Lane, ...]
    choices: tuple[Lane, ...]
    can_settle: bool
    why_not: str
    disagreements: int
    back: str


class DisagreementOut(BaseModel):
    """One stretch in which two sides say different behaviours; `chosen` is what was decided for it, or nothing."""

    start_s: float
    stop_s: float
    first: str
    second: str
    chosen: str | None


class CompareOut(BaseModel):
    """One trial as two sides scored it, on the recording's clock.

    States are pairs (time, behaviour): empty for none, `not_visible` for time in which that side could not see the
    animal. `overlooked_s` is the time in disagreements shorter than `shortest_s`. `settled` says who settled them and
    when (UTC), and whether that still stands.
    """

    trial: str
    window_s: Span
    t0_s: float
    arena_px: Box | None
    first: str
    second: str
    first_states: list[tuple[float, str]]
    second_states: list[tuple[float, str]]
    disagreements: list[DisagreementOut]
    overlooked_s: float
    shortest_s: float
    can_settle: bool
    settled: dict[str, str | bool] | None
    not_visible: str = NOT_VISIBLE


class ChoiceIn(BaseModel):
    """What was decided for one disagreement."""

    model_config = ConfigDict(extra="forbid")

    start_s: float = Field(allow_inf_nan=False)
    stop_s: float = Field(allow_inf_nan=False)
    behaviour: str = Field(max_length=100)


class ConsensusIn(BaseModel):
    """Whose scores are settled, and a choice for every disagreement."""

    model_config = ConfigDict(extra="forbid")

    first: str = Field(max_length=60)
    second: str = Field(max_length=60)
    choices: list[ChoiceIn] = Field(max_length=2000)


def may_compare(visit: Visit, assay: str) -> bool:
    """Whether a person may see what others scored in an assay."""
    return visit.role != "scorer" or visit.study.queue_done(assay)


@router.get("/agreement", include_in_schema=False)
def agreement(
    request: Request, visit: AsViewer, assay: Side = "", first: Side = "", second: Side = "", behaviour: Side = ""
) -> Response:
    """Show what can be compared, and the figures of one pair."""
    page = agreement_page(visit, assay, first, second, behaviour)
    return render(request, "agreement.html", visit=visit, page=page)


def agreement_page(visit: Visit, assay: str, first: str, second: str, behaviour: str) -> AgreementPage:
    """Gather the page; the first assay and pair that can be compared, where none is asked for."""
    study = visit.study
    assays = tuple(plan.name for plan in study.protocol.assays if study.behaviours(plan.name))
    if assay and assay not in assays:
        raise HTTPException(404, "an assay that people score")
    if not assays:
        return AgreementPage(assays=(), assay="", pairs=(), figures=None, withheld=False, warned=False)
    if not assay:
        assay = next((name for name in assays if study.clips(assay=name)), assays[0])
    if not may_compare(visit, assay):
        return AgreementPage(assays=assays, assay=assay, pairs=(), figures=None, withheld=True, warned=False)
    found = study.comparisons(assay)
    chosen = _chosen(found, first, second)
    waits = bool(study.clips(scorer=visit.name, assay=assay)) and not study.queue_done(assay)
    return AgreementPage(
        assays=assays,
        assay=assay,
        pairs=tuple(_pair(assay, one, chosen, behaviour) for one in found),
        figures=None if chosen is None else _figures(visit, assay, chosen, behaviour),
        withheld=False,
        warned=waits,
    )


def _chosen(found: Sequence[Comparison], first: str, second: str) -> Comparison | None:
    if not (first or second):
        return found[0] if found else None
    for one in found:
        if (one.first, one.second) == (first, second):
            return one
    raise HTTPException(404, "two who can be compared")


def _pair(assay: str, one: Comparison, chosen: Comparison | None, behaviour: str) -> Pair:
    kept = behaviour if behaviour in one.behaviours else ""
    return Pair(
        words=f"{one.first}, twice" if one.repeats else f"{one.first} and {_side(one.second)}",
        trials=one.trials,
        address=_address("/agreement", assay, one.first, one.second, kept),
        asked=(("assay", assay), ("first", one.first), ("second", one.second)),
        chosen=one == chosen,
    )


def _side(name: str) -> str:
    return f"the {name}" if name in ("program", "consensus") else name


def _address(page: str, assay: str, first: str, second: str, behaviour: str = "") -> str:
    words = {"assay": assay, "first": first, "second": second}
    return f"{page}?{urlencode(words | ({'behaviour': behaviour} if behaviour else {}))}"


def _figures(visit: Visit, assay: str, pair: Comparison, behaviour: str) -> Figures:
    study = visit.study
    known = behaviour if behaviour in pair.behaviours else ""
    result = study.agreement(assay, pair.first, pair.second, known)
    side_by_side = visit.may("scorer") and not pair.repeats
    return Figures(
        first=result.first,
        second=f"{result.second} again" if pair.repeats else result.second,
        behaviour=result.behaviour,
        behaviours=pair.behaviours,
        rows=tuple(_rows(study, result)),
        trials=tuple(_trials(result, linked=side_by_side)),
        picture=_address("/agreement/figure.png", assay, pair.first, pair.second, result.behaviour),
        repeats=pair.repeats,
        settled=len(result.settled),
        can_settle=not pair.repeats and not {pair.first, pair.second} & {"program", "consensus"},
    )


def _rows(study: Study, result: ScorerAgreement) -> Iterator[NumberRow]:
    for one in study.agreement_rows(result):
        decimals = 1 if one.unit else 2
        interval = "" if one.ci95 is None else " to ".join(_shown(edge, decimals) for edge in one.ci95)
        yield NumberRow(name=one.name, value=_shown(one.value, decimals), interval=interval, unit=one.unit)


def _shown(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:.{decimals}f}".replace("-", "−")


def _trials(result: ScorerAgreement, *, linked: bool) -> Iterator[TrialRow]:
    rows = sorted(result.agreement.trials, key=lambda one: (-abs(one.second_percent - one.first_percent), one.name))
    for one in rows:
        words = urlencode({"first": result.first, "second": result.second, "behaviour": result.behaviour})
        yield TrialRow(
            trial=one.name,
            first=one.first_percent,
            second=one.second_percent,
            difference=one.second_percent - one.first_percent,
            kappa=one.kappa,
            settled=one.name in result.settled,
            address=f"/agreement/{quote(one.name)}?{words}" if linked else "",
        )


@router.get("/agreement/figure.png", include_in_schema=False)
def figure(visit: AsViewer, assay: Side, first: Side, second: Side, behaviour: Side = "") -> Response:
    """Draw the totals of two sides."""
    _require_may_compare(visit, assay)
    result = visit.study.agreement(assay, first, second, behaviour)
    return Response(visit.study.as_png(visit.study.agreement_figure(result)), media_type="image/png")


@router.get("/agreement/{trial_id}", include_in_schema=False)
def disagreement(
    request: Request, visit: AsScorer, trial_id: str, first: Side, second: Side, behaviour: Side = ""
) -> Response:
    """Show a trial as two sides scored it."""
    trial = _trial(visit, trial_id)
    found = visit.study.disagreements(trial.id, first, second)
    lanes = tuple(_lanes(visit.study, found))
    missing = Lane(name=NOT_VISIBLE, key="x", tone="tone-missing")
    unseen = any(list(_gaps(seen, found.window_s)) for seen in (found.first_seen_s, found.second_seen_s))
    page = DisagreementPage(
        trial=trial.id,
        assay=trial.assay,
        first=first,
        second=second,
        lanes=(*lanes, missing) if unseen else lanes,
        choices=(*lanes, Lane(name="", key="0", tone="tone-none"), missing),
        can_settle=found.can_settle and visit.study.stage == "allocated",
        why_not=_why_not(visit.study, found),
        disagreements=len(found.disagreements),
        back=_address("/agreement", trial.assay, first, second, behaviour),
    )
    return render(request, "disagreement.html", visit=visit, page=page)


def _lanes(study: Study, found: SideBySide) -> Iterator[Lane]:
    for place, one in enumerate(study.behaviours(found.trial.assay)):
        if one.name in found.behaviours:
            yield Lane(name=one.name, key=one.key.lower(), tone=f"tone-{place % 8 + 1}")


def _why_not(study: Study, found: SideBySide) -> str:
    if not found.can_settle:
        return "A consensus is made of two people's scores."
    return "" if study.stage == "allocated" else "The study takes no changes now."


def _trial(visit: Visit, trial_id: str) -> Trial:
    trial = trial_at(visit, trial_id)
    _require_may_compare(visit, trial.assay)
    return trial


def _require_may_compare(visit: Visit, assay: str) -> None:
    if not may_compare(visit, assay):
        raise StageError(
            expected=f"your own clips of {assay} done, before you see what others scored",
            found="clips that wait for you, or none that were given to you",
            do="finish your queue first",
        )


@router.get("/api/compare/{trial_id}")
def compare(visit: AsScorer, trial_id: str, first: Side, second: Side) -> CompareOut:
    """Return a trial as two sides scored it, with every stretch in which they differ."""
    trial = _trial(visit, trial_id)
    return _compared(visit.study, visit.study.disagreements(trial.id, first, second))


def _compared(study: Study, found: SideBySide) -> CompareOut:
    t0_s, (start, stop) = found.trial.t0_s, found.window_s
    settled = found.settled
    return CompareOut(
        trial=found.trial.id,
        window_s=(t0_s + start, t0_s + stop),
        t0_s=t0_s,
        arena_px=arena_of(found.trial),
        first=found.first,
        second=found.second,
        first_states=list(_states(found.first_bouts, found.first_seen_s, found.window_s, t0_s)),
        second_states=list(_states(found.second_bouts, found.second_seen_s, found.window_s, t0_s)),
        disagreements=[
            DisagreementOut(
                start_s=one.start_s + t0_s,
                stop_s=one.stop_s + t0_s,
                first=one.first,
                second=one.second,
                chosen=found.chosen(one),
            )
            for one in found.disagreements
        ],
        overlooked_s=found.overlooked_s,
        shortest_s=found.shortest_s,
        can_settle=found.can_settle and study.stage == "allocated",
        settled=None if settled is None else {"by": settled.by, "at": settled.at, "stands": settled.stands},
    )


def _states(
    bouts: Iterable[DetectedBout | ScoredBout], seen: Iterable[Span], window: Span, t0_s: float
) -> Iterator[tuple[float, str]]:
    """Yield when each state begins, in order: bouts, time not seen, and none between them."""
    spans = [(one.start_s, one.stop_s, one.behaviour) for one in bouts]
    spans += [(start, stop, NOT_VISIBLE) for start, stop in _gaps(seen, window)]
    last = window[0]
    for start, stop, name in sorted(spans):
        if start > last:
            yield last + t0_s, ""
        yield start + t0_s, name
        last = stop
    if last < window[1]:
        yield last + t0_s, ""


def _gaps(seen: Iterable[Span], window: Span) -> Iterator[Span]:
    edge = window[0]
    for start, stop in sorted(seen):
        if start > edge:
            yield edge, start
        edge = max(edge, stop)
    if edge < window[1]:
        yield edge, window[1]


@router.post("/api/compare/{trial_id}/consensus")
def consensus(visit: AsScorer, trial_id: str, sent: ConsensusIn) -> CompareOut:
    """Record a consensus; the answer is the trial as it stands then."""
    trial = _trial(visit, trial_id)
    choices = [
        Choice(start_s=one.start_s - trial.t0_s, stop_s=one.stop_s - trial.t0_s, behaviour=one.behaviour)
        for one in sent.choices
    ]
    visit.study.settle(trial.id, sent.first, sent.second, choices)
    return _compared(visit.study, visit.study.disagreements(trial.id, sent.first, sent.second))


@router.get("/api/compare/{trial_id}/preparation")
def preparation(request: Request, visit: AsScorer, trial_id: str) -> Preparation:
    """See that the trial can be played, and say how far that is."""
    return prepare(request, visit.study, _trial(visit, trial_id))


@router.get("/api/compare/{trial_id}/media", response_class=Response)
def media(visit: AsScorer, trial_id: str) -> Response:
    """Return the trial's playable copy, whole or in ranges."""
    return media_of(visit.study, _trial(visit, trial_id))


@router.get("/api/compare/{trial_id}/frames", response_class=Response)
def frames(visit: AsScorer, trial_id: str) -> Response:
    """Return the times of the trial's frames in the recording: little-endian 64-bit floats, in seconds."""
    return frames_of(visit.study, _trial(visit, trial_id))
