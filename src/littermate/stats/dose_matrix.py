"""Dose matrix: doses of one drug crossed with doses of another, against what would be expected of them.

Expectations are computed from the cells of the drugs alone (and the control), or for Loewe from their curves; see
`littermate.model.combination` for what each means. A combination's difference is its mean minus the expectation. The
standard errors are the delta method's: those of the combination's mean (pooled variance within cells) and those of the
expectation, whose errors all combinations share; the joint test is a Wald F with the degrees of freedom within cells.
HSA takes the better single drug as if it were known beforehand, which makes its intervals a little short.

Loewe's expectation y solves a/A(y) + b/B(y) = 1, A(y) and B(y) being the doses alone that give y. Where a drug alone
never reaches y its term is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from littermate.errors import AnalysisError
from littermate.model.combination import CombinedCell, DoseMatrix, Surface
from littermate.model.dose_response import FTest
from littermate.stats.dose_curves import FORMS, Form
from littermate.stats.dose_response import f_test, require_doses
from littermate.stats.joint_curves import Arms, Joint, fit_joint, fit_joint_own
from littermate.stats.multiplicity import adjust
from littermate.stats.table import Table

__all__ = ["fit_dose_matrix", "loewe_expectation"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_BISECTIONS = 80
_DIFFERENCE = 6e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """The cells: doses (k, 2), sizes, means, and which are combinations; pooled variance within."""

    doses: Floats
    sizes: Floats
    means: Floats
    variance: float
    df: int

    @property
    def combined(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.all(self.doses > 0, axis=1))

    def at(self, first: float, second: float) -> int | None:
        """Return the place of a cell, `None` where it was not tested."""
        found = np.flatnonzero((self.doses[:, 0] == first) & (self.doses[:, 1] == second))
        return int(found[0]) if len(found) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Expectation:
    """What is expected of every combination, as a function of parameters with a covariance."""

    null: str
    scale: str
    of: Callable[[Floats], Floats]
    parameters: Floats
    covariance: Floats


def fit_dose_matrix(
    table: Table,
    drugs: tuple[str, str],
    *,
    model: str = "ll4",
    full_effect: float | None = None,
    alpha: float = 0.05,
) -> DoseMatrix:
    """Compare every combination of doses with four expectations.

    Parameters
    ----------
    table
        One row an animal; the doses of both drugs are its covariates.
    drugs
        Their names.
    model
        Of the curves for Loewe: ``"ll3"`` or ``"ll4"``.
    full_effect
        The outcome at full effect, for Bliss: where not given 0 if the outcome falls and is never negative, and
        there is no Bliss otherwise.
    alpha
        For what is called shown in the words.

    Raises
    ------
    TableError
        If a dose is negative.
    AnalysisError
        If there is no control, no combination, a combination whose drugs were not tested alone at its doses, or no
        replicates.
    """
    complete = table.complete()
    require_doses(complete, *drugs)
    doses = np.column_stack([complete.covariates[name] for name in drugs])
    y = complete.values + table.shift
    cells = _cells(doses, y)
    _require_cells(cells, drugs)
    direction = _direction(cells)
    full = full_effect if full_effect is not None else (0.0 if direction == "down" and y.min() >= 0 else None)
    surfaces = (
        _loewe(cells, doses, y, drugs, model, alpha, direction),
        _bliss(cells, full, alpha, direction),
        _compare(cells, _hsa(cells, direction), alpha, direction),
        _compare(cells, _additive(cells), alpha, direction),
    )
    return DoseMatrix(
        outcome=table.outcome,
        drugs=drugs,
        n=len(y),
        df=cells.df,
        sd=cells.variance**0.5,
        groups=tuple(
            (float(a), float(b), int(n), float(mean))
            for (a, b), n, mean in zip(cells.doses, cells.sizes, cells.means, strict=True)
        ),
        direction=direction,
        surfaces=surfaces,
        says=tuple(_says(surfaces, drugs)),
        missing=table.missing,
        notes=(f"Left out because a value is missing: {', '.join(table.missing)}.",) if table.missing else (),
    )


def loewe_expectation(joint: Joint, theta: Floats, doses: Floats) -> Floats:
    """Return the Loewe-additive outcome of pairs of doses.

    Parameters
    ----------
    joint
        Two arms, the drugs alone (``ll3`` or ``ll4``).
    theta
        Their parameters.
    doses
        Shape (k, 2), above 0.
    """
    full = [joint.form.spread(joint.arm_parameters(arm, theta)) for arm in (0, 1)]
    control = joint.at_control(theta)
    far = [part[1] if part[0] > 0 else part[2] for part in full]
    end = min(far) if joint.falls else max(far)
    low, high = np.full(len(doses), control), np.full(len(doses), end)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        used = sum(doses[:, arm] * _per_dose(middle, full[arm], control, far[arm]) for arm in (0, 1))
        more = used > 1
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray((low + high) / 2)


def _per_dose(y: Floats, full: Floats, control: float, far: float) -> Floats:
    """Return 1 / (the dose alone that gives y); 0 where no dose does."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = (control - y) / (y - far)
        per = np.exp(-full[3]) * ratio ** (-1 / abs(full[0]))
    return np.asarray(np.where(ratio > 0, per, np.where(ratio == 0, np.inf, 0.0)))


