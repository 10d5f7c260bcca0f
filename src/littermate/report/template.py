"""Template: the templates of pages, and how text, numbers and pictures are written in them."""

from __future__ import annotations

import base64
import re
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from littermate.report import numbers, wording

__all__ = ["environment", "source"]


def source(name: str) -> str:
    """Return the text of a template, style or script."""
    return resources.files("littermate.report").joinpath("templates", name).read_text(encoding="utf-8")


def environment(**tools: Any) -> jinja2.Environment:
    r"""Return what renders a page: all text is escaped, and a name that is not there is an error.

    Parameters
    ----------
    **tools
        Functions the page's templates use beside those of `numbers` and `wording`.

    Examples
    --------
    >>> environment().from_string("{{ text | italic }}").render(text="<b> F(1, 28) = 5.2")
    '&lt;b&gt; <i>F</i>(1,\xa028)\xa0=\xa05.2'
    """
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(italic=_italic, slug=wording.slug, data_uri=_data_uri, capital=wording.capital)
    for home in (numbers, wording):
        made.globals.update({name: getattr(home, name) for name in home.__all__})
    made.globals.update(tools)
    return made


_KEPT = r" [=±×] |(?<=\d) % (?=CI)|(?<=CI) (?=\[)|(?<=\d), (?=[−\d.]+[\])])|(?<=\d) (?=(?:s|SD)\b)"
"""Spaces at which no line ends: within a test, an interval, a number with its unit."""


def _italic(text: str) -> Markup:
    """Escape a text, set the letters of statistics in italics, and keep a number with its name and unit."""
    safe = re.sub(_KEPT, _unbroken, str(escape(text)))
    return Markup(re.sub(r"(?<![\w&;])(F|t|p|P|g|n|SD|SEM)(?=\(\d|\s[=&>])", r"<i>\1</i>", safe))


def _unbroken(hit: re.Match[str]) -> str:
    return hit[0].replace(" ", "\N{NO-BREAK SPACE}")


def _data_uri(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()
