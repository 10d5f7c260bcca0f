"""Robust forms by their names: what ``--robust`` and a plan's sensitivity analyses choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from littermate.errors import UsageError
from littermate.model.robust import RobustAnova
from littermate.stats.aligned_ranks import aligned_ranks
from littermate.stats.ats import ats
from littermate.stats.coefficients import KINDS
from littermate.stats.heteroscedastic import robust_anova
from littermate.stats.planned import PlannedModel
from littermate.stats.welch import welch_james

__all__ = ["ROBUST_FORMS", "robust_form"]

ROBUST_FORMS: Mapping[str, Callable[[PlannedModel], RobustAnova]] = {
    **{kind: partial(robust_anova, kind=kind) for kind in KINDS},
    "welch": welch_james,
    "ats": ats,
    "rank-ats": partial(ats, on="ranks"),
    "pseudo-rank-ats": partial(ats, on="pseudo-ranks"),
    "aligned-ranks": aligned_ranks,
}


def robust_form(model: PlannedModel, name: str) -> RobustAnova:
    """Test the effects of a plan by the form of this name.

    Raises
    ------
    UsageError
        If there is none.
    AnalysisError
        If the data cannot answer it.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 3, 6, 9), factors={"a": "xxxyyy"}, units="123456")
    >>> robust_form(planned_model(table, Plan(outcome="y", factors=("a",))), "rank-ats").method
    'rank ATS'
    """
    if name not in ROBUST_FORMS:
        raise UsageError(expected=f"one of {', '.join(ROBUST_FORMS)}", found=name, do="choose one of them")
    return ROBUST_FORMS[name](model)
