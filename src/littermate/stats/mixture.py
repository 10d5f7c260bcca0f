"""Mixtures of two drugs at fixed ratios: curves, interaction index, isobole.

All arms (each drug alone, each mixture over its total dose) are fitted together with shared plateaus. At a level of
effect where the drugs alone need doses A and B and the mixture needs a + b, the interaction index is a/A + b/B: 1 is
Loewe additivity, less is synergy (Berenbaum 1977; Tallarida 2000, *Drug Synergism and Dose-Effect Data Analysis*). Its
interval is the delta method's on the logarithm (Lee and Kong 2009, *Stat Biopharm Res* 1:4), with Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.combination import InteractionIndex, Mixture, MixtureArm
from littermate.model.dose_response import CurveParameter, FTest
from littermate.stats.dose_curves import FORMS
from littermate.stats.dose_response import PERCENTS, f_test, require_doses
from littermate.stats.isoboles import fit_isoboles
from littermate.stats.joint_curves import Arms, Joint, fit_joint, fit_joint_own
from littermate.stats.table import Table

__all__ = ["fit_mixture", "shares_of"]

Floats = NDArray[np.float64]

_SAME = 1e-6
_WIDEST = 1e3
"""An effective dose whose interval spans more than this factor is not known."""
_LINE, _ISOBOLE = 100, 41


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Logged:
    """The logarithm of a dose (or of an index), and its gradient by all parameters."""

    value: float
    gradient: Floats

    def se(self, joint: Joint) -> float:
        return math.sqrt(float(self.gradient @ joint.fit.covariance @ self.gradient))

    def interval(self, joint: Joint) -> tuple[float, float]:
        reach = float(stats.t.ppf(0.975, joint.fit.df)) * self.se(joint)
        return math.exp(self.value - reach), math.exp(min(self.value + reach, 700.0))


def shares_of(first: Floats, second: Floats) -> tuple[float, ...]:
    """Return the shares of the first drug that occur among animals with any drug, in falling order.

    Examples
    --------
    >>> shares_of(np.array([0, 3, 6, 0, 1.5, 3]), np.array([0, 0, 0, 50, 25, 50]))
    (1.0, 0.05660377358490566, 0.0)
    """
    total = first + second
    found: list[float] = []
    for share in sorted((first[total > 0] / total[total > 0]).tolist(), reverse=True):
        if not found or abs(found[-1] - share) > _SAME * max(found[-1], 1e-3):
            found.append(share)
    return tuple(found)


def fit_mixture(
    table: Table,
    drugs: tuple[str, str],
    *,
    model: str = "ll4",
    percents: Sequence[float] = PERCENTS,
    alpha: float = 0.05,
) -> Mixture:
    """Fit the arms of a fixed-ratio experiment together.

    Parameters
    ----------
    table
        One row an animal; the doses of both drugs are its covariates.
    drugs
        Their names.
    model
        ``"ll3"`` (lower plateau 0) or ``"ll4"``.
    percents
        Levels of effect for the interaction indices.
    alpha
        For what is called shown in the words.

    Raises
    ------
    UsageError
        If the model is neither.
    TableError
        If a dose is negative.
    AnalysisError
        If a drug alone or a mixture is missing, or has fewer than two doses.
    """
    if model not in ("ll3", "ll4"):
        raise UsageError(expected="ll3 or ll4 for mixtures", found=model, do="choose one")
    complete = table.complete()
    require_doses(complete, *drugs)
    first, second = (complete.covariates[name] for name in drugs)
    shares = shares_of(first, second)
    _require_shares(shares, drugs)
    names = [_name(share, drugs) for share in shares]
    arms = Arms(dose=first + second, arm=_arm_of(first, second, shares), y=complete.values + table.shift)
    joint = fit_joint(FORMS[model], arms, names)
    known = [percent for percent in percents if not _unknown(joint, names, percent)]
    indices = tuple(_indices(joint, shares, known))
    test = _shared_plateaus(joint, names)
    return Mixture(
        outcome=table.outcome,
        drugs=drugs,
        model=model,
        n=len(arms.y),
        df=joint.fit.df,
        rss=joint.fit.rss,
        residual_sd=joint.fit.residual_sd,
        parameters=tuple(_parameters(joint)),
        arms=tuple(_arm(joint, arm, name, shares[arm], complete.units) for arm, name in enumerate(names)),
        shared_plateaus=test,
        indices=indices,
        isoboles=fit_isoboles(joint, shares),
        additive_ed50=() if _unknown(joint, names, 50.0) else tuple(_additive_ed50(joint, shares)),
        says=tuple(_says(indices, drugs, alpha)),
        missing=table.missing,
        notes=tuple(_notes(joint, indices, test, table.missing, alpha))
        + tuple(filter(None, (_unknown(joint, names, percent) for percent in percents))),
    )


def _require_shares(shares: Sequence[float], drugs: tuple[str, str]) -> None:
    lacking = [f"{name} alone" for name, share in zip(drugs, (1.0, 0.0), strict=True) if share not in shares]
    if lacking or len(shares) < 3:
        raise AnalysisError(
            expected=f"animals with {drugs[0]} alone, with {drugs[1]} alone, and with both",
            found=f"none with {' and none with '.join(lacking or ['both'])}",
            do="a combination can only be judged against each drug alone",
        )


def _arm_of(first: Floats, second: Floats, shares: Sequence[float]) -> NDArray[np.int64]:
    """Return each animal's arm; the controls, who belong to all, are put with the first."""
    total = first + second
    share = np.where(total > 0, first / np.where(total > 0, total, 1.0), 1.0)
    return np.asarray(np.abs(share[:, None] - np.array(shares)).argmin(axis=1), dtype=np.int64)


