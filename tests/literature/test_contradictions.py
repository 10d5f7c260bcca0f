"""The registry holds every rule once; a careful reader's findings are made, and clean sentences give none."""

import inspect
from pathlib import Path

import pytest
from tests.literature.papers import found, paper_of

from littermate.errors import UsageError
from littermate.formats.paper import read_paper
from littermate.literature import rules
from littermate.literature.consistency import recompute
from littermate.literature.contradictions import TOPICS, all_rules, find_contradictions, rules_section
from littermate.literature.error_df import infer_df
from littermate.literature.printed_design import find_designs, given_design
from littermate.literature.reading import find_tests
from littermate.literature.rules.rule import AuditFacts, AuditRule
from littermate.model.audit import AuditFinding

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "audit.md"
CLEAN = HERE.joinpath("clean_sentences.txt").read_text(encoding="utf-8").splitlines()


def founding_findings() -> tuple[AuditFinding, ...]:
    paper = read_paper(HERE / "founding_study.txt")
    printed = find_tests(paper.text)
    tests = tuple(recompute(test) for test in printed)
    return find_contradictions(paper, tests, find_designs(paper), infer_df(printed))


def test_what_a_careful_reader_finds_in_the_founding_study_is_found() -> None:
    assert {(one.importance, one.id) for one in founding_findings()} == {
        ("critical", "error-df-impossible"),
        ("warning", "p-fits-other-df"),
        ("warning", "two-values"),
        ("warning", "arena-two-colours"),
        ("warning", "area-in-cubic-units"),
        ("note", "no-effect-concluded"),
        ("note", "recovery-without-immunoassay"),
        ("note", "order-of-tests-missing"),
        ("note", "exclusions-not-stated"),
        ("note", "effect-sizes-missing"),
        ("note", "individual-data-missing"),
    }


def test_neither_30_nor_32_error_degrees_of_freedom_fit_32_animals_in_a_2_x_2_design() -> None:
    messages = [one.message for one in founding_findings() if one.id == "error-df-impossible"]
    start = "32 animals in a 2 x 2 design leave 28 error degrees of freedom; "
    assert messages == [
        start + "30 are printed 3 times (F(1,30) = 5.2, P = 0.031)",
        start + "32 are printed 10 times (F(1,32) = 0.886, P = 0.358)",
    ]


def test_places_lead_to_the_words() -> None:
    paper = read_paper(HERE / "founding_study.txt")
    words = {one.id: [paper.text[start:stop] for start, stop in one.places] for one in founding_findings()}
    assert words["two-values"] == ["squares of 8 x 8 cm", "squares of 10 cm"]
    assert words["arena-two-colours"] == ["black", "white"]
    assert words["area-in-cubic-units"] == ["2304 cm3"]


@pytest.mark.parametrize("sentence", CLEAN)
def test_nothing_is_found_in_clean_sentences(sentence: str) -> None:
    assert found(sentence) == []


def test_there_are_sixty_clean_sentences_or_more() -> None:
    assert len(set(CLEAN)) >= 60


def test_a_paper_without_words_has_no_findings() -> None:
    assert found("") == []
    assert find_contradictions(paper_of(), (), ()) == ()


def test_critical_comes_first() -> None:
    ids = found("The arena was black. The arena was white. Of 32 mice, 7 of 32 (29 %) escaped.")
    assert ids == ["percentage-of-counts", "arena-two-colours"]


def test_ids_are_unique() -> None:
    ids = [one.id for one in all_rules()]
    assert len(set(ids)) == len(ids)


def test_every_topic_file_is_registered() -> None:
    folder = Path(inspect.getfile(rules)).parent
    topics = {topic.__name__.rpartition(".")[2] for topic in TOPICS}
    assert {path.stem for path in folder.glob("*.py")} - topics == {"__init__", "rule"}


def test_the_docs_list_what_the_rules_say() -> None:
    assert rules_section() in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(("importance", "meaning"), [("grave", "It is so."), ("note", "")])
def test_a_rule_needs_an_importance_and_a_meaning(importance: str, meaning: str) -> None:
    with pytest.raises(UsageError, match="an importance"):
        AuditRule(id="some-rule", importance=importance, meaning=meaning, look=lambda facts: iter(()))


def test_a_given_design_goes_before_those_found() -> None:
    given = given_design("2x2", 32)
    read = find_designs(paper_of("Forty mice were used (n = 10 per group)."))
    assert AuditFacts(paper=paper_of(), designs=(*read, given)).design == given
    assert AuditFacts(paper=paper_of(), designs=read).design == read[0]
    assert AuditFacts(paper=paper_of(), designs=(*read, *read)).design is None
