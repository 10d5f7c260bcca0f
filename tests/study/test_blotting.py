"""Blots in a study: one value an animal, membranes on one scale, and what was noticed is told."""

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import tifffile
from tests.conftest import PASSPHRASE, make_small

from littermate.blots.image import read_blot
from littermate.blots.recipe import apply_recipe
from littermate.blots.recipe_file import read_recipe
from littermate.errors import DataError
from littermate.model.measurement import Measurement
from littermate.simulate.blot import BlotScene, write_blot
from littermate.simulate.total_protein import paint_total_protein, total_protein_scene
from littermate.study import Study, open_study
from littermate.study.blot_pairs import pairs_of
from littermate.study.blot_sources import blot_sources
from littermate.study.blotting import measured_as

REGION, OUTCOME = "hippocampus", "hippocampal BDNF"
SCENE = BlotScene(width=520, height=160, dust=0, streaks=0, smile_px=3.0, snr=60.0)
Lanes = tuple[tuple[str, float], ...]
"""What is on each lane, and its true ratio."""

Fill = Callable[..., Study]


@pytest.fixture(scope="module")
def allocated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITTERMATE_CONFIG", str(tmp_path_factory.mktemp("config")))
        study = make_small(tmp_path_factory.mktemp("blots") / "study")
        study.allocate(seed=1)
    return study.folder.root


