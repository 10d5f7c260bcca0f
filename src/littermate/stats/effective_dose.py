"""The lowest dose that does anything, and the highest that is not shown to.

**Dunnett, step-down** (Dunnett and Tamhane 1991, *Stat Med* 10:939): doses are taken in the order of their |t| against
the control; each is judged by the largest |t| among itself and those after it, and no P is smaller than one before.
**Williams** (see `williams`): from the highest dose down; no P is smaller than that of a higher dose. Williams finds
more where the answer truly rises (or falls) with the dose, and is wrong where it turns back.

The minimum effective dose is the lowest whose P is below alpha together with that of every higher dose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.dose_response import DoseGroup, MinimumEffectiveDose
from littermate.stats.dose_response import require_doses
from littermate.stats.dunnett import MaxT, Side, dunnett_loadings, step_down
from littermate.stats.table import Table
from littermate.stats.williams import smoothed_means, williams_p

__all__ = ["DIRECTIONS", "METHODS", "minimum_effective_dose"]

Floats = NDArray[np.float64]

METHODS = ("Dunnett", "Williams")
_SIDES: dict[str, Side] = {"two-sided": "two-sided", "up": "greater", "down": "less"}
DIRECTIONS = tuple(_SIDES)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Groups:
    """Groups by rising dose, the control first, and their pooled spread."""

    doses: Floats
    sizes: NDArray[np.int64]
    means: Floats
    sds: tuple[float | None, ...]
    df: int
    sd: float

    def t(self, means: Floats) -> Floats:
        """Return the t of means (k,) of the doses against the control's."""
        error = self.sd * np.sqrt(1 / self.sizes[1:] + 1 / self.sizes[0])
        return np.asarray((means - self.means[0]) / error, dtype=np.float64)


def minimum_effective_dose(
    table: Table,
    drug: str,
    *,
    method: str = "Dunnett",
    direction: str = "two-sided",
    control: float = 0.0,
    alpha: float = 0.05,
) -> MinimumEffectiveDose:
    """Find the minimum effective dose.

    Parameters
    ----------
    table
        One row an animal; the doses are its covariate `drug`.
    drug
        Name of the covariate.
    method
        ``"Dunnett"`` (step-down) or ``"Williams"``.
    direction
        ``"two-sided"``, or where the outcome can go, said beforehand: ``"up"`` or ``"down"``.
    control
        The dose of the control group.
    alpha
        Level of significance.

    Raises
    ------
    UsageError
        If the method or the direction is unknown.
    TableError
        If a dose is negative.
    AnalysisError
        If there is no control, no other dose, or no animal beside another of its dose.

    Examples
    --------
    >>> doses = [0, 0, 0, 5, 5, 5, 10, 10, 10]
    >>> values = [150, 160, 155, 152, 149, 155, 120, 118, 125]
    >>> units = [f"K{row}" for row in range(9)]
    >>> table = Table(outcome="immobility", values=values, factors={}, units=units, covariates={"ketamine": doses})
    >>> found = minimum_effective_dose(table, "ketamine")
    >>> found.dose, found.highest_without
    (10.0, 5.0)
    """
    _require_call(method, direction)
    complete = table.complete()
    require_doses(complete, drug)
    groups = _grouped(complete, drug, control)
    if method == "Williams":
        smoothed, t, p = _williams(groups, direction)
    else:
        smoothed, t, p = None, groups.t(groups.means[1:]), _dunnett(groups, direction)
    rows = tuple(_rows(groups, smoothed, t, p, alpha))
    effective = [row for row in rows if row.effective]
    below = [row.dose for row in rows[1:] if not row.effective]
    found = MinimumEffectiveDose(
        method=method,
        direction=direction,
        alpha=alpha,
        df=groups.df,
        sd=groups.sd,
        groups=rows,
        dose=effective[0].dose if effective else None,
        highest_without=below[-1] if below else None,
        says="",
    )
    return replace(found, says=_says(found, drug, table.outcome))


def _require_call(method: str, direction: str) -> None:
    complaints = []
    if method not in METHODS:
        complaints.append(Complaint(expected=f"one of {', '.join(METHODS)}", found=method, do="choose one"))
    if direction not in DIRECTIONS:
        complaints.append(Complaint(expected=f"one of {', '.join(DIRECTIONS)}", found=direction, do="choose one"))
    if complaints:
        raise UsageError.of(complaints)


