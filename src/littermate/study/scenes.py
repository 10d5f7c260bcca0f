"""Scenes: the still picture of a trial's recording, and what is proposed on it, kept in the study's ``cache/`` folder.

The folder may be emptied at any time. A scene is known by the SHA-256 of the recording and the kind of the assay, so it
is read once, however many trials the recording holds. What is proposed is for a person to look at: nothing is placed by
it. Conventions are those of `littermate.single.scene`: times on the recording's clock, lengths in px of the whole
picture.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from littermate.files import written_whole
from littermate.model.placement import Box, Corners
from littermate.model.trial import Trial
from littermate.run.executor import SILENT_S, run_all
from littermate.run.progress import Progress, sign
from littermate.single.scene import Scene, Signature, read_scene, scene_png
from littermate.study.record import StudyRecord
from littermate.video.frames import Frame
from littermate.video.judge import CameraMove

__all__ = ["SceneRecord", "prepare_scene", "scene_of"]

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SceneRecord:
    """A scene that is kept.

    Parameters
    ----------
    picture
        PNG file of the scene without its animal, in the recording's full size.
    proposed_t0_s, t0_reason
        When the trial seems to begin, `None` where that cannot be told, and why.
    corners_px, boxes_px, reason
        The proposed floor or boxes, and what was found, in words.
    camera_moves
        When the scene lay elsewhere than in the picture.
    signature
        To compare scenes by; it knows their size.
    """

    picture: Path
    proposed_t0_s: float | None
    t0_reason: str
    corners_px: Corners | None
    boxes_px: tuple[Box, ...]
    reason: str
    camera_moves: tuple[CameraMove, ...]
    signature: Signature

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.signature.size[1], self.signature.size[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    path: str
    kind: str
    out: str


def scene_of(study: StudyRecord, trial: Trial) -> SceneRecord | None:
    """Return the scene of a trial's recording, or nothing where it is not read yet."""
    stem = _stem(study, trial)
    picture, facts = Path(f"{stem}.png"), Path(f"{stem}.json")
    if not (picture.is_file() and facts.is_file()):
        return None
    return _read(picture, facts, facts.stat().st_mtime_ns)


def prepare_scene(study: StudyRecord, trial: Trial, progress: Progress) -> SceneRecord:
    """Read the scene of a trial's recording, where it is not there yet; see `Study.prepare_scene`."""
    if (there := scene_of(study, trial)) is not None:
        return there
    lengths = {one.recording.sha256: one.recording.duration_s for one in study.database.recordings()}
    length = lengths.get(trial.sha256, 0.0)
    kind = study.assay(trial.assay).kind
    job = _Job(path=str(study.folder.root / trial.recording), kind=kind, out=str(_stem(study, trial)))
    for _ in run_all(_make, [job], timeout_s=SILENT_S, on_sign=lambda _, done: progress("looking", done, length)):
        pass
    made = scene_of(study, trial)
    assert made is not None
    return made


def _make(job: _Job) -> None:
    """Read one scene, in a process of its own: a decoder that hangs can be ended."""
    scene = read_scene(job.path, kind=job.kind, on_frame=_sign)
    with written_whole(f"{job.out}.png") as part:
        part.write_bytes(scene_png(scene))
    with written_whole(f"{job.out}.json") as part:
        part.write_text(json.dumps(_facts(scene)), encoding="utf-8")


def _sign(frame: Frame) -> None:
    sign(frame.t_s)


def _facts(scene: Scene) -> dict[str, Any]:
    return {
        "proposed_t0_s": scene.proposed_t0_s,
        "t0_reason": scene.t0_reason,
        "corners_px": scene.corners_px,
        "boxes_px": scene.boxes_px,
        "reason": scene.reason,
        "camera_moves": [asdict(move) for move in scene.camera_moves],
        "signature": base64.b64encode(scene.signature.to_bytes()).decode("ascii"),
    }


@lru_cache(maxsize=256)
def _read(picture: Path, facts: Path, _: int) -> SceneRecord:
    kept = json.loads(facts.read_text(encoding="utf-8"))
    corners = kept["corners_px"]
    return SceneRecord(
        picture=picture,
        proposed_t0_s=kept["proposed_t0_s"],
        t0_reason=kept["t0_reason"],
        corners_px=None if corners is None else _pairs(corners),
        boxes_px=tuple((x, y, width, height) for x, y, width, height in kept["boxes_px"]),
        reason=kept["reason"],
        camera_moves=tuple(
            CameraMove(start_s=one["start_s"], stop_s=one["stop_s"], shift_px=tuple(one["shift_px"]))
            for one in kept["camera_moves"]
        ),
        signature=Signature.from_bytes(base64.b64decode(kept["signature"])),
    )


def _pairs(points: Iterable[Iterable[float]]) -> Any:
    return tuple(tuple(point) for point in points)


def _stem(study: StudyRecord, trial: Trial) -> str:
    kind = study.assay(trial.assay).kind.replace(" ", "-")
    return str(study.folder.root / "cache" / f"{trial.sha256}.scene{_FORMAT}.{kind}")
