"""Templates are ready studies, and say what is still open."""

from pathlib import Path

import pytest

from littermate.errors import UsageError
from littermate.model.protocol import Protocol
from littermate.store.animals_file import read_animals
from littermate.store.folder import StudyFolder, create_study
from littermate.store.protocol_file import read_protocol
from littermate.store.template import template_names, template_text


def protocol_of(name: str, tmp_path: Path) -> tuple[StudyFolder, Protocol]:
    folder = create_study(tmp_path / name, name)
    return folder, read_protocol(folder.protocol_path)


@pytest.mark.parametrize("name", template_names())
def test_every_template_has_the_animals_its_design_needs(name: str, tmp_path: Path) -> None:
    folder, protocol = protocol_of(name, tmp_path)
    animals = read_animals(folder.animals_path)
    assert protocol.name == name
    assert len(animals) == protocol.design.n_total
    assert {(animal.sex, animal.strain, animal.weight_g) for animal in animals} == {("male", "CD1", None)}


@pytest.mark.parametrize("name", template_names())
def test_every_template_has_a_plan_with_smallest_effect_for_each_planned_outcome(name: str, tmp_path: Path) -> None:
    _, protocol = protocol_of(name, tmp_path)
    assert len(protocol.plans) == 7
    assert all(protocol.outcome(plan.outcome).smallest_effect for plan in protocol.plans)
    assert [outcome.name for outcome in protocol.outcomes if outcome.primary] == ["immobility"]


def test_founding_study(tmp_path: Path) -> None:
    _, protocol = protocol_of("ketamine-magnesium", tmp_path)
    assert protocol.design.n_total == 32
    assert protocol.design.stages == ("magnesium", "ketamine")
    assert {step.name: (step.after, step.delay_s, step.repeat) for step in protocol.schedule}["ketamine injection"] == (
        "magnesium injections",
        86400.0,
        1,
    )
    assert (protocol.schedule[0].repeat, protocol.schedule[0].every_s) == (14, 86400.0)
    swim, field = protocol.assays
    assert (swim.duration_s, swim.window_s) == (360.0, (120.0, 360.0))
    assert (field.duration_s, field.size_cm, field.grid) == (600.0, 48.0, 6)
    assert [plate.spike for plate in protocol.plates] == [None, 250.0]
    blocked = {plan.outcome: plan.blocks for plan in protocol.plans if plan.blocks}
    assert blocked == {"hippocampal BDNF": ("membrane",), "prefrontal BDNF": ("membrane",)}


def test_the_magnesium_dose_is_open_and_said_so(tmp_path: Path) -> None:
    _, protocol = protocol_of("ketamine-magnesium", tmp_path)
    doses = {(one.factor, one.level): (str(one.dose), one.open_dose) for one in protocol.treatments}
    assert doses["magnesium", "magnesium"] == ("None", True)
    assert doses["ketamine", "ketamine"] == ("15 mg/kg", False)
    assert doses["ketamine", "saline"] == ("None", False)
    assert "not in the source text" in template_text("ketamine-magnesium")


def test_three_diets(tmp_path: Path) -> None:
    _, protocol = protocol_of("ketamine-diet", tmp_path)
    assert protocol.design.factor("diet").levels == ("control", "deficient", "supplemented")
    assert protocol.design.n_total == 48


def test_an_unknown_template_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="ketamine-diet, ketamine-magnesium") as caught:
        template_text("ketamine-diets")
    assert caught.value.complaints[0].do == "did you mean 'ketamine-diet'?"