def _name(share: float, drugs: tuple[str, str]) -> str:
    if share in (0.0, 1.0):
        return drugs[0] if share else drugs[1]
    return f"{drugs[0]} + {drugs[1]} ({100 * share:.3g} % {drugs[0]})"


def _parameters(joint: Joint) -> Iterator[CurveParameter]:
    reach = float(stats.t.ppf(0.975, joint.fit.df))
    for name, value, se in zip(joint.names, joint.fit.estimates.tolist(), joint.fit.se.tolist(), strict=True):
        if name.startswith("e "):
            value, se = math.exp(value), math.exp(value) * se
        known = math.isfinite(se)
        ci = (value - reach * se, value + reach * se) if known else None
        yield CurveParameter(name=name, estimate=value, se=se if known else None, ci95=ci)


def _arm(joint: Joint, arm: int, name: str, share: float, units: Sequence[str]) -> MixtureArm:
    own = (joint.arms.arm == arm) & (joint.arms.dose > 0) | (joint.arms.dose == 0)
    given = joint.arms.given(arm)
    dose = np.geomspace(given.min(), given.max(), _LINE)
    line = joint.form.response(dose, joint.arm_parameters(arm))
    points = [
        (units[row], float(joint.arms.dose[row]), float(joint.arms.y[row])) for row in np.flatnonzero(own).tolist()
    ]
    return MixtureArm(
        name=name, share=share, points=tuple(points), line=tuple(zip(dose.tolist(), line.tolist(), strict=True))
    )


def _shared_plateaus(joint: Joint, names: Sequence[str]) -> FTest | None:
    if joint.form.name != "ll4" or len(joint.arms.y) <= 1 + 3 * joint.arms.count:
        return None
    own = fit_joint_own(joint, names)
    df = len(own.names) - len(joint.names)
    asks = "does each arm need a plateau of its own?"
    return f_test(asks, joint.fit.rss, df, own.fit.rss, own.fit.df)


def _unknown(joint: Joint, names: Sequence[str], percent: float) -> str:
    """Say which arms' doses of this effect the data do not determine; empty if they determine all."""
    if joint.fit.determined:
        unknown = [name for arm, name in enumerate(names) if _spans(_logged(joint, arm, percent).interval(joint))]
    else:
        unknown = ["every arm"]
    if not unknown:
        return ""
    arms = " and of ".join(unknown)
    return (
        f"No interaction index at ED{percent:g}: the data do not determine that dose of {arms} (a drug that"
        " does nothing alone has none). Cross the doses in a matrix and ask against the better drug alone (HSA)."
    )


def _spans(interval: tuple[float, float]) -> bool:
    return interval[0] <= 0 or interval[1] / interval[0] > _WIDEST


