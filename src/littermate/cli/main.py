"""Main: the program `littermate`; every command only calls `Study` or a one-file function.

Exit codes: 0 fine; 1 the data or the study is at fault; 2 the call is wrong; 130 stopped by ctrl-C.
Whoever stops a command with ctrl-C keeps what was finished.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from littermate.cli.commands import homes, overview
from littermate.cli.printing import out, print_error
from littermate.errors import LittermateError, StoppedError, UsageError
from littermate.version import __version__

__all__ = ["main", "program"]

_EXIT_CODES: dict[type[LittermateError], int] = {UsageError: 2, StoppedError: 130}


def program(command: str = "") -> typer.Typer:
    """Return the program with the commands that stand beside the one named, or with all where it is unknown.

    Only what a command needs is imported: the program must start quickly.
    """
    app = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        help="One record of an animal study, from the cage card to the figure.",
    )
    app.callback()(_root)
    for home in () if command == "--version" else homes(command):
        importlib.import_module(f"littermate.cli.{home}").register(app)
    return app


def _say_version(wanted: bool) -> None:
    if wanted:
        out.print(f"littermate {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """One record of an animal study, from the cage card to the figure."""


_WrongCall: type[Exception] = typer.BadParameter.__mro__[1]
"""What typer raises where options and arguments do not fit the command; it has no public name of its own."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words in ([], ["--help"]):
        out.print("\n".join(overview()))
        sys.exit(0)
    try:
        sys.exit(program(words[0])(words, prog_name="littermate", standalone_mode=False))
    except _WrongCall as fault:
        error: LittermateError = _in_words(fault)
    except LittermateError as fault:
        error = fault
    print_error(error, as_json="--json" in words)
    sys.exit(_EXIT_CODES.get(type(error), 1))


def _in_words(fault: Any) -> UsageError:
    """Say what is wrong with a call the way every other error is said."""
    usage = "a command of littermate" if fault.ctx is None else " ".join(fault.ctx.get_usage().split()[1:])
    name = "littermate" if fault.ctx is None else fault.ctx.command_path
    return UsageError(expected=usage, found=fault.format_message().rstrip("."), do=f"see {name} --help")
