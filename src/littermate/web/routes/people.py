"""People: who may sign in, and who scores what; the custodian's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from littermate.model.account import ROLES, Account
from littermate.model.clip import PRACTICE, REPEAT, SCORE, Clip
from littermate.study import QueuePlan
from littermate.web.rendering import render
from littermate.web.session import AsCustodian, Visit

__all__ = ["router"]

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One scorer's clips of one assay: how many are done, and of which kinds they are."""

    scorer: str
    assay: str
    done: int
    clips: int
    trials: int
    repeats: int
    practice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Accounts that are open, roles there are, everyone's queues, and the assays that can be scored by hand."""

    accounts: tuple[Account, ...]
    roles: tuple[str, ...]
    queues: tuple[Queue, ...]
    assays: tuple[str, ...]
    scorers: tuple[str, ...]


def people_page(visit: Visit) -> PeoplePage:
    """Gather the page from the study."""
    study = visit.study
    accounts = tuple(one for one in study.accounts if one.active)
    scorers = dict.fromkeys([visit.name, *(one.name for one in accounts if one.role != "viewer")])
    return PeoplePage(
        accounts=accounts,
        roles=ROLES,
        queues=tuple(_queues(study.clips(), study.clips_done())),
        assays=tuple(plan.name for plan in study.protocol.assays if study.behaviours(plan.name)),
        scorers=tuple(scorers),
    )


def _queues(clips: Iterable[Clip], done: frozenset[str]) -> Iterable[Queue]:
    groups: dict[tuple[str, str], list[Clip]] = {}
    for clip in clips:
        if clip.kind in (PRACTICE, SCORE, REPEAT):
            groups.setdefault((clip.scorer, clip.assay), []).append(clip)
    for (scorer, assay), mine in groups.items():
        kinds = [clip.kind for clip in mine]
        yield Queue(
            scorer=scorer,
            assay=assay,
            done=sum(clip.id in done for clip in mine),
            clips=len(mine),
            trials=kinds.count(SCORE),
            repeats=kinds.count(REPEAT),
            practice=kinds.count(PRACTICE),
        )


@router.get("/people", include_in_schema=False)
def people(request: Request, visit: AsCustodian) -> Response:
    """Show the page."""
    return render(request, "people.html", visit=visit, page=people_page(visit))


@router.post("/people/add", include_in_schema=False)
def add(
    request: Request,
    visit: AsCustodian,
    name: Annotated[str, Form()],
    role: Annotated[str, Form()],
    password: Annotated[str, Form()],
) -> Response:
    """Add a person."""
    visit.study.add_account(name.strip(), role=role, password=password)
    return people(request, visit)


@router.post("/people/close", include_in_schema=False)
def close(request: Request, visit: AsCustodian, name: Annotated[str, Form()]) -> Response:
    """Let a person sign in no more."""
    visit.study.close_account(name)
    return people(request, visit)


@router.post("/people/give-clips", include_in_schema=False)
def give_clips(
    request: Request,
    visit: AsCustodian,
    scorer: Annotated[str, Form()],
    assay: Annotated[str, Form()],
    share: Annotated[float, Form(gt=0, le=100)] = 100.0,
    repeats: Annotated[float, Form(ge=0, le=100)] = 15.0,
    practice: Annotated[int, Form(ge=0, le=20)] = 2,
) -> Response:
    """Give a scorer clips; share and repeats in percent."""
    plan = QueuePlan(share=share / 100, repeats=repeats / 100, practice=practice)
    visit.study.give_clips(scorer, assay=assay, plan=plan)
    return people(request, visit)
