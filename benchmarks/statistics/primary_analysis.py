"""One primary analysis of a 2 x 2 (n = 32), with everything: ours, R and statsmodels in one run.

Ours: `fit` (type III table with partial eta and omega squared and their limits, groups, marginal means, all differences
with Hedges g and its limits, Brown-Forsythe, Shapiro-Wilk), then all pairs of cells by Tukey, all cells against the
control by Dunnett, and simple effects by Holm. R does the same with car, emmeans, multcomp and effectsize, timed inside
R with the packages loaded. statsmodels has no marginal means, simple effects, Dunnett or limits of effect sizes: its
time is for the table, one Tukey family and the two checks.

Run: python benchmarks/statistics/primary_analysis.py [ROUNDS]. R and statsmodels are left out where they are not
installed.
"""

from __future__ import annotations

import importlib.util
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from littermate.model.plan import Plan
from littermate.stats.comparisons import How, against_control, pairwise, simple_effects
from littermate.stats.factorial import fit, fit_model
from littermate.stats.studentized_range import range_critical
from littermate.stats.table import Table

MUST_MS = 20.0
PLAN = Plan(outcome="y", factors=("magnesium", "ketamine"))
R = """
suppressMessages({library(car); library(emmeans); library(multcomp); library(effectsize)})
options(contrasts = c("contr.sum", "contr.poly"))
d <- read.csv("FILE", stringsAsFactors = TRUE); d$g <- interaction(d$magnesium, d$ketamine)
once <- function() {
  m <- lm(y ~ magnesium * ketamine, d); a <- Anova(m, type = 3)
  eta_squared(a, ci = .9, alternative = "two.sided"); omega_squared(a, ci = .9, alternative = "two.sided")
  e <- emmeans(m, ~ magnesium * ketamine)
  as.data.frame(emmeans(m, ~magnesium)); as.data.frame(emmeans(m, ~ketamine)); as.data.frame(e)
  as.data.frame(summary(pairs(e, adjust = "tukey"), infer = TRUE))
  as.data.frame(summary(rbind(pairs(emmeans(m, ~ketamine | magnesium)), pairs(emmeans(m, ~magnesium | ketamine)),
                              adjust = "holm"), infer = TRUE))
  summary(glht(lm(y ~ g, d), mcp(g = "Dunnett")))
  t_to_d(summary(pairs(e))$t.ratio, df.residual(m))
  leveneTest(m); shapiro.test(resid(m))
}
invisible(suppressMessages(once()))
took <- sapply(seq_len(ROUNDS), function(i) system.time(suppressMessages(once()))[["elapsed"]])
cat(median(took) * 1000, sum(gc()[, 6]))
"""


def simulated() -> pd.DataFrame:
    """Make one experiment."""
    rng = np.random.default_rng(3)
    cells = [(magnesium, ketamine) for magnesium in ("control", "mg") for ketamine in ("saline", "ketamine")]
    frame = pd.DataFrame([cell for cell in cells for _ in range(8)], columns=["magnesium", "ketamine"])
    frame["y"] = (140 - 25 * (frame["ketamine"] == "ketamine") + rng.normal(0, 20, 32)).round(1)
    return frame


def ours(table: Table) -> None:
    """Do the whole analysis, with nothing kept from the one before."""
    range_critical.cache_clear()
    fit(table, PLAN, unit="s")
    model = fit_model(table, PLAN)
    pairwise(model, PLAN.factors)
    against_control(model, PLAN.factors)
    simple_effects(model, how=How(adjust="holm"))


def statsmodels(frame: pd.DataFrame) -> None:
    """Do what statsmodels and scipy can."""
    from scipy import stats
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm
    from statsmodels.stats.multicomp import pairwise_tukeyhsd

    model = ols("y ~ C(magnesium, Sum) * C(ketamine, Sum)", frame).fit()
    anova_lm(model, typ=3)
    cell = frame["magnesium"] + frame["ketamine"]
    pairwise_tukeyhsd(frame["y"], cell)
    stats.levene(*(of for _, of in frame["y"].groupby(cell)), center="median")
    stats.shapiro(model.resid)


def median_ms(work: Callable[[], None], rounds: int) -> float:
    """Time some rounds after one that is not counted."""
    work()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return 1000 * statistics.median(took)


def in_r(frame: pd.DataFrame, rounds: int) -> tuple[float, float] | None:
    """Return R's milliseconds and peak megabytes (of its own heap)."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.csv"
        frame.to_csv(path, index=False)
        code = R.replace("FILE", path.as_posix()).replace("ROUNDS", str(rounds))
        found = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if found.returncode:
        return None
    milliseconds, megabytes = map(float, found.stdout.split()[-2:])
    return milliseconds, megabytes


def main(rounds: int) -> None:
    """Run all and print one table."""
    frame = simulated()
    factors = {name: frame[name].tolist() for name in PLAN.factors}
    table = Table(outcome="y", values=frame["y"].to_numpy(), factors=factors, units=range(32))
    took = median_ms(lambda: ours(table), rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [f"| littermate (must be <= {MUST_MS:g} ms) | {took:.1f} | {memory:.0f} |"]
    alone = median_ms(lambda: fit(table, PLAN, unit="s") and None, rounds)
    lines.append(f"| littermate, `fit` alone | {alone:.1f} | |")
    found = in_r(frame, max(rounds // 5, 5))
    if found:
        lines.append(f"| R: car, emmeans, multcomp, effectsize | {found[0]:.0f} | {found[1]:.0f} |")
    if importlib.util.find_spec("statsmodels"):
        lines.append(f"| statsmodels, in part | {median_ms(lambda: statsmodels(frame), rounds):.1f} | |")
    print("| one analysis | median ms | peak MB |\n|---|---|---|", *lines, sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
