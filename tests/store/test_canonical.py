"""An allocation goes to JSON and back whole; one of the first release is still read."""

import json
from datetime import date

from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.model.design import Balance, Design, Factor, Scheme
from littermate.store.canonical import allocation_from_json, allocation_to_json


def drawn() -> Allocation:
    drug = Factor(name="drug", levels=("saline", "ketamine"), given_to="cage")
    return Allocation(
        factors=("drug",),
        assignments=(Assignment(animal="M1", cell=("saline",)), Assignment(animal="M2", cell=("ketamine",))),
        balanced=(("M1", "side", "left"),),
        seed=2**62,
        scheme="in words",
        design=Design(
            factors=(drug,),
            per_group=1,
            stages=("drug",),
            balances=(Balance(name="side", levels=("left", "right")),),
            scheme=Scheme(weight_limit=0.5),
        ),
        animals=(Animal(id="M1", sex="f", birth=date(2026, 3, 1), weight_g=31.5), Animal(id="M2", cage="2")),
    )


def test_round_trip() -> None:
    assert allocation_from_json(allocation_to_json(drawn())) == drawn()


def test_a_key_of_the_first_release() -> None:
    fields = json.loads(allocation_to_json(drawn()))
    del fields["design"], fields["animals"]
    old = allocation_from_json(json.dumps(fields))
    assert (old.design, old.animals) == (None, ())
    assert old.assignments == drawn().assignments
