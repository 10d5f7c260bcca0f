"""Literature: the results of earlier studies that never were, with a known effect that differs between them.

Every study draws its animals from normal distributions and prints means, SDs and numbers, as papers do. Names say that
they are simulated.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from littermate.files import written_whole

__all__ = ["LiteratureTruth", "draw_literature", "write_literature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteratureTruth:
    """What is true of the simulated literature.

    Parameters
    ----------
    effect, tau
        Mean of the studies' true effects, in SDs, and their SD between studies.
    mean, sd
        Of the outcome in the control group; studies' means differ by a tenth.
    """

    effect: float = -0.7
    tau: float = 0.3
    mean: float = 150.0
    sd: float = 35.0


def draw_literature(count: int, *, truth: LiteratureTruth | None = None, seed: int = 1) -> list[dict[str, object]]:
    """Return the rows of a literature table.

    Parameters
    ----------
    count
        Studies, two in three of mice.
    truth
        What is true of them.
    seed
        Of the draw.

    Examples
    --------
    >>> first = draw_literature(2, seed=1)[0]
    >>> first["study"], first["species"], first["n_treatment"]
    ('Simulated study 1', 'mouse', 9)
    """
    truth, rng = truth or LiteratureTruth(), np.random.default_rng(seed)
    return [_study(number, truth, rng) for number in range(1, count + 1)]


def _study(number: int, truth: LiteratureTruth, rng: np.random.Generator) -> dict[str, object]:
    sizes = rng.integers(6, 13, size=2)
    level, effect = rng.normal(truth.mean, truth.mean / 10), rng.normal(truth.effect, truth.tau)
    row: dict[str, object] = {
        "study": f"Simulated study {number}",
        "year": 2008 + number,
        "species": "rat" if number % 3 == 0 else "mouse",
        "dose_mg_kg": (5, 10, 15, 30)[number % 4],
    }
    for group, n, mean in zip(("treatment", "control"), sizes, (level + effect * truth.sd, level), strict=True):
        values = rng.normal(mean, truth.sd, size=n)
        row |= {f"n_{group}": int(n), f"mean_{group}": round(float(values.mean()), 1)}
        row[f"sd_{group}"] = round(float(values.std(ddof=1)), 1)
    return row | {"direction": "higher is worse"}


def write_literature(path: str | Path, count: int = 12, *, truth: LiteratureTruth | None = None, seed: int = 1) -> Path:
    """Write a simulated literature table as CSV, and return its path."""
    rows = draw_literature(count, truth=truth, seed=seed)
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return Path(path)
