"""Papers of a few sentences, their tests recomputed, and what is found in them."""

from littermate.formats.paper.sentences import sentence_places
from littermate.literature.consistency import recompute
from littermate.literature.contradictions import find_contradictions
from littermate.literature.printed_design import find_designs, given_design
from littermate.literature.reading import find_tests
from littermate.model.audit import AuditFinding
from littermate.model.paper import Paper, Sentence


def paper_of(*paragraphs: str, sections: tuple[str, ...] = ()) -> Paper:
    """Make a paper of paragraphs; `sections` are their headings."""
    text, sentences = "", []
    for k, paragraph in enumerate(paragraphs):
        section = sections[k] if k < len(sections) else ""
        for start, stop in sentence_places(paragraph):
            place = (len(text) + start, len(text) + stop)
            sentences.append(Sentence(text=paragraph[start:stop], place=place, section=section))
        text += paragraph + "\n"
    return Paper(path="paper.txt", sha256="", kind="txt", title="", text=text, sentences=tuple(sentences))


def findings_in(paper: Paper, design: str = "", n: int | None = None) -> tuple[AuditFinding, ...]:
    """Return all findings, with a design given where levels or n are."""
    tests = tuple(recompute(test) for test in find_tests(paper.text))
    given = (given_design(design, n),) if design or n else ()
    return find_contradictions(paper, tests, (*given, *find_designs(paper)))


def found(*paragraphs: str, sections: tuple[str, ...] = (), design: str = "", n: int | None = None) -> list[str]:
    """Return the ids of the findings in a paper of these paragraphs."""
    return [finding.id for finding in findings_in(paper_of(*paragraphs, sections=sections), design, n)]
