"""Commands: every command of the program, where it is written, and what it is for, in the order of the work.

So the program can say what it does, and find one command, without importing any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["SECTIONS", "Command", "homes", "overview"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, the module of this package that registers it, and what it does in a few words."""

    name: str
    home: str
    does: str


SECTIONS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    (
        "To see it work",
        (
            Command("demo", "demo_command", "simulate a whole study and walk it to its report"),
            Command("simulate", "demo_command", "make a study with known truth, not yet scored"),
        ),
    ),
    (
        "Before a study",
        (
            Command("power", "power_command", "power, sample size, smallest effect of a design"),
            Command("meta", "meta_command", "pool the effects of earlier studies"),
            Command("audit", "audit_command", "recompute the statistics that a paper prints"),
        ),
    ),
    (
        "A study, in the order of the work",
        (
            Command("new", "study_commands", "make a study folder with a protocol to edit"),
            Command("allocate", "study_commands", "draw the groups, seal them, give out codes"),
            Command("weigh", "dosing_command", "keep the animals' weights of a day"),
            Command("sheets", "dosing_command", "write injection sheets and cage cards"),
            Command("vial-key", "study_commands", "write what is in each vial, for the custodian"),
            Command("give", "dosing_command", "keep what was really given"),
            Command("deviations", "dosing_command", "list how that differs from the sheets"),
            Command("add-recordings", "study_commands", "register the recordings of an assay"),
            Command("place", "study_commands", "say when a trial starts and where its arena is"),
            Command("score", "study_commands", "score every trial of an assay"),
            Command("serve", "serve_command", "open the study in the browser: score by hand, place, review"),
            Command("user", "serve_command", "the people who may sign in there"),
            Command("give-clips", "serve_command", "give a scorer trials to score, in random order"),
            Command("agreement", "agreement_command", "say how alike two scorings are"),
            Command("hand-scores", "agreement_command", "write finished hand scores as a table"),
            Command("add-blots", "study_commands", "register the blot images of lanes.csv"),
            Command("quantify", "study_commands", "measure a target on every blot"),
            Command("add-plates", "study_commands", "register the plate files of plates.csv"),
            Command("read-plates", "study_commands", "quantify every plate"),
            Command("exclude", "study_commands", "leave an animal out, with the reason"),
            Command("check", "study_commands", "run the rules of good practice"),
            Command("status", "study_commands", "say how far the study is"),
            Command("lock", "study_commands", "close the data"),
            Command("unblind", "study_commands", "join the codes with the groups, once"),
            Command("fit", "study_commands", "fit every planned analysis"),
            Command("report", "study_commands", "write the report with its figures and tables"),
            Command("export", "export_command", "write data and script for R, SPSS, Prism or JASP"),
            Command("journal", "study_commands", "show who did what, and when"),
        ),
    ),
    (
        "One file, without a study",
        (
            Command("video", "video_commands", "look at recordings before they are scored"),
            Command("swim", "swim_command", "score immobility in a forced swim test"),
            Command("field", "field_command", "track the animal in an open field"),
            Command("trial", "assay_command", "score a recording of any assay"),
            Command("calibrate", "calibrate_command", "fit the thresholds to a person's scores"),
            Command("blot", "blot_command", "find and measure lanes and bands"),
            Command("plate", "plate_command", "fit a standard curve and read the samples"),
            Command("anova", "anova_command", "fit a factorial, mixed or repeated-measures ANOVA"),
            Command("dose", "dose_command", "fit dose-response curves and combinations"),
        ),
    ),
)


def homes(name: str = "") -> tuple[str, ...]:
    """Return the module that a command is written in; all of them where there is no such command.

    Examples
    --------
    >>> homes("demo")
    ('demo_command',)
    """
    commands = [command for _, section in SECTIONS for command in section]
    named = [command.home for command in commands if command.name == name]
    return tuple(dict.fromkeys(named or (command.home for command in commands)))


def overview() -> Iterator[str]:
    """Yield the lines that say what the program does."""
    yield "littermate: one record of an animal study, from the cage card to the figure"
    for title, commands in SECTIONS:
        yield f"\n{title}:"
        yield from (f"  {command.name:<15} {command.does}" for command in commands)
    yield "\nlittermate COMMAND --help says more of one."
