"""The registry holds every check once, orders what they find, and the page of docs says what the checks say."""

import dataclasses
import inspect
from pathlib import Path

import pytest

from littermate.checks import registry
from littermate.checks.facts import StudyFacts
from littermate.checks.noticed import NOTICED
from littermate.checks.registry import all_checks, checks_page, run_checks
from littermate.checks.rule import Check, check
from littermate.errors import UsageError
from littermate.model.protocol import Protocol

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_a_sound_study_has_no_findings(facts: StudyFacts) -> None:
    assert run_checks(facts) == ()


def test_ids_are_unique() -> None:
    ids = [one.id for one in all_checks()]
    assert len(set(ids)) == len(ids)


def test_every_topic_file_is_registered() -> None:
    folder = Path(inspect.getfile(registry)).parent
    topics = {topic.__name__.rpartition(".")[2] for topic in registry.TOPICS}
    helpers = {"__init__", "facts", "noticed", "rule", "registry", "trend"}
    assert {path.stem for path in folder.glob("*.py")} - topics == helpers


def test_critical_comes_first(facts: StudyFacts, protocol: Protocol) -> None:
    silent = tuple(dataclasses.replace(outcome, smallest_effect=None) for outcome in protocol.outcomes)
    spoilt = dataclasses.replace(
        facts, protocol=dataclasses.replace(protocol, outcomes=silent), measurements=facts.measurements * 2
    )
    assert [finding.importance for finding in run_checks(spoilt)] == ["critical", "critical", "note"]


def test_an_empty_study_is_not_blamed_for_what_is_not_there_yet(protocol: Protocol) -> None:
    assert run_checks(StudyFacts(protocol=protocol)) == ()


def test_page_of_docs_is_what_the_checks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == checks_page(), "write docs/checks.md anew with checks_page()"


def test_page_has_one_heading_a_check() -> None:
    headings = [line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert headings == [*(one.id for one in all_checks()), *NOTICED]


def test_every_check_says_what_is_wrong_and_what_to_do() -> None:
    assert [one.id for one in all_checks() if len(one.meaning.split("\n\n")) != 2] == []


def test_what_is_noticed_of_files_is_told_as_the_checks_are() -> None:
    assert [name for name, meaning in NOTICED.items() if len(meaning.split("\n\n")) != 2] == []
    assert not NOTICED.keys() & {one.id for one in all_checks()}


def test_unknown_importance_and_silent_check_are_refused() -> None:
    with pytest.raises(UsageError, match="critical, warning, note"):
        Check(id="x", importance="urgent", meaning="It.", look=lambda facts: iter(()))
    with pytest.raises(UsageError, match="a docstring"):
        check("x", "note")(lambda facts: iter(()))
