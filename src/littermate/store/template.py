"""Template: a ready study to start from: its protocol (study.toml) and its animals (animals.csv).

Templates are files in `templates/`; a new ``NAME.toml`` there is a new template. The animals of a template are as
many as its design needs, with ids, sex and strain filled in, and weights and dates left empty for the scales.
"""

from __future__ import annotations

import difflib
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable

from littermate.errors import UsageError

__all__ = ["template_animals", "template_names", "template_text"]

_COLUMNS = "id,sex,strain,birth,weight_g,cage"


def template_names() -> tuple[str, ...]:
    """Return the names of all templates, sorted.

    Examples
    --------
    >>> template_names()
    ('ketamine-diet', 'ketamine-magnesium')
    """
    return tuple(sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml")))


def template_text(name: str) -> str:
    """Return a template's study.toml.

    Raises
    ------
    UsageError
        If there is no template of that name; lists those there are.

    Examples
    --------
    >>> 'name = "ketamine-diet"' in template_text("ketamine-diet")
    True
    """
    if name not in template_names():
        near = difflib.get_close_matches(name, template_names(), n=1)
        raise UsageError(
            expected=f"one of the templates {', '.join(template_names())}",
            found=repr(name),
            do=f"did you mean {near[0]!r}?" if near else "choose one of them",
        )
    return _folder().joinpath(f"{name}.toml").read_text(encoding="utf-8")


def template_animals(name: str) -> str:
    """Return a template's animals.csv: one row for each animal its design needs, one to a cage.

    Raises
    ------
    UsageError
        If there is no template of that name.

    Examples
    --------
    >>> template_animals("ketamine-magnesium").splitlines()[:2]
    ['id,sex,strain,birth,weight_g,cage', 'M01,male,CD1,,,C01']
    """
    protocol = tomllib.loads(template_text(name))
    facts = protocol["facts"]
    rows = [f"M{k:02},{facts['sex']},{facts['strain']},,,C{k:02}" for k in range(1, protocol["design"]["animals"] + 1)]
    return "\n".join([_COLUMNS, *rows]) + "\n"


def _folder() -> Traversable:
    return files("littermate.store").joinpath("templates")