def _cells(doses: Floats, y: Floats) -> _Cells:
    pairs, place, sizes = np.unique(doses, axis=0, return_inverse=True, return_counts=True)
    place = place.ravel()
    means = np.bincount(place, weights=y) / sizes
    df = len(y) - len(sizes)
    variance = float(np.sum((y - means[place]) ** 2)) / df if df > 0 else 0.0
    return _Cells(doses=pairs, sizes=sizes.astype(np.float64), means=means, variance=variance, df=df)


def _require_cells(cells: _Cells, drugs: tuple[str, str]) -> None:
    if cells.at(0.0, 0.0) is None or not len(cells.combined):
        raise AnalysisError(
            expected=f"a control (both doses 0) and combinations of {drugs[0]} and {drugs[1]}",
            found="no control" if cells.at(0.0, 0.0) is None else "no combination",
            do="add them, or fit each drug by itself",
        )
    lacking = sorted(
        {
            f"{name} {dose:g} alone"
            for a, b in cells.doses[cells.combined]
            for name, dose, pair in ((drugs[0], a, (a, 0.0)), (drugs[1], b, (0.0, b)))
            if cells.at(*pair) is None
        }
    )
    if lacking:
        raise AnalysisError(
            expected="each dose of a combination also alone",
            found=f"no animal with {', '.join(lacking)}",
            do="add these groups; for a few fixed ratios over many doses fit a mixture",
        )
    if cells.df < 2 or cells.variance == 0:
        raise AnalysisError(
            expected="several animals a cell, which vary",
            found=f"{cells.df} degrees of freedom within cells, variance {cells.variance:g}",
            do="measure replicates: without them no difference can be judged",
        )


def _direction(cells: _Cells) -> str:
    treated = np.any(cells.doses > 0, axis=1)
    control = cells.means[~treated][0]
    return "down" if np.average(cells.means[treated], weights=cells.sizes[treated]) < control else "up"


def _margins(cells: _Cells) -> tuple[Places, Places, Places, Floats]:
    """Return the places of each combination's control, first drug alone and second alone; the means' covariance."""
    pairs = cells.doses[cells.combined]
    control = np.array([cells.at(0.0, 0.0) for _ in pairs])
    first = np.array([cells.at(float(a), 0.0) for a, _ in pairs])
    second = np.array([cells.at(0.0, float(b)) for _, b in pairs])
    return control, first, second, np.diag(cells.variance / cells.sizes)


def _hsa(cells: _Cells, direction: str) -> _Expectation:
    _, first, second, covariance = _margins(cells)
    better = np.less if direction == "down" else np.greater
    chosen = np.where(better(cells.means[first], cells.means[second]), first, second)
    return _Expectation(
        null="HSA",
        scale="the better of the two drugs alone",
        of=lambda means: means[chosen],
        parameters=cells.means,
        covariance=covariance,
    )


def _additive(cells: _Cells) -> _Expectation:
    control, first, second, covariance = _margins(cells)
    return _Expectation(
        null="response additivity",
        scale="differences from the control, on the outcome's own scale, add up",
        of=lambda means: means[first] + means[second] - means[control],
        parameters=cells.means,
        covariance=covariance,
    )


def _bliss(cells: _Cells, full: float | None, alpha: float, direction: str) -> Surface:
    if full is None:
        reason = "the outcome's value at full effect is not known: say it (--full-effect)"
        return Surface(null="Bliss", scale="", reason=reason)
    control, first, second, covariance = _margins(cells)
    if not np.all((cells.means - full) * np.sign(cells.means[control[0]] - full) > 0):
        return Surface(null="Bliss", scale="", reason=f"a mean is at or beyond the full effect ({full:g})")
    expectation = _Expectation(
        null="Bliss",
        scale=f"the parts left of (control - {full:g}) multiply",
        of=lambda means: full + (means[first] - full) * (means[second] - full) / (means[control] - full),
        parameters=cells.means,
        covariance=covariance,
    )
    return _compare(cells, expectation, alpha, direction)


