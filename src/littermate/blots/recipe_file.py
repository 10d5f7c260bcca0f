"""Recipe file: a blot recipe as JSON, written whole and read strictly.

What the program found is sealed with a hash, so that a hand-edited box is not taken for the program's own: persons add
to ``"corrections"``, and nothing else. A file with anything unknown, lacking or of the wrong kind in it is refused.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from littermate.errors import DataError, FileError
from littermate.files import require_file, written_whole
from littermate.model.blot import Lane
from littermate.model.blot_recipe import BandChoice, BlotCorrection, BlotRecipe, LaneChoice, Parameter

__all__ = ["FORMAT", "read_recipe", "recipe_text", "write_recipe"]

FORMAT = "littermate blot recipe 1"
_MOST_BYTES = 20_000_000
T = TypeVar("T")


def write_recipe(path: str | Path, recipe: BlotRecipe) -> None:
    """Write a recipe as JSON.

    Raises
    ------
    FileError
        If nothing can be written there.
    """
    with written_whole(path) as part:
        part.write_text(recipe_text(recipe), encoding="utf-8")


def recipe_text(recipe: BlotRecipe) -> str:
    """Return a recipe as JSON; numbers are written so that they come back to the bit."""
    found = _found(recipe)
    said = [
        {name: value for name, value in dataclasses.asdict(one).items() if value not in (None, "")}
        for one in recipe.corrections
    ]
    words = {"format": FORMAT, **found, "seal": _seal(found), "corrections": said}
    return json.dumps(words, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _found(recipe: BlotRecipe) -> dict[str, Any]:
    """Return what the program found, as JSON has it."""
    found = {
        "program": recipe.program,
        "image": {"sha256": recipe.sha256, "shape": list(recipe.shape), "polarity": recipe.polarity},
        "n_lanes": recipe.n_lanes,
        "ladder": recipe.ladder,
        "rules": {"hash": recipe.rules_hash, "parameters": dict(recipe.rules)},
        "lanes": [_lane_words(choice) for choice in recipe.lanes],
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def _lane_words(choice: LaneChoice) -> dict[str, Any]:
    lane = choice.lane
    return {
        "index": lane.index,
        "centre_px": lane.centre_px,
        "width_px": lane.width_px,
        "path_px": lane.path_px,
        "bands": [dataclasses.asdict(band) for band in choice.bands],
    }


def _seal(found: Mapping[str, Any]) -> str:
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_recipe(path: str | Path) -> BlotRecipe:
    """Read a recipe.

    Raises
    ------
    FileError
        If the file is no recipe, has anything unknown or lacking in it, or what the program found was edited.
    """
    file = require_file(path)
    if file.stat().st_size > _MOST_BYTES:
        raise _wrong(str(path), "a recipe of at most 20 MB", f"{file.stat().st_size} bytes")
    try:
        words = json.loads(file.read_bytes(), parse_constant=_no_number)
        return _recipe(_Words(words, ""))
    except (ValueError, RecursionError, OverflowError) as broken:
        raise _wrong(str(path), "JSON", str(broken) or type(broken).__name__) from broken
    except _MisfitError as misfit:
        raise _wrong(str(path), misfit.expected, misfit.found) from misfit
    except DataError as fault:
        raise FileError.of(
            dataclasses.replace(one, where=f"{path}: {one.where}") for one in fault.complaints
        ) from fault


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _wrong(where: str, expected: str, found: str) -> FileError:
    return FileError(
        expected=expected,
        found=found[:200],
        do="make the recipe anew, and add only to its corrections",
        where=where,
    )


class _MisfitError(Exception):
    """Something in a recipe is not what it should be."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected, self.found = expected, found


class _Words:
    """A JSON object whose keys are taken one by one, each of its kind, until none is left."""

    def __init__(self, words: object, where: str) -> None:
        if not isinstance(words, dict):
            raise _MisfitError(f"an object at {where or 'the top'}", type(words).__name__)
        self.words, self.where = dict(words), where

    def take(self, name: str, kind: Callable[[object, str], T]) -> T:
        where = f"{self.where}.{name}" if self.where else name
        if name not in self.words:
            raise _MisfitError(f"{where}", "nothing of that name")
        return kind(self.words.pop(name), where)

    def take_if(self, name: str, kind: Callable[[object, str], T]) -> T | None:
        return self.take(name, kind) if name in self.words else None

    def close(self) -> None:
        if self.words:
            raise _MisfitError(f"no more at {self.where or 'the top'}", ", ".join(map(str, self.words)))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _MisfitError(f"text as {where}", repr(value))
    return value


