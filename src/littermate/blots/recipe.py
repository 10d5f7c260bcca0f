"""Recipe: the choices that lead from an image to its volumes, taken down, corrected and repeated.

`recipe_of` takes down what was measured, `apply_recipe` measures it again: the same image gives the same volumes to the
bit, for what is summed follows from the pixels, the boxes, their strips and the rules, and all of them are in it.
What persons corrected is done to it in between (`littermate.blots.corrections`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace

from littermate.blots.corrections import corrected, once, span_of
from littermate.blots.ladder import read_ladder, weigh_bands
from littermate.blots.rules import BandRules, BlotRules, LaneRules, LoadingRules, rule_set
from littermate.blots.volumes import Group, Sheet, measure_group, sheet_of
from littermate.errors import DataError
from littermate.model.blot import Blot, Lane
from littermate.model.blot_recipe import BandChoice, BlotCorrection, BlotRecipe, LaneChoice, Parameter
from littermate.version import __version__

__all__ = ["apply_recipe", "recipe_of", "rules_of"]

_PART: dict[str, type[LaneRules | BandRules | LoadingRules]] = {
    "lanes": LaneRules,
    "bands": BandRules,
    "loading": LoadingRules,
}


def recipe_of(
    blot: Blot,
    lanes: Sequence[Lane],
    rules: BlotRules,
    *,
    n_lanes: int | None = None,
    ladder: str | None = None,
    corrections: Iterable[BlotCorrection] = (),
) -> BlotRecipe:
    """Take down how lanes were measured.

    Parameters
    ----------
    blot
        The image.
    lanes
        Its lanes as `quantify_image`, `measure_bands`, `measure_row` or `measure_boxes` gave them; none: an empty
        recipe to which a person adds them.
    rules
        By which they were measured.
    n_lanes, ladder
        As they were asked for.
    corrections
        What persons said after that.

    Examples
    --------
    >>> from littermate.blots.bands import quantify_image
    >>> from littermate.blots.image import blot_of
    >>> from littermate.simulate.blot import BandRow, BlotScene, paint_blot
    >>> row = BandRow(row_px=130, volumes=(1.0, 0.5, 0.8, 1.2))
    >>> blot = blot_of(paint_blot([row], scene=BlotScene(width=300), seed=1)[0])
    >>> found = quantify_image(blot)
    >>> recipe = recipe_of(blot, found.lanes, found.rules)
    >>> apply_recipe(blot, recipe) == found.lanes
    True
    """
    said = rule_set(rules)
    return BlotRecipe(
        program=__version__,
        sha256=blot.sha256,
        shape=(blot.pixels.shape[0], blot.pixels.shape[1]),
        polarity=blot.polarity,
        n_lanes=n_lanes,
        rules=said.parameters,
        rules_hash=said.hash,
        ladder=ladder,
        lanes=tuple(_choice_of(lane) for lane in lanes),
        corrections=tuple(corrections),
    )


def _choice_of(lane: Lane) -> LaneChoice:
    bands = tuple(
        BandChoice(
            row_px=band.row_px,
            box_px=band.box_px,
            fwhm_px=band.fwhm_px or float(band.box_px[3]),
            strips_px=band.strips_px or ((band.box_px[1],) * 2, (band.box_px[1] + band.box_px[3],) * 2),
            flags=tuple(flag for flag in band.flags if _is_of_place(flag)),
        )
        for band in lane.bands
    )
    return LaneChoice(lane=replace(lane, bands=()), bands=bands)


def _is_of_place(flag: str) -> bool:
    """Whether a flag says how a box was placed, rather than what its pixels are."""
    return "placed" in flag or "box" in flag


def rules_of(recipe: BlotRecipe) -> BlotRules:
    """Return the rules of a recipe.

    Raises
    ------
    DataError
        If they have parameters that this program does not know, or lack some that it needs.
    """
    values: dict[str, dict[str, Parameter]] = {name: {} for name in _PART}
    unknown = []
    for name, value in recipe.rules:
        part, _, parameter = name.partition(".")
        known = {field.name: field.default for field in fields(_PART[part])} if part in _PART else {}
        if parameter not in known or not _like(value, known[parameter]):
            unknown.append(name)
        else:
            values[part][parameter] = value
    lacking = [
        f"{part}.{field.name}" for part in _PART for field in fields(_PART[part]) if field.name not in values[part]
    ]
    if unknown or lacking:
        raise DataError(
            expected=f"the rules of a blot as version {__version__} has them",
            found="; ".join(
                f"{word} {', '.join(names)}" for word, names in (("unknown", unknown), ("lacking", lacking)) if names
            ),
            do=f"measure with version {recipe.program}, or make the recipe anew",
            where="recipe, rules",
        )
    made: Mapping[str, Callable[..., LaneRules | BandRules | LoadingRules]] = _PART
    return BlotRules(**{part: made[part](**values[part]) for part in _PART})  # type: ignore[arg-type]


def _like(value: object, default: object) -> bool:
    """Whether a value is of its default's kind; a whole number may stand for a number."""
    if default is None:
        return True
    if isinstance(default, bool) or isinstance(value, bool):
        return type(value) is type(default)
    return isinstance(value, (int, float) if isinstance(default, float) else type(default))


