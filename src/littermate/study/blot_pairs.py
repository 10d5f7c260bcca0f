"""Blot pairs: which images are measured together, and which of their numbers may be compared.

A target's image goes with that of its loading control on the same membrane. Membranes that hold lanes of the same
animal are measured together, because an animal has one value. Ratios of several membranes are on one scale only where
each has the inter-blot control; what could not be compared is refused before anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from littermate.errors import Complaint, DataError, StageError
from littermate.model.finding import Finding
from littermate.store.manifests import CONTROL, NO_SAMPLE, dilution_of
from littermate.store.raw_files import BlotImage

__all__ = [
    "Pair",
    "measured_together",
    "pairs_among",
    "pairs_of",
    "require_comparable",
    "series_of",
    "unscaled_membranes",
]

Pair = tuple[BlotImage, BlotImage]
"""A target's image and that of its loading control."""


def pairs_of(images: Sequence[BlotImage], target: str, control: str) -> list[Pair]:
    """Put each image of the target together with that of its loading control on the same membrane.

    Raises
    ------
    StageError
        If there is no image of the target, or one without its loading control.
    """
    controls = {_membrane(image): image for image in images if image.target == control}
    targets = [image for image in images if image.target == target]
    lonely = [image for image in targets if _membrane(image) not in controls]
    if not targets or lonely:
        found = ", ".join(f"{image.region}, membrane {image.membrane}: no {control}" for image in lonely)
        raise StageError(
            expected=f"blots of {target}, each with {control} on the same membrane",
            found=found or f"no blot of {target}",
            do="list both images in blots/lanes.csv",
        )
    return [(image, controls[_membrane(image)]) for image in targets]


def pairs_among(images: Sequence[BlotImage], measures: Iterable[tuple[str, str]]) -> list[Pair]:
    """Return every pair of images of one membrane that shows a measure: a target and what it is relative to."""
    return [
        (target, control)
        for measure in measures
        for target in images
        for control in images
        if (target.target, control.target) == measure and _membrane(target) == _membrane(control)
    ]


def _membrane(image: BlotImage) -> tuple[str, str]:
    """Return the region and the name of an image's membrane, which is one by both."""
    return image.region, image.membrane


def series_of(image: BlotImage) -> tuple[tuple[int, float], ...]:
    """Return the lanes of an image's dilution series with the amount on each."""
    amounts = ((lane, dilution_of(code)) for lane, code in image.lanes)
    return tuple((lane, amount) for lane, amount in amounts if amount is not None)


def measured_together(pairs: Sequence[Pair], codes: frozenset[str]) -> list[tuple[Pair, ...]]:
    """Put pairs of one region and measure that hold lanes of the same animals into one group."""
    groups: list[tuple[set[tuple[str, ...]], list[Pair]]] = []
    for pair in pairs:
        mine, members = _animals(pair, codes), [pair]
        for group in [one for one in groups if one[0] & mine]:
            groups.remove(group)
            mine, members = mine | group[0], [*group[1], *members]
        groups.append((mine, members))
    return [tuple(members) for _, members in groups]


def _animals(pair: Pair, codes: frozenset[str]) -> set[tuple[str, ...]]:
    image, control = pair
    return {(image.region, image.target, control.target, code) for _, code in image.lanes if code in codes}


def require_comparable(pairs: Sequence[Pair]) -> None:
    """Refuse membranes whose ratios would not be on one scale, and images that say different codes of one lane.

    Raises
    ------
    DataError
        If some membranes of a region have inter-blot control lanes and others have none; if an animal is on two
        membranes without; if target and loading control do not say the same of a lane. All complaints at once.
    """
    complaints = [*_unlike(pairs), *_half_scaled(pairs), *_spread_unscaled(pairs)]
    if complaints:
        raise DataError.of(complaints)


def _is_scaled(pair: Pair) -> bool:
    return any(code == CONTROL for _, code in pair[0].lanes)


def _unlike(pairs: Sequence[Pair]) -> Iterator[Complaint]:
    for image, control in pairs:
        other = dict(control.lanes)
        for lane, code in image.lanes:
            if other.get(lane, code) != code:
                yield Complaint(
                    expected=f"the same sample on lane {lane} of both images of membrane {image.membrane}",
                    found=f"{code} in {image.path}, {other[lane]} in {control.path}",
                    do="correct lanes.csv",
                    where=f"{image.region}, membrane {image.membrane}",
                )


def _half_scaled(pairs: Sequence[Pair]) -> Iterator[Complaint]:
    for region in dict.fromkeys(image.region for image, _ in pairs):
        mine = [pair for pair in pairs if pair[0].region == region]
        if any(map(_is_scaled, mine)):
            for image, _ in (pair for pair in mine if not _is_scaled(pair)):
                yield Complaint(
                    expected="lanes of the inter-blot control on every membrane of a region, or on none",
                    found="none on this one",
                    do=f"name its lanes {CONTROL} in lanes.csv; values on two scales cannot be compared",
                    where=f"{image.region}, membrane {image.membrane}",
                )


def _spread_unscaled(pairs: Sequence[Pair]) -> Iterator[Complaint]:
    """Complain of animals with lanes on several membranes that have no common scale."""
    membranes: dict[tuple[str, str], set[str]] = {}
    for image, _ in (pair for pair in pairs if not _is_scaled(pair)):
        for code in {code for _, code in image.lanes if code not in NO_SAMPLE and dilution_of(code) is None}:
            membranes.setdefault((image.region, code), set()).add(image.membrane)
    for (region, code), names in membranes.items():
        if len(names) > 1:
            yield Complaint(
                expected=f"the inter-blot control on every membrane with lanes of {code}, to average them",
                found=f"none on membranes {', '.join(sorted(names))}",
                do="name its lanes control in lanes.csv, or list one membrane of this animal",
                where=region,
            )


def unscaled_membranes(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Say where several membranes of a region have no inter-blot control."""
    for region in dict.fromkeys(image.region for image, _ in pairs):
        mine = [pair for pair in pairs if pair[0].region == region]
        names = sorted({image.membrane for image, _ in mine})
        if len(names) > 1 and not any(map(_is_scaled, mine)):
            yield Finding(
                id="membranes-not-scaled",
                importance="warning",
                message=f"membranes {', '.join(names)} have no inter-blot control: their ratios are not on one scale;"
                " keep the membrane as a block of the analysis",
                about=region,
            )
