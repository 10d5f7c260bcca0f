"""Plus maze: time on, and entries into, the open and the closed arms of an elevated plus maze, from one animal's path.

Pellow et al. (1985, *J Neurosci Methods* 14:149) take the share of the time and of the entries that go to the open arms
as the measures of anxiety, and the number of all arm entries as one of activity; Walf & Frye (2007, *Nat Protoc* 2:322)
score 5 min. All three are given, with their denominators in their names.

Conventions:

- *Place*: a person gives the middle of each arm's outer end, going round the maze (to either side) and beginning with
  an open arm. A homography of these four points maps the picture to the maze in cm: the open arms run along y, the
  closed ones along x, the first open arm at y = 0; the maze's bounding square is ``[0, L] x [0, L]``, where L is two
  arms and the centre. A box in the picture may stand for the four points where the arms run along its sides;
  `open_arms` then says which are open.
- *Zones*: two open arms, two closed arms and the centre square. Every point is in exactly one: the edges of the centre
  are half-open, and a point beside the maze (an animal that looks over the edge, or along a wall) is where the nearest
  place of the maze is.
- The animal is where its *body centre* is. *Time* is by the position itself. *Entries* are with a hysteresis: a zone is
  left when the body centre is more than `hysteresis_cm` outside it. A person counts an entry when all four paws are in
  the arm; for a mouse the body centre is then 2 to 3 cm inside: set ``hysteresis_cm`` to 2 to count in that way.
- *Entry* = a change from out to in that was seen. Starting in a zone, or being found in it after missing time, is a
  visit but no entry. *Latency* is from t0 to the start of the first visit to either open arm; never there: censored at
  the window's end, or at the recording's where that is earlier.
- *Missing time* is in no zone and in no denominator.

The path is cleaned by `path`, as in the open field.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from littermate.assays.assay import Scored, Setting, TrackAssay
from littermate.assays.grid import hold
from littermate.assays.path import Stretch, median_step, stretches
from littermate.assays.zones import NamedPolygons
from littermate.errors import UsageError
from littermate.model.arena import Arena
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.placement import Corners
from littermate.model.track import Track

__all__ = ["ASSAY", "ZONES", "Maze", "PlusMazeRules", "place_maze", "score_plus_maze"]

ZONES = ("open arm 1", "closed arm 1", "open arm 2", "closed arm 2", "centre")
_OPEN, _CLOSED, _CENTRE = (0, 2), (1, 3), (4,)
_CHOICES = ("first and third", "upright", "across")
_NO_TIME = "the animal was seen at no time of the window"
_MISSING_SHARE = 0.01
_OFF_SHARE = 0.05

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Visit = tuple[int, float, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlusMazeRules:
    """The maze's measures and how a path on it is scored. The default is the usual maze for mice.

    Parameters
    ----------
    arm_length_cm, arm_width_cm
        An arm from the centre square to its outer end, and its width (the side of the centre square). A size given for
        the trial (from outer end to outer end) takes the place of the arm's length.
    open_arms
        Which of the four points are on open arms: ``"first and third"``, or those of the axis that is ``"upright"`` or
        ``"across"`` in the picture.
    hysteresis_cm
        A zone is left when the body centre is more than this outside it.
    max_gap_s
        The longest gap that is bridged.
    smooth_s
        SD of the Gaussian that smooths the path in time.
    step_cm
        The path's length is summed in steps of this length.
    off_maze_cm
        A body centre further than this beside the maze is not on it; where that is often so, a finding says it.
    """

    arm_length_cm: float = 30.0
    arm_width_cm: float = 5.0
    open_arms: str = "first and third"
    hysteresis_cm: float = 0.5
    max_gap_s: float = 0.5
    smooth_s: float = 0.1
    step_cm: float = 1.0
    off_maze_cm: float = 3.0

    def __post_init__(self) -> None:
        if self.open_arms not in _CHOICES:
            raise UsageError(expected=f"open_arms: {', '.join(_CHOICES)}", found=self.open_arms, do="choose one")
        if not (self.arm_length_cm > 0 and self.arm_width_cm > 0):
            raise UsageError(
                expected="arms longer and wider than 0 cm",
                found=f"{self.arm_length_cm:g} x {self.arm_width_cm:g} cm",
                do="give the maze's measures",
            )
        if min(self.hysteresis_cm, self.max_gap_s, self.smooth_s, self.step_cm, self.off_maze_cm) < 0:
            raise UsageError(expected="no rule below zero", found=f"{self}", do="correct the rule")

    def words(self) -> tuple[str, ...]:
        """Return the rules as sentences."""
        return (
            f"The maze has arms of {self.arm_length_cm:g} x {self.arm_width_cm:g} cm (or as long as the trial's size"
            " says) and a square centre; a point beside it belongs to the nearest zone.",
            f"Open arms: {self.open_arms} of the four points given.",
            "The animal is where its body centre is. Time is by the position; an entry is a change from out to in by"
            f" more than {self.hysteresis_cm:g} cm that was seen; starting inside is a visit, not an entry.",
            "Percent time is of the time on the arms, and of all scorable time; percent open entries is of all arm"
            " entries. Latency is from t0 to the first visit to an open arm, censored at the end.",
            f"Gaps up to {self.max_gap_s:g} s are bridged by a straight line; longer ones are missing time, which is"
            " in no zone and no denominator, and across which nothing is counted.",
            f"The path is put on a 50 Hz clock and smoothed by a Gaussian of SD {self.smooth_s:g} s; its length is"
            f" summed in steps of {self.step_cm:g} cm.",
        )

    def maze(self, size_cm: float | None = None) -> Maze:
        """Return the maze of these measures, or of a size from outer end to outer end.

        Raises
        ------
        UsageError
            If the size leaves no room for arms.
        """
        size = 2 * self.arm_length_cm + self.arm_width_cm if size_cm is None else float(size_cm)
        if not size > self.arm_width_cm:
            raise UsageError(
                expected=f"a maze larger, from end to end, than its arms are wide ({self.arm_width_cm:g} cm)",
                found=f"{size:g} cm",
                do="correct the size or arm_width_cm",
            )
        return Maze(size_cm=size, width_cm=self.arm_width_cm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maze:
    """A plus in its bounding square: `size_cm` from end to end, arms `width_cm` wide.

    Examples
    --------
    >>> maze = Maze(size_cm=65, width_cm=5)
    >>> maze.zone_of(np.array([[32.5, 3], [60, 32.5], [32.5, 60], [3, 32.5], [30, 30], [35, 30]])).tolist()
    [0, 1, 2, 3, 4, 1]
    """

    size_cm: float
    width_cm: float

    @property
    def polygons_cm(self) -> NamedPolygons:
        """The five zones as (name, corners in cm) pairs, in the order of `ZONES`."""
        return tuple(
            (name, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
            for name, (x0, y0, x1, y1) in zip(ZONES, self._boxes().tolist(), strict=True)
        )

    @property
    def area_percent(self) -> tuple[float, ...]:
        """Each zone's share of the maze: the chance level of the time in it, in percent."""
        x0, y0, x1, y1 = self._boxes().T
        areas = (x1 - x0) * (y1 - y0)
        return tuple((100 * areas / areas.sum()).tolist())

    def zone_of(self, xy_cm: Floats) -> Ints:
        """Return the index in `ZONES` of the zone in which each of (n, 2) points lies."""
        across, along = (xy_cm - self.size_cm / 2).T
        half = self.width_cm / 2
        centre = (across >= -half) & (across < half) & (along >= -half) & (along < half)
        on_open = np.abs(along) > np.abs(across)
        arm = np.where(on_open, np.where(along < 0, 0, 2), np.where(across < 0, 3, 1))
        return np.asarray(np.where(centre, 4, arm), dtype=np.int64)

    def nearest(self, xy_cm: Floats) -> Floats:
        """Return the nearest place of the maze to each of (n, 2) points."""
        x0, y0, x1, y1 = self._boxes()[self.zone_of(xy_cm)].T
        return np.column_stack([np.clip(xy_cm[:, 0], x0, x1), np.clip(xy_cm[:, 1], y0, y1)])

    def outside_cm(self, xy_cm: Floats) -> Floats:
        """Return the (zones, n) distances by which each point's nearest place of the maze is outside each zone."""
        x, y = self.nearest(xy_cm).T
        x0, y0, x1, y1 = (edge[:, None] for edge in self._boxes().T)
        beside = np.hypot(np.maximum(np.maximum(x0 - x, x - x1), 0), np.maximum(np.maximum(y0 - y, y - y1), 0))
        return np.asarray(beside, dtype=np.float64)

    def _boxes(self) -> Floats:
        """Return (zones, 4): x0, y0, x1, y1."""
        side, low, high = self.size_cm, (self.size_cm - self.width_cm) / 2, (self.size_cm + self.width_cm) / 2
        arms = [(low, 0, high, low), (high, low, side, high), (low, high, high, side), (0, low, low, high)]
        return np.array([*arms, (low, low, high, high)], dtype=np.float64)


