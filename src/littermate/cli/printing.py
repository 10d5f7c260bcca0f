"""Printing: results as tables for people and as one JSON object for programs.

JSON goes to standard output and nothing else does; tables too. Progress, warnings and errors go to standard error.
Numbers are rounded in tables only.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from littermate.errors import LittermateError
from littermate.model.finding import Finding
from littermate.model.rules import RuleSet
from littermate.version import __version__

if TYPE_CHECKING:
    from littermate.video.frames import Frame

__all__ = [
    "Bars",
    "VideoBar",
    "err",
    "figures",
    "out",
    "print_error",
    "print_findings",
    "print_json",
    "print_rules",
    "print_table",
]

_PIPED_WIDTH = 160
_LONGEST = 1e9
"""From here on a number is written with a power of ten."""

out = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
err = Console(stderr=True, highlight=False, emoji=False, width=None if sys.stderr.isatty() else _PIPED_WIDTH)

_COLOURS = {"critical": "red", "warning": "yellow", "note": "cyan"}


def figures(value: object, digits: int = 4) -> str:
    """Round a number for people; text stays, nothing becomes a dash.

    Examples
    --------
    >>> figures(12.34567), figures(0.000012345), figures(None), figures(3), figures(123456.7), figures(3.246e23)
    ('12.35', '1.234e-05', '–', '3', '123457', '3.246e+23')
    """
    if value is None:
        return "–"
    if isinstance(value, float):
        whole = 10**digits <= abs(value) < _LONGEST
        return f"{value:.0f}" if whole else f"{value:.{digits}g}"
    return str(value)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers to the right."""
    out.print(f"\n[bold]{escape(title)}[/]")
    table = Table(box=None, pad_edge=False)
    body = [list(row) for row in rows]
    for place, column in enumerate(columns):
        numeric = any(isinstance(row[place], int | float) for row in body)
        table.add_column(escape(column), justify="right" if numeric else "left")
    for row in body:
        table.add_row(*(escape(figures(value)) for value in row))
    out.print(table)


def print_findings(findings: Iterable[Finding]) -> None:
    """Print what the checks said, with its importance."""
    for finding in findings:
        colour = _COLOURS.get(finding.importance, "white")
        said = not finding.about or finding.message.startswith(finding.about)
        about = "" if said else f" ({finding.about})"
        err.print(f"[{colour}]{finding.importance}[/] {escape(finding.message + about)} [dim]{escape(finding.id)}[/]")


def print_rules(rules: RuleSet) -> None:
    """Print the rules behind the numbers above, and their hash."""
    out.print(f"\n[bold]Rules[/] {rules.name} [dim]{rules.hash}[/]")
    for words in rules.words:
        out.print(f"  [dim]{escape(words)}[/]")


def print_json(rules: RuleSet | None, findings: Iterable[Finding], /, **content: Any) -> None:
    """Print one JSON object as json-output.md describes."""
    payload: dict[str, Any] = {
        "littermate": __version__,
        "rules": None if rules is None else {"name": rules.name, "words": list(rules.words), "hash": rules.hash},
        "findings": [
            {"id": one.id, "importance": one.importance, "message": one.message, "about": one.about} for one in findings
        ],
    }
    sys.stdout.write(json.dumps(payload | _plain(content), ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def print_error(error: LittermateError, *, as_json: bool) -> None:
    """Print an error in words, and as JSON where that was asked for."""
    for complaint in error.complaints:
        err.print(f"[red]error[/] {escape(str(complaint))}")
    if as_json:
        complaints = [
            {"where": one.where, "expected": one.expected, "found": one.found, "do": one.do} for one in error.complaints
        ]
        payload = {"littermate": __version__, "error": {**complaints[0], "complaints": complaints}}
        sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=1) + "\n")


def _plain(value: Any) -> Any:
    """Turn numpy numbers, tuples and mappings into what JSON has; a number that is none becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class _Speed(ProgressColumn):
    """How fast: times real time where a stage counts seconds of recording ("... (s)"), else things a minute."""

    def render(self, task: Task) -> Text:
        """Draw it."""
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        if task.description.rstrip().endswith("(s)"):
            return Text(f"{speed:.1f} x real time", style="progress.data.speed")
        return Text(f"{60 * speed:.1f} / min", style="progress.data.speed")


class Bars:
    """Progress bars on standard error, one a stage; a `Progress` for `Study`.

    Where standard error is no terminal nothing is drawn, but for one line a stage that has come to its end.
    """

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Speed(),
            TextColumn("[dim]left[/]"),
            TimeRemainingColumn(compact=True),
            console=err,
            speed_estimate_period=60.0,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        if err.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, *fault: object) -> None:
        if err.is_terminal:
            self._bars.stop()

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        """Move the bar of a stage; without a total it only shows that work goes on."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        unfinished = not self._bars.tasks[self._tasks[stage]].finished
        self._bars.update(self._tasks[stage], completed=round(done), total=None if total is None else round(total))
        if total is not None and done >= total and unfinished and not err.is_terminal:
            err.print(f"{stage}: {total:g} done")


class VideoBar:
    """Moves a bar by the time of the frames that have been decoded; to be called with every frame."""

    def __init__(self, bars: Bars, stage: str, until_s: float | None) -> None:
        self._bars, self._stage, self._until_s, self._next_s = bars, stage, until_s, 0.0

    def __call__(self, frame: Frame) -> None:
        """Tell the bar, once a second of recording."""
        if frame.t_s >= self._next_s:
            self._next_s = frame.t_s + 1
            until = self._until_s
            self._bars(self._stage, frame.t_s if until is None else min(frame.t_s, until), until)
