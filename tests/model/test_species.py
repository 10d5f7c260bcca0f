"""The limits of docs/planning.md are those of the program."""

import re
from pathlib import Path

from littermate.model.species import species_named

PAGE = Path(__file__).parents[2] / "docs" / "planning.md"


def test_limits_are_those_of_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    heads = re.search(r"^\| \| (i\.p\..*) \|$", text, re.M)
    assert heads is not None
    routes = [head.split()[0] for head in heads[1].split(" | ")]
    for name in ("mouse", "rat"):
        row = re.search(rf"^\| {name} \| (.*) \|$", text, re.M)
        species = species_named(name)
        assert row is not None and species is not None
        assert {limit.route: limit.ml_per_kg for limit in species.limits} == dict(
            zip(routes, map(float, row[1].split(" | ")), strict=True)
        )


def test_routes_and_species_that_are_not_known_have_no_limit() -> None:
    mouse = species_named("Mice")
    assert mouse is not None
    assert mouse.limit("i.m.") is None and mouse.limit("oral") is None
    assert species_named("axolotl") is None
