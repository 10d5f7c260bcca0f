"""Blotting: blot images become ratios, blind; where a person placed a band, it is measured there.

What a person placed stands until something else is said of the same lane of the same image, and every later
measurement is made with it. The images that are measured again are all pairs that the corrected one is part of (a
loading control can belong to several targets), and those with further lanes of their animals. The places and what is
measured with them are one transaction with one entry, ``place bands``; an image that cannot be measured as placed is
refused, and nothing is written.

An animal has one value: lanes of it on several gels or membranes are reduced to it (`littermate.blots.replicates`).
What was noticed of a membrane stands in the journal's entry of its measurement, and is told by `Study.check`.

In addresses an image goes by an opaque id: a hash of its file's, keyed with the study's own random id, so that whoever
holds the file cannot work it out, and which is the same at every start of the program.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from littermate.blots.recipe_file import write_recipe
from littermate.blots.replicates import reduce_replicates
from littermate.blots.total_protein import TOTAL_PROTEIN
from littermate.checks.facts import ControlVolume
from littermate.errors import StageError, UsageError
from littermate.files import written_whole
from littermate.model.blot_correction import BandPlace
from littermate.model.finding import Finding
from littermate.model.measurement import Measurement, Reading, Source
from littermate.model.placement import Box
from littermate.run.executor import run_all
from littermate.single.blot import BlotPairJob, BlotPairResult, measure_pair
from littermate.store import manifests
from littermate.store.raw_files import BlotImage, PlacedBox
from littermate.store.writing import Writing
from littermate.study.blot_pairs import (
    Pair,
    measured_together,
    pairs_among,
    pairs_of,
    require_comparable,
    series_of,
    unscaled_membranes,
)
from littermate.study.intake import add_blots
from littermate.study.picturing import RANGE_PICTURE, blot_stem, keep_uncropped, recipe_path
from littermate.study.record import StudyRecord
from littermate.study.scoring import as_measurements

__all__ = [
    "Pair",
    "control_volumes",
    "find_image",
    "image_id",
    "measured_as",
    "noticed_on_membranes",
    "pairs_with",
    "place_bands",
    "quantify",
]

Results = Mapping[Pair, BlotPairResult]
Said = tuple[PlacedBox, ...]
Placed = Mapping[tuple[str, str], Said]

_one_at_a_time = threading.Lock()


def quantify(study: StudyRecord, target: str, *, relative_to: str) -> tuple[Measurement, ...]:
    """Do what `Study.quantify` says."""
    study.require_open("quantify")
    if (study.folder.blots / "lanes.csv").is_file():
        add_blots(study, study.folder.blots)
    pairs = pairs_of(study.database.blot_images(), target, relative_to)
    require_comparable(pairs)
    jobs = {job_of(study, pair, _said_of(study, pair)): pair for pair in pairs}
    groups = {pair: group for group in measured_together(pairs, _codes(study)) for pair in group}
    results: dict[Pair, BlotPairResult] = {}
    saved: list[Measurement] = []
    for done, (job, result) in enumerate(run_all(measure_pair, list(jobs)), 1):
        results[jobs[job]] = result
        group = groups[jobs[job]]
        if results.keys() >= set(group):
            saved.extend(_save(study, {pair: results[pair] for pair in group}))
        for image in jobs[job]:
            keep_uncropped(study, image)
        study.progress(f"quantifying {target}", done, len(jobs))
    return tuple(saved)


def image_id(study: StudyRecord, image: BlotImage) -> str:
    """Return the opaque id of an image of a target, for addresses."""
    key, words = study.database.study_id.encode(), f"blot {image.sha256} {image.target}".encode()
    return hmac.new(key, words, hashlib.sha256).hexdigest()[:12]


def find_image(study: StudyRecord, wanted: str) -> BlotImage:
    """Return the image of an opaque id.

    Raises
    ------
    UsageError
        If there is none.
    """
    for image in study.database.blot_images():
        if hmac.compare_digest(image_id(study, image).encode(), wanted.encode()):
            return image
    raise UsageError(expected="a blot of this study", found=repr(wanted), do="choose one from the list")


def pairs_with(study: StudyRecord, image: BlotImage) -> tuple[Pair, ...]:
    """Return the pairs of the protocol that an image is part of, as the target or as the loading control.

    Raises
    ------
    StageError
        If there is none: it is measured relative to nothing, and nothing to it.
    """
    pairs = tuple(pair for pair in _planned_pairs(study) if image in pair)
    if not pairs:
        raise StageError(
            expected=f"{image.target} and what it is measured relative to on the same membrane",
            found="one of the two images",
            do="list both images in blots/lanes.csv",
        )
    return pairs


def place_bands(study: StudyRecord, wanted: str, places: Mapping[int, Box | None]) -> tuple[Measurement, ...]:
    """Say where the bands of some lanes are, and measure anew; see `Study.place_bands`."""
    study.require_open("place bands")
    image = find_image(study, wanted)
    _require_lanes(image, places)
    new = tuple(
        PlacedBox(sha256=image.sha256, target=image.target, lane=lane, box_px=box, by=study.who)
        for lane, box in sorted(places.items())
    )
    pairs = _with_replicates(study, pairs_with(study, image))
    words: dict[str, object] = {"sha256": image.sha256, "target": image.target, "lanes": sorted(places)}
    with study.database.writing(study.who, "place bands", words) as write:
        write.placed_boxes(new)
        newer = {_key(image): _in_place(study.database.placed_boxes(image.sha256, image.target), new)}
        said = {pair: _said_of(study, pair) | newer for pair in pairs}
        results = {pair: measured_as(study, pair, said[pair]) for pair in pairs}
        words |= {"findings": _finding_words(results), "controls": _control_words(study, results)}
        written = _write(study, write, results, said)
    for (target, _), result in results.items():
        _keep_pictures(study, target, result)
    return written


def _with_replicates(study: StudyRecord, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return pairs with those that hold further lanes of their animals: they are one value, and are written as one."""
    wanted = set(pairs)
    measures = dict.fromkeys((target.target, control.target) for target, control in pairs)
    every = pairs_among(study.database.blot_images(), measures)
    return tuple(pair for group in measured_together(every, _codes(study)) if wanted & set(group) for pair in group)


