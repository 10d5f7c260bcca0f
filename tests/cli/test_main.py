"""The program: it says what it does at once, and each command is found where it is written, without the others."""

import pytest
import typer

from littermate.cli.commands import SECTIONS, homes
from littermate.cli.main import main, program

COMMANDS = [command for _, section in SECTIONS for command in section]


def names(app: typer.Typer) -> set[str]:
    return set(typer.main.get_group(app).commands)


def test_every_command_is_told_of_once() -> None:
    assert sorted(names(program())) == sorted(command.name for command in COMMANDS)


@pytest.mark.parametrize("home", homes())
def test_a_command_is_where_it_is_said_to_be(home: str) -> None:
    beside = {command.name for command in COMMANDS if command.home == home}
    assert names(program(min(beside))) == beside


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_what_the_program_does_is_said_on_one_screen(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert all(f"  {command.name} " in said and command.does in said for command in COMMANDS)
    assert max(map(len, said.splitlines())) <= 80


def test_an_unknown_command_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["repot"])
    assert end.value.code == 2
    assert "No such command 'repot'" in capsys.readouterr().err