@pytest.fixture
def fill(allocated: Path, tmp_path: Path) -> Fill:
    """Return a function that fills a study's blots folder: for each membrane its lanes, the codes by their number."""
    shutil.copytree(allocated, tmp_path / "study")
    study = open_study(tmp_path / "study", passphrase=PASSPHRASE)

    def filled(membranes: Mapping[str, Lanes], *, control: str = "beta-actin", loads: Iterable[float] = ()) -> Study:
        rows = [row for name, lanes in membranes.items() for row in _paint(study, name, lanes, control, tuple(loads))]
        with (study.folder.blots / "lanes.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, ("image", "target", "region", "membrane", "lane", "code"))
            table.writeheader()
            table.writerows(rows)
        return study

    return filled


def _paint(
    study: Study, membrane: str, lanes: Lanes, control: str, loads: tuple[float, ...]
) -> Iterable[dict[str, object]]:
    codes = [tag.code for tag in study.tags]
    loads = loads or tuple(0.8 + 0.1 * (k % 5) for k in range(len(lanes)))
    amounts = {"BDNF": [load * ratio for load, (_, ratio) in zip(loads, lanes, strict=True)], control: list(loads)}
    study.folder.blots.mkdir(exist_ok=True)
    for number, (target, values) in enumerate(amounts.items()):
        path = study.folder.blots / f"{target}-{membrane}.tif"
        if target == "total protein":
            scene = replace(total_protein_scene(), width=520, height=200)
            tifffile.imwrite(path, paint_total_protein(values, scene=scene, seed=7)[0])
        else:
            write_blot(path, values, scene=SCENE, row=80, seed=int(membrane) + 10 * number)
        for lane, (what, _) in enumerate(lanes, 1):
            code = codes[int(what)] if what.isdigit() else what
            row = {"image": path.name, "target": target, "region": REGION, "membrane": membrane}
            yield row | {"lane": lane, "code": code}


def values(study: Study) -> dict[str, Measurement]:
    """Return what was measured, by the animal's number."""
    numbers = {tag.code: str(number) for number, tag in enumerate(study.tags)}
    found = [one for one in study.measurements if one.outcome == OUTCOME]
    by_number = {numbers[one.code]: one for one in found}
    assert len(by_number) == len(found)
    return by_number


def test_an_animal_on_two_lanes_has_one_value(fill: Fill) -> None:
    study = fill({"1": (("control", 1.0), ("0", 0.6), ("1", 1.0), ("0", 1.4), ("2", 0.8), ("control", 1.0))})
    saved = study.quantify("BDNF", relative_to="beta-actin")
    found = values(study)
    assert len(saved) == len(found) == 3
    assert found["0"].value == pytest.approx(1.0, abs=0.03)
    assert found["0"].flags == ("mean of 2 lanes", "replicates differ")
    assert found["0"].source.place == "blots/BDNF-1.tif, lane 2; blots/BDNF-1.tif, lane 4"
    assert (found["0"].block, found["1"].flags) == ("1", ())
    ids = {finding.id: finding for finding in study.check()}
    assert ids["replicates-differ"].about == f"{OUTCOME} of {found['0'].code}"
    assert "CV" in ids["inter-blot-control-varies"].message


def test_the_recipes_that_are_kept_repeat_the_volumes(fill: Fill) -> None:
    study = fill({"1": (("control", 1.0), ("0", 0.6), ("1", 1.0), ("2", 0.8))})
    study.quantify("BDNF", relative_to="beta-actin")
    (pair,) = pairs_of(study.database.blot_images(), "BDNF", "beta-actin")
    result = measured_as(study, pair, {})
    for image, lanes in zip(pair, (result.target_lanes, result.control_lanes), strict=True):
        recipe = read_recipe(study.folder.tracks / f"blot-{image.sha256[:12]}-recipe.json")
        assert apply_recipe(read_blot(study.folder.root / image.path), recipe) == lanes


def test_lanes_on_two_membranes_are_averaged_on_one_scale(fill: Fill) -> None:
    lanes = {
        "1": (("control", 1.0), ("0", 0.8), ("1", 1.2), ("2", 0.9)),
        "2": (("control", 2.0), ("0", 1.6), ("3", 1.0), ("4", 2.0)),
    }
    study = fill(lanes)
    study.quantify("BDNF", relative_to="beta-actin")
    found = values(study)
    assert {number: one.block for number, one in found.items()} == {
        "0": "1 + 2",
        "1": "1",
        "2": "1",
        "3": "2",
        "4": "2",
    }
    assert [found[number].value for number in "034"] == pytest.approx([0.8, 0.5, 1.0], abs=0.03)
    assert found["0"].flags == ("mean of 2 lanes",)
    assert "blots/BDNF-1.tif, lane 2; blots/BDNF-2.tif (" in found["0"].source.place
    assert [entry.what for entry in study.database.entries("quantify")] == ["quantify"]


def test_a_membrane_without_the_control_that_others_have_is_refused(fill: Fill) -> None:
    study = fill(
        {"1": (("control", 1.0), ("0", 0.8), ("1", 1.2)), "2": (("2", 1.0), ("3", 1.0), ("4", 0.9))},
    )
    with pytest.raises(DataError, match=r"hippocampus, membrane 2\n.*on every membrane") as caught:
        study.quantify("BDNF", relative_to="beta-actin")
    assert len(caught.value.complaints) == 1
    assert not values(study)


def test_an_animal_on_two_membranes_without_a_scale_is_refused(fill: Fill) -> None:
    study = fill({"1": (("0", 0.8), ("1", 1.2), ("5", 1.0)), "2": (("0", 1.0), ("3", 1.0), ("4", 0.9))})
    with pytest.raises(DataError, match="to average them"):
        study.quantify("BDNF", relative_to="beta-actin")


def test_membranes_without_any_inter_blot_control_are_told(fill: Fill) -> None:
    study = fill({"1": (("0", 0.8), ("1", 1.2), ("5", 1.0)), "2": (("2", 1.0), ("3", 1.0), ("4", 0.9))})
    study.quantify("BDNF", relative_to="beta-actin")
    assert {one.block for one in values(study).values()} == {"1", "2"}
    assert "membranes-not-scaled" in {finding.id for finding in study.check()}


def test_a_lane_that_the_two_images_call_by_two_names_is_refused(fill: Fill) -> None:
    study = fill({"1": (("0", 0.8), ("1", 1.2), ("2", 1.0))})
    table = study.folder.blots / "lanes.csv"
    first, second = (tag.code for tag in study.tags[:2])
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([*lines[:-3], lines[-3].replace(first, second), *lines[-2:]]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="the same sample on lane 1"):
        study.quantify("BDNF", relative_to="beta-actin")


def test_a_dilution_series_gives_the_range_and_flags_what_is_outside(fill: Fill) -> None:
    series = tuple((f"dilution {amount:g}", 1.0) for amount in (1.0, 0.5, 0.25))
    study = fill({"1": (*series, ("0", 1.0), ("1", 1.5), ("2", 1.0))}, loads=(1.0, 0.5, 0.25, 0.6, 0.9, 0.1))
    study.quantify("BDNF", relative_to="beta-actin")
    found = values(study)
    assert sorted(found) == ["0", "1", "2"]
    assert found["0"].flags == ()
    assert found["1"].flags == ("outside the linear range", "target outside the linear range")
    assert "control outside the linear range" in found["2"].flags
    assert "outside-linear-range" in {finding.id for finding in study.check()}
    assert list(study.folder.tracks.glob("blot-*-range.png"))


def test_total_protein_stands_in_place_of_a_loading_control(fill: Fill) -> None:
    lanes = (("control", 1.0), ("0", 0.5), ("1", 1.0), ("2", 1.5), ("3", 0.8), ("control", 1.0))
    study = fill({"1": lanes}, control="total protein", loads=(1.0, 0.7, 1.2, 0.9, 1.1, 1.0))
    path = study.folder.protocol_path
    text = path.read_text(encoding="utf-8").replace("BDNF/beta-actin", "BDNF/total protein")
    path.write_text(text.replace('relative_to = "beta-actin"', 'relative_to = "total protein"'), encoding="utf-8")
    study = open_study(study.folder.root, passphrase=PASSPHRASE)
    study.quantify("BDNF", relative_to="total protein")
    assert [values(study)[number].value for number in "0123"] == pytest.approx([0.5, 1.0, 1.5, 0.8], rel=0.05)


def test_membrane_and_region_reach_the_analysis(fill: Fill) -> None:
    study = fill({"1": (("0", 0.8), ("1", 1.2), ("2", 1.0)), "2": (("3", 1.0), ("4", 1.0), ("5", 0.9))})
    study.quantify("BDNF", relative_to="beta-actin")
    outcome = study.protocol.outcome(OUTCOME)
    (plan,) = [one for one in study.protocol.plans if one.outcome == OUTCOME]
    assert (outcome.region, plan.blocks) == (REGION, ("membrane",))
    assert {number: one.block for number, one in values(study).items()} == dict(
        zip("012345", "111222", strict=True),
    )


def test_another_code_for_a_registered_lane_is_refused_not_passed_over(fill: Fill) -> None:
    study = fill({"1": (("0", 0.8), ("1", 1.2), ("2", 1.0))})
    assert study.add_blots("blots") == 2
    assert study.add_blots("blots") == 0
    table = study.folder.blots / "lanes.csv"
    first, last = study.tags[0].code, study.tags[5].code
    table.write_text(table.read_text(encoding="utf-8").replace(first, last), encoding="utf-8")
    with pytest.raises(DataError, match=f"expected: {first}, as the image was registered") as caught:
        study.add_blots("blots")
    assert len(caught.value.complaints) == 2


def test_a_lane_is_measured_again_and_its_uncropped_pictures_show_no_group(fill: Fill) -> None:
    study = fill({"1": (("control", 1.0), ("0", 0.6), ("1", 1.0), ("2", 0.8))})
    study.quantify("BDNF", relative_to="beta-actin")
    kept = sorted(study.folder.tracks.glob("*-uncropped-*.png"))
    assert len(kept) == 2
    recorded = {(one.outcome, one.code): one for one in study.measurements}
    sources = dict(blot_sources(study, recorded))
    source = sources[REGION, "BDNF/beta-actin", study.tags[0].code]
    facts = dict(source.facts)
    assert facts["measured again for this report"] == "the same value"
    assert facts["membrane"] == "1, hippocampus; lane 2 of 4"
    assert facts["scaled by"].startswith("inter-blot control (lanes 1)")
    assert [row[0] for row in source.tables[0].rows] == ["BDNF", "beta-actin"]
    assert set(source.pictures[1:]) == {path.stem for path in kept}
    assert sorted(study.folder.tracks.glob("*-uncropped-*.png")) == kept
    path = study.folder.blots / "BDNF-1.tif"
    path.write_bytes(path.read_bytes() + b"\0")
    facts = dict(dict(blot_sources(study, {}))[REGION, "BDNF/beta-actin", study.tags[0].code].facts)
    assert facts["volumes"].startswith("not measured again: blots/BDNF-1.tif as it was measured, found a file with")
