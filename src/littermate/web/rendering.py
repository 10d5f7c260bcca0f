"""Rendering: one template and one documented dataclass to a page. Everything is escaped; nothing undefined passes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from littermate.version import __version__
from littermate.web.session import Visit

__all__ = ["render", "seconds", "share", "signed"]


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"seconds": seconds, "share": share, "signed": signed}
    environment.globals |= {"version": __version__}
    return environment


def _source(name: str) -> str:
    return (files("littermate.web") / "templates" / name).read_text(encoding="utf-8")


def render(
    request: Request, template: str, *, visit: Visit | None = None, status: int = 200, **shown: Any
) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request
        What it answers.
    template
        Its file in `templates`.
    visit
        Who sees it; decides the links at its head.
    status
        HTTP status.
    shown
        What the template needs by name: dataclasses, not loose values.
    """
    page = _environment().get_template(template).render(visit=visit, here=request.url.path, **shown)
    return HTMLResponse(page, status)


def seconds(value: float | None, decimals: int = 1) -> str:
    """Write seconds for people, an en dash where there are none.

    Examples
    --------
    >>> seconds(61.25), seconds(None)
    ('61.2', '–')
    """
    return "–" if value is None else f"{value:.{decimals}f}"


def share(part: float, whole: float) -> str:
    """Write a part as percent.

    Examples
    --------
    >>> share(1, 8), share(0, 0)
    ('12 %', '–')
    """
    return "–" if not whole else f"{100 * part / whole:.0f} %"


def signed(value: float, decimals: int = 1) -> str:
    """Write a difference with its sign, and nothing with none.

    Examples
    --------
    >>> signed(1.25), signed(-1.25), signed(-0.01)
    ('+1.2', '\u22121.2', '0.0')
    """
    rounded = round(value, decimals)
    return f"{rounded:+.{decimals}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{decimals}f}"
