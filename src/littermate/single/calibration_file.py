"""Calibration file: thresholds of one laboratory in TOML, with the agreement found and the recordings they came from.

A file that was changed by hand after it was made is refused (`check` is a hash of the rules, the verdict and the rules
of motion), and so is one made under other rules of motion than today's: the same threshold then means something else.
A calibration that was refused can be used all the same; the words of its rules, and so every number's, say so.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from littermate.assays.agreement import Agreement
from littermate.assays.calibration import Fit
from littermate.assays.forced_swim import ForcedSwimRules
from littermate.assays.swim_rules import ClimbingRules
from littermate.errors import FileError, UsageError
from littermate.files import require_file, written_whole
from littermate.single.calibrate import SwimCalibration, calibrated_rule_set
from littermate.version import __version__
from littermate.video.motion import MotionRules

__all__ = ["SavedCalibration", "agreement_figures", "read_calibration", "write_calibration"]

_FORMAT = 1
_WINDOW_S = (120.0, 360.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCalibration:
    """A calibration as its file holds it.

    Parameters
    ----------
    path
        The file.
    calibrated
        Whether immobility agreed within the limits.
    reasons
        Why not.
    swim
        The rules with the fitted thresholds; with climbing where that was fitted.
    """

    path: str
    calibrated: bool
    reasons: tuple[str, ...]
    swim: ForcedSwimRules

    def rules(self, *, three_way: bool = False) -> ForcedSwimRules:
        """Return the rules to score with; climbing only where it is asked for.

        Raises
        ------
        UsageError
            If three-way scoring is asked for and climbing was not fitted.
        """
        if three_way and self.swim.climbing is None:
            raise UsageError(
                expected="a calibration with thresholds of climbing",
                found="one of immobility only",
                do="calibrate with --three-way, or score two ways",
                where=self.path,
            )
        return self.swim if three_way else replace(self.swim, climbing=None)


def write_calibration(result: SwimCalibration, path: str | Path) -> None:
    """Write a calibration as TOML, whole or not at all."""
    with written_whole(path) as part:
        part.write_text("\n".join(_lines(result)) + "\n", encoding="utf-8")


def read_calibration(path: str | Path) -> SavedCalibration:
    """Read a calibration file.

    Raises
    ------
    FileError
        If it is none, or of another format, or was changed after it was made, or belongs to other rules of motion.
    """
    path = require_file(path, FileError)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if content.get("format") != _FORMAT:
            raise _wrong(path, f"a calibration file of format {_FORMAT}", f"format {content.get('format')!r}")
        rules = _rules(content["rules"], content.get("climbing"))
        saved = SavedCalibration(
            path=str(path),
            calibrated=bool(content["calibrated"]),
            reasons=tuple(content["reasons"]),
            swim=rules,
        )
        motion, check = dict(content["motion"]), content["check"]
    except (ValueError, KeyError, TypeError, AttributeError, UsageError) as fault:
        raise _wrong(path, "a calibration file", f"{type(fault).__name__}: {fault}") from fault
    if _check(rules, motion, saved.calibrated, saved.reasons) != check:
        raise _wrong(path, "a calibration as it was made", "one that was changed afterwards")
    if motion != _as_written(MotionRules()):
        raise _wrong(path, "a calibration under today's rules of motion", "one under other rules")
    return saved


def agreement_figures(held_out: Agreement) -> dict[str, Any]:
    """Return the figures of an agreement by name, in points of % time where they are differences."""
    totals, icc = held_out.totals, held_out.icc
    return {
        "r": held_out.r,
        "bias": None if totals is None else totals.bias,
        "bias_ci95": None if totals is None else totals.bias_ci95,
        "limits": None if totals is None else (totals.lower, totals.upper),
        "icc": None if icc is None else icc.value,
        "icc_ci95": None if icc is None else icc.ci95,
        "kappa": held_out.kappa,
        "mcc": held_out.mcc,
        "bout_f1": held_out.f1,
    }


def _wrong(path: Path, expected: str, found: str) -> FileError:
    return FileError(expected=expected, found=found, do="run littermate calibrate again", where=str(path))


def _rules(given: Mapping[str, Any], climbing: Mapping[str, Any] | None) -> ForcedSwimRules:
    plain = {name: given[name] for name in _plain(ForcedSwimRules())}
    if climbing is not None:
        plain["climbing"] = ClimbingRules(**{name: climbing[name] for name in _plain(ClimbingRules())})
    return ForcedSwimRules(**plain)


def _plain(rules: ForcedSwimRules | ClimbingRules) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(rules).items() if name != "climbing"}


def _check(rules: ForcedSwimRules, motion: Mapping[str, Any], calibrated: bool, reasons: tuple[str, ...]) -> str:
    """Return a hash of all that numbers depend on."""
    held = [dataclasses.asdict(rules), dict(motion), calibrated, list(reasons)]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def _as_written(motion: MotionRules) -> dict[str, Any]:
    """Return the rules of motion as they come back from a file: lists for tuples, nothing for what is missing."""
    plain = json.loads(json.dumps(dataclasses.asdict(motion)))
    return {name: value for name, value in plain.items() if value is not None}


def _lines(result: SwimCalibration) -> Iterator[str]:
    calibration, rules = result.calibration, result.calibration.rules()
    motion = _as_written(result.motion)
    reasons = calibration.immobility.reasons
    yield "# Made by littermate calibrate. Do not change it by hand: it would be refused."
    yield f"# {calibration.limits.words()}"
    yield from _pairs(
        {
            "format": _FORMAT,
            "littermate": __version__,
            "calibrated": calibration.calibrated,
            "reasons": list(reasons),
            "animals": calibration.animals,
            "trials": calibration.trials,
            "rules_hash_120_360": calibrated_rule_set(replace(rules, climbing=None), _WINDOW_S, result.motion).hash,
            "check": _check(rules, motion, calibration.calibrated, reasons),
        }
    )
    yield from _table("[rules]", _plain(rules))
    if rules.climbing is not None:
        yield from _table("[climbing]", _plain(rules.climbing))
    yield from _table("[motion]", motion)
    yield from _table("[limits]", dataclasses.asdict(calibration.limits))
    for name, fit in (("immobility", calibration.immobility), ("climbing", calibration.climbing)):
        if fit is not None:
            yield from _fit_lines(name, fit)
    for video, animal, sha256 in result.recordings:
        yield from _table("[[recording]]", {"video": video, "animal": animal, "sha256": sha256})
    for name, why in result.left_out:
        yield from _table("[[left_out]]", {"trial": name, "reason": why})


def _fit_lines(name: str, fit: Fit) -> Iterator[str]:
    """Write the held-out agreement, and the thresholds without each animal."""
    yield from _table(f"[agreement.{name}]", agreement_figures(fit.held_out))
    for fold in fit.folds:
        yield from _table(f"[[fold.{name}]]", {"without": fold.animal, "thresholds": list(fold.thresholds)})


def _table(head: str, values: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield head
    yield from _pairs(values)


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    """Write keys and values, without what is missing; JSON's texts, numbers, lists and truth values are TOML's, too."""
    for key, value in values.items():
        if value is not None:
            yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