def place_maze(setting: Setting, rules: PlusMazeRules) -> Arena:
    """Return the maze's bounding square in the picture, from the four ends of its arms.

    Raises
    ------
    UsageError
        If neither points nor a box are given, or a box without saying which arms are open.
    DataError
        If the four points do not go round a maze.

    Examples
    --------
    >>> setting = Setting(window_s=(0, 300), corners_px=((100, 0), (200, 100), (100, 200), (0, 100)))
    >>> [(round(x), round(y)) for x, y in place_maze(setting, PlusMazeRules()).corners_px]
    [(0, 0), (200, 0), (200, 200), (0, 200)]
    """
    ends = _open_first(_clockwise(_ends(setting, rules)), rules.open_arms)
    size = rules.maze(setting.size_cm).size_cm
    diamond = Arena(corners_px=ends, width_cm=1.0, height_cm=1.0)
    square = diamond.to_px(np.array([(-0.5, 0.5), (0.5, -0.5), (1.5, 0.5), (0.5, 1.5)]))
    a, b, c, d = ((float(x), float(y)) for x, y in square)
    return Arena(corners_px=(a, b, c, d), width_cm=size, height_cm=size)


def _ends(setting: Setting, rules: PlusMazeRules) -> Corners:
    if setting.corners_px is not None:
        return setting.corners_px
    if setting.box_px is None or rules.open_arms == "first and third":
        raise UsageError(
            expected="the middle of the four arms' outer ends in px (corners), round the maze from an open arm; or the"
            " maze's box with open_arms 'upright' or 'across'",
            found="neither" if setting.box_px is None else "a box, and not which arms are open",
            do="give --corners x1,y1,x2,y2,x3,y3,x4,y4",
        )
    x, y, width, height = setting.box_px
    return ((x + width / 2, y), (x + width, y + height / 2), (x + width / 2, y + height), (x, y + height / 2))


