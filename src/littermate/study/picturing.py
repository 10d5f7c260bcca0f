"""Picturing: the pictures of a report. Those of single files were made, blind, when the files were measured.

A blot's uncropped picture is drawn from the recipe that the image was measured with (its lanes, its polarity), with the
animals' codes and no group, and kept in tracks/ under a name that changes with what is drawn: `keep_uncropped` draws
only what is not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from littermate.blots.recipe_file import read_recipe
from littermate.files import written_whole
from littermate.report.content import Picture
from littermate.single.blot import uncropped_picture
from littermate.store.raw_files import BlotImage
from littermate.study.record import StudyRecord

__all__ = ["RANGE_PICTURE", "blot_stem", "keep_uncropped", "pictures_of", "plate_stem", "recipe_path"]

RANGE_PICTURE = "-range"
"""What the name of a dilution series' picture has after that of its image."""

_UNCROPPED = "-uncropped-"


def pictures_of(study: StudyRecord) -> Iterator[Picture]:
    """Give the pictures of trials by assay and code, then those of blots, then those of plates."""
    for trial in sorted(study.trials, key=lambda one: (one.assay, one.code)):
        caption = f"{trial.assay}, trial {trial.id}"
        yield from _picture(study, trial.id, trial.assay, caption, trial.code)
    images = study.database.blot_images()
    for image in images:
        caption = f"{_words(image)} ({image.path})"
        yield from _picture(study, blot_stem(image.sha256), "Western blots", caption)
        yield from _picture(
            study, f"{blot_stem(image.sha256)}{RANGE_PICTURE}", "Western blots", f"Dilution series: {caption}"
        )
    for image in images:
        if (path := keep_uncropped(study, image)) is not None:
            yield _uncropped(study, image, path)
    for file in study.database.plate_files():
        caption = f"{file.kind.upper()}, {file.region} ({file.path})"
        yield from _picture(study, plate_stem(file.sha256), "Plates: standard curves", caption)


def blot_stem(sha256: str) -> str:
    """Return the name of what is kept of a blot image in tracks/, without an ending."""
    return f"blot-{sha256[:12]}"


def plate_stem(sha256: str) -> str:
    """Return the name of what is kept of a plate-reader file in tracks/, without an ending."""
    return f"plate-{sha256[:12]}"


def recipe_path(study: StudyRecord, sha256: str) -> Path:
    """Return where the recipe of a blot image is, or will be once it is measured."""
    return study.folder.tracks / f"{blot_stem(sha256)}-recipe.json"


def keep_uncropped(study: StudyRecord, image: BlotImage) -> Path | None:
    """Return the uncropped picture of a blot image, drawn first where it is not there; nothing without the image."""
    source, recipe = study.folder.root / image.path, recipe_path(study, image.sha256)
    made_of = recipe.read_bytes() if recipe.is_file() else b""
    key = hashlib.sha256(made_of + repr((image.lanes, _words(image))).encode()).hexdigest()[:12]
    path = study.folder.tracks / f"{blot_stem(image.sha256)}{_UNCROPPED}{key}.png"
    if path.is_file():
        return path
    if not source.is_file():
        return None
    kept = read_recipe(recipe) if made_of else None
    png = uncropped_picture(source, dict(image.lanes), recipe=kept, title=_words(image))
    for old in study.folder.tracks.glob(f"{blot_stem(image.sha256)}{_UNCROPPED}*.png"):
        old.unlink()
    with written_whole(path) as part:
        part.write_bytes(png)
    return path


def _words(image: BlotImage) -> str:
    return f"{image.target}, {image.region}, membrane {image.membrane}"


def _uncropped(study: StudyRecord, image: BlotImage, path: Path) -> Picture:
    """Give an uncropped picture; the caption says each lane's group, which the picture was drawn without."""
    animals = {tag.code: tag.animal for tag in study.tags}
    cells = {one.animal: " + ".join(one.cell) for one in study.allocation.assignments}
    lanes: dict[str, list[str]] = {}
    for lane, code in image.lanes:
        lanes.setdefault(cells.get(animals.get(code, ""), ""), []).append(str(lane))
    groups = "; ".join(f"{group}: {', '.join(of)}" for group, of in sorted(lanes.items()) if group)
    caption = f"{_words(image)} ({image.path}). Lanes of {groups}."
    return Picture(title="Blots, uncropped", caption=caption, code="", png=path.read_bytes(), name=path.stem)


def _picture(study: StudyRecord, stem: str, title: str, caption: str, code: str = "") -> Iterator[Picture]:
    path = study.folder.tracks / f"{stem}.png"
    if path.is_file():
        yield Picture(title=title, caption=caption, code=code, png=path.read_bytes(), name=stem)
