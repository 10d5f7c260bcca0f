"""The glossary has one line a term, in order, and every noun of the model."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import littermate.model

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
LINE = re.compile(r"- \*\*(?P<term>[^*]+)\*\*(?: \(`(?P<noun>\w+)`\))?: (?P<meaning>.+\.)")


def lines() -> list[re.Match[str]]:
    text = GLOSSARY.read_text(encoding="utf-8")
    matches = [(line, LINE.fullmatch(line)) for line in text.splitlines() if line.startswith("-")]
    assert [line for line, match in matches if match is None] == []
    return [match for _, match in matches if match is not None]


def nouns() -> Iterator[str]:
    for module in pkgutil.iter_modules(littermate.model.__path__, "littermate.model."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isclass(thing) and thing.__module__ == module.name and not name.startswith("_"):
                yield name


def test_every_noun_of_the_model_is_there_and_no_other() -> None:
    named = [match["noun"] for match in lines() if match["noun"]]
    assert sorted(named) == sorted(nouns())


def test_terms_stand_once_and_in_alphabetical_order() -> None:
    terms = [match["term"].casefold() for match in lines()]
    assert terms == sorted(set(terms))


def test_one_short_line_a_term() -> None:
    assert [match["term"] for match in lines() if len(match[0]) > 130] == []
