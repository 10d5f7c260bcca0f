"""Study commands: the stages of a study, in the words of `Study`."""

from __future__ import annotations

import dataclasses
import json as json_text
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from littermate.cli.arguments import box as read_box
from littermate.cli.arguments import corners as read_corners
from littermate.cli.json_output import record_json
from littermate.cli.options import HERE, Folder, Json
from littermate.cli.printing import Bars, err, figures, out, print_findings, print_json, print_table
from littermate.files import require_file
from littermate.model.balance import ColumnBalance
from littermate.study import Study, create_study, open_study

__all__ = ["register"]

PassphraseFile = Annotated[Path | None, typer.Option(help="File that holds the custodian's passphrase.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    commands = (
        new,
        allocate,
        add_recordings,
        place,
        add_blots,
        add_plates,
        score,
        quantify,
        read_plates,
        exclude,
        check,
        status,
        lock,
        unblind,
        fit,
        report,
        journal,
        vial_key,
    )
    for command in commands:
        app.command(command.__name__.replace("_", "-"))(command)


def _open(folder: Path, bars: Bars | None = None, passphrase_file: Path | None = None) -> Study:
    passphrase = None
    if passphrase_file is not None:
        passphrase = require_file(passphrase_file).read_text(encoding="utf-8").strip()
    if bars is None:
        return open_study(folder, passphrase=passphrase)
    return open_study(folder, passphrase=passphrase, progress=bars)


def new(
    name: Path,
    template: Annotated[str, typer.Option(help="ketamine-magnesium or ketamine-diet.")] = "ketamine-magnesium",
) -> None:
    """Make a study folder with a protocol to be edited."""
    study = create_study(name, template=template)
    out.print(f"made {study.folder.root}: edit study.toml and animals.csv, then run: littermate allocate")
    _say_what_it_finds(study)
    print_findings(finding for finding in study.check() if finding.id == "dose-missing")


def _say_what_it_finds(study: Study) -> None:
    for text in study.what_it_can_find():
        out.print(text, markup=False)


def allocate(
    seed: Annotated[int | None, typer.Option(help="Reproduces the groups, so a secret; random by default.")] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Only show how even the scheme, or with --seed its draw, makes the groups."),
    ] = False,
    passphrase_file: PassphraseFile = None,
    study: Folder = HERE,
    json: Json = False,
) -> None:
    """Draw the groups, seal them, and give out codes; or look at their balance first."""
    opened = _open(study, passphrase_file=passphrase_file)
    if preview:
        return _show_preview(opened, seed, json)
    tags = opened.allocate(seed=seed)
    if json:
        balance = [dataclasses.asdict(one) for one in opened.balance]
        return print_json(None, opened.check(), animals=len(tags), sealed=opened.folder.key_path.name, balance=balance)
    out.print(f"{len(tags)} animals allocated; the groups are sealed in {opened.folder.key_path.name}")
    out.print(f"vials and sides for the bench: {opened.sheets / 'injections.csv'} (to print: littermate sheets)")
    if opened.kept_passphrase is not None:
        err.print(
            f"[yellow]no passphrase was given[/]: one was made and kept in {opened.kept_passphrase}."
            " It belongs to the custodian, not to anyone who scores."
        )
    _show_balance(opened.balance)
    print_findings(finding for finding in opened.check() if finding.id in ("dose-missing", "drawn-before-sealing"))
    return None


def _show_preview(study: Study, seed: int | None, json: bool) -> None:
    if seed is not None:
        return _show_balance(study.preview_balance(seed=seed), json=json)
    expected = study.expect_balance()
    if json:
        return print_json(None, (), balance=[dataclasses.asdict(one) for one in expected])
    print_table(
        "largest difference between two groups in 1,000 draws of this scheme, SD; none is kept",
        ("column", "median", "95 % below", "remark"),
        [(one.column, one.median, one.p95, one.remark) for one in expected],
    )
    return None


def _show_balance(balance: Sequence[ColumnBalance], *, json: bool = False) -> None:
    """Show one line a column; the means stand in order of size, so that no line tells of a group."""
    if json:
        return print_json(None, (), balance=[dataclasses.asdict(one) for one in balance])
    rows = [
        (one.column, one.largest_difference, ", ".join(figures(mean) for mean in one.means), one.unit, one.remark)
        for one in balance
    ]
    columns = ("column", "largest difference, SD", "group means, smallest first", "unit", "remark")
    print_table("balance of the groups, for the custodian", columns, rows)
    return None