def _indices(joint: Joint, shares: Sequence[float], percents: Sequence[float]) -> Iterator[InteractionIndex]:
    first, second = shares.index(1.0), shares.index(0.0)
    for arm, share in enumerate(shares):
        if not 0 < share < 1:
            continue
        for percent in percents:
            yield _index(joint, (first, second, arm), share, percent)


def _index(joint: Joint, arms: tuple[int, int, int], share: float, percent: float) -> InteractionIndex:
    a, b, mixed = (_logged(joint, arm, percent) for arm in arms)
    additive = _additive(a, b, share)
    index = _Logged(value=mixed.value - additive.value, gradient=mixed.gradient - additive.gradient)
    t = abs(index.value) / index.se(joint)
    return InteractionIndex(
        share=share,
        percent=percent,
        index=math.exp(index.value),
        ci95=index.interval(joint),
        p=float(2 * stats.t.sf(t, joint.fit.df)),
        alone=(math.exp(a.value), math.exp(b.value)),
        alone_ci95=(a.interval(joint), b.interval(joint)),
        observed=math.exp(mixed.value),
        observed_ci95=mixed.interval(joint),
        additive=math.exp(additive.value),
        additive_ci95=additive.interval(joint),
        extrapolated=any(_outside(joint, arm, found.value) for arm, found in zip(arms, (a, b, mixed), strict=True)),
    )


def _logged(joint: Joint, arm: int, percent: float) -> _Logged:
    value, gradient = joint.log_dose(arm, percent)
    return _Logged(value=value, gradient=gradient)


def _additive(a: _Logged, b: _Logged, share: float) -> _Logged:
    """Return the total dose of a share that has, by additivity, the effect of a or of b alone."""
    parts = np.array([share * math.exp(-a.value), (1 - share) * math.exp(-b.value)])
    weights = parts / parts.sum()
    return _Logged(value=-math.log(parts.sum()), gradient=weights[0] * a.gradient + weights[1] * b.gradient)


def _additive_ed50(joint: Joint, shares: Sequence[float]) -> Iterator[tuple[float, float, float, float]]:
    """Yield the line of additivity, evenly from the one drug to the other."""
    a, b = (_logged(joint, shares.index(share), 50.0) for share in (1.0, 0.0))
    for part in np.linspace(0, 1, _ISOBOLE):
        amounts = part * math.exp(a.value), (1 - part) * math.exp(b.value)
        share = float(amounts[0] / sum(amounts))
        found = _additive(a, b, share)
        yield (share, math.exp(found.value), *found.interval(joint))


def _outside(joint: Joint, arm: int, log_dose: float) -> bool:
    given = joint.arms.given(arm)
    return not bool(given.min() <= math.exp(log_dose) <= given.max())


def _says(indices: Sequence[InteractionIndex], drugs: tuple[str, str], alpha: float) -> Iterator[str]:
    if not indices:
        yield "Whether the drugs act together more than additively is not shown: the curves are not determined."
    for one in indices:
        verdict = "no departure from Loewe additivity is shown (which is not a proof of additivity)"
        if one.p < alpha:
            verdict = (
                "less is needed than Loewe additivity says: synergy"
                if one.index < 1
                else ("more is needed than Loewe additivity says: antagonism")
            )
        yield (
            f"ED{one.percent:g} of {_name(one.share, drugs)}: interaction index {one.index:.3g}"
            f" [{one.ci95[0]:.3g}, {one.ci95[1]:.3g}], P = {one.p:.3g}: {verdict}."
        )


def _notes(
    joint: Joint, indices: Sequence[InteractionIndex], test: FTest | None, missing: Sequence[str], alpha: float
) -> Iterator[str]:
    if missing:
        yield f"Left out because a value is missing: {', '.join(missing)}."
    if not np.any(joint.arms.dose == 0):
        yield "There is no control (both doses 0)."
    if test is not None and test.p < alpha:
        yield (
            f"The arms do not share their plateaus (P = {test.p:.3g}): an interaction index compares doses of equal"
            " effect, and these curves do not reach equal effects. Doubt it."
        )
    if any(one.extrapolated for one in indices):
        levels = sorted({one.percent for one in indices if one.extrapolated})
        yield f"Extrapolated beyond tested doses: {', '.join(f'ED{level:g}' for level in levels)}."
