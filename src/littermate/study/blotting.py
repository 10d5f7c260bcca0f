"""Blotting: blot images become ratios, blind; where a person placed a band, it is measured there.

What a person placed stands until something else is said of the same lane of the same image, and every later
measurement is made with it. The images that are measured again are all pairs that the corrected one is part of: a
loading control can belong to several targets. The places and what is measured with them are one transaction with one
entry, ``place bands``; an image that cannot be measured as placed is refused, and nothing is written.

In addresses an image goes by an opaque id: a hash of its file's, keyed with the study's own random id, so that whoever
holds the file cannot work it out, and which is the same at every start of the program.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from littermate.errors import StageError, UsageError
from littermate.files import written_whole
from littermate.model.blot_correction import BandPlace
from littermate.model.measurement import Measurement, Source
from littermate.model.placement import Box
from littermate.run.executor import run_all
from littermate.single.blot import BlotPairJob, BlotPairResult, measure_pair
from littermate.store import manifests
from littermate.store.raw_files import BlotImage, PlacedBox
from littermate.store.writing import Writing
from littermate.study.intake import add_blots
from littermate.study.record import StudyRecord
from littermate.study.scoring import as_measurements

__all__ = ["Pair", "find_image", "image_id", "measured_as", "pairs_with", "place_bands", "quantify"]

Pair = tuple[BlotImage, BlotImage]
"""A target's image and that of its loading control."""

Said = tuple[PlacedBox, ...]
Placed = Mapping[tuple[str, str], Said]

_one_at_a_time = threading.Lock()


def quantify(study: StudyRecord, target: str, *, relative_to: str) -> tuple[Measurement, ...]:
    """Do what `Study.quantify` says."""
    study.require_open("quantify")
    if (study.folder.blots / "lanes.csv").is_file():
        add_blots(study, study.folder.blots)
    pairs = _pairs(study.database.blot_images(), target, relative_to)
    saved: list[Measurement] = []
    jobs = {job_of(study, pair, _said_of(study, pair)): pair for pair in pairs}
    for done, (job, result) in enumerate(run_all(measure_pair, list(jobs)), 1):
        saved.extend(_save_blot(study, jobs[job], result))
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
    images = [one for one in study.database.blot_images() if _membrane(one) == _membrane(image)]
    pairs = tuple(
        (target, control)
        for plan in study.protocol.blots
        for target in images
        for control in images
        if (target.target, control.target) == (plan.target, plan.relative_to) and image in (target, control)
    )
    if not pairs:
        raise StageError(
            expected=f"{image.target} and what it is measured relative to on the same membrane",
            found="one of the two images",
            do="list both images in blots/lanes.csv",
        )
    return pairs


def _membrane(image: BlotImage) -> tuple[str, str]:
    return image.region, image.membrane


def place_bands(study: StudyRecord, wanted: str, places: Mapping[int, Box | None]) -> tuple[Measurement, ...]:
    """Say where the bands of some lanes are, and measure anew; see `Study.place_bands`."""
    study.require_open("place bands")
    image = find_image(study, wanted)
    _require_lanes(image, places)
    new = tuple(
        PlacedBox(sha256=image.sha256, target=image.target, lane=lane, box_px=box, by=study.who)
        for lane, box in sorted(places.items())
    )
    pairs = pairs_with(study, image)
    words = {"sha256": image.sha256, "target": image.target, "lanes": sorted(places)}
    with study.database.writing(study.who, "place bands", words) as write:
        write.placed_boxes(new)
        newer = {_key(image): _in_place(study.database.placed_boxes(image.sha256, image.target), new)}
        said = [_said_of(study, pair) | newer for pair in pairs]
        results = [measured_as(study, pair, one) for pair, one in zip(pairs, said, strict=True)]
        written = [_write(study, write, *one) for one in zip(pairs, results, said, strict=True)]
    for (target, _), result in zip(pairs, results, strict=True):
        _keep_picture(study, target, result)
    return tuple(one for measurements in written for one in measurements)


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


def _save_blot(study: StudyRecord, pair: Pair, result: BlotPairResult) -> tuple[Measurement, ...]:
    """Save one membrane: every sample lane's ratio, and the picture with its lanes and bands."""
    image, _ = pair
    _keep_picture(study, image, result)
    words = {"image": image.path, "sha256": image.sha256, "rules": result.rules.hash}
    with study.database.writing(study.who, "quantify", words) as write:
        return _write(study, write, pair, result, _said_of(study, pair))


def _keep_picture(study: StudyRecord, image: BlotImage, result: BlotPairResult) -> None:
    with written_whole(study.folder.tracks / f"blot-{image.sha256[:12]}.png") as part:
        part.write_bytes(result.picture)


def _write(
    study: StudyRecord, write: Writing, pair: Pair, result: BlotPairResult, said: Placed
) -> tuple[Measurement, ...]:
    """Write a membrane's rules and measurements."""
    measurements = tuple(_measurements(study, pair, result, said))
    write.rules(result.rules)
    write.measurements(measurements)
    return measurements


def _measurements(study: StudyRecord, pair: Pair, result: BlotPairResult, said: Placed) -> Iterator[Measurement]:
    image, _ = pair
    known = {tag.code for tag in study.tags}
    for lane, code in image.lanes:
        if code not in known:
            continue
        where = "; ".join([f"{image.path}, lane {lane}", *_placed_words(pair, said, lane)])
        source = Source(kind="blot", sha256=image.sha256, place=where)
        readings = (result.readings[lane],)
        for one in as_measurements(study, "blot", image.region, code, readings, source, result.rules.hash):
            yield replace(one, block=image.membrane)


def _placed_words(pair: Pair, said: Placed, lane: int) -> Iterator[str]:
    """Say which boxes of a lane a person placed: ``"BDNF box (120, 60, 40, 30) placed by AB"``."""
    for image in pair:
        for one in said.get(_key(image), ()):
            if one.lane == lane and one.box_px is not None:
                yield f"{image.target} box {one.box_px} placed by {one.by}"


def _pairs(images: Sequence[BlotImage], target: str, control: str) -> list[Pair]:
    """Put each image of the target together with that of its loading control on the same membrane."""
    controls = {(image.region, image.membrane): image for image in images if image.target == control}
    targets = [image for image in images if image.target == target]
    lonely = [image for image in targets if (image.region, image.membrane) not in controls]
    if not targets or lonely:
        found = ", ".join(f"{image.region}, membrane {image.membrane}: no {control}" for image in lonely)
        raise StageError(
            expected=f"blots of {target}, each with {control} on the same membrane",
            found=found or f"no blot of {target}",
            do="list both images in blots/lanes.csv",
        )
    return [(image, controls[image.region, image.membrane]) for image in targets]