def add_recordings(
    path: Path, assay: Annotated[str, typer.Option(help="Name of the assay in study.toml.")], study: Folder = HERE
) -> None:
    """Register the recordings of an assay; a file's animal is told by the code in its name or by recordings.csv."""
    with Bars() as bars:
        opened = _open(study, bars)
        trials = opened.add_recordings(path, assay=assay)
    out.print(f"{len(trials)} new trials of {assay}")
    files = {trial.recording for trial in trials}
    print_findings(
        finding
        for file in opened.database.recordings()
        if file.recording.path in files
        for finding in file.findings
        if finding.importance != "note"
    )


def place(
    trial: Annotated[str, typer.Argument(help="Id of the trial; see littermate status --trials.")],
    t0: Annotated[float | None, typer.Option("--t0", help="When the trial starts in the recording, s.")] = None,
    arena: Annotated[str | None, typer.Option(help="Where the animal can be, x,y,w,h in px.")] = None,
    corners: Annotated[str | None, typer.Option(help="Floor corners in px: x1,y1,...,x4,y4 from upper left.")] = None,
    study: Folder = HERE,
) -> None:
    """Say when a trial starts in its recording, or where its arena is; it is scored anew by the next score."""
    placed = _open(study).place(
        trial,
        t0_s=t0,
        arena_px=None if arena is None else read_box(arena),
        corners_px=None if corners is None else read_corners(corners),
    )
    arena_words = placed.corners_px or placed.arena_px or "to be found"
    out.print(f"trial {placed.id}: starts at {placed.t0_s:g} s, arena {arena_words}")


def add_blots(path: Annotated[Path, typer.Argument()] = Path("blots"), study: Folder = HERE) -> None:
    """Register the blot images that lanes.csv lists."""
    out.print(f"{_open(study).add_blots(path)} new blot images")


def add_plates(path: Annotated[Path, typer.Argument()] = Path("plates"), study: Folder = HERE) -> None:
    """Register the plate-reader files that plates.csv lists."""
    out.print(f"{_open(study).add_plates(path)} new plates")


def score(
    assay: str,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    study: Folder = HERE,
    json: Json = False,
) -> None:
    """Score every trial of an assay that was not scored yet, blind, on all cores."""
    with Bars() as bars:
        opened = _open(study, bars)
        opened.score(assay, workers=workers)
    outcomes = {outcome.name for outcome in opened.protocol.outcomes if outcome.assay == assay}
    _show_measurements(opened, outcomes, json)


def quantify(
    target: str,
    relative_to: Annotated[str, typer.Option(help="The loading control.")],
    study: Folder = HERE,
    json: Json = False,
) -> None:
    """Measure a target on every blot, relative to its loading control on the same lane."""
    with Bars() as bars:
        opened = _open(study, bars)
        opened.quantify(target, relative_to=relative_to)
    measure = f"{target}/{relative_to}"
    _show_measurements(opened, {one.name for one in opened.protocol.outcomes if one.measure == measure}, json)


def read_plates(study: Folder = HERE, json: Json = False) -> None:
    """Quantify every plate: protein with its loading table, ELISA concentrations, percent recovery."""
    with Bars() as bars:
        opened = _open(study, bars)
        opened.read_plates()
    kinds = {plan.kind for plan in opened.protocol.plates}
    _show_measurements(opened, {one.name for one in opened.protocol.outcomes if one.assay in kinds}, json)


def _show_measurements(study: Study, outcomes: set[str], json: bool) -> None:
    rows = [one for one in study.measurements if one.outcome in outcomes]
    if json:
        keys = ("outcome", "code", "value", "unit", "reason", "flags", "block", "rules_hash")
        listed = [{key: getattr(one, key) for key in keys} | {"source": one.source.place} for one in rows]
        return print_json(None, (), measurements=listed)
    print_table(
        "measurements, by code",
        ("outcome", "code", "value", "unit", "remark"),
        [(one.outcome, one.code, one.value, one.unit, one.reason or ", ".join(one.flags)) for one in rows],
    )
    return None


def exclude(
    animal: Annotated[str, typer.Argument(help="Animal id or code.")],
    because: Annotated[str, typer.Option(help="The reason, or a rule of the protocol by its name.")] = "",
    rule: Annotated[str, typer.Option(help="A rule of the protocol; --because may tell more.")] = "",
    outcome: Annotated[str, typer.Option(help="Of this outcome only.")] = "",
    study: Folder = HERE,
) -> None:
    """Leave an animal out, by a rule of the protocol or with a reason, before the study is locked."""
    exclusion = _open(study).exclude(animal, because=because, outcome=outcome, rule=rule)
    planned = "by a rule of the protocol" if exclusion.planned else "not by a rule of the protocol"
    out.print(f"{exclusion.code} is left out of {exclusion.outcome or 'everything'}, {planned}")


