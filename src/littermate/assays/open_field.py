"""Open field: distance, line crossings, zones and thigmotaxis from one animal's path on the floor.

Conventions: the grid is N x N equal half-open cells over the floor (`grid`), the zones are a partition of it
(`zones`), the path is cleaned and put on a fixed clock first (`path`). Times are on the trial clock, from t0.

- *Line crossing*: leaving the current cell by more than the hysteresis; lines = |columns moved| + |rows moved|. The
  start cell is no crossing, and nothing is counted across a gap longer than `max_gap_s`.
- *Squares entered*: the number of such moves, whatever number of lines they crossed.
- *Time in a zone* is by the position itself; *visits*, *entries* and *latency* are with the hysteresis. An entry is a
  change from out to in that was seen. Starting inside, or being found inside after a gap, is a visit but no entry.
- *Latency* is the time from t0 to the start of the first visit; 0 for the zone the animal starts in. Never inside: the
  length of the trial, marked as censored.
- *Missing time* (no position) belongs to no zone and is not in the denominator of any percentage or mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.assays.grid import Grid, hold
from littermate.assays.path import Stretch, median_step, stretches
from littermate.assays.zones import SCHEMES, NamedPolygons, Partition, wall_distance
from littermate.errors import DataError, UsageError
from littermate.model.arena import Arena
from littermate.model.measurement import Reading
from littermate.model.rules import RuleSet
from littermate.model.track import Track

__all__ = [
    "OpenField",
    "OpenFieldRules",
    "Thigmotaxis",
    "ZoneResult",
    "readings",
    "rule_set",
    "score_open_field",
]

_NO_TIME = "the animal was seen at no time of the trial"
_MISSING_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFieldRules:
    """How an open field test is scored.

    Parameters
    ----------
    grid
        Cells along one side of the floor.
    hysteresis_cm
        A cell or a zone is left when the animal is more than this outside it.
    max_gap_s
        The longest gap that is bridged.
    smooth_s
        SD of the Gaussian that smooths the path in time.
    step_cm
        The path's length is summed in steps of this length.
    zones
        One of `zones.SCHEMES`.
    wall_cm
        Of the scheme ``"wall distance"``: width of its outer zone.
    centre_scale
        Of the scheme ``"scaled square"``: side of the centre / side of the floor.
    polygons
        Of the scheme ``"polygons"``: (name, corners in cm) pairs.
    thigmotaxis_cm
        Distance from the wall of the fourth measure of thigmotaxis, the time within it.
    """

    grid: int = 6
    hysteresis_cm: float = 0.5
    max_gap_s: float = 0.5
    smooth_s: float = 0.1
    step_cm: float = 1.0
    zones: str = "rings"
    wall_cm: float = 8.0
    centre_scale: float = 0.5
    polygons: NamedPolygons = ()
    thigmotaxis_cm: float = 5.0

    def __post_init__(self) -> None:
        if self.zones not in SCHEMES:
            raise UsageError(expected=f"one of {', '.join(SCHEMES)}", found=self.zones, do="choose a zone scheme")
        if self.grid < 2 or min(self.hysteresis_cm, self.max_gap_s, self.smooth_s, self.step_cm) < 0:
            raise UsageError(
                expected="a grid of 2 x 2 or more, and no rule below zero",
                found=f"grid {self.grid}, hysteresis {self.hysteresis_cm} cm, gap {self.max_gap_s} s,"
                f" smoothing {self.smooth_s} s, step {self.step_cm} cm",
                do="correct the rule",
            )

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            f"The floor, inner wall to inner wall, is divided into {self.grid} x {self.grid} equal half-open cells"
            f" ({2 * (self.grid - 1)} inner lines); a point beside the floor belongs to the nearest cell.",
            f"A line is crossed when the animal is more than {self.hysteresis_cm:g} cm outside its cell; lines ="
            " |columns moved| + |rows moved|; the start cell is not counted.",
            f"Gaps up to {self.max_gap_s:g} s are bridged by a straight line; longer ones are missing time, which is"
            " in no zone and no denominator, and across which nothing is counted.",
            f"The path is put on a 50 Hz clock and smoothed by a Gaussian of SD {self.smooth_s:g} s; its length is"
            f" summed in steps of {self.step_cm:g} cm.",
            self._zone_words(),
            f"An entry is a change from out to in, by more than {self.hysteresis_cm:g} cm; starting inside is a visit,"
            " not an entry. Latency is the time from t0 to the first visit, censored at the trial's end.",
            "Thigmotaxis is given as four numbers: % time in the outer zone, % distance in it, mean distance to the"
            f" nearest wall, time within {self.thigmotaxis_cm:g} cm of a wall.",
        )

    def _zone_words(self) -> str:
        return {
            "rings": f"Zones are rings of cells of the {self.grid} x {self.grid} grid: outer (at the wall), middle,"
            " centre.",
            "wall distance": f"Zones are by distance: outer is nearer to a wall than {self.wall_cm:g} cm.",
            "scaled square": f"The centre is the floor scaled by {self.centre_scale:g}; outer is the rest.",
            "equal area": "Zones are three rings (outer, middle, centre) of a third of the floor each.",
            "polygons": f"Zones are polygons: {', '.join(name for name, _ in self.polygons)}; elsewhere is the rest.",
        }[self.zones]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneResult:
    """One zone: `percent` is of scorable time, `area_percent` of the floor (the chance level).

    `None` stands where the animal was seen at no time. `latency_censored` says that the zone was never visited;
    `latency_s` is then the trial's length.
    """

    name: str
    time_s: float | None
    percent: float | None
    area_percent: float
    visits: int | None
    entries: int | None
    latency_s: float | None
    latency_censored: bool
    distance_cm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thigmotaxis:
    """Four different numbers for keeping to the wall; name the one meant.

    `percent_time_outer` and `percent_distance_outer` are `None` where the zone scheme has no zone ``"outer"``,
    `percent_distance_outer` also where the animal did not move.
    """

    percent_time_outer: float | None
    percent_distance_outer: float | None
    mean_wall_distance_cm: float | None
    time_within_s: float | None
    within_cm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenField:
    """One open field test, scored.

    Parameters
    ----------
    duration_s
        Length of the trial that was asked for (of the track, where nothing was asked).
    scorable_s, missing_s
        Time with and without a position; together `duration_s`.
    distance_cm, mean_speed_cm_s, lines_crossed, squares_entered
        `None` where the animal was seen at no time.
    zones, thigmotaxis
        See `ZoneResult` and `Thigmotaxis`.
    zone_scheme
        What the zones mean.
    cut_short
        Whether the recording ends before the trial does; the percentages are then of the part that was recorded.
    """

    duration_s: float
    scorable_s: float
    missing_s: float
    distance_cm: float | None
    lines_crossed: int | None
    squares_entered: int | None
    mean_speed_cm_s: float | None
    zones: tuple[ZoneResult, ...]
    thigmotaxis: Thigmotaxis
    zone_scheme: str
    cut_short: bool

    def zone(self, name: str) -> ZoneResult:
        """Look a zone up by its name; `KeyError` where there is none."""
        return {zone.name: zone for zone in self.zones}[name]


def rule_set(rules: OpenFieldRules) -> RuleSet:
    """Return the rules in words and with their hash."""
    return RuleSet.of("open field", rules, rules.words())


def score_open_field(
    track: Track, arena: Arena, *, duration_s: float | None = None, rules: OpenFieldRules | None = None
) -> OpenField:
    """Score one animal's path.

    Parameters
    ----------
    track
        Positions in px on the trial clock; times before 0 and from `duration_s` on are left out.
    arena
        The floor in the picture.
    duration_s
        The trial's length; to the end of the track where `None`.
    rules
        `OpenFieldRules()` where `None`.

    Raises
    ------
    DataError
        If the track is empty and no duration is given, or the duration is not above zero.

    Examples
    --------
    A mouse that runs straight across the middle of a 48 cm floor, from wall to wall, in 12 s:

    >>> t = np.arange(0, 12, 0.04)
    >>> track = Track(t_s=t, xy_px=np.column_stack([4 * t, np.full(300, 20.0)]), state=np.zeros(300, np.uint8))
    >>> arena = Arena(corners_px=((0, 0), (48, 0), (48, 48), (0, 48)), width_cm=48, height_cm=48)
    >>> result = score_open_field(track, arena)
    >>> result.lines_crossed, [round(zone.time_s, 1) for zone in result.zones]
    (5, [4.0, 4.0, 4.0])
    """
    rules = rules or OpenFieldRules()
    ends_s = float(track.t_s[-1]) + median_step(track.t_s) if len(track.t_s) else 0.0
    duration = ends_s if duration_s is None else float(duration_s)
    if not duration > 0:
        raise DataError(
            expected="a trial longer than 0 s",
            found=f"{duration:g} s",
            do="check the trial's start and duration against the recording",
        )
    path = stretches(
        track,
        arena,
        stop_s=duration,
        max_gap_s=rules.max_gap_s,
        smooth_s=rules.smooth_s,
        step_cm=rules.step_cm,
    )
    return _score(path, arena, duration, rules, cut_short=ends_s < duration - rules.max_gap_s)


def _score(
    path: tuple[Stretch, ...], arena: Arena, duration: float, rules: OpenFieldRules, *, cut_short: bool
) -> OpenField:
    scorable = float(sum(stretch.lasts_s.sum() for stretch in path))
    seen = scorable > 0
    distance = float(sum(stretch.length_cm.sum() for stretch in path)) if seen else None
    lines, squares = _crossings(path, arena, rules) if seen else (None, None)
    partition = _partition(arena, rules)
    zones = _zones(path, partition, min(duration, _last_end(path) if cut_short else duration), rules)
    return OpenField(
        duration_s=duration,
        scorable_s=scorable,
        missing_s=max(0.0, duration - scorable),
        distance_cm=distance,
        lines_crossed=lines,
        squares_entered=squares,
        mean_speed_cm_s=None if distance is None else distance / scorable,
        zones=zones,
        thigmotaxis=_thigmotaxis(path, zones, arena, distance, rules),
        zone_scheme=rules.zones,
        cut_short=cut_short,
    )


def _last_end(path: tuple[Stretch, ...]) -> float:
    return float(path[-1].t_s[-1] + path[-1].lasts_s[-1]) if path else 0.0


def _crossings(path: tuple[Stretch, ...], arena: Arena, rules: OpenFieldRules) -> tuple[int, int]:
    """Return lines crossed and squares entered."""
    grid = Grid(cells=rules.grid, width_cm=arena.width_cm, height_cm=arena.height_cm)
    moves = [np.abs(np.diff(grid.held_cells(part.xy_cm, rules.hysteresis_cm), axis=0)).sum(axis=1) for part in path]
    every = np.concatenate(moves)
    return int(every.sum()), int(np.count_nonzero(every))


def _partition(arena: Arena, rules: OpenFieldRules) -> Partition:
    width, height = arena.width_cm, arena.height_cm
    if rules.zones == "rings":
        return Partition.rings(cells=rules.grid, width_cm=width, height_cm=height)
    if rules.zones == "wall distance":
        return Partition.near_wall(wall_cm=rules.wall_cm, width_cm=width, height_cm=height)
    if rules.zones == "scaled square":
        return Partition.scaled_square(centre_scale=rules.centre_scale, width_cm=width, height_cm=height)
    if rules.zones == "equal area":
        return Partition.equal_area(width_cm=width, height_cm=height)
    return Partition.named(rules.polygons, width_cm=width, height_cm=height)


def _zones(
    path: tuple[Stretch, ...], partition: Partition, length_s: float, rules: OpenFieldRules
) -> tuple[ZoneResult, ...]:
    areas = partition.area_percent
    if not path:
        return tuple(_unseen(name, area) for name, area in zip(partition.names, areas, strict=True))
    inside = np.concatenate([partition.zone_of(part.xy_cm) for part in path])
    lasts = np.concatenate([part.lasts_s for part in path])
    lengths = np.concatenate([part.length_cm for part in path])
    visits = _visits(path, partition, rules.hysteresis_cm)
    results = []
    for index, (name, area) in enumerate(zip(partition.names, areas, strict=True)):
        starts = [start for zone, start, _ in visits if zone == index]
        time_s = float(lasts[inside == index].sum())
        results.append(
            ZoneResult(
                name=name,
                time_s=time_s,
                percent=100 * time_s / float(lasts.sum()),
                area_percent=float(area),
                visits=len(starts),
                entries=sum(1 for zone, _, entered in visits if zone == index and entered),
                latency_s=starts[0] if starts else length_s,
                latency_censored=not starts,
                distance_cm=float(lengths[inside == index].sum()),
            )
        )
    return tuple(results)


def _unseen(name: str, area: float) -> ZoneResult:
    return ZoneResult(
        name=name,
        time_s=None,
        percent=None,
        area_percent=float(area),
        visits=None,
        entries=None,
        latency_s=None,
        latency_censored=False,
        distance_cm=None,
    )


def _visits(path: tuple[Stretch, ...], partition: Partition, hysteresis_cm: float) -> list[tuple[int, float, bool]]:
    """Return (zone, start, whether it was seen to be entered) of each visit, in order of time."""
    visits: list[tuple[int, float, bool]] = []
    for part in path:
        held = hold(partition.zone_of(part.xy_cm), partition.outside_cm(part.xy_cm), hysteresis_cm)
        if not visits or visits[-1][0] != held[0]:
            visits.append((int(held[0]), float(part.t_s[0]), False))
        changes = np.flatnonzero(np.diff(held)) + 1
        visits += [(int(held[k]), float(part.t_s[k]), True) for k in changes]
    return visits


def _thigmotaxis(
    path: tuple[Stretch, ...],
    zones: tuple[ZoneResult, ...],
    arena: Arena,
    distance: float | None,
    rules: OpenFieldRules,
) -> Thigmotaxis:
    outer = {zone.name: zone for zone in zones}.get("outer")
    mean_cm, within_s = _from_wall(path, arena, rules.thigmotaxis_cm)
    moved = outer is not None and outer.distance_cm is not None and distance
    return Thigmotaxis(
        percent_time_outer=None if outer is None else outer.percent,
        percent_distance_outer=100 * outer.distance_cm / distance if moved else None,  # type: ignore[union-attr,operator]
        mean_wall_distance_cm=mean_cm,
        time_within_s=within_s,
        within_cm=rules.thigmotaxis_cm,
    )


def _from_wall(path: tuple[Stretch, ...], arena: Arena, near_cm: float) -> tuple[float | None, float | None]:
    """Return the time-weighted mean distance to the nearest wall and the time within `near_cm` of one."""
    if not path:
        return None, None
    lasts = np.concatenate([part.lasts_s for part in path])
    points: NDArray[np.float64] = np.concatenate([part.xy_cm for part in path])
    from_wall = wall_distance(points, width_cm=arena.width_cm, height_cm=arena.height_cm)
    return float(np.average(from_wall, weights=lasts)), float(lasts[from_wall < near_cm].sum())


def readings(result: OpenField) -> tuple[Reading, ...]:
    """Return every number as a reading, named as in ``--json`` with the zone's name before it.

    A number that could not be had is `None` with its reason; ``"censored"``, ``"cut short"`` and ``"missing time"``
    (above 1 % of the trial) are flags.
    """
    flags = ("cut short",) * result.cut_short
    if result.missing_s > _MISSING_SHARE * result.duration_s and not result.cut_short:
        flags += ("missing time",)
    found = [
        ("scorable_s", result.scorable_s, "s", flags),
        ("missing_s", result.missing_s, "s", flags),
        ("distance_cm", result.distance_cm, "cm", flags),
        ("lines_crossed", result.lines_crossed, "lines", flags),
        ("squares_entered", result.squares_entered, "squares", flags),
        ("mean_speed_cm_s", result.mean_speed_cm_s, "cm/s", flags),
    ]
    for zone in result.zones:
        found += _zone_numbers(zone, flags)
    wall = result.thigmotaxis
    found += [
        ("percent_time_outer", wall.percent_time_outer, "%", flags),
        ("percent_distance_outer", wall.percent_distance_outer, "%", flags),
        ("mean_wall_distance_cm", wall.mean_wall_distance_cm, "cm", flags),
        (f"time_within_{wall.within_cm:g}_cm_s", wall.time_within_s, "s", flags),
    ]
    seen = result.scorable_s > 0
    return tuple(_reading(*each, seen=seen) for each in found)


def _zone_numbers(zone: ZoneResult, flags: tuple[str, ...]) -> list[tuple[str, float | None, str, tuple[str, ...]]]:
    censored = (*flags, "censored") if zone.latency_censored else flags
    stem = zone.name.replace(" ", "_")
    return [
        (f"{stem}_time_s", zone.time_s, "s", flags),
        (f"{stem}_percent", zone.percent, "%", flags),
        (f"{stem}_visits", zone.visits, "visits", flags),
        (f"{stem}_entries", zone.entries, "entries", flags),
        (f"{stem}_latency_s", zone.latency_s, "s", censored),
        (f"{stem}_distance_cm", zone.distance_cm, "cm", flags),
    ]


def _reading(measure: str, value: float | None, unit: str, flags: tuple[str, ...], *, seen: bool) -> Reading:
    if value is not None:
        return Reading(measure=measure, value=float(value), unit=unit, flags=flags)
    unmoved = "the animal did not move" if "distance" in measure else "the zone scheme has no outer zone"
    return Reading(measure=measure, value=None, unit=unit, reason=unmoved if seen else _NO_TIME, flags=flags)
