"""Canonical JSON: one text for one value, so that its hash means something: sorted keys, no spaces, UTF-8.

Tuples are written as lists, and read back as tuples.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.model.design import Balance, Design, Factor, Scheme

__all__ = ["allocation_from_json", "allocation_to_json", "from_json", "to_json"]


def to_json(value: Any) -> str:
    """Return the canonical text of plain values.

    Raises
    ------
    ValueError
        If a number is not finite.
    TypeError
        If a value is not text, number, true, false, none, list or mapping.

    Examples
    --------
    >>> to_json({"b": (1, 2.5), "a": "µ"})
    '{"a":"µ","b":[1,2.5]}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Any:
    """Return the value of a JSON text, its lists as tuples.

    Examples
    --------
    >>> from_json('[[1,"a"],[2,"b"]]')
    ((1, 'a'), (2, 'b'))
    """
    return _frozen(json.loads(text))


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return value


def allocation_to_json(allocation: Allocation) -> str:
    """Return the canonical text of an allocation; its seed as text, since JSON readers may round big numbers."""
    return to_json(
        {
            "factors": allocation.factors,
            "assignments": [(one.animal, one.cell) for one in allocation.assignments],
            "balanced": allocation.balanced,
            "seed": str(allocation.seed),
            "scheme": allocation.scheme,
            "design": None if allocation.design is None else dataclasses.asdict(allocation.design),
            "animals": [_animal_fields(animal) for animal in allocation.animals],
        }
    )


def _animal_fields(animal: Animal) -> dict[str, Any]:
    return dataclasses.asdict(animal) | {"birth": None if animal.birth is None else animal.birth.isoformat()}


def allocation_from_json(text: str) -> Allocation:
    """Read what `allocation_to_json` wrote; `KeyError`, `ValueError` or `TypeError` where it is something else.

    What a key was drawn from is not in the keys of the first release.
    """
    fields = from_json(text)
    design = fields.get("design")
    return Allocation(
        factors=fields["factors"],
        assignments=tuple(Assignment(animal=animal, cell=cell) for animal, cell in fields["assignments"]),
        balanced=fields["balanced"],
        seed=int(fields["seed"]),
        scheme=fields["scheme"],
        design=None if design is None else _design(design),
        animals=tuple(_animal(one) for one in fields.get("animals", ())),
    )


def _design(fields: dict[str, Any]) -> Design:
    records = {
        "factors": tuple(Factor(**one) for one in fields["factors"]),
        "balances": tuple(Balance(**one) for one in fields["balances"]),
        "scheme": Scheme(**fields["scheme"]),
    }
    return Design(**(fields | records))


def _animal(fields: dict[str, Any]) -> Animal:
    birth = fields["birth"]
    return Animal(**(fields | {"birth": None if birth is None else date.fromisoformat(birth)}))
