"""Video commands: what can be said of recordings before anyone scores them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.json_output import record_json, recording_json
from littermate.cli.options import Figure, Json, numbered
from littermate.cli.printing import Bars, print_json, print_rules, print_table
from littermate.single.check import check_files, picture_of_check
from littermate.single.picture import save
from littermate.video.check import RecordingCheck, check_rules

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    video = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at recordings before they are scored.")
    video.command()(check)
    video.callback()(_group)
    app.add_typer(video, name="video")


def _group() -> None:
    """Look at recordings before they are scored."""


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings.")],
    duration: Annotated[float | None, typer.Option(help="Planned length of the trial from t0, s.")] = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Say what is wrong with recordings; exit with 1 if any cannot be used as it is."""
    with Bars() as bars:
        checks = check_files(files, duration_s=duration, on_sign=lambda path, s: bars(Path(path).name, s, None))
    for number, one in enumerate(checks, 1):
        if figure:
            save(picture_of_check(one), numbered(figure, number, len(checks)))
    if json:
        _print_as_json(checks)
    else:
        for one in checks:
            _print_page(one)
        print_rules(check_rules())
    if not all(one.usable for one in checks):
        raise typer.Exit(1)


def _print_as_json(checks: tuple[RecordingCheck, ...]) -> None:
    findings = [finding for one in checks for finding in one.findings]
    if len(checks) == 1:
        print_json(check_rules(), findings, **_content(checks[0]))
        return
    files = [_content(one) | {"findings": [record_json(finding) for finding in one.findings]} for one in checks]
    print_json(check_rules(), findings, usable=all(one.usable for one in checks), files=files)


def _content(checked: RecordingCheck) -> dict[str, Any]:
    """Return one file as json-output.md wants it."""
    content: dict[str, Any] = {
        "path": checked.path,
        "recording": None if checked.recording is None else recording_json(checked.recording),
        "usable": checked.usable,
        "t0_proposed_s": checked.t0_proposed_s,
        "t0_reason": checked.t0_reason,
    }
    if checked.error is not None:
        complaints = [record_json(one) for one in checked.error.complaints]
        content["error"] = {**complaints[0], "complaints": complaints}
    return content


def _print_page(checked: RecordingCheck) -> None:
    verdict = "usable" if checked.usable else "not usable as it is"
    print_table(f"{checked.path}: {verdict}", ("what", "value"), [*_facts(checked), _t0(checked)])
    found = [(one.importance, one.id, one.message) for one in checked.findings]
    nothing = [("", "none", "nothing was found wrong")]
    print_table("findings", ("importance", "finding", "what it says"), found or nothing)


def _facts(checked: RecordingCheck) -> list[tuple[str, object]]:
    recording = checked.recording
    if recording is None:
        return []
    header = "not said" if recording.frames_header is None else str(recording.frames_header)
    varies = ", varies" if recording.variable_frame_rate else ""
    return [
        ("picture (px)", f"{recording.width} x {recording.height}, {recording.codec}"),
        ("length (s)", f"{recording.duration_s:.2f}"),
        ("frames decoded (in the header)", f"{recording.frames_decoded} ({header})"),
        ("frames a second", f"{recording.fps_median:.2f}{varies}"),
        ("corrupt frames, gaps", f"{recording.corrupt_frames}, {len(recording.gaps)}"),
    ]


def _t0(checked: RecordingCheck) -> tuple[str, object]:
    if checked.t0_proposed_s is None:
        return "t0 (s)", f"not proposed: {checked.t0_reason}"
    return "t0 (s), proposed: please confirm", f"{checked.t0_proposed_s:.2f}: {checked.t0_reason}"
