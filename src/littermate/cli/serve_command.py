"""Serve: the study in the browser, and the people who may sign in to it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.options import HERE, Folder, Json
from littermate.cli.printing import err, out, print_json, print_table
from littermate.errors import UsageError
from littermate.study import QueuePlan, open_study

__all__ = ["register"]


user_app = typer.Typer(help="The people who may sign in to the study's web app.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    app.command("serve")(serve)
    app.command("give-clips")(give_clips)
    user_app.command("add")(add_user)
    user_app.command("password")(new_password)
    user_app.command("close")(close_user)
    user_app.command("list")(list_users)
    app.add_typer(user_app, name="user")


def serve(
    study: Annotated[Path, typer.Argument(help="The study folder.")] = HERE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any that is free.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback, people need passwords.")] = (
        "127.0.0.1"
    ),
    name: Annotated[list[str] | None, typer.Option("--name", help="A name by which the server is called.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM), with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Open the study in the browser: score blind, place arenas, review, agree."""
    from littermate.web.serving import Listening, prepare_serving, run_server

    listening = Listening(host=host, port=port, names=tuple(name or ()), certificate=certificate, key=key)
    serving = prepare_serving(study, listening, who=getpass.getuser())
    if serving.warning:
        err.print(f"[yellow]{serving.warning}[/]")
    said = f"{serving.title}\n{serving.words}\n\n    {serving.link}\n\nStop with ctrl-C."
    out.print(said, soft_wrap=True, markup=False)
    run_server(serving, on_ready=(lambda: typer.launch(serving.link)) if browser else None)


def give_clips(
    scorer: Annotated[str, typer.Argument(help="The person's name.")],
    assay: Annotated[str, typer.Option(help="Name of the assay in study.toml.")],
    share: Annotated[float, typer.Option(help="Share of the trials, %; a second scorer has 20 or more.")] = 100.0,
    repeats: Annotated[float, typer.Option(help="How many come back unannounced, %.")] = 15.0,
    practice: Annotated[int, typer.Option(help="Practice clips that come first.")] = 2,
    seed: Annotated[int | None, typer.Option(help="Of share, order and repeats; kept in the journal.")] = None,
    study: Folder = HERE,
) -> None:
    """Give a scorer the trials of an assay, in a random order of their own."""
    plan = QueuePlan(share=share / 100, repeats=repeats / 100, practice=practice)
    clips = open_study(study).give_clips(scorer, assay=assay, plan=plan, seed=seed)
    out.print(f"{len(clips)} clips of {assay} wait for {scorer}: littermate serve", markup=False)


def add_user(
    name: str,
    role: Annotated[str, typer.Option(help="custodian, scorer or viewer.")] = "scorer",
    password_file: Annotated[Path | None, typer.Option(help="File with the password; asked for otherwise.")] = None,
    study: Folder = HERE,
) -> None:
    """Add a person who may sign in."""
    account = open_study(study).add_account(name, role=role, password=_password(password_file))
    out.print(f"{account.name} may sign in as {account.role}", markup=False)


def new_password(
    name: str,
    password_file: Annotated[Path | None, typer.Option(help="File with the password; asked for otherwise.")] = None,
    study: Folder = HERE,
) -> None:
    """Give a person a new password."""
    open_study(study).set_password(name, _password(password_file))
    out.print(f"{name} has a new password; sessions under the old one have ended", markup=False)


def close_user(name: str, study: Folder = HERE) -> None:
    """Let a person sign in no more; what they did stays."""
    open_study(study).close_account(name)
    out.print(f"{name} may sign in no more", markup=False)


def list_users(study: Folder = HERE, json: Json = False) -> None:
    """List the people who may sign in."""
    accounts = [one for one in open_study(study).accounts if one.active]
    if json:
        return print_json(None, (), people=[{"name": one.name, "role": one.role} for one in accounts])
    print_table("people", ("name", "role"), [(one.name, one.role) for one in accounts])
    return None


def _password(file: Path | None) -> str:
    if file is not None:
        from littermate.files import require_file

        return require_file(file).read_text(encoding="utf-8").strip()
    first = getpass.getpass("password: ")
    if getpass.getpass("once more: ") != first:
        raise UsageError(expected="the same password twice", found="two that differ", do="try again")
    return first
