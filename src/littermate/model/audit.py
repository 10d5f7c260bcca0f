"""Audit: what the printed numbers of a paper say about each other.

Findings have the ids, importances and words of checks; `places` lead to the text. Nothing in an audit says why a
number is wrong: a slip of the pen and an error of the analysis look the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.paper import Paper
from littermate.model.reported_test import VERDICTS, RecomputedTest, UnreadTest

__all__ = ["Audit", "AuditFinding", "DfInference", "PrintedDesign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDesign:
    """A design as given by the reader or found in the text.

    Parameters
    ----------
    levels
        Levels of each factor between animals: ``(2, 2)``; empty where not known.
    n
        All animals; `None` where not known.
    per_group
        Animals of a group, where the text says one number for all; or `None`.
    source
        ``"given"``, or the words of the text it was read from.
    experiment
        Which of several experiments of a paper it is, as the text calls it ("experiment 2"), or empty.
    """

    levels: tuple[int, ...]
    n: int | None
    per_group: int | None
    source: str
    experiment: str = ""

    @property
    def words(self) -> str:
        """Its factors: ``"2 x 2"``, ``"3 groups"``, or ``""`` where they are not known.

        Examples
        --------
        >>> PrintedDesign(levels=(2,), n=24, per_group=12, source="given").words
        '2 groups'
        """
        crossed = " x ".join(map(str, self.levels))
        return f"{crossed} groups" if len(self.levels) == 1 else crossed

    @property
    def error_df(self) -> int | None:
        """Error degrees of freedom of the full factorial model between animals, where they follow.

        Examples
        --------
        >>> PrintedDesign(levels=(2, 2), n=32, per_group=8, source="given").error_df
        28
        """
        if not self.levels or self.n is None:
            return None
        cells = 1
        for count in self.levels:
            cells *= count
        return self.n - cells if self.n > cells else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DfInference:
    """Which error degrees of freedom make the printed P of F and t tests right.

    Parameters
    ----------
    printed
        The error degrees of freedom as printed; `None`: all tests together.
    tests
        How many tests were printed with them.
    as_printed
        How many of these are consistent with them.
    best
        The degrees of freedom with which most are consistent, in rising order.
    consistent
        How many are consistent with each of `best`.
    counts
        Pairs (degrees of freedom, tests consistent with them), over all that were tried.
    """

    printed: float | None
    tests: int
    as_printed: int
    best: tuple[float, ...]
    consistent: int
    counts: tuple[tuple[float, int], ...]

    @property
    def best_words(self) -> str:
        """The best degrees of freedom in words, numbers that follow each other as a range.

        Examples
        --------
        >>> some = DfInference(printed=None, tests=9, as_printed=3, best=(26.0, 28.0, 29.0), consistent=6, counts=())
        >>> some.best_words
        '26 or 28 to 29'
        """
        runs: list[list[float]] = []
        for df in self.best:
            if runs and df == runs[-1][-1] + 1:
                runs[-1].append(df)
            else:
                runs.append([df])
        return " or ".join(f"{run[0]:g}" if len(run) == 1 else f"{run[0]:g} to {run[-1]:g}" for run in runs)

    @property
    def speaks(self) -> bool:
        """Whether other degrees of freedom than the printed ones make more P right."""
        return self.consistent > self.as_printed


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """One thing that the printed numbers show.

    `importance` is ``"critical"`` (they contradict each other), ``"warning"`` (a reader should ask) or ``"note"``;
    `places` are pairs (start, stop) in the paper's text.
    """

    id: str
    importance: str
    message: str
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A paper's printed tests, each recomputed, what else its numbers show, and what could not be read as a test."""

    paper: Paper
    tests: tuple[RecomputedTest, ...]
    df_inference: tuple[DfInference, ...]
    designs: tuple[PrintedDesign, ...]
    findings: tuple[AuditFinding, ...]
    unread: tuple[UnreadTest, ...] = ()

    @property
    def verdicts(self) -> dict[str, int]:
        """How many tests each of `VERDICTS` was given to."""
        given = [test.verdict for test in self.tests]
        return {verdict: given.count(verdict) for verdict in VERDICTS}

    @property
    def df_told(self) -> tuple[DfInference, ...]:
        """What is inferred, each thing once: where one number was printed, all tests together say no more."""
        printed = [one for one in self.df_inference if one.printed is not None]
        return tuple(printed) if len(printed) == 1 else self.df_inference
