"""Registry: every assay there is, gathered from the files of this folder.

A new assay is one more file with an ``ASSAY`` in it (see `assay`); nothing is listed here.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import littermate.assays
from littermate.assays.assay import Assay
from littermate.errors import UsageError

__all__ = ["all_assays", "find_assay"]


@cache
def all_assays() -> tuple[Assay, ...]:
    """Return every assay, by name.

    Raises
    ------
    UsageError
        If two files declare the same name.

    Examples
    --------
    >>> [assay.name for assay in all_assays()]
    ['elevated plus maze', 'tail suspension']
    """
    found: dict[str, Assay] = {}
    for info in pkgutil.iter_modules(littermate.assays.__path__, "littermate.assays."):
        assay = vars(importlib.import_module(info.name)).get("ASSAY")
        if isinstance(assay, Assay):
            if assay.name in found:
                raise UsageError(
                    expected="one file an assay", found=f"{assay.name!r} twice", do="rename one", where=info.name
                )
            found[assay.name] = assay
    return tuple(found[name] for name in sorted(found))


def find_assay(name: str) -> Assay:
    """Return the assay of a name.

    Raises
    ------
    UsageError
        If there is none; it lists what there is.
    """
    assays = {assay.name: assay for assay in all_assays()}
    if name not in assays:
        raise UsageError(
            expected=f"one of the assays {', '.join(assays)}", found=repr(name), do="correct the name of the assay"
        )
    return assays[name]
