"""Manifests: the small tables that stand beside raw files and say what they are of.

================  =====================================================================================
recordings.csv    ``file,code`` and, where needed, ``t0_s``, the box of the arena ``x,y,width,height`` (one row a
                  beaker where several are in one picture) and the floor's ``corners`` (eight numbers, px)
lanes.csv         ``image,target,region,membrane,lane,code``; code ``control`` is the inter-blot control,
                  ``ladder`` and ``empty`` are no samples, ``dilution 0.5`` is a lane of a dilution series of one
                  sample with the amount on it
plates.csv        ``file,kind,region``
tissue.csv        ``code,region,tissue_mg,lysate_ml``, empty where a weight or a volume is not known
================  =====================================================================================

Without recordings.csv a recording's animal is the one code or cage-card id that stands in its file name as a word. In
the tables, too, an animal may go by its id. All faults of one table are reported at once, with their lines.

`Names` maps every name of an animal, in lower case, to its code.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from littermate.errors import Complaint, TableError
from littermate.model.placement import Box, Corners
from littermate.store.table_file import RowError, read_table

__all__ = [
    "CONTROL",
    "NO_SAMPLE",
    "LaneTable",
    "PlateRow",
    "TissueRow",
    "RecordingRow",
    "dilution_of",
    "read_lanes",
    "read_plates",
    "read_tissue",
    "read_recordings",
]

CONTROL = "control"
NO_SAMPLE = ("ladder", "empty")
VIDEO_ENDINGS = {".mp4", ".avi", ".mkv", ".mov", ".wmv", ".mpg", ".mpeg", ".m4v", ".ts", ".mts", ".webm", ".mjpeg"}

Row = TypeVar("Row")
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow:
    """One trial of one coded animal on a recording; `arena_px` and `corners_px` as in `Trial`."""

    path: Path
    code: str
    t0_s: float = 0.0
    arena_px: Box | None = None
    corners_px: Corners | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneTable:
    """One blot image: what it shows, and who is on its lanes, as pairs (lane from 1, code)."""

    path: Path
    target: str
    region: str
    membrane: str
    lanes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateRow:
    """One plate-reader file, its assay (``"bca"``, ``"elisa"``) and the region it is of."""

    path: Path
    kind: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueRow:
    """How much tissue of one animal and region was lysed (mg), and the volume of the lysate (mL); `None` if unknown."""

    code: str
    region: str
    tissue_mg: float | None
    lysate_ml: float | None


def read_recordings(folder: Path, names: Names) -> tuple[RecordingRow, ...]:
    """Find the recordings of a folder (or one file) and the code of each.

    Raises
    ------
    TableError
        If there is no recording, or one whose animal cannot be told, or an animal twice.
    """
    table = folder / "recordings.csv"
    if folder.is_dir() and table.is_file():
        rows = read_table(table, ("file", "code"), lambda row: _recording(row, folder, names))
    else:
        rows = _by_name(_videos(folder), names)
    twice = _twice((row.code, row.path.name) for row in rows)
    if twice:
        raise TableError.of(
            Complaint(
                expected="one recording an animal",
                found=f"{code}: {', '.join(names)}",
                do="leave one of them in the folder, or list the right one in recordings.csv",
                where=str(folder),
            )
            for code, names in twice.items()
        )
    return tuple(rows)


def read_lanes(path: Path, names: Names) -> tuple[LaneTable, ...]:
    """Read lanes.csv: one row a lane of an image.

    Raises
    ------
    TableError
        If a column or an image is missing, a lane is no number or stands twice, or a code is unknown.
    """
    known = {**names, **{word: word for word in (CONTROL, *NO_SAMPLE)}}
    columns = ("image", "target", "region", "membrane", "lane", "code")
    rows = read_table(path, columns, lambda row: _lane(row, path.parent, known))
    images: dict[tuple[Path, str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for key, lane in rows:
        images[key].append(lane)
    complaints = [
        Complaint(
            expected="every lane once",
            found=f"{key[0].name}: lane {number} twice",
            do="correct the table",
            where=str(path),
        )
        for key, lanes in images.items()
        for number in _twice(lanes)
    ]
    if complaints:
        raise TableError.of(complaints)
    return tuple(
        LaneTable(path=image, target=target, region=region, membrane=membrane, lanes=tuple(sorted(lanes)))
        for (image, target, region, membrane), lanes in images.items()
    )


def read_plates(path: Path) -> tuple[PlateRow, ...]:
    """Read plates.csv: one row a plate-reader file.

    Raises
    ------
    TableError
        If a column or a file is missing, or the kind is neither ``bca`` nor ``elisa``.
    """
    return tuple(read_table(path, ("file", "kind", "region"), lambda row: _plate(row, path.parent)))


def dilution_of(code: str) -> float | None:
    """Return the amount on a lane of the dilution series; `None` where a lane is none of it.

    Examples
    --------
    >>> dilution_of("dilution 0.25"), dilution_of("control")
    (0.25, None)
    """
    found = re.fullmatch(r"dilution\s+(\d+(?:\.\d+)?|\.\d+)", code.strip().lower())
    amount = float(found[1]) if found else 0.0
    return amount if 0 < amount < math.inf else None


def read_tissue(path: Path, names: Names) -> tuple[TissueRow, ...]:
    """Read tissue.csv: one row an animal and region.

    Raises
    ------
    TableError
        If a column is missing, an amount is no number above zero, an animal is unknown, or a row stands twice.
    """
    columns = ("code", "region", "tissue_mg", "lysate_ml")
    rows = read_table(path, columns, lambda row: _tissue(row, names))
    if twice := _twice(((row.code, row.region), row) for row in rows):
        raise TableError(
            expected="one row an animal and region",
            found=", ".join(f"{code} {region} twice" for code, region in twice),
            do="correct the table",
            where=str(path),
        )
    return tuple(rows)


def _tissue(row: dict[str, str], names: Names) -> TissueRow:
    return TissueRow(
        code=_code(row["code"], names),
        region=row["region"],
        tissue_mg=_amount(row["tissue_mg"], "tissue_mg"),
        lysate_ml=_amount(row["lysate_ml"], "lysate_ml"),
    )


def _amount(text: str, what: str) -> float | None:
    if not text.strip():
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 < amount < math.inf:
        raise RowError(f"{what} above 0, or nothing where it is not known", text)
    return amount


def _file(name: str, folder: Path) -> Path:
    path = folder / name
    if not path.is_file():
        raise RowError("a file beside the table", name or "nothing")
    return path


def _code(text: str, names: Names) -> str:
    if text.lower() not in names:
        raise RowError("a code or an animal id of this study", text or "nothing")
    return names[text.lower()]


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError as fault:
        raise RowError(f"a number for {what}", text) from fault


def _recording(row: dict[str, str], folder: Path, names: Names) -> RecordingRow:
    box = [row.get(name, "") for name in ("x", "y", "width", "height")]
    if any(box) and not all(box):
        raise RowError("all of x, y, width, height, or none", ", ".join(box))
    left, top, width, height = (round(_number(text or "0", "the arena")) for text in box)
    return RecordingRow(
        path=_file(row["file"], folder),
        code=_code(row["code"], names),
        t0_s=_number(row.get("t0_s") or "0", "t0_s"),
        arena_px=(left, top, width, height) if all(box) else None,
        corners_px=_corners(row.get("corners", "")),
    )


def _corners(text: str) -> Corners | None:
    """Read the floor's corners: eight numbers with blanks or semicolons between them."""
    if not text:
        return None
    numbers = [_number(word, "corners") for word in text.replace(";", " ").split()]
    if len(numbers) != 8:
        raise RowError("eight numbers for corners: x y of upper left, upper right, lower right, lower left", text)
    upper_left, upper_right, lower_right, lower_left = zip(numbers[::2], numbers[1::2], strict=True)
    return upper_left, upper_right, lower_right, lower_left


