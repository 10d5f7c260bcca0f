"""Noticed: what every one-file result says about its file, and under which rules it was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from littermate.model.finding import Finding
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.run.progress import sign
from littermate.video.check import Watch
from littermate.video.frames import Frame
from littermate.video.looks import Looker, LookRules
from littermate.video.stills import Stills

__all__ = ["OnFrame", "Watched", "combined_rules", "trial_findings"]

OnFrame = Callable[[Frame], None] | None


SPARSE = LookRules(start_s=10.0, start_interval_s=0.5, most=120)
"""Fewer looks than `littermate video check` takes: a scoring pass knows its t0, and must cost little."""


SEVERAL = ("two-animals", "several-arenas")
"""What the checks of a recording say where more than one animal is in the picture."""


@dataclass(slots=True, kw_only=True)
class Watched:
    """What sees every frame of a scoring pass: the checks of a recording, whoever waits for the job, and the rest."""

    also: OnFrame = None
    stills: Stills | None = None
    watch: Watch = field(default_factory=lambda: Watch(looker=Looker(SPARSE)))

    def __call__(self, frame: Frame) -> None:
        """See one frame."""
        self.watch.look(frame)
        sign(frame.t_s)
        if self.stills is not None:
            self.stills.see(frame)
        if self.also is not None:
            self.also(frame)

    def findings(self, recording: Recording) -> tuple[Finding, ...]:
        """Say what is wrong with the recording, as `littermate video check` does.

        The header's count of frames is left out: a scoring pass need not decode them all, and a file that ends early is
        refused before.
        """
        return tuple(one for one in self.watch.findings(recording) if one.id != "frame-count-differs")


def combined_rules(name: str, *parts: RuleSet) -> RuleSet:
    """Join the rule sets of the workshops that made one number into the one it is stamped with."""
    parameters = [(f"{part.name}: {key}", value) for part in parts for key, value in part.parameters]
    return RuleSet(
        name=name, parameters=tuple(sorted(parameters)), words=tuple(word for part in parts for word in part.words)
    )


def trial_findings(
    recording: Recording,
    noticed: Sequence[Finding],
    *,
    animal_found: bool,
    placed: bool = False,
    window_s: tuple[float, float] | None = None,
) -> tuple[Finding, ...]:
    """Add to what was noticed about a recording what scoring a trial showed, each thing said once.

    Parameters
    ----------
    recording
        The file.
    noticed
        What the checks of the recording said.
    animal_found
        Whether scoring found an animal; it knows better than the checks.
    placed
        Whether the trial has an arena of its own: other animals in the picture are then as they should be.
    window_s
        The scored part, where the recording does not cover it.
    """
    about, found = recording.path, []
    if not animal_found:
        found.append(Finding(id="no-animal", importance="critical", message="no animal was found", about=about))
    if window_s is not None:
        message = f"the recording does not cover the scored {window_s[0]:g}-{window_s[1]:g} s: it ends after"
        message += f" {recording.duration_s:.1f} s; numbers are of the part it has (see --window, --t0)"
        found.append(Finding(id="cut-short", importance="critical", message=message, about=about))
    said = {"no-animal", "cut-short", *(SEVERAL if placed else ())}
    return (*found, *(one for one in noticed if one.id not in said))
