import dataclasses

from littermate.report.arrive import essential_ten


def items(content) -> dict:
    return {item.number: item for item in essential_ten(content)}


def test_all_ten_are_there(content):
    assert {number.rstrip("abcd") for number in items(content)} == {str(k) for k in range(1, 11)}


def test_the_open_magnesium_dose_is_missing(content):
    item = items(content)["9a"]
    assert (item.state, item.missing) == ("partly", "the dose of magnesium hydroaspartate is to be filled in")


def test_what_the_record_lacks_is_said(content):
    found = items(content)
    assert found["8b"].state == "missing"
    assert "beforehand is not on record" in found["2b"].missing
    assert found["8a"].state == "given"


def test_facts_answer_items_by_their_heading(content):
    protocol = dataclasses.replace(content.protocol, facts=(("Supplier and health", "Bred in house."),))
    found = items(dataclasses.replace(content, protocol=protocol))
    assert found["8b"].answer == "Bred in house."
    assert found["9c"].state == "missing"


def test_animals_without_weight_are_said(content):
    animals = (dataclasses.replace(content.animals[0], weight_g=None), *content.animals[1:])
    assert items(dataclasses.replace(content, animals=animals))["8a"].missing.startswith("weight not given")


def test_without_allocation_and_primary_outcome(content):
    outcomes = tuple(dataclasses.replace(outcome, primary=False) for outcome in content.protocol.outcomes)
    protocol = dataclasses.replace(content.protocol, outcomes=outcomes)
    found = items(dataclasses.replace(content, protocol=protocol, allocation=None))
    assert found["4a"].state == found["6b"].state == "missing"