def _require_lanes(image: BlotImage, places: Mapping[int, Box | None]) -> None:
    last = _lane_count(image)
    strange = [lane for lane in places if not 1 <= lane <= last]
    if strange or not places:
        raise UsageError(
            expected=f"lanes from 1 to {last}, one or more",
            found=", ".join(map(str, strange)) or "none",
            do="say where the band of a lane is",
        )


def _in_place(before: Said, new: Said) -> Said:
    """Return what stands once something new is said."""
    by_lane = {one.lane: one for one in (*before, *new)}
    return tuple(by_lane[lane] for lane in sorted(by_lane))


def job_of(study: StudyRecord, pair: Pair, said: Placed) -> BlotPairJob:
    """Return the job that measures a pair with what was said of its images; without anything, as they were found."""
    image, control = pair
    return BlotPairJob(
        target=str(study.folder.root / image.path),
        control=str(study.folder.root / control.path),
        measure=f"{image.target}/{control.target}",
        lanes=_lane_count(image),
        inter_blot=tuple(lane for lane, code in image.lanes if code == manifests.CONTROL),
        skip=tuple(lane for lane, code in image.lanes if code in manifests.NO_SAMPLE),
        title=f"{image.target} / {control.target}, {image.region}, membrane {image.membrane}",
        target_boxes=_as_places(said.get(_key(image), ())),
        control_boxes=_as_places(said.get(_key(control), ())),
        series=series_of(image),
        control_kind="total" if control.target.casefold() == TOTAL_PROTEIN else "band",
    )


