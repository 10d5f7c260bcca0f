"""A recipe repeats the volumes to the bit, and a person's corrections change what they name."""

from dataclasses import replace
from pathlib import Path

import pytest

from littermate.blots.bands import BlotResult, measure_row, quantify_image
from littermate.blots.image import blot_of
from littermate.blots.lanes import find_lanes
from littermate.blots.recipe import apply_recipe, recipe_of, rules_of
from littermate.blots.recipe_file import read_recipe, write_recipe
from littermate.blots.rules import BandRules, BlotRules
from littermate.errors import DataError
from littermate.model.blot import Band, Blot, Lane
from littermate.model.blot_recipe import BlotCorrection, BlotRecipe
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

SCENE = BlotScene(width=320, height=260, lanes=6, dust=0, streaks=0)
VOLUMES = (1.0, 0.4, 0.8, 1.2, 0.5, 0.7)


def painted() -> Blot:
    rows = [BandRow(row_px=row, volumes=VOLUMES) for row in (70, 105, 190)]
    pixels, _ = paint_blot(rows, scene=SCENE, seed=4)
    return replace(blot_of(pixels), sha256="ab" * 32)


@pytest.fixture(scope="module")
def blot() -> Blot:
    return painted()


@pytest.fixture(scope="module")
def found(blot: Blot) -> BlotResult:
    return quantify_image(blot)


@pytest.fixture(scope="module")
def recipe(blot: Blot, found: BlotResult) -> BlotRecipe:
    return recipe_of(blot, found.lanes, found.rules)


def after(blot: Blot, recipe: BlotRecipe, *said: BlotCorrection) -> tuple[Lane, ...]:
    return apply_recipe(blot, replace(recipe, corrections=said))


def bands_of(lanes: tuple[Lane, ...], lane: int) -> tuple[Band, ...]:
    return lanes[lane - 1].bands


@pytest.mark.parametrize("background", ["line", "local median", "rolling ball"])
def test_volumes_come_back_to_the_bit_through_a_file(blot: Blot, background: str, tmp_path: Path) -> None:
    found = quantify_image(blot, rules=BlotRules(bands=BandRules(background=background)))
    assert [len(lane.bands) for lane in found.lanes] == [3] * 6
    write_recipe(tmp_path / "r.json", recipe_of(blot, found.lanes, found.rules))
    again = read_recipe(tmp_path / "r.json")
    assert apply_recipe(painted(), again) == found.lanes
    assert rules_of(again) == found.rules


def test_a_row_of_bands_has_a_recipe_too(blot: Blot) -> None:
    lanes = measure_row(blot, find_lanes(blot, n=6), row_px=190)
    assert apply_recipe(blot, recipe_of(blot, lanes, BlotRules())) == lanes


def test_another_image_is_refused_unless_asked_for(blot: Blot, recipe: BlotRecipe, found: BlotResult) -> None:
    other = replace(blot, sha256="cd" * 32, pixels=blot.pixels + 5)
    with pytest.raises(DataError, match="other-image"):
        apply_recipe(other, recipe)
    lanes = apply_recipe(other, recipe, other_image=True)
    assert lanes[0].bands[0].volume == pytest.approx(found.lanes[0].bands[0].volume)
    with pytest.raises(DataError, match="px"):
        apply_recipe(replace(other, pixels=other.pixels[1:]), recipe, other_image=True)
    with pytest.raises(DataError, match="dark"):
        apply_recipe(replace(blot, polarity="dark"), recipe)


