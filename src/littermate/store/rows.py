"""Rows: each record of `model` as the row it is kept in, and back. `entry` is added by whoever writes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from littermate.model.account import Account
from littermate.model.administration import Administration
from littermate.model.allocation import Allocation, Tag
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.clip import Clip
from littermate.model.finding import Finding
from littermate.model.journal import Entry
from littermate.model.key_press import KeyPress
from littermate.model.measurement import Measurement, Source
from littermate.model.outcome import Exclusion
from littermate.model.placement import Box, Placement
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.thresholds import Thresholds
from littermate.model.trial import Trial
from littermate.model.weighing import Weighing
from littermate.store.canonical import allocation_from_json, allocation_to_json, from_json, to_json
from littermate.store.raw_files import BlotImage, PlacedBox, PlateFile, RecordingFile

AnyRow = Row[Any]
Values = dict[str, Any]


def tag_row(tag: Tag) -> Values:
    """A tag's row."""
    return {"animal": tag.animal, "code": tag.code, "vials": to_json(tag.vials), "balanced": to_json(tag.balanced)}


def tag_of(row: AnyRow) -> Tag:
    """A row's tag."""
    return Tag(animal=row.animal, code=row.code, vials=from_json(row.vials), balanced=from_json(row.balanced))


def trial_row(trial: Trial) -> Values:
    """A trial's row."""
    return {
        "id": trial.id,
        "code": trial.code,
        "assay": trial.assay,
        "recording": trial.recording,
        "sha256": trial.sha256,
        "t0_s": float(trial.t0_s),
        "arena_px": _box(trial.arena_px),
    }


def trial_of(row: AnyRow) -> Trial:
    """A row's trial."""
    return Trial(
        id=row.id,
        code=row.code,
        assay=row.assay,
        recording=row.recording,
        sha256=row.sha256,
        t0_s=row.t0_s,
        arena_px=None if row.arena_px is None else from_json(row.arena_px),
    )


def _box(arena_px: Box | None) -> str | None:
    return None if arena_px is None else to_json([int(side) for side in arena_px])


def placement_row(placement: Placement) -> Values:
    """A placement's row."""
    corners = placement.corners_px
    return {
        "trial": placement.trial,
        "t0_s": float(placement.t0_s),
        "arena_px": _box(placement.arena_px),
        "corners_px": None if corners is None else to_json([[float(x), float(y)] for x, y in corners]),
    }


def placement_of(row: AnyRow) -> Placement:
    """A row's placement."""
    return Placement(
        trial=row.trial,
        t0_s=row.t0_s,
        arena_px=None if row.arena_px is None else from_json(row.arena_px),
        corners_px=None if row.corners_px is None else from_json(row.corners_px),
    )


def recording_row(file: RecordingFile) -> Values:
    """A recording's row; hash and path are columns of their own."""
    facts = asdict(file.recording)
    return {
        "sha256": facts.pop("sha256"),
        "path": facts.pop("path"),
        "facts": to_json(facts),
        "findings": to_json([asdict(finding) for finding in file.findings]),
    }


def recording_of(row: AnyRow) -> RecordingFile:
    """A row's recording."""
    return RecordingFile(
        recording=Recording(sha256=row.sha256, path=row.path, **from_json(row.facts)),
        findings=tuple(Finding(**one) for one in from_json(row.findings)),
    )


def measurement_row(measurement: Measurement) -> Values:
    """A measurement's row."""
    return {
        "outcome": measurement.outcome,
        "code": measurement.code,
        "value": None if measurement.value is None else float(measurement.value),
        "unit": measurement.unit,
        "source_kind": measurement.source.kind,
        "source_sha256": measurement.source.sha256,
        "source_place": measurement.source.place,
        "rules_hash": measurement.rules_hash,
        "reason": measurement.reason,
        "flags": to_json(measurement.flags),
        "block": measurement.block,
    }


def measurement_of(row: AnyRow) -> Measurement:
    """A row's measurement."""
    return Measurement(
        outcome=row.outcome,
        code=row.code,
        value=row.value,
        unit=row.unit,
        source=Source(kind=row.source_kind, sha256=row.source_sha256, place=row.source_place),
        rules_hash=row.rules_hash,
        reason=row.reason,
        flags=from_json(row.flags),
        block=row.block,
    )


def bout_row(trial_id: str, bout: DetectedBout | ScoredBout) -> Values:
    """A bout's row; the method's bouts have no scorer."""
    return {
        "trial": trial_id,
        "scorer": bout.scorer if isinstance(bout, ScoredBout) else "",
        "behaviour": bout.behaviour,
        "start_s": float(bout.start_s),
        "stop_s": float(bout.stop_s),
        "cut": bool(bout.cut),
    }


def bout_of(row: AnyRow) -> DetectedBout | ScoredBout:
    """A row's bout."""
    if row.scorer:
        return ScoredBout(
            behaviour=row.behaviour, start_s=row.start_s, stop_s=row.stop_s, scorer=row.scorer, cut=row.cut
        )
    return DetectedBout(behaviour=row.behaviour, start_s=row.start_s, stop_s=row.stop_s, cut=row.cut)


def exclusion_row(exclusion: Exclusion) -> Values:
    """An exclusion's row."""
    return {
        "code": exclusion.code,
        "because": exclusion.because,
        "outcome": exclusion.outcome,
        "planned": exclusion.planned,
    }


