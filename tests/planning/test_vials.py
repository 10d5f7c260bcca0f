"""What the custodian fills, worked out by hand for two animals; and what was really received."""

from dataclasses import replace

import pytest

from littermate.errors import ProtocolError
from littermate.model.administration import Administration
from littermate.model.allocation import Allocation, Assignment, Tag
from littermate.model.injection import Injection
from littermate.model.treatment import Dose, Treatment
from littermate.model.weighing import Weighing
from littermate.planning.real_doses import real_doses
from littermate.planning.vials import Vial, preparation, vial_key, vials_of

KEY = Allocation(
    factors=("drug",),
    assignments=(Assignment(animal="M1", cell=("saline",)), Assignment(animal="M2", cell=("ketamine",))),
    balanced=(),
    seed=1,
    scheme="",
)
TAGS = (
    Tag(animal="M1", code="CX7QM", vials=(("drug", "CDF346"),)),
    Tag(animal="M2", code="DX7QM", vials=(("drug", "GHJ679"),)),
)
VEHICLE = Treatment(factor="drug", level="saline", substance="saline", route="i.p.", volume_ml_kg=10)
DRUG = Treatment(
    factor="drug",
    level="ketamine",
    substance="ketamine hydrochloride",
    dose=Dose(size=15, unit="mg/kg", mg_per_kg=15),
    needs_dose=True,
    volume_ml_kg=10,
    salt_factor=1.15,
)


def injections(volume_ml: float | None = 0.3, reason: str = "") -> list[Injection]:
    """Two injections of 0.3 mL of either animal, which weighs 30 g."""
    weighing = Weighing(animal="", day=None, weight_g=30)
    return [
        Injection(
            number=k,
            day=k,
            hour=0,
            animal=animal,
            vial=vial,
            weighing=weighing,
            exact_ml=volume_ml,
            volume_ml=volume_ml,
            reason=reason,
        )
        for k in (1, 2)
        for animal, vial in (("M1", "CDF346"), ("M2", "GHJ679"))
    ]


def vials(drug: Treatment = DRUG, sheet: list[Injection] | None = None) -> tuple[Vial, ...]:
    return vials_of(KEY, TAGS, [VEHICLE, drug], injections() if sheet is None else sheet)


def test_what_to_fill_and_what_to_weigh() -> None:
    """2 x 0.3 mL and a fifth more are 0.72 mL; at 1.5 mg/mL 1.08 mg of base, as salt 1.242 mg."""
    saline, ketamine = vial_key(vials())
    assert (saline["vial"], saline["dose"], saline["fill_ml"], saline["concentration_mg_ml"]) == (
        "CDF346",
        "",
        "0.72",
        "",
    )
    assert (ketamine["vial"], ketamine["dose"], ketamine["concentration_mg_ml"]) == ("GHJ679", "15 mg/kg", "1.5")
    drug, vehicle = preparation(vials())
    assert (drug["level"], drug["total_ml"], drug["weigh_mg"]) == ("ketamine", "0.72", "1.242")
    assert (vehicle["level"], vehicle["total_ml"], vehicle["weigh_mg"]) == ("saline", "0.72", "")


@pytest.mark.parametrize(
    ("drug", "remark"),
    [
        (replace(DRUG, dose=None), "the dose is to be filled in"),
        (replace(DRUG, dose=Dose(size=10, unit="mmol/kg")), "10 mmol/kg is no mass per body weight"),
        (replace(DRUG, volume_ml_kg=None), "no volume per body weight in study.toml"),
    ],
)
def test_a_concentration_that_is_not_known_is_empty_with_a_remark(drug: Treatment, remark: str) -> None:
    (solution, _) = preparation(vials(drug))
    assert (solution["concentration_mg_ml"], solution["weigh_mg"], solution["remark"]) == ("", "", remark)


def test_without_weights_nothing_is_filled() -> None:
    (solution, vehicle) = preparation(vials(sheet=injections(None, "not weighed")))
    assert (solution["total_ml"], solution["weigh_mg"], solution["remark"]) == ("", "", "not weighed")
    assert vehicle["remark"] == "not weighed"


def test_level_without_treatment() -> None:
    with pytest.raises(ProtocolError, match="none for drug = ketamine"):
        vials_of(KEY, TAGS, [VEHICLE])


def test_real_doses_are_those_of_the_vial_that_was_used() -> None:
    """0.2 mL of 1.5 mg/mL into 30 g is 10 mg/kg, also where the saline animal got it."""
    log = [
        Administration(animal="M2", injection=1, vial="GHJ679", volume_ml=0.2),
        Administration(animal="M1", injection=1, vial="GHJ679", volume_ml=0.2),
        Administration(animal="M1", injection=2, vial="CDF346", volume_ml=0.3),
        Administration(animal="M2", injection=2, note="escaped"),
        Administration(animal="M2", injection=0, vial="GHJ679", volume_ml=0.3),
    ]
    found = real_doses(injections(), log, vials())
    assert [(one.animal, one.injection, one.level, one.planned_mg_kg) for one in found] == [
        ("M2", 1, "ketamine", 15),
        ("M1", 1, "ketamine", 0),
        ("M1", 2, "saline", 0),
        ("M2", 2, "ketamine", 15),
        ("M2", 0, "ketamine", None),
    ]
    assert [one.mg_kg for one in found] == [pytest.approx(10), pytest.approx(10), 0, 0, None]
    assert found[-1].reason == "the weight is not known"


def test_a_dose_of_unknown_concentration_is_not_zero() -> None:
    log = [Administration(animal="M2", injection=1, vial="GHJ679", volume_ml=0.3)]
    (one,) = real_doses(injections(), log, vials(replace(DRUG, dose=None)))
    assert (one.planned_mg_kg, one.mg_kg, one.reason) == (None, None, "the concentration in the vial is not known")
