"""Damage blot images by the thousand and see that each is read or refused.

``python benchmarks/fuzz/blots.py [cases] [seed]`` cuts files and turns bits of a simulated membrane in every lossless
compression, of a PNG, and of the real files beside the repository, and prints how many were read, refused, or anything
else. It ends with code 1 if there was anything else, or a case took over ten seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile

from littermate.blots.image import read_blot
from littermate.errors import ImageError
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "blots"
SLOW_S = 10.0


def sources(folder: Path) -> dict[str, bytes]:
    picture = paint_blot([BandRow(row_px=60, volumes=(1.0, 0.6, 0.3))], scene=BlotScene(width=240, height=120), seed=1)[
        0
    ]
    found = {"simulated.png": imagecodecs.png_encode(picture)}
    for compression in (None, "lzw", "zlib", "packbits", "zstd", "lzma"):
        tifffile.imwrite(folder / "whole", picture, compression=compression, rowsperstrip=16)
        found[f"{compression}.tif"] = (folder / "whole").read_bytes()
    tifffile.imwrite(folder / "whole", picture, compression="lzw", predictor=True, tile=(32, 32), bigtiff=True)
    found["tiles.tif"] = (folder / "whole").read_bytes()
    for path in [*REAL.glob("*.1sc"), *REAL.glob("*_ref.tif"), *REAL.glob("*_analysis.tif")]:
        found[path.name] = path.read_bytes()
    return found


def damaged(whole: bytes, rng: np.random.Generator) -> bytes:
    if rng.random() < 0.2:
        return whole[: int(rng.integers(1, len(whole)))]
    other = bytearray(whole)
    reach = int(rng.choice([64, 512, 4096, 65536, len(other)]))
    for _ in range(int(rng.integers(1, 5))):
        other[int(rng.integers(min(reach, len(other))))] ^= 1 << int(rng.integers(8))
    return bytes(other)


def main(cases: int, seed: int) -> int:
    rng = np.random.default_rng(seed)
    count: Counter[tuple[str, str]] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, whole in sources(Path(folder)).items():
            path = Path(folder) / name
            for case in range(cases):
                path.write_bytes(content := damaged(whole, rng))
                began = time.perf_counter()
                try:
                    read_blot(path)
                    what = "read" if len(content) == len(whole) else "READ THOUGH CUT"
                except ImageError as fault:
                    what = "refused" if name in str(fault) else "REFUSED WITHOUT A NAME"
                except Exception as fault:  # noqa: BLE001 - whatever else comes is what is looked for
                    what = f"{type(fault).__name__}: {fault}"[:80]
                if time.perf_counter() - began > SLOW_S:
                    what += f" SLOW (case {case})"
                count[name, what] += 1
                bad += what not in ("read", "refused")
    for (name, what), number in sorted(count.items()):
        print(f"{name:28} {number:6} {what}")
    return int(bad > 0)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [200, 1][len(numbers) :])))
