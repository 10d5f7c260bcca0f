"""What the documents say is what the program has."""

import doctest
import re
from pathlib import Path

import pytest
import typer

from littermate.cli.main import program

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_command_shown_exists_and_has_the_options_shown() -> None:
    group = typer.main.get_command(program())
    shown = re.findall(r"^\$ littermate (.+?)(?:\s{2,}#.*)?$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    assert len(shown) >= 18
    for line in shown:
        command = group
        for word in line.split():
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, line
            command = command.commands[word]
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--[a-z0-9-]+", line)) <= options, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False).failed == 0


def test_the_readme_sets_up_with_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert block is not None
    commands = [line.split("  #")[0].strip() for line in block[1].splitlines()]
    assert commands == ["pip install . && littermate demo", 'pip install ".[test]" && pytest']


def test_the_version_is_the_same_everywhere() -> None:
    from littermate.version import __version__

    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_no_committed_text_names_a_package_index() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert pins
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in pins if not line.startswith("#"))
