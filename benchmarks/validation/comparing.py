"""Comparing: the reference cases beside the repository, and how far numbers are from theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles"

Numbers = Iterator[tuple[str, float, float]]
"""(kind of number, ours, the reference's)."""


def expected(name: str) -> dict[str, Any]:
    """Return the numbers of one case."""
    found: dict[str, Any] = json.loads((ORACLES / f"{name}.json").read_text(encoding="utf-8"))["expected"]
    return found


def worst(case: Callable[[], Numbers]) -> dict[str, float]:
    """Return the largest relative difference in each kind of number; absolute where the reference is 0."""
    found: dict[str, float] = {}
    for kind, ours, reference in case():
        apart = abs(ours - reference) / (abs(reference) or 1.0)
        found[kind] = max(found.get(kind, 0.0), apart)
    return found