def _clockwise(ends: Corners) -> Corners:
    """Go round as the clock does in the picture; the first and third points stay so."""
    x, y = np.array(ends, dtype=float).T
    turns = float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
    first, second, third, fourth = ends
    return ends if turns > 0 else (first, fourth, third, second)


def _open_first(ends: Corners, open_arms: str) -> Corners:
    """Turn the order of the ends so that the first one is an open arm's."""
    first, second, third, fourth = ends
    upright = abs(first[1] - third[1]) * abs(second[0] - fourth[0]) >= abs(first[0] - third[0]) * abs(
        second[1] - fourth[1]
    )
    if open_arms == "first and third" or upright == (open_arms == "upright"):
        return ends
    return second, third, fourth, first


def score_plus_maze(track: Track, arena: Arena, setting: Setting, rules: PlusMazeRules) -> Scored:
    """Score one animal's path on a plus maze.

    Parameters
    ----------
    track
        Positions in px on the trial clock; what is outside the window is left out.
    arena
        The maze's bounding square, from `place_maze`.
    setting
        The window and, where given, the maze's size.
    rules
        How it is scored.

    Examples
    --------
    A mouse that runs from the tip of a closed arm (left) to the centre and up into an open arm, 5 cm a second:

    >>> t = np.arange(0, 10, 0.04)
    >>> x, y = np.where(t < 6, 2.5 + 5 * t, 32.5), np.where(t < 6, 32.5, 32.5 - 5 * (t - 6))
    >>> track = Track(t_s=t, xy_px=np.column_stack([x, y]), state=np.zeros(250, np.uint8))
    >>> arena = Arena(corners_px=((0, 0), (65, 0), (65, 65), (0, 65)), width_cm=65, height_cm=65)
    >>> scored = score_plus_maze(track, arena, Setting(window_s=(0, 10)), PlusMazeRules(smooth_s=0))
    >>> numbers = {one.measure: one.value for one in scored.readings}
    >>> [round(numbers[f"{zone}_time_s"], 1) for zone in ("open_arms", "closed_arms", "centre")]
    [3.5, 5.5, 1.0]
    >>> numbers["open_entries"], numbers["closed_entries"]
    (1.0, 0.0)
    """
    start, stop = setting.window_s
    ends_s = float(track.t_s[-1]) + median_step(track.t_s) if len(track.t_s) else 0.0
    inside = (track.t_s >= start) & (track.t_s < stop)
    part = Track(t_s=track.t_s[inside], xy_px=track.xy_px[inside], state=track.state[inside])
    path = stretches(
        part, arena, stop_s=stop, max_gap_s=rules.max_gap_s, smooth_s=rules.smooth_s, step_cm=rules.step_cm
    )
    maze = rules.maze(setting.size_cm)
    scorable = float(sum(stretch.lasts_s.sum() for stretch in path))
    cut_short = ends_s < stop - rules.max_gap_s
    missing = max(0.0, stop - start - scorable)
    flags = ("cut short",) if cut_short else ("missing time",) if missing > _MISSING_SHARE * (stop - start) else ()
    numbers = {"scorable_s": scorable, "missing_s": missing, **_numbers(path, maze, rules)}
    readings = [_reading(name, unit, numbers.get(name), flags, seen=bool(path)) for name, unit in _UNITS.items()]
    if path and numbers["open_latency_s"] is None:
        readings[-1] = replace(
            readings[-1], value=min(ends_s, stop) if cut_short else float(stop), reason="", flags=(*flags, "censored")
        )
    return Scored(
        readings=tuple(readings),
        scorable_s=scorable,
        cut_short=cut_short,
        findings=_findings(path, maze, rules),
        zones_cm=maze.polygons_cm,
        zone_times_s=_times(path, maze) if path else (None,) * len(ZONES),
    )


