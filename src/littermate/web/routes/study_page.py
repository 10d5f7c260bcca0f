"""Study page: what is done, what is missing, what the checks say, who did what; lock and unblind for the custodian.

Before the study is unblinded only the custodian sees the words of a finding or of a journal entry, and those without
the names of files; others see which check spoke, and how often.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from littermate.errors import StageError
from littermate.model.finding import Finding
from littermate.model.journal import Entry
from littermate.study import Study
from littermate.web.rendering import render
from littermate.web.session import AsCustodian, AsViewer, Visit

__all__ = ["router", "study_page"]

router = APIRouter()

_STEPS = ("planned", "allocated", "locked", "unblinded")
_SHOWN_ENTRIES, _READ_ENTRIES = 40, 400
_FOR_THE_PROGRAM = ("written", "sha256", "rules", "digest", "protocol_sha256")
_REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The report is one file with all it needs inside; which script may run in it is its own policy's to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayRow:
    """How far one assay, blot or plate is: trials that came in, and animals with a value of each outcome."""

    assay: str
    trials: int
    outcomes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One check that spoke: its id and importance, how often, and its words where this person may see them."""

    id: str
    importance: str
    count: int
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One journal entry, or the newest of a run of the same step by one person; `with_what` is for the custodian."""

    number: int
    at: str
    who: str
    what: str
    count: int
    with_what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPage:
    """The study at a glance.

    Parameters
    ----------
    title, question
        In the protocol's words for the custodian. Others, who must not be led by them, see a name that says nothing
        and no question until the study is unblinded.
    stage, steps
        How far the study is, of all steps.
    animals
        How many have codes.
    rows
        Progress by assay.
    scorers
        Clips done and given out, by scorer: empty for scorers themselves.
    findings
        What the checks say.
    entries
        The newest journal entries, the last one first; empty for scorers.
    report
        Whether there is a report that may be opened.
    """

    title: str
    question: str
    stage: str
    steps: tuple[str, ...]
    animals: int
    rows: tuple[AssayRow, ...]
    scorers: tuple[tuple[str, int, int], ...]
    findings: tuple[FindingRow, ...]
    entries: tuple[EntryRow, ...]
    report: bool


def study_page(visit: Visit) -> StudyPage:
    """Gather the page for one person: what a scorer or viewer sees is less."""
    study, custodian = visit.study, visit.may("custodian")
    stage = study.stage
    blind = stage != "unblinded"
    told = custodian or not blind
    return StudyPage(
        title=study.protocol.title if told else study.neutral_name,
        question=study.protocol.question if told else "",
        stage=stage,
        steps=_STEPS,
        animals=len(study.tags),
        rows=tuple(_rows(study)),
        scorers=_scorers(study) if visit.role != "scorer" else (),
        findings=tuple(_findings(study, told=told)),
        entries=tuple(_entries(study, told=told)) if visit.role != "scorer" else (),
        report=not blind and (study.folder.report / "report.html").is_file(),
    )


def _rows(study: Study) -> Iterator[AssayRow]:
    trials = Counter(trial.assay for trial in study.trials)
    valued = Counter(one.outcome for one in study.measurements if one.value is not None)
    reasons = Counter(one.outcome for one in study.measurements if one.value is None)
    for assay in dict.fromkeys(outcome.assay for outcome in study.protocol.outcomes):
        mine = [outcome.name for outcome in study.protocol.outcomes if outcome.assay == assay]
        outcomes = tuple((name, valued[name], reasons[name]) for name in mine)
        yield AssayRow(assay=assay, trials=trials[assay], outcomes=outcomes)


def _scorers(study: Study) -> tuple[tuple[str, int, int], ...]:
    done, clips = study.clips_done(), study.clips()
    given = Counter(clip.scorer for clip in clips)
    finished = Counter(clip.scorer for clip in clips if clip.id in done)
    return tuple((name, finished[name], count) for name, count in sorted(given.items()))


def _findings(study: Study, *, told: bool) -> Iterator[FindingRow]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in study.check():
        groups.setdefault((finding.importance, finding.id), []).append(finding)
    for (importance, name), mine in groups.items():
        messages = study.without_file_names([f"{one.about}: {one.message}" for one in mine]) if told else ()
        yield FindingRow(id=name, importance=importance, count=len(mine), messages=messages)


def _entries(study: Study, *, told: bool) -> Iterator[EntryRow]:
    """Yield the newest entries; those of one step by one person after each other as one row."""
    entries = study.last_entries(_READ_ENTRIES)
    said = study.without_file_names([_in_words(entry) if told else "" for entry in entries])
    runs = groupby(zip(entries, said, strict=True), key=lambda pair: (pair[0].who, pair[0].what))
    for _, run in islice(runs, _SHOWN_ENTRIES):
        rows = list(run)
        entry, words = rows[0]
        with_what = words if len(rows) == 1 else ""
        yield EntryRow(
            number=entry.number, at=entry.at, who=entry.who, what=entry.what, count=len(rows), with_what=with_what
        )


def _in_words(entry: Entry) -> str:
    """Say what an entry was done with, without the hashes that are there for the program."""
    arguments = json.loads(entry.arguments)
    return "; ".join(f"{name}: {_plain(value)}" for name, value in arguments.items() if name not in _FOR_THE_PROGRAM)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@router.get("/", include_in_schema=False)
def home(visit: AsViewer) -> Response:
    """Go to the page that this person works on."""
    return RedirectResponse("/score" if visit.role == "scorer" else "/study", 303)


@router.get("/study", include_in_schema=False)
def study(request: Request, visit: AsViewer) -> Response:
    """Show the page."""
    return render(request, "study.html", visit=visit, page=study_page(visit))


@router.post("/study/lock", include_in_schema=False)
def lock(request: Request, visit: AsCustodian) -> Response:
    """Close the data."""
    visit.study.lock()
    return study(request, visit)


@router.post("/study/unblind", include_in_schema=False)
def unblind(
    request: Request, visit: AsCustodian, because: Annotated[str, Form()], passphrase: Annotated[str, Form()] = ""
) -> Response:
    """Join the codes with the groups, once, with a reason."""
    visit.study.with_passphrase(passphrase or None).unblind(because=because)
    return study(request, visit)


@router.post("/study/report", include_in_schema=False)
def write_report(request: Request, visit: AsCustodian) -> Response:
    """Fit the planned analyses and write the report."""
    visit.study.fit()
    visit.study.report()
    return study(request, visit)


@router.get("/report", include_in_schema=False)
def report(visit: AsCustodian) -> Response:
    """Open the report of an unblinded study."""
    if visit.study.stage != "unblinded":
        raise StageError(expected="an unblinded study", found=visit.study.stage, do="lock and unblind it first")
    path = visit.study.folder.report / "report.html"
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": _REPORT_POLICY})
