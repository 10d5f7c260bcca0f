"""A key press is checked when it is made, and what stands is what was not undone."""

import math
from typing import Any

import pytest

from littermate.errors import DataError
from littermate.model.key_press import KeyPress, standing


def press(number: int, action: str = "state", **fields: Any) -> KeyPress:
    return KeyPress(**{"clip": "C", "number": number, "action": action, "t_s": float(number)} | fields)


def test_what_stands_is_what_was_not_undone() -> None:
    presses = [press(1, behaviour="immobile"), press(2), press(3, "undo", undoes=1), press(4, "done")]
    assert [one.number for one in standing(presses)] == [2, 4]


def test_a_done_can_be_taken_back() -> None:
    assert standing([press(1, "done"), press(2, "undo", undoes=1)]) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "score"},
        {"number": 0},
        {"t_s": -1.0},
        {"t_s": math.nan},
        {"speed": 9.0},
        {"speed": 0.1},
        {"action": "undo"},
        {"undoes": 1},
    ],
)
def test_what_cannot_be_meant_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(DataError):
        KeyPress(**{"clip": "C", "number": 1, "action": "state", "t_s": 1.0} | fields)
