"""The ANOVA-type statistic (ATS) of Brunner, Dette and Munk: factorial designs with unequal variances, or on ranks.

With the cells' means m, sizes n_i (N in all), V = diag(N s_i^2 / n_i), an effect's projection T of the means (equal
diagonal) with diagonal D, and L = diag(1 / (n_i - 1))::

    F = N m' T m / tr(T V);  df = tr(T V)^2 / tr(T V T V);  df_error = tr(D V)^2 / tr(D^2 V^2 L)

(Brunner, Dette and Munk 1997, *J Am Stat Assoc* 92:1494; Box's approximation). With one numerator degree of freedom it
is Welch's t squared. It stays near its size in small samples, where the Wald statistic does not.

On **ranks** the values are replaced by their mid-ranks among all units (Akritas, Arnold and Brunner 1997, *J Am Stat
Assoc* 92:258): the hypotheses are then about distributions, not means. Ranks weigh cells by their sizes;
**pseudo-ranks** (Brunner, Konietschke, Bathke and Puri 2021) weigh cells alike, and are the same where all cells are of
one size.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.robust import RobustAnova, RobustEffect
from littermate.stats.crossed import CrossedCells, crossed_cells
from littermate.stats.formula import Term
from littermate.stats.planned import PlannedModel
from littermate.stats.results import FTest, f_test
from littermate.stats.table import Floats

__all__ = ["ats", "pseudo_ranks", "relative_effects"]

_WORDS = {
    "values": ("ATS", "means, each cell with its own variance (Brunner, Dette and Munk 1997)"),
    "ranks": ("rank ATS", "mid-ranks (Akritas, Arnold and Brunner 1997)"),
    "pseudo-ranks": ("pseudo-rank ATS", "pseudo-ranks, cells weighed alike (Brunner et al. 2021)"),
}


def ats(model: PlannedModel, *, on: str = "values") -> RobustAnova:
    """Test every effect of a factorial design by the ANOVA-type statistic.

    Parameters
    ----------
    on
        ``"values"``, ``"ranks"`` or ``"pseudo-ranks"``.

    Raises
    ------
    UsageError
        If `on` is none of them.
    AnalysisError
        If the plan has blocks or covariates, a cell has fewer than two units, or no cell has any spread.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 3, 6, 9), factors={"a": "xxxyyy"}, units="123456")
    >>> effect = ats(planned_model(table, Plan(outcome="y", factors=("a",)))).effect("a")
    >>> round(effect.f, 4), round(effect.df, 4), round(effect.df_error, 4)  # Welch's t squared
    (4.8, 1.0, 2.439)
    """
    if on not in _WORDS:
        raise UsageError(expected=f"one of {', '.join(_WORDS)}", found=on, do="choose one of them")
    method, words = _WORDS[on]
    crossed = crossed_cells(model, what=f"the {method}")
    scores = _scores(crossed, on)
    effects = []
    for term in crossed.terms:
        test = _statistic(crossed, scores, term)
        effects.append(RobustEffect(term=":".join(term), f=test.f, df=test.df, df_error=test.df_error, p=test.p))
    return RobustAnova(
        method=method, words=f"ANOVA-type statistic on {words}, Box's degrees of freedom.", effects=tuple(effects)
    )


def relative_effects(model: PlannedModel) -> dict[tuple[str, ...], float]:
    """Return each cell's chance that a unit of it has a higher value than a unit drawn from all (ties count half).

    Raises
    ------
    AnalysisError
        As `ats`.
    """
    crossed = crossed_cells(model, what="relative effects")
    ranks = _scores(crossed, "ranks")
    n = len(ranks)
    return {label: float((ranks[at].mean() - 0.5) / n) for label, at in zip(crossed.labels, crossed.rows, strict=True)}


def pseudo_ranks(cells: list[Floats], values: Floats) -> Floats:
    """Return 1/2 + N times the mean, over cells, of the share of a cell below a value (ties count half).

    Examples
    --------
    >>> pseudo_ranks([np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    total = sum(map(len, cells))
    shares = []
    for cell in cells:
        ordered = np.sort(cell)
        below, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
        shares.append((below + upto) / (2 * len(cell)))
    found: Floats = 0.5 + total * np.mean(shares, axis=0)
    return found


def _scores(crossed: CrossedCells, on: str) -> Floats:
    if on == "ranks":
        return np.asarray(stats.rankdata(crossed.values))
    return crossed.values if on == "values" else pseudo_ranks(crossed.cells, crossed.values)


def _statistic(crossed: CrossedCells, scores: Floats, term: Term) -> FTest:
    cells = [scores[rows] for rows in crossed.rows]
    sizes = np.array([len(cell) for cell in cells])
    total = len(scores)
    variances = np.array([cell.var(ddof=1) for cell in cells]) * total / sizes
    if not variances.any():
        raise AnalysisError(
            expected="cells whose units differ",
            found="one value in each cell",
            do="check the measurement; there is no spread to compare with",
        )
    projection = crossed.projection(term)
    # centred first: the projection takes the mean off anyway, and digits of a far mean with it
    means = np.array([cell.mean() for cell in cells])
    means -= means.mean()
    spread = float(np.diag(projection) @ variances)
    both = float(np.sum(projection * projection.T * np.outer(variances, variances)))
    df_error = spread**2 / float(np.diag(projection) ** 2 @ (variances**2 / (sizes - 1)))
    return f_test(total * float(means @ projection @ means) / spread, spread**2 / both, df_error)
