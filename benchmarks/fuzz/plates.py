"""Fuzz the plate readers: real and golden files cut off, with flipped bits, spliced, and random text.

Every outcome must be plates with plausible numbers, or an error of the package that names the file. Run with
``python benchmarks/fuzz/plates.py [ROUNDS] [SEED]``; the seed repeats a run to the byte.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from littermate.errors import LittermateError
from littermate.formats.plate_file import read_plate_file

ROOT = Path(__file__).parents[2]
FILES = (ROOT.parent / "shared" / "data" / "plates", ROOT / "tests" / "formats")
ENDINGS = {".csv", ".txt", ".xlsx", ".asc"}
WORDS = b"\t,;\n\r1234567890.eE+-*<>ABCDEFGHPlate:Group:~End##BLOCKS=LayoutWell IDConc/Dil\xb5\xff\xfe\x00nan1e300"


def seeds() -> list[tuple[str, bytes]]:
    """Return the name and bytes of every file to start from."""
    paths = [path for folder in FILES if folder.is_dir() for path in sorted(folder.rglob("*"))]
    return [(path.name, path.read_bytes()) for path in paths if path.suffix in ENDINGS]


def mutate(data: bytes, dice: random.Random) -> bytes:
    """Cut, flip, splice or shuffle."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 40))):
        place = dice.randrange(len(changed) + 1)
        match dice.randrange(6):
            case 0:
                changed = changed[:place]
            case 1 if place < len(changed):
                changed[place] ^= 1 << dice.randrange(8)
            case 2:
                changed[place:place] = bytes(dice.choices(WORDS, k=dice.randrange(1, 12)))
            case 3:
                stop = min(len(changed), place + dice.randrange(1, 200))
                del changed[place:stop]
            case 4:
                stop = min(len(changed), place + dice.randrange(1, 200))
                target = dice.randrange(len(changed) + 1)
                changed[target:target] = changed[place:stop]
            case _:
                lines = bytes(changed).split(b"\n")
                dice.shuffle(lines)
                changed = bytearray(b"\n".join(lines)) if dice.random() < 0.05 else changed
    return bytes(changed)


def outcome(path: Path, kind: str) -> str:
    """Read the file; return what came of it, and raise where that is not allowed."""
    try:
        plates = read_plate_file(path, kind=kind)
    except LittermateError as error:
        assert path.name in str(error) or path.stem in str(error), f"no file's name in {error}"
        return "refused"
    assert plates
    for plate in plates:
        assert len(plate.wells) == len({well.name for well in plate.wells}), "a well twice"
        for well in plate.wells:
            assert (well.absorbance is None) == bool(well.reason), f"{well}"
            assert well.absorbance is None or abs(well.absorbance) <= 1e9, f"{well}"
            assert well.concentration is None or 0 <= well.concentration <= 1e12, f"{well}"
            assert 1 <= well.dilution <= 1e9, f"{well}"
    return "read"


def run(rounds: int, seed: int, folder: Path) -> tuple[Counter[str], float]:
    """Try so many changed files; return the outcomes and the slowest time in seconds."""
    dice = random.Random(seed)
    starts = seeds()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(rounds):
        name, data = dice.choice(starts)
        data = dice.randbytes(dice.randrange(400)) if dice.random() < 0.02 else mutate(data, dice)
        path = folder / f"fuzzed-{name}"
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            outcomes[outcome(path, dice.choice(("bca", "elisa")))] += 1
        except Exception:
            Path(f"fuzz-failure-{seed}-{number}-{name}").write_bytes(data)
            raise
        slowest = max(slowest, time.perf_counter() - began)
    return outcomes, slowest


if __name__ == "__main__":
    count, first = (
        (int(word) for word in [*sys.argv[1:], "20000", "1"][:2]) if len(sys.argv) < 3 else map(int, sys.argv[1:])
    )
    with tempfile.TemporaryDirectory() as scratch:
        print(*run(count, first, Path(scratch)))
