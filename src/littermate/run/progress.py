"""Progress: how long work tells a face how far it is.

A `Progress` is called with the stage's name, what is done and the total, in any unit; a face draws the bar.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "silent"]


class Progress(Protocol):
    """What a face gives to long work."""

    def __call__(self, stage: str, done: float, total: float) -> None:
        """Say that `done` of `total` of a stage is done."""


def silent(stage: str, done: float, total: float) -> None:
    """Draw nothing."""
