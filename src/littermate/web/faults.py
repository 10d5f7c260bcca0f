"""Faults: what a person is told where something cannot be done; never a path, and never a trace.

Errors of the package are said in their own words, without the names of raw files; those about files or the database
are not said at all but logged. A page gets a page, a script gets JSON (`Problem`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from littermate.errors import Complaint, FileError, LittermateError, StageError, StoreError, UsageError
from littermate.web.rendering import render

__all__ = ["PROBLEMS", "Problem", "answer_faults", "last_resort"]

log = logging.getLogger("littermate.web")

_UNTOLD = Complaint(
    expected="files that can be read and written", found="a fault of one", do="ask the custodian: the server's log says"
)
_BROKEN = Complaint(expected="an answer", found="a fault of the program", do="ask the custodian: the server's log says")
_STATUS: tuple[tuple[type[LittermateError], int], ...] = (
    (UsageError, 400),
    (StageError, 409),
    (StoreError, 503),
    (FileError, 422),
)
_LONGEST = 300


class Words(BaseModel):
    """What was expected, what was found, and what to do."""

    expected: str
    found: str
    do: str


class Problem(BaseModel):
    """What a script is told where something cannot be done."""

    error: Words


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        400: "the call is wrong",
        401: "nobody is signed in",
        403: "another role, a foreign page, or a token that is not the session's",
        404: "no such thing of yours",
        409: "a step before the one it needs",
        413: "too large a body, or one that does not say how long it is",
        415: "a body that is neither a form nor JSON",
        422: "content that cannot be used",
        503: "files or database that cannot be read or written now",
    }.items()
}
"""What any route may answer besides what it is for."""


def answer_faults(app: FastAPI) -> None:
    """Let the app answer every fault it knows in words."""
    app.exception_handler(LittermateError)(_package_error)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_bad_request)


async def _package_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, LittermateError)
    status = next((status for kind, status in _STATUS if isinstance(fault, kind)), 422)
    if isinstance(fault, FileError | StoreError):
        log.warning("%s %s: %s", request.method, request.url.path, fault)
        return _answer(request, status, _UNTOLD)
    return _answer(request, status, _without_file_names(request, fault.complaints[0]))


def _without_file_names(request: Request, complaint: Complaint) -> Complaint:
    words = (complaint.expected, complaint.found, complaint.do)
    try:
        expected, found, do = request.app.state.study.without_file_names(words)
    except StoreError as fault:
        log.warning("%s %s: %s", request.method, request.url.path, fault)
        return _UNTOLD
    return Complaint(expected=expected, found=found, do=do)


async def _http_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if fault.status_code == 401 and _wants_page(request):
        return RedirectResponse("/sign-in", 303)
    found = {401: "nobody signed in", 403: "another role", 404: "no such page", 405: "another method"}
    words = Complaint(
        expected=str(fault.detail), found=found.get(fault.status_code, "something else"), do="go back, and try again"
    )
    return _answer(request, fault.status_code, words, fault.headers)


async def _bad_request(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    first = fault.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return _answer(
        request, 422, Complaint(expected=f"{where}: {first['msg']}", found="something else", do="correct it")
    )


def last_resort(request: Request, fault: Exception) -> Response:
    """Answer what nobody thought of: it is logged here, and said in general words there."""
    log.error("%s %s", request.method, request.url.path, exc_info=fault)
    return _answer(request, 500, _BROKEN)


def _wants_page(request: Request) -> bool:
    return request.method == "GET" and not request.url.path.startswith("/api/")


def _answer(request: Request, status: int, complaint: Complaint, headers: Mapping[str, str] | None = None) -> Response:
    expected, found, do = map(_told, (complaint.expected, complaint.found, complaint.do))
    if _wants_page(request) and "hx-request" not in request.headers:
        answer: Response = render(
            request, "error.html", status=status, complaint=Complaint(expected=expected, found=found, do=do)
        )
    else:
        answer = JSONResponse({"error": {"expected": expected, "found": found, "do": do}}, status)
    answer.headers.update(headers or {})
    return answer


def _told(words: str) -> str:
    """Make words that were sent here fit to be sent back: short, and what UTF-8 can say."""
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
    return short.encode("utf-8", "replace").decode()
