"""Joint curves: several arms of one experiment (drugs, mixtures) fitted together, with plateaus in common.

Every arm has its own slope b and position e. Plateaus c and d are shared, or each arm has its own on the far side and
only that of the control is shared. Animals without any drug belong to every arm. All parameters stand in one vector,
and `Joint.places` says where each arm's are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from littermate.errors import AnalysisError
from littermate.stats.dose_curves import Form, log_effective_dose
from littermate.stats.nonlinear import NonlinearFit, Problem, solve_from

__all__ = ["Arms", "Joint", "fit_joint", "fit_joint_own"]

Floats = NDArray[np.float64]

_SLOPES, _POSITIONS = (0.8, 1.5, 3.0), 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """What is fitted: total dose, arm (a whole number) and outcome of each animal, shape (n,); control has dose 0."""

    dose: Floats
    arm: NDArray[np.int64]
    y: Floats

    @property
    def count(self) -> int:
        """How many arms there are."""
        return int(self.arm.max()) + 1

    def given(self, arm: int) -> Floats:
        """Return the doses above 0 of an arm."""
        return np.asarray(self.dose[(self.arm == arm) & (self.dose > 0)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joint:
    """Arms with a form, and the place of each arm's parameters in the vector of all; a fit once there is one."""

    form: Form
    arms: Arms
    places: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    fit: NonlinearFit

    def arm_parameters(self, arm: int, theta: Floats | None = None) -> Floats:
        """Return the parameters of one arm."""
        return np.asarray((self.fit.estimates if theta is None else theta)[list(self.places[arm])], dtype=np.float64)

    def log_dose(self, arm: int, percent: float, theta: Floats | None = None) -> tuple[float, Floats]:
        """Return the log of an arm's effective dose, and its gradient by all parameters."""
        value, by_own = log_effective_dose(self.form, self.arm_parameters(arm, theta), percent)
        gradient = np.zeros(len(self.fit.estimates if theta is None else theta))
        gradient[list(self.places[arm])] = by_own
        return value, gradient

    def response(self, theta: Floats) -> Floats:
        """Return the expected outcome of each animal."""
        y = np.empty_like(self.arms.y)
        for arm in range(self.arms.count):
            own = self.arms.arm == arm
            y[own] = self.form.response(self.arms.dose[own], self.arm_parameters(arm, theta))
        return y

    def jacobian(self, theta: Floats) -> Floats:
        """Return its derivatives, shape (n, p)."""
        full = np.zeros((len(self.arms.y), len(theta)))
        for arm in range(self.arms.count):
            own = np.flatnonzero(self.arms.arm == arm)
            by_own = self.form.jacobian(self.arms.dose[own], self.arm_parameters(arm, theta))
            full[own[:, None], np.array(self.places[arm])] += by_own
        return full

    @property
    def problem(self) -> Problem:
        """The least-squares problem of all arms."""
        return Problem(
            residuals=lambda theta: self.arms.y - self.response(theta), jacobian=lambda theta: -self.jacobian(theta)
        )

    def at_control(self, theta: Floats) -> float:
        """Return the outcome without any drug."""
        return float(self.form.response(np.zeros(1), self.arm_parameters(0, theta))[0])

    @property
    def falls(self) -> bool:
        """Whether the outcome falls from the control (b above 0)."""
        return bool(self.fit.estimates[self.places[0][0]] > 0)


def fit_joint(form: Form, arms: Arms, names: Sequence[str]) -> Joint:
    """Fit arms with shared plateaus.

    Parameters
    ----------
    form
        ``ll3`` or ``ll4``.
    arms
        What is fitted.
    names
        Of the arms, for the names of parameters.

    Raises
    ------
    AnalysisError
        If there are fewer than two doses of an arm, or no more animals than parameters.
    """
    _require_arms(arms, names, len(form.free) - 2 + 2 * arms.count)
    plateaus = len(form.free) - 2
    places = tuple((plateaus + 2 * arm, *range(plateaus), plateaus + 2 * arm + 1) for arm in range(arms.count))
    labels = (*form.names[1:-1], *(f"{letter} {name}" for name in names for letter in "be"))
    joint = Joint(form=form, arms=arms, places=places, names=labels, fit=_unfitted(len(labels)))
    return _fitted(joint, list(_starts(joint)))