def exclusion_of(row: AnyRow) -> Exclusion:
    """A row's exclusion."""
    return Exclusion(code=row.code, because=row.because, outcome=row.outcome, planned=row.planned)


def allocation_row(allocation: Allocation) -> Values:
    """The allocation's one row."""
    return {"number": 1, "content": allocation_to_json(allocation)}


def allocation_of(row: AnyRow) -> Allocation:
    """The row's allocation."""
    return allocation_from_json(row.content)


def blot_image_row(image: BlotImage) -> Values:
    """A blot image's row."""
    return {
        "sha256": image.sha256,
        "target": image.target,
        "path": image.path,
        "region": image.region,
        "membrane": image.membrane,
        "lanes": to_json(image.lanes),
    }


def blot_image_of(row: AnyRow) -> BlotImage:
    """A row's blot image."""
    return BlotImage(
        path=row.path,
        sha256=row.sha256,
        target=row.target,
        region=row.region,
        membrane=row.membrane,
        lanes=from_json(row.lanes),
    )


def plate_file_row(file: PlateFile) -> Values:
    """A plate file's row."""
    return {"sha256": file.sha256, "path": file.path, "kind": file.kind, "region": file.region}


def plate_file_of(row: AnyRow) -> PlateFile:
    """A row's plate file."""
    return PlateFile(path=row.path, sha256=row.sha256, kind=row.kind, region=row.region)


def account_row(account: Account) -> Values:
    """An account's row."""
    return asdict(account)


def account_of(row: AnyRow) -> Account:
    """A row's account."""
    return Account(name=row.name, role=row.role, password_hash=row.password_hash, active=row.active)


def clip_row(clip: Clip) -> Values:
    """A clip's row."""
    return asdict(clip)


def clip_of(row: AnyRow) -> Clip:
    """A row's clip."""
    return Clip(id=row.id, trial=row.trial, assay=row.assay, scorer=row.scorer, position=row.position, kind=row.kind)


def key_press_row(press: KeyPress) -> Values:
    """A key press's row."""
    return asdict(press) | {"t_s": float(press.t_s), "speed": float(press.speed)}


def key_press_of(row: AnyRow) -> KeyPress:
    """A row's key press."""
    return KeyPress(
        clip=row.clip,
        number=row.number,
        action=row.action,
        t_s=row.t_s,
        behaviour=row.behaviour,
        undoes=row.undoes,
        speed=row.speed,
        latch=row.latch,
    )


def thresholds_row(thresholds: Thresholds) -> Values:
    """A row of fitted thresholds."""
    return {"assay": thresholds.assay, "settings": to_json(thresholds.settings), "words": thresholds.words}


def thresholds_of(row: AnyRow) -> Thresholds:
    """A row's thresholds."""
    return Thresholds(assay=row.assay, settings=from_json(row.settings), words=row.words)


def placed_box_row(placed: PlacedBox) -> Values:
    """A placed box's row; who placed it stands in the journal."""
    return {
        "sha256": placed.sha256,
        "target": placed.target,
        "lane": placed.lane,
        "box_px": _box(placed.box_px),
    }


def placed_box_of(row: AnyRow) -> PlacedBox:
    """A placed box of its row with its entry's `who`."""
    return PlacedBox(
        sha256=row.sha256,
        target=row.target,
        lane=row.lane,
        box_px=None if row.box_px is None else from_json(row.box_px),
        by=row.who,
    )


def weighing_row(weighing: Weighing) -> Values:
    """A weighing's row."""
    day = "" if weighing.day is None else weighing.day.isoformat()
    return {"animal": weighing.animal, "day": day, "weight_g": float(weighing.weight_g)}


def weighing_of(row: AnyRow) -> Weighing:
    """A row's weighing."""
    day = date.fromisoformat(row.day) if row.day else None
    return Weighing(animal=row.animal, day=day, weight_g=row.weight_g)


def administration_row(one: Administration) -> Values:
    """An administration's row."""
    return {
        "animal": one.animal,
        "injection": one.injection,
        "vial": one.vial,
        "at": None if one.at is None else one.at.isoformat(),
        "volume_ml": None if one.volume_ml is None else float(one.volume_ml),
        "side": one.side,
        "given_by": one.by,
        "note": one.note,
    }


def administration_of(row: AnyRow) -> Administration:
    """A row's administration."""
    return Administration(
        animal=row.animal,
        injection=row.injection,
        vial=row.vial,
        at=None if row.at is None else datetime.fromisoformat(row.at),
        volume_ml=row.volume_ml,
        side=row.side,
        by=row.given_by,
        note=row.note,
    )


def rules_row(rules: RuleSet) -> Values:
    """A rule set's row."""
    return {
        "hash": rules.hash,
        "name": rules.name,
        "parameters": to_json(rules.parameters),
        "words": to_json(rules.words),
    }


def rules_of(row: AnyRow) -> RuleSet:
    """A row's rule set."""
    return RuleSet(name=row.name, parameters=from_json(row.parameters), words=from_json(row.words))


def entry_row(entry: Entry) -> Values:
    """A journal entry's row."""
    return {
        "number": entry.number,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "arguments": entry.arguments,
        "version": entry.version,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def entry_of(row: AnyRow) -> Entry:
    """A row's journal entry."""
    return Entry(
        number=row.number,
        at=row.at,
        who=row.who,
        what=row.what,
        arguments=row.arguments,
        version=row.version,
        previous=row.previous,
        hash=row.hash,
    )