def measured_as(study: StudyRecord, pair: Pair, said: Placed) -> BlotPairResult:
    """Measure a pair with what was said of its images; what was measured before in this program is remembered."""
    with _one_at_a_time:
        return _remembered(job_of(study, pair, said), tuple(image.sha256 for image in pair))


@lru_cache(maxsize=32)
def _remembered(job: BlotPairJob, _: tuple[str, ...]) -> BlotPairResult:
    return measure_pair(job)


def _lane_count(image: BlotImage) -> int:
    return max(lane for lane, _ in image.lanes)


def _as_places(said: Iterable[PlacedBox]) -> tuple[BandPlace, ...]:
    return tuple(BandPlace(lane=one.lane, box_px=one.box_px) for one in said if one.box_px is not None)


def _key(image: BlotImage) -> tuple[str, str]:
    return image.sha256, image.target


def _said_of(study: StudyRecord, pair: Pair) -> dict[tuple[str, str], Said]:
    return {_key(one): study.database.placed_boxes(one.sha256, one.target) for one in pair}


def _save(study: StudyRecord, results: Results) -> tuple[Measurement, ...]:
    """Save the membranes that hold the same animals: one value an animal, and the pictures with lanes and bands."""
    images = [image for image, _ in results]
    for image, result in zip(images, results.values(), strict=True):
        _keep_pictures(study, image, result)
    rules = next(iter(results.values())).rules
    words: dict[str, object] = {"image": images[0].path, "sha256": images[0].sha256, "rules": rules.hash}
    if len(images) > 1:
        words |= {"image": [one.path for one in images], "sha256": [one.sha256 for one in images]}
    words |= {"findings": _finding_words(results), "controls": _control_words(study, results)}
    with study.database.writing(study.who, "quantify", words) as write:
        return _write(study, write, results, {pair: _said_of(study, pair) for pair in results})


def _keep_pictures(study: StudyRecord, image: BlotImage, result: BlotPairResult) -> None:
    """Keep the pictures of a pair, and the recipes that repeat both images' volumes."""
    stem = blot_stem(image.sha256)
    for recipe in result.recipes:
        write_recipe(recipe_path(study, recipe.sha256), recipe)
    for name, picture in ((stem, result.picture), (f"{stem}{RANGE_PICTURE}", result.series_picture)):
        if picture:
            with written_whole(study.folder.tracks / f"{name}.png") as part:
                part.write_bytes(picture)


def _write(
    study: StudyRecord, write: Writing, results: Results, said: Mapping[Pair, Placed]
) -> tuple[Measurement, ...]:
    """Write the membranes' rules and measurements."""
    measurements = tuple(_measurements(study, results, said))
    for rules in {result.rules.hash: result.rules for result in results.values()}.values():
        write.rules(rules)
    write.measurements(measurements)
    return measurements


def _measurements(study: StudyRecord, results: Results, said: Mapping[Pair, Placed]) -> Iterator[Measurement]:
    """Give each animal one value an outcome, of all its lanes on membranes of one region and measure."""
    known = _codes(study)
    lanes: dict[tuple[str, str, str], list[tuple[Pair, int]]] = {}
    for pair, result in results.items():
        for lane, code in pair[0].lanes:
            if code in known:
                lanes.setdefault((pair[0].region, result.readings[lane].measure, code), []).append((pair, lane))
    for (region, _, code), places in lanes.items():
        readings = [results[pair].readings[lane] for pair, lane in places]
        source = _source(places, said)
        rules_hash = results[places[0][0]].rules.hash
        reading = reduce_replicates(readings)
        for one in as_measurements(study, "blot", region, code, (reading,), source, rules_hash):
            yield replace(one, block=_block(places, readings))


