"""Lookup: what an address names, found for a page; what is not there, or is not this person's, is answered with 404."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException

from littermate.errors import UsageError
from littermate.model.trial import Trial
from littermate.web.session import Visit

__all__ = ["no_such", "trial_at"]


@contextmanager
def no_such(what: str) -> Iterator[None]:
    """Answer 404 where the study knows nothing of that name; `what` is what was expected."""
    try:
        yield
    except UsageError:
        raise HTTPException(404, what) from None


def trial_at(visit: Visit, trial_id: str) -> Trial:
    """Return a trial by its id, as it is placed now."""
    with no_such("a trial of this study"):
        return visit.study.trial(trial_id)
