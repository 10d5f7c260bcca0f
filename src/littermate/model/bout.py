"""Bout: a stretch of one behaviour. `ScoredBout` is a person's, `DetectedBout` a method's: siblings, never a flag.

Intervals are half-open ``[start_s, stop_s)`` on the trial clock. `cut` says that the window's edge ended or began it.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["Behaviour", "DetectedBout", "Ethogram", "ScoredBout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One behaviour of an ethogram, with the definition a scorer reads and the key that is pressed for it."""

    name: str
    definition: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ethogram:
    """The behaviours of an assay; of those in one ethogram only one can be at a time."""

    name: str
    behaviours: tuple[Behaviour, ...]


def _check_interval(start_s: float, stop_s: float) -> None:
    if not stop_s > start_s:
        raise DataError(expected="a bout that ends after it starts", found=f"[{start_s}, {stop_s})", do="correct it")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedBout:
    """A bout found by a method under a rule set."""

    behaviour: str
    start_s: float
    stop_s: float
    cut: bool = False

    def __post_init__(self) -> None:
        _check_interval(self.start_s, self.stop_s)

    @property
    def duration_s(self) -> float:
        """Length of the bout."""
        return self.stop_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBout:
    """A bout marked by a person."""

    behaviour: str
    start_s: float
    stop_s: float
    scorer: str
    cut: bool = False

    def __post_init__(self) -> None:
        _check_interval(self.start_s, self.stop_s)

    @property
    def duration_s(self) -> float:
        """Length of the bout."""
        return self.stop_s - self.start_s