_UNITS = {
    "scorable_s": "s",
    "missing_s": "s",
    "open_arms_time_s": "s",
    "closed_arms_time_s": "s",
    "centre_time_s": "s",
    "open_percent_of_arm_time": "%",
    "open_percent_of_all_time": "%",
    "closed_percent_of_all_time": "%",
    "centre_percent_of_all_time": "%",
    "open_entries": "entries",
    "closed_entries": "entries",
    "total_arm_entries": "entries",
    "open_percent_of_entries": "%",
    "open_visits": "visits",
    "closed_visits": "visits",
    "distance_cm": "cm",
    "open_arms_distance_cm": "cm",
    "closed_arms_distance_cm": "cm",
    "mean_speed_cm_s": "cm/s",
    "open_latency_s": "s",
}


def _numbers(path: tuple[Stretch, ...], maze: Maze, rules: PlusMazeRules) -> dict[str, float | None]:
    """Return the measures of a path but for the clock's; nothing where there is no path."""
    if not path:
        return {}
    visits = _visits(path, maze, rules.hysteresis_cm)
    return {
        **_time_numbers(_times(path, maze)),
        **_visit_numbers(visits),
        **_distance_numbers(path, maze),
        "open_latency_s": next((start for at, start, _ in visits if at in _OPEN), None),
    }


def _time_numbers(times: tuple[float, ...]) -> dict[str, float | None]:
    on_open, on_closed, in_centre = (sum(times[k] for k in group) for group in (_OPEN, _CLOSED, _CENTRE))
    return {
        "open_arms_time_s": on_open,
        "closed_arms_time_s": on_closed,
        "centre_time_s": in_centre,
        "open_percent_of_arm_time": _percent(on_open, on_open + on_closed),
        "open_percent_of_all_time": _percent(on_open, sum(times)),
        "closed_percent_of_all_time": _percent(on_closed, sum(times)),
        "centre_percent_of_all_time": _percent(in_centre, sum(times)),
    }


