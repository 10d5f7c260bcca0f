"""App: the study's web app, put together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from littermate.study import open_study
from littermate.version import __version__
from littermate.web.faults import PROBLEMS, answer_faults
from littermate.web.jobs import Jobs
from littermate.web.routes import agreement, calibrating, entering, people, placing, reviewing, scoring, study_page
from littermate.web.safety import Guard
from littermate.web.session import Ended
from littermate.web.settings import ServeSettings

__all__ = ["create_app"]

_PAGES = (entering, study_page, people, scoring, placing, reviewing, agreement, calibrating)


def create_app(settings: ServeSettings) -> FastAPI:
    """Make the app of one study.

    Raises
    ------
    StoreError
        If this is no study folder.
    ProtocolError
        If study.toml or animals.csv has faults.
    """
    app = FastAPI(
        title="Littermate",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.study = open_study(settings.folder, who=settings.local_name or "server", pooled=True)
    app.state.entry = threading.Lock()  # taken by the one who enters by the one-time link
    app.state.tries = entering.Tries()
    app.state.ended = Ended()
    app.add_middleware(Guard)
    answer_faults(app)
    app.mount("/static", StaticFiles(directory=str(files("littermate.web") / "static")), name="static")
    for page in _PAGES:
        app.include_router(page.router, responses=PROBLEMS)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.jobs = Jobs()
    app.state.calibrations = {}
    yield
    app.state.jobs.close()
