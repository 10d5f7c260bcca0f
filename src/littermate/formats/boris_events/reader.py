"""Reader of BORIS exports (CSV or TSV): *tabular events* (a row for each START and STOP) and *aggregated events*.

BORIS (Friard & Gamba 2016, *Methods Ecol Evol* 7:1325) counts from the start of the recording. Its `Subject` is the
animal; where there is none ("No focal subject"), the observation's id is. The recording is the media file, by its name
without the folder. Point events have no length and are left out. BORIS does not say which stretch was scored: the
clock must.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from littermate.errors import Complaint, TableError
from littermate.formats.scored_bouts.lines import Line, read_lines, read_seconds
from littermate.formats.scored_bouts.trials import Entry, TableClock, gather_trials
from littermate.model.scored_trial import ScoredTrial

__all__ = ["is_boris", "read_boris_events"]

_MEDIA = ("media file name", "media file", "media file path", "source")
_KIND = ("behavior type", "status", "type")
_NO_SUBJECT = ("", "no focal subject")
_AGGREGATED = ("behavior", "start (s)", "stop (s)")
_TABULAR = ("behavior", "time")


def is_boris(path: str | Path) -> bool:
    """Whether a file looks like an export of BORIS.

    Raises
    ------
    TableError
        If there is no such file, or it is not plain text.
    """
    return any(_has(path, columns) for columns in (_AGGREGATED, _TABULAR))


def read_boris_events(path: str | Path, clock: TableClock | None = None) -> tuple[ScoredTrial, ...]:
    """Read exported events into trials.

    Parameters
    ----------
    path
        The exported file.
    clock
        Which stretch was scored, and t0. Times of BORIS are the recording's.

    Raises
    ------
    TableError
        If it is no such export, or with every event that has no partner, no time or no recording.
    """
    clock = clock or TableClock()
    if clock.zero != "recording":
        raise TableError(
            expected="the recording's clock, which is what BORIS writes",
            found="the trial clock",
            do="leave --clock out, and give --t0",
            where=str(path),
        )
    complaints: list[Complaint] = []
    if _has(path, _AGGREGATED):
        entries = [_aggregated(line, complaints) for line in _states(read_lines(path, header=_AGGREGATED))]
    else:
        entries = list(_tabular(read_lines(path, header=_TABULAR), complaints))
    if complaints:
        raise TableError.of(complaints)
    return gather_trials(entries, clock, str(path))


def _has(path: str | Path, columns: Iterable[str]) -> bool:
    try:
        lines = read_lines(path, header=columns)
    except TableError as fault:
        if fault.complaints[0].expected.startswith("columns"):
            return False
        raise
    return bool(lines) and any(name in lines[0].cells for name in _MEDIA)


def _states(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if line.cell(*_KIND).upper() != "POINT")


def _aggregated(line: Line, complaints: list[Complaint]) -> Entry:
    start, stop = (read_seconds(line.cell(column)) for column in ("start (s)", "stop (s)"))
    if start is None or stop is None or not start < stop:
        found = f"{line.cell('start (s)')!r} to {line.cell('stop (s)')!r}"
        complaints.append(Complaint(expected="start before stop", found=found, do="correct it", where=line.where))
        return _entry(line, None, complaints)
    return _entry(line, (start, stop), complaints)


def _tabular(lines: Iterable[Line], complaints: list[Complaint]) -> Iterator[Entry]:
    """Pair each START with the STOP of the same behaviour that follows it."""
    begun: dict[tuple[str, str, str], tuple[float, Line]] = {}
    for line in _states(lines):
        kind, time_s = line.cell(*_KIND).upper(), read_seconds(line.cell("time"))
        key = (_video(line), _animal(line), line.cell("behavior"))
        if kind not in ("START", "STOP") or time_s is None or (kind == "START") == (key in begun):
            found = f"{kind or 'no kind'} of {key[2]} at {line.cell('time')!r}"
            do = "correct the events in BORIS ('fix unpaired events'), and export them again"
            complaints.append(
                Complaint(expected="START and STOP by turns, with times", found=found, do=do, where=line.where)
            )
        elif kind == "START":
            begun[key] = (time_s, line)
        else:
            start_s, _ = begun.pop(key)
            if time_s > start_s:
                yield _entry(line, (start_s, time_s), complaints)
    for (_, _, behaviour), (start_s, line) in begun.items():
        found = f"{behaviour} from {start_s:g} s without an end"
        complaints.append(Complaint(expected="a STOP for each START", found=found, do="correct it", where=line.where))


def _entry(line: Line, bout_s: tuple[float, float] | None, complaints: list[Complaint]) -> Entry:
    video = _video(line)
    if not video:
        complaints.append(Complaint(expected="a media file", found="none", do="export it, too", where=line.where))
    return Entry(where=line.where, video=video, animal=_animal(line), behaviour=line.cell("behavior"), bout_s=bout_s)


def _video(line: Line) -> str:
    """Return the media file's name without its folder and without the player's number."""
    text = line.cell(*_MEDIA)
    text = text.partition(":")[2] if text.lower().startswith("player") else text
    return text.replace("\\", "/").rpartition("/")[2].strip()


def _animal(line: Line) -> str:
    subject = line.cell("subject")
    return (line.cell("observation id") or _video(line)) if subject.lower() in _NO_SUBJECT else subject
