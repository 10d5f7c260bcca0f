"""Facts: findings from what decoding a recording showed, without its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from littermate.model.finding import Finding
from littermate.model.recording import Recording

__all__ = ["FactRules", "recording_findings", "spoken_times"]

_NOTES = {
    "converted": "the pixel format has no plane of grey levels; they were computed",
    "damaged-container": "the file is damaged in places and what lay there is lost; copy it again from the camera",
    "damaged-packets": "packets were damaged; their pictures, and those built on them, count as missing time",
    "edit-list": "the file holds more than a player shows; only what is shown was read",
    "interlaced": "the recording is interlaced: two half pictures of different moments in each frame; the even lines"
    " were used",
    "late-start": "the first packets give no picture (filmed from a running stream); time starts at the first that"
    " does",
    "length-unstated": "nothing in the file says how long it should be, so a lost end cannot be noticed: compare it"
    " with the planned length (--duration)",
    "lost-frames": "packets gave no picture; their time is a gap",
    "pixel-aspect": "pixels are not as wide as high: lengths in pixels differ across and down",
    "repeated-times": "several pictures have one time; the first of each was used",
    "rotated": "the picture was turned as the file says",
    "short-of-header": "a little shorter than its header says",
    "wild-timestamps": "single packets with a time far off were left out",
}
_ELSEWHERE = {"clock-offset"}
_GRAVE = {"damaged-container", "damaged-packets", "lost-frames", "repeated-times", "short-of-header", "wild-timestamps"}
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRules:
    """When a fact about a recording is worth saying.

    Parameters
    ----------
    missing_part
        Part of the recording without a trustworthy frame from which it is critical.
    count_off, count_off_part
        Difference between decoded frames and the header's count that is said: both, in frames and as a part.
    late_s
        First timestamp of the file that is said.
    short_s
        How much shorter than planned a trial may be.
    slow_fps
        Frame rate below which it is said.
    """

    missing_part: float = 0.1
    count_off: int = 2
    count_off_part: float = 0.002
    late_s: float = 0.1
    short_s: float = 0.5
    slow_fps: float = 9.5


def recording_findings(
    recording: Recording,
    notes: Sequence[str] = (),
    *,
    duration_s: float | None = None,
    t0_s: float = 0.0,
    rules: FactRules | None = None,
) -> tuple[Finding, ...]:
    """Say what is unusual about a recording whose frames could all be read.

    Parameters
    ----------
    recording, notes
        What the reader found.
    duration_s, t0_s
        The planned length of the trial and its start, where they are known.
    rules
        When a fact is worth saying.

    Examples
    --------
    >>> from dataclasses import replace
    >>> good = Recording(path="a.mp4", sha256="", codec="h264", width=640, height=480, frames_decoded=300,
    ...                  frames_header=300, duration_s=10.0, fps_median=30.0, variable_frame_rate=False,
    ...                  corrupt_frames=0)
    >>> recording_findings(good)
    ()
    >>> [one.id for one in recording_findings(replace(good, corrupt_frames=3), duration_s=360)]
    ['cut-short', 'corrupt-frames']
    """
    rules = rules or FactRules()
    length = () if duration_s is None else _length(recording, duration_s, t0_s, rules)
    found = [*length, *_count(recording, rules), *_missing(recording, rules), *_clock(recording, rules), *_said(notes)]
    return tuple(
        Finding(id=name, importance=importance, message=message, about=recording.path)
        for name, importance, message in found
    )


Words = Iterator[tuple[str, str, str]]


def _length(recording: Recording, duration_s: float, t0_s: float, rules: FactRules) -> Words:
    there = recording.duration_s - t0_s
    if there < duration_s - rules.short_s:
        yield (
            "cut-short",
            "critical",
            f"the trial was planned for {duration_s:g} s, the recording holds {max(there, 0.0):.1f} s from"
            f" t0 = {t0_s:g} s on; look for a longer copy, or score a shorter window",
        )


def _count(recording: Recording, rules: FactRules) -> Words:
    if recording.frames_header is None:
        return
    off = recording.frames_decoded - recording.frames_header
    if abs(off) > max(rules.count_off, rules.count_off_part * recording.frames_header):
        yield (
            "frame-count-differs",
            "warning" if off < 0 else "note",
            f"the header promises {recording.frames_header} frames, {recording.frames_decoded} are shown; frames were"
            " dropped, or an edit list hides them: check that the trial is whole. Times are the frames' own and stay"
            " right",
        )


def _missing(recording: Recording, rules: FactRules) -> Words:
    missing = sum(stop - start for start, stop in recording.gaps)
    importance = "critical" if missing > rules.missing_part * recording.duration_s else "warning"
    if recording.corrupt_frames:
        yield (
            "corrupt-frames",
            importance,
            f"{recording.corrupt_frames} corrupt frames; their time counts as missing. Copy the file again from the"
            " camera, and keep this one if it is the same",
        )
    if recording.gaps:
        yield (
            "time-gaps",
            importance,
            f"{_number(len(recording.gaps), 'gap')} without a trustworthy frame, {missing:.2f} s in all:"
            f" {spoken_times(recording.gaps)}; they count as missing time",
        )


def _clock(recording: Recording, rules: FactRules) -> Words:
    if recording.variable_frame_rate:
        yield (
            "variable-frame-rate",
            "note",
            f"the frame rate varies about {recording.fps_median:.1f} frames a second; times are the file's own"
            " timestamps. Other programs that count frames will be wrong with this file",
        )
    if recording.first_timestamp_s > rules.late_s:
        yield (
            "late-clock",
            "note",
            f"the file's own clock starts at {recording.first_timestamp_s:.2f} s; times are counted from its first"
            " shown frame",
        )
    if recording.fps_median < rules.slow_fps:
        yield (
            "slow-frame-rate",
            "warning",
            f"only {recording.fps_median:.1f} frames a second: fast movements are lost; record with 15 or more",
        )


def _said(notes: Sequence[str]) -> Words:
    for note in notes:
        if note not in _ELSEWHERE:
            yield note, "warning" if note in _GRAVE else "note", _NOTES.get(note, note.replace("-", " "))


def spoken_times(times: Sequence[tuple[float, float]]) -> str:
    """Write stretches of time in words, the first few of many.

    Examples
    --------
    >>> spoken_times([(1.0, 2.5), (7.0, 7.1)])
    '1.0 to 2.5 s, 7.0 to 7.1 s'
    """
    shown = [f"{start:.1f} to {stop:.1f} s" for start, stop in times[:_SHOWN]]
    more = len(times) - _SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
