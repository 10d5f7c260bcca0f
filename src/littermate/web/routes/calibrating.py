"""Calibration: an assay's thresholds fitted to blinded hand scores, the verdict in words, and its use.

A fit is work in the background; what it found is kept until the server stops, one for each assay and scorer. Only what
is calibrated can be taken into use: the page says why not, and the study refuses it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response

from littermate.errors import Complaint, DataError
from littermate.run.progress import Progress
from littermate.study import AssayCalibration, Study
from littermate.study.calibrating import LimitRow
from littermate.web.jobs import JobState
from littermate.web.rendering import render
from littermate.web.session import AsCustodian, Visit

__all__ = ["CalibrationPage", "Fitted", "router"]

router = APIRouter()

Name = Annotated[str, Query(max_length=100)]
Said = Annotated[str, Form(max_length=100)]
_PATH = "/calibration"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldRow:
    """The two thresholds, fitted to all animals (no name) or without one of them."""

    without: str
    immobile_below: float
    mobile_above: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutRow:
    """One trial: % of time immobile as the person scored it, and as thresholds fitted without that animal do."""

    trial: str
    person: float
    program: float
    difference: float
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What a fit gave.

    Parameters
    ----------
    headline, reasons
        The verdict in a line, and why it was refused.
    calibrated
        Whether it may be used.
    limits
        The conditions, each with what was found.
    folds
        The thresholds of all animals, then without each.
    trials
        The largest differences first.
    left_out
        Trials that could not take part, with the reason.
    consensus
        How many trials are a consensus of two scorers.
    newer
        How many more trials this person has finished since.
    picture
        Address of the figure.
    used
        Whether these very thresholds are in use.
    """

    headline: str
    reasons: tuple[str, ...]
    calibrated: bool
    limits: tuple[LimitRow, ...]
    folds: tuple[FoldRow, ...]
    trials: tuple[HeldOutRow, ...]
    left_out: tuple[tuple[str, str], ...]
    consensus: int
    newer: int
    picture: str
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPage:
    """An assay, who scored it, the fit to one of them as far as it is, and the thresholds in use.

    Parameters
    ----------
    assays, assay
        Those with thresholds that can be fitted, and the one that is shown.
    scorers, scorer
        Who finished trials of it and how many, and whose are fitted.
    running
        The fit's state while it waits or runs; nothing otherwise.
    refused
        Why nothing could be fitted.
    fitted
        What was found.
    in_use
        In words, the fitted thresholds that are in use; empty where the assay's own are.
    open
        Whether the study may still be changed.
    progress
        Address of the fit's progress.
    """

    assays: tuple[str, ...]
    assay: str
    scorers: tuple[tuple[str, int], ...]
    scorer: str
    running: JobState | None
    refused: Complaint | None
    fitted: Fitted | None
    in_use: str
    open: bool
    progress: str


@router.get(_PATH, include_in_schema=False)
def calibration(request: Request, visit: AsCustodian, assay: Name = "", scorer: Name = "") -> Response:
    """Show the page."""
    page = calibration_page(request, visit, assay, scorer)
    return render(request, "calibration.html", visit=visit, page=page)


def calibration_page(request: Request, visit: Visit, assay: str, scorer: str) -> CalibrationPage:
    """Gather the page; the first assay and the scorer with the most trials, where none is asked for."""
    study = visit.study
    assays = tuple(plan.name for plan in study.protocol.assays if study.can_be_calibrated(plan.name))
    assay = _known(assay, assays, "an assay with thresholds that can be fitted")
    scorers = study.scorers_of(assay) if assay else ()
    scorer = _known(scorer, tuple(name for name, _ in scorers), "somebody who finished trials")
    state = request.app.state.jobs.state(_key(assay, scorer))
    running = state if state is not None and state.state in ("waiting", "running") else None
    found = request.app.state.calibrations.get((assay, scorer))
    used = study.thresholds(assay) if assay else None
    return CalibrationPage(
        assays=assays,
        assay=assay,
        scorers=scorers,
        scorer=scorer,
        running=running,
        refused=found if isinstance(found, Complaint) and running is None else None,
        fitted=_fitted(study, found, dict(scorers)) if isinstance(found, AssayCalibration) and not running else None,
        in_use="" if used is None else used.words,
        open=study.stage == "allocated",
        progress=_address(f"{_PATH}/progress", assay, scorer),
    )