def _grouped(table: Table, drug: str, control: float) -> _Groups:
    """Gather the groups; the control's dose comes first, doses below it are refused."""
    given = table.covariates[drug]
    doses, place, sizes = np.unique(given, return_inverse=True, return_counts=True)
    if control not in doses or len(doses) < 2 or doses[0] != control:
        raise AnalysisError(
            expected=f"a control group at dose {control:g} of {drug}, and higher doses",
            found=f"doses {', '.join(f'{dose:g}' for dose in doses)}",
            do="add the control animals, or say which dose is the control (--control)",
        )
    means = np.bincount(place, weights=table.values) / sizes
    residuals = table.values - means[place]
    df = len(table.values) - len(doses)
    if df < 2 or np.sum(residuals**2) <= 1e-26 * np.sum((table.values - table.values.mean()) ** 2):
        raise AnalysisError(
            expected="several animals a dose, which vary",
            found=f"{len(table.values)} animals at {len(doses)} doses, "
            + ("without spread within a dose" if df >= 2 else f"{df} error degrees of freedom"),
            do="measure more animals: without replicates no dose can be compared with the control",
        )
    sds = [float(table.values[place == group].std(ddof=1)) if size > 1 else None for group, size in enumerate(sizes)]
    sd = float(np.sqrt(np.sum(residuals**2) / df))
    return _Groups(doses=doses, sizes=sizes, means=means + table.shift, sds=tuple(sds), df=df, sd=sd)


def _dunnett(groups: _Groups, direction: str) -> Floats:
    """Return the step-down adjusted P of each dose."""
    loadings = dunnett_loadings(groups.sizes[1:].tolist(), float(groups.sizes[0]))
    return step_down(groups.t(groups.means[1:]), MaxT.of_loadings(loadings, groups.df, _SIDES[direction]))


def _williams(groups: _Groups, direction: str) -> tuple[Floats, Floats, Floats]:
    """Return the smoothed means of the doses, their t and adjusted P.

    Two-sided: the direction of the smaller P of the highest dose, all P doubled.
    """
    if direction != "two-sided":
        return _one_way(groups, 1 if direction == "up" else -1)
    smoothed, t, p = min((_one_way(groups, sign) for sign in (1, -1)), key=lambda way: float(way[2][-1]))
    return smoothed, t, np.minimum(1.0, 2 * p)


def _one_way(groups: _Groups, sign: int) -> tuple[Floats, Floats, Floats]:
    smoothed = sign * smoothed_means(sign * groups.means[1:], groups.sizes[1:].tolist())
    t = groups.t(smoothed)
    p, worst = np.empty(len(t)), 0.0
    for dose in reversed(range(len(t))):
        worst = max(worst, williams_p(sign * float(t[dose]), groups.sizes[: dose + 2].tolist(), groups.df))
        p[dose] = worst
    return smoothed, t, p


def _rows(groups: _Groups, smoothed: Floats | None, t: Floats, p: Floats, alpha: float) -> list[DoseGroup]:
    rows = [
        DoseGroup(dose=float(dose), n=int(n), mean=float(mean), sd=sd)
        for dose, n, mean, sd in zip(groups.doses, groups.sizes, groups.means, groups.sds, strict=True)
    ]
    together = np.minimum.accumulate((p < alpha)[::-1])[::-1]
    for place, row in enumerate(rows[1:]):
        rows[place + 1] = replace(
            row,
            smoothed=None if smoothed is None else float(smoothed[place]),
            difference=row.mean - rows[0].mean,
            t=float(t[place]),
            p=float(p[place]),
            effective=bool(together[place]),
        )
    return rows


def _says(found: MinimumEffectiveDose, drug: str, outcome: str) -> str:
    name = (
        f"{'step-down ' if found.method == 'Dunnett' else ''}{found.method}, {found.direction}, alpha = {found.alpha:g}"
    )
    turned = [row.dose for row in found.groups[1:] if not row.effective and row.p is not None and row.p < found.alpha]
    extra = ""
    if turned:
        doses = ", ".join(f"{dose:g}" for dose in turned)
        extra = f" {doses} differs too, but a higher dose does not: the answer turns back."
    elif len({np.sign(row.difference or 0.0) for row in found.groups if row.effective}) > 1:
        extra = (
            " Some of these doses raise the outcome and others lower it: the answer turns back, and no dose is minimal."
        )
    if found.dose is None:
        return (
            f"No dose of {drug} up to {found.groups[-1].dose:g} is shown to change {outcome} together with every higher"
            f" dose ({name}). That is not a proof of no effect.{extra}"
        )
    words = f"The minimum effective dose of {drug} is {found.dose:g} ({name})."
    if found.highest_without is None:
        return f"{words} It is the lowest tested: a lower dose may do as well.{extra}"
    return f"{words} {found.highest_without:g} is not shown to differ from the control.{extra}"
