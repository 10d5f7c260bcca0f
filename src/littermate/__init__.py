"""Littermate: one record of an animal study, from the cage card to the figure.

Examples
--------
>>> import littermate as lm
>>> sorted(lm.__all__)[:3]
['Study', 'audit_paper', 'create_study']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from littermate.version import __version__ as __version__

if TYPE_CHECKING:
    from littermate.single.audit import audit_paper as audit_paper
    from littermate.single.blot import measure_blot as measure_blot
    from littermate.single.field import score_field as score_field
    from littermate.single.plate import measure_plate as measure_plate
    from littermate.single.swim import score_swim as score_swim
    from littermate.single.table import fit_table as fit_table
    from littermate.study import Study as Study
    from littermate.study import create_study as create_study
    from littermate.study import open_study as open_study

_HOME = {
    "Study": "littermate.study",
    "audit_paper": "littermate.single.audit",
    "create_study": "littermate.study",
    "fit_table": "littermate.single.table",
    "measure_blot": "littermate.single.blot",
    "measure_plate": "littermate.single.plate",
    "open_study": "littermate.study",
    "score_field": "littermate.single.field",
    "score_swim": "littermate.single.swim",
}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use, so that importing the package stays quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'littermate' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
