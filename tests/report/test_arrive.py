import dataclasses

import openpyxl
import pytest

from littermate.model.statement import STATEMENTS
from littermate.report.arrive import arrive_items, arrive_rows
from littermate.report.arrive_sheet import write_checklist


def items(content) -> dict:
    return {item.number: item for item in arrive_items(content)}


def test_all_of_arrive_is_there(content):
    assert {number.rstrip("abcd") for number in items(content)} == {str(k) for k in range(1, 22)}
    assert len(items(content)) == 38
    assert sum(item.essential for item in arrive_items(content)) == 22


def test_every_statement_answers_an_item_of_the_list(content):
    assert {one.item for one in STATEMENTS} <= set(items(content))
    said = tuple((one.key, f"Said of {one.key}.") for one in STATEMENTS)
    found = items(dataclasses.replace(content, statements=said))
    for one in STATEMENTS:
        assert f"Said of {one.key}." in found[one.item].answer
    assert found["17a"].state == "given"


def test_what_only_authors_can_say_is_to_be_written_under_its_key(content):
    found = items(content)
    assert (found["17a"].state, found["21b"].state) == ("to be written", "to be written")
    assert found["17a"].missing == "to be written by the authors (arrive.toml: interpretation)"
    assert (found["13"].state, found["17b"].state) == ("partly", "partly")


def test_the_table_and_the_workbook_hold_every_item_as_text(content, tmp_path):
    evil = dataclasses.replace(content, statements=(("ethics", "=HYPERLINK(1)"), ("funding", "bell \x07")))
    rows = arrive_rows(evil)
    book = openpyxl.load_workbook(write_checklist(tmp_path / "arrive.xlsx", evil))
    cells = list(book.active.iter_rows())
    assert len(cells) == len(rows) == 39
    (ethics,) = [row for row in cells if row[0].value == "14"]
    assert (ethics[6].value, ethics[6].data_type) == ("=HYPERLINK(1).", "s")


def test_the_open_magnesium_dose_is_missing(content):
    item = items(content)["9a"]
    assert (item.state, item.missing) == ("partly", "the dose of magnesium hydroaspartate is not filled in")


def test_what_the_record_lacks_is_said(content):
    found = items(content)
    assert found["8b"].state == "missing"
    assert "beforehand is not on record" in found["2b"].missing
    assert found["8a"].state == "given"


def test_facts_answer_items_by_their_heading(content):
    protocol = dataclasses.replace(content.protocol, facts=(("Supplier and health", "Bred in house."),))
    found = items(dataclasses.replace(content, protocol=protocol))
    assert found["8b"].answer == "Supplier and health: Bred in house."
    assert found["9c"].state == "missing"


@pytest.mark.parametrize(
    ("number", "heading", "lacks"),
    [
        ("4b", "order of work", "order and position"),
        ("9c", "place", "where each procedure was done"),
        ("9d", "rationale", "why these procedures"),
    ],
)
def test_half_an_answer_is_not_called_given(content, number, heading, lacks):
    half = dataclasses.replace(content.protocol, facts=(("acclimatisation", "1 week"),), question="Does it work?")
    found = items(dataclasses.replace(content, protocol=half))[number]
    assert (found.state, lacks in found.missing) == ("partly", True)
    whole = dataclasses.replace(half, facts=(*half.facts, (heading, "Said.")))
    assert items(dataclasses.replace(content, protocol=whole))[number].state == "given"


def test_animals_without_weight_are_said(content):
    animals = (dataclasses.replace(content.animals[0], weight_g=None), *content.animals[1:])
    assert items(dataclasses.replace(content, animals=animals))["8a"].missing.startswith("weight not given")


def test_without_allocation_and_primary_outcome(content):
    outcomes = tuple(dataclasses.replace(outcome, primary=False) for outcome in content.protocol.outcomes)
    protocol = dataclasses.replace(content.protocol, outcomes=outcomes)
    found = items(dataclasses.replace(content, protocol=protocol, allocation=None))
    assert found["4a"].state == found["6b"].state == "missing"
