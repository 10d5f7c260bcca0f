"""StatedPlan: a planned analysis as the journal states it, so that a later change can be told, and what it was.

The entries ``allocate``, ``unblind``, ``fit``, ``report`` and ``export`` hold, under ``plans``, what study.toml said at
that time: for each outcome, by aspect (``"model"``, ``"outliers"``, ``"primary"``), a text. An aspect of which the plan
says nothing is not there. Entries of older versions hold no plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from littermate.model.journal import Entry
from littermate.model.plan import Plan
from littermate.model.protocol import Protocol

__all__ = ["PlanChange", "StatedPlan", "changes_of", "journal_words", "state_plan", "stated_in", "stated_plans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """One aspect of one outcome's plan that is not what it was; empty text where nothing is said."""

    outcome: str
    aspect: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The change in words.

        Examples
        --------
        >>> PlanChange(outcome="immobility", aspect="outliers", before="", after="mad").words
        'outliers: none, now mad'
        """
        return f"{self.aspect}: {self.before or 'none'}, now {self.after or 'none'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPlan:
    """What is said of the analysis of one outcome: pairs (aspect, text), those that are empty left out."""

    outcome: str
    says: tuple[tuple[str, str], ...]

    def said(self, aspect: str) -> str:
        """Return what is said of an aspect, or an empty text."""
        return dict(self.says).get(aspect, "")


def stated_plans(protocol: Protocol) -> tuple[StatedPlan, ...]:
    """State every planned analysis of a protocol."""
    return tuple(state_plan(plan, protocol) for plan in protocol.plans)


def state_plan(plan: Plan, protocol: Protocol) -> StatedPlan:
    """State one plan, with what the protocol says of its outcome."""
    outcome = {one.name: one for one in protocol.outcomes}.get(plan.outcome)
    smallest = outcome.smallest_effect if outcome else None
    says = {
        "model": plan.formula,
        "type": "I" * plan.type,
        "alpha": f"{plan.alpha:g}",
        "blocks": ", ".join(plan.blocks),
        "covariates": ", ".join(plan.covariates),
        "random": ", ".join(plan.random),
        "contrasts": "; ".join(plan.contrasts),
        "compare": plan.compare,
        "adjust": plan.adjust,
        "scale": plan.scale,
        "outliers": plan.outliers,
        "family": plan.family,
        "primary": "yes" if outcome and outcome.primary else "",
        "smallest effect": "" if smallest is None else f"{smallest:g}",
    }
    return StatedPlan(outcome=plan.outcome, says=tuple((aspect, text) for aspect, text in says.items() if text))


def journal_words(protocol: Protocol) -> dict[str, dict[str, str]]:
    """Return what a journal entry holds of the plans."""
    return {one.outcome: dict(one.says) for one in stated_plans(protocol)}


def stated_in(entry: Entry) -> tuple[StatedPlan, ...] | None:
    """Return the plans that a journal entry states; `None` where it states none, as those of older versions."""
    plans = json.loads(entry.arguments or "{}").get("plans")
    if not isinstance(plans, Mapping):
        return None
    return tuple(StatedPlan(outcome=name, says=tuple(says.items())) for name, says in plans.items())


def changes_of(before: Iterable[StatedPlan], after: Iterable[StatedPlan]) -> tuple[PlanChange, ...]:
    """Return how plans differ from those of another time; a plan that came or went is a change of its model.

    Examples
    --------
    >>> was = StatedPlan(outcome="immobility", says=(("model", "y ~ a"),))
    >>> now = StatedPlan(outcome="immobility", says=(("model", "y ~ a"), ("outliers", "mad")))
    >>> [one.words for one in changes_of([was], [now])]
    ['outliers: none, now mad']
    """
    was, now = ({one.outcome: dict(one.says) for one in plans} for plans in (before, after))
    return tuple(
        PlanChange(outcome=outcome, aspect=aspect, before=old.get(aspect, ""), after=new.get(aspect, ""))
        for outcome in dict.fromkeys((*was, *now))
        for old, new in [(was.get(outcome, {}), now.get(outcome, {}))]
        for aspect in (dict.fromkeys((*old, *new)) if old and new else ["model"])
        if old.get(aspect, "") != new.get(aspect, "")
    )
