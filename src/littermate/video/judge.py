"""Judge: what the looks of a recording say about light, camera, arena, animals, and the trial's start.

Looks that show another picture than the rest (title cards) are set aside first; those taken after the camera was
moved are brought back onto the others; what is left is searched for animals. Lengths are said in pixels of the
recording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from littermate.model.finding import Finding
from littermate.video.bodies import Cast, count_bodies, evenly_lit, find_cast, light_removed, separate_arenas
from littermate.video.facts import spoken_times
from littermate.video.looks import Looks
from littermate.video.ranks import middle
from littermate.video.start import T0, Sight, has_hand, propose_t0, sights_of, stretches
from littermate.video.steady import (
    Alignment,
    Reference,
    aligned,
    alike_unmoved,
    changed_blocks,
    find_reference,
    structure,
)

__all__ = ["CameraMove", "SceneRules", "Verdict", "judge"]

Picture = NDArray[np.uint8]
Words = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRules:
    """When something about the pictures is worth saying. Grey levels are 16 to 235.

    Parameters
    ----------
    dark_below
        Too dark: 95 % of the picture lies below this level.
    white_above, white_part
        Too bright: this part of the picture lies above that level.
    flat_below
        Flat: the middle 98 % of the grey levels span less than this.
    shift_part
        Camera moved: shift of the scene, as a part of the picture's longer side.
    agreeing_part
        Part of the picture's tiles with edges that must fit better when the shift is taken back.
    moved_part
        Shift that is critical where the camera stays moved.
    changed_part
        Arena changed: part of the picture that shows something else than before.
    several_part
        Several animals: part of the looks with an animal that show more than one.
    seen_part
        Animal rarely seen: part of the looks that show it.
    still_s
        Picture stands still: length of a stretch in which the very same picture came again and again.
    repeated_part
        Part of the frames that repeat the one before them.
    """

    dark_below: float = 48.0
    white_above: float = 232.0
    white_part: float = 0.7
    flat_below: float = 16.0
    shift_part: float = 0.004
    agreeing_part: float = 0.6
    moved_part: float = 0.01
    changed_part: float = 0.12
    several_part: float = 0.35
    seen_part: float = 0.5
    still_s: float = 2.0
    repeated_part: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMove:
    """A stretch of the recording in which the scene lies elsewhere than in the rest of it.

    Parameters
    ----------
    start_s, stop_s
        Half-open; both lie halfway between two looks, or at the recording's first or last look.
    shift_px
        Where the scene lies then, (right, down) in pixels of the recording.
    """

    start_s: float
    stop_s: float
    shift_px: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the pictures say: findings, the proposed t0, and when the scene lay elsewhere."""

    findings: tuple[Finding, ...]
    t0: T0
    camera_moves: tuple[CameraMove, ...] = ()


_LEAST_LOOKS = 4
_LEAST_FOR_CHANGE = 24  # an animal that rests for a few of a dozen looks is no new scene
_MOST_JUDGED = 48
_START_JUDGED_S, _START_S = 60.0, 20.0
_EDGES_NEEDED = 60
_RESTED, _BLOCK_REACH = 0.15, 17
_TWO_PLACES = 3.0
_GONE_S = 5.0
_LONG_PART = 0.25


def judge(looks: Looks | None, about: str, rules: SceneRules | None = None) -> Verdict:
    """Judge the looks of a recording; `about` is what the findings concern."""
    rules = rules or SceneRules()
    if looks is None:
        return Verdict(findings=(), t0=T0(t_s=None, reason="no frame could be trusted"))
    light, times = _light(looks, rules), looks.t_s[looks.even]
    t0, apart, found = T0(t_s=None, reason="too little of the recording can be seen"), np.zeros(len(times), bool), []
    moves: tuple[CameraMove, ...] = ()
    if len(times) >= _LEAST_LOOKS and not any(one.mostly for one in light):
        scene = _Scene.of(looks, np.any([one.flags for one in light], axis=0), rules)
        t0, found, moves = scene.t0, list(scene.words()), scene.camera_moves()
        apart = _within(times, scene.title_s)
    found += [words for one in light for words in one.said(times, apart)]
    findings = tuple(
        Finding(id=name, importance=importance, message=message, about=about) for name, importance, message in found
    )
    return Verdict(findings=findings, t0=t0, camera_moves=moves)