def _lane(row: dict[str, str], folder: Path, names: Names) -> tuple[tuple[Path, str, str, str], tuple[int, str]]:
    if not row["lane"].isdigit() or int(row["lane"]) < 1:
        raise RowError("a lane number from 1", row["lane"] or "nothing")
    key = (_file(row["image"], folder), row["target"], row["region"], row["membrane"])
    amount = dilution_of(row["code"])
    return key, (int(row["lane"]), _code(row["code"], names) if amount is None else f"dilution {amount:g}")


def _plate(row: dict[str, str], folder: Path) -> PlateRow:
    if row["kind"] not in ("bca", "elisa"):
        raise RowError("kind bca or elisa", row["kind"] or "nothing")
    return PlateRow(path=_file(row["file"], folder), kind=row["kind"], region=row["region"])


def _videos(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    videos = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_ENDINGS)
    if not videos:
        raise TableError(
            expected="recordings", found="none in this folder", do="check the folder's name", where=str(folder)
        )
    return videos


def _by_name(videos: Iterable[Path], names: Names) -> list[RecordingRow]:
    """Tell each recording's animal by its name."""
    rows, complaints = [], []
    for path in videos:
        matching = _animals_named(path.stem.lower(), names)
        if len(matching) == 1:
            rows.append(RecordingRow(path=path, code=matching[0]))
        else:
            complaints.append(
                Complaint(
                    expected="one animal of this study, by its code or id, in the file's name",
                    found=", ".join(matching) or "none",
                    do="rename the file, or list it in recordings.csv beside it (columns file, code)",
                    where=str(path),
                )
            )
    if complaints:
        raise TableError.of(complaints)
    return rows


def _animals_named(stem: str, names: Names) -> list[str]:
    """Return the codes of the animals that a file's name names, as a word of it or as a whole.

    Codes go before ids, and an id that is a mere number must be the whole name: numbers in it can be dates and days.
    """
    words = {stem, *re.split(r"[^0-9a-z]+", stem)} & names.keys()
    codes = {names[word] for word in words if names[word].lower() == word}
    ids = {names[word] for word in words if word == stem or not word.isdigit()}
    return sorted(codes or ids)


def _twice(pairs: Iterable[tuple[Row, object]]) -> dict[Row, list[str]]:
    seen: dict[Row, list[str]] = defaultdict(list)
    for key, value in pairs:
        seen[key].append(str(value))
    return {key: values for key, values in seen.items() if len(values) > 1}
