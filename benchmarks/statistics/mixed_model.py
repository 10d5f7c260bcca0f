"""Mixed model: one complete fit with Kenward-Roger tests, ours beside lme4 with pbkrtest, in one run.

32 animals in 16 cages, diet given to cages, ketamine within them, made up from a seed. Ours is everything that
`fit_mixed` returns (Kenward-Roger, Satterthwaite and naive tests, both likelihoods, the test of the variance, means and
differences); theirs is `lmer` and `anova(ddf = "Kenward-Roger")`, timed inside R after loading. CPU time, user and
system; the best of the rounds counts, because other programs only add to it; the medians stand beside.

Run: python benchmarks/statistics/mixed_model.py [ROUNDS].
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from littermate.model.mixed_model import MixedModel
from littermate.stats.mixed import fit_mixed

FORMULA = "immobility ~ diet * ketamine + (1 | cage)"
MUST_MS = 30.0
R = """
suppressPackageStartupMessages({library(lmerTest); library(pbkrtest); library(jsonlite)})
options(contrasts = c("contr.sum", "contr.poly"))
d <- read.csv("%s", stringsAsFactors = TRUE)
once <- function() anova(lmer(%s, d), ddf = "Kenward-Roger")
a <- once()
seconds <- sapply(seq_len(%d), function(i) sum(system.time(once())[1:2]))
cat(toJSON(list(seconds = seconds, f = a[["F value"]], df = a[["DenDF"]]), digits = NA))
"""


def animals() -> pd.DataFrame:
    """Make the study up."""
    random = np.random.default_rng(14)
    number = np.arange(32)
    cages = random.normal(0, 13, 16)
    frame = pd.DataFrame(
        {
            "animal": [f"K{one:02d}" for one in number],
            "cage": [f"C{one // 2:02d}" for one in number],
            "diet": np.where(number < 16, "control", "mg"),
            "ketamine": np.where(number % 2, "ketamine", "saline"),
        }
    )
    frame["immobility"] = (150 - 30 * (number % 2) + cages[number // 2] + random.normal(0, 12, 32)).round(1)
    return frame


def ours(frame: pd.DataFrame, rounds: int) -> tuple[list[float], MixedModel]:
    """Return the CPU seconds of each round, and the model."""
    model = fit_mixed(frame, FORMULA)
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        fit_mixed(frame, FORMULA)
        seconds.append(time.process_time() - start)
    return seconds, model


def theirs(frame: pd.DataFrame, rounds: int) -> dict[str, list[float]] | None:
    """Return what R says and how long it took, `None` where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "animals.csv"
        frame.to_csv(path, index=False)
        script = R % (path.as_posix(), FORMULA, rounds)
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def line(name: str, seconds: list[float]) -> str:
    return f"| {name} | {min(seconds) * 1e3:.1f} | {statistics.median(seconds) * 1e3:.1f} |"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    frame = animals()
    seconds, model = ours(frame, rounds)
    reference = theirs(frame, rounds)
    print(f"| {FORMULA}, 32 animals, 16 cages | best, ms | median, ms |\n|---|---|---|")
    print(line("littermate", seconds))
    if reference is None:
        print("| lme4 + pbkrtest | R is not installed | |")
    else:
        print(line("lme4 + pbkrtest", reference["seconds"]))
        pairs = [*zip(model.effects, reference["f"], reference["df"], strict=True)]
        apart = max(max(abs(one.f / f - 1), abs(one.df_error / df - 1)) for one, f, df in pairs)
        ratio = statistics.median(reference["seconds"]) / statistics.median(seconds)
        print(f"\nlme4 + pbkrtest takes {ratio:.0f} times as long (medians).")
        print(f"Largest relative difference of an F or its degrees of freedom: {apart:.1e}.")
    print(f"\nMust be: {MUST_MS:.0f} ms; met: {'yes' if min(seconds) * 1e3 <= MUST_MS else 'no'}.")


if __name__ == "__main__":
    main()
