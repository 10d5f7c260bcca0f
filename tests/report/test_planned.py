"""Planned beside performed: as planned, changed, not performed, not planned; and when it was planned."""

import dataclasses
import json
from types import SimpleNamespace
from typing import Any

from littermate.model.plan import Plan
from littermate.model.stated_plan import journal_words
from littermate.report.content import ReportContent
from littermate.report.page import render_page
from littermate.report.planned import PlannedView, plan_origin, planned_rows, planned_views


def stating(content: ReportContent, plans: dict[str, Any], **words: object) -> ReportContent:
    """Let the journal's entry of the allocation state these plans."""
    text = json.dumps({"plans": plans, **words})
    entries = tuple(
        dataclasses.replace(one, arguments=text) if one.what == "allocate" else one for one in content.entries
    )
    return dataclasses.replace(content, entries=entries)


def by_outcome(content: ReportContent) -> dict[str, PlannedView]:
    return {view.outcome: view for view in planned_views(content)}


def test_what_was_stated_and_performed_is_as_planned(content: ReportContent) -> None:
    views = by_outcome(stating(content, journal_words(content.protocol)))
    assert {view.state for name, view in views.items() if name != "recovery"} == {"as planned"}
    assert (views["recovery"].state, views["immobility"].df_error) == ("no analysis", "27")
    assert "blocks: membrane" in views["PFC BDNF"].details


def test_each_change_is_named(content: ReportContent) -> None:
    plans = journal_words(content.protocol)
    plans["immobility"] |= {"model": "log(immobility) ~ magnesium * ketamine", "scale": "log"}
    view = by_outcome(stating(content, plans))["immobility"]
    assert view.state == "changed"
    assert [change.words for change in view.changes] == [
        "model: log(immobility) ~ magnesium * ketamine, now immobility ~ magnesium * ketamine",
        "scale: log, now none",
    ]


def test_planned_but_not_performed_and_the_reverse(content: ReportContent) -> None:
    plans = journal_words(content.protocol)
    del plans["immobility"]
    views = by_outcome(dataclasses.replace(stating(content, plans), analyses=content.analyses[:2]))
    assert (views["immobility"].state, views["PFC BDNF"].state) == ("not planned", "not performed")


def test_a_journal_that_states_no_plans_is_said_to(content: ReportContent) -> None:
    origin = plan_origin(content)
    assert origin.entry is not None and not origin.stated and origin.unchanged is None
    assert by_outcome(content)["immobility"].state == "as planned"


def test_the_protocols_hash_then_and_now(content: ReportContent) -> None:
    then = stating(content, {}, protocol_sha256="aa")
    assert plan_origin(dataclasses.replace(then, protocol_sha256="aa")).unchanged is True
    assert plan_origin(dataclasses.replace(then, protocol_sha256="bb")).unchanged is False


def test_the_table_has_a_row_an_aspect(content: ReportContent, make: SimpleNamespace) -> None:
    rows = planned_rows(planned_views(content))
    assert ["immobility", "as planned", "animals", 32, 31, "no"] in rows
    assert ["PFC BDNF", "as planned", "blocks", "membrane", "membrane", "yes"] in rows


def test_text_from_the_journal_is_escaped(content: ReportContent) -> None:
    plans = {"immobility": {"model": "<script>alert(1)</script>"}}
    page = render_page(stating(content, plans), ())
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_a_mixed_plan_is_stated_with_its_random_groups(content: ReportContent) -> None:
    plan = Plan(outcome="immobility", factors=("ketamine",), random=("cage",))
    view = by_outcome(dataclasses.replace(content, protocol=dataclasses.replace(content.protocol, plans=(plan,))))
    assert "random: cage" in view["immobility"].details
