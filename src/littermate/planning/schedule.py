"""Schedule: when each step of the protocol happens, counted from the study's start.

Times are seconds from the first step without an `after`; day 1 is the first 24 hours. A step follows the start of
the last repeat of the step it comes after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from littermate.errors import Complaint, ProtocolError
from littermate.model.protocol import Step

__all__ = ["Occasion", "occasions"]

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One time at which one step is done; `number` counts the step's repeats from 1."""

    step: Step
    number: int
    start_s: float

    @property
    def day(self) -> int:
        """Day of the study, from 1."""
        return int(self.start_s // _DAY_S) + 1

    @property
    def hour(self) -> float:
        """Hours since that day began."""
        return self.start_s % _DAY_S / 3600


def occasions(schedule: Sequence[Step]) -> tuple[Occasion, ...]:
    """Return every repeat of every step, in the order of time.

    Raises
    ------
    ProtocolError
        If a step follows one that is not there, two steps follow each other in a circle, or share a name.

    Examples
    --------
    >>> day = 86400.0
    >>> schedule = (
    ...     Step(name="injections", treats="magnesium", repeat=14, every_s=day),
    ...     Step(name="injection", treats="ketamine", after="injections", delay_s=day),
    ... )
    >>> [(occasion.step.treats, occasion.day) for occasion in occasions(schedule)][-2:]
    [('magnesium', 14), ('ketamine', 15)]
    """
    _check_names(schedule)
    starts = _starts(schedule)
    every = [
        Occasion(step=step, number=number + 1, start_s=starts[step.name] + number * step.every_s)
        for step in schedule
        for number in range(step.repeat)
    ]
    return tuple(sorted(every, key=lambda occasion: occasion.start_s))


def _starts(schedule: Sequence[Step]) -> dict[str, float]:
    """Return the first start of each step; steps may stand in any order."""
    starts: dict[str, float] = {}
    ends: dict[str, float] = {"": 0.0}
    waiting = list(schedule)
    while ready := [step for step in waiting if step.after in ends]:
        for step in ready:
            starts[step.name] = ends[step.after] + step.delay_s
            ends[step.name] = starts[step.name] + (step.repeat - 1) * step.every_s
        waiting = [step for step in waiting if step.name not in starts]
    if waiting:
        raise ProtocolError.of(
            Complaint(
                expected="steps that follow each other in a line",
                found="a circle",
                do="let one of them follow another step, or none",
                where=f"step {step.name}, after {step.after}",
            )
            for step in waiting
        )
    return starts


def _check_names(schedule: Sequence[Step]) -> None:
    """Refuse a name that is used twice, and an `after` that is no step's name."""
    times = Counter(step.name for step in schedule)
    complaints = [
        Complaint(
            expected="each step once", found=f"{count} steps", do="name each step differently", where=f"step {name}"
        )
        for name, count in times.items()
        if count > 1
    ]
    complaints += [
        Complaint(
            expected=f"after = one of the steps {', '.join(times)}",
            found=step.after,
            do="correct the name",
            where=f"step {step.name}",
        )
        for step in schedule
        if step.after and step.after not in times
    ]
    if complaints:
        raise ProtocolError.of(complaints)