def check(study: Folder = HERE, json: Json = False) -> None:
    """Run the rules of good practice on the study."""
    findings = _open(study).check(analysed=True)
    if json:
        return print_json(None, findings)
    print_findings(findings)
    out.print(f"{len(findings)} findings")
    return None


def status(
    study: Folder = HERE,
    trials: Annotated[bool, typer.Option("--trials", help="List the trials too, with start and arena.")] = False,
    json: Json = False,
) -> None:
    """Say how far the study is."""
    opened = _open(study)
    measured = {one.name: 0 for one in opened.protocol.outcomes}
    for one in opened.measurements:
        measured[one.outcome] += one.value is not None
    if json:
        return print_json(
            None,
            (),
            stage=opened.stage,
            animals=len(opened.tags),
            trials=len(opened.trials),
            measured=measured,
            placed=[record_json(one) for one in opened.trials] if trials else None,
        )
    out.print(f"{opened.protocol.title}: {opened.stage}, {len(opened.tags)} animals, {len(opened.trials)} trials")
    if opened.stage == "planned":
        _say_what_it_finds(opened)
    print_table("measured", ("outcome", "animals"), measured.items())
    if trials:
        print_table(
            "trials",
            ("trial", "code", "assay", "recording", "t0 (s)", "arena (px)"),
            [
                (one.id, one.code, one.assay, one.recording, one.t0_s, one.corners_px or one.arena_px)
                for one in opened.trials
            ],
        )
    return None


def lock(study: Folder = HERE) -> None:
    """Close the data: nothing can be added, scored or excluded any more."""
    _open(study).lock()
    out.print("locked; the groups can now be opened: littermate unblind --because ...")


def unblind(
    because: Annotated[str, typer.Option(help="Why now; it is written in the journal.")],
    passphrase_file: PassphraseFile = None,
    study: Folder = HERE,
) -> None:
    """Join the codes with the groups: once, after lock, with a reason."""
    key = _open(study, passphrase_file=passphrase_file).unblind(because=because)
    out.print(f"unblinded {len(key.assignments)} animals; the seed was {key.seed}")


def fit(study: Folder = HERE, json: Json = False) -> None:
    """Fit every planned analysis."""
    from littermate.cli.json_output import analysis_json

    analyses = _open(study).fit()
    if json:
        return print_json(None, (), analyses=[analysis_json(analysis) for analysis in analyses])
    print_table(
        "planned analyses",
        ("outcome", "effect", "df", "df error", "F", "P", "partial eta2"),
        [
            (one.plan.outcome, effect.term, effect.df, effect.df_error, effect.f, effect.p, effect.partial_eta_squared)
            for one in analyses
            for effect in one.effects
        ],
    )
    return None


def report(
    pdf: Annotated[bool, typer.Option("--pdf", help="Print report.pdf too; needs littermate[pdf].")] = False,
    width: Annotated[
        Literal["single", "double"] | None, typer.Option(help="Of the figures: a journal's column, or its page.")
    ] = None,
    study: Folder = HERE,
) -> None:
    """Write report/report.html with its figures and tables."""
    page = _open(study).report(pdf=pdf, width=width)
    out.print(f"report: {page}")
    printed = page.with_suffix(".pdf")
    if pdf:
        out.print(f"printed: {printed}")
    elif printed.exists():
        out.print(f"older:   {printed}, of an earlier report; print it anew with --pdf")


def journal(
    verify: Annotated[bool, typer.Option("--verify", help="Check the chain from the first entry to the last.")] = False,
    study: Folder = HERE,
    json: Json = False,
) -> None:
    """Show who did what, when; with --verify, name the first entry that was tampered with."""
    opened = _open(study)
    if verify:
        opened.verify()
    entries = opened.database.entries()
    if json:
        keys = ("number", "at", "who", "what", "version", "hash")
        listed = [
            {key: getattr(one, key) for key in keys} | {"arguments": json_text.loads(one.arguments)} for one in entries
        ]
        return print_json(None, (), entries=listed, verified=verify)
    print_table(
        "journal",
        ("#", "at", "who", "what", "with", "hash"),
        [(one.number, one.at, one.who, one.what, one.arguments, one.hash[:8]) for one in entries],
    )
    if verify:
        out.print(f"{len(entries)} entries, every one in its place and unchanged")
    return None


def vial_key(passphrase_file: PassphraseFile = None, study: Folder = HERE) -> None:
    """Write what is in each vial, for the custodian alone."""
    path = _open(study, passphrase_file=passphrase_file).vial_key()
    out.print(f"what is in each vial: {path}, and how to make it: preparation.csv (for the custodian alone)")
