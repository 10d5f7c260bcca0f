"""Plans are stated in the journal aspect by aspect, and a later change names what was and what is."""

import json
from dataclasses import replace

import pytest

from littermate.model.design import Design, Factor
from littermate.model.journal import FIRST, Entry
from littermate.model.outcome import Outcome
from littermate.model.plan import Plan
from littermate.model.protocol import Protocol
from littermate.model.stated_plan import changes_of, journal_words, stated_in, stated_plans

PLAN = Plan(outcome="immobility", factors=("drug",))


@pytest.fixture
def protocol() -> Protocol:
    return Protocol(
        name="small",
        title="",
        question="",
        design=Design(factors=(Factor(name="drug", levels=("saline", "ketamine")),), per_group=2, stages=("drug",)),
        treatments=(),
        schedule=(),
        assays=(),
        blots=(),
        plates=(),
        outcomes=(Outcome(name="immobility", assay="swim", measure="immobility_s", unit="s", primary=True),),
        exclusion_rules=(),
        plans=(PLAN,),
    )


def entry(arguments: object) -> Entry:
    text = json.dumps(arguments)
    return Entry(number=1, at="", who="", what="allocate", arguments=text, version="", previous=FIRST, hash="")


def test_the_journal_gives_back_what_was_stated(protocol: Protocol) -> None:
    words = journal_words(protocol)
    assert words == {"immobility": {"model": "immobility ~ drug", "type": "III", "alpha": "0.05", "primary": "yes"}}
    assert stated_in(entry({"plans": words})) == stated_plans(protocol)
    assert stated_in(entry({"outcomes": ["immobility"]})) is None


def test_a_change_names_what_was_and_what_is(protocol: Protocol) -> None:
    later = replace(protocol, plans=(replace(PLAN, outliers="mad", alpha=0.1),))
    found = changes_of(stated_plans(protocol), stated_plans(later))
    assert [one.words for one in found] == ["alpha: 0.05, now 0.1", "outliers: none, now mad"]
    assert changes_of(stated_plans(protocol), stated_plans(protocol)) == ()


def test_a_plan_that_came_or_went_is_one_change(protocol: Protocol) -> None:
    (gone,) = changes_of(stated_plans(protocol), ())
    assert (gone.outcome, gone.words) == ("immobility", "model: immobility ~ drug, now none")
    (new,) = changes_of((), stated_plans(protocol))
    assert new.words == "model: none, now immobility ~ drug"
