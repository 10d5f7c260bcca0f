"""A recipe file comes back as it was written, or is refused in words."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from littermate.blots.bands import quantify_image
from littermate.blots.image import blot_of
from littermate.blots.recipe import apply_recipe, recipe_of
from littermate.blots.recipe_file import read_recipe, recipe_text, write_recipe
from littermate.errors import FileError, LittermateError
from littermate.model.blot import Blot
from littermate.model.blot_recipe import BlotCorrection
from littermate.simulate.blot import BandRow, BlotScene, paint_blot


def painted() -> Blot:
    pixels, _ = paint_blot([BandRow(row_px=60, volumes=(1.0, 0.5))], scene=BlotScene(width=120, height=130), seed=1)
    return blot_of(pixels)


BLOT = painted()
FOUND = quantify_image(BLOT)
SAID = (
    BlotCorrection(do="move lane", lane=1, x_px=40.5, by="Zoë"),
    BlotCorrection(do="add band", lane=2, box_px=(60, 90, 20, 20)),
)
TEXT = recipe_text(recipe_of(BLOT, FOUND.lanes, FOUND.rules, n_lanes=2, ladder="1:50,10", corrections=SAID))


def refused(words: object, tmp_path: Path) -> str:
    file = tmp_path / "r.json"
    file.write_text(words if isinstance(words, str) else json.dumps(words), encoding="utf-8")
    with pytest.raises(FileError) as refusal:
        read_recipe(file)
    assert "r.json" in str(refusal.value)
    return str(refusal.value)


def edited(**new: Any) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(TEXT)
    return words | new


def test_a_recipe_comes_back(tmp_path: Path) -> None:
    recipe = recipe_of(BLOT, FOUND.lanes, FOUND.rules, n_lanes=2, ladder="1:50,10", corrections=SAID)
    write_recipe(tmp_path / "r.json", recipe)
    assert read_recipe(tmp_path / "r.json") == recipe


def test_corrections_may_be_written_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_text(json.dumps(edited(corrections=[{"do": "remove lane", "lane": 2}])), encoding="utf-8")
    assert read_recipe(file).corrections == (BlotCorrection(do="remove lane", lane=2),)


def test_what_the_program_found_cannot_be_edited(tmp_path: Path) -> None:
    words = edited()
    words["lanes"][0]["bands"][0]["box_px"][0] += 1
    assert "corrections" in refused(words, tmp_path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "empty file"),
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "an object at the top"),
        ({}, "format"),
        (edited(format="littermate blot recipe 9"), "recipe 9"),
        (edited(corrections=[{"do": "remove lane"}]), "lane"),
        (edited(corrections=[{"do": "paint lane", "lane": 1}]), "paint lane"),
        (edited(corrections=[{"do": "remove lane", "lane": True}]), "whole number"),
        (edited(corrections=[{"do": "remove lane", "lane": 1, "why": "x"}]), "no more at corrections"),
        (edited(extra=1), "no more at the top"),
        (edited(n_lanes="two"), "whole number"),
        (TEXT.replace('"n_lanes": 2', '"n_lanes": NaN'), "NaN"),
    ],
)
def test_anything_else_is_refused(words: object, message: str, tmp_path: Path) -> None:
    assert message in refused(words, tmp_path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(TEXT) - 1), new=st.text(max_size=3), drop=st.integers(0, 40))
def test_a_damaged_recipe_is_a_result_or_an_error_of_ours(at: int, new: str, drop: int, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    file.write_bytes((TEXT[:at] + new + TEXT[at + drop :]).encode("utf-8", "surrogatepass"))
    try:
        lanes = apply_recipe(BLOT, read_recipe(file))
    except LittermateError:
        return
    assert len(lanes) == 2