def _block(places: Sequence[tuple[Pair, int]], readings: Sequence[Reading]) -> str:
    """Return the membranes that an animal's value is of: ``"1"``, or ``"1 + 2"``, a level of its own.

    Effects of membranes add up: the mean over membranes 1 and 2 carries the mean of their effects, which all animals
    on just these two share.
    """
    counted = [pair for (pair, _), one in zip(places, readings, strict=True) if one.value is not None]
    return " + ".join(sorted({image.membrane for image, _ in counted or [pair for pair, _ in places]}))


def _source(places: Sequence[tuple[Pair, int]], said: Mapping[Pair, Placed]) -> Source:
    """Name every lane that a value is of; further images go by the beginning of their hash, too."""
    first = places[0][0][0]
    words: list[str] = []
    for pair, lane in places:
        image = pair[0]
        name = image.path if image == first else f"{image.path} ({image.sha256[:12]})"
        words += [f"{name}, lane {lane}", *_placed_words(pair, said.get(pair, {}), lane)]
    return Source(kind="blot", sha256=first.sha256, place="; ".join(words))


def _placed_words(pair: Pair, said: Placed, lane: int) -> Iterator[str]:
    """Say which boxes of a lane a person placed: ``"BDNF box (120, 60, 40, 30) placed by AB"``."""
    for image in pair:
        for one in said.get(_key(image), ()):
            if one.lane == lane and one.box_px is not None:
                yield f"{image.target} box {one.box_px} placed by {one.by}"


def _codes(study: StudyRecord) -> frozenset[str]:
    return frozenset(tag.code for tag in study.tags)


def _finding_words(results: Results) -> dict[str, list[list[str]]]:
    """Write what was noticed of membranes as the journal keeps it: by image and measure, paths as in the study."""
    words: dict[str, list[list[str]]] = {}
    for (image, control), result in results.items():
        noticed = [
            [one.id, one.importance, one.message, control.path if one.about.endswith(control.path) else image.path]
            for one in result.findings
        ]
        words[f"{image.sha256} {image.target}/{control.target}"] = noticed
    return words


def _control_words(study: StudyRecord, results: Results) -> dict[str, list[list[str | float]]]:
    """Write the loading control of every animal's lane as the journal keeps it, in the order of the lanes."""
    known = _codes(study)
    words: dict[str, list[list[str | float]]] = {}
    for (image, control), result in results.items():
        volumes = {one.lane: one.control for one in result.ratios}
        words[f"{control.sha256} {control.target}"] = [
            [image.region, control.target, image.membrane, code, volume]
            for lane, code in image.lanes
            if code in known and (volume := volumes.get(lane)) is not None
        ]
    return words


def control_volumes(study: StudyRecord) -> tuple[ControlVolume, ...]:
    """Return the loading controls as each image was measured last: the journal has them."""
    newest: dict[str, list[tuple[str, str, str, str, float]]] = {}
    for entry in study.database.entries("quantify", "place bands"):
        newest |= json.loads(entry.arguments).get("controls", {})
    return tuple(
        ControlVolume(region=region, name=name, membrane=membrane, code=code, volume=volume)
        for lanes in newest.values()
        for region, name, membrane, code, volume in lanes
    )


def noticed_on_membranes(study: StudyRecord) -> tuple[Finding, ...]:
    """Return what was noticed when each image was measured last: the journal has it."""
    newest: dict[str, list[list[str]]] = {}
    for entry in study.database.entries("quantify", "place bands"):
        newest |= json.loads(entry.arguments).get("findings", {})
    found = (
        Finding(id=name, importance=importance, message=message, about=about)
        for parts in newest.values()
        for name, importance, message, about in parts
    )
    return tuple(dict.fromkeys((*found, *unscaled_membranes(_planned_pairs(study)))))


def _planned_pairs(study: StudyRecord) -> list[Pair]:
    """Return every pair of the protocol: a target, and what it is measured relative to on the same membrane."""
    measures = [(plan.target, plan.relative_to) for plan in study.protocol.blots]
    return pairs_among(study.database.blot_images(), measures)