def _light(looks: Looks, rules: SceneRules) -> list[_Lit]:
    """Find the looks that are too dark, too bright or flat."""
    pictures = looks.pictures[looks.even][:, 1::3, 1::3]
    grey = np.sort(pictures.reshape(len(pictures), -1), axis=1)
    low, high, top = (grey[:, round(part * (grey.shape[1] - 1))] for part in (0.01, 0.95, 0.99))
    dark = high < rules.dark_below
    white = np.mean(grey > rules.white_above, axis=1) > rules.white_part
    flat = (top.astype(int) - low < rules.flat_below) & ~dark & ~white
    return [
        _Lit("too-dark", dark, f"95 % of the picture lies below grey level {rules.dark_below:g} of 235"),
        _Lit("too-bright", white, f"more than {100 * rules.white_part:g} % of the picture is white"),
        _Lit("flat", flat, f"all grey levels lie within {rules.flat_below:g}: a covered or fogged lens"),
    ]


@dataclass(frozen=True, slots=True)
class _Lit:
    """A fault of the light, in which looks, and what is meant by it."""

    name: str
    flags: NDArray[np.bool_]
    words: str

    @property
    def mostly(self) -> bool:
        return float(np.mean(self.flags)) > 0.5

    def said(self, t_s: NDArray[np.float64], apart: NDArray[np.bool_]) -> Words:
        """Say where it is, but for the looks that are set apart."""
        flags = self.flags & ~apart
        if np.sum(flags) < 2:
            return
        where = "throughout" if self.flags.all() else spoken_times(_spans(t_s, flags))
        title = f"{self.name.replace('-', ' ')} ({where}): {self.words}"
        if self.mostly:
            yield self.name, "critical", f"{title}; nothing can be measured there. Record it with other light"
        else:
            yield self.name, "warning", f"{title}; look at these times before scoring"


def _within(t_s: NDArray[np.float64], spans: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(t_s), bool)
    for start, stop in spans:
        inside |= (t_s >= start) & (t_s <= stop)
    return inside


def _spans(t_s: NDArray[np.float64], flags: Sequence[bool] | NDArray[np.bool_]) -> list[tuple[float, float]]:
    return [(start, stop) for start, stop, _ in stretches(t_s, flags)]