def _loewe(
    cells: _Cells, doses: Floats, y: Floats, drugs: tuple[str, str], model: str, alpha: float, direction: str
) -> Surface:
    alone = np.any(doses == 0, axis=1)
    arms = Arms(dose=doses[alone].sum(axis=1), arm=(doses[alone][:, 1] > 0).astype(np.int64), y=y[alone])
    short = [name for place, name in enumerate(drugs) if len(np.unique(doses[alone][:, place])) < 4]
    if short:
        reason = f"a curve needs 3 or more doses of {' and of '.join(short)} alone beside the control"
        return Surface(null="Loewe", scale="", reason=reason)
    joint, plateaus = _alone(FORMS[model], arms, drugs, alpha)
    if not joint.fit.determined:
        return Surface(null="Loewe", scale="", reason="these doses do not determine the curves of the drugs alone")
    pairs = cells.doses[cells.combined]
    expectation = _Expectation(
        null="Loewe",
        scale=f"doses of equal effect replace each other; {model} curves with {plateaus}",
        of=lambda theta: loewe_expectation(joint, theta, pairs),
        parameters=joint.fit.estimates,
        covariance=joint.fit.covariance,
    )
    return _compare(cells, expectation, alpha, direction)


def _alone(form: Form, arms: Arms, drugs: tuple[str, str], alpha: float) -> tuple[Joint, str]:
    """Fit the drugs alone, with shared plateaus unless the data speak against that."""
    shared = fit_joint(form, arms, drugs)
    if form.name == "ll4" and len(arms.y) > 8:
        own = fit_joint_own(shared, drugs)
        if own.fit.determined and f_test("", shared.fit.rss, 1, own.fit.rss, own.fit.df).p < alpha:
            return own, "a far plateau for each drug"
    return shared, "shared plateaus"


def _compare(cells: _Cells, expectation: _Expectation, alpha: float, direction: str) -> Surface:
    """Compare every combination with its expectation, from a numerical gradient of the expectation."""
    at = cells.combined
    expected = expectation.of(expectation.parameters)
    gradient = _gradient(expectation)
    own = np.diag(cells.variance / cells.sizes[at])
    covariance = gradient @ expectation.covariance @ gradient.T + own
    difference = cells.means[at] - expected
    se = np.sqrt(np.diag(covariance))
    p = 2 * stats.t.sf(np.abs(difference) / se, cells.df)
    reach = float(stats.t.ppf(0.975, cells.df)) * se
    rows = tuple(
        CombinedCell(
            doses=(float(cells.doses[cell, 0]), float(cells.doses[cell, 1])),
            n=int(cells.sizes[cell]),
            observed=float(cells.means[cell]),
            expected=float(expected[row]),
            difference=float(difference[row]),
            ci95=(float(difference[row] - reach[row]), float(difference[row] + reach[row])),
            p=float(p[row]),
            p_adjusted=adjusted,
        )
        for row, (cell, adjusted) in enumerate(zip(at, adjust(p, "holm").tolist(), strict=True))
    )
    f = float(difference @ np.linalg.solve(covariance, difference)) / len(at)
    test = FTest(
        asks=f"does any combination leave {expectation.null}?",
        f=f,
        df=len(at),
        df_error=cells.df,
        p=float(stats.f.sf(f, len(at), cells.df)),
    )
    verdict = _verdict(rows, test, alpha, direction)
    return Surface(null=expectation.null, scale=expectation.scale, cells=rows, test=test, verdict=verdict)


def _gradient(expectation: _Expectation) -> Floats:
    columns = []
    for place, value in enumerate(expectation.parameters):
        step = np.zeros(len(expectation.parameters))
        step[place] = _DIFFERENCE * max(abs(value), float(np.sqrt(expectation.covariance[place, place])))
        ahead, behind = expectation.of(expectation.parameters + step), expectation.of(expectation.parameters - step)
        columns.append((ahead - behind) / (2 * step[place]))
    return np.column_stack(columns)


def _verdict(rows: Sequence[CombinedCell], test: FTest, alpha: float, direction: str) -> str:
    sign = -1 if direction == "down" else 1
    told = {np.sign(row.difference) * sign for row in rows if row.p_adjusted < alpha}
    if not told and test.p < alpha:
        told = {np.sign(sum(row.difference for row in rows)) * sign}
    if len(told) > 1:
        return "both"
    return {1: "more", -1: "less"}.get(int(next(iter(told), 0)), "not shown")


def _says(surfaces: Sequence[Surface], drugs: tuple[str, str]) -> Iterator[str]:
    words = {
        "more": "more effect than expected (synergy in this sense)",
        "less": "less effect than expected (antagonism in this sense)",
        "both": "more than expected at some doses, less at others",
        "not shown": "no departure is shown (which is not a proof that there is none)",
    }
    for one in surfaces:
        if one.test is None:
            yield f"{one.null}: not judged, {one.reason}."
        else:
            yield f"{one.null} ({one.scale}): {words[one.verdict]}; any departure: P = {one.test.p:.3g}."
    verdicts = {one.verdict for one in surfaces if one.verdict}
    if len(verdicts) > 1:
        yield (
            f"The expectations disagree about {drugs[0]} and {drugs[1]}: each answers another question, and the plan"
            " must have named the one that counts."
        )