def _known(asked: str, known: tuple[str, ...], what: str) -> str:
    if asked and asked not in known:
        raise HTTPException(404, what)
    return asked or next(iter(known), "")


def _address(page: str, assay: str, scorer: str) -> str:
    return f"{page}?{urlencode({'assay': assay, 'scorer': scorer})}"


def _key(assay: str, scorer: str) -> str:
    return f"calibrate {assay} by {scorer}"


def _fitted(study: Study, found: AssayCalibration, finished: dict[str, int]) -> Fitted:
    calibration, fit = found.calibration, found.calibration.immobility
    took_part = calibration.trials + len(found.left_out)
    held_out = sorted(fit.held_out.trials, key=lambda one: -abs(one.second_percent - one.first_percent))
    return Fitted(
        headline=found.headline,
        reasons=fit.reasons,
        calibrated=calibration.calibrated,
        limits=found.limit_rows,
        folds=tuple(_folds(found)),
        trials=tuple(
            HeldOutRow(
                trial=one.name,
                person=one.first_percent,
                program=one.second_percent,
                difference=one.second_percent - one.first_percent,
                kappa=one.kappa,
            )
            for one in held_out
        ),
        left_out=found.left_out,
        consensus=found.consensus,
        newer=max(0, finished.get(found.scorer, 0) - took_part),
        picture=_address(f"{_PATH}/figure.png", found.assay, found.scorer),
        used=study.thresholds(found.assay) == found.thresholds,
    )


def _folds(found: AssayCalibration) -> Iterator[FoldRow]:
    fit = found.calibration.immobility
    below, above = fit.thresholds
    yield FoldRow(without="", immobile_below=below, mobile_above=above)
    for fold in fit.folds:
        below, above = fold.thresholds
        yield FoldRow(without=fold.animal, immobile_below=below, mobile_above=above)


@router.post(f"{_PATH}/fit", include_in_schema=False)
def fit(request: Request, visit: AsCustodian, assay: Said, scorer: Said) -> Response:
    """Begin a fit, anew where there is one, and show how far it is."""
    calibration_page(request, visit, assay, scorer)
    jobs, kept = request.app.state.jobs, request.app.state.calibrations
    jobs.forget(_key(assay, scorer))
    kept.pop((assay, scorer), None)
    study = visit.study

    def work(progress: Progress) -> None:
        try:
            kept[assay, scorer] = study.calibrate_assay(assay, scorer, progress)
        except DataError as fault:
            kept[assay, scorer] = fault.complaints[0]

    jobs.ask(_key(assay, scorer), work)
    return calibration(request, visit, assay, scorer)


@router.get(f"{_PATH}/progress", include_in_schema=False)
def progress(request: Request, visit: AsCustodian, assay: Name, scorer: Name) -> Response:
    """Say how far a fit is; once it is done, send the page there."""
    page = calibration_page(request, visit, assay, scorer)
    if page.running is None:
        return Response(status_code=204, headers={"HX-Redirect": _address(_PATH, page.assay, page.scorer)})
    return render(request, "calibration_progress.html", visit=visit, page=page)


@router.get(f"{_PATH}/figure.png", include_in_schema=False)
def figure(request: Request, visit: AsCustodian, assay: Name, scorer: Name) -> Response:
    """Draw what was fitted."""
    found = _found(request, assay, scorer)
    return Response(visit.study.as_png(visit.study.calibration_figure(found)), media_type="image/png")


@router.post(f"{_PATH}/use", include_in_schema=False)
def use(request: Request, visit: AsCustodian, assay: Said, scorer: Said) -> Response:
    """Take the fitted thresholds into use."""
    visit.study.adopt_calibration(_found(request, assay, scorer))
    return calibration(request, visit, assay, scorer)


def _found(request: Request, assay: str, scorer: str) -> AssayCalibration:
    found = request.app.state.calibrations.get((assay, scorer))
    if not isinstance(found, AssayCalibration):
        raise HTTPException(404, "a fit of these scores")
    return found