def fit_joint_own(shared: Joint, names: Sequence[str]) -> Joint:
    """Fit arms that share the control's plateau alone, each having its own on the far side (``ll4`` only)."""
    count, far = shared.arms.count, 1 if shared.falls else 2
    places = []
    for arm in range(count):
        own = [1 + 3 * arm, 0, 0, 3 + 3 * arm]
        own[far] = 2 + 3 * arm
        places.append(tuple(own))
    near, letter = ("d", "c") if shared.falls else ("c", "d")
    labels = (near, *(f"{one} {name}" for name in names for one in ("b", letter, "e")))
    start = np.zeros(len(labels))
    for arm in range(count):
        start[list(places[arm])] = shared.arm_parameters(arm)
    joint = Joint(form=shared.form, arms=shared.arms, places=tuple(places), names=labels, fit=_unfitted(len(labels)))
    return _fitted(joint, [start])


def _unfitted(count: int) -> NonlinearFit:
    return NonlinearFit(estimates=np.zeros(count), covariance=np.full((count, count), np.inf), rss=np.inf, df=0)


def _fitted(joint: Joint, starts: Sequence[Floats]) -> Joint:
    """Fit from the starts; all arms must go the same way."""
    fit = solve_from(joint.problem, starts, len(joint.arms.y), observed=True)
    slopes = fit.estimates[[places[0] for places in joint.places]]
    if len(set(np.sign(slopes).tolist())) > 1:
        raise AnalysisError(
            expected="drugs and mixtures that all move the outcome the same way",
            found="arms whose curves go different ways",
            do="doses of equal effect cannot be compared; look at each drug alone first",
        )
    return replace(joint, fit=fit)


def _starts(joint: Joint) -> Iterator[Floats]:
    """Yield a start for each of some slopes up and down: plateaus at the extremes, each position by its own arm."""
    arms, plateaus = joint.arms, len(joint.form.free) - 2
    low, high = _extremes(arms)
    for sign in (1, -1):
        for slope in _SLOPES:
            theta = np.empty(len(joint.names))
            theta[:plateaus] = (low, high)[2 - plateaus :]
            for arm in range(arms.count):
                theta[list(joint.places[arm])] = _positioned(joint, arm, theta[:plateaus], sign * slope)
            yield theta


def _positioned(joint: Joint, arm: int, plateaus: Floats, slope: float) -> Floats:
    given = np.log(joint.arms.given(arm))
    own = joint.arms.arm == arm
    tried = [
        np.array([slope, *plateaus, position]) for position in np.linspace(given.min() - 2, given.max() + 2, _POSITIONS)
    ]
    return min(
        tried,
        key=lambda theta: float(np.sum((joint.arms.y[own] - joint.form.response(joint.arms.dose[own], theta)) ** 2)),
    )


def _extremes(arms: Arms) -> tuple[float, float]:
    """Return the lowest and the highest mean of a dose."""
    keys = np.column_stack([arms.arm, arms.dose])
    _, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.ravel()
    means = np.bincount(place, weights=arms.y) / np.bincount(place)
    return float(means.min()), float(means.max())


def _require_arms(arms: Arms, names: Sequence[str], needed: int) -> None:
    for arm, name in enumerate(names):
        doses = np.unique(arms.given(arm))
        if len(doses) < 2:
            raise AnalysisError(
                expected=f"two or more doses above 0 of {name}",
                found=", ".join(f"{dose:g}" for dose in doses) or "none",
                do="a curve needs several doses of each drug alone and of each mixture",
            )
    if len(arms.y) <= needed:
        raise AnalysisError(
            expected=f"more than {needed} animals, one a parameter", found=f"{len(arms.y)}", do="measure more animals"
        )
