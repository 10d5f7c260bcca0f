"""The program: each command is found beside those it is written with, so that no other need be imported."""

import pytest
import typer

from littermate.cli.main import _HOMES, program


def commands_of(app: typer.Typer) -> set[str]:
    return set(typer.main.get_group(app).commands)


def test_every_command_has_its_home() -> None:
    named = [command for commands in _HOMES.values() for command in commands]
    assert commands_of(program()) == set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("home", _HOMES)
def test_a_home_has_the_commands_it_is_named_for(home: str) -> None:
    assert commands_of(program(_HOMES[home][0])) == set(_HOMES[home])
