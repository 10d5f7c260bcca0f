"""Recording: a file looked at before anyone scores it, in a worker process: what is in it, or why it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import DataError
from littermate.model.finding import Finding
from littermate.model.recording import Recording
from littermate.run.progress import sign
from littermate.video.check import check_recording
from littermate.video.frames import Frame

__all__ = ["CheckedRecording", "try_recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecording:
    """A recording that can be read to its end, and what was noticed about it."""

    recording: Recording
    findings: tuple[Finding, ...]
    t0_proposed_s: float | None


def try_recording(job: tuple[str, float]) -> CheckedRecording | DataError:
    """Read a recording (path, planned length in s) from end to end; give back the error where it cannot be read."""
    path, duration_s = job
    checked = check_recording(path, duration_s=duration_s, on_frame=_tell)
    if checked.error is not None:
        return checked.error
    assert checked.recording is not None
    return CheckedRecording(recording=checked.recording, findings=checked.findings, t0_proposed_s=checked.t0_proposed_s)


def _tell(frame: Frame) -> None:
    sign(frame.t_s)