def _visit_numbers(visits: list[Visit]) -> dict[str, float | None]:
    to_open, to_closed = (sum(1 for at, _, seen in visits if seen and at in group) for group in (_OPEN, _CLOSED))
    return {
        "open_entries": to_open,
        "closed_entries": to_closed,
        "total_arm_entries": to_open + to_closed,
        "open_percent_of_entries": _percent(to_open, to_open + to_closed),
        "open_visits": sum(1 for at, _, _ in visits if at in _OPEN),
        "closed_visits": sum(1 for at, _, _ in visits if at in _CLOSED),
    }


def _distance_numbers(path: tuple[Stretch, ...], maze: Maze) -> dict[str, float | None]:
    zone = np.concatenate([maze.zone_of(stretch.xy_cm) for stretch in path])
    lengths = np.concatenate([stretch.length_cm for stretch in path])
    return {
        "distance_cm": float(lengths.sum()),
        "open_arms_distance_cm": float(lengths[np.isin(zone, _OPEN)].sum()),
        "closed_arms_distance_cm": float(lengths[np.isin(zone, _CLOSED)].sum()),
        "mean_speed_cm_s": float(lengths.sum() / sum(stretch.lasts_s.sum() for stretch in path)),
    }


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole > 0 else None


def _reading(measure: str, unit: str, value: float | None, flags: tuple[str, ...], *, seen: bool) -> Reading:
    if value is not None:
        return Reading(measure=measure, value=float(value), unit=unit, flags=flags)
    why = "no arm was entered" if measure == "open_percent_of_entries" else "no time on the arms"
    return Reading(measure=measure, value=None, unit=unit, reason=why if seen else _NO_TIME, flags=flags)


def _times(path: tuple[Stretch, ...], maze: Maze) -> tuple[float, ...]:
    """Return the seconds in each zone."""
    zone = np.concatenate([maze.zone_of(stretch.xy_cm) for stretch in path])
    lasts = np.concatenate([stretch.lasts_s for stretch in path])
    return tuple(np.bincount(zone, weights=lasts, minlength=len(ZONES)).tolist())


def _visits(path: tuple[Stretch, ...], maze: Maze, hysteresis_cm: float) -> list[Visit]:
    """Return (zone, start, whether it was seen to be entered) of each visit, in order of time."""
    visits: list[Visit] = []
    for stretch in path:
        held = hold(maze.zone_of(stretch.xy_cm), maze.outside_cm(stretch.xy_cm), hysteresis_cm)
        if not visits or visits[-1][0] != held[0]:
            visits.append((int(held[0]), float(stretch.t_s[0]), False))
        changes = np.flatnonzero(np.diff(held)) + 1
        visits += [(int(held[k]), float(stretch.t_s[k]), True) for k in changes]
    return visits


def _findings(path: tuple[Stretch, ...], maze: Maze, rules: PlusMazeRules) -> tuple[Finding, ...]:
    """Say where the animal is often beside the maze: it fell, or the points are not the arms' ends."""
    if not path:
        return ()
    points = np.concatenate([stretch.xy_cm for stretch in path])
    lasts = np.concatenate([stretch.lasts_s for stretch in path])
    off = np.hypot(*(points - maze.nearest(points)).T) > rules.off_maze_cm
    share = float(lasts[off].sum() / lasts.sum())
    if share <= _OFF_SHARE:
        return ()
    message = (
        f"more than {rules.off_maze_cm:g} cm beside the maze for {100 * share:.0f} % of the time: the animal fell, or"
        " the points given are not the ends of the arms"
    )
    return (Finding(id="off-maze", importance="critical", message=message),)


ASSAY = TrackAssay(
    name="elevated plus maze",
    says="time and entries on the open and closed arms, seen from above",
    window_s=(0.0, 300.0),
    rules=PlusMazeRules(),
    score=score_plus_maze,
    place=place_maze,
    corners=("end of an open arm", "end of the next arm", "end of the other open arm", "end of the last arm"),
)
