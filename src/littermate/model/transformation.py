"""Transformation: a scale on which an outcome is analysed, and what a Box-Cox profile advises.

A transformation that was not planned is a sensitivity analysis: it asks another question (ratios instead of
differences), and choosing it by its P is a false positive waiting to happen.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["BoxCox", "Transformation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """A scale.

    Parameters
    ----------
    kind
        ``"log"`` (natural), ``"sqrt"``, or ``"logit"`` of the share of `total`.
    shift
        Added to every value first (to a share's two parts alike), for outcomes with zeros; stated in the words.
    total
        What the outcome is a share of (the window's seconds), for ``"logit"``.
    """

    kind: str
    shift: float = 0.0
    total: float | None = None

    @property
    def words(self) -> str:
        """The scale in words.

        Examples
        --------
        >>> Transformation(kind="log", shift=1).words
        'natural logarithm of the outcome + 1'
        """
        value = f"the outcome + {self.shift:g}" if self.shift else "the outcome"
        if self.kind == "logit":
            rest = f"({self.total:g} - the outcome{f' + {self.shift:g}' if self.shift else ''})"
            return f"natural logarithm of ({value}) / {rest}"
        return f"{'natural logarithm' if self.kind == 'log' else 'square root'} of {value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCox:
    """The power of the outcome that makes the residuals most nearly normal, its 95 % interval, and what it advises.

    An end of the interval is infinite where the profile does not fall to it.
    """

    power: float
    ci95: Interval
    says: str
