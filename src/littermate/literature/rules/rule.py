"""Rule: one question to a paper's numbers.

The function takes `AuditFacts` and yields pairs (message, places). Its docstring is the text of docs/audit.md: a
first line that says what is found, and a paragraph that says why it matters, and when it is innocent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from littermate.literature.design_clues import Clue, experiment_of, is_of_other_studies
from littermate.model.audit import AuditFinding, DfInference, PrintedDesign
from littermate.model.paper import Paper, Sentence
from littermate.model.question import Question, question
from littermate.model.reported_test import RecomputedTest

__all__ = ["AuditFacts", "AuditRule", "Place", "Remarks", "rule"]

Place = tuple[int, int]
Remarks = Iterator[tuple[str, tuple[Place, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFacts:
    """What a rule may look at: the text, its tests, designs and their clues, and which df fit the printed P."""

    paper: Paper
    tests: tuple[RecomputedTest, ...] = ()
    designs: tuple[PrintedDesign, ...] = ()
    df_inference: tuple[DfInference, ...] = ()
    clues: tuple[Clue, ...] = ()

    @property
    def design(self) -> PrintedDesign | None:
        """The design to hold numbers against: the one given by the reader, or the only one the text leaves."""
        if self._is_given:
            return next(one for one in self.designs if one.source == "given")
        return self.designs[0] if len(self.designs) == 1 else None

    @property
    def own_tests(self) -> tuple[RecomputedTest, ...]:
        """The tests of this study: those of an introduction, a discussion or another study are left out."""
        sentences = ((one, self.paper.sentence_at(one.reported.place[0])) for one in self.tests)
        return tuple(one for one, sentence in sentences if sentence is None or not is_of_other_studies(sentence))

    def design_of(self, test: RecomputedTest) -> PrintedDesign | None:
        """Return the design a test is held against: that of the paper, or of the experiment that is named with it."""
        named = experiment_of(self.paper.sentence_at(test.reported.place[0]))
        same = [one for one in self.designs if named and one.experiment == named]
        return same[0] if len(same) == 1 and not self._is_given else self.design

    @property
    def _is_given(self) -> bool:
        return any(one.source == "given" for one in self.designs)

    def tests_by_sentence(self) -> Iterator[tuple[Sentence, list[RecomputedTest]]]:
        """Yield the sentences with tests, each with its tests."""
        found: dict[Sentence, list[RecomputedTest]] = {}
        for one in self.tests:
            sentence = self.paper.sentence_at(one.reported.place[0])
            if sentence is not None:
                found.setdefault(sentence, []).append(one)
        yield from found.items()

    @property
    def per_group(self) -> int | None:
        """Animals of each group of the design, where all its groups are said to be equal."""
        if self.design is None:
            return None
        sizes = {one.per_group for one in self.designs if one.n == self.design.n and one.per_group}
        size = sizes.pop() if len(sizes) == 1 else None
        equal = size is not None and self.design.n == math.prod(self.design.levels) * size
        return size if equal else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRule(Question):
    """A registered rule; call it with the facts to get its findings."""

    def __call__(self, facts: AuditFacts) -> tuple[AuditFinding, ...]:
        """Return what this rule finds."""
        return tuple(
            AuditFinding(id=self.id, importance=self.importance, message=message, places=places)
            for message, places in self.look(facts)
        )


def rule(rule_id: str, importance: str) -> Callable[[Callable[[AuditFacts], Remarks]], AuditRule]:
    """Make a rule of a function.

    Examples
    --------
    >>> @rule("no-tests", "note")
    ... def no_tests(facts):
    ...     '''No test was found.'''
    ...     if not facts.tests:
    ...         yield "no test was found", ()
    >>> no_tests.id
    'no-tests'
    """
    return question(AuditRule, rule_id, importance)
