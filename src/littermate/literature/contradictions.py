"""Contradictions: every rule on a paper's numbers, gathered from the topics, and the one function that runs them.

A new rule is one decorated function in a topic file of `littermate.literature.rules`; a new topic is one more module
in `TOPICS`. A false alarm costs more than a miss: a rule speaks only where the words leave one reading.
"""

from __future__ import annotations

from littermate.literature.design_clues import clues
from littermate.literature.rules import error_df, group_sizes, means, percentages, same_quantity, wording
from littermate.literature.rules.rule import AuditFacts, AuditRule
from littermate.model.audit import AuditFinding, DfInference, PrintedDesign
from littermate.model.finding import most_important_first
from littermate.model.paper import Paper
from littermate.model.reported_test import RecomputedTest

__all__ = ["TOPICS", "all_rules", "find_contradictions", "rules_section"]

TOPICS = (error_df, group_sizes, percentages, means, same_quantity, wording)


def all_rules() -> tuple[AuditRule, ...]:
    """Return every rule, topic by topic, in the order in which they are written.

    Examples
    --------
    >>> all_rules()[0].id
    'error-df-impossible'
    """
    return tuple(one for topic in TOPICS for one in vars(topic).values() if isinstance(one, AuditRule))


def find_contradictions(
    paper: Paper,
    tests: tuple[RecomputedTest, ...],
    designs: tuple[PrintedDesign, ...],
    df_inference: tuple[DfInference, ...] = (),
) -> tuple[AuditFinding, ...]:
    """Say what else the numbers of a paper show: critical first, then warnings, then notes.

    Parameters
    ----------
    paper, tests
        The text and its printed tests, recomputed.
    designs
        As given or as found; a design given by the reader is trusted, one found in the text only where it is alone.
    df_inference
        Which error degrees of freedom make the printed P right, where that was worked out.
    """
    facts = AuditFacts(paper=paper, tests=tests, designs=designs, df_inference=df_inference, clues=clues(paper))
    return most_important_first(finding for one in all_rules() for finding in one(facts))


def rules_section() -> str:
    """Write the list of rules of docs/audit.md: one line in bold a rule, its importance, what it means."""
    return (
        "\n".join(f"- **`{one.id}`** ({one.importance}). {' '.join(one.meaning.split())}" for one in all_rules()) + "\n"
    )