def apply_recipe(blot: Blot, recipe: BlotRecipe, *, other_image: bool = False) -> tuple[Lane, ...]:
    """Measure an image as a recipe says.

    Parameters
    ----------
    blot
        The image, read with the recipe's polarity.
    recipe
        With persons' corrections, which are made in order.
    other_image
        Whether it may be of another image of the same size: another exposure, another protein of the same membrane.

    Returns
    -------
    tuple of Lane
        With their bands. What a person placed is flagged ``"placed by a person"``; the bands of a lane that a person
        placed, ``"lane placed by a person"``.

    Raises
    ------
    DataError
        If the recipe is of another image or another polarity, or a correction is of a lane or band that is not there.
    """
    _require_image(blot, recipe, other_image=other_image)
    rules = rules_of(recipe).bands
    sheet = sheet_of(blot, [choice.lane for choice in recipe.lanes], rules)
    lanes = recipe.lanes
    for number, said in enumerate(recipe.corrections, 1):
        lanes = corrected(sheet, lanes, said, f"recipe, correction {number} ({said.do})")
    if not recipe.lanes:
        sheet = sheet_of(blot, [choice.lane for choice in lanes], rules)
    measured = tuple(_measured(sheet, choice) for choice in lanes)
    return measured if recipe.ladder is None else weigh_bands(measured, read_ladder(recipe.ladder), fit=rules.ladder)


def _require_image(blot: Blot, recipe: BlotRecipe, *, other_image: bool) -> None:
    if blot.pixels.shape != recipe.shape or (blot.sha256 != recipe.sha256 and not other_image):
        raise DataError(
            expected=f"the recipe's image: {recipe.shape} px, SHA-256 {recipe.sha256[:12] or 'unknown'}...",
            found=f"another: {blot.pixels.shape} px, {blot.sha256[:12] or 'unknown'}...",
            do="measure that image, or say that it is another one of the same membrane and size (--other-image)",
            where=blot.path,
        )
    if blot.polarity != recipe.polarity:
        raise DataError(
            expected=f"an image read as {recipe.polarity} = signal",
            found=blot.polarity,
            do="read it with the recipe's polarity",
            where=blot.path,
        )


def _measured(sheet: Sheet, choice: LaneChoice) -> Lane:
    """Measure a lane's bands; neighbours with the same strips are one group."""
    bands = []
    for strips, members in itertools.groupby(choice.bands, key=lambda band: band.strips_px):
        part = tuple(members)
        group = Group(spans=tuple(span_of(band) for band in part), above=strips[0], below=strips[1])
        for band, summed in zip(part, measure_group(sheet, choice.lane, group), strict=True):
            bands.append(replace(summed, flags=once((*band.flags, *summed.flags))))
    return replace(choice.lane, bands=tuple(bands))
