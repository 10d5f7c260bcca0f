"""Noticed: what every one-file result says about its file, and under which rules it was made."""

from __future__ import annotations

from littermate.model.finding import Finding
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet

__all__ = ["combined_rules", "recording_findings"]


def combined_rules(name: str, *parts: RuleSet) -> RuleSet:
    """Join the rule sets of the workshops that made one number into the one it is stamped with."""
    parameters = [(f"{part.name}: {key}", value) for part in parts for key, value in part.parameters]
    return RuleSet(
        name=name, parameters=tuple(sorted(parameters)), words=tuple(word for part in parts for word in part.words)
    )


def recording_findings(recording: Recording) -> tuple[Finding, ...]:
    """Say what is unusual about a recording whose numbers are used all the same."""
    found = []
    if recording.corrupt_frames:
        found.append(
            Finding(
                id="corrupt-frames",
                importance="warning",
                about=recording.path,
                message=f"{recording.corrupt_frames} corrupt frames; their time counts as missing",
            )
        )
    if recording.variable_frame_rate:
        found.append(
            Finding(
                id="variable-frame-rate",
                importance="note",
                about=recording.path,
                message="the frame rate varies; times are the file's own timestamps",
            )
        )
    if recording.gaps:
        missing = sum(stop - start for start, stop in recording.gaps)
        found.append(
            Finding(
                id="time-gaps",
                importance="warning",
                about=recording.path,
                message=f"{len(recording.gaps)} gaps without a trustworthy frame, {missing:.2f} s in all",
            )
        )
    return tuple(found)
