"""The texts for a manuscript, plain: what the page says of the results and the methods, to be pasted.

UTF-8 text without markup; a heading stands on a line of its own, paragraphs are one line each. They are made of the
same sentences as the page, so that neither can say another number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from littermate.model.analysis import Analysis
from littermate.model.comparison import AdjustedFamily
from littermate.report.content import ReportContent
from littermate.report.flow import losses_of, losses_sentences
from littermate.report.methods import methods_sections
from littermate.report.numbers import p_text
from littermate.report.results import outcome_sentences
from littermate.report.wording import axis_label, listed, moment, sentence

__all__ = ["analysis_sentences", "methods_text", "results_text"]


def analysis_sentences(content: ReportContent, analysis: Analysis) -> tuple[str, ...]:
    """Write all that is said of one outcome: what was found, whose value is not in it, how the table was read."""
    return (
        *outcome_sentences(analysis),
        *losses_sentences(analysis, losses_of(content, analysis)),
        *map(sentence, analysis.notes),
    )


def results_text(content: ReportContent) -> str:
    """Return the results as plain text."""
    blocks = [_heading(content, "Results")]
    blocks += [_block(_name(content, one), analysis_sentences(content, one)) for one in content.analyses]
    if content.families:
        blocks.append(_block("Families of outcomes", _families(content.families)))
    return "\n\n".join(blocks) + "\n"


def methods_text(content: ReportContent) -> str:
    """Return the methods as plain text, the rule sets in full after them."""
    sections = methods_sections(content)
    blocks = [_block(one.heading, (" ".join(one.sentences),)) for one in sections]
    blocks += [_block(f"Rules: {one.name} {one.hash}", (" ".join(map(sentence, one.words)),)) for one in content.rules]
    return "\n\n".join([_heading(content, "Methods"), *blocks]) + "\n"


def _heading(content: ReportContent, what: str) -> str:
    simulated = "SIMULATED DATA. " if content.simulated else ""
    made = f"Written by Littermate {content.version} on {moment(content.made_at)}"
    return f"{what}: {content.protocol.title}\n{simulated}{made} from the record of {content.protocol.name}."


def _block(heading: str, paragraphs: Iterable[str]) -> str:
    return "\n".join((heading, *paragraphs))


def _name(content: ReportContent, analysis: Analysis) -> str:
    outcome = content.protocol.outcome(analysis.plan.outcome)
    rank = "primary" if outcome.primary else "secondary"
    return f"{axis_label(outcome.name, outcome.unit)}, {rank} outcome"


def _families(families: Iterable[tuple[str, AdjustedFamily]]) -> Iterator[str]:
    for name, family in families:
        tests = zip(family.names, family.p, family.p_adjusted, strict=True)
        told = listed(f"{test} {p_text(p)}, {p_text(adjusted, name='adjusted p')}" for test, p, adjusted in tests)
        yield f"{sentence(f'{name} ({family.words})')[:-1]}: {told}."