def _whole(value: object, where: str) -> int:
    if type(value) is not int or abs(value) > 10**9:
        raise _MisfitError(f"a whole number as {where}", repr(value)[:40])
    return value


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _MisfitError(f"a number as {where}", repr(value)[:40])
    return float(value)


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise _MisfitError(f"a list as {where}", type(value).__name__)
    return value


def _or_none(kind: Callable[[object, str], T]) -> Callable[[object, str], T | None]:
    return lambda value, where: None if value is None else kind(value, where)


def _many(kind: Callable[[object, str], T], count: int | None = None) -> Callable[[object, str], tuple[T, ...]]:
    def read(value: object, where: str) -> tuple[T, ...]:
        parts = _list(value, where)
        if count is not None and len(parts) != count:
            raise _MisfitError(f"{count} parts as {where}", f"{len(parts)}")
        return tuple(kind(part, f"{where}[{number}]") for number, part in enumerate(parts))

    return read


def _recipe(words: _Words) -> BlotRecipe:
    name = words.take("format", _text)
    if name != FORMAT:
        raise _MisfitError(f"the format {FORMAT!r}", repr(name))
    sealed = {key: value for key, value in words.words.items() if key not in ("seal", "corrections")}
    program = words.take("program", _text)
    image = words.take("image", _Words)
    rules = words.take("rules", _Words)
    parameters = rules.take("parameters", _Words)
    recipe = BlotRecipe(
        program=program,
        sha256=image.take("sha256", _text),
        shape=_pair(image.take("shape", _many(_whole, 2))),
        polarity=image.take("polarity", _text),
        n_lanes=words.take("n_lanes", _or_none(_whole)),
        rules=tuple((key, parameters.take(key, _parameter)) for key in sorted(parameters.words)),
        rules_hash=rules.take("hash", _text),
        ladder=words.take("ladder", _or_none(_text)),
        lanes=words.take("lanes", _many(_lane)),
        corrections=words.take("corrections", _many(_correction)),
    )
    seal = words.take("seal", _text)
    for part in (words, image, rules):
        part.close()
    if seal != _seal(sealed):
        raise _MisfitError(
            "what the program found, as it wrote it", "edited, while a person's words go into corrections"
        )
    _require_inside(recipe)
    return recipe


def _parameter(value: object, where: str) -> Parameter:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return tuple(_parameter(part, where) for part in value)
    number = _number(value, where)
    return value if isinstance(value, int) else number


def _pair(values: tuple[int, ...]) -> tuple[int, int]:
    return values[0], values[1]


def _lane(value: object, where: str) -> LaneChoice:
    words = _Words(value, where)
    path = words.take("path_px", _many(_many(_number, 2)))
    lane = Lane(
        index=words.take("index", _whole),
        centre_px=words.take("centre_px", _number),
        width_px=words.take("width_px", _number),
        path_px=tuple((row, x) for row, x in path),
    )
    bands = words.take("bands", _many(_band))
    words.close()
    if not path or lane.width_px <= 0 or lane.index < 1:
        raise _MisfitError(f"a lane with a course, a width and a number from 1 at {where}", f"{lane}")
    return LaneChoice(lane=lane, bands=bands)


def _band(value: object, where: str) -> BandChoice:
    words = _Words(value, where)
    left, top, width, height = words.take("box_px", _many(_whole, 4))
    above, below = words.take("strips_px", _many(_many(_whole, 2), 2))
    band = BandChoice(
        row_px=words.take("row_px", _number),
        box_px=(left, top, width, height),
        fwhm_px=words.take("fwhm_px", _number),
        strips_px=(_pair(above), _pair(below)),
        flags=words.take("flags", _many(_text)),
    )
    words.close()
    return band


def _correction(value: object, where: str) -> BlotCorrection:
    words = _Words(value, where)
    box = words.take_if("box_px", _many(_whole, 4))
    said = BlotCorrection(
        do=words.take("do", _text),
        lane=words.take_if("lane", _whole),
        band=words.take_if("band", _whole),
        box_px=None if box is None else (box[0], box[1], box[2], box[3]),
        x_px=words.take_if("x_px", _number),
        width_px=words.take_if("width_px", _number),
        by=words.take_if("by", _text) or "",
    )
    words.close()
    return said


def _require_inside(recipe: BlotRecipe) -> None:
    rows, columns = recipe.shape
    for choice in recipe.lanes:
        for band in choice.bands:
            left, top, width, height = band.box_px
            sound = left >= 0 and top >= 0 and width >= 1 and height >= 1 and band.fwhm_px > 0
            inside = left + width <= columns and top + height <= rows
            strips = all(0 <= start <= stop <= rows for start, stop in band.strips_px)
            if not (sound and inside and strips and 0 <= band.row_px <= rows):
                raise _MisfitError(f"boxes inside an image of {columns} x {rows} px", f"{band}")
