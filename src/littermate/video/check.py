"""Check: what is wrong with a recording, said before anyone scores it.

A `Watch` takes looks (`looks`) from any pass that decodes the recording and judges them afterwards; scoring passes and
`check_recording` run the very same checks. Grey levels are 16 (black) to 235 (white); lengths are pixels of the
recording; times are seconds on its clock. What each finding means and what to do is in docs/video.md.

A recording is *usable* when no finding is critical. Whatever cannot be told is not said: a scene without edges has no
finding about its camera, and a t0 that cannot be proposed is `None`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from littermate.errors import DataError, VideoError
from littermate.model.finding import Finding
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.video.facts import FactRules, recording_findings
from littermate.video.frames import Frame, FrameReader
from littermate.video.judge import SceneRules, Verdict, judge
from littermate.video.looks import Looker, LookRules, Looks

__all__ = ["RecordingCheck", "Watch", "check_recording", "check_rules", "recording_findings", "unreadable"]


@dataclass(slots=True)
class Watch:
    """Looks at a recording while it is decoded, and judges it afterwards.

    Examples
    --------
    >>> import numpy as np
    >>> watch = Watch()
    >>> for t in range(20):
    ...     watch.look(Frame(t_s=float(t), luma=np.full((48, 64), 16, np.uint8), trusted=True))
    >>> watch.verdict().findings[0].id
    'too-dark'
    """

    about: str = ""
    looker: Looker = field(default_factory=Looker)

    def look(self, frame: Frame) -> None:
        """Take in one decoded frame; it costs next to nothing unless a look is due."""
        self.looker.look(frame)

    def verdict(self) -> Verdict:
        """Return what the pictures say: findings, the proposed t0, the brightness."""
        return judge(self.looker.looks(), self.about)

    def findings(
        self, recording: Recording, *, notes: Sequence[str] = (), duration_s: float | None = None, t0_s: float = 0.0
    ) -> tuple[Finding, ...]:
        """Return all that is wrong with a recording: its facts, and its pictures as they were seen.

        Parameters
        ----------
        recording, notes
            What the reader found.
        duration_s, t0_s
            The planned length of the trial and its start, where they are known.
        """
        self.about = recording.path
        facts = recording_findings(recording, notes, duration_s=duration_s, t0_s=t0_s)
        return _by_importance(facts + self.verdict().findings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingCheck:
    """One recording, checked.

    Parameters
    ----------
    path
        The file.
    recording
        What was found in it; `None` where it cannot be read to its end.
    findings
        What is wrong, the gravest first.
    usable
        Whether no finding is critical.
    t0_proposed_s, t0_reason
        When the trial seems to begin, to be confirmed by a person, and why; `None` where that cannot be told.
    looks
        The pictures it was judged by; `None` where there was none.
    error
        Why it cannot be read.
    """

    path: str
    recording: Recording | None
    findings: tuple[Finding, ...]
    usable: bool
    t0_proposed_s: float | None
    t0_reason: str
    looks: Looks | None
    error: DataError | None = None


def check_recording(
    path: str | Path, *, duration_s: float | None = None, on_frame: Callable[[Frame], None] | None = None
) -> RecordingCheck:
    """Decode a recording from end to end and say what is wrong with it.

    Parameters
    ----------
    path
        The recording. One that cannot be read has `error` and is not usable; nothing is raised.
    duration_s
        Planned length of the trial, from the proposed t0.
    on_frame
        Called with every decoded frame.

    Examples
    --------
    >>> checked = check_recording("no-such-file.mp4")
    >>> checked.usable, checked.findings[0].id
    (False, 'unreadable')
    """
    watch = Watch(about=str(path))
    try:
        reader = FrameReader(path)
        for frame in reader:
            watch.look(frame)
            if on_frame is not None:
                on_frame(frame)
        recording = reader.recording
    except VideoError as fault:
        return unreadable(str(path), fault, watch.looker.looks())
    verdict = watch.verdict()
    t0_s = verdict.t0.t_s or 0.0
    facts = recording_findings(recording, reader.notes, duration_s=duration_s, t0_s=t0_s)
    findings = _by_importance(facts + verdict.findings)
    return RecordingCheck(
        path=str(path),
        recording=recording,
        findings=findings,
        usable=all(one.importance != "critical" for one in findings),
        t0_proposed_s=verdict.t0.t_s,
        t0_reason=verdict.t0.reason,
        looks=watch.looker.looks(),
    )


def unreadable(path: str, fault: DataError, looks: Looks | None = None) -> RecordingCheck:
    """Return the check of a recording that cannot be read to its end, and what was seen of it."""
    findings = tuple(
        Finding(
            id="unreadable",
            importance="critical",
            about=path,
            message=f"expected {one.expected}; found {one.found}; {one.do}",
        )
        for one in fault.complaints
    )
    return RecordingCheck(
        path=path,
        recording=None,
        findings=findings,
        usable=False,
        t0_proposed_s=None,
        t0_reason="the recording cannot be read to its end",
        looks=looks,
        error=fault,
    )


def _by_importance(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    order = ("critical", "warning", "note")
    return tuple(sorted(findings, key=lambda one: order.index(one.importance)))


def check_rules() -> RuleSet:
    """Return the rules under which recordings are checked."""
    rules = [RuleSet.of("", part, ()) for part in (LookRules(), FactRules(), SceneRules())]
    return RuleSet(
        name="video check",
        parameters=tuple(sorted(pair for one in rules for pair in one.parameters)),
        words=(
            "every frame is decoded; times are the file's own, from its first shown frame",
            "pictures are judged on looks of up to 160 px: every second, every 0.2 s in the first 30 s",
            "usable: no finding is critical",
        ),
    )
