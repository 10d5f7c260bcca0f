"""The founding study's schedule falls on days 1 to 15, and schedules that cannot be are refused."""

import pytest

from littermate.errors import ProtocolError
from littermate.model.protocol import Step
from littermate.planning.schedule import occasions

DAY = 86_400.0
FOUNDING = (
    Step(name="swim", assay="forced swim", after="test injection", delay_s=3600),
    Step(name="daily injections", treats="magnesium", repeat=14, every_s=DAY),
    Step(name="test injection", treats="ketamine", after="daily injections", delay_s=DAY),
)


def test_fourteen_days_then_the_test_day() -> None:
    when = [(one.step.name, one.day, one.hour) for one in occasions(FOUNDING)]
    assert when[0] == ("daily injections", 1, 0.0)
    assert when[-3:] == [("daily injections", 14, 0.0), ("test injection", 15, 0.0), ("swim", 15, 1.0)]
    assert len(when) == 16


def test_repeats_are_counted_from_one() -> None:
    assert [one.number for one in occasions(FOUNDING)][:14] == list(range(1, 15))


def test_circle_is_refused() -> None:
    circle = (Step(name="a", after="b"), Step(name="b", after="a"))
    with pytest.raises(ProtocolError, match="a circle") as caught:
        occasions(circle)
    assert len(caught.value.complaints) == 2


def test_unknown_step_and_name_used_twice() -> None:
    with pytest.raises(ProtocolError) as caught:
        occasions((Step(name="a"), Step(name="a"), Step(name="b", after="c")))
    assert [complaint.where for complaint in caught.value.complaints] == ["step a", "step b"]