@dataclass(slots=True, kw_only=True)
class _Scene:
    """The looks of a recording, set apart, brought into line and searched, step by step."""

    looks: Looks
    rules: SceneRules
    times: NDArray[np.float64]
    pictures: Picture
    reference: Reference
    alignments: list[Alignment]
    other: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    same: NDArray[np.bool_]
    unlit: NDArray[np.bool_]
    change: tuple[float, int] | None = None
    cast: Cast | None = None
    start_times: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    sights: list[Sight] = field(default_factory=list)
    t0: T0 = field(default_factory=lambda: T0(t_s=None, reason=""))

    @classmethod
    def of(cls, looks: Looks, unlit: NDArray[np.bool_], rules: SceneRules) -> _Scene:
        some = np.unique(np.linspace(0, len(looks.even) - 1, _MOST_JUDGED).round().astype(int))
        chosen = looks.even[some]
        pictures = looks.pictures[chosen]
        reference = find_reference(pictures)
        alignments = [aligned(picture, reference) for picture in pictures]
        scene = cls(
            looks=looks,
            rules=rules,
            times=looks.t_s[chosen],
            pictures=pictures,
            reference=reference,
            alignments=alignments,
            other=_other(pictures, [one.alike for one in alignments], reference),
            moved=np.zeros(len(chosen), bool),
            unlit=unlit[some],
            same=np.ones(len(chosen), bool),
        )
        scene.moved = scene._moved()
        scene.same = ~scene.other
        scene._find_animal()
        scene._find_start()
        scene._find_change()
        return scene

    def words(self) -> Words:
        """Say what is wrong."""
        yield from self._camera_words()
        yield from self._arena_words()
        yield from self._animal_words()
        yield from self._start_words()
        yield from self._late_hand_words()
        yield from self._still_words()

    @property
    def _px(self) -> int:
        return self.looks.shrunk_by

    def _moved(self) -> NDArray[np.bool_]:
        """Return in which looks the whole scene lies elsewhere."""
        long_side = max(self.reference.picture.shape)
        if self.reference.edges_px < _EDGES_NEEDED:
            return np.zeros(len(self.times), bool)
        lengths = np.array([one.length_px for one in self.alignments])
        better = np.array([one.agreeing >= self.rules.agreeing_part for one in self.alignments])
        return _without_holes(~self.other & better & (lengths > self.rules.shift_part * long_side))

    def _aligned_pictures(self, keep: NDArray[np.bool_]) -> Picture:
        there = [
            _taken_back(self.pictures[k], self.alignments[k]) if self.moved[k] else self.pictures[k]
            for k in np.flatnonzero(keep)
        ]
        return np.stack([evenly_lit(picture, self.reference.picture) for picture in there])

    def _find_animal(self) -> None:
        if np.sum(self.same) < _LEAST_LOOKS:
            return
        pictures = self._aligned_pictures(self.same)
        self.cast = find_cast(pictures) or find_cast(_liveliest(pictures, self._early_pictures()))

    def _early_pictures(self) -> Picture:
        """Return looks of the start that show this scene: an animal may rest from then on."""
        first = self.times[self.same][0]
        early = np.flatnonzero((self.looks.t_s >= first) & (self.looks.t_s < _START_JUDGED_S))
        there = [self._in_line(float(self.looks.t_s[k]), self.looks.pictures[k]) for k in early.tolist()]
        if not there:
            return self.looks.pictures[:0]
        return np.stack([evenly_lit(picture, self.reference.picture) for picture in there])

    def _find_start(self) -> None:
        early = np.flatnonzero(self.looks.t_s < _START_JUDGED_S)
        if not len(early):
            self.t0 = T0(t_s=None, reason="the start of the recording was not looked at")
            return
        pictures = self.looks.pictures[early]
        pictures = np.stack(
            [self._in_line(t, one) for t, one in zip(self.looks.t_s[early].tolist(), pictures, strict=True)]
        )
        alike = [alike_unmoved(picture, self.reference) for picture in pictures]
        other = _other(pictures, alike, self.reference, usual=self._usual())
        self.start_times = self.looks.t_s[early]
        self.sights = sights_of(pictures, other, self.cast)
        self.t0 = propose_t0(self.start_times, self.sights)
        if self.cast is None:
            self.t0 = T0(t_s=None, reason="no animal was found")

    def _in_line(self, t_s: float, picture: Picture) -> Picture:
        """Bring a look onto the reference by the shift of the nearest one that was aligned."""
        k = int(np.argmin(np.abs(self.times - t_s)))
        return _taken_back(picture, self.alignments[k]) if self.moved[k] else picture

    def _usual(self) -> float:
        return float(np.median([one.alike for one in self.alignments]))

    def camera_moves(self) -> tuple[CameraMove, ...]:
        """Return when the scene lay elsewhere than in the reference, and how far away."""
        halfway = np.concatenate([self.times[:1], (self.times[1:] + self.times[:-1]) / 2, self.times[-1:]])
        shifts = np.array([one.shift_px for one in self.alignments]) * self._px
        moves = []
        for start_s, stop_s, n in stretches(self.times, self.moved):
            away = (self.times >= start_s) & (self.times <= stop_s)
            if n > 1:
                first, last = np.flatnonzero(away)[[0, -1]].tolist()
                right, down = np.median(shifts[away], axis=0).tolist()
                moves.append(CameraMove(start_s=halfway[first], stop_s=halfway[last + 1], shift_px=(right, down)))
        return tuple(moves)

    def _camera_words(self) -> Words:
        spans = [(start, stop) for start, stop, n in stretches(self.times, self.moved) if n > 1]
        if not spans:
            return
        shifts = np.array([one.shift_px for one, m in zip(self.alignments, self.moved, strict=True) if m])
        farthest = np.median(shifts, axis=0) * self._px
        length = float(np.hypot(*farthest))
        first, last = spans[0][0] <= self.times[0], spans[-1][1] >= self.times[-1]
        stayed = first != last
        when = spans[-1][0] if last or not first else self._next_time(spans[0][1])
        ended = "and stayed there" if stayed else f"and came back; it stood elsewhere {spoken_times(spans)}"
        importance = "critical" if stayed and length > self.rules.moved_part * self._long_side() else "warning"
        if self.t0.t_s is not None and stayed and first and when <= min(self.t0.t_s, _START_S):
            importance = "note"
        yield (
            "camera-moved",
            importance,
            f"the camera moved at {when:.1f} s by {length:.0f} px ({farthest[0]:+.0f} right, {farthest[1]:+.0f} down)"
            f" {ended}; places before and after cannot be compared: score the parts on their own, or film again",
        )

    def _next_time(self, t_s: float) -> float:
        later = self.times[self.times > t_s]
        return float(later[0]) if len(later) else t_s

    def _long_side(self) -> int:
        return int(max(self.reference.picture.shape)) * self._px

    def _arena_words(self) -> Words:
        yield from self._other_words()
        if self.change is not None:
            share, split = self.change
            yield (
                "arena-changed",
                "critical",
                f"{100 * share:.0f} % of the picture shows something else from about {self.times[split]:.1f} s on,"
                " though the camera stood still: something was brought in or taken away, or another arena follows;"
                " score the parts on their own",
            )

    def _find_change(self) -> None:
        """Find from which look on a large part of the scene is another one; keep the longer part for the animal."""
        self.same &= self.times >= (self.t0.t_s or 0.0)
        kept = np.flatnonzero(self.same)
        if self.moved.any() or len(kept) < _LEAST_FOR_CHANGE:
            return
        pictures = self._aligned_pictures(self.same)
        bodies, most = self._bodies(pictures)
        share, split = max((_changed_at(pictures, bodies, most, k), k) for k in _splits(len(pictures)))
        if share > self.rules.changed_part:
            turn = _turning_point(pictures, split)
            self.change = share, int(kept[turn])
            before = np.arange(len(self.times)) < kept[turn]
            self.same &= before if 2 * turn > len(kept) else ~before
            self._find_animal()
            self._find_start()

    def _bodies(self, pictures: Picture) -> tuple[NDArray[np.bool_], float]:
        """Return where the bodies are in each look, and the most area that they could rest on in two places each."""
        if self.cast is None:
            return np.zeros(pictures.shape, bool), 0.0
        found = [count_bodies(picture, self.cast) for picture in pictures]
        usual = float(np.median([one.count for one in found]))
        return np.stack([one.labels > 0 for one in found]), _TWO_PLACES * max(1.0, usual) * self.cast.area_px

    def _other_words(self) -> Words:
        """Say where, after the start, the picture is quite another one."""
        odd = self.other & ~_within(self.times, self.title_s) & ~self.unlit
        spans = [(a, b, n) for a, b, n in stretches(self.times, odd) if n > 1]
        if not spans:
            return
        said = spoken_times([(a, b) for a, b, _ in spans])
        if np.mean(odd) > _LONG_PART or (spans[-1][1] == self.times[-1] and np.mean(odd) > _LONG_PART / 3):
            yield (
                "arena-changed",
                "critical",
                f"quite another picture than in the rest of the recording: {said}; score the parts on their own",
            )
        else:
            yield "other-picture", "warning", f"quite another picture for a while: {said}; look at these times"

    def _animal_words(self) -> Words:
        if self.cast is None:
            yield (
                "no-animal",
                "critical",
                "no animal was found: nothing the size of a body stands out from the scene and moves; check that this"
                " is the recording, and that the animal has contrast to its ground",
            )
            return
        found = [count_bodies(picture, self.cast) for picture in self._aligned_pictures(self.same)]
        counts = np.array([one.count for one in found])
        seen = counts > 0
        several = float(np.mean(counts[seen] > 1)) if seen.any() else 0.0
        if several > self.rules.several_part:
            yield from self._several_words(found, several, int(np.median(counts[counts > 1])))
        yield from self._gone_words(seen)
        if np.mean(seen) < self.rules.seen_part:
            yield (
                "animal-rarely-seen",
                "warning",
                f"the animal stands out in only {100 * np.mean(seen):.0f} % of the pictures; look whether it hides, or"
                " has too little contrast to its ground",
            )

    def _gone_words(self, seen: NDArray[np.bool_]) -> Words:
        """Say when the animal is not there any more, where it was before."""
        last = int(np.flatnonzero(seen)[-1]) if seen.any() else 0
        times = self.times[self.same]
        if times[-1] - times[last] >= _GONE_S and len(seen) - last > 3 and np.mean(seen[: last + 1]) > 0.9:
            yield (
                "animal-gone",
                "warning",
                f"the animal was not seen after {times[last]:.1f} s: taken out, or hidden; the trial may be"
                " shorter than the recording",
            )

    def _late_hand_words(self) -> Words:
        """Say when a hand was in the picture after the start."""
        if self.cast is None or self.t0.t_s is None:
            return
        late = self.looks.even[self.looks.t_s[self.looks.even] > self.t0.t_s]
        cast, times = self.cast, self.looks.t_s[late]
        hand = [
            has_hand(light_removed(self._in_line(t, self.looks.pictures[k]), cast.background), cast)
            for t, k in zip(times.tolist(), late.tolist(), strict=True)
        ]
        spans = [(a, b) for a, b, n in stretches(times, np.array(hand) & ~self._set_apart(times)) if n > 1]
        if spans:
            yield (
                "hand-in-picture",
                "warning",
                f"something large reached in over the picture's edge during the trial ({spoken_times(spans)}): look"
                " whether the animal was touched, and end the window before it",
            )

    def _set_apart(self, t_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which times belong to looks of another picture, or of the arena after it was changed."""
        nearest = np.abs(self.times[None, :] - t_s[:, None]).argmin(axis=1)
        return np.asarray(~self.same[nearest], dtype=bool)

    def _several_words(self, found: Sequence[object], several: float, usual: int) -> Words:
        assert self.cast is not None
        if separate_arenas(found, self.cast.area_px):  # type: ignore[arg-type]
            yield (
                "several-arenas",
                "note",
                f"{usual} bodies, each in its own part of the picture: give an arena for each (--arena). If it is one"
                " arena, there is a second animal in it",
            )
        else:
            yield (
                "two-animals",
                "critical",
                f"{usual} bodies of an animal's size in {100 * several:.0f} % of the pictures, in the same arena; the"
                " numbers would be of both. Check that this is the recording; a strong reflection can be covered",
            )

    @property
    def title_s(self) -> list[tuple[float, float]]:
        """When another picture was shown before the trial."""
        return [(a, b) for a, b, _ in self._before_t0(Sight.OTHER)]

    def _before_t0(self, what: Sight) -> list[tuple[float, float, int]]:
        end = self.t0.t_s if self.t0.t_s is not None else _START_JUDGED_S
        return [one for one in stretches(self.start_times, [s is what for s in self.sights]) if one[0] < end]

    def _start_words(self) -> Words:
        hand = [(a, b) for a, b, n in self._before_t0(Sight.HAND) if n > 1]
        if self.title_s:
            yield (
                "title-card",
                "warning",
                f"another picture at the start ({spoken_times(self.title_s)}): a title, a black lead-in, or the camera"
                " in the hand; set t0 after it",
            )
        if hand:
            yield (
                "hand-at-start",
                "warning",
                f"something large reaches in over the picture's edge ({spoken_times(hand)}): a hand; set t0 after it",
            )

    def _still_words(self) -> Words:
        length = float(self.looks.t_s[-1] - self.looks.t_s[0])
        still = [one for one in self.looks.still_s if one[1] - one[0] >= self.rules.still_s and not self._is_card(one)]
        total = sum(stop - start for start, stop in still)
        if still and total < 0.5 * length:
            yield (
                "picture-stands-still",
                "warning",
                f"the very same picture again and again ({spoken_times(still)}): the camera or the disk stalled; an"
                " animal would look immobile there",
            )
        elif self.looks.repeated > self.rules.repeated_part and not still:
            yield (
                "frames-repeated",
                "note",
                f"{100 * self.looks.repeated:.0f} % of the frames repeat the one before them: the true frame rate is"
                " lower than the file's",
            )

    def _is_card(self, stretch: tuple[float, float]) -> bool:
        """Return whether a picture stands still because it is a title or black."""
        middle = sum(stretch) / 2
        nearest = int(np.argmin(np.abs(self.times - middle)))
        return bool(self.other[nearest]) or any(start <= middle <= stop for start, stop in self.title_s)


def _other(
    pictures: Picture, alike: Sequence[float], reference: Reference, *, usual: float | None = None
) -> NDArray[np.bool_]:
    """Return which looks show quite another picture than the reference."""
    alikes = np.array(alike)
    usual = float(np.median(alikes)) if usual is None else usual
    there = reference.picture[::2, ::2].astype(np.int16)
    differs = np.array([np.mean(np.abs(picture[::2, ::2] - there) > 25) for picture in pictures])
    textured = reference.edges_px >= _EDGES_NEEDED
    return (alikes < 0.5 * usual) & (differs > 0.3) if textured else differs > 0.6


def _without_holes(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Fill single looks that are not flagged between two on either side that are, and drop single ones that are."""
    votes = np.convolve(np.pad(flags.astype(int), 2, mode="edge"), np.ones(5, int), mode="valid")
    return np.where(flags, votes > 1, votes > 3)


def _taken_back(picture: Picture, alignment: Alignment) -> Picture:
    move = np.array([[1, 0, alignment.shift_px[0]], [0, 1, alignment.shift_px[1]]], np.float32)
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _liveliest(pictures: Picture, early: Picture, count: int = 30) -> Picture:
    """Return the looks that depart most from the median of the recording."""
    every = np.concatenate([early, pictures])
    median = _middle(pictures)
    departs = np.array([np.count_nonzero(cv2.absdiff(picture, median) > 15) for picture in every])
    return every[np.sort(np.argsort(-departs, kind="stable")[:count])]


def _splits(count: int) -> list[int]:
    return [count // 4, count // 2, 3 * count // 4]


def _middle(pictures: Picture) -> Picture:
    return middle(pictures)


def _changed_at(pictures: Picture, bodies: NDArray[np.bool_], most: float, split: int) -> float:
    """Return which part of the picture shows something else after a look than before it, but for animals at rest."""
    rested = (np.mean(bodies[:split], axis=0) > _RESTED) | (np.mean(bodies[split:], axis=0) > _RESTED)
    rested &= bool(np.count_nonzero(rested) <= most)
    changed = changed_blocks(_middle(pictures[:split]), _middle(pictures[split:]))
    free = cv2.dilate(rested.astype(np.uint8), np.ones((_BLOCK_REACH, _BLOCK_REACH), np.uint8)) == 0
    return float(np.mean(changed & free[5::10, 5::10][: changed.shape[0], : changed.shape[1]]))


def _turning_point(pictures: Picture, split: int) -> int:
    """Return the first look that is more like those after the change than like those before it."""
    before, after = structure(_middle(pictures[:split])), structure(_middle(pictures[split:]))
    difference = after - before
    leaning = np.array([float(np.sum((structure(one) - (before + after) / 2) * difference)) for one in pictures])
    wrong = [np.sum(leaning[:k] > 0) + np.sum(leaning[k:] <= 0) for k in range(1, len(pictures))]
    return int(np.argmin(wrong)) + 1
