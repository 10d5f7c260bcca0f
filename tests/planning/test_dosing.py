"""The volume on the sheet follows from the newest weight and from what all levels of a factor share."""

from datetime import date, datetime
from itertools import product

import pytest

from littermate.errors import ProtocolError
from littermate.model.allocation import Allocation, Tag
from littermate.model.protocol import Step
from littermate.model.treatment import Dose, Treatment
from littermate.model.weighing import Weighing
from littermate.planning.codes import make_tags
from littermate.planning.dosing import at_mark, plan_injections

DAY = 86_400.0
START = datetime(2026, 4, 11, 9)
TAG = Tag(animal="M01", code="CX7QM", vials=(("drug", "CDF346"),), balanced=(("injection side", "left"),))
SCHEDULE = (Step(name="injections", treats="drug", repeat=3, every_s=DAY),)
VEHICLE = Treatment(factor="drug", level="saline", substance="saline", route="i.p.", volume_ml_kg=10)
DRUG = Treatment(
    factor="drug",
    level="ketamine",
    substance="ketamine",
    dose=Dose(size=15, unit="mg/kg", mg_per_kg=15),
    needs_dose=True,
    route="i.p.",
    volume_ml_kg=10,
)


def weights(*pairs: tuple[int | None, float]) -> list[Weighing]:
    return [Weighing(animal="M01", day=day and date(2026, 4, day), weight_g=weight_g) for day, weight_g in pairs]


def test_the_newest_weight_not_after_the_day_counts() -> None:
    known = weights((12, 28.4), (None, 30.4), (14, 99.0))
    found = plan_injections([TAG], [VEHICLE, DRUG], SCHEDULE, weighings=known, starts={"M01": START})
    assert [(one.volume_ml, one.due) for one in found] == [
        (0.30, datetime(2026, 4, 11, 9)),
        (0.28, datetime(2026, 4, 12, 9)),
        (0.28, datetime(2026, 4, 13, 9)),
    ]
    assert found[0].exact_ml == pytest.approx(0.304)
    assert found[0].rounding == pytest.approx(-0.004 / 0.304)
    assert (found[0].route, found[0].side, found[0].vial) == ("i.p.", "left", "CDF346")


def test_animals_take_their_turns_among_those_that_start_with_them() -> None:
    tags = [Tag(animal=f"M0{k}", code=f"CX7Q{k}", vials=(("drug", "CDF346"),)) for k in (3, 1, 2)]
    starts = {"M01": START, "M02": datetime(2026, 4, 18, 9), "M03": START}
    schedule = [Step(name="injection", treats="drug", apart_s=960)]
    found = plan_injections(tags, [DRUG], schedule, starts=starts)
    assert [(one.animal, f"{one.due:%d %H:%M}") for one in found] == [
        ("M01", "11 09:00"),
        ("M02", "18 09:00"),
        ("M03", "11 09:16"),
    ]


def test_a_weight_of_more_than_a_week_ago_is_old() -> None:
    schedule = [Step(name="injections", treats="drug", repeat=9, every_s=DAY)]
    found = plan_injections([TAG], [DRUG], schedule, weighings=weights((None, 30.0)), starts={"M01": START})
    assert [one.day for one in found if one.by_old_weight] == [9]
    found = plan_injections([TAG], [DRUG], schedule, weighings=weights((12, 30.0)), starts={"M01": START})
    assert [one.day for one in found if one.by_old_weight] == []


def test_without_a_start_the_newest_of_all_weights_counts() -> None:
    (first, *_) = plan_injections([TAG], [DRUG], SCHEDULE, weighings=weights((12, 28.0), (11, 30.0)))
    assert (first.due, first.volume_ml) == (None, 0.28)


@pytest.mark.parametrize(
    ("treatment", "known", "reason"),
    [
        (DRUG, [], "not weighed"),
        (Treatment(factor="drug", level="a", substance="b"), weights((None, 30.0)), "no volume per body weight"),
        (DRUG, weights((None, 0.4)), "less than a mark of 0.01 mL"),
    ],
)
def test_a_volume_that_is_not_known_is_none_with_a_reason(
    treatment: Treatment, known: list[Weighing], reason: str
) -> None:
    (first, *_) = plan_injections([TAG], [treatment], SCHEDULE, weighings=known)
    assert first.volume_ml is None
    assert first.reason.startswith(reason)


def test_the_volume_is_the_same_in_every_group_for_the_same_weight(key: Allocation) -> None:
    """The whole point: of 32 animals in 4 groups, all of one weight, no volume tells a group."""
    treatments = [
        Treatment(
            factor=factor,
            level=level,
            substance=level,
            dose=None if level == "saline" else Dose(size=dose, unit="mg/kg", mg_per_kg=dose),
            needs_dose=level != "saline",
            volume_ml_kg=10,
        )
        for (factor, dose), level in product((("magnesium", 30.0), ("ketamine", 15.0)), ("saline", "magnesium"))
    ]
    tags = make_tags(key)
    schedule = tuple(Step(name=name, treats=name) for name in ("magnesium", "ketamine"))
    same = [Weighing(animal=tag.animal, day=None, weight_g=31.7) for tag in tags]
    found = plan_injections(tags, treatments, schedule, weighings=same)
    assert len(found) == 64
    assert {(one.volume_ml, one.route) for one in found} == {(0.32, "")}


@pytest.mark.parametrize("levels", [(10.0, 5.0), (10.0, 10.2)])
def test_levels_that_the_syringe_would_tell_are_refused(levels: tuple[float, float]) -> None:
    treatments = [
        Treatment(factor="drug", level=f"level {k}", substance="x", volume_ml_kg=ml) for k, ml in enumerate(levels)
    ]
    with pytest.raises(ProtocolError, match="another volume would tell the group"):
        plan_injections([TAG], treatments, SCHEDULE)


def test_concentrations_that_would_give_two_volumes_are_refused() -> None:
    """15 and 5 mg/kg of one stock of 1.5 mg/mL: 10 and 3.3 mL/kg."""
    treatments = [
        Treatment(
            factor="drug",
            level=f"{mg}",
            substance="ketamine",
            dose=Dose(size=mg, unit="mg/kg", mg_per_kg=mg),
            concentration_mg_ml=1.5,
        )
        for mg in (15, 5)
    ]
    with pytest.raises(ProtocolError, match=r"15 10 mL/kg, 5 3\.33333 mL/kg"):
        plan_injections([TAG], treatments, SCHEDULE)


def test_a_volume_lies_on_a_mark_of_the_syringe() -> None:
    for tenths in range(1, 400):
        exact_ml = tenths / 1000
        volume_ml = at_mark(exact_ml, 0.01)
        assert abs(volume_ml - exact_ml) <= 0.005 + 1e-12
        assert f"{volume_ml:g}" == f"{volume_ml:.2f}".rstrip("0").rstrip(".")
    assert at_mark(0.31, 0.02) == 0.32
