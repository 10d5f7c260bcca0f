"""Assay: what one file of this folder declares so that the whole program can score its test.

Conventions. A file of `littermate.assays` that ends in ``ASSAY = MotionAssay(...)`` or ``ASSAY = TrackAssay(...)`` is
an assay; its `name` is the ``kind`` in study.toml and the word after ``--assay``. Nothing else is edited: `registry`
finds it, `single` reads the recording for it and draws what it gives.

- A *motion assay* is scored from how much an animal moves in a box (`Motion`), a *track assay* from where it is on a
  floor (`Track` and `Arena`).
- Its *rules* are a frozen record with a default for every field and a method ``words()``, which says them in sentences.
  Plain fields (numbers, texts, yes or no) can be set by a person; all of them are hashed with every number.
- Its *score* is a function of the trace, the setting and the rules; times are on the trial clock, from t0. It knows no
  file, no animal and no picture.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from littermate.assays.zones import NamedPolygons
from littermate.errors import Complaint, UsageError
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.motion import Motion
from littermate.model.placement import Box, Corners
from littermate.model.rules import RuleSet
from littermate.model.track import Track

__all__ = ["FLOOR_CORNERS", "Assay", "MotionAssay", "Scored", "Setting", "TrackAssay", "fields_set", "rules_with"]

FLOOR_CORNERS = ("upper left corner", "upper right corner", "lower right corner", "lower left corner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a person says about one trial.

    Parameters
    ----------
    window_s
        The scored part on the trial clock, ``[start, stop)``.
    size_cm
        The size of the apparatus, where its assay asks for one.
    box_px
        Where the animal can be in the picture, ``(x, y, width, height)``.
    corners_px
        Four points of the apparatus in the picture; each assay says which.
    """

    window_s: tuple[float, float]
    size_cm: float | None = None
    box_px: Box | None = None
    corners_px: Corners | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.window_s[0] < self.window_s[1]:
            raise UsageError(
                expected="a window 'start,stop' in seconds from t0",
                found=f"{self.window_s[0]:g} to {self.window_s[1]:g} s",
                do="give start before stop, none of them before t0",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What an assay gives for one trial.

    Parameters
    ----------
    readings
        Every number with its unit; missing ones with their reason.
    scorable_s
        Time in the window that could be scored.
    cut_short
        Whether the recording ended before the window.
    findings
        What a reader must know; `about` is filled in with the recording.
    bouts
        Stretches of a behaviour.
    thresholds, smooth_s
        Of a motion assay, for its figure: the activity below which a bout begins and above which it ends, and the
        length of the running median.
    zones_cm
        Of a track assay, for its figure: the zones as analysed, (name, corners in cm) pairs.
    zone_times_s
        Time in each of them; `None` where nothing could be scored.
    """

    readings: tuple[Reading, ...]
    scorable_s: float
    cut_short: bool
    findings: tuple[Finding, ...] = ()
    bouts: tuple[DetectedBout, ...] = ()
    thresholds: tuple[float, float] | None = None
    smooth_s: float = 0.5
    zones_cm: NamedPolygons = ()
    zone_times_s: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """What every assay declares.

    Parameters
    ----------
    name
        The ``kind`` in study.toml.
    says
        What it measures, in one line.
    window_s
        The part that is scored where nobody says otherwise.
    rules
        The default rules.
    """

    name: str
    says: str
    window_s: tuple[float, float]
    rules: Any

    def rule_set(self, rules: Any, setting: Setting) -> RuleSet:
        """Return rules, window and size in words and numbers, with their hash."""
        start, stop = (float(edge) for edge in setting.window_s)
        words = (f"{self.name}: scored from {start:g} to {stop:g} s after t0", *rules.words())
        plain = RuleSet.of(self.name, rules, words)
        given: tuple[tuple[str, Any], ...] = (("window_start_s", start), ("window_stop_s", stop))
        if setting.size_cm is not None:
            given += (("size_cm", float(setting.size_cm)),)
        return RuleSet(name=plain.name, parameters=tuple(sorted((*plain.parameters, *given))), words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionAssay(Assay):
    """An assay that is scored from how much the animal moves.

    `motion` changes rules of `littermate.video.motion.MotionRules` for this test, as (field, value) pairs.
    """

    score: Callable[[Motion, Setting, Any], Scored]
    motion: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAssay(Assay):
    """An assay that is scored from where the animal is.

    `place` gives the floor in the picture from what a person said, or `None` where the program shall find a square
    floor of the setting's size; `locate` changes rules of `littermate.video.locate.LocateRules`, as (field, value)
    pairs; `corners` says which four points a person gives, in their order.
    """

    score: Callable[[Track, Arena, Setting, Any], Scored]
    place: Callable[[Setting, Any], Arena | None]
    locate: tuple[tuple[str, Any], ...] = ()
    corners: tuple[str, str, str, str] = FLOOR_CORNERS


def rules_with(assay: Assay, settings: Iterable[tuple[str, Any]]) -> Any:
    """Return the assay's rules with some fields set: `fields_set` of its own rules.

    Examples
    --------
    >>> from littermate.assays.registry import find_assay
    >>> rules_with(find_assay("elevated plus maze"), [("arm_width_cm", "6")]).arm_width_cm
    6.0
    """
    return fields_set(assay.name, assay.rules, settings)


def fields_set(name: str, rules: Any, settings: Iterable[tuple[str, Any]]) -> Any:
    """Return a rules record with some plain fields set; texts are read as the kind of value the field has.

    Raises
    ------
    UsageError
        If there is no such field, or the value is not of its kind or not possible.
    """
    known = {field.name: getattr(rules, field.name) for field in dataclasses.fields(rules)}
    plain = {field: value for field, value in known.items() if isinstance(value, str | int | float)}
    changes, complaints = {}, []
    for field, value in settings:
        if field not in plain:
            complaints.append(_unknown(name, field, sorted(plain)))
        elif (read := _read(value, plain[field])) is None:
            complaints.append(_unreadable(name, field, value, plain[field]))
        else:
            changes[field] = read
    if complaints:
        raise UsageError.of(complaints)
    return dataclasses.replace(rules, **changes)


def _read(value: Any, like: str | float) -> Any:
    """Return a value of the kind of `like`, or `None`."""
    if isinstance(like, bool):
        return {"yes": True, "true": True, "no": False, "false": False}.get(str(value).lower())
    if isinstance(like, str):
        return str(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if isinstance(like, int):
        return int(number) if number.is_integer() else None
    return number if number - number == 0 else None


def _unknown(assay: str, field: str, known: list[str]) -> Complaint:
    return Complaint(
        expected=f"a rule of {assay}: {', '.join(known)}", found=field, do="correct the name", where="settings"
    )


def _unreadable(assay: str, field: str, value: Any, like: str | float) -> Complaint:
    kind = {bool: "yes or no", int: "a whole number", float: "a number"}.get(type(like), "a text")
    return Complaint(expected=f"{kind} for {field} of {assay}", found=repr(value), do="correct it", where="settings")