def test_a_band_is_moved_removed_and_put_back(blot: Blot, recipe: BlotRecipe, found: BlotResult) -> None:
    box = bands_of(found.lanes, 3)[2].box_px
    left, top, width, height = box
    move = BlotCorrection(do="move band", lane=3, band=3, box_px=(left, top + 4, width, height), by="AB")
    moved = after(blot, recipe, move)
    band = bands_of(moved, 3)[2]
    assert band.box_px == (left, top + 4, width, height)
    assert band.flags == ("placed by a person",)
    assert [lane for lane in moved if lane.index != 3] == [lane for lane in found.lanes if lane.index != 3]
    gone = after(blot, recipe, BlotCorrection(do="remove band", lane=3, band=3))
    assert len(bands_of(gone, 3)) == 2
    back = after(
        blot,
        recipe,
        BlotCorrection(do="remove band", lane=3, band=3),
        BlotCorrection(do="add band", lane=3, box_px=box),
    )
    assert bands_of(back, 3)[2].volume == pytest.approx(bands_of(found.lanes, 3)[2].volume, rel=0.01)
    assert bands_of(back, 3)[:2] == bands_of(found.lanes, 3)[:2]


def test_lanes_are_removed_added_and_moved(blot: Blot, recipe: BlotRecipe, found: BlotResult) -> None:
    gone = after(blot, recipe, BlotCorrection(do="remove lane", lane=2))
    assert [lane.index for lane in gone] == [1, 2, 3, 4, 5]
    assert gone[1].bands == found.lanes[2].bands
    x = found.lanes[1].centre_px
    back = after(blot, recipe, BlotCorrection(do="remove lane", lane=2), BlotCorrection(do="add lane", x_px=x, by="AB"))
    volumes = [[band.volume for band in lane.bands] for lane in (back[1], found.lanes[1])]
    assert volumes[0] == pytest.approx(volumes[1], rel=0.03)
    assert all(band.flags == ("lane placed by a person",) for band in back[1].bands)
    moved = after(blot, recipe, BlotCorrection(do="move lane", lane=2, x_px=x + 2, width_px=20))
    for band, before in zip(moved[1].bands, found.lanes[1].bands, strict=True):
        assert band.box_px[2] == 20
        assert band.box_px[1::2] == before.box_px[1::2]


def test_persons_alone_are_enough(blot: Blot, found: BlotResult) -> None:
    empty = recipe_of(blot, (), BlotRules())
    box = found.lanes[0].bands[0].box_px
    lanes = after(
        blot,
        empty,
        BlotCorrection(do="add lane", x_px=found.lanes[0].centre_px, width_px=found.lanes[0].width_px),
        BlotCorrection(do="remove band", lane=1, band=1),
        BlotCorrection(do="add band", lane=1, box_px=box),
    )
    assert bands_of(lanes, 1)[0].volume == pytest.approx(found.lanes[0].bands[0].volume, rel=0.02)
    assert after(blot, empty) == ()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (BlotCorrection(do="remove lane", lane=7), "lane from 1 to 6"),
        (BlotCorrection(do="remove band", lane=1, band=4), "band from 1 to 3"),
        (BlotCorrection(do="add band", lane=1, box_px=(300, 10, 40, 10)), "inside the image"),
        (BlotCorrection(do="move lane", lane=1, x_px=400.0), "centre from 0 to 319"),
    ],
)
def test_a_correction_of_nothing_is_refused(blot: Blot, recipe: BlotRecipe, said: BlotCorrection, message: str) -> None:
    with pytest.raises(DataError, match=message):
        after(blot, recipe, said)


def test_two_bands_on_one_row_are_refused(blot: Blot, recipe: BlotRecipe, found: BlotResult) -> None:
    with pytest.raises(DataError, match="one band on one row"):
        after(blot, recipe, BlotCorrection(do="add band", lane=1, box_px=bands_of(found.lanes, 1)[0].box_px))


def test_rules_of_another_program_are_refused(recipe: BlotRecipe) -> None:
    with pytest.raises(DataError, match=r"unknown bands\.magic; lacking bands\.reach"):
        rules_of(
            replace(
                recipe,
                rules=(*(rule for rule in recipe.rules if rule[0] != "bands.reach"), ("bands.magic", 1.0)),
            )
        )
