"""Tracks: traces of a trial as Parquet files, one a trial.

A track has the columns ``t_s, x_px, y_px, x_cm, y_cm, state`` (found, interpolated, missing); a motion trace
``t_s, activity, valid, upright`` (`upright` is absent from traces made before it was measured, and where it was not
measured). A missing position, and the activity and uprightness of an invalid sample, is null, never NaN. The file's
metadata holds the trial's id, the hash of the rule set, what is one number a trace, and where the trial was when it was
analysed (absent from traces made before that was kept): what is drawn over a trace later is what it was made with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from littermate.errors import Complaint, FileError
from littermate.files import require_file, written_whole
from littermate.model.motion import Motion
from littermate.model.outline import AnalysedPlace, Outline
from littermate.model.placement import Placement
from littermate.model.track import STATES, Track

__all__ = ["StoredMotion", "StoredTrack", "kind_of_trace", "read_motion", "read_track", "write_motion", "write_track"]

_KEY = b"littermate"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredTrack:
    """A track from its file; `xy_cm` (n, 2) on the floor, NaN where missing; `place` as analysed, where it was kept."""

    track: Track
    xy_cm: NDArray[np.float64]
    trial: str
    rules_hash: str
    place: AnalysedPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredMotion:
    """A motion trace from its file; `place` as analysed, where it was kept."""

    motion: Motion
    trial: str
    rules_hash: str
    place: AnalysedPlace | None = None


def kind_of_trace(path: str | Path) -> str:
    """Return ``"motion"`` or ``"track"``, as a file of this module says, or nothing where there is no such file."""
    path = Path(path)
    if not path.is_file():
        return ""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError):
        return ""
    return str(json.loads(metadata.get(_KEY, b"{}")).get("kind", ""))


def write_track(
    path: str | Path,
    track: Track,
    xy_cm: NDArray[np.float64],
    *,
    trial: str = "",
    rules_hash: str = "",
    place: AnalysedPlace | None = None,
) -> None:
    """Write a track.

    Parameters
    ----------
    path
        The Parquet file; written whole or not at all.
    track
        n positions.
    xy_cm : (n, 2) float
        The same on the floor.
    trial, rules_hash
        Id of the trial, and hash of the rule set by which it was made.
    place
        Where the trial was when it was analysed.
    """
    columns = {
        "t_s": pa.array(track.t_s),
        "x_px": _with_nulls(track.xy_px[:, 0]),
        "y_px": _with_nulls(track.xy_px[:, 1]),
        "x_cm": _with_nulls(xy_cm[:, 0]),
        "y_cm": _with_nulls(xy_cm[:, 1]),
        "state": pa.DictionaryArray.from_arrays(pa.array(track.state.astype(np.int8)), pa.array(STATES)),
    }
    words: dict[str, Any] = {"kind": "track", "trial": trial, "rules_hash": rules_hash}
    _write(path, columns, words | _place_words(place))


def read_track(path: str | Path) -> StoredTrack:
    """Read a track.

    Raises
    ------
    FileError
        If it is missing, damaged, or no track.
    """
    table, words = _read(path, "track")
    state = np.array([STATES.index(name) for name in table.column("state").to_pylist()], dtype=np.uint8)
    track = Track(t_s=_numbers(table, "t_s"), xy_px=_pairs(table, "x_px", "y_px"), state=state)
    return StoredTrack(
        track=track,
        xy_cm=_pairs(table, "x_cm", "y_cm"),
        trial=words["trial"],
        rules_hash=words["rules_hash"],
        place=_place_of(words),
    )


def write_motion(
    path: str | Path,
    motion: Motion,
    *,
    trial: str = "",
    rules_hash: str = "",
    place: AnalysedPlace | None = None,
) -> None:
    """Write a motion trace.

    Parameters
    ----------
    path
        The Parquet file; written whole or not at all.
    motion
        The trace.
    trial, rules_hash
        Id of the trial, and hash of the rule set by which it was made.
    place
        Where the trial was when it was analysed.
    """
    valid = np.asarray(motion.valid, dtype=bool)
    columns = {
        "t_s": pa.array(motion.t_s),
        "activity": pa.array(motion.activity, mask=~valid),
        "valid": pa.array(valid),
    }
    if motion.upright is not None:
        columns["upright"] = pa.array(motion.upright, mask=~valid)
    words = {
        "kind": "motion",
        "trial": trial,
        "rules_hash": rules_hash,
        "step_s": float(motion.step_s),
        "animal_found": bool(motion.animal_found),
        "animal_area_px": None if motion.animal_area_px is None else float(motion.animal_area_px),
    }
    _write(path, columns, words | _place_words(place))


def read_motion(path: str | Path) -> StoredMotion:
    """Read a motion trace; activity and uprightness of invalid samples are NaN.

    `Motion.upright` is `None` for a trace stored without it.

    Raises
    ------
    FileError
        If it is missing, damaged, or no motion trace.
    """
    table, words = _read(path, "motion")
    motion = Motion(
        t_s=_numbers(table, "t_s"),
        step_s=words["step_s"],
        activity=_numbers(table, "activity"),
        valid=np.array(table.column("valid").to_pylist(), dtype=bool),
        animal_found=words["animal_found"],
        animal_area_px=words["animal_area_px"],
        upright=_numbers(table, "upright") if "upright" in table.column_names else None,
    )
    return StoredMotion(motion=motion, trial=words["trial"], rules_hash=words["rules_hash"], place=_place_of(words))


def _place_words(place: AnalysedPlace | None) -> dict[str, Any]:
    return {} if place is None else {"place": asdict(place)}


def _place_of(words: Mapping[str, Any]) -> AnalysedPlace | None:
    if "place" not in words:
        return None
    said, outlines = words["place"]["placement"], words["place"]["outlines"]
    return AnalysedPlace(
        placement=Placement(
            trial=said["trial"],
            t0_s=said["t0_s"],
            arena_px=None if said["arena_px"] is None else tuple(said["arena_px"]),
            corners_px=None if said["corners_px"] is None else _points(said["corners_px"]),
        ),
        outlines=tuple(Outline(**one | {"points_px": _points(one["points_px"])}) for one in outlines),
    )


def _points(pairs: Any) -> Any:
    return tuple((x, y) for x, y in pairs)


def _write(path: str | Path, columns: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    table = pa.table(dict(columns)).replace_schema_metadata({_KEY: json.dumps(words).encode()})
    with written_whole(path) as part:
        pq.write_table(table, part, compression="zstd")


def _read(path: str | Path, kind: str) -> tuple[Any, dict[str, Any]]:
    path = require_file(path)
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as fault:
        raise _no_trace(path, kind, str(fault).splitlines()[0]) from fault
    words = json.loads((table.schema.metadata or {}).get(_KEY, b"{}"))
    if words.get("kind") != kind:
        raise _no_trace(path, kind, f"a file of kind {words.get('kind', 'unknown')!r}")
    return table, words


def _no_trace(path: Path, kind: str, found: str) -> FileError:
    do = "score the trial again; its recording is unchanged"
    return FileError.of([Complaint(expected=f"a {kind} that littermate wrote", found=found, do=do, where=str(path))])


def _with_nulls(values: NDArray[np.float64]) -> Any:
    return pa.array(np.asarray(values, dtype=np.float64), mask=np.isnan(values))


def _numbers(table: Any, name: str) -> NDArray[np.float64]:
    return np.array(table.column(name).to_pylist(), dtype=np.float64)


def _pairs(table: Any, x: str, y: str) -> NDArray[np.float64]:
    return np.column_stack([_numbers(table, x), _numbers(table, y)])
