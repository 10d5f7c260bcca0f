"""Isoboles: where the ED50 of a mixture lies, given those of its two drugs.

With t1 = share / e1 and t2 = (1 - share) / e2, the parts of an ED50 that a unit of the mixture holds (Sørensen et al.
2007, *Environ Ecol Stat* 14:383):

=======  =============================================================  ===========================================
Loewe    1/e = t1 + t2                                                  additivity of doses
Hewlett  1/e = (t1^(1/lambda) + t2^(1/lambda))^lambda                   one bend; lambda = 1 is additivity
Voelund  1/e = t1^k1 (t1 + t2)^(1 - k1) + t2^k2 (t1 + t2)^(1 - k2)      a bend for each drug; k1 = k2 = 1
=======  =============================================================  ===========================================

lambda above 1, or k below 1: the mixtures need less than additivity says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from littermate.model.combination import Isobole
from littermate.model.dose_response import CurveParameter
from littermate.stats.dose_response import f_test
from littermate.stats.joint_curves import Joint
from littermate.stats.nonlinear import NonlinearFit, Problem, solve_from

__all__ = ["fit_isoboles"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bend:
    """One isobole: (t1, t2, shape) to log(1/e) and its derivatives by log t1, log t2 and the shape."""

    name: str
    formula: str
    shape: tuple[str, ...]
    potency: Callable[[float, float, Floats], tuple[float, list[float]]]


def _loewe(t1: float, t2: float, _: Floats) -> tuple[float, list[float]]:
    total = t1 + t2
    return float(np.log(total)), [t1 / total, t2 / total]


def _hewlett(t1: float, t2: float, shape: Floats) -> tuple[float, list[float]]:
    k = 1 / float(shape[0])
    a, b = t1**k, t2**k
    q = a + b
    by_k = (a * np.log(t1) + b * np.log(t2)) / (k * q) - np.log(q) / k**2
    return float(np.log(q) / k), [a / q, b / q, float(-by_k * k**2)]


def _voelund(t1: float, t2: float, shape: Floats) -> tuple[float, list[float]]:
    k1, k2 = shape.tolist()
    total = t1 + t2
    w1, w2 = t1 / total, t2 / total
    a, b = t1 * w1 ** (k1 - 1), t2 * w2 ** (k2 - 1)
    by_t1 = a * (k1 + (1 - k1) * w1) + b * (1 - k2) * w1
    by_t2 = b * (k2 + (1 - k2) * w2) + a * (1 - k1) * w2
    gradient = np.array([by_t1, by_t2, a * np.log(w1), b * np.log(w2)]) / (a + b)
    return float(np.log(a + b)), gradient.tolist()


_BENDS = (
    _Bend(name="Loewe", formula="a/A + b/B = 1", shape=(), potency=_loewe),
    _Bend(name="Hewlett", formula="(a/A)^(1/lambda) + (b/B)^(1/lambda) = 1", shape=("lambda",), potency=_hewlett),
    _Bend(
        name="Voelund",
        formula="t1^k1 (t1+t2)^(1-k1) + t2^k2 (t1+t2)^(1-k2) = 1, t1 = a/A, t2 = b/B",
        shape=("k1", "k2"),
        potency=_voelund,
    ),
)


def fit_isoboles(free: Joint, shares: Sequence[float]) -> tuple[Isobole, ...]:
    """Fit every isobole that has no more parameters than there are mixtures.

    Parameters
    ----------
    free
        The arms fitted with shared plateaus and a position each.
    shares
        Of the first drug in each arm: 1, 0 and at least one between.
    """
    mixtures = sum(0 < share < 1 for share in shares)
    return tuple(_fit(free, shares, bend) for bend in _BENDS if len(bend.shape) <= mixtures)


def _fit(free: Joint, shares: Sequence[float], bend: _Bend) -> Isobole:
    first, second = shares.index(1.0), shares.index(0.0)
    mixtures = [arm for arm, share in enumerate(shares) if 0 < share < 1]
    moved = [free.places[arm][-1] for arm in mixtures]
    kept = [place for place in range(len(free.names)) if place not in moved]
    ends = [kept.index(free.places[arm][-1]) for arm in (first, second)]

    def whole(phi: Floats) -> tuple[Floats, Floats]:
        """Return the parameters of all arms, and their derivatives by the isobole's."""
        theta, by_phi = np.zeros(len(free.names)), np.zeros((len(free.names), len(phi)))
        theta[kept] = phi[: len(kept)]
        by_phi[kept, range(len(kept))] = 1.0
        columns = [*ends, *range(len(kept), len(phi))]
        for arm, place in zip(mixtures, moved, strict=True):
            t1, t2 = shares[arm] * np.exp(-phi[ends[0]]), (1 - shares[arm]) * np.exp(-phi[ends[1]])
            potency, gradient = bend.potency(float(t1), float(t2), phi[len(kept) :])
            theta[place] = -potency
            by_phi[place, columns] = np.array(gradient) * [1, 1, *[-1] * len(bend.shape)]
        return theta, by_phi

    def jacobian(phi: Floats) -> Floats:
        theta, by_phi = whole(phi)
        return np.asarray(-free.jacobian(theta) @ by_phi, dtype=np.float64)

    problem = Problem(residuals=lambda phi: free.arms.y - free.response(whole(phi)[0]), jacobian=jacobian)
    start = np.append(free.fit.estimates[kept], np.ones(len(bend.shape)))
    fit = solve_from(problem, [start], len(free.arms.y), observed=True)
    return _isobole(free, bend, fit, len(mixtures))


def _isobole(free: Joint, bend: _Bend, fit: NonlinearFit, mixtures: int) -> Isobole:
    reach = float(stats.t.ppf(0.975, fit.df))
    own = len(fit.estimates) - len(bend.shape)
    shape = [
        CurveParameter(
            name=name,
            estimate=value,
            se=se if np.isfinite(se) else None,
            ci95=(value - reach * se, value + reach * se) if np.isfinite(se) else None,
        )
        for name, value, se in zip(bend.shape, fit.estimates[own:].tolist(), fit.se[own:].tolist(), strict=True)
    ]
    df = mixtures - len(bend.shape)
    asks = f"do the mixtures leave the {bend.name} isobole?"
    return Isobole(
        name=bend.name,
        formula=bend.formula,
        rss=fit.rss,
        df=fit.df,
        shape=tuple(shape),
        against_free=f_test(asks, fit.rss, df, free.fit.rss, free.fit.df) if df > 0 else None,
    )
