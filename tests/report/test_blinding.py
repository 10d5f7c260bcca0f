import dataclasses
import json

from littermate.model.journal import FIRST, Entry
from littermate.report.blinding import blinding_sentences, deeds, key_looks, measured_after
from littermate.report.deviations import plan_deviations


def journal(*steps: tuple[str, str, dict]) -> tuple[Entry, ...]:
    """Make entries of (who, what, arguments)."""
    return tuple(
        Entry(
            number=number,
            at=f"2026-04-{10 + number}T09:00:00.5Z",
            who=who,
            what=what,
            arguments=json.dumps(arguments),
            version="0.1.0",
            previous=FIRST,
            hash=FIRST,
        )
        for number, (who, what, arguments) in enumerate(steps, start=1)
    )


STEPS = (
    ("mia", "allocate", {"commitment": "5b1d", "protocol_sha256": "aa"}),
    ("mia", "write vial key", {}),
    ("ada", "score", {}),
    ("ada", "press key", {}),
    ("ada", "press key", {}),
    ("mia", "lock", {}),
    ("mia", "unblind", {"because": "32 of 32 trials scored"}),
)


def with_journal(content, *steps, **changes):
    return dataclasses.replace(content, entries=journal(*steps), **changes)


def test_every_look_at_the_key_is_told_with_the_deeds_around_it(content):
    looks = key_looks(with_journal(content, *STEPS, ("mia", "fit", {})))
    assert [(one.number, one.who) for one in looks] == [(1, "mia"), (2, "mia"), (7, "mia")]
    assert looks[1].what == "opened the key to write what each vial holds"
    assert (looks[2].because, looks[2].at) == ("32 of 32 trials scored", "2026-04-17 09:00 UTC")
    assert (looks[2].before, looks[2].after) == ("nothing", "fitted the planned analyses 1")


def test_deeds_are_counted_in_words():
    assert deeds(journal(*STEPS)) == "scored 1, pressed keys 2"
    assert deeds(()) == "nothing"


def test_who_scored_and_who_opened_the_key_is_said(content):
    text = " ".join(blinding_sentences(with_journal(content, *STEPS)))
    assert "in entries of the journal: ada (scored 1, pressed keys 2)." in text
    assert "Before the unblinding mia opened the key to write what each vial holds" in text
    assert "unblinded on 2026-04-17 09:00 UTC by mia (journal entry 7), because 32 of 32 trials scored." in text
    assert text.endswith("Nothing was scored, measured or excluded after it.")


def test_nobody_before_is_said_and_nothing_where_it_is_not_known(content):
    assert "Nobody opened the key before the unblinding." in blinding_sentences(content)
    assert "Nobody opened" not in " ".join(blinding_sentences(with_journal(content, *STEPS[2:5])))


def test_what_was_changed_after_the_unblinding_is_said_and_a_deviation(content):
    late = with_journal(content, *STEPS, ("ada", "score", {}), ("ada", "report", {}))
    assert [one.number for one in measured_after(late)] == [8]
    assert "After it, scored 1." in blinding_sentences(late)
    assert ("after unblinding", "ada") in {(one.kind, one.who) for one in plan_deviations(late)}


def test_a_protocol_that_changed_and_unplanned_exclusions_are_deviations(content):
    changed = plan_deviations(with_journal(content, *STEPS, protocol_sha256="bb"))
    assert [one.kind for one in changed] == ["protocol changed", "unplanned exclusion"]
    assert "left out of lines crossed, time in outer zone" in changed[1].words
    assert [one.kind for one in plan_deviations(with_journal(content, *STEPS, protocol_sha256="aa"))] == [
        "unplanned exclusion"
    ]


def test_a_planned_analysis_that_was_not_made_is_a_deviation(content):
    fewer = dataclasses.replace(content, analyses=content.analyses[1:], exclusions=())
    assert [one.words for one in plan_deviations(fewer)] == ["the planned analysis of immobility was not made"]


def test_what_people_said_of_blinding_is_repeated(content):
    said = dataclasses.replace(content, statements=(("blinding", "the injector knew nothing"),))
    assert blinding_sentences(said)[-1] == "The injector knew nothing."
